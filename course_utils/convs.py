"""Reference convolutions in NumPy: x is (N, C_in, H, W), weight starts with (C_out, C_in), bias is (C_out,) or None.

They are written to be read and to be right, not to be fast.
"""

import numpy as np

from course_utils.base.errors import CourseError


def pointwise(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """A 1×1 convolution: apply the same C_in → C_out matrix at every pixel.

    >>> x = np.arange(6.0).reshape(1, 3, 1, 2)              # one image, three channels, 1×2 pixels
    >>> pointwise(x, np.array([[1.0, 1.0, -1.0]]))          # one output channel: first + second - third
    array([[[[-2., -1.]]]])
    """
    _fits(x, weight, bias, dims=2)
    return _plus_bias(np.einsum("oc,nchw->nohw", weight, x), bias)


def conv2d(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None, padding: int = 0, stride: int = 1
) -> np.ndarray:
    """A k×k convolution with a (C_out, C_in, k, k) weight, as networks compute it: the kernel is not flipped.

    >>> x = np.ones((1, 2, 3, 3))
    >>> conv2d(x, np.ones((1, 2, 3, 3)), padding=1)[0, 0]   # how many numbers each 3×3 window holds, two channels
    array([[ 8., 12.,  8.],
           [12., 18., 12.],
           [ 8., 12.,  8.]])

    `padding` zeros go around each map; the answer has (H + 2·padding - k) // stride + 1 rows.
    """
    _fits(x, weight, bias, dims=4)
    windows = _windows(x, weight.shape[2:], padding)[:, :, ::stride, ::stride]
    return _plus_bias(np.einsum("ocij,nchwij->nohw", weight, windows, optimize=True), bias)


def depthwise(x: np.ndarray, kernels: np.ndarray, padding: int = 0) -> np.ndarray:
    """One k×k kernel a channel, (C, k, k), and no sum over channels: channel c of the answer sees only channel c of x.

    >>> x = np.ones((1, 2, 3, 3))
    >>> depthwise(x, np.stack([np.ones((3, 3)), -np.ones((3, 3))]))
    array([[[[ 9.]],
    <BLANKLINE>
            [[-9.]]]])
    """
    if kernels.ndim != 3 or x.ndim != 4 or len(kernels) != x.shape[1]:
        raise CourseError(
            f"depthwise: kernels {kernels.shape} and x {x.shape} do not fit; expected (C, k, k) and (N, C, H, W)."
        )
    return np.einsum("cij,nchwij->nchw", kernels, _windows(x, kernels.shape[1:], padding))


def _fits(x, weight, bias, dims):
    """Refuse arrays that cannot be one layer, naming the axis that is wrong."""
    if x.ndim != 4:
        raise CourseError(f"x has shape {x.shape}, expected four axes (N, C_in, H, W).")
    if weight.ndim != dims:
        expected = "(C_out, C_in)" if dims == 2 else "(C_out, C_in, k, k)"
        raise CourseError(f"weight has shape {weight.shape}, expected {expected}.")
    if weight.shape[1] != x.shape[1]:
        raise CourseError(f"weight is made for C_in = {weight.shape[1]}, x has {x.shape[1]} channels (its axis 1).")
    if bias is not None and bias.shape != weight.shape[:1]:
        raise CourseError(f"bias has shape {bias.shape}, expected ({weight.shape[0]},): one number per output channel.")


def _plus_bias(y, bias):
    return y if bias is None else y + bias[:, None, None]


def _windows(x, size, padding):
    """The k×k neighbourhood of every pixel: (N, C, H_out, W_out, k, k), a view."""
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    if padded.shape[2] < size[0] or padded.shape[3] < size[1]:
        raise CourseError(
            f"a {size[0]}×{size[1]} kernel does not fit into {x.shape[2]}×{x.shape[3]} pixels, padding {padding}."
        )
    return np.lib.stride_tricks.sliding_window_view(padded, size, axis=(2, 3))
