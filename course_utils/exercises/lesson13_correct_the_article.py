"""Lesson 13: experiments that can come out either way, a verdict by a stated threshold, and a contest at equal cost.

Each experiment gets what it tests as an argument. The check hands in the real thing, then impostors that behave as the
article says, or in a third way: an experiment whose number stays the same has tested nothing.
"""

import copy

import numpy as np

from course_utils import convs
from course_utils.base.errors import OutOfReach
from course_utils.exercises.spec import case, exercise, question, right, wrong
from course_utils.experiments import claims, contest, descent, reduction

SMALL = 1e-9  # below this a relative gap is rounding
CLEAR = 1e-3  # above this it is none


def one_number(answer):
    """A learner's answer as a float, or None where it is not one number.

    >>> one_number(np.float32(2)), one_number([2.0]), one_number(True)
    (2.0, None, None)
    """
    answer = answer.detach().cpu().numpy() if hasattr(answer, "detach") else answer
    if isinstance(answer, bool | np.bool_) or np.shape(answer) != ():
        return None
    return float(answer) if isinstance(answer, int | float | np.number | np.ndarray) else None


def runs(function, rng, world):
    """Three runs of an experiment, two of them from one state of `rng`: `(number, calls of the world)` each.

    A call is `(arguments, result)`, copied, so that nobody can change them afterwards.
    """
    found = []
    other = np.random.default_rng(copy.deepcopy(rng).integers(2**32))
    for own in (copy.deepcopy(rng), copy.deepcopy(rng), other):
        calls = []

        def watched(*args, calls=calls, **options):
            given = copy.deepcopy(args)
            result = world(*args, **options)
            calls.append((given, copy.deepcopy(result)))
            return result

        found.append((function(own, watched), calls))
    return found


def seen_in(found, thing, drawn):
    """What is true of every experiment; `drawn(call)` gives the arrays that a call saw or made."""
    numbers = [one_number(answer) for answer, _ in found]
    seen = {
        "what it returns": "one number" if None not in numbers else f"{type(found[0][0]).__name__}, not one number",
        f"the {thing} it is given": "is run" if all(calls for _, calls in found) else "is never run",
    }
    if not all(calls for _, calls in found):
        return seen
    first, again, other = ([array for call in calls for array in drawn(call)] for _, calls in found)
    seen["the same rng"] = "draws the same data" if alike(first, again) else "draws other data each time"
    seen["another rng"] = "draws the same data" if alike(first, other) else "draws other data"
    return seen


def alike(first, second):
    return len(first) == len(second) and all(map(np.array_equal, first, second))


# ---- maps ------------------------------------------------------------------------------------------------------------


def unsummed(x, weight, *rest, **options):
    """The article's layer: every input map makes C_out new ones, and nobody sums them."""
    maps = [convs.conv2d(x[:, c : c + 1], weight[:, c : c + 1], padding=1) for c in range(x.shape[1])]
    return np.concatenate(maps, axis=1)


def each_map_twice(x, weight, *rest, **options):
    return np.repeat(convs.conv2d(x, weight, padding=1), 2, axis=1)


def one_map(x, weight, *rest, **options):
    return convs.conv2d(x, weight, padding=1).sum(axis=1, keepdims=True)


def worlds(*named):
    """Cases `(rng, world)` from pairs of a label and a world; a seed of their own for each."""

    def cases(rng):
        for label, world in named:
            yield case(label, np.random.default_rng(rng.integers(2**32)), world)

    return cases


def counted(function, rng, layer):
    """What an experiment with maps does with this layer."""
    found = runs(function, rng, layer)
    seen = seen_in(found, "layer", lambda call: call[0])
    if not all(calls for _, calls in found):
        return seen
    one = any(args[1].shape[1] < 2 for _, calls in found for args, _ in calls)
    seen["input channels that it draws"] = "1, where both counts are the same" if one else "2 or more"
    right_in_all = []
    for answer, calls in found:
        shares = [np.shape(y)[1] / (args[1].shape[0] * args[1].shape[1]) for args, y in calls]
        number = one_number(answer)
        right_in_all.append(number is not None and min(shares) - SMALL <= number <= max(shares) + SMALL)
    seen["its number"] = "the share of C_in · C_out maps that came out" if all(right_in_all) else "another number"
    return seen


@exercise(
    cases=worlds(
        ("the real layer", convs.conv2d),
        ("an impostor, as the article has it: no sum over input channels", unsummed),
        ("an impostor that gives every map twice", each_map_twice),
        ("an impostor that gives one map", one_map),
    ),
    observe=counted,
    hints=(
        "If the article were right, how many maps would come out? And what else would you see, if it is wrong?",
        "Draw C_in ≥ 2 and C_out with rng.integers, x (1, C_in, H, W) and weight (C_out, C_in, 3, 3) with rng.standard_normal. Axis 1 of what layer returns counts maps.",
        "y = layer(x, weight, padding=1);  return y.shape[1] / (c_in * c_out)",
    ),
)
def experiment_maps(rng, layer=convs.conv2d):
    c_in, c_out = rng.integers(2, 7, 2)
    y = layer(rng.standard_normal((1, c_in, 5, 6)), rng.standard_normal((c_out, c_in, 3, 3)), padding=1)
    return y.shape[1] / (c_in * c_out)


