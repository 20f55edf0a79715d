# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lesson 04b · Speed and layouts
#
# Five loops, one `einsum`, one matrix product: the same multiplications of the same numbers, and the same layer. How much
# faster can the same computer do them if you ask it in one line? And what does it do with the time that is left: is it all
# multiplying?
#
# **Time:** 40 minutes. **You need:** lesson 04 (the layer as one product and as one `einsum`).
#
# You will be able to
#
# - say where the time of the loops goes, and how close your layer comes to what the machine can do;
# - say which convolution has to copy its input, and which need not;
# - write the layer for images that keep their channels last;
# - separate the stains of a microscope image with a 1×1 convolution.

# %%
import numpy as np

from course_utils import bench, check, convs, data, hint, plots, progress, quiz, solution
from course_utils.plots import matrix, pictures, weight_matrix

# %% [markdown]
# ## Who runs
#
# Here are the layer's forms of lessons 02 and 04, and the way from images to columns and back. **Paste your own over them**:
# it is your code that will run the race.

# %%
def conv1x1_loops(x, weight, bias=None):
    (images, c_in, h, w), c_out = x.shape, len(weight)
    y = np.zeros((images, c_out, h, w))
    for n, o, i, j in np.ndindex(y.shape):  # four loops in one line
        y[n, o, i, j] = 0.0 if bias is None else bias[o]
        for c in range(c_in):
            y[n, o, i, j] += weight[o, c] * x[n, c, i, j]
    return y


