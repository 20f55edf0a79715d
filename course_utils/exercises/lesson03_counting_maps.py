"""Lesson 03: maps, kernel slices, weights and bytes are four different counts."""

import numpy as np

from course_utils import cost
from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong


def stacks(rng):
    """Cases for `f(channels)`: the input's channels, then one number a layer."""
    yield case("the article's three layers", [3, 32, 64, 128])
    yield case("channels that shrink in the middle", [256, 64, 64, 256])
    yield case("one layer", [10, 4])
    yield case("one channel everywhere", [1, 1, 1])
    yield case("no layer yet, only the input", [3])
    yield case("random widths", inputs.distinct_sizes(rng, 6, 2, 40))


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
    return [int(np.prod(channels[1 : i + 1])) for i in range(1, len(channels))]


@count_maps.mistake(
    "MUL",
    "You multiply from the input on. Even the first layer does not hand on 3 · 32 maps: "
    "each of its 32 maps is a sum over the 3 channels.",
)
def product_with_input(channels):
    return [int(np.prod(channels[: i + 1])) for i in range(1, len(channels))]


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


@count_maps.mistake("ACC", "You return one total. Give a list with one number for each layer.")
def one_total(channels):
    return sum(channels[1:])


@count_maps.mistake("EDG", "The first entry is the input, which no layer made. Start with the first layer's output.")
def input_counted(channels):
    return list(channels)


@count_maps.mistake("EDG", "You stop one layer early: the last entry is the output of the last layer, so it counts.")
def last_layer_missing(channels):
    return list(channels[:-1])


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


def channel_pairs(rng):
    """Cases for `f(c_in, c_out)`."""
    yield case("the article's second layer", 32, 64)
    yield case("its third layer", 64, 128)
    yield case("a colour image to 32 maps", 3, 32)
    yield case("one input channel", 1, 7)
    yield case("one output channel", 10, 1)
    yield case("random channels", *inputs.distinct_sizes(rng, 2, 20, 300))


@exercise(
    cases=channel_pairs,
    hints=(
        "In the picture above, how many small squares stand in one row, and how many rows are there?",
        "weight[o, c] is one slice: o runs over the output channels, c over the input channels.",
        "one slice for every o and every c: count the pairs",
    ),
)
def kernel_slices(c_in, c_out):
    return sum(c_in for _ in range(c_out))


@kernel_slices.mistake(
    "MUL", "You add the two numbers. Every output channel has a slice for *every* input channel: count the pairs."
)
def added(c_in, c_out):
    return c_in + c_out


@kernel_slices.mistake("DWP", "That is one slice an output channel. Each filter has a slice for every input channel.")
def one_per_output(c_in, c_out):
    return c_out


@kernel_slices.mistake("DWP", "That is one slice an input channel. There are C_out filters, and each has that many.")
def one_per_input(c_in, c_out):
    return c_in


@kernel_slices.mistake(
    "UNI", "You count the numbers inside the slices (9 in a 3×3 slice). A slice counts once, whatever its size."
)
def numbers_in_slices(c_in, c_out):
    return 9 * c_in * c_out


@kernel_slices.mistake(
    "MUL", "The layers before this one do not matter: a layer's slices depend on its own two numbers only."
)
def times_the_colours(c_in, c_out):
    return 3 * c_in * c_out


@kernel_slices.alternative
def product(c_in, c_out):
    return c_in * c_out


@kernel_slices.alternative
def from_the_weight(c_in, c_out):
    return int(np.prod(np.empty((c_out, c_in, 3, 3)).shape[:2]))


def layers_with_kernels(rng):
    """Cases for `f(c_in, c_out, k, bias=True)`."""
    c_in, c_out = inputs.distinct_sizes(rng, 2, 5, 90)
    yield case("a 3×3 layer with biases", 32, 64, 3)
    yield case("the same without biases", 32, 64, 3, False)
    yield case("a 1×1 layer", 10, 4, 1)
    yield case("bias=True said aloud", 3, 32, 5, True)
    yield case("one channel to one channel", 1, 1, 3, False)
    yield case("random channels, 7×7", c_in, c_out, 7)
    yield case("random channels, 1×1, no bias", c_in, c_out, 1, False)


