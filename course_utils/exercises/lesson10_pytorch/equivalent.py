"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "to_torch_weight": {
        "*torch.FloatTensor(weight.tolist())* → *torch.FloatTensor(weight)*": "PyTorch takes the array as it is"
    },
    "Pointwise": {
        "shift = nn.Parameter(torch.zeros(*": "a bias may start anywhere",
        "return net_of(forward, matrix=nn.Parameter(torch.randn(c_in, c_out)*": "random numbers of another spread are a start too",
    },
    "Bottleneck": {
        "body = * → body = *nn.ReLU()*": "a ReLU in place changes only what the convolution before it has made",
        "body = * → body = *nn.ReLU(inplace=False)*": "a ReLU in place changes only what the convolution before it has made",
        "return net_of(forward, * → *torch.randn(c_mid, c_mid, 3, 3)*": "random numbers of another spread are a start too",
        "where stride is more than 100": "a picture so large takes longer than a check may: 11 is tried",
    },
    "head_to_conv": {
        "conv = nn.Conv2d(*linear.weight.shape[::-1], 1, bias=False) → *": "its weight is set afterwards: neither shape nor kernel is left of it",
        "conv.weight = nn.Parameter(linear.weight.detach().clone()*": "a convolution that shares its numbers with the dense layer has the same ones",
        "conv.bias = nn.Parameter(linear.bias.detach().clone())*": "a convolution that shares its numbers with the dense layer has the same ones",
    },
}
