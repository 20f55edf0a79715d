"""How many different rows of weights are left after training."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise
from course_utils.experiments import descent


def nearly_alike(rng, steps, share):
    """Two equal rows and a head just so uneven that these steps part the rows to `share` of the tolerance.

    Each step parts them a little more, so one step more or less, or another step, ends on its other side.
    """
    row, apart = rng.standard_normal(10) * 0.3, 1e-6
    for _ in range(3):
        weight0, head = np.tile(row, (2, 1)), np.array([-0.6, -0.6 + apart])
        sizes = np.linalg.svd(descent.descend(weight0, head, steps)[0], compute_uv=False)
        apart *= share * 1e-6 * sizes[0] / sizes[1]
    return weight0, head, steps


def starts(rng):
    """Cases for `f(weight0, head, steps)`: four hidden channels that begin alike, apart, or at nothing."""
    row = rng.standard_normal(10) * 0.3
    different = np.array([0.5, -0.3, 0.2, 0.9])
    yield case("four equal rows, four equal entries in head", np.tile(row, (4, 1)), np.full(4, 0.5), 50)
    yield case("random rows", rng.standard_normal((4, 10)) * 0.3, different, 50)
    yield case("four equal rows, a head of different entries", np.tile(row, (4, 1)), different, 100)
    pair = rng.standard_normal((2, 10))
    yield case("two pairs of equal rows, each with its own head", np.tile(pair, (2, 1)), np.tile([0.5, -0.3], 2), 60)
    yield case("zeros", np.zeros((4, 10)), np.zeros(4), 30)
    yield case("four equal rows, no step", np.tile(row, (4, 1)), different, 0)
    yield case("multiples of one row, no step", np.outer([1.0, -0.5, 2.0, 0.7], row), different, 0)
    yield case("five equal rows of 6 channels", np.full((5, 6), 0.2), np.full(5, -0.4), 80)
    yield case("five random rows of 3 channels", rng.standard_normal((5, 3)), rng.standard_normal(5), 40)
    apart, _ = np.linalg.qr(rng.standard_normal((8, 4)))
    for label, faint in (("just above", 1.2e-6), ("just below", 0.7e-6)):
        mixed = np.linalg.qr(rng.standard_normal((4, 4)))[0] * [1.0, 1.0, 1.0, faint] @ apart.T
        yield case(f"a fourth direction {label} the tolerance, no step", mixed, different, 0)
    for label, share in (("just above", 1.1), ("just below", 0.9)):
        yield case(f"two rows that five steps part to {label} the tolerance", *nearly_alike(rng, 5, share))
    yield case("tiny random rows, no step", 1e-8 * rng.standard_normal((4, 6)), 1e-3 * different, 0)
    yield case("huge multiples of one row, no step", 1e12 * np.outer([1.0, -0.3, 0.7, 0.1], row), 2000 * different, 0)
    yield case("whole numbers, no step", rng.integers(1, 9, (4, 6)), different, 0)
    dotted = inputs.dotted(rng.standard_normal((4, 6)))
    yield case("zeros here and there", dotted, inputs.dotted(different), 60)
    nearly = np.tile(row, (4, 1)) + 1e-6 * np.outer([1, 2, 0, 0], row) + 1e-6 * np.eye(4, 10)[[1, 0, 2, 3]]
    yield case("nearly equal rows, more than a thousand steps", nearly, np.full(4, 0.5), 1001)
    yield case("one row, one step", rng.standard_normal((1, 10)) * 0.3, np.array([0.5]), 1)
    yield case("one channel", rng.standard_normal((4, 1)), different, 7)
    yield case("as many rows as channels", rng.standard_normal((4, 4)) * 0.3, different, 151)
    yield case(
        "twelve random rows of 14 channels", rng.standard_normal((12, 14)) * 0.1, rng.standard_normal(12) * 0.1, 5
    )
    yield case("negative numbers only, a view", -np.abs(rng.standard_normal((6, 4))).T * 0.3, -np.abs(different), 11)


@exercise(
    cases=starts,
    hints=(
        "Which weight does the question ask about: the one you start with, or the one you end with?",
        "descend(weight0, head, steps) returns the trained weight and head. Rows that differ by rounding alone do not count.",
        "weight, _ = descend(weight0, head, steps);  count the singular values above 1e-6 of the largest",
    ),
)
def distinct_rows(weight0, head, steps):
    weight, _ = descent.descend(weight0, head, steps)
    sizes = np.linalg.svd(weight, compute_uv=False)
    return int((sizes > 1e-6 * sizes.max()).sum())


@distinct_rows.mistake("ORD", "This is the rank before training. Train first, then look.")
def before_training(weight0, head, steps):
    return int(np.linalg.matrix_rank(weight0, rtol=1e-6))


@distinct_rows.mistake("RNK", "The number of rows is a shape, not a rank. Four rows can all say the same.")
def counts_rows(weight0, head, steps):
    return len(weight0)


@distinct_rows.mistake(
    "PRC",
    "With next to no tolerance, rounding noise counts as a direction. Compare with 1e-6 of the largest singular value.",
)
def tolerance_zero(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight, _ = descend(weight0, head, steps)
    return int((np.linalg.svd(weight, compute_uv=False) > 0).sum())


@distinct_rows.mistake(
    "PRC",
    "matrix_rank has a tolerance of its own, next to none: rounding noise counts as a direction. Give it the one that is asked for, rtol=1e-6.",
    uses=("matrix_rank",),
)
def default_tolerance(weight0, head, steps):
    from course_utils.experiments.descent import descend

    return int(np.linalg.matrix_rank(descend(weight0, head, steps)[0]))


@distinct_rows.mistake(
    "RNK",
    "You count all singular values, and there are as many as the shape has room for. Which are more than noise?",
    uses=("svd()",),
)
def counts_singular_values(weight0, head, steps):
    return len(np.linalg.svd(weight0, compute_uv=False))


@distinct_rows.mistake("ARG", "You start from fresh random rows. The question is what *this* start, weight0, becomes.")
def starts_afresh(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight, _ = descend(np.random.default_rng(0).standard_normal(weight0.shape), head, steps)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@distinct_rows.mistake(
    "RNK", "You count rows that differ. Rows can differ and still be multiples of each other: count the rank."
)
def counts_different_rows(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight, _ = descend(weight0, head, steps)
    return len(np.unique(weight.round(9), axis=0))


@distinct_rows.mistake("ARG", "You train for one step, whatever `steps` says.")
def one_step(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight, _ = descend(weight0, head, min(steps, 1))
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@distinct_rows.mistake(
    "RNK", "You count rows that differ. Rows can differ and still be multiples of each other: count the rank."
)
def counts_rows_that_look_different(weight0, head, steps):
    from course_utils.experiments.descent import descend

    return len(np.unique(descend(weight0, head, steps)[0].round(6), axis=0))


@distinct_rows.mistake(
    "SCL",
    "You compare with 1e-6 itself. What counts is 1e-6 *of the largest* singular value: the same rows, all a million "
    "times smaller, have the same rank. (A number behind the matrix in matrix_rank is such a tolerance, too.)",
)
def absolute_tolerance(weight0, head, steps):
    from course_utils.experiments.descent import descend

    return int((np.linalg.svd(descend(weight0, head, steps)[0], compute_uv=False) > 1e-6).sum())


@distinct_rows.mistake("ARG", "You train for one step, whatever `steps` says.")
def one_step_always(weight0, head, steps):
    from course_utils.experiments.descent import descend

    return int(np.linalg.matrix_rank(descend(weight0, head, 1)[0], rtol=1e-6))


@distinct_rows.alternative
def with_matrix_rank(weight0, head, steps):
    from course_utils.experiments.descent import descend

    return np.linalg.matrix_rank(descend(weight0, head, steps)[0], rtol=1e-6)


@distinct_rows.alternative
def with_eigenvalues(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight = descend(weight0, head, steps)[0]
    squares = np.linalg.eigvalsh(weight @ weight.T)
    return sum(bool(s > 1e-12 * squares.max()) for s in squares)
