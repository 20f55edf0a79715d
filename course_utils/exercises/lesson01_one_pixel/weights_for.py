"""Weights and a bias found from pixels and the numbers wanted for them."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def mixes(rng):
    """Pixels and one number for each: exact mixes, and mixes with noise. The bias is never near 0."""
    yield case("40 pixels, with noise on the targets", *mixed(rng, 40, 3, noise=0.2))
    yield case("pure red, green and blue, then black", np.eye(4)[:, :3], inputs.signed(rng, 4))
    yield case("30 pixels, an exact mix", *mixed(rng, 30, 3))
    yield case("one channel, with noise", *mixed(rng, 12, 1, noise=0.1))
    yield case("five channels, with noise", *mixed(rng, 25, 5, noise=0.3))
    numbers, targets = mixed(rng, 20, 4, noise=0.1)
    yield case("pixels is a transposed view", np.ascontiguousarray(numbers.T).T, targets)
    yield case("random sizes", *mixed(rng, int(rng.integers(15, 60)), int(rng.integers(2, 6)), noise=0.1))
    yield case("twelve channels", *mixed(rng, 80, 12, noise=0.1))
    yield case("as many pixels as unknowns", *mixed(rng, 4, 3))
    yield case("targets that are all 0", mixed(rng, 20, 3)[0], np.zeros(20))
    numbers, targets = mixed(rng, 20, 3, noise=0.1)
    yield case("negative numbers only", -np.abs(numbers), targets)
    yield case("targets that are all the same", numbers, np.full(20, 2.5))
    yield from inputs.varied(*mixed(rng, 30, 3, noise=0.2), but=("zero", "same", "negative"))
    for said, (count,) in inputs.stretched(rng, "pixels"):
        yield case(said, *mixed(rng, count, 2, noise=0.1))
    yield case("more than 64 channels", *mixed(rng, 160, int(rng.integers(66, 80)), noise=0.1))


def mixed(rng, count, c, noise=0.0):
    """`count` pixels of c channels that do not centre on zero, and a mix of each with a bias well away from zero."""
    numbers = rng.normal(size=(count, c)) + rng.uniform(1, 2, c)
    bias = rng.choice([-1, 1]) * rng.uniform(2, 4)
    return numbers, numbers @ inputs.signed(rng, c) + bias + noise * rng.normal(size=count)


@exercise(
    cases=mixes,
    hints=(
        "Each pixel is one equation: w·v + b = target. What is unknown in it, and how many unknowns are there in all?",
        "b is the weight of a channel that is always 1. Put a column of ones beside `pixels`; keep one *row* a pixel.",
        "A = [pixels, column of ones];  answer = np.linalg.lstsq(A, targets)[0];  w is all but the last, b the last",
    ),
)
def weights_for(pixels, targets):
    centre, level = pixels.mean(axis=0), targets.mean()
    w = np.linalg.pinv(pixels - centre) @ (targets - level)
    return w, float(level - w @ centre)


@weights_for.mistake("AVG", "Every channel gets the same weight 1/C: that is the average. Let the targets decide.")
def average(pixels, targets):
    c = pixels.shape[1]
    return np.full(c, 1 / c), float(targets.mean() - pixels.mean())


@weights_for.mistake(
    "TRN", "Your system is transposed: it has one equation per channel. Each *pixel* is one equation, one row."
)
def transposed_system(pixels, targets):
    system = np.column_stack([pixels, np.ones(len(pixels))])
    answer = np.linalg.lstsq(system.T, targets, rcond=None)[0]
    return answer[:-1], answer[-1]


@weights_for.mistake(
    "BIA", "You fit without a bias, so a black pixel can only give 0. Let b take part: a column of ones does it."
)
def bias_forgotten(pixels, targets):
    return np.linalg.lstsq(pixels, targets, rcond=None)[0], 0.0


@weights_for.mistake(
    "BIA",
    "The weights are right. b is not the mean of the targets: it is what is left of it when the mix of the mean pixel "
    "is taken away.",
)
def mean_target_as_bias(pixels, targets):
    system = np.column_stack([pixels, np.ones(len(pixels))])
    return np.linalg.lstsq(system, targets, rcond=None)[0][:-1], float(targets.mean())


@weights_for.mistake(
    "BIA",
    "You fit the weights without a bias and add b afterwards. Find both at once: b changes what the best weights are.",
)
def bias_afterwards(pixels, targets):
    w = np.linalg.lstsq(pixels, targets, rcond=None)[0]
    return w, float((targets - pixels @ w).mean())


@weights_for.mistake(
    "DWP", "You fit each channel on its own. The channels explain the targets together: solve for all weights at once."
)
def one_channel_at_a_time(pixels, targets):
    centred, level = pixels - pixels.mean(axis=0), targets - targets.mean()
    w = (centred * level[:, None]).sum(axis=0) / (centred**2).sum(axis=0)
    return w, float(targets.mean() - w @ pixels.mean(axis=0))


@weights_for.mistake(
    "EDG",
    "Your answer fits the first few pixels and ignores the others. Where no mix fits all exactly, use all of them: "
    "least squares.",
)
def first_pixels_only(pixels, targets):
    size = pixels.shape[1] + 1
    answer = np.linalg.solve(np.column_stack([pixels, np.ones(len(pixels))])[:size], targets[:size])
    return answer[:-1], answer[-1]


@weights_for.mistake(
    "ORD",
    "The numbers are right and taken apart at the wrong end: the column of ones is the last, so b is the last of them.",
)
def bias_taken_first(pixels, targets):
    system = np.column_stack([pixels, np.ones(len(pixels))])
    answer = np.linalg.lstsq(system, targets, rcond=None)[0]
    return answer[1:], answer[0]


@weights_for.mistake("TYP", "Your answer is one array with b at its end. Return two things: the weights, and b.")
def all_in_one(pixels, targets):
    system = np.column_stack([pixels, np.ones(len(pixels))])
    return np.linalg.lstsq(system, targets, rcond=None)[0]


@weights_for.mistake(
    "ORD",
    "The numbers are right and taken apart at the wrong end: the column of ones is the first, so b is the first of them.",
)
def bias_taken_last(pixels, targets):
    system = np.column_stack([np.ones(len(pixels)), pixels])
    answer = np.linalg.lstsq(system, targets, rcond=None)[0]
    return answer[:-1], answer[-1]


@weights_for.mistake(
    "TYP", "You return all four things that lstsq does. Its first is the solution, [0]: take that apart into w and b."
)
def all_of_lstsq(pixels, targets):
    return np.linalg.lstsq(np.column_stack([pixels, np.ones(len(pixels))]), targets, rcond=None)


@weights_for.mistake(
    "SCL", "You divide the weights by their sum. They need not add up to 1: take what least squares finds as it is."
)
def weights_normalised(pixels, targets):
    *w, b = np.linalg.lstsq(np.column_stack([pixels, np.ones(len(pixels))]), targets, rcond=None)[0]
    return np.array(w) / np.sum(w), b


@weights_for.mistake(
    "AXS",
    "You put a *row* of ones below the pixels: one pixel too many. b needs a column: one more number for each pixel.",
)
def a_row_of_ones(pixels, targets):
    answer = np.linalg.lstsq(np.vstack([pixels, np.ones(pixels.shape[1])]), targets, rcond=None)[0]
    return answer[:-1], answer[-1]


@weights_for.mistake(
    "LIN", "You replace negative weights by 0. A channel may count against the others: take what least squares finds."
)
def no_negative_weights(pixels, targets):
    *w, b = np.linalg.lstsq(np.column_stack([pixels, np.ones(len(pixels))]), targets, rcond=None)[0]
    return np.maximum(w, 0), b


@weights_for.mistake(
    "TYP",
    "You return the first two things of lstsq, its solution and what is left of the errors. Take the *solution* apart.",
)
def two_of_lstsq(pixels, targets):
    return np.linalg.lstsq(np.column_stack([pixels, np.ones(len(pixels))]), targets, rcond=None)[:2]


@weights_for.mistake(
    "TYP", "You take apart the four things that lstsq returns. The first of them is the solution: take that apart."
)
def lstsq_taken_apart(pixels, targets):
    four = np.linalg.lstsq(np.column_stack([pixels, np.ones(len(pixels))]), targets, rcond=None)
    return four[:-1], four[-1]


@weights_for.mistake(
    "BIA",
    "You take the mean of the targets for b and fit the weights to the rest. The mean pixel is not 0: find w and b together.",
)
def weights_after_the_mean(pixels, targets):
    return np.linalg.lstsq(pixels, targets - targets.mean(), rcond=None)[0], targets.mean()


@weights_for.alternative
def column_of_ones(pixels, targets):
    system = np.hstack([pixels, np.ones((len(pixels), 1))])
    answer, *_ = np.linalg.lstsq(system, targets, rcond=None)
    return answer[:-1], answer[-1]


@weights_for.alternative
def normal_equations(pixels, targets):
    system = np.column_stack([np.ones(len(pixels)), pixels])
    b, *w = np.linalg.solve(system.T @ system, system.T @ targets)
    return np.array(w), b


@weights_for.alternative
def with_scikit_learn(pixels, targets):
    from sklearn.linear_model import LinearRegression

    fit = LinearRegression().fit(pixels, targets)
    return fit.coef_, fit.intercept_
