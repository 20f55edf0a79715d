"""Scores of the classes: pooled maps, then one matrix."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import exercise


def layers_with_bias(rng):
    """Cases for `f(x, weight, bias)`: those of every layer, without the ones that leave the bias out."""
    return (layer for layer in inputs.layers(rng) if len(layer.args) == 3 and layer.args[2] is not None)


@exercise(
    cases=layers_with_bias,
    axes="n c_out",
    hints=(
        "After pooling, an image is C_in numbers: one pixel. What does a 1×1 layer do with one pixel?",
        "pooled is (N, C_in), weight is (C_out, C_in): they meet along C_in. The bias is added once, after pooling.",
        "pooled = gap(x);  answer[n, o] = bias[o] + sum over c of weight[o, c] * pooled[n, c]",
    ),
)
def gap_then_linear(x, weight, bias):
    maps = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    return maps.mean(axis=(2, 3))


@gap_then_linear.made_of("gap")
def of_means(gap, x, weight, bias):
    return gap(x) @ weight.T + bias


@gap_then_linear.mistake(
    "AXS", "You pool over the channels. Then the layer has no channels left to mix: pool over H and W."
)
def pools_channels(x, weight, bias):
    pooled = x.mean(axis=1).mean(axis=(1, 2))
    return pooled[:, None] * weight.sum(axis=1) + bias


@gap_then_linear.mistake("AVG", "The pixels are summed, not averaged: divide by H·W before the layer.")
def sums(x, weight, bias):
    return x.sum(axis=(2, 3)) @ weight.T + bias


@gap_then_linear.mistake(
    "AVG", "All is H·W times too large: the maps are summed, bias and all, where an average is asked for."
)
def sums_the_maps(x, weight, bias):
    return (np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]).sum(axis=(2, 3))


@gap_then_linear.mistake("BIA", "The bias counts H·W times. Every pixel has it, but their average has it once.")
def bias_of_every_pixel(x, weight, bias):
    return x.mean(axis=(2, 3)) @ weight.T + bias * (x.shape[2] * x.shape[3])


@gap_then_linear.mistake("BIA", "The bias was divided by H·W. Average first, then add the bias in full.")
def bias_averaged_away(x, weight, bias):
    return (x.sum(axis=(2, 3)) @ weight.T + bias) / (x.shape[2] * x.shape[3])


@gap_then_linear.mistake("BIA", "The bias is missing.")
def without_bias(x, weight, bias):
    return x.mean(axis=(2, 3)) @ weight.T


@gap_then_linear.mistake("TRN", "weight is (C_out, C_in): it meets the pooled channels along its second axis.")
def with_the_transpose(x, weight, bias):
    return x.mean(axis=(2, 3)) @ weight + bias


@gap_then_linear.mistake(
    "LIN", "There is no ReLU here. With one before the pooling, pooling and layer could not trade places."
)
def relu_before_pooling(x, weight, bias):
    return np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0).mean(axis=(2, 3))


@gap_then_linear.mistake(
    "LIN", "A ReLU cuts your answer off at zero. This layer is the last one: evidence against a class is negative."
)
def relu_at_the_end(x, weight, bias):
    return np.maximum(x.mean(axis=(2, 3)) @ weight.T + bias, 0)


@gap_then_linear.mistake(
    "LIN", "There is a softmax at the end: your numbers of an image add up to 1. Return them as the layer makes them."
)
def softmax_at_the_end(x, weight, bias):
    y = np.exp(x.mean(axis=(2, 3)) @ weight.T + bias)
    return y / y.sum(axis=1, keepdims=True)


@gap_then_linear.mistake("BAT", "The images are averaged together. Each image has its own answer.")
def pools_images(x, weight, bias):
    return np.tile(x.mean(axis=(0, 2, 3)) @ weight.T + bias, (x.shape[0], 1))


@gap_then_linear.mistake(
    "AVG", "You average over the input channels as well. The layer sums over them, with its weights."
)
def averages_channels(x, weight, bias):
    return x.mean(axis=(2, 3)) @ weight.T / x.shape[1] + bias


@gap_then_linear.mistake(
    "UNI", "You return the class with the best score. Asked are the scores, one for each class: (N, C_out)."
)
def best_class(x, weight, bias):
    return (x.mean(axis=(2, 3)) @ weight.T + bias).argmax(axis=1)


@gap_then_linear.alternative
def pools_first(x, weight, bias):
    return x.mean(axis=(2, 3)) @ weight.T + bias


@gap_then_linear.alternative
def with_one_einsum(x, weight, bias):
    return np.einsum("oc,nchw->no", weight, x) / np.prod(x.shape[2:]) + bias


@gap_then_linear.alternative
def image_by_image(x, weight, bias):
    return np.stack([weight @ image.reshape(len(image), -1).mean(axis=1) + bias for image in x])
