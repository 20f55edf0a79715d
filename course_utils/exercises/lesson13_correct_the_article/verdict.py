"""What the numbers of an experiment say about a claim."""

import numpy as np

from course_utils.exercises.spec import case, exercise
from course_utils.experiments import claims


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
    yield case("94 of 100 runs in it", claim, [low + 1.0] * 94 + [low + 50.0] * 6)
    for said, agree in (("nearly enough", 1898), ("a little too many", 102)):
        yield case(
            f"2,000 runs, {said} of them in it", claim, np.repeat([low + 1.0, low + 50.0], [agree, 2000 - agree])
        )
    yield case("1 of 19 runs in it", claim, [low + 50.0] * 18 + [low + 1.0])
    yield case("one run, a hair above its upper end", claim, (low + 2) * (1 + 1e-7))
    yield case("one run, less than a hair below its lower end", claim, low * (1 - 1e-12))
    yield case("one run that gave no number, nan", claim, np.array([np.nan]))
    yield case(
        "20 runs, two of which gave no number, nan", claim, np.array([low + 1.0] * 9 + [np.nan] * 2 + [low + 1.0] * 9)
    )
    around = made_up(-2, 1)
    for said, value in (("0", 0.0), ("a number below 0", -1.5), ("a small number", 0.004)):
        yield case(f"one run, {said}, in the range", around, value)
    yield case("a range without an upper end", made_up(1000, np.inf), np.array([16, 50, 152, 1001, 1202]))
    yield case("a range without an upper end, one run", made_up(1000, np.inf), 1202)
    yield case("a share lost, and the claim says none", made_up(0, 1e-6), rng.uniform(0.2, 0.9, 15))
    yield case("nothing lost but rounding", made_up(0, 1e-6), rng.uniform(0, 1e-12, 15))
    yield case("a hair more lost than the claim allows", made_up(0, 1e-6), 1.005e-6)
    many = int(rng.integers(1001, 1200))
    for said, misses in (("few", many // 21), ("some", many // 19)):
        values = [low + 1.0] * (many - misses) + [low + 50.0] * misses
        yield case(f"{many:,} runs, {said} of them outside", claim, values)


@exercise(
    cases=stated,
    small=(
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), 1.5",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), 3.0",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), 0.0",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), 1.0",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), 2.0",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), [1.5, 1.5]",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), [1.5, 3.0]",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), [3.0, 3.0]",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), [1.5] * 19 + [3.0]",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), [1.5] + [3.0] * 19",
        "claims.Claim(0, 'made up', '13', 'a number', 1.0, 2.0), [1.5, 1.5, 3.0]",
    ),
    hints=(
        "First ask one run: does its number lie in the range that the claim allows? Then: of all runs, how many say yes?",
        "np.atleast_1d(value) makes an array of one number and of many. claims.MOST is the share that must agree, and the share that must disagree.",
        "agree = mean over runs of (low <= number <= high);  'true' if agree >= MOST;  'false' if agree <= 1 - MOST;  else 'depends'",
    ),
)
def verdict(claim, value):
    return claims.decide(claim, np.ravel(value))


@verdict.mistake(
    "TST",
    "Your verdict is the same had the experiment come out the other way. Either it does not look at the value, or it asks for what no share is: of all runs, 95 of 100, that is 0.95.",
)
def ignores_the_value(claim, value):
    return "false"


@verdict.mistake(
    "THR",
    "You take 'not everything is lost' for 'nothing is lost': any number below 1 counts for you. The range of the claim decides.",
)
def something_is_left(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= max(claim.high, 1.0)))
    return "true" if agree >= 0.95 else "false" if agree <= 1 - 0.95 else "depends"


@verdict.mistake(
    "THR",
    "For you it is enough that a number is above the lower end *or* below the upper one: any number is. Both: `&`.",
)
def one_end_is_enough(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) | (np.ravel(value) <= claim.high))
    return "true" if agree >= 0.95 else "false" if agree <= 1 - 0.95 else "depends"


