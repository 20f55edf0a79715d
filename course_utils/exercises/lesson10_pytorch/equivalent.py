"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "to_torch_weight": {
        "*torch.FloatTensor(weight.tolist())* → *torch.FloatTensor(weight)*": "PyTorch takes the array as it is"
    }
}
