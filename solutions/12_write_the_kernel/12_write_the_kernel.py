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
# # Lesson 12 · Write the kernel
#
# You have let NumPy and PyTorch compute your layer all along. Somewhere below them is a piece of code that takes numbers
# from memory, multiplies them and puts them back: the **kernel**. A 1×1 convolution with its bias and ReLU is small enough
# that you can write all of it. What is there to decide, if the mathematics is one line?
#
# **Time:** 65 minutes. **You need:** lesson 04 (the layer as a matrix product); lesson 11 (what limits a GPU) helps.
#
# You will be able to
#
# - compute a layer tile by tile, at sizes that no tile divides;
# - count the bytes that a tiling moves, and say what a larger tile saves;
# - write a fused kernel in Triton: addresses, masks, accumulator, bias and ReLU in one pass;
# - say what an interpreter proves about a kernel, and what only a GPU can tell.

# %%
import numpy as np

from course_utils import check, data, hint, plots, progress, quiz, solution, widgets
from course_utils.kernels import device, fused_pointwise, is_installed, launched, tl
from course_utils.plots import pictures, spending, tiles

# %% [markdown]
# ## Where the time goes
#
# A layer of a ResNet-50: 64 → 256 channels at 56×56, then the bias, then the ReLU. In PyTorch these are three steps, and
# each reads its input from the GPU's memory and writes its output there.
#
# The bias and the ReLU are one addition and one comparison for each number of y. The products are 64 for each. **Before
# you run it:** what share of the bytes do bias and ReLU move, if everything goes by memory?

# %%
n, c_in, c_out, h, w = 32, 64, 256, 56, 56
x_size, w_size, y_size = n * c_in * h * w, c_out * c_in, n * c_out * h * w
steps = {"products": x_size + w_size + y_size, "bias": 2 * y_size, "ReLU": 2 * y_size}  # numbers read and written
small = (steps["bias"] + steps["ReLU"]) / sum(steps.values())
print(f"bias and ReLU: {small:.0%} of the bytes, {2 / (2 * c_in + 2):.1%} of the operations")
print(f"all in one pass: {sum(steps.values()) / steps['products']:.1f} times fewer bytes")

# %% [markdown]
# Three quarters of the traffic for next to none of the work. Where memory is the limit (lesson 11: for such layers it is),
# the bytes *are* the time. Doing all three while a number is at hand, and writing it once, is called **fusing**. `torch.compile` writes such kernels by itself, where it finds a
# compiler; today you write one with your own hands.

# %%
plots.show(
    spending.bills(
        ["three steps", "fused"],
        {"MB moved (16-bit numbers)": [2e-6 * sum(steps.values()), 2e-6 * steps["products"]]},
    ),
    alt="12.bills",
)

# %% [markdown]
# So you want *one* loop that makes a number of y complete: all channels, bias, ReLU, store. What keeps a GPU from running
# it for each number on its own? Reading again: every number of x is needed by all 256 outputs, every weight by all pixels.
# A program that computes a whole **tile** of y uses each number that it loads many times.
#
# ## Tiles
#
# Take y as a matrix: rows are outputs, columns are the pixels of one image. One program computes one tile of it, from
# some rows of weight and some columns of x. Step through the tiles, then move the block sizes.
#
# 1. Which block size makes x travel less? Predict, then move it.
# 2. Choose sizes that divide nothing. How many tiles hang over an edge?

# %%
widgets.tile_walker(c_in=64, c_out=24, pixels=49, block_o=8, block_p=16)

# %% [markdown]
# Within a tile the channels come in blocks too. Next to each core of a GPU there is little fast memory, and layers have up
# to thousands of channels: so a program loads some of them, multiplies, adds the product to an **accumulator**, and loads
# the next. That gives four loops: images, tiles of pixels, tiles of outputs, blocks of channels.
#
# Here are 5 outputs at 18 pixels, in tiles of 4. Three kinds of tile are at work: whole ones, and those that hang over the
# right edge or the lower one.

