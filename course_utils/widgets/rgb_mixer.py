"""One output channel of a 1×1 convolution on a photo: three weights and a bias, mixed while the slider moves."""

from collections.abc import Sequence

import numpy as np
import traitlets

from course_utils.base.errors import CourseError
from course_utils.data.features import LUMA
from course_utils.widgets.canvas import Canvas, img, row, script
from course_utils.widgets.values import Numbers, between, finite, picture


def rgb_mixer(
    photo: np.ndarray, weight: np.ndarray | Sequence | None = None, bias: np.ndarray | Sequence | None = None
) -> "RgbMixer":
    """Mix red, green and blue of a photo with three weights and a bias, live; presets grey, average, negative, sepia, …

    >>> from course_utils.data import photo
    >>> mixer = rgb_mixer(photo("coffee", longest=300))     # starts as grey: one output channel
    >>> mixer.weight, mixer.bias
    ([[0.299, 0.587, 0.114]], [0.0])

    `photo` is (H, W, 3) of uint8; its values are taken as 0 to 1. `weight` is (1, 3) or, for a colour picture, (3, 3);
    `bias` has one number per output. Both can be read and set, and so can `pixel`, the (row, column) spelled out below.
    """
    photo = picture("rgb_mixer: photo", photo)
    weight = _rows([LUMA] if weight is None else weight)
    return RgbMixer(
        photo=photo.tobytes(),
        sizes=photo.shape,
        weight=weight,
        bias=[0.0] * len(weight) if bias is None else bias,
        pixel=(photo.shape[0] // 2, photo.shape[1] // 2),
    )


class RgbMixer(Canvas):
    """The widget that `rgb_mixer()` returns."""

    _esm = script("rgb_mixer.js")
    photo = traitlets.Bytes().tag(sync=True, fixed=True)  # uint8, (H, W, 3)
    sizes = traitlets.Tuple().tag(sync=True, fixed=True)
    weight = Numbers().tag(sync=True)  # one list of three numbers an output
    bias = Numbers().tag(sync=True)  # one number per output
    pixel = traitlets.Tuple().tag(sync=True)

    @traitlets.validate("weight")
    def _check_weight(self, proposal):
        return _rows(proposal["value"])

    @traitlets.validate("bias")
    def _check_bias(self, proposal):
        bias = finite("rgb_mixer: bias", proposal["value"])
        if bias.shape != (len(self.weight),):
            raise CourseError(f"rgb_mixer: bias has shape {bias.shape}, expected ({len(self.weight)},): one an output.")
        return bias.astype(float).tolist()

    @traitlets.validate("pixel")
    def _check_pixel(self, proposal):
        pixel, (height, width, _) = proposal["value"], self.sizes
        if len(pixel) != 2:
            raise CourseError(f"rgb_mixer: pixel is {pixel}, expected its row and its column.")
        row, column = pixel
        return between("rgb_mixer: row", row, 0, height - 1), between("rgb_mixer: column", column, 0, width - 1)

    @traitlets.observe("weight")
    def _follow_weight(self, _change):
        rows = len(self.weight)
        self.bias = (self.bias + [0.0] * rows)[:rows]

    def as_text(self) -> str:
        rows = zip(self.weight, self.bias, strict=True)
        mixes = "; ".join(f"{r:+.3g} · red {g:+.3g} · green {b:+.3g} · blue {bias:+.3g}" for (r, g, b), bias in rows)
        return f"A photo mixed at every pixel: {mixes}."

    def as_html(self) -> str:
        photo = np.frombuffer(self.photo, np.uint8).reshape(self.sizes)
        mixed = photo / 255 @ np.array(self.weight).T + np.array(self.bias)
        pixels = (np.clip(mixed, 0, 1) * 255).round().astype(np.uint8)
        pixels = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
        return f"<p>{self.as_text()}</p>" + row(
            (img(photo, "The photo in colour, before mixing", 300), "photo"),
            (img(pixels, "The photo, mixed", 300), "mixed"),
        )


def _rows(weight):
    """The weights as lists, one an output."""
    weight = finite("rgb_mixer: weight", weight)
    if weight.shape not in ((1, 3), (3, 3)):
        raise CourseError(f"rgb_mixer: weight has shape {weight.shape}, expected (1, 3) or, for colour, (3, 3).")
    return weight.astype(float).tolist()
