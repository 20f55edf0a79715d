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
# # Lesson 04 · It is a matrix multiply
#
# The article says of the 1×1 convolution: "It is a difficult concept, actually, counter-intuitive". You have written it
# with five loops, and they are right. They are also slow. How much faster could the same computer do the same
# multiplications, if you asked it in one line instead of five loops?
#
# **Time:** 40 and 40 minutes, in two sittings. **You need:** lesson 02 (the five loops) and, from lesson 01, what `weight @ v` does to one pixel.
#
# You will be able to
#
# - turn a batch of images into a matrix with one pixel a column, and back, without mixing pixels up;
# - write the whole layer as one matrix product, as one `einsum`, and for images that keep their channels last;
# - add a bias to the right axis, and say why NumPy may put it on a wrong one in silence;
# - say where the time of the loops goes, and how close your layer comes to what the machine can do;
# - separate the stains of a microscope image with a 1×1 convolution.

# %%
import numpy as np

from course_utils import bench, check, convs, data, hint, plots, progress, quiz, solution, widgets
from course_utils.plots import channels_grid, matrix, pictures, weight_matrix

# %% [markdown]
# ## How slow is slow?
#
# Here are the five loops of lesson 02. **Paste your own over them**: it is your loops that will run the race of this
# lesson.

# %%
def conv1x1_loops(x, weight, bias=None):
    (images, c_in, h, w), c_out = x.shape, len(weight)
    y = np.zeros((images, c_out, h, w))
    for n, o, i, j in np.ndindex(y.shape):  # four loops in one line
        y[n, o, i, j] = 0.0 if bias is None else bias[o]
        for c in range(c_in):
            y[n, o, i, j] += weight[o, c] * x[n, c, i, j]
    return y


# %% [markdown]
# And a small layer: two images with 64 maps of 14×14 each, 64 outputs. `bench.side_by_side` takes functions and gives the
# seconds of one call. (`lambda: f(x)` is a function without a name; called, it calls `f(x)`.)

# %%
rng = np.random.default_rng(0)
x_race, weight_race = rng.normal(size=(2, 64, 14, 14)), rng.normal(size=(64, 64))
macs = x_race.size * 64  # each input number meets 64 weights
taken = bench.side_by_side({"loops": lambda: conv1x1_loops(x_race, weight_race)}, rounds=1)["loops"]
print(f"{macs:,} multiplications, each with an addition: {taken:.2f} s")
print(f"64 → 256 channels at 56×56, eight images, at this pace: {taken * 8 * 64 * 256 * 56 * 56 / macs:.0f} s")

# %% [markdown]
# The second line is one of the first layers of a ResNet-50. It has dozens of layers and is trained on a million photos.
# Nobody would ever have trained it with these loops.
#
# **Write down a guess:** the same computer, the same multiplications, as fast as you can get it. How many times faster?

# %%
guess = None  # your guess, for example 10

# %% [markdown]
# ## One pixel, then all of them
#
# For one pixel the layer is a matrix times a vector, `weight @ v`: every row of `weight` makes one output (lesson 01).
# Take two pixels and put their vectors side by side, as two **columns**. What do you expect from `weight @ both`?

# %%
weight = np.array([[1.0, -1.0, 0.0], [0.5, 0.5, -1.0]])  # (C_out, C_in): red against green, yellow against blue
v1, v2 = np.array([0.9, 0.2, 0.1]), np.array([0.3, 0.6, 0.2])
both = np.stack([v1, v2], axis=1)
print("one by one:", weight @ v1, weight @ v2)
print("together:\n", weight @ both)

# %% [markdown]
# Each column is treated on its own: column in, column out. So nothing stops you from writing *all* pixels side by side.
# Here is a photo of 8×12 pixels as 96 columns:

# %%
tiny = data.photo("flower", longest=12).transpose(2, 0, 1) / 255  # (3, 8, 12); photo: vultilion, CC BY 2.0
columns = tiny.reshape(3, 96)
plots.show(
    matrix.product(weight, columns, weight @ columns),
    alt="04.product",
)

# %% [markdown]
# That is the entire layer: one product, and the sum over the channels is inside it. What is left to do is bookkeeping:
# make the columns, add the bias, go back to images. All the mistakes live there.
#
# ## A trap called reshape
#
# With one image, `reshape` made the columns. Does it with two? To see where every number goes, let each one carry its own
# address: 1201 stands for image **1**, channel **2**, row **0**, column **1**.

