"""Lesson 00: the axes of an image, and how a check speaks."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong


def images(rng):
    """Photos (H, W, C) whose numbers are all different where they fit, so that any change of order shows."""
    yield case("a small photo: 4 rows, 6 columns, 3 channels", photo(rng, 4, 6, 3))
    yield case("height, width and channels the same", photo(rng, 3, 3, 3))
    yield case("one channel", photo(rng, 5, 2, 1))
    yield case("a single pixel", photo(rng, 1, 1, 3))
    yield case("one row", photo(rng, 1, 7, 3))
    yield case("four channels, signed numbers", inputs.signed(rng, 3, 5, 4))
    yield case("image is a transposed view", inputs.signed(rng, 2, 6, 5).transpose(1, 2, 0))
    yield case("random sizes", inputs.signed(rng, *inputs.distinct_sizes(rng, 3)))


def photo(rng, h, w, c):
    """Whole numbers from 0 to 255, no two the same."""
    return rng.permutation(256)[: h * w * c].reshape(h, w, c).astype(np.uint8)


@exercise(
    cases=images,
    axes="n c h w",
    hints=(
        "In which order are the axes of `image`, and in which order should they be? Say both aloud, letter by letter.",
        "First H W C → C H W: for each new place, which *old* axis goes there? Then a new axis in front, of length 1.",
        "planes = np.transpose(image, (old axis for C, old axis for H, old axis for W));  return planes[np.newaxis]",
    ),
)
def hwc_to_nchw(image):
    return np.einsum("hwc->chw", image)[None].copy()


@hwc_to_nchw.mistake(
    "RSH",
    "The shape is right, the numbers are not in their places. `reshape` keeps the order of the numbers and only draws "
    "new borders between them; to move an axis, use `np.transpose` or `np.moveaxis`.",
)
def reshaped(image):
    h, w, c = image.shape
    return image.reshape(1, c, h, w)


@hwc_to_nchw.mistake(
    "RSH",
    "`.T` reverses all three axes, and the `reshape` after it hides that: rows and columns are mixed up. Look for a "
    "transpose that needs no reshape after it.",
)
def reversed_then_reshaped(image):
    h, w, c = image.shape
    return image.T.reshape(1, c, h, w)


@hwc_to_nchw.mistake(
    "AXS",
    "Rows and columns have changed places: your picture lies on its side. H must still come before W.",
)
def sideways(image):
    return image.transpose(2, 1, 0)[None]


@hwc_to_nchw.mistake(
    "AXS",
    "You went the other way round. `np.transpose(image, axes)` asks for each *new* place which *old* axis goes there; "
    "the new first place is for C, which is old axis 2.",
)
def inverse_permutation(image):
    return image.transpose(1, 2, 0)[None]


@hwc_to_nchw.mistake(
    "BAT",
    "The new axis of length 1 is last. N, the number of the image, comes first: before C, H and W.",
)
def batch_last(image):
    return image.transpose(2, 0, 1)[..., None]


@hwc_to_nchw.mistake(
    "BAT",
    "C H W is right, but N is missing. One image is a batch of one: put a new axis of length 1 in front.",
)
def no_batch(image):
    return image.transpose(2, 0, 1)


@hwc_to_nchw.mistake(
    "LAY",
    "The new axis N is there, but the channels are still last: this is N H W C. Move C to the place right after N.",
)
def still_channels_last(image):
    return image[None]


@hwc_to_nchw.mistake("UNI", "Everything is in its place, but divided by 255. Leave the numbers as they are.")
def scaled(image):
    return image.transpose(2, 0, 1)[None] / 255


@hwc_to_nchw.alternative
def moveaxis(image):
    return np.expand_dims(np.moveaxis(image, -1, 0), 0)


@hwc_to_nchw.alternative
def stacked_planes(image):
    return np.array([[image[:, :, c] for c in range(image.shape[2])]])


@hwc_to_nchw.alternative
def three_loops(image):
    h, w, channels = image.shape
    x = np.zeros((1, channels, h, w))
    for i in range(h):
        for j in range(w):
            for c in range(channels):
                x[0, c, i, j] = image[i, j, c]
    return x


@hwc_to_nchw.alternative
def with_torch(image):
    import torch

    return torch.tensor(np.ascontiguousarray(image)).permute(2, 0, 1).unsqueeze(0)


def places(rng):
    """Batches and a place in each, away from the border and on it."""
    yield case("the middle of the second image", inputs.signed(rng, 3, 4, 5, 6), 1, 2, 3)
    yield case("every size the same", inputs.signed(rng, 4, 4, 4, 4), 2, 1, 3)
    yield case("the first pixel of the first image", inputs.signed(rng, 2, 3, 4, 5), 0, 0, 0)
    yield case("the last pixel of the last image", inputs.signed(rng, 2, 3, 4, 5), 1, 3, 4)
    yield case("one channel", inputs.signed(rng, 2, 1, 3, 4), 1, 2, 1)
    yield case("one image of one pixel", inputs.signed(rng, 1, 5, 1, 1), 0, 0, 0)
    yield case("many channels", inputs.signed(rng, 2, 10, 3, 4), 1, 1, 3)
    yield case("x is a transposed view", *inputs.strided(inputs.signed(rng, 3, 4, 5, 6), 2, 3, 1))
    n, c, h, w = inputs.distinct_sizes(rng, 4)
    yield case("random place", inputs.signed(rng, n, c, h, w), *(int(rng.integers(size)) for size in (n, h, w)))


@exercise(
    cases=places,
    axes="c",
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
    "LOC",
    "You return the pixel *and its neighbours*, a 3×3 patch. A channel vector is one place, all channels.",
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
    "AXS",
    "You return one number: the first channel alone. The vector has one number for each channel.",
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


QUIZ = (
    question(
        "axes_shape",
        "A batch of 8 colour photos, each with 32 rows and 48 columns, in the order N C H W. What is its shape?",
        wrong("LAY", "(8, 32, 48, 3)", "That is N H W C, channels last. In N C H W the 3 stands right after the 8."),
        wrong("AXS", "(8, 3, 48, 32)", "H comes before W: first the number of rows, 32, then the columns, 48."),
        right("(8, 3, 32, 48)", "8 images, 3 channels, 32 rows, 48 columns: N C H W."),
        wrong("BAT", "(3, 8, 32, 48)", "That says 3 images with 8 channels each. N, the number of images, is first."),
    ),
    question(
        "axes_pixel",
        "x has the shape (8, 3, 32, 48). What is x[5, :, 10, 20]?",
        right("3 numbers: one pixel of one image, in all channels", "The colon keeps C whole; N, H and W are fixed."),
        wrong("LAY", "48 numbers: one row of one image", "A whole row needs its colon at W, the last place."),
        wrong("BAT", "8 numbers: one pixel of every image", "N is fixed at 5; the colon stands at the place of C."),
        wrong(
            "LOC",
            "A patch of 10 × 20 pixels",
            "10 and 20 are one row and one column. A patch needs slices: 0:10, 0:20.",
        ),
    ),
    question(
        "axes_reshape",
        "image has the shape (H, W, 3). What is wrong with image.reshape(1, 3, H, W)?",
        wrong(
            "RSH",
            "Nothing: it has the right shape and the same numbers",
            "Both are true, and the picture is still scrambled: look at the figure above again.",
        ),
        wrong("RSH", "reshape changes some of the numbers", "It changes none. It is their places that go wrong."),
        wrong(
            "AXS",
            "It goes wrong only when H and W differ",
            "A square image is scrambled as well: the three channels of a pixel stay neighbours.",
        ),
        right(
            "The numbers stay in their old order, so they get wrong places",
            "reshape draws new borders; only a transpose moves an axis.",
        ),
    ),
    question(
        "axes_message",
        "A check says: shape (1, 4, 6, 3), expected (1, 3, 4, 6) (n, c, h, w): axis c is 4, should be 3. What "
        "went wrong?",
        wrong("CHN", "The picture has one channel too many", "It has 3, as it should; look where that 3 stands."),
        right(
            "The channels were left in the last place",
            "4, 6, 3 is H W C: the axis that should hold the channels holds the rows.",
        ),
        wrong(
            "AXS",
            "Rows and columns have changed places",
            "4 and 6 still stand in their order; it is the 3 that should come before them.",
        ),
    ),
)
