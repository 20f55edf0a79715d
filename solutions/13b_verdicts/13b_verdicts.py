# %% [markdown]
# # Lesson 13b · Correct the article: verdicts
#
# Four sentences of the article have met your experiments in lesson 13, and none of the four stands as it is written. Thirteen
# more can be tested. Will they all fall? Then you write for somebody who believed them, and hold a contest about the one that says
# which layer is "more important".
#
# **Time:** 55 minutes. **You need:** lesson 13 (a number, a range, and a rule that was there first), lesson 10 (some PyTorch) and
# what 03, 06 and 09 counted and measured.
#
# You will be able to
# - report repeated runs with their spread, and no more than they show;
# - correct a text with what you know, and say when it holds;
# - tell a sentence that can be tested from an opinion;
# - hold a fair contest between two networks.

# %%
import numpy as np

from course_utils import check, convs, cost, hint, plots, progress, quiz, solution, widgets
from course_utils.experiments import claims, contest, descent, reduction
from course_utils.plots import verdicts

# %% [markdown]
# ## The claim board
#
# The rule is that of lesson 13, and it is older than any number below: a run **agrees** if its number lies in the claim's range;
# a claim is **true** if at least 95 of 100 runs agree, **false** if at most 5 do, and in between **it depends**. `claims.decide` is
# this rule, and the board asks it. (It asks your own if you paste that in: `widgets.claim_board(verdict)`.)

# %%
SEEDS = range(20)


def runs(experiment, *world):
    """The numbers of 20 runs of an experiment, each with a generator of its own."""
    return [experiment(np.random.default_rng(seed), *world) for seed in SEEDS]


board = widgets.claim_board(claims.decide)
print("can be tested:", [number for number, claim in claims.CLAIMS.items() if claim.is_testable])

# %% [markdown]
# Each claim comes on the board by a short rerun, of the real thing alone: which impostors would come out otherwise, you have seen in
# lesson 13. First three of the four that you decided there. What becomes of four equal rows (claim 18)? What does a
# shuffle of the pixels change (14)? What is lost on the way from 1000 channels to 10 (13)? The data differ from run to run;
# a board keeps what is recorded last, so if you paste your own experiments in, theirs are the numbers that stay.

# %%
def rank_from_equal_rows(rng):
    equal = np.tile(0.3 * rng.standard_normal(10), (4, 1))
    weight, _ = descent.descend(equal, head=np.full(4, 0.5), steps=100)
    return np.linalg.matrix_rank(weight, rtol=1e-6)


def change_by_a_shuffle(rng):
    pixels, weight, perm = rng.standard_normal((1, 3, 1, 72)), rng.standard_normal((4, 3)), rng.permutation(72)
    y = convs.pointwise(pixels, weight)
    return np.abs(convs.pointwise(pixels[..., perm], weight) - y[..., perm]).max() / np.abs(y).max()


def lost_of_1000(rng, independent):
    """Of 1000 channels, all of them mixes of so many that have nothing to do with each other."""
    sources = rng.standard_normal((independent, 900))
    mixes = sources if independent == 1000 else rng.standard_normal((1000, independent)) @ sources
    return reduction.share_lost(mixes.reshape(1, 1000, 30, 30), rng.standard_normal((10, 1000)))


board.record(18, runs(rank_from_equal_rows))
board.record(14, runs(change_by_a_shuffle))
board.record(13, runs(lost_of_1000, 1000), given="channels of noise")
board.record(13, runs(lost_of_1000, 10), given="mixes of 10 maps")
print(board.verdicts())

# %% [markdown]
# Now the claims of earlier lessons, and the fourth of lesson 13.
#
# **Counting**, from lesson 03: maps are counted where they come out,
# on random images and weights. Claim 4 expects C_in · C_out = 2,048 of them from a layer 32 → 64. Claim 7 says that 1×1 layers cure the number of maps: a bottleneck 256 → 64 → 64 → 256
# writes how many, for each one of a single 3×3?

# %%
def count_maps(rng, channels):
    """The maps of one image after the last of some 3×3 layers."""
    x = rng.standard_normal((1, channels[0], 4, 4))
    for c_out in channels[1:]:
        x = convs.conv2d(x, rng.standard_normal((c_out, x.shape[1], 3, 3)), padding=1)
    return x.shape[1]


board.record(4, np.array(runs(count_maps, [32, 64])) / (32 * 64))
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
# **Before you look:** how many of the 17 claims that can be tested will be true without an "if"?

# %%
from IPython.display import display

display(board)

# %% [markdown]
# Each dot is a run, shaded is what the claim says; *more* has a line in words. A claim that was tested under several
# circumstances has a line for each, so count claims and not lines:

# %%
said = {}
for name, one in board.verdicts().items():
    said.setdefault(int(name.split(",")[0]), set()).add(one)
