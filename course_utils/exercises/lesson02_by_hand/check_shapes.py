"""Arguments that make no layer are refused in a sentence that names the one at fault."""

import re

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, once


@once
def raised(function, x, weight, *bias):
    """What a shape checker does with a layer: accept it by returning None, or name the argument that does not fit."""
    try:
        answer = function(x, weight, *bias)
    except ValueError as error:
        named = re.match(r"\W*(weight|bias)\b", str(error).lower())
        return {"what happens": f"a ValueError that begins with {named[1] if named else 'neither weight nor bias'}"}
    returned = "nothing is raised" if answer is None else f"a {type(answer).__name__} is returned"
    return {"what happens": returned}


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
    for numbers in (0, 3):
        yield case(
            f"a bias of {numbers} zeros for 5 output channels", *inputs.layer(rng, 2, 3, 5, 4, 7)[:2], np.zeros(numbers)
        )
    for c_in, why in ((3, "fits"), (4, "has a channel too many"), (2, "has a channel too few")):
        weight = inputs.signed(rng, 4, c_in)
        yield case(f"no bias mentioned, weight {why}", inputs.signed(rng, 5, 3, 1, 2), weight)
    x, weight, bias = inputs.layer(rng, 1, 66, 70, 1, 2)
    yield case("many channels that fit", x, weight, bias)
    yield case("many channels, one too few in weight", x, weight[:, 1:], bias)
    yield case("many channels, one bias too few", x, weight, bias[1:])
    x, weight, bias = inputs.layer(rng, 12, 2, 3, 19, 22)
    yield case("many images, rows and columns that fit", x, weight, bias)
    yield case("many images, rows and columns, two input channels too many", x, inputs.signed(rng, 3, 4), bias)
    for layer in inputs.varied(*inputs.layer(rng, 2, 3, 4, 2, 3)):
        yield layer
        yield case(f"{layer.label}, one input channel too few", layer.args[0], layer.args[1][:, 1:], layer.args[2])
        yield case(f"{layer.label}, one bias too few", *layer.args[:2], layer.args[2][1:])


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


@check_shapes.mistake("BIA", "A bias of any size passes. It needs one number per output channel: refuse all others.")
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
    "ERR", "You return the message. Raise it, so that nobody can go on without noticing: raise ValueError(...)."
)
def returns_the_message(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        return "weight does not fit x"
    if bias is not None and bias.shape != (weight.shape[0],):
        return "bias does not fit weight"


@check_shapes.mistake(
    "ERR", "Something is raised, but no ValueError. Write `raise ValueError(...)`; nothing else will do here."
)
def another_error(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise Exception("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise Exception("bias does not fit weight")


@check_shapes.mistake(
    "ERR", "The message has to begin with the argument that does not fit: `weight ...` or `bias ...`."
)
def names_no_argument(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("the shapes do not fit")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("the shapes do not fit")


@check_shapes.mistake("ERR", "Sizes that do not fit are let through: each of them has to raise a ValueError.")
def never_raises(x, weight, bias=None):
    return None


@check_shapes.mistake("LAY", "You compare with axis 2 of x, its height. In N C H W the channels are axis 1.")
def third_axis(x, weight, bias=None):
    if weight.shape[1] != x.shape[2]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake("BAT", "You compare with axis 0 of x, the number of images. In N C H W the channels are axis 1.")
def first_axis(x, weight, bias=None):
    if weight.shape[1] != x.shape[0]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake(
    "ERR", "You return True or False. Raise a ValueError where something does not fit; return nothing else."
)
def returns_a_verdict(x, weight, bias=None):
    return weight.shape[1] == x.shape[1] and (bias is None or len(bias) == len(weight))


@check_shapes.mistake(
    "SGN", "You raise an error where the sizes are equal. It is for those that are *not*: compare with `!=`."
)
def raises_where_it_fits(x, weight, bias=None):
    if weight.shape[1] == x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and bias.shape == (weight.shape[0],):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake(
    "TRN",
    "Rows and columns of weight have changed places, twice: it is (C_out, C_in). C_in is axis 1, and the bias goes with axis 0.",
)
def weight_read_the_other_way(x, weight, bias=None):
    if weight.shape[0] != x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and len(bias) != weight.shape[1]:
        raise ValueError("bias does not fit weight")


@check_shapes.mistake("EDG", "Sizes that are too *large* pass. They have to be equal, so compare with `!=`.")
def only_too_few(x, weight, bias=None):
    if weight.shape[1] < x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and len(bias) < len(weight):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake(
    "ERR", "You return something where all fits. Nothing is wrong there, and nothing is said: return None."
)
def returns_true(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias is not None and len(bias) != len(weight):
        raise ValueError("bias does not fit weight")
    return True


@check_shapes.mistake(
    "TST",
    "`if bias` asks an array whether it is true, and NumPy refuses by a ValueError of its own. Ask `bias is not None`.",
)
def truth_of_an_array(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("weight does not fit x")
    if bias and len(bias) != len(weight):
        raise ValueError("bias does not fit weight")


@check_shapes.mistake("ERR", "You *return* the error. Nobody has to look at what is returned, so `raise` it.")
def returns_the_error(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        return ValueError("weight")
    if bias is not None and bias.shape != weight.shape[:1]:
        return ValueError("bias")
    return None


@check_shapes.mistake("ERR", "You return something where an argument does not fit. Raise a ValueError there instead.")
def returns_where_it_does_not_fit(x, weight, bias=None):
    return None if weight.shape[1] == x.shape[1] and (bias is None or len(bias) == len(weight)) else False


@check_shapes.mistake("ARG", "The weight is never looked at: its C_in has to be the number of channels of x.")
def weight_ignored(x, weight, bias=None):
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("bias")


@check_shapes.mistake(
    "AXS", "You compare whole shapes, which never agree: x has four axes, weight two. Compare one axis of each."
)
def whole_shapes(x, weight, bias=None):
    if weight.shape != x.shape:
        raise ValueError("weight")


@check_shapes.mistake("ERR", "Both messages begin with `weight`. Where the bias is at fault, it begins with `bias`.")
def weight_for_both(x, weight, bias=None):
    if weight.shape[1] != x.shape[1] or bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("weight")


@check_shapes.alternative
def with_unpacking(x, weight, bias=None):
    (_, c_in, _, _), (c_out, expected) = x.shape, weight.shape
    if c_in != expected:
        raise ValueError(f"`weight` takes {expected} channels, but x brings {c_in}")
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
