"""Pictures of channels: a grid of maps, a photo beside its channels, expected beside got."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from course_utils.base.errors import CourseError
from course_utils.plots.figure import SIGNED, figure, plain_axes


def channels_grid(maps: np.ndarray, titles: Sequence[str] | None = None, columns: int = 5) -> Figure:
    """Each channel of `maps` (C, H, W) or (1, C, H, W) as a picture with its title, on one shared colour scale.

    >>> maps = np.random.default_rng(0).normal(size=(1, 4, 6, 8))
    >>> fig = channels_grid(maps, titles=["edges", "blur", "spots", "light"])

    Signed maps are blue below zero, white at zero and orange above; maps without negative numbers are grey.
    """
    maps = _three_axes(maps)
    titles = [f"channel {c}" for c in range(len(maps))] if titles is None else list(titles)
    if len(titles) < len(maps):
        raise CourseError(f"channels_grid: {len(titles)} titles for {len(maps)} channels; give one title a channel.")
    cell = 8.3 / columns
    columns = min(columns, len(maps))
    rows = -(-len(maps) // columns)
    fig = figure(cell * columns + 0.7, rows * (cell * maps.shape[1] / maps.shape[2] + 0.35) + 0.25)
    grid = fig.subplots(rows, columns, squeeze=False).ravel()
    colours = scale(maps)
    for axes, picture, title in zip(grid, maps, titles, strict=False):
        drawn = axes.imshow(picture, **colours)
        axes.set_title(title, fontsize=10)
        plain_axes(axes)
    for axes in grid[len(maps) :]:
        axes.set_axis_off()
    fig.colorbar(drawn, ax=grid.tolist(), fraction=0.03, aspect=12 * rows)
    return fig


def photo_and_channels(image: np.ndarray) -> Figure:
    """A photo (H, W, 3) of uint8 beside its red, green and blue channels, each one a map of numbers.

    >>> fig = photo_and_channels(np.zeros((4, 6, 3), np.uint8))
    """
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise CourseError(f"photo_and_channels: the photo has shape {image.shape}, expected (H, W, 3).")
    fig = figure(9, 9 / 4 * image.shape[0] / image.shape[1] + 0.35)
    top = 255 if image.dtype == np.uint8 else 1
    axes = fig.subplots(1, 4)
    axes[0].imshow(image)
    for c, one in enumerate(axes[1:]):
        one.imshow(image[:, :, c], cmap="gray", vmin=0, vmax=top)
    for one, title in zip(axes, ("photo", "channel 0: red", "channel 1: green", "channel 2: blue"), strict=True):
        one.set_title(title, fontsize=10)
        plain_axes(one)
    return fig


def compare(
    expected: np.ndarray,
    got: np.ndarray,
    titles: Sequence[str] = ("expected", "yours", "difference"),
    magnify: float | None = 1,
) -> Figure:
    """Two maps (H, W) side by side, and `magnify` times their difference, on one scale: no difference is plain white.

    Where `magnify` is None the difference is shown once, 10 or 100 times, as much as can be seen; its title says which.

    >>> fig = compare(np.eye(3), np.ones((3, 3)))
    """
    expected, got = np.asarray(expected, float), np.asarray(got, float)
    if expected.ndim != 2 or expected.shape != got.shape:
        raise CourseError(f"compare: two maps of one shape (H, W) are needed, got {expected.shape} and {got.shape}.")
    fig = figure(9, 9 / 3 * expected.shape[0] / expected.shape[1] + 0.35)
    both, largest = scale(np.stack([expected, got])), np.abs(got - expected).max()
    reach = max(abs(both["vmin"]), abs(both["vmax"]))
    if magnify is None:
        magnify = max(times for times in (1, 10, 100) if times * largest <= reach or times == 1)
    difference = magnify * (got - expected)
    titles = [*titles[:2], titles[2] if magnify == 1 else f"{titles[2]} × {magnify:g}"]
    zero_is_white = both | {"cmap": SIGNED, "vmin": -reach, "vmax": reach}
    for axes, picture, title in zip(fig.subplots(1, 3), (expected, got, difference), titles, strict=True):
        drawn = axes.imshow(picture, **(zero_is_white if picture is difference else both))
        axes.set_title(title, fontsize=10)
        plain_axes(axes)
        fig.colorbar(drawn, ax=axes, fraction=0.046)
    return fig


def scale(maps: np.ndarray, signed: bool | None = None) -> dict[str, Any]:
    """Arguments for `imshow`: grey from the smallest to the largest number, or signed colours around zero.

    >>> scale(np.array([-2.0, 1.0]))["vmin"]
    -2.0
    """
    low, high = float(np.min(maps)), float(np.max(maps))
    if low < 0 if signed is None else signed:
        reach = max(abs(low), abs(high)) or 1.0
        return {"cmap": SIGNED, "vmin": -reach, "vmax": reach, "interpolation": "nearest"}
    return {"cmap": "gray", "vmin": low, "vmax": high, "interpolation": "nearest"}


def _three_axes(maps):
    """(C, H, W) of a batch of one image, or of maps that are already so."""
    maps = np.asarray(maps)
    if maps.ndim == 4 and len(maps) == 1:
        maps = maps[0]
    if maps.ndim != 3:
        raise CourseError(f"channels_grid: maps has shape {maps.shape}, expected (C, H, W) or one image (1, C, H, W).")
    return maps
