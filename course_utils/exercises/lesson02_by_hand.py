"""Lesson 02: the 1×1 convolution written by hand."""

import re

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


@conv1x1_one.mistake("AVG", "The weights are ignored: you add up the channels as they are.")
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


@conv1x1_loops.mistake("AXS", "You sum over o and keep c. It is the other way round: c is summed, o stays.")
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
    """What a shape checker does with a layer: accept it by returning None, or name the argument that does not fit."""
    try:
        answer = function(x, weight, bias)
    except ValueError as error:
        named = re.search("weight|bias|c_in", str(error).lower())  # c_in: only a weight can have a wrong one
        named = named[0].replace("c_in", "weight") if named else "neither weight nor bias"
        return {"raises ValueError": True, "the message names first": named}
    returned = "nothing" if answer is None else f"a {type(answer).__name__}"
    return {"raises ValueError": False, "returns": returned}


def mismatches(rng):
    """Good layers; then layers with one wrong size each, among them sizes that fit another axis or would broadcast."""
    x, weight, bias = inputs.layer(rng, 2, 3, 5, 4, 7)
    yield case("a layer that fits", x, weight, bias)
    yield case("a layer that fits, without bias", x, weight, None)
    yield case("a weight whose rows and columns are exchanged", x, weight.T, bias[:3])
    for c_in, why in ((4, "x has 3"), (7, "the width of x"), (2, "the images of x"), (6, "twice those of x")):
        yield case(f"a weight for {c_in} input channels, {why}", x, inputs.signed(rng, 5, c_in), bias)
    yield case("a weight for 1 input channel, which would broadcast", x, weight[:, :1], bias)
    for numbers in (1, 3, 6, 4, 7, 2, 10):
        label = f"a bias of {numbers} number{'s' * (numbers > 1)} for 5 output channels"
        yield case(label, x, weight, np.resize(bias, numbers))
    yield case("all sizes the same", *inputs.layer(rng, 3, 3, 3, 3, 3))
    yield case("one channel in, one out, one pixel", *inputs.layer(rng, 1, 1, 1, 1, 1))
    n, c_in, c_out, h, w = inputs.distinct_sizes(rng, 5)
    x, weight, bias = inputs.layer(rng, n, c_in, c_out, h, w)
    yield case("random sizes that fit", x, weight, bias)
    yield case("random sizes, one input channel too many", x, inputs.signed(rng, c_out, c_in + 1), bias)
    yield case("random sizes, one input channel too few", x, weight[:, 1:], bias)
    yield case("random sizes, one bias too few", x, weight, bias[1:])