@exercise(
    cases=layers_with_kernels,
    hints=(
        "How many slices has the layer, how many numbers are in one slice, and how many biases go to one output map?",
        (
            "weight has the shape (c_out, c_in, k, k): its four sizes say how many numbers it holds. bias has the shape"
            " (c_out,)."
        ),
        "numbers in weight = the product of its four sizes;  if bias: add one for each output channel",
    ),
)
def count_weights(c_in, c_out, k, bias=True):
    return cost.weights(c_in, c_out, k, bias)


@count_weights.mistake("UNI", "A k×k slice holds k·k numbers, you count k.")
def k_once(c_in, c_out, k, bias=True):
    return c_out * c_in * k + (c_out if bias else 0)


@count_weights.mistake(
    "BIA", "You give every slice a bias. A bias is added once to each output *map*, so there are C_out."
)
def bias_per_slice(c_in, c_out, k, bias=True):
    return c_out * c_in * (k * k + (1 if bias else 0))


@count_weights.mistake("BIA", "You give one bias to each input channel. A bias belongs to an output channel.")
def bias_per_input(c_in, c_out, k, bias=True):
    return c_out * c_in * k * k + (c_in if bias else 0)


@count_weights.mistake("BIA", "You add one bias for the whole layer. Each output channel has its own.")
def one_bias(c_in, c_out, k, bias=True):
    return c_out * c_in * k * k + (1 if bias else 0)


@count_weights.mistake("BIA", "The biases are missing: with bias=True each output channel has one more number.")
def biases_left_out(c_in, c_out, k, bias=True):
    return c_out * c_in * k * k


@count_weights.mistake("BIA", "You count biases also where the layer has none: look at the argument `bias`.")
def biases_always(c_in, c_out, k, bias=True):
    return c_out * c_in * k * k + c_out


@count_weights.mistake("DWP", "You count one slice an output channel. Each filter has a slice for every input channel.")
def one_slice_per_filter(c_in, c_out, k, bias=True):
    return c_out * k * k + (c_out if bias else 0)


@count_weights.mistake(
    "UNI",
    "You count the weights again at every pixel. The same weights are used at all of them: "
    "the size of the picture does not matter.",
)
def at_every_pixel(c_in, c_out, k, bias=True):
    return 224 * 224 * (c_out * c_in * k * k + (c_out if bias else 0))


@count_weights.mistake("UNI", "You take nine numbers a slice whatever k is. That fits a 3×3 kernel only.")
def always_3x3(c_in, c_out, k, bias=True):
    return c_out * c_in * 9 + (c_out if bias else 0)


@count_weights.alternative
def from_the_arrays(c_in, c_out, k, bias=True):
    return np.empty((c_out, c_in, k, k)).size + bias * np.empty(c_out).size


@count_weights.alternative
def filter_by_filter(c_in, c_out, k, bias=True):
    total = 0
    for _ in range(c_out):
        total += c_in * k**2
        if bias:
            total += 1
    return total


def one_image_layers(rng):
    """Cases for `f(x, weight)`: the maps of one image, and a 1×1 weight."""

    def layer(c_in, c_out, h, w):
        return inputs.signed(rng, c_in, h, w), inputs.signed(rng, c_out, c_in)

    yield case("3 maps, 5 outputs, 4×7 pixels", *layer(3, 5, 4, 7))
    yield case("every size the same", *layer(3, 3, 3, 3))
    yield case("one input map", *layer(1, 4, 3, 5))
    yield case("one output map", *layer(4, 1, 3, 5))
    yield case("one pixel", *layer(3, 2, 1, 1))
    x, weight = layer(4, 3, 5, 6)
    yield case("x and weight are transposed views", x.transpose(0, 2, 1), np.asfortranarray(weight))
    yield case("random sizes", *layer(*inputs.distinct_sizes(rng, 4)))