# %%
n, c, i, j = np.indices((2, 3, 2, 2))
x_addresses = 1000 * n + 100 * c + 10 * i + j
plots.show(
    matrix.batch_addresses(x_addresses),
    alt="04.batch_addresses",
)

# %% [markdown]
# You want 3 rows, one a channel. **Before you run it:** `x_addresses.reshape(3, 8)` has the right shape. What will stand
# in row 0?

# %%
plots.show(
    matrix.addresses({"reshape(3, 8)": x_addresses.reshape(3, 8)}),
    alt="04.addresses",
)

# %% [markdown]
# Row 0 was to hold channel 0, and only channel 0. It holds channels 0 *and* 1 of image 0. No column is a pixel, and
# NumPy does not mind: the shape is right.
#
# The reason: `reshape` moves nothing. The numbers lie in memory in one long queue, and `reshape` only cuts the queue into
# rows of another length. Here is the queue, image 0 in the first line and image 1 in the second:

# %%
for image in x_addresses:
    print(*[f"{address:04}" for address in image.ravel()])

# %% [markdown]
# The last axis runs fastest, the first slowest. From this a rule that is worth more than this lesson:
#
# **`reshape` may merge axes that stand side by side, or split one. It cannot carry an axis past another; that is the job
# of `transpose`.**
#
# In (N, C, H, W) the channels stand *between* N and H. To merge N, H and W into one axis, you first have to get C out of
# the way.
#
# Below are two photos of 8×12 and their matrix. Click a pixel, or a cell of the matrix, or use the sliders.
#
# 1. Where is pixel [1, :, 0, 0]? Predict its column, then click it.
# 2. Choose "reshape alone" and click about. Does any pixel stay whole?

# %%
pair = np.stack([data.photo(name, longest=12) for name in ("china", "flower")]).transpose(0, 3, 1, 2) / 255
widgets.column_linker(pair)

# %% [markdown]
# Photos: danielbuechele and vultilion, CC BY 2.0. Why did `reshape(3, 96)` work above? **Before you run it:** for how many
# images does it agree with the right way?

# %%
for images in (1, 2):
    x = pair[:images]
    same = np.array_equal(x.reshape(3, -1), x.transpose(1, 0, 2, 3).reshape(3, -1))
    print(f"{images} image(s): {'the same matrix' if same else 'not the same'}")

# %% [markdown]
# With one image there is nothing for C to be carried past. This is why the bug survives so many tests: people try their
# code on one image, and it is right. Try two.
#
# ### Exercise: pixels as columns
#
# About 6 minutes. For the addresses from above, the right matrix begins with the column 0000, 0100, 0200, then 0001,
# 0101, 0201. All pixels of image 0 come first, row by row, then those of image 1. Stuck? Run `hint(pixels_as_columns)`.


# %% nbgrader={"grade": false, "grade_id": "pixels_as_columns", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pixels_as_columns(x):
    """A batch of images as a matrix: one row per channel, one column per pixel.

    x:       (N, C, H, W)
    returns: (C, N·H·W); pixel (n, i, j) is column n·H·W + i·W + j

    Example: two images of one row and two pixels, x[0] = [[[1, 2]], [[3, 4]]] and x[1] = [[[5, 6]], [[7, 8]]]
    (each has two channels), give [[1, 2, 5, 6], [3, 4, 7, 8]].
    """
    ### BEGIN SOLUTION
    n, c, h, w = x.shape
    return x.transpose(1, 0, 2, 3).reshape(c, n * h * w)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "pixels_as_columns_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(pixels_as_columns)
