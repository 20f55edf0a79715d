"""Figures of reductions: what is lost with each channel, scenes that came back, channels that move together."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.base.errors import CourseError
from course_utils.plots.figure import FIRST, FOURTH, SECOND, THIRD, figure, plain_axes

LOOKS = [  # told apart by colour, marker and line alike
    {"color": FIRST, "marker": "o", "linestyle": "solid"},
    {"color": SECOND, "marker": "^", "linestyle": "dashed"},
    {"color": THIRD, "marker": "s", "linestyle": "dashdot"},
    {"color": FOURTH, "marker": "D", "linestyle": "dotted"},
]


def loss_curves(
    curves: Mapping[str, Sequence[float]],
    least: Sequence[float] | None = None,
    first: int = 1,
    along: str = "channels kept, m",
) -> Figure:
    """The share of the variance that is lost, as curves `{name: losses}` over m = first, first + 1, …

    >>> fig = loss_curves({"random": [0.6, 0.3], "first m": [0.7, 0.5]})

    `least` draws a line at the loss that cannot be undercut.
    """
    if not curves or len(curves) > len(LOOKS):
        raise CourseError(f"loss_curves: {len(curves)} curves, expected 1 to {len(LOOKS)}.")
    fig = figure(7.5, 3.1)
    axes = fig.subplots()
    for (name, losses), look in zip(curves.items(), LOOKS, strict=False):
        axes.plot(range(first, first + len(losses)), losses, label=name, markersize=6, **look)
    if least is not None:
        axes.axhline(least, color="black", linewidth=1)
        below = {"xytext": (0, -14), "textcoords": "offset points", "fontsize": 10}
        axes.annotate(f"the least possible: {least:.3f}", (first, least), **below)
    axes.set_xlabel(along)
    axes.set_ylabel("share of the variance lost")
    axes.set_ylim(min(0, -0.12 * max(map(max, curves.values()))), None)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def bands(values: np.ndarray, names: Sequence[str]) -> Figure:
    """The bands of a scene (C, H, W) in grey, each from its own darkest to its own brightest half percent.

    >>> fig = bands(np.random.default_rng(0).random((2, 5, 6)), ["blue", "green"])
    """
    values = np.asarray(values, float)
    if values.ndim != 3 or len(values) != len(names):
        raise CourseError(f"bands: values has shape {values.shape}, expected ({len(names)}, H, W): a band a name.")
    fig = figure(9, 9 / len(values) * values.shape[1] / values.shape[2] + 0.35)
    for axes, band, name in zip(fig.subplots(1, len(values), squeeze=False)[0], values, names, strict=True):
        low, high = np.percentile(band, (0.5, 99.5))
        axes.imshow(band, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
        axes.set_title(name, fontsize=10)
        plain_axes(axes)
    return fig


def scenes(stacks: Sequence[np.ndarray], titles: Sequence[str]) -> Figure:
    """Scenes of four bands (4, H, W) side by side in false colours, on the scale of the first; vegetation is red.

    >>> fig = scenes([np.ones((4, 6, 8)), np.zeros((4, 6, 8))], ["scene", "nothing"])

    Shown as red, green and blue are the bands near infrared, red and green, in the order of `data.BANDS` 3, 2 and 1.
    """
    stacks = [np.asarray(stack, float) for stack in stacks]
    for stack in stacks:
        if stack.ndim != 3 or len(stack) != 4:
            raise CourseError(f"scenes: a scene has shape {stack.shape}, expected (4, H, W).")
    shown = stacks[0][[3, 2, 1]]
    low, high = (np.percentile(shown, p, axis=(1, 2))[:, None, None] for p in (0.5, 99.5))
    fig = figure(9, 9 / len(stacks) * shown.shape[1] / shown.shape[2] + 0.35)
    for axes, stack, title in zip(fig.subplots(1, len(stacks), squeeze=False)[0], stacks, titles, strict=True):
        colours = (stack[[3, 2, 1]] - low) / np.maximum(high - low, 1e-12)
        axes.imshow(np.clip(colours, 0, 1).transpose(1, 2, 0), interpolation="nearest")
        axes.set_title(title, fontsize=10)
        plain_axes(axes)
    return fig


def channel_pairs(x: np.ndarray, pairs: Sequence[tuple[int, int]], names: Sequence[str]) -> Figure:
    """Pixels as a cloud for each pair of channels of x (C, H, W): one channel across, the other upwards.

    >>> fig = channel_pairs(np.random.default_rng(0).normal(size=(2, 5, 6)), [(0, 1)], ["blue", "green"])
    """
    x = np.asarray(x)
    fig = figure(3.4 * len(pairs), 3.1)
    for axes, (a, b) in zip(fig.subplots(1, len(pairs), squeeze=False)[0], pairs, strict=True):
        axes.hexbin(x[a].ravel(), x[b].ravel(), gridsize=45, bins="log", cmap="viridis", mincnt=1, linewidths=0.1)
        axes.set_title(f"correlation {np.corrcoef(x[a].ravel(), x[b].ravel())[0, 1]:.2f}", fontsize=11)
        axes.set_xlabel(names[a])
        axes.set_ylabel(names[b])
        axes.spines[["top", "right"]].set_visible(False)
    return fig


def groups(views: Sequence[np.ndarray], labels: ArrayLike, titles: Sequence[str]) -> Figure:
    """Labelled pixels seen through two channels: for each view (P, 2) a cloud of points, a marker and colour a label.

    >>> fig = groups([np.eye(2)], labels=["water", "urban"], titles=["two channels"])
    """
    fig = figure(9, 3.4)
    labels = np.asarray(labels)
    for axes, view, title in zip(fig.subplots(1, len(views), squeeze=False)[0], views, titles, strict=True):
        for label, look in zip(sorted(set(labels.tolist())), LOOKS, strict=False):
            here = np.asarray(view)[labels == label]
            axes.plot(here[:, 0], here[:, 1], label=label, alpha=0.7, markersize=6, **look | {"linestyle": "none"})
        axes.set_title(title, fontsize=11)
        axes.set_xlabel("output channel 0")
        axes.set_ylabel("output channel 1")
        axes.spines[["top", "right"]].set_visible(False)
    fig.axes[0].legend(frameon=False)
    return fig


def lottery(losses: Sequence[float], marks: Mapping[str, float]) -> Figure:
    """A histogram of the losses of many random reductions, and named lines for others: `{"first two": 0.34}`.

    >>> fig = lottery([0.1, 0.2, 0.2, 0.5], {"first two": 0.34, "best": 0.01})
    """
    fig = figure(7.5, 2.8)
    axes = fig.subplots()
    every = [*losses, *marks.values()]
    axes.hist(losses, bins=np.linspace(min(every), max(every), 45), color="#999999", label="random weights")
    for (name, loss), look in zip(marks.items(), LOOKS, strict=False):
        axes.axvline(loss, color=look["color"], linestyle=look["linestyle"], linewidth=2.5, label=f"{name}: {loss:.4f}")
    axes.set_xlabel("share of the variance lost")
    axes.set_ylabel("how many weights")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return fig
