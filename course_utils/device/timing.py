"""Honest seconds: warmed up, synchronised, call by call; by the device's own events where it has them.

On a CPU one thread works and its own time counts: with two, a busy neighbour holds up one, and the other waits for it.
"""

import contextlib
import statistics
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from course_utils.base.errors import CourseError
from course_utils.base.threads import one_thread
from course_utils.device.choose import synchronise

if TYPE_CHECKING:
    import torch

FINE = hasattr(time, "thread_time") and time.get_clock_info("thread_time").resolution < 1e-4  # 64 ticks/s on Windows
THREAD_CLOCK = time.thread_time if FINE else time.perf_counter


class Timing(NamedTuple):
    """Seconds of a call: the median, and the quartiles as spread."""

    median: float
    low: float
    high: float


def timed(function: Callable, device: "str | torch.device", *args: object, calls: int = 9, warmup: int = 2) -> Timing:
    """The `Timing` of `function(*args)` on a device.

    >>> timed(sum, "cpu", range(1000)).median > 0
    True

    On CUDA each call stands between two events of the device's own clock; on MPS the device is waited for; on the CPU
    one thread works, and its time counts.
    """
    import torch

    if calls < 1:
        raise CourseError(f"timed: calls is {calls}, expected at least 1.")
    kind = torch.device(device).type
    with one_thread() if kind == "cpu" else contextlib.nullcontext():
        for _ in range(warmup):
            function(*args)
        seconds = _by_events if kind == "cuda" else _by_waiting
        return summary(seconds(lambda: function(*args), device, calls))


def summary(seconds: Sequence[float]) -> Timing:
    """Median and quartiles of some measurements.

    >>> summary([4, 1, 2, 3, 5])
    Timing(median=3, low=2.0, high=4.0)
    """
    low, _, high = statistics.quantiles(seconds, method="inclusive") if len(seconds) > 1 else 3 * [seconds[0]]
    return Timing(statistics.median(seconds), low, high)


def _by_waiting(function, device, calls):
    import torch

    clock = THREAD_CLOCK if torch.device(device).type == "cpu" else time.perf_counter
    seconds = []
    for _ in range(calls):
        synchronise(device)
        start = clock()
        function()
        synchronise(device)
        seconds.append(clock() - start)
    return seconds


def _by_events(function, device, calls):
    import torch

    pairs = [[torch.cuda.Event(enable_timing=True) for _ in range(2)] for _ in range(calls)]
    for start, end in pairs:
        start.record()
        function()
        end.record()
    torch.cuda.synchronize(device)
    return [start.elapsed_time(end) / 1000 for start, end in pairs]
