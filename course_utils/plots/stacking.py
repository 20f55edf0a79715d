"""Figures of stacked layers: their matrices, what a network says about two channels, how often training succeeds."""

from collections.abc import Callable, Sequence

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from course_utils.base.errors import CourseError
from course_utils.plots.channels import scale
from course_utils.plots.figure import FIRST, SECOND, SIGNED, figure, plain_axes

GRID = 61  # values of each channel that a plane is drawn from
LYING = {"orientation": "horizontal"} if matplotlib.__version_info__ >= (3, 10) else {"vert": False}  # in the browser


def to_scale(matrices: Sequence[np.ndarray], titles: Sequence[str]) -> Figure:
    """Matrices side by side, a square of the same size for each number: blue below zero, white at zero, orange above.

    >>> fig = to_scale([np.eye(4), np.ones((2, 4))], ["four outputs", "two outputs"])
    """
    if len(matrices) != len(titles):
        raise CourseError(f"to_scale: {len(matrices)} matrices and {len(titles)} titles; give each one title.")
    shapes = [np.shape(matrix) for matrix in matrices]
    columns, rows = sum(columns for _, columns in shapes), max(rows for rows, _ in shapes)
    unit = min(0.2, 8 / columns, 4 / rows)
    fig = figure(unit * columns + 1.2 * len(matrices), unit * rows + 0.5)
    spots = fig.subplots(1, len(matrices), squeeze=False, width_ratios=[unit * c + 1 for _, c in shapes])[0]
    for axes, matrix, title in zip(spots, matrices, titles, strict=True):
        axes.imshow(matrix, **scale(np.asarray(matrix), signed=True))
        axes.set_title(title, fontsize=10)
        axes.set_anchor("N")
        plain_axes(axes)
    return fig


def planes(functions: Sequence[Callable], titles: Sequence[str], points: np.ndarray, targets: np.ndarray) -> Figure:
    """What functions of a pixel's two channels say, one square each: blue is 0, white one half, orange 1.

    >>> fig = planes([lambda pixels: pixels[:, 0]], ["channel 0"], points=[[0, 0], [1, 1]], targets=[0, 1])

    A function takes pixels (P, 2) and returns P numbers. `points` are marked with their `targets`, 0 or 1; the black
    line is where the function is one half.
    """
    if len(functions) != len(titles):
        raise CourseError(f"planes: {len(functions)} functions and {len(titles)} titles; give each one title.")
    along = np.linspace(-0.3, 1.3, GRID)
    a, b = np.meshgrid(along, along)
    fig = figure(3.1 * len(functions), 3.2)
    for axes, function, title in zip(fig.subplots(1, len(functions), squeeze=False)[0], functions, titles, strict=True):
        said = np.asarray(function(np.column_stack([a.ravel(), b.ravel()]))).reshape(a.shape)
        axes.pcolormesh(a, b, said, cmap=SIGNED, vmin=-0.25, vmax=1.25, shading="nearest", rasterized=True)
        if said.min() < 0.5 - 1e-6 and said.max() > 0.5 + 1e-6:
            axes.contour(a, b, said, levels=[0.5], colors="black", linewidths=1.5)
        for (x, y), target in zip(points, targets, strict=True):
            axes.plot(x, y, "o", markersize=19, color="white", markeredgecolor="black")
            axes.text(x, y, f"{target:.0f}", ha="center", va="center", fontsize=11)
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("channel a")
        axes.set_xticks([0, 1])
        axes.set_yticks([0, 1])
        axes.set_aspect("equal")
    fig.axes[0].set_ylabel("channel b")
    return fig


def successes(widths: Sequence[int], counts: Sequence[int], runs: int) -> Figure:
    """How many of `runs` training runs ended well, one bar a number of hidden channels.

    >>> fig = successes([1, 2], [0, 9], runs=20)
    """
    fig = figure(6.5, 2.8)
    axes = fig.subplots()
    bars = axes.bar([str(width) for width in widths], counts, color=FIRST, width=0.7)
    axes.bar_label(bars, padding=2, fontsize=10)
    axes.axhline(runs, color=SECOND, linestyle="dashed", linewidth=1.5)
    axes.set_ylim(0, 1.15 * runs)
    axes.set_xlabel("hidden channels")
    axes.set_ylabel(f"solved, of {runs} starts")
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def spreads(stacks: Sequence[np.ndarray], titles: Sequence[str]) -> Figure:
    """The spread of each channel over images and pixels, one panel a stack (N, C, H, W): the middle 98 % as a box plot.

    >>> fig = spreads([np.random.default_rng(0).normal(size=(2, 3, 4, 5))], ["three channels"])
    """
    fig = figure(9, 2.9)
    for axes, stack, title in zip(fig.subplots(1, len(stacks), squeeze=False)[0], stacks, titles, strict=True):
        channels = np.moveaxis(np.asarray(stack), 1, 0).reshape(np.shape(stack)[1], -1)
        axes.boxplot(
            list(channels),
            **LYING,
            whis=(1, 99),
            showfliers=False,
            widths=0.6,
            medianprops={"color": SECOND, "linewidth": 2},
        )
        axes.axvline(0, color="#999999", linewidth=1)
        axes.set_yticklabels([f"o = {o}" for o in range(len(channels))])
        axes.invert_yaxis()
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("value")
        axes.spines[["top", "right"]].set_visible(False)
    return fig
