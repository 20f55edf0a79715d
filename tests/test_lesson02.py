"""Lesson 02: near misses of the hand-written layer are refused, other styles accepted, and its claims hold."""

import functools

import numpy as np
import pytest

from course_utils import convs, data
from course_utils.checking import CheckFailed, check


def layer(x, weight, bias=None):
    return convs.pointwise(x, weight, bias)


def shapes(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("weight")
    if bias is not None and len(bias) != len(weight):
        raise ValueError("bias")


def remembers_the_first(x, weight, bias=None, seen={}):  # noqa: B006 - the mistake under test
    return seen.setdefault(x.shape, layer(x, weight, bias))


def asserts(x, weight, bias=None):
    assert weight.shape[1] == x.shape[1], "weight"
    assert bias is None or len(bias) == len(weight), "bias"


WRONG = [
    ("conv1x1_one", lambda x, w, b=0.0: layer(x, w[None], np.array([b]))),
    ("conv1x1_one", lambda x, w, b=0.0: layer(x, w[None], np.array([b]))[0, 0]),
    ("conv1x1_one", lambda x, w, b=0.0: layer(x, w[None])[:, 0] - b),
    ("conv1x1_one", lambda x, w, b=0.0: np.maximum(layer(x, w[None])[:, 0] + b, 0)),
    ("conv1x1_one", lambda x, w, b=0.0: layer(x, np.abs(w)[None])[:, 0] + b),
    ("conv1x1_one", lambda x, w, b=0.0: layer(x, w[None, ::-1])[:, 0] + b),
    ("conv1x1_one", lambda x, w, b=0.0: (layer(x, w[None])[:, 0] + b).round(1)),
    ("conv1x1_one", lambda x, w, b=0.0: layer(x, w[None])[:, 0].astype(int) + b),
    ("conv1x1_one", lambda x, w, b=0.0: (layer(x, w[None])[:, 0] + b).tolist()),
    ("conv1x1_one", lambda x, w, b=0.0: layer(x, w[None])[:, 0] * (1 + b)),
    ("conv1x1_loops", lambda x, weight, bias=None: layer(x, weight, bias)[:, ::-1]),
    ("conv1x1_loops", lambda x, weight, bias=None: layer(x[::-1], weight, bias)),
    ("conv1x1_loops", lambda x, weight, bias=None: layer(x, weight)),
    ("conv1x1_loops", lambda x, weight, bias=None: layer(x, weight, bias) + 0 * x.sum() + (bias is None)),
    ("conv1x1_loops", lambda x, weight, bias=None: layer(np.ascontiguousarray(x).ravel().reshape(x.shape), weight) * 1),
    ("conv1x1_loops", lambda x, weight, bias=None: np.ma.masked_array(layer(x, weight, bias)) + 1),
    ("conv1x1_loops", lambda x, weight, bias=None: layer(x, weight, bias).astype("float16")),
    ("conv1x1_loops", lambda x, weight, bias=None: layer(np.asarray(x.tolist()).astype(int), weight, bias)),
    ("conv1x1_loops", remembers_the_first),
    ("check_shapes", lambda x, weight, bias=None: True),
    ("check_shapes", lambda x, weight, bias=None: layer(x, weight, bias)),
    ("check_shapes", asserts),
    ("check_shapes", lambda x, weight, bias=None: print("weight does not fit")),
    ("check_shapes", lambda x, weight, bias=None: shapes(x, weight, bias) or "fits"),
    ("check_shapes", lambda x, weight, bias=None: shapes(x, weight.T, bias)),
    ("check_shapes", lambda x, weight, bias=None: shapes(x, weight, None if bias is None else np.resize(bias, 5))),
]


@pytest.mark.parametrize(("name", "answer"), WRONG)
def test_near_misses_are_refused(name, answer):
    with pytest.raises(CheckFailed):
        check(answer, name)


class Layer:
    """A right answer that is an object."""

    def __call__(self, x, weight, bias=None):
        return np.stack([self.one(image, weight, bias) for image in x])

    def one(self, image, weight, bias):
        bias = np.zeros(len(weight)) if bias is None else bias
        rows = zip(weight, bias, strict=True)
        return np.stack([sum(w * m for w, m in zip(row, image, strict=True)) + b for row, b in rows])


def in_float32(x, weight, bias=None):
    bias = None if bias is None else bias.astype("f4")
    return layer(x.astype("f4"), weight.astype("f4"), bias)


def says_it_in_german(eingabe, gewicht, versatz=None):
    if gewicht.shape[1] != eingabe.shape[1]:
        raise ValueError("weight: C_in passt nicht")
    if versatz is not None and versatz.size != gewicht.shape[0]:
        raise ValueError("bias: Länge passt nicht")


RIGHT = [
    ("conv1x1_one", lambda x, w, b=0.0: b + np.tensordot(w, x, axes=(0, 1))),
    ("conv1x1_one", lambda x, w, b=0.0: sum(w[c] * x[:, c] for c in range(len(w))) + b),
    ("conv1x1_one", lambda *args: convs.pointwise(args[0], args[1][None])[:, 0] + (args[2] if len(args) > 2 else 0)),
    ("conv1x1_loops", Layer()),
    ("conv1x1_loops", functools.partial(layer)),
    ("conv1x1_loops", in_float32),
    ("conv1x1_loops", lambda x, weight, bias=None: np.asfortranarray(layer(x, weight, bias))),
    ("check_shapes", says_it_in_german),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_styles_are_accepted(name, answer):
    check(answer, name)


def test_the_maps_of_the_lesson_are_ten_signed_ones():
    maps = data.feature_maps()
    assert maps.shape == (1, 10, 48, 72)
    assert maps.min() < 0 < maps.max()