# %%
plots.show(
    tiles.tiling(c_out=5, pixels=18, block_o=4, block_p=4),
    alt="12.tiling",
)

# %% [markdown]
# ### Exercise: a layer in tiles
#
# About 12 minutes, in NumPy. Write the four loops, with one number `block` for the side of every tile.
#
# A GPU's core has a unit that multiplies two small matrices, and nothing larger. `dot(a, b)` stands for it: all products
# go through it, and no side of a or b may be larger than `block`. Here it is `np.matmul`; the check brings one that refuses
# larger pieces, and counts.
#
# Slices make the ragged edge easy: `weight[4:8]` of 5 rows has one row, and nothing happens. (Remember that sentence. It
# stops being true soon.) Stuck? `hint(tiled_conv1x1)`


# %% nbgrader={"grade": false, "grade_id": "tiled_conv1x1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tiled_conv1x1(x, weight, bias, block, dot=np.matmul):
    """A 1×1 convolution, one tile of y after the other.

    x:       (N, C_in, H, W)
    weight:  (C_out, C_in)
    bias:    (C_out,)
    block:   outputs, pixels and channels in a tile; it need not divide any of them
    dot:     dot(a, b) is the product of two tiles, with no side larger than block
    returns: (N, C_out, H, W)

    Example: x with two channels of 1×3 pixels, [[[[1, 2, 3]], [[10, 20, 30]]]], weight [[1, 1]], bias [5] and block 2
    give [[[[16, 27, 38]]]], in two tiles: pixels 0 and 1, then pixel 2.
    """
    ### BEGIN SOLUTION
    (n, c_in, h, w), c_out = x.shape, len(weight)
    pixels = x.reshape(n, c_in, h * w)
    y = np.zeros((n, c_out, h * w))
    for image in range(n):
        for p in range(0, h * w, block):
            for o in range(0, c_out, block):
                acc = bias[o : o + block, None]
                for c in range(0, c_in, block):
                    acc = acc + dot(weight[o : o + block, c : c + block], pixels[image, c : c + block, p : p + block])
                y[image, o : o + block, p : p + block] = acc
    return y.reshape(n, c_out, h, w)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "tiled_conv1x1_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(tiled_conv1x1)
### BEGIN HIDDEN TESTS
check(tiled_conv1x1, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The order of the additions changes with the block, and with it the last digits. **Before you run it:** how large will the
# difference between blocks 1 and 64 be?

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(2, 48, 6, 7))
weight, bias = rng.normal(size=(20, 48)), rng.normal(size=20)
by_ones, by_many = tiled_conv1x1(x, weight, bias, 1), tiled_conv1x1(x, weight, bias, 64)
print(f"largest difference: {np.abs(by_ones - by_many).max():.1e}")
print(f"largest number of y: {np.abs(by_many).max():.1f}")

# %% [markdown]
# ## What tiles move
#
# A program reads the columns of x and the rows of weight that its tile needs, all channels of them, and writes its tile of
# y. Tiles that share columns read the same numbers of x, again and again. How many bytes is that in all?
#
# ### Exercise: bytes moved
#
# About 8 minutes. Count with these rules: a program reads from memory all that it needs (no cache helps it), what is over
# an edge is not moved, each image has tiles of its own, and the bias is left out. Stuck? `hint(bytes_moved)`


