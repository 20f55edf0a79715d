"""Lesson 07: the gradients are the slopes of the loss, equal rows stay equal, and near misses are refused."""

import numpy as np
import pytest

from course_utils import convs, data
from course_utils.checking import CheckFailed, check
from course_utils.exercises import find
from course_utils.experiments import descent

RNG = np.random.default_rng(7)
X, WEIGHT, BIAS = RNG.normal(size=(2, 3, 4, 5)), RNG.normal(size=(4, 3)), RNG.normal(size=4)
TARGET = RNG.normal(size=(2, 4, 4, 5))
DY = 2 * (convs.pointwise(X, WEIGHT, BIAS) - TARGET) / TARGET.size


def loss(x, weight, bias):
    return ((convs.pointwise(x, weight, bias) - TARGET) ** 2).mean()


@pytest.mark.parametrize(
    ("name", "arguments", "at"),
    [
        ("grad_bias", (DY,), lambda b: loss(X, WEIGHT, b)),
        ("grad_weight", (X, DY), lambda w: loss(X, w, BIAS)),
        ("grad_x", (DY, WEIGHT), lambda x: loss(x, WEIGHT, BIAS)),
    ],
)
def test_the_oracles_are_the_slopes_of_the_loss(name, arguments, at):
    place = {"grad_bias": BIAS, "grad_weight": WEIGHT, "grad_x": X}[name]
    np.testing.assert_allclose(find(name).oracle(*arguments), descent.numeric_gradient(at, place), atol=1e-8)


def test_training_lowers_the_loss_and_leaves_its_arguments_alone():
    weight, head = np.full((4, 10), 0.1), np.full(4, 0.5)
    losses = [state[2] for state in descent.states(weight, head, 50)]
    assert losses[-1] < losses[0]
    assert (weight == 0.1).all() and (head == 0.5).all()


def test_equal_rows_stay_equal_to_the_last_bit():
    weight, head = descent.descend(np.tile(RNG.normal(size=10), (4, 1)), np.full(4, 0.5), 300)
    assert (weight == weight[0]).all() and (head == head[0]).all()


def keeps_a_total(dy, total=np.zeros(1)):  # noqa: B008 - the mistake under test
    total = total * 0 + dy.sum()
    return np.full(dy.shape[1], total)


WRONG = [
    ("grad_bias", lambda dy: list(dy.sum(axis=(0, 2, 3)))),
    ("grad_bias", lambda dy: dy.sum(axis=(0, 2, 3), keepdims=True)),
    ("grad_bias", lambda dy: dy.max(axis=(0, 2, 3))),
    ("grad_bias", lambda dy: np.abs(dy).sum(axis=(0, 2, 3))),
    ("grad_bias", lambda dy: dy.reshape(dy.shape[1], -1).sum(axis=1)),
    ("grad_bias", lambda dy: dy[..., :-1].sum(axis=(0, 2, 3))),
    ("grad_bias", keeps_a_total),
    ("grad_weight", lambda x, dy: np.einsum("nohw,nchw->oc", dy, np.abs(x))),
    ("grad_weight", lambda x, dy: np.einsum("nohw,nchw->oc", dy, x)[:, ::-1]),
    ("grad_weight", lambda x, dy: np.einsum("nohw,nchw->oc", dy, x).astype("float16")),
    ("grad_weight", lambda x, dy: np.einsum("nohw,nchw->oc", dy[..., 1:], x[..., 1:])),
    ("grad_weight", lambda x, dy: dy.reshape(dy.shape[1], -1) @ x.reshape(x.shape[1], -1).T),
    ("grad_weight", lambda x, dy: np.einsum("nohw,nchw->oc", dy, x)[:, :, None, None]),
    ("grad_x", lambda dy, weight: np.einsum("oc,nohw->nchw", np.linalg.pinv(weight).T, dy)),
    ("grad_x", lambda dy, weight: np.einsum("oc,nohw->nhwc", weight, dy)),
    ("grad_x", lambda dy, weight: np.einsum("oc,nohw->nchw", weight, dy)[::-1]),
    ("grad_x", lambda dy, weight: np.einsum("oc,nohw->nchw", weight, dy).sum(axis=0)),
    ("sgd_step", lambda x, w, b, t, lr: (w, b, 0.0)),
    ("sgd_step", lambda x, w, b, t, lr: find("sgd_step").oracle(x, w, b, t, lr)[:2]),
    ("sgd_step", lambda x, w, b, t, lr: find("sgd_step").oracle(x, w, b, t, 0.1)),
    ("sgd_step", lambda x, w, b, t, lr: (*find("sgd_step").oracle(x, w, b, t, lr)[:2], "small")),
    ("sgd_step", lambda x, w, b, t, lr: find("sgd_step").oracle(x[:1], w, b, t[:1], lr)),
    ("distinct_rows", lambda weight0, head, steps: 4),
    ("distinct_rows", lambda weight0, head, steps: 1 if (weight0 == weight0[0]).all() else len(weight0)),
    ("distinct_rows", lambda weight0, head, steps: "4"),
    ("distinct_rows", lambda w, h, s: np.linalg.matrix_rank(descent.descend(w, h, s + 50)[0], rtol=1e-6)),
    ("distinct_rows", lambda w, h, s: float(np.linalg.matrix_rank(descent.descend(w, h, s)[0], rtol=0.3))),
]