def conv1x1_einsum(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    if bias is not None:
        y += bias[:, None, None]
    return y


def pixels_as_columns(x):
    return x.swapaxes(0, 1).reshape(x.shape[1], -1)


def columns_as_pixels(cols, n, h, w):
    return cols.reshape(len(cols), n, h, w).swapaxes(0, 1)


def conv1x1_matmul(x, weight, bias=None):
    cols = weight @ pixels_as_columns(x)
    if bias is not None:
        cols = cols + bias[:, None]
    return columns_as_pixels(cols, len(x), *x.shape[2:])


# %% [markdown]
# The track is a small layer: two images with 64 maps of 14×14 each, 64 outputs. Before it gets fast, check that all of them
# compute the same.

# %%
rng = np.random.default_rng(0)
x_race, weight_race = rng.normal(size=(2, 64, 14, 14)), rng.normal(size=(64, 64))
macs = x_race.size * 64  # each input number meets 64 weights
y_race = conv1x1_loops(x_race, weight_race)
for f in (conv1x1_einsum, conv1x1_matmul):
    print(f"{f.__name__}: at most {np.abs(f(x_race, weight_race) - y_race).max():.0e} from the loops")
print(f"{macs:,} multiplications, each with an addition")

# %% [markdown]
# **Write down a guess:** the same computer, the same multiplications, as fast as you can get it. How many times faster than
# the loops?

# %%
guess = None  # your guess, for example 10

# %% [markdown]
# ## The race
#
# To find out *what* makes the loops slow, put two
# more on the way from one to the other. Each hands NumPy a larger piece of work at a time:

# %%
def by_maps(x, weight):  # one call of NumPy for each weight: a whole map times one number
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for o, c in np.ndindex(weight.shape):
        y[:, o] += weight[o, c] * x[:, c]
    return y


def by_pixels(x, weight):  # one call for each pixel: its vector times the matrix
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for n, i, j in np.ndindex(len(x), *x.shape[2:]):
        y[n, :, i, j] = weight @ x[n, :, i, j]
    return y


# %%
n, h, w = 2, 14, 14
print(f"Python steps:  loops {macs:,},  by maps {weight_race.size:,},  by pixels {n * h * w:,},  einsum 1,  matmul 1")

# %% [markdown]
# **Before you run it:** between which two neighbours will the largest gap be? The race also measures the **peak**: how many
# multiplications and additions a second your machine does in a large square matrix product, at best. Python's loops use one
# core of the processor, so for a fair race everybody gets one. (`lambda f=f: …` makes a function of no arguments that remembers
# *this* `f`; with plain `lambda: …` all five would call the last one.) The race takes some seconds, on a busy computer more.

# %%
racers = {"five loops": conv1x1_loops, "by maps": by_maps, "by pixels": by_pixels}
racers |= {"einsum": conv1x1_einsum, "matmul": conv1x1_matmul}
seconds = bench.side_by_side({name: lambda f=f: f(x_race, weight_race) for name, f in racers.items()}, rounds=3)
peak = bench.matmul_peak()
plots.show(
    matrix.speed_ladder(seconds, 2 * macs, peak),
    alt="04b.speed_ladder",
)
print(f"peak of this machine: {peak / 1e6:,.0f} million multiplications and additions a second")
print(f"matmul is {seconds['five loops'] / seconds['matmul']:,.0f} times as fast as the loops; your guess: {guess}")
print(f"one step: {1e9 * seconds['five loops'] / macs:.0f} ns in the loops, {2e9 / peak:.2f} ns at the peak")

# %% [markdown]
# All of these do the same multiplications. The largest gap is at the top, and the last line says why: compare a step of the
# loops with what the processor needs for it. For every `weight[o, c] * x[n, c, i, j]` Python looks up names, works out where
# the number lies, checks what kind of number it is, wraps it into an object, and throws that away again. The multiplication
# is the smallest part. It is as if you drove to the shop for each single grain of rice.
#
# So the ladder is about **who runs the inner loop**. The fewer steps Python takes, the less often it is paid.
#
# From einsum to matmul the number of Python steps no longer changes, and there is a gap all the same. What is left is craft.
# `@` calls a library (BLAS) that has been tuned for decades: it works on blocks that fit into the fast memory next to the
# processor, and a number that was loaded once serves many outputs. (The article has the maps "scanned 4 times" for four
# outputs. The product has no need to.) With `optimize=True`, einsum hands its work to that library, too. Try it.
#
# ## What is left on the way to the top
#
# Now a larger layer, and a harder opponent: the *bare* product of the same sizes, with its columns ready made. Your layer
# has to make the columns, and to add the bias. **Before you run it:** the bias is 1 addition for every 64 multiplications.
# What share of the time will it take?

# %%
x_large, weight_large, bias_large = rng.normal(size=(4, 64, 56, 56)), rng.normal(size=(64, 64)), rng.normal(size=64)
ready = np.ascontiguousarray(x_large.transpose(1, 0, 2, 3).reshape(64, -1))
y_ready = weight_large @ ready
parts = {
    "the bare product": lambda: weight_large @ ready,
    "making the columns": lambda: pixels_as_columns(x_large),
    "adding the bias": lambda: y_ready + bias_large[:, None],
    "adding it in place": lambda: np.add(y_ready, bias_large[:, None], out=y_ready),
    "one product per image": lambda: weight_large @ x_large.reshape(4, 64, 56 * 56),
    "your conv1x1_matmul": lambda: conv1x1_matmul(x_large, weight_large, bias_large),
}
times = bench.side_by_side(parts, rounds=15)
for name, time in times.items():
    print(f"{name:22} {1000 * time:6.2f} ms   {time / times['the bare product']:5.0%}")

# %% [markdown]
# The percentages are shares of the bare product's time. Two things take longer than their few operations suggest, and both
# because they *move* numbers:
#
# - **Making the columns.** C has to get past N, so every number is copied to a new place.
# - **The bias.** To add it, the whole result is fetched from memory once more, and written into a new array. In place, with
#   `y += bias[:, None]` on your own fresh `y`, at least no new array is needed.
#
# If this lesson runs *inside your browser*, you see nothing of it: columns and bias take about a hundredth of the product, and
# the bare product may take longer than your whole layer. The library there does one multiplication at a time, not four or
# eight side by side, and its peak is a small part of a computer's. Multiplying is so slow that moving hardly counts. Which
# part of a layer takes the time depends on the machine, so measure on the one that it will run on.
#
# The copy can be avoided, and lesson 04 had the rule: `x.reshape(n, c, h * w)` merges only H and W, which stand side by side, so it
# moves nothing. With three axes, `@` makes one product for each image: line five. The price is that the weight is fetched
# anew for each image. So as long as an image is larger than the weight, this form is the better one; with small images and a
# large weight it is the other way round, and the copy pays.
#
# Would you like to change your `conv1x1_matmul`? The check will tell you if you broke something. Once it is right,
# `solution(conv1x1_matmul)` shows one that chooses.
#
# For the layers of a real network, from 56×56 down to 7×7, run `python3 course.py bench numpy` in a terminal.
#
# ## Why a 3×3 must copy, and a 1×1 need not
#
# A 3×3 convolution becomes one product, too: put the patch under the kernel, C · 9 numbers, into a column, one column for each
# pixel. This is called **im2col**. **Before you run it:** how much more memory does the table of patches take than the maps?

# %%
maps, kernels = x_large[0], rng.normal(size=(64, 64, 3, 3))
padded = np.pad(maps, ((0, 0), (1, 1), (1, 1)))
windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))  # (C, H, W, 3, 3), and nothing copied yet
patches = windows.transpose(0, 3, 4, 1, 2).reshape(64 * 9, -1)
pixels = maps.reshape(64, -1)
for name, table, source in (("1×1", pixels, maps), ("3×3", patches, padded)):
    copied = "none of it" if np.shares_memory(table, source) else "all of it"
    print(f"{name}: columns of {table.nbytes / 1e6:5.1f} MB; copied: {copied}")
