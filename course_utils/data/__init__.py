"""Offline data sets: photos, feature maps, handwritten digits, a satellite scene. `DATA.md` lists sources and licences.

Every file is checked against its SHA-256 before use, and nothing is downloaded.
"""

from course_utils.data.features import FEATURES, feature_maps
from course_utils.data.handwriting import digits
from course_utils.data.photos import PHOTOS, photo
from course_utils.data.satellite import scene, spectra

__all__ = ["FEATURES", "PHOTOS", "digits", "feature_maps", "photo", "scene", "spectra"]
