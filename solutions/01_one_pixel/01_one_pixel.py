# %% [markdown]
# # Lesson 01 · One pixel, many channels
#
# Two programs turn the same colour photo into grey, and the greys differ. Each followed a recipe, and neither tells.
# Can you find a recipe when all you have is the photo and the result? You can, with the one sum that a 1×1 convolution
# is made of.
#
# **Time:** 50 minutes. **You need:** lesson 00.
#
# You will be able to
# - mix the channels of a pixel with signed weights and a bias, and say why that is not an average;
# - make several mixes of one pixel with a weight matrix, one row per output;
# - recover the weights of a mix from examples, by least squares;
# - judge a sentence that is often said about 1×1 convolutions.

# %%
import numpy as np

from course_utils import check, convs, data, hint, plots, progress, quiz, solution, widgets

# %% [markdown]
# ## Three numbers, one grey
#
# Photo: vultilion, CC BY 2.0. From here on a channel is a number from 0 (dark) to 1 (bright).

# %%
image = data.photo("flower", longest=300) / 255
plots.show(
    plots.pixel(image, 100, 150),
    alt="01.pixel",
)

# %% [markdown]
# Which grey should this pixel become? One number out of three: most people say, the average. Let us try it where it
# matters, on pure red, pure green and pure blue.
#
# **Before you run it:** which of the three greys will be the lightest?

# %%
colours = np.eye(3)[np.newaxis]  # a photo of 1 row and 3 columns: red, green, blue
plots.show(
    plots.pictures([colours, colours.mean(axis=2)], ["three colours", "their average"]),
    alt="01.pictures",
)

# %% [markdown]
# None: the average makes one and the same grey of them. To your eye green is by far the lightest and blue the darkest.
# So the channels must count differently, and that is what weights are for.
#
# ## A weighted sum
#
# Take a pixel's channel vector $v$, one **weight** $w_c$ for each channel $c$, and one number $b$, the **bias**:
#
# $$y = b + \sum_c w_c\, v_c$$
#
# In words: multiply each channel by its weight, add everything up, add the bias once. Below you can turn the weights
# yourself, starting from the average; the same mix is applied at every pixel.
#
# **Before you touch it:** set all three weights to negative numbers and leave the bias at 0. What will you see?

# %%
widgets.rgb_mixer(data.photo("flower", longest=300), weight=[[0.33, 0.33, 0.33]])

# %% [markdown]
# Black, all of it: every mix is negative, and a screen has no darker than black. The numbers are there all the same;
# raise the bias and they come to light as a negative. Two more to try:
#
# 1. Make the flower bright and the leaves black.
# 2. Now make the flower black and the leaves bright. Which weights changed sign?
#
# Here is one pixel of such a mix, term by term. Orange steps add, blue steps take away.

# %%
v = image[100, 150]
plots.show(
    plots.weighted_sum(v, [1.0, -0.5, -0.5], 0.1),
    alt="01.weighted_sum",
)

# %% [markdown]
# ### Exercise: mix one pixel
#
# About 5 minutes. Write `mix_pixel(v, w, b)` for any number of channels: the end of the last step in the picture above.
# Stuck? Run `hint(mix_pixel)` in a new cell.

