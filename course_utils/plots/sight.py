"""Figures about what a layer sees: receptive fields, the taps of a kernel, a layer as one big matrix."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from course_utils.base.errors import CourseError
from course_utils.plots.card import DRAWING
from course_utils.plots.channels import scale
from course_utils.plots.figure import FIRST, SECOND, figure, plain_axes

SEEN = ListedColormap(["#eef3f7", SECOND])
TAPS_SHOWN = 6  # output and input channels of a kernel that are drawn


def receptive_fields(seen: Sequence[np.ndarray], titles: Sequence[str]) -> Figure:
    """Which pixels of the input (H, W) reach one output value, one grid a stack of layers; the centre has a ring.

    >>> fig = receptive_fields([np.eye(5) > 0], titles=["a diagonal"])
    """
    if len(seen) != len(titles):
        raise CourseError(f"receptive_fields: {len(titles)} titles for {len(seen)} grids; give one title a grid.")
    fig = figure(9, 9 / len(seen) + 0.5)
    for axes, grid, title in zip(np.atleast_1d(fig.subplots(1, len(seen))), seen, titles, strict=True):
        height, width = grid.shape
        axes.imshow(grid, cmap=SEEN, vmin=0, vmax=1, gid=DRAWING)
        for line in range(1, height):
            axes.axhline(line - 0.5, color="white", linewidth=0.8)
        for line in range(1, width):
            axes.axvline(line - 0.5, color="white", linewidth=0.8)
        axes.plot(width // 2, height // 2, "o", color="black", markerfacecolor="none", markersize=6)
        axes.set_title(f"{title}\n{int(grid.sum())} seen", fontsize=10)
        plain_axes(axes)
    return fig


def taps(weight: np.ndarray) -> Figure:
    """The k×k slices of a convolution (C_out, C_in, k, k) with their numbers: one row per output, one column per input.

    >>> fig = taps(np.arange(18.0).reshape(1, 2, 3, 3) - 9)
    """
    weight = np.asarray(weight, float)
    if weight.ndim != 4:
        raise CourseError(f"taps: weight has shape {weight.shape}, expected (C_out, C_in, k, k).")
    weight = weight[:TAPS_SHOWN, :TAPS_SHOWN]
    rows, columns = weight.shape[:2]
    fig = figure(1.55 * columns + 0.4, 1.6 * rows + 0.3)
    colours = scale(weight, signed=True)
    for (o, c), axes in np.ndenumerate(fig.subplots(rows, columns, squeeze=False)):
        axes.imshow(weight[o, c], **colours)
        for (i, j), value in np.ndenumerate(weight[o, c]):
            ink = "white" if abs(value) > 0.6 * colours["vmax"] else "black"
            axes.text(j, i, f"{value:.2g}", ha="center", va="center", fontsize=9, color=ink)
        axes.set_title(f"o = {o}, c = {c}", fontsize=9)
        plain_axes(axes)
    return fig


def layers_as_matrices(matrices: Sequence[np.ndarray], titles: Sequence[str]) -> Figure:
    """Layers as matrices from all input numbers (columns) to all output numbers (rows); white is zero.

    >>> fig = layers_as_matrices([np.eye(4)], titles=["one to one"])
    """
    fig = figure(9, 9 / len(matrices) + 0.7)
    for axes, matrix, title in zip(np.atleast_1d(fig.subplots(1, len(matrices))), matrices, titles, strict=True):
        axes.imshow(matrix, **scale(matrix, signed=True))
        different = len(np.unique(matrix[matrix != 0]))
        axes.set_title(f"{title}\n{np.count_nonzero(matrix):,} not zero, {different:,} different", fontsize=10)
        plain_axes(axes)
        axes.set_xlabel("number of the input", fontsize=9)
    fig.axes[0].set_ylabel("number of the output", fontsize=9)
    return fig


def paired_accuracy(results: Mapping[str, Sequence[float]], chance: float = 0.5) -> Figure:
    """Accuracy of several kinds of network as dots, one a repetition, above their names; `results` is name -> list.

    >>> fig = paired_accuracy({"coin": [0.4, 0.6], "oracle": [1.0, 1.0]})
    """
    fig = figure(6.5, 2.8)
    axes = fig.subplots()
    axes.axhline(chance, color="black", linewidth=1, linestyle="--")
    axes.text(len(results) - 0.55, chance, "chance", ha="right", va="bottom", fontsize=9)
    for x, (scores, colour, marker) in enumerate(zip(results.values(), (FIRST, SECOND), "os", strict=False)):
        spread = np.linspace(-0.12, 0.12, len(scores))
        axes.plot(x + spread, scores, marker, color=colour, markersize=8)
        axes.text(x, max(scores) + 0.06, f"mean {np.mean(scores):.2f}", ha="center", fontsize=10)
    axes.set_xticks(range(len(results)), results)
    axes.set_xlim(-0.5, len(results) - 0.5)
    axes.set_ylim(0, 1.12)
    axes.set_ylabel("accuracy, new photos")
    axes.spines[["top", "right"]].set_visible(False)
    return fig
