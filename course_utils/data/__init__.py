"""Offline data sets: photos, feature maps made from them, a satellite scene. `DATA.md` lists sources and licences.

Every file is checked against its SHA-256 before use, and nothing is downloaded.
"""

from course_utils.data.features import FEATURES, feature_maps
from course_utils.data.photos import PHOTOS, photo
from course_utils.data.satellite import scene, spectra

__all__ = ["FEATURES", "PHOTOS", "feature_maps", "photo", "scene", "spectra"]
