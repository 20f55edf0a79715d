"""An experiment: do alike rows of weights grow apart?"""

import numpy as np

from course_utils.exercises.lesson13_correct_the_article.worlds import one_number, runs, seen_in, worlds
from course_utils.exercises.spec import exercise
from course_utils.experiments import descent


def parted(factors):
    """A training that nobody has seen: it hands back rows that are those it was given plus this much of four others."""

    def train(weight0, head, steps, *rest, **options):
        weight, head = descent.descend(weight0, head, 3)
        others = np.random.default_rng(4).standard_normal(weight.shape)
        return weight + np.asarray(factors, float) @ others[: len(factors[0])], head

    return train


def of_strengths(*strengths, size=1.0):
    """A training whose rows have these singular values, times `size`, whatever it is given."""

    def train(weight0, head, steps, *rest, **options):
        weight, head = descent.descend(weight0, head, 3)
        left, right = (np.linalg.qr(np.random.default_rng(n).standard_normal((n, 4)))[0] for n in (4, weight.shape[1]))
        return size * (left * strengths) @ right.T, head

    return train


def lengthened(weight0, head, steps, *rest, **options):
    """Rows that differ in length alone."""
    weight, head = descent.descend(weight0, head, 3)
    return weight * np.arange(1.0, len(weight) + 1)[:, np.newaxis], head


def trained(function, rng, train):
    """What an experiment with equal rows does with this training."""
    found = runs(function, rng, train)
    seen = seen_in(found, "training", lambda calls: {"row": [args[0] for args, _ in calls]})
    if not all(calls for _, calls in found):
        return seen
    calls = [call for _, made in found for call in made]
    starts = [np.asarray(args[0], float) for args, _ in calls]
    heads = [np.asarray(args[1], float) for args, _ in calls]
    seen["rows at the start"] = next((odd for odd in map(oddness, starts) if odd != EQUAL), EQUAL)
    seen["the head at the start"] = next((odd for odd in map(head_oddness, heads) if odd != EQUAL_HEAD), EQUAL_HEAD)
    seen["steps of training"] = "10 or more" if all(len(a) > 2 and a[2] >= 10 for a, _ in calls) else "fewer than 10"
    numbers = [one_number(answer) for answer, _ in found]
    if not all(np.isfinite(calls[-1][1][0]).all() for _, calls in found):
        return seen | {"the weight after training": "numbers that are too large to be written down"}
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
    if np.ptp(start[0]) == 0:
        return "one number over and over, not a row of numbers that are drawn"
    return EQUAL if (start == start[0]).all() else "rows that differ before any training"


EQUAL_HEAD = "one number for all rows, not 0"


def head_oddness(head):
    """What is wrong with a head, or EQUAL_HEAD."""
    if head.size == 0 or np.ptp(head):
        return "numbers that differ"
    return EQUAL_HEAD if head.any() else "0, under which no row moves"


