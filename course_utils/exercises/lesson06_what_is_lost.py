"""Lesson 06: inputs that a layer cannot tell apart, what a decoder restores, the best reduction, rank, and packing."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong
from course_utils.experiments import reduction

APART = 0.01  # how far a collision must lie from x, relative to x
SAME = 1e-6  # how little of a difference may get through a layer that does not see it
EXACT = 1e-8  # how close to the least possible loss a best reduction must come, relative to it
ROUNDING = 1e-10  # a share of the variance that is nothing but rounding


def with_strengths(rng, strengths, n, c, h, w):
    """x (n, c, h, w) with the given singular values once the channel means are removed; the means are large.

    >>> x = with_strengths(np.random.default_rng(0), [3.0, 1.0], 2, 5, 3, 4)
    >>> np.linalg.svd(reduction.centred(x), compute_uv=False).round(6)
    array([3., 1., 0., 0., 0.])
    """
    pixels = rng.standard_normal((n * h * w, len(strengths)))
    pixels, _ = np.linalg.qr(pixels - pixels.mean(axis=0))
    channels, _ = np.linalg.qr(rng.standard_normal((c, len(strengths))))
    columns = channels * strengths @ pixels.T + inputs.signed(rng, c)[:, None]
    return columns.reshape(c, n, h, w).transpose(1, 0, 2, 3)


def as_array(answer):
    """A learner's array or tensor as a float64 array; None for anything else."""
    answer = answer.detach().cpu().numpy() if hasattr(answer, "detach") else answer
    if not isinstance(answer, np.ndarray) or answer.dtype.kind not in "iuf":
        return None
    return np.array(answer, dtype=float)


def what(answer, array):
    """The shape of an answer in words, or what it is if it is not an array of numbers."""
    if array is not None:
        return str(array.shape)
    return "nothing (None)" if answer is None else f"a {type(answer).__name__}, not an array of numbers"


# ---- two inputs, one output ------------------------------------------------------------------------------------------


def narrow_layers(rng):
    """Cases for `f(weight, x)`: layers with fewer outputs than inputs."""
    for label, c_out, shape in [
        ("5 channels to 3, two images", 3, (2, 5, 4, 7)),
        ("one output channel", 1, (2, 4, 3, 5)),
        ("as many images, rows and columns as channels", 3, (4, 4, 4, 4)),
        ("one channel fewer", 6, (1, 7, 2, 3)),
        ("one pixel", 2, (1, 6, 1, 1)),
        ("1000 channels to 10, as in the article", 10, (1, 1000, 2, 3)),
    ]:
        yield case(label, inputs.signed(rng, c_out, shape[1]), inputs.signed(rng, *shape))
    twice = inputs.signed(rng, 3, 5)
    twice[2] = 2 * twice[0]
    yield case("two rows of the weight say the same", twice, inputs.signed(rng, 2, 5, 3, 4))
    yield case("x is large, as raw satellite counts are", inputs.signed(rng, 2, 4), 3000 * inputs.signed(rng, 1, 4, 3, 5))
    x, weight = inputs.strided(inputs.signed(rng, 2, 4, 5, 6), inputs.signed(rng, 3, 4))
    yield case("x is a transposed view", weight, x)
    n, c_out, c_in, h, w = sorted(inputs.distinct_sizes(rng, 5))
    yield case("random sizes", inputs.signed(rng, c_out, c_in), inputs.signed(rng, n, c_in, h, w))


def collided(function, weight, x):
    """What is true of an input that is claimed to collide with x: whether it is another one, and what of it gets through."""
    layer, original = weight.copy(), x.copy()
    answer = function(weight, x)
    other = as_array(answer)
    seen = {"what you return": what(answer, other), "its distance from x": "–", "its output": "–"}
    if other is None or other.shape != original.shape:
        return seen
    if not np.isfinite(other).all():
        return seen | {"its distance from x": "not finite: there is a nan or an inf in it"}
    step = other - original
    far = np.linalg.norm(step) / np.linalg.norm(original)
    if far < APART:
        return seen | {"its distance from x": "none: it is x itself" if far == 0 else "below one percent of x"}
    through = np.linalg.norm(np.einsum("oc,nchw->nohw", layer, step))
    through /= np.linalg.norm(layer) * np.linalg.norm(step)
    seen["its distance from x"] = "enough"
    if through <= SAME:
        return seen | {"its output": "the same as that of x"}
    multiple = (original * other).sum() / (original**2).sum()
    if np.allclose(other, multiple * original, rtol=0, atol=1e-6 * np.abs(original).max()):
        return seen | {"its output": "the output of x times a number"}
    return seen | {"its output": f"another one: {through:.4f} of the step from x to it, for a weight of length 1, gets through"}


