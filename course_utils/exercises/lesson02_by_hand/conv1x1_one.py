"""A 1×1 convolution with one output map."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import Rule, case, exercise


def one_channel_layers(rng):
    """Cases for `f(x, w, b=0.0)`: one output channel."""
    for layer in inputs.layers(rng):
        x, weight, *bias = layer.args
        b = [bias[0][0].item()] if bias and bias[0] is not None else []
        yield case(layer.label, x, weight[0], *b, mixed=layer.mixed)
    x, weight, _ = inputs.layer(rng, 2, 3, 1, 2, 4)
    yield case("b is a whole number", x, weight[0], 2)
    yield case("b is 0", x, weight[0], 0.0)


@exercise(
    cases=one_channel_layers,
    axes="n h w",
    rule=Rule("loops, and no shortcut", ("loop",), ("@", "einsum", "sum")),
    hints=(
        "One output pixel is one number. How many input numbers does it need, and where do they sit?",
        "Keep n, i and j fixed and walk along the channel axis only: x[n, 0, i, j], x[n, 1, i, j], …",
        "for each n, i, j:  total = b;  for each c:  total += w[c] * x[n, c, i, j];  then y[n, i, j] = total",
    ),
)
def conv1x1_one(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x) + b


@conv1x1_one.mistake("DWP", "You keep one map per input channel. One output map is the *sum* over all of them.")
def no_sum(x, w, b=0.0):
    return x * w.reshape(1, -1, 1, 1) + b


@conv1x1_one.mistake("ACC", "Only the last channel is left: the sum over c has to keep what came before (`+=`).")
def last_channel(x, w, b=0.0):
    return w[-1] * x[:, -1] + b


@conv1x1_one.mistake("ACC", "Your running total is never set back: start it again at b for every pixel.")
def never_reset(x, w, b=0.0):
    n, c, h, wide = x.shape
    y = np.empty((n, h, wide))
    total = b
    for image in range(n):
        for i in range(h):
            for j in range(wide):
                for k in range(c):
                    total += w[k] * x[image, k, i, j]
                y[image, i, j] = total
    return y


@conv1x1_one.mistake("ACC", "Your running total is set back once a row. Start it again at b for every pixel.")
def reset_once_a_row(x, w, b=0.0):
    return np.cumsum(np.einsum("c,nchw->nhw", w, x), axis=2) + b


@conv1x1_one.mistake(
    "EDG", "Only one number is computed: your `return` stands inside the loops. Move it all the way left."
)
def returns_after_one_pixel(x, w, b=0.0):
    y = np.zeros((x.shape[0], *x.shape[2:]))
    y[0, 0, 0] = x[0, :, 0, 0] @ w + b
    return y


@conv1x1_one.mistake("AVG", "You divide by the number of channels. It is a weighted *sum*, not an average.")
def averaged(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x) / len(w) + b


@conv1x1_one.mistake("BIA", "The bias is missing: add b once to every output pixel.")
def no_bias(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x)


@conv1x1_one.mistake("BIA", "You add b once per input channel. Add it once per output pixel, outside the sum.")
def bias_per_channel(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x) + b * len(w)


@conv1x1_one.mistake("WGT", "The weights are ignored: you add up the channels as they are.")
def plain_sum(x, w, b=0.0):
    return x.sum(axis=1) + b


@conv1x1_one.mistake("BAT", "Only the first image is computed. The answer has one map for each of the N images.")
def one_image(x, w, b=0.0):
    y = np.zeros((x.shape[0], *x.shape[2:]))
    y[0] = np.einsum("c,chw->hw", w, x[0]) + b
    return y


@conv1x1_one.mistake("AXS", "Rows and columns are exchanged: the answer is indexed y[n, i, j], i down and j along.")
def exchanged(x, w, b=0.0):
    return np.einsum("c,nchw->nwh", w, x) + b


@conv1x1_one.mistake("EDG", "The first channel is left out of the sum: c starts at 0.")
def first_channel_left_out(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w[1:], x[:, 1:]) + b


@conv1x1_one.mistake("EDG", "The last channel is left out of the sum: `range(c_in)` already stops before c_in.")
def last_channel_left_out(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w[:-1], x[:, :-1]) + b


@conv1x1_one.mistake("EDG", "The last row and the last column stay 0: `range(h)` already stops before h.")
def last_pixels_left_out(x, w, b=0.0):
    y = np.zeros((x.shape[0], *x.shape[2:]))
    y[:, :-1, :-1] = np.einsum("c,nchw->nhw", w, x[:, :, :-1, :-1]) + b
    return y


@conv1x1_one.mistake(
    "SUM", "Every output pixel gets the sum of whole maps. It takes one number of each: x[n, c, i, j]."
)
def whole_maps_summed(x, w, b=0.0):
    return np.zeros((len(x), *x.shape[2:])) + np.einsum("c,nchw->n", w, x)[:, None, None] + b


@conv1x1_one.mistake("BAT", "The images are added up. Each of the N images keeps a map of its own: (N, H, W).")
def images_added(x, w, b=0.0):
    return np.einsum("c,nchw->hw", w, x) + b


@conv1x1_one.mistake(
    "PRC", "Your numbers are cut to whole ones: make the empty answer with `np.zeros(...)`, not with ints."
)
def whole_numbers(x, w, b=0.0):
    return (np.einsum("c,nchw->nhw", w, x) + b).astype(int)


@conv1x1_one.mistake(
    "INP", "The weights are multiplied into `x` itself, so the caller's maps are spoilt. Write into a new array."
)
def weighs_in_place(x, w, b=0.0):
    x *= w.reshape(-1, 1, 1)
    return x.sum(axis=1) + b


@conv1x1_one.mistake("AXS", "An axis of length 1 is left over. The answer has three axes: (N, H, W).")
def axis_left_over(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x)[:, np.newaxis] + b


@conv1x1_one.mistake("AVG", "You divide by the sum of the weights. They need not add up to 1: use them as they are.")
def divided_by_the_weights(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x) / w.sum() + b


@conv1x1_one.mistake("AXS", "Your last two sizes have changed places: x.shape is N, C, H, W, rows before columns.")
def rows_taken_for_columns(x, w, b=0.0):
    n, c, wide, h = x.shape
    y = np.zeros((n, h, wide))
    for i in range(h):
        for j in range(wide):
            y[:, i, j] = x[:, :, i, j] @ w + b
    return y


@conv1x1_one.mistake(
    "EDG", "The first row and the first column stay 0: counting begins at 0, and `range(1, h)` leaves it out."
)
def first_row_left_out(x, w, b=0.0):
    y = np.zeros((len(x), *x.shape[2:]))
    y[:, 1:, 1:] = (np.einsum("c,nchw->nhw", w, x) + b)[:, 1:, 1:]
    return y


@conv1x1_one.mistake(
    "ORD", "You add up the channels, add up the weights, and multiply the two sums. First multiply, then add."
)
def product_of_sums(x, w, b=0.0):
    return x.sum(axis=1) * np.sum(w) + b


@conv1x1_one.alternative
def matmul(x, w, b=0.0):
    return w @ x.transpose(0, 2, 1, 3) + b


@conv1x1_one.alternative
def loops(x, w, b=0.0):
    n, c, h, wide = x.shape
    y = np.zeros((n, h, wide))
    for image in range(n):
        for i in range(h):
            for j in range(wide):
                y[image, i, j] = b + sum(w[k] * x[image, k, i, j] for k in range(c))
    return y
