"""An experiment: does a layer look at the order of pixels?"""

from itertools import combinations

import numpy as np

from course_utils import convs
from course_utils.exercises.lesson13_correct_the_article.order_watched import gaps, moved, order_between
from course_utils.exercises.lesson13_correct_the_article.worlds import one_number, runs, seen_in, worlds
from course_utils.exercises.spec import exercise

CLEAR, ROUNDING = 1e-3, 1e-11  # above one a gap is clear, below the other it is none
NEAR = 1e-4  # how far a gap may be from one that was computed in another order


def after(change):
    """An impostor: the 1×1 layer, then something that depends on where pixels lie."""
    return lambda x, weight, bias=None: change(convs.pointwise(x, weight, bias))


def blurred(y):
    kernel = np.full((1, 1, 3, 3), 1 / 9)
    return convs.conv2d(y.reshape(-1, 1, *y.shape[2:]), kernel, padding=1).reshape(y.shape)


def at_one_pixel(y):
    y = y.copy()
    y[:, :, -1, -1] += y[:, :, -1, -2]
    return y


def gap_seen(function, rng, layer):
    """What an experiment with order does with this layer."""
    found = runs(function, rng, layer)
    seen = {MOVED: moved(found, function, layer)} | seen_in(found, "layer", drawn)
    if seen[MOVED] != "pixels":  # of few rows another rng may draw the same order: what else is seen would be chance
        return {name: one for name, one in seen.items() if "rng" not in name}
    if not all(calls for _, calls in found):
        return seen
    numbers = [one_number(answer) for answer, _ in found]
    seen["its number"] = next(
        (size for size in map(size_of, numbers) if size != size_of(numbers[0])), size_of(numbers[0])
    )
    seen["compared with the gaps that it saw"] = next(
        (odd for number, (_, calls) in zip(numbers, found, strict=True) if (odd := other_than(gaps(calls), number))),
        GAP,
    )
    return seen


GAP = "the largest gap / the largest output"
MOVED = "what it puts in another order"


def drawn(calls):
    """The images, weights and shuffles of an experiment."""
    orders = [order for one, other in combinations(calls, 2) if (order := order_between(one, other)) is not None]
    return {
        "image": [args[0] for args, _ in calls[:1]],
        "weight": [args[1] for args, _ in calls],
        "order": [order for order in orders if (order != np.arange(order.size)).any()],
    }


def other_than(seen, number):
    """What a number is if it is not within the gaps that the calls show; "" where it is, or where nobody can tell."""
    if seen is None or number is None or seen[1] < ROUNDING:
        return ""
    least, most = seen
    return "" if least * (1 - NEAR) <= number <= most * (1 + NEAR) else "another number"


def size_of(number):
    if number is None or not np.isfinite(number):
        return "not a number"
    if number < 0:
        return "below zero"
    return (
        "zero but for rounding"
        if number < ROUNDING
        else "clearly not zero"
        if number > CLEAR
        else "small, but not rounding"
    )


@exercise(
    cases=worlds(
        ("the real layer", convs.pointwise),
        ("an impostor that adds up along each row, left to right", after(lambda y: np.cumsum(y, axis=3))),
        ("an impostor that blurs", after(blurred)),
        ("an impostor that mixes in the pixel to the left", after(lambda y: y + 0.5 * np.roll(y, 1, axis=3))),
        ("an impostor that mixes in the mean of the row", after(lambda y: y + y.mean(axis=3, keepdims=True))),
        ("an impostor that mixes in the mean of the column", after(lambda y: y + y.mean(axis=2, keepdims=True))),
        ("an impostor that mixes in a billionth of its blur", after(lambda y: y + 1e-9 * blurred(y))),
        ("an impostor that looks at its neighbour in one pixel alone", after(at_one_pixel)),
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


@experiment_order.mistake(
    "TST",
    "You run convs.pointwise itself. Run `layer`, the one that you are given: it may be another one, and you are to find out.",
    uses=("pointwise()",),
)
def order_of_the_real_layer(rng, layer=None):
    from course_utils import convs

    x, weight, perm = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(35)
    y = convs.pointwise(x, weight)
    shuffled = convs.pointwise(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max() / np.abs(y).max())


@experiment_order.mistake(
    "TST", "`layer`, the one that you are given, is never run. Hand it pixels in one order and in another, and compare."
)
def order_constant(rng, layer=None):
    return 0.0


@experiment_order.mistake(
    "RNK", "You compare shapes. They are the same for every layer here, also for one that walks: compare the numbers."
)
def order_by_shape(rng, layer=None):
    x, weight = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3))
    shuffled = x.reshape(1, 3, 35)[:, :, rng.permutation(35)].reshape(x.shape)
    return float(layer(x, weight).shape != layer(shuffled, weight).shape)


@experiment_order.mistake(
    "DAT", "All pixels of your image are alike, so no layer could notice a shuffle. Draw pixels that differ."
)
def order_flat_image(rng, layer=None):
    x, weight = np.broadcast_to(rng.standard_normal((1, 3, 1, 1)), (1, 3, 5, 7)), rng.standard_normal((4, 3))
    perm = rng.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max() / np.abs(y).max())


