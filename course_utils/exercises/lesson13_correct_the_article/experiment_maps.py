"""An experiment: do feature maps multiply?"""

import numpy as np

from course_utils import convs
from course_utils.exercises.lesson13_correct_the_article.worlds import SMALL, one_number, runs, seen_in, worlds
from course_utils.exercises.spec import exercise


def unsummed(x, weight, *rest, **options):
    """The article's layer: every input map makes C_out new ones, and nobody sums them."""
    maps = [convs.conv2d(x[:, c : c + 1], weight[:, c : c + 1], padding=1) for c in range(x.shape[1])]
    return np.concatenate(maps, axis=1)


def each_map_twice(x, weight, *rest, **options):
    return np.repeat(convs.conv2d(x, weight, padding=1), 2, axis=1)


def one_map(x, weight, *rest, **options):
    return convs.conv2d(x, weight, padding=1).sum(axis=1, keepdims=True)


def empty_maps_too(x, weight, *rest, **options):
    y = convs.conv2d(x, weight, padding=1)
    return np.concatenate([y, 0 * y], axis=1)


def counted(function, rng, layer):
    """What an experiment with maps does with this layer."""
    found = runs(function, rng, layer)
    seen = seen_in(found, "layer", image_and_weight)
    if not all(calls for _, calls in found):
        return seen
    one = any(args[1].shape[1] < 2 for _, calls in found for args, _ in calls)
    seen["input channels that it draws"] = "1, where both counts are the same" if one else "2 or more"
    seen["weight that it draws"] = next((odd for _, calls in found for c, _ in calls if (odd := shape_of(c))), WEIGHT)
    right_in_all = []
    for answer, calls in found:
        shares = [np.shape(y)[1] / (args[1].shape[0] * args[1].shape[1]) for args, y in calls]
        number = one_number(answer)
        right_in_all.append(number is not None and min(shares) - SMALL <= number <= max(shares) + SMALL)
    seen["its number"] = "the share of C_in · C_out maps that came out" if all(right_in_all) else other_than(found)
    return seen


def other_than(found):
    """What a wrong number is: where it is a count of something else, that is said."""
    for what, count in OTHERS.items():
        if all(
            one_number(answer) in {count(args[1].shape, np.shape(y)) for args, y in calls} for answer, calls in found
        ):
            return what
    return "another number"


OTHERS = {  # (shape of the weight, shape of the output) -> what may be taken for the share
    "the number of maps": lambda weight, y: y[1],
    "maps for each input channel": lambda weight, y: y[1] / weight[1],
    "maps for each output channel": lambda weight, y: y[1] / weight[0],
    "numbers, not maps, of C_in · C_out": lambda weight, y: np.prod(y) / (weight[0] * weight[1]),
    "images, not maps, of C_in · C_out": lambda weight, y: y[0] / (weight[0] * weight[1]),
}


WEIGHT = "(C_out, C_in, 3, 3)"


def image_and_weight(calls):
    return {"image": [args[0] for args, _ in calls], "weight": [args[1] for args, _ in calls]}


def shape_of(arguments):
    """What is wrong with the shapes that a layer was given, or ""."""
    x, weight = map(np.shape, arguments[:2])
    if len(weight) != 4 or weight[2:] != (3, 3):
        return f"shape {weight}, not {WEIGHT}"
    return f"an image of shape {x}, with nothing in it" if 0 in x else ""


@exercise(
    cases=worlds(
        ("the real layer", convs.conv2d),
        ("an impostor, as the article has it: no sum over input channels", unsummed),
        ("an impostor that gives every map twice", each_map_twice),
        ("an impostor that gives one map", one_map),
        ("an impostor that gives empty maps too", empty_maps_too),
    ),
    observe=counted,
    hints=(
        "If the article were right, how many maps would come out? And what else would you see, if it is wrong?",
        "Draw C_in ≥ 2 and C_out with rng.integers, x (1, C_in, H, W) and weight (C_out, C_in, 3, 3) with rng.standard_normal. Axis 1 of what layer returns counts maps.",
        "y = layer(x, weight, padding=1);  return y.shape[1] / (c_in * c_out)",
    ),
)
def experiment_maps(rng, layer=convs.conv2d):
    c_in, c_out = rng.integers(2, 7, 2)
    y = layer(rng.standard_normal((1, c_in, 5, 6)), rng.standard_normal((c_out, c_in, 3, 3)), padding=1)
    return y.shape[1] / (c_in * c_out)


class Watch:
    """A layer that notes the shape of its weight, for mistakes that count by it."""

    def __init__(self, layer):
        self.layer = layer

    def __call__(self, x, weight, **options):
        self.weight = weight.shape
        self.pixels = x.shape[2] * x.shape[3]
        return self.layer(x, weight, **options)