@experiment_maps.mistake("TST", "You return a number without running the layer. An experiment asks the layer: hand it data, count what comes out.")
def maps_constant(rng, layer=None):
    return 0.5


@experiment_maps.mistake("RNK", "You read the count off the weight that you made. That is what *should* come out; run the layer, and count what does.")
def maps_off_the_weight(rng, layer=None):
    c_in, c_out = (int(c) for c in rng.integers(2, 7, 2))
    weight = rng.standard_normal((c_out, c_in, 3, 3))
    layer(rng.standard_normal((1, c_in, 5, 6)), weight, padding=1)
    return len(weight) / (c_in * c_out)


@experiment_maps.mistake("TST", "You draw from a generator of your own, always the same data. Draw everything from rng, or twenty runs are one run.")
def maps_one_seed(rng, layer=None):
    own = np.random.default_rng(0)
    y = layer(own.standard_normal((1, 3, 5, 6)), own.standard_normal((4, 3, 3, 3)), padding=1)
    return y.shape[1] / 12


@experiment_maps.mistake("DAT", "With one input channel C_in · C_out and C_out are the same: the article cannot be wrong on such data. Draw two channels or more.")
def maps_one_channel(rng, layer=None):
    c_out = int(rng.integers(2, 7))
    y = layer(rng.standard_normal((1, 1, 5, 6)), rng.standard_normal((c_out, 1, 3, 3)), padding=1)
    return y.shape[1] / c_out


@experiment_maps.mistake("UNI", "You return the number of maps. Asked is a share: divide by the C_in · C_out that the article expects.")
def maps_not_divided(rng, layer=None):
    c_in, c_out = (int(c) for c in rng.integers(2, 7, 2))
    y = layer(rng.standard_normal((1, c_in, 5, 6)), rng.standard_normal((c_out, c_in, 3, 3)), padding=1)
    return y.shape[1]


@experiment_maps.alternative
def maps_one_by_one(rng, layer=None):
    x = rng.uniform(-1, 1, (1, 4, 3, 3))
    weight = rng.uniform(-1, 1, (5, 4, 3, 3))
    return sum(1 for _ in layer(x, weight)[0]) / 20


@experiment_maps.alternative
def maps_of_three_layers(rng, layer=None):
    shares = []
    for _ in range(3):
        x, weight = rng.standard_normal((2, 3, 4, 4)), rng.standard_normal((6, 3, 3, 3))
        shares.append(np.shape(layer(x, weight, None, 1))[1] / weight[:, :, 0, 0].size)
    return np.mean(shares)


# ---- information -----------------------------------------------------------------------------------------------------


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


def reduced(function, rng, channels):
    """What an experiment with information does with these channels."""
    found = runs(function, rng, channels)
    seen = seen_in(found, "source of channels", lambda call: [call[1]])
    if not all(calls for _, calls in found):
        return seen
    where = [place(one_number(answer), calls[-1][1]) for answer, calls in found]
    seen["its number"] = next((one for one in where if one != LOST), LOST)
    return seen


LOST = "what a reduction of these channels to 10 loses"


def place(number, x):
    """Where a number lies between what the best reduction of x to 10 channels loses and what a random one does."""
    best = reduction.share_lost(x, reduction.principal(x)[0][:10])
    rng = np.random.default_rng(0)
    by_chance = max(reduction.share_lost(x, rng.standard_normal((10, x.shape[1]))) for _ in range(3))
    if number is None or not np.isfinite(number):
        return "not a number"
    if number < best - SMALL:
        return "less than the best possible reduction to 10 loses"
    return LOST if number <= 1.2 * by_chance + SMALL else "more than any decent decoder leaves behind"