@exercise(
    cases=narrow_layers,
    observe=collided,
    hints=(
        "W(x + v) = Wx + Wv. What must hold for v so that the output stays the same?",
        "v is a channel vector, (C_in,), with weight @ v = 0; add it along axis 1. Such vectors are the last rows of Vt in np.linalg.svd(weight).",
        "u, s, vt = np.linalg.svd(weight);  v = vt[-1];  return x + (size of x) * v laid along axis 1, shape (1, C_in, 1, 1)",
    ),
)
def collision(weight, x):
    step = np.ones_like(x) * np.abs(x).max()
    step += np.arange(weight.shape[1]).reshape(1, -1, 1, 1) * np.abs(x).max()
    return x + step - np.einsum("cd,ndhw->nchw", np.linalg.pinv(weight) @ weight, step)


@collision.mistake("RNK", "This is x itself. Find *another* input with the same output.")
def x_itself(weight, x):
    return x.copy()


@collision.mistake("RNK", "Your input is so close to x that any layer takes it for x. Find one that is clearly another: at least one percent away.")
def tiny_noise(weight, x):
    return x + 1e-9 * np.random.default_rng(0).standard_normal(x.shape)


@collision.mistake("LIN", "You scale x, and the layer is linear: its output is scaled with it. Look for something to *add* that the layer does not see.")
def scaled(weight, x):
    return 2 * x


@collision.mistake("TRN", "Your vector is unseen by weight.T. It has to be unseen by weight: a vector of C_in numbers with weight @ v = 0.")
def of_the_transpose(weight, x):
    return x + np.linalg.svd(weight.T)[2][-1].reshape(1, -1, 1, 1)


@collision.mistake("TRN", "np.linalg.svd returns Vt: its *rows* are the directions. You take a column.")
def column_of_vt(weight, x):
    return x + np.linalg.svd(weight)[2][:, -1].reshape(1, -1, 1, 1)


@collision.mistake("RNK", "The last row of the *reduced* SVD is the direction that the layer makes smallest, not one that it removes. Ask for the full one.")
def smallest_not_zero(weight, x):
    return x + np.linalg.svd(weight, full_matrices=False)[2][-1].reshape(1, -1, 1, 1)


@collision.mistake("SGN", "You add the direction that the layer sees best: the first row of Vt. Look at the other end.")
def first_row(weight, x):
    return x + np.linalg.svd(weight)[2][0].reshape(1, -1, 1, 1)


@collision.mistake("AXS", "You swap channels. The layer has another weight for each channel, so it notices.")
def channels_reversed(weight, x):
    return x[:, ::-1].copy()


@collision.mistake("AXS", "You move pixels about. The layer treats all pixels alike, so its output moves with them: it is not the same.")
def pixels_moved(weight, x):
    return np.roll(x, 1, axis=3)


@collision.mistake("AVG", "You add the same number to every channel. The output then moves by the sum of the row's weights.")
def brighter(weight, x):
    return x + np.abs(x).max()


@collision.alternative
def last_right_singular_vector(weight, x):
    return x + np.abs(x).max() * np.linalg.svd(weight)[2][-1][:, None, None]


@collision.alternative
def kept_part_only(weight, x):
    return np.einsum("cd,ndhw->nchw", np.linalg.pinv(weight) @ weight, x)


@collision.alternative
def one_pixel_only(weight, x):
    y = x.copy()
    v = np.eye(weight.shape[1])[-1]
    for row in np.linalg.svd(weight, full_matrices=False)[2]:
        v = v - (row @ v) * row
    v = v - np.linalg.pinv(weight) @ (weight @ v)
    y[0, :, 0, 0] += np.linalg.norm(x) * v / np.linalg.norm(v)
    return y


# ---- what a decoder brings back --------------------------------------------------------------------------------------


