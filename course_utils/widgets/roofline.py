"""The roofline explorer: a 1×1 layer of any size under the roof of a device, with those of two networks around it."""

import html
from collections.abc import Mapping

import traitlets

from course_utils import cost, device
from course_utils.base.errors import CourseError
from course_utils.plots import roofline as figures
from course_utils.plots.figure import as_html
from course_utils.widgets.canvas import Canvas, script
from course_utils.widgets.values import Ordered, Whole, between, finite, named, one_of

LIMITS = {"c_in": 2048, "c_out": 2048, "size": 224, "n": 256}
NETWORKS = ("ResNet-50", "MobileNetV1")


def roofline(
    c_in: int = 64,
    c_out: int = 256,
    size: int = 56,
    n: int = 32,
    device_name: str = "A100 80 GB SXM",
    dtype: str = "bf16",
    measured: Mapping | None = None,
) -> "Roofline":
    """Sliders for a 1×1 layer and its batch; where it lies under the roof of a device, and what limits it.

    >>> explorer = roofline(2048, 512, size=7, n=1)
    >>> print(explorer.as_text())
    2048 → 512 channels at 7×7, batch of 1, bf16 on A100 80 GB SXM: 43.8 FLOP for each byte; the ridge is at 153.
    Limited by memory: at most 89.2 TFLOP/s, 29% of the peak, 1.15 µs.
    Limited by memory are 15 of 15 layers of ResNet-50, 9 of 9 layers of MobileNetV1.

    `measured` adds devices of your own: `{name: (byte/s, {dtype: FLOP/s})}`. A type of number that a device has no
    units for gives way to its first one.
    """
    measured = {} if measured is None else named("roofline: measured", measured, "(byte/s, {dtype: FLOP/s})", least=0)
    devices = {name: _device(name, ceilings) for name, ceilings in measured.items()}
    devices |= {name: [spec.bandwidth, spec.peaks] for name, spec in device.SPECS.items() if name not in devices}
    return Roofline(devices=devices, device_name=device_name, dtype=dtype, c_in=c_in, c_out=c_out, size=size, n=n)


class Roofline(Canvas):
    """The widget that `roofline()` returns."""

    _esm = script("roofline.js")
    devices = Ordered()  # name -> [byte/s, {dtype: FLOP/s}]
    networks = Ordered({name: [list(one) for one in cost.pointwise_layers(name)] for name in NETWORKS})
    itemsizes = Ordered(device.ITEMSIZES)
    limits = traitlets.Dict(LIMITS).tag(sync=True, fixed=True)
    device_name = traitlets.Unicode().tag(sync=True)
    dtype = traitlets.Unicode().tag(sync=True)
    c_in = Whole().tag(sync=True)
    c_out = Whole().tag(sync=True)
    size = Whole().tag(sync=True)
    n = Whole().tag(sync=True)

    @traitlets.validate(*LIMITS)
    def _check_number(self, proposal):
        name = proposal["trait"].name
        return between(f"roofline: {name}", proposal["value"], 1, LIMITS[name])

    @traitlets.validate("device_name", "dtype")
    def _check_choice(self, proposal):
        name = proposal["trait"].name
        return one_of(f"roofline: {name}", proposal["value"], self.devices if name == "device_name" else self.itemsizes)

    @property
    def type_on_show(self) -> str:
        """The chosen type of number, or the first one that the device has units for."""
        peaks = self.devices[self.device_name][1]
        return self.dtype if self.dtype in peaks else next(iter(peaks))

    @property
    def roof(self) -> tuple[float, float]:
        """Peak FLOP/s and byte/s on show."""
        bandwidth, peaks = self.devices[self.device_name]
        return peaks[self.type_on_show], bandwidth

    def work(self) -> cost.Work:
        """The `cost.Work` of the layer on show."""
        return self._work(self.c_in, self.c_out, self.size)

    def limited_by_memory(self) -> dict[str, tuple[int, int]]:
        """How many layers of each network lie left of the ridge, and of how many: `{name: (count, of)}`."""
        ridge = self.roof[0] / self.roof[1]
        return {
            name: (sum(self._work(*layer).intensity < ridge for layer in layers), len(layers))
            for name, layers in self.networks.items()
        }

    def _work(self, c_in, c_out, size):
        return cost.pointwise_work(self.n, c_in, c_out, size, size, self.itemsizes[self.type_on_show])

    def as_text(self) -> str:
        work, (peak, bandwidth) = self.work(), self.roof
        most, ridge = cost.attainable(work.intensity, peak, bandwidth), peak / bandwidth
        limit = "memory" if work.intensity < ridge else "computing"
        left = ", ".join(f"{some} of {of} layers of {name}" for name, (some, of) in self.limited_by_memory().items())
        layer = f"{self.c_in} → {self.c_out} channels at {self.size}×{self.size}, batch of {self.n}"
        return (
            f"{layer}, {self.type_on_show} on {self.device_name}: {work.intensity:.3g} FLOP for each byte; "
            f"the ridge is at {ridge:.3g}. Limited by {limit}: at most {most / 1e12:.3g} TFLOP/s, {most / peak:.0%} of "
            f"the peak, {1e6 * work.flops / most:.3g} µs. Limited by memory are {left}."
        )

    def as_html(self) -> str:
        itemsize, roof, work = self.itemsizes[self.type_on_show], self.roof, self.work()
        points: dict[str, tuple] = {
            name: figures.pointwise_points(roof, layers, self.n, itemsize) for name, layers in self.networks.items()
        }
        points["this layer"] = work.intensity, cost.attainable(work.intensity, *roof)
        picture = figures.roofline({f"{self.device_name}, {self.type_on_show}": roof}, points)
        return as_html(picture, self.as_text(), colours=64) + f"<p>{html.escape(self.as_text())}</p>"


def _device(name, ceilings):
    """Byte/s and FLOP/s by type of number, as they travel to the browser."""
    match ceilings:
        case (float() | int() as bandwidth, dict() as peaks) if peaks and set(peaks) <= set(device.ITEMSIZES):
            numbers = finite(f"roofline: {name}", [bandwidth, *peaks.values()])
            if numbers.ndim == 1 and (numbers > 0).all():
                return [bandwidth, dict(peaks)]
    known = ", ".join(device.ITEMSIZES)
    raise CourseError(f"roofline: {name} is {ceilings!r}, expected (byte/s, {{dtype: FLOP/s}}), dtypes among {known}.")
