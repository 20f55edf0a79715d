"""How long a function takes on a device that works on by itself."""

import statistics

import numpy as np

from course_utils.exercises.spec import case, exercise


def queues(rng):
    """Cases for `f(fn, warmup, iters, sync, clock)`: the seconds that each call of fn takes, and the two counts."""
    usual = rng.permutation(np.arange(11, 31)) / 10_000  # 1.1 to 3.0 ms, all different
    first, slow = 0.2 + usual[0], 0.04
    a, b, c, d, e, f, g = (float(value) for value in usual[:7])
    yield case("a slow first call, one call of the others delayed", {"calls": [first, a, slow, b, c, d, e, f]}, 1, 7)
    yield case("two calls to warm up", {"calls": [first, 9 * a, b, c, slow, d]}, 2, 4)
    yield case("one timed call", {"calls": [first, a, b]}, 2, 1)
    yield case("no warm-up", {"calls": [a, b, slow, c, d]}, 0, 5)
    yield case("the queue is not empty at the start", {"calls": [a, b], "before": 0.3}, 0, 1)
    yield case("a device without a queue", {"calls": [first, a, b, c, d, e], "waits": True}, 1, 5)
    yield case("many calls to warm up, and many timed", {"calls": [first, *[9 * a] * 10, *usual.tolist()[1:]]}, 11, 19)
    yield case("hundreds of both", {"calls": [first, *[9 * a] * 100, *[b] * 60, *[c] * 61]}, 101, 121)
    yield case("two timed calls", {"calls": [first, a, slow]}, 1, 2)
    yield case("an even number of calls", {"calls": [first, a, slow, slow, b, e, g]}, 1, 6)


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


@exercise(
    cases=queues,
    observe=benchmark_seen,
    hints=(
        "fn() returns when its work is in the queue. What do you have to wait for before you look at the clock?",
        "Both looks at the clock need an empty queue: sync() before the first, or old work is timed; sync() before the second, "
        "or the work is not done. The warm-up calls come before all that, and one number for each timed call goes into the median.",
        "for warmup: fn();  for iters: sync(); start = clock(); fn(); sync(); keep clock() - start;  return the median of what you kept",
    ),
)
def benchmark(fn, warmup, iters, sync, clock):
    def seconds():
        sync()
        start = clock()
        fn()
        sync()
        return clock() - start

    for _ in range(warmup):
        fn()
    return statistics.median([seconds() for _ in range(iters)])


@benchmark.mistake(
    "DEV",
    "You never wait: clock() tells how long it takes to put work into the queue. Call sync() before you look at the clock, both times.",
)
def never_waited(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        start = clock()
        fn()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake(
    "DEV",
    "You read a clock of your own. Which one fits the device is handed in: call clock().",
    uses=(
        "perf_counter()",
        "perf_counter_ns()",
        "time()",
        "time_ns()",
        "monotonic()",
        "process_time()",
        "default_timer()",
    ),
)
def clock_of_its_own(fn, warmup, iters, sync, clock):
    from time import perf_counter

    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = perf_counter()
        fn()
        sync()
        times.append(perf_counter() - start)
    return float(np.median(times))


@benchmark.mistake(
    "DEV", "You wait before fn() and not after it: when you look at the clock the second time, the work has only begun."
)
def waited_before_only(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake(
    "DEV",
    "You wait after fn() and not before the first look at the clock: the work that was still in the queue is timed too.",
)
def waited_after_only(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake("ORD", "sync() comes after the second look at the clock. First wait, then look.")
def waited_too_late(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        start = clock()
        fn()
        stop = clock()
        sync()
        times.append(stop - start)
    return float(np.median(times))


@benchmark.mistake(
    "DEV", "The calls of the warm-up are timed with the others. Let them run first, and keep nothing of them."
)
def warmup_timed(fn, warmup, iters, sync, clock):
    times = []
    for _ in range(warmup + iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake("DEV", "There is no warm-up: call fn `warmup` times before the first timed call.")
def no_warmup(fn, warmup, iters, sync, clock):
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake("ARG", "fn is called once to warm up, whatever `warmup` says.")
def one_warmup(fn, warmup, iters, sync, clock):
    fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake(
    "AVG", "This is the mean: one call that had to wait for somebody else pulls it up. The median does not mind."
)
def mean_of_all(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return sum(times) / len(times)


@benchmark.mistake(
    "AVG",
    "You time all calls in one go and divide: that is a mean, and one slow call pulls it up. Time each call, then take the median.",
)
def all_in_one_go(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    sync()
    start = clock()
    for _ in range(iters):
        fn()
    sync()
    return (clock() - start) / iters


@benchmark.mistake("AVG", "This is the fastest call, what the device can do on a lucky day. The median is asked for.")
def fastest_of_all(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return min(times)


@benchmark.mistake("DEV", "You time one call only. One number has no spread: time `iters` calls and take the median.")
def one_call_timed(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    sync()
    start = clock()
    fn()
    sync()
    return clock() - start


@benchmark.mistake(
    "EDG",
    "With an even number of calls the median lies between the two in the middle. sorted(times)[len(times) // 2] takes the upper one.",
    uses=("sorted", "sort"),
)
def upper_middle(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return sorted(times)[len(times) // 2]


@benchmark.mistake("UNI", "These are milliseconds. clock() counts seconds; leave them.")
def in_milliseconds(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return 1000 * float(np.median(times))


@benchmark.mistake(
    "DEV",
    "You wait once, before the first timed call. Each call is to be waited for: sync() after fn(), before the clock.",
)
def waited_once(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    sync()
    times = []
    for _ in range(iters):
        start = clock()
        fn()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake(
    "ORD", "You take the middle of the times as they came. The median is the middle of the *sorted* ones."
)
def middle_unsorted(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return (times[iters // 2] + times[(iters - 1) // 2]) / 2


@benchmark.alternative
def with_numpy(fn, warmup, iters, sync, clock):
    times = np.zeros(iters)
    for _ in range(warmup):
        fn()
    sync()
    for i in range(iters):
        start = clock()
        fn()
        sync()
        times[i] = clock() - start
    return np.median(times)


@benchmark.alternative
def with_one_look_a_call(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    sync()
    looks = [clock()]
    for _ in range(iters):
        fn()
        sync()
        looks.append(clock())
    times = sorted(b - a for a, b in zip(looks, looks[1:], strict=False))
    return (times[(iters - 1) // 2] + times[iters // 2]) / 2
