"""Build a stack of convolutions and watch four counts: maps, kernel slices, weights and bytes, beside the article's."""

import html
from collections.abc import Sequence
from itertools import pairwise

import traitlets

from course_utils import cost
from course_utils.base.errors import CourseError
from course_utils.widgets.canvas import Canvas, script, style
from course_utils.widgets.values import Whole, between, finite

CARD = 12 * 10**9  # bytes of the card that the article names
LIMITS = {"layers": 10, "channels": 512, "kernel": 7, "size": 512, "n": 256}


def stack_builder(
    channels: Sequence[int] = (3, 32, 64, 128), kernels: Sequence[int] | None = None, size: int = 224, n: int = 1
) -> "StackBuilder":
    """Sliders for layers, channels, k, picture size and batch; real counts and the article's side by side.

    >>> stack = stack_builder()                       # the article's three layers, 3×3, on one photo of 224×224
    >>> stack.channels, stack.kernels
    ([3, 32, 64, 128], [3, 3, 3])
    >>> print(stack.as_text())
    3 layers, channels 3 → 32 → 64 → 128, kernels 3, 3, 3, 1 image of 224×224: 224 maps, 93,248 weights,
    45.6 MB for all maps. The article's count: 264,224 maps, 53 GB.

    `channels` starts with the input's, `kernels` has one k a layer (3 where none is given). All layers keep the size of
    the picture. The widget's `channels`, `kernels`, `size`, `n` and `keep_all` can be read and set.
    """
    channels = finite("stack_builder: channels", channels).ravel().tolist()
    kernels = [3] * (len(channels) - 1) if kernels is None else kernels
    kernels = finite("stack_builder: kernels", kernels).ravel().tolist()
    return StackBuilder(channels=channels, kernels=kernels, size=size, n=n)


class StackBuilder(Canvas):
    """The widget that `stack_builder()` returns."""

    _esm = script("stack_builder.js")
    _css = style("stack_builder.css")
    channels = traitlets.List().tag(sync=True)
    kernels = traitlets.List().tag(sync=True)
    size = Whole().tag(sync=True)
    n = Whole().tag(sync=True)
    keep_all = traitlets.Bool(True).tag(sync=True)
    limits = traitlets.Dict({**LIMITS, "card": CARD}).tag(sync=True, fixed=True)

    @traitlets.validate("channels")
    def _check_channels(self, proposal):
        channels, most = proposal["value"], LIMITS["layers"]
        if not 2 <= len(channels) <= most + 1:
            wanted = f"2 to {most + 1}: the input's, then one number per layer"
            raise CourseError(f"stack_builder: channels has {len(channels)} numbers, expected {wanted}.")
        return [between("stack_builder: a number of channels", c, 1, LIMITS["channels"]) for c in channels]

    @traitlets.validate("kernels")
    def _check_kernels(self, proposal):
        kernels, layers = proposal["value"], len(self.channels) - 1
        if len(kernels) != layers:
            raise CourseError(f"stack_builder: kernels has {len(kernels)} numbers, expected {layers}: one a layer.")
        if any(isinstance(k, int) and k % 2 == 0 for k in kernels):
            raise CourseError(f"stack_builder: kernels are {kernels}, expected odd sizes: 1, 3, 5 or 7.")
        return [between("stack_builder: a kernel", k, 1, LIMITS["kernel"]) for k in kernels]

    @traitlets.validate("size", "n")
    def _check_number(self, proposal):
        name = proposal["trait"].name
        return between(f"stack_builder: {name}", proposal["value"], 1, LIMITS[name])

    @traitlets.observe("channels")
    def _one_kernel_a_layer(self, _change):
        layers = len(self.channels) - 1
        self.kernels = [*self.kernels, *[3] * layers][:layers]

    def memory(self, channels: Sequence[int]) -> int:
        """Bytes for maps of so many channels, at this widget's size and batch."""
        return cost.activation_bytes(self.n, channels, self.size, self.size, keep_all=self.keep_all)

    def as_text(self) -> str:
        real, said = cost.maps(self.channels), cost.maps_if_multiplied(self.channels)
        held = "all maps" if self.keep_all else "one layer at a time"
        return (
            f"{len(self.kernels)} layers, channels {' → '.join(map(str, self.channels))}, "
            f"kernels {', '.join(map(str, self.kernels))}, "
            f"{self.n} image{'s' * (self.n > 1)} of {self.size}×{self.size}: "
            f"{sum(real):,} maps, {cost.stack_weights(self.channels, self.kernels):,} weights, "
            f"{cost.readable(self.memory(self.channels))} for {held}. The article's count: {sum(said):,} maps, "
            f"{cost.readable(self.memory([self.channels[0], *said]))}."
        )

    def as_html(self) -> str:
        heads = ("layer", "channels", "k", "maps", "the article's count", "kernel slices", "weights")
        rows = zip(pairwise(self.channels), self.kernels, cost.maps_if_multiplied(self.channels), strict=True)
        cells = [
            (i, f"{a} → {b}", k, b, f"{said:,}", f"{cost.kernel_slices(a, b):,}", f"{cost.weights(a, b, k):,}")
            for i, ((a, b), k, said) in enumerate(rows, 1)
        ]
        head = "".join(f'<th scope="col">{text}</th>' for text in heads)
        body = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in one)}</tr>" for one in cells)
        return f"<table><tr>{head}</tr>{body}</table><p>{html.escape(self.as_text())}</p>"
