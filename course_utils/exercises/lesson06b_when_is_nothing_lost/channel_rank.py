"""How many directions the pixels of an image fill."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson06_what_is_lost.strengths import with_strengths
from course_utils.exercises.spec import case, exercise
from course_utils.experiments import reduction


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
    for label, third in (("just above", 0.05), ("just below", 0.03)):
        x = with_strengths(rng, [4.0, 3.0, third], 2, 4, 3, 5)
        yield case(f"a third direction {label} the tolerance", x, 1e-2)
    x = with_strengths(rng, [4.0, 4.0, 4.0, 4.0, 0.05], 2, 6, 3, 5)
    yield case("four strong directions and one just above the tolerance", x, 1e-2)
    apart = with_strengths(rng, [3.0], 2, 4, 3, 5)
    apart[1] += np.array([1.0, -2, 0.5, 3])[:, None, None]
    yield case("images that differ in their means", apart, 1e-6)
    corner = with_strengths(rng, [4.0, 2.0], 9, 4, 9, 9)
    corner[-1, :, -1, -1] += np.array([1.0, -2, 0.5, 3])
    yield case("only the last pixel of the last image shows a third direction", corner, 1e-6)
    yield case("many images", with_strengths(rng, [4.0, 2.0, 1.0], 12, 5, 1, 3), 1e-6)
    yield case("many channels", with_strengths(rng, np.linspace(4, 1, 12), 1, 14, 5, 7), 1e-6)
    yield case("many rows and columns", with_strengths(rng, [4.0, 2.0], 1, 5, 19, 22), 1e-6)
    yield case("one row", with_strengths(rng, [4.0, 2.0, 1.0], 3, 5, 1, 14), 1e-6)
    yield case("one column", with_strengths(rng, [4.0, 2.0, 1.0], 3, 5, 14, 1), 1e-6)
    yield case("one channel", with_strengths(rng, [4.0], 2, 1, 3, 4), 1e-6)
    yield case("nothing but zeros", np.zeros((2, 3, 2, 4)), 1e-6)
    x = with_strengths(rng, [4.0, 2.0, 1.0], 2, 5, 3, 4)
    yield case("positive numbers only", x - x.min() + 0.5, 1e-6)
    yield case("negative numbers only", x - x.max() - 0.5, 1e-6)
    for variant in inputs.varied(x, but=("negative", "zero", "same")):
        yield case(variant.label, *variant.args, 1e-3, mixed=variant.mixed)
    yield from long_and_plain(rng)


def long_and_plain(rng):
    """One size long; then scenes without any difference, whose mean is not exact as a computer has it."""
    for said, (n, h, w) in inputs.stretched(rng, "images", "rows", "columns"):
        yield case(said, with_strengths(rng, [4.0, 2.0], n, 3, h, w), 1e-6)
    many = int(rng.integers(66, 80))
    yield case("more than 64 directions", with_strengths(rng, np.linspace(4, 1, many), 1, many + 3, 9, 12), 1e-6)
    yield case("a tolerance of 0, whole numbers", np.array([[1, 0, 0, -1], [2, 0, 0, -2]]).reshape(1, 2, 2, 2), 0.0)
    for said, colour in (("0.1", np.full(3, 0.1)), ("one colour", np.random.default_rng(0).random(3))):
        yield case(f"{said} at every pixel", colour.reshape(1, 3, 1, 1) * np.ones((2, 3, 9, 11)), 1e-6)


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


@channel_rank.mistake(
    "RNK", "This is the number of channels. That is a shape; the rank asks how many of them say something new."
)
def number_of_channels(x, tol):
    return x.shape[1]


@channel_rank.mistake(
    "RNK",
    "You count channels that are not constant. A channel that moves may still be computed from the others.",
    uses=("std", "var", "ptp", "any", "unique", "allclose", "all", "max", "min"),
)
def channels_that_vary(x, tol):
    return int((x.std(axis=(0, 2, 3)) > tol).sum())


@channel_rank.mistake(
    "BAT",
    "You take the rank image by image. Directions that are missing in one image may be there in another: join the pixels of all.",
)
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


@channel_rank.mistake(
    "SCL",
    "You compare with tol itself. The same picture in other units then has another rank: compare with tol times the largest singular value.",
)
def absolute_tolerance(x, tol):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    strengths = np.linalg.svd(columns - columns.mean(axis=1, keepdims=True), compute_uv=False)
    return int((strengths > tol).sum())


@channel_rank.mistake(
    "CTR", "The channel means are still in, and they can add one to the rank. Remove them first: a bias restores them."
)
def rank_with_the_mean(x, tol):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return int(np.linalg.matrix_rank(columns, rtol=tol))


@channel_rank.mistake(
    "SCL",
    "Eigenvalues of the covariance are the *squares* of the singular values. Compare them with the square of tol.",
    uses=("eigvalsh", "eigh", "eigvals", "eig", "cov"),
)
def of_the_covariance(x, tol):
    values = np.linalg.eigvalsh(np.cov(x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)))
    return int((values > tol * values.max()).sum())


@channel_rank.mistake(
    "RSH",
    "x.reshape(C, -1) mixes images and channels when N is more than 1. Bring the channel axis to the front first.",
)
def rank_of_a_reshape(x, tol):
    columns = x.reshape(x.shape[1], -1)
    strengths = np.linalg.svd(columns - columns.mean(axis=1, keepdims=True), compute_uv=False)
    return int((strengths > tol * strengths[0]).sum())


@channel_rank.mistake(
    "ARG",
    "tol is not used: NumPy's own tolerance counts everything above rounding. Compare with tol times the largest singular value.",
)
def own_tolerance(x, tol):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return int(np.linalg.matrix_rank(columns - columns.mean(axis=1, keepdims=True)))


@channel_rank.mistake(
    "THR", "You count the weak directions. The rank counts those that are *stronger* than tol times the largest."
)
def weak_ones(x, tol):
    strengths = np.linalg.svd(reduction.centred(x), compute_uv=False)
    return int((strengths < tol * strengths.max()).sum())


@channel_rank.mistake(
    "EDG",
    "Where all pixels are alike, nothing but rounding is left once the mean is removed, and you count it: the mean of numbers such as 0.1 is not exact. There the rank is 0.",
)
def rounding_counted(x, tol):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    strengths = np.linalg.svd(columns - columns.mean(axis=1, keepdims=True), compute_uv=False)
    return int((strengths > tol * strengths[0]).sum())


@channel_rank.mistake("CTR", "You take one mean off all numbers. Each channel has a mean of its own, over its pixels.")
def one_mean_for_all(x, tol):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    strengths = np.linalg.svd(columns - columns.mean(), compute_uv=False)
    return int((strengths > tol * strengths.max()).sum())


@channel_rank.mistake(
    "CTR", "You take the mean of each *pixel* off, over its channels. Take that of each channel, over its pixels."
)
def mean_of_each_pixel(x, tol):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    strengths = np.linalg.svd(columns - columns.mean(axis=0), compute_uv=False)
    return int((strengths > tol * strengths.max()).sum())


@channel_rank.mistake(
    "THR", "You compare with tol times the *sum* of the singular values. It is tol times the largest of them."
)
def share_of_the_sum(x, tol):
    columns = reduction.centred(x)
    strengths = np.linalg.svd(columns, compute_uv=False)
    return int((strengths > tol * strengths.sum()).sum())


@channel_rank.mistake(
    "SCL",
    "You compare with tol itself. The same picture in other units then has another rank: compare with tol times the largest singular value.",
)
def absolute_tolerance_of_the_centred(x, tol):
    return int((np.linalg.svd(reduction.centred(x), compute_uv=False) > tol).sum())


@channel_rank.mistake(
    "SCL", "You square the singular values and not the tolerance. Compare them as they are with tol times the largest."
)
def squared(x, tol):
    squares = np.linalg.svd(reduction.centred(x), compute_uv=False) ** 2
    return int((squares > tol * squares[0]).sum())


@channel_rank.mistake(
    "THR", "You count what is *as large as* the tolerance too. Where all pixels are alike, that is 0, and 0 ≥ 0."
)
def as_large_as(x, tol):
    strengths = np.linalg.svd(reduction.centred(x), compute_uv=False)
    return int((strengths >= tol * strengths[0]).sum())


@channel_rank.mistake(
    "ORD", "np.linalg.svd returns u, s, vt in this order. You count numbers of u, which is the first."
)
def numbers_of_u(x, tol):
    directions = np.linalg.svd(reduction.centred(x), full_matrices=False)[0]
    return int((directions > tol * directions.max()).sum())


@channel_rank.mistake(
    "AXS",
    "From x (N, C, H, W) NumPy takes a rank for each channel of each image. Make one matrix of it first, (C, N·H·W).",
)
def rank_of_each_map(x, tol):
    return np.linalg.matrix_rank(x, rtol=tol)


@channel_rank.mistake(
    "THR",
    "All singular values count in your answer that are not exactly 0. Those count that are larger than tol times the *largest*.",
)
def compared_with_the_smallest(x, tol):
    strengths = np.linalg.svd(reduction.centred(x), compute_uv=False)
    return int((strengths > tol * strengths[-1]).sum())


@channel_rank.mistake("CNT", "You add up the singular values that are large. Asked is how many they are.")
def added_up(x, tol):
    strengths = np.linalg.svd(reduction.centred(x), compute_uv=False)
    return strengths[strengths > tol * strengths[0]].sum()


@channel_rank.alternative
def with_matrix_rank(x, tol):
    columns = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)
    if (columns == columns[:, :1]).all():
        return 0
    return np.linalg.matrix_rank(columns - columns.mean(axis=1, keepdims=True), rtol=tol)


@channel_rank.alternative
def with_a_loop(x, tol):
    pixels = np.array([x[n, :, i, j] for n in range(len(x)) for i in range(x.shape[2]) for j in range(x.shape[3])])
    pixels = pixels - pixels[0]
    strengths = np.linalg.svd(pixels - pixels.mean(axis=0), compute_uv=False)
    return sum(1 for strength in strengths if strength > tol * max(strengths))
