"""A convolution whose stride is its kernel, as a rearrangement and a 1×1 layer."""

import numpy as np

from course_utils.exercises.inputs import signed, stretched, varied
from course_utils.exercises.spec import case, exercise


def patch_weights(rng):
    """Cases `(weight,)`: weights (C_out, C_in, p, p)."""
    yield case("two by two, three colours", signed(rng, 5, 3, 2, 2))
    yield case("four by four", signed(rng, 3, 2, 4, 4))
    yield case("every size the same", signed(rng, 3, 3, 3, 3))
    yield case("one input channel", signed(rng, 4, 1, 3, 3))
    yield case("one output channel", signed(rng, 1, 3, 2, 2))
    yield case("patches of one pixel", signed(rng, 4, 3, 1, 1))
    yield case("whole numbers in a row", np.arange(2 * 3 * 4).reshape(2, 3, 2, 2))
    yield case("many channels, large patches", signed(rng, 12, 11, 11, 11))
    yield from varied(signed(rng, 3, 2, 2, 2))
    for said, (c_out, c_in) in stretched(rng, "outputs", "inputs"):
        yield case(said, signed(rng, c_out, c_in, 2, 2))
    p = int(rng.integers(17, 40))
    yield case(f"patches of {p} by {p}", signed(rng, 2, 3, p, p))


@exercise(
    cases=patch_weights,
    axes="c_out patch",
    tolerance=0,  # numbers are only moved
    hints=(
        "One output number of this convolution is a sum over how many numbers of the patch? In which order does `patches` write them down?",
        "`patches` goes along a patch row by row, and at each pixel through its channels: i, j, c. The weight has c, i, j.",
        "weight.transpose(0, 2, 3, 1) puts the axes in that order; then reshape(C_out, -1)",
    ),
)
def patchify_weight(weight):
    return np.einsum("ocij->oijc", weight).reshape(len(weight), -1).copy()


@patchify_weight.mistake(
    "RSH", "reshape alone keeps the order c, i, j. `patches` writes i, j, c: move the channel axis to the end first."
)
def only_reshaped(weight):
    return weight.reshape(len(weight), -1).copy()


@patchify_weight.mistake("AXS", "Rows and columns of the patch are exchanged: i before j.")
def columns_first(weight):
    return weight.transpose(0, 3, 2, 1).reshape(len(weight), -1)


@patchify_weight.mistake("TRN", "One row per output channel: (C_out, p·p·C_in). You have it the other way round.")
def as_columns(weight):
    return weight.transpose(2, 3, 1, 0).reshape(-1, len(weight))


@patchify_weight.mistake("SGN", "The kernel is turned upside down. Convolutions of deep networks do not turn it.")
def kernel_turned(weight):
    return weight[:, :, ::-1, ::-1].transpose(0, 2, 3, 1).reshape(len(weight), -1)


@patchify_weight.mistake(
    "AVG", "The p × p weights of a channel are added up. Each pixel of the patch keeps a weight of its own."
)
def taps_summed(weight):
    return weight.sum(axis=(2, 3))


@patchify_weight.mistake(
    "LOC", "Only the middle weight of each kernel is kept. Each pixel of the patch has a weight of its own."
)
def middle_tap(weight):
    p = weight.shape[2]
    return weight[:, :, p // 2, p // 2].copy()


@patchify_weight.mistake(
    "AXS", "The axes are in the right order; but a matrix is asked for: put i, j and c together, (C_out, p·p·C_in)."
)
def four_axes(weight):
    return weight.transpose(0, 2, 3, 1).copy()


@patchify_weight.mistake("AXS", "The output channel has gone to the end: it stays first, one row for each.")
def outputs_last(weight):
    return weight.transpose(2, 3, 1, 0).reshape(len(weight), -1)


@patchify_weight.alternative
def by_moveaxis(weight):
    c_out, c_in, p, q = weight.shape
    return np.moveaxis(weight, 1, -1).reshape(c_out, p * q * c_in)


@patchify_weight.alternative
def pixel_by_pixel(weight):
    c_out, c_in, p, _ = weight.shape
    columns = [weight[:, c, i, j] for i in range(p) for j in range(p) for c in range(c_in)]
    return np.stack(columns, axis=1)


@patchify_weight.alternative
def by_loops(weight):
    c_out, c_in, p, _ = weight.shape
    matrix = np.empty((c_out, p * p * c_in))
    for o, c, i, j in np.ndindex(weight.shape):
        matrix[o, (i * p + j) * c_in + c] = weight[o, c, i, j]
    return matrix
