"""The gradient for the weight."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson07_where_weights_come_from.layer_sizes import layer_sizes, long_layers
from course_utils.exercises.spec import case, exercise


def inputs_and_gradients(rng):
    """Cases for `f(x, dy)`."""
    for label, (n, c_in, c_out, h, w) in layer_sizes(rng):
        yield case(label, inputs.signed(rng, n, c_in, h, w), inputs.signed(rng, n, c_out, h, w))
    yield case(
        "x is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 4, 5), inputs.signed(rng, 2, 2, 4, 5))
    )
    yield from inputs.varied(inputs.signed(rng, 2, 3, 2, 4), inputs.signed(rng, 2, 2, 2, 4))
    for label, (n, c_in, c_out, h, w) in long_layers(rng):
        yield case(label, inputs.signed(rng, n, c_in, h, w), inputs.signed(rng, n, c_out, h, w))


@exercise(
    cases=inputs_and_gradients,
    axes="c_out c_in",
    hints=(
        "weight[o, c] multiplies x[n, c, i, j] on its way to y[n, o, i, j]. If it grows by 1, how much does y grow there?",
        "The answer has the axes o and c. The axes n, i, j are on both x and dy, at the same place: they are summed.",
        "for each o, c:  total = 0;  for each n, i, j:  total += dy[n, o, i, j] * x[n, c, i, j];  gradient[o, c] = total",
    ),
)
def grad_weight(x, dy):
    return np.einsum("nohw,nchw->oc", dy, x)


@grad_weight.mistake(
    "TRN", "Your matrix is (C_in, C_out). A gradient has the shape of what it is for: weight is (C_out, C_in)."
)
def transposed(x, dy):
    return np.einsum("nohw,nchw->co", dy, x)


@grad_weight.mistake("BAT", "Only the first image counts in your answer. Sum over all n images.")
def first_image(x, dy):
    return np.einsum("ohw,chw->oc", dy[0], x[0])


@grad_weight.mistake(
    "RSH",
    "reshape(C, -1) mixes images and channels when there are several images: bring the channel axis to the front first.",
    uses=("reshape",),
)
def reshaped_without_transpose(x, dy):
    return dy.reshape(dy.shape[1], -1) @ x.reshape(x.shape[1], -1).T


@grad_weight.mistake("AVG", "You average over the images. The gradient of a sum over the batch is a sum.")
def averaged_images(x, dy):
    return np.einsum("nohw,nchw->oc", dy, x) / x.shape[0]


@grad_weight.mistake(
    "AVG", "You divide by the number of pixels. Each pixel adds its share in full: a sum, not an average."
)
def averaged_pixels(x, dy):
    return np.einsum("nohw,nchw->oc", dy, x) / (x.shape[0] * x.shape[2] * x.shape[3])


@grad_weight.mistake("ORD", "You sum x and dy first and multiply the sums. Multiply at each pixel first, then sum.")
def product_of_sums(x, dy):
    return np.outer(dy.sum(axis=(0, 2, 3)), x.sum(axis=(0, 2, 3)))


@grad_weight.mistake(
    "SUM", "Every column is alike: you summed x over its channels. Each weight[o, c] meets its own channel c."
)
def channels_summed(x, dy):
    return np.repeat(np.einsum("nohw,nchw->o", dy, x)[:, None], x.shape[1], axis=1)


@grad_weight.mistake("AXS", "Only the first pixel counts in your answer. Sum over all rows and columns.")
def first_pixel(x, dy):
    return np.einsum("no,nc->oc", dy[:, :, 0, 0], x[:, :, 0, 0])


@grad_weight.mistake(
    "ACC", "Only the last image is left: `=` in the loop over the images, where the gradient should grow with `+=`."
)
def last_image(x, dy):
    return np.einsum("ohw,chw->oc", dy[-1], x[-1])


@grad_weight.alternative
def three_loops(x, dy):
    gradient = np.zeros((dy.shape[1], x.shape[1]))
    for o in range(dy.shape[1]):
        for c in range(x.shape[1]):
            gradient[o, c] = (dy[:, o] * x[:, c]).sum()
    return gradient


@grad_weight.alternative
def as_matrices(x, dy):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return dy.transpose(1, 0, 2, 3).reshape(dy.shape[1], -1) @ columns.T


@grad_weight.alternative
def with_tensordot(x, dy):
    return np.tensordot(dy, x, axes=([0, 2, 3], [0, 2, 3]))
