"""How many bytes the feature maps of a stack take, all kept or two at a time."""

import itertools

import numpy as np

from course_utils import cost
from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


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
        ("twelve layers", 12, inputs.distinct_sizes(rng, 13, 2, 300), 3, 130, 2),
        ("a hundred images, one channel everywhere", 101, [1, 1, 1], 130, 3, 4),
        ("thousands of channels, many rows", 3, [2047, 1024], 1001, 3, 1),
        ("a thousand images, of one row", 1001, [1, 2], 1, 1003, 1),
        ("the first layer's maps are the most", 1, [64, 3, 8], 2, 3, 4),
        ("a hundred layers and more", 2, rng.integers(1, 40, rng.integers(101, 200)).tolist(), 5, 3, 4),
        *(
            (said, n, [1, 2], h, w, 1)
            for said, (n, h, w) in inputs.stretched(rng, "images", "rows", "columns", most=inputs.MILLIONS)
        ),
        ("a batch that takes more bytes than 32 bits count", 64, [96, 97, 98], 224, 224, 4),
    )
    for label, *arguments in stacks:
        yield case(f"{label}, training", *arguments, True)
        yield case(f"{label}, inference", *arguments, False)


@exercise(
    cases=stacks_in_memory,
    small=(
        "1, [1, 1], 1, 1, 1, True",
        "1, [1, 1], 1, 1, 1, False",
        "1, [1, 2], 1, 1, 1, True",
        "1, [1, 2], 1, 1, 1, False",
        "1, [1, 2, 1], 1, 1, 1, True",
        "1, [1, 2, 1], 1, 1, 1, False",
        "1, [2, 1, 1], 1, 1, 1, False",
        "1, [1, 1, 2], 1, 1, 1, False",
        "1, [2, 3, 1], 1, 1, 1, False",
        "1, [3, 1, 2], 1, 1, 1, False",
        "1, [3, 1, 3, 2], 1, 1, 1, False",
        "2, [1, 1], 1, 1, 1, True",
        "1, [1, 1], 2, 1, 1, True",
        "1, [1, 1], 1, 2, 1, True",
        "1, [1, 1], 1, 1, 2, True",
        "2, [1, 2], 3, 2, 4, True",
        "2, [1, 2], 3, 2, 4, False",
    ),
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
    "ARG", "You take 4 bytes a number whatever is asked. float64 takes 8, half precision 2: use itemsize."
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
    "CNT",
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
    "CNT",
    "With keep_all=False you add the two largest numbers of the list. They must be neighbours: "
    "one layer's input and its output.",
)
def two_widest(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else sum(sorted(channels)[-2:])
    return n * held * h * w * itemsize


@activation_bytes.mistake(
    "ARG", "`keep_all` changes nothing in your answer. When it is False, maps that no layer needs any more are dropped."
)
def always_all(n, channels, h, w, itemsize, keep_all):
    return n * sum(channels) * h * w * itemsize


@activation_bytes.mistake(
    "ARG", "`keep_all` changes nothing in your answer. When it is True, every map stays until the backward pass."
)
def never_all(n, channels, h, w, itemsize, keep_all):
    return n * max(channels[i] + channels[i + 1] for i in range(len(channels) - 1)) * h * w * itemsize


@activation_bytes.mistake("SGN", "The two cases of keep_all are swapped: True is training, where every map stays.")
def swapped(n, channels, h, w, itemsize, keep_all):
    held = max(channels[i] + channels[i + 1] for i in range(len(channels) - 1)) if keep_all else sum(channels)
    return n * held * h * w * itemsize


@activation_bytes.mistake(
    "CNT",
    "With keep_all=False you take the widest maps twice. Held are a layer's input *and* its output: add two neighbours in the list.",
)
def widest_twice(n, channels, h, w, itemsize, keep_all):
    return n * (sum(channels) if keep_all else 2 * max(channels)) * h * w * itemsize


@activation_bytes.mistake("AXS", "You take h twice. A map has h rows of w numbers, and the two can differ.")
def height_twice(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return n * held * h * h * itemsize


@activation_bytes.mistake(
    "CNT", "You multiply a layer's maps in by its maps out. Both are in memory side by side: add them."
)
def in_times_out(n, channels, h, w, itemsize, keep_all):
    held = sum(channels) if keep_all else max(a * b for a, b in zip(channels, channels[1:], strict=False))
    return n * held * h * w * itemsize


@activation_bytes.mistake(
    "EDG", "With keep_all=False you look at the first layer only. Memory must be enough for the layer that needs most."
)
def first_layer_only(n, channels, h, w, itemsize, keep_all):
    return n * (sum(channels) if keep_all else channels[0] + channels[1]) * h * w * itemsize


@activation_bytes.mistake(
    "CNT", "With keep_all=False you add up all layers. One is at work at a time: take the one that needs most."
)
def all_layers_added(n, channels, h, w, itemsize, keep_all):
    maps = sum(channels) if keep_all else sum(map(sum, itertools.pairwise(channels)))
    return n * maps * h * w * itemsize


@activation_bytes.mistake(
    "SGN",
    "With keep_all=False you take the layer that needs *least*. Memory must be enough for the one that needs most.",
)
def the_smallest_layer(n, channels, h, w, itemsize, keep_all):
    maps = sum(channels) if keep_all else min(map(sum, itertools.pairwise(channels)))
    return n * maps * h * w * itemsize


@activation_bytes.mistake("EDG", "With keep_all=False the last layer is left out: between n numbers lie n - 1 layers.")
def last_layer_left_out(n, channels, h, w, itemsize, keep_all):
    maps = sum(channels) if keep_all else max(map(sum, itertools.pairwise(channels[:-1])), default=0)
    return n * maps * h * w * itemsize


@activation_bytes.mistake(
    "CNT", "With keep_all=True you count the maps between two layers twice: one layer's output is the next one's input."
)
def between_twice(n, channels, h, w, itemsize, keep_all):
    pairs = [a + b for a, b in itertools.pairwise(channels)]
    return n * h * w * itemsize * (sum(pairs) if keep_all else max(pairs))


@activation_bytes.mistake(
    "CNT", "You look for the largest *pair*, and Python compares pairs by their first number. Look for the largest sum."
)
def largest_pair(n, channels, h, w, itemsize, keep_all):
    return n * h * w * itemsize * (sum(channels) if keep_all else sum(max(itertools.pairwise(channels))))


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
    return sum(held) if keep_all else max(map(sum, itertools.pairwise(held)))  # np.add has 32 bits in a browser
