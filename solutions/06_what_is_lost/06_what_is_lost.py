# %% [markdown]
# # Lesson 06 · What is lost when channels shrink?
#
# A 1×1 layer takes 1000 channels and hands on 10. At every pixel 990 numbers are gone. Is anything lost with them?
# The article that this course follows says no. You will find inputs that show it wrong, measure how much is lost of others, and
# meet the thing that decides it, which is neither the layer nor the training.
#
# **Time:** 65 minutes. **You need:** lessons 02 to 04 (the layer by hand and as a matrix product). If you have forgotten
# what a singular value decomposition is: you get told what it does here, and NumPy computes it.
#
# You will be able to
# - find two different inputs that a layer cannot tell apart, and say why nothing after it can either;
# - measure what a reduction loses, and build the one that loses least;
# - say what training finds of that best reduction, and what it need not find.

# %%
import numpy as np

from course_utils import check, data, hint, plots, progress, quiz, solution, widgets
from course_utils.experiments import reduction
from course_utils.plots.reduction import bands, channel_pairs, groups, loss_curves, lottery, scenes

# %% [markdown]
# ## What the article says
#
# > **Claim 12.** 1×1 layers are "used to reduce the dimensionality of channels"
# >
# > **Claim 13.** "1000 channels … give 10 channels … without losing any information"
#
# *Losing* is a word that can be tested. Say that nothing is lost if there is a **decoder**: any function at all that
# takes the 10 channels and gives back the 1000, exactly, for every input that may come.
#
# **Before you go on:** is there such a decoder? Write down yes, no, or "it depends on …". You will come back to it.

# %% [markdown]
# ## Two photos, one grey
#
# Begin smaller: 3 channels to 1. Here is a photo, and the one channel that a 1×1 layer with the weights of brightness
# makes of it.

# %%
def layer(x, weight):
    return np.einsum("oc,nchw->nohw", weight, x)


# %%
photo = data.photo("astronaut", longest=200).transpose(2, 0, 1)[np.newaxis] / 255  # (1, 3, H, W), from 0 to 1
LUMA = np.array([[0.299, 0.587, 0.114]])  # how bright red, green and blue look (ITU-R BT.601)
plots.show(
    plots.pictures([photo[0].transpose(1, 2, 0), layer(photo, LUMA)[0, 0]], ["x: 3 channels", "output: 1 channel"]),
    alt="06.pictures",
)

# %% [markdown]
# **Before you read on:** could another photo, with other colours, give *exactly* this grey picture?
#
# ### Exercise: a collision
#
# About 10 minutes. Two inputs with the same output are called a **collision**. Find one for any layer with fewer outputs
# than inputs. The layer is linear, so $W(x + v) = Wx + Wv$. If you know a channel vector $v$ with $Wv = 0$, a vector
# that the layer does not see, you are nearly done. Such vectors make up the **null space** of $W$, and
# `np.linalg.svd(weight)` finds them: in `u, s, vt`, the last `C_in - C_out` *rows* of `vt` are some.
#
# There are many right answers. Stuck? Run `hint(collision)` in a new cell.

# %% nbgrader={"grade": false, "grade_id": "collision", "locked": false, "schema_version": 3, "solution": true, "task": false}
def collision(weight, x):
    """Another input with the same output.

    weight: (C_out, C_in) with C_out < C_in, a 1×1 layer without bias. x: (N, C_in, H, W), not all zero.
    Returns an array of the shape of x, another input: its distance from x, np.linalg.norm(other - x),
    is at least one percent of np.linalg.norm(x). The layer's output is the same, up to rounding.
    No mean is removed. x stays as it is.

    With weight = [[1.0, 2.0]] and one pixel, x = [[[[3.0]], [[5.0]]]], the output is 3 + 2 · 5 = 13.
    [[[[5.0]], [[4.0]]]] is a right answer, since 5 + 2 · 4 = 13. There are many others.
    """
    ### BEGIN SOLUTION
    v = np.linalg.svd(weight)[2][-1]  # (C_in,), of length 1
    return x + np.abs(x).max() * v[:, np.newaxis, np.newaxis]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "collision_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(collision)
