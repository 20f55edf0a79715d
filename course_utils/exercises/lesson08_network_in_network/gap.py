"""The mean of each map over its pixels."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def images(rng):
    """Cases for `f(x)`."""
    for label, shape in [
        ("two images, every size different", (2, 3, 4, 7)),
        ("every size the same", (3, 3, 3, 3)),
        ("one channel", (2, 1, 4, 5)),
        ("one image", (1, 4, 5, 3)),
        ("one pixel: its own average", (2, 3, 1, 1)),
        ("one row", (2, 3, 1, 6)),
        ("random sizes", inputs.distinct_sizes(rng, 4)),
        ("many images and channels", (12, 13, 1, 2)),
        ("many rows and columns", (2, 3, 19, 22)),
        ("one column", (2, 3, 5, 1)),
    ]:
        yield case(label, inputs.signed(rng, *shape))
    yield case("x is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 4, 5)))
    yield case("positive numbers only", np.abs(inputs.signed(rng, 2, 3, 2, 4)))
    yield from inputs.varied(inputs.signed(rng, 2, 3, 2, 4))
    for said, sizes in inputs.stretched(rng, "images", "channels", "rows", "columns"):
        yield case(said, inputs.signed(rng, *sizes))


@exercise(
    cases=images,
    axes="n c",
    hints=(
        "Which numbers of x belong to one map, x[n, c]? All of them become one number.",
        "The axes of the pixels are 2 and 3. The images (axis 0) and the channels (axis 1) stay.",
        "for each n, c:  total = sum of x[n, c, i, j] over i and j;  answer[n, c] = total / (H · W)",
    ),
)
def gap(x):
    return np.einsum("nchw->nc", x) / (x.shape[2] * x.shape[3])


@gap.mistake("AXS", "You average over the channels. A pixel keeps its place, a map does not: average over H and W.")
def over_channels(x):
    return x.mean(axis=1)


@gap.mistake("AVG", "You sum. Here it is an average for once: divide by the H·W pixels.")
def summed(x):
    return x.sum(axis=(2, 3))


@gap.mistake("BAT", "The images are averaged together. Each image keeps its own C numbers.")
def over_images(x):
    return x.mean(axis=(0, 2, 3))


@gap.mistake("AXS", "Each image has become one number. Keep the channels apart: C numbers an image.")
def one_number_an_image(x):
    return x.mean(axis=(1, 2, 3))


@gap.mistake("AXS", "Only one of the two axes of the pixels is averaged away. Both rows and columns have to go.")
def one_axis(x):
    return x.mean(axis=3)


@gap.mistake("AXS", "The numbers are right, and two axes of size 1 hang on. Return (N, C).")
def axes_kept(x):
    return x.mean(axis=(2, 3), keepdims=True)


@gap.mistake("AVG", "You take the largest number of each map: that is global *max* pooling.")
def largest(x):
    return x.max(axis=(2, 3))


@gap.mistake("SCL", "You divide by H only, or by W only. A map has H·W pixels.")
def divided_by_height(x):
    return x.sum(axis=(2, 3)) / x.shape[2]


@gap.mistake("SCL", "You divide by the channels or the images as well. A map has H·W pixels: divide by that alone.")
def divided_by_channels(x):
    return x.sum(axis=(2, 3)) / (x.shape[1] * x.shape[2] * x.shape[3])


@gap.mistake("BAT", "Every image has the answer of the first one. Each image keeps its own C numbers.")
def of_the_first_image(x):
    return np.tile(x[0].mean(axis=(1, 2)), (x.shape[0], 1))


@gap.mistake("AXS", "The rows are averaged away, the columns are still there. Both have to go: axes 2 and 3.")
def rows_only(x):
    return x.mean(axis=2)


@gap.mistake("SCL", "You divide by H + W. A map has H·W pixels.")
def divided_by_the_sum(x):
    return x.sum(axis=(2, 3)) / (x.shape[2] + x.shape[3])


@gap.mistake("AVG", "That is the median of each map, the number in the middle. Pooling takes the mean.")
def median_of_each_map(x):
    return np.median(x, axis=(2, 3))


@gap.mistake(
    "AXS",
    "You average over axes 1 and 2, the channels and the rows. The axes are N, C, H, W: rows and columns are the last two.",
)
def over_channels_and_rows(x):
    return x.mean(axis=(1, 2))


@gap.mistake(
    "SCL", "You divide by H·H, or by W·W. A map has H rows of W pixels, and the two can differ: divide by H·W."
)
def divided_by_a_square(x):
    return x.sum(axis=(2, 3)) / x.shape[2] ** 2


@gap.alternative
def both_axes(x):
    return x.mean(axis=(2, 3))


@gap.alternative
def one_after_the_other(x):
    return x.mean(axis=3).mean(axis=2)


@gap.alternative
def map_by_map(x):
    return np.array([[sum(channel.ravel()) / channel.size for channel in image] for image in x])
