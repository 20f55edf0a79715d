# %% [markdown]
# # Lesson 05 · What 1×1 can and cannot see
#
# Cut a photo into its pixels, put them into a bag, shake it, and lay them out again in rows. You no longer see a cup of
# coffee. Would a 1×1 convolution notice that anything has happened?
#
# **Time:** 70 minutes. **You need:** lesson 02 (the layer by hand) and `reshape` with care, as in lesson 04.
#
# You will be able to
# - test by experiment whether a layer cares where pixels lie;
# - say how much of the input one value of a deep stack can see, and what strides and 1×1 layers do to that;
# - recognise a 1×1 convolution inside a 3×3 convolution and inside a dense layer;
# - write a test that tells right layers from wrong ones, and say what a weak test misses.

# %%
import numpy as np

from course_utils import check, convs, data, hint, plots, progress, quiz, solution, widgets
from course_utils.plots import sight

# %% [markdown]
# ## Shake the bag
#
# Number the pixels row by row, from 0. A shuffle is then a list of numbers, `perm`: place p of the new picture gets the
# pixel that had number `perm[p]`. No pixel is lost, none comes twice, and each keeps its own red, green and blue.

# %%
image = data.photo("coffee", longest=150)
h, w = image.shape[:2]
perm = np.random.default_rng(5).permutation(h * w)
shaken = image.reshape(h * w, 3)[perm].reshape(h, w, 3)
print(f"{h * w:,} pixels; place 0 gets pixel {perm[0]}, place 1 gets pixel {perm[1]}")
plots.show(
    plots.pictures([image, shaken], ["the photo", "the same pixels, shuffled"]),
    alt="05.pictures",
)

# %% [markdown]
# From here two routes lead to a grey picture. You can apply the layer to the photo and shuffle the result. Or you can
# shuffle the photo and apply the layer to that mess.
#
# **Before you run it:** do the two routes end in the same picture, if the layer is a 1×1? If it is a 3×3 blur?
#
# Then try. Change the layer, shuffle anew, shuffle fewer pixels. With a 3×3, pull *weight on the eight neighbours* to
# zero, slowly.

# %%
widgets.shuffle_test(image)

# %% [markdown]
# For the 1×1 the difference is zero, whatever you shuffle. The layer computes each pixel from that pixel alone, so it
# makes no difference when the pixel is carried to its new place.
#
# A 3×3 computes each pixel together with its eight neighbours, and after a shuffle those are others. The difference goes
# away only when their weight does. Keep that in mind: it comes back below.
#
# This experiment has a name, the **shuffle test**. A layer $f$ passes if for every shuffle
#
# $$f(\text{shuffle}(x)) = \text{shuffle}(f(x)).$$
#
# In words: layer and shuffle can change places. One says that they *commute*.

# %% [markdown]
# ### Exercise: the gap between the two routes
#
# Turn the widget into a number. Your function gets a layer `f`, images `x` and a shuffle `perm`, walks both routes and
# returns the largest absolute difference between their ends. All images and all channels are shuffled alike.
#
# About 8 minutes. Stuck? Run `hint(shuffle_gap)` in a new cell.

# %% nbgrader={"grade": false, "grade_id": "shuffle_gap", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shuffle_gap(f, x, perm):
    """The largest absolute difference between f(shuffle(x)) and shuffle(f(x)), one number.

    f takes images (N, C, H, W) and returns images (N, C_out, H, W); C_out may differ from C.
    x is (N, C, H, W). perm has H·W numbers: pixel p of a shuffled image is pixel perm[p] of the image it is
    made from, counted row by row.

    One row of three pixels, 1 2 3, and perm = [1, 0, 2], which swaps the first two:
    x = np.array([[[[1.0, 2.0, 3.0]]]])
    shuffle_gap(lambda x: 2 * x, x, np.array([1, 0, 2]))                    gives 0.0
    shuffle_gap(lambda x: np.roll(x, 1, axis=3), x, np.array([1, 0, 2]))    gives 2.0
    (the second f moves each pixel one place to the right: the routes end in 3 2 1 and in 1 3 2)
    """
    ### BEGIN SOLUTION
    def shuffle(y):
        n, c, h, w = y.shape
        return y.reshape(n, c, h * w)[:, :, perm].reshape(n, c, h, w)

    return np.abs(f(shuffle(x)) - shuffle(f(x))).max()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "shuffle_gap_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(shuffle_gap)
