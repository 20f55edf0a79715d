# %% [markdown]
# # Lesson 13 · Correct the article: experiments
#
# You have taken an article apart, sentence by sentence, over twelve lessons. In lesson 13b you write the correction. Who
# corrects in public is corrected in public: so each sentence needs a number, and each number an experiment that could have
# come out the other way. Would yours have?
#
# **Time:** 60 minutes. **You need:** lessons 03 (counting), 05 (the shuffle test), 06 (what is lost) and 07 (training).
#
# You will be able to
# - turn a sentence into a number that would refute it, and say beforehand which number that is;
# - decide by a rule that was there before the numbers: *true*, *false* or *it depends*;
# - tell an experiment from a ceremony, by putting an impostor in its place.

# %%
import numpy as np

from course_utils import check, convs, hint, plots, progress, quiz, solution, widgets
from course_utils.experiments import claims, descent, reduction
from course_utils.plots import verdicts

# %% [markdown]
# ## From a sentence to a number
#
# The course holds the article's sentences as data. Each has a **deciding number**, in words, and the range in which that
# number must lie if the sentence is right:

# %%
for number in (4, 13, 14, 18):
    claim = claims.CLAIMS[number]
    print(f"Claim {number}, lesson {claim.lesson}: \"{claim.quote}\"")
    print(f"    number: {claim.measure}")
    print(f"    the claim says: from {claim.low:g} to {claim.high:g}\n")

# %% [markdown]
# Such a range is fixed *before* the experiment. Whoever looks at the number first will find a range to fit it.
#
# One run may be luck, so an experiment is run many times with fresh data. The rule of this lesson and of
# 13b, stated here once and for all claims:
#
# - a run **agrees** if its number lies in the range, ends included;
# - the claim is **true** if at least 95 of 100 runs agree (`claims.MOST`), and **false** if at most 5 of 100 do;
# - in between, **it depends**: and then it is your task to find out on what.
#
# Here are the numbers of 20 runs in three cases.
#
# **Before you go on:** which verdict does each line get? Mind the last one: what would its average say?

# %%
rng = np.random.default_rng(3)
three = {"one": rng.uniform(2, 4, 20), "two": rng.uniform(5, 8, 20), "three": np.repeat([3.0, 4.6], 10)}
plots.show(
    verdicts.worlds(three, low=2, high=4, title="a number"),
    alt="13.worlds",
)

# %% [markdown]
# ### Exercise: verdict
#
# About 8 minutes. Write the rule as a function. Stuck? Run `hint(verdict)` in a new cell.

# %% nbgrader={"grade": false, "grade_id": "verdict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def verdict(claim, value):
    """What repeated runs say about a claim: "true", "false" or "depends".

    claim: has claim.low and claim.high. A run agrees if low <= its number <= high.
    value: one number, or a list or array of numbers, one a run.
    Returns "true" if at least the share claims.MOST (0.95) of the runs agrees, "false" if at most
    1 - claims.MOST (0.05) does, and else "depends".

    verdict(claims.CLAIMS[5], 64)            is "false": the claim says 2,048
    verdict(claims.CLAIMS[13], [0.0, 0.99])  is "depends": one run of two agrees
    """
    ### BEGIN SOLUTION
    numbers = np.atleast_1d(value)
    agree = np.mean((claim.low <= numbers) & (numbers <= claim.high))
    if agree >= claims.MOST:
        return "true"
    return "false" if agree <= 1 - claims.MOST else "depends"
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "verdict_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(verdict)
### BEGIN HIDDEN TESTS
check(verdict, seed=1)
### END HIDDEN TESTS

# %%
print({name: verdict(claims.Claim(0, "", "", "", 2, 4), values) for name, values in three.items()})

# %% [markdown]
# Your function judges all claims from here on. This board collects your numbers and asks it what they say:

# %%
board = widgets.claim_board(verdict)

# %% [markdown]
# ## An experiment can come out the other way
#
# Claim 4 says that a layer makes C_out new maps *for each* of its C_in input maps. You know better. But suppose you show
# it like this:

# %%
def ceremony(rng, layer=convs.conv2d):
    weight = rng.standard_normal((4, 3, 3, 3))
    layer(rng.standard_normal((1, 3, 8, 8)), weight, padding=1)
    return len(weight) / (3 * 4)