def reductions(rng):
    """Cases for `f(x, weight)`: data with directions of unequal strength, and layers that keep some of it."""
    strengths = [6.0, 4.0, 2.5, 1.2, 0.5]
    x = with_strengths(rng, strengths, 2, 5, 3, 4)
    yield case("5 channels to 2, two images", x, inputs.signed(rng, 2, 5))
    yield case("one output channel", x, inputs.signed(rng, 1, 5))
    yield case("the first two channels kept", x, np.eye(2, 5))
    yield case("as many outputs as channels", with_strengths(rng, strengths[:3], 3, 3, 3, 3), inputs.signed(rng, 3, 3))
    yield case("rank 2, two outputs: nothing is lost", with_strengths(rng, [5.0, 2.0], 2, 6, 3, 5), inputs.signed(rng, 2, 6))
    # whole numbers whose mean is zero: two equal rows make a matrix that is singular to the last bit
    whole = np.array([[4.0, -4, 2, -2], [1, 1, -1, -1], [3, -1, -3, 1]]).reshape(1, 3, 2, 2)
    yield case("both rows of the weight are equal", whole, np.array([[1.0, 2, -1], [1, 2, -1]]))
    loud = with_strengths(rng, strengths[:4], 1, 4, 4, 6)
    loud[:, 2] *= 50
    yield case("one channel is much louder than the others", loud, inputs.signed(rng, 2, 4))
    yield case("x is a transposed view", *inputs.strided(with_strengths(rng, strengths[:4], 2, 4, 5, 3), inputs.signed(rng, 3, 4)))
    m, c, h, w = sorted(inputs.distinct_sizes(rng, 4))
    x = with_strengths(rng, np.linspace(4, 0.5, c), 2, c, h, w)
    yield case("random sizes", x, inputs.signed(rng, m, c))


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
    return 0.0 if lost < ROUNDING else lost  # an exact 0: what is expected is then compared as a whole, not relative to it


