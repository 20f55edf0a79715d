"""The width from which on a bottleneck saves nothing."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def direct_layers(rng):
    """Cases for `f(c_in, c_out, k)`: where c_in = c_out and k = 3 the answer is 0.9 · c, and only there."""
    c_in, c_out = inputs.distinct_sizes(rng, 2, 20, 300)
    yield case("more outputs than inputs, 3×3", 64, 256, 3)
    yield case("fewer outputs than inputs, 5×5", 192, 32, 5)
    yield case("as many outputs as inputs, 3×3", 256, 256, 3)
    yield case("as many outputs as inputs, 5×5", 100, 100, 5)
    yield case("a 1×1 in front of a 1×1", 30, 20, 1)
    yield case("one output, 3×3", 48, 1, 3)
    yield case("one input, 3×3", 1, 64, 3)
    yield case("random channels, 7×7", c_in, c_out, 7)
    yield case("random channels, 3×3", c_in, c_out, 3)
    yield case("an even kernel", 5, 7, 2)
    yield case("few channels, 11×11", 2, 3, 11)
    yield case("odd numbers of channels", 15, 5, 3)
    yield case("one channel to one channel", 1, 1, 3)
    yield case("thousands of channels", 1001, 2048, 3)
    for said, sizes in inputs.stretched(rng, "input channels", "output channels", most=inputs.MILLIONS):
        yield case(said, *sizes, 3)
    yield case("a kernel as large as a patch", 3, 7, int(rng.integers(17, 40)))


@exercise(
    cases=direct_layers,
    hints=(
        "Write down both costs for one pixel. At which c_mid are they the same?",
        "direct: k·k·c_in·c_out.  with a bottleneck: c_in·c_mid + k·k·c_mid·c_out, in which c_mid is in both terms.",
        "c_mid · (c_in + k·k·c_out) = k·k·c_in·c_out;  solve for c_mid, with / and not with //",
    ),
)
def break_even(c_in, c_out, k):
    return k * k * c_in * c_out / (c_in + k * k * c_out)


@break_even.mistake(
    "CHN", "With c_mid = c_in the 1×1 saves nothing and still costs something. The break-even point lies below c_in."
)
def all_inputs(c_in, c_out, k):
    return float(c_in)


@break_even.mistake(
    "CHN",
    "Half of c_in is a guess. Set the two costs equal and solve for c_mid: the answer depends on c_out and k too.",
)
def half(c_in, c_out, k):
    return c_in / 2


@break_even.mistake("SQR", "You take k for k·k: a window has k·k places.")
def k_for_k_squared(c_in, c_out, k):
    return k * c_in * c_out / (c_in + k * c_out)


@break_even.mistake(
    "CHN", "0.9 · c_in is right where c_in = c_out and k = 3, and nowhere else. Solve it for any sizes."
)
def nine_tenths(c_in, c_out, k):
    return 0.9 * c_in


@break_even.mistake(
    "CHN", "That would hold with c_in = c_out. Here the 1×1 goes from c_in channels, the k×k to c_out: keep them apart."
)
def equal_ends(c_in, c_out, k):
    return k * k * c_in / (k * k + 1)


@break_even.mistake("AXS", "c_in and c_out are swapped: the 1×1 meets c_in channels, the k×k makes c_out.")
def swapped(c_in, c_out, k):
    return k * k * c_in * c_out / (c_out + k * k * c_in)


@break_even.mistake(
    "PRC", "You cut the answer off to a whole number. Return it as it is: the crossing can lie between two channels."
)
def whole_number(c_in, c_out, k):
    return k * k * c_in * c_out // (c_in + k * k * c_out)


@break_even.mistake(
    "PRC", "You round the answer to a whole number. Return it as it is: the crossing can lie between two channels."
)
def rounded(c_in, c_out, k):
    return round(k * k * c_in * c_out / (c_in + k * k * c_out))


@break_even.mistake("SGN", "Your fraction is upside down: the cost of the direct layer belongs on top.")
def upside_down(c_in, c_out, k):
    return (c_in + k * k * c_out) / (k * k * c_in * c_out)


@break_even.mistake("SQR", "The direct layer's k·k is missing on top of the fraction.")
def top_without_k(c_in, c_out, k):
    return c_in * c_out / (c_in + k * k * c_out)


@break_even.mistake(
    "SQR",
    "k·k cancels in your answer. Only the direct layer and the second layer of the stack have k·k places; the 1×1 has one.",
)
def k_ignored(c_in, c_out, k):
    return c_in * c_out / (c_in + c_out)


@break_even.mistake("SQR", "The k·k of the second layer is missing under the line: its window has k·k places too.")
def bottom_without_k(c_in, c_out, k):
    return k * k * c_in * c_out / (c_in + c_out)


@break_even.alternative
def by_harmonic_sum(c_in, c_out, k):
    return c_in / (1 + c_in / (k**2 * c_out))


@break_even.alternative
def by_halving(c_in, c_out, k):
    low, high = 0.0, float(c_in)
    for _ in range(80):
        middle = (low + high) / 2
        if c_in * middle + k * k * middle * c_out < k * k * c_in * c_out:
            low = middle
        else:
            high = middle
    return low


@break_even.alternative
def from_two_points(c_in, c_out, k):
    direct = k * k * c_in * c_out
    per_channel = (2 * c_in + k * k * 2 * c_out) - (c_in + k * k * c_out)
    return np.float64(direct) / per_channel
