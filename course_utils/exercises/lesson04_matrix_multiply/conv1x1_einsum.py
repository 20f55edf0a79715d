"""A 1×1 convolution in one line of einsum."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import Rule, exercise


@exercise(
    cases=inputs.layers,
    axes="n c_out h w",
    rule=Rule("one `einsum`; no `reshape`, no `transpose`", ("einsum",), ("reshape", "transpose", "@", "loop")),
    hints=(
        "Give each axis a letter: two for weight, four for x. Which letter do the two share?",
        "A letter that is missing after the arrow is summed. Which is the only axis that a 1×1 convolution sums over?",
        'y = np.einsum("letters of weight, letters of x -> letters of y", weight, x);  if there is a bias: add bias[:, None, None]',
    ),
)
def conv1x1_einsum(x, weight, bias=None):
    y = np.tensordot(x, weight, axes=(1, 1)).transpose(0, 3, 1, 2)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_einsum.mistake(
    "TRN",
    "The letters of weight are exchanged: its first axis is the output o, its second the channel c that is summed.",
)
def einsum_transposed(x, weight, bias=None):
    y = np.einsum("co,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake(
    "AXS", "You sum over the rows of the picture: weight shares a letter with the axis h of x. It has to share c."
)
def einsum_sums_rows(x, weight, bias=None):
    y = np.einsum("oh,nchw->nocw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake(
    "LAY", "Your letters read x as channels-last. Here x is (N, C_in, H, W): c is its second letter."
)
def einsum_reads_nhwc(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake("AXS", "h and w are exchanged after the arrow: your pictures come out lying on their side.")
def einsum_swaps_h_w(x, weight, bias=None):
    y = np.einsum("oc,nchw->nowh", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake(
    "BAT", "The letter n is missing after the arrow, so the images of the batch are summed into one."
)
def einsum_sums_images(x, weight, bias=None):
    y = np.einsum("oc,nchw->ohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake(
    "SUM", "The letter c stands after the arrow, so it is kept and o is summed away. Keep o; let c disappear."
)
def einsum_keeps_c(x, weight, bias=None):
    return np.einsum("oc,nchw->nchw", weight, x)


@conv1x1_einsum.mistake(
    "BAT", "Your answer has the axes (C_out, N, H, W). The letters after the arrow set the order: n comes first."
)
def einsum_channels_first(x, weight, bias=None):
    y = np.einsum("oc,nchw->onhw", weight, x)
    return y if bias is None else y + bias[:, None, None, None]


@conv1x1_einsum.mistake(
    "BIA",
    "`+ bias` meets the last axis of (N, C_out, H, W), the width. Give the bias two more axes: bias[:, None, None].",
)
def einsum_bias_on_width(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias


@conv1x1_einsum.mistake("BIA", "The bias is missing: output channel o adds bias[o] to each of its pixels.")
def einsum_without_bias(x, weight, bias=None):
    return np.einsum("oc,nchw->nohw", weight, x)


@conv1x1_einsum.mistake("BIA", "`bias` may be None: that means no bias, so add nothing.")
def einsum_needs_bias(x, weight, bias=None):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


@conv1x1_einsum.mistake(
    "SUM", "The letter c stands after the arrow too, so every product is kept and nothing is summed."
)
def einsum_sums_nothing(x, weight, bias=None):
    return np.einsum("oc,nchw->nochw", weight, x)


@conv1x1_einsum.mistake(
    "SUM",
    "weight has a letter of its own for its second axis: its rows are added up by themselves, and so are the channels. "
    "The axis that both have shares one letter.",
)
def einsum_shares_no_letter(x, weight, bias=None):
    y = np.einsum("oi,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake(
    "SUM",
    "The letter w is missing after the arrow, so each row is summed to one number. Keep n, h and w; let c disappear.",
)
def einsum_sums_columns(x, weight, bias=None):
    y = np.einsum("oc,nchw->noh", weight, x)
    return y if bias is None else y + bias[:, None]


@conv1x1_einsum.mistake("BIA", "You multiply by the bias. It is *added* to the sum, once.")
def einsum_times_bias(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y * bias[:, None, None]


@conv1x1_einsum.mistake(
    "BIA",
    "Where `bias` is None you add as many zeros as there are input channels. Output channels are meant: len(weight).",
)
def einsum_zeros_for_inputs(x, weight, bias=None):
    bias = np.zeros(x.shape[1]) if bias is None else bias
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


@conv1x1_einsum.alternative
def einsum_as_read(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.alternative
def einsum_bias_as_letters(x, weight, bias=None):
    bias = np.zeros(len(weight)) if bias is None else bias
    return np.einsum("bkij,mk->bmij", x, weight, optimize=True) + np.einsum("m,bij->bmij", bias, np.ones_like(x[:, 0]))
