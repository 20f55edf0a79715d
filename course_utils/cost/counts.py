"""One function that counts the layers of any network: maps, weights, parameters, multiply-adds and bytes."""

from collections.abc import Callable, Iterable
from math import prod
from typing import NamedTuple

from course_utils.base.errors import CourseError
from course_utils.cost.stack import FLOAT32


class Layer(NamedTuple):
    """One convolution where it stands: `h` and `w` are the sizes of the maps that it hands *on*.

    `kind` is "conv" or "fc": a fully connected layer is a convolution whose kernel covers its whole input.
    """

    c_in: int
    c_out: int
    k: int
    h: int
    w: int
    groups: int = 1
    kind: str = "conv"
    bias: bool = False
    norm: bool = False  # a BatchNorm after it, with a scale and a shift for each map

    @property
    def weights(self) -> int:
        """Numbers in the weight, (C_out, C_in / groups, k, k): without biases and BatchNorm."""
        return self.c_out * self.c_in // self.groups * self.k**2

    @property
    def macs(self) -> int:
        """Multiply-adds: every weight is used once at each pixel of the output."""
        return self.weights * self.h * self.w

    @property
    def pointwise(self) -> bool:
        """Whether it is a 1×1 convolution; a fully connected layer is counted apart, as the papers do."""
        return self.kind == "conv" and self.k == 1


class Counts(NamedTuple):
    """What `count` finds for one image. `parameters` are weights, biases and the scales and shifts of BatchNorm."""

    maps: int
    weights: int
    parameters: int
    macs: int
    map_bytes: int
    parameter_bytes: int


def count(layers: Iterable[Layer], itemsize: int = FLOAT32) -> Counts:
    """Maps, weights, parameters, multiply-adds and bytes of some layers, for one image.

    >>> count([Layer(256, 64, 1, 56, 56), Layer(64, 64, 3, 56, 56), Layer(64, 256, 1, 56, 56)]).weights
    69632

    The maps are those that convolutions write; a pooled map or a sum is not counted again. A multiply-add is two FLOPs.
    """
    layers = list(layers)
    parameters = sum(layer.weights + layer.c_out * (layer.bias + 2 * layer.norm) for layer in layers)
    return Counts(
        maps=sum(layer.c_out for layer in layers),
        weights=sum(layer.weights for layer in layers),
        parameters=parameters,
        macs=sum(layer.macs for layer in layers),
        map_bytes=itemsize * sum(prod((layer.c_out, layer.h, layer.w)) for layer in layers),
        parameter_bytes=itemsize * parameters,
    )


def share(layers: Iterable[Layer], chosen: Callable[[Layer], bool]) -> tuple[float, float]:
    """The share that the chosen layers have in the multiply-adds and in the weights of all.

    >>> both = [Layer(8, 8, 3, 4, 4, groups=8), Layer(8, 16, 1, 4, 4)]
    >>> share(both, lambda layer: layer.pointwise)
    (0.64, 0.64)
    """
    layers = list(layers)
    if not layers:
        raise CourseError("share: there are no layers, expected at least one to have a share in.")
    some, total = count(filter(chosen, layers)), count(layers)
    return some.macs / total.macs, some.weights / total.weights
