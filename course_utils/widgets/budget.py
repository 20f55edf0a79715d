"""Spend a budget: one k×k layer, a 1×1 in front of it, or depthwise and 1×1; what each costs, and where they meet."""

import html

import traitlets

from course_utils import cost
from course_utils.base.errors import CourseError
from course_utils.widgets.canvas import Canvas, script, style
from course_utils.widgets.values import Whole, between

LIMITS = {"c_in": 1024, "c_mid": 1024, "c_out": 1024, "k": 7, "size": 224}
KINDS = ("macs", "weights", "maps")


def budget(c_in: int = 256, c_mid: int = 64, c_out: int = 256, k: int = 3, size: int = 56) -> "Budget":
    """Sliders for channels, window and maps; bars for three ways to go from c_in to c_out, and their break-even.

    >>> spending = budget(192, 16, 32, k=5, size=28)         # GoogLeNet's first 5×5, with and without its 1×1
    >>> spending.counts()["bottleneck"]
    {'macs': 12443648, 'weights': 15872, 'maps': 48}
    >>> print(spending.as_text())
    192 → 32 channels, 5×5, on maps of 28×28. Directly: 120,422,400 multiply-adds, 153,600 weights, 32 maps.
    1×1 to 16, then 5×5: 12,443,648 multiply-adds, 15,872 weights, 48 maps.
    Depthwise 5×5, then 1×1: 8,580,096 multiply-adds, 10,944 weights, 224 maps.
    The 1×1 in front saves below 154.8 channels in the middle.
    """
    return Budget(c_in=c_in, c_mid=c_mid, c_out=c_out, k=k, size=size)


class Budget(Canvas):
    """The widget that `budget()` returns."""

    _esm = script("budget.js")
    _css = style("budget.css")
    c_in = Whole().tag(sync=True)
    c_mid = Whole().tag(sync=True)
    c_out = Whole().tag(sync=True)
    k = Whole().tag(sync=True)
    size = Whole().tag(sync=True)
    limits = traitlets.Dict(LIMITS).tag(sync=True, fixed=True)

    @traitlets.validate(*LIMITS)
    def _check(self, proposal):
        name = proposal["trait"].name
        number = between(f"budget: {name}", proposal["value"], 1, LIMITS[name])
        if name == "k" and number % 2 == 0:
            raise CourseError(f"budget: k is {number}, expected an odd window: 1, 3, 5 or 7.")
        return number

    def counts(self) -> dict[str, dict[str, int]]:
        """Multiply-adds, weights and maps of each way; weights are counted without biases."""
        side, k = self.size, self.k
        ways = {
            "direct": [(self.c_in, self.c_out, k, 1)],
            "bottleneck": [(self.c_in, self.c_mid, 1, 1), (self.c_mid, self.c_out, k, 1)],
            "separable": [(self.c_in, self.c_in, k, self.c_in), (self.c_in, self.c_out, 1, 1)],
        }
        found = {}
        for way, layers in ways.items():
            made = cost.count(cost.Layer(a, b, window, side, side, groups) for a, b, window, groups in layers)
            found[way] = {kind: getattr(made, kind) for kind in KINDS}
        return found

    def break_even(self) -> float:
        """The width of the middle at which the bottleneck costs what the direct layer costs."""
        square = self.k**2
        return square * self.c_in * self.c_out / (self.c_in + square * self.c_out)

    def names(self) -> dict[str, str]:
        window = f"{self.k}×{self.k}"
        first = f"1×1 to {self.c_mid}, then {window}"
        return {"direct": "Directly", "bottleneck": first, "separable": f"Depthwise {window}, then 1×1"}

    def as_text(self) -> str:
        found, names = self.counts(), self.names()
        ways = [
            f"{names[way]}: {one['macs']:,} multiply-adds, {one['weights']:,} weights, {one['maps']:,} maps."
            for way, one in found.items()
        ]
        head = f"{self.c_in} → {self.c_out} channels, {self.k}×{self.k}, on maps of {self.size}×{self.size}."
        return f"{head} {' '.join(ways)} The 1×1 in front saves below {self.break_even():.1f} channels in the middle."

    def as_html(self) -> str:
        head = "".join(f'<th scope="col">{text}</th>' for text in ("way", "multiply-adds", "weights", "maps"))
        rows = "".join(
            f"<tr><td>{self.names()[way]}</td>{''.join(f'<td>{one[kind]:,}</td>' for kind in KINDS)}</tr>"
            for way, one in self.counts().items()
        )
        return f"<table><tr>{head}</tr>{rows}</table><p>{html.escape(self.as_text())}</p>"
