"""A matrix with a column for each pixel as a batch again."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def matrices(rng):
    """Cases for `f(cols, n, h, w)`: a matrix of pixels and the sizes to restore."""
    for label, c, n, h, w in (
        ("two images, every size different", 3, 2, 4, 5),
        ("every size the same", 3, 3, 3, 3),
        ("one image", 4, 1, 2, 3),
        ("one channel", 1, 3, 2, 5),
        ("images of one pixel", 3, 4, 1, 1),
        ("random sizes", *inputs.distinct_sizes(rng, 4)),
        ("many images and channels", 13, 12, 1, 2),
        ("many images of one pixel", 2, 104, 1, 1),
        ("many rows", 2, 1, 105, 2),
        ("one pixel in all", 3, 1, 1, 1),
        ("a thousand images", 2, 1001, 1, 1),
        ("a thousand rows", 2, 1, 1002, 1),
        ("a thousand columns", 2, 1, 1, 1003),
        ("as many channels as pixels", 6, 1, 2, 3),
        ("many columns", 2, 2, 1, 106),
    ):
        yield case(label, inputs.signed(rng, c, n * h * w), n, h, w)
    yield from inputs.varied(inputs.signed(rng, 3, 40), 2, 4, 5)
    yield case("cols is a transposed view", inputs.signed(rng, 30, 4).T, 2, 3, 5)
    for said, (n, c, h, w) in inputs.stretched(rng, "images", "channels", "rows", "columns"):
        yield case(said, inputs.signed(rng, c, n * h * w), n, h, w)


@exercise(
    cases=matrices,
    axes="n c h w",
    tolerance=0,  # numbers are only moved
    hints=(
        "Go backwards. What was the *last* thing that pixels_as_columns did, and how is that one undone?",
        "First cut the long axis into N, H, W again: the shape is then (C, N, H, W). After that two axes are still in the wrong place.",
        "c = cols.shape[0];  front = cols.reshape(c, n, h, w);  return front with its first two axes exchanged",
    ),
)
def columns_as_pixels(cols, n, h, w):
    return np.stack([image.reshape(len(cols), h, w) for image in np.split(cols, n, axis=1)])


@columns_as_pixels.mistake(
    "BAT",
    "You cut straight into (N, C, H, W), but the rows of cols are channels, not images. Cut into (C, N, H, W), then exchange the first two axes.",
)
def cut_into_images(cols, n, h, w):
    return cols.reshape(n, len(cols), h, w)


@columns_as_pixels.mistake("BAT", "The first axis of your answer is C, the second N. Images come first: (N, C, H, W).")
def channels_left_in_front(cols, n, h, w):
    return cols.reshape(len(cols), n, h, w)


@columns_as_pixels.mistake(
    "BAT",
    "You cut the long axis into (H, W, N). Its columns run through image 0 first, then image 1: cut it into (N, H, W).",
)
def images_taken_as_innermost(cols, n, h, w):
    return cols.reshape(len(cols), h, w, n).transpose(3, 0, 1, 2)


@columns_as_pixels.mistake("AXS", "H and W are exchanged where you cut the long axis: the order is N, H, W.")
def width_before_height(cols, n, h, w):
    return cols.reshape(len(cols), n, w, h).transpose(1, 0, 3, 2)


@columns_as_pixels.mistake("LAY", "Your answer has the channels last: (N, H, W, C). Bring them back to axis 1.")
def channels_left_behind(cols, n, h, w):
    return cols.T.reshape(n, h, w, len(cols))


@columns_as_pixels.mistake(
    "RSH",
    "After cols.T the channels of a pixel lie side by side, so a reshape can only give (N, H, W, C). To get C to axis 1 you need transpose.",
    uses=("T", "transpose"),
)
def turned_then_cut(cols, n, h, w):
    return cols.T.reshape(n, len(cols), h, w)


@columns_as_pixels.mistake(
    "BAT", "Every image has the numbers of image 0: its n·H·W is missing in the number of the column."
)
def first_image_for_all(cols, n, h, w):
    return np.stack([cols[:, : h * w].reshape(-1, h, w)] * n)


@columns_as_pixels.mistake(
    "RSH",
    "You cut as if the channels lay side by side, (N, H, W, C). The rows of cols are channels: C is cut off first.",
)
def cut_with_channels_last(cols, n, h, w):
    return cols.reshape(n, h, w, -1).transpose(0, 3, 1, 2)


@columns_as_pixels.alternative
def cut_then_exchanged(cols, n, h, w):
    return cols.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@columns_as_pixels.alternative
def rows_of_pixels(cols, n, h, w):
    return np.moveaxis(cols.T.reshape(n, h, w, -1), -1, 1)


@columns_as_pixels.alternative
def filled_pixel_by_pixel(cols, n, h, w):
    x = np.zeros((n, len(cols), h, w))
    for p in range(n * h * w):
        image, place = divmod(p, h * w)
        x[image, :, place // w, place % w] = cols[:, p]
    return x
