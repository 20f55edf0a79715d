# %% [markdown]
# # Lesson 02 · The 1×1 convolution by hand
#
# The article that started this course has an animation. Ten grey squares on the left, four on the right, and between
# them a tiny window that hurries over the squares from top left to bottom right, like somebody reading ten pages four
# times over. It looks convincing. Is that what a 1×1 convolution does?
#
# In this lesson you have that picture in your hands, you write the computation yourself, loop by loop, and then you
# are in a position to judge.
#
# **Time:** 55 minutes. **You need:** lessons 00 and 01.
#
# You will be able to
# - write a 1×1 convolution with nothing but loops, for any number of images, channels and pixels;
# - say which of the five loops sums and which four only visit;
# - refuse inputs that do not fit, with a message that helps;
# - judge two sentences about how a 1×1 convolution "scans" its input.

# %%
import numpy as np
from IPython.display import display

from course_utils import check, convs, data, hint, plots, progress, quiz, solution, widgets

# %% [markdown]
# ## Ten maps in, four maps out
#
# Here are ten **feature maps** of one cat (Chelsea, photographed by Stefan van der Walt, CC0). Each was made from the
# same photo by a small fixed filter. Blue is negative, white is zero, orange is positive.

# %%
maps = data.feature_maps()
plots.show(
    plots.channels_grid(maps, titles=data.FEATURES),
    alt="02.channels_grid",
)
print("shape:", maps.shape)

# %% [markdown]
# One image, ten channels, 48 rows, 72 columns: N C H W. A layer that makes 4 maps out of these 10 has a **weight** of
# 4 rows and 10 columns, one row for each output channel.

# %%
weight = np.random.default_rng(2).uniform(-1, 1, (4, 10)).round(1)
bias = np.array([0.5, -0.5, 0.0, 1.0])
plots.show(
    plots.weight_matrix(weight),
    alt="02.weight_matrix",
)

# %% [markdown]
# **Before you go on:** take one single pixel of one of the four output maps. On how many of the input numbers does it
# depend? 1? 4? 10? 40? Decide now, then look.
#
# Below is the article's picture, and this one does what it says. Press *Play*: one output number product by product, then
# a row of pixels, then all. Some things to try:
#
# 1. Go back to the start and press *Step ▶* until the first output number is finished. How many products did it take? Then
#    set *step by* to one pixel: how many output numbers does a step finish now?
# 2. Set *order* to random pixels and press *Play* again. Do the four pictures come out different?
# 3. Set *order* to one output after the other, and play. That is the animation of the article.
# 4. Make C_in 3 and C_out 1. You know this layer from lesson 01.
# 5. Move the pointer over an output map: which pixels of the input does one output number come from? Click, and see it
#    computed.
# 6. Pull at the bar of a weight, or type in weights below. Which of the four pictures changes? Can you make output 0 a copy
#    of the map that you like best?

# %%
picture = widgets.scan(maps, weight, bias, names=data.FEATURES)
display(picture)

# %% [markdown]
# Python and the picture share their numbers. This cell reads the weights that you have made. It can also put others in: take
# the `#` away from its last line, run it again, and look at the picture. What has become of the four outputs, and why?

# %%
print("row 0 of the weight:", picture.weight[0])
# picture.weight = np.eye(4, 10)

# %% [markdown]
# ## One number of the output
#
# The same on paper: row 20, column 30, output channel 0. Ten numbers from the ten maps, row 0 of the weight, and the
# bias of channel 0.

# %%
column = maps[0, :, 20, 30]
plots.show(
    plots.weighted_sum(column, weight[0], bias[0], names=data.FEATURES),
    alt="02.weighted_sum",
)
print(f"y[0, 0, 20, 30] = {(weight[0] * column).sum() + bias[0]:.4f}")

