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
# # Lesson 03 · Do feature maps multiply?
#
# A photo goes through three layers of 32, 64 and 128 filters. Does the last one hand on 128 feature maps, or
# 32 · 64 · 128 of them? The answer decides whether a network fits on a graphics card at all, and an article that many
# people have learnt from gives the second one. Today you let the layers answer.
#
# **Time:** 55 minutes. **You need:** lesson 02: how one output pixel is made, and what `weight[o, c]` is.
#
# You will be able to
#
# - say how many feature maps, kernel slices, weights and bytes a stack of layers has, and which of these multiply;
# - build the maps that the article counts, and name the step that makes them disappear;
# - estimate the memory of a network for training and for inference, and say what fills a graphics card;
# - say what a 1×1 convolution really saves.

# %%
from itertools import pairwise

import numpy as np

from course_utils import check, convs, cost, hint, plots, progress, quiz, solution, widgets
from course_utils.data import feature_maps, photo
from course_utils.plots import channels_grid, counting

# %% [markdown]
# ## What the article says
#
# The article is *3x3 is a lie! 1x1 convolutions*, a blog post of 2019. It begins with a worry about ordinary 3×3
# layers. Here is its reasoning, sentence by sentence:
#
# > **Claim 3.** "our GPU will have 32 images after 1st convolution"
# >
# > **Claim 4.** "for each of 32 images … 64 new channels will be generated"
# >
# > **Claim 5.** "total no. of images in GPU=32X64"
# >
# > **Claim 6.** "if in the 3rd convolution, we generate 128 channels … 32X64X128"
#
# What it calls images we call **feature maps**: one channel of one image, a grid of H×W numbers.
#
# **Before you run anything:** how many maps does each layer hand on for one photo? Write your two numbers in place of
# the two `None`. Nobody grades this; a guess that you have written down is one that you can learn from.

# %%
channels = [3, 32, 64, 128]  # the photo's red, green and blue, then what each layer puts out
guess = [32, None, None]  # your guess: maps after layers 1, 2 and 3

# %% [markdown]
# ## Ask the layers
#
# Chelsea the cat goes through three 3×3 layers. As in a real network, each is followed by a ReLU, which turns negative
# numbers into 0, and a border of zeros (`padding=1`) keeps the size of the picture. The weights are random, which is
# fine: we only count. `pairwise(channels)` gives (3, 32), (32, 64), (64, 128).

# %%
rng = np.random.default_rng(0)
activations = [photo("chelsea", longest=72).transpose(2, 0, 1)[None] / 127.5 - 1]  # (1, 3, 48, 72), from -1 to 1
weights = [rng.normal(0, np.sqrt(2 / (9 * c_in)), (c_out, c_in, 3, 3)) for c_in, c_out in pairwise(channels)]
for weight in weights:
    activations.append(np.maximum(convs.conv2d(activations[-1], weight, padding=1), 0))
    print("weight", weight.shape, "  →  maps", activations[-1].shape)

# %% [markdown]
# The shapes are N, C, H, W. One photo, so N is 1, and the second number counts the maps. Where does your guess lie?

# %%
plots.show(
    counting.map_counts(channels, guess),
    alt="03.map_counts",
)

# %% [markdown]
# - **Claim 3: true**, for one photo. A batch of N photos has N times as many maps, and a map is a grid of numbers that
#   need not look like an image of anything.
# - **Claims 4, 5 and 6: false.** Layer 2 was handed 32 maps and hands on 64. Layer 3 hands on 128.
#
# Layer 2 made 64 maps of the cat, and no more. Here are the ten brightest:

# %%
brightest = activations[2][0].mean(axis=(1, 2)).argsort()[-10:]
plots.show(
    channels_grid(activations[2][0, brightest], titles=[f"map {c}" for c in brightest]),
    alt="03.channels_grid",
)