@exercise(
    cases=worlds(
        ("60 channels of noise", noise),
        ("60 channels that are mixes of 10 maps", mixes_of(10)),
        ("60 channels that are mixes of 12 maps", mixes_of(12)),
        ("60 channels that are mixes of 3 maps", mixes_of(3)),
        ("50 correlated channels", fading),
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


@experiment_lossless.mistake("TST", "You return a number without drawing any channels. What is lost depends on them: start with x = channels(rng).")
def lossless_constant(rng, channels=None):
    return 0.99


@experiment_lossless.mistake("RNK", "10 of C channels come out, but 1 - 10/C is a fact about shapes. What is lost depends on what the channels hold: let a decoder try.")
def lossless_by_shape(rng, channels=None):
    return 1 - 10 / channels(rng).shape[1]


@experiment_lossless.mistake("RNK", "You compare how many channels were wanted with how many come out. That they are 10 was never in doubt; is what they were made of still in them?")
def lossless_right_shape(rng, channels=None):
    x = channels(rng)
    y = np.einsum("oc,nchw->nohw", rng.standard_normal((10, x.shape[1])), x)
    return float(y.shape[1] - 10)


@experiment_lossless.mistake("TST", "Every rng gives you the same channels: you hand on a generator of your own. Pass the rng that you were given.")
def lossless_one_seed(rng, channels=None):
    from course_utils.experiments import reduction

    own = np.random.default_rng(0)
    x = channels(own)
    return reduction.share_lost(x, own.standard_normal((10, x.shape[1])))


@experiment_lossless.mistake("DAT", "You test on channels of your own, so that the answer is fixed before you ask. Use the ones that channels(rng) draws.")
def lossless_on_own_data(rng, channels=None):
    from course_utils.experiments import reduction

    channels(rng)
    x = np.tensordot(rng.standard_normal((50, 5)), rng.standard_normal((5, 12, 20)), axes=1)[np.newaxis]
    x = x + rng.standard_normal(x.shape) / 1000
    return reduction.share_lost(x, rng.standard_normal((10, 50)))


@experiment_lossless.mistake("TRN", "weight.T is not the best decoder: it fails even where nothing is lost. Use least squares, as reduction.share_lost does.")
def lossless_by_transpose(rng, channels=None):
    x = channels(rng)
    columns = x[0].reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    weight = rng.standard_normal((10, len(columns))) / np.sqrt(10)
    return float(((columns - weight.T @ (weight @ columns)) ** 2).sum() / (columns**2).sum())


@experiment_lossless.alternative
def lossless_at_best(rng, channels=None):
    x = channels(rng)
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns.mean(axis=1, keepdims=True)
    strengths = np.linalg.svd(columns, compute_uv=False) ** 2
    return strengths[10:].sum() / strengths.sum()


@experiment_lossless.alternative
def lossless_by_lstsq(rng, channels=None):
    x = channels(rng)
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    pixels = pixels - pixels.mean(axis=0)
    kept = pixels @ rng.uniform(-1, 1, (x.shape[1], 10))
    decoder = np.linalg.lstsq(kept, pixels, rcond=None)[0]
    return ((pixels - kept @ decoder) ** 2).sum() / (pixels**2).sum()


# ---- rows ------------------------------------------------------------------------------------------------------------


def parted(factors):
    """A training that nobody has seen: it hands back rows that are those it was given plus this much of four others."""

    def train(weight0, head, steps, *rest, **options):
        weight, head = descent.descend(weight0, head, 3)
        others = np.random.default_rng(4).standard_normal(weight.shape)
        return weight + np.asarray(factors, float) @ others[: len(factors[0])], head

    return train


def lengthened(weight0, head, steps, *rest, **options):
    """Rows that differ in length alone."""
    weight, head = descent.descend(weight0, head, 3)
    return weight * np.arange(1.0, len(weight) + 1)[:, np.newaxis], head


def trained(function, rng, train):
    """What an experiment with equal rows does with this training."""
    found = runs(function, rng, train)
    seen = seen_in(found, "training", lambda call: call[0][:2])
    if not all(calls for _, calls in found):
        return seen
    calls = [call for _, made in found for call in made]
    starts = [np.asarray(args[0], float) for args, _ in calls]
    heads = [np.asarray(args[1], float) for args, _ in calls]
    seen["rows at the start"] = next((odd for odd in map(oddness, starts) if odd != EQUAL), EQUAL)
    seen["the head at the start"] = "equal numbers" if all(np.ptp(head) == 0 for head in heads) else "numbers that differ"
    seen["steps of training"] = "10 or more" if all(len(a) > 2 and a[2] >= 10 for a, _ in calls) else "fewer than 10"
    numbers = [one_number(answer) for answer, _ in found]
    ranks = [int(np.linalg.matrix_rank(calls[-1][1][0], rtol=1e-6)) for _, calls in found]
    seen["its number"] = "the rank after training" if numbers == ranks else "another number"
    return seen


EQUAL = "4 equal rows of 4 numbers or more"


def oddness(start):
    """What is wrong with a start, or EQUAL."""
    if start.ndim != 2 or len(start) != 4 or start.shape[1] < 4:
        return f"shape {start.shape}, not 4 rows of 4 numbers or more"
    if not start.any():
        return "zeros, which do not move at all"
    return EQUAL if (start == start[0]).all() else "rows that differ before any training"


@exercise(
    cases=worlds(
        ("the real training", descent.descend),
        ("an impostor that makes four different rows", parted(np.eye(4))),
        ("an impostor that makes two pairs of rows", parted([[1, 0], [1, 0], [0, 1], [0, 1]])),
        ("an impostor that makes rows of different length", lengthened),
    ),
    observe=trained,
    hints=(
        "Something is said to *ensure* that the four rows differ. From which start would you see whether it does?",
        "One row drawn with rng, np.tile-d to (4, C_in), C_in ≥ 4; a head of four equal numbers, not zero; 100 steps. Then the rank of the weight that training returns.",
        "weight, head = train(np.tile(row, (4, 1)), np.full(4, 0.5), 100);  return np.linalg.matrix_rank(weight, rtol=1e-6)",
    ),
)
def experiment_distinct(rng, train=descent.descend):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@experiment_distinct.mistake("TST", "You return a number without training anything. Run train on a start that you draw, and look at what it returns.")
def distinct_constant(rng, train=None):
    return 1


@experiment_distinct.mistake("SYM", "Your rows differ before any training, so they differ after it whatever training does. Start from four *equal* rows.")
def distinct_random_start(rng, train=None):
    weight, _ = train(rng.standard_normal((4, 10)), np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@experiment_distinct.mistake("SYM", "A head of different numbers parts the rows by itself, and it was your choice. Give all four rows the same head.")
def distinct_random_head(rng, train=None):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), rng.standard_normal(4), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@experiment_distinct.mistake("TST", "Each rng gives you the same start. Draw the row with rng, or twenty runs are one run.")
def distinct_one_seed(rng, train=None):
    weight, _ = train(np.tile(np.linspace(-0.5, 0.7, 10), (4, 1)), np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@experiment_distinct.mistake("RNK", "You count the rows: 4 is the shape of the weight. How many of them say something that the others do not?")
def distinct_by_shape(rng, train=None):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), np.full(4, 0.5), 100)
    return len(weight)


@experiment_distinct.mistake("ORD", "You measure the weight that you started with. The claim is about the one that training returns.")
def distinct_before(rng, train=None):
    start = np.tile(rng.standard_normal(10) * 0.3, (4, 1))
    train(start, np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(start, rtol=1e-6))


@experiment_distinct.alternative
def distinct_by_svd(rng, train=None):
    row = rng.uniform(-0.5, 0.5, 6)
    weight = train(np.stack([row, row, row, row]), np.ones(4), 60)[0]
    strengths = np.linalg.svd(weight, compute_uv=False)
    return float((strengths > 1e-6 * strengths[0]).sum())


@experiment_distinct.alternative
def distinct_by_repeat(rng, train=None):
    start = np.repeat(rng.standard_normal((1, 12)) / 4, 4, axis=0)
    head = np.repeat(rng.uniform(0.2, 0.8), 4)
    trained_weight = train(start, head, 200)[0]
    return np.linalg.matrix_rank(trained_weight, rtol=1e-6)


# ---- order -----------------------------------------------------------------------------------------------------------


def after(change):
    """An impostor: the 1×1 layer, then something that depends on where pixels lie."""
    return lambda x, weight, bias=None: change(convs.pointwise(x, weight, bias))


def blurred(y):
    kernel = np.full((1, 1, 3, 3), 1 / 9)
    return convs.conv2d(y.reshape(-1, 1, *y.shape[2:]), kernel, padding=1).reshape(y.shape)


def gap_seen(function, rng, layer):
    """What an experiment with order does with this layer."""
    found = runs(function, rng, layer)
    seen = seen_in(found, "layer", lambda call: call[0])
    if not all(calls for _, calls in found):
        return seen
    numbers = [one_number(answer) for answer, _ in found]
    seen["its number"] = next((size for size in map(size_of, numbers) if size != size_of(numbers[0])), size_of(numbers[0]))
    return seen


def size_of(number):
    if number is None or not np.isfinite(number):
        return "not a number"
    if number < 0:
        return "below zero"
    return "zero but for rounding" if number < SMALL else "clearly not zero" if number > CLEAR else "small, but not rounding"


@exercise(
    cases=worlds(
        ("the real layer", convs.pointwise),
        ("an impostor that adds up along each row, left to right", after(lambda y: np.cumsum(y, axis=3))),
        ("an impostor that blurs", after(blurred)),
        ("an impostor that mixes in the pixel to the left", after(lambda y: y + 0.5 * np.roll(y, 1, axis=3))),
        ("an impostor that mixes in the mean of the row", after(lambda y: y + y.mean(axis=3, keepdims=True))),
        ("an impostor that mixes in the mean of the column", after(lambda y: y + y.mean(axis=2, keepdims=True))),
        ("an impostor that blurs, with tiny outputs", after(lambda y: 1e-12 * blurred(y))),
        ("the real layer, with huge outputs", after(lambda y: 1e12 * y)),
    ),
    observe=gap_seen,
    hints=(
        "If the layer walked from pixel to pixel, what would happen to its output when you hand it the pixels in another order?",
        "The shuffle test of lesson 05: join H and W, index both the input and the output with one rng.permutation(H·W). Then divide the largest difference by the largest output.",
        "shuffle(a) = a.reshape(n, c, h*w)[:, :, perm].reshape(n, c, h, w);  y = layer(x, weight);  "
        "return abs(layer(shuffle(x), weight) - shuffle(y)).max() / abs(y).max()",
    ),
)
def experiment_order(rng, layer=convs.pointwise):
    x, weight, perm = rng.standard_normal((2, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(35)
    i, j = np.unravel_index(perm, (5, 7))
    y = layer(x, weight)
    shuffled = layer(x[:, :, i, j].reshape(x.shape), weight)
    return float(np.abs(shuffled - y[:, :, i, j].reshape(y.shape)).max() / np.abs(y).max())


@experiment_order.mistake("TST", "You return a number without running the layer. Hand it pixels in one order and in another, and compare.")
def order_constant(rng, layer=None):
    return 0.0


@experiment_order.mistake("RNK", "You compare shapes. They are the same for every layer here, also for one that walks: compare the numbers.")
def order_by_shape(rng, layer=None):
    x, weight = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3))
    shuffled = x.reshape(1, 3, 35)[:, :, rng.permutation(35)].reshape(x.shape)
    return float(layer(x, weight).shape != layer(shuffled, weight).shape)


@experiment_order.mistake("DAT", "All pixels of your image are alike, so no layer could notice a shuffle. Draw pixels that differ.")
def order_flat_image(rng, layer=None):
    x, weight = np.broadcast_to(rng.standard_normal((1, 3, 1, 1)), (1, 3, 5, 7)), rng.standard_normal((4, 3))
    perm = rng.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max() / np.abs(y).max())


