"""Figures about tokens: which token hands something to which, and how much of the work is done token by token."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from course_utils.base.errors import CourseError
from course_utils.plots.channels import scale
from course_utils.plots.figure import FIRST, SECOND, figure


def mixing(matrices: Sequence[np.ndarray], titles: Sequence[str]) -> Figure:
    """How much each token (column) gives to each token (row), a T × T matrix a layer; white is nothing.

    >>> fig = mixing([np.eye(4)], ["a 1×1"])
    """
    if len(matrices) != len(titles):
        raise CourseError(f"mixing: {len(titles)} titles for {len(matrices)} matrices; give one title a matrix.")
    fig = figure(9, 9 / max(3, len(matrices)) + 0.5)
    for axes, matrix, title in zip(np.atleast_1d(fig.subplots(1, len(matrices))), matrices, titles, strict=True):
        axes.imshow(matrix, **scale(np.asarray(matrix, float), signed=True))
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("gives: token", fontsize=9)
        axes.set_ylabel("receives: token", fontsize=9)
        axes.set_xticks(range(0, len(matrix), 5))
        axes.set_yticks(range(0, len(matrix), 5))
        axes.tick_params(labelsize=8)
    return fig


def share_by_length(tokens: Sequence[int], shares: Sequence[float], marked: Mapping[str, int]) -> Figure:
    """The share of token-wise work for each length of the text; `marked` names some lengths, `{name: tokens}`.

    >>> fig = share_by_length([1, 10, 100], [1.0, 0.9, 0.5], {"short": 10})
    """
    fig = figure(8, 3.2)
    axes = fig.subplots()
    axes.plot(tokens, shares, color=FIRST, linewidth=2)
    for name, length in marked.items():
        share = float(np.interp(np.log(length), np.log(tokens), shares))
        axes.plot([length], [share], "o", color=SECOND, markersize=7)
        said = f"{name}, {length:,} tokens: {share:.1%}"
        axes.annotate(said, (length, share), (6, 6), textcoords="offset points", fontsize=9)
    axes.axhline(0.5, color="#555555", linestyle=(0, (4, 3)), linewidth=1.2)
    axes.set_xscale("log", base=2)
    axes.set_ylim(0, 1.12)
    axes.set_xlabel("tokens (each tick: four times as many)")
    axes.set_ylabel("share of multiply-adds\ndone token by token")
    axes.spines[["top", "right"]].set_visible(False)
    return fig
