"""A 1×1 convolution with C_out output maps, in loops."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import Rule, exercise


@exercise(
    cases=inputs.layers,
    axes="n c_out h w",
    rule=Rule("loops; no `@`, no `einsum`, no `sum` over an axis", ("loop",), ("@", "einsum", "sum")),
    hints=(
        "Five loops. For which of the five indices do you add up, and for which do you store a result?",
        "y has the indices n, o, i, j. The fifth, c, appears only on the right-hand side: it is the one that is summed.",
        "for each n, o, i, j:  total = 0 if bias is None else bias[o];  "
        "for each c:  total += weight[o, c] * x[n, c, i, j];  then y[n, o, i, j] = total",
    ),
)
def conv1x1_loops(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("TRN", "weight has one *row* per output channel: weight[o, c], not weight[c, o].")
def transposed(x, weight, bias=None):
    y = np.einsum("co,nchw->nohw", weight, x)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("ACC", "`=` keeps only the last channel's product. Add them up: `+=`.")
def overwritten(x, weight, bias=None):
    y = np.einsum("o,nhw->nohw", weight[:, -1], x[:, -1])
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake(
    "BIA", "The bias is added inside the loop over c, once per channel. Add it once per output pixel."
)
def bias_in_inner_loop(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + x.shape[1] * bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("BIA", "The bias is missing: output channel o adds bias[o] to each of its pixels.")
def bias_forgotten(x, weight, bias=None):
    return np.einsum("oc,nchw->nohw", weight, x)


@conv1x1_loops.mistake("BIA", "`bias` may be None: that means no bias, so add nothing.")
def bias_required(x, weight, bias=None):
    return np.einsum("oc,nchw->nohw", weight, x) + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("BAT", "Only the first image is computed. The outermost loop runs over all n images.")
def first_image(x, weight, bias=None):
    y = np.zeros((x.shape[0], weight.shape[0], *x.shape[2:]))
    y[0] = np.einsum("oc,chw->ohw", weight, x[0])
    if bias is not None:
        y[0] += bias.reshape(-1, 1, 1)
    return y


@conv1x1_loops.mistake("AXS", "A loop stops too early: i runs over x.shape[2] rows, j over x.shape[3] columns.")
def wrong_range(x, weight, bias=None):
    n, c, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    side = min(h, w)
    y[:, :, :side, :side] = np.einsum("oc,nchw->nohw", weight, x[:, :, :side, :side])
    if bias is not None:
        y[:, :, :side, :side] += bias.reshape(1, -1, 1, 1)
    return y


@conv1x1_loops.mistake("BIA", "Every output channel gets bias[0]. Output channel o has its own: bias[o].")
def first_bias_for_all(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias[0]


@conv1x1_loops.mistake("AVG", "You divide by the number of input channels. It is a weighted *sum*, not an average.")
def averaged_layer(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x) / x.shape[1]
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("ACC", "The running total is not set back: start it again for every output pixel.")
def total_kept(x, weight, bias=None):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    total = 0.0
    for image, o, i, j in np.ndindex(y.shape):
        for c in range(c_in):
            total += weight[o, c] * x[image, c, i, j]
        y[image, o, i, j] = total + (0 if bias is None else bias[o])
    return y


@conv1x1_loops.mistake("ACC", "The running total is set back once a row. Start it again for every output pixel.")
def total_kept_along_a_row(x, weight, bias=None):
    y = np.cumsum(np.einsum("oc,nchw->nohw", weight, x), axis=3)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("ACC", "The bias takes the place of the sum: add it with `+=`, or start the total with it.")
def bias_overwrites(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    if bias is not None:
        y[:] = bias.reshape(1, -1, 1, 1)
    return y


@conv1x1_loops.mistake("BIA", "The bias belongs to the output channel: bias[o], not bias[c].")
def bias_of_input_channel(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + sum(bias[c] for c in range(x.shape[1]))


@conv1x1_loops.mistake(
    "BIA", "`y + bias` lines the bias up with the *last* axis, the width. It belongs to axis 1, C_out."
)
def bias_on_last_axis(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias


@conv1x1_loops.mistake("BIA", "`if bias:` cannot decide for an array. Ask `if bias is not None:`.")
def truth_of_the_bias(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y + bias.reshape(1, -1, 1, 1) if bias else y


@conv1x1_loops.mistake("BAT", "The images are added up. Each of the N images keeps maps of its own: (N, C_out, H, W).")
def images_added_up(x, weight, bias=None):
    y = np.einsum("oc,nchw->ohw", weight, x)
    return y if bias is None else y + bias.reshape(-1, 1, 1)


@conv1x1_loops.mistake("SUM", "You sum over o and keep c. It is the other way round: c is summed, o stays.")
def summed_over_outputs(x, weight, bias=None):
    y = np.einsum("oc,nchw->nchw", weight, x)
    return y if bias is None else y + bias.sum()


@conv1x1_loops.mistake(
    "EDG", "Only one number is computed: your `return` stands inside the loops. Move it all the way left."
)
def returns_too_early(x, weight, bias=None):
    y = np.zeros((x.shape[0], weight.shape[0], *x.shape[2:]))
    y[0, 0, 0, 0] = x[0, :, 0, 0] @ weight[0] + (0 if bias is None else bias[0])
    return y


@conv1x1_loops.mistake("EDG", "The last input channel is left out of the sum: `range(c_in)` already stops before c_in.")
def last_input_left_out(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight[:, :-1], x[:, :-1])
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("EDG", "The last row and the last column stay 0: `range(h)` already stops before h.")
def last_row_left_out(x, weight, bias=None):
    y = np.zeros((x.shape[0], weight.shape[0], *x.shape[2:]))
    y[:, :, :-1, :-1] = np.einsum("oc,nchw->nohw", weight, x[:, :, :-1, :-1])
    if bias is not None:
        y[:, :, :-1, :-1] += bias.reshape(1, -1, 1, 1)
    return y


@conv1x1_loops.mistake(
    "PRC", "Your numbers are cut to whole ones: make the empty answer with `np.zeros(...)`, not with ints."
)
def cut_to_whole_numbers(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return (y if bias is None else y + bias.reshape(1, -1, 1, 1)).astype(int)


@conv1x1_loops.mistake(
    "AXS", "H and W are unpacked in the wrong order: x.shape is (N, C_in, H, W), rows before columns."
)
def width_before_height(x, weight, bias=None):
    n, c_in, w, h = x.shape
    y = np.zeros((n, weight.shape[0], h, w))
    for image, o, i, j in np.ndindex(y.shape):
        y[image, o, i, j] = x[image, :, i, j] @ weight[o] + (0 if bias is None else bias[o])
    return y


@conv1x1_loops.mistake(
    "DWP", "Output o sees only input channel o. Every output channel sums over *all* input channels."
)
def diagonal(x, weight, bias=None):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    for o in range(min(c_in, len(weight))):
        y[:, o] = weight[o, o] * x[:, o]
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("AXS", "Rows and columns are exchanged: y[n, o, i, j] takes x[n, c, i, j], i down and j along.")
def rows_and_columns(x, weight, bias=None):
    y = np.einsum("oc,nchw->nowh", weight, x)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake(
    "AXS", "The axes of the answer are N H W C_out. In this course channels come second: N C_out H W."
)
def channels_last(x, weight, bias=None):
    y = np.einsum("oc,nchw->nhwo", weight, x)
    return y if bias is None else y + bias


@conv1x1_loops.mistake(
    "EDG", "The first row and the first column stay 0: counting begins at 0, and `range(1, h)` leaves it out."
)
def first_row_left_out(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    y[:, :, 1:, 1:] = tensordot(x, weight, bias)[:, :, 1:, 1:]
    return y


@conv1x1_loops.mistake(
    "SUM", "Every output pixel gets the sum of whole maps. It takes one number of each map: x[n, c, i, j]."
)
def whole_maps_summed(x, weight, bias=None):
    return np.zeros((len(x), len(weight), *x.shape[2:])) + tensordot(x.sum(axis=(2, 3), keepdims=True), weight, bias)


@conv1x1_loops.alternative
def five_loops(x, weight, bias=None):
    n, c_in, h, w = x.shape
    c_out = weight.shape[0]
    y = np.zeros((n, c_out, h, w))
    for image in range(n):
        for o in range(c_out):
            for i in range(h):
                for j in range(w):
                    for c in range(c_in):
                        y[image, o, i, j] += weight[o, c] * x[image, c, i, j]
                    if bias is not None:
                        y[image, o, i, j] += bias[o]
    return y


@conv1x1_loops.alternative
def tensordot(x, weight, bias=None):
    y = np.tensordot(weight, x, axes=([1], [1])).transpose(1, 0, 2, 3)
    return y if bias is None else y + bias[:, None, None]
