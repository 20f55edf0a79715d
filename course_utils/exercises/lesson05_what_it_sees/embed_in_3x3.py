"""A 1×1 weight as a 3×3 weight that does the same."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def weights(rng):
    """Cases for `embed_in_3x3(weight)`."""
    yield case("5 outputs, 4 inputs", inputs.signed(rng, 5, 4))
    yield case("3 outputs, 3 inputs", inputs.signed(rng, 3, 3))
    yield case("one output", inputs.signed(rng, 1, 6))
    yield case("one input", inputs.signed(rng, 6, 1))
    yield case("one weight", inputs.signed(rng, 1, 1))
    yield case("weight is a transposed view", inputs.signed(rng, 7, 2).T)
    yield case("random sizes", inputs.signed(rng, *inputs.distinct_sizes(rng, 2)))
    yield case("many outputs and inputs", inputs.signed(rng, 70, 66))
    yield from inputs.varied(inputs.signed(rng, 4, 5))
    for said, sizes in inputs.stretched(rng, "outputs", "inputs"):
        yield case(said, inputs.signed(rng, *sizes))


@exercise(
    cases=weights,
    axes="c_out c_in row column",
    tolerance=0,  # numbers are only moved
    hints=(
        "A 3×3 convolution multiplies nine pixels by nine taps. Which of the nine does a 1×1 use?",
        "Row 1, column 1 of each 3×3 slice is the tap on the pixel itself. The first two axes stay (C_out, C_in).",
        "wide = zeros of shape (C_out, C_in, 3, 3);  wide[:, :, 1, 1] = weight",
    ),
)
def embed_in_3x3(weight):
    return np.pad(weight[:, :, None, None], ((0, 0), (0, 0), (1, 1), (1, 1)))


@embed_in_3x3.mistake(
    "LOC",
    "All nine taps hold the weight, so that each output pixel sums its whole neighbourhood. Only one tap looks at the pixel itself.",
)
def all_nine(weight):
    return np.tile(weight[:, :, None, None], (1, 1, 3, 3))


@embed_in_3x3.mistake(
    "AVG",
    "You spread the weight evenly over nine taps. That averages the neighbourhood: a blur. Leave the neighbours out.",
)
def a_ninth_each(weight):
    return np.tile(weight[:, :, None, None], (1, 1, 3, 3)) / 9


@embed_in_3x3.mistake(
    "LOC",
    "The weight sits in the corner [0, 0]: your layer reads the pixel up and to the left. Which tap is the middle one?",
)
def in_the_corner(weight):
    wide = np.zeros((*weight.shape, 3, 3))
    wide[:, :, 0, 0] = weight
    return wide


@embed_in_3x3.mistake("TRN", "The first two axes are swapped: C_out comes first, then C_in, as in weight.")
def swapped(weight):
    return np.pad(weight.T[:, :, None, None], ((0, 0), (0, 0), (1, 1), (1, 1)))


@embed_in_3x3.mistake(
    "AXS", "The taps come first in your answer. The order is (C_out, C_in, row, column): the 3×3 are the last two axes."
)
def taps_first(weight):
    return np.pad(weight[None, None], ((1, 1), (1, 1), (0, 0), (0, 0)))


@embed_in_3x3.mistake("DWP", "Only weight[i, i] is copied. Every output channel needs a slice for every input channel.")
def diagonal_only(weight):
    wide = np.zeros((*weight.shape, 3, 3))
    for c in range(min(weight.shape)):
        wide[c, c, 1, 1] = weight[c, c]
    return wide


@embed_in_3x3.mistake(
    "LOC",
    "The weight sits in the corner [2, 2]: your layer reads the pixel down and to the right. Which tap is the middle one?",
)
def in_the_last_corner(weight):
    wide = np.zeros((*weight.shape, 3, 3))
    wide[:, :, 2, 2] = weight
    return wide


@embed_in_3x3.mistake(
    "LOC",
    "Three taps hold the weight, a whole row or column of the kernel. Only the one in the middle looks at the pixel itself.",
)
def middle_row(weight):
    wide = np.zeros((*weight.shape, 3, 3))
    wide[:, :, 1] = weight[:, :, None]
    return wide


@embed_in_3x3.mistake(
    "AXS", "np.pad has put zeros round all four axes: there are new channels. The taps are the last two axes."
)
def padded_all_round(weight):
    return np.pad(weight[:, :, None, None], 1)


@embed_in_3x3.mistake(
    "LOC", "The middle tap is right, and the eight round it are 1: they add the neighbours. They have to be 0."
)
def ones_round_it(weight):
    wide = np.ones((*weight.shape, 3, 3))
    wide[:, :, 1, 1] = weight
    return wide


@embed_in_3x3.mistake(
    "LOC",
    "Three taps hold the weight, a whole column of the kernel. Only the one in the middle looks at the pixel itself.",
)
def middle_column(weight):
    wide = np.zeros((*weight.shape, 3, 3))
    wide[:, :, :, 1] = weight[:, :, None]
    return wide


@embed_in_3x3.mistake(
    "LOC", "Three taps hold the weight, those of a diagonal. Only the middle one looks at the pixel itself."
)
def along_a_diagonal(weight):
    return np.einsum("oc,ij->ocij", weight, np.eye(3))


@embed_in_3x3.alternative
def assigned(weight):
    c_out, c_in = weight.shape
    wide = np.zeros((c_out, c_in, 3, 3))
    wide[:, :, 1, 1] = weight
    return wide


@embed_in_3x3.alternative
def times_a_delta(weight):
    delta = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    return np.einsum("oc,ij->ocij", weight, delta)


@embed_in_3x3.alternative
def with_torch(weight):
    import torch

    return torch.nn.functional.pad(torch.tensor(weight)[:, :, None, None], (1, 1, 1, 1)).numpy()
