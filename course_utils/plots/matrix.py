"""Figures of lessons 04 and 04b: where numbers go when an array is cut anew, a layer as one product, stains, speeds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_utils.base.errors import CourseError
from course_utils.plots.channels import scale
from course_utils.plots.figure import FIRST, SECOND, figure, plain_axes

TINTS = ("#cfe6e1", "#f4dcea", "#efe6c4", "#e2def5")  # one an image; the digits tell it too
BLACK = 1e-6  # light below this counts as none


def batch_addresses(x: np.ndarray) -> Figure:
    """The maps of a batch (N, C, H, W) of addresses, whole numbers whose digits are n, c, i, j; one row per image.

    >>> n, c, i, j = np.indices((2, 3, 2, 2))
    >>> fig = batch_addresses(1000 * n + 100 * c + 10 * i + j)
    """
    images, channels, h, w = np.shape(x)
    fig = figure(9, images * (0.42 * h + 0.35))
    for (n, c), axes in np.ndenumerate(fig.subplots(images, channels, squeeze=False)):
        _numbers(axes, x[n, c])
        axes.set_title(f"x[{n}, {c}]", fontsize=10)
    return fig


def addresses(matrices: Mapping[str, np.ndarray]) -> Figure:
    """Matrices of addresses, `{title: matrix}`, one above the other; columns that are no single pixel are framed.

    >>> fig = addresses({"cut anew": np.array([[0, 1], [100, 1001]])})

    A column is a pixel if its numbers stand in the order of the channels and agree in all other digits.
    """
    rows = [len(matrix) for matrix in matrices.values()]
    fig = figure(9, 0.36 * sum(rows) + 0.42 * len(rows))
    grid = fig.subplots(len(rows), 1, squeeze=False, height_ratios=rows)[:, 0]
    for axes, (title, matrix) in zip(grid, matrices.items(), strict=True):
        matrix = np.asarray(matrix).round().astype(int)
        _numbers(axes, matrix)
        torn = (matrix - 100 * np.arange(len(matrix))[:, None] != matrix[0]).any(axis=0) | (matrix[0] // 100 % 10 != 0)
        for q in np.flatnonzero(torn):
            edge = {"fill": False, "edgecolor": SECOND, "linewidth": 2.5}
            axes.add_patch(Rectangle((q, 0), 1, len(matrix), **edge))
        found = f"{torn.sum()} of {len(torn)} columns mix pixels" if torn.any() else "every column is one pixel"
        axes.set_title(f"{title}:  {found}", fontsize=11, loc="left")
    return fig


def product(weight: np.ndarray, columns: np.ndarray, y: np.ndarray) -> Figure:
    """A layer as one matrix product: weight (C_out, C_in), columns (C_in, P) and the result (C_out, P).

    >>> fig = product(np.ones((2, 3)), np.ones((3, 8)), np.ones((2, 8)))
    """
    if weight.shape != (len(y), len(columns)) or columns.shape[1:] != y.shape[1:]:
        raise CourseError(
            f"product: weight {weight.shape}, columns {columns.shape} and y {y.shape} do not fit; "
            "expected (C_out, C_in), (C_in, P) and (C_out, P)."
        )
    heights = [len(columns), len(y)]
    fig = figure(9, 0.3 * sum(heights) + 1.1)
    grid = fig.subplots(2, 2, width_ratios=[1, 7], height_ratios=heights)
    grid[0, 0].set_axis_off()
    panels = (
        (grid[1, 0], weight, f"weight {weight.shape}", weight),
        (grid[0, 1], columns, f"columns {columns.shape}: one column per pixel", columns),
        (grid[1, 1], y, f"weight @ columns {y.shape}: one row per output map", y),
    )
    for axes, numbers, title, of in panels:
        axes.imshow(numbers, aspect="auto", **scale(of))
        axes.set_title(title, fontsize=10, loc="left")
        plain_axes(axes)
    return fig


def stains(rgb: np.ndarray, amounts: np.ndarray, names: Sequence[str], colours: Sequence) -> Figure:
    """A microscope image (H, W, 3) and the amount of each stain (H, W, S), each drawn in the colour of its stain.

    >>> fig = stains(np.ones((4, 4, 3)), np.zeros((4, 4, 1)), ["brown"], np.array([[0.3, 0.6, 0.8]]))

    `colours` (S, 3) says how much of red, green and blue each stain swallows.
    """
    count = amounts.shape[2]
    if not count == len(names) == len(colours):
        raise CourseError(f"stains: {count} maps, {len(names)} names and {len(colours)} colours; expected one each.")
    fig = figure(9, 9 / (count + 1) + 0.35)
    pictures = [rgb, *(BLACK ** (amounts[:, :, [s]] * colours[s]) for s in range(count))]
    titles = ("under the microscope", *names)
    for axes, picture, title in zip(fig.subplots(1, count + 1), pictures, titles, strict=True):
        axes.imshow(np.clip(picture, 0, 1))
        axes.set_title(title, fontsize=10)
        plain_axes(axes)
    return fig


def speed_ladder(seconds: Mapping[str, float], flops: float, peak: float) -> Figure:
    """How long each way of computing one layer takes, `{name: seconds}`, and its share of the machine's peak FLOP/s.

    >>> fig = speed_ladder({"loops": 0.3, "one product": 0.0001}, flops=3_000_000, peak=4e10)
    """
    fastest = min(seconds.values())
    fig = figure(9, 0.46 * len(seconds) + 0.9)
    axes = fig.subplots()
    bars = axes.barh(list(seconds), [1000 * value for value in seconds.values()], height=0.62, color=FIRST)
    paces = ["the fastest" if value == fastest else f"{value / fastest:,.0f}× as long" for value in seconds.values()]
    shares = [_percent(flops / value / peak) for value in seconds.values()]
    labels = [f"{pace}, {share} of the peak" for pace, share in zip(paces, shares, strict=True)]
    axes.bar_label(bars, labels, padding=5, fontsize=10)
    axes.set_xscale("log")
    axes.set_xlim(200 * fastest, 4e5 * max(seconds.values()))
    axes.set_xlabel("milliseconds for the same layer on the same input (each line of the grid: ten times as long)")
    axes.grid(axis="x", alpha=0.3)
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def _percent(share):
    return f"{share:.0%}" if share >= 0.1 else f"{share:.2%}"


def _numbers(axes, numbers):
    """A table of addresses, tinted by image."""
    numbers = np.asarray(numbers)
    for (i, j), value in np.ndenumerate(numbers):
        axes.add_patch(Rectangle((j, i), 1, 1, facecolor=TINTS[value // 1000 % len(TINTS)], edgecolor="white"))
        axes.text(j + 0.5, i + 0.5, f"{value:04d}", ha="center", va="center", fontsize=11, family="monospace")
    axes.set_xlim(-0.03, numbers.shape[1] + 0.03)
    axes.set_ylim(numbers.shape[0] + 0.06, -0.06)
    axes.set_axis_off()
