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
# with five loops, and they are right. They are also slow. Can the whole layer be said in one line, so that the computer does
# the looping?
#
# **Time:** 45 minutes. **You need:** lesson 02 (the five loops) and, from lesson 01, what `weight @ v` does to one pixel.
#
# You will be able to
#
# - turn a batch of images into a matrix with one pixel a column, and back, without mixing pixels up;
# - write the whole layer as one matrix product, and as one `einsum`;
# - add a bias to the right axis, and say why NumPy may put it on a wrong one in silence.

# %%
import numpy as np

from course_utils import bench, check, data, hint, plots, progress, quiz, solution, widgets
from course_utils.plots import channels_grid, matrix, pictures

# %% [markdown]
# ## How slow is slow?
#
# Here are the five loops of lesson 02. **Paste your own over them**: what you write in this lesson is compared with them.

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
# seconds of one call; here that takes some seconds in all. (`lambda: f(x)` is a function without a name; called, it calls `f(x)`.)

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
# ## Quiz

# %% nbgrader={"grade": false, "grade_id": "04_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    matrix_reshape="a",
    matrix_bias="b",
    matrix_einsum="c",
)

# %% nbgrader={"grade": true, "grade_id": "matrix_reshape_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_reshape"], "matrix_reshape")

# %% nbgrader={"grade": true, "grade_id": "matrix_bias_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_bias"], "matrix_bias")

# %% nbgrader={"grade": true, "grade_id": "matrix_einsum_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["matrix_einsum"], "matrix_einsum")

# %% [markdown]
# ## Summary
#
# - A 1×1 convolution is one matrix product: `weight` (C_out, C_in) times the pixels as columns (C_in, N·H·W), plus one bias a
#   row.
# - `reshape` merges and splits neighbours; only `transpose` carries an axis past another. Test with two images, and with
#   sizes that are all different.
# - Broadcasting lines shapes up from the right. In (N, C, H, W) a bias needs `bias[:, None, None]`.
# - `einsum` says all of it in letters: what is missing after the arrow is summed.
#
# "A difficult concept, actually, counter-intuitive"? That is an opinion, and no experiment can decide it. You have an
# opinion of your own now, and it fits into one line: `weight @ x`.
#
# Next, lesson 04b: one line instead of five loops, and the same multiplications. How much faster is it, and where did the
# rest of the time go?
#
# ## Go further
#
# - *Network In Network*, [arXiv 1312.4400](https://arxiv.org/abs/1312.4400): the paper that made this product a layer of its
#   own. Find the equation of a mlpconv layer, and the matrix in it.
