"""The layers that are measured, and ways to compute a 1×1 layer with bias and ReLU in PyTorch.

Each goes from `(x, weight, bias)` to (N, C_out, H, W); `weight` is (C_out, C_in). A way names the layout that x has.
"""

import functools
import os
import shutil
from typing import NamedTuple

import torch
import torch.nn.functional as F

from course_utils import device
from course_utils.base.errors import CourseError

LAYERS = (  # C_in, C_out, pixels a side
    *((64, 256, 56), (256, 64, 56), (128, 512, 28), (512, 128, 28)),  # ResNet-50: wide maps, few channels …
    *((256, 1024, 14), (1024, 256, 14), (512, 2048, 7), (2048, 512, 7)),  # … to small maps, many channels
    *((32, 64, 112), (128, 128, 56), (512, 512, 14), (1024, 1024, 7)),  # MobileNetV1
    (1000, 10, 28),  # the article's
)
LAYOUTS = {"first": torch.contiguous_format, "last": torch.channels_last}


class Way(NamedTuple):
    """A path through PyTorch and the place of the channels in memory."""

    path: str
    layout: str

    def __str__(self):
        return f"{self.path}, {self.layout}"


def conv(x, weight, bias):
    """`Conv2d`, as most networks write it."""
    return F.conv2d(x, weight[:, :, None, None], bias).relu_()


def linear(x, weight, bias):
    """`Linear` on the channels, where they are the last axis in memory."""
    return F.linear(x.permute(0, 2, 3, 1), weight, bias).relu_().permute(0, 3, 1, 2)


def matmul(x, weight, bias):
    """One product per image, where the pixels are the last axis."""
    return (weight @ x.flatten(2)).add_(bias[:, None]).relu_().unflatten(2, x.shape[2:])


def fused(x, weight, bias):
    """The course's own kernel, in Triton."""
    from course_utils.kernels import fused_pointwise

    return fused_pointwise(x, weight, bias, activation="relu")


@functools.cache
def compiled():
    """`Conv2d` through `torch.compile`."""
    return torch.compile(lambda x, weight, bias: F.conv2d(x, weight[:, :, None, None], bias).relu())


WAYS = {
    Way("Conv2d", "first"): conv,
    Way("Conv2d", "last"): conv,
    Way("Linear", "last"): linear,
    Way("matmul", "first"): matmul,
    Way("compiled", "first"): lambda *layer: compiled()(*layer),
    Way("compiled", "last"): lambda *layer: compiled()(*layer),
    Way("Triton", "first"): fused,
    Way("Triton", "last"): fused,
}


def left_out(kind):
    """The paths that cannot be taken on this kind of device, `{path: why}`."""
    from course_utils.kernels import is_installed

    absent = {}
    if kind == "mps":
        absent["compiled"] = "torch.compile is not measured on MPS"
    elif kind == "cpu" and not any(map(shutil.which, ("c++", "g++", "clang++", "cl"))):
        absent["compiled"] = "torch.compile finds no C++ compiler here"
    if kind == "cuda" and not is_installed():
        absent["Triton"] = absent["compiled"] = "Triton is not installed"
    elif kind == "cuda" and not (os.environ.get("CC") or any(map(shutil.which, ("gcc", "clang")))):
        absent["Triton"] = absent["compiled"] = "Triton finds no C compiler here to build its launcher with"
    elif kind != "cuda":
        absent["Triton"] = "our kernel needs an NVIDIA GPU; elsewhere it is interpreted, which says nothing about speed"
    return absent


def place(kind):
    """The device that is measured, "cpu" or "gpu"; raises `CourseError` where there is none of that kind."""
    where = device.pick("cpu" if kind == "cpu" else "auto")
    if kind != "cpu" and where.type == "cpu":
        raise CourseError("there is no GPU that PyTorch can use here, so nothing was measured. Try `course bench cpu`.")
    return where