@pytest.mark.parametrize(("name", "answer"), WRONG)
def test_near_misses_are_refused(name, answer):
    with pytest.raises(CheckFailed):
        check(answer, name)


RIGHT = [
    ("grad_bias", lambda dy: np.array([dy[:, o].sum() for o in range(dy.shape[1])])),
    ("grad_bias", lambda dy: np.moveaxis(dy, 1, 0).reshape(dy.shape[1], -1).sum(axis=-1)),
    ("grad_weight", lambda x, dy: sum(np.tensordot(d, i, ([1, 2], [1, 2])) for d, i in zip(dy, x, strict=True))),
    ("grad_weight", lambda x, dy: (dy[:, :, None] * x[:, None]).sum(axis=(0, 3, 4))),
    ("grad_x", lambda dy, weight: np.tensordot(weight, dy, axes=(0, 1)).swapaxes(0, 1)),
    ("grad_x", lambda dy, weight: (weight[None, :, :, None, None] * dy[:, :, None]).sum(axis=1)),
    ("distinct_rows", lambda w, h, s: np.float64(np.linalg.matrix_rank(descent.descend(w, h, s)[0], rtol=1e-6))),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_styles_are_accepted(name, answer):
    check(answer, name)


LUMA = np.array([0.299, 0.587, 0.114])


def photo_task(name, copies=()):
    """Pixels of a photo, channels in columns and those in `copies` once more; and the grey that LUMA makes of them."""
    pixels = data.photo(name, longest=60).reshape(-1, 3) / 255
    return np.column_stack([pixels, pixels[:, list(copies)]]), pixels @ LUMA


def condition_number(pixels):
    pixels = np.column_stack([pixels, np.ones(len(pixels))])  # a column of ones, for the bias
    curvature = np.linalg.eigvalsh(pixels.T @ pixels)
    return curvature[-1] / curvature[0]


def test_the_cats_pixels_decide_the_weights_and_training_on_them_is_only_slow():
    pixels, grey = photo_task("chelsea")
    np.testing.assert_allclose(np.linalg.lstsq(pixels, grey)[0], LUMA, atol=1e-10)
    assert condition_number(pixels) > 5 * condition_number(photo_task("astronaut")[0])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_channel_that_comes_twice_leaves_the_difference_of_its_weights_to_the_start(seed):
    pixels, grey = photo_task("astronaut", copies=[0])
    pixels, grey = pixels[::9], grey[::9]
    start = weight = np.random.default_rng(seed).uniform(-1, 1, 4)
    for _ in range(8000):
        weight = weight - 0.3 * 2 * pixels.T @ (pixels @ weight - grey) / len(grey)
    assert np.linalg.matrix_rank(pixels) == 3
    np.testing.assert_allclose([weight[0] + weight[3], *weight[1:3]], LUMA, atol=5e-3)
    np.testing.assert_allclose(weight[0] - weight[3], start[0] - start[3], atol=1e-9)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_numbers_keep_their_size_with_the_start_for_relu_only(seed):
    sizes = {}
    for scale in (1, 1 / np.sqrt(64), np.sqrt(2 / 64)):
        rng = np.random.default_rng(seed)
        y = rng.standard_normal((64, 200))
        for _ in range(100):
            y = np.maximum(scale * rng.standard_normal((64, 64)) @ y, 0)
        sizes[scale] = np.sqrt((y**2).mean())
    large, small, right = sizes.values()
    assert large > 1e70 and small < 1e-13 and 0.01 < right < 10
