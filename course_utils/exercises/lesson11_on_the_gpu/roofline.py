"""How fast a layer can be at best, and what sets the limit."""

from course_utils.exercises.spec import case, exercise


def roofs(rng):
    """Cases for `f(ai, peak_flops, bandwidth)`: both sides of the ridge, real devices, small numbers."""
    yield case("left of the ridge", 2.0, 100.0, 10.0)
    yield case("right of the ridge", 25.0, 100.0, 10.0)
    yield case("bandwidth above the peak", 0.5, 3.0, 20.0)
    yield case("T4, fp32, a narrow layer", 12.75, 8.1e12, 0.32e12)
    yield case("A100, bf16, a wide layer", 325.0, 312e12, 2.039e12)
    yield case("just below the ridge", 9.9, 100.0, 10.0)
    yield case("just above the ridge", 10.1, 100.0, 10.0)
    yield case("a thousandth below the ridge", 9.99, 100.0, 10.0)
    yield case("a thousandth above the ridge", 10.01, 100.0, 10.0)
    yield case("between the ridge and the whole number below it", 3.2, 100.0, 30.0)
    yield case("whole numbers, left of the ridge", 2, 100, 10)
    yield case("whole numbers, right of the ridge", 25, 100, 10)
    yield case("hardly any work for a byte", 0.004, 100.0, 10.0)
    yield case("thousands of FLOPs for a byte", 4000.0, 1e14, 2e12)
    yield case("a device of the 1940s", 2.0, 0.006, 0.002)
    peak, bandwidth = float(rng.integers(5, 400)), float(rng.integers(1, 5))
    for share in (0.25, 0.8, 1.5, 4.0):
        yield case("random", share * peak / bandwidth, peak, bandwidth)


@exercise(
    cases=roofs,
    small=(
        "2.0, 10.0, 1.0",
        "20.0, 10.0, 1.0",
        "2.0, 3.0, 20.0",
        "0.5, 3.0, 20.0",
        "4.0, 10.0, 2.0",
    ),  # none at the ridge
    hints=(
        "A device can do two things a second: move so many bytes, compute so many FLOPs. Which of the two ends first?",
        "With ai FLOPs for each byte, the memory feeds ai · bandwidth FLOP/s. More than that cannot be done, and more than "
        "peak_flops cannot either. The smaller one is the limit, and its name goes with it.",
        "fed = ai * bandwidth;  if fed < peak_flops: return fed, 'memory';  else: return peak_flops, 'compute'",
    ),
)
def roofline(ai, peak_flops, bandwidth):
    limit = {"memory": ai * bandwidth, "compute": peak_flops}
    name = min(limit, key=limit.get)
    return limit[name], name


@roofline.mistake("ROF", "You take the larger of the two limits. Both hold, so the *smaller* one decides.")
def larger_limit(ai, peak_flops, bandwidth):
    fed = ai * bandwidth
    return max(fed, peak_flops), "memory" if fed < peak_flops else "compute"


@roofline.mistake(
    "SGN",
    "The number is right, its name is not: where ai · bandwidth is the smaller limit, the *memory* is what holds the work up.",
)
def names_exchanged(ai, peak_flops, bandwidth):
    fed = ai * bandwidth
    return min(fed, peak_flops), "compute" if fed < peak_flops else "memory"


@roofline.mistake(
    "UNI",
    "Your ridge is upside down. It lies at peak_flops / bandwidth: FLOP/s over byte/s gives FLOP per byte, like ai.",
)
def ridge_inverted(ai, peak_flops, bandwidth):
    fed = ai * bandwidth
    return min(fed, peak_flops), "memory" if ai < bandwidth / peak_flops else "compute"


@roofline.mistake(
    "ROF", "You return the peak for every layer. Left of the ridge the memory does not deliver the numbers fast enough."
)
def always_the_peak(ai, peak_flops, bandwidth):
    return peak_flops, "memory" if ai < peak_flops / bandwidth else "compute"


@roofline.mistake(
    "ROF", "There is no roof: right of the ridge ai · bandwidth grows beyond what the device can compute."
)
def no_roof(ai, peak_flops, bandwidth):
    return ai * bandwidth, "memory" if ai < peak_flops / bandwidth else "compute"


@roofline.mistake(
    "UNI",
    "You compare ai · bandwidth with half of the peak. A peak counts both FLOPs of a multiply-add, and so does ai.",
)
def peak_halved(ai, peak_flops, bandwidth):
    return min(ai * bandwidth, peak_flops / 2), "memory" if ai * bandwidth < peak_flops / 2 else "compute"


@roofline.mistake(
    "SRC",
    "Your roof is twice the peak. Twice as much stands on some data sheets, for matrices of which half the numbers are zero; yours are dense.",
)
def sparse_peak(ai, peak_flops, bandwidth):
    return min(ai * bandwidth, 2 * peak_flops), "memory" if ai * bandwidth < 2 * peak_flops else "compute"


@roofline.mistake("UNI", "You divide by ai. FLOP per byte times byte per second gives FLOP per second.")
def divided_by_intensity(ai, peak_flops, bandwidth):
    return min(bandwidth / ai, peak_flops), "memory" if bandwidth / ai < peak_flops else "compute"


@roofline.mistake(
    "UNI",
    "You compare ai with the bandwidth. Those are FLOP per byte and byte per second: only numbers of one unit can be compared.",
)
def compared_with_bandwidth(ai, peak_flops, bandwidth):
    return min(ai * bandwidth, peak_flops), "memory" if ai < bandwidth else "compute"


@roofline.mistake(
    "THR",
    "You name every layer after the memory. Compare ai · bandwidth with the peak: the smaller of the two never lies above it, so that comparing it tells nothing.",
)
def always_the_memory(ai, peak_flops, bandwidth):
    reached = min(ai * bandwidth, peak_flops)
    return reached, "memory" if reached <= peak_flops else "compute"


@roofline.mistake("UNI", "You divide by the bandwidth. FLOP/byte times byte/s is FLOP/s: multiply.")
def divided_by_the_bandwidth(ai, peak_flops, bandwidth):
    reached = ai / bandwidth
    return (reached, "memory") if reached < peak_flops else (peak_flops, "compute")


@roofline.mistake(
    "UNI",
    "You compare ai with the peak. Those are FLOP per byte and FLOP per second: only numbers of one unit can be compared.",
)
def compared_with_peak(ai, peak_flops, bandwidth):
    return (ai * bandwidth, "memory") if ai < peak_flops else (peak_flops, "compute")


@roofline.mistake(
    "UNI",
    "Where the memory is the limit you return ai. Asked is FLOP/s: how many bytes come in a second, and what is done with each?",
)
def intensity_returned(ai, peak_flops, bandwidth):
    return (ai, "memory") if ai < peak_flops / bandwidth else (peak_flops, "compute")


@roofline.alternative
def by_the_ridge(ai, peak_flops, bandwidth):
    ridge = peak_flops / bandwidth
    if ai >= ridge:
        return peak_flops, "compute"
    return peak_flops * ai / ridge, "memory"


@roofline.alternative
def by_sorting(ai, peak_flops, bandwidth):
    return sorted([(ai * bandwidth, "memory"), (peak_flops, "compute")])[0]