### BEGIN HIDDEN TESTS
check(collision, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# What does your collision look like? If a difference is not seen, then neither is twice or half of it. So the cell takes
# yours, makes it just large enough for a picture, and adds it to the photo and takes it away.

# %%
unseen = collision(LUMA, photo) - photo
unseen *= 0.3 / np.abs(unseen).max()
others = [photo - unseen, photo, photo + unseen]
plots.show(
    plots.pictures([x[0].transpose(1, 2, 0) for x in others], ["x − v", "x", "x + v"]),
    alt="06.pictures_2",
)
plots.show(
    plots.pictures([layer(x, LUMA)[0, 0] for x in others], ["grey of x − v", "grey of x", "grey of x + v"]),
    alt="06.pictures_3",
)
print(f"the greys differ by at most {np.abs(layer(others[0], LUMA) - layer(others[2], LUMA)).max():.0e}")

# %% [markdown]
# Three photos, one grey. A decoder that is handed this grey has to answer with *one* photo, so for two of the three it
# is wrong. It makes no difference how clever it is, or how many layers it has: it gets the same numbers.
#
# How many more such photos are there? Below, a ring in a photo (a pale one, so that no number leaves 0 to 1) is changed, and on
# the right is what the layer makes of it. Every point of the disc is a change that the layer does not see. Press *Play*, or
# drag in the disc. Predict, then try:
#
# 1. Choose the layer *red alone*. Which colours will you find in the disc?
# 2. Pull the slider *along the weights*. What becomes of the ring in the output, and why does the disc not help to hide it?

# %%
widgets.collisions()

# %% [markdown]
# A whole plane of changes: of three directions of colour, one output sees one, along its weights, and the other two are the null
# space. A layer that looks at red alone sees no green and no blue.
#
# Now the article's layer. **Before you run it:** how far apart will the two inputs be, and how far the two outputs?

# %%
rng = np.random.default_rng(0)
thousand, weight = rng.standard_normal((1, 1000, 8, 8)), rng.standard_normal((10, 1000)) / np.sqrt(1000)
other = collision(weight, thousand)
print(f"inputs:  {np.linalg.norm(other - thousand) / np.linalg.norm(thousand):.0%} of x apart")
print(f"outputs: {np.abs(layer(other, weight) - layer(thousand, weight)).max():.0e} apart at most")
print("directions that this layer does not see:", 1000 - np.linalg.matrix_rank(weight))

# %% [markdown]
# No training can help it. The [rank](../../GLOSSARY.md#rank) of a matrix is the number of independent directions that it sees.
# With 10 rows it is at most 10, so at least 990 of the 1000 directions of the channel space are invisible to it. Taken at its
# word, for *every* input, claim 13 is **false**.
#
# But perhaps the inputs that really come up never use those directions?

# %% [markdown]
# ## A satellite looks down
#
# Here are four real channels: what Sentinel-2 saw of a piece of the Earth in blue, green, red and near infrared light.
# Water swallows the infrared, plants throw it back.

# %%
scene = data.scene()
x = scene.values[np.newaxis]  # (1, 4, 300, 300)
plots.show(
    bands(scene.values, scene.bands),
    alt="06.bands",
)

# %% [markdown]
# Suppose a layer keeps blue and green and drops the other two. A decoder then makes a guess at all four, as good as it
# can from blue and green. The pictures below show red, green and blue for near infrared, red and green, so plants look red.
#
# **Before you run it:** half of the channels are gone. What will be missing in the picture?

# %%
first_two = np.eye(2, 4)  # output 0 is blue, output 1 is green
back = reduction.restored(x, first_two)
plots.show(
    scenes([x[0], back[0]], ["the scene, false colours", "the best guess from blue and green"]),
    alt="06.scenes",
)

# %% [markdown]
# Forest and field can still be told apart: forest is dark in green light too. But the patches of bright red, where plants
# grow strongest, are gone, and so is the river at the top. You want a number for that.
#
# ### Exercise: what the best decoder cannot bring back
#
# About 12 minutes. The decoder here is another 1×1 layer, linear with a bias, and the best one there is for these
# pixels. The bias restores the mean of each channel for free. So **remove the mean of each channel first** and forget
# about biases; `centred` does that for you. What is left is a question of **least squares**: which matrix turns the m
# outputs of a pixel into its C channels with the smallest sum of squared errors over all pixels? `np.linalg.lstsq`
# knows. Then compare that sum with the sum of squares of what was there.
#
# Stuck? Run `hint(restore_error)`.

# %%
def centred(x):
    """The channels of x (N, C, H, W) as rows of pixels, (C, N·H·W), each with its mean removed."""
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns[:, :1]  # equal numbers are exactly 0 from here on; the mean of equal ones may be a hair off
    return columns - columns.mean(axis=1, keepdims=True)


# %%
print("centred(x):", centred(x).shape, " largest mean:", f"{np.abs(centred(x).mean(axis=1)).max():.0e}")

# %% nbgrader={"grade": false, "grade_id": "restore_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def restore_error(x, weight):
    """The share of the variance of x that the best linear decoder cannot restore, a number from 0 to 1.

    x: (N, C, H, W), weight: (m, C). Each channel's mean, over all pixels of all images, is removed
    from x first. Decoder: the (C, m) matrix with the least sum of squared errors on these pixels.
    Returns that sum of squared errors divided by the sum of squares of the centred x.
    Rows of weight may repeat each other: np.linalg.lstsq and np.linalg.pinv can handle that,
    np.linalg.inv cannot.

    With x = [[[[2.0, 2.0, -2.0, -2.0]], [[1.0, -1.0, 1.0, -1.0]]]] and weight = [[1.0, 0.0]],
    channel 0 comes back and channel 1 does not. Of the sum of squares, 16 + 4, 4 are lost: 0.2.
    """
    ### BEGIN SOLUTION
    pixels = centred(x).T  # one row per pixel
    outputs = pixels @ weight.T
    decoder = np.linalg.lstsq(outputs, pixels, rcond=None)[0]
    return ((pixels - outputs @ decoder) ** 2).sum() / (pixels**2).sum()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "restore_error_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(restore_error)
### BEGIN HIDDEN TESTS
check(restore_error, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# How much do blue and green lose? And for comparison: how much is lost of channels of pure noise, where no channel tells
# anything about another? **Before you run it**, guess the curve for 10 channels of noise, with 1, 2, … 10 random mixes kept.

# %%
print(f"blue and green kept: {restore_error(x, first_two):.1%} of the variance is lost")
noise = rng.standard_normal((1, 10, 60, 60))
losses = [restore_error(noise, rng.standard_normal((m, 10))) for m in range(1, 11)]
plots.show(
    loss_curves({"10 channels of noise, m random mixes": losses}),
    alt="06.loss_curves",
)

# %% [markdown]
# A straight line: of channels that have nothing to do with each other, each one kept saves its own tenth. On such data the
# article's layer should lose about 1 − 10/1000. Does it? Five draws of noise and weights:

# %%
draws = [
    restore_error(rng.standard_normal((1, 1000, 60, 60)), rng.standard_normal((10, 1000))) for _ in range(5)
]
print(f"1000 channels of noise to 10: {np.mean(draws):.1%} lost, from {min(draws):.2%} to {max(draws):.2%} in 5 draws")

# %% [markdown]
# "Without losing any information" loses nearly everything here. (It is a touch less than 1 − 10/1000, because the decoder
# is fitted to the very pixels that it is judged by, and profits from their accidents.)

# %% [markdown]
# ## Channels that move together
#
# The satellite's channels are no noise. Below, each pixel of the scene is a point: one channel across, another upwards.
#
# **Before you run it:** look back at the four grey pictures. Which two channels will form a thin line, and which a cloud?

# %%
plots.show(
    channel_pairs(scene.values, [(0, 1), (2, 3)], scene.bands),
    alt="06.channel_pairs",
)

# %% [markdown]
# Where the points form a line, one number tells both channels: how far along the line you are. Keeping blue *and* green
# was a waste. A 1×1 layer need not choose between channels, though. It can measure along any **direction** of the
# channel space. The direction along which the pixels spread most is worth most, then the one that spreads most among
# those perpendicular to it, and so on. These are the **principal directions**, and to keep the first m of them is
# called principal component analysis, **PCA**.
#
# ### Exercise: the best reduction
#
# About 12 minutes. Build the weight that loses least. The SVD of the centred channels has the directions: in
# `u, s, vt = np.linalg.svd(columns, full_matrices=False)` the columns of `u` are directions of the channel space, the
# strongest first, and `s` tells how far the pixels spread along each. (Do not leave `full_matrices=False` out: with the
# scene, NumPy would otherwise fill the memory with a `vt` of 90,000 × 90,000.)
#
# Only the loss is checked, and it has to be the least possible to eight digits. Stuck? Run `hint(best_reduction)`.

# %% nbgrader={"grade": false, "grade_id": "best_reduction", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_reduction(x, m):
    """A weight to m channels from which the best linear decoder loses as little of x as is possible.

    x: (N, C, H, W); m: a whole number, at most C and smaller than the number of pixels.
    Returns an array (m, C), one row per output channel.
    The loss is that of restore_error: each channel's mean, over all pixels of all images, is removed
    from x first.

    With x = [[[[2.0, 2.0, -2.0, -2.0]], [[1.0, -1.0, 1.0, -1.0]]]] and m = 1, [[1.0, 0.0]] is right and
    loses 0.2; so is [[-3.0, 0.0]]. [[0.0, 1.0]] is wrong: it loses 0.8.
    """
    ### BEGIN SOLUTION
    u, _, _ = np.linalg.svd(centred(x), full_matrices=False)
    return u[:, :m].T
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "best_reduction_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(best_reduction)
### BEGIN HIDDEN TESTS
check(best_reduction, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Your two best mixes of the four bands, and what comes back from them. In the middle is one pair of random mixes.

# %%
random_two = np.random.default_rng(4).standard_normal((2, 4))
named = {"blue and green": first_two, "two random mixes": random_two, "your two mixes": best_reduction(x, 2)}
plots.show(
    scenes(
        [x[0], *(reduction.restored(x, weight)[0] for weight in named.values())],
        ["the scene", *(f"{name}: {restore_error(x, weight):.1%} lost" for name, weight in named.items())],
    ),
    alt="06.scenes_2",
)

# %% [markdown]
# Two numbers a pixel instead of four, and every shape is back. Every colour? Here are the scene and the best guess once more, larger.
#
# **Before you run it:** 0.9% of the variance is lost. Will you see it?

# %%
plots.show(
    scenes([x[0], reduction.restored(x, best_reduction(x, 2))[0]], ["the scene", "from your two best mixes"]),
    alt="06.scenes_3",
)
errors = ((reduction.restored(x, best_reduction(x, 2)) - x) ** 2).sum(axis=(0, 2, 3)) / (centred(x) ** 2).sum(axis=1)
print("lost of each band:", {band: f"{error:.1%}" for band, error in zip(scene.bands, errors, strict=True)})

# %% [markdown]
# You see it: bright green fields have turned turquoise like their neighbours, and the yellow patch at the lower left is grey.
# What made them different was in blue and green, which vary least, so the smallest sum of squares gives them up first. A small
# share of the variance may be just what somebody was looking for.
#
# What do the mixes look at? Each row below is one
# principal direction of the scene; the columns are blue, green, red and near infrared.

# %%
plots.show(
    plots.weight_matrix(best_reduction(x, 4)),
    alt="06.weight_matrix",
)
squares = np.linalg.svd(centred(x), compute_uv=False) ** 2
print("share of the variance along each direction:", (squares / squares.sum()).round(4))
lost = np.array([restore_error(x, best_reduction(x, m)) for m in (1, 2, 3)])
print("lost if the first 1, 2 or 3 are kept:      ", lost.round(4))

# %% [markdown]
# The first two rows look mainly at red and at near infrared, each for itself, and the last two at small differences between
# bands that move together. (Signs may differ from your neighbour's: a direction turned round is the same direction.)
#
# Compare the two lines of numbers. What you lose with m channels is the sum of the shares that you did not keep: the **tail**
# of the [spectrum](../../GLOSSARY.md#spectrum), which is the list of these shares. That is a theorem (Eckart and Young, 1936):
# no linear layer to m channels, with any linear decoder, does better.
#
# A theorem can be put to the test too. Here are 300 random pairs of mixes, on every third pixel of the scene.
# **Before you run it:** there are six ways to choose two of the four bands. Where will they end up in this lottery, among the
# better or the worse tickets?

# %%
small = x[:, :, ::3, ::3]
tickets = [restore_error(small, rng.standard_normal((2, 4))) for _ in range(300)]
marks = {"best": restore_error(small, best_reduction(small, 2)), "blue and green": restore_error(small, first_two)}
plots.show(
    lottery(tickets, marks),
    alt="06.lottery",
)
print(f"random weights that beat PCA: {sum(loss < marks['best'] for loss in tickets)} of 300")
for first, second in ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)):
    chosen = restore_error(small, np.eye(4)[[first, second]])
    beaten = sum(loss < chosen for loss in tickets)
    print(f"{scene.bands[first] + ' and ' + scene.bands[second]:23} {chosen:5.1%} lost, beaten by {beaten:3} of 300 random weights")

# %% [markdown]
# Nobody beats PCA. A choice of two bands can be bad luck or good: without near infrared it loses to most of the tickets, since
# a random mix has a bit of everything in it and the decoder can sort it out. Red and near infrared, the two bands that vary
# most, beat about nine of ten tickets. To choose well you have to know your channels; PCA looks at them for you.

# %% [markdown]
# ## Is that what training finds?
#
# A network is not told about the SVD. It starts with random weights and improves them. Take a 1×1 encoder from 10 channels
# to 4 and a decoder back, and improve them in turns: the best decoder for this encoder, then the best encoder for that
# decoder (least squares again). The channels are ten feature maps of a cat.
#
# **Before you run it:** will it arrive at the PCA loss, and will its weights be the principal directions?

# %%
cat = data.feature_maps(10)  # (1, 10, 48, 72)
pixels = centred(cat).T
encoder = np.random.default_rng(2).standard_normal((4, 10))
losses = []
for _ in range(25):
    losses.append(restore_error(cat, encoder))
    decoder = np.linalg.lstsq(pixels @ encoder.T, pixels, rcond=None)[0]  # (4, 10)
    encoder = np.linalg.lstsq(decoder.T, np.eye(10), rcond=None)[0]  # (4, 10)
plots.show(
    loss_curves({"trained pair": losses}, least=restore_error(cat, best_reduction(cat, 4)), first=0, along="round"),
    alt="06.loss_curves_2",
)

# %%
best = best_reduction(cat, 4)
mixed = np.random.default_rng(5).standard_normal((4, 4)) @ best  # new rows, each a mix of your four
for name, rows in {"your four rows": best, "mixes of them": mixed, "the trained encoder": encoder}.items():
    print(f"{name:>20}: loss {restore_error(cat, rows):.6f}, first row begins {rows[0, :3].round(2)}")

# %% [markdown]
# It arrives at the same loss, with other rows. Any invertible mix of the m best rows can be undone by the decoder, so the loss
# cannot prefer one to another: training finds the *subspace* of PCA, all mixes of its directions, and not the directions
# themselves. That is also why the check looked at your loss and not at your numbers.
#
# And mark the conditions: a linear encoder, a linear decoder, squared errors, these data. A network that is trained to
# name what it sees keeps what helps with naming. Nobody asks it to keep everything.

# %% [markdown]
# ## Another satellite
#
# `data.spectra()` has 120 pixels that people have labelled as vegetation, urban or water, seen by Landsat 8 in the same
# four bands. They are pixels, so take them as one image of 1 × 120. Every point below is a labelled pixel, drawn by two
# output channels.
#
# **Before you run it:** in which of the two pictures are the three groups easier to tell apart?

# %%
spectra = data.spectra()
landsat = spectra.values.T.reshape(1, 4, 1, 120)
pairs = {"blue and green": first_two, "your two mixes": best_reduction(landsat, 2)}
plots.show(
    groups(
        [layer(landsat, weight)[0, :, 0].T for weight in pairs.values()],
        spectra.labels,
        [f"{name}: {restore_error(landsat, weight):.1%} lost" for name, weight in pairs.items()],
    ),
    alt="06.groups",
)

# %% [markdown]
# By the two best mixes: vegetation throws back infrared and water swallows it, which blue and green do not tell. Do mixes that were
# fitted to one satellite's pixels serve the other's picture? The data are different, and so is what
# they show.

# %%
print("lost of the Sentinel-2 scene   fitted to the scene   fitted to Landsat")
for m in (1, 2, 3):
    own, foreign = (restore_error(x, best_reduction(source, m)) for source in (x, landsat))
    print(f"channels kept: {m}              {own:19.2%} {foreign:19.2%}")

# %% [markdown]
# With two channels it hardly matters whose pixels they were fitted to: light comes back from soil and plants in much the
# same two ways. With one channel it matters a great deal. "The best reduction" always means: *for these data*.
#
# Look at what you wrote down at the beginning. Is there such a decoder? For *every* input: no. For the inputs that you have, it
# depends on where they spread: of noise nearly everything was lost, of the scene a little, and the spectrum told how much before
# anything was reduced. There was not one of which nothing was lost.

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the two checks.

# %% nbgrader={"grade": false, "grade_id": "06_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    lost_decoder="d",
    lost_unique="a",
)

# %% nbgrader={"grade": true, "grade_id": "lost_decoder_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["lost_decoder"], "lost_decoder")

# %% nbgrader={"grade": true, "grade_id": "lost_unique_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["lost_unique"], "lost_unique")

# %% [markdown]
# ## Summary
#
# - A layer with fewer outputs than inputs has collisions: inputs that differ by a vector of its null space. No later layer
#   can tell them apart.
# - What the best linear decoder cannot restore is a number between 0 and 1. PCA makes it as small as it can be: the tail
#   of the spectrum. Any invertible mix of the best rows is as good, so training finds the subspace, not the directions.
# - "The best" and "lost" always mean: of these data, for this decoder, by squared errors.
#
# **Claim 13**, taken for every input, is false. Whether there is any input for which it holds, nobody has said yet.
#
# Next, lesson 06b: is there a stack of channels from which *nothing* is lost, and can you tell it by its shape?
#
# ## Go further
#
# - [Going Deeper with Convolutions](https://arxiv.org/abs/1409.4842), the GoogLeNet paper, made 1×1 layers popular for
#   reducing channels before costly filters. Where does it speak of the price?
