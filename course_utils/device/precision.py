"""Numbers with fewer bits, rounded as a device rounds them when they go into a product."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def rounded(x: "torch.Tensor", dtype: str) -> "torch.Tensor":
    """A tensor's numbers, each rounded to what fits into `dtype` ("fp32", "tf32", "fp16" or "bf16"), as float64.

    >>> import torch
    >>> rounded(torch.tensor([1.0, 1.001, 1.01]), "bf16").tolist()
    [1.0, 1.0, 1.0078125]
    """
    from course_utils.device.ceilings import torch_type

    fits = x.to(torch_type(dtype))
    return (round_to_tf32(fits) if dtype == "tf32" else fits).double()


def round_to_tf32(x: "torch.Tensor") -> "torch.Tensor":
    """A float32 tensor with 10 mantissa bits instead of 23, as tensor cores take it; ties go to the even neighbour.

    >>> import torch
    >>> round_to_tf32(torch.tensor([1.0, 1 + 2**-10, 1 + 2**-11])).tolist()
    [1.0, 1.0009765625, 1.0]

    For finite numbers.
    """
    import torch

    bits = x.contiguous().view(torch.int32)
    return ((bits + (((bits >> 13) & 1) + 0xFFF)) & ~0x1FFF).view(torch.float32)
