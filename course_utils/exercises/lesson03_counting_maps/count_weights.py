"""How many numbers a layer learns."""

import numpy as np

from course_utils import cost
from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def layers_with_kernels(rng):
    """Cases for `f(c_in, c_out, k, bias=True)`."""
    c_in, c_out = inputs.distinct_sizes(rng, 2, 5, 90)
    yield case("a 3×3 layer with biases", 32, 64, 3)
    yield case("the same without biases", 32, 64, 3, False)
    yield case("a 1×1 layer", 10, 4, 1)
    yield case("bias=True said aloud", 3, 32, 5, True)
    yield case("one channel to one channel", 1, 1, 3, False)
    yield case("random channels, 7×7", c_in, c_out, 7)
    yield case("random channels, 1×1, no bias", c_in, c_out, 1, False)
    yield case("an even kernel, 2×2", 7, 5, 2)
    yield case("an even kernel, 4×4, no bias", 5, 9, 4, False)
    yield case("as many channels out as in", 6, 6, 3)
    yield case("very wide layers, 11×11", 105, 203, 11)
    yield case("thousands of channels", 4097, 4099, 1)
    for said, sizes in inputs.stretched(rng, "input channels", "output channels", most=inputs.MILLIONS):
        yield case(said, *sizes, 1)
    k = int(rng.integers(17, 64))
    yield case(f"a {k}×{k} kernel", 3, 7, k)


@exercise(
    cases=layers_with_kernels,
    hints=(
        "How many slices has the layer, how many numbers are in one slice, and how many biases go to one output map?",
        (
            "weight has the shape (c_out, c_in, k, k): its four sizes say how many numbers it holds. bias has the shape"
            " (c_out,)."
        ),
        "numbers in weight = the product of its four sizes;  if bias: add one for each output channel",
    ),
)
def count_weights(c_in, c_out, k, bias=True):
    return cost.weights(c_in, c_out, k, bias)


@count_weights.mistake("SQR", "A k×k slice holds k·k numbers, you count k.")
def k_once(c_in, c_out, k, bias=True):
    return c_out * c_in * k + (c_out if bias else 0)


@count_weights.mistake(
    "BIA", "You give every slice a bias. A bias is added once to each output *map*, so there are C_out."
)
def bias_per_slice(c_in, c_out, k, bias=True):
    return c_out * c_in * (k * k + (1 if bias else 0))


@count_weights.mistake("BIA", "You give one bias to each input channel. A bias belongs to an output channel.")
def bias_per_input(c_in, c_out, k, bias=True):
    return c_out * c_in * k * k + (c_in if bias else 0)


@count_weights.mistake("BIA", "You add one bias for the whole layer. Each output channel has its own.")
def one_bias(c_in, c_out, k, bias=True):
    return c_out * c_in * k * k + (1 if bias else 0)


@count_weights.mistake("BIA", "The biases are missing: with bias=True each output channel has one more number.")
def biases_left_out(c_in, c_out, k, bias=True):
    return c_out * c_in * k * k


@count_weights.mistake("BIA", "You count biases also where the layer has none: look at the argument `bias`.")
def biases_always(c_in, c_out, k, bias=True):
    return c_out * c_in * k * k + c_out


@count_weights.mistake(
    "DWP", "You count one slice per output channel. Each filter has a slice for every input channel."
)
def one_slice_per_filter(c_in, c_out, k, bias=True):
    return c_out * k * k + (c_out if bias else 0)


@count_weights.mistake(
    "UNI",
    "You count the weights again at every pixel. The same weights are used at all of them: "
    "the size of the picture does not matter.",
)
def at_every_pixel(c_in, c_out, k, bias=True):
    return 224 * 224 * (c_out * c_in * k * k + (c_out if bias else 0))


@count_weights.mistake("ARG", "You take nine numbers a slice whatever k is. That fits a 3×3 kernel only.")
def always_3x3(c_in, c_out, k, bias=True):
    return c_out * c_in * 9 + (c_out if bias else 0)


@count_weights.mistake("SQR", "A k×k slice holds k·k numbers, you count 2·k.")
def k_twice(c_in, c_out, k, bias=True):
    return c_out * c_in * 2 * k + (c_out if bias else 0)


@count_weights.mistake(
    "CNT", "That is the weight of one output map. Each of the c_out maps has c_in slices of its own."
)
def one_output(c_in, c_out, k, bias=True):
    return c_in * k * k + c_out * bool(bias)


@count_weights.mistake(
    "CNT", "You add C_in and C_out. Every output channel has a slice for *every* input channel: multiply."
)
def channels_added(c_in, c_out, k, bias=True):
    return (c_in + c_out) * k * k + (c_out if bias else 0)


@count_weights.alternative
def from_the_arrays(c_in, c_out, k, bias=True):
    return np.empty((c_out, c_in, k, k)).size + bias * np.empty(c_out).size


@count_weights.alternative
def filter_by_filter(c_in, c_out, k, bias=True):
    total = 0
    for _ in range(c_out):
        total += c_in * k**2
        if bias:
            total += 1
    return total