@experiment_maps.mistake(
    "TST",
    "You run convs.conv2d itself. Run `layer`, the one that you are given: it may be another one, and you are to find out.",
    uses=("conv2d()",),
)
def maps_of_the_real_layer(rng, layer=None):
    from course_utils import convs

    c_in, c_out = (int(c) for c in rng.integers(2, 7, 2))
    y = convs.conv2d(rng.standard_normal((1, c_in, 5, 6)), rng.standard_normal((c_out, c_in, 3, 3)), padding=1)
    return y.shape[1] / (c_in * c_out)


@experiment_maps.mistake(
    "TST",
    "`layer`, the one that you are given, is never run. An experiment asks the layer: hand it data, count what comes out.",
)
def maps_constant(rng, layer=None):
    return 0.5


@experiment_maps.mistake(
    "RNK",
    "You read the count off the weight that you made. That is what *should* come out; run the layer, and count what does.",
)
def maps_off_the_weight(rng, layer=None):
    c_in, c_out = (int(c) for c in rng.integers(2, 7, 2))
    weight = rng.standard_normal((c_out, c_in, 3, 3))
    layer(rng.standard_normal((1, c_in, 5, 6)), weight, padding=1)
    return len(weight) / (c_in * c_out)


@experiment_maps.mistake(
    "RND",
    "Your data are always the same, whichever rng you are given. Draw everything from rng, or twenty runs are one run.",
)
def maps_one_seed(rng, layer=None):
    own = np.random.default_rng(0)
    y = layer(own.standard_normal((1, 3, 5, 6)), own.standard_normal((4, 3, 3, 3)), padding=1)
    return y.shape[1] / 12


@experiment_maps.mistake(
    "DAT",
    "The layer gets one input channel, and there C_in · C_out and C_out are the same: the article cannot be wrong. Draw two channels or more, and hand them over together.",
)
def maps_one_channel(rng, layer=None):
    c_out = int(rng.integers(2, 7))
    y = layer(rng.standard_normal((1, 1, 5, 6)), rng.standard_normal((c_out, 1, 3, 3)), padding=1)
    return y.shape[1] / c_out


@experiment_maps.mistake(
    "SCL", "You return the number of maps. Asked is a share: divide by the C_in · C_out that the article expects."
)
def maps_not_divided(rng, layer=None):
    c_in, c_out = (int(c) for c in rng.integers(2, 7, 2))
    y = layer(rng.standard_normal((1, c_in, 5, 6)), rng.standard_normal((c_out, c_in, 3, 3)), padding=1)
    return y.shape[1]


@experiment_maps.mistake(
    "SCL", "You divide by C_in alone. The article expects C_in · C_out maps: that is what a share is of."
)
def maps_for_each_input(rng, layer=None):
    return maps_not_divided(rng, watch := Watch(layer)) / watch.weight[1]


@experiment_maps.mistake(
    "SCL", "You divide by C_out alone. The article expects C_in · C_out maps: that is what a share is of."
)
def maps_for_each_output(rng, layer=None):
    return maps_not_divided(rng, watch := Watch(layer)) / watch.weight[0]


@experiment_maps.mistake(
    "AXS", "You count images: the first axis of what layer returns is N. The maps lie along the second."
)
def images_counted(rng, layer=None):
    maps_not_divided(rng, watch := Watch(layer))
    return 1 / (watch.weight[0] * watch.weight[1])


@experiment_maps.mistake(
    "LOC", "Your weight is that of a 1×1 layer. The claim is about 3×3 layers: draw a weight (C_out, C_in, 3, 3)."
)
def maps_of_a_1x1(rng, layer=None):
    c_in, c_out = (int(c) for c in rng.integers(2, 7, 2))
    y = layer(rng.standard_normal((1, c_in, 5, 6)), rng.standard_normal((c_out, c_in, 1, 1)), padding=1)
    return y.shape[1] / (c_in * c_out)


@experiment_maps.mistake(
    "RND", "Your weight is the same for every rng. Draw it from rng too, or twenty runs try one layer."
)
def maps_of_one_weight(rng, layer=None):
    y = layer(rng.standard_normal((1, 3, 5, 6)), np.random.default_rng(0).standard_normal((4, 3, 3, 3)), padding=1)
    return y.shape[1] / 12


@experiment_maps.mistake("UNI", "You count numbers, pixel by pixel. Count maps: the second axis of what layer returns.")
def numbers_counted(rng, layer=None):
    maps = maps_not_divided(rng, watch := Watch(layer))
    return maps * watch.pixels / (watch.weight[0] * watch.weight[1])


@experiment_maps.alternative
def maps_one_by_one(rng, layer=convs.conv2d):
    x = rng.uniform(-1, 1, (1, 4, 3, 3))
    weight = rng.uniform(-1, 1, (5, 4, 3, 3))
    return sum(1 for _ in layer(x, weight)[0]) / 20


@experiment_maps.alternative
def maps_of_three_layers(rng, layer=convs.conv2d):
    shares = []
    for _ in range(3):
        x, weight = rng.standard_normal((2, 3, 4, 4)), rng.standard_normal((6, 3, 3, 3))
        shares.append(np.shape(layer(x, weight, None, 1))[1] / weight[:, :, 0, 0].size)
    return np.mean(shares)
