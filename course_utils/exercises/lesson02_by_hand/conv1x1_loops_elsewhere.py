"""Mistakes of `conv1x1_loops` met on forums and in first tries: other ideas of what a 1×1 convolution is."""

import numpy as np

from course_utils.exercises.lesson02_by_hand.conv1x1_loops import conv1x1_loops


@conv1x1_loops.mistake(
    "LAY",
    "You take the order N, H, W, C somewhere: in `x.shape`, or for the empty answer. Here the channels come second.",
)
def unpacked_channels_last(x, weight, bias=None):
    n, h, w, c_in = x.shape
    y = np.zeros((n, len(weight), h, w))
    for image, o, i, j in np.ndindex(y.shape):
        for c in range(c_in):
            y[image, o, i, j] += weight[o, c] * x[image, c, i, j]
        y[image, o, i, j] += 0 if bias is None else bias[o]
    return y


@conv1x1_loops.mistake(
    "CHN", "Your empty answer has as many maps as x. It needs one for each *output* channel: (N, C_out, H, W)."
)
def as_many_maps_as_in(x, weight, bias=None):
    y = np.zeros(x.shape)
    for o in range(len(weight)):
        y[:, o] = np.tensordot(x, weight[o], axes=(1, 0)) + (0 if bias is None else bias[o])
    return y


@conv1x1_loops.mistake(
    "MUL", "You hand on one map for each input *and* output channel. Add up those of one output: C_out maps are left."
)
def every_product_a_map(x, weight, bias=None):
    y = np.einsum("oc,nchw->nochw", weight, x).reshape(len(x), -1, *x.shape[2:])
    return y if bias is None else y + np.repeat(bias, x.shape[1]).reshape(1, -1, 1, 1)


@conv1x1_loops.mistake(
    "AVG", "You divide each row of weight by its sum. The weights need not add up to 1: use them as they are."
)
def weights_made_shares(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight / weight.sum(axis=1, keepdims=True), x)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake(
    "DWP", "Each output is one input map times one number. It is the sum over *all* input maps, each with its weight."
)
def one_map_scaled(x, weight, bias=None):
    y = np.einsum("o,nhw->nohw", weight[:, 0], x[:, 0])
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake(
    "DWP", "Output o takes one input channel, o or what is left of it by C_in. It sums over *all* input channels."
)
def one_channel_in_turn(x, weight, bias=None):
    c = np.arange(len(weight)) % x.shape[1]
    y = x[:, c] * weight[np.arange(len(weight)), c].reshape(-1, 1, 1)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("DWP", "The products are there, but not yet added up over c: your answer has an axis too many.")
def products_kept(x, weight, bias=None):
    y = np.einsum("oc,nchw->nochw", weight, x)
    return y if bias is None else y + bias.reshape(-1, 1, 1, 1)


@conv1x1_loops.mistake(
    "SUM", "You sum over the pixels too: one number is left of each map. A 1×1 keeps every pixel in its place."
)
def pixels_summed(x, weight, bias=None):
    y = np.einsum("oc,nchw->no", weight, x)
    return y if bias is None else y + bias


@conv1x1_loops.mistake(
    "AVG", "You average over the pixels: one number is left of each map. A 1×1 keeps every pixel in its place."
)
def pixels_averaged(x, weight, bias=None):
    y = np.einsum("oc,nc->no", weight, x.mean(axis=(2, 3)))
    return y if bias is None else y + bias


@conv1x1_loops.mistake(
    "SGN", "The signs of the weights are gone. A negative weight takes its channel away from the sum."
)
def signs_of_weights_dropped(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", np.abs(weight), x)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("AVG", "You keep the largest product of each pixel. All products are added up; none is chosen.")
def largest_product(x, weight, bias=None):
    y = (weight[None, :, :, None, None] * x[:, None]).max(axis=2)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("WGT", "The weights are not used: your maps are copies of input maps. Multiply, and add up.")
def maps_copied(x, weight, bias=None):
    y = x[:, np.arange(len(weight)) % x.shape[1]]
    return y.copy() if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake(
    "WGT", "Every output sums the channels as they are. Each channel has its own weight, weight[o, c]."
)
def channels_added(x, weight, bias=None):
    y = np.repeat(x.sum(axis=1, keepdims=True), len(weight), axis=1)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake(
    "RSH", "reshape cuts x into rows that mix pixels. Bring the channels to the end by transpose first, or use loops."
)
def rows_cut_by_reshape(x, weight, bias=None):
    n, c, h, w = x.shape
    y = (x.reshape(-1, c) @ weight.T).reshape(n, -1, h, w)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("BAT", "Every image gets the answer of the first one. Each has its own pixels: x[n, c, i, j].")
def first_image_for_all(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, np.repeat(x[:1], len(x), axis=0))
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("STR", "Every second pixel is missing. Without a stride there is one output for each pixel.")
def every_second_pixel(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x[:, :, ::2, ::2])
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("BRD", "Your maps have grown by a border. A 1×1 looks at no neighbour and needs no padding.")
def padded(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))))
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("ACC", "The running total is set back once a map. Start it again for every output pixel.")
def total_kept_along_a_map(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    y = np.cumsum(y.reshape(*y.shape[:2], -1), axis=2).reshape(y.shape)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake(
    "WGT", "Every channel gets the weight of channel 0. Channel c has a weight of its own: weight[o, c]."
)
def first_weight_for_all(x, weight, bias=None):
    y = np.einsum("o,nchw->nohw", weight[:, 0], x)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake("WGT", "Every output gets the weights of output 0. Output o has a row of its own: weight[o].")
def first_row_for_all(x, weight, bias=None):
    y = np.repeat(np.einsum("c,nchw->nhw", weight[0], x)[:, None], len(weight), axis=1)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_loops.mistake(
    "WGT", "One number stands for all weights, their average. Each pair of o and c has its own: weight[o, c]."
)
def one_average_weight(x, weight, bias=None):
    y = np.repeat(x.sum(axis=1, keepdims=True) * weight.mean(), len(weight), axis=1)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)
