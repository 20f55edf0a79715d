"""Pictures of weights: signed bars, and the whole matrix with its numbers."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.base.errors import CourseError
from course_utils.plots.channels import scale
from course_utils.plots.figure import NEGATIVE, POSITIVE, figure, plain_axes


def weight_bars(weights: ArrayLike, names: Sequence[str] | None = None, bias: float | None = None) -> Figure:
    """Signed weights as bars that start at zero, one a channel, each with its number.

    >>> fig = weight_bars([0.299, 0.587, 0.114], names=["red", "green", "blue"])
    """
    weights = np.asarray(weights, float)
    if weights.ndim != 1:
        raise CourseError(f"weight_bars: weights has shape {weights.shape}, expected (C_in,): one output.")
    names = [f"c = {c}" for c in range(len(weights))] if names is None else list(names)[: len(weights)]
    values = weights if bias is None else np.append(weights, bias)
    names = names if bias is None else [*names, "bias"]
    fig = figure(6.5, 0.34 * len(values) + 0.7)
    axes = fig.subplots()
    bars = axes.barh(names, values, color=[POSITIVE if value >= 0 else NEGATIVE for value in values], height=0.7)
    axes.bar_label(bars, [f"{value:+.3g}" for value in values], padding=4, fontsize=10)
    axes.axvline(0, color="black", linewidth=1)
    axes.margins(x=0.15)
    axes.invert_yaxis()
    axes.set_xlabel("weight")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return fig


def weight_matrix(weight: np.ndarray) -> Figure:
    """A weight matrix (C_out, C_in) with its numbers: one row per output channel, one column per input channel.

    >>> fig = weight_matrix(np.array([[0.5, -1.0, 0.25]]))
    """
    weight = np.asarray(weight, float)
    if weight.ndim != 2:
        raise CourseError(f"weight_matrix: weight has shape {weight.shape}, expected (C_out, C_in).")
    rows, columns = weight.shape
    fig = figure(min(9, 0.8 * columns + 1.2), 0.5 * rows + 0.8)
    axes = fig.subplots()
    colours = scale(weight, signed=True)
    axes.imshow(weight, aspect="auto", **colours)
    for (o, c), value in np.ndenumerate(weight):
        ink = "white" if abs(value) > 0.6 * colours["vmax"] else "black"
        axes.text(c, o, f"{value:.2g}", ha="center", va="center", fontsize=10, color=ink)
    plain_axes(axes)
    axes.set_xticks(range(columns), range(columns))
    axes.set_yticks(range(rows), range(rows))
    axes.set_xlabel("c: input channel")
    axes.set_ylabel("o: output channel")
    return fig
