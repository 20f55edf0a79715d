"""C_out output numbers of one pixel: a row of weights for each."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def pixels_and_matrices(rng):
    """Cases for `f(v, weight, bias)`: one pixel, one row of weights an output."""
    yield case("3 channels in, 5 out", *pixel_and_matrix(rng, 3, 5))
    yield case("as many out as in", *pixel_and_matrix(rng, 4, 4))
    yield case("6 channels in, 2 out", *pixel_and_matrix(rng, 6, 2))
    yield case("one channel in", *pixel_and_matrix(rng, 1, 4))
    yield case("one output", *pixel_and_matrix(rng, 4, 1))
    yield case("one in, one out", *pixel_and_matrix(rng, 1, 1))
    v, weight, bias = pixel_and_matrix(rng, 5, 3)
    yield case("weight is a transposed view", v, np.ascontiguousarray(weight.T).T, bias)
    yield case("random sizes", *pixel_and_matrix(rng, *inputs.distinct_sizes(rng, 2)))
    yield case("many channels, many outputs", *pixel_and_matrix(rng, 67, 70))
    yield from inputs.varied(*pixel_and_matrix(rng, 4, 3))
    for said, sizes in inputs.stretched(rng, "channels", "outputs"):
        yield case(said, *pixel_and_matrix(rng, *sizes))


def pixel_and_matrix(rng, c_in, c_out):
    return inputs.signed(rng, c_in), inputs.signed(rng, c_out, c_in), inputs.signed(rng, c_out)


@exercise(
    cases=pixels_and_matrices,
    axes="c_out",
    hints=(
        "mix_pixel gives one output. How many mixes do you need here, and which weights and which bias has each?",
        "Output o uses row o of weight and bias[o], and all of v. The answer has one number per *row* of weight.",
        "y = np.zeros(C_out);  for o in range(C_out): y[o] = mix_pixel(v, row o of weight, bias[o]);  return y",
    ),
)
def mix_pixel_many(v, weight, bias):
    return np.array([float(np.einsum("c,c->", row, v) + b) for row, b in zip(weight, bias, strict=True)])


@mix_pixel_many.made_of("mix_pixel")
def of_pixels(mix_pixel, v, weight, bias):
    return np.array([mix_pixel(v, row, b) for row, b in zip(weight, bias, strict=True)])


@mix_pixel_many.mistake(
    "TRN", "You go down the columns of weight, as `v @ weight` does. It is (C_out, C_in): each output takes one *row*."
)
def transposed(v, weight, bias):
    return v @ weight + bias


@mix_pixel_many.mistake("BIA", "Every output gets bias[0]. Output o has a bias of its own: bias[o].")
def first_bias(v, weight, bias):
    return weight @ v + bias[0]


@mix_pixel_many.mistake("BIA", "The bias is missing: output o adds bias[o].")
def no_biases(v, weight, bias):
    return weight @ v


@mix_pixel_many.mistake(
    "BIA", "You add the bias once per *input* channel. Each output adds its bias once, after the sum."
)
def bias_per_input(v, weight, bias):
    return (weight * v + bias.reshape(-1, 1)).sum(axis=1)


@mix_pixel_many.mistake("BIA", "You add all the biases to every output. Output o adds bias[o] alone.")
def all_biases(v, weight, bias):
    return weight @ v + bias.sum()


@mix_pixel_many.mistake(
    "AXS", "You add all outputs up to one number. Sum over input channels only: C_out numbers stay."
)
def summed_to_one(v, weight, bias):
    return np.sum(weight @ v + bias)


@mix_pixel_many.mistake("AXS", "You return the first output alone. There is one for each row of weight.")
def first_output(v, weight, bias):
    return weight[0] @ v + bias[0]


@mix_pixel_many.mistake(
    "DWP", "Output o looks at channel o alone: only the diagonal of weight is used. Every output mixes *all* channels."
)
def diagonal(v, weight, bias):
    y = np.array(bias)
    for c in range(min(weight.shape)):
        y[c] += weight[c, c] * v[c]
    return y


@mix_pixel_many.mistake("DWP", "The products are right, but not yet added up: sum over the input channels (axis 1).")
def products(v, weight, bias):
    return weight * v + bias.reshape(-1, 1)


@mix_pixel_many.mistake(
    "AVG", "You divide by the number of input channels. An output is a weighted *sum*, not an average."
)
def averaged(v, weight, bias):
    return np.mean(weight * v, axis=1) + bias


@mix_pixel_many.mistake("LIN", "You replace negative outputs by 0. A mix may be negative: leave it as it is.")
def clipped_outputs(v, weight, bias):
    return np.maximum(weight @ v + bias, 0)


@mix_pixel_many.mistake(
    "ACC", "The running total goes on from one output to the next. Start it again at 0 for every o."
)
def total_kept(v, weight, bias):
    return np.cumsum(weight @ v) + bias


@mix_pixel_many.mistake(
    "ACC", "Only the last channel is left in each output: `=` where the total should grow with `+=`."
)
def last_channel_kept(v, weight, bias):
    return weight[:, -1] * v[-1] + bias


@mix_pixel_many.mistake(
    "EDG", "Only the first output is computed: your `return` stands inside the loop. Move it all the way left."
)
def returns_after_one_output(v, weight, bias):
    y = np.zeros(len(weight))
    y[0] = weight[0] @ v + bias[0]
    return y


@mix_pixel_many.mistake("BIA", "Each output gets the whole bias, all its numbers. Output o adds one of them: bias[o].")
def whole_bias_each(v, weight, bias):
    return (weight @ v)[:, None] + bias


@mix_pixel_many.mistake(
    "SUM", "You sum over the outputs, down the columns of weight. Sum along each *row*: over the input channels."
)
def summed_over_the_outputs(v, weight, bias):
    return (weight * v).sum(axis=0)


@mix_pixel_many.mistake("AVG", "You divide by the number of input channels, the bias too. An output is a *sum*.")
def all_divided(v, weight, bias):
    return (weight @ v + bias) / len(v)


@mix_pixel_many.mistake(
    "SUM", "The products of all outputs are in one sum. Output o sums the products of *its* row alone."
)
def one_sum_for_all(v, weight, bias):
    return (weight * v).sum() + bias


@mix_pixel_many.mistake(
    "AXS", "You go through as many outputs as there are inputs: len(v). There is one output for each row of weight."
)
def as_many_outputs_as_inputs(v, weight, bias):
    return np.array([weight[o] @ v + bias[o] for o in range(len(v))])


@mix_pixel_many.alternative
def matrix_times_vector(v, weight, bias):
    return weight @ v + bias


@mix_pixel_many.alternative
def two_loops(v, weight, bias):
    y = np.array(bias, dtype=float)
    for o in range(weight.shape[0]):
        for c in range(weight.shape[1]):
            y[o] += weight[o, c] * v[c]
    return y


@mix_pixel_many.alternative
def broadcast_and_sum(v, weight, bias):
    return np.sum(weight * v, axis=1) + bias


@mix_pixel_many.alternative
def torch_linear(v, weight, bias):
    import torch

    return torch.nn.functional.linear(torch.tensor(v), torch.tensor(weight), torch.tensor(bias))
