"""An experiment: is nothing lost when channels shrink?"""

import functools

import numpy as np

from course_utils.exercises.lesson13_correct_the_article.worlds import SMALL, one_number, runs, seen_in, worlds
from course_utils.exercises.spec import exercise
from course_utils.experiments import reduction

SPREAD = 0.7  # what random weights lose may be their usual share to this power: 0.88 for 0.83, 0.06 for 0.02


def noise(rng):
    """60 channels that have nothing to do with each other."""
    return rng.standard_normal((1, 60, 12, 20)) + 3


def mixes_of(rank):
    """Channels that are mixes of so many independent maps, and have large means."""

    def channels(rng):
        maps = rng.standard_normal((rank, 240))
        return (rng.standard_normal((60, rank)) @ maps).reshape(1, 60, 12, 20) + rng.uniform(2, 9, (1, 60, 1, 1))

    return channels


def fading(rng):
    """Correlated channels: each direction is weaker than the one before."""
    directions, _ = np.linalg.qr(rng.standard_normal((50, 50)))
    strengths = np.arange(1, 51) ** -0.5
    return ((directions * strengths) @ rng.standard_normal((50, 240))).reshape(1, 50, 12, 20)


def fading_fast(rng):
    """The first directions have nearly all: who adds up lengths, and not squares, is far off."""
    directions, _ = np.linalg.qr(rng.standard_normal((50, 50)))
    return ((directions * np.arange(1, 51) ** -1.5) @ rng.standard_normal((50, 240))).reshape(1, 50, 12, 20)


def fresh_at_the_end(rng):
    """Hundreds of channels: the first are mixes of three maps, and only the last tell something of their own."""
    same, fresh = int(rng.integers(510, 540)), rng.standard_normal((20, 40))
    alike = rng.standard_normal((same, 3)) @ rng.standard_normal((3, 40))
    return np.concatenate([alike, fresh]).reshape(1, same + 20, 5, 8)


def the_same_noise(rng):
    """Channels that do not depend on rng: what changes from run to run is the weight."""
    rng.standard_normal(7)
    return noise(np.random.default_rng(5))


def reduced(function, rng, channels):
    """What an experiment with information does with these channels."""
    found = runs(function, rng, channels)
    seen = seen_in(found, "source of channels", lambda calls: {"data": [x for _, x in calls]})
    if not all(calls for _, calls in found):
        return seen
    where = [place(one_number(answer), calls[-1][1]) for answer, calls in found]
    seen["its number"] = next((one for one in where if one != LOST), LOST)
    (first, calls), (again, _), (other, others) = found
    if abs((one_number(first) or 0) - (one_number(again) or 0)) > SMALL:
        seen["the same rng"] = "gives another number each time"
    if np.array_equal(x := calls[-1][1], others[-1][1]):  # the same channels: another number only by another weight
        number, is_drawn = one_number(first) or 0, abs((one_number(first) or 0) - (one_number(other) or 0)) > SMALL
        fixed = "the best for these channels" if abs(number - share_at_best(x)) < SMALL else "the same for every rng"
        seen["its weight"] = "drawn with rng" if is_drawn else fixed
    return seen


def share_at_best(x):
    return reduction.share_lost(x, reduction.principal(x)[0][:10])


@functools.lru_cache(maxsize=64)
def bounds(shape, numbers):
    """What the best reduction to 10 channels loses, and the most that ten random ones do: of each x, once."""
    x, rng = np.frombuffer(numbers).reshape(shape), np.random.default_rng(0)
    by_chance = max(reduction.share_lost(x, rng.standard_normal((10, x.shape[1]))) for _ in range(10))
    return share_at_best(x), by_chance


LOST = "what a reduction of these channels to 10 loses"


def place(number, x):
    """Where a number lies between what the best reduction of x to 10 channels loses and what a random one does."""
    best, by_chance = bounds(x.shape, np.ascontiguousarray(x, dtype=float).tobytes())
    if number is None or not np.isfinite(number):
        return "not a number"
    if number < best - SMALL:
        return "less than the best possible reduction to 10 loses"
    return LOST if number <= by_chance**SPREAD + SMALL else "more than any decent decoder leaves behind"


@exercise(
    cases=worlds(
        ("60 channels of noise", noise),
        ("60 channels that are mixes of 10 maps", mixes_of(10)),
        ("60 channels that are mixes of 12 maps", mixes_of(12)),
        ("60 channels that are mixes of 3 maps", mixes_of(3)),
        ("50 correlated channels", fading),
        ("50 channels of which the first directions have nearly all", fading_fast),
        ("60 channels that are the same whatever rng is", the_same_noise),
        ("hundreds of channels of which only the last are no mixes", fresh_at_the_end),
    ),
    observe=reduced,
    hints=(
        "The claim is about information, not about how many channels come out. What would a decoder have to do if nothing is lost?",
        "channels(rng) draws x (1, C, H, W). Draw a weight (10, C) with rng. reduction.share_lost(x, weight) is what the best linear decoder cannot restore.",
        "x = channels(rng);  weight = rng.standard_normal((10, x.shape[1]));  return reduction.share_lost(x, weight)",
    ),
)
def experiment_lossless(rng, channels=noise):
    x = channels(rng)
    return reduction.share_lost(x, rng.standard_normal((10, x.shape[1])))


@experiment_lossless.mistake(
    "TST",
    "You draw from `noise` itself. Draw from `channels`, the source that you are given: start with x = channels(rng).",
    uses=("noise()",),
)
def lossless_of_the_noise(rng, channels=None):
    from course_utils.experiments import reduction

    x = noise(rng)
    return reduction.share_lost(x, rng.standard_normal((10, x.shape[1])))


