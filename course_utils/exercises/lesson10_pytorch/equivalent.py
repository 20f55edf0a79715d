"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "to_torch_weight": {
        "*torch.FloatTensor(weight.tolist())* → *torch.FloatTensor(weight)*": "PyTorch takes the array as it is"
    },
    "Pointwise": {
        "where c_* is more than a million": "a layer so wide takes longer than a check may",
        "shift = nn.Parameter(torch.zeros(*": "a bias may start anywhere",
        "where c_out is more than 1000": "a thousand layers of one output each take longer than a check may: a hundred are tried",
        "return net_of(forward, matrix=nn.Parameter(torch.randn(c_in, c_out)*": "random numbers of another spread are a start too",
    },
    "Bottleneck": {
        "where c_* is more than a million": "a layer so wide takes longer than a check may",
        "where stride is more than a million": "no picture is that large",
        "body = * → body = *nn.ReLU()*": "a ReLU in place changes only what the convolution before it has made",
        "body = * → body = *nn.ReLU(inplace=False)*": "a ReLU in place changes only what the convolution before it has made",
        "return net_of(forward, * → *torch.randn(c_mid, c_mid, 3, 3)*": "random numbers of another spread are a start too",
        "where c_mid is more than 1000": "ten million weights take longer than a check may: a hundred channels are tried",
        "where stride is more than 1*": "a picture so large takes longer than a check may: 11 is tried",
    },
}