@experiment_order.mistake(
    "SYM",
    "You compare two outputs whose pixels are in different orders. Shuffle the output too, and by the very order that the image got.",
)
def order_output_not_shuffled(rng, layer=None):
    x, weight = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3))
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, rng.permutation(35)].reshape(x.shape), weight)
    return float(np.abs(shuffled - y).max() / np.abs(y).max())


@experiment_order.mistake(
    "AXS",
    "You put the *channels* in another order. The claim is about pixels: shuffle those, and leave the channels alone.",
)
def order_of_channels(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 4, 5, 7)), rng.standard_normal((4, 4)), rng.permutation(4)
    y = layer(x, weight)
    return float(np.abs(layer(x[:, perm], weight) - y[:, perm]).max() / np.abs(y).max())


@experiment_order.mistake(
    "AXS",
    "You only put whole rows in another order: what a layer does along a row stays hidden. Shuffle single pixels.",
)
def order_rows_only(rng, layer=None):
    x, weight, rows = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(5)
    y = layer(x, weight)
    return float(np.abs(layer(x[:, :, rows], weight) - y[:, :, rows]).max() / np.abs(y).max())


@experiment_order.mistake(
    "AXS",
    "You only put whole columns in another order: what a layer does along a column stays hidden. Shuffle single pixels.",
)
def order_columns_only(rng, layer=None):
    x, weight, columns = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(7)
    y = layer(x, weight)
    return float(np.abs(layer(x[..., columns], weight) - y[..., columns]).max() / np.abs(y).max())


@experiment_order.mistake(
    "AXS", "You shuffle single numbers, and a pixel is no longer together. Move whole pixels, with all their channels."
)
def order_of_numbers(rng, layer=None):
    x, weight = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3))
    y, shuffled = layer(x, weight), rng.permutation(x.ravel()).reshape(x.shape)
    return float(np.abs(layer(shuffled, weight) - y).max() / np.abs(y).max())


@experiment_order.mistake(
    "SYM",
    "You only mirror the image. A blur looks the same in a mirror, and is not caught: shuffle the pixels at random.",
)
def order_mirrored(rng, layer=None):
    x, weight = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3))
    y = layer(x, weight)
    return float(np.abs(layer(x[..., ::-1], weight) - y[..., ::-1]).max() / np.abs(y).max())


@experiment_order.mistake(
    "RND", "Each rng gives you the same data. Draw image, weight and order with rng, or twenty runs are one run."
)
def order_one_seed(rng, layer=None):
    own = np.random.default_rng(0)
    x, weight, perm = own.standard_normal((1, 3, 5, 7)), own.standard_normal((4, 3)), own.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max() / np.abs(y).max())


@experiment_order.mistake(
    "SCL",
    "Your number has the unit of the output: it is small because outputs are small, or large because they are. Divide by the largest output.",
)
def order_not_relative(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max())


@experiment_order.mistake(
    "RND", "Your weight is the same for every rng. Draw it from rng too, or twenty runs try one layer."
)
def order_of_one_weight(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 3, 5, 7)), np.eye(4, 3), rng.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max() / np.abs(y).max())


@experiment_order.mistake(
    "AVG",
    "There is a mean, or a sum, where the *largest* is asked for, of the gaps or of the outputs: a layer that looks at its neighbours in one pixel alone has a small mean gap.",
    uses=("mean()", "average()", "sum()"),
)
def order_by_the_mean(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).mean() / np.abs(y).max())


@experiment_order.mistake(
    "SCL",
    "Each gap is divided by an output of its own, and one of those is near 0. Take the largest gap and the largest output, and divide once.",
)
def order_place_by_place(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float(np.abs((shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)) / y).max())


@experiment_order.mistake(
    "DAT",
    "Your image has one row or one column: whoever mixes in the mean of it is not caught, for it is the mean of all. Draw several of both.",
)
def order_of_one_row(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 3, 1, 35)), rng.standard_normal((4, 3)), rng.permutation(35)
    y = layer(x, weight)
    return float(np.abs(layer(x[..., perm], weight) - y[..., perm]).max() / np.abs(y).max())


@experiment_order.mistake(
    "SGN", "A gap may be below zero as well as above: take its absolute value before you look for the largest."
)
def order_without_abs(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    return float((shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max() / np.abs(y).max())


@experiment_order.mistake(
    "PRC",
    "You round a small gap to zero. A layer that looks at its neighbours by a billionth looks at them: hand the number over as it is.",
)
def order_rounded(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 3, 5, 7)), rng.standard_normal((4, 3)), rng.permutation(35)
    y = layer(x, weight)
    shuffled = layer(x.reshape(1, 3, 35)[:, :, perm].reshape(x.shape), weight)
    gap = np.abs(shuffled - y.reshape(1, 4, 35)[:, :, perm].reshape(y.shape)).max() / np.abs(y).max()
    return float(gap) if gap > 1e-6 else 0.0


@experiment_order.alternative
def order_pixel_by_pixel(rng, layer=convs.pointwise):
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
def order_with_take(rng, layer=convs.pointwise):
    x, weight, perm = rng.standard_normal((3, 4, 6, 6)), rng.standard_normal((2, 4)), rng.permutation(36)

    def shuffle(a):
        return np.take(a.reshape(*a.shape[:2], 36), perm, axis=2).reshape(a.shape)

    before, behind = layer(shuffle(x), weight), shuffle(layer(x, weight))
    return np.linalg.norm((before - behind).ravel(), np.inf) / np.abs(behind).max()
