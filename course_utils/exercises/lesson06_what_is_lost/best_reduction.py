"""The weight that loses least when channels shrink to m."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson06_what_is_lost.arrays import as_array, what
from course_utils.exercises.lesson06_what_is_lost.strengths import ROUNDING, with_strengths
from course_utils.exercises.spec import case, exercise, once
from course_utils.experiments import reduction

EXACT = 1e-8  # how close to the least possible loss a best reduction must come, relative to it


def data_to_reduce(rng):
    """Cases for `f(x, m)`: strong directions, and channel means that would drown them."""
    strengths = [6.0, 4.0, 2.5, 1.2, 0.5]
    x = with_strengths(rng, strengths, 2, 5, 3, 4)
    yield case("5 channels to 2, two images", x, 2)
    yield case("5 channels to 1", x, 1)
    yield case("5 channels to 4", x, 4)
    yield case("every channel kept", with_strengths(rng, strengths[:3], 3, 3, 3, 3), 3)
    yield case("as many pixels as channels", with_strengths(rng, strengths[:3], 1, 4, 2, 2), 2)
    yield case("rank 2, two outputs: nothing need be lost", with_strengths(rng, [5.0, 2.0], 2, 6, 3, 5), 2)
    yield case("fewer pixels than channels", with_strengths(rng, strengths[:3], 1, 12, 2, 2), 2)
    loud = with_strengths(rng, strengths, 1, 5, 4, 6)
    loud[:, 2] *= 10
    yield case("one channel is much louder than the others", loud, 2)
    yield case("x is a transposed view", *inputs.strided(with_strengths(rng, strengths, 2, 5, 3, 4), 3))
    m, c, h, w = sorted(inputs.distinct_sizes(rng, 4))
    yield case("random sizes", with_strengths(rng, np.linspace(4, 0.5, c), 2, c, h, w), m)
    yield case("many images", with_strengths(rng, strengths, 12, 5, 1, 3), 3)
    yield case("many channels", with_strengths(rng, np.linspace(8, 0.5, 14), 1, 14, 5, 7), 12)
    yield case("many rows and columns", with_strengths(rng, strengths, 1, 5, 19, 22), 2)
    for n, c, h, w in ((3, 4, 3, 4), (4, 4, 2, 3), (3, 4, 4, 3)):
        yield case(f"{n} images, {c} channels, {h} by {w} pixels", with_strengths(rng, strengths[:4], n, c, h, w), 2)
    yield case("more than 100 directions", with_strengths(rng, np.linspace(9, 1, 108), 1, 110, 11, 12), 104)
    yield case("one row", with_strengths(rng, strengths, 3, 5, 1, 14), 2)
    yield case("one column", with_strengths(rng, strengths, 3, 5, 14, 1), 2)
    x = with_strengths(rng, strengths, 2, 5, 3, 4)
    yield case("positive numbers only", x - x.min() + 0.5, 2)
    yield case("negative numbers only", x - x.max() - 0.5, 2)
    x[0, :, 0, 0] = 0
    yield case("a pixel of zeros", x, 2)
    yield from inputs.varied(x, 2, but=("negative", "zero", "same", "float32"))
    for said, (n, h, w) in inputs.stretched(rng, "images", "rows", "columns", most=(130, 180)):  # Vt whole: 700 by 700
        yield case(said, with_strengths(rng, strengths[:3], n, 3, h, w), 2)


@once
def share_it_loses(function, x, m):
    """The share of the variance that a learner's reduction loses; exactly the least possible where it comes that close."""
    given = x.copy()
    answer = function(x, m)
    weight = as_array(answer)
    seen = {"what you return": what(answer, weight), "the share of the variance that is lost": "–"}
    if weight is None or weight.shape != (m, given.shape[1]):
        return seen
    if not np.isfinite(weight).all():
        return seen | {"the share of the variance that is lost": "unknown: there is a nan or an inf in the weight"}
    squares = np.linalg.svd(reduction.centred(given), compute_uv=False) ** 2
    least = float(squares[m:].sum() / squares.sum())
    least = 0.0 if least < ROUNDING else least
    lost = reduction.share_lost(given, weight)
    return seen | {"the share of the variance that is lost": least if lost <= least * (1 + EXACT) + ROUNDING else lost}


@exercise(
    cases=data_to_reduce,
    observe=share_it_loses,
    fits=lambda x, m: m < x[:, 0].size,  # as the text has it: fewer outputs than pixels
    tolerance=1e-9,
    hints=(
        "If you could send one number about each pixel, along which direction of the channel space do the pixels differ most?",
        "A direction lies in channel space: (C,). With (C, N·H·W) columns of zero mean, those are the columns of U in the SVD, strongest first.",
        "u, s, vt = np.linalg.svd(centred(x), full_matrices=False);  return u[:, :m] turned so that each direction is a row",
    ),
)
def best_reduction(x, m):
    return reduction.principal(x)[0][:m]


