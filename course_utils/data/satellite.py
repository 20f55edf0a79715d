"""A real multispectral scene and labelled spectra from another satellite: the same four bands, two sensors."""

import io
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_utils.data.files import verified_bytes

FILE = Path(__file__).parent / "spyndex.npz"  # written by convert_spyndex.py
SHA256 = "131078e81bd4de1aa53ffb140c3f730b43f96185ba6207bd5c52af79c54fe1a5"
BANDS = ("blue", "green", "red", "near infrared")


class Scene(NamedTuple):
    """Reflectances of a piece of the Earth: `values` (4, 300, 300), one channel a band."""

    values: np.ndarray
    bands: tuple


class Spectra(NamedTuple):
    """Labelled pixels: `values` (120, 4) reflectances, `labels` (120,) names, `bands` the columns."""

    values: np.ndarray
    labels: np.ndarray
    bands: tuple


def scene() -> Scene:
    """A Sentinel-2 scene, 10 m a pixel, as reflectances in the four bands of `spectra()`.

    >>> scene().values.shape, scene().bands
    ((4, 300, 300), ('blue', 'green', 'red', 'near infrared'))

    Credit: contains modified Copernicus Sentinel data, by way of spyndex (MIT). There is no ground truth.
    """
    return Scene(_arrays()["scene"] / 10_000, BANDS)  # Sentinel-2 stores reflectance × 10,000


def spectra() -> Spectra:
    """120 Landsat-8 pixels labelled vegetation, urban or water, in the four bands that `scene()` has too.

    >>> spectra().values.shape, sorted(set(spectra().labels.tolist()))
    ((120, 4), ['urban', 'vegetation', 'water'])

    Credit: Landsat-8 image courtesy of the U.S. Geological Survey, by way of spyndex (MIT).
    """
    arrays = _arrays()
    return Spectra(arrays["spectra"].copy(), arrays["labels"].copy(), BANDS)


def _arrays():
    content = verified_bytes(FILE, SHA256, "Restore it: git checkout -- course_utils/data/spyndex.npz")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)
