"""What a stack of convolutions holds: feature maps, kernel slices, weights and bytes, four counts that are not one.

`channels` lists the channels of a stack, the input's first: `[3, 32, 64, 128]` is a colour image and three layers.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import prod
from operator import mul

FLOAT32 = 4  # bytes a number takes in PyTorch unless one asks for another kind


def maps(channels: Sequence[int]) -> list[int]:
    """How many feature maps each layer gives for one image: its output channels.

    >>> maps([3, 32, 64, 128])
    [32, 64, 128]
    """
    return list(channels[1:])


def maps_if_multiplied(channels: Sequence[int]) -> list[int]:
    """The article's count: each layer is said to make `c_out` new maps of *every* map that it is given.

    >>> maps_if_multiplied([3, 32, 64, 128])
    [32, 2048, 262144]

    Source: *3x3 is a lie! 1x1 convolutions* (2019). No network works so; lesson 03 has the experiment.
    """
    return list(accumulate(channels[1:], mul))


def kernel_slices(c_in: int, c_out: int) -> int:
    """How many 2-D slices `weight[o, c]` a layer has: one for each pair of an input and an output channel.

    >>> kernel_slices(32, 64)
    2048
    """
    return c_in * c_out


def weights(c_in: int, c_out: int, k: int, bias: bool = True) -> int:
    """How many numbers a k×k layer learns: a k×k slice for each pair of channels, and a bias an output channel.

    >>> weights(32, 64, 3), weights(32, 64, 3, bias=False), weights(32, 64, 1)
    (18496, 18432, 2112)
    """
    return kernel_slices(c_in, c_out) * k * k + (c_out if bias else 0)


def stack_weights(channels: Sequence[int], kernels: Sequence[int], bias: bool = True) -> int:
    """The weights of a whole stack; `kernels` has one k a layer.

    >>> stack_weights([256, 256], [3], bias=False), stack_weights([256, 64, 64, 256], [1, 3, 1], bias=False)
    (589824, 69632)
    """
    layers = zip(pairwise(channels), kernels, strict=True)
    return sum(weights(c_in, c_out, k, bias) for (c_in, c_out), k in layers)


def activation_bytes(
    n: int, channels: Sequence[int], h: int, w: int, itemsize: int = FLOAT32, keep_all: bool = True
) -> int:
    """Memory for the maps of a stack whose layers all keep the size h×w, for a batch of `n` images.

    >>> activation_bytes(1, [3, 32, 64, 128], 224, 224)                    # training keeps every map, and the input
    45559808
    >>> activation_bytes(1, [3, 32, 64, 128], 224, 224, keep_all=False)    # else: one layer's input and its output
    38535168
    """
    held = sum(channels) if keep_all else max(map(sum, pairwise(channels)))
    return prod((n, held, h, w, itemsize))


def readable(count: float) -> str:
    """A number of bytes as one reads it, in powers of 1000: MB is 10⁶ bytes.

    >>> readable(45_559_808), readable(52_613_349_376), readable(999)
    ('45.6 MB', '52.6 GB', '999 bytes')
    """
    if count < 1000:
        return f"{count} bytes"
    for unit in ("kB", "MB", "GB", "TB"):
        count /= 1000
        if count < 999.5:
            return f"{count:.3g} {unit}"
    return f"{count:.3g} TB"
