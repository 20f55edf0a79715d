"""Lesson 04: what its text claims, its widget, and answers that nobody catalogued."""

import numpy as np
import pytest

from course_utils import widgets
from course_utils.base.errors import CourseError
from course_utils.bench import numpy_forms
from course_utils.checking.judge import judge
from course_utils.exercises import find, inputs
from course_utils.plots import matrix

ADDRESSES = np.tensordot([1000, 100, 10, 1], np.indices((2, 3, 2, 2)), 1)  # the digits of a number are its index


# ---- what the text claims -------------------------------------------------------------------------------------------


def test_reshape_alone_is_right_for_one_image_and_never_for_two():
    right = find("pixels_as_columns").oracle
    np.testing.assert_array_equal(ADDRESSES[:1].reshape(3, -1), right(ADDRESSES[:1]))
    assert (ADDRESSES.reshape(3, -1) != right(ADDRESSES)).any(axis=0).all()


def test_the_figure_frames_exactly_the_columns_that_mix_pixels():
    right = find("pixels_as_columns").oracle(ADDRESSES)
    wrong = right.copy()
    wrong[1, 3], wrong[1, 4] = right[1, 4], right[1, 3]
    titles = [axes.get_title(loc="left") for axes in matrix.addresses({"a": right, "b": wrong}).axes]
    assert titles == ["a:  every column is one pixel", "b:  2 of 8 columns mix pixels"]
    assert "8 of 8" in matrix.addresses({"c": right[::-1]}).axes[0].get_title(loc="left")  # channels out of order


def test_the_cut_matrix_lays_two_photos_over_each_other():
    photos = inputs.signed(np.random.default_rng(0), 2, 3, 4, 5)
    cut = find("pixels_as_columns").oracle(photos).reshape(2, 3, 4, 5)
    np.testing.assert_array_equal(cut[0], [photos[0, 0], photos[1, 0], photos[0, 1]])


# ---- the widget -----------------------------------------------------------------------------------------------------


def make_linker():
    return widgets.column_linker(np.random.default_rng(0).random((2, 3, 8, 12)))


def test_the_linker_tells_the_cells_and_where_no_pixel_is_whole():
    linker = make_linker()
    linker.index = [1, 4, 7]
    assert linker.cells == [(0, 151), (1, 151), (2, 151)]
    assert "row 2, column 151" in linker.as_text()
    linker.method = "reshape alone"
    for n, i, j in np.ndindex(2, 8, 12):
        linker.index = [n, i, j]
        assert len({column for _, column in linker.cells}) > 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: widgets.column_linker(np.zeros((3, 4, 5))), "expected four axes"),
        (lambda: widgets.column_linker(np.zeros((2, 3, 40, 50))), "at most 4 images, 4 channels and 400 pixels"),
        (
            lambda: widgets.column_linker(np.zeros((1, 3, 4, 5)), method="transpose"),
            "expected one of transpose first, reshape alone",
        ),
        (lambda: setattr(make_linker(), "index", [2, 0, 0]), "image is 2, expected a whole number from 0 to 1"),
        (lambda: matrix.product(np.ones((2, 3)), np.ones((4, 8)), np.ones((2, 8))), "do not fit"),
    ],
)
def test_bad_input_is_named(wrong, sentence):
    with pytest.raises(CourseError, match=sentence):
        wrong()


# ---- answers nobody catalogued --------------------------------------------------------------------------------------


def with_bias(y, bias):
    return y if bias is None else y + bias[:, None, None]