@exercise(
    cases=one_image_layers,
    axes="map h w",
    hints=(
        "One of these maps is one input map times one number. Which number belongs to input map c and output o?",
        (
            "First all the maps made of x[0], one for each output; then all those of x[1]; … So c is the outer loop, o"
            " the inner one."
        ),
        (
            "maps = [];  for c in range(C_in):  for o in range(C_out):  append weight[o, c] * x[c];  stack them into"
            " one array"
        ),
    ),
)
def unsummed_maps(x, weight):
    return np.einsum("oc,chw->cohw", weight, x).reshape(-1, *x.shape[1:])


@unsummed_maps.mistake(
    "DWP",
    "You have summed over the input maps already, so only C_out maps are left. Here keep every product by itself.",
)
def summed(x, weight):
    return np.einsum("oc,chw->ohw", weight, x)


@unsummed_maps.mistake(
    "DWP", "You have summed over the outputs: one map is left of each input map. Keep every product by itself."
)
def summed_over_outputs(x, weight):
    return np.einsum("oc,chw->chw", weight, x)


@unsummed_maps.mistake(
    "AXS",
    "The right maps in the wrong order: you group them by output. Put all maps made of x[0] first, then those of x[1].",
)
def grouped_by_output(x, weight):
    return np.einsum("oc,chw->ochw", weight, x).reshape(-1, *x.shape[1:])


@unsummed_maps.mistake(
    "RSH", "Keep two axes of pixels: the C_in and C_out axes are to become one, of C_in · C_out maps."
)
def not_flattened(x, weight):
    return np.einsum("oc,chw->cohw", weight, x)


@unsummed_maps.mistake(
    "TRN", "weight has one *row* an output channel: the number for input c and output o is weight[o, c]."
)
def transposed(x, weight):
    return np.stack([weight[c, o] * x[c] for c in range(x.shape[0]) for o in range(weight.shape[0])])


@unsummed_maps.mistake(
    "TRN",
    "The numbers of weight are taken in the wrong order: it is stored row by row, one row an *output*, "
    "and your maps are grouped by input.",
)
def weight_read_row_by_row(x, weight):
    maps = np.repeat(x, weight.shape[0], axis=0)
    return maps * weight.reshape(-1, 1, 1)


@unsummed_maps.mistake("DWP", "You copy the maps but do not multiply them by the weights.")
def only_copied(x, weight):
    return np.repeat(x, weight.shape[0], axis=0)


@unsummed_maps.alternative
def two_loops(x, weight):
    maps = []
    for c in range(x.shape[0]):
        for o in range(weight.shape[0]):
            maps.append(x[c] * weight[o, c])
    return np.array(maps)


@unsummed_maps.alternative
def filled_in(x, weight):
    (c_in, h, w), c_out = x.shape, weight.shape[0]
    maps = np.zeros((c_in * c_out, h, w))
    for i in range(c_in * c_out):
        c, o = divmod(i, c_out)
        maps[i] = weight[o, c] * x[c]
    return maps


@unsummed_maps.alternative
def grouped_convolution(x, weight):
    import torch

    c_in, c_out = x.shape[0], weight.shape[0]
    kernels = torch.tensor(np.ascontiguousarray(weight.T)).reshape(c_in * c_out, 1, 1, 1)
    return torch.nn.functional.conv2d(torch.tensor(x.copy())[None], kernels, groups=c_in)[0].numpy()


def stacks_in_memory(rng):
    """Cases for `f(n, channels, h, w, itemsize, keep_all)`: training and inference of each stack."""
    h, w, n = inputs.distinct_sizes(rng, 3, 2, 60)
    stacks = (
        ("two images, float32", 2, [3, 32, 64, 128], 6, 10, 4),
        ("one photo of 224×224, float32", 1, [3, 32, 64, 128], 224, 224, 4),
        ("the widest maps first, float64", 3, [4, 90, 70, 8, 5], 5, 7, 8),
        ("the two widest apart, 2 bytes a number", 4, [16, 60, 20, 50, 12], 8, 3, 2),
        ("one layer, one byte a number", 1, [3, 10], 1, 1, 1),
        ("random sizes", n, inputs.distinct_sizes(rng, 5, 2, 40), h, w, 8),
    )
    for label, *arguments in stacks:
        yield case(f"{label}, training", *arguments, True)
        yield case(f"{label}, inference", *arguments, False)


