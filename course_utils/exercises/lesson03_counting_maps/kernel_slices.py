"""How many k×k slices the weight of a layer has."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def channel_pairs(rng):
    """Cases for `f(c_in, c_out)`."""
    yield case("the article's second layer", 32, 64)
    yield case("its third layer", 64, 128)
    yield case("a colour image to 32 maps", 3, 32)
    yield case("one input channel", 1, 7)
    yield case("one output channel", 10, 1)
    yield case("random channels", *inputs.distinct_sizes(rng, 2, 20, 300))
    yield case("as many channels out as in", 12, 12)
    yield case("fewer channels out than in, both odd", 15, 5)
    yield case("two channels to three", 2, 3)
    yield case("more than 100 channels", 150, 7)
    yield case("one channel to one channel", 1, 1)
    yield case("eight million channels to three", 8_388_611, 3)
    yield case("two channels to a million", 2, 1_000_003)


@exercise(
    cases=channel_pairs,
    hints=(
        "In the picture above, how many small squares stand in one row, and how many rows are there?",
        "weight[o, c] is one slice: o runs over the output channels, c over the input channels.",
        "one slice for every o and every c: count the pairs",
    ),
)
def kernel_slices(c_in, c_out):
    return sum(c_in for _ in range(c_out))


@kernel_slices.mistake(
    "CNT", "You add the two numbers. Every output channel has a slice for *every* input channel: count the pairs."
)
def added(c_in, c_out):
    return c_in + c_out


@kernel_slices.mistake("DWP", "That is one slice per output channel. Each filter has a slice for every input channel.")
def one_per_output(c_in, c_out):
    return c_out


@kernel_slices.mistake("DWP", "That is one slice per input channel. There are C_out filters, and each has that many.")
def one_per_input(c_in, c_out):
    return c_in


@kernel_slices.mistake(
    "UNI", "You count the numbers inside the slices (9 in a 3×3 slice). A slice counts once, whatever its size."
)
def numbers_in_slices(c_in, c_out):
    return 9 * c_in * c_out


@kernel_slices.mistake(
    "MUL", "The layers before this one do not matter: a layer's slices depend on its own two numbers only."
)
def times_the_colours(c_in, c_out):
    return 3 * c_in * c_out


@kernel_slices.mistake("CNT", "You take a power. There is one slice for each *pair* of an input and an output channel.")
def power(c_in, c_out):
    return c_in**c_out


@kernel_slices.mistake(
    "TYP", "You return the two sizes of the table. Asked is how many slices stand in it: one number."
)
def sizes_of_the_table(c_in, c_out):
    return (c_out, c_in)


@kernel_slices.mistake("BIA", "You count the biases too. A bias is one number for a whole map, and no slice.")
def with_the_biases(c_in, c_out):
    return c_in * c_out + c_out


@kernel_slices.mistake(
    "CNT", "You take the larger of the two numbers. There is a slice for each *pair* of an input and an output."
)
def the_larger(c_in, c_out):
    return max(c_in, c_out)


@kernel_slices.mistake(
    "CNT", "You divide one number by the other. There is a slice for each *pair* of an input and an output."
)
def divided(c_in, c_out):
    return c_out // c_in


@kernel_slices.alternative
def product(c_in, c_out):
    return c_in * c_out


@kernel_slices.alternative
def from_the_weight(c_in, c_out):
    return int(np.prod(np.empty((c_out, c_in, 3, 3)).shape[:2]))
