"""The channels of one pixel."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def places(rng):
    """Batches and a place in each, away from the border and on it."""
    yield case("the middle of the second image", inputs.signed(rng, 3, 4, 5, 6), 1, 2, 3)
    yield case("every size the same", inputs.signed(rng, 4, 4, 4, 4), 2, 1, 3)
    yield case("the first pixel of the first image", inputs.signed(rng, 2, 3, 4, 5), 0, 0, 0)
    yield case("the first pixel of the last image", inputs.signed(rng, 4, 3, 2, 5), 3, 0, 0)
    yield case("the last pixel of the last image", inputs.signed(rng, 2, 3, 4, 5), 1, 3, 4)
    yield case("one channel", inputs.signed(rng, 2, 1, 3, 4), 1, 2, 1)
    yield case("one image of one pixel", inputs.signed(rng, 1, 5, 1, 1), 0, 0, 0)
    yield case("many channels", inputs.signed(rng, 2, 10, 3, 4), 1, 1, 3)
    yield case("x is a transposed view", *inputs.strided(inputs.signed(rng, 3, 4, 5, 6), 2, 3, 1))
    n, c, h, w = inputs.distinct_sizes(rng, 4)
    yield case("random place", inputs.signed(rng, n, c, h, w), *(int(rng.integers(size)) for size in (n, h, w)))
    yield case("many images", inputs.signed(rng, 105, 2, 1, 2), 103, 0, 1)
    yield case("many rows", inputs.signed(rng, 1, 2, 106, 1), 0, 104, 0)
    yield case("many columns", inputs.signed(rng, 2, 12, 1, 107), 1, 0, 105)
    yield from inputs.varied(inputs.signed(rng, 3, 4, 5, 6), 2, 3, 1)
    for said, (n, c, h, w) in inputs.stretched(rng, "images", "channels", "rows", "columns"):
        yield case(f"{said}, the last pixel", inputs.signed(rng, n, c, h, w), n - 1, h - 1, w - 1)


@exercise(
    cases=places,
    axes="c",
    tolerance=0,  # numbers are only moved
    hints=(
        "You have four axes and three numbers. Which axis do you want whole, and not at one index?",
        "Write x[ , , , ] and fill the four places in the order N C H W. A colon takes a whole axis.",
        "return x[image number, : for all channels, row, column]",
    ),
)
def pixel_vector(x, n, i, j):
    return np.array([plane[i, j] for plane in x[n]])


@pixel_vector.mistake(
    "LAY",
    "`x[n, i, j]` is channel i, row j: axis 1 is C, not H. Put a colon at the place of C. "
    "(The same happens in x[n][:][i][j]: there `[:]` skips no axis.)",
)
def channels_last(x, n, i, j):
    return x[n, i, j]


@pixel_vector.mistake("AXS", "Row and column have changed places: i is the row (axis H), j the column (axis W).")
def column_first(x, n, i, j):
    return x[n, :, j, i]


@pixel_vector.mistake(
    "LOC", "You return the pixel *and its neighbours*, a 3×3 patch. A channel vector is one place, all channels."
)
def patch(x, n, i, j):
    return x[n, :, max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 2]


@pixel_vector.mistake("BAT", "You always read image 0. The first argument after x says which image: n.")
def first_image(x, n, i, j):
    return x[0, :, i, j]


@pixel_vector.mistake("BAT", "You return that pixel of *every* image. Fix axis N at the index n.")
def all_images(x, n, i, j):
    return x[:, :, i, j]


@pixel_vector.mistake(
    "AXS", "You return one number: the first channel alone. The vector has one number for each channel."
)
def first_channel(x, n, i, j):
    return x[n, 0, i, j]


@pixel_vector.mistake(
    "AXS",
    "You kept the axes you fixed as axes of length 1. An index such as i takes an axis away; a slice such as i:i+1 "
    "keeps it.",
)
def slices_for_indices(x, n, i, j):
    return x[n : n + 1, :, i : i + 1, j : j + 1]


@pixel_vector.mistake("AXS", "Your n stands in the place of the channel. The images are axis 0: x[n, :, i, j].")
def image_in_the_place_of_the_channel(x, n, i, j):
    return x[:, n, i, j]


@pixel_vector.mistake(
    "EDG", "You read one row up and one column to the left. Counting begins at 0: row i is at index i."
)
def counted_from_one(x, n, i, j):
    return x[n, :, i - 1, j - 1]


@pixel_vector.mistake(
    "AXS", "The column is missing: a row of j's is left of each channel. One pixel has a row i *and* a column j."
)
def whole_row(x, n, i, j):
    return x[n, :, i]


@pixel_vector.mistake(
    "AXS",
    "Pixel (i, j) lies i whole rows further on, and a row is as long as the picture is *wide*: i·W + j, not i·H + j.",
)
def rows_as_long_as_columns(x, n, i, j):
    return x[n].reshape(x.shape[1], -1)[:, i * x.shape[2] + j]


@pixel_vector.mistake(
    "RSH",
    "reshape(-1, C) cuts rows out of memory, which hold C neighbours of one channel. Nothing has to be reshaped: index x.",
)
def cut_into_vectors(x, n, i, j):
    return x[n].reshape(-1, x.shape[1])[i * x.shape[3] + j]


@pixel_vector.mistake(
    "EDG",
    "You count from 1: images, rows and columns. In Python counting begins at 0, and n, i and j are indices already.",
)
def all_counted_from_one(x, n, i, j):
    return x[n - 1, :, i - 1, j - 1]


@pixel_vector.mistake(
    "AXS", "You go through as many channels as there are images: len(x) is N. C is another axis of x."
)
def as_many_channels_as_images(x, n, i, j):
    return np.array([x[n, c, i, j] for c in range(len(x))])


@pixel_vector.alternative
def one_index(x, n, i, j):
    return x[n, :, i, j]


@pixel_vector.alternative
def axis_by_axis(x, n, i, j):
    return x.take(n, axis=0).take(i, axis=1).take(j, axis=1)


@pixel_vector.alternative
def channels_moved_last(x, n, i, j):
    return np.moveaxis(x, 1, -1)[n, i, j]


@pixel_vector.alternative
def filled_in_a_loop(x, n, i, j):
    vector = np.empty(x.shape[1])
    for c in range(x.shape[1]):
        vector[c] = x[n, c, i, j]
    return vector
