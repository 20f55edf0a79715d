"""A 1×1 convolution with the channels last."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def channels_last_layers(rng):
    """Cases for `f(x, weight, bias=None)` with x (N, H, W, C_in)."""
    for layer in inputs.layers(rng):
        x, *rest = layer.args
        x = x.transpose(0, 2, 3, 1)
        yield case(layer.label, x if "view" in layer.label else np.ascontiguousarray(x), *rest, mixed=layer.mixed)


@exercise(
    cases=channels_last_layers,
    axes="n h w c_out",
    inputs={"x": "n h w c_in"},
    hints=(
        "The channels of a pixel now lie side by side, in the last axis. Which axis do `@` and `+ bias` work on by themselves?",
        "x @ M treats the last axis of x as a row of C_in numbers, so M must be (C_in, C_out). weight is (C_out, C_in).",
        "y = x @ (weight with rows and columns exchanged);  if there is a bias: y = y + bias",
    ),
)
def conv1x1_nhwc(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nhwo", weight, x)
    return y if bias is None else y + bias


@conv1x1_nhwc.mistake(
    "TRN",
    "x @ weight sums over the *outputs*: rows of pixels stand on the left here, so the matrix on the right must be (C_in, C_out).",
)
def nhwc_transposed(x, weight, bias=None):
    y = x @ weight
    return y if bias is None else y + bias


@conv1x1_nhwc.mistake(
    "LAY", "You sum over axis 1, as in (N, C, H, W). Here axis 1 is the height; the channels are the last axis."
)
def nhwc_read_as_nchw(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_nhwc.mistake("LAY", "You sum over axis 2, the width. The channels are the last axis of x.")
def nhwc_sums_width(x, weight, bias=None):
    y = np.einsum("ow,nhwc->nhoc", weight, x)
    return y if bias is None else y + bias[:, None]


@conv1x1_nhwc.mistake(
    "LAY", "The numbers are right, but they come out as (N, C_out, H, W). Channels-last in, channels-last out."
)
def nhwc_not_brought_back(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_nhwc.mistake(
    "RSH",
    "reshape does not turn (N, H, W, C) into (N, C, H, W): it only cuts anew, and colours of different pixels get mixed. Axes are moved by transpose, or stay where they are.",
)
def nhwc_reshaped(x, weight, bias=None):
    n, h, w, c = x.shape
    y = np.einsum("oc,nchw->nohw", weight, x.reshape(n, c, h, w))
    y = y if bias is None else y + bias[:, None, None]
    return y.reshape(n, h, w, -1)


@conv1x1_nhwc.mistake(
    "RSH", "Into (N, C, H, W) you transpose, but on the way back you reshape. That cuts anew; transpose back."
)
def nhwc_reshaped_back(x, weight, bias=None):
    n, h, w, _ = x.shape
    y = np.einsum("oc,nhwc->nohw", weight, x)
    y = y if bias is None else y + bias[:, None, None]
    return y.reshape(n, h, w, -1)


@conv1x1_nhwc.mistake("AXS", "Height and width are exchanged in your answer: transpose back in the order (0, 2, 3, 1).")
def nhwc_swaps_h_w(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nwho", weight, x)
    return y if bias is None else y + bias


@conv1x1_nhwc.mistake(
    "BIA",
    "Here C_out is the last axis, and that is where `+ bias` works by itself. bias[:, None, None] would meet the height.",
)
def nhwc_bias_on_height(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nhwo", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_nhwc.mistake("BIA", "The bias is missing: output channel o adds bias[o] to each of its pixels.")
def nhwc_without_bias(x, weight, bias=None):
    return x @ weight.T


@conv1x1_nhwc.mistake("BIA", "`bias` may be None: that means no bias, so add nothing.")
def nhwc_needs_bias(x, weight, bias=None):
    return x @ weight.T + bias


@conv1x1_nhwc.mistake("BIA", "You multiply by the bias. It is *added* to the sum, once.")
def times_the_bias(x, weight, bias=None):
    y = x @ weight.T
    return y if bias is None else y * bias


@conv1x1_nhwc.mistake(
    "RSH", "reshape cuts the numbers of weight anew, so its rows get mixed. Its axes are exchanged by a transpose."
)
def nhwc_weight_reshaped(x, weight, bias=None):
    y = x @ weight.reshape(weight.shape[::-1])
    return y if bias is None else y + bias


@conv1x1_nhwc.mistake(
    "BIA",
    "Where `bias` is None you add as many zeros as there are input channels. Output channels are meant: len(weight).",
)
def nhwc_zeros_for_inputs(x, weight, bias=None):
    return x @ weight.T + (np.zeros(x.shape[3]) if bias is None else bias)


@conv1x1_nhwc.alternative
def rows_of_channels(x, weight, bias=None):
    y = x @ weight.T
    return y if bias is None else y + bias


@conv1x1_nhwc.alternative
def through_nchw(x, weight, bias=None):
    n, h, w, c = x.shape
    y = weight @ x.transpose(3, 0, 1, 2).reshape(c, -1)
    if bias is not None:
        y = y + bias[:, None]
    return y.reshape(-1, n, h, w).transpose(1, 2, 3, 0)


@conv1x1_nhwc.alternative
def nhwc_in_torch(x, weight, bias=None):
    import torch

    b = None if bias is None else torch.from_numpy(bias)
    return torch.nn.functional.linear(torch.from_numpy(x), torch.from_numpy(weight), b).numpy()