@restore_error.mistake("TRN", "You decode with weight.T. That undoes the weight only if its rows are perpendicular and of length 1; find the decoder by least squares.")
def transpose_as_inverse(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    left = columns - weight.T @ weight @ columns
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake("DAT", "pinv(weight) is the best decoder for noise. Real channels move together, and a decoder that has seen them does better: fit it to x.")
def pinv_of_the_weight(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    left = columns - np.linalg.pinv(weight) @ weight @ columns
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake("RNK", "You compare means. Two pictures can have the same mean and nothing else in common: decode, then compare number by number.")
def compares_means(x, weight):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return abs(y.mean() - x.mean()) / abs(x.mean())


@restore_error.mistake("SCL", "You return what is lost, but not relative to what there was: divide by the sum of squares of the centred x.")
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


@restore_error.mistake("BIA", "The channel means are still in. Remove them first, from numerator and denominator: a decoder with a bias restores them for free.")
def mean_left_in(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake("BIA", "You divide by the sum of squares of x with its means in. Divide by that of the centred x.")
def relative_to_the_raw_x(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    middle = columns - columns.mean(axis=0)
    y = middle @ weight.T
    left = middle - y @ np.linalg.lstsq(y, middle, rcond=None)[0]
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake("AXS", "You remove the mean of each pixel over its channels. Remove the mean of each channel over its pixels.")
def mean_over_channels(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=1, keepdims=True)
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return (left**2).sum() / (columns**2).sum()


@restore_error.mistake("RSH", "x.reshape(C, -1) mixes images and channels when N is more than 1. Bring the channel axis to the front first.")
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


@restore_error.mistake("AVG", "You average the shares of the channels, so that a faint channel weighs as much as a strong one. Add the squares of all channels first.")
def averaged_over_channels(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T
    columns = columns - columns.mean(axis=0)
    y = columns @ weight.T
    left = columns - y @ np.linalg.lstsq(y, columns, rcond=None)[0]
    return ((left**2).sum(axis=0) / (columns**2).sum(axis=0)).mean()


@restore_error.mistake("EDG", "np.linalg.inv has no answer where two outputs tell the same. np.linalg.lstsq and np.linalg.pinv have one.")
def inverse(x, weight):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    cov = columns @ columns.T
    decoder = cov @ weight.T @ np.linalg.inv(weight @ cov @ weight.T)
    return ((columns - decoder @ weight @ columns) ** 2).sum() / (columns**2).sum()


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


# ---- the best reduction ----------------------------------------------------------------------------------------------


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
    tolerance=1e-9,
    hints=(
        "If you could send one number about each pixel, along which direction of the channel space do the pixels differ most?",
        "A direction lies in channel space: (C,). With (C, N·H·W) columns of zero mean, those are the columns of U in the SVD, strongest first.",
        "u, s, vt = np.linalg.svd(centred(x), full_matrices=False);  return u[:, :m] turned so that each direction is a row",
    ),
)
def best_reduction(x, m):
    return reduction.principal(x)[0][:m]


@best_reduction.mistake("AXS", "Your directions have one number per *pixel*. The weight needs one per channel: look at the other factor of the SVD.")
def over_pixels(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns, full_matrices=False)[2][:m]


@best_reduction.mistake("TRN", "Your directions stand in columns, (C, m). A weight has one *row* per output channel.")
def columns_of_u(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns, full_matrices=False)[0][:, :m]


@best_reduction.mistake("TRN", "The directions are the *columns* of U, and you take its first rows. The shape fits, the content does not.")
def rows_of_u(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns)[0][:m]


@best_reduction.mistake("RNK", "You keep the first m channels as they are. A mix of all channels can carry more than any m of them.")
def first_channels(x, m):
    return np.eye(m, x.shape[1])


@best_reduction.mistake("RNK", "You keep the m channels of largest variance. Two loud channels may tell the same; mix all channels.")
def loudest_channels(x, m):
    return np.eye(x.shape[1])[np.argsort(x.var(axis=(0, 2, 3)))[::-1][:m]]


@best_reduction.mistake("ORD", "You keep the weakest directions. np.linalg.eigh sorts upwards: the strongest come last.")
def smallest_directions(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.eigh(columns @ columns.T)[1][:, :m].T


@best_reduction.mistake("BIA", "The channel means are still in, so your first direction points at the mean pixel. Remove them first.")
def directions_with_the_mean(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return np.linalg.svd(columns, full_matrices=False)[0][:, :m].T


@best_reduction.mistake("AXS", "You remove the mean of each pixel over its channels. Remove the mean of each channel over all pixels.")
def mean_of_each_pixel(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=0)
    return np.linalg.svd(columns, full_matrices=False)[0][:, :m].T


@best_reduction.mistake("SCL", "You bring all channels to the same spread first. That is another question: the loss here counts a loud channel in full.")
def of_the_correlations(x, m):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return np.linalg.eigh(np.corrcoef(columns))[1][:, ::-1][:, :m].T


@best_reduction.mistake("BAT", "You look at the first image only. The pixels of all images count.")
def of_the_first_image(x, m):
    columns = x[0].reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns)[0][:, :m].T


@best_reduction.mistake("RSH", "x.reshape(C, -1) mixes images and channels when N is more than 1. Bring the channel axis to the front first.")
def directions_of_a_reshape(x, m):
    columns = x.reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    return np.linalg.svd(columns)[0][:, :m].T


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


# ---- rank ------------------------------------------------------------------------------------------------------------


def channels_of_some_rank(rng):
    """Cases for `f(x, tol)`: every singular value lies far above or far below the tolerance."""
    yield case("5 channels that are mixes of 2", with_strengths(rng, [5.0, 2.0], 2, 5, 3, 4), 1e-6)
    yield case("3 channels, all different", with_strengths(rng, [3.0, 2.0, 1.0], 3, 3, 3, 3), 1e-6)
    one_each = np.array([[1.0, 2, -1, -2], [2, -1, -2, 1]]).reshape(2, 1, 2, 2) * np.eye(2)[:, :, None, None]
    yield case("each image has rank 1, both together 2", np.concatenate([one_each, one_each], axis=1) + 3, 1e-6)
    yield case("all numbers are small", 1e-7 * with_strengths(rng, [4.0, 2.0, 1.0], 2, 6, 3, 4), 1e-6)
    yield case("all numbers are large", 1e9 * with_strengths(rng, [4.0, 2.0, 1.0], 2, 6, 3, 4), 1e-6)
    faint = with_strengths(rng, [4.0, 3.0, 0.004], 2, 4, 5, 3)
    yield case("a faint third direction, a coarse tolerance", faint, 1e-2)
    yield case("a faint third direction, a fine tolerance", faint, 1e-5)
    yield case("all pixels are alike", np.full((2, 3, 2, 5), 2.0), 1e-6)
    yield case("fewer pixels than channels", with_strengths(rng, [2.0, 1.0], 1, 7, 2, 2), 1e-6)
    yield case("x is a transposed view", *inputs.strided(with_strengths(rng, [3.0, 2.0, 1.0], 2, 5, 4, 3), 1e-6))
    rank, c, h, w = sorted(inputs.distinct_sizes(rng, 4))
    yield case("random sizes", with_strengths(rng, np.linspace(4, 1, rank), 2, c, h, w), 1e-6)


@exercise(
    cases=channels_of_some_rank,
    hints=(
        "How many channels would a layer need so that all the others could be computed from them?",
        "Pixels of all images are the columns: (C, N·H·W), each channel's mean removed. Compare its singular values with the *largest* one.",
        "s = np.linalg.svd(centred(x), compute_uv=False);  return the count of s > tol * s.max()",
    ),
)
def channel_rank(x, tol):
    strengths = np.linalg.svd(reduction.centred(x), compute_uv=False)
    return int((strengths > tol * strengths[0]).sum())


@channel_rank.mistake("RNK", "This is the number of channels. That is a shape; the rank asks how many of them say something new.")
def number_of_channels(x, tol):
    return x.shape[1]


@channel_rank.mistake("RNK", "You count channels that are not constant. A channel that moves may still be computed from the others.")
def channels_that_vary(x, tol):
    return int((x.std(axis=(0, 2, 3)) > tol).sum())


@channel_rank.mistake("BAT", "You take the rank image by image. Directions that are missing in one image may be there in another: join the pixels of all.")
def of_one_image(x, tol):
    ranks = []
    for image in x:
        columns = image.reshape(x.shape[1], -1)
        strengths = np.linalg.svd(columns - columns.mean(axis=1, keepdims=True), compute_uv=False)
        ranks.append(int((strengths > tol * strengths[0]).sum()))
    return max(ranks)


@channel_rank.mistake("BAT", "You add the ranks of the images. A direction that two images share counts once.")
def added_over_images(x, tol):
    total = 0
    for image in x:
        columns = image.reshape(x.shape[1], -1)
        strengths = np.linalg.svd(columns - columns.mean(axis=1, keepdims=True), compute_uv=False)
        total += int((strengths > tol * strengths[0]).sum())
    return total


@channel_rank.mistake("SCL", "You compare with tol itself. The same picture in other units then has another rank: compare with tol times the largest singular value.")
def absolute_tolerance(x, tol):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    strengths = np.linalg.svd(columns - columns.mean(axis=1, keepdims=True), compute_uv=False)
    return int((strengths > tol).sum())


@channel_rank.mistake("BIA", "The channel means are still in, and they can add one to the rank. Remove them first: a bias restores them.")
def rank_with_the_mean(x, tol):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return int(np.linalg.matrix_rank(columns, rtol=tol))


@channel_rank.mistake("SCL", "Eigenvalues of the covariance are the *squares* of the singular values. Compare them with the square of tol.")
def of_the_covariance(x, tol):
    values = np.linalg.eigvalsh(np.cov(x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)))
    return int((values > tol * values.max()).sum())


@channel_rank.mistake("RSH", "x.reshape(C, -1) mixes images and channels when N is more than 1. Bring the channel axis to the front first.")
def rank_of_a_reshape(x, tol):
    columns = x.reshape(x.shape[1], -1)
    strengths = np.linalg.svd(columns - columns.mean(axis=1, keepdims=True), compute_uv=False)
    return int((strengths > tol * strengths[0]).sum())


@channel_rank.mistake("PRC", "tol is not used: NumPy's own tolerance counts everything above rounding. Compare with tol times the largest singular value.")
def own_tolerance(x, tol):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return int(np.linalg.matrix_rank(columns - columns.mean(axis=1, keepdims=True)))


@channel_rank.alternative
def with_matrix_rank(x, tol):
    columns = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)
    return np.linalg.matrix_rank(columns - columns.mean(axis=1, keepdims=True), rtol=tol)


@channel_rank.alternative
def with_a_loop(x, tol):
    pixels = np.array([x[n, :, i, j] for n in range(len(x)) for i in range(x.shape[2]) for j in range(x.shape[3])])
    strengths = np.linalg.svd(pixels - pixels.mean(axis=0), compute_uv=False)
    return sum(1 for strength in strengths if strength > tol * max(strengths))


# ---- three numbers in one --------------------------------------------------------------------------------------------


def colours(rng):
    """Cases for `f(rgb)`: uint8 pictures (N, 3, H, W), the edges of the range among them."""

    def picture(*shape):
        return rng.integers(0, 256, shape, dtype=np.uint8)

    yield case("two pictures, every size different", picture(2, 3, 4, 7))
    corners = np.array([[0, 255, 0, 255, 1, 254], [0, 255, 0, 0, 0, 255], [0, 255, 255, 0, 1, 255]], np.uint8)
    yield case("black, white and other extremes", corners.reshape(1, 3, 2, 3))
    close = np.array([[255, 0, 254, 255], [0, 1, 255, 255], [0, 0, 0, 255]], np.uint8)
    yield case("colours that are easily taken for each other", close.reshape(1, 3, 1, 4))
    yield case("every size is 3", picture(3, 3, 3, 3))
    yield case("one pixel", picture(1, 3, 1, 1))
    yield case("a transposed view", *inputs.strided(picture(2, 3, 4, 5)))
    yield case("random sizes", picture(*(inputs.distinct_sizes(rng, 1)), 3, *inputs.distinct_sizes(rng, 2)))


def packed_colours(rng):
    """Cases for `f(packed)`: the same pictures, packed."""
    for one in colours(rng):
        packed = np.einsum("c,nchw->nhw", [1, 256, 65536], one.args[0].astype(np.int64))[:, None].astype(np.float32)
        yield case(one.label, *inputs.strided(packed) if "view" in one.label else (packed,))


def exact(function, picture):
    """A learner's answer as its number type and its numbers, as whole numbers where they are whole: compared exactly."""
    answer = function(picture)
    array = as_array(answer)
    if array is None:
        return {"what you return": what(answer, None), "type of the numbers": "–", "numbers": "–"}
    whole = np.isfinite(array).all() and (array == np.rint(array)).all()
    return {
        "what you return": f"an array of shape {array.shape}",
        "type of the numbers": str(answer.dtype).removeprefix("torch."),
        "numbers": array.astype(np.int64) if whole else array,
    }


@exercise(
    cases=colours,
    observe=exact,
    hints=(
        "Think of a number written with three digits, each from 0 to 255. What is each digit worth?",
        "Red counts 1, green 256, blue 65,536: a 1×1 layer from 3 channels to 1. In which number type does the sum fit?",
        "wide = rgb.astype(np.float32);  packed = wide[:, 0] + 256 * wide[:, 1] + 65536 * wide[:, 2];  put the channel axis back: (N, 1, H, W)",
    ),
)
def pack_rgb(rgb):
    return np.einsum("c,nchw->nhw", [1, 256, 65536], rgb.astype(np.int64))[:, None].astype(np.float32)


@pack_rgb.mistake("AVG", "You average. Many colours share an average, so none of them can come back.")
def averaged(rgb):
    return rgb.mean(axis=1, keepdims=True).astype(np.float32)


@pack_rgb.mistake("PRC", "Your sum is made in uint8, which holds nothing above 255: the rest runs over and is gone. Convert before you multiply.")
def overflow(rgb):
    packed = rgb[:, 0] + rgb[:, 1] * np.uint8(0) + rgb[:, 2] * np.uint8(0)  # 256 and 65,536 are 0 in eight bits
    return packed[:, None].astype(np.float32)


@pack_rgb.mistake("PRC", "Your sum is made in 16 bits, which hold nothing above 65,535: blue is gone. Convert to a wider type before you multiply.")
def overflow_in_16_bits(rgb):
    wide = rgb.astype(np.uint16)
    return (wide[:, :1] + wide[:, 1:2] * np.uint16(256)).astype(np.float32)


@pack_rgb.mistake("PRC", "float16 holds 11 significant bits, and numbers up to 65,504. Three bytes need 24 bits.")
def half_precision(rgb):
    wide = rgb.astype(np.float32)
    return (wide[:, :1] + 256 * wide[:, 1:2] + 65536 * wide[:, 2:]).astype(np.float16).astype(np.float32)


@pack_rgb.mistake("PRC", "bfloat16 holds 8 significant bits: enough for one byte, not for three. float32 holds 24.")
def bfloat16_precision(rgb):
    wide = rgb.astype(np.float32)
    packed = wide[:, :1] + 256 * wide[:, 1:2] + 65536 * wide[:, 2:]
    return (np.ascontiguousarray(packed).view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


@pack_rgb.mistake("ORD", "Your digits are in the other order. Red counts 1, green 256, blue 65,536.")
def other_order(rgb):
    wide = rgb.astype(np.float32)
    return 65536 * wide[:, :1] + 256 * wide[:, 1:2] + wide[:, 2:]


@pack_rgb.mistake("EDG", "A digit has 256 values, 0 included. With 255 as the base, red 255 and green 1 give the same number.")
def base_255(rgb):
    wide = rgb.astype(np.float32)
    return wide[:, :1] + 255 * wide[:, 1:2] + 255**2 * wide[:, 2:]


@pack_rgb.mistake("SCL", "You bring the colours to 0…1 first. Pack the whole numbers 0 to 255: they are exact.")
def fractions(rgb):
    wide = (rgb / 255).astype(np.float32)
    return wide[:, :1] + 256 * wide[:, 1:2] + 65536 * wide[:, 2:]


@pack_rgb.mistake("UNI", "Your numbers are right, in float64: twice the memory that one channel of a network has. Return float32.")
def double_precision(rgb):
    return rgb[:, :1] + 256.0 * rgb[:, 1:2] + 65536.0 * rgb[:, 2:]


@pack_rgb.mistake("UNI", "Your numbers are right, but they are whole-number types. A channel of a network is float32.")
def as_integers(rgb):
    wide = rgb.astype(np.int64)
    return wide[:, :1] + 256 * wide[:, 1:2] + 65536 * wide[:, 2:]


@pack_rgb.mistake("AXS", "The channel axis is gone. One channel is still a channel: (N, 1, H, W).")
def no_channel_axis(rgb):
    wide = rgb.astype(np.float32)
    return wide[:, 0] + 256 * wide[:, 1] + 65536 * wide[:, 2]


@pack_rgb.alternative
def by_matmul(rgb):
    weight = np.array([[1, 256, 65536]], np.float32)
    return np.einsum("oc,nchw->nohw", weight, rgb.astype(np.float32))


@pack_rgb.alternative
def by_shifting_bits(rgb):
    red, green, blue = (rgb[:, [c]].astype(np.uint32) for c in range(3))
    return (red | green << 8 | blue << 16).astype(np.float32)


@pack_rgb.alternative
def by_bytes(rgb):
    n, _, h, w = rgb.shape
    padded = np.concatenate([rgb.transpose(0, 2, 3, 1), np.zeros((n, h, w, 1), np.uint8)], axis=3)
    return np.ascontiguousarray(padded).view("<u4").reshape(n, 1, h, w).astype("float32")


@exercise(
    cases=packed_colours,
    observe=exact,
    hints=(
        "How do you read off the ones of a number, then the tens? Here a digit goes up to 255.",
        "% 256 gives the lowest digit, // 256 drops it. Do it with whole numbers, and join the three along the channel axis.",
        "whole = packed.astype(np.int64);  red = whole % 256;  green = whole // 256 % 256;  blue = whole // 65536;  join along axis 1, as uint8",
    ),
)
def unpack_rgb(packed):
    whole = packed[:, 0].astype(np.int64)
    return np.stack([whole >> shift & 255 for shift in (0, 8, 16)], axis=1).astype(np.uint8)


@unpack_rgb.mistake("ORD", "Red and blue are swapped: the lowest digit is red.")
def blue_first(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole // 65536, whole // 256 % 256, whole % 256], axis=1).astype(np.uint8)


@unpack_rgb.mistake("PRC", "You round the quotients. Drop the rest instead (//): the lower digits must not leak into the higher ones.")
def rounded(packed):
    whole = packed.astype(np.float64)
    return np.concatenate([whole % 256, np.round(whole / 256) % 256, np.round(whole / 65536) % 256], axis=1).astype(np.uint8)


@unpack_rgb.mistake("EDG", "A digit has 256 values, 0 included: the base is 256, not 255.")
def digits_in_base_255(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 255, whole // 255 % 255, whole // 255**2 % 256], axis=1).astype(np.uint8)


@unpack_rgb.mistake("DWP", "You hand the one channel out three times. The three colours are the three digits of its number.")
def three_copies(packed):
    return np.repeat(packed.astype(np.int64) % 256, 3, axis=1).astype(np.uint8)


@unpack_rgb.mistake("UNI", "Your numbers are right, but not in uint8. A picture with colours from 0 to 255 is uint8, as the one that was packed.")
def not_uint8(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 256, whole // 256 % 256, whole // 65536], axis=1)


@unpack_rgb.mistake("SCL", "Your colours run from 0 to 1. Return what was packed: whole numbers from 0 to 255, as uint8.")
def as_fractions(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 256, whole // 256 % 256, whole // 65536], axis=1) / 255


@unpack_rgb.mistake("AXS", "Your colours are the last axis. Channels are axis 1: (N, 3, H, W).")
def channels_last(packed):
    whole = packed[:, 0].astype(np.int64)
    return np.stack([whole % 256, whole // 256 % 256, whole // 65536], axis=-1).astype(np.uint8)


@unpack_rgb.mistake("RSH", "np.concatenate along axis 0 and a reshape mix images and colours. Join along axis 1.")
def joined_along_images(packed):
    whole = packed.astype(np.int64)
    digits = [whole % 256, whole // 256 % 256, whole // 65536]
    return np.concatenate(digits, axis=0).reshape(len(packed), 3, *packed.shape[2:]).astype(np.uint8)


@unpack_rgb.alternative
def with_divmod(packed):
    rest, red = np.divmod(packed.astype(np.uint32), 256)
    blue, green = np.divmod(rest, 256)
    return np.concatenate([red, green, blue], axis=1).astype(np.uint8)


@unpack_rgb.alternative
def in_floats(packed):
    blue = np.floor(packed / 65536)
    green = np.floor((packed - 65536 * blue) / 256)
    red = packed - 65536 * blue - 256 * green
    return np.concatenate([red, green, blue], axis=1).astype("uint8")


@unpack_rgb.alternative
def by_bytes_of_a_whole_number(packed):
    whole = np.ascontiguousarray(packed.transpose(0, 2, 3, 1)).astype("<u4")
    return whole.view(np.uint8)[..., :3].transpose(0, 3, 1, 2)


QUIZ = (
    question(
        "lost_expanded",
        "A 1×1 layer turns the 4 bands of the scene into 64 channels. What can a later layer know that it could not know before?",
        wrong("RNK", "16 times as much", "64 is a shape. Every one of the 64 channels is computed from the same 4 numbers."),
        wrong("LIN", "More, because 64 weighted sums are 64 new features", "New mixes of the same 4 numbers: their rank is still at most 4."),
        right("Nothing: all 64 channels are computed from the same 4 numbers", "What is computed from 4 numbers tells no more than they do."),
    ),
    question(
        "lost_decoder",
        "Two inputs give exactly the same output of a 1×1 layer. What can tell them apart afterwards?",
        right("Nothing: every later layer gets the same numbers", "Whatever comes later computes the same from the same."),
        wrong("LIN", "A deep enough nonlinear network", "It too gets the same numbers for both, so it answers the same for both."),
        wrong("RNK", "A layer that brings the channels back to the old number", "It restores the shape, not the difference."),
        wrong("DAT", "A decoder that is trained on enough data", "No training helps where the two examples look the same."),
    ),
    question(
        "lost_unique",
        "Your best_reduction and your neighbour's have no row in common, yet both pass the check. How?",
        wrong("DAT", "One of them was lucky with the data", "The check measures the loss on the same data for both."),
        right("Their rows are different mixes of the same m directions", "Any invertible mix can be undone by the decoder: same loss."),
        wrong("RNK", "Every weight of the right shape loses the same", "You have seen random and first-channel weights lose far more."),
    ),
    question(
        "lost_claim",
        "1000 channels to 10 with a linear 1×1, restored by a linear decoder with a bias. When is nothing lost?",
        wrong("RNK", "Whenever the layer is trained well", "Training picks the best 10 directions; an eleventh strong one is lost all the same."),
        wrong("DAT", "Whenever the 1000 channels are correlated", "Correlated is not enough: a small loss, but a loss, if more than 10 directions are in use."),
        wrong("MUL", "Never", "There are inputs for which it works: those whose channels have a rank of at most 10."),
        right("If the centred channels have rank at most 10 and the weight keeps that rank", "Then a decoder recomputes all 1000 from the 10."),
    ),
    question(
        "lost_packing",
        "pack_rgb puts 3 channels of bytes into 1 channel of float32 and loses nothing. Why does that not rescue the claim?",
        wrong("RNK", "Because its rank is 1, so something must be lost", "Rank speaks of linear decoders; unpack_rgb is none, and restores every byte."),
        right("It works because 24 bits fit into 24 bits; 1000 float32 do not fit into 10", "Count the bits: 32,000 into 320 cannot be undone."),
        wrong("LIN", "Because a 1×1 layer cannot do the packing", "It can: it is a weighted sum with the weights 1, 256 and 65,536."),
    ),
)
