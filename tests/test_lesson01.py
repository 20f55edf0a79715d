"""Lesson 01: what its text claims, and answers to its exercises that nobody catalogued."""

import numpy as np
import pytest
from PIL import Image
from skimage.color import rgb2gray

from course_utils import convs, data
from course_utils.checking.judge import judge
from course_utils.exercises import find

PHOTO = data.photo("flower", longest=150)
IMAGE = PHOTO / 255


def recipe(grey):
    """The weights and bias of a grey picture, and the largest error that is left."""
    pixels = IMAGE.reshape(-1, 3)
    w, b = find("weights_for").oracle(pixels, grey.ravel())
    return w, b, np.abs(pixels @ w + b - grey.ravel()).max()


def test_least_squares_finds_the_recipes_of_two_programs():
    w, b, error = recipe(np.array(Image.fromarray(PHOTO).convert("L")) / 255)
    np.testing.assert_allclose(w, [0.299, 0.587, 0.114], atol=1e-3)
    assert abs(b) < 1e-3
    assert error < 1 / 255
    w, b, error = recipe(rgb2gray(IMAGE))
    np.testing.assert_allclose(w, [0.2125, 0.7154, 0.0721], atol=1e-6)
    assert error < 1e-9


def test_the_brightest_channel_is_no_mix():
    assert recipe(IMAGE.max(axis=2))[2] > 0.1


def test_an_output_pixel_depends_on_its_own_channels_alone():
    x, weight = np.moveaxis(IMAGE, 2, 0)[None], np.array([[1.0, -0.5, -0.5]])
    noise = np.random.default_rng(0).random(x.shape)
    noise[:, :, 50, 70] = x[:, :, 50, 70]
    before = convs.pointwise(x, weight)[0, 0, 50, 70]
    assert convs.pointwise(noise, weight)[0, 0, 50, 70] == before
    x[0, 2, 50, 70] += 0.1
    assert convs.pointwise(x, weight)[0, 0, 50, 70] == pytest.approx(before - 0.05)


def counting(step):
    """An answer that is right on its first call only."""
    calls = []

    def answer(v, w, b=0.0):
        calls.append(v)
        return w @ v + b + step * (len(calls) > 1)

    return answer


def scaled_in_place(v, w, b=0.0):
    v *= w
    return v.sum() + b


def softmax(v, w, b=0.0):
    shares = np.exp(w - w.max())
    return shares / shares.sum() @ v + b


WRONG_PIXELS = [
    counting(0.5),
    scaled_in_place,
    softmax,
    lambda v, w, b=0.0: w @ v - b,
    lambda v, w, b=0.0: w @ v * b,
    lambda v, w, b=0.0: [w @ v + b],
    lambda v, w, b=0.0: np.array([w @ v + b]),
    lambda v, w, b=0.0: f"{w @ v + b}",
    lambda v, w, b=0.0: int(w @ v + b),
    lambda v, w, b=0.0: round(float(w @ v + b), 1),
    lambda v, w, b=0.0: sum(w[c] * v[c] for c in range(3)) + b if len(v) >= 3 else w[0] * v[0] + b,
    lambda v, w, b=0.0: sum(w[c] * v[c] for c in range(len(v) - 1)) + b,
    lambda v, w, b=0.0: np.outer(w, v).sum() + b,
    lambda v, w, b=0.0: (w + v).sum() + b,
    lambda v, w, b=0.0: np.max(w * v) + b,
    lambda v, w, b=0.0: np.prod(w * v) + b,
    lambda v, w, b=0.0: w[::-1] @ v + b,
    lambda v, w, b=0.0: abs(w @ v + b),
    lambda v, w, b=0.0: np.tanh(w @ v + b),
    lambda v, w, b=0.0: np.average(v, weights=np.abs(w)) + b,
    lambda v, w, b=0.0: 1.5,
]

WRONG_OUTPUTS = [
    lambda v, weight, bias: (weight @ v + bias).tolist(),
    lambda v, weight, bias: (weight @ v + bias)[:, None],
    lambda v, weight, bias: (weight @ v + bias)[::-1],
    lambda v, weight, bias: weight @ v - bias,
    lambda v, weight, bias: weight @ v * bias,
    lambda v, weight, bias: weight @ (v + 1) + bias,
    lambda v, weight, bias: np.maximum(weight @ v, 0) + bias,
    lambda v, weight, bias: (weight @ v + bias).round(1),
    lambda v, weight, bias: (weight @ v + bias).astype(int),
    lambda v, weight, bias: np.full(len(bias), weight[0] @ v + bias[0]),
    lambda v, weight, bias: np.repeat(weight[-1] @ v, len(bias)) + bias,
    lambda v, weight, bias: weight.reshape(weight.shape[::-1]).T @ v + bias,
    lambda v, weight, bias: weight @ v + bias if len(v) == len(bias) else np.zeros(len(bias)),
    lambda v, weight, bias: weight @ v + np.append(bias[1:], bias[0]),
    lambda v, weight, bias: np.linalg.norm(weight * v, axis=1) + bias,
    lambda v, weight, bias: np.dot(weight, v, out=bias),
]


