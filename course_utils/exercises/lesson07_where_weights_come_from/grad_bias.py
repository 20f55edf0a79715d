"""The gradient for the bias."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson07_where_weights_come_from.layer_sizes import layer_sizes, long_layers
from course_utils.exercises.spec import case, exercise


def output_gradients(rng):
    """Cases for `f(dy)`."""
    for label, (n, _, c_out, h, w) in layer_sizes(rng):
        yield case(label, inputs.signed(rng, n, c_out, h, w))
    yield case("dy is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 4, 5)))
    yield from inputs.varied(inputs.signed(rng, 2, 3, 2, 4))
    for label, (n, _, c_out, h, w) in long_layers(rng):
        yield case(label, inputs.signed(rng, n, c_out, h, w))


@exercise(
    cases=output_gradients,
    axes="c_out",
    hints=(
        "bias[o] is added to many numbers of y. Which ones? Nudge it: how much does each of them move?",
        "bias[o] reaches every pixel of map o in every image, so three of the four axes of dy are summed away.",
        "for each o:  total = 0;  for each n, i, j:  total += dy[n, o, i, j];  gradient[o] = total",
    ),
)
def grad_bias(dy):
    return np.einsum("nohw->o", dy)


@grad_bias.mistake("BAT", "You sum over the images only. bias[o] is also shared by all pixels: sum over them too.")
def over_images_only(dy):
    return dy.sum(axis=0)


@grad_bias.mistake("BAT", "Only the first image counts in your answer. Every image of the batch pulls at the bias.")
def of_the_first_image(dy):
    return dy[0].sum(axis=(1, 2))


@grad_bias.mistake("AVG", "You take the mean. Each of the N·H·W numbers adds its own share: a sum, not an average.")
def averaged(dy):
    return dy.mean(axis=(0, 2, 3))


@grad_bias.mistake("AVG", "You sum over the pixels and average over the images. Every image adds its share in full.")
def averaged_over_images(dy):
    return dy.sum(axis=(2, 3)).mean(axis=0)


@grad_bias.mistake(
    "AXS", "The output channels are summed away. There is one bias, and one gradient, per output channel."
)
def over_everything(dy):
    return dy.sum()


@grad_bias.mistake("AXS", "You keep the axis of the images. Keep the axis of the output channels, axis 1.")
def one_per_image(dy):
    return dy.sum(axis=(1, 2, 3))


@grad_bias.mistake("AXS", "The sum is over one column of pixels only: both H and W have to go.")
def one_axis_short(dy):
    return dy.sum(axis=(0, 2))[:, 0]


@grad_bias.mistake(
    "SUM", "You sum over the output channels, axis 1. That is the one axis that stays; the other three go."
)
def over_the_outputs(dy):
    return dy.sum(axis=1)


@grad_bias.mistake("BAT", "You sum over the pixels of each image. All images share the same bias: sum over them too.")
def over_pixels_only(dy):
    return dy.sum(axis=(2, 3))


@grad_bias.mistake(
    "BAT", "One pixel of each map counts alone. bias[o] is added to all of them: go over rows and columns too."
)
def of_the_first_pixel(dy):
    return dy[:, :, 0, 0].sum(axis=0)


@grad_bias.mistake(
    "RSH",
    "reshape to (C_out, …) moves nothing: it cuts the numbers anew, and images get into each other's channels. Bring axis 1 to the front first.",
    uses=("reshape()",),
)
def cut_anew(dy):
    return dy.reshape(dy.shape[1], -1).sum(axis=1)


@grad_bias.alternative
def loops(dy):
    gradient = np.zeros(dy.shape[1])
    for image in dy:
        for o, channel in enumerate(image):
            for row in channel:
                for value in row:
                    gradient[o] += value
    return gradient


@grad_bias.alternative
def one_sum(dy):
    return dy.sum(axis=(0, 2, 3))


@grad_bias.alternative
def channel_by_channel(dy):
    return np.array([dy[:, o].sum() for o in range(dy.shape[1])])