@experiment_lossless.mistake(
    "TST",
    "`channels`, the source that you are given, is never asked. What is lost depends on them: start with x = channels(rng).",
)
def lossless_constant(rng, channels=None):
    return 0.99


@experiment_lossless.mistake(
    "RNK",
    "10 of C channels come out, but 1 - 10/C is a fact about shapes. What is lost depends on what the channels hold: let a decoder try.",
)
def lossless_by_shape(rng, channels=None):
    return 1 - 10 / channels(rng).shape[1]


@experiment_lossless.mistake(
    "RNK",
    "Nothing is lost, as you have it, whatever the channels are. Do you compare how many come out? That they are 10 was never in doubt. Or do more come out? The weight is (10, C).",
)
def lossless_right_shape(rng, channels=None):
    x = channels(rng)
    y = np.einsum("oc,nchw->nohw", rng.standard_normal((10, x.shape[1])), x)
    return float(y.shape[1] - 10)


@experiment_lossless.mistake(
    "RND",
    "Every rng gives you the same channels: you hand on a generator of your own. Pass the rng that you were given.",
)
def lossless_one_seed(rng, channels=None):
    from course_utils.experiments import reduction

    own = np.random.default_rng(0)
    x = channels(own)
    return reduction.share_lost(x, own.standard_normal((10, x.shape[1])))


@experiment_lossless.mistake(
    "DAT",
    "You test on channels of your own, so that the answer is fixed before you ask. Use the ones that channels(rng) draws.",
)
def lossless_on_own_data(rng, channels=None):
    from course_utils.experiments import reduction

    channels(rng)
    x = np.tensordot(rng.standard_normal((50, 5)), rng.standard_normal((5, 12, 20)), axes=1)[np.newaxis]
    x = x + rng.standard_normal(x.shape) / 1000
    return reduction.share_lost(x, rng.standard_normal((10, 50)))


@experiment_lossless.mistake(
    "TRN",
    "weight.T is not the best decoder: it fails even where nothing is lost. Use least squares, as reduction.share_lost does.",
    uses=("T", "transpose"),
)
def lossless_by_transpose(rng, channels=None):
    x = channels(rng)
    columns = x[0].reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    weight = rng.standard_normal((10, len(columns))) / np.sqrt(10)
    return float(((columns - weight.T @ (weight @ columns)) ** 2).sum() / (columns**2).sum())


@experiment_lossless.mistake(
    "RND",
    "The same rng gives you another number each time: something is drawn without it. Draw the weight from rng too: rng.standard_normal((10, C)).",
)
def lossless_by_a_weight_from_elsewhere(rng, channels=None):
    x = channels(rng)
    return reduction.share_lost(x, np.random.default_rng().standard_normal((10, x.shape[1])))


@experiment_lossless.mistake(
    "RND",
    "Your weight is the same for every rng. Draw it from the rng that you were given: rng.standard_normal((10, C)).",
)
def lossless_of_one_weight(rng, channels=None):
    x = channels(rng)
    return reduction.share_lost(x, np.eye(10, x.shape[1]))


@experiment_lossless.mistake(
    "RNK",
    "Your ten outputs say the same: the rows of the weight are equal. Draw each of its numbers: rng.standard_normal((10, C)).",
    uses=("tile()", "repeat()", "ones()", "ones_like()", "full()", "broadcast_to()", "stack()", "vstack()"),
)
def lossless_by_equal_rows(rng, channels=None):
    x = channels(rng)
    return reduction.share_lost(x, np.tile(rng.standard_normal(x.shape[1]), (10, 1)))


@experiment_lossless.mistake(
    "RNK",
    "Your ten outputs say the same: the rows of the weight are equal. Draw each of its numbers: rng.standard_normal((10, C)).",
    uses=("ones()", "ones_like()", "full()", "zeros()"),
)
def lossless_by_ones(rng, channels=None):
    x = channels(rng)
    return reduction.share_lost(x, np.ones((10, x.shape[1])))


@experiment_lossless.mistake(
    "DAT",
    "Your weight is fitted to these channels: the best ten directions that they have. A layer's weight is there before it sees them: draw it, rng.standard_normal((10, C)).",
    uses=("svd()", "eigh()", "eig()", "svdvals()", "principal()", "PCA()", "qr()", "eigvalsh()"),
)
def lossless_at_best(rng, channels=noise):
    from course_utils.experiments import reduction

    x = channels(rng)
    return reduction.share_lost(x, reduction.principal(x)[0][:10])


@experiment_lossless.mistake(
    "UNI",
    "That is the share that a decoder brings back. Asked is the share that is lost, as reduction.share_lost returns it.",
)
def lossless_as_what_is_kept(rng, channels=None):
    from course_utils.experiments import reduction

    x = channels(rng)
    return 1 - reduction.share_lost(x, rng.standard_normal((10, x.shape[1])))


@experiment_lossless.alternative
def lossless_by_lstsq(rng, channels=noise):
    x = channels(rng)
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    pixels = pixels - pixels.mean(axis=0)
    kept = pixels @ rng.uniform(-1, 1, (x.shape[1], 10))
    decoder = np.linalg.lstsq(kept, pixels, rcond=None)[0]
    return ((pixels - kept @ decoder) ** 2).sum() / (pixels**2).sum()


@experiment_lossless.alternative
def lossless_by_the_rows_that_are_seen(rng, channels=noise):
    x = channels(rng)
    columns = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    kept = rng.normal(0, 0.1, size=(10, len(columns))) @ columns
    _, strengths, rows = np.linalg.svd(kept, full_matrices=False)
    rows = rows[strengths > 1e-9 * strengths[0]]
    return 1 - ((columns @ rows.T) ** 2).sum() / (columns**2).sum()
