"""What a stopwatch is tried on: queues of calls on a device that works on by itself."""

import numpy as np

from course_utils.exercises.spec import case


def queues(rng):
    """Cases for `f(fn, warmup, iters, sync, clock)`: the seconds that each call of fn takes, and the two counts."""
    usual = rng.permutation(np.arange(11, 31)) / 10_000  # 1.1 to 3.0 ms, all different
    first, slow = 0.2 + usual[0], 0.04
    a, b, c, d, e, f, g = (float(value) for value in usual[:7])
    yield queue("a slow first call, one call of the others delayed", [first, a, slow, b, c, d, e, f], 1, 7)
    yield queue("two calls to warm up", [first, 9 * a, b, c, slow, d], 2, 4)
    yield queue("one timed call", [first, a, b], 2, 1)
    yield queue("no warm-up", [a, b, slow, c, d], 0, 5)
    yield case("the queue is not empty at the start", {"calls": [a, b], "before": 0.3}, 0, 1)
    yield case("a device without a queue", {"calls": [first, a, b, c, d, e], "waits": True}, 1, 5)
    yield case("many calls to warm up, and many timed", {"calls": [first, *[9 * a] * 10, *usual.tolist()[1:]]}, 11, 19)
    yield case("hundreds of both", {"calls": [first, *[9 * a] * 100, *[b] * 60, *[c] * 61]}, 101, 121)
    yield queue("two timed calls", [first, a, slow], 1, 2)
    yield queue("calls of microseconds", [first, 3.125e-6, 2.375e-6, 4.25e-6], 1, 3)
    yield queue("an even number of calls", [first, a, slow, slow, b, e, g], 1, 6)


def queue(label, calls, warmup, iters):
    """A case of a few calls, whose label says how long each of them takes."""
    return case(
        f"{label}: the calls take {', '.join(f'{one:.4g}' for one in calls)} s", {"calls": calls}, warmup, iters
    )


def benchmark_seen(function, work, warmup, iters):
    """The seconds that `function` finds, how often it calls fn, and how often it looks at the clock too early."""
    from course_utils.device import SimulatedGPU

    gpu, calls, early, looks = SimulatedGPU(), work["calls"], 0, 0
    gpu.run(work.get("before", 0.0))

    def fn():
        gpu.run(calls[min(len(gpu.log), len(calls)) - 1])  # the log begins with what was there before
        if work.get("waits"):
            gpu.synchronise()

    def sync():
        gpu.synchronise()

    def clock():
        nonlocal early, looks
        early, looks = early + (gpu.now < gpu.free_at), looks + 1
        return gpu.clock()

    found = function(fn, warmup, iters, sync, clock)
    seen = {"calls of fn": len(gpu.log) - 1, "the clock that it is given": "is read" if looks else "is never read"}
    seen["looks at the clock while the device is busy"] = early
    if not looks:  # what another clock says depends on the machine
        return seen
    return seen | {"seconds": found}
