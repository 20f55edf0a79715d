"""A depthwise convolution and a 1×1 behind it."""

import numpy as np

from course_utils import convs
from course_utils.exercises import inputs
from course_utils.exercises.lesson09_spending_a_budget.depthwise_arguments import depthwise_arguments
from course_utils.exercises.spec import Rule, case, exercise


def separable_arguments(rng, n, c_in, c_out, h, w, k):
    x, kernels = depthwise_arguments(rng, n, c_in, h, w, k)
    return x, kernels, inputs.signed(rng, c_out, c_in), inputs.signed(rng, c_out)


def separable_layers(rng):
    """Cases for `f(x, kernels, weight, bias)`."""
    yield case("two images, every size different", *separable_arguments(rng, 2, 3, 5, 4, 7, 3))
    yield case("every size the same", *separable_arguments(rng, 3, 3, 3, 3, 3, 3))
    yield case("fewer channels out than in, 5×5 kernels", *separable_arguments(rng, 2, 5, 2, 6, 7, 5))
    yield case("one channel in", *separable_arguments(rng, 2, 1, 4, 3, 5, 3))
    yield case("one channel out", *separable_arguments(rng, 2, 4, 1, 3, 5, 3))
    yield case("one image of one pixel", *separable_arguments(rng, 1, 3, 2, 1, 1, 3))
    n, c_in, c_out, h, w = inputs.distinct_sizes(rng, 5)
    yield case("random sizes", *separable_arguments(rng, n, c_in, c_out, h, w, 3))
    yield case("1×1 kernels", *separable_arguments(rng, 2, 3, 4, 2, 5, 1))
    yield case("many images", *separable_arguments(rng, 12, 2, 3, 1, 2, 3))
    yield case("many channels", *separable_arguments(rng, 1, 12, 66, 2, 1, 3))
    yield case("more than 64 channels in", *separable_arguments(rng, 1, 66, 2, 1, 2, 3))
    yield case("many rows and columns", *separable_arguments(rng, 1, 2, 2, 19, 22, 3))
    yield case("11×11 kernels", *separable_arguments(rng, 1, 2, 3, 4, 5, 11))
    arguments = separable_arguments(rng, 2, 3, 4, 4, 5, 3)
    yield from inputs.varied(*arguments)
    yield case("positive numbers only", *map(np.abs, arguments))
    for said, sizes in inputs.stretched(rng, "images", "channels in", "channels out", "rows", "columns"):
        yield case(said, *separable_arguments(rng, *sizes, 3))
    k = 2 * int(rng.integers(8, 12)) + 1
    yield case(f"{k}×{k} kernels on wide maps", *separable_arguments(rng, 1, 2, 1, k, k + 1, k))


