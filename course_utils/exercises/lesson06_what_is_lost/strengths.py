"""Inputs whose channels hold as much as one wishes, and what of it is rounding."""

import numpy as np

from course_utils.exercises import inputs

ROUNDING = 1e-10  # a share of the variance that is nothing but rounding


def with_strengths(rng, strengths, n, c, h, w):
    """x (n, c, h, w) with the given singular values once the channel means are removed; the means are large.

    >>> from course_utils.experiments import reduction
    >>> x = with_strengths(np.random.default_rng(0), [3.0, 1.0], 2, 5, 3, 4)
    >>> np.linalg.svd(reduction.centred(x), compute_uv=False).round(6)
    array([3., 1., 0., 0., 0.])
    """
    pixels = rng.standard_normal((n * h * w, len(strengths)))
    pixels, _ = np.linalg.qr(pixels - pixels.mean(axis=0))
    channels, _ = np.linalg.qr(rng.standard_normal((c, len(strengths))))
    columns = channels * strengths @ pixels.T + inputs.signed(rng, c)[:, None]
    return columns.reshape(c, n, h, w).transpose(1, 0, 2, 3)
