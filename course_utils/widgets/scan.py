"""The 1×1 convolution step by step: maps, weights, a running total, and outputs that fill in."""

from collections.abc import Sequence

import numpy as np
import traitlets

from course_utils import convs
from course_utils.base.errors import CourseError
from course_utils.widgets.canvas import Canvas, img, row, script, signed_pixels, style
from course_utils.widgets.codes import coded, decoded
from course_utils.widgets.values import Numbers, Whole, between, finite, one_of, texts

ORDERS = ("raster", "random", "output by output")
MAP_BITS = 16  # the numbers at a pixel are written out: none moves by a hundred-thousandth of what its map spans
SPARE_OUTPUTS = 8  # rows of weights made when none are given; four of them are shown at first


def scan(
    maps: np.ndarray,
    weight: np.ndarray | Sequence | None = None,
    bias: np.ndarray | Sequence | None = None,
    names: Sequence[str] | None = None,
) -> "Scan":
    """Step a cursor over feature maps and watch a weight matrix turn them into output maps.

    >>> from course_utils.data import FEATURES, feature_maps
    >>> picture = scan(feature_maps(10), names=FEATURES)        # ten maps to four outputs, weights at random
    >>> picture.c_in, picture.c_out, picture.order, picture.position
    (10, 4, 'raster', 0)
    >>> picture.position = 25                                   # two output numbers and a half: 25 products added

    Weights can be typed in, drawn by their bars, or set: `picture.weight = my_weight`, and read back after playing.

    `maps` is (1, C_in, H, W) or (C_in, H, W), `weight` (C_out, C_in), `bias` (C_out,) or None. The widget's `c_in`,
    `c_out`, `weight`, `bias`, `order` (one of `ORDERS`) and `position` (products added so far) can be read and set.
    """
    maps = _channels(maps)
    if weight is None:
        reach = 1 / np.sqrt(len(maps))  # PyTorch's default for a 1×1 layer
        weight = np.random.default_rng(0).uniform(-reach, reach, (SPARE_OUTPUTS, len(maps))).round(2)
    weight = _matrix(weight, len(maps))
    names = [f"map {c}" for c in range(len(maps))] if names is None else texts("scan: names", names)
    if len(names) < len(maps):
        raise CourseError(f"scan: {len(names)} names for {len(maps)} maps; give one name a map.")
    codes, scales = coded(maps, MAP_BITS)
    return Scan(
        maps=codes,
        scales=scales,
        sizes=maps.shape,
        names=names[: len(maps)],
        weight=weight,
        bias=[0.0] * len(weight) if bias is None else bias,
        c_in=len(maps),
        c_out=min(4, len(weight)),
    )


class Scan(Canvas):
    """The widget that `scan()` returns."""

    _esm = script("scan.js")
    _css = style("scan.css")
    maps = traitlets.Bytes().tag(sync=True, fixed=True)  # (C, H, W) as `coded` has it
    scales = traitlets.List().tag(sync=True, fixed=True)  # two numbers a map
    sizes = traitlets.Tuple().tag(sync=True, fixed=True)
    names = traitlets.List().tag(sync=True, fixed=True)
    weight = Numbers().tag(sync=True)  # one list of C_in numbers an output
    bias = Numbers().tag(sync=True)  # one number per output
    c_in = Whole(1).tag(sync=True)
    c_out = Whole(1).tag(sync=True)
    order = traitlets.Unicode(ORDERS[0]).tag(sync=True)
    position = Whole(0).tag(sync=True)

    @traitlets.validate("weight")
    def _check_weight(self, proposal):
        return _matrix(proposal["value"], self.sizes[0])

    @traitlets.validate("bias")
    def _check_bias(self, proposal):
        bias = finite("scan: bias", proposal["value"])
        if bias.shape != (len(self.weight),):
            raise CourseError(f"scan: bias has shape {bias.shape}, expected ({len(self.weight)},): one an output.")
        return bias.astype(float).tolist()

    @traitlets.validate("c_in")
    def _check_c_in(self, proposal):
        return between("scan: c_in", proposal["value"], 1, self.sizes[0])

    @traitlets.validate("c_out")
    def _check_c_out(self, proposal):
        return between("scan: c_out", proposal["value"], 1, len(self.weight))

    @traitlets.validate("order")
    def _check_order(self, proposal):
        return one_of("scan: order", proposal["value"], ORDERS)

    @traitlets.validate("position")
    def _check_position(self, proposal):
        return between("scan: position", proposal["value"], 0, self.products)

    @traitlets.observe("weight")
    def _follow_weight(self, _change):
        rows = len(self.weight)
        self.bias = (self.bias + [0.0] * rows)[:rows]
        self.c_out = min(self.c_out, rows)

    @traitlets.observe("c_in", "c_out")
    def _stay_inside(self, _change):
        self.position = min(self.position, self.products)

    @property
    def products(self) -> int:
        """How many products the whole layer takes: C_in · C_out · H · W."""
        return self.c_in * self.c_out * self.sizes[1] * self.sizes[2]

    def as_text(self) -> str:
        _, height, width = self.sizes
        return (
            f"{self.c_in} feature maps of {height}×{width} become {self.c_out} output maps: "
            f"each output pixel is the sum of {self.c_in} products, weight[o, c] · x[0, c, i, j]."
        )

    def as_html(self) -> str:
        maps = decoded(self.maps, self.scales, MAP_BITS).reshape(self.sizes)[: self.c_in]
        weight, bias = np.array(self.weight)[: self.c_out, : self.c_in], np.array(self.bias)[: self.c_out]
        outputs = convs.pointwise(maps[None], weight, bias)[0]
        named = zip(self.names, maps, strict=False)
        inputs = [(img(signed_pixels(one), f"Input map: {name}", 72), name) for name, one in named]
        made = [(img(signed_pixels(one), f"Output map {o}", 144), f"output {o}") for o, one in enumerate(outputs)]
        return f"<p>{self.as_text()}</p>{row(*inputs)}{row(*made)}"


def _channels(maps):
    """(C, H, W) of one image."""
    maps = finite("scan: maps", maps)
    if maps.ndim == 4 and len(maps) == 1:
        maps = maps[0]
    if maps.ndim != 3 or not maps.size:
        raise CourseError(f"scan: maps has shape {maps.shape}, expected one image (1, C_in, H, W), or (C_in, H, W).")
    return maps


def _matrix(weight, c_in):
    """The weights as lists, which is what travels to the browser."""
    weight = finite("scan: weight", weight)
    if weight.ndim != 2 or weight.shape[1] != c_in or not len(weight):
        raise CourseError(f"scan: weight has shape {weight.shape}, expected (C_out, {c_in}): one column per input map.")
    return weight.astype(float).tolist()