# %% nbgrader={"grade": false, "grade_id": "mix_pixel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mix_pixel(v, w, b=0.0):
    """The weighted sum w·v + b of one pixel: a single number.

    v (C,) is the pixel's channel vector, w (C,) holds one weight per channel, b is one number.

    Example: mix_pixel(np.array([0.5, 0.25, 1.0]), np.array([2.0, -1.0, 0.5]), 0.25)
        = 2·0.5 - 1·0.25 + 0.5·1 + 0.25 = 1.5
    """
    ### BEGIN SOLUTION
    total = b
    for c in range(len(v)):
        total += w[c] * v[c]
    return total
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mix_pixel_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(mix_pixel)
### BEGIN HIDDEN TESTS
check(mix_pixel, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Now let your function loose on every pixel of a small copy of the photo (`np.apply_along_axis` calls it with one pixel after the
# other), with two mixes. The first asks *how bright?*,
# the second *how much more red than green and blue?* **Before you run it:** one map has negative numbers. Which, and
# where?

# %%
small = data.photo("flower", longest=90) / 255
mixes = {"brightness": [0.3, 0.6, 0.1], "red against the rest": [1.0, -0.5, -0.5]}
maps = [np.apply_along_axis(mix_pixel, 2, small, np.array(w)) for w in mixes.values()]
plots.show(
    plots.channels_grid(np.stack(maps), titles=mixes),
    alt="01.channels_grid",
)

# %% [markdown]
# The second is a flower detector, made of three numbers. A mix of channels asks a question about colour, and the sign is
# half of the answer.
#
# ## Why it is not an average
#
# The weights of an average are shares: none is negative, and together they make 1. So an average always lies between the
# smallest and the largest of its numbers. Does a weighted sum? And what does NumPy's average make of our three weights?
# (`w @ v` is NumPy's way of writing the weighted sum of two lists of numbers: [matrix product](../../GLOSSARY.md#matrix-product).)

# %%
w = np.array([1.0, -0.5, -0.5])
for name, v in {"petal": image[100, 150], "leaf": image[20, 20], "grey": np.full(3, 0.5)}.items():
    print(f"{name:6} {v.round(2)}   weighted sum {w @ v:+.2f}")
try:
    print(np.average(image[100, 150], weights=w))
except ZeroDivisionError as error:
    print("np.average:", error)

# %% [markdown]
# Below the smallest channel, and 0 for every grey: no average can do that. These weights add up to 0, and `np.average`
# wants to divide by that sum. A weighted sum divides by nothing.
#
# ## Several mixes of one pixel
#
# A sepia print turns a pixel into three new numbers, each a mix of its own. That takes three rows of weights, a matrix
# `weight` of shape (C_out, C_in): **one row per output, one column per input channel**. And one bias for each output.

# %%
sepia = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
plots.show(
    plots.weight_matrix(sepia),
    alt="01.weight_matrix",
)

# %% [markdown]
# ### Exercise: all mixes of one pixel
#
# About 8 minutes. Write `mix_pixel_many(v, weight, bias)`: one number for each row of `weight`. You may call
# `mix_pixel`, or do without. Stuck? `hint(mix_pixel_many)`

# %% nbgrader={"grade": false, "grade_id": "mix_pixel_many", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mix_pixel_many(v, weight, bias):
    """All outputs of one pixel: y[o] = weight[o]·v + bias[o].

    v (C_in,), weight (C_out, C_in), bias (C_out,); returns an array (C_out,).

    Example: v = [1, 2, 3], weight = [[1, 0, 0], [0, 1, -1]], bias = [10, 0]
        y[0] = 1·1 + 10 = 11      y[1] = 1·2 - 1·3 + 0 = -1
    """
    ### BEGIN SOLUTION
    y = np.zeros(len(bias))
    for o in range(len(bias)):
        y[o] = mix_pixel(v, weight[o], bias[o])
    return y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mix_pixel_many_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(mix_pixel_many)
### BEGIN HIDDEN TESTS
check(mix_pixel_many, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The sepia matrix at every pixel, by your function. Three channels in, three channels out, one small matrix for the
# whole picture: this *is* a 1×1 convolution, and lesson 02 builds it in full.

# %%
toned = np.apply_along_axis(mix_pixel_many, 2, small, sepia, np.zeros(3))
plots.show(
    plots.pictures([small, toned], ["photo", "sepia, by your function"]),
    alt="01.pictures_2",
)

# %% [markdown]
# ## A sentence on trial
#
# This course follows an article about 1×1 convolutions. Of one output channel it says:
#
# > "it takes a weighted summary of each of the channels"
#
# **Predict:** if a channel is *summarised*, many of its pixels enter one output number. So take one output pixel, then
# (a) replace all other pixels of the photo by noise, (b) change one channel of that pixel a little. Which of the two moves
# the output? `convs.pointwise` is the course's own 1×1 convolution, the mix at every pixel of an N C H W array.

# %%
x = np.moveaxis(image, 2, 0)[np.newaxis]  # N C H W
weight = np.array([[1.0, -0.5, -0.5]])
elsewhere = np.random.default_rng(0).random(x.shape)
elsewhere[:, :, 100, 150] = x[:, :, 100, 150]
here = x.copy()
here[0, 2, 100, 150] += 0.1
for name, photo in {"as it is": x, "(a) noise elsewhere": elsewhere, "(b) more blue here": here}.items():
    print(f"{name:20} {convs.pointwise(photo, weight)[0, 0, 100, 150]:+.4f}")

# %% [markdown]
# **Verdict: misleading**, that is, wrong as it stands, with something right behind it. No channel is summarised over the picture. One output pixel is a weighted *sum across the
# channels at one place*; here it depends on three numbers. (Turning each whole channel into one number is another
# operation, global average pooling. You meet it in lesson 08.)
#
# ## The hidden recipe
#
# Back to the question at the top. Pillow and scikit-image are two widely used programs; both can turn a photo into grey.
# **Before you run it:** will they agree?

# %%
from PIL import Image
from skimage.color import rgb2gray

pillow = np.array(Image.fromarray((image * 255).round().astype(np.uint8)).convert("L")) / 255
scikit = rgb2gray(image)
plots.show(
    plots.compare(pillow, scikit, titles=("Pillow", "scikit-image", "difference"), magnify=None),
    alt="01.compare",
)
print(f"largest difference: {np.abs(scikit - pillow).max() * 255:.0f} of 255 steps of grey")

# %% [markdown]
# They do not, though it takes a magnifying glass to see it. Suppose each grey is a mix of red, green and blue. Then every pixel is an equation, $w \cdot v + b = g$, in
# which you know the channel vector $v$ and the grey $g$. There are four unknowns and very many equations. Such a system
# is solved by **least squares**: it finds the numbers that leave the smallest sum of squared errors. That works even
# when nothing fits exactly, for instance because Pillow rounds its greys to whole numbers out of 255.
#
# A taste of it, with three bills of a café: 1 coffee and 2 cakes make 8, 3 coffees and 1 cake make 9, 2 and 2 make 10.
# What does a coffee cost, and what a cake?

# %%
bills = np.array([[1, 2], [3, 1], [2, 2]])  # one row per bill: coffees, cakes
prices = np.linalg.lstsq(bills, np.array([8, 9, 10]))[0]
prices.round(6)

# %% [markdown]
# ### Exercise: find the recipe
#
# About 12 minutes. Write `weights_for(pixels, targets)`: given many pixels and the number that each of them became, find
# the weights and the bias of the mix. The café had no bias, say an entrance fee. How can you bring one in?
# Stuck? `hint(weights_for)`

# %% nbgrader={"grade": false, "grade_id": "weights_for", "locked": false, "schema_version": 3, "solution": true, "task": false}
def weights_for(pixels, targets):
    """The mix (w, b) for which w·v + b comes closest to the targets, in the sense of least squares.

    pixels (P, C) holds one pixel per row, targets (P,) one number per pixel; returns w (C,) and b, one number.

    Example: pixels = [[0, 0], [1, 0], [0, 1]], targets = [1, 3, 0]
        The first says b = 1, the second w[0] + b = 3, the third w[1] + b = 0: w = [2, -1], b = 1.
    """
    ### BEGIN SOLUTION
    ones = np.ones((len(pixels), 1))  # a channel that is always 1: its weight is the bias
    unknowns = np.linalg.lstsq(np.hstack([pixels, ones]), targets)[0]
    return unknowns[:-1], unknowns[-1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "weights_for_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(weights_for)
### BEGIN HIDDEN TESTS
check(weights_for, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Now the two programs, and a third grey picture: the brightest of the three channels. **Before you run it:** one of the
# three is no mix at all. How will you notice?

# %%
pixels = image.reshape(-1, 3)  # channels last: the numbers of a pixel lie side by side, so this is safe
greys = {"Pillow": pillow, "scikit-image": scikit, "brightest": image.max(axis=2)}
for name, grey in greys.items():
    w, b = weights_for(pixels, grey.ravel())
    error = np.abs(pixels @ w + b - grey.ravel()).max()
    print(f"{name:13} red, green, blue {w.round(3)}   bias {b:+.3f}   largest error {error:.3f}")

# %% [markdown]
# Two recipes, found from finished pictures. Both give green the most and blue the least, as the eye does, and neither is
# an average. Pillow's is called *luma*; it comes from the television standard BT.601, and the preset *grey* of the mixer
# above had it all along. The small error that is left is Pillow's rounding.
#
# The third leaves large errors however you choose the weights: *the brightest of three* is not a weighted sum. This is
# a limit of every 1×1 convolution: it is [linear](../../GLOSSARY.md#linear), up to the bias, that is, sums and multiples of
# pixels go through it as they are, and then a constant is added. Lesson 08 shows what to put between two of them.
#
# ## Quiz

# %% nbgrader={"grade": false, "grade_id": "01_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    pixel_inputs="b",
    pixel_grey="d",
    pixel_matrix="a",
    pixel_summary="c",
)

# %% nbgrader={"grade": true, "grade_id": "pixel_inputs_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["pixel_inputs"], "pixel_inputs")

# %% nbgrader={"grade": true, "grade_id": "pixel_grey_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["pixel_grey"], "pixel_grey")

# %% nbgrader={"grade": true, "grade_id": "pixel_matrix_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["pixel_matrix"], "pixel_matrix")

# %% nbgrader={"grade": true, "grade_id": "pixel_summary_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["pixel_summary"], "pixel_summary")

# %% [markdown]
# ## Summary
#
# - One output of a 1×1 convolution at one pixel is $b + \sum_c w_c v_c$: a signed weighted sum across the channels of that
#   pixel, and of no other.
# - It is not an average: weights may be negative, need not add up to 1, and nothing is divided.
# - Several outputs are one matrix: `weight` has a row for each output, a column for each input channel; `bias` has one
#   number for each output.
# - From enough examples the weights can be found again. That is what learning is about: lesson 07 does it step by step.
#
# ## Go further
#
# - *Network In Network* ([arXiv 1312.4400](https://arxiv.org/abs/1312.4400)) introduced the 1×1 convolution as a building
#   block, under the name "cross channel parametric pooling". You now know what each of these four words means, except
#   that "pooling" is here a weighted sum.
# - Photographers had this long before: a colour filter in front of black-and-white film sets the three weights by glass.
#
# Next: lesson 02, all pixels, all outputs, by hand.
