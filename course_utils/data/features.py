"""Feature maps of a real photo, as the first layer of a network makes them: one small fixed filter a map."""

import numpy as np

from course_utils.data.photos import photo
from course_utils.errors import CourseError

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


def feature_maps(n=10, name="chelsea", longest=72):
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
    from scipy import ndimage

    red, green, blue = np.moveaxis(rgb, -1, 0)
    light = rgb @ LUMA
    smooth = ndimage.gaussian_filter(light, 1)
    down, right = ndimage.sobel(smooth, axis=0), ndimage.sobel(smooth, axis=1)
    blurred = ndimage.gaussian_filter(light, 4)
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
            ndimage.gaussian_filter(light, 2) - blurred,
        ]
    )
