"""The gradient for the input."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson07_where_weights_come_from.layer_sizes import layer_sizes, long_layers
from course_utils.exercises.spec import case, exercise


def gradients_and_weights(rng):
    """Cases for `f(dy, weight)`."""
    for label, (n, c_in, c_out, h, w) in layer_sizes(rng):
        yield case(label, inputs.signed(rng, n, c_out, h, w), inputs.signed(rng, c_out, c_in))
    yield case("dy is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 4, 5), inputs.signed(rng, 3, 2)))
    yield from inputs.varied(inputs.signed(rng, 2, 3, 2, 4), inputs.signed(rng, 3, 2))
    for label, (n, c_in, c_out, h, w) in long_layers(rng):
        yield case(label, inputs.signed(rng, n, c_out, h, w), inputs.signed(rng, c_out, c_in))


@exercise(
    cases=gradients_and_weights,
    axes="n c_in h w",
    hints=(
        "x[n, c, i, j] goes into several numbers of y, all at the same pixel. Which ones, and with which factor each?",
        "The answer has the axes n, c, i, j. The output channels o are what is summed.",
        "for each n, c, i, j:  total = 0;  for each o:  total += weight[o, c] * dy[n, o, i, j];  gradient[n, c, i, j] = total",
    ),
)
def grad_x(dy, weight):
    return np.einsum("oc,nohw->nchw", weight, dy)


@grad_x.mistake(
    "TRN", "You run the layer forwards. Backwards, the sum is over o: the matrix at work is the transpose of weight."
)
def forwards(dy, weight):
    return np.einsum("oc,nchw->nohw", weight, dy)


@grad_x.mistake("AVG", "You average over the output channels. Each of them adds its share in full.")
def averaged_outputs(dy, weight):
    return np.einsum("oc,nohw->nchw", weight, dy) / dy.shape[1]


@grad_x.mistake("BAT", "Only the first image gets a gradient. Every image has its own.")
def only_first_image(dy, weight):
    gradient = np.zeros((dy.shape[0], weight.shape[1], *dy.shape[2:]))
    gradient[0] = np.einsum("oc,ohw->chw", weight, dy[0])
    return gradient


@grad_x.mistake(
    "ORD", "You multiply the sum of the weights by the sum of dy. Multiply each pair first, then sum over o."
)
def sums_first(dy, weight):
    return weight.sum(axis=0)[:, None, None] * dy.sum(axis=1, keepdims=True)


@grad_x.mistake(
    "EDG", "Only one output channel flows back. Every output channel o saw this pixel: sum over all of them."
)
def first_output(dy, weight):
    return weight[0][:, None, None] * dy[:, :1]


@grad_x.mistake("SGN", "The sign is reversed. grad_x is the slope itself; the minus comes later, in the step.")
def downhill(dy, weight):
    return -np.einsum("oc,nohw->nchw", weight, dy)


@grad_x.mistake(
    "ACC", "Only the last output is left: `=` in the loop over o, where the gradient should grow with `+=`."
)
def last_output(dy, weight):
    return weight[-1][:, None, None] * dy[:, -1:]


@grad_x.mistake("TRN", "pinv(weight) undoes the layer. A gradient goes back through the *transposed* weight: weight.T.")
def through_the_inverse(dy, weight):
    return np.einsum("co,nohw->nchw", np.linalg.pinv(weight), dy)


@grad_x.alternative
def transposed_layer(dy, weight):
    n, c_out, h, w = dy.shape
    return (weight.T @ dy.reshape(n, c_out, h * w)).reshape(n, -1, h, w)


@grad_x.alternative
def output_by_output(dy, weight):
    gradient = np.zeros((dy.shape[0], weight.shape[1], *dy.shape[2:]))
    for o, row in enumerate(weight):
        gradient += row[:, None, None] * dy[:, o : o + 1]
    return gradient
