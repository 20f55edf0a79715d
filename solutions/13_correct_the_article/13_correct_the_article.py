# %% [markdown]
# # Lesson 13 · Correct the article
#
# You have taken an article apart, sentence by sentence, over twelve lessons. Now write the correction. Who corrects in
# public is corrected in public: so each sentence needs a number, and each number an experiment that could have come out
# the other way. Would yours have?
#
# **Time:** 60 and 50 minutes, in two sittings. **You need:** lessons 03 (counting), 05 (the shuffle test), 06 (what is lost), 07 (training) and
# some PyTorch, as in lesson 10.
#
# You will be able to
# - turn a sentence into a number that would refute it, and say beforehand which number that is;
# - tell an experiment from a ceremony, by putting an impostor in its place;
# - report repeated runs with their spread, and no more than they show;
# - hold a fair contest between two networks, and correct a text with what you know.

# %%
import numpy as np

from course_utils import (
    check,
    claims,
    contest,
    convs,
    cost,
    data,
    descent,
    hint,
    plots,
    progress,
    quiz,
    reduction,
    solution,
    widgets,
)
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
# One run may be luck, so an experiment is run many times with fresh data. The rule of this lesson, stated here once and
# for all claims:
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
# That is how the four exercises below are built. Each of your functions gets what it tests as an argument, with the real
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
# > **A good place for a break.** When you come back, run all cells above again (menu *Run*, *Run All Above Selected Cell*).
# > Your answers are still there.
#
# ## The claim board
#
# The four claims that you have just decided are on the board. Now for those of earlier lessons, each by a short rerun.
#
# **Counting**, from lesson 03: maps are counted where they come out,
# on random images and weights. Claim 7 says that 1×1 layers cure the number of maps: a bottleneck 256 → 64 → 64 → 256
# writes how many, for each one of a single 3×3?

# %%
def count_maps(rng, channels):
    """The maps of one image after the last of some 3×3 layers."""
    x = rng.standard_normal((1, channels[0], 4, 4))
    for c_out in channels[1:]:
        x = convs.conv2d(x, rng.standard_normal((c_out, x.shape[1], 3, 3)), padding=1)
    return x.shape[1]


for claim, channels in {3: [3, 32], 5: [3, 32, 64], 6: [3, 32, 64, 128]}.items():
    board.record(claim, runs(count_maps, channels))
