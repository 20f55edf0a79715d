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


def refuses(bad_weight, bad_bias):
    """A shape checker made of two conditions."""

    def checker(x, weight, bias=None):
        if bad_weight(x, weight):
            raise ValueError("weight does not fit")
        if bias is not None and bad_bias(x, weight, bias):
            raise ValueError("bias does not fit")

    return checker


def other_c_in(x, weight):
    return weight.shape[1] != x.shape[1]


def other_c_out(x, weight, bias):
    return len(bias) != len(weight)


def says_both(x, weight, bias=None):
    if other_c_in(x, weight) or bias is not None and other_c_out(x, weight, bias):
        raise ValueError("weight or bias does not fit")


def leaves_it_to_numpy(x, weight, bias=None):
    layer(x, weight, bias)


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
    ("check_shapes", leaves_it_to_numpy),
    ("check_shapes", says_both),
    ("check_shapes", refuses(lambda x, weight: weight.shape[1] < x.shape[1], other_c_out)),
    ("check_shapes", refuses(lambda x, weight: weight.shape[1] not in (1, x.shape[1]), other_c_out)),
    ("check_shapes", refuses(lambda x, weight: weight.shape[1] not in x.shape[:2], other_c_out)),
    ("check_shapes", refuses(lambda x, weight: x.shape[1] not in weight.shape, other_c_out)),
    ("check_shapes", refuses(lambda x, weight: weight.size % x.shape[1], other_c_out)),
    ("check_shapes", refuses(other_c_in, lambda x, weight, bias: len(bias) > len(weight))),
    ("check_shapes", refuses(other_c_in, lambda x, weight, bias: len(bias) < len(weight))),
    ("check_shapes", refuses(other_c_in, lambda x, weight, bias: len(bias) % len(weight))),
    ("check_shapes", refuses(other_c_in, lambda x, weight, bias: len(bias) not in (*weight.shape,))),
    *(
        (
            "check_shapes",
            refuses(other_c_in, lambda x, weight, bias, axis=axis: len(bias) not in (len(weight), x.shape[axis])),
        )
        for axis in range(4)
    ),
    ("check_shapes", lambda x, weight, bias=None: print("weight does not fit")),
    ("check_shapes", lambda x, weight, bias=None: shapes(x, weight, bias) or "fits"),
    ("check_shapes", lambda x, weight, bias=None: shapes(x, weight.T, bias)),
    ("check_shapes", lambda x, weight, bias=None: shapes(x, weight, None if bias is None else np.resize(bias, 5))),
]


@pytest.mark.parametrize(("name", "answer"), WRONG)
def test_near_misses_are_refused(name, answer):
    with pytest.raises(CheckFailed):
        check(answer, name)


def forgets_to_return(x, weight, bias=None):
    layer(x, weight, bias)


def keeps_only_the_first_map(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    y[:, 0] = layer(x, weight, bias)[:, 0]
    return y


def repeats_the_first_image(x, weight, bias=None):
    return np.repeat(layer(x, weight, bias)[:1], len(x), axis=0)


def fills_an_answer_like_x(x, weight, bias=None):
    y = np.zeros_like(x)
    for o in range(len(weight)):
        y[:, o] = layer(x, weight, bias)[:, o]
    return y


READABLE = [
    ("conv1x1_loops", forgets_to_return, "Is a `return` missing?"),
    ("conv1x1_loops", keeps_only_the_first_map, "only where c_out = 0 all are right"),
    ("conv1x1_loops", repeats_the_first_image, "all of them where n = 1"),
    ("conv1x1_loops", fills_an_answer_like_x, "index 3 is out of bounds for axis 1 with size 3"),
    ("conv1x1_loops", lambda x, weight, bias=None: layer(x, weight, bias) * 2, "the expected ones times 2, everywhere"),
    (
        "conv1x1_loops",
        lambda x, weight, bias=None: layer(x, weight, bias)[:, :, ::-1],
        "right numbers, with the axis h back to front",
    ),
    (
        "check_shapes",
        lambda x, weight, bias=None: other_c_in(x, weight),
        "what happens: a bool is returned; expected: nothing is raised.",
    ),
    ("check_shapes", says_both, "a ValueError that begins with weight; expected: a ValueError that begins with bias."),
    ("check_shapes", leaves_it_to_numpy, "Something is raised, but no ValueError"),
]


@pytest.mark.parametrize(("name", "answer", "words"), READABLE)
def test_what_is_wrong_is_said_in_words(name, answer, words):
    with pytest.raises(CheckFailed) as failure:
        check(answer, name)
    assert words in str(failure.value)


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


def one_test_with_an_arrow(x, weight, bias=None):
    needed = {
        "weight": (x.shape[1], weight.shape[1]),
        "bias": (len(weight), len(weight) if bias is None else len(bias)),
    }
    for argument, (wanted, given) in needed.items():
        if wanted != given:
            raise ValueError(f"{argument}: {given} -> {wanted}")


class ShapeError(ValueError):
    """A learner's own kind of ValueError."""


def own_kind_of_error(x, weight, bias=None):
    if other_c_in(x, weight):
        raise ShapeError("Weight and x differ in C_in")
    if bias is not None and other_c_out(x, weight, bias):
        raise ShapeError("BIAS has the wrong length for this weight")


RIGHT = [
    ("conv1x1_one", lambda x, w, b=0.0: b + np.tensordot(w, x, axes=(0, 1))),
    ("conv1x1_one", lambda x, w, b=0.0: sum(w[c] * x[:, c] for c in range(len(w))) + b),
    ("conv1x1_one", lambda *args: convs.pointwise(args[0], args[1][None])[:, 0] + (args[2] if len(args) > 2 else 0)),
    ("conv1x1_loops", Layer()),
    ("conv1x1_loops", functools.partial(layer)),
    ("conv1x1_loops", in_float32),
    ("conv1x1_loops", lambda x, weight, bias=None: np.asfortranarray(layer(x, weight, bias))),
    ("check_shapes", says_it_in_german),
    ("check_shapes", one_test_with_an_arrow),
    ("check_shapes", own_kind_of_error),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_styles_are_accepted(name, answer):
    check(answer, name)


def test_the_maps_of_the_lesson_are_ten_signed_ones():
    maps = data.feature_maps()
    assert maps.shape == (1, 10, 48, 72)
    assert maps.min() < 0 < maps.max()
