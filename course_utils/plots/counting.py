"""Figures that count: maps after each layer, kernel slices, products and their sums, and the memory of it all."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from course_utils import cost
from course_utils.base.errors import CourseError
from course_utils.plots.channels import scale
from course_utils.plots.figure import FAINT, FIRST, FOURTH, SECOND, THIRD, figure, plain_axes

SAID = {"color": SECOND, "marker": "^", "linestyle": "--"}  # the article's count; its marker and line tell it too
REAL = {"color": FIRST, "marker": "o"}


def map_counts(channels: Sequence[int], guess: Sequence[int | None] = ()) -> Figure:
    """Maps after each layer of a stack: what there are, the article's count and your own guess, on a log scale.

    >>> fig = map_counts([3, 32, 64, 128], guess=[32, 64, None])

    `guess` has one number per layer; None is left out.
    """
    fig = figure(7.5, 3.2)
    axes = fig.subplots()
    layers = range(1, len(channels))
    for counts, name, look, above in (
        (cost.maps_if_multiplied(channels), "the article's count", SAID, 8),
        (cost.maps(channels), "maps there are", REAL, -16),
    ):
        axes.plot(layers, counts, label=name, markersize=8, **look)
        for layer, count in zip(layers, counts, strict=True):
            where = {"xytext": (0, above), "textcoords": "offset points", "ha": "center"}
            axes.annotate(f"{count:,}", (layer, count), fontsize=10, **where)
    made = [(layer, count) for layer, count in zip(layers, guess, strict=False) if count]
    if made:
        axes.plot(*zip(*made, strict=True), "k*", markersize=13, markerfacecolor="none", label="your guess")
    axes.set_yscale("log")
    axes.margins(x=0.12, y=0.22)
    axes.set_xticks(layers, [f"layer {layer}" for layer in layers])
    axes.set_ylabel("maps for one image")
    axes.legend(frameon=False, loc="upper left")
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def slices_grid(weight: np.ndarray) -> Figure:
    """Every kernel slice of a weight (C_out, C_in, k, k): a row for each filter, a column for each input channel.

    >>> fig = slices_grid(np.ones((3, 4, 3, 3)))
    """
    weight = np.asarray(weight, float)
    if weight.ndim != 4:
        raise CourseError(f"slices_grid: weight has shape {weight.shape}, expected (C_out, C_in, k, k).")
    c_out, c_in = weight.shape[:2]
    fig = figure(1.15 * c_in + 1.8, 1.15 * c_out + 0.4)
    colours = scale(weight, signed=True)
    for (o, c), axes in np.ndenumerate(fig.subplots(c_out, c_in, squeeze=False)):
        axes.imshow(weight[o, c], **colours)
        axes.set_title(f"weight[{o}, {c}]", fontsize=9)
        plain_axes(axes)
        if c == 0:
            axes.set_ylabel(f"filter {o}", fontsize=11, rotation=0, ha="right", va="center", labelpad=10)
    return fig


def products_and_sums(maps: np.ndarray, products: np.ndarray, sums: np.ndarray) -> Figure:
    """One layer stopped halfway: input maps (C_in, H, W), the products (C_in, C_out, H, W), the sums (C_out, H, W).

    >>> maps, weight = np.ones((2, 3, 4)), np.array([[1.0, -1.0]])
    >>> products = weight.T[:, :, None, None] * maps[:, None]
    >>> fig = products_and_sums(maps, products, products.sum(axis=0))
    """
    c_in, c_out, h, w = np.shape(products)
    if np.shape(maps) != (c_in, h, w) or np.shape(sums) != (c_out, h, w):
        raise CourseError(
            f"products_and_sums: maps {np.shape(maps)} and sums {np.shape(sums)} do not fit products "
            f"{np.shape(products)}; expected (C_in, H, W), (C_out, H, W) and (C_in, C_out, H, W)."
        )
    cell = 8.6 / (c_in + 1)
    fig = figure(9, (c_out + 1) * (cell * h / w + 0.28))
    grid = fig.subplots(c_out + 1, c_in + 1)
    for c in range(c_in):
        _picture(grid[0, c], maps[c], f"input map {c}", scale(maps))
        for o in range(c_out):
            sign = "+ " if c else ""
            _picture(grid[o + 1, c], products[c][o], f"{sign}its part in output {o}", scale(products))
    grid[0, c_in].set_axis_off()
    for o in range(c_out):
        _picture(grid[o + 1, c_in], sums[o], f"= output map {o}", scale(sums))
        for side in grid[o + 1, c_in].spines.values():
            side.set(color="black", linewidth=2)
    return fig


def maps_held(channels: Sequence[int]) -> Figure:
    """Which maps are in memory while each layer works: without and with a backward pass to come.

    >>> fig = maps_held([3, 32, 64, 128])
    """
    fig = figure(9, 3.2)
    names = ["input", *(f"layer {i}" for i in range(1, len(channels)))]
    steps = range(1, len(channels))
    shades = [FIRST, *(SECOND, THIRD, FOURTH, FAINT) * len(channels)]
    panels = zip(fig.subplots(1, 2, sharey=True), ("inference: keep_all=False", "training: keep_all=True"), strict=True)
    for keep_all, (axes, title) in enumerate(panels):
        for step in steps:
            base = 0
            for made in range(0 if keep_all else step - 1, step + 1):
                axes.bar(step, channels[made], bottom=base, width=0.6, color=shades[made], edgecolor="white")
                base += channels[made]
                if channels[made] > 0.06 * sum(channels):
                    look = {"ha": "center", "va": "center", "fontsize": 9, "color": "white"}
                    axes.text(step, base - channels[made] / 2, names[made], **look)
            axes.text(step, base, f"{base}", ha="center", va="bottom", fontsize=10, fontweight="bold")
        axes.set_title(title, fontsize=11)
        axes.set_xticks(steps, [f"while layer {step}\nworks" for step in steps])
        axes.spines[["top", "right"]].set_visible(False)
        axes.margins(y=0.12)
    fig.axes[0].set_ylabel("maps held for one image")
    return fig


def memory_bars(sizes: Mapping[str, int], card: int) -> Figure:
    """Bytes by name as bars on a log scale, and the line where a graphics card is full.

    >>> fig = memory_bars({"maps there are": 45_559_808, "the article's count": 53_026_750_464}, card=12 * 10**9)
    """
    fig = figure(8, 0.5 * len(sizes) + 1.1)
    axes = fig.subplots()
    over = [size > card for size in sizes.values()]
    widths = [float(size) for size in sizes.values()]  # NumPy's integers have 32 bits in the browser
    bars = axes.barh(list(sizes), widths, height=0.6, color=[SECOND if full else FIRST for full in over])
    for bar, full in zip(bars, over, strict=True):
        bar.set(hatch="//" if full else "", edgecolor="white")
    axes.bar_label(bars, [cost.readable(size) for size in sizes.values()], padding=5, fontsize=10)
    axes.axvline(float(card), color="black", linewidth=1.5)
    axes.set_title(f"the line: a card of {cost.readable(card)}", fontsize=11, loc="right")
    axes.set_xscale("log")
    axes.set_xlim(1e6, 30.0 * max(*widths, card))
    axes.set_xlabel("bytes")
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def side_by_side(counts: Mapping[str, Mapping[str, int]]) -> Figure:
    """Two designs compared: a panel for each count, `{"maps": {"one 3×3": 256, "bottleneck": 384}, …}`.

    >>> fig = side_by_side({"maps": {"a": 256, "b": 384}, "weights": {"a": 589_824, "b": 69_632}})
    """
    fig = figure(9, 2.1)
    for axes, (title, values) in zip(np.atleast_1d(fig.subplots(1, len(counts))), counts.items(), strict=True):
        bars = axes.barh(list(values), list(values.values()), color=[FIRST, SECOND], height=0.6)
        bars[1].set(hatch="//", edgecolor="white")
        axes.bar_label(bars, [f"{value:,}" for value in values.values()], padding=4, fontsize=10)
        axes.set_title(title, fontsize=11)
        axes.invert_yaxis()
        axes.margins(x=0.3)
        axes.set_xticks([])
        axes.spines[["top", "right", "bottom"]].set_visible(False)
    return fig


def growth_with_depth(depths: Sequence[int], sizes: Sequence[int], said: Sequence[int]) -> Figure:
    """Memory of ever deeper stacks at the left; at the right how many digits the article's count of maps then has.

    >>> fig = growth_with_depth([10, 20, 40], [10e6, 20e6, 40e6], [64**10, 64**20, 64**40])
    """
    fig = figure(9, 2.9)
    left, right = fig.subplots(1, 2)
    left.plot(depths, np.array(sizes) / 1e6, **REAL)
    left.set_title("memory for the maps, MB", fontsize=11)
    right.plot(depths, [len(str(count)) for count in said], **SAID)
    right.set_title("digits of the article's count of maps", fontsize=11)
    for axes in (left, right):
        axes.set_xlabel("layers")
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    return fig


def _picture(axes, picture, title, colours):
    axes.imshow(picture, **colours)
    axes.set_title(title, fontsize=10)
    plain_axes(axes)