### BEGIN HIDDEN TESTS
check(pixels_as_columns, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Your matrix and the trap, side by side. Read one of your columns from top to bottom: only the second digit may change.

# %%
plots.show(
    matrix.addresses({"yours": pixels_as_columns(x_addresses), "reshape(3, 8)": x_addresses.reshape(3, 8)}),
    alt="04.addresses_2",
)

# %% [markdown]
# ### Exercise: and back
#
# About 6 minutes. The product gives a matrix (C_out, N·H·W); the next layer wants images. Which of the two steps that you
# took has to be undone first? Stuck? `hint(columns_as_pixels)`


# %% nbgrader={"grade": false, "grade_id": "columns_as_pixels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def columns_as_pixels(cols, n, h, w):
    """The way back from pixels_as_columns: a matrix of pixels as a batch of n images of h×w.

    cols:    (C, N·H·W); column n·H·W + i·W + j is pixel (n, i, j)
    n, h, w: number of images, their height and width; C is the number of rows of cols
    returns: (N, C, H, W)

    Example: cols = [[1, 2, 5, 6], [3, 4, 7, 8]], n = 2, h = 1, w = 2 gives x[0] = [[[1, 2]], [[3, 4]]]
    and x[1] = [[[5, 6]], [[7, 8]]].
    """
    ### BEGIN SOLUTION
    return cols.reshape(-1, n, h, w).transpose(1, 0, 2, 3)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "columns_as_pixels_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(columns_as_pixels)
### BEGIN HIDDEN TESTS
check(columns_as_pixels, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# There and back, with real photos. **Before you run it:** the last picture is what image 0 becomes if you cut the matrix
# straight into (2, 3, 60, 90). What will its red, green and blue be?

# %%
photos = np.stack([data.photo(name, longest=90) for name in ("china", "flower")]).transpose(0, 3, 1, 2) / 255
cols = pixels_as_columns(photos)
back, cut = columns_as_pixels(cols, 2, 60, 90), cols.reshape(2, 3, 60, 90)
shown = [back[0], back[1], cut[0]]
plots.show(
    pictures([image.transpose(1, 2, 0) for image in shown], ["yours, image 0", "yours, image 1", "cut, image 0"]),
    alt="04.pictures",
)
print("there and back changes nothing:", np.array_equal(back, photos))

# %% [markdown]
# A double exposure: red and blue of the third picture are the red and green of the palace, and in between, as green, sits
# the *red of the flower*. Rows of the matrix are channels; the cut took them for images.
#
# ## One bias for each row
#
# Now the bias, one number for each output channel. In lesson 02 a bias of the wrong size lay over the cat as a ramp. Here it has the
# right one: four outputs, all zero, 4×4 pixels, and four biases. NumPy lets you write `y + bias`. **Before you run it:** what will map 0 look like?

# %%
y, bias = np.zeros((1, 4, 4, 4)), np.array([0.1, 0.4, 0.7, 1.0])
plots.show(
    channels_grid((y + bias)[0], columns=4),
    alt="04.channels_grid",
)

# %% [markdown]
# You asked for four different grey squares, and got the same four stripes four times. NumPy **lines shapes up from the
# right**: (1, 4, 4, 4) and (4,) meet at the last axis, and that is the width. This is called **broadcasting**. Tell it
# which axis you mean, by giving the bias axes of size 1 to its right:

# %%
plots.show(
    channels_grid((y + bias[:, None, None])[0], columns=4),
    alt="04.channels_grid_2",
)
print(bias.shape, "→", bias[:, None, None].shape, "lines up with", y.shape)

# %% [markdown]
# The stripes came without a warning because four channels happened to meet four columns. Otherwise NumPy complains, and
# that is a favour:

# %%
try:
    np.zeros((1, 4, 6, 9)) + bias
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# ### Exercise: the layer as one product
#
# About 8 minutes. No Python loops. `pixels_as_columns` and `columns_as_pixels` do the bookkeeping; in between there is one
# `@` and one `+`. What shape does the bias need *there*? Stuck? `hint(conv1x1_matmul)`


# %% nbgrader={"grade": false, "grade_id": "conv1x1_matmul", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv1x1_matmul(x, weight, bias=None):
    """A 1×1 convolution by matrix multiplication, for a whole batch at once.

    x:       (N, C_in, H, W)
    weight:  (C_out, C_in), one row per output
    bias:    (C_out,), or None for no bias
    returns: (N, C_out, H, W)

    Example: one pixel x = [[[[1.0]], [[2.0]]]], weight = [[3, 4], [5, 6], [1, 0]], bias = [0, 100, 0]
    gives the three outputs 3·1 + 4·2 = 11, 5·1 + 6·2 + 100 = 117 and 1.
    """
    ### BEGIN SOLUTION
    n, c_in, h, w = x.shape
    if h * w < len(weight):  # images smaller than the weight: copy them into one matrix, and fetch the weight once
        y = columns_as_pixels(weight @ pixels_as_columns(x), n, h, w)
    else:  # one product per image: only H and W are merged, so nothing is copied
        y = (weight @ x.reshape(n, c_in, h * w)).reshape(n, -1, h, w)
    if bias is not None:
        y += bias[:, None, None]  # in place: y is ours
    return y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv1x1_matmul_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(conv1x1_matmul)
### BEGIN HIDDEN TESTS
check(conv1x1_matmul, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Let it work. Three questions to each pixel of the flower: how bright, more red or more green, more yellow or more blue?
# The nerves of your eye pass on much the same three answers.

# %%
opponent = np.array([[0.3, 0.6, 0.1], [1.0, -1.0, 0.0], [0.5, 0.5, -1.0]])
answers_of_eye = conv1x1_matmul(photos, opponent, np.array([-0.5, 0.0, 0.0]))
plots.show(
    channels_grid(answers_of_eye[1], titles=["brighter or darker than 0.5", "red or green", "yellow or blue"], columns=3),
    alt="04.channels_grid_3",
)
print(f"largest difference from your loops: {np.abs(conv1x1_loops(photos, opponent, [-0.5, 0, 0]) - answers_of_eye).max():.1e}")

# %% [markdown]
# ## Name the axes
#
# Reshape and transpose are easy to get wrong because they speak of axes by number. There is another way to say it: give
# every axis a letter. Written in mathematics, the layer without bias is
#
# $$y_{nohw} = \sum_c \text{weight}_{oc}\; x_{nchw}$$
#
# and `np.einsum` takes just these letters. First the letters of each input, then an arrow, then the letters of the result.
# **A letter that is missing after the arrow is summed.** Some examples; say what comes out before you run them:

# %%
m, v = np.array([[1, 2, 3], [4, 5, 6]]), np.array([1, 0, 10])
print("ij->ji  ", np.einsum("ij->ji", m).tolist())
print("ij->i   ", np.einsum("ij->i", m).tolist())
print("ij,j->i ", np.einsum("ij,j->i", m, v).tolist())
print("ij,j->ij", np.einsum("ij,j->ij", m, v).tolist())

# %% [markdown]
# A transposition, sums of rows, a matrix times a vector, and a product without a sum. The third is lesson 01's
# `mix_pixel_many`, letter by letter.
#
# ### Exercise: one einsum
#
# About 5 minutes. No reshape, no transpose. Stuck? `hint(conv1x1_einsum)`


# %% nbgrader={"grade": false, "grade_id": "conv1x1_einsum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv1x1_einsum(x, weight, bias=None):
    """A 1×1 convolution by one np.einsum.

    x:       (N, C_in, H, W)
    weight:  (C_out, C_in), one row per output
    bias:    (C_out,), or None for no bias
    returns: (N, C_out, H, W)

    Example: one pixel x = [[[[1.0]], [[2.0]]]], weight = [[3, 4]], bias = [0.5] gives [[[[11.5]]]].
    """
    ### BEGIN SOLUTION
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv1x1_einsum_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(conv1x1_einsum)
### BEGIN HIDDEN TESTS
check(conv1x1_einsum, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# > **A good place for a break.** When you come back, run all cells above again (menu *Run*, *Run All Above Selected Cell*).
# > Your answers are still there.
#
# ## The race
#
# Loops, einsum, matrix product: the same multiplications, the same input. To find out *what* makes the loops slow, put two
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
# *this* `f`; with plain `lambda: …` all five would call the last one.)

# %%
racers = {"five loops": conv1x1_loops, "by maps": by_maps, "by pixels": by_pixels}
racers |= {"einsum": conv1x1_einsum, "matmul": conv1x1_matmul}
seconds = bench.side_by_side({name: lambda f=f: f(x_race, weight_race) for name, f in racers.items()}, rounds=3)
peak = bench.matmul_peak()
plots.show(
    matrix.speed_ladder(seconds, 2 * macs, peak),
    alt="04.speed_ladder",
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
# The copy can be avoided, and you know the rule: `x.reshape(n, c, h * w)` merges only H and W, which stand side by side, so it
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
# the channels side by side: (H, W, C), and a batch is (N, H, W, C). Lay the addresses out like that and look at the queue:

# %%
for image in x_addresses.transpose(0, 2, 3, 1):
    print(*[f"{address:04}" for address in image.ravel()])

# %% [markdown]
# The second digit now runs fastest: a pixel's numbers are neighbours. N, H and W stand side by side, too, with no C in
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
# Same photos, same weights, the axes in another order. Both forms must agree, and with `convs.pointwise`, the course's own:

# %%
last = conv1x1_nhwc(photos.transpose(0, 2, 3, 1), opponent)
first = conv1x1_matmul(photos, opponent)
print("shapes:", last.shape, first.shape)
print(f"channels last against first: {np.abs(last.transpose(0, 3, 1, 2) - first).max():.1e}")
print(f"against the course's own:    {np.abs(convs.pointwise(photos, opponent) - first).max():.1e}")

# %% [markdown]
# Even the bias needs no extra axes here, because C_out *is* the last axis. The layout decides what is easy. Which layout is
# faster on a graphics card is a question for lesson 11.
#
# ## A 1×1 convolution in the laboratory
#
# Now you are the one who explains a picture. This is a thin slice of a colon under the microscope. Dyes were put on it:
# **hematoxylin** colours cell nuclei blue-violet, and a brown dye called **DAB** sticks wherever a certain protein is.

# %%
slide = data.photo("ihc") / 255  # (512, 512, 3)
plots.show(
    pictures([slide, slide[150:300, 150:300]], ["colon tissue", "a part of it"]),
    alt="04.pictures_2",
)

# %% [markdown]
# Picture: Center for Microscopy and Molecular Imaging (CMMI). A pathologist wants to know: how much of *each* dye is at each
# pixel? That is three channels in (red, green, blue), and one channel out for each dye, at one pixel at a time. That sounds like
# a 1×1 convolution.
#
# But light is not additive in dyes. Suppose one layer of a dye lets half of the light through. **Before you run it:** how
# much do two layers let through, and which function turns that into twice the amount?

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
    alt="04.weight_matrix",
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
    alt="04.stains",
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

# %% nbgrader={"grade": false, "grade_id": "04_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    matrix_reshape="a",
    matrix_bias="b",
    matrix_einsum="c",
    matrix_seconds="d",
    matrix_stains="d",
)

# %% nbgrader={"grade": true, "grade_id": "matrix_reshape_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_reshape"], "matrix_reshape")

# %% nbgrader={"grade": true, "grade_id": "matrix_bias_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_bias"], "matrix_bias")

# %% nbgrader={"grade": true, "grade_id": "matrix_einsum_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_einsum"], "matrix_einsum")

# %% nbgrader={"grade": true, "grade_id": "matrix_seconds_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_seconds"], "matrix_seconds")

# %% nbgrader={"grade": true, "grade_id": "matrix_stains_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_stains"], "matrix_stains")

# %% [markdown]
# ## Summary
#
# - A 1×1 convolution is one matrix product: `weight` (C_out, C_in) times the pixels as columns (C_in, N·H·W), plus one bias a
#   row.
# - `reshape` merges and splits neighbours; only `transpose` carries an axis past another. Test with two images, and with
#   sizes that are all different.
# - Broadcasting lines shapes up from the right. In (N, C, H, W) a bias needs `bias[:, None, None]`; with channels last it
#   needs nothing.
# - `einsum` says all of it in letters: what is missing after the arrow is summed.
# - Loops, einsum and product do the same work. The loops lose their time between the multiplications, in Python.
#
# "A difficult concept, actually, counter-intuitive"? That is an opinion, and no experiment can decide it. You have an
# opinion of your own now, and it fits into one line: `weight @ x`.
#
# Next, lesson 05: one column knows nothing of its neighbours. What can a layer never see that treats every pixel alone?
#
# ## Go further
#
# - *Network In Network*, [arXiv 1312.4400](https://arxiv.org/abs/1312.4400): the paper that made this product a layer of its
#   own. Find the equation of a mlpconv layer, and the matrix in it.
# - A. C. Ruifrok and D. A. Johnston, *Quantification of histochemical staining by color deconvolution*, Analytical and
#   Quantitative Cytology and Histology 23(4), 2001: where the matrix of the dyes comes from.
