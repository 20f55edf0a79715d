"""Exclusive or at every pixel: two 1×1 layers in training, with or without a ReLU between, narrow or wide."""

import numpy as np
import traitlets

from course_utils.experiments import xor
from course_utils.plots import SIGNED
from course_utils.widgets.canvas import Canvas, img, row, script
from course_utils.widgets.values import Whole, between, one_of

BETWEEN = ("nothing", "ReLU")
HIDDEN, STARTS, STEPS = 8, 10, 1000  # the most hidden channels, random starts for each, steps of training


def pixel_xor(hidden: int = 8, between: str = "nothing") -> "PixelXor":
    """Train a 2 → hidden → 1 network of 1×1 layers to say where exactly one of two channels is on.

    >>> task = pixel_xor(hidden=4, between="ReLU")
    >>> task.start, task.step
    (0, 0)

    `hidden` (1 to 8), `between` ("nothing" or "ReLU"), `start` (which random weights) and `step` can be read and set.
    """
    nets = [_flat(xor.start(h, seed)) for h in range(1, HIDDEN + 1) for seed in range(STARTS)]
    return PixelXor(starts=np.concatenate(nets).astype("<f8").tobytes(), hidden=hidden, between=between)


def _flat(net):
    return np.concatenate([np.ravel(part) for part in net])


class PixelXor(Canvas):
    """The widget that `pixel_xor()` returns."""

    _esm = script("pixel_xor.js")
    starts = traitlets.Bytes().tag(sync=True, fixed=True)  # float64, by hidden channels, then start: w1, b1, w2, b2
    counts = traitlets.List([HIDDEN, STARTS]).tag(sync=True, fixed=True)
    rate = traitlets.Float(xor.RATE).tag(sync=True, fixed=True)
    steps = traitlets.Int(STEPS).tag(sync=True, fixed=True)
    hidden = Whole(HIDDEN).tag(sync=True)
    between = traitlets.Unicode(BETWEEN[0]).tag(sync=True)
    start = Whole(0).tag(sync=True)
    step = Whole(0).tag(sync=True)

    @traitlets.validate("between")
    def _check_between(self, proposal):
        return one_of("pixel_xor: between", proposal["value"], BETWEEN)

    @traitlets.validate("hidden", "start", "step")
    def _check_number(self, proposal):
        name = proposal["trait"].name
        low, high = {"hidden": (1, HIDDEN), "start": (0, STARTS - 1), "step": (0, STEPS)}[name]
        return between(f"pixel_xor: {name}", proposal["value"], low, high)

    def says(self, pixels: np.ndarray, step: int | None = None) -> np.ndarray:
        """What the network says at pixels (P, 2) after `step` steps of training, by default as many as are on show."""
        relu = self.between == "ReLU"
        net, _ = xor.train(xor.start(self.hidden, self.start), self.step if step is None else step, relu)
        return xor.output(net, pixels, relu)

    def as_text(self) -> str:
        said = self.says(xor.POINTS, STEPS).round(4) + 0.0  # no -0.00
        pairs = ", ".join(f"({a:.0f}, {b:.0f}) → {y:.2f}" for (a, b), y in zip(xor.POINTS, said, strict=True))
        loss = ((said - xor.TARGETS) ** 2).mean()
        return (
            f"XOR at every pixel, {self.hidden} hidden channels, {self.between} between the layers: "
            f"loss {loss:.3f} after {STEPS} steps. {pairs}."
        )

    def as_html(self) -> str:
        a, b = np.indices((8, 8))[::-1] % 2
        shown = self.says(np.column_stack([a.ravel(), b.ravel()]).astype(float), STEPS).reshape(8, 8)
        cells = [
            (a, "channel a", "Upright stripes of 0 and 1"),
            (b, "channel b", "Level stripes of 0 and 1"),
            (a ^ b, "wanted: a xor b", "A checkerboard of 0 and 1"),
            (shown, f"after {STEPS} steps", f"What the network says after {STEPS} steps"),
        ]
        pictures = [img(_pixels(values), alt, 144) for values, _, alt in cells]
        return f"<p>{self.as_text()}</p>" + row(*zip(pictures, (caption for _, caption, _ in cells), strict=True))


def _pixels(values):
    """A map as colours, 18 pixels for each number: blue is 0, white one half, orange 1."""
    grown = np.kron(values.astype(float), np.ones((18, 18)))
    return (SIGNED(np.clip(grown, 0, 1))[:, :, :3] * 255).astype(np.uint8)