# %% [markdown]
# ### Exercise: count the maps
#
# Write the rule down (about 3 minutes). `channels` begins with the input, so a list of four numbers means three layers.
# Stuck? Run `hint(count_maps)` in a new cell.


# %% nbgrader={"grade": false, "grade_id": "count_maps", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_maps(channels):
    """How many feature maps each layer hands on for one image, as a list with one number per layer.

    channels: list of whole numbers, the input's channels first, then the output channels of each layer
    returns:  list of whole numbers, one shorter than `channels`

    Example: [3, 16, 8] is a colour image and two layers. Layer 1 hands on 16 maps, layer 2 hands on 8: [16, 8].
    """
    ### BEGIN SOLUTION
    return channels[1:]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "count_maps_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(count_maps)
### BEGIN HIDDEN TESTS
check(count_maps, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# The answer is the list without its first number. That is the point: there is nothing to multiply. Along a network,
# maps at most *add up*, if you keep those of all layers:

# %%
print("after each layer:            ", count_maps(channels))
print("all layers together:         ", sum(count_maps(channels)))
print("the article, after the last: ", cost.maps_if_multiplied(channels)[-1])

# %% [markdown]
# ## So what is 32 · 64?
#
# The article's product is no invention. It counts something, only not maps. Look at a small layer with 4 input and
# 3 output channels, and before you run the cell, predict: how many 3×3 squares will you see?

# %%
small = rng.normal(size=(3, 4, 3, 3))  # (C_out, C_in, k, k)
plots.show(
    counting.slices_grid(small),
    alt="03.slices_grid",
)

# %% [markdown]
# One row is one **filter**: all the numbers that make one output map. A filter needs a square of its own for each
# input map, and such a square, `weight[o, c]`, is a **kernel slice**. In a 1×1 convolution a slice is a single number,
# and this table is the matrix of lesson 02.

# %% [markdown]
# ### Exercise: count the kernel slices
#
# About 3 minutes. Stuck? Run `hint(kernel_slices)`.


# %% nbgrader={"grade": false, "grade_id": "kernel_slices", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kernel_slices(c_in, c_out):
    """How many 2-D kernel slices weight[o, c] one layer has.

    c_in, c_out: whole numbers, input and output channels of the layer
    returns:     a whole number

    Example: the layer drawn above, with 4 input and 3 output channels, has 12 slices.
    """
    ### BEGIN SOLUTION
    return c_out * c_in
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "kernel_slices_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(kernel_slices)
### BEGIN HIDDEN TESTS
check(kernel_slices, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Now the article's layers. The product appears, in the column of slices and for one layer at a time. The third layer
# multiplies its own two numbers and knows nothing of the 32.

# %%
print("layer            maps handed on   kernel slices")
for c_in, c_out in pairwise(channels):
    print(f"{c_in:4} → {c_out:<4}     {c_out:14,}   {kernel_slices(c_in, c_out):13,}")

# %% [markdown]
# ### Exercise: count the weights
#
# Slices are small grids, so the numbers that a layer *learns* are a third count. A k×k layer has a k×k slice for each
# pair of channels. If it has biases, then one for each output map: it is added once, after the sum (lesson 02).
#
# About 5 minutes. Stuck? Run `hint(count_weights)`.


# %% nbgrader={"grade": false, "grade_id": "count_weights", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_weights(c_in, c_out, k, bias=True):
    """How many numbers one k×k layer learns: its weights and, if it has them, its biases.

    c_in, c_out: whole numbers, input and output channels
    k:           side of the kernel: 1 for a 1×1 layer, 3 for a 3×3 layer
    bias:        True if the layer has biases
    returns:     a whole number

    Example: 4 → 3 channels with 3×3 kernels: 108 numbers in the slices and 3 biases, 111 (108 with bias=False).
    """
    ### BEGIN SOLUTION
    in_one_filter = c_in * k * k
    return c_out * (in_one_filter + 1) if bias else c_out * in_one_filter
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "count_weights_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(count_weights)
### BEGIN HIDDEN TESTS
check(count_weights, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Does your count agree with arrays that exist? The three weights from the beginning of the lesson are still here:

# %%
for weight, (c_in, c_out) in zip(weights, pairwise(channels), strict=True):
    counted = count_weights(c_in, c_out, 3, False)
    print(f"{c_in:3} → {c_out:<3}: you count {counted:7,}, the array holds {weight.size:7,}; as 1×1 {c_in * c_out:6,}")

# %% [markdown]
# Neither slices nor weights depend on the size of the photo. The same filter works at every pixel.
#
# ## Where the 2,048 maps do exist
#
# There is a place where the article's maps can be found: inside the layer, halfway. Take 4 maps of the cat and the
# small layer from above. Give the layer one input map at a time, and keep what comes out.
#
# **Before you run it:** how many pictures will there be between the input maps (top row) and the results (last column)?

# %%
maps = feature_maps(4)  # (1, 4, 48, 72); maps[:, [c]] below is map c alone, with its axis kept: (1, 1, 48, 72)
parts = np.stack([convs.conv2d(maps[:, [c]], small[:, [c]], padding=1)[0] for c in range(4)])  # (C_in, C_out, H, W)
plots.show(
    counting.products_and_sums(maps[0], parts, convs.conv2d(maps, small, padding=1)[0]),
    alt="03.products_and_sums",
)

# %% [markdown]
# The pictures in the middle are the article's maps: one for each pair of an input and an output. Then each row is added
# up, pixel by pixel, and one map is left of it. The layer puts out 3 maps because it has 3 rows.
#
# "For each of 32 images, 64 new channels" stops reading there, one addition too early.
#
# Add them up yourself: press *Play*, or drag a map onto another of its row (or choose one and then the other). Two questions first:
#
# 1. How many additions are there from 12 maps to 3?
# 2. May a map of output 0 be added to one of output 1?

# %%
widgets.map_sums(parts)

# %% [markdown]
# Nine: in each row, four maps become one by three additions. A sum belongs to one output, so rows stay apart.

# %% [markdown]
# ### Exercise: build the maps that the article counts
#
# Do it for a 1×1 layer and one image, so that a map's part in an output is the map times one number. Order the maps as
# the article tells it: first all those made of input map 0, one for each output, then all those made of map 1, and so
# on. In the picture above that is column by column.
#
# About 10 minutes. Stuck? Run `hint(unsummed_maps)`.


# %% nbgrader={"grade": false, "grade_id": "unsummed_maps", "locked": false, "schema_version": 3, "solution": true, "task": false}
def unsummed_maps(x, weight):
    """Every input map times every weight that it meets, before anything is summed.

    x:       (C_in, H, W), the maps of one image
    weight:  (C_out, C_in), a 1×1 layer without bias
    returns: array (C_in·C_out, H, W); its map number c·C_out + o is the part of input map c in output o

    Example: two maps of one pixel, x = [[[5.0]], [[7.0]]], and two outputs, weight = [[1, 2], [3, 4]]:
    map 0 gives 1·5 and 3·5, map 1 gives 2·7 and 4·7, so the answer is [[[5.0]], [[15.0]], [[14.0]], [[28.0]]].
    """
    ### BEGIN SOLUTION
    c_in, h, w = x.shape
    parts = x[:, None] * weight.T[:, :, None, None]  # (C_in, C_out, H, W)
    return parts.reshape(c_in * len(weight), h, w)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "unsummed_maps_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(unsummed_maps)
### BEGIN HIDDEN TESTS
check(unsummed_maps, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Now the missing step. Split the long axis into (C_in, C_out) again, add over C_in, and compare with the real layer,
# here with as many channels as in the article's claim 5:

# %%
x, weight = activations[1], rng.normal(size=(64, 32))  # the 32 maps after layer 1, and a 1×1 layer 32 → 64
unsummed = unsummed_maps(x[0], weight)
summed = unsummed.reshape(32, 64, *x.shape[2:]).sum(axis=0)
print(f"before the sum: {unsummed.shape[0]:,} maps, {cost.readable(unsummed.nbytes)}")
print(f"after the sum:  {summed.shape[0]:,} maps, {cost.readable(summed.nbytes)}")
print(f"largest difference from the layer: {np.abs(summed - convs.pointwise(x, weight)[0]).max():.1e}")

# %% [markdown]
# The difference is rounding. So the article's maps, *summed over the input channels*, are the layer.
# And does it hold for 3×3, which the article is about? Same experiment, with layer 2 from the start of the lesson:

# %%
parts = np.stack([convs.conv2d(x[:, [c]], weights[1][:, [c]], padding=1)[0] for c in range(32)])
layer = convs.conv2d(x, weights[1], padding=1)[0]
print(f"parts {parts.shape}: {parts.shape[0] * parts.shape[1]:,} maps;  layer {layer.shape}")
print(f"largest difference after adding over axis 0: {np.abs(parts.sum(axis=0) - layer).max():.1e}")

# %% [markdown]
# A layer that keeps its parts and does not add them up does exist. It is called a **depthwise** convolution (here with
# 64 outputs for each channel), people use it on purpose, and you meet it in lesson 09. An ordinary convolution adds.
# It need not even store the parts: your loops of lesson 02 had a single running total.
#
# ## Bytes: what fills the card
#
# One map is h · w numbers, and a float32 takes 4 bytes. How many maps must be in memory at the same time? That depends
# on what you are doing:
#
# - **Inference** (using a trained network): a layer needs its input and makes its output. Older maps can go.
# - **Training**: the backward pass, which lesson 07 builds, needs the input of every layer again. All maps stay. (Some programs
#   drop some of them and compute them a second time: less memory, for more work.)

# %%
plots.show(
    counting.maps_held(channels),
    alt="03.maps_held",
)

# %% [markdown]
# ### Exercise: count the bytes
#
# All layers here keep the height and width of the image (padding sees to that), and we count maps only: no weights, no
# scratch space. With `keep_all=True` hold everything, the input included. With `keep_all=False` hold one layer's input
# and output, and choose the layer that needs the most.
#
# About 8 minutes. Stuck? Run `hint(activation_bytes)`.


# %% nbgrader={"grade": false, "grade_id": "activation_bytes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def activation_bytes(n, channels, h, w, itemsize, keep_all):
    """Bytes of memory for the maps of a stack of layers that all keep the size h×w.

    n:        images in the batch
    channels: list, the input's channels first, then the output channels of each layer (at least one layer)
    h, w:     height and width of every map
    itemsize: bytes of one number: 4 for float32, 8 for float64, 2 for half precision
    keep_all: True for training, False for inference
    returns:  bytes, a whole number

    Example: one image of 10×10, channels [3, 16, 8], float32. Training holds 27 maps of 400 bytes: 10800.
    Inference holds at most 24 maps (layer 2: 16 in, 8 out): 9600.
    """
    ### BEGIN SOLUTION
    if keep_all:
        held = sum(channels)
    else:
        held = max(c_in + c_out for c_in, c_out in pairwise(channels))
    return n * held * h * w * itemsize
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "activation_bytes_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(activation_bytes)
### BEGIN HIDDEN TESTS
check(activation_bytes, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Trust, but measure. NumPy knows how many bytes an array takes, and the maps of the cat are still in memory
# (NumPy computes in float64, 8 bytes a number):

# %%
measured = sum(array.nbytes for array in activations)
h, w = activations[0].shape[2:]
print(f"measured: {measured:,} bytes;  your count: {activation_bytes(1, channels, h, w, 8, True):,} bytes")

# %% [markdown]
# ## One photo against a graphics card
#
# > **Claim 9.** "Even state of art Titan X GPUs is tiny"
#
# A Titan X has 12 GB. Take a photo of 224×224, the usual size for such networks, in float32, in training.
# **Your guess first:** how many photos fit at once, one, ten, or a few hundred?

# %%
card = 12 * 10**9  # bytes
one_photo = activation_bytes(1, channels, 224, 224, 4, True)
articles = activation_bytes(1, [3, *cost.maps_if_multiplied(channels)], 224, 224, 4, True)
plots.show(
    counting.memory_bars({"maps there are": one_photo, "the article's count": articles}, card),
    alt="03.memory_bars",
)
print("photos whose maps fit:", card // one_photo)
print("with a gradient beside each map:", card // (2 * one_photo))

# %% [markdown]
# **Claim 9: misleading.** Count as the article does, and one photo would need several cards. Count what is there,
# and the maps of hundreds of photos fit. Training needs room for more than maps: on the way back each map gets a
# **gradient** of its own size (lesson 07). With all of them in memory at once half as many photos fit, still more than a
# hundred. Nor was the card the state of the art when the article appeared, in
# October 2019. The two cards of that name came out in 2015 and 2016; a Titan RTX had 24 GB, a V100 up to 32 GB.
#
# And the weights, do they need much room beside one photo's maps?

# %%
print("weights of the three layers:", cost.readable(4 * sum(count_weights(a, b, 3) for a, b in pairwise(channels))))

# %% [markdown]
# In these three layers the maps outweigh the weights by far, so what fills a card in training is the batch and the
# size of the pictures. (Layers with many channels and small maps reverse that.)
#
# ## Build your own stack
#
# The counts you have written, side by side with the article's. Try these, and predict before you move a slider:
#
# 1. Set all kernels to 1. Which columns change, and which do not move at all?
# 2. Double the picture's side. What happens to the weights? To the bytes?
# 3. Fill the 12 GB card honestly, using the upper bar. Which slider gets you there?
# 4. Take ten layers of 64 and keep only "one layer's input and output". Now take five layers. What does not change?

# %%
widgets.stack_builder(channels)

# %% [markdown]
# ## Then what does a 1×1 save?
#
# > **Claim 7**, implied by all this: the trouble with 3×3 layers is the number of images, and 1×1 layers cure it.
#
# Put it to the test. Design A is one 3×3 layer, 256 → 256. Design B, a **bottleneck**, does the same job in three
# steps: a 1×1 down to 64, a 3×3 at 64, a 1×1 back up to 256. Which one makes *fewer maps*? Which one has *fewer
# weights*? Decide, then run.

# %%
designs = {"A: one 3×3": ([256, 256], [3]), "B: bottleneck": ([256, 64, 64, 256], [1, 3, 1])}
counts = {"maps made": {}, "weights": {}}
for name, (widths, kernels) in designs.items():
    counts["maps made"][name] = sum(count_maps(widths))
    layers = zip(pairwise(widths), kernels, strict=True)
    counts["weights"][name] = sum(count_weights(c_in, c_out, k, False) for (c_in, c_out), k in layers)
plots.show(
    counting.side_by_side(counts),
    alt="03.side_by_side",
)

# %% [markdown]
# **Claim 7: false.** With its 1×1 layers the second design makes *more* maps. What it saves is weights, and with them
# multiplications: the 3×3 now works between 64 channels on both sides, and a slice of a 1×1 holds one number instead of
# nine. The cure is real. The article has the wrong disease. (What it saves in multiplications, and where it stops
# paying off, is lesson 09.)
#
# ## A thousand layers
#
# > **Claim 8.** "We have networks with 1000s of such layers"
#
# Suppose so, each with 64 channels. By the article's rule the count of maps is multiplied by 64 a thousand times.
# Python has no trouble with large whole numbers, so: how many digits has that count? And what does the real memory do
# when the depth doubles?

# %%
depths = [10, 20, 40, 80]
sizes = [activation_bytes(1, [64] * (depth + 1), 32, 32, 4, True) for depth in depths]
plots.show(
    counting.growth_with_depth(depths, sizes, [64**depth for depth in depths]),
    alt="03.growth_with_depth",
)
print("digits of the article's count at 1,000 layers:", len(str(64**1000)))
print("memory at 1,000 layers of 32×32:", cost.readable(activation_bytes(1, [64] * 1001, 32, 32, 4, True)))

# %% [markdown]
# Real memory grows in a straight line: twice the layers, twice the maps. The article's *digits* grow in a straight line.
# (The atoms of the universe that we can see, as far as anybody can estimate, make a number of about 80 digits.) Since networks
# of a thousand layers were in fact trained, the rule cannot be right. To follow a rule until it says something absurd is
# called a *reductio ad absurdum*. It needs no experiment at all.
#
# **Claim 8: misleading.** Such networks exist as research demonstrations. ResNet-1202 was trained on pictures of 32×32
# and came out worse than its sister of 110 layers (arXiv 1512.03385, section 4.2). A year later one of 1,001 layers, with the
# steps of its blocks in another order, did better than either (arXiv 1603.05027), on pictures of 32×32 as well. The
# convolutional networks that people work with have tens to a few hundred layers.
#
# ## What you have decided
#
# | claim | in short | verdict | decided by |
# |---|---|---|---|
# | 3 | 32 maps after the first layer | true for one image | the shape of `activations[1]` |
# | 4, 5, 6 | maps multiply from layer to layer | false | the shapes; the parts, which are summed |
# | 7 | 1×1 cures the number of maps | false | designs A and B: more maps, fewer weights |
# | 8 | thousands of layers | misleading | the reductio; what was really trained |
# | 9 | a Titan X is tiny | misleading | bytes of one photo against 12 GB |

# %% [markdown]
# ## Quiz

# %% nbgrader={"grade": false, "grade_id": "03_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    count_second_layer="b",
    count_what_multiplies="a",
    count_missing_step="d",
    count_cure="d",
    count_memory_of_training="a",
)

# %% nbgrader={"grade": true, "grade_id": "count_second_layer_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["count_second_layer"], "count_second_layer")

# %% nbgrader={"grade": true, "grade_id": "count_what_multiplies_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["count_what_multiplies"], "count_what_multiplies")

# %% nbgrader={"grade": true, "grade_id": "count_missing_step_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["count_missing_step"], "count_missing_step")

# %% nbgrader={"grade": true, "grade_id": "count_cure_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["count_cure"], "count_cure")

# %% nbgrader={"grade": true, "grade_id": "count_memory_of_training_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["count_memory_of_training"], "count_memory_of_training")

# %% [markdown]
# ## Summary
#
# Four counts, and only two of them are products of the channels of one layer:
#
# - **maps** a layer hands on: $C_{out}$ for each image. Along a network they add.
# - **kernel slices** of a layer: $C_{in} \cdot C_{out}$. This is what the article counted.
# - **weights** of a layer: $C_{in} \cdot C_{out} \cdot k^2$, and $C_{out}$ biases. They do not depend on the image.
# - **bytes** of maps: images · maps held · height · width · bytes a number.
#
# Between the slices and the maps stands one sum over the input channels. You can now find it, undo it and put it back.
#
# Next, lesson 04: that sum, for all pixels and all outputs at once, is a single matrix multiplication.
#
# ## Go further
#
# - *Deep Residual Learning for Image Recognition*, [arXiv 1512.03385](https://arxiv.org/abs/1512.03385): the bottleneck
#   of design B (figure 5) and the network of 1,202 layers (section 4.2).
# - *Going Deeper with Convolutions*, [arXiv 1409.4842](https://arxiv.org/abs/1409.4842), section 4: why GoogLeNet puts
#   1×1 layers in front of its larger kernels. Read it for what is said to be expensive.
