"""The reference convolutions agree with PyTorch, which was written by others."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import convs
from course_utils.base.errors import CourseError

sizes = st.integers(1, 5)


def torch_says(x, weight, bias, **options):
    tensors = [None if array is None else torch.from_numpy(array) for array in (x, weight, bias)]
    return F.conv2d(*tensors, **options).numpy()


@given(n=sizes, c_in=sizes, c_out=sizes, h=sizes, w=sizes, with_bias=st.booleans(), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_pointwise_agrees_with_torch(n, c_in, c_out, h, w, with_bias, seed):
    rng = np.random.default_rng(seed)
    x, weight = rng.normal(size=(n, c_in, h, w)), rng.normal(size=(c_out, c_in))
    bias = rng.normal(size=c_out) if with_bias else None
    np.testing.assert_allclose(
        convs.pointwise(x, weight, bias), torch_says(x, weight[:, :, None, None], bias), atol=1e-12
    )


@given(k=st.sampled_from([1, 2, 3, 5]), padding=st.integers(0, 2), stride=st.integers(1, 3), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_conv2d_agrees_with_torch(k, padding, stride, seed):
    rng = np.random.default_rng(seed)
    x, weight, bias = rng.normal(size=(2, 3, 6, 7)), rng.normal(size=(4, 3, k, k)), rng.normal(size=4)
    np.testing.assert_allclose(
        convs.conv2d(x, weight, bias, padding, stride),
        torch_says(x, weight, bias, padding=padding, stride=stride),
        atol=1e-12,
    )


def test_depthwise_agrees_with_grouped_torch():
    rng = np.random.default_rng(0)
    x, kernels = rng.normal(size=(2, 3, 6, 7)), rng.normal(size=(3, 3, 3))
    expected = torch_says(x, kernels[:, None], None, padding=1, groups=3)
    np.testing.assert_allclose(convs.depthwise(x, kernels, padding=1), expected, atol=1e-12)


def test_inputs_are_left_as_they_were():
    x, weight, bias = np.ones((1, 2, 3, 3)), np.ones((4, 2)), np.ones(4)
    convs.pointwise(x, weight, bias)[:] = 7
    assert (x == 1).all() and (weight == 1).all() and (bias == 1).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: convs.pointwise(x[0], np.ones((4, 3))), r"x has shape \(3, 5, 6\), expected four axes"),
        (lambda x: convs.pointwise(x, np.ones((4, 3, 1, 1))), r"expected \(C_out, C_in\)"),
        (lambda x: convs.pointwise(x, np.ones((3, 4))), "C_in = 4, x has 3 channels"),
        (lambda x: convs.pointwise(x, np.ones((4, 3)), np.ones(1)), r"bias has shape \(1,\), expected \(4,\)"),
        (lambda x: convs.conv2d(x, np.ones((4, 3, 9, 9))), "a 9×9 kernel does not fit into 5×6 pixels"),
        (lambda x: convs.depthwise(x, np.ones((2, 3, 3))), "depthwise: kernels"),
    ],
)
def test_arrays_that_do_not_fit_are_named(call, message):
    with pytest.raises(CourseError, match=message):
        call(np.ones((2, 3, 5, 6)))
