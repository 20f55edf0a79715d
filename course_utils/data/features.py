"""Feature maps of a real photo, as the first layer of a network makes them: one small fixed filter a map."""

import numpy as np

from course_utils.base.errors import CourseError
from course_utils.data.photos import photo

FEATURES = (
    "light and dark",
    "vertical edges",
    "horizontal edges",
    "red against green",
    "blue against yellow",
    "edges like /",
    "edges like \\",
    "fine detail",
    "blurred light",
    "blobs",
)
LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601


def feature_maps(n: int = 10, name: str = "chelsea", longest: int = 72) -> np.ndarray:
    """The first `n` of ten signed feature maps of a photo, as one batch (1, n, H, W) of float64.

    >>> feature_maps().shape
    (1, 10, 48, 72)
    >>> FEATURES[1]
    'vertical edges'

    Each map is centred on zero, divided by its standard deviation and clipped to ±3. `FEATURES` names them in order.
    """
    if not isinstance(n, int) or not 1 <= n <= len(FEATURES):
        raise CourseError(f"feature_maps: n is {n!r}, expected a whole number from 1 to {len(FEATURES)}.")
    maps = _filtered(photo(name, longest) / 255)[:n]
    maps = maps - maps.mean(axis=(1, 2), keepdims=True)
    scale = np.maximum(maps.std(axis=(1, 2), keepdims=True), 1e-12)  # a photo of one flat colour has none
    return np.clip(maps / scale, -3, 3)[None]


def _filtered(rgb):
    """All ten filters on an (H, W, 3) image in [0, 1], in the order of `FEATURES`."""
    red, green, blue = np.moveaxis(rgb, -1, 0)
    light = rgb @ LUMA
    smooth, blurred = _blurred(light, 1), _blurred(light, 4)
    down, right = _slope(smooth, 0), _slope(smooth, 1)
    return np.stack(
        [
            light,
            right,
            down,
            red - green,
            blue - (red + green) / 2,
            right + down,
            right - down,
            light - smooth,
            blurred,
            _blurred(light, 2) - blurred,
        ]
    )


def _blurred(image, sigma):
    """A Gaussian blur, cut off at four standard deviations."""
    steps = np.arange(-4 * sigma, 4 * sigma + 1)
    kernel = np.exp(-((steps / sigma) ** 2) / 2)
    kernel /= kernel.sum()
    return _along(_along(image, kernel, 0), kernel, 1)


def _slope(image, axis):
    """Sobel's filter: the difference of neighbours along an axis, averaged across it."""
    return _along(_along(image, np.array([-1.0, 0.0, 1.0]), axis), np.array([1.0, 2.0, 1.0]), 1 - axis)


def _along(image, kernel, axis):
    """The image under a one-dimensional kernel along an axis; it is mirrored at its edges."""
    reach = len(kernel) // 2
    padded = np.pad(image, [(reach, reach) if i == axis else (0, 0) for i in range(2)], mode="symmetric")
    return np.lib.stride_tricks.sliding_window_view(padded, len(kernel), axis) @ kernel