@exercise(
    cases=worlds(
        ("the real training", descent.descend),
        ("an impostor that makes four different rows", parted(np.eye(4))),
        ("an impostor that makes two pairs of rows", parted([[1, 0], [1, 0], [0, 1], [0, 1]])),
        ("an impostor that makes rows of different length", lengthened),
        ("an impostor that parts its rows by a hair more than counts", of_strengths(1, 0.5, 1.5e-6, 1.2e-6)),
        ("an impostor that parts its rows by a hair less than counts", of_strengths(1, 0.5, 0.8e-6, 0.6e-6)),
        ("an impostor that makes tiny rows", of_strengths(1, 0.7, 1e-2, 1e-7, size=1e-9)),
        ("an impostor that makes huge rows", of_strengths(1, 0.7, 1e-7, 1e-8, size=1e9)),
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


@experiment_distinct.mistake(
    "TST",
    "You run descent.descend itself. Run `train`, the training that you are given: it may be another one, and you are to find out.",
    uses=("descend()",),
)
def distinct_by_the_real_training(rng, train=None):
    from course_utils.experiments import descent

    weight, _ = descent.descend(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@experiment_distinct.mistake(
    "TST",
    "`train`, the training that you are given, is never run. Run it on a start that you draw, and look at what it returns.",
)
def distinct_constant(rng, train=None):
    return 1


@experiment_distinct.mistake(
    "SYM",
    "Your rows differ before any training, so they differ after it whatever training does. Start from four *equal* rows.",
)
def distinct_random_start(rng, train=None):
    weight, _ = train(rng.standard_normal((4, 10)), np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@experiment_distinct.mistake(
    "SYM",
    "A head of different numbers parts the rows by itself, and it was your choice. Give all four rows the same head.",
)
def distinct_random_head(rng, train=None):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), rng.standard_normal(4), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@experiment_distinct.mistake(
    "RND", "Each rng gives you the same start. Draw the row with rng, or twenty runs are one run."
)
def distinct_one_seed(rng, train=None):
    weight, _ = train(np.tile(np.linspace(-0.5, 0.7, 10), (4, 1)), np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@experiment_distinct.mistake(
    "RNK", "You count the rows: 4 is the shape of the weight. How many of them say something that the others do not?"
)
def distinct_by_shape(rng, train=None):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), np.full(4, 0.5), 100)
    return len(weight)


@experiment_distinct.mistake(
    "ORD",
    "What you measure is not the weight that training returns, the first of two things. The claim is about that one, not about the start or the head.",
)
def distinct_before(rng, train=None):
    start = np.tile(rng.standard_normal(10) * 0.3, (4, 1))
    train(start, np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(start, rtol=1e-6))


@experiment_distinct.mistake(
    "SYM", "A head of zeros passes nothing on: no row moves, whatever training does. Take one number that is not 0."
)
def distinct_head_of_zeros(rng, train=None):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), np.zeros(4), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@experiment_distinct.mistake(
    "PRC",
    "Your tolerance is not the one that is asked for. A direction counts if it is larger than 1e-6 of the *largest*: matrix_rank(weight, rtol=1e-6).",
)
def distinct_default_tolerance(rng, train=None):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(weight))


@experiment_distinct.mistake(
    "PRC",
    "Your tolerance is larger than the one that is asked for. A direction counts if it is larger than 1e-6 of the *largest*: matrix_rank(weight, rtol=1e-6).",
)
def distinct_to_a_thousandth(rng, train=None):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), np.full(4, 0.5), 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-3))


@experiment_distinct.mistake(
    "SCL",
    "Your tolerance is a number of its own: 1e-6 means another thing to tiny rows than to huge ones. Compare with 1e-6 of the *largest* singular value.",
)
def distinct_absolute_tolerance(rng, train=None):
    weight, _ = train(np.tile(rng.standard_normal(10) * 0.3, (4, 1)), np.full(4, 0.5), 100)
    return int((np.linalg.svd(weight, compute_uv=False) > 1e-6).sum())


@experiment_distinct.mistake(
    "AXS",
    "What you hand to training first has one axis. It is weight0, of four rows: (4, 10), and np.tile(row, 4) is one long row. The head comes second.",
)
def one_long_row(rng, train=None):
    return np.linalg.matrix_rank(train(np.tile(rng.standard_normal(10), 4), np.ones(4), 50)[0], rtol=1e-6)


@experiment_distinct.mistake(
    "RNK", "You count rows that differ. Rows can differ and still be multiples of each other: count the rank."
)
def rows_that_differ(rng, train=None):
    return len(np.unique(train(np.tile(rng.standard_normal(10), (4, 1)), np.ones(4), 50)[0], axis=0))


@experiment_distinct.alternative
def distinct_by_svd(rng, train=descent.descend):
    row = rng.uniform(-0.5, 0.5, 6)
    weight = train(np.stack([row, row, row, row]), np.ones(4), 60)[0]
    strengths = np.linalg.svd(weight, compute_uv=False)
    return float((strengths > 1e-6 * strengths[0]).sum())


@experiment_distinct.alternative
def distinct_by_repeat(rng, train=descent.descend):
    start = np.repeat(rng.standard_normal((1, 12)) / 4, 4, axis=0)
    head = np.repeat(rng.uniform(0.2, 0.8), 4)
    trained_weight = train(start, head, 200)[0]
    return np.linalg.matrix_rank(trained_weight, rtol=1e-6)


@experiment_distinct.alternative
def distinct_with_names(rng, train=descent.descend):
    row = rng.standard_normal(10)
    weight, _ = train(weight0=np.tile(row, (4, 1)), head=np.ones(4), steps=50)
    return np.linalg.matrix_rank(weight, rtol=1e-6)