error = np.abs(kernels.reshape(64, -1) @ patches - convs.conv2d(maps[None], kernels, padding=1).reshape(64, -1)).max()
print(f"the product of kernels and patches differs from the 3×3 convolution by at most {error:.0e}")

# %% [markdown]
# Nine times as much, for each pixel stands in nine patches. NumPy can *show* them without copying, for in memory they overlap;
# a matrix product wants them side by side, and there each needs a place of its own. The columns of a 1×1 *are* the maps: there is
# nothing to copy. Libraries for GPUs often make the patches piece by piece, in fast memory, and throw them away again.
#
# ## Channels last
#
# Programs that open a photo rarely give you a red picture, a green one and a blue one. They give you pixel after pixel, with
# the channels side by side: (H, W, C), and a batch is (N, H, W, C). Give each number its address, as in lesson 04 (1201 is
# image **1**, channel **2**, row **0**, column **1**), and look at the queue in memory, first as it was and then with the
# channels last:

# %%
n, c, i, j = np.indices((2, 3, 2, 2))
x_addresses = 1000 * n + 100 * c + 10 * i + j
for image in x_addresses:
    print("channels first:", *[f"{address:04}" for address in image.ravel()])
for image in x_addresses.transpose(0, 2, 3, 1):
    print("channels last: ", *[f"{address:04}" for address in image.ravel()])

# %% [markdown]
# With the channels last, the second digit runs fastest: a pixel's numbers are neighbours. N, H and W stand side by side, too, with no C in
# between. So what has to be moved for a matrix product here?
#
# ### Exercise: channels last
#
# About 6 minutes. `a @ b` treats the last axis of `a` as rows and leaves all axes before it alone, however many there are.
# You need neither reshape nor transpose of `x`. Stuck? `hint(conv1x1_nhwc)`


