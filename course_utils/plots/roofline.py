"""Figures of lessons 11 and 11b: two memories, a queue and its clock, layers under a roof, errors of fewer bits."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from course_utils import cost
from course_utils.base.errors import CourseError
from course_utils.plots.figure import COMPUTING, FIRST, MEMORY, SECOND, SERIES, figure

MARKS = "os^Dv*PX"
GREY = "#767676"


def two_memories() -> Figure:
    """The way of the weights, the input and the answer between the CPU's memory and a GPU's.

    >>> fig = two_memories()
    """
    fig = figure(9, 2.6)
    axes = fig.subplots()
    axes.set(xlim=(0, 10), ylim=(0, 4))
    axes.set_axis_off()
    for left, name in ((0.1, "the CPU's memory"), (6.4, "the GPU's memory")):
        axes.add_patch(Rectangle((left, 0.15), 3.5, 3.25, facecolor="#f4f4f4", edgecolor=GREY))
        axes.text(left + 1.75, 3.65, name, ha="center", va="center")
    things = ("weights", 2.8, ".to(device)", True), ("x", 1.75, ".to(device)", True), ("y", 0.7, ".cpu()", False)
    for name, y, said, goes in things:
        axes.text(1.85, y, name, ha="center", va="center")
        axes.text(8.15, y, name, ha="center", va="center")
        ends = {"xy": (6.3, y), "xytext": (3.7, y)} if goes else {"xy": (3.7, y), "xytext": (6.3, y)}
        axes.annotate("", **ends, arrowprops={"arrowstyle": "->", "color": FIRST if goes else SECOND, "linewidth": 2})
        axes.text(5, y + 0.3, said, ha="center", va="center", family="monospace", fontsize=9)
    return fig


def queue(log: Sequence[tuple[float, float, float]], looks: Sequence[float], seconds: float = 1e-3) -> Figure:
    """What the program and the device did: `log` holds (asked, begun, done) of each call, `looks` the times of looks.

    >>> fig = queue([(0.0, 1e-5, 1e-3), (1e-5, 1e-3, 2e-3)], looks=[0.0, 1e-5])

    Times are drawn from the first look on, in units of `seconds`.
    """
    start = looks[0]
    fig = figure(9, 1.9)
    axes = fig.subplots()
    for i, (asked, begun, done) in enumerate(log):
        left, wide = (begun - start) / seconds, (done - begun) / seconds
        axes.barh(0, wide, left=left, height=0.5, color=FIRST, edgecolor="white")
        axes.text(left + wide / 2, 0, f"call {i}", ha="center", va="center", color="white")
        axes.plot((asked - start) / seconds, 1, marker="|", markersize=16, color=FIRST)
    for look in looks:
        axes.axvline((look - start) / seconds, color=SECOND, linewidth=2)
    axes.set_yticks([0, 1], ["the device works", "the program asks"])
    axes.set_ylim(-0.5, 1.6)
    axes.set_xlabel("milliseconds; a line over both rows is a look at the clock")
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def calls(seconds: Sequence[float], unit: float = 1e-3) -> Figure:
    """The time of each call in the order of the calls, with the median and the mean of all.

    >>> fig = calls([0.12, 0.001, 0.0012])
    """
    times = np.asarray(seconds) / unit
    fig = figure(9, 2.6)
    axes = fig.subplots()
    axes.plot(times, "o", color=FIRST)
    axes.axhline(np.median(times), color=FIRST, label=f"median {np.median(times):.2f}")
    axes.axhline(times.mean(), color=SECOND, linestyle="--", label=f"mean {times.mean():.2f}")
    axes.set_yscale("log")
    axes.set_xlabel("call")
    axes.set_ylabel("milliseconds")
    axes.legend(frameon=False, ncols=2)
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def roofline(roofs: Mapping[str, tuple[float, float]], points: Mapping[str, tuple], title: str = "") -> Figure:
    """Layers under the roofs of devices. `roofs` maps a name to (peak FLOP/s, byte/s), `points` to (FLOP/byte, FLOP/s).

    >>> fig = roofline({"a device": (8e12, 0.32e12)}, {"a layer": (12.8, 3e12), "many": ([1, 2], [3e11, 6e11])})

    A name's points may be one pair or two sequences of the same length. Points above every roof are ringed.
    """
    if not roofs:
        raise CourseError("roofline: got no roofs, expected at least one name with (peak FLOP/s, byte/s).")
    points = {name: tuple(np.atleast_1d(np.asarray(part, float)) for part in pair) for name, pair in points.items()}
    fig = figure(9, 4.6)
    axes = fig.subplots()
    lowest, highest = _reach(roofs, points)
    grid = np.geomspace(lowest, highest, 200)
    for (name, (peak, bandwidth)), style in zip(roofs.items(), ("-", "--", ":", "-."), strict=False):
        ridge = peak / bandwidth
        axes.plot(grid, np.minimum(grid * bandwidth, peak), style, color="black", label=f"{name}: ridge {ridge:.3g}")
        axes.plot([ridge, ridge], [0, peak], ":", color=GREY, linewidth=1)
    if len(roofs) == 1:
        _regions(axes, grid, peak, bandwidth)
    for i, (name, (intensity, flops)) in enumerate(points.items()):
        look = {"color": SERIES[i % len(SERIES)], "markeredgecolor": "white", "markersize": 8}
        axes.plot(intensity, flops, MARKS[i % len(MARKS)], label=name, **look)
        above = flops > 1.001 * np.max([np.minimum(intensity * b, p) for p, b in roofs.values()], axis=0)
        axes.plot(intensity[above], flops[above], "o", markersize=16, markerfacecolor="none", color=SECOND)
    axes.set(xscale="log", yscale="log", xlabel="FLOP for each byte moved", ylabel="FLOP/s", xlim=(lowest, highest))
    axes.set_ylim(_floor(roofs, points, lowest))
    axes.set_title(title, fontsize=11, loc="left")
    axes.grid(alpha=0.25)
    axes.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def errors(found: Mapping[str, Sequence[float]], groups: Sequence[str]) -> Figure:
    """Errors by type of number on a logarithmic scale: `found` maps a name to one value for each of `groups`.

    >>> fig = errors({"bf16": [1e-2, 2e-2]}, groups=["16 channels", "64 channels"])
    """
    fig = figure(9, 2.8)
    axes = fig.subplots()
    for i, (name, values) in enumerate(found.items()):
        axes.plot(groups, values, "-" + MARKS[i], color=SERIES[i % len(SERIES)], label=name)
    axes.set_yscale("log")
    axes.set_ylabel("largest error / RMS")
    axes.grid(axis="y", alpha=0.3)
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def pointwise_points(
    roof: tuple[float, float], layers: Iterable[Sequence[int]], n: int, itemsize: int
) -> tuple[np.ndarray, np.ndarray]:
    """Intensities and attainable FLOP/s of 1×1 layers (C_in, C_out, pixels a side) under one roof, for `roofline`.

    >>> intensity, flops = pointwise_points((8e12, 0.32e12), [(64, 64, 56)], n=1, itemsize=4)
    >>> intensity.round(1), (flops / 1e12).round(2)
    (array([15.8]), array([5.07]))
    """
    work = [cost.pointwise_work(n, c_in, c_out, side, side, itemsize) for c_in, c_out, side in layers]
    intensity = np.array([layer.intensity for layer in work])
    return intensity, np.array([cost.attainable(value, *roof) for value in intensity])


def _regions(axes, grid, peak, bandwidth):
    """Tint the two sides of the ridge, and name them."""
    ridge = peak / bandwidth
    under = np.minimum(grid * bandwidth, peak)
    axes.fill_between(grid, under, 0, where=grid <= ridge, color=MEMORY, alpha=0.08)
    axes.fill_between(grid, under, 0, where=grid >= ridge, color=COMPUTING, alpha=0.08)
    hands = [Patch(color=MEMORY, alpha=0.15), Patch(color=COMPUTING, alpha=0.15)]
    names = ["limited by memory", "limited by computing"]
    axes.add_artist(axes.legend(hands, names, frameon=False, loc="lower right", fontsize=9))


def _reach(roofs, points):
    """The intensities to show: all ridges and all points, and some room."""
    shown = [peak / bandwidth for peak, bandwidth in roofs.values()]
    shown += [value for intensity, _ in points.values() for value in intensity]
    return min(shown) / 3, max(shown) * 3


def _floor(roofs, points, lowest):
    least = [lowest * bandwidth for _, bandwidth in roofs.values()] + [flops.min() for _, flops in points.values()]
    most = [peak for peak, _ in roofs.values()] + [flops.max() for _, flops in points.values()]
    return min(least) / 2, 2.5 * max(most)