@exercise(
    cases=stacks_in_memory,
    hints=(
        "How many maps must be held at the same time: when all are kept, and when only one layer is at work?",
        (
            "One map takes h · w · itemsize bytes, and there are n images. What changes with keep_all is only the"
            " number of maps."
        ),
        (
            "held = the sum of channels if keep_all, else the largest c_in + c_out of two neighbours in the list; "
            " return n · held · h · w · itemsize"
        ),
    ),
)
def activation_bytes(n, channels, h, w, itemsize, keep_all):
    return cost.activation_bytes(n, channels, h, w, itemsize, keep_all)


@activation_bytes.mistake("BAT", "You count one image. Every image of the batch has its own maps: n of them.")
def one_image(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return held * h * w * itemsize


@activation_bytes.mistake(
    "MUL", "You multiply the channels of the layers. Maps that are kept lie side by side: their numbers add up."
)
def channels_multiplied(n, channels, h, w, itemsize, keep_all):
    pairs = [channels[i] + channels[i + 1] for i in range(len(channels) - 1)]
    held = int(np.prod(channels[1:])) if keep_all else max(pairs)
    return n * held * h * w * itemsize


@activation_bytes.mistake("UNI", "You count bits. itemsize is already in bytes, and the answer is in bytes too.")
def bits(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return 8 * n * held * h * w * itemsize


@activation_bytes.mistake(
    "UNI", "You take 4 bytes a number whatever is asked. float64 takes 8, half precision 2: use itemsize."
)
def always_float32(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return n * held * h * w * 4


@activation_bytes.mistake("UNI", "You count the numbers that are held. Each of them takes itemsize bytes.")
def numbers_only(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return n * held * h * w


@activation_bytes.mistake(
    "UNI", "You return megabytes. Return bytes: a whole number is exact, and easy to convert later."
)
def megabytes(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return n * held * h * w * itemsize / 1e6


@activation_bytes.mistake(
    "EDG", "The input is missing. It is in memory too, and the first layer's weight gradient needs it."
)
def input_left_out(n, channels, h, w, itemsize, keep_all):
    held = sum(channels[1:]) if keep_all else max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return n * held * h * w * itemsize


@activation_bytes.mistake(
    "EDG",
    "With keep_all=False you hold only one list of maps. While a layer is at work both its input "
    "and its output are in memory.",
)
def widest_alone(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else max(channels)
    return n * held * h * w * itemsize


@activation_bytes.mistake(
    "EDG", "With keep_all=False you look at the last layer only. Memory must be enough for the layer that needs most."
)
def last_layer_only(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else channels[-2] + channels[-1]
    return n * held * h * w * itemsize


@activation_bytes.mistake(
    "EDG",
    "With keep_all=False you add the two largest numbers of the list. They must be neighbours: "
    "one layer's input and its output.",
)
def two_widest(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else sum(sorted(channels)[-2:])
    return n * held * h * w * itemsize


@activation_bytes.mistake(
    "ACC", "`keep_all` changes nothing in your answer. When it is False, maps that no layer needs any more are dropped."
)
def always_all(n, channels, h, w, itemsize, keep_all):
    return n * sum(channels) * h * w * itemsize


@activation_bytes.mistake(
    "ACC", "`keep_all` changes nothing in your answer. When it is True, every map stays until the backward pass."
)
def never_all(n, channels, h, w, itemsize, keep_all):
    return n * max(channels[i] + channels[i + 1] for i in range(len(channels) - 1)) * h * w * itemsize


@activation_bytes.mistake("SGN", "The two cases of keep_all are swapped: True is training, where every map stays.")
def swapped(n, channels, h, w, itemsize, keep_all):
    held = max(channels[i] + channels[i + 1] for i in range(len(channels) - 1)) if keep_all else sum(channels)
    return n * held * h * w * itemsize


@activation_bytes.mistake("AXS", "You take h twice. A map has h rows of w numbers, and the two can differ.")
def height_twice(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return n * held * h * h * itemsize


@activation_bytes.alternative
def by_hand(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        maps = 0
        for c in channels:
            maps = maps + c
    else:
        maps = 0
        for i in range(len(channels) - 1):
            maps = max(maps, channels[i] + channels[i + 1])
    return maps * n * h * w * itemsize


@activation_bytes.alternative
def from_real_arrays(n, channels, h, w, itemsize, keep_all):
    size = {1: np.int8, 2: np.float16, 4: np.float32, 8: np.float64}[itemsize]
    held = [np.empty((n, c, h, w), size).nbytes for c in channels]
    return sum(held) if keep_all else np.add(held[:-1], held[1:]).max()


QUIZ = (
    question(
        "count_second_layer",
        "A 3×3 layer is given 64 maps and has 128 output channels. How many maps does it hand on for one image?",
        wrong(
            "MUL",
            "64 · 128, one for each pair",
            "That is its number of kernel slices. The 64 products of an output are summed into one map.",
        ),
        wrong(
            "ACC",
            "64 + 128, old and new ones",
            "The 64 maps went in. Training may keep them in memory, but this layer hands on its own output only.",
        ),
        right("128, one an output channel", "Each output channel sums over all 64 input maps and leaves one map."),
        wrong(
            "UNI",
            "128 · 9, one for each weight of a slice",
            "The 9 weights of a slice are used at each pixel of one map; they make no maps.",
        ),
    ),
    question(
        "count_what_multiplies",
        "The article's 32 · 64 is a real number of a layer with 32 input and 64 output channels. What does it count?",
        right(
            "The 2-D kernel slices of its weight", "weight has the shape (64, 32, k, k): 64 · 32 slices of k×k numbers."
        ),
        wrong("MUL", "The maps it hands on", "It hands on 64: one sum over 32 products for each output channel."),
        wrong("UNI", "Its weights", "Only where k = 1 and there are no biases. A 3×3 slice alone holds 9 weights."),
        wrong("BIA", "Its biases", "A bias is added once to each output map, so there are 64."),
    ),
    question(
        "count_missing_step",
        "You built all C_in · C_out maps. What is left to do to have the layer's output?",
        wrong(
            "AVG",
            "Average the maps of each output",
            "A convolution adds. Dividing by C_in would be another layer, with smaller weights.",
        ),
        wrong(
            "RNK",
            "Keep the strongest map of each output",
            "Nothing is chosen or dropped: each of the C_in maps goes into the output.",
        ),
        wrong(
            "AXS",
            "Add up the maps made of the same input map",
            "That mixes the *outputs*. The sum runs over the input channels c, for one output o.",
        ),
        right(
            "Add up the maps of each output over the input channels",
            "That sum is the step that the article leaves out. (A bias would be added to each sum, once.)",
        ),
    ),
    question(
        "count_cure",
        "A 3×3 layer 256→256 is replaced by 1×1 to 64, 3×3 at 64, 1×1 back to 256. What becomes smaller?",
        wrong("MUL", "The number of maps that are made", "It grows: 64 + 64 + 256 maps are written instead of 256."),
        right(
            "The number of weights, and of multiplications",
            "The 3×3 works on 64 channels instead of 256 on both sides, and 1×1 slices hold one number instead of"
            " nine.",
        ),
        wrong("UNI", "The memory for activations in training", "More maps of the same size are kept, so it grows."),
        wrong(
            "CHN",
            "The number of channels handed on",
            "The last 1×1 goes back to 256: the next layer sees no difference in shape.",
        ),
    ),
    question(
        "count_memory_of_training",
        "You train with a batch twice as large. What doubles?",
        wrong(
            "BAT",
            "The weights and the maps in memory",
            "All images of a batch share the same weights. Only their maps are their own.",
        ),
        wrong(
            "UNI", "The weights in memory", "Weights do not know how many images there are, nor how large these are."
        ),
        right(
            "The bytes of all maps in memory",
            "Each image has its own maps, so activations grow with n; weights stay as they are.",
        ),
        wrong(
            "ACC",
            "Neither: maps are overwritten by the next image",
            "In training every image's maps are kept until the backward pass.",
        ),
    ),
)