# %% nbgrader={"grade": false, "grade_id": "bytes_moved", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bytes_moved(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    """Bytes that a tiled 1×1 convolution reads and writes.

    n, c_in, c_out, h, w: sizes of the layer
    block_p, block_o:     pixels and outputs of a tile; they need not divide anything
    itemsize:             bytes of one number, 4 for float32
    returns:              a whole number

    Example: one image of 1×5 pixels, 2 → 3 channels, tiles of 2 pixels and 2 outputs, float32. Two tiles of outputs read
    the 10 numbers of x, three tiles of pixels the 6 weights, and 15 numbers are written: 4 · (20 + 18 + 15) = 212.
    """
    ### BEGIN SOLUTION
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)  # rounded up
    x_read, weights_read = n * c_in * h * w * tiles_o, n * c_out * c_in * tiles_p
    return (x_read + weights_read + n * c_out * h * w) * itemsize
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "bytes_moved_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(bytes_moved)
### BEGIN HIDDEN TESTS
check(bytes_moved, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The ResNet layer again, in square tiles of 16 bits. The dashed line is every tensor once: no tiling can move less.
# **Before you run it:** by how much does the traffic fall when the side doubles?

# %%
sides = [4, 8, 16, 32, 64, 128, 256]
moved = [bytes_moved(n, c_in, c_out, h, w, side, side, 2) for side in sides]
plots.show(
    tiles.moved_by_blocks(sides, moved, once=2 * steps["products"]),
    alt="12.moved_by_blocks",
)

# %% [markdown]
# First it halves, as half as many tiles read everything. Then the curve bends: y has to be written, whatever you do.
#
# Dividing the operations by the bytes gives the arithmetic intensity of lesson 11. An A100 can do 312 TFLOP/s with 16-bit
# numbers and move 2.039 TB/s, so below 153 operations a byte it waits for memory (NVIDIA's data sheet; a multiply-add is
# two operations). Do larger tiles get the layer over that ridge?

# %%
flops = 2 * n * c_in * c_out * h * w
for side in sides:
    size = bytes_moved(n, c_in, c_out, h, w, side, side, 2)
    print(f"tiles of {side:3}: {flops / size:6.2f} operations a byte")
print(f"every tensor once: {flops / (2 * steps['products']):.1f}; the ridge of an A100: {312e12 / 2.039e12:.0f}")

# %% [markdown]
# No. With tiles of four by four you would be dozens of times below the ridge; with good tiles you come near what the layer
# itself allows, and that is still below. *This* layer is bound by memory on that card, and its best kernel is one that
# moves every tensor once. That is why fusing pays here.
#
# (A real GPU has caches, which serve many of the second reads. This count is the worst case.)
#
# ## Sixteen bits, and a long sum
#
# One decision is left: which type has the accumulator? x and weight have 16 bits. **Before you run it:** a float16 starts
# at 0 and you add 1 to it, 4,096 times. Where does it end?

# %%
sums = {kind: np.cumsum(np.ones(4096, kind), dtype=kind) for kind in ("float32", "float16")}
plots.show(
    tiles.running_sums(sums),
    alt="12.running_sums",
)
print({kind: float(values[-1]) for kind, values in sums.items()})
end = sums["float16"][-1]
print(f"in float16, {end:.0f} + 1 = {end + np.float16(1):.0f}")
a, b = np.random.default_rng(0).standard_normal((2, 100_000)).astype(np.float16)
exact = a.astype(np.float64) * b.astype(np.float64)
print("of 100,000 products of two float16 numbers, float32 holds exactly:", (a.astype(np.float32) * b.astype(np.float32) == exact).sum())

# %% [markdown]
# A float16 has 11 significant bits. From 2,048 on its neighbours are 2 apart, and 1 is rounded away, two thousand times in
# a row. Inputs of 16 bits lose little; a *sum* of 16 bits can lose everything. And two numbers of 11 bits have a product of at
# most 22, which float32, with 24, holds exactly. So tensor cores take inputs of 16 bits, multiply them without an error and add
# in 32 bits, and so will your accumulator.
#
# ## Memory has no axes
#
# In a kernel there is no `x[n, c, i, j]`. There is an address where x begins, and whatever you add to it. How far it is
# from one image, channel or pixel to the next is called a **stride**, and the layout decides it. This is the memory of one
# image of 3 channels and 4 pixels; the numbers are addresses.

# %%
def places(c, p, stride_xc, stride_xp):
    return c[:, None] * stride_xc + p[None, :] * stride_xp  # a column plus a row: a table of addresses


c, p = np.arange(3), np.arange(4)
plots.show(
    tiles.address_tables(
        {
            "channels first: strides 4 and 1": places(c, p, stride_xc=4, stride_xp=1),
            "channels last: strides 1 and 3": places(c, p, stride_xc=1, stride_xp=3),
        }
    ),
    alt="12.address_tables",
)

# %% [markdown]
# One line of code, both layouts: that is what strides are for. And now the edge. Take a tile of 4 channels and 4 pixels
# over these 3 channels. **Before you run it:** the memory holds two such images, one after the other. What does the tile
# find in its fourth channel?

# %%
memory = np.arange(24) + 100 * (np.arange(24) // 12)  # two images; those of image 1 are above 100
tile = memory[places(np.arange(4), np.arange(4), stride_xc=4, stride_xp=1)]
print(tile)

# %% [markdown]
# The first channel of the *next image*: behind the last channel there is no edge, only more memory. NumPy's slices cut off
# what does not exist. Addresses do not. For the last image there would be somebody else's numbers, or the end of the
# program. So every load says which of its places exist, with a **mask**, and what to take for the others:

# %%
exists = (np.arange(4) < 3)[:, None] & (np.arange(4) < 4)[None, :]
print(np.where(exists, tile, 0))

# %% [markdown]
# A channel of zeros adds nothing to the sum. Pixels and outputs over the edge may hold anything, as long as they are not
# *stored*.
#
# ## The same in Triton
#
# Triton is a language for kernels that looks like NumPy. You write what *one* program does, with whole tiles as values.
#
# | you want | NumPy | Triton |
# |---|---|---|
# | which tile am I? | the loop variable | `tl.program_id(0)` |
# | a row of numbers | `np.arange(a)` | `tl.arange(0, A)`, A a power of two |
# | zeros | `np.zeros((a, b))` | `tl.zeros((A, B), dtype=tl.float32)` |
# | read | `x[places]` | `tl.load(x_ptr + places, mask=…, other=0.0)` |
# | multiply tiles | `w @ x` | `tl.dot(w, x)`, sides of 16 or more, sum in float32 |
# | ReLU | `np.maximum(y, 0)` | `tl.maximum(y, 0.0)` |
# | write | `y[places] = acc` | `tl.store(y_ptr + places, acc, mask=…)` |
#
# `@launched`, from this course, does what the caller does on a GPU: it lays x into memory (channels first, or last), gets
# memory for y, computes the strides, and starts a program for each tile: `tl.program_id(0)` counts tiles of pixels,
# `tl.program_id(1)` tiles of outputs, `tl.program_id(2)` images. Around your kernel stands a function
# `pointwise_kernel(x, weight, bias, blocks, channels_last)`.
#
# Here Triton *interprets* the kernel: one program after the other, with NumPy, on the processor. In the course it also
# watches every load and store, and stops a kernel that leaves its tensors.

# %%
if is_installed():
    print("Triton is installed: your kernel will run here.")
else:
    print("Triton is not installed (its makers publish it for Linux). Skipped here: the check of your kernel, the photo, and the course's")
    print("own kernel. Write yours all the same; a teacher can look at it. Everything else works, and is checked.")
    print("To add Triton, run this in a new cell: %pip install --constraint ../../constraints.txt triton")

# %% [markdown]
# ### Exercise: the fused kernel
#
# About 20 minutes. Names in capitals are constants of the tile: `tl.constexpr` says that a value is known when the kernel is
# compiled, and that each other value makes another kernel. `tl.arange(0, BLOCK_P)` and the shape of `tl.zeros` need that: a
# tile lies in registers, and they are handed out before anything runs. Sizes such as c_in are known only when it runs. The
# weights lie row by row: row o begins at o · c_in. The
# loop over the channels may be a Python `range(0, c_in, BLOCK_C)`.
#
# The picture before the code: a program owns the outputs `o` (a column of BLOCK_O numbers) and the pixels `p` (a row of
# BLOCK_P). For each block of channels `c` it loads a weight tile (BLOCK_O × BLOCK_C) and an x tile (BLOCK_C × BLOCK_P) and
# adds their product to `acc` (BLOCK_O × BLOCK_P). At the end: bias, ReLU, store. Stuck? `hint(pointwise_kernel)`


# %% nbgrader={"grade": false, "grade_id": "pointwise_kernel", "locked": false, "schema_version": 3, "solution": true, "task": false}
@launched
def pointwise_kernel(
    x_ptr, weight_ptr, bias_ptr, y_ptr, c_in, c_out, pixels,
    stride_xn, stride_xc, stride_xp, stride_yn, stride_yo, stride_yp,
    BLOCK_O: tl.constexpr, BLOCK_P: tl.constexpr, BLOCK_C: tl.constexpr,
):
    """One tile of y = max(0, weight @ x + bias): BLOCK_O outputs at BLOCK_P pixels of one image.

    x_ptr, weight_ptr, bias_ptr, y_ptr: where the tensors begin; y is float32, and NaN until a program writes it
    c_in, c_out, pixels:                sizes; no block need divide them
    stride_xn, stride_xc, stride_xp:    numbers from one image, channel, pixel of x to the next
    stride_yn, stride_yo, stride_yp:    the same for y

    Example: 2 channels, weight [[1, -1]], bias [0.5], pixels [[1, 2], [3, 1]]: y is [[0, 1.5]], as 1 - 3 + 0.5 < 0.
    """
    ### BEGIN SOLUTION
    p = tl.program_id(0) * BLOCK_P + tl.arange(0, BLOCK_P)
    o = tl.program_id(1) * BLOCK_O + tl.arange(0, BLOCK_O)
    n = tl.program_id(2)
    is_pixel, is_output = (p < pixels)[None, :], (o < c_out)[:, None]
    acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32)
    for start in range(0, c_in, BLOCK_C):
        c = start + tl.arange(0, BLOCK_C)
        w_places = weight_ptr + o[:, None] * c_in + c[None, :]
        w_tile = tl.load(w_places, mask=is_output & (c < c_in)[None, :], other=0.0)
        x_places = x_ptr + n * stride_xn + c[:, None] * stride_xc + p[None, :] * stride_xp
        x_tile = tl.load(x_places, mask=is_pixel & (c < c_in)[:, None], other=0.0)
        acc += tl.dot(w_tile, x_tile)
    bias = tl.load(bias_ptr + o, mask=o < c_out, other=0.0)
    acc = tl.maximum(acc + bias[:, None], 0.0)
    y_places = y_ptr + n * stride_yn + o[:, None] * stride_yo + p[None, :] * stride_yp
    tl.store(y_places, acc, mask=is_output & is_pixel)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "pointwise_kernel_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(pointwise_kernel)
### BEGIN HIDDEN TESTS
check(pointwise_kernel, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Your kernel at work on a photo of 40×60 pixels, 2,400 of them, in tiles of 16 outputs and 256 pixels: neither 3 nor 2,400
# is divided. The three outputs are red − green, green − blue and blue − red; the ReLU leaves of each what is positive.

# %%
if is_installed():
    photo = data.photo("coffee", longest=60).transpose(2, 0, 1)[None].astype("float32") / 255
    contrast = np.array([[1, -1, 0], [0, 1, -1], [-1, 0, 1]], "float32")
    y = pointwise_kernel(photo, contrast, np.zeros(3, "float32"), (16, 256, 16), True)[0]
    titles = ["the photo", "red − green", "green − blue", "blue − red"]
    plots.show(
        pictures([photo[0].transpose(1, 2, 0), *(np.repeat(one[:, :, None], 3, 2) / y.max() for one in y)], titles),
        alt="12.pictures",
    )
else:
    print("Skipped: Triton is not installed.")

# %% [markdown]
# ## What the interpreter proves, and what it cannot
#
# It tries addresses, masks and sums, on the sizes that you give it. It is more patient than a compiler: in Python a variable
# may change its type, in a compiled loop it may not. The check looks for the case that matters, an accumulator that begins
# with 16 bits and grows wider. One that begins as Python's `0.0` passes here, and only a compiler refuses it.
#
# And it says nothing about speed: it runs one program after the other, each line of it in Python. For speed the course has a
# kernel like yours with a few decisions more, `fused_pointwise` for PyTorch tensors: block sizes from a table, outputs before
# pixels in the order of the tiles (programs that run together read the same pixels), and for channels last all pixels of all
# images in one row. It is compiled where there is a GPU; here you see that it agrees.

# %%
if is_installed():
    import torch

    torch.manual_seed(0)
    layer = torch.nn.Conv2d(19, 37, 1, device=device())
    maps = torch.randn(2, 19, 5, 7, device=device())
    with torch.no_grad():
        difference = fused_pointwise(maps, layer.weight, layer.bias) - layer(maps).relu()
    print(f"on {device()}: largest difference from Conv2d and ReLU {difference.abs().max():.1e}")
else:
    print("Skipped: Triton is not installed.")

# %% [markdown]
# Is it faster than the vendor's library? You have the tools to say what to expect. For the ResNet layer above the fused
# kernel has to move every tensor once; three steps move more than four times as much. No kernel can beat the first figure, and
# a library that fuses reaches it too. For a wide layer (1024 → 1024, say) the products are the limit, and there a library
# tuned for years is hard to come near.
#
# These are predictions, and **this course claims no figures for its kernel**: no measurement on a GPU is recorded in it
# yet. If you have one, have your own kernel compiled, by the same cells. Triton is told when it is first imported, so in
# JupyterLab choose *Kernel → Restart Kernel*, run `%env TRITON_INTERPRET=0` in a new cell at the top, and then the others; in a
# terminal, start Python with `TRITON_INTERPRET=0`. Restart without that cell, and it is interpreted again. Compare your kernel as
# lesson 11 taught you: warm up, synchronise, rotate the inputs, and put the result under the roofline.
#
# ## Quiz

# %% nbgrader={"grade": false, "grade_id": "12_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    kernel_fusion="b",
    kernel_mask="a",
    kernel_reuse="b",
    kernel_accumulator="c",
)

# %% nbgrader={"grade": true, "grade_id": "kernel_fusion_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["kernel_fusion"], "kernel_fusion")

# %% nbgrader={"grade": true, "grade_id": "kernel_mask_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["kernel_mask"], "kernel_mask")

# %% nbgrader={"grade": true, "grade_id": "kernel_reuse_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["kernel_reuse"], "kernel_reuse")

# %% nbgrader={"grade": true, "grade_id": "kernel_accumulator_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["kernel_accumulator"], "kernel_accumulator")

# %% [markdown]
# ## Summary
#
# - A kernel computes tiles of y. A larger tile uses what it loads more often: x travels once for each tile of outputs, the
#   weights once for each tile of pixels.
# - In memory there are no axes and no edges: strides say where a number lies, masks say which numbers exist.
# - 16-bit inputs, 32-bit sums. Bias and ReLU while the number is at hand: that saves whole passes over memory.
# - An interpreter shows whether a kernel is right. How fast it is, only the device can tell, under its roofline.
#
# ## Go further
#
# - Add a residual: y = relu(weight @ x + bias + skip). How many bytes does *that* fusion save?
# - ConvNeXt ([arXiv 2201.03545](https://arxiv.org/abs/2201.03545)), whose blocks apply their 1×1 convolutions as `Linear` with channels
#   last: its authors "find it slightly faster in PyTorch", says
#   [their code](https://github.com/facebookresearch/ConvNeXt/blob/main/models/convnext.py).
#
# Next, lesson 13: the article's sentences, before experiments of yours.