# %% [markdown]
# Ten products, added up, and the bias once. So the answer is **10**: one number from every input map, all from the
# same pixel. Not one from its left, not one from below. The channels are summed away; the pixel stays where it is.
#
# ## One output map
#
# ### Exercise: one output channel, by loops
#
# About 8 minutes. Do for every image and every pixel what you just saw for one. Three loops visit (image, row,
# column), one loop sums (channel). Use loops here, even if you know a shortcut: shortcuts come in lesson 04, and they
# are more fun when you know what they shorten.
#
# Here is what should come out for output channel 0. Stuck? Run `hint(conv1x1_one)` in a new cell.

# %%
target = convs.pointwise(maps, weight[:1], bias[:1])
plots.show(
    plots.channels_grid(target, titles=["output channel 0"], columns=3),
    alt="02.channels_grid_2",
)

# %% nbgrader={"grade": false, "grade_id": "conv1x1_one", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv1x1_one(x, w, b=0.0):
    """One output channel of a 1×1 convolution.

    x: (N, C_in, H, W), w: (C_in,), b: a number. Returns (N, H, W).

    One image, two channels of 1 row and 2 columns: x = [[[[1.0, 2.0]], [[10.0, 20.0]]]]
    with w = [3.0, 0.5] and b = 1.0 gives [[[9.0, 17.0]]]: 3 · 1 + 0.5 · 10 + 1 and 3 · 2 + 0.5 · 20 + 1.
    """
    ### BEGIN SOLUTION
    n_images, c_in, height, width = x.shape
    y = np.zeros((n_images, height, width))
    for n in range(n_images):
        for i in range(height):
            for j in range(width):
                total = b
                for c in range(c_in):
                    total += w[c] * x[n, c, i, j]
                y[n, i, j] = total
    return y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv1x1_one_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(conv1x1_one)
