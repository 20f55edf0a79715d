"""An image (H, W, C) as a batch of one, (1, C, H, W)."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


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
    yield case("many rows", inputs.signed(rng, 35, 2, 3))
    yield case("many columns", inputs.signed(rng, 2, 41, 3))
    yield case("many channels", inputs.signed(rng, 2, 3, 66))
    yield from inputs.varied(inputs.signed(rng, 2, 5, 3))
    for said, sizes in inputs.stretched(rng, "rows", "columns", "channels"):
        yield case(said, inputs.signed(rng, *sizes))


def photo(rng, h, w, c):
    """Whole numbers from 0 to 255, no two the same."""
    return rng.permutation(256)[: h * w * c].reshape(h, w, c).astype(np.uint8)


@exercise(
    cases=images,
    axes="n c h w",
    tolerance=0,  # numbers are only moved
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
    uses=("T", "transpose"),
)
def reversed_then_reshaped(image):
    h, w, c = image.shape
    return image.T.reshape(1, c, h, w)


@hwc_to_nchw.mistake(
    "AXS", "Rows and columns have changed places: your picture lies on its side. H must still come before W."
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
    "BAT", "The new axis of length 1 is last. N, the number of the image, comes first: before C, H and W."
)
def batch_last(image):
    return image.transpose(2, 0, 1)[..., None]


@hwc_to_nchw.mistake(
    "BAT", "C H W is right, but N is missing. One image is a batch of one: put a new axis of length 1 in front."
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


@hwc_to_nchw.mistake(
    "AXS",
    "All three axes are turned around, C W H: rows and columns have changed places. And N is missing, the new axis in front.",
)
def all_axes_turned(image):
    return np.transpose(image, (2, 1, 0))


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
