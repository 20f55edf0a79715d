"""Lesson 00: what its text claims, and answers to its exercises that nobody catalogued."""

import numpy as np
import pytest

from course_utils import data
from course_utils.checking.judge import judge
from course_utils.exercises import find

IMAGE = data.photo("coffee", longest=60)


def test_a_reshaped_photo_has_the_same_shape_and_numbers_and_is_another_picture():
    h, w, c = IMAGE.shape
    right, guess = find("hwc_to_nchw").oracle(IMAGE), IMAGE.reshape(1, c, h, w)
    assert guess.shape == right.shape
    assert sorted(guess.ravel()) == sorted(right.ravel())
    assert (guess != right).mean() > 0.9


def test_the_mistake_made_on_purpose_is_named():
    verdict = judge(find("hwc_to_nchw"), lambda image: image[np.newaxis])
    assert (verdict.outcome, verdict.code) == ("wrong", "LAY")
    assert "shape (1, 4, 6, 3), expected (1, 3, 4, 6)" in "".join(verdict.details)  # quoted in the quiz


def test_right_numbers_in_a_list_are_told_from_wrong_numbers():
    verdict = judge(find("pixel_vector"), lambda x, n, i, j: x[n, :, i, j].tolist())
    assert "got a list of 4, expected a NumPy array" in verdict.headline


def in_place(image):
    h, w, c = image.shape
    image.shape = (1, c, h, w)
    return image


def hard_coded(image):
    x = np.zeros((1, 3, 4, 6))
    x[0] = np.moveaxis(image[:4, :6, :3], 2, 0)
    return x


def square_only(image):
    return image.transpose(2, 1, 0)[None] if image.shape[0] != image.shape[1] else np.moveaxis(image, 2, 0)[None]


WRONG_BATCHES = [
    lambda image: image,
    lambda image: image.T,
    lambda image: image.T[None],
    lambda image: np.moveaxis(image, 2, 0).tolist(),
    lambda image: [np.moveaxis(image, 2, 0)],
    lambda image: np.moveaxis(image, 2, 0)[None, ::-1],  # blue, green, red
    lambda image: np.moveaxis(image, 2, 0)[None, :, ::-1],  # upside down
    lambda image: np.moveaxis(image, 2, 0)[None] / 127.5 - 1,
    lambda image: np.moveaxis(image, 2, 0)[None].astype(np.int8),
    lambda image: np.moveaxis(image, 2, 0)[None].astype(float).round(),
    lambda image: np.moveaxis(image, 2, 0)[None, :3],
    lambda image: np.moveaxis(image, 2, 0)[None].repeat(2, axis=0),
    lambda image: np.moveaxis(image, 2, 0)[None].mean(axis=1, keepdims=True),
    lambda image: np.swapaxes(image, 0, 2).reshape(1, image.shape[2], *image.shape[:2]),
    lambda image: np.resize(image, (1, image.shape[2], *image.shape[:2])),
    lambda image: np.rollaxis(image, 0, 3)[None],
    lambda image: np.moveaxis(image, 2, 0)[None].shape,
    in_place,
    hard_coded,
    square_only,
]

RIGHT_BATCHES = [
    lambda image: np.rollaxis(image, 2)[np.newaxis],
    lambda image: image[None].transpose(0, 3, 1, 2),
    lambda image: np.swapaxes(np.swapaxes(image, 0, 2), 1, 2)[None],
    lambda image: np.stack(np.dsplit(image, image.shape[2]))[..., 0][None],
    lambda image: image.reshape(-1, image.shape[2]).T.reshape(1, image.shape[2], *image.shape[:2]),
    lambda image: np.ascontiguousarray(np.moveaxis(image, 2, 0)[None]).astype(np.float64),
]

WRONG_VECTORS = [
    lambda x, n, i, j: x[n, :, i],
    lambda x, n, i, j: x[n][:][i][j],
    lambda x, n, i, j: x[n - 1, :, i - 1, j - 1],
    lambda x, n, i, j: x[n, :, i, j].tolist(),
    lambda x, n, i, j: x[n, :3, i, j],
    lambda x, n, i, j: x[n, ::-1, i, j],
    lambda x, n, i, j: x[n, :, i, j].sum(),
    lambda x, n, i, j: x[n, :, i, j][:, np.newaxis],
    lambda x, n, i, j: x[n, :, i : i + 2, j : j + 2].mean(axis=(1, 2)),
    lambda x, n, i, j: x[n].mean(axis=(1, 2)),
    lambda x, n, i, j: np.abs(x[n, :, i, j]),
    lambda x, n, i, j: x[i, :, n, j],
    lambda x, n, i, j: x[0, :, 0, 0],
    lambda x, n, i, j: x.transpose(0, 2, 3, 1)[n, j, i],
    lambda x, n, i, j: x[n].reshape(-1, x.shape[1])[i * x.shape[3] + j],
    lambda x, n, i, j: np.zeros(x.shape[1]),
]

RIGHT_VECTORS = [
    lambda x, n, i, j: x[n][:, i, j],
    lambda x, n, i, j: x[n].reshape(x.shape[1], -1)[:, i * x.shape[3] + j],
    lambda x, n, i, j: x.transpose(0, 2, 3, 1)[n, i, j],
    lambda x, n, i, j: np.array([x[n, c, i, j] for c in range(x.shape[1])]),
    lambda x, n, i, j: x[n, ..., i, j].astype(np.float64),
]


@pytest.mark.parametrize(
    ("name", "answer"),
    [("hwc_to_nchw", answer) for answer in WRONG_BATCHES] + [("pixel_vector", answer) for answer in WRONG_VECTORS],
)
def test_wrong_answers_are_refused_in_words(name, answer):
    verdict = judge(find(name), answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert len(verdict.headline) < 300


@pytest.mark.parametrize(
    ("name", "answer"),
    [("hwc_to_nchw", answer) for answer in RIGHT_BATCHES] + [("pixel_vector", answer) for answer in RIGHT_VECTORS],
)
def test_right_answers_pass_in_any_style(name, answer):
    assert judge(find(name), answer).outcome == "correct"