@experiment_order.mistake("SYM", "You compare with the output in the old order. Shuffle it too: both must end in the same order before you compare.")
def order_output_not_shuffled(rng, layer=None):
    x, weight = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3))
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, rng.permutation(35)].reshape(x.shape), weight)
    return float(np.abs(shuffled - y).max() / np.abs(y).max())


@experiment_order.mistake("AXS", "You only put whole rows in another order: what a layer does along a row stays hidden. Shuffle single pixels.")
def order_rows_only(rng, layer=None):
    x, weight, rows = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(5)
    y = layer(x, weight)
    return float(np.abs(layer(x[:, :, rows], weight) - y[:, :, rows]).max() / np.abs(y).max())


@experiment_order.mistake("SYM", "You only mirror the image. A blur looks the same in a mirror, and is not caught: shuffle the pixels at random.")
def order_mirrored(rng, layer=None):
    x, weight = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3))
    y = layer(x, weight)
    return float(np.abs(layer(x[..., ::-1], weight) - y[..., ::-1]).max() / np.abs(y).max())


@experiment_order.mistake("TST", "Each rng gives you the same data. Draw image, weight and order with rng, or twenty runs are one run.")
def order_one_seed(rng, layer=None):
    own = np.random.default_rng(0)
    x, weight, perm = own.standard_normal((1, 3, 5, 7)), own.standard_normal((4, 3)), own.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max() / np.abs(y).max())