### BEGIN HIDDEN TESTS
check(shuffle_gap, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Now put five layers to the test. One of them ends in a **ReLU**, which replaces negative numbers by 0.
#
# **Before you run it:** which of the five pass? One answer may surprise you.

# %%
x = image.transpose(2, 0, 1)[np.newaxis] / 255
rng = np.random.default_rng(0)
weight, wide = rng.normal(size=(4, 3)), rng.normal(size=(4, 3, 3, 3))
layers = {
    "1×1": lambda x: convs.pointwise(x, weight),
    "1×1, then ReLU": lambda x: np.maximum(convs.pointwise(x, weight), 0),
    "3×3": lambda x: convs.conv2d(x, wide, padding=1),
    "upside down": lambda x: x[:, :, ::-1],
    "minus the mean of each map": lambda x: x - x.mean(axis=(2, 3), keepdims=True),
}

# %%
for name, f in layers.items():
    gaps = [shuffle_gap(f, x, rng.permutation(perm.size)) for _ in range(5)]
    print(f"{name:28} largest gap of 5 random shuffles {max(gaps):.2g}")

# %% [markdown]
# A number such as 2e-14 is rounding: computers keep about 16 digits. Take it as zero. Why five shuffles? The definition says
# *every* shuffle, and one that is passed shows little. **Before you run it:** which layer above passes the shuffle that turns the
# image upside down?

# %%
h, w = x.shape[2:]
upside_down = np.arange(h * w).reshape(h, w)[::-1].ravel()
for name, f in layers.items():
    print(f"{name:28} gap {shuffle_gap(f, x, upside_down):.2g}")

# %% [markdown]
# The layer that turns images upside down passes this one, and failed the others. A single gap that is not zero refutes a layer. Five
# random ones without a gap make it very likely that it passes; *that* it passes for every shuffle needs an argument, such as the one
# for the 1×1 above.
#
# The 1×1 passes, and ReLU after it changes nothing: it too works on one number at a time. The surprise is the last one.
# To subtract the mean of a map you must look at *all* its pixels, and yet it passes, since a mean does not care about
# order. So be careful what you conclude:
#
# - A layer that **fails** depends on where pixels lie. That is certain.
# - A layer that **passes** does not depend on where they lie. It may still look at more than one pixel.

# %% [markdown]
# ## A layer has no order
#
# > **Claim 14.** "linear traversal of each feature maps … top to bottom and left to right"
#
# In lesson 02 two orders gave the same output. Now you can say it for all orders at once. Suppose that a layer did walk, and that
# its output at a pixel depended on the pixels which it had met before. A shuffle would change which those are, and the layer would
# fail the test. A 1×1 passes. **Claim 14 is misleading**: it describes one program and calls it the operation.


# %% [markdown]
# ## How far does a value see?
#
# One output value of a 1×1 depends on one pixel of its input. What if you stack five of them? And what if the layers are
# 3×3? You can find out without a formula: light up one input pixel, see whether the middle of the output notices, and
# do so for every pixel. With 17×17 pixels these are many experiments, but as one batch of images they are one line.
#
# A **stride** of 2 moves the window two pixels at a time, so that the output has half as many rows and columns.
#
# **Before you run it:** how many pixels reach the middle after five 1×1 layers? After two 3×3 layers?

# %%
side = 17
one_lit = np.eye(side * side).reshape(-1, 1, side, side)  # as many images as pixels, in each another one is lit


def reaches_the_middle(kernels, strides):
    """Which pixels of the input change the middle of the output: a map of True and False."""
    y = one_lit
    for k, s in zip(kernels, strides, strict=True):
        y = convs.conv2d(y, np.ones((1, 1, k, k)), padding=k // 2, stride=s)
    middle = y.shape[2] // 2
    return y[:, 0, middle, middle].reshape(side, side) > 0


# %%
stacks = {
    "five 1×1": ([1] * 5, [1] * 5),
    "3×3, 3×3": ([3, 3], [1, 1]),
    "3×3, 1×1, 3×3": ([3, 1, 3], [1, 1, 1]),
    "3×3 stride 2, 3×3": ([3, 3], [2, 1]),
}
plots.show(
    sight.receptive_fields([reaches_the_middle(*stack) for stack in stacks.values()], list(stacks)),
    alt="05.receptive_fields",
)

# %% [markdown]
# The coloured square is the **receptive field** of the value in the middle. Three things to notice:
#
# - Five 1×1 layers see one pixel. Fifty would see one pixel.
# - Two 3×3 layers see 5×5, not 6×6: neighbouring windows overlap.
# - A stride makes the layers *after* it reach farther, since their neighbours lie farther apart on the input.

# %% [markdown]
# ### Exercise: receptive field
#
# Find the rule behind the picture. The function gets the kernel sizes and the strides of a stack, first layer first,
# and returns the side of the square that one output value sees.
#
# About 10 minutes. Squared paper helps. Stuck? Run `hint(receptive_field)`.

# %% nbgrader={"grade": false, "grade_id": "receptive_field", "locked": false, "schema_version": 3, "solution": true, "task": false}
def receptive_field(kernels, strides):
    """The side, in input pixels, of the square that one value after the last layer depends on: a whole number.

    kernels and strides are lists of equal length, one number per layer, first layer first; 3 means a 3×3 kernel.
    A value that went through no layer sees one pixel.

    receptive_field([3, 3], [1, 1]) gives 5
    receptive_field([3, 3], [2, 1]) gives 7
    receptive_field([], []) gives 1
    """
    ### BEGIN SOLUTION
    size, step = 1, 1  # step: how far apart on the input two neighbours of the current map lie
    for k, s in zip(kernels, strides, strict=True):
        size += (k - 1) * step
        step *= s
    return size
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "receptive_field_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(receptive_field)
### BEGIN HIDDEN TESTS
check(receptive_field, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Use it on a network that people really trained. VGG-16 has 13 layers of 3×3 with stride 1, and after some of them a 2×2
# pooling with stride 2: of four values the largest is kept. **Predict:** what happens to its receptive field when you
# put a 1×1 layer behind each 3×3?

# %%
vgg = [3, 3, 2, 3, 3, 2, 3, 3, 3, 2, 3, 3, 3, 2, 3, 3, 3, 2]
with_ones = [k for kernel in vgg for k in ([3, 1] if kernel == 3 else [2])]
for name, kernels in {"VGG-16": vgg, "with 13 layers of 1×1 more": with_ones}.items():
    strides = [2 if k == 2 else 1 for k in kernels]
    print(f"{name}: {len(kernels)} layers, each value sees {receptive_field(kernels, strides)} pixels a side")

# %% [markdown]
# Nothing happens to it. Many more layers, not one pixel more to see. What a 1×1 does add is work on the channels of the
# pixels that are seen already.
#
# One trap. A 1×1 can have a stride too: with stride 2 it skips every other row and every other column. It sees one pixel
# a value as before, but what of the pixels between?

# %%
y = convs.conv2d(one_lit, np.ones((1, 1, 1, 1)), stride=2)
read = (y != 0).any(axis=(1, 2, 3))
print(f"of {read.size} input pixels, a 1×1 of stride 2 reads {read.sum()}")

# %% [markdown]
# The pixels between are never looked at.
#
# ## A 1×1 inside a 3×3
#
# Each slice of a 3×3 kernel has nine weights, its **taps**: one on the pixel itself, eight on the neighbours. In the
# widget a 3×3 blur passed the shuffle test as soon as its eight outer taps were zero. Here are the taps for each of the
# three input channels, in a blur that gives a quarter of its weight to the neighbours:

# %%
blur = widgets.shuffle_test(image, layer="3×3 blur")
blur.neighbours = 0.25
plots.show(
    sight.taps(blur.weight),
    alt="05.taps",
)

# %% [markdown]
# ### Exercise: the 3×3 that is a 1×1
#
# Write the weight of a 3×3 convolution that computes, with padding 1, exactly what a given 1×1 computes.
#
# About 5 minutes. Stuck? Run `hint(embed_in_3x3)`.

# %% nbgrader={"grade": false, "grade_id": "embed_in_3x3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def embed_in_3x3(weight):
    """The (C_out, C_in, 3, 3) weight of a 3×3 convolution with padding 1 that equals the 1×1 with this weight.

    weight is (C_out, C_in).

    embed_in_3x3(np.ones((5, 4))) has shape (5, 4, 3, 3), and all its numbers add up to 20.0.
    """
    ### BEGIN SOLUTION
    c_out, c_in = weight.shape
    wide = np.zeros((c_out, c_in, 3, 3))
    wide[:, :, 1, 1] = weight
    return wide
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "embed_in_3x3_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(embed_in_3x3)
### BEGIN HIDDEN TESTS
check(embed_in_3x3, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Your weight in two 3×3 convolutions, one from this course and one from PyTorch, against the 1×1:

# %%
embedded = embed_in_3x3(weight)
y = convs.pointwise(x, weight)
print("largest difference, course: ", np.abs(convs.conv2d(x, embedded, padding=1) - y).max())
print(f"numbers: {weight.size} in the 1×1, {embedded.size} in the 3×3, {(embedded == 0).sum()} of them zero")
try:
    import torch

    by_torch = torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(embedded), padding=1).numpy()
    print("largest difference, PyTorch:", np.abs(by_torch - y).max())
except ModuleNotFoundError:  # in a browser
    print("The second needs PyTorch, which does not run in a browser; on your own computer: python3 course.py lab 05")

# %%
luma = np.array([0.299, 0.587, 0.114])  # how bright red, green and blue look (ITU-R BT.601)
plots.show(
    sight.taps(embed_in_3x3(luma[np.newaxis])),
    alt="05.taps_2",
)

# %% [markdown]
# So each 1×1 *is* a 3×3, one that has given up its neighbours. It cannot do anything that a 3×3 could not. It does less,
# with a ninth of the weights and a ninth of the multiplications.

# %% [markdown]
# ## A dense layer at every pixel
#
# In a **dense** layer (also: fully connected, linear) every output number is a weighted sum of *all* input numbers.
# Convolutions are linear too, so any of them can be written as such a big matrix: one row for each output number, one
# column for each input number. To see it, feed in images with a single 1 and collect what comes out.

# %%
def as_matrix(f, c, h, w):
    """The matrix of a linear layer f on images of c×h×w numbers: column k is what input number k causes."""
    one_number = np.eye(c * h * w).reshape(-1, c, h, w)
    return f(one_number).reshape(len(one_number), -1).T


small, taps = rng.normal(size=(2, 2)), rng.normal(size=(2, 2, 3, 3))
matrices = [
    rng.normal(size=(72, 72)),
    as_matrix(lambda x: convs.conv2d(x, taps, padding=1), 2, 6, 6),
    as_matrix(lambda x: convs.pointwise(x, small), 2, 6, 6),
]

# %% [markdown]
# Two channels of 6×6 pixels in, two channels out: 72 numbers to 72 numbers. **Predict:** in the matrix of the 1×1, how
# many numbers are not zero, and how many different ones are among them?

# %%
plots.show(
    sight.layers_as_matrices(matrices, ["dense", "3×3", "1×1"]),
    alt="05.layers_as_matrices",
)

# %% [markdown]
# Left, everything depends on everything. In the middle, each pixel on its surroundings. On the right, four diagonals of
# one number each: the pixel in the same place, twice in and twice out, with the **same** four weights at all 36 pixels.
#
# Now look at one pixel alone. Its channels go in as a vector, and the small weight matrix turns them into another
# vector. That is a dense layer, as small as it gets, used once for each pixel:

# %%
def dense_at_every_pixel(x, weight, bias=None):
    """The dense layer `weight @ v + bias` for the channel vector v of each pixel."""
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for n, i, j in np.ndindex(len(x), *x.shape[2:]):
        y[n, :, i, j] = weight @ x[n, :, i, j] + (0 if bias is None else bias)
    return y


gap = np.abs(dense_at_every_pixel(x, weight) - convs.pointwise(x, weight)).max()
print("largest difference from the 1×1:", gap)

# %% [markdown]
# This is what people mean when they say that "a fully connected layer is a 1×1 convolution". Word for word it holds for
# images of one pixel. On a larger image the 1×1 is a dense layer *for each pixel*, with shared weights, and very different
# from a dense layer on the flattened image: compare the left matrix with the right one.

# %% [markdown]
# ## What it cannot see
#
# > **Claim 1.** 1×1 convolutions are "under some circumstances more important than our feature extractor 3X3"
#
# More important for what? Let us at least find something for which a 1×1 is of no use. The task: a square cut out of a
# photo, or the same square with its pixels shuffled? You would hardly ever be wrong.

# %%
def squares(name, rng, count=150, size=16):
    """Squares (count, 3, size, size) cut out of a photo at random, and the same with their pixels shuffled."""
    photo = data.photo(name, longest=300).transpose(2, 0, 1) / 255
    corners = rng.integers((photo.shape[1] - size, photo.shape[2] - size), size=(count, 2))
    real = np.stack([photo[:, i : i + size, j : j + size] for i, j in corners])
    shaken = [one.reshape(3, -1)[:, rng.permutation(size * size)].reshape(one.shape) for one in real]
    return real, np.stack(shaken)


# %%
real, fake = squares("chelsea", np.random.default_rng(3), count=3)
pairs = [one.transpose(1, 2, 0) for pair in zip(real, fake, strict=True) for one in pair]
plots.show(
    plots.pictures(pairs, ["real", "shuffled"] * 3),
    alt="05.pictures_2",
)

# %% [markdown]
# The network: one convolution, ReLU, then the mean of each map (**global average pooling**), which leaves one number per map.
# A simple classifier is trained on these numbers: their weighted sum that comes closest to −1 for a real square and to 1
# for a shuffled one. One network has 16 maps from 3×3 kernels, the other 144 maps from 1×1 kernels, so that both have equally
# many weights.

# %%
def features(x, weight):
    """Convolution, ReLU, mean of each map: (N, C_out) numbers. Centred pixels go in."""
    maps = convs.conv2d(x - 0.5, weight, padding=weight.shape[2] // 2)
    return np.maximum(maps, 0).mean(axis=(2, 3))


ones, threes = rng.normal(size=(144, 3, 1, 1)), rng.normal(size=(16, 3, 3, 3))
print("weights:", ones.size, "and", threes.size)
for name, kernels in {"1×1": ones, "3×3": threes}.items():
    gap = np.abs(features(real, kernels) - features(fake, kernels)).max()
    print(f"{name}: largest difference between a square and its shuffle: {gap:.2g}")

# %% [markdown]
# Look at the first number before you go on. **Predict** the accuracy of the network with 1×1 kernels. Does better training
# help? Would more layers?
#
# The classifier learns from squares of the coffee cup and is asked about squares of a cat, five times with new random
# squares and new random kernels.

# %%
def with_ones(numbers):
    """The numbers of each square, and a 1 that the constant of the sum belongs to."""
    return np.column_stack([numbers, np.ones(len(numbers))])


truth = np.repeat([-1, 1], 150)
accuracy = {"1×1 only": [], "3×3": []}
for seed in range(5):
    rng = np.random.default_rng(seed)
    known, new = (np.concatenate(squares(name, rng)) for name in ("coffee", "chelsea"))
    for name, shape in zip(accuracy, [(144, 3, 1, 1), (16, 3, 3, 3)], strict=True):
        kernels = rng.normal(size=shape)
        classifier = np.linalg.lstsq(with_ones(features(known, kernels)), truth)[0]
        accuracy[name].append(np.mean(np.sign(with_ones(features(new, kernels)) @ classifier) == truth))

# %%
print({name: [round(float(score), 2) for score in scores] for name, scores in accuracy.items()})
plots.show(
    sight.paired_accuracy(accuracy),
    alt="05.paired_accuracy",
)

# %% [markdown]
# With 1×1 kernels it is a coin toss, each time. The features of a square and of its shuffle are equal up to rounding, so
# the classifier says the same of both, and is wrong about one of them. No training changes that: it holds for *any*
# weights and for any number of 1×1 layers with ReLU between them, for each of them passes the shuffle test.
#
# **Claim 1 is an opinion**, and "important" is not something that you can measure. What you can say: where things lie, who
# is next to whom, edges, texture, shape: all this is out of reach for a 1×1. A network needs something else for it, a
# 3×3 for example. What a 1×1 does in return, and at what price, is another question, and a later lesson counts it.
#
# What "cannot see" does not mean: it can be *told*. Give each pixel its own row and column as two channels, and nothing else. Below, a
# 1×1 with random weights makes 400 channels of them, ReLU follows, and a second 1×1 is fitted by least squares to a photo.
#
# **Before you run it:** no layer looks at a neighbour. Can they draw the cat? (It takes some seconds.)

# %%
cat = data.photo("chelsea", longest=60) / 255
h, w = cat.shape[:2]
place = np.stack(np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j])[np.newaxis]  # (1, 2, H, W): row and column of each pixel
drawn = []
for seed in range(3):
    rng = np.random.default_rng(seed)
    hidden = np.maximum(convs.pointwise(place, rng.standard_normal((400, 2)), rng.uniform(-1.5, 1.5, 400)), 0)
    columns = hidden[0].reshape(400, -1)
    last = np.linalg.lstsq(columns.T, cat.reshape(-1, 3), rcond=1e-6)[0].T  # (3, 400)
    drawn.append((last @ columns).T.reshape(h, w, 3))
    missed = ((drawn[-1] - cat) ** 2).sum() / ((cat - cat.mean(axis=(0, 1))) ** 2).sum()
    print(f"seed {seed}: {missed:.0%} of the photo's variance is missed")
plots.show(plots.pictures([cat, np.clip(drawn[0], 0, 1)], ["the photo", "drawn by 1×1 layers"]), alt="05.drawn")

# %% [markdown]
# A blurred cat. The network still passes the shuffle test: shuffle the places, and the drawing is shuffled. Position has become a
# *channel*, and channels are what a 1×1 sees. Networks of today that have few other means are told in this way where things are.

# %% [markdown]
# ## A test that can fail
#
# You have met a good test: it tells 1×1 from 3×3 on a photo. It also has a blind spot, the mean. Most tests have
# some. Here are two layers. One is a right 1×1 convolution, the other reads the channels backwards:

# %%
def honest(x, weight, bias=None):
    return convs.pointwise(x, weight, bias)


def backwards(x, weight, bias=None):
    return convs.pointwise(x[:, ::-1], weight, bias)


def weak_test(layer):
    """Do ones times ones, added up over three channels, make three?"""
    y = layer(np.ones((1, 3, 2, 2)), np.ones((1, 3)))
    return y.shape == (1, 1, 2, 2) and np.allclose(y, 3)


print("the test says: honest", weak_test(honest), " backwards", weak_test(backwards))

# %% [markdown]
# The impostor passes. Where all numbers are equal, it does not matter which of them a layer takes. On a photo it would have
# been caught at once:

# %%
grey = [layer(x, luma[np.newaxis])[0, 0] for layer in (honest, backwards)]
plots.show(
    plots.pictures(grey, ["honest", "backwards"]),
    alt="05.pictures_3",
)

# %% [markdown]
# ### Exercise: find the impostors
#
# Now you write the test. The check hands your test a row of layers as black boxes, mixed: some are right 1×1
# convolutions in different styles, the others are impostors, each wrong in a way that real people have got it wrong.
# Your test has to say `True` to all the right ones and `False` to all the impostors. If some get through, the check
# tells you how many, and what kind of input would help against them.
#
# You may call the layer as often as you like, with any `x`, `weight` and `bias` you like. Right layers may add in another
# order, so their last digits can differ. If an impostor makes your test stop with an error, it counts as refused.
#
# About 15 minutes. Stuck? Run `hint(find_the_impostors)`.

# %% nbgrader={"grade": false, "grade_id": "find_the_impostors", "locked": false, "schema_version": 3, "solution": true, "task": false}
def find_the_impostors(layer):
    """Whether `layer` is a right 1×1 convolution: True or False.

    layer(x, weight, bias) is a black box. x is (N, C_in, H, W), weight is (C_out, C_in), bias is (C_out,) or None,
    and may be left out. A right layer returns y (N, C_out, H, W) with
    y[n, o, i, j] = bias[o] + the sum over c of weight[o, c] * x[n, c, i, j].

    find_the_impostors(convs.pointwise)                                  gives True
    find_the_impostors(lambda x, weight, bias=None: 0 * x)               gives False
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(0)
    for n, c_in, c_out, h, w in [(2, 3, 5, 4, 7), (1, 1, 1, 1, 1)]:
        x, weight = rng.normal(size=(n, c_in, h, w)), rng.normal(size=(c_out, c_in))
        bias = rng.normal(size=c_out)
        for b in (bias, None):
            expected = np.einsum("oc,nchw->nohw", weight, x)
            expected = expected if b is None else expected + b.reshape(-1, 1, 1)
            y = layer(x, weight, b)
            if y.shape != expected.shape or not np.allclose(y, expected):
                return False
    return True
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "find_the_impostors_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(find_the_impostors)
### BEGIN HIDDEN TESTS
check(find_the_impostors, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Let your test judge what you have met today. **Predict** each answer.

# %%
suspects = {
    "1×1 inside a 3×3": lambda x, weight, bias=None: convs.conv2d(x, embed_in_3x3(weight), bias, padding=1),
    "dense layer at every pixel": dense_at_every_pixel,
    "reads channels backwards": backwards,
    "1×1, then ReLU": lambda x, weight, bias=None: np.maximum(convs.pointwise(x, weight, bias), 0),
}
for name, layer in suspects.items():
    print(f"{name:28}", find_the_impostors(layer))

# %% [markdown]
# A 3×3 with one tap, a small dense layer at every pixel, a matrix product: three descriptions of one operation. And a test
# that knows it when it sees it. The last one deserves a thought: ReLU belongs to many networks, but it is not part of the
# convolution.

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the five checks.

# %% nbgrader={"grade": false, "grade_id": "05_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    sees_five_layers="d",
    sees_order="a",
    sees_disguise="b",
    sees_dense="b",
    sees_ones="c",
)

# %% nbgrader={"grade": true, "grade_id": "sees_five_layers_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["sees_five_layers"], "sees_five_layers")

# %% nbgrader={"grade": true, "grade_id": "sees_order_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["sees_order"], "sees_order")

# %% nbgrader={"grade": true, "grade_id": "sees_disguise_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["sees_disguise"], "sees_disguise")

# %% nbgrader={"grade": true, "grade_id": "sees_dense_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["sees_dense"], "sees_dense")

# %% nbgrader={"grade": true, "grade_id": "sees_ones_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["sees_ones"], "sees_ones")

# %% [markdown]
# ## Summary
#
# You can now
# - test whether a layer cares where pixels lie: shuffle before, shuffle after, compare;
# - compute a receptive field: kernels add $k - 1$ steps, strides multiply the step, a 1×1 adds nothing;
# - write a 1×1 as a 3×3 with one tap, and as a dense layer shared by all pixels;
# - say what no stack of 1×1 layers can do: anything that depends on where pixels lie;
# - write a test that catches wrong layers: signed fractions, sizes that differ, several images and channels, with and
#   without bias, compared with numbers that the layer did not make.
#
# **Claims decided here:** the "linear traversal" is misleading, for the layer has no order (14). That 1×1 is "more
# important" than 3×3 is an opinion; what each can see is not (1).
#
# ## Go further
#
# - [Fully convolutional networks](https://arxiv.org/abs/1411.4038), section 3.1: "these fully connected layers can also be
#   viewed as convolutions with kernels that cover their entire input regions". On an image of which size is that
#   kernel a 1×1?
# - [MLP-Mixer](https://arxiv.org/abs/2105.01601) takes the two jobs apart on purpose: 1×1 convolutions mix channels, another layer
#   mixes places. Would it pass the shuffle test?
