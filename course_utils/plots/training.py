"""Pictures of learning: the loss along one weight, and loss and weights as they move."""

import sys
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.base.errors import CourseError
from course_utils.plots.figure import FIRST, SECOND, SERIES, as_html, described, figure

DASHES = ["solid", "dashed", "dashdot", "dotted"]


def loss_along(values: ArrayLike, losses: ArrayLike, at: float, slope: float, name: str = "weight") -> Figure:
    """The loss as one number varies, with the tangent of the given slope at `at`.

    >>> fig = loss_along([-1.0, 0.0, 1.0], [1.0, 0.0, 1.0], at=1.0, slope=2.0)
    """
    values, losses = np.asarray(values, float), np.asarray(losses, float)
    if values.shape != losses.shape or values.ndim != 1:
        raise CourseError(f"loss_along: {values.shape} values and {losses.shape} losses, expected equal lengths.")
    fig = figure(6.5, 3)
    axes = fig.subplots()
    axes.plot(values, losses, color=FIRST, linewidth=2.5)
    here = np.interp(at, values, losses)
    reach = (values[-1] - values[0]) / 6
    ends = np.array([at - reach, at + reach])
    axes.plot(ends, here + slope * (ends - at), color=SECOND, linestyle="dashed", linewidth=2)
    axes.plot([at], [here], "o", color=SECOND, markersize=8)
    axes.annotate(f"slope {slope:+.2f}", (at, here), (12, -14), textcoords="offset points", fontsize=10)
    axes.set_xlabel(name)
    axes.set_ylabel("mean squared error")
    axes.set_ylim(bottom=min(0, losses.min()))
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def descent(
    losses: np.ndarray | Sequence[float], weights: np.ndarray, names: Sequence[str], goal: Sequence[float] | None = None
) -> Figure:
    """A training run so far: the loss on a logarithmic scale, and each weight with the value it ought to find.

    >>> fig = descent([1.0, 0.1], [[0.0, 0.0], [0.2, 0.4]], names=["red", "green"], goal=[0.3, 0.6])

    `weights` has one row per step and one column per name.
    """
    weights = np.asarray(weights, float)
    if weights.shape != (len(losses), len(names)):
        raise CourseError(f"descent: weights has shape {weights.shape}, expected ({len(losses)}, {len(names)}).")
    fig = figure(9, 3)
    left, right = fig.subplots(1, 2)
    left.plot(losses, color=FIRST, linewidth=2)
    left.set_yscale("log")
    left.set_ylabel("mean squared error")
    for i, name in enumerate(names):
        colour = SERIES[i % len(SERIES)]
        right.plot(weights[:, i], color=colour, linestyle=DASHES[i % len(DASHES)], linewidth=2, label=name)
        if goal is not None:
            right.axhline(goal[i], color=colour, linewidth=1, alpha=0.6)
    right.set_ylabel("weight" if goal is None else "weight (thin line: the goal)")
    right.legend(fontsize=9, frameon=False)
    for axes in (left, right):
        axes.set_xlabel("step")
        axes.spines[["top", "right"]].set_visible(False)
    return fig


def through_layers(named: Mapping[str, Sequence[float]]) -> Figure:
    """The size of numbers on their way through many layers, on a logarithmic scale: a line for each start.

    >>> fig = through_layers({"too small": [1.0, 0.1, 0.01], "right": [1.0, 0.9, 1.1]})
    """
    fig = figure(7.5, 3.2)
    axes = fig.subplots()
    for i, (name, sizes) in enumerate(named.items()):
        look = {"color": SERIES[i % len(SERIES)], "linestyle": DASHES[i % len(DASHES)], "linewidth": 2}
        axes.plot(range(1, len(sizes) + 1), sizes, label=name, **look)
    axes.set_yscale("log")
    axes.set_xlabel("layer")
    axes.set_ylabel("root of the mean square")
    axes.legend(fontsize=9, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return fig


class Live:
    """One place in the notebook for a figure that changes while a cell runs.

    >>> live = Live()
    >>> live.show(figure(6, 2), alt="Step 0 of a run.")
    Step 0 of a run.
    """

    def __init__(self):
        self._place = None

    def show(self, fig: Figure, alt: str) -> None:
        """Show this figure in the place of the one before; outside a notebook, print its description."""
        alt, ipython = described(alt), sys.modules.get("IPython")
        if ipython is None or ipython.get_ipython() is None:
            print(alt)
            return
        from IPython.display import display

        bundle = {"text/plain": alt, "text/html": as_html(fig, alt)}
        if self._place is None:
            self._place = display(bundle, raw=True, display_id=True)
        else:
            self._place.update(bundle, raw=True)