def ridge(pixels, targets):
    system = np.column_stack([pixels, np.ones(len(pixels))])
    answer = np.linalg.solve(system.T @ system + 0.1 * np.eye(system.shape[1]), system.T @ targets)
    return answer[:-1], answer[-1]


def least(pixels, targets):
    return np.linalg.lstsq(np.column_stack([pixels, np.ones(len(pixels))]), targets)[0]


WRONG_RECIPES = [
    ridge,
    lambda p, t: least(p, t),
    lambda p, t: least(p, t)[:-1],
    lambda p, t: (least(p, t)[-1], least(p, t)[:-1]),
    lambda p, t: (least(p, t)[1:], least(p, t)[0]),
    lambda p, t: (least(p, t)[:-1], least(p, t)[-1:]),
    lambda p, t: (least(p, t)[:-1], -least(p, t)[-1]),
    lambda p, t: (least(p, t)[:-1, None], least(p, t)[-1]),
    lambda p, t: (np.abs(least(p, t)[:-1]), least(p, t)[-1]),
    lambda p, t: (least(p, t)[:-1] / least(p, t)[:-1].sum(), least(p, t)[-1]),
    lambda p, t: (least(p, t)[:-1].round(2), least(p, t)[-1].round(2)),
    lambda p, t: (least(p[:10], t[:10])[:-1], least(p[:10], t[:10])[-1]),
    lambda p, t: (np.array([0.299, 0.587, 0.114]), 0.0),
    lambda p, t: (np.zeros(p.shape[1]), float(t.mean())),
    lambda p, t: (t @ p / len(p), float(t.mean())),
    lambda p, t: (least(p - p.mean(axis=0), t)[:-1], least(p - p.mean(axis=0), t)[-1]),
    lambda p, t: (least(p, t - t.mean())[:-1], least(p, t - t.mean())[-1]),
]

RIGHT = [
    ("mix_pixel", lambda v, w, b=0.0: np.inner(w, v) + b),
    ("mix_pixel", lambda v, w, b=0.0: sum(map(float, w * v), b)),
    ("mix_pixel", lambda v, w, b=0.0: np.append(w, b) @ np.append(v, 1.0)),
    ("mix_pixel", lambda v, w, b=0.0: np.float32(w @ v + b)),
    ("mix_pixel", lambda v, w, b=0.0: (w * v).mean() * len(v) + b),
    ("mix_pixel_many", lambda v, weight, bias: (v @ weight.T) + bias),
    ("mix_pixel_many", lambda v, weight, bias: np.einsum("oc,c->o", weight, v) + bias),
    ("mix_pixel_many", lambda v, weight, bias: np.array([row @ v for row in weight]) + bias),
    ("mix_pixel_many", lambda v, weight, bias: (weight @ v[:, None] + bias[:, None])[:, 0]),
    ("mix_pixel_many", lambda v, weight, bias: np.vectorize(lambda o: weight[o] @ v + bias[o])(np.arange(len(bias)))),
    ("weights_for", lambda p, t: (least(p, t)[:-1], least(p, t)[-1])),
    ("weights_for", lambda p, t: [least(p, t)[:-1], float(least(p, t)[-1])]),
    ("weights_for", lambda p, t: (least(p, t)[:-1], np.array(least(p, t)[-1]))),
    (
        "weights_for",
        lambda p, t: np.split(np.linalg.pinv(np.c_[p, np.ones(len(p))]) @ t, [-1])[0:1] + [least(p, t)[-1]],
    ),
    (
        "weights_for",
        lambda p, t: (np.linalg.lstsq(p - p.mean(0), t - t.mean())[0], t.mean() - p.mean(0) @ least(p, t)[:-1]),
    ),
]


@pytest.mark.parametrize(
    ("name", "answer"),
    [("mix_pixel", answer) for answer in WRONG_PIXELS]
    + [("mix_pixel_many", answer) for answer in WRONG_OUTPUTS]
    + [("weights_for", answer) for answer in WRONG_RECIPES],
)
def test_wrong_answers_are_refused_in_words(name, answer):
    verdict = judge(find(name), answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert len(verdict.headline) < 300


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_pass_in_any_style(name, answer):
    for seed in range(3):
        assert judge(find(name), answer, seed).outcome == "correct"
