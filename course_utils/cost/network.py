"""A network as data.

A network is a list of parts: `Conv`, `Pool`, `Shortcut`, and `Branches` that hold lists again. `layers` sends the shape
of an image through the parts and writes down every convolution that it meets, with the sizes that it has there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from course_utils.base.errors import CourseError
from course_utils.cost.counts import Layer

Shape = tuple[int, int, int]  # C, H, W


def layers(parts: "Sequence[Part]", shape: Shape) -> list[Layer]:
    """The convolutions that an image of the shape (C, H, W) meets on its way through the parts, as `Layer`s.

    >>> layers([Conv(32, 3, stride=2), Pool(3, 2), Conv(10)], (3, 224, 224))[-1]
    Layer(c_in=32, c_out=10, k=1, h=56, w=56, groups=1, kind='conv', bias=False, norm=False)
    """
    return _through(parts, shape)[0]


def _through(parts, shape):
    """The layers met, and the shape that comes out."""
    found = []
    for part in parts:
        made, shape = part.at(shape)
        found += made
    return found, shape


@dataclass(frozen=True)
class Conv:
    """A k×k convolution; without `padding` given it pads by k // 2. `groups` equal to its input channels: depthwise."""

    c_out: int
    k: int = 1
    stride: int = 1
    padding: int | None = None
    groups: int = 1
    kind: str = "conv"
    bias: bool = False
    norm: bool = False

    @property
    def pad(self) -> int:
        return self.k // 2 if self.padding is None else self.padding

    def at(self, shape: Shape) -> tuple[list[Layer], Shape]:
        c, h, w = shape
        if c % self.groups or self.c_out % self.groups:
            raise CourseError(f"{self} is given {c} channels; {self.groups} groups must divide {c} and {self.c_out}.")
        h, w = (_slid(size, self.k, self.stride, self.pad) for size in (h, w))
        made = Layer(c, self.c_out, self.k, h, w, self.groups, self.kind, self.bias, self.norm)
        return [made], (self.c_out, h, w)


@dataclass(frozen=True)
class Pool:
    """Pooling; `ceil` lets a last window hang over the edge. Without `k` it is global: one number per map."""

    k: int | None = None
    stride: int = 1
    padding: int | None = None
    ceil: bool = False

    @property
    def pad(self) -> int:
        return (self.k or 0) // 2 if self.padding is None else self.padding

    def at(self, shape: Shape) -> tuple[list[Layer], Shape]:
        c, h, w = shape
        if self.k is None:
            return [], (c, 1, 1)
        return [], (c, *(_slid(size, self.k, self.stride, self.pad, self.ceil) for size in (h, w)))


@dataclass(frozen=True)
class Shortcut:
    """A way around without weights: every `stride`-th pixel, and zeros for the channels that are missing."""

    c_out: int
    stride: int = 1

    def at(self, shape: Shape) -> tuple[list[Layer], Shape]:
        _, h, w = shape
        return [], (self.c_out, -(-h // self.stride), -(-w // self.stride))


@dataclass(frozen=True)
class Branches:
    """Lists of parts side by side on the same input; `join` is "add", "multiply" or "concat" (the channels add up)."""

    lists: tuple
    join: str = "add"

    def at(self, shape: Shape) -> tuple[list[Layer], Shape]:
        ways = [_through(parts, shape) for parts in self.lists]
        ends = [end for _, end in ways]
        if self.join == "concat":
            out = (sum(c for c, _, _ in ends), *ends[0][1:])
        else:
            out = ends[0]
        if any(end[1:] != out[1:] for end in ends if self.join != "multiply"):
            raise CourseError(f"branches end in maps of {ends}, expected one height and width to {self.join} them.")
        if self.join != "concat" and any(end[0] != out[0] for end in ends):
            raise CourseError(f"branches end in maps of {ends}, expected the same channels to {self.join} them.")
        return [layer for made, _ in ways for layer in made], out


Part = Conv | Pool | Shortcut | Branches


@dataclass(frozen=True)
class Architecture:
    """A network as data, the shape of the image it is given, and the paper's table that describes it."""

    name: str
    source: str
    parts: tuple
    shape: tuple = (3, 224, 224)

    @cached_property
    def layers(self) -> list[Layer]:
        """Its convolutions, in order."""
        return layers(self.parts, self.shape)


def _slid(size, k, stride, padding, ceil=False):
    """How many windows of k numbers fit, `stride` apart."""
    room = size + 2 * padding - k
    if room < 0:
        raise CourseError(
            f"a window of {k}×{k} does not fit on maps of {size} with padding {padding}; take larger maps."
        )
    return (-(-room // stride) if ceil else room // stride) + 1
