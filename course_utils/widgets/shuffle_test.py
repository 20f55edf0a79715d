"""The shuffle test on a photo: filter, then shuffle the pixels; or shuffle, then filter; and the difference."""

import numpy as np
import traitlets

from course_utils import convs
from course_utils.base.errors import CourseError
from course_utils.data.features import LUMA
from course_utils.widgets.canvas import Canvas, img, row, script, signed_pixels
from course_utils.widgets.chance import shuffled
from course_utils.widgets.values import Whole, between, one_of, picture

LAYERS = ("1×1", "3×3 blur", "3×3 edges")


def shuffle_test(photo: np.ndarray, layer: str = "1×1", share: float = 1.0) -> "ShuffleTest":
    """Two routes from a photo to a picture, side by side: the layer first, or the shuffle first.

    >>> from course_utils.data import photo
    >>> test = shuffle_test(photo("coffee", longest=120))
    >>> round(test.gap(), 9)
    0.0
    >>> test.layer = "3×3 edges"
    >>> test.gap() > 0.5
    True

    `photo` is (H, W, 3) of uint8; its values are taken as 0 to 1. `layer` is one of `LAYERS`, `share` the part of the
    pixels that is shuffled, `neighbours` the part of a 3×3 layer's weight that lies on its eight outer taps, all of
    which can be read and set. `weight` and `permutation` are the layer and the shuffle on show.
    """
    photo = picture("shuffle_test: photo", photo)
    return ShuffleTest(photo=photo.tobytes(), sizes=photo.shape, layer=layer, share=share)


class ShuffleTest(Canvas):
    """The widget that `shuffle_test()` returns."""

    _esm = script("shuffle_test.js")
    photo = traitlets.Bytes().tag(sync=True, fixed=True)  # uint8, (H, W, 3)
    sizes = traitlets.Tuple().tag(sync=True, fixed=True)
    seed = Whole(1).tag(sync=True)  # of the order in which pixels are drawn
    layer = traitlets.Unicode(LAYERS[0]).tag(sync=True)
    neighbours = traitlets.Float(1.0).tag(sync=True)
    share = traitlets.Float(1.0).tag(sync=True)

    @traitlets.validate("layer")
    def _check_layer(self, proposal):
        return one_of("shuffle_test: layer", proposal["value"], LAYERS)

    @traitlets.validate("seed")
    def _check_seed(self, proposal):
        return between("shuffle_test: seed", proposal["value"], 0, 2**32 - 1)

    @traitlets.validate("neighbours", "share")
    def _check_part(self, proposal):
        if not 0 <= proposal["value"] <= 1:
            name = proposal["trait"].name
            raise CourseError(f"shuffle_test: {name} is {proposal['value']}, expected a number from 0 to 1.")
        return proposal["value"]

    @property
    def permutation(self) -> np.ndarray:
        """Pixel p of the shuffled photo is pixel permutation[p] of the photo, counted row by row."""
        order = shuffled(self.sizes[0] * self.sizes[1], self.seed)
        drawn = order[: int(self.share * len(order))]
        permutation = np.arange(len(order))
        permutation[np.sort(drawn)] = drawn
        return permutation

    @property
    def weight(self) -> np.ndarray:
        """The layer on show as a 3×3 convolution of one output channel, (1, 3, 3, 3)."""
        outer = 0.0 if self.layer == "1×1" else self.neighbours / 8
        taps = np.full((3, 3), -outer if self.layer == "3×3 edges" else outer)
        taps[1, 1] = 1 if self.layer == "3×3 edges" else 1 - 8 * outer
        return LUMA[None, :, None, None] * taps

    def gap(self) -> float:
        """The largest difference between the ends of the two routes."""
        return float(np.abs(self._filtered(self._shuffled(self._x)) - self._shuffled(self._filtered(self._x))).max())

    def as_text(self) -> str:
        share = f"{self.share:.0%} of the pixels shuffled"
        return f"A photo, {share}, and the layer {self.layer}: the two routes differ by up to {self.gap():.3g}."

    def as_html(self) -> str:
        y, shuffled = self._filtered(self._x), self._shuffled(self._x)
        return f"<p>{self.as_text()}</p>" + row(
            (img(_pixels(y), "The photo after the layer", 200), "layer"),
            (img(_pixels(self._shuffled(y)), "The filtered photo, shuffled", 200), "layer, then shuffle"),
            (img(_pixels(shuffled), "The shuffled photo", 200), "shuffle"),
            (img(_pixels(self._filtered(shuffled)), "The shuffled photo, filtered", 200), "shuffle, then layer"),
        )

    @property
    def _x(self):
        photo = np.frombuffer(self.photo, np.uint8).reshape(self.sizes)
        return photo.transpose(2, 0, 1)[None] / 255

    def _filtered(self, x):
        return convs.conv2d(x, self.weight, padding=1)

    def _shuffled(self, x):
        return x.reshape(*x.shape[:2], -1)[:, :, self.permutation].reshape(x.shape)


def _pixels(x):
    """One image (1, C, H, W) as uint8: in colour, in grey, or signed where some numbers are negative."""
    if x.min() < 0:
        return signed_pixels(x[0, 0])
    pixels = (np.clip(x[0].transpose(1, 2, 0), 0, 1) * 255).round().astype(np.uint8)
    return pixels if pixels.shape[2] == 3 else pixels[:, :, 0]
