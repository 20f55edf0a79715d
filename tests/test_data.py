"""Offline data: what is promised is what comes, without the network, and a damaged file is refused."""

import hashlib
import json
import socket
import zipfile

import numpy as np
import pytest

from course_utils import data
from course_utils.base.errors import CourseError
from course_utils.base.paths import ROOT
from course_utils.data import convert_spyndex, features, photos, satellite


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Stricter than elsewhere: no data set may even make a socket."""

    def refuse(*args, **kwargs):
        raise AssertionError("a data set tried to open a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.parametrize("name", data.PHOTOS)
def test_photos_have_the_shape_that_is_promised(name):
    image = data.photo(name)
    assert image.dtype == np.uint8
    assert image.shape == data.PHOTOS[name].shape
    assert image.std() > 10  # a picture, not a blank


def test_a_shrunk_photo_keeps_its_proportions():
    assert data.photo("china", longest=64).shape == (43, 64, 3)


def test_a_photo_may_be_changed_without_changing_the_next_one():
    first = data.photo("coffee", longest=30)
    first[:] = 0
    assert data.photo("coffee", longest=30).any()


def test_photos_equal_those_of_the_packages_they_come_from():
    from skimage.data import immunohistochemistry
    from sklearn.datasets import load_sample_image

    np.testing.assert_array_equal(data.photo("ihc"), immunohistochemistry())
    np.testing.assert_array_equal(data.photo("flower"), load_sample_image("flower.jpg"))


def test_an_unknown_photo_is_answered_with_the_names_there_are():
    with pytest.raises(CourseError, match="no photo named 'cat': choose one of astronaut, coffee"):
        data.photo("cat")


@pytest.mark.parametrize("longest", [0, 1.5, "big"])
def test_a_size_that_is_none_is_refused(longest):
    with pytest.raises(CourseError, match="expected a whole number"):
        data.photo("coffee", longest=longest)


@pytest.fixture
def copied_photo(tmp_path, monkeypatch):
    """A copy of a photo that a test may spoil."""
    monkeypatch.setattr(photos, "_folder", lambda package: tmp_path)
    target = tmp_path / data.PHOTOS["coffee"].path
    target.parent.mkdir()
    return target


def test_a_damaged_photo_is_refused_and_the_repair_named(copied_photo):
    copied_photo.write_bytes(b"not the picture")
    with pytest.raises(
        CourseError, match="coffee.png is damaged.*pip install --force-reinstall --no-deps scikit-image"
    ):
        data.photo("coffee")


def test_a_missing_photo_is_refused_and_the_repair_named(copied_photo):
    with pytest.raises(CourseError, match="coffee.png is missing.*pip install"):
        data.photo("coffee")


def test_feature_maps_are_centred_signed_and_of_one_size():
    maps = data.feature_maps()
    assert maps.shape == (1, 10, 48, 72) and maps.dtype == np.float64
    assert len(data.FEATURES) == 10
    assert np.abs(maps).max() <= 3
    assert np.abs(maps.mean(axis=(0, 2, 3))).max() < 0.2  # clipping moves the mean a little
    assert (maps.min(axis=(0, 2, 3)) < 0).all() and (maps.max(axis=(0, 2, 3)) > 0).all()


def test_feature_maps_differ_from_each_other():
    flat = data.feature_maps()[0].reshape(10, -1)
    correlations = np.corrcoef(flat) - np.eye(10)
    assert np.abs(correlations).max() < 0.95


def test_fewer_feature_maps_are_the_first_ones():
    np.testing.assert_array_equal(data.feature_maps(3), data.feature_maps()[:, :3])


@pytest.mark.parametrize("n", [0, 11, 2.0, None])
def test_a_number_of_feature_maps_that_there_is_not_is_refused(n):
    with pytest.raises(CourseError, match="from 1 to 10"):
        data.feature_maps(n)


def test_the_scene_holds_reflectances():
    scene = data.scene()
    assert scene.values.shape == (4, 300, 300) and scene.values.dtype == np.float64
    assert 0 < scene.values.min() and scene.values.max() < 1
    assert len(scene.bands) == 4


def test_the_spectra_are_labelled_in_the_bands_of_the_scene():
    spectra = data.spectra()
    assert spectra.values.shape == (120, 4) and spectra.labels.shape == (120,)
    assert spectra.bands == data.scene().bands
    near_infrared = {name: spectra.values[spectra.labels == name, 3].mean() for name in ("vegetation", "water")}
    assert near_infrared["vegetation"] > 5 * near_infrared["water"]  # leaves reflect it, water swallows it


def test_a_damaged_scene_is_refused_and_the_repair_named(tmp_path, monkeypatch):
    spoilt = tmp_path / "spyndex.npz"
    spoilt.write_bytes(satellite.FILE.read_bytes()[:-1])
    monkeypatch.setattr(satellite, "FILE", spoilt)
    with pytest.raises(CourseError, match="spyndex.npz is damaged.*git checkout"):
        data.scene()


def test_the_conversion_is_the_same_each_time(tmp_path):
    wheel = tmp_path / "spyndex.whl"
    scene = np.arange(4 * 2 * 3).reshape(4, 2, 3)
    table = {band: {"0": 0.1, "1": 0.2} for band in convert_spyndex.LANDSAT} | {"class": {"0": "Urban", "1": "Water"}}
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("spyndex/data/S2_10m.json", json.dumps(scene.tolist()))
        archive.writestr("spyndex/data/spectral.json", json.dumps(table))
    convert_spyndex.convert(wheel, tmp_path / "one.npz")
    convert_spyndex.convert(wheel, tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz") as arrays:
        np.testing.assert_array_equal(arrays["scene"], scene)
        assert arrays["labels"].tolist() == ["urban", "water"]


def test_data_md_lists_every_file_with_its_credit_licence_shape_and_checksum():
    text = (ROOT / "DATA.md").read_text(encoding="utf-8")
    for name, entry in data.PHOTOS.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        assert entry.licence in row and " × ".join(map(str, entry.shape)) in row and entry.path in row, row
        assert f"| `{name}` | `{entry.sha256}` |" in text
    assert hashlib.sha256(satellite.FILE.read_bytes()).hexdigest() == satellite.SHA256
    assert satellite.SHA256 in text


def test_feature_maps_are_what_scipy_makes_of_the_photo():
    from scipy import ndimage

    light = data.photo("chelsea", 72) / 255 @ features.LUMA
    smooth, blurred = ndimage.gaussian_filter(light, 1), ndimage.gaussian_filter(light, 4)
    down, right = ndimage.sobel(smooth, axis=0), ndimage.sobel(smooth, axis=1)
    expected = [light, right, down, None, None, right + down, right - down, light - smooth, blurred]
    for made, wanted in zip(features._filtered(data.photo("chelsea", 72) / 255), expected, strict=False):
        assert wanted is None or np.allclose(made, wanted, rtol=0, atol=1e-12)
