"""A batch as a matrix with a column for each pixel."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def batches(rng):
    """Cases for `f(x)`: one batch of images."""
    yield case("two images, every size different", inputs.signed(rng, 2, 3, 4, 5))
    yield case("every size the same", inputs.signed(rng, 3, 3, 3, 3))
    yield case("one image", inputs.signed(rng, 1, 4, 2, 3))
    yield case("one channel", inputs.signed(rng, 3, 1, 2, 5))
    yield case("images of one pixel", inputs.signed(rng, 4, 3, 1, 1))
    yield case("x is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 5, 4)))
    yield case("x lies in memory channel by channel", np.asfortranarray(inputs.signed(rng, 3, 2, 4, 5)).swapaxes(0, 1))
    backwards = np.asfortranarray(inputs.signed(rng, 2, 4, 5, 3)).transpose(0, 3, 1, 2)
    yield case("channels far apart in memory, the images of each pixel side by side", backwards)
    yield case("random sizes", inputs.signed(rng, *inputs.distinct_sizes(rng, 4)))
    yield case("many images and channels", inputs.signed(rng, 12, 13, 1, 2))
    yield case("many rows and columns", inputs.signed(rng, 2, 3, 19, 22))
    yield from inputs.varied(inputs.signed(rng, 2, 3, 4, 5))
    yield case("positive numbers only", np.abs(inputs.signed(rng, 2, 3, 4, 5)))
    for said, sizes in inputs.stretched(rng, "images", "channels", "rows", "columns"):
        yield case(said, inputs.signed(rng, *sizes))


@exercise(
    cases=batches,
    axes="c n·h·w",
    tolerance=0,  # numbers are only moved
    hints=(
        "The rows of your matrix are channels. Where is the axis of the channels now, and where does it have to be before reshape may cut?",
        "C must come first, and N, H, W must follow in this order: that takes transpose. Only then do N, H and W lie side by side and may be merged.",
        "n, c, h, w = x.shape;  front = x with its axes in the order (1, 0, 2, 3);  return front.reshape(c, n * h * w)",
    ),
)
def pixels_as_columns(x):
    return np.concatenate([image.reshape(image.shape[0], -1) for image in x], axis=1)


@pixels_as_columns.mistake(
    "RSH",
    "reshape alone cuts the numbers in the order in which they lie: row 0 fills up with *all* channels of image 0. Bring C to the front with transpose first.",
)
def cut_without_moving(x):
    return x.reshape(x.shape[1], -1)


@pixels_as_columns.mistake(
    "RSH",
    "You moved C to the back, but the rows of the matrix are channels: C has to be the *first* axis before you reshape.",
)
def cut_with_channels_last(x):
    return x.transpose(0, 2, 3, 1).reshape(x.shape[1], -1)


@pixels_as_columns.mistake(
    "AXS", "Every image is read column by column. The pixels come row by row: H before W, as in x."
)
def column_by_column(x):
    return x.transpose(1, 0, 3, 2).reshape(x.shape[1], -1)


@pixels_as_columns.mistake(
    "BAT",
    "The images are interleaved: pixel (0, 0) of every image comes first. All pixels of image 0 come first, then those of image 1: N before H and W.",
)
def images_interleaved(x):
    return x.transpose(1, 2, 3, 0).reshape(x.shape[1], -1)


@pixels_as_columns.mistake(
    "RSH",
    "x.T turns *all* axes round, to (W, H, C, N), and C is still not in front. Say the order that you want: transpose(…).",
    uses=("T", "transpose"),
)
def all_axes_reversed(x):
    return x.T.reshape(x.shape[1], -1)


@pixels_as_columns.mistake("LAY", "Your pixels are rows. One pixel is to be one *column*: the matrix has C rows.")
def pixels_as_rows(x):
    return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])


@pixels_as_columns.mistake("BAT", "Only image 0 is in your matrix. It has a column for every pixel of *every* image.")
def first_image_only(x):
    return x[0].reshape(x.shape[1], -1)


@pixels_as_columns.mistake(
    "AXS", "The axes are in the right order; now N, H and W have to become one: a matrix has two axes."
)
def axes_not_merged(x):
    return x.transpose(1, 0, 2, 3)


@pixels_as_columns.mistake(
    "RSH",
    "reshape(-1, C) makes rows of numbers that lie side by side in x: those are neighbours in a map, no channels of a pixel.",
)
def rows_cut_then_turned(x):
    return x.reshape(-1, x.shape[1]).T


@pixels_as_columns.mistake(
    "BAT", "The images lie one below the other: N·C rows. There is one row for each channel, so they go side by side."
)
def images_stacked(x):
    return x.reshape(-1, x.shape[2] * x.shape[3])


@pixels_as_columns.mistake(
    "BAT", "Each image has a matrix of its own: three axes. Make one matrix of them, the images side by side."
)
def a_matrix_an_image(x):
    return x.reshape(*x.shape[:2], -1)


@pixels_as_columns.mistake(
    "AXS", "Pixel (i, j) lies i whole rows further on, and a row is W pixels long: i·W + j, not i·H + j."
)
def rows_as_long_as_columns(x):
    n, c, h, w = x.shape
    columns = np.zeros((c, n * h * w), x.dtype)
    for a, i, j in np.ndindex(n, h, w):
        columns[:, a * h * w + i * h + j] = x[a, :, i, j]
    return columns


@pixels_as_columns.mistake(
    "RSH", 'The images run fastest, then the rows, as `order="F"` has it. All pixels of image 0 come first, row by row.'
)
def first_axis_fastest(x):
    return x.transpose(1, 3, 2, 0).reshape(x.shape[1], -1)


@pixels_as_columns.alternative
def transposed_then_cut(x):
    n, c, h, w = x.shape
    return x.transpose(1, 0, 2, 3).reshape(c, n * h * w)


@pixels_as_columns.alternative
def rows_then_turned(x):
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1]).T


@pixels_as_columns.alternative
def pixel_by_pixel(x):
    n, c, h, w = x.shape
    columns = [x[image, :, i, j] for image in range(n) for i in range(h) for j in range(w)]
    return np.stack(columns, axis=1)


@pixels_as_columns.alternative
def one_channel_a_row(x):
    return np.array([x[:, c].ravel() for c in range(x.shape[1])])