@verdict.mistake(
    "THR", 'You say "false" wherever it is not "true". That takes as much as "true" does; in between, it depends.'
)
def false_unless_true(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return "true" if agree >= 0.95 else "false"


@verdict.mistake(
    "AVG", "You ask the median of the runs, one number. Ask each run whether its number lies in the range, and count."
)
def median_of_runs(claim, value):
    return "true" if claim.low <= np.median(value) <= claim.high else "false"


@verdict.mistake(
    "TYP", "A list cannot be compared with a number. np.atleast_1d(value) makes an array of it, and of one number too."
)
def list_as_it_is(claim, value):
    if isinstance(value, list):
        raise TypeError("'<=' not supported between instances of 'float' and 'list'")
    return claims.decide(claim, np.ravel(value))


@verdict.mistake("CNT", "You multiply the numbers of the runs. Runs do not multiply: ask each of them, and count.")
def product_of_runs(claim, value):
    return "true" if claim.low <= np.prod(value) <= claim.high else "false"


@verdict.mistake(
    "AVG",
    "You ask the average of the runs. Ask each run: an average can lie in the range when half of the runs do not.",
)
def average_of_runs(claim, value):
    return "true" if claim.low <= np.mean(value) <= claim.high else "false"


@verdict.mistake("THR", "For you one run in the range is enough to make the claim true. What do the other runs say?")
def any_run(claim, value):
    return "true" if np.any((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high)) else "false"


@verdict.mistake(
    "THR", "You want all runs or none. The stated threshold leaves one run in twenty to chance: claims.MOST."
)
def all_or_none(claim, value):
    agree = (claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high)
    return "true" if agree.all() else "depends" if agree.any() else "false"


@verdict.mistake("THR", "The ends of the range belong to it: <=, not <.")
def without_the_ends(claim, value):
    agree = np.mean((claim.low < np.ravel(value)) & (np.ravel(value) < claim.high))
    return "true" if agree >= 0.95 else "false" if agree <= 1 - 0.95 else "depends"


@verdict.mistake("THR", "The lower end of the range is not looked at: a run agrees if low <= its number <= high.")
def high_alone(claim, value):
    agree = np.mean(np.ravel(value) <= claim.high)
    return "true" if agree >= 0.95 else "false" if agree <= 1 - 0.95 else "depends"


@verdict.mistake("THR", "The upper end of the range is not looked at: a run agrees if low <= its number <= high.")
def low_alone(claim, value):
    agree = np.mean(np.ravel(value) >= claim.low)
    return "true" if agree >= 0.95 else "false" if agree <= 1 - 0.95 else "depends"


@verdict.mistake("THR", "The threshold belongs to the verdict: a share of MOST is enough, >= and not >.")
def more_than_most(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return "true" if agree > 0.95 else "false" if agree < 1 - 0.95 else "depends"


@verdict.mistake("SGN", "True and false are swapped: a run whose number lies in the range *agrees* with the claim.")
def swapped(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return "false" if agree >= 0.95 else "true" if agree <= 1 - 0.95 else "depends"


@verdict.mistake(
    "THR", "You let the majority decide. The threshold is claims.MOST, 95 of 100; between the two ends it depends."
)
def majority(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return "true" if agree > 0.5 else "false"


@verdict.mistake(
    "THR",
    "For you half of the runs are enough. The threshold is claims.MOST, 95 of 100; between the two ends it depends.",
)
def half_is_enough(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return "true" if agree >= 0.5 else "false"


@verdict.mistake(
    "THR", "You let the majority decide. The threshold is claims.MOST, 95 of 100; between the two ends it depends."
)
def majority_or_a_tie(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return "true" if agree > 0.5 else "depends" if agree == 0.5 else "false"


@verdict.mistake(
    "EDG",
    "A run that gave no number (nan) agrees, as you have it: every comparison with nan is False, so `not (value < low)` is True. Ask for low <= value <= high.",
)
def nan_agrees(claim, value):
    numbers = np.ravel(value)
    return claims.decide(claim, np.where(np.isnan(numbers), claim.low, numbers))


@verdict.mistake(
    "THR",
    'You say "false" as soon as less than half of the runs agree. That takes as much as "true" does: 1 - claims.MOST or less.',
)
def false_below_half(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return "true" if agree >= 0.95 else "false" if agree < 0.5 else "depends"


@verdict.mistake("TYP", 'You return True and False. Asked are words: the text "true", "false" or "depends".')
def truth_values(claim, value):
    agree = np.mean((claim.low <= np.ravel(value)) & (np.ravel(value) <= claim.high))
    return True if agree >= 0.95 else False if agree <= 1 - 0.95 else "depends"


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