@experiment_order.mistake("UNI", "Your number has the unit of the output: it is small because outputs are small, or large because they are. Divide by the largest output.")
def order_not_relative(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max())


@experiment_order.alternative
def order_pixel_by_pixel(rng, layer=None):
    x, weight = rng.uniform(-1, 1, (1, 2, 4, 6)), rng.uniform(-1, 1, (3, 2))
    places = [(i, j) for i in range(4) for j in range(6)]
    order = [places[k] for k in rng.permutation(24)]
    y, moved = layer(x, weight), np.empty_like(x)
    for (i, j), (k, m) in zip(places, order, strict=True):
        moved[:, :, i, j] = x[:, :, k, m]
    z = layer(moved, weight)
    gaps = [abs(z[:, :, i, j] - y[:, :, k, m]).max() for (i, j), (k, m) in zip(places, order, strict=True)]
    return max(gaps) / abs(y).max()


@experiment_order.alternative
def order_with_take(rng, layer=None):
    x, weight, perm = rng.standard_normal((3, 4, 6, 6)), rng.standard_normal((2, 4)), rng.permutation(36)

    def shuffle(a):
        return np.take(a.reshape(*a.shape[:2], 36), perm, axis=2).reshape(a.shape)

    before, behind = layer(shuffle(x), weight), shuffle(layer(x, weight))
    return np.linalg.norm((before - behind).ravel(), np.inf) / np.abs(behind).max()


# ---- verdict ---------------------------------------------------------------------------------------------------------


def made_up(low, high):
    """A claim that no article makes, so that nobody knows its verdict by heart."""
    return claims.Claim(99, "a made-up claim", "13", "some number", float(low), float(high))


def stated(rng):
    """Cases for `f(claim, value)`: single numbers, then runs that agree by a little or a lot, ends included."""
    low = float(rng.integers(2, 6))
    claim = made_up(low, low + 2)
    yield case("one run, in the range", claim, low + 1)
    yield case("one run, below it", claim, low - 1)
    yield case("one run, above it", claim, low + 3)
    yield case("one run, at its lower end", claim, low)
    yield case("one run, at its upper end", claim, low + 2)
    yield case("20 runs, all in it", claim, np.linspace(low, low + 2, 20))
    yield case("20 runs, none in it", claim, [low + 2.5 + k for k in range(20)])
    yield case("the first half of 20 runs in it, their average too", claim, np.repeat([low + 1, low + 2.25], 10))
    for misses in (1, 2, 18, 19):
        values = [low + 1.0] * (20 - misses) + [low + 50.0] * misses
        yield case(f"{20 - misses} of 20 runs in it", claim, [values[i] for i in rng.permutation(20)])
    yield case("a range without an upper end", made_up(1000, np.inf), np.array([16, 50, 152, 1001, 1202]))
    yield case("a range without an upper end, one run", made_up(1000, np.inf), 1202)
    yield case("a share lost, and the claim says none", made_up(0, 1e-6), rng.uniform(0.2, 0.9, 15))
    yield case("nothing lost but rounding", made_up(0, 1e-6), rng.uniform(0, 1e-12, 15))


@exercise(
    cases=stated,
    hints=(
        "First ask one run: does its number lie in the range that the claim allows? Then: of all runs, how many say yes?",
        "np.atleast_1d(value) makes an array of one number and of many. claims.MOST is the share that must agree, and the share that must disagree.",
        "agree = mean over runs of (low <= number <= high);  'true' if agree >= MOST;  'false' if agree <= 1 - MOST;  else 'depends'",
    ),
)
def verdict(claim, value):
    return claims.decide(claim, np.ravel(value))


@verdict.mistake("TST", "Your verdict does not look at the value: it would be the same had the experiment come out the other way.")
def ignores_the_value(claim, value):
    return "false"


@verdict.mistake("RNK", "You take 'not everything is lost' for 'nothing is lost': any number below 1 counts for you. The range of the claim decides.")
def something_is_left(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= max(claim.high, 1.0)))
    return "true" if agree >= 0.95 else "false" if agree <= 1 - 0.95 else "depends"


@verdict.mistake("MUL", "You multiply the numbers of the runs. Runs do not multiply: ask each of them, and count.")
def product_of_runs(claim, value):
    return "true" if claim.low <= np.prod(value) <= claim.high else "false"


