"""Real photos that come inside the wheels of scikit-image and scikit-learn."""

import importlib.util
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_utils.base.errors import CourseError
from course_utils.data.files import verified_bytes


class Photo(NamedTuple):
    """Where a photo is, what proves that it is that photo, and whom to thank for it."""

    package: str
    path: str
    sha256: str
    shape: tuple
    credit: str
    licence: str


PHOTOS = {
    "astronaut": Photo(
        "skimage", "data/astronaut.png", "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        (512, 512, 3), "NASA, portrait of Eileen Collins", "public domain",
    ),
    "coffee": Photo(
        "skimage", "data/coffee.png", "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        (400, 600, 3), "Rachel Michetti, courtesy of Pikolo Espresso Bar", "CC0",
    ),
    "chelsea": Photo(
        "skimage", "data/chelsea.png", "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        (300, 451, 3), "Stefan van der Walt, Chelsea the cat", "CC0",
    ),
    "retina": Photo(
        "skimage", "data/retina.jpg", "38a07f36f27f095e818aea7b96d34202c05176d30253c66733f2e00379e9e0e6",
        (1411, 1411, 3), "Mikael Häggström, fundus photograph of a normal left eye", "CC0",
    ),
    "ihc": Photo(
        "skimage", "data/ihc.png", "f8dd1aa387ddd1f49d8ad13b50921b237df8e9b262606d258770687b0ef93cef",
        (512, 512, 3), "Center for Microscopy and Molecular Imaging (CMMI), colon tissue, DAB and hematoxylin",
        "no known copyright restrictions",
    ),
    "china": Photo(
        "sklearn", "datasets/images/china.jpg", "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
        (427, 640, 3), "danielbuechele (Flickr)", "CC BY 2.0",
    ),
    "flower": Photo(
        "sklearn", "datasets/images/flower.jpg", "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
        (427, 640, 3), "vultilion (Flickr)", "CC BY 2.0",
    ),
}  # fmt: skip
WHEELS = {"skimage": "scikit-image", "sklearn": "scikit-learn"}
OURS = Path(__file__).parent / "photos"  # where the course in the browser, which lacks those wheels, keeps them


def photo(name: str, longest: int | None = None) -> np.ndarray:
    """A colour photo as an array (H, W, 3) of uint8; `longest` shrinks it so that no side has more pixels.

    >>> photo("coffee").shape
    (400, 600, 3)
    >>> photo("coffee", longest=90).shape
    (60, 90, 3)

    The names are those of `PHOTOS`; each entry there says whom to credit and under which licence.
    """
    from PIL import Image

    entry = PHOTOS.get(name)
    if entry is None:
        raise CourseError(f"no photo named {name!r}: choose one of {', '.join(PHOTOS)}.")
    own = OURS / Path(entry.path).name
    path = own if own.is_file() else _folder(entry.package) / entry.path
    content = verified_bytes(path, entry.sha256, _repair(WHEELS[entry.package]))
    image = Image.open(io.BytesIO(content)).convert("RGB")
    if longest is not None:
        if not isinstance(longest, int) or longest < 1:
            raise CourseError(f"photo({name!r}): longest is {longest!r}, expected a whole number, at least 1.")
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return np.array(image)


def _folder(package):
    """Where a package is installed, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise CourseError(f"{WHEELS[package]}, which holds this photo, is not installed. {_repair(WHEELS[package])}")
    return Path(spec.origin).parent


def _repair(wheel):
    return f"Install it again: pip install --force-reinstall --no-deps {wheel}"
