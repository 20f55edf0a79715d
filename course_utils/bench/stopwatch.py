"""Time functions side by side: in turn, round after round, so that whatever else the machine does hits all of them.

NumPy's matrix products get one thread while the clock runs. Python's loops have no more, so the race is fair. And with
one thread the processor's time is the time taken, so that is what counts: a busy machine then makes little difference.
"""

import statistics
import sys
import time

import numpy as np

FINE = time.get_clock_info("process_time").resolution < 1e-4  # on Windows it ticks 64 times a second
CLOCK = time.process_time if FINE else time.perf_counter
SIZE = 256 if sys.platform == "emscripten" else 1024  # in the browser 1024 takes half a minute
SLOT = 0.01  # seconds that a function is called for in each round; a slow one is called once


def side_by_side(functions, rounds=5):
    """Median seconds of one call of each function, `{name: function}` without arguments.

    >>> seconds = side_by_side({"short": lambda: sum(range(10)), "long": lambda: sum(range(10_000))})
    >>> seconds["short"] < seconds["long"]
    True

    Each is called once before the clock runs.
    """
    return {name: statistics.median(times) for name, times in _rounds(functions, rounds).items()}


def matmul_peak(size=SIZE):
    """FLOP/s of a large square float64 matrix product, the fastest of several: what this machine can do at best.

    >>> matmul_peak(64) > 1e6
    True

    One multiplication and one addition make two FLOPs, so a product of size × size matrices has 2·size³.
    """
    a, b = np.random.default_rng(0).normal(size=(2, size, size))
    return 2 * size**3 / min(_rounds({"product": lambda: a @ b}, rounds=7)["product"])


def _rounds(functions, rounds):
    """Seconds of one call of each function in each round."""
    from threadpoolctl import threadpool_limits  # a GPU's first run has the room `bench`, and not this package

    times = {name: [] for name in functions}
    with threadpool_limits(1, user_api="blas"):
        for function in functions.values():
            function()
        for _ in range(rounds):
            for name, function in functions.items():
                times[name].append(_seconds(function))
    return times


def _seconds(function):
    start = CLOCK()
    calls = elapsed = 0
    while not calls or elapsed < SLOT:  # called once at least: another thread's work counts for the clock too
        function()
        calls += 1
        elapsed = CLOCK() - start
    return elapsed / calls