@verdict.mistake("AVG", "You ask the average of the runs. Ask each run: an average can lie in the range when half of the runs do not.")
def average_of_runs(claim, value):
    return "true" if claim.low <= np.mean(value) <= claim.high else "false"


@verdict.mistake("TST", "For you one run in the range is enough to make the claim true. What do the other runs say?")
def any_run(claim, value):
    return "true" if np.any((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high)) else "false"


@verdict.mistake("EDG", "You want all runs or none. The stated threshold leaves one run in twenty to chance: claims.MOST.")
def all_or_none(claim, value):
    agree = (claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high)
    return "true" if agree.all() else "depends" if agree.any() else "false"


@verdict.mistake("EDG", "The ends of the range belong to it: <=, not <.")
def without_the_ends(claim, value):
    agree = np.mean((claim.low < np.ravel(value)) & (np.ravel(value) < claim.high))
    return "true" if agree >= 0.95 else "false" if agree <= 1 - 0.95 else "depends"


@verdict.mistake("SGN", "True and false are swapped: a run whose number lies in the range *agrees* with the claim.")
def swapped(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return "false" if agree >= 0.95 else "true" if agree <= 1 - 0.95 else "depends"


@verdict.mistake("SCL", "You let the majority decide. The threshold is claims.MOST, 95 of 100; between the two ends it depends.")
def majority(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return "true" if agree > 0.5 else "false"


@verdict.alternative
def by_counting(claim, value):
    numbers = [value] if np.ndim(value) == 0 else list(value)
    yes = len([number for number in numbers if claim.low <= number <= claim.high])
    if yes * 20 >= 19 * len(numbers):
        return "true"
    return "false" if yes * 20 <= len(numbers) else "depends"


@verdict.alternative
def by_clipping(claim, value):
    numbers = np.atleast_1d(np.asarray(value, float))
    inside = np.isclose(np.clip(numbers, claim.low, claim.high), numbers, rtol=0, atol=0).mean()
    return {(True, False): "true", (False, True): "false"}.get((inside >= 0.95, 1 - inside >= 0.95), "depends")


# ---- a contest -------------------------------------------------------------------------------------------------------

LEAST = 0.7  # share of the budget that a network must spend: less is no contest at equal cost
BEHIND = 0.01  # how far its mean accuracy may lie below that of the 3×3-only network
KNOWS_NOTHING = 0.5  # hidden accuracy before training: chance is 0.1
TRAINED = {}  # fingerprint of an untrained network -> its mean hidden accuracy: training takes seconds


def budgets(rng):
    """Cases for `f(budget_macs)`; networks for the first are trained, the others are counted."""
    yield case("the budget of the lesson, with training", contest.BUDGET)
    yield case("a smaller budget", int(rng.integers(12_000, 14_000)))
    yield case("a budget three times as large", int(rng.integers(40_000, 50_000)))


def entered(function, budget_macs):
    """What is true of a network that enters the contest. It is trained only if all that can be counted is right."""
    import torch

    made = []
    for seed in (0, 1):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            made.append(function(budget_macs))
    net = made[0]
    if not isinstance(net, torch.nn.Module):
        return no_network_here(net)
    first, other = map(fingerprint, made)
    ran = []
    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d) and tuple(module.kernel_size) == (1, 1):
            module.register_forward_hook(lambda *_: ran.append(True))
    with torch.no_grad():
        answer = net.eval()(torch.zeros(2, *contest.IMAGE))
    spent, most = [contest.macs(net, images) for images in (1, 8)], contest.macs(net.train(), 8)
    seen = {
        "what it returns": "a network",
        "its answer for two images": f"shape {tuple(answer.shape)}",
        "its MACs for an image": spending(spent[0] / budget_macs),
        "its MACs for eight images": "eight times those for one" if spent[1] == most == 8 * spent[0] else "not eight times those for one",
        "1×1 convolutions that run": "one or more" if ran else "none",
        "its weights for another seed": "the same" if first == other else "others",
        "hidden digits before any training": "not asked",
        "hidden digits after training": "not asked",
    }
    if answer.shape != (2, contest.CLASSES):
        return seen
    with torch.no_grad():
        known = contest.accuracy(copy.deepcopy(net)) > KNOWS_NOTHING
    seen["hidden digits before any training"] = "already known" if known else "not known"
    if budget_macs == contest.BUDGET and fine(seen) and trainable(net):
        mean = mean_score(lambda: function(budget_macs), first)
        bar = mean_score(lambda: contest.only_threes(budget_macs), ("only threes", budget_macs)) - BEHIND
        seen["hidden digits after training"] = GOOD if mean >= bar else "fewer named than by 3×3 only"
    return seen


def no_network_here(made):
    """What was made instead of a network; one that is a network where it was made cannot be judged from here."""
    if contest.is_network(made):
        raise OutOfReach(
            "Its network has a class of its own, whose code is run where no mark is given. Train it by hand, or ask for "
            "one of PyTorch's own layers, such as nn.Sequential."
        )
    return {"what it returns": f"{type(made).__name__}, not a network (an nn.Module)"}


WITHIN, GOOD = "within the budget, and most of it", "as many named as by 3×3 only, or more"


def fine(seen):
    """Whether a network may go on to the training."""
    return (
        seen["its MACs for an image"] == WITHIN
        and seen["1×1 convolutions that run"] == "one or more"
        and seen["its weights for another seed"] == "others"
        and seen["hidden digits before any training"] == "not known"
    )


def trainable(net):
    return any(parameter.requires_grad for parameter in net.parameters())


def spending(share):
    """What share of the budget is spent, in words that two networks of one kind have in common."""
    if share > 1:
        return f"{'over' if share < 1.6 else 'far over'} the budget"
    if share < LEAST:
        return "about half of the budget" if share > 0.35 else "a small part of the budget"
    return WITHIN


def fingerprint(net):
    """All that decides how a network trains: its layers, its start, and what it makes of a picture."""
    import torch

    picture = torch.linspace(0, 1, 64).reshape(1, *contest.IMAGE)
    net = copy.deepcopy(net).eval()
    with torch.no_grad():
        return (repr(net), *(part.numpy().tobytes() for part in (*net.state_dict().values(), net(picture))))


def mean_score(make, key):
    if key not in TRAINED:
        TRAINED[key] = float(np.mean(contest.scores(make)))
    return TRAINED[key]


@exercise(
    cases=budgets,
    observe=entered,
    hints=(
        "A 3×3 from c to c channels costs 9·c·c at each pixel. What does a depthwise 3×3 followed by a 1×1 cost?",
        "Write a function net(c) that makes the network for a width c, with 1×1 layers for the channels and some 3×3 (groups=c, say) for the places. Widen it while contest.macs(net(c + 1)) fits.",
        "c = 1;  while contest.macs(net(c + 1)) <= budget_macs: c += 1;  return net(c)",
    ),
)
def tiny_net(budget_macs):
    from torch import nn

    def net(c):
        return nn.Sequential(
            nn.Conv2d(1, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
            nn.Conv2d(c, c, 3, stride=2, padding=1, groups=c, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
            nn.Conv2d(c, 2 * c, 1, bias=False), nn.BatchNorm2d(2 * c), nn.ReLU(),
            nn.Conv2d(2 * c, 2 * c, 3, padding=1, groups=2 * c, bias=False), nn.BatchNorm2d(2 * c), nn.ReLU(),
            nn.Conv2d(2 * c, 2 * c, 1, bias=False), nn.BatchNorm2d(2 * c), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2 * c, 10),
        )  # fmt: skip

    c = 1
    while contest.macs(net(c + 1)) <= budget_macs:
        c += 1
    return net(c)


@tiny_net.mistake("UNI", "You count weights and call them MACs. A weight of a convolution is used once at each pixel: count with contest.macs.")
def budget_in_weights(budget_macs):
    from torch import nn

    def net(c):
        return nn.Sequential(
            nn.Conv2d(1, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, c, 1), nn.BatchNorm2d(c), nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10),
        )  # fmt: skip

    c = 1
    while sum(p.numel() for p in net(c + 1).parameters()) <= budget_macs:
        c += 1
    return net(c)


@tiny_net.mistake("UNI", "You spend half of the budget: 1 MAC is 2 FLOPs, and the budget is in MACs. A smaller network is no contest at equal cost.")
def budget_in_flops(budget_macs):
    from torch import nn

    from course_utils.experiments import contest

    def net(c):
        return nn.Sequential(
            nn.Conv2d(1, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, c, 3, stride=2, padding=1, groups=c),
            nn.Conv2d(c, c, 1), nn.BatchNorm2d(c), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10),
        )  # fmt: skip

    c = 1
    while 2 * contest.macs(net(c + 1)) <= budget_macs:
        c += 1
    return net(c)