@best_reduction.mistake(
    "AXS",
    "Your rows have one number per *pixel*, as the other factor of the SVD has, or the mixed channels. The weight, which makes "
    "these, has one number per channel.",
)
def over_pixels(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns, full_matrices=False)[2][:m]


@best_reduction.mistake("TRN", "Your directions stand in columns, (C, m). A weight has one *row* per output channel.")
def columns_of_u(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns, full_matrices=False)[0][:, :m]


@best_reduction.mistake(
    "TRN", "The directions are the *columns* of U, and you take its first rows. The shape fits, the content does not."
)
def rows_of_u(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns)[0][:m]


@best_reduction.mistake(
    "RNK", "You keep the first m channels as they are. A mix of all channels can carry more than any m of them."
)
def first_channels(x, m):
    return np.eye(m, x.shape[1])


@best_reduction.mistake(
    "RNK", "You keep the m channels of largest variance. Two loud channels may say the same thing; mix all channels."
)
def loudest_channels(x, m):
    return np.eye(x.shape[1])[np.argsort(x.var(axis=(0, 2, 3)))[::-1][:m]]


@best_reduction.mistake(
    "ORD",
    "You keep the weakest directions. np.linalg.eigh sorts upwards: the strongest come last.",
    uses=("eigh", "eig", "eigvalsh"),
)
def smallest_directions(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.eigh(columns @ columns.T)[1][:, :m].T


@best_reduction.mistake(
    "CTR", "The channel means are still in, so your first direction points at the mean pixel. Remove them first."
)
def directions_with_the_mean(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return np.linalg.svd(columns, full_matrices=False)[0][:, :m].T


@best_reduction.mistake(
    "CTR", "You remove the mean of each pixel over its channels. Remove the mean of each channel over all pixels."
)
def mean_of_each_pixel(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=0)
    return np.linalg.svd(columns, full_matrices=False)[0][:, :m].T


@best_reduction.mistake(
    "SCL",
    "You bring all channels to the same spread first. That is another question: the loss here counts a loud channel in full.",
)
def of_the_correlations(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return np.linalg.eigh(np.corrcoef(columns))[1][:, ::-1][:, :m].T


@best_reduction.mistake("BAT", "You look at the first image only. The pixels of all images count.")
def of_the_first_image(x, m):
    columns = x[0].reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns)[0][:, :m].T


@best_reduction.mistake(
    "RSH",
    "x.reshape(C, -1) mixes images and channels when N is more than 1. Bring the channel axis to the front first.",
)
def directions_of_a_reshape(x, m):
    columns = x.reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns)[0][:, :m].T


@best_reduction.mistake(
    "ORD", "You take the weakest directions. The columns of U stand in order, the strongest *first*."
)
def weakest(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns, full_matrices=False)[0][:, -m:].T


@best_reduction.mistake(
    "EDG", "You return one direction, number m. The weight has m rows: all of the first m directions."
)
def one_direction(x, m):
    return np.linalg.svd(reduction.centred(x), full_matrices=False)[0][:, m - 1 : m].T


@best_reduction.mistake(
    "RNK", "You return the strengths s. They say how far the pixels spread; the directions are in another factor."
)
def strengths_alone(x, m):
    return np.linalg.svd(reduction.centred(x), full_matrices=False)[1][:m]


@best_reduction.mistake(
    "AXS", "You cut u along both axes. Only the number of directions is cut to m; each has C numbers."
)
def cut_along_both(x, m):
    return np.linalg.svd(reduction.centred(x), full_matrices=False)[0][:m, :m]


@best_reduction.mistake(
    "AXS",
    "The SVD of x takes each map for a matrix. Make one matrix of x first, channels by pixels, as centred(x) does.",
)
def svd_of_each_map(x, m):
    return np.linalg.svd(x, full_matrices=False)[0][:, :m].T


@best_reduction.alternative
def by_svd(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    u, _, _ = np.linalg.svd(columns - columns.mean(axis=1, keepdims=True), full_matrices=False)
    return u[:, :m].T


@best_reduction.alternative
def by_eigenvectors(x, m):
    _, vectors = np.linalg.eigh(np.cov(x.swapaxes(0, 1).reshape(x.shape[1], -1)))
    return -vectors.T[::-1][:m]


@best_reduction.alternative
def mixed_and_scaled(x, m):
    columns = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)
    u, _, _ = np.linalg.svd(columns - columns.mean(axis=1, keepdims=True), full_matrices=False)
    mix = np.triu(np.ones((m, m))) + np.eye(m)
    return 100 * mix @ u[:, :m].T[::-1]


@best_reduction.alternative
def in_float32(x, m):
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    _, _, vt = np.linalg.svd((pixels - pixels.mean(axis=0)).astype(np.float32), full_matrices=False)
    return vt[:m]