# %% nbgrader={"grade": false, "grade_id": "conv1x1_nhwc", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv1x1_nhwc(x, weight, bias=None):
    """A 1×1 convolution of images whose channels are the last axis.

    x:       (N, H, W, C_in)
    weight:  (C_out, C_in), one row per output, as always
    bias:    (C_out,), or None for no bias
    returns: (N, H, W, C_out)

    Example: one image of one row and two pixels, x = [[[[1, 2], [10, 20]]]], weight = [[3, 4]], bias = [0.5]
    gives [[[[11.5], [110.5]]]].
    """
    ### BEGIN SOLUTION
    y = x @ weight.T
    return y if bias is None else y + bias
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv1x1_nhwc_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(conv1x1_nhwc)
### BEGIN HIDDEN TESTS
check(conv1x1_nhwc, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The photos and the three questions of lesson 04 (how bright, red or green, yellow or blue), with the axes in another order.
# Both forms must agree, and with `convs.pointwise`, the course's own:

# %%
photos = np.stack([data.photo(name, longest=90) for name in ("china", "flower")]).transpose(0, 3, 1, 2) / 255
opponent = np.array([[0.3, 0.6, 0.1], [1.0, -1.0, 0.0], [0.5, 0.5, -1.0]])
last = conv1x1_nhwc(photos.transpose(0, 2, 3, 1), opponent)
first = conv1x1_matmul(photos, opponent)
print("shapes:", last.shape, first.shape)
print(f"channels last against first: {np.abs(last.transpose(0, 3, 1, 2) - first).max():.1e}")
print(f"against the course's own:    {np.abs(convs.pointwise(photos, opponent) - first).max():.1e}")

# %% [markdown]
# Even the bias needs no extra axes here, because C_out *is* the last axis. The layout decides what is easy. Which layout is
# faster on a graphics card is a question for lesson 11b.
#
# ## A 1×1 convolution in the laboratory
#
# Now you are the one who explains a picture. This is a thin slice of a colon under the microscope. Dyes were put on it:
# **hematoxylin** colours cell nuclei blue-violet, and a brown dye called **DAB** sticks wherever a certain protein is.

# %%
slide = data.photo("ihc") / 255  # (512, 512, 3)
plots.show(
    pictures([slide, slide[150:300, 150:300]], ["colon tissue", "a part of it"]),
    alt="04b.pictures",
)

# %% [markdown]
# Picture: Center for Microscopy and Molecular Imaging (CMMI). A pathologist wants to know: how much of *each* dye is at each
# pixel? That is three channels in (red, green, blue), and one channel out for each dye, at one pixel at a time. That sounds like
# a 1×1 convolution.
#
# But light is not additive in dyes. Suppose one layer of a dye lets half of the light through. **Before you run it:** how
# much do two layers let through? And by how much does the logarithm of the light change with each layer?

# %%
light = 0.5 ** np.arange(4)  # 0, 1, 2, 3 layers
print("light: ", light)
print("log:   ", np.log(light).round(3))
print("scaled:", (np.log(light) / np.log(1e-6)).round(3))

# %% [markdown]
# Layers *multiply* the light down; its **logarithm** adds up (the law of Beer and Lambert). The third line divides by
# log(1e-6), a negative number. This makes it a **density**: 0 where all light comes through, 1 where only a millionth does.
#
# So: first the log, then the mix. How much density one unit of each dye adds to red, green and blue has been measured
# (Ruifrok and Johnston, 2001), also for **eosin**, a pink dye that often goes with hematoxylin. scikit-image has it as
# `rgb_from_hed`, one row per dye. You need the way back, its inverse `hed_from_rgb`:

# %%
from skimage.color import hed_from_rgb, rgb2hed, rgb_from_hed

dyes = ["hematoxylin", "eosin", "DAB"]
print("inverse of each other:", np.allclose(rgb_from_hed @ hed_from_rgb, np.eye(3)))
plots.show(
    weight_matrix(hed_from_rgb.T),
    alt="04b.weight_matrix",
)

# %% [markdown]
# scikit-image multiplies pixels as *rows*, `pixel @ hed_from_rgb`, so there each **column** belongs to a dye. The picture
# shows the transposed matrix, which is the `weight` of a 1×1 layer: one row per dye. Each row asks for the light that its dye
# *swallows*, against the rest: hematoxylin looks blue because it takes red away, so its largest weight stands at red.
#
# ### Exercise: how much of each dye?
#
# About 12 minutes. Three steps at every pixel:
#
# 1. **density**: raise `rgb` to at least 1e-6 (the log of 0 is no number), take the logarithm, divide by `np.log(1e-6)`;
# 2. **mix** the three channels with the matrix;
# 3. **clip**: no amount of dye is negative, so what is below 0 becomes 0.
#
# `hed_from_rgb` is already imported, and you have written a layer for channels that come last. Note that `rgb` is one
# picture without a batch axis. Stuck? `hint(stain_to_channels)`


# %% nbgrader={"grade": false, "grade_id": "stain_to_channels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stain_to_channels(rgb):
    """How much hematoxylin, eosin and DAB lies at each pixel of a microscope image.

    rgb:     (H, W, 3), floats from 0 (no light) to 1 (all light); channels red, green, blue
    returns: (H, W, 3), channels hematoxylin, eosin, DAB; none is negative

    Example: a white pixel [1, 1, 1] has density 0 in all channels, so it gives [0, 0, 0]. A pixel [0.1, 0.1, 1] has the
    densities [1/6, 1/6, 0] and gives about [0.302, 0.021, 0]: hematoxylin, hardly any eosin, and no DAB (-0.115, clipped).
    """
    ### BEGIN SOLUTION
    density = np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6)
    amounts = conv1x1_nhwc(density[None], hed_from_rgb.T)[0]
    return np.maximum(amounts, 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "stain_to_channels_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(stain_to_channels)
### BEGIN HIDDEN TESTS
check(stain_to_channels, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The moment for which a laboratory buys software. **Before you run it:** on this slide one of the three dyes was never used.
# You have been told which two were. What should the map of the third look like?

# %%
amounts = stain_to_channels(slide)
plots.show(
    matrix.stains(slide, amounts, dyes, rgb_from_hed),
    alt="04b.stains",
)
for name, amount in zip(dyes, amounts.transpose(2, 0, 1), strict=True):
    print(f"{name:12} mean amount {amount.mean():.5f}, above 0 at {(amount > 0).mean():6.1%} of the pixels")
print(f"largest difference from scikit-image's rgb2hed: {np.abs(amounts - rgb2hed(slide)).max():.1e}")

# %% [markdown]
# Nine weights, a logarithm and a clip, and brown and blue have come apart, also where they lay over each other. Nobody told
# the layer that there was no eosin: it found next to none. And it is what `rgb2hed` of scikit-image does; now you know what
# is inside.
#
# **A closer look.** The empty map owes something to the last step. What would it hold without the clip?

# %%
density = np.log(np.maximum(slide, 1e-6)) / np.log(1e-6)
unclipped = (density @ hed_from_rgb)[:, :, 1]
print(f"eosin before the clip: from {unclipped.min():.3f} to {unclipped.max():.3f}, mean {unclipped.mean():.4f}")

# %% [markdown]
# Less than nothing: to mix the colours of this slide from the three dyes as they were measured, you would have to take eosin
# *away*. So its dyes, or its light, are not quite those of 2001, and the clip hides that. A weight matrix answers the
# question that it encodes, whether or not the question fits the data.
#
# ## Quiz

# %% nbgrader={"grade": false, "grade_id": "04b_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    matrix_seconds="d",
    matrix_stains="d",
)

# %% nbgrader={"grade": true, "grade_id": "matrix_seconds_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_seconds"], "matrix_seconds")

# %% nbgrader={"grade": true, "grade_id": "matrix_stains_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_stains"], "matrix_stains")

# %% [markdown]
# ## Summary
#
# - Loops, einsum and product do the same work. The loops lose their time between the multiplications, in Python.
# - What is left of the way to the top goes to *moving* numbers: columns that are copied, a bias that fetches everything again.
# - The columns of a 1×1 are the maps, with nothing to copy where each image has a product of its own. A 3×3 has to copy every
#   number nine times.
# - The layout decides what is easy. With channels last the layer is `x @ weight.T + bias`, without reshape and without extra
#   axes.
# - A matrix that mixes colours at every pixel is a 1×1 convolution, in a network or in a laboratory.
#
# Next, lesson 05: one column knows nothing of its neighbours. What can a layer never see that treats every pixel alone?
#
# ## Go further
#
# - A. C. Ruifrok and D. A. Johnston, *Quantification of histochemical staining by color deconvolution*, Analytical and
#   Quantitative Cytology and Histology 23(4), 2001: where the matrix of the dyes comes from.
