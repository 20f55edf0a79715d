"""How many feature maps a stack of layers makes."""

import numpy as np

from course_utils import cost
from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def stacks(rng):
    """Cases for `f(channels)`: the input's channels, then one number per layer."""
    yield case("the article's three layers", [3, 32, 64, 128])
    yield case("channels that shrink in the middle", [256, 64, 64, 256])
    yield case("one layer", [10, 4])
    yield case("one channel everywhere", [1, 1, 1])
    yield case("no layer yet, only the input", [3])
    yield case("random widths", inputs.distinct_sizes(rng, 6, 2, 40))
    yield case("twelve layers", inputs.distinct_sizes(rng, 13, 2, 300))
    yield case("two equal layers", [8, 8, 8])
    yield case("thousands of channels", [512, 2048, 4096])
    for said, (layers,) in inputs.stretched(rng, "layers", most=inputs.SHORTER):
        yield case(said, rng.integers(1, 9, layers + 1).tolist())
    yield case("as many outputs as GPT-2 has words", [1, int(rng.integers(50_000, 60_000)), 2])


@exercise(
    cases=stacks,
    hints=(
        "Look at the shape that each layer printed above. Which of its four numbers counts the maps?",
        "A layer's output channels are its maps. What came in is summed up inside them: it leaves no maps of its own.",
        "take the list without its first entry, which is the input; nothing has to be multiplied or added",
    ),
)
def count_maps(channels):
    return cost.maps(channels)


@count_maps.mistake(
    "MUL",
    "You multiply from layer to layer, as the article does. Look at the shapes printed above: "
    "what does layer 2 hand on, 64 maps or 32 · 64?",
)
def cumulative_product(channels):
    return [int(np.prod(channels[1 : i + 1], dtype=object)) for i in range(1, len(channels))]


@count_maps.mistake(
    "MUL",
    "You multiply from the input on. Even the first layer does not hand on 3 · 32 maps: "
    "each of its 32 maps is a sum over the 3 channels.",
)
def product_with_input(channels):
    return [int(np.prod(channels[: i + 1], dtype=object)) for i in range(1, len(channels))]


@count_maps.mistake(
    "MUL",
    "C_in · C_out is the number of kernel slices of a layer. Its products are summed over c, and C_out maps are left.",
)
def slices_for_maps(channels):
    return [channels[i] * channels[i + 1] for i in range(len(channels) - 1)]


@count_maps.mistake(
    "ACC",
    "You keep a running sum. The question is how many maps each layer hands on, not how many have been made so far.",
)
def running_sum(channels):
    return [sum(channels[1 : i + 1]) for i in range(1, len(channels))]


@count_maps.mistake("SUM", "You return one total. Give a list with one number for each layer.")
def one_total(channels):
    return sum(channels[1:])


@count_maps.mistake("EDG", "The first entry is the input, which no layer made. Start with the first layer's output.")
def input_counted(channels):
    return list(channels)


@count_maps.mistake("EDG", "You stop one layer early: the last entry is the output of the last layer, so it counts.")
def last_layer_missing(channels):
    return list(channels[:-1])


@count_maps.mistake("EDG", "You return the last layer's number alone. Give a list with one number for each layer.")
def last_layer_alone(channels):
    return channels[-1]


@count_maps.mistake("EDG", "One layer is missing: between n numbers lie n - 1 layers.")
def one_layer_short(channels):
    return channels[1:-1]


@count_maps.mistake("CNT", "You count the layers. Asked is how many maps each of them hands on.")
def layers_counted(channels):
    return [len(channels) - 1]


@count_maps.mistake("CNT", "You return the number of layers. Asked is how many maps each of them hands on.")
def number_of_layers(channels):
    return len(channels) - 1


@count_maps.mistake(
    "EDG", "You return the input's number alone. (`pop` gives back what it takes out, not the list that is left.)"
)
def input_alone(channels):
    return channels.pop(0)


@count_maps.mistake("CNT", "You return how many maps come *anew* in each layer. Asked is how many it hands on.")
def differences(channels):
    return np.diff(channels).tolist()


@count_maps.mistake("UNI", "You number the layers. Asked is how many maps each of them hands on.")
def numbers_of_the_layers(channels):
    return list(range(1, len(channels)))


@count_maps.alternative
def all_but_the_first(channels):
    return [c_out for layer, c_out in enumerate(channels) if layer > 0]


@count_maps.alternative
def by_running_the_layers(channels):
    x, found = np.ones((1, channels[0], 1, 1)), []
    for c_out in channels[1:]:
        x = np.einsum("oc,nchw->nohw", np.ones((c_out, x.shape[1])) / x.shape[1], x)
        found.append(x.shape[1])
    return found
