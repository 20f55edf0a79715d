"""Honest seconds: warmed up, synchronised, call by call; by the device's own events where it has them."""

import statistics
import time
from typing import NamedTuple

from course_utils.device.choose import synchronise
from course_utils.errors import CourseError


class Timing(NamedTuple):
    """Seconds of a call: the median, and the quartiles as spread."""

    median: float
    low: float
    high: float


def timed(function, device, *args, calls=9, warmup=2):
    """The `Timing` of `function(*args)` on a device.

    >>> timed(sum, "cpu", range(1000)).median > 0
    True

    On CUDA each call stands between two events of the device's own clock; elsewhere the device is waited for.
    """
    import torch

    if calls < 1:
        raise CourseError(f"timed: calls is {calls}, expected at least 1.")
    for _ in range(warmup):
        function(*args)
    clock = _by_events if torch.device(device).type == "cuda" else _by_waiting
    return summary(clock(lambda: function(*args), device, calls))


def summary(seconds):
    """Median and quartiles of some measurements.

    >>> summary([4, 1, 2, 3, 5])
    Timing(median=3, low=2.0, high=4.0)
    """
    low, _, high = statistics.quantiles(seconds, method="inclusive") if len(seconds) > 1 else 3 * [seconds[0]]
    return Timing(statistics.median(seconds), low, high)


def _by_waiting(function, device, calls):
    seconds = []
    for _ in range(calls):
        synchronise(device)
        start = time.perf_counter()
        function()
        synchronise(device)
        seconds.append(time.perf_counter() - start)
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
