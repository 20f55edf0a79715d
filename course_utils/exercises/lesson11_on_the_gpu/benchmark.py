"""How long a function takes on a device that works on by itself."""

import statistics

import numpy as np

from course_utils.exercises.lesson11_on_the_gpu.queues import benchmark_seen, queues
from course_utils.exercises.spec import exercise


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
