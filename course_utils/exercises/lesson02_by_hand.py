"""Lesson 02: the 1×1 convolution written by hand."""


import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong


def one_channel_layers(rng):
    """Cases for `f(x, w, b=0.0)`: one output channel."""
    for one in inputs.layers(rng):
        x, weight, *bias = one.args
        yield case(one.label, x, weight[0], *([float(bias[0][0])] if bias and bias[0] is not None else []))


@exercise(
    cases=one_channel_layers,
    axes="n h w",
    hints=(
        "One output pixel is one number. How many input numbers does it need, and where do they sit?",
        "Keep n, i and j fixed and walk along the channel axis only: x[n, 0, i, j], x[n, 1, i, j], …",
        "for each n, i, j:  total = b;  for each c:  total += w[c] * x[n, c, i, j];  y[n, i, j] = total",
    ),
)
def conv1x1_one(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x) + b


@conv1x1_one.mistake("DWP", "You keep one value per input channel. One output map is the *sum* over all input channels.")
def no_sum(x, w, b=0.0):
    return x * w.reshape(1, -1, 1, 1) + b


@conv1x1_one.mistake("DWP", "Only the last channel is left in your answer: the sum over c has to keep what came before.")
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


@conv1x1_one.mistake("AVG", "You divide by the number of channels. A 1×1 convolution is a weighted *sum*, not an average.")
def averaged(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x) / len(w) + b


@conv1x1_one.mistake("BIA", "The bias is missing: add b once to every output pixel.")
def no_bias(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x)


@conv1x1_one.mistake("BIA", "You add b once per input channel. It belongs to the output pixel: add it once, outside the sum.")
def bias_per_channel(x, w, b=0.0):
    return np.einsum("c,nchw->nhw", w, x) + b * len(w)


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


@exercise(
    cases=inputs.layers,
    axes="n c_out h w",
    hints=(
        "Five loops. For which of the five indices do you add up, and for which do you store a result?",
        "y has the indices n, o, i, j. The fifth, c, appears only on the right-hand side: that is the one that is summed.",
        "for n, o, i, j:  total = 0 if bias is None else bias[o];  for c: total += weight[o, c] * x[n, c, i, j];  y[n, o, i, j] = total",
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


@conv1x1_loops.mistake("BIA", "The bias is inside the loop over c, so it is added once per input channel. Add it once per output pixel.")
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


@conv1x1_loops.mistake("AXS", "A loop stops too early: i runs over all rows (x.shape[2]) and j over all columns (x.shape[3]).")
def wrong_range(x, weight, bias=None):
    n, c, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    side = min(h, w)
    y[:, :, :side, :side] = np.einsum("oc,nchw->nohw", weight, x[:, :, :side, :side])
    if bias is not None:
        y[:, :, :side, :side] += bias.reshape(1, -1, 1, 1)
    return y


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


def raised(function, x, weight, bias=None):
    """What a shape checker does with an input: nothing, or a ValueError and the arguments its message names."""
    try:
        answer = function(x, weight, bias)
    except ValueError as error:
        text = str(error).lower()
        return {"raises ValueError": True, "names the argument": "bias" if "bias" in text else "weight" if "weight" in text or "c_in" in text else "neither"}
    return {"raises ValueError": False, "names the argument": "–"} if answer is None else {"raises ValueError": False, "names the argument": f"returns {answer!r}"}


def mismatches(rng):
    """Good layers, and layers with one wrong size each."""
    x, weight, bias = inputs.layer(rng, 2, 3, 5, 4, 7)
    yield case("a layer that fits", x, weight, bias)
    yield case("a layer that fits, without bias", x, weight, None)
    yield case("weight made for 4 input channels, x has 3", x, inputs.signed(rng, 5, 4), bias)
    yield case("weight made for 7 input channels: the width of x", x, inputs.signed(rng, 5, 7), bias)
    yield case("a bias of 1 for 5 output channels", x, weight, bias[:1])
    yield case("a bias of 3 for 5 output channels", x, weight, bias[:3])
    yield case("all sizes the same", *inputs.layer(rng, 3, 3, 3, 3, 3))


@exercise(
    cases=mismatches,
    observe=raised,
    hints=(
        "Which two numbers must be equal before x and weight can be combined? And which two for bias?",
        "x.shape[1] belongs with weight.shape[1] (C_in); weight.shape[0] belongs with bias.shape[0] (C_out).",
        "if weight.shape[1] != x.shape[1]: raise ValueError(f\"weight …\");  if bias is not None and bias.shape != (weight.shape[0],): raise ValueError(f\"bias …\")",
    ),
)
def check_shapes(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError(f"weight has C_in = {weight.shape[1]}, x has {x.shape[1]} channels")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError(f"bias has shape {bias.shape}, expected ({weight.shape[0]},)")


@check_shapes.mistake("LAY", "You compare with the last axis of x. In N C H W the channels are axis 1; the last axis is the width.")
def last_axis(x, weight, bias=None):
    if weight.shape[1] != x.shape[-1]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("bias does not fit")


@check_shapes.mistake("AXS", "You compare C_out with the channels of x. weight is (C_out, C_in): its *second* axis has to match x.")
def c_out_with_x(x, weight, bias=None):
    if weight.shape[0] != x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("bias does not fit")


@check_shapes.mistake("BIA", "A bias of the wrong length passes. NumPy would broadcast a single bias to all channels without a word.")
def bias_broadcasts(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape[0] not in (1, weight.shape[0]):
        raise ValueError("bias does not fit")


@check_shapes.alternative
def with_unpacking(x, weight, bias=None):
    (_, c_in, _, _), (c_out, expected) = x.shape, weight.shape
    if c_in != expected:
        raise ValueError(f"c_in of weight is {expected}, but x brings {c_in}")
    if bias is None:
        return
    if len(bias) != c_out:
        raise ValueError(f"bias needs {c_out} numbers, got {len(bias)}")


QUIZ = (
    question(
        "scan_order",
        "In which order must the pixels be visited?",
        wrong("AXS", "Left to right, then top to bottom", "That is one order among many: no output pixel waits for another."),
        right("Any order gives the same output", "Each output pixel depends on its own position only."),
    ),
)