for one in ("true", "false"):
    print(f"{one} in every line:", [number for number, words in said.items() if words == {one}])
print("it depends:", [number for number, words in said.items() if len(words) > 1 or words == {"depends"}])

# %% [markdown]
# Three things to take away:
#
# - One sentence is simply true, and others are true somewhere. A correction that finds everything wrong has not looked.
# - Some depend: on which networks one calls typical (8), on the layer (12), on the data (13), on the program (17). Those are the
#   ones where a better sentence is possible, and worth writing.
# - "0 of 20 agree" does not mean *never*: it leaves room for up to 17 in a hundred. A
#   proof, such as that of the null space in lesson 06, leaves no room. An experiment tells you where to look for one.
#
# Two sentences have no verdict. "More important" and "difficult" are opinions: no number decides them.
#
# Seven claims were called **misleading** in earlier lessons. The board has no such word: it judges the sentence as it is written, by its
# number. *Misleading* adds what a number cannot say, that something right stands behind a sentence that is false or depends:
#
# | claim | the board | what is right behind it |
# |---|---|---|
# | 2, more channels in each layer | false | networks widen where their maps get smaller |
# | 8, thousands of layers | depends | networks of that depth exist, as demonstrations |
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
# BatchNorm (lesson 08) after the convolutions, 12 passes over 1,000 digits leave it behind, a little or a lot, as the seed has it.
#
# The check counts its MACs for several budgets, trains it from three seeds at 15,000 MACs, and compares the mean accuracy on
# the hidden digits with that of the 3×3-only network, trained in the same way. **This check takes longer than the
# others: about ten seconds, on a busy computer more.** Stuck? `hint(tiny_net)`.

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
# The contest, with some seeds a side, at the small budget and at one four times as large. **Before you run it:** where will
# the difference be larger than what the seeds do? (A quarter of a minute, on a busy computer more. What the check has trained is
# not trained again.)

# %%
budgets, starts = [contest.BUDGET, 4 * contest.BUDGET], range(4)


def all_runs(make):
    """Hidden accuracies of the runs from all starts, at each budget."""
    return [contest.scores(lambda budget=budget: make(budget), starts) for budget in budgets]


scores = {"3×3 only": all_runs(contest.only_threes), "with 1×1": all_runs(tiny_net)}
means = {name: [round(float(np.mean(one)), 3) for one in lists] for name, lists in scores.items()}
plots.show(
    verdicts.contest(scores, budgets),
    alt=f"Accuracy on hidden digits, a dot for each of {len(starts)} runs; means at {budgets} MACs: {means}.",
)
for budget, theirs, ours in zip(budgets, *scores.values(), strict=True):
    gain, unsure = np.mean(ours) - np.mean(theirs), 2 * np.hypot(np.std(ours), np.std(theirs)) / np.sqrt(len(starts) - 1)
    print(f"{budget:,} MACs: {gain:+.3f} on average, give or take {unsure:.3f}")

# %% [markdown]
# "Give or take" is two standard errors: about what other seeds might easily change. (With so few runs it is itself no more than
# an estimate.) Put the two numbers of a line side by side before you say anything. A gain larger than its "give or take" is a
# finding, *for these digits, this budget and this training*. A smaller one is none, whichever way it points.
#
# So is the 1×1 "more important"? We tried three sets of four seeds. At the small budget our own `tiny_net` was ahead in each, in
# two of them by more than "give or take"; at the large one it was ahead by more than that in none. Take others,
# `starts = range(4, 8)`, and see. A few runs a side settle no more than this: at equal cost, the mix is about as good or a little
# better. And without any 3×3 the mix would fail at once: a network of 1×1 layers alone sees a bag of
# pixel values (lesson 05). The two do different jobs, and the question was badly put.

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the two checks.

# %% nbgrader={"grade": false, "grade_id": "13b_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    claim_one_counterexample="d",
    claim_seeds="a",
)

# %% nbgrader={"grade": true, "grade_id": "claim_one_counterexample_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["claim_one_counterexample"], "claim_one_counterexample")

# %% nbgrader={"grade": true, "grade_id": "claim_seeds_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["claim_seeds"], "claim_seeds")

# %% [markdown]
# ## Summary
#
# You can now
# - say *true*, *false* or *it depends* with runs, spread and conditions;
# - compare two networks at a counted budget, over several seeds, on data that nobody tuned on;
# - write a correction that is no larger than its evidence.
#
# **Claims decided here:** all that can be tested, on your board. That 1×1 is "more important" (1) and that it is "a
# difficult concept" (19) are opinions. It is one matrix product a pixel; you may judge for yourself.
#
# ## Go further
#
# - [ShuffleNet](https://arxiv.org/abs/1707.01083) argues with costs at equal budgets throughout. Does it obey the three rules?
#
# Next, and last: lesson 14, on what became of the 1×1 after the article was written.
