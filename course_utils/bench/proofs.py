"""Whether the kernel is right on a device: every type and layout, edges, views, empty axes, beside float64."""

import itertools

import torch

from course_utils import device

SIZES = (  # N, C_in, C_out, H, W
    *((1, 1, 1, 1, 1), (2, 21, 19, 5, 7), (3, 16, 32, 4, 4), (1, 70, 130, 3, 3), (2, 40, 70, 1, 300)),
    *((2, 64, 64, 17, 16), (2, 64, 256, 28, 28), (1, 1000, 10, 14, 14), (2, 512, 512, 7, 7)),
)
VIEWS = {"first": lambda x: x, "last": lambda x: x.contiguous(memory_format=torch.channels_last)}
ODD = {  # of one size: how numbers lie does not change what is compiled
    "turned over": lambda x: x.flip(1),
    "rows and columns exchanged": lambda x: x.transpose(2, 3),
    "every other pixel": lambda x: x.repeat_interleave(2, dim=3)[..., ::2],
    "one image for all": lambda x: x[:1].expand(3, -1, -1, -1),
    "one column with an odd stride": lambda x: x.flatten(2).transpose(1, 2).contiguous().transpose(1, 2).unsqueeze(-1),
    "no image": lambda x: x[:0],
    "no pixel": lambda x: x[..., :0],
}
TOLERANCES = {
    "fp32": 1e-5,
    "tf32": 5e-3,
    "fp16": 2e-3,
    "bf16": 1.6e-2,
}  # of the largest number; y is rounded to its type


def proofs(dtypes, sizes=SIZES):
    """All that is tried, as (type, size, view, activation, whether there is a bias).

    >>> len(proofs(("fp16",), SIZES[:1]))
    12
    """
    plain = [(dtype, size, view, "relu", True) for size, dtype, view in itertools.product(sizes, dtypes, VIEWS)]
    odd = [(dtype, SIZES[1], view, "relu", True) for dtype, view in itertools.product(dtypes, ODD)]
    others = [
        (dtype, SIZES[1], "first", *how) for dtype in dtypes for how in (("relu6", True), (None, True), ("relu", False))
    ]
    return plain + odd + others


def proof(where, dtype, size, view, activation, has_bias):
    """One of them: the largest error over the largest number of float64's answer, and whether that is small enough."""
    from course_utils.kernels import fused_pointwise

    n, c_in, c_out, h, w = size
    kind = device.torch_type(dtype)
    torch.manual_seed(0)
    shapes = (n, c_in, h, w), (c_out, c_in), (c_out,)
    x, weight, bias = (torch.randn(shape, device=where).to(kind) for shape in shapes)
    x, bias = (VIEWS | ODD)[view](x), bias if has_bias else None
    with torch.inference_mode(), device.tf32(dtype == "tf32"):
        y = fused_pointwise(x, weight, bias, activation)
    right = torch.einsum("oc,nchw->nohw", weight.double(), x.double())
    right = right if bias is None else right + bias.double()[:, None, None]
    right = {"relu": right.relu(), "relu6": right.clamp(0, 6), None: right}[activation]
    if y.shape != right.shape or y.dtype != kind:
        return {"off by": None, "right": False}
    if not y.numel():
        return {"off by": 0.0, "right": True}
    off = ((y.double() - right).abs().max() / right.abs().max().clamp(min=1)).item()
    return {"off by": off, "right": off < TOLERANCES[dtype]}
