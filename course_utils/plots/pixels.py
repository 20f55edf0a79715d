"""Pictures of pixels: photos side by side, one pixel with its channel vector, and a weighted sum term by term."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_utils.base.errors import CourseError
from course_utils.plots.figure import FIRST, NEGATIVE, POSITIVE, figure, plain_axes

RGB = ("red", "green", "blue")


def pictures(images: Sequence[np.ndarray], titles: Sequence[str]) -> Figure:
    """Photos (H, W, 3) or grey pictures (H, W) side by side, each with its title.

    >>> fig = pictures([np.zeros((4, 6, 3), np.uint8), np.ones((4, 6))], titles=["a photo", "white"])

    uint8 runs from 0 to 255, other numbers from 0 to 1; what lies outside is drawn as black or white.
    """
    images = [np.asarray(image) for image in images]
    if len(images) != len(titles):
        raise CourseError(f"pictures: {len(images)} pictures and {len(titles)} titles; give each picture one title.")
    for image in images:
        if not (image.ndim == 2 or image.ndim == 3 and image.shape[2] == 3):
            raise CourseError(f"pictures: a picture has shape {image.shape}, expected (H, W) or (H, W, 3).")
    tallest = max(image.shape[0] / image.shape[1] for image in images)
    width = min(4.5, 9 / len(images), 4 / tallest)
    fig = figure(width * len(images), width * tallest + 0.35)
    for axes, image, title in zip(fig.subplots(1, len(images), squeeze=False)[0], images, titles, strict=True):
        top = 255 if image.dtype == np.uint8 else 1
        axes.imshow(np.clip(image / top, 0, 1), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axes.set_title(title, fontsize=10)
        plain_axes(axes)
    return fig


def pixel(image: np.ndarray, i: int, j: int, names: Sequence[str] = RGB) -> Figure:
    """A photo (H, W, C) with the place (row i, column j) ringed, and the channel vector found there as bars.

    >>> fig = pixel(np.zeros((4, 6, 3), np.uint8), 1, 2)
    """
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise CourseError(f"pixel: the photo has shape {image.shape}, expected (H, W, 3).")
    if not (0 <= i < image.shape[0] and 0 <= j < image.shape[1]):
        raise CourseError(f"pixel: there is no row {i}, column {j} in a photo of {image.shape[0]} × {image.shape[1]}.")
    fig = figure(9, 2.9)
    left, right = fig.subplots(1, 2, width_ratios=[1.4, 1])
    left.imshow(image)
    left.plot([j], [i], "o", markersize=13, markerfacecolor="none", markeredgecolor="white", markeredgewidth=4)
    left.plot([j], [i], "o", markersize=13, markerfacecolor="none", markeredgecolor="black", markeredgewidth=1.5)
    left.set_title(f"row {i}, column {j}", fontsize=10)
    plain_axes(left)
    bars = right.barh(names, image[i, j], color=FIRST, height=0.7)
    right.bar_label(bars, [f"{value:.3g}" for value in image[i, j]], padding=4, fontsize=10)
    top = 255 if image.dtype == np.uint8 else 1.0
    right.set_xlim(0, 1.2 * top)
    right.set_xticks([0, top])
    right.invert_yaxis()
    right.spines[["top", "right"]].set_visible(False)
    right.set_title("its channel vector", fontsize=10)
    return fig


def weighted_sum(v: ArrayLike, w: ArrayLike, b: float = 0.0, names: Sequence[str] = RGB) -> Figure:
    """The terms of w·v + b as steps from zero to the sum: to the right where a term adds, to the left where it takes.

    >>> fig = weighted_sum([0.7, 0.2, 0.1], [1, -1, 0.5], 0.25)
    """
    v, w = np.asarray(v, float), np.asarray(w, float)
    if v.ndim != 1 or v.shape != w.shape or len(names) != len(v):
        raise CourseError(f"weighted_sum: v {v.shape}, w {w.shape}, {len(names)} names; expected (C,) twice, C names.")
    terms = [*(w * v), b]
    ends = np.cumsum(terms)
    labels = [f"{name}: {weight:+.3g} × {value:.3g}" for name, weight, value in zip(names, w, v, strict=True)]
    fig = figure(7.5, 0.38 * (len(terms) + 1) + 0.5)
    axes = fig.subplots()
    rows = np.arange(len(terms))
    colours = [POSITIVE if term >= 0 else NEGATIVE for term in terms]
    steps = axes.barh(rows, terms, left=ends - terms, color=colours, height=0.6)
    total = axes.barh([len(terms)], [ends[-1]], color="#444444", height=0.6)
    on_white = {"padding": 4, "fontsize": 10, "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.5}}
    axes.bar_label(steps, [f"{term:+.3g}" for term in terms], **on_white)
    axes.bar_label(total, [f"{ends[-1]:.3g}"], fontweight="bold", **on_white)
    axes.vlines(ends, rows + 0.3, rows + 0.7, color="black", linewidth=0.8)  # where the next step starts
    axes.set_yticks([*rows, len(terms)], [*labels, f"b: {b:+.3g}", "the sum"])
    axes.axvline(0, color="black", linewidth=1)
    axes.use_sticky_edges = False  # room for the number of a step that ends at the left edge
    axes.margins(x=0.15)
    axes.invert_yaxis()
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return fig