@tiny_net.mistake("UNI", "Your network has one size for every budget, so the two sides of the contest do not cost the same. Let the budget decide how wide it is.")
def one_size(budget_macs):
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(), nn.Conv2d(12, 12, 3, stride=2, padding=1, groups=12),
        nn.Conv2d(12, 24, 1), nn.BatchNorm2d(24), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(24, 10),
    )  # fmt: skip


@tiny_net.mistake("CHN", "The first width that no longer fits is one too wide: the network goes over the budget. Ask about c + 1 before you widen.")
def one_too_wide(budget_macs):
    from torch import nn

    from course_utils.experiments import contest

    def net(c):
        return nn.Sequential(
            nn.Conv2d(1, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, c, 3, stride=2, padding=1, groups=c),
            nn.Conv2d(c, 2 * c, 1), nn.BatchNorm2d(2 * c), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2 * c, 10),
        )  # fmt: skip

    c = 1
    while contest.macs(net(c)) <= budget_macs:
        c += 1
    return net(c)


@tiny_net.mistake("LOC", "Without any 3×3 all that your network can see is how many pixels have which value. Something must look at neighbours.")
def only_ones(budget_macs):
    from torch import nn

    from course_utils.experiments import contest

    def net(c):
        return nn.Sequential(
            nn.Conv2d(1, c, 1), nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, c, 1), nn.BatchNorm2d(c), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10),
        )  # fmt: skip

    c = 1
    while contest.macs(net(c + 1)) <= budget_macs:
        c += 1
    return net(c)


@tiny_net.mistake("DWP", "This is the other side of the contest: all its convolutions are 3×3. Let 1×1 layers mix the channels.")
def no_ones(budget_macs):
    from course_utils.experiments import contest

    return contest.only_threes(budget_macs)


