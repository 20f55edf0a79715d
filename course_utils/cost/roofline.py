"""What a 1×1 layer asks of a device, and what the device can give: the roofline.

Source of the model: S. Williams, A. Waterman and D. Patterson, Communications of the ACM 52(4), 2009.
"""

from collections.abc import Iterable
from typing import NamedTuple

from course_utils.base.errors import CourseError
from course_utils.cost.architectures import ARCHITECTURES
from course_utils.cost.counts import Layer


class Work(NamedTuple):
    """FLOPs to compute, and bytes to move at least."""

    flops: int
    moved: int

    @property
    def intensity(self) -> float:
        """FLOPs for each byte."""
        return self.flops / self.moved


def pointwise_work(n: int, c_in: int, c_out: int, h: int, w: int, itemsize: int) -> Work:
    """The `Work` of a 1×1 layer on a batch: x and the weights are read once, y is written once, the bias is left out.

    >>> pointwise_work(32, 64, 256, 56, 56, itemsize=2).intensity.__round__(1)
    51.2
    """
    if min(n, c_in, c_out, h, w, itemsize) < 1:
        raise CourseError(f"pointwise_work: got {(n, c_in, c_out, h, w, itemsize)}, expected sizes of at least 1.")
    pixels = n * h * w
    return Work(2 * pixels * c_in * c_out, itemsize * (pixels * (c_in + c_out) + c_in * c_out))


def attainable(intensity: float, peak: float, bandwidth: float) -> float:
    """FLOP/s that a device cannot exceed at this intensity: the memory feeds so many, the peak allows so many.

    >>> attainable(10, peak=8e12, bandwidth=0.32e12)
    3200000000000.0
    """
    return min(intensity * bandwidth, peak)


def pointwise_layers(network: str) -> list[tuple[int, int, int]]:
    """The different 1×1 layers of a published network, from its first to its last, as (C_in, C_out, pixels a side).

    >>> pointwise_layers("MobileNetV1")[0]
    (32, 64, 112)
    """
    if network not in ARCHITECTURES:
        raise CourseError(f"pointwise_layers: got {network!r}, expected one of {', '.join(ARCHITECTURES)}.")
    layers = ARCHITECTURES[network].layers
    return list(dict.fromkeys((layer.c_in, layer.c_out, layer.h) for layer in layers if layer.pointwise))


def best_seconds(
    layers: Iterable[Layer], side: int, n: int, itemsize: int, peak: float, bandwidth: float
) -> list[float]:
    """The least time of each layer of a chain: its FLOPs at the peak or its bytes at the bandwidth, whichever is more.

    >>> from course_utils.cost import mobilenet_v1
    >>> a100 = {"itemsize": 2, "peak": 312e12, "bandwidth": 2.039e12}
    >>> seconds = best_seconds(mobilenet_v1().layers, 224, n=32, **a100)
    >>> round(1e3 * sum(seconds), 2)                        # ms
    0.35

    `layers` follow one another, on images of `side` × `side` pixels: what one hands on is what the next one reads, by
    way of the memory. A fully connected layer reads averages.
    """
    seconds, pixels = [], side * side
    for layer in layers:
        read = 1 if layer.kind == "fc" else pixels
        pixels = layer.h * layer.w
        moved = itemsize * (n * layer.c_in * read + n * layer.c_out * pixels + layer.weights)
        seconds.append(max(2 * n * layer.macs / peak, moved / bandwidth))
    return seconds