board.record(7, sum(cost.maps([256, 64, 64, 256])) / sum(cost.maps([256, 256])))
board.record(9, 12e9 // cost.activation_bytes(1, [3, 32, 64, 128], 224, 224))

# %% [markdown]
# **What one output depends on** (lesson 01), **who reads how often** (lesson 02). For claim 15, one pixel after the other
# is changed; how many of them move the output at one place? For claim 17, an array that counts how often it is read, and
# two programs for the same layer.

# %%
def share_of_pixels(rng):
    x, weight = rng.standard_normal((1, 10, 6, 6)), rng.standard_normal((4, 10))
    changed = np.repeat(x, 36, axis=0)
    changed.reshape(36, 10, 36)[np.arange(36), :, np.arange(36)] += 1
    return np.mean(np.abs(convs.pointwise(changed, weight) - convs.pointwise(x, weight))[:, 0, 2, 3] > 0)


class Counted:
    """An array that counts how many of its numbers are read."""

    def __init__(self, array):
        self.array, self.read = array, 0

    def __getitem__(self, index):
        self.read += self.array[index].size
        return self.array[index]


# %%
def output_after_output(x, weight):
    return [sum(w * x[c] for c, w in enumerate(row)) for row in weight]


def pixel_after_pixel(x, weight):
    return [weight @ x[:, i, j] for i, j in np.ndindex(6, 6)]


board.record(15, runs(share_of_pixels))
for program in (output_after_output, pixel_after_pixel):
    x = Counted(np.ones((10, 6, 6)))
    program(x, np.ones((4, 10)))
    board.record(17, x.read / x.array.size, given=program.__name__.replace("_", " "))

# %% [markdown]
# **Weights** (lesson 07): two layers of one shape, each fitted to another target by least squares. If the number of
# channels decided the weights, they would be equal.

# %%
def weights_apart(rng):
    pixels = rng.standard_normal((200, 10))
    fits = [np.linalg.lstsq(pixels, rng.standard_normal((200, 4)), rcond=None)[0] for _ in range(2)]
    return np.abs(fits[0] - fits[1]).max()


board.record(16, runs(weights_apart))

# %% [markdown]
# **Networks and sources.** For five claims the numbers come from the networks of lesson 09, given as data, and from papers:
# which share of a network's convolutions widens (claim 2), how many layers there are (claim 8; the deepest are
# demonstrations: ResNet's with 1,202 and 1,001, and one of 10,000 layers, arXiv 1806.05393), and C_out over C_in of all
# their 1×1 convolutions, with Glow's that keeps the channels (claim 12). The rest is on the first pages of *Network In Network*
# (December 2013: Singapore) and *Going Deeper with Convolutions* (September 2014: Google, North Carolina, Michigan; on
# the page of CVPR 2015 Magic Leap too), from lesson 08.

# %%
networks = {name: cost.ARCHITECTURES[name].layers for name in ("VGG-16", "GoogLeNet", "ResNet-50", "MobileNetV2")}
for name, layers in networks.items():
    board.record(2, np.mean([layer.c_out > layer.c_in for layer in layers if layer.kind == "conv"]), given=name)
board.record(8, [len(layers) for layers in networks.values()], given=", ".join(networks))
board.record(8, [1001, 1202, 10_000], given="demonstrations of depth")
pointwise = [layer for layers in networks.values() for layer in layers if layer.pointwise]
board.record(12, [layer.c_out / layer.c_in for layer in pointwise] + [1])
board.record(10, 2 / 4, given="the arXiv pages")
board.record(10, 2 / 5, given="the page of CVPR 2015")
board.record(11, (2014 - 2013) * 12 + 9 - 12)

# %% [markdown]
# **Before you look:** how many of the claims that can be tested will be true without an "if"?

# %%
from IPython.display import display

display(board)

# %% [markdown]
# Press *runs* in a line to see its runs as dots. Choose *depends* above the table, then look for claims that stand there
# twice. Three things to take away:
#
# - Some sentences are true. A correction that finds everything wrong has not looked.
# - Some depend: on the data (13), on the program (17), on which networks one calls typical (8). Those are the ones where a
#   better sentence is possible, and worth writing.
# - "0 of 20 agree" does not mean *never*: it leaves room for a few in a hundred, and the board says for how many. A
#   proof, such as that of the null space in lesson 06, leaves no room. An experiment tells you where to look for one.
#
# Two sentences have no verdict. "More important" and "difficult" are opinions: no number decides them.
#
# Six claims were called **misleading** in earlier lessons. The board has no such word: it judges the sentence as it is written, by its
# number. *Misleading* adds what a number cannot say, that something right stands behind a sentence that is false or depends:
#
# | claim | the board | what is right behind it |
# |---|---|---|
# | 2, more channels in each layer | false | networks widen where their maps get smaller |
# | 9, a Titan X is tiny | false | large batches and pictures do fill a card |
# | 10, the thanks | false | both who are thanked had a part |
# | 14, a linear traversal | false | a loop has to take some order, any order |
# | 15, a summary of each channel | false | it is a weighted sum, across the channels |
# | 17, scanned 4 times | depends | one program does read so, and needs not to |

# %% [markdown]
# ## Your correction
#
# You are going to write for somebody who believes the article. So say what *is*, not only what is not.

# %% [markdown] nbgrader={"grade": false, "grade_id": "corrected_text", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": true}
# ### Exercise: correct three sentences
#
# About 20 minutes, marked by a person: 3 points a sentence. Rewrite each of these in one to three sentences, **in the
# cell below**. Each of yours should
#
# 1. say what is right instead (1 point);
# 2. give the number that shows it, with its unit and how many runs it comes from (1 point);
# 3. say when it holds: for which layers, data or starts, and no more than you have shown (1 point).
#
# > (a) "for each of 32 images … 64 new channels will be generated … total no. of images in GPU=32X64"
# >
# > (b) "1000 channels … give 10 channels … without losing any information"
# >
# > (c) "to ensure that all 4 output channels have features that are different"
#
# ### BEGIN MARK SCHEME
# For each sentence 1 point for each of the three. Own numbers may differ; what counts is that they are the writer's own and
# fit what the board shows. Give half points for what is nearly there. Style is not marked.
#
# | | right instead (1) | number (1) | when it holds (1) |
# |---|---|---|---|
# | (a) | each output channel is one map, summed over all input maps: 64 maps after layer 2, or 32 + 64 in all | 64 maps, not 2,048; or a share of 1/C_in in 20 runs, never 1 | for one input image (N times as many for a batch), ordinary convolutions; 2,048 is the number of kernel slices; a depthwise layer with multiplier 64 would have them |
# | (b) | a reduction loses what the 10 outputs do not determine; lossless only if the channels have rank 10 or less and the weight keeps it | about 0.97 to 0.99 of the variance lost on noise, 0 (rounding) on mixes of 10 maps, 20 runs each | names the data for each number; names the decoder (linear) or gives the null-space argument, which covers every decoder |
# | (c) | nothing ensures it: rows differ because they start at random; equal rows stay equal | rank 1, not 4, in 20 of 20 runs from equal rows | from equal rows and an equal head; from a random start they nearly always differ; outputs cannot have a higher rank than the inputs |
#
# Often seen, and what it gets:
#
# - "the article is wrong, it is 64" for (a): the first point and half of the second; no point for *when*.
# - "information is always lost" for (b): no first point, as rank 10 loses nothing; the number may still count.
# - "10 channels come out, so 990 are lost" for (b): a shape is no information; only points for what else is said.
# - "training makes the rows different" for (c): no first point, that is the article's mistake again.
# - A number without runs or unit: half of the second point. A number that is on nobody's board: none.
# - Claims more than was shown ("never", "for every network") without an argument: no third point.
#
# A full answer to (b), for comparison: "A 1×1 layer from 1000 to 10 channels keeps only what 10 mixes can carry. On channels
# of noise the best linear decoder lost 98 % of the variance (20 runs); on 1000 mixes of 10 maps it lost nothing but
# rounding (20 runs). So it is lossless for channels of rank 10 or less, if the weight keeps that rank, and for nothing
# like all inputs: two inputs that differ by a vector of the null space look the same to every decoder."
# ### END MARK SCHEME

# %% [markdown]
# *Write here, and delete this line.*
#
# (a)
#
# (b)
#
# (c)

# %% [markdown]
# ## What can be done about an opinion
#
# > **Claim 1.** 1×1 convolutions are "under some circumstances more important than our feature extractor 3X3"
#
# "Important" has no unit. But one can name circumstances and ask something that has one. Say: a very small network is to
# read digits, and may spend 15,000 MACs an image, no more. Is the money better spent on 3×3 convolutions alone, or on a
# mix with 1×1?
#
# A contest is easy to rig, and people rig it without noticing. Three rules:
#
# 1. **Equal budgets**, counted by running the network (`contest.macs`), not by anybody's word.
# 2. **All seeds are reported**, not the best one.
# 3. **The hidden digits stay hidden** until the end. Who tunes on them has only learned them by heart.
#
# The digits are 1,797 real ones, 8×8 pixels, written by hand; 797 of them are hidden. The network on the other side:

# %%
threes = contest.only_threes(contest.BUDGET)
print(threes)
print(f"{contest.macs(threes):,} of {contest.BUDGET:,} MACs, {sum(p.numel() for p in threes.parameters()):,} weights")
images, labels = contest.training_split()
plots.show(
    plots.pictures([1 - image[0].numpy() for image in images[:8]], [str(int(label)) for label in labels[:8]]),
    alt=f"Eight handwritten digits in 8×8 pixels: {', '.join(str(int(label)) for label in labels[:8])}.",
)

# %% [markdown]
# `groups=c` makes a 3×3 depthwise: one slice per channel, no mixing, 9·c numbers instead of 9·c·c. A 1×1 after it mixes the
# channels, and the two together cost much less than one full 3×3. **Before you go on:** a layer of c = 8 channels costs
# 9 · 64 = 576 MACs a pixel as a 3×3. How many as a depthwise 3×3 and a 1×1?
#
# ### Exercise: a tiny network
#
# About 15 minutes. Return an untrained network with at least one 1×1 convolution, as wide as the budget allows. Without
# BatchNorm (lesson 08) after the convolutions, 12 passes over 1,000 digits do not get it anywhere.
#
# The check counts its MACs for several budgets, trains it from three seeds at 15,000 MACs, and compares the mean accuracy on
# the hidden digits with that of the 3×3-only network, trained in the same way. **This check takes longer than the
# others: some seconds.** Stuck? `hint(tiny_net)`.

# %% nbgrader={"grade": false, "grade_id": "tiny_net", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tiny_net(budget_macs):
    """An untrained nn.Module from images (N, 1, 8, 8) to scores (N, 10), with at least one nn.Conv2d of kernel 1.

    budget_macs: a whole number. contest.macs(net) for one image is at most that, and at least 0.7 of it.
    The start is random: no seed is set here, and no digit is looked at.
    On the hidden digits, at 15,000 MACs and trained by contest.train from seeds 0, 1 and 2, its mean accuracy
    is at most 0.01 below that of contest.only_threes(15_000).

    contest.macs(tiny_net(15_000)) may be 14,368, for example.
    """
    ### BEGIN SOLUTION
    from torch import nn

    def layer(c_in, c_out, k=1, **options):
        return [nn.Conv2d(c_in, c_out, k, padding=k // 2, bias=False, **options), nn.BatchNorm2d(c_out), nn.ReLU()]

    def net(c):
        see = [*layer(1, c, 3), *layer(c, c, 3, stride=2, groups=c), *layer(c, 2 * c)]
        again = [*layer(2 * c, 2 * c, 3, groups=2 * c), *layer(2 * c, 2 * c)]
        return nn.Sequential(*see, *again, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2 * c, 10))

    c = 1
    while contest.macs(net(c + 1)) <= budget_macs:
        c += 1
    return net(c)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "tiny_net_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(tiny_net)
### BEGIN HIDDEN TESTS
check(tiny_net, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The contest, with five seeds a side, at the small budget and at one four times as large. **Before you run it:** where will
# the difference be larger than what the seeds do?

# %%
budgets = [contest.BUDGET, 4 * contest.BUDGET]


def five_runs(make):
    """Hidden accuracies of five runs at each budget."""
    return [contest.scores(lambda budget=budget: make(budget), range(5)) for budget in budgets]


scores = {"3×3 only": five_runs(contest.only_threes), "with 1×1": five_runs(tiny_net)}
means = {name: [round(float(np.mean(one)), 3) for one in lists] for name, lists in scores.items()}
plots.show(
    verdicts.contest(scores, budgets),
    alt=f"Accuracy on hidden digits, a dot for each of five runs; means at {budgets} MACs: {means}.",
)
for budget, theirs, ours in zip(budgets, *scores.values(), strict=True):
    gain, unsure = np.mean(ours) - np.mean(theirs), 2 * np.hypot(np.std(ours), np.std(theirs)) / np.sqrt(4)
    print(f"{budget:,} MACs: {gain:+.3f} on average, give or take {unsure:.3f}")

# %% [markdown]
# "Give or take" is two standard errors: what five other seeds might easily change. Put the two numbers of a line side by
# side before you say anything. A gain larger than its "give or take" is a finding, *for these digits, this budget and
# this training*. A smaller one is none, whichever way it points.
#
# So is the 1×1 "more important"? With our `tiny_net` and these seeds the gain is clear at the small budget and none at the large one. With
# five *other* seeds we have seen it the other way round. So five runs a side settle no more than this: at equal cost, the mix is about as
# good or a little better. And without any 3×3 the mix would fail at once: a network of 1×1 layers alone sees a bag of
# pixel values (lesson 05). The two do different jobs, and the question was badly put.

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the four checks.

# %% nbgrader={"grade": false, "grade_id": "13_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    claim_falsifiable="a",
    claim_one_counterexample="d",
    claim_no_experiment="c",
    claim_seeds="a",
)

# %% nbgrader={"grade": true, "grade_id": "claim_falsifiable_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["claim_falsifiable"], "claim_falsifiable")

# %% nbgrader={"grade": true, "grade_id": "claim_one_counterexample_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["claim_one_counterexample"], "claim_one_counterexample")

# %% nbgrader={"grade": true, "grade_id": "claim_no_experiment_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["claim_no_experiment"], "claim_no_experiment")

# %% nbgrader={"grade": true, "grade_id": "claim_seeds_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["claim_seeds"], "claim_seeds")

# %% [markdown]
# ## Summary
#
# You can now
# - name, before you measure, the number that would refute a sentence;
# - put an impostor into your own experiment, and throw the experiment away if it does not notice;
# - say *true*, *false* or *it depends* by a rule that was there first, with runs, spread and conditions;
# - compare two networks at a counted budget, over several seeds, on data that nobody tuned on;
# - write a correction that is no larger than its evidence.
#
# **Claims decided here:** all that can be tested, on your board. That 1×1 is "more important" (1) and that it is "a
# difficult concept" (19) are opinions. It is one matrix product a pixel; you may judge for yourself.
#
# ## Go further
#
# - The article's sources, and yours: [Network In Network](https://arxiv.org/abs/1312.4400),
#   [Going Deeper with Convolutions](https://arxiv.org/abs/1409.4842), [Deep Residual Learning](https://arxiv.org/abs/1512.03385),
#   [MobileNets](https://arxiv.org/abs/1704.04861). Pick one sentence of any of them. Which number would refute it?
# - [ShuffleNet](https://arxiv.org/abs/1707.01083) argues with costs at equal budgets throughout. Does it obey the three rules?
#
# Next, and last: lesson 14, on what became of the 1×1 after the article was written.