def first_two_images(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    y[:2] = with_bias(np.einsum("oc,nchw->nohw", weight, x[:2]), bias)
    return y


def remembers_the_weight(x, weight, bias=None, first=[]):  # noqa: B006 - the mistake
    first.append(weight)
    kept = first[0] if first[0].shape == weight.shape else weight
    return with_bias(np.einsum("oc,nchw->nohw", kept, x), bias)


def writes_into_x(x, weight, bias=None):
    y = with_bias(np.einsum("oc,nchw->nohw", weight, x), bias)
    x[:] = 0
    return y


def normalised(x, weight, bias=None):
    return with_bias(np.einsum("oc,nchw->nohw", weight / np.abs(weight).sum(axis=1, keepdims=True), x), bias)


WRONG_LAYERS = [
    first_two_images,
    remembers_the_weight,
    writes_into_x,
    normalised,
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", weight, x), bias).tolist(),
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", weight, x), bias).astype(int),
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", weight, x), bias)[::-1],
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", weight, x).clip(0), bias),
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", -weight, x), bias),
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", weight, x), None if bias is None else -bias),
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", weight, x), None if bias is None else bias[::-1]),
    lambda x, weight, bias=None: with_bias(
        np.einsum("oc,nchw->nohw", weight, x), None if bias is None else bias.sum(keepdims=True)
    ),
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", weight[:, ::-1], x), bias),
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", weight, x), bias).squeeze(),
    lambda x, weight, bias=None: with_bias(np.einsum("oc,nchw->nohw", weight, x), bias) + 0j,
]


@pytest.mark.parametrize("name", ["conv1x1_matmul", "conv1x1_einsum"])
@pytest.mark.parametrize("answer", WRONG_LAYERS)
def test_wrong_layers_are_refused(name, answer):
    verdict = judge(find(name), answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert len(verdict.headline) < 300


def padded(x):
    return np.hstack([find("pixels_as_columns").oracle(x), np.zeros((x.shape[1], 1))])


WRONG_COLUMNS = [
    padded,
    lambda x: x,
    lambda x: x.transpose(1, 0, 2, 3),
    lambda x: find("pixels_as_columns").oracle(x)[::-1],
    lambda x: find("pixels_as_columns").oracle(x[::-1]),
    lambda x: find("pixels_as_columns").oracle(x)[:, ::-1],
    lambda x: np.sort(find("pixels_as_columns").oracle(x), axis=1),
    lambda x: find("pixels_as_columns").oracle(x).astype(np.float16),
    lambda x: x.transpose(1, 2, 0, 3).reshape(x.shape[1], -1),
]


@pytest.mark.parametrize("answer", WRONG_COLUMNS)
def test_wrong_columns_are_refused(answer):
    assert judge(find("pixels_as_columns"), answer).outcome in ("wrong", "crashed")


WRONG_WAYS_BACK = [
    lambda cols, n, h, w: cols,
    lambda cols, n, h, w: cols.reshape(-1, n, h, w).transpose(1, 0, 3, 2),
    lambda cols, n, h, w: cols.reshape(3, n, h, w).transpose(1, 0, 2, 3),  # three channels, always
    lambda cols, n, h, w: cols.reshape(-1, n, h, w).transpose(1, 0, 2, 3)[:1],
    lambda cols, n, h, w: cols.reshape(-1, h, n, w).transpose(2, 0, 1, 3),
    lambda cols, n, h, w: cols.reshape(-1, n, h, w).transpose(1, 0, 2, 3).tolist(),
]


@pytest.mark.parametrize("answer", WRONG_WAYS_BACK)
def test_wrong_ways_back_are_refused(answer):
    assert judge(find("columns_as_pixels"), answer).outcome in ("wrong", "crashed")


# ---- right answers in other styles ----------------------------------------------------------------------------------


def in_single_precision(x, weight, bias=None):
    return with_bias(np.einsum("oc,nchw->nohw", weight.astype("f4"), x.astype("f4")), bias)


def in_five_loops(x, weight, bias=None):
    return numpy_forms.lesson_function("conv1x1_loops")(x, weight, bias)


def with_a_channel_of_ones(x, weight, bias=None):
    bias = np.zeros(len(weight)) if bias is None else bias
    ones = np.ones((len(x), 1, *x.shape[2:]))
    return np.tensordot(np.column_stack([weight, bias]), np.concatenate([x, ones], axis=1), (1, 1)).swapaxes(0, 1)


def list_of_images(x, weight, bias=None):
    return np.array([with_bias(np.tensordot(weight, image, 1), bias) for image in x])


def sum_of_products(x, weight, bias=None):
    return with_bias((weight[None, :, :, None, None] * x[:, None]).sum(axis=2), bias)


@pytest.mark.parametrize("name", ["conv1x1_matmul", "conv1x1_einsum"])
@pytest.mark.parametrize(
    "answer", [in_single_precision, in_five_loops, with_a_channel_of_ones, list_of_images, sum_of_products]
)
def test_right_layers_in_other_styles_are_accepted(name, answer):
    assert judge(find(name), answer).outcome == "correct"
