"""Figures of lesson 12: tiles and their edges, addresses in memory, what tiles move, and a sum that stands still."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_utils.plots.figure import FIRST, SECOND, figure

WHOLE, RAGGED = "#cfe3f1", "#fbe3d0"


def tiling(c_out: int, pixels: int, block_o: int, block_p: int) -> Figure:
    """y as C_out rows of pixels, cut into tiles; those that hang over an edge are hatched.

    >>> fig = tiling(5, 18, 4, 4)
    """
    down, across = -(-c_out // block_o) * block_o, -(-pixels // block_p) * block_p
    fig = figure(9, 0.9 + 6.5 * down / across)
    axes = fig.subplots()
    for o in range(0, c_out, block_o):
        for p in range(0, pixels, block_p):
            ragged = o + block_o > c_out or p + block_p > pixels
            look = {"facecolor": RAGGED, "hatch": "//", "linestyle": "--"} if ragged else {"facecolor": WHOLE}
            axes.add_patch(Rectangle((p, o), block_p, block_o, edgecolor="#444444", linewidth=1.5, **look))
            middle = (p + min(p + block_p, pixels)) / 2, (o + min(o + block_o, c_out)) / 2  # of what there is of it
            axes.text(*middle, f"({p // block_p}, {o // block_o})", ha="center", va="center", zorder=3)
    axes.add_patch(Rectangle((0, 0), pixels, c_out, fill=False, edgecolor="black", linewidth=3))
    axes.set(xlim=(-0.2, across + 0.2), ylim=(down + 0.2, -0.2), aspect="equal")
    axes.set_xlabel(f"{pixels} pixels, in tiles of {block_p}")
    axes.set_ylabel(f"{c_out} outputs, in tiles of {block_o}")
    axes.set_xticks(range(0, across + 1, block_p))
    axes.set_yticks(range(0, down + 1, block_o))
    axes.spines[:].set_visible(False)
    return fig


def address_tables(tables: Mapping[str, np.ndarray]) -> Figure:
    """Tables of addresses, `{title: (C, P) whole numbers}`, side by side; the further in memory, the darker.

    >>> fig = address_tables({"channels first": np.arange(6).reshape(2, 3)})
    """
    fig = figure(9, 0.42 * max(len(table) for table in tables.values()) + 1.0)
    for axes, (title, table) in zip(fig.subplots(1, len(tables), squeeze=False)[0], tables.items(), strict=True):
        span = max(int(np.max(table)), 1)
        for (i, j), value in np.ndenumerate(table):
            shade = 1 - 0.45 * value / span
            axes.add_patch(Rectangle((j, i), 1, 1, facecolor=(shade, 0.55 + 0.45 * shade, 1), edgecolor="white"))
            axes.text(j + 0.5, i + 0.5, str(value), ha="center", va="center", fontsize=11, family="monospace")
        axes.set(xlim=(0, table.shape[1]), ylim=(len(table), 0), title=title, xlabel="pixel p", ylabel="channel c")
        axes.set_xticks(np.arange(table.shape[1]) + 0.5, np.arange(table.shape[1]))
        axes.set_yticks(np.arange(len(table)) + 0.5, np.arange(len(table)))
        axes.tick_params(length=0)
    return fig


def moved_by_blocks(blocks: Sequence[int], moved: Sequence[int], once: int) -> Figure:
    """Bytes moved for each side of a square tile, and the bytes of all tensors together as a level line, in MB.

    >>> fig = moved_by_blocks([16, 32], [2e6, 1e6], once=5e5)
    """
    fig = figure(7.5, 3)
    axes = fig.subplots()
    axes.plot(blocks, np.divide(moved, 1e6), "o-", color=SECOND, label="moved by the tiles")
    axes.axhline(once / 1e6, color=FIRST, linestyle="--", label="every tensor once")
    for block, one in zip(blocks, moved, strict=True):
        axes.annotate(f"{one / 1e6:,.0f}", (block, one / 1e6), xytext=(4, 6), textcoords="offset points", fontsize=9)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(blocks, blocks)
    axes.set_xlabel("side of a square tile (outputs and pixels)")
    axes.set_ylabel("MB")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def running_sums(sums: Mapping[str, Sequence[float]]) -> Figure:
    """How sums grow while ones are added to them: `{name: the sum after each addition}`.

    >>> fig = running_sums({"float32": np.arange(1, 9)})
    """
    fig = figure(7.5, 2.8)
    axes = fig.subplots()
    for (name, values), colour, line in zip(sums.items(), (FIRST, SECOND), ("-", "--"), strict=False):
        axes.plot(np.arange(1, len(values) + 1), values, line, color=colour, linewidth=2.5)
        axes.annotate(f" {name}", (len(values), values[-1]), va="center", color=colour)
    axes.set_xlim(0, 1.14 * max(len(values) for values in sums.values()))
    axes.set_xlabel("ones added")
    axes.set_ylabel("the sum")
    axes.spines[["top", "right"]].set_visible(False)
    return fig
