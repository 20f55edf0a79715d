"""Figures of cost: layers side by side, where a bottleneck stops saving, and where published networks spend."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from course_utils.base.errors import CourseError
from course_utils.cost import Layer
from course_utils.plots.figure import FIRST, FOURTH, SECOND, THIRD, figure

KINDS = {"1×1": SECOND, "k×k": FIRST, "depthwise": THIRD, "fully connected": "#999999"}
HATCHES = {"1×1": "//", "k×k": "", "depthwise": "..", "fully connected": "xx"}


def bills(names: Sequence[str], counts: Mapping[str, Sequence[float]]) -> Figure:
    """A panel for each kind of cost, a bar for each way to spend: `counts` maps a kind to one number per name.

    >>> fig = bills(["3×3", "bottleneck"], {"weights": [589824, 69632], "maps": [256, 384]})
    """
    if any(len(values) != len(names) for values in counts.values()):
        raise CourseError(
            f"bills: got {[len(v) for v in counts.values()]} numbers, expected {len(names)} for each kind."
        )
    fig = figure(9, 0.5 + 0.42 * len(names))
    panels = fig.subplots(1, len(counts), sharey=True, squeeze=False)[0]
    for axes, (kind, values) in zip(panels, counts.items(), strict=True):
        axes.barh(names, values, color=[FIRST, SECOND, THIRD, FOURTH][: len(names)])
        for row, value in enumerate(values):
            axes.annotate(f" {value:,.0f}", (value, row), va="center", fontsize=9)
        axes.set_title(kind, fontsize=11)
        axes.set_xlim(0, 1.45 * max(values))
        axes.set_xticks([])
        axes.spines[["top", "right", "bottom"]].set_visible(False)
    panels[0].invert_yaxis()
    return fig


def crossing(widths: Sequence[int], costs: Sequence[float], direct: float, at: float) -> Figure:
    """The cost of a bottleneck for each width of its middle, the direct layer as a level line, and where they meet.

    >>> fig = crossing([1, 2, 3], [40, 80, 120], direct=90, at=2.25)
    """
    fig = figure(7, 3)
    axes = fig.subplots()
    axes.plot(widths, costs, color=SECOND, label="1×1, then k×k")
    axes.axhline(direct, color=FIRST, linestyle="--", label="k×k directly")
    axes.axvline(at, color="black", linestyle=":", linewidth=1)
    axes.plot([at], [direct], "ko")
    axes.annotate(f"break-even at {at:.1f}", (at, direct), xytext=(-10, -22), textcoords="offset points", ha="right")
    axes.set_xlabel("channels in the middle")
    axes.set_ylabel("multiply-adds")
    axes.set_ylim(0)
    axes.legend(frameon=False, loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def kind_of(layer: Layer) -> str:
    """The kind under which the papers count a layer.

    >>> from course_utils.cost import Layer
    >>> kind_of(Layer(8, 8, 3, 5, 5, groups=8))
    'depthwise'
    """
    if layer.kind == "fc":
        return "fully connected"
    if layer.pointwise:
        return "1×1"
    return "depthwise" if layer.groups == layer.c_in > 1 else "k×k"


def shares(layers: Sequence[Layer], rows: Mapping[str, Sequence[float]]) -> Figure:
    """How several kinds of cost of one network are shared out among its kinds of layers, a bar for each kind of cost.

    >>> from course_utils.cost import Layer
    >>> fig = shares([Layer(3, 8, 3, 5, 5), Layer(8, 8, 1, 5, 5)], {"multiply-adds": [5400, 1600]})

    `rows` maps the name of a cost to one number per layer.
    """
    if any(len(values) != len(layers) for values in rows.values()):
        raise CourseError(f"shares: got {[len(v) for v in rows.values()]} numbers, expected {len(layers)} a row.")
    fig = figure(9, 1.0 + 0.42 * len(rows))
    axes, left = fig.subplots(), [0.0] * len(rows)
    for kind, colour in KINDS.items():
        mine = [i for i, layer in enumerate(layers) if kind_of(layer) == kind]
        parts = [sum(values[i] for i in mine) / sum(values) for values in rows.values()]
        axes.barh(list(rows), parts, left=left, color=colour, hatch=HATCHES[kind], edgecolor="white", label=kind)
        for row, (start, part) in enumerate(zip(left, parts, strict=True)):
            if part > 0.02:
                axes.text(
                    start + part / 2,
                    row,
                    f"{part:.0%}",
                    ha="center",
                    va="center",
                    fontsize=9,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
                )
        left = [a + b for a, b in zip(left, parts, strict=True)]
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])
    axes.spines[["top", "right"]].set_visible(False)
    fig.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    return fig


def spent(networks: Mapping[str, Sequence[Layer]]) -> Figure:
    """Where networks spend: their multiply-adds and weights by kind of layer. `networks` maps a name to its layers.

    >>> from course_utils.cost import Layer
    >>> fig = spent({"one layer": [Layer(3, 8, 3, 5, 5)]})
    """
    fig = figure(9, 1.1 + 0.34 * len(networks))
    for axes, what in zip(fig.subplots(1, 2, sharey=True), ("macs", "weights"), strict=True):
        left = [0.0] * len(networks)
        for kind, colour in KINDS.items():
            parts = [_part(layers, kind, what) for layers in networks.values()]
            look = {"color": colour, "hatch": HATCHES[kind], "edgecolor": "white", "label": kind}
            axes.barh(list(networks), parts, left=left, **look)
            left = [a + b for a, b in zip(left, parts, strict=True)]
        axes.set_title({"macs": "multiply-adds", "weights": "weights"}[what], fontsize=11)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])
        axes.spines[["top", "right"]].set_visible(False)
    fig.axes[0].invert_yaxis()
    fig.legend(*fig.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    return fig


def _part(layers, kind, what):
    total = sum(getattr(layer, what) for layer in layers)
    return sum(getattr(layer, what) for layer in layers if kind_of(layer) == kind) / total
