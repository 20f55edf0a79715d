"""Pictures of networks that learn: curves while they are trained, all runs of a study, digits found, land named."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from course_utils.base.errors import CourseError
from course_utils.plots.card import DRAWING
from course_utils.plots.figure import FIRST, FOURTH, SECOND, SERIES, figure, plain_axes
from course_utils.plots.training import DASHES, Live

LAND = {"vegetation": FIRST, "urban": SECOND, "water": FOURTH}


class Watch:
    """Learning curves and a progress bar that move while networks are trained: call it after each epoch.

    >>> watch = Watch(epochs=1)
    >>> watch(loss=2.0, accuracy=0.5)
    Epoch 1 of 1: loss 2.000, accuracy 0.500.

    Of several runs the curves are drawn as each one ends.
    """

    def __init__(self, epochs, runs=1):
        self.epochs, self.runs, self.told, self._live = epochs, runs, [], Live()

    def __call__(self, loss, accuracy):
        self.told.append((float(loss), float(accuracy)))
        if self.runs == 1 or len(self.told) % self.epochs == 0:
            self._live.show(curves(self.told, self.epochs, self.runs), self._words())

    def _words(self):
        loss, accuracy = self.told[-1]
        run, epoch = divmod(len(self.told) - 1, self.epochs)
        where = f"Run {run + 1} of {self.runs}, epoch" if self.runs > 1 else "Epoch"
        return f"{where} {epoch + 1} of {self.epochs}: loss {loss:.3f}, accuracy {accuracy:.3f}."


def curves(told: Sequence[tuple[float, float]], epochs: int, runs: int = 1) -> Figure:
    """Loss and validation accuracy after each epoch, run by run, and how much is done.

    >>> fig = curves([(2.0, 0.4), (1.0, 0.7)], epochs=3)
    """
    fig = figure(9, 3)
    left, right = fig.subplots(1, 2)
    for start in range(0, len(told), epochs):
        losses, accuracies = zip(*told[start : start + epochs], strict=True)
        steps = np.arange(1, len(losses) + 1)
        left.plot(steps, losses, color=FIRST, marker="o", alpha=0.7)
        right.plot(steps, accuracies, color=SECOND, marker="o", alpha=0.7)
    left.set_ylabel("loss on training images")
    right.set_ylabel("accuracy on validation images")
    right.set_ylim(0, 1)
    for axes in (left, right):
        axes.set_xlim(0.5, epochs + 0.5)
        axes.set_xlabel("epoch")
        axes.spines[["top", "right"]].set_visible(False)
    done = len(told) / (epochs * runs)
    fig.suptitle(f"{'█' * round(20 * done)}{'░' * (20 - round(20 * done))}  {done:.0%}", fontsize=9, color=FIRST)
    return fig


def spread(named: Mapping[str, Sequence[float]], line: tuple[str, float] | None = None) -> Figure:
    """All runs of each network as dots, with their mean; `line` is a name and a value to compare with.

    >>> fig = spread({"one": [0.2, 0.25], "two": [0.4, 0.5]}, line=("chance", 0.1))
    """
    if not named or any(not len(values) for values in named.values()):
        raise CourseError("spread: expected at least one run for each name.")
    fig = figure(8, 0.9 + 0.55 * len(named))
    axes = fig.subplots()
    for row, values in enumerate(named.values()):
        axes.plot(values, [row] * len(values), "o", color=SERIES[0], alpha=0.6, markersize=7)
        axes.plot([np.mean(values)] * 2, [row - 0.3, row + 0.3], color=SECOND, linewidth=2.5)
        axes.annotate(f"{np.mean(values):.2f}", (np.mean(values), row - 0.34), ha="center", fontsize=9)
    if line:
        axes.axvline(line[1], color="#555555", linestyle=DASHES[1], linewidth=1.5)
        axes.annotate(line[0], (line[1], len(named) - 0.45), (4, 0), textcoords="offset points", fontsize=9)
    axes.set_yticks(range(len(named)), named)
    axes.set_ylim(len(named) - 0.4, -0.75)
    axes.set_xlim(0, 1)
    axes.set_xlabel("accuracy on test digits (dots: runs; bar: mean)")
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def digits(images: np.ndarray, titles: Sequence[str], columns: int = 10) -> Figure:
    """Small grey pictures (N, H, W), ink in black, each with its title.

    >>> fig = digits(np.zeros((2, 28, 28)), ["a 3", "a 7"])
    """
    rows = -(-len(images) // columns)
    fig = figure(9, 1.25 * rows)
    places = fig.subplots(rows, columns, squeeze=False).ravel()
    for axes in places:
        axes.set_axis_off()
    for axes, image, title in zip(places, images, titles, strict=False):
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(str(title), fontsize=10)
    return fig


def found(canvas: np.ndarray, heat: np.ndarray, window: int, stride: int, name: str) -> Figure:
    """A page of digits (H, W), and over it what a sliding network gives at each place, in heat (h, w) from 0 to 1.

    >>> fig = found(np.zeros((36, 44)), np.zeros((3, 5)), window=28, stride=4, name="a 7")
    """
    canvas, heat = np.asarray(canvas), np.asarray(heat)
    expected = tuple((size - window) // stride + 1 for size in canvas.shape)
    if heat.shape != expected:
        raise CourseError(f"found: heat is {heat.shape}, expected {expected}: one number for each window.")
    fig = figure(9, 3.4)
    axes = fig.subplots()
    axes.imshow(canvas, cmap="gray_r", vmin=0, vmax=1)
    start = (window - stride) / 2 - 0.5  # a number of heat stands at the middle of its window
    bottom, right = start + stride * heat.shape[0], start + stride * heat.shape[1]
    shown = axes.imshow(heat, cmap="Oranges", vmin=0, vmax=1, alpha=0.6, extent=(start, right, bottom, start))
    axes.set_xlim(-0.5, canvas.shape[1] - 0.5)
    axes.set_ylim(canvas.shape[0] - 0.5, -0.5)
    plain_axes(axes)
    fig.colorbar(shown, ax=axes, label=f"softmax: {name}", shrink=0.8)
    return fig


def land(scene: np.ndarray, named: np.ndarray, names: Sequence[str]) -> Figure:
    """A satellite scene (4, H, W) in natural colours, and beside it the class that each pixel was given.

    >>> fig = land(np.zeros((4, 5, 6)), np.zeros((5, 6), int), ["water"])
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    rgb = np.moveaxis(np.asarray(scene)[[2, 1, 0]], 0, -1)
    fig = figure(9, 4.4)
    left, right = fig.subplots(1, 2)
    left.imshow(np.clip(rgb / max(np.quantile(rgb, 0.99), 1e-9), 0, 1))
    right.imshow(
        named,
        cmap=ListedColormap([LAND[name] for name in names]),
        vmin=-0.5,
        vmax=len(names) - 0.5,
        interpolation="nearest",
        gid=DRAWING,  # its colours are those of the legend
    )
    shares = [np.mean(np.asarray(named) == i) for i in range(len(names))]
    patches = [Patch(color=LAND[name], label=f"{name}: {share:.0%}") for name, share in zip(names, shares, strict=True)]
    right.legend(handles=patches, loc="upper left", bbox_to_anchor=(0, -0.02), ncols=3, fontsize=9, frameon=False)
    left.set_title("Sentinel-2: red, green, blue", fontsize=10)
    right.set_title("class of the highest score", fontsize=10)
    for axes in (left, right):
        plain_axes(axes)
    return fig
