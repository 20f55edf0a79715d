"""What the best linear decoder cannot bring back."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson06_what_is_lost.strengths import ROUNDING, with_strengths
from course_utils.exercises.spec import case, exercise
from course_utils.experiments import reduction


def reductions(rng):
    """Cases for `f(x, weight)`: data with directions of unequal strength, and layers that keep some of it."""
    strengths = [6.0, 4.0, 2.5, 1.2, 0.5]
    x = with_strengths(rng, strengths, 2, 5, 3, 4)
    yield case("5 channels to 2, two images", x, inputs.signed(rng, 2, 5))
    yield case("one output channel", x, inputs.signed(rng, 1, 5))
    yield case("the first two channels kept", x, np.eye(2, 5))
    yield case("as many outputs as channels", with_strengths(rng, strengths[:3], 3, 3, 3, 3), inputs.signed(rng, 3, 3))
    yield case(
        "rank 2, two outputs: nothing is lost", with_strengths(rng, [5.0, 2.0], 2, 6, 3, 5), inputs.signed(rng, 2, 6)
    )
    # whole numbers whose mean is zero: two equal rows make a matrix that is singular to the last bit
    whole = np.array([[4.0, -4, 2, -2], [1, 1, -1, -1], [3, -1, -3, 1]]).reshape(1, 3, 2, 2)
    yield case("both rows of the weight are equal", whole, np.array([[1.0, 2, -1], [1, 2, -1]]))
    loud = with_strengths(rng, strengths[:4], 1, 4, 4, 6)
    loud[:, 2] *= 50
    yield case("one channel is much louder than the others", loud, inputs.signed(rng, 2, 4))
    yield case(
        "x is a transposed view",
        *inputs.strided(with_strengths(rng, strengths[:4], 2, 4, 5, 3), inputs.signed(rng, 3, 4)),
    )
    m, c, h, w = sorted(inputs.distinct_sizes(rng, 4))
    x = with_strengths(rng, np.linspace(4, 0.5, c), 2, c, h, w)
    yield case("random sizes", x, inputs.signed(rng, m, c))
    faint = inputs.signed(rng, 2, 5)
    faint[1] *= 1e-4
    yield case("one output is 10,000 times fainter than the other", with_strengths(rng, strengths, 2, 5, 3, 4), faint)
    yield case("a weight of zeros", with_strengths(rng, strengths, 2, 5, 3, 4), np.zeros((2, 5)))
    yield case("a weight of equal numbers", with_strengths(rng, strengths, 2, 5, 3, 4), np.full((1, 5), 0.5))
    yield case("many images", with_strengths(rng, strengths, 12, 5, 1, 3), inputs.signed(rng, 2, 5))
    yield case("many channels", with_strengths(rng, np.linspace(4, 0.5, 14), 1, 14, 5, 7), inputs.signed(rng, 12, 14))
    yield case("many rows and columns", with_strengths(rng, strengths, 1, 5, 19, 22), inputs.signed(rng, 2, 5))
    one_row, one_column = with_strengths(rng, strengths, 3, 5, 1, 14), with_strengths(rng, strengths, 3, 5, 14, 1)
    yield case("one row", one_row, inputs.signed(rng, 2, 5))
    yield case("one column", one_column, inputs.signed(rng, 2, 5))
    yield from other_reductions(rng, strengths)


def other_reductions(rng, strengths):
    """Numbers of other kinds; then one size long, or many channels."""
    x, weight = with_strengths(rng, strengths, 2, 5, 3, 4), inputs.signed(rng, 2, 5)
    yield case("positive numbers only", x - x.min() + 0.5, np.abs(weight))
    yield case("negative numbers only", x - x.max() - 0.5, -np.abs(weight))
    x[0, :, 0, 0] = 0
    yield case("a pixel of zeros", x, weight)
    yield from inputs.varied(x, weight, but=("negative", "zero", "same", "float32"))
    wide = with_strengths(rng, np.linspace(9, 1, 108), 1, 110, 11, 12)
    yield case("more than 100 outputs", wide, inputs.signed(rng, int(rng.integers(101, 106)), 110))
    for said, (n, h, w) in inputs.stretched(rng, "images", "rows", "columns"):
        yield case(said, with_strengths(rng, strengths[:3], n, 3, h, w), inputs.signed(rng, 2, 3))


@exercise(
    cases=reductions,
    hints=(
        "The decoder is a matrix, found by least squares: which (C, m) matrix turns the outputs back into x as well as can be?",
        "Pixels are the samples. Work with (C, N·H·W) columns, each channel's mean removed; compare sums of squares over everything.",
        "columns = centred(x);  y = weight @ columns;  decoder = np.linalg.lstsq(y.T, columns.T, rcond=None)[0];  left = columns.T - y.T @ decoder;  return (left**2).sum() / (columns**2).sum()",
    ),
)
def restore_error(x, weight):
    lost = reduction.share_lost(x, weight)
    return (
        0.0 if lost < ROUNDING else lost
    )  # an exact 0: what is expected is then compared as a whole, not relative to it


@restore_error.mistake(
    "TRN",
    "Your decoder is weight.T, or does what that does. It undoes the weight only if its rows are perpendicular and of length 1; the least squares look for what makes x of the outputs.",
)
def transpose_as_inverse(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    left = columns - weight.T @ weight @ columns
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake(
    "DAT",
    "pinv(weight) is the best decoder for noise. Real channels move together, and a decoder that has seen them does better: fit it to x.",
)
def pinv_of_the_weight(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    left = columns - np.linalg.pinv(weight) @ weight @ columns
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake(
    "RNK",
    "You compare means. Two pictures can have the same mean and nothing else in common: decode, then compare number by number.",
)
def compares_means(x, weight):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return abs(y.mean() - x.mean()) / abs(x.mean())


@restore_error.mistake(
    "SCL", "You return what is lost, but not relative to what there was: divide by the sum of squares of the centred x."
)
def not_relative(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=0)
    y = columns @ weight.T
    return ((columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]) ** 2).sum()


@restore_error.mistake("SCL", "You return the root. The share of the variance is the ratio of the *squares*.")
def root(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=0)
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return np.linalg.norm(left) / np.linalg.norm(columns)


@restore_error.mistake("SGN", "You return the share that comes back. Asked for is the share that is lost: 1 minus it.")
def share_kept(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=0)
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return 1 - (left**2).sum() / (columns**2).sum()


@restore_error.mistake(
    "CTR",
    "The channel means are still in. Remove them first, from numerator and denominator: a decoder with a bias restores them for free.",
)
def mean_left_in(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake(
    "CTR", "You divide by the sum of squares of x with its means in. Divide by that of the centred x."
)
def relative_to_the_raw_x(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    middle = columns - columns.mean(axis=0)
    y = middle @ weight.T
    left = middle - y @ np.linalg.lstsq(y, middle, rcond=None)[0]
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake(
    "CTR", "You remove the mean of each pixel over its channels. Remove the mean of each channel over its pixels."
)
def mean_over_channels(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=1, keepdims=True)
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake(
    "RSH",
    "x.reshape(C, -1) mixes images and channels when N is more than 1. Bring the channel axis to the front first.",
)
def reshaped_without_transpose(x, weight):
    columns = x.reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=0)
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake("BAT", "Only the first image counts in your answer. The pixels of all images are the samples.")
def first_image(x, weight):
    columns = x[0].reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=0)
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake(
    "AVG",
    "You average the shares of the channels, so that a faint channel weighs as much as a strong one. Add the squares of all channels first.",
)
def averaged_over_channels(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=0)
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return ((left**2).sum(axis=0) / (columns**2).sum(axis=0)).mean()


@restore_error.mistake(
    "EDG",
    "np.linalg.inv has no answer where two outputs say the same thing. np.linalg.lstsq and np.linalg.pinv have one.",
    uses=("inv", "solve"),
)
def inverse(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    cov = columns @ columns.T
    decoder = cov @ weight.T @ np.linalg.inv(weight @ cov @ weight.T)
    return ((columns - decoder @ weight @ columns) ** 2).sum() / (columns**2).sum()


@restore_error.mistake(
    "SCL",
    "You return the mean squared error. It is a share that is asked for: divide the sum of squares that is left by that of the centred x.",
)
def mean_squared_error(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=0)
    y = columns @ weight.T
    return ((columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]) ** 2).mean()


@restore_error.mistake(
    "CTR", "You take one mean off everything. Each channel has a mean of its own, over all its pixels."
)
def one_mean_for_all(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean()
    y = weight @ columns
    decoder = np.linalg.lstsq(y.T, columns.T, rcond=None)[0]
    return ((columns.T - y.T @ decoder) ** 2).sum() / (columns**2).sum()


@restore_error.mistake(
    "EDG",
    "You add up the residuals that np.linalg.lstsq returns. It returns none where the outputs depend on each other: compute them, columns - y @ decoder.",
    uses=("lstsq",),
)
def residuals_of_lstsq(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=0)
    return np.linalg.lstsq(columns @ weight.T, columns, rcond=None)[1].sum() / (columns**2).sum()


@restore_error.mistake(
    "CTR", "You take each image's own mean off. A channel has one mean, over all pixels of all images together."
)
def mean_of_each_image(x, weight):
    return reduction.share_lost(x - x.mean(axis=(2, 3), keepdims=True), weight)


@restore_error.mistake(
    "ORD",
    "Your decoder makes outputs of pixels, which is what the weight does. It is to make pixels of outputs: lstsq(outputs, pixels).",
)
def decodes_the_outputs(x, weight):
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    pixels = pixels - pixels.mean(axis=0)
    outputs = pixels @ weight.T
    left = outputs - pixels @ np.linalg.lstsq(pixels, outputs, rcond=None)[0]
    return (left**2).sum() / (pixels**2).sum()


@restore_error.mistake(
    "RNK", "1 - m/C is a fact about shapes. What comes back depends on what the channels hold: fit a decoder to x."
)
def by_shape_alone(x, weight):
    return 1 - len(weight) / x.shape[1]


@restore_error.mistake(
    "SCL", "You divide by the sum of squares of the *outputs*. What is lost is a share of x, centred."
)
def share_of_the_outputs(x, weight):
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    pixels = pixels - pixels.mean(axis=0)
    outputs = pixels @ weight.T
    left = pixels - outputs @ np.linalg.lstsq(outputs, pixels, rcond=None)[0]
    return (left**2).sum() / (outputs**2).sum()


@restore_error.mistake(
    "TRN",
    "Your decoder is transposed: lstsq(outputs.T, pixels.T) has one row per *output*. What must it be multiplied by, and from where?",
)
def decoder_transposed(x, weight):
    columns = reduction.centred(x)
    outputs = weight @ columns
    decoder = np.linalg.lstsq(outputs.T, columns.T, rcond=None)[0]
    return float(((columns - decoder @ outputs) ** 2).sum() / (columns**2).sum())


@restore_error.mistake("SCL", "You add up the errors as they are. The share of the variance is one of *squares*.")
def without_squares(x, weight):
    columns = reduction.centred(x)
    outputs = weight @ columns
    decoder = np.linalg.lstsq(outputs.T, columns.T, rcond=None)[0]
    return float(np.abs(columns.T - outputs.T @ decoder).sum() / np.abs(columns).sum())


@restore_error.alternative
def by_least_squares(x, weight):
    columns = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    columns = columns - columns.mean(axis=0)
    y = columns @ weight.T
    decoder, *_ = np.linalg.lstsq(y, columns, rcond=None)
    return ((columns - y @ decoder) ** 2).sum() / (columns**2).sum()


@restore_error.alternative
def by_covariance(x, weight):
    cov = np.cov(x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1))
    seen = weight @ cov @ weight.T
    return 1 - np.trace(cov @ weight.T @ np.linalg.pinv(seen, rcond=1e-12) @ weight @ cov) / np.trace(cov)


@restore_error.alternative
def with_a_bias_column(x, weight):
    columns = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    y = np.column_stack([columns @ weight.T, np.ones(len(columns))])
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return float(np.square(left).sum() / (columns.var(axis=0).sum() * len(columns)))


@restore_error.alternative
def in_torch(x, weight):
    import torch

    columns = torch.tensor(x).transpose(0, 1).flatten(1)
    columns = columns - columns.mean(dim=1, keepdim=True)
    y = torch.tensor(weight) @ columns
    return ((columns - columns @ torch.linalg.pinv(y, rtol=1e-10) @ y) ** 2).sum() / (columns**2).sum()