@exercise(
    cases=separable_layers,
    axes="n c_out h w",
    rule=Rule("your own `depthwise`, then a 1×1", ("depthwise",)),
    hints=(
        "Two steps: one looks around, one mixes channels. You have functions for both. Which comes first?",
        "kernels has one kernel for each *input* channel, so depthwise acts on x. Then weight mixes the C_in maps it made.",
        "maps = depthwise(x, kernels);  y[n, o] = sum over c of weight[o, c] · maps[n, c], plus bias[o]",
    ),
)
def separable(x, kernels, weight, bias):
    return convs.pointwise(convs.depthwise(x, kernels, padding=kernels.shape[1] // 2), weight, bias)


@separable.made_of("depthwise")
def of_depthwise(depthwise, x, kernels, weight, bias):
    return convs.pointwise(depthwise(x, kernels), weight, bias)


@separable.mistake(
    "DWP",
    "Your second step keeps the channels apart, too. It is a 1×1 layer: every output channel sums over *all* channels.",
)
def diagonal(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    picked = [o % x.shape[1] for o in range(len(weight))]
    scale = weight[np.arange(len(weight)), picked]
    return y[:, picked] * scale[:, None, None] + bias[:, None, None]


@separable.mistake("BIA", "The bias is missing. It is added once to each output map, at the end.")
def no_bias(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y)


@separable.mistake(
    "BIA",
    "You add the bias once for each *input* channel, inside the sum. It comes once to each output map, after the sum.",
)
def bias_in_the_sum(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y) + x.shape[1] * bias[:, None, None]


@separable.mistake("BIA", "All your output maps get the first bias. bias[o] belongs to map o.")
def first_bias(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y) + bias[0]


@separable.mistake("BIA", "You subtract the bias. It is added.")
def bias_subtracted(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y) - bias[:, None, None]


@separable.mistake(
    "TRN",
    "weight has one *row* an output channel: weight[o, c], not weight[c, o]. A reshape does not turn rows into columns.",
)
def weight_reshaped(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("co,nchw->nohw", weight.reshape(weight.shape[::-1]), y) + bias[:, None, None]


@separable.mistake("LIN", "You have a ReLU between the two steps. Some networks do; the layer asked for here has none.")
def relu_between(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, np.maximum(y, 0)) + bias[:, None, None]


@separable.mistake("LIN", "You cut the answer at zero. The layer itself has no activation.")
def relu_after(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.maximum(np.einsum("oc,nchw->nohw", weight, y) + bias[:, None, None], 0)


@separable.mistake("AVG", "You divide by the number of channels. The 1×1 is a weighted sum, no average.")
def averaged_channels(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, y) / x.shape[1] + bias[:, None, None]


@separable.mistake(
    "WGT", "That is the depthwise half alone, its channels added up. Then the 1×1 has to mix them with its weights."
)
def weights_unused(x, kernels, weight, bias):
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y.sum(axis=1, keepdims=True) + bias[:, None, None] + np.zeros((1, len(weight), 1, 1))


@separable.mistake(
    "LOC", "The kernels are not used: that is the 1×1 alone, which sees no neighbours. The depthwise step comes first."
)
def kernels_unused(x, kernels, weight, bias):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


@separable.mistake(
    "ORD",
    "The 1×1 acts first in your answer. kernels has one kernel for each *input* channel: the depthwise step comes first.",
)
def pointwise_first(x, kernels, weight, bias):
    mixed = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    kernels = kernels[[o % x.shape[1] for o in range(len(weight))]]
    k = kernels.shape[1]
    h, w = x.shape[2:]
    p = np.pad(mixed, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(mixed.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y


FIRST = (
    "The 1×1 acts first in your answer. kernels has one kernel for each *input* channel: "
    "the depthwise step comes first."
)


def in_arrays(maps, kernels):
    """A depthwise step that leaves it to NumPy to meet a channel with its kernel."""
    k, (h, w) = kernels.shape[1], maps.shape[2:]
    p, y = np.pad(maps, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2))), np.zeros(maps.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * p[:, :, i : i + h, j : j + w]
    return y


def map_by_map(maps, kernels):
    """The same, channel after channel."""
    return np.concatenate([in_arrays(maps[:, [c]], kernels[[c]]) for c in range(maps.shape[1])], axis=1)


@separable.mistake("ORD", FIRST)
def pointwise_first_in_arrays(x, kernels, weight, bias):
    return in_arrays(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], kernels)


@separable.mistake("ORD", FIRST)
def pointwise_first_in_loops(x, kernels, weight, bias):
    return map_by_map(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], kernels)


@separable.mistake("ORD", FIRST)
def pointwise_first_bias_last_in_arrays(x, kernels, weight, bias):
    return in_arrays(np.einsum("oc,nchw->nohw", weight, x), kernels) + bias[:, None, None]


@separable.mistake("ORD", FIRST)
def pointwise_first_bias_last_in_loops(x, kernels, weight, bias):
    return map_by_map(np.einsum("oc,nchw->nohw", weight, x), kernels) + bias[:, None, None]


@separable.alternative
def as_one_dense_convolution(x, kernels, weight, bias):
    import torch

    dense = torch.tensor(np.einsum("oc,cij->ocij", weight, kernels))
    padding = kernels.shape[1] // 2
    return torch.nn.functional.conv2d(torch.tensor(x.copy()), dense, torch.tensor(bias), padding=padding).numpy()


@separable.alternative
def in_loops(x, kernels, weight, bias):
    n, c, h, w = x.shape
    k = kernels.shape[1]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    maps = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            maps += p[:, :, i : i + h, j : j + w] * kernels[:, i, j].reshape(c, 1, 1)
    y = np.zeros((n, len(bias), h, w))
    for o in range(len(bias)):
        y[:, o] = bias[o]
        for channel in range(c):
            y[:, o] += weight[o, channel] * maps[:, channel]
    return y
