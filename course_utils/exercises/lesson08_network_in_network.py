"""Lesson 08: linear layers fuse, ReLU keeps them apart, pooling commutes, BatchNorm folds away."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong


def two_layers(rng):
    """Cases for `f(w1, b1, w2, b2)`: C_in → C_mid → C_out."""

    def pair(c_in, c_mid, c_out):
        return inputs.signed(rng, c_mid, c_in), inputs.signed(rng, c_mid), inputs.signed(rng, c_out, c_mid), inputs.signed(rng, c_out)

    yield case("3 → 4 → 2 channels", *pair(3, 4, 2))
    yield case("3 → 3 → 3 channels", *pair(3, 3, 3))
    yield case("a narrow middle, 5 → 1 → 4", *pair(5, 1, 4))
    yield case("a wide middle, 2 → 9 → 2", *pair(2, 9, 2))
    yield case("one channel in, 1 → 3 → 2", *pair(1, 3, 2))
    yield case("one channel out, 4 → 3 → 1", *pair(4, 3, 1))
    yield case("as wide in the middle as at the end, 4 → 3 → 3", *pair(4, 3, 3))
    yield case("as wide at the end as at the start, 4 → 2 → 4", *pair(4, 2, 4))
    w1, b1, w2, b2 = pair(3, 4, 2)
    yield case("no bias in the first layer (zeros)", w1, 0 * b1, w2, b2)
    yield case("random sizes", *pair(*inputs.distinct_sizes(rng, 3)))


@exercise(
    cases=two_layers,
    hints=(
        "What does one pixel x become after the first layer? And what does the second layer make of that?",
        "w2 (C_out, C_mid) meets w1 (C_mid, C_in) along C_mid. b1 goes through the second layer too; b2 does not.",
        "w2 @ (w1 @ x + b1) + b2:  multiply the brackets out;  weight is what stands before x, bias is the rest",
    ),
)
def fuse(w1, b1, w2, b2):
    return np.einsum("om,mc->oc", w2, w1), np.einsum("om,m->o", w2, b1) + b2


@fuse.mistake("TRN", "w1 @ w2 runs the second layer first. The layer that acts first stands on the right, next to x.")
def wrong_order(w1, b1, w2, b2):
    return w1 @ w2, w2 @ b1 + b2


@fuse.mistake("TRN", "Your weight is (C_in, C_out), the transpose of what is asked: one row for each output channel.")
def transposed(w1, b1, w2, b2):
    return (w2 @ w1).T, w2 @ b1 + b2


@fuse.mistake("BIA", "You add b1 and b2. On its way out b1 passes through the second layer: what does w2 make of it?")
def biases_added(w1, b1, w2, b2):
    return w2 @ w1, b1 + b2


@fuse.mistake("BIA", "b1 is lost. Put a pixel of zeros in: after the first layer it is b1, and the second layer sees that.")
def first_bias_lost(w1, b1, w2, b2):
    return w2 @ w1, b2.copy()


@fuse.mistake("BIA", "b2 is lost. It is added last, to every output channel.")
def second_bias_lost(w1, b1, w2, b2):
    return w2 @ w1, w2 @ b1


@fuse.mistake("BIA", "b2 went through w2. It is added after the second layer: only b1 passes through.")
def both_through(w1, b1, w2, b2):
    return w2 @ w1, w2 @ (b1 + b2)


@fuse.mistake("LIN", "There is no ReLU between these layers, and a ReLU would act on maps, not on weights.")
def relu_on_weights(w1, b1, w2, b2):
    return w2 @ np.maximum(w1, 0), w2 @ np.maximum(b1, 0) + b2


@fuse.mistake("LIN", "You put a ReLU on b1. That is what happens to a pixel of zeros if there is a ReLU; here there is none.")
def relu_on_bias(w1, b1, w2, b2):
    return w2 @ w1, w2 @ np.maximum(b1, 0) + b2


@fuse.mistake("DWP", "`*` multiplies entry by entry. Each output channel sums over all C_mid channels: a matrix product.")
def entry_by_entry(w1, b1, w2, b2):
    return w2 * w1, w2 @ b1 + b2


@fuse.alternative
def loops(w1, b1, w2, b2):
    weight, bias = np.zeros((w2.shape[0], w1.shape[1])), b2.copy()
    for o in range(w2.shape[0]):
        for m in range(w1.shape[0]):
            bias[o] += w2[o, m] * b1[m]
            for c in range(w1.shape[1]):
                weight[o, c] += w2[o, m] * w1[m, c]
    return weight, bias


@fuse.alternative
def by_probing(w1, b1, w2, b2):
    def layers(pixel):
        return w2 @ (w1 @ pixel + b1) + b2

    bias = layers(np.zeros(w1.shape[1]))
    return np.stack([layers(unit) - bias for unit in np.eye(w1.shape[1])], axis=1), bias


@fuse.alternative
def bias_as_a_column(w1, b1, w2, b2):
    first = np.vstack([np.column_stack([w1, b1]), np.eye(1, w1.shape[1] + 1, w1.shape[1])])
    both = np.column_stack([w2, b2]) @ first
    return both[:, :-1], both[:, -1]


def stacks(rng):
    """Cases for `f(x, layers)`: x of one image or two, and a list of `(weight, bias)`."""

    def stack(n, h, w, *channels):
        layers = [(inputs.signed(rng, o, c), inputs.signed(rng, o)) for c, o in zip(channels, channels[1:], strict=False)]
        return inputs.signed(rng, n, channels[0], h, w), layers

    yield case("two layers, every size different", *stack(2, 5, 7, 3, 6, 4))
    yield case("two layers, every size the same", *stack(3, 3, 3, 3, 3, 3))
    yield case("three layers", *stack(2, 4, 6, 3, 8, 5, 7))
    yield case("one layer", *stack(2, 4, 5, 3, 6))
    yield case("one channel in, one out", *stack(2, 3, 5, 1, 4, 1))
    yield case("one image of one pixel", *stack(1, 1, 1, 3, 9, 8))
    x, layers = stack(2, 5, 6, 4, 5, 3)
    yield case("x is a transposed view", *inputs.strided(x, layers))
    n, h, w, *channels = inputs.distinct_sizes(rng, 6)
    yield case("random sizes", *stack(n, h, w, *channels))


@exercise(
    cases=stacks,
    axes="n c_out h w",
    hints=(
        "What does one layer do to x, bias included? And what stands between one layer and the next?",
        "weight (C_out, C_in) meets axis 1 of x, bias needs the shape (C_out, 1, 1), ReLU acts on every number.",
        "for each (weight, bias):  x = relu(conv1x1(x, weight) + bias);  after the loop return x",
    ),
)
def mlpconv(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
        x = x * (x > 0)
    return x


@mlpconv.mistake("LIN", "No ReLU acts between the layers, so they are one linear layer in disguise. Put one after each.")
def no_inner_relu(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    return np.maximum(x, 0)


@mlpconv.mistake("LIN", "The last ReLU is missing: some of your numbers are below zero. Every layer is followed by one.")
def no_last_relu(x, layers):
    for i, (weight, bias) in enumerate(layers):
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
        if i < len(layers) - 1:
            x = np.maximum(x, 0)
    return x


@mlpconv.mistake("LIN", "There is no ReLU at all. A 1×1 convolution is linear: what bends it is the ReLU after it.")
def no_relu(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    return x


@mlpconv.mistake("BIA", "The bias is added after the ReLU. It belongs to the layer: add it first, then apply the ReLU.")
def relu_before_bias(x, layers):
    for weight, bias in layers:
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x), 0) + bias[:, None, None]
    return x


@mlpconv.mistake("BIA", "The biases are lost. Each layer adds its bias before the ReLU.")
def no_bias(x, layers):
    for weight, _ in layers:
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x), 0)
    return x


@mlpconv.mistake("LIN", "You apply the ReLU to the weights. Negative weights are welcome; it is the maps that are cut at zero.")
def relu_on_weight(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", np.maximum(weight, 0), x) + bias[:, None, None]
    return x


@mlpconv.mistake("ORD", "You apply the ReLU to x before the first layer. It comes after each layer.")
def relu_first(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, np.maximum(x, 0)) + bias[:, None, None]
    return np.maximum(x, 0)


@mlpconv.mistake("SGN", "You take the absolute value. ReLU keeps what is positive and makes the rest 0.")
def absolute_value(x, layers):
    for weight, bias in layers:
        x = np.abs(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None])
    return x


@mlpconv.mistake("ORD", "Only the first layer acts. Put its output into the second, and so on to the last.")
def first_layer_only(x, layers):
    weight, bias = layers[0]
    return np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0)


@mlpconv.mistake("ORD", "You start with the last layer. The list is in the order in which the layers act.")
def backwards(x, layers):
    for weight, bias in reversed(layers):
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0)
    return x


@mlpconv.mistake("TRN", "weight has one row per output channel: weight[o, c], not weight[c, o].")
def weight_transposed(x, layers):
    for weight, bias in layers:
        x = np.maximum(np.einsum("co,nchw->nohw", weight, x) + bias[:, None, None], 0)
    return x


@mlpconv.mistake("INP", "You change x itself. The caller still needs it: make a new array in each layer.")
def in_place(x, layers):
    first = x
    for weight, bias in layers:
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0)
    first[:] = np.maximum(first, 0)
    return x


@mlpconv.alternative
def as_columns(x, layers):
    n, _, h, w = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(n * h * w, -1)
    for weight, bias in layers:
        pixels = np.maximum(pixels @ weight.T + bias, 0)
    return pixels.reshape(n, h, w, -1).transpose(0, 3, 1, 2)


@mlpconv.alternative
def pixel_by_pixel(x, layers):
    n, _, h, w = x.shape
    out = np.zeros((n, len(layers[-1][1]), h, w))
    for k, i, j in np.ndindex(n, h, w):
        v = x[k, :, i, j]
        for weight, bias in layers:
            v = (weight @ v + bias).clip(min=0)
        out[k, :, i, j] = v
    return out


@mlpconv.alternative
def with_torch(x, layers):
    import torch

    y = torch.tensor(x)
    for weight, bias in layers:
        y = torch.conv2d(y, torch.tensor(weight)[:, :, None, None], torch.tensor(bias)).relu()
    return y.numpy()


def images(rng):
    """Cases for `f(x)`."""
    for label, shape in [
        ("two images, every size different", (2, 3, 4, 7)),
        ("every size the same", (3, 3, 3, 3)),
        ("one channel", (2, 1, 4, 5)),
        ("one image", (1, 4, 5, 3)),
        ("one pixel: its own average", (2, 3, 1, 1)),
        ("one row", (2, 3, 1, 6)),
        ("random sizes", inputs.distinct_sizes(rng, 4)),
    ]:
        yield case(label, inputs.signed(rng, *shape))
    yield case("x is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 4, 5)))


@exercise(
    cases=images,
    axes="n c",
    hints=(
        "Which numbers of x belong to one map, x[n, c]? All of them become one number.",
        "The axes of the pixels are 2 and 3. The images (axis 0) and the channels (axis 1) stay.",
        "for each n, c:  total = sum of x[n, c, i, j] over i and j;  answer[n, c] = total / (H · W)",
    ),
)
def gap(x):
    return np.einsum("nchw->nc", x) / (x.shape[2] * x.shape[3])


@gap.mistake("AXS", "You average over the channels. A pixel keeps its place, a map does not: average over H and W.")
def over_channels(x):
    return x.mean(axis=1)


@gap.mistake("AVG", "You sum. Here it is an average for once: divide by the H·W pixels.")
def summed(x):
    return x.sum(axis=(2, 3))


@gap.mistake("BAT", "The images are averaged together. Each image keeps its own C numbers.")
def over_images(x):
    return x.mean(axis=(0, 2, 3))


@gap.mistake("AXS", "Each image has become one number. Keep the channels apart: C numbers an image.")
def one_number_an_image(x):
    return x.mean(axis=(1, 2, 3))


@gap.mistake("AXS", "Only one of the two axes of the pixels is averaged away. Both rows and columns have to go.")
def one_axis(x):
    return x.mean(axis=3)


@gap.mistake("AXS", "The numbers are right, and two axes of size 1 hang on. Return (N, C).")
def axes_kept(x):
    return x.mean(axis=(2, 3), keepdims=True)


@gap.mistake("AVG", "You take the largest number of each map: that is global *max* pooling.")
def largest(x):
    return x.max(axis=(2, 3))


@gap.mistake("SCL", "You divide by H only, or by W only. A map has H·W pixels.")
def divided_by_height(x):
    return x.sum(axis=(2, 3)) / x.shape[2]


@gap.mistake("SCL", "You divide by the channels or the images as well. A map has H·W pixels: divide by that alone.")
def divided_by_channels(x):
    return x.sum(axis=(2, 3)) / (x.shape[1] * x.shape[2] * x.shape[3])


@gap.mistake("BAT", "Every image has the answer of the first one. Each image keeps its own C numbers.")
def of_the_first_image(x):
    return np.tile(x[0].mean(axis=(1, 2)), (x.shape[0], 1))


@gap.alternative
def both_axes(x):
    return x.mean(axis=(2, 3))


@gap.alternative
def one_after_the_other(x):
    return x.mean(axis=3).mean(axis=2)


@gap.alternative
def map_by_map(x):
    return np.array([[sum(channel.ravel()) / channel.size for channel in image] for image in x])


def layers_with_bias(rng):
    """Cases for `f(x, weight, bias)`: those of every layer, without the ones that leave the bias out."""
    return (one for one in inputs.layers(rng) if len(one.args) == 3 and one.args[2] is not None)


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


@gap_then_linear.mistake("AXS", "You pool over the channels. Then the layer has no channels left to mix: pool over H and W.")
def pools_channels(x, weight, bias):
    pooled = x.mean(axis=1).mean(axis=(1, 2))
    return pooled[:, None] * weight.sum(axis=1) + bias


@gap_then_linear.mistake("AVG", "The pixels are summed, not averaged: divide by H·W before the layer.")
def sums(x, weight, bias):
    return x.sum(axis=(2, 3)) @ weight.T + bias


@gap_then_linear.mistake("AVG", "All is H·W times too large: the maps are summed, bias and all, where an average is asked for.")
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


@gap_then_linear.mistake("LIN", "There is no ReLU here. With one before the pooling, pooling and layer could not trade places.")
def relu_before_pooling(x, weight, bias):
    return np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0).mean(axis=(2, 3))


@gap_then_linear.mistake("LIN", "A ReLU cuts your answer off at zero. This layer is the last one: evidence against a class is negative.")
def relu_at_the_end(x, weight, bias):
    return np.maximum(x.mean(axis=(2, 3)) @ weight.T + bias, 0)


@gap_then_linear.mistake("BAT", "The images are averaged together. Each image has its own answer.")
def pools_images(x, weight, bias):
    return np.tile(x.mean(axis=(0, 2, 3)) @ weight.T + bias, (x.shape[0], 1))


@gap_then_linear.mistake("AVG", "You average over the input channels as well. The layer sums over them, with its weights.")
def averages_channels(x, weight, bias):
    return x.mean(axis=(2, 3)) @ weight.T / x.shape[1] + bias


@gap_then_linear.alternative
def pools_first(x, weight, bias):
    return x.mean(axis=(2, 3)) @ weight.T + bias


@gap_then_linear.alternative
def with_one_einsum(x, weight, bias):
    return np.einsum("oc,nchw->no", weight, x) / np.prod(x.shape[2:]) + bias


@gap_then_linear.alternative
def image_by_image(x, weight, bias):
    return np.stack([weight @ image.reshape(len(image), -1).mean(axis=1) + bias for image in x])


def normed_layers(rng):
    """Cases for `f(weight, bias, gamma, beta, mean, var, eps)`."""

    def layer(c_in, c_out, eps):
        gamma, beta, mean = (inputs.signed(rng, c_out) for _ in range(3))
        return inputs.signed(rng, c_out, c_in), inputs.signed(rng, c_out), gamma, beta, mean, rng.integers(5, 300, c_out) / 100, eps

    yield case("3 → 5 channels", *layer(3, 5, 1e-2))
    yield case("4 → 4 channels", *layer(4, 4, 1e-2))
    yield case("one channel in", *layer(1, 4, 1e-3))
    yield case("one channel out", *layer(6, 1, 1e-3))
    weight, bias, gamma, beta, mean, var, eps = layer(3, 4, 1e-3)
    yield case("a channel that never varies: var = 0", weight, bias, gamma, beta, mean, var * [1, 0, 1, 1], eps)
    weight, _, *rest = layer(4, 3, 1e-3)
    yield case("bias=None", weight, None, *rest)
    yield case("a large eps", *layer(2, 3, 0.5))
    yield case("random sizes", *layer(*inputs.distinct_sizes(rng, 2), 1e-2))


@exercise(
    cases=normed_layers,
    hints=(
        "For one output channel, BatchNorm is 'times a number, plus a number'. Which two numbers?",
        "gamma / sqrt(var + eps) is one number for each *output* channel: it scales a whole row of weight.",
        "scale = gamma / sqrt(var + eps);  weight row o times scale[o];  bias = (bias - mean) · scale + beta;  None counts as 0",
    ),
)
def fold_batchnorm(weight, bias, gamma, beta, mean, var, eps):
    scale = np.diag(gamma / (var + eps) ** 0.5)
    shifted = -mean if bias is None else bias - mean
    return np.einsum("op,pc->oc", scale, weight), np.einsum("op,p->o", scale, shifted) + beta


@fold_batchnorm.mistake("EDG", "eps is forgotten. It stands under the root, beside var, so that a channel that never varies divides by no zero.")
def forgets_eps(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("ORD", "eps is added after the root. It is added to var first: sqrt(var + eps).")
def eps_outside(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (np.sqrt(var) + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("TRN", "You scale the columns of weight. BatchNorm acts on the *outputs*: scale the rows.")
def scales_columns(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale, ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("BIA", "beta is lost. It is added last, so it ends up in the bias.")
def beta_lost(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale


@fold_batchnorm.mistake("BIA", "mean is lost. It is subtracted from the output, bias included, before the scaling.")
def mean_lost(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], (0 if bias is None else bias) * scale + beta


@fold_batchnorm.mistake("BIA", "The layer's own bias is lost. BatchNorm shifts and scales it like the rest of the output.")
def bias_lost(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], beta - mean * scale


@fold_batchnorm.mistake("BIA", "The layer's own bias is not scaled. It is part of the output when BatchNorm comes.")
def bias_not_scaled(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], (0 if bias is None else bias) + beta - mean * scale


@fold_batchnorm.mistake("BIA", "mean is not scaled. It is subtracted first, and what is left is scaled.")
def mean_not_scaled(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], (0 if bias is None else bias) * scale - mean + beta


@fold_batchnorm.mistake("ORD", "beta is scaled too. It is added after the scaling.")
def beta_scaled(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean + beta) * scale


@fold_batchnorm.mistake("SGN", "mean is added. BatchNorm takes it away.")
def mean_added(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) + mean) * scale + beta


@fold_batchnorm.mistake("SCL", "You divide by the variance. Divide by its root, the standard deviation.")
def no_root(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("SCL", "gamma is lost. It multiplies what was centred and divided.")
def gamma_lost(weight, bias, gamma, beta, mean, var, eps):
    scale = 1 / np.sqrt(var + eps)
    return weight * scale[:, None], ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("BIA", "Only the bias is changed. The scaling reaches the weight too, row by row.")
def weight_left_alone(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight.copy(), ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("INP", "`*=` changes the weight of the caller. Make a new array.")
def in_the_callers_weight(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    weight *= scale[:, None]
    return weight, ((0 if bias is None else bias) - mean) * scale + beta


@fold_batchnorm.mistake("EDG", "bias may be None, and then it counts as 0.")
def needs_a_bias(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[:, None], (bias - mean) * scale + beta


@fold_batchnorm.alternative
def row_by_row(weight, bias, gamma, beta, mean, var, eps):
    rows, biases = [], []
    for o, row in enumerate(weight):
        deviation = float(var[o] + eps) ** 0.5
        rows.append(gamma[o] * row / deviation)
        biases.append(beta[o] + gamma[o] * ((0.0 if bias is None else bias[o]) - mean[o]) / deviation)
    return np.array(rows), np.array(biases)


@fold_batchnorm.alternative
def as_two_fused_layers(weight, bias, gamma, beta, mean, var, eps):
    scale = np.diag(gamma / np.sqrt(var + eps))
    first = np.zeros(len(weight)) if bias is None else bias
    return scale @ weight, scale @ first + (beta - scale @ mean)


@fold_batchnorm.alternative
def as_torch_folds_it(weight, bias, gamma, beta, mean, var, eps):
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    given = [None if a is None else torch.tensor(a) for a in (bias, mean, var)]
    made = fuse_conv_bn_weights(torch.tensor(weight)[:, :, None, None], *given, eps, torch.tensor(gamma), torch.tensor(beta))
    return made[0].detach().numpy()[:, :, 0, 0], made[1].detach().numpy()


QUIZ = (
    question(
        "nin_two_layers",
        "Two 1×1 layers, 64 → 8 → 64, with nothing between them. What can they compute that one layer 64 → 64 cannot?",
        wrong("LIN", "Curved functions, as two layers are deeper than one", "Linear after linear is linear: depth alone bends nothing."),
        wrong("MUL", "More features: 64 · 8 · 64 of them", "Channels do not multiply: the last layer has 64 outputs."),
        right("Nothing, and less: only weights of rank 8 or below", "They are w2 @ w1, and 8 channels pass at most rank 8."),
        wrong("RNK", "Nothing, and nothing less either: 64 come out in both", "64 is a shape. All 64 outputs are mixes of 8 maps."),
    ),
    question(
        "nin_gap_order",
        "Global average pooling trades places with a 1×1 layer and its bias. When does it stop?",
        right("When a ReLU stands between the two", "The average of what was cut off is not the average, cut off."),
        wrong("BIA", "When the bias is not zero", "The average of maps that all have + b is the average + b."),
        wrong("AXS", "When C_in and C_out differ", "Pooling acts on pixels, the layer on channels: sizes do not matter."),
        wrong("BAT", "When there are several images", "Each image is pooled on its own, before or after."),
    ),
    question(
        "nin_fold",
        "Which of these can be folded exactly into the weight and bias of the 1×1 layer before it?",
        wrong("LIN", "A ReLU", "Weight and bias make straight functions only; a ReLU has a kink."),
        wrong("BAT", "BatchNorm while training", "Then mean and variance come from the batch: they change with every input."),
        wrong("ORD", "A 1×1 layer that comes after a ReLU", "The ReLU stands between the two."),
        right("BatchNorm with stored mean and variance", "For each output channel it is 'times a number, plus a number'."),
    ),
    question(
        "nin_first",
        "Going by the sources quoted above: which paper introduced the 1×1 convolution as a building block?",
        wrong("SRC", "Going Deeper with Convolutions (GoogLeNet), 2014", "It cites Network In Network for the idea, as its reference [12]."),
        right("Network In Network, 2013", "It names the 'convolution layer with 1x1 convolution kernel', and GoogLeNet cites it."),
        wrong("SRC", "The article, 2019", "It thanks others for it, rightly; only not the ones who were first."),
        wrong("SRC", "Deep Residual Learning (ResNet), 2015", "It uses 1×1 layers, two years after they were introduced."),
    ),
    question(
        "nin_credit",
        "Which sentence could stand in a corrected article?",
        wrong("SRC", "Google alone introduced the 1×1 convolution", "Neither alone nor first: look at the author block and at reference [12]."),
        wrong("SRC", "The University of North Carolina had no part in GoogLeNet", "One of its authors, Wei Liu, was there."),
        wrong("SRC", "Nobody used 1×1 layers to reduce dimensions before 2019", "GoogLeNet's '#3×3 reduce' did, in 2014."),
        right("Singapore introduced it; GoogLeNet made it popular for reducing dimensions", "Network In Network names the 1×1 kernel in 2013; GoogLeNet cites it, and reduces with it."),
    ),
)
