"""Multiply-adds of one layer."""

import numpy as np

from course_utils import cost
from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def sized_layers(rng):
    """Cases for `f(c_in, c_out, k, h_out, w_out, groups=1)`."""
    c_in, c_out, h, w = inputs.distinct_sizes(rng, 4, 4, 40)
    yield case("a 3×3 layer on a wide picture", 16, 24, 3, 5, 7)
    yield case("a depthwise 3×3", 12, 12, 3, 10, 6, 12)
    yield case("a 1×1 layer", 64, 256, 1, 56, 56)
    yield case("a 1×1 in 3 groups", 30, 12, 1, 8, 5, 3)
    yield case("a 5×5 in 2 groups", 8, 6, 5, 4, 9, 2)
    yield case("one channel, one pixel", 1, 1, 1, 1, 1)
    yield case("random sizes, 7×7", c_in, c_out, 7, h, w)
    yield case("random sizes, 4 groups", 4 * c_in, 4 * c_out, 3, h, w, 4)
    yield case("an even kernel", 5, 7, 2, 3, 4)
    yield case("large sizes, 12 groups", 120, 132, 11, 101, 103, 12)
    yield case("a depthwise layer of 130 channels", 130, 130, 3, 2, 3, 130)
    yield case("a group for each input, three outputs of each", 12, 36, 3, 5, 4, 12)
    yield case("thousands of channels, a large picture", 4098, 2049, 1, 1001, 1003)
    yield case("groups=1 said aloud", 6, 9, 3, 4, 5, 1)
    axes = ("input channels", "output channels", "rows", "columns")
    for said, (c_in, c_out, *picture) in inputs.stretched(rng, *axes, most=inputs.MILLIONS):
        yield case(said, c_in, c_out, 1, *picture)
    yield case("a kernel as large as a patch", 3, 7, int(rng.integers(17, 40)), 5, 4)


@exercise(
    cases=sized_layers,
    small=(
        "1, 1, 1, 1, 1",
        "1, 2, 1, 1, 1",
        "2, 1, 1, 1, 1",
        "1, 1, 2, 1, 1",
        "1, 1, 1, 1, 2",
        "1, 1, 1, 2, 1",
        "2, 3, 1, 1, 1",
        "1, 1, 3, 1, 1",
        "2, 2, 1, 1, 1, 2",
        "4, 2, 1, 1, 1, 2",
        "2, 4, 1, 1, 1, 2",
        "2, 2, 3, 1, 2, 2",
        "3, 2, 3, 4, 5",
    ),  # fmt: skip
    hints=(
        "How many numbers does the layer multiply for *one* output value? And how many output values does it make?",
        "One output value sums over k · k places and over the input channels of its own group, c_in / groups of them.",
        "output values = c_out · h_out · w_out;  each costs k · k · c_in / groups;  multiply",
    ),
)
def macs(c_in, c_out, k, h_out, w_out, groups=1):
    return cost.Layer(c_in, c_out, k, h_out, w_out, groups).macs


@macs.mistake(
    "GRP", "`groups` changes nothing in your answer. With groups each output sees only c_in / groups input channels."
)
def groups_ignored(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in * c_out * k * k * h_out * w_out


@macs.mistake(
    "GRP",
    "You divide by `groups` twice. There are still c_out output maps; only the inputs that each one sees are fewer.",
)
def groups_twice(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * (c_out // groups) * k * k * h_out * w_out


@macs.mistake(
    "GRP", "You multiply by `groups`. Groups make a layer *cheaper*: each output sees only its own part of the input."
)
def groups_multiplied(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in * c_out * k * k * h_out * w_out * groups


@macs.mistake(
    "UNI", "You count FLOPs, two for each multiply-add. Here one multiplication together with its addition counts once."
)
def flops(c_in, c_out, k, h_out, w_out, groups=1):
    return 2 * (c_in // groups) * c_out * k * k * h_out * w_out


@macs.mistake(
    "CHN", "c_in is missing. An output value sums over the input channels, so each of them costs a multiplication."
)
def inputs_missing(c_in, c_out, k, h_out, w_out, groups=1):
    return c_out * k * k * h_out * w_out


@macs.mistake("CHN", "c_out is missing. Every output map is computed on its own, and there are c_out of them.")
def outputs_missing(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * k * k * h_out * w_out


@macs.mistake("SQR", "A k×k window holds k·k places, you count k.")
def k_once(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * h_out * w_out


@macs.mistake("UNI", "That is the number of weights. Each weight is used again at every pixel of the output.")
def weights_only(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * k


@macs.mistake("AXS", "You take h_out twice. A map has h_out rows of w_out pixels, and the two can differ.")
def height_twice(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * k * h_out * h_out


@macs.mistake(
    "BRD", "h_out and w_out are the sizes of the *output* already: nothing has to be taken off them for the window."
)
def window_taken_off(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * k * max(h_out - k + 1, 0) * max(w_out - k + 1, 0)


@macs.mistake(
    "BRD", "h_out and w_out are the sizes of the *output* already: nothing has to be taken off them for the window."
)
def window_taken_off_small_maps(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * k * (h_out - k + 1) * (w_out - k + 1)


@macs.mistake("BRD", "h_out and w_out are the sizes of the *output* already: no border has to be added to them.")
def border_added(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups) * c_out * k * k * (h_out + k - 1) * (w_out + k - 1)


@macs.mistake(
    "CNT", "You add the input and the output channels. Every output meets every input of its group: multiply."
)
def channels_added(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in // groups + c_out) * k * k * h_out * w_out


@macs.mistake("BIA", "You count the biases too. Adding a bias is no multiply-add; leave it out, as the papers do.")
def bias_counted(c_in, c_out, k, h_out, w_out, groups=1):
    return ((c_in // groups) * k * k + 1) * c_out * h_out * w_out


@macs.alternative
def per_group(c_in, c_out, k, h_out, w_out, groups=1):
    return groups * (c_in // groups) * (c_out // groups) * k**2 * (h_out * w_out)


@macs.alternative
def counted_one_by_one(c_in, c_out, k, h_out, w_out, groups=1):
    total = 0
    for _ in range(c_out):
        for _ in range(k):
            total += k * (c_in // groups)
    return total * h_out * w_out


@macs.alternative
def from_the_shapes(c_in, c_out, k, h_out, w_out, groups=1):
    return int(np.prod([c_out, c_in // groups, k, k])) * int(np.prod([h_out, w_out]))