@tiny_net.mistake("TST", "You set the seed, so that each run starts from the same weights, your best ones perhaps. Leave the seed to the contest, which reports all runs.")
def best_seed(budget_macs):
    import torch
    from torch import nn

    from course_utils.experiments import contest

    def net(c):
        return nn.Sequential(
            nn.Conv2d(1, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, c, 3, stride=2, padding=1, groups=c),
            nn.Conv2d(c, 2 * c, 1), nn.BatchNorm2d(2 * c), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2 * c, 10),
        )  # fmt: skip

    torch.manual_seed(7)
    c = 1
    while contest.macs(net(c + 1)) <= budget_macs:
        c += 1
    torch.manual_seed(7)
    return net(c)


@tiny_net.mistake("TST", "Your network knows the hidden digits before it is trained. Whatever was tuned on the test split cannot be tested on it: return it untrained.")
def tuned_on_the_test(budget_macs):
    import torch
    from sklearn.datasets import load_digits
    from torch import nn

    digits = load_digits()  # all of them, the hidden ones too
    images, labels = torch.tensor(digits.data / 16, dtype=torch.float32), torch.tensor(digits.target)
    typical = torch.stack([images[labels == digit].mean(dim=0) for digit in range(10)])
    net = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False), nn.Flatten(), nn.Linear(64, 10))
    with torch.no_grad():
        net[0].weight.fill_(1)
        net[2].weight.copy_(typical)
        net[2].bias.copy_(-(typical**2).sum(dim=1) / 2)
    return net


@tiny_net.alternative
def ones_after_threes(budget_macs):
    from torch import nn

    from course_utils.experiments import contest

    class Mix(nn.Module):
        def __init__(self, c):
            super().__init__()
            self.see, self.see_again = nn.Conv2d(1, c, 3, padding=1), nn.Conv2d(c, c, 3, stride=2, padding=1)
            self.mix, self.name = nn.Conv2d(c, 2 * c, 1), nn.Linear(2 * c, 10)
            self.norms = nn.ModuleList(nn.BatchNorm2d(k) for k in (c, c, 2 * c))

        def forward(self, x):
            for layer, norm in zip((self.see, self.see_again, self.mix), self.norms, strict=True):
                x = norm(layer(x)).relu()
            return self.name(x.mean(dim=(2, 3)))

    width = 1
    while contest.macs(Mix(width + 1)) <= budget_macs:
        width += 1
    return Mix(width)


@tiny_net.alternative
def by_formula(budget_macs):
    import math

    from torch import nn

    # 64 pixels · 9·c, then 16 pixels of 9·c + 2·c·c, and a head of 20·c: 32·c² + 740·c
    c = int((-740 + math.sqrt(740**2 + 4 * 32 * budget_macs)) / 64)
    see = [nn.Conv2d(1, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU()]
    separable = [nn.Conv2d(c, c, 3, 2, padding=1, groups=c, bias=False), nn.Conv2d(c, 2 * c, 1, bias=False)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2 * c, 10)]
    return nn.Sequential(*see, *separable, nn.BatchNorm2d(2 * c), nn.ReLU(), *head)


QUIZ = (
    question(
        "claim_falsifiable",
        "Which of these sentences can an experiment decide?",
        wrong("SRC", "1×1 convolutions are a difficult concept", "Difficult for whom, and compared with what? It is an opinion as it stands."),
        wrong("SRC", "1×1 layers are more important than 3×3 layers", "'Important' has no unit. Say what is to be measured, then ask again."),
        right("A 1×1 layer gives the same after a shuffle of pixels", "There is a number, the gap, and a value of it that would refute the sentence."),
    ),
    question(
        "claim_one_counterexample",
        "'… without losing any information': 20 draws of noise lose 98 % each, 20 draws of rank 10 lose nothing. What follows?",
        right("False as it stands; true for channels of rank 10", "'Any' is a word about all inputs: one counterexample is enough. For some inputs it holds."),
        wrong("AVG", "On average half of the information is lost", "An average over two kinds of data describes neither."),
        wrong("RNK", "True: 10 channels came out in all 40 draws", "That is the shape. Nobody asked how many came out."),
        wrong("TST", "Nothing: experiments cannot decide it", "They did: each draw of noise is a counterexample."),
    ),
    question(
        "claim_no_experiment",
        "An experiment gave '0 of 20 runs agree'. Which observation shows that it was none?",
        wrong("TST", "The 20 numbers differ a little", "They should, if each run draws its own data."),
        wrong("DAT", "The data were drawn at random", "That is what makes runs out of repetitions."),
        wrong("SRC", "The article's authors would not like it", "It is not about them."),
        right("With the article's own layer put in, it gives the same 0 of 20", "A number that cannot come out the other way has tested nothing."),
    ),
    question(
        "claim_seeds",
        "Two networks, 5 seeds each. Mean hidden accuracy 0.950 and 0.946, each spread over 0.02. What do you report?",
        wrong("TST", "The best run of each: 0.96 against 0.96", "The best of five is luck, and not what the next run gives."),
        right("Both means with their spread: no difference was shown", "0.004 is much less than what the seed alone does."),
        wrong("AVG", "The first network is better: 0.950 > 0.946", "Another five seeds could turn that round: look at the spread."),
        wrong("DAT", "Train on until the difference is clear", "Whoever stops when the result pleases has chosen the result."),
    ),
)