### BEGIN HIDDEN TESTS
check(conv1x1_one, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Your map beside the target. If the check has passed, the difference is white.

# %%
mine = conv1x1_one(maps, weight[0], bias[0])
plots.show(
    plots.compare(target[0, 0], mine[0]),
    alt="02.compare",
)

# %% [markdown]
# ## All output maps
#
# Four output channels: the same again, four times, each time with another row of the weight and another number of the
# bias. That makes five loops, and the whole layer in one line:
#
# $$y[n, o, i, j] = b[o] + \sum_c w[o, c] \; x[n, c, i, j]$$
#
# **Before you write it:** of the five indices n, o, i, j, c, which one is missing on the left of the equals sign? That
# is the loop that sums. The other four only visit.
#
# ### Exercise: the whole layer
#
# About 12 minutes. No `@` and no `sum` over an axis: loops. `bias` may be `None`, and then nothing is added.
# Stuck? Run `hint(conv1x1_loops)` in a new cell.

# %% nbgrader={"grade": false, "grade_id": "conv1x1_loops", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv1x1_loops(x, weight, bias=None):
    """A 1×1 convolution.

    x: (N, C_in, H, W), weight: (C_out, C_in), bias: (C_out,) or None. Returns (N, C_out, H, W).

    One image of one pixel, two channels in, three out: x = [[[[1.0]], [[10.0]]]]
    weight = [[1, 0], [0, 1], [2, 2]], bias = [0.5, 0.0, 0.0] gives [[[[1.5]], [[10.0]], [[22.0]]]].
    """
    ### BEGIN SOLUTION
    n_images, c_in, height, width = x.shape
    c_out = weight.shape[0]
    y = np.zeros((n_images, c_out, height, width))
    for n in range(n_images):
        for o in range(c_out):
            for i in range(height):
                for j in range(width):
                    total = 0.0 if bias is None else bias[o]
                    for c in range(c_in):
                        total += weight[o, c] * x[n, c, i, j]
                    y[n, o, i, j] = total
    return y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv1x1_loops_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(conv1x1_loops)
### BEGIN HIDDEN TESTS
check(conv1x1_loops, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The layer of the article's picture, computed by you. The printed number should look familiar: it is the pixel that you
# saw on paper.

# %%
outputs = conv1x1_loops(maps, weight, bias)
titles = [f"output channel {o}" for o in range(4)]
plots.show(
    plots.channels_grid(outputs, titles, columns=4),
    alt="02.channels_grid_3",
)
print(f"y[0, 0, 20, 30] = {outputs[0, 0, 20, 30]:.4f}")

# %% [markdown]
# **Guess before you run the next cell:** how many multiplications was that? Hundreds, thousands, more?

# %%
n, c_in, h, w = maps.shape
products = n * len(weight) * h * w * c_in
print(f"{n} · {len(weight)} · {h} · {w} · {c_in} = {products:,} products")

# %% [markdown]
# ## Does it have to be read from top left to bottom right?
#
# The article says that a 1×1 convolution is a
#
# > "linear traversal of each feature maps … top to bottom and left to right"
#
# Your own loops did go from top to bottom and from left to right. Suppose they had jumped about. **Before you run
# it:** the next cell computes all pixels twice, in reading order and in a shuffled order. Where will the two results
# differ?

# %%
def layer_in_order(pixels):
    y = np.zeros((4, 48, 72))
    for i, j in pixels:
        y[:, i, j] = weight @ maps[0, :, i, j] + bias
    return y


reading = [(i, j) for i in range(48) for j in range(72)]
shuffled = np.random.default_rng(0).permutation(reading)
print("first pixels:", reading[:3], "and", shuffled[:3].tolist())
print("equal everywhere:", np.array_equal(layer_in_order(reading), layer_in_order(shuffled)))

# %% [markdown]
# Nowhere. Look at the formula again: there is no order in it. No output pixel uses another output pixel, so none has
# to wait. All of them could be computed at the same moment, and on a GPU thousands are. A definition says *what*, a
# loop says *in which order*, and the order was yours, not the layer's. **The sentence is misleading**: it
# describes one program, and not the layer.
#
# ## Are the ten maps scanned four times?
#
# The second sentence is about the four outputs:
#
# > "all those 10 feature maps are scanned 4 times"
#
# First the arithmetic. **Predict:** if you run four layers with one output each and stack what they give, is it the
# same as one layer with four outputs?

# %%
layers = [(weight[o : o + 1], bias[o : o + 1]) for o in range(4)]
one_by_one = np.stack([convs.pointwise(maps, *layer)[0, 0] for layer in layers])
together = convs.pointwise(maps, weight, bias)[0]
print("largest difference:", abs(one_by_one - together).max())

# %% [markdown]
# The same: four sums of ten products at every pixel. So far the article is right. But does it follow that the maps
# must be *read* four times? Below is the program of the article's animation: one output map after the other. It fetches
# each input number with `read`, which keeps a list.

# %%
def read(c, i, j):
    reads.append((c, i, j))
    return maps[0, c, i, j]


def output_by_output(pixels):
    y = np.zeros((4, 48, 72))
    for o in range(4):
        for i, j in pixels:
            y[o, i, j] = bias[o] + sum(weight[o, c] * read(c, i, j) for c in range(10))
    return y


# %% [markdown]
# And here is another program for the same layer. It fetches the ten numbers of a pixel once and feeds all four sums
# with them. **Before you run it:** how often does each of the two read an input number?

# %%
def pixel_by_pixel(pixels):
    y = np.zeros((4, 48, 72))
    for i, j in pixels:
        y[:, i, j] = bias + weight @ [read(c, i, j) for c in range(10)]
    return y


for program in (output_by_output, pixel_by_pixel):
    reads = []
    gap = abs(program(reading) - together).max()
    print(f"{program.__name__}: {len(reads):,} reads, off by at most {gap:.0e}")

# %% [markdown]
# One layer, two programs, the same numbers up to rounding, and one of them reads four times as often as the other.
# Nothing in a 1×1 convolution asks for four scans; the first program does. On a GPU, fetching a number from memory takes
# far longer than multiplying it, so the programs that are used in earnest fetch once and use each number as often as
# they can.
# **The sentence is misleading**: the products are right, the four scans are one way to do it, and a wasteful one.
#
# ## A bias of another size
#
# Now something that bites everybody once. Below, somebody adds the bias in NumPy. There are 4 output channels, and by
# mistake the bias has 72 numbers. **Before you run it:** what does NumPy say?

# %%
y = convs.pointwise(maps, weight)
wrong_bias = np.linspace(-3, 3, 72)
plots.show(
    plots.channels_grid(y + wrong_bias, columns=4),
    alt="02.channels_grid_4",
)

# %% [markdown]
# Nothing! 72 happens to be the width, so NumPy **broadcasts** the numbers along the rows, and a ramp lies
# over the cat. A bias with a single number would be used for all four channels, and that you would not even see. A function
# that other people call should look at what it is given, and say what is wrong while it is still easy to find.
#
# ### Exercise: refuse what does not fit
#
# About 8 minutes. Write `check_shapes(x, weight, bias)`. If all fits, it returns nothing. If something does not, it
# raises a `ValueError` whose message begins with the argument that is wrong: `weight` where its C_in is not the number
# of channels of `x`, `bias` where it has not one number per output channel. You may take it for granted that `x` has
# four axes, `weight` two and `bias` one. Stuck? Run `hint(check_shapes)` in a new cell.

# %% nbgrader={"grade": false, "grade_id": "check_shapes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def check_shapes(x, weight, bias=None):
    """Raise a ValueError that names the argument that does not fit; return None where all fits.

    x: (N, C_in, H, W), weight: (C_out, C_in), bias: (C_out,) or None.

    Shapes x (2, 3, 4, 7), weight (5, 4): ValueError("weight has C_in = 4, x has 3 channels")
    Shapes x (2, 3, 4, 7), weight (5, 3), bias (1,): ValueError("bias has size 1, C_out is 5")
    """
    ### BEGIN SOLUTION
    c_out, c_in = weight.shape
    if c_in != x.shape[1]:
        raise ValueError(f"weight has C_in = {c_in}, x has {x.shape[1]} channels")
    if bias is not None and len(bias) != c_out:
        raise ValueError(f"bias has size {len(bias)}, C_out is {c_out}")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_shapes_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(check_shapes)
### BEGIN HIDDEN TESTS
check(check_shapes, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# What does yours say to the bias that laid a ramp over the cat?

# %%
try:
    check_shapes(maps, weight, wrong_bias)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the four checks.

# %% nbgrader={"grade": false, "grade_id": "02_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    scan_order="b",
    scan_one_number="c",
    scan_index="a",
    scan_four_times="c",
)

# %% nbgrader={"grade": true, "grade_id": "scan_order_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["scan_order"], "scan_order")

# %% nbgrader={"grade": true, "grade_id": "scan_one_number_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["scan_one_number"], "scan_one_number")

# %% nbgrader={"grade": true, "grade_id": "scan_index_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["scan_index"], "scan_index")

# %% nbgrader={"grade": true, "grade_id": "scan_four_times_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["scan_four_times"], "scan_four_times")

# %% [markdown]
# ## Summary
#
# - A 1×1 convolution is one weighted sum per output channel and pixel, over the input channels of that same pixel.
# - Five indices: n, o, i, j visit, c sums.
# - The order of the pixels is no part of the definition. Nor are passes over the input: one pass can feed all outputs.
# - Shapes that do not fit may broadcast without a word. Check them.
#
# **Claims decided here:** the "linear traversal" is misleading (14), and so are the maps "scanned 4 times" (17). (The numbers count
# the article's sentences. Lesson 13b collects the verdicts.)
#
# ## Go further
#
# - [Network In Network](https://arxiv.org/abs/1312.4400) (Lin, Chen and Yan, 2013) slid a small network over every
#   pixel of the maps and remarked that this is a 1×1 convolution. Your five loops are one layer of it.
# - Your loops took a while for so small a picture. Try `data.feature_maps(longest=200)`. Where does the time go?
#
# Next: lesson 03 counts what such layers make, and finds that somebody counted wrong.
