"""How much of x survives a reduction of its channels: the best linear decoder, and the best there is to decode from.

x is (N, C, H, W), `weight` (m, C). The mean of each channel is removed throughout: a decoder with a bias puts it back.
"""

import numpy as np

from course_utils.base.errors import CourseError


def centred(x):
    """The channels of x as rows of pixels, (C, N·H·W), each with its mean removed.

    >>> centred(np.array([[[[1.0, 3.0]], [[5.0, 5.0]]]]))
    array([[-1.,  1.],
           [ 0.,  0.]])
    >>> centred(np.full((1, 2, 1, 3), 0.1)).any()     # exactly 0 where all pixels are alike
    np.False_
    """
    x = np.asarray(x, float)
    if x.ndim != 4:
        raise CourseError(f"centred: x has shape {x.shape}, expected four axes (N, C, H, W).")
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns[:, :1]
    return columns - columns.mean(axis=1, keepdims=True)


def restored(x, weight):
    """x as the best linear decoder with a bias restores it from the m channels that `weight` makes of it.

    >>> x = np.array([[[[2.0, 2, -2, -2]], [[1.0, -1, 1, -1]]]])
    >>> restored(x, np.array([[1.0, 0.0]])).reshape(2, 4).round(9).tolist()     # nothing is known of channel 1
    [[2.0, 2.0, -2.0, -2.0], [0.0, 0.0, 0.0, 0.0]]
    """
    columns = centred(x)
    n, c, h, w = np.shape(x)
    seen = _seen(columns, weight)
    back = (columns @ seen.T) @ seen + np.mean(x, axis=(0, 2, 3))[:, None]
    return back.reshape(c, n, h, w).transpose(1, 0, 2, 3)


def share_lost(x, weight):
    """The share of the variance of x that no linear decoder brings back from `weight`'s channels: 0 to 1.

    >>> x = np.array([[[[2.0, 2, -2, -2]], [[1.0, -1, 1, -1]]]])     # variances 4 and 1, uncorrelated
    >>> round(share_lost(x, np.array([[1.0, 0.0]])), 9)
    0.2
    """
    columns = centred(x)
    seen = _seen(columns, weight)
    return float(((columns - (columns @ seen.T) @ seen) ** 2).sum() / (columns**2).sum())


def principal(x):
    """The principal directions of the channels of x as rows, (C, C), and the share of the variance along each.

    >>> directions, shares = principal(np.array([[[[2.0, 2, -2, -2]], [[1.0, -1, 1, -1]]]]))
    >>> abs(directions).round(9).tolist(), shares.round(9).tolist()
    ([[1.0, 0.0], [0.0, 1.0]], [0.8, 0.2])
    """
    columns = centred(x)
    variances, directions = np.linalg.eigh(columns @ columns.T)
    variances = np.maximum(variances[::-1], 0)
    return directions.T[::-1], variances / variances.sum()


def _seen(columns, weight):
    """Orthonormal rows of pixels that span the outputs of `weight`: what a linear decoder can build from."""
    weight = np.asarray(weight, float)
    if weight.ndim != 2 or weight.shape[1] != len(columns):
        raise CourseError(f"weight has shape {weight.shape}, expected (m, {len(columns)}): a column per channel of x.")
    outputs = weight @ columns
    sizes = np.linalg.norm(outputs, axis=1)
    told = sizes > 1e-12 * np.linalg.norm(weight, axis=1) * np.linalg.norm(columns)  # the others are rounding
    _, strengths, rows = np.linalg.svd(outputs[told] / sizes[told, None], full_matrices=False)
    return rows[strengths > 1e-10 * strengths.max(initial=0)]