print("share of the article's maps, five runs:", [round(ceremony(np.random.default_rng(s)), 3) for s in range(5)])

# %% [markdown]
# A third, each time, so the claim is refuted? Let us build the world in which the article is *right*: a layer that does
# not sum over its input channels. **Before you run it:** which number must an honest experiment give for it, and what
# will `ceremony` give?

# %%
def articles_layer(x, weight, padding=1):
    """Every input map makes C_out new ones, and nobody sums them."""
    maps = [convs.conv2d(x[:, [c]], weight[:, [c]], padding=padding) for c in range(x.shape[1])]
    return np.concatenate(maps, axis=1)


print("in the article's own world:", [round(ceremony(np.random.default_rng(s), articles_layer), 3) for s in range(5)])

# %% [markdown]
# The same. `ceremony` runs a layer, and reads its answer off the weight that it made itself. It would refute the article in
# a world in which the article is right. **An experiment that cannot come out the other way is no experiment.**
#
# That is how the four experiments below are built. Each of your functions gets what it tests as an argument, with the real
# thing as its default. The checks put impostors there, in which the article is right, or something else is. Your number
# has to notice.
#
# ### Exercise: an experiment on maps
#
# About 8 minutes. Draw a layer and an image, run the layer, count what comes out. Stuck? `hint(experiment_maps)`.

# %% nbgrader={"grade": false, "grade_id": "experiment_maps", "locked": false, "schema_version": 3, "solution": true, "task": false}
def experiment_maps(rng, layer=convs.conv2d):
    """Maps that come out of a layer, as a share of C_in · C_out: one number.

    rng: np.random.default_rng(seed), from which everything is drawn: an image x (1, C_in, H, W), C_in ≥ 2,
    and a weight (C_out, C_in, 3, 3). layer(x, weight, padding=1) returns maps (1, some number, H, W).

    The article says 1. If one map comes out for each output channel, the number is 1 / C_in:
    with C_in = 3 and C_out = 4, 4 maps of 12 are 0.333.
    """
    ### BEGIN SOLUTION
    c_in, c_out = rng.integers(2, 9, size=2)
    x, weight = rng.standard_normal((1, c_in, 8, 8)), rng.standard_normal((c_out, c_in, 3, 3))
    return layer(x, weight, padding=1).shape[1] / (c_in * c_out)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "experiment_maps_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(experiment_maps)