@exercise(
    cases=mismatches,
    observe=raised,
    hints=(
        "Which two numbers must be equal before x and weight can be combined? And which two for the bias?",
        "x.shape[1] belongs with weight.shape[1] (C_in); weight.shape[0] belongs with bias.shape[0] (C_out).",
        'if weight.shape[1] != x.shape[1]: raise ValueError("weight …");  '
        'if bias is not None and len(bias) != weight.shape[0]: raise ValueError("bias …")',
    ),
)
def check_shapes(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError(f"weight has C_in = {weight.shape[1]}, x has {x.shape[1]} channels")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError(f"bias has shape {bias.shape}, expected ({weight.shape[0]},)")


@check_shapes.mistake("LAY", "You compare with the last axis of x, its width. In N C H W the channels are axis 1.")
def last_axis(x, weight, bias=None):
    if weight.shape[1] != x.shape[-1]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake(
    "AXS", "You compare C_out with the channels of x. It is the *second* axis of weight that has to match."
)
def c_out_with_x(x, weight, bias=None):
    if weight.shape[0] != x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake(
    "BIA", "A bias of one number passes. NumPy would use it for all channels without a word: refuse it."
)
def bias_broadcasts(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape[0] not in (1, weight.shape[0]):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake("BIA", "The bias is never looked at. It needs one number per output channel.")
def bias_ignored(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("weight does not fit x")


@check_shapes.mistake(
    "AXS", "You hold the bias against C_in. It needs one number per *output* channel: weight.shape[0]."
)
def bias_with_c_in(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[1],):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake("EDG", "`bias` may be None, which means no bias: look before you ask for its shape.")
def bias_needed(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias.shape != (weight.shape[0],):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake("EDG", "A weight with too *few* columns passes. C_in has to be equal, so compare with `!=`.")
def only_too_many(x, weight, bias=None):
    if weight.shape[1] > x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake(
    "AXS", "The number is found among the sizes of x, but on another axis. Look at axis 1 alone: x.shape[1]."
)
def somewhere_in_x(x, weight, bias=None):
    if weight.shape[1] not in x.shape:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake(
    "EDG", "You return the message. Raise it, so that nobody can go on without noticing: raise ValueError(...)."
)
def returns_the_message(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        return "weight does not fit x"
    if bias is not None and bias.shape != (weight.shape[0],):
        return "bias does not fit weight"


@check_shapes.mistake(
    "EDG", "Something is raised, but no ValueError. Write `raise ValueError(...)`; nothing else will do here."
)
def another_error(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise Exception("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise Exception("bias does not fit weight")


@check_shapes.mistake(
    "EDG", "The message has to begin with the argument that does not fit: `weight ...` or `bias ...`."
)
def names_no_argument(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("the shapes do not fit")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("the shapes do not fit")


@check_shapes.mistake("EDG", "Nothing is ever refused: a size that does not fit has to raise a ValueError.")
def never_raises(x, weight, bias=None):
    return None


@check_shapes.alternative
def with_unpacking(x, weight, bias=None):
    (_, c_in, _, _), (c_out, expected) = x.shape, weight.shape
    if c_in != expected:
        raise ValueError(f"c_in of weight is {expected}, but x brings {c_in}")
    if bias is None:
        return
    if len(bias) != c_out:
        raise ValueError(f"bias needs {c_out} numbers, got {len(bias)}")


@check_shapes.alternative
def with_a_list_of_problems(x, weight, bias=None):
    problems = []
    if np.shape(weight)[1] != np.shape(x)[1]:
        problems.append("weight: its second axis must be the number of channels of x")
    if bias is not None and np.shape(bias)[0] != np.shape(weight)[0]:
        problems.append("bias: it must have one number per row of weight")
    if problems:
        raise ValueError("; ".join(problems))


QUIZ = (
    question(
        "scan_order",
        "In which order do the pixels have to be visited?",
        wrong("AXS", "From left to right, then from top to bottom", "No output pixel waits for another one."),
        right("In any order; the output is the same", "Each output pixel depends on its own position alone."),
        wrong("DWP", "One input map after the other, each to its end", "It works, and so does every other order."),
        wrong("LOC", "Neighbours together, as they are mixed", "A 1×1 convolution never looks at a neighbour."),
    ),
    question(
        "scan_one_number",
        "A layer goes from 10 maps to 4. On how many input numbers does one number of the output depend?",
        wrong("DWP", "1: the same pixel of one map", "Every output sums over all 10 input channels."),
        wrong("LOC", "90: a 3×3 patch of 10 maps", "The kernel is 1×1: no neighbours, only the pixel's own column."),
        wrong("MUL", "40: 10 for each of the 4 outputs", "40 is the number of weights; each output uses 10 of them."),
        right("10: the same pixel of every map", "One column through the stack, weighted and summed."),
    ),
    question(
        "scan_index",
        "Five loops run over n, o, i, j and c. Which index is not an index of the output?",
        right("c, the input channel", "It is summed away: that is the sum in 'weighted sum'."),
        wrong("AXS", "o, the output channel", "Each o gives a map of its own; it stays."),
        wrong("BAT", "n, the image", "Images are never mixed; every one keeps its place."),
        wrong("AXS", "i and j, the pixel", "Pixels are never mixed; every one keeps its place."),
    ),
    question(
        "scan_four_times",
        "The article says that the 10 maps are scanned 4 times. What is right about it?",
        wrong("DWP", "Nothing: each map is used once", "Every output channel uses every map."),
        wrong("AXS", "All of it: 4 outputs need 4 passes over the maps", "One pass will do, four sums side by side."),
        right("The arithmetic: 4 sums of 10 products a pixel", "But one pass can feed all four sums."),
        wrong("MUL", "The memory: 40 maps are kept", "Products are added up at once; 4 maps are kept."),
    ),
)
