"""A GPU that exists only as a queue and a clock: calls return at once, the work is done later, time is exact.

On it every learner can time a layer wrongly, and rightly, and get the same numbers as everybody else.
"""

from collections.abc import Callable

from course_utils import cost
from course_utils.base.errors import CourseError
from course_utils.device.specs import ITEMSIZES, SPECS

LAUNCH = 5e-6  # seconds that it takes to put a call into the queue
FIRST = 0.12  # seconds more for the first call: the library starts, and chooses its kernel
BUSY = 9  # every so many calls, somebody else has the device first
REACHED = 0.7  # share of the roof that a good kernel reaches


class SimulatedGPU:
    """A device with a clock and a queue of its own. `clock()`, `synchronise()` and functions made by `layer(…)`.

    >>> gpu = SimulatedGPU("T4")
    >>> conv = gpu.layer(32, 64, 256, 56, 56)
    >>> start = gpu.clock()
    >>> conv()
    >>> asked = gpu.clock() - start
    >>> gpu.synchronise()
    >>> done = gpu.clock() - start
    >>> asked < done / 1000
    True
    """

    def __init__(self, name="T4", dtype="fp32"):
        if name not in SPECS or dtype not in SPECS[name].peaks:
            known = "; ".join(f"{one}: {', '.join(spec.peaks)}" for one, spec in SPECS.items())
            raise CourseError(f"SimulatedGPU: got {name!r} with {dtype!r}, expected one of {known}.")
        self.spec, self.dtype = SPECS[name], dtype
        self.now = self.free_at = 0.0
        self.log = []  # (asked, begun, done) of every call, for pictures

    def clock(self) -> float:
        """Seconds since the device was made."""
        return self.now

    def synchronise(self) -> None:
        """Wait until the queue is empty."""
        self.now = max(self.now, self.free_at)

    def run(self, seconds: float) -> None:
        """Put work into the queue, and return as soon as it is there."""
        asked = self.now
        self.now += LAUNCH
        begun = max(self.now, self.free_at)
        self.free_at = begun + seconds
        self.log.append((asked, begun, self.free_at))

    def layer(self, n: int, c_in: int, c_out: int, h: int, w: int) -> Callable[[], None]:
        """A function that has the device compute one 1×1 layer: slower the first time, and now and then."""
        work = cost.pointwise_work(n, c_in, c_out, h, w, ITEMSIZES[self.dtype])
        peak, bandwidth = self.spec.peaks[self.dtype], self.spec.bandwidth
        usual = work.flops / (REACHED * cost.attainable(work.intensity, peak, bandwidth))
        calls = 0

        def call():
            nonlocal calls
            calls += 1
            self.run(usual + FIRST if calls == 1 else 6 * usual if calls % BUSY == 0 else usual)

        return call