### BEGIN HIDDEN TESTS
check(experiment_maps, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Twenty runs in each world. Shaded is what the claim says.

# %%
SEEDS = range(20)


def runs(experiment, *world):
    """The numbers of 20 runs of an experiment, each with a generator of its own."""
    return [experiment(np.random.default_rng(seed), *world) for seed in SEEDS]


maps = {"real layer": runs(experiment_maps), "article's layer": runs(experiment_maps, articles_layer)}
plots.show(
    verdicts.worlds(maps, 0.99, 1.01, "maps that come out / (C_in · C_out)"),
    alt="13.worlds_2",
)
board.record(4, maps["real layer"])

# %% [markdown]
# ### Exercise: an experiment on information
#
# About 10 minutes. Claim 13: 1000 channels become 10 "without losing any information". That 10 come out was never in
# doubt. The number that decides is what a decoder cannot bring back. `reduction.share_lost(x, weight)` computes it, like
# your `restore_error` of lesson 06.
#
# Where the channels come from is the world here: a function that draws them. Stuck? `hint(experiment_lossless)`.

# %%
def noise(rng):
    """1000 channels that have nothing to do with each other."""
    return rng.standard_normal((1, 1000, 30, 30))


def mixes_of_ten(rng):
    """1000 channels, all of them mixes of the same 10 maps."""
    return np.tensordot(rng.standard_normal((1000, 10)), rng.standard_normal((10, 30, 30)), axes=1)[np.newaxis]


for channels in (noise, mixes_of_ten):
    print(f"{channels.__name__:>12}: shape {channels(np.random.default_rng(0)).shape}")

# %% nbgrader={"grade": false, "grade_id": "experiment_lossless", "locked": false, "schema_version": 3, "solution": true, "task": false}
def experiment_lossless(rng, channels=noise):
    """The share of the channels' variance that is lost when a 1×1 layer reduces them to 10: one number, 0 to 1.

    rng: np.random.default_rng(seed), from which everything is drawn. channels(rng) returns x (1, C, H, W)
    with C > 10. Draw a weight (10, C). reduction.share_lost(x, weight) is the share of the variance that the
    best linear decoder cannot restore from what the layer makes of x.

    The article says 0. If each of 1000 channels tells something of its own, it is about 1 - 10/1000 = 0.99.
    """
    ### BEGIN SOLUTION
    x = channels(rng)
    weight = rng.standard_normal((10, x.shape[1]))
    return reduction.share_lost(x, weight)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "experiment_lossless_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(experiment_lossless)
### BEGIN HIDDEN TESTS
check(experiment_lossless, seed=1)
### END HIDDEN TESTS

# %%
lost = {"noise": runs(experiment_lossless), "mixes of ten": runs(experiment_lossless, mixes_of_ten)}
plots.show(
    verdicts.worlds(lost, 0, 1e-6, "share of the variance lost"),
    alt="13.worlds_3",
)
print({world: verdict(claims.CLAIMS[13], numbers) for world, numbers in lost.items()})
print("all 40 runs together:", verdict(claims.CLAIMS[13], lost["noise"] + lost["mixes of ten"]))
board.record(13, lost["noise"], given="channels of noise")
board.record(13, lost["mixes of ten"], given="mixes of 10 maps")

# %% [markdown]
# Two verdicts and a third. None of them contradicts another: the number depends on the data, and here you know on what
# in them. The sentence in the article has no "if", so one kind of data that refutes it is enough.

# %% [markdown]
# ### Exercise: an experiment on differing rows
#
# About 10 minutes. Claim 18: 4 outputs are there "to ensure that all 4 output channels have features that are
# different". If something ensures it, it must do so from any start, also from the worst: four equal rows. So do not
# start from rows that differ already. The world is the training. `descent.descend(weight0, head, steps)` is that of
# lesson 07. Stuck? `hint(experiment_distinct)`.

# %% nbgrader={"grade": false, "grade_id": "experiment_distinct", "locked": false, "schema_version": 3, "solution": true, "task": false}
def experiment_distinct(rng, train=descent.descend):
    """The rank of a weight trained from 4 equal rows, to a relative tolerance of 1e-6: one number, 1 to 4.

    rng: np.random.default_rng(seed), from which one row of 10 numbers is drawn. Laid down 4 times it is
    weight0 (4, 10). head is (4,): one number four times, not 0. train(weight0, head, steps), with at least
    10 steps, returns the trained (weight, head).

    The article says 4. If four equal rows stay equal, it is 1. A weight [[1, 2], [2, 4]] would have rank 1.
    """
    ### BEGIN SOLUTION
    row = 0.3 * rng.standard_normal(10)
    weight, _ = train(np.tile(row, (4, 1)), np.full(4, 0.5), 100)
    return np.linalg.matrix_rank(weight, rtol=1e-6)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "experiment_distinct_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(experiment_distinct)
### BEGIN HIDDEN TESTS
check(experiment_distinct, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# As an impostor, a training that does part the rows: it nudges every weight by a hair before it starts.

# %%
def nudged(weight0, head, steps):
    nudge = 0.01 * np.random.default_rng(0).standard_normal(weight0.shape)
    return descent.descend(weight0 + nudge, head, steps)


ranks = {"real training": runs(experiment_distinct), "nudged at the start": runs(experiment_distinct, nudged)}
plots.show(
    verdicts.worlds(ranks, 3.95, 4.05, "rank after training"),
    alt="13.worlds_4",
)
board.record(18, ranks["real training"])

# %% [markdown]
# The impostor is what everybody does: start at random. So *nearly always* the rows do differ, in practice. It is the word
# "ensure" that is false, and with it the idea of who does it.

# %% [markdown]
# ### Exercise: an experiment on order
#
# About 10 minutes. Claim 14 describes the layer as a "linear traversal … top to bottom and left to right". If order
# belongs to the layer, then pixels in another order must give other results. Hand the layer an image and its shuffle.
# To make the number comparable between layers, divide the gap by the largest output. Stuck? `hint(experiment_order)`.

# %% nbgrader={"grade": false, "grade_id": "experiment_order", "locked": false, "schema_version": 3, "solution": true, "task": false}
def experiment_order(rng, layer=convs.pointwise):
    """How much the order of the pixels matters: one number, 0 or more.

    It is the largest absolute difference between layer(shuffled x) and the shuffled layer(x), divided by the
    largest absolute value of layer(x).

    rng: np.random.default_rng(seed), from which everything is drawn: an image x (1, C_in, H, W), a weight
    (C_out, C_in), and a permutation of the H·W pixels. layer(x, weight) returns (1, C_out, H, W).

    The article says: not 0. If each pixel is computed by itself, it is 0, up to rounding. A gap of 0.6 where
    the largest output is 3.0 gives 0.2.
    """
    ### BEGIN SOLUTION
    x, weight, perm = rng.standard_normal((1, 3, 8, 9)), rng.standard_normal((4, 3)), rng.permutation(72)

    def shuffle(a):
        return a.reshape(*a.shape[:2], 72)[:, :, perm].reshape(a.shape)

    y = layer(x, weight)
    return np.abs(layer(shuffle(x), weight) - shuffle(y)).max() / np.abs(y).max()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "experiment_order_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(experiment_order)
### BEGIN HIDDEN TESTS
check(experiment_order, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The impostor here is a layer that really walks: each pixel adds a tenth of what came out for the one before it.

# %%
def walking_layer(x, weight):
    y = convs.pointwise(x, weight)
    flat = y.reshape(*y.shape[:2], -1)
    for p in range(1, flat.shape[2]):
        flat[:, :, p] += 0.1 * flat[:, :, p - 1]
    return flat.reshape(y.shape)


gaps = {"real layer": runs(experiment_order), "walking layer": runs(experiment_order, walking_layer)}
plots.show(
    verdicts.worlds(gaps, 1e-6, np.inf, "largest gap / largest output"),
    alt="13.worlds_5",
)
print({world: verdict(claims.CLAIMS[14], numbers) for world, numbers in gaps.items()})
board.record(14, gaps["real layer"])

# %% [markdown]
# ## Four claims on the board
#
# **Before you look:** in none of 20 runs did real training make four equal rows different. Does that show that it never
# does?

# %%
from IPython.display import display

display(board)

# %% [markdown]
# Each dot is a run, and shaded is what the claim says. *more*, at the end of a line, has it in words, with what it leaves
# open: "0 of 20 agree" does not mean *never*. It leaves room for up to 17 in a hundred, if one wants to be 95 % sure. More runs
# make that room smaller, and no number of them makes it nothing. An argument does: equal rows with equal heads get equal
# gradients (lesson 07), so they stay equal in every run. The experiment told you where to look for one.
#
# Claim 13 stands there twice, once for each kind of data. The other lines are still open.

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the two checks.

# %% nbgrader={"grade": false, "grade_id": "13_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    claim_falsifiable="a",
    claim_no_experiment="c",
)

# %% nbgrader={"grade": true, "grade_id": "claim_falsifiable_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["claim_falsifiable"], "claim_falsifiable")

# %% nbgrader={"grade": true, "grade_id": "claim_no_experiment_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["claim_no_experiment"], "claim_no_experiment")

# %% [markdown]
# ## Summary
#
# You can now
# - name, before you measure, the number that would refute a sentence;
# - say *true*, *false* or *it depends* by a rule that was there first;
# - put an impostor into your own experiment, and throw the experiment away if it does not notice.
#
# **Claims decided here:** that maps multiply (4), false; that nothing is lost (13), false as it stands and true for mixes of
# ten maps; that the layer walks along the pixels (14), false; that four outputs *ensure* different features (18), false.
#
# Next, lesson 13b: thirteen more sentences can be tested. All nineteen come on one board, and you write the correction.
#
# ## Go further
#
# - The article's sources, and yours: [Network In Network](https://arxiv.org/abs/1312.4400),
#   [Going Deeper with Convolutions](https://arxiv.org/abs/1409.4842), [Deep Residual Learning](https://arxiv.org/abs/1512.03385),
#   [MobileNets](https://arxiv.org/abs/1704.04861). Pick one sentence of any of them. Which number would refute it?
