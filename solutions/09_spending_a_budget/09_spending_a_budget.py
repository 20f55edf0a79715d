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
# # Lesson 09 · Spending a budget
#
# You may spend 70,000 weights on one step of a network that has 256 channels. One 3×3 layer costs more than eight times
# that. What do you buy instead, and what do you give up?
#
# **Time:** 75 minutes. **You need:** lessons 02 and 03 (what a layer computes, and how maps and weights are counted) and
# 05 (what a 1×1 cannot see).
#
# You will be able to
# - count the multiply-adds of any convolution, in groups too;
# - say from which width on a bottleneck saves nothing;
# - write a depthwise-separable convolution, and say why it is cheap;
# - recompute the tables of published networks, and find the entries that are wrong.

# %%
import numpy as np

from course_utils import check, cost, data, hint, plots, progress, quiz, solution, widgets
from course_utils.plots.spending import bills, crossing, spent

# %% [markdown]
# ## The coin: one multiply-add
#
# A layer costs weights, which must be stored, and arithmetic, which must be done again for every image. Arithmetic is
# counted in **multiply-adds**, or MACs: one multiplication and the addition that follows it. (Hardware is sold in FLOP/s, and
# there a multiply-add counts as two. When a paper on networks prints "FLOPs", look twice: ResNet's says once, in brackets, that
# its FLOPs are multiply-adds.)
#
# Here is a small layer in loops, with a 3×3 window and a counter.

# %%
c_in, c_out, k, h_out, w_out = 3, 4, 3, 5, 6
counter = 0
for _output in range(c_out):
    for _pixel in range(h_out * w_out):
        for _input in range(c_in):
            for _place in range(k * k):
                counter += 1
print("multiply-adds:", f"{counter:,}", " weights:", c_out * c_in * k * k, " output values:", c_out * h_out * w_out)

# %% [markdown]
# A layer may also work in **groups**: the channels are dealt into `groups` equal heaps, input and output alike, and each
# output channel sees only the inputs of its own heap. Four heaps of this picture are four small layers side by side:

# %%
heaps = np.kron(np.eye(4), np.ones((2, 3)))
plots.show(
    plots.weight_matrix(heaps),
    alt="09.weight_matrix",
)

# %% [markdown]
# ### Exercise: multiply-adds of a layer
#
# About 6 minutes. `h_out` and `w_out` are the sizes of the maps that the layer hands *on*, so a stride is already in them.
# Biases and activations are left out, as the papers do. Stuck? Run `hint(macs)`.

# %% nbgrader={"grade": false, "grade_id": "macs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def macs(c_in, c_out, k, h_out, w_out, groups=1):
    """Multiply-adds of one k×k convolution for one image.

    c_in, c_out: channels, both multiples of groups; k: the window is k×k; h_out, w_out: size of the *output* maps.

    macs(3, 4, 3, 5, 6) is 3,240: there are 4·5·6 = 120 output values, and each sums 3·3·3 = 27 products.
    macs(4, 4, 3, 5, 6, groups=4) is 1,080: the same number of output values, and each sums 9 products.
    """
    ### BEGIN SOLUTION
    per_output = k * k * c_in // groups
    return per_output * c_out * h_out * w_out
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "macs_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(macs)
### BEGIN HIDDEN TESTS
check(macs, seed=1)
### END HIDDEN TESTS

# %%
print("first layer of ResNet-50:  ", f"{macs(3, 64, 7, 112, 112):>12,}")
print("1×1 at its widest, 7×7 maps:", f"{macs(512, 2048, 1, 7, 7):>11,}")
print("the same in 4 groups:       ", f"{macs(512, 2048, 1, 7, 7, 4):>11,}")

# %% [markdown]
# ## Should every layer have more channels?
#
# The article says that it is in the
#
# > "best interest of the model to increase the number of channels in each … layer"
#
# **Before you run it:** a 3×3 layer has 64 channels in and out, on maps of 56×56. Double the channels. What happens to its
# weights and to its multiply-adds? And if height and width are halved at the same time?

# %%
for name, c, size in [("as it is", 64, 56), ("twice the channels", 128, 56), ("… and half the size", 128, 28)]:
    print(f"{name:22} weights {9 * c * c:>8,}   multiply-adds {macs(c, c, 3, size, size):>12,}")

# %% [markdown]
# At the same resolution both are four times as much: twice the inputs, for twice the outputs. With height and width halved,
# the multiply-adds are *equal* again. This is what ResNet does, "if the feature map size is halved, the number of filters is
# doubled so as to preserve the time complexity per layer" (section 3.3), and *within* a stage all its blocks hand on the same
# number of channels. Count in three networks:

# %%
for name in ("VGG-16", "ResNet-50", "MobileNetV2"):
    layers = [layer for layer in cost.ARCHITECTURES[name].layers if layer.kind == "conv"]
    more, less = (sum(sign * (layer.c_out - layer.c_in) > 0 for layer in layers) for sign in (1, -1))
    print(f"{name:12} of {len(layers)} convolutions {more} widen, {len(layers) - more - less} keep, {less} narrow")

# %% [markdown]
# **Misleading** (claim 2). Networks widen when the maps get smaller. Elsewhere many layers keep their width, and in the
# newer two three in ten or so *narrow* on purpose.
#
# ## Pay less for the 3×3
#
# In GoogLeNet's first module 192 channels of 28×28 meet 32 filters of 5×5. Its authors write that "even a modest number of
# 5×5 convolutions can be prohibitively expensive on top of a convolutional layer with a large number of filters"
# (section 4). Their way out: first a 1×1 from 192 to 16 channels, then the 5×5 from these 16 to 32.
#
# **Before you run it:** do the two layers together cost half as much as the 5×5 alone, or a tenth?
#
# ### Exercise: a 1×1, then a k×k
#
# About 5 minutes. Stuck? Run `hint(bottleneck_macs)`.

# %% nbgrader={"grade": false, "grade_id": "bottleneck_macs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bottleneck_macs(c_in, c_mid, c_out, k, h, w):
    """Multiply-adds of a 1×1 from c_in to c_mid channels, and a k×k from there to c_out, for one image.

    Both layers hand on maps of h×w.

    bottleneck_macs(10, 2, 4, 3, 5, 6) is 2,760: at each of 30 pixels 10·2 = 20 for the 1×1 and 9·2·4 = 72 for the 3×3.
    """
    ### BEGIN SOLUTION
    return macs(c_in, c_mid, 1, h, w) + macs(c_mid, c_out, k, h, w)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "bottleneck_macs_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(bottleneck_macs)
### BEGIN HIDDEN TESTS
check(bottleneck_macs, seed=1)
### END HIDDEN TESTS

# %%
direct, reduced = macs(192, 32, 5, 28, 28), bottleneck_macs(192, 16, 32, 5, 28, 28)
print(f"directly: {direct:,}   with the 1×1: {reduced:,}   {direct / reduced:.1f} times less")

# %% [markdown]
# In the direct layer's cost 192 and 25 are multiplied. The 1×1 tears them apart: one layer pays for 192 channels, the other for
# 25 places.
#
# ## Is it the number of images?
#
# In the article maps multiply until no GPU can hold them. In lesson 03 you found that they do not, and that ResNet's
# bottleneck on 256 channels (1×1 to 64, 3×3 at 64, 1×1 back to 256) makes *more* maps than one 3×3 from 256 to 256, with
# fewer weights.
#
# **Before you run it:** what of the third cost? Do the multiply-adds fall as the weights do?

# %%
stacks = {"one 3×3": [(256, 256, 3)], "bottleneck": [(256, 64, 1), (64, 64, 3), (64, 256, 1)]}
plots.show(
    bills(
        list(stacks),
        {
            "maps written": [sum(b for _, b, _ in stack) for stack in stacks.values()],
            "weights": [sum(a * b * k * k for a, b, k in stack) for stack in stacks.values()],
            "multiply-adds, 56×56": [sum(macs(a, b, k, 56, 56) for a, b, k in stack) for stack in stacks.values()],
        },
    ),
    alt="09.bills",
)

# %% [markdown]
# **A false diagnosis** (claim 7). The bottleneck writes 384 maps in place of 256, and they have to be kept in training.
# What falls to about an eighth is weights and multiply-adds. Those are what a 1×1 is bought for.
#
# Your 70,000 weights buy this: 69,632 of them. What you give up you saw in lesson 06: all that
# does not fit through 64 channels.
#
# ## When it stops paying
#
# The narrower the middle, the cheaper. But what if you are afraid to lose too much, and make the middle wide? With as many
# channels in the middle as at the start, the k×k costs what it did, and the 1×1 comes on top. Somewhere below that lies a
# width at which you pay the same.
#
# ### Exercise: break-even
#
# About 8 minutes. Set the two costs equal and solve for the middle:
#
# $$\underbrace{c_{in} \cdot c_{mid}}_{\text{the 1×1}} + \underbrace{k^2 \cdot c_{mid} \cdot c_{out}}_{\text{the k×k}} = \underbrace{k^2 \cdot c_{in} \cdot c_{out}}_{\text{directly}}$$
#
# in words: at each pixel, the two layers together cost what the one costs. Stuck? Run `hint(break_even)`.

# %% nbgrader={"grade": false, "grade_id": "break_even", "locked": false, "schema_version": 3, "solution": true, "task": false}
def break_even(c_in, c_out, k):
    """The width of the middle, a float, at which "1×1, then k×k" costs as much as the k×k directly.

    break_even(10, 20, 2) is 8.888…: at that width the pair costs 10 · 8.89 + 4 · 8.89 · 20 = 800 at each pixel, and
    the direct layer 4 · 10 · 20 = 800.
    """
    ### BEGIN SOLUTION
    return k * k * c_in * c_out / (c_in + k * k * c_out)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "break_even_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(break_even)
### BEGIN HIDDEN TESTS
check(break_even, seed=1)
### END HIDDEN TESTS

# %%
widths = np.arange(1, 257)
pairs = [bottleneck_macs(256, int(c_mid), 256, 3, 14, 14) for c_mid in widths]
plots.show(
    crossing(widths, pairs, macs(256, 256, 3, 14, 14), break_even(256, 256, 3)),
    alt="09.crossing",
)

# %% [markdown]
# With equal ends and a 3×3 the line is met at nine tenths of the channels: there is a lot of room to save in. **Before you
# run it:** is there as much room with a 5×5? With a "1×1, then 1×1"?

# %%
for k in (1, 3, 5, 7):
    print(f"k = {k}: a bottleneck pays below {break_even(100, 100, k):.1f} of 100 channels")

# %% [markdown]
# The larger the window, the more room there is; a 1×1 in front of a 1×1 pays only below half of the channels. Now turn all the
# knobs yourself. **Try to** find a setting at which the bottleneck costs more than the direct layer, and one
# at which the depthwise-separable bar, which you meet next, is *not* the shortest.

# %%
widgets.budget()

# %% [markdown]
# ## Look around once a channel
#
# A 3×3 layer does two things at once: it looks at neighbours, and it mixes channels. The author of
# [Xception](https://arxiv.org/abs/1610.02357) supposes that the two can be "entirely decoupled". Then one layer looks around and
# leaves the channels apart. This is the
# **depthwise** convolution: as many groups as channels. A 1×1 after it mixes. Together they are called
# **depthwise separable**.
#
# Here are the channels of a photo, and three kernels that look around in three different ways.

# %%
photo = data.photo("chelsea", longest=200).transpose(2, 0, 1)[np.newaxis] / 255
kernels = np.zeros((3, 3, 3))
kernels[0] = 1 / 9  # red is blurred
kernels[1] = [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]  # green: what differs from its neighbours
kernels[2, :, 0], kernels[2, :, 2] = -1, 1  # blue: upright edges
plots.show(
    plots.channels_grid(photo, ["red", "green", "blue"], columns=3),
    alt="09.channels_grid",
)

# %% [markdown]
# ### Exercise: depthwise
#
# About 12 minutes. Each channel meets its own kernel, and no channel sees another. As everywhere in networks the kernel is not
# flipped. Put k // 2 zeros around every map, so that the maps keep their size. Stuck? Run `hint(depthwise)`.

# %% nbgrader={"grade": false, "grade_id": "depthwise", "locked": false, "schema_version": 3, "solution": true, "task": false}
def depthwise(x, kernels):
    """A depthwise convolution: channel c of the answer is channel c of x, seen through kernels[c].

    x: (N, C, H, W); kernels: (C, k, k) with k odd. Returns (N, C, H, W); outside of the maps there are zeros.

    One channel of 1×3 pixels, x = [[[[1.0, 2.0, 3.0]]]], and the kernel [[[0, 0, 0], [1, 10, 100], [0, 0, 0]]] give
    [[[[210.0, 321.0, 32.0]]]]: the middle pixel is 1·1 + 10·2 + 100·3 = 321.
    """
    ### BEGIN SOLUTION
    k = kernels.shape[1]
    h, w = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, np.newaxis, np.newaxis] * padded[:, :, i : i + h, j : j + w]
    return y
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "depthwise_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(depthwise)
### BEGIN HIDDEN TESTS
check(depthwise, seed=1)
### END HIDDEN TESTS

# %%
plots.show(
    plots.channels_grid(depthwise(photo, kernels), ["red, blurred", "green, details", "blue, upright edges"], columns=3),
    alt="09.channels_grid_2",
)

# %% [markdown]
# Three maps in, three out, and none knows of the others: nothing could say "bright red *and* an edge in blue".
#
# ### Exercise: depthwise, then 1×1
#
# About 5 minutes. Now mix. Use your `depthwise`; the rest you have written more than once. Stuck? Run `hint(separable)`.

# %% nbgrader={"grade": false, "grade_id": "separable", "locked": false, "schema_version": 3, "solution": true, "task": false}
def separable(x, kernels, weight, bias):
    """A depthwise-separable convolution: depthwise, then a 1×1 with bias, and no activation between them.

    x: (N, C_in, H, W), kernels: (C_in, k, k) with k odd, weight: (C_out, C_in), bias: (C_out,).
    Returns (N, C_out, H, W).

    One image of one pixel with the two channels 1.0 and 2.0, kernels whose middle is 10.0 and 100.0,
    weight = [[1.0, 1.0]] and bias = [5.0] give [[[[215.0]]]]: 1 · 10 + 2 · 100 + 5.
    """
    ### BEGIN SOLUTION
    maps = depthwise(x, kernels)
    return np.einsum("oc,nchw->nohw", weight, maps) + bias[:, np.newaxis, np.newaxis]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "separable_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(separable)
### BEGIN HIDDEN TESTS
check(separable, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# What does the budget say? One 3×3 from 128 to 128 channels on maps of 28×28, against the separable pair. **Before you run
# it:** the pair does the same looking around, and the same mixing. What factor do you expect?

# %%
dense = macs(128, 128, 3, 28, 28)
around, mixing = macs(128, 128, 3, 28, 28, 128), macs(128, 128, 1, 28, 28)
print(f"3×3: {dense:,}   depthwise: {around:,}   1×1: {mixing:,}")
print(f"{dense / (around + mixing):.1f} times cheaper;  {(around + mixing) / dense:.4f} of the cost")
print(f"share of the 1×1 in the pair: {mixing / (around + mixing):.1%}")

# %% [markdown]
# In general the pair costs $\frac{1}{C_{out}} + \frac{1}{k^2}$ of the dense layer, here 1/128 + 1/9 = 0.1189. With a 3×3 that comes close to a ninth and
# never gets below: MobileNet's paper says "8 to 9 times". And look at the last line. In multiply-adds, looking around has become
# nearly free, and what is left to pay for is the 1×1. (In *time* it is not: lesson 11.)
#
# Nothing comes free: a separable layer is a dense layer whose kernels are all tied. Of each output filter its slices are the
# *same* C_in kernels, only scaled. **Before you run it:** how many free numbers does each have?

# %%
print(f"dense 3×3, 128 → 128: {128 * 128 * 9:,} weights   separable: {128 * 9 + 128 * 128:,}")

# %% [markdown]
# About an eighth of them: what makes the pair cheap is also what it cannot say.
#
# ## Where do networks spend?
#
# Now whole networks, each a list with one entry a convolution. Fully connected layers are in the list
# too, with the kind "fc": a convolution whose kernel covers all of its input.

# %%
mobilenet = [layer._asdict() for layer in cost.mobilenet_v1().layers]
for layer in (*mobilenet[:3], mobilenet[-1]):
    print({name: layer[name] for name in ("c_in", "c_out", "k", "h", "w", "groups", "kind")})

# %% [markdown]
# The article holds that 1×1 convolutions are
#
# > "under some circumstances more important than our feature extractor 3X3"
#
# Importance is an opinion. Cost is not. **Before you run it:** write down your guess for MobileNetV1, and for ResNet-50: which
# share of the multiply-adds, and which share of the weights, lies in 1×1 convolutions?
#
# ### Exercise: the share of the 1×1
#
# About 12 minutes. `h` and `w` are sizes of the output, so your `macs` fits. Weights are counted without biases. Stuck? Run
# `hint(pointwise_share)`.

# %% nbgrader={"grade": false, "grade_id": "pointwise_share", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pointwise_share(layers):
    """The share of 1×1 convolutions in a network: `(of its multiply-adds, of its weights)`, each from 0 to 1.

    layers: a list of dictionaries with c_in, c_out, k, h and w (sizes of the output), groups, and kind.
    A 1×1 convolution has k = 1 and kind "conv", in groups or not. Fully connected layers (kind "fc") are none, but they
    count in the total.

    Two layers on 4×4 pixels, a 3×3 from 1 to 2 channels and a 1×1 from 2 to 9, give (0.5, 0.5): 18 weights each.
    """
    ### BEGIN SOLUTION
    some, total = np.zeros(2), np.zeros(2)
    for layer in layers:
        sizes = layer["c_in"], layer["c_out"], layer["k"]
        cost_here = [macs(*sizes, h, w, layer["groups"]) for h, w in ((layer["h"], layer["w"]), (1, 1))]
        total += cost_here
        if layer["k"] == 1 and layer["kind"] == "conv":
            some += cost_here
    return tuple(some / total)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "pointwise_share_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(pointwise_share)
### BEGIN HIDDEN TESTS
check(pointwise_share, seed=1)
### END HIDDEN TESTS

# %%
for name, architecture in cost.ARCHITECTURES.items():
    of_macs, of_weights = pointwise_share([layer._asdict() for layer in architecture.layers])
    print(f"{name:18} 1×1: {of_macs:7.2%} of multiply-adds, {of_weights:7.2%} of weights")

# %% [markdown]
# MobileNet's paper prints your first line, in its Table 2: 94.86% of the multiply-adds and 74.59% of the parameters. Here is
# the rest of the money.

# %%
chosen = ("VGG-16", "ResNet-18", "ResNet-50", "GoogLeNet", "SqueezeNet 1.0", "MobileNetV1", "MobileNetV2")
plots.show(
    spent({name: cost.ARCHITECTURES[name].layers for name in chosen}),
    alt="09.spent",
)

# %% [markdown]
# **Defensible, as far as multiply-adds and weights go** (claim 1): in the MobileNets nine tenths of the multiply-adds lie in 1×1
# layers, and most of the weights (the last layer, fully connected, has nearly all others). In ResNet-50 it is about half of both,
# and in ResNet-18 and VGG-16 next to nothing. But what costs most is not what matters most. Lesson 05 showed what a network
# of 1×1 layers cannot do: without the thin slices for the depthwise layers and for the 3×3 at its beginning no pixel of
# MobileNet would ever see a neighbour.
#
# And one sentence to be careful with. The paper says that MobileNet spends "95% of it's computation time" there. It counted
# multiply-adds; nobody held a clock.
#
# MobileNet's share is no oddity of 2017. A **vision transformer**, ViT-B/16, cuts its image into 14 × 14 patches, turns each into
# 768 numbers by one layer, its **stem**, adds one more column of 768 numbers, and goes through 12 blocks. In a block six layers
# work on these 197 **tokens** one by one, with the same matrix for each: four from 768 to 768 numbers, one from 768 to 3,072 and
# one back. A layer that works position by position with one matrix is a 1×1 convolution, whatever it is called there.
# Only **attention** looks from token to token: for each pair of tokens it makes a score of 768 products, and uses it on 768 numbers.
#
# **Before you run it:** which share of the multiply-adds lies in the layers that work token by token?

# %%
tokens, width, blocks = 14 * 14 + 1, 768, 12
parts = {
    "token by token": blocks * (4 * macs(width, width, 1, tokens, 1) + 2 * macs(width, 4 * width, 1, tokens, 1)),
    "attention": blocks * 2 * tokens * tokens * width,
    "stem": macs(3, width, 16, 14, 14),
    "classes": macs(width, 1000, 1, 1, 1),
}
weights = {"token by token": blocks * 12 * width**2, "attention": 0, "stem": macs(3, width, 16, 1, 1), "classes": 1000 * width}
for name in parts:
    of_macs, of_weights = parts[name] / sum(parts.values()), weights[name] / sum(weights.values())
    print(f"{name:15}{parts[name]:>15,} multiply-adds, {of_macs:5.1%}   {weights[name]:>11,} weights, {of_weights:5.1%}")
print(f"{'in all':15}{sum(parts.values()):>15,}{'':24}{sum(weights.values()):>11,}")

# %% [markdown]
# 95% again, of 17.6 G multiply-adds this time, and 98% of the weights.
#
# ## Trust, but recount
#
# Now you can audit papers. Here is what ResNet's Table 1 prints as FLOPs, beside our count.
# **Before you run it:** will all five agree?

# %%
printed = {18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3}
for depth, billions in printed.items():
    network = cost.resnet(depth, shortcut="A" if depth < 50 else "B")
    counted = cost.count(network.layers).macs / 1e9
    print(f"ResNet-{depth:<4} printed {billions:>4}   counted {counted:7.3f}   as printed: {round(counted, 1) == billions}")

# %% [markdown]
# Four agree to the printed digit, and with them we know what was meant: multiply-adds, and for 18 and 34 layers shortcuts
# without weights, which fill missing channels with zeros (the paper calls that option A). ResNet-50 has 3.86, which is 3.9 when rounded. The table cuts it off.
#
# If you meet 4.09 for "ResNet-50" in a library, it is another network: the stride sits in the 3×3 instead of the first 1×1.
# The weights are the same.

# %%
for stride_in_3x3 in (False, True):
    counts = cost.count(cost.resnet(50, stride_in_3x3).layers)
    print(f"stride in the 3×3: {stride_in_3x3!s:5}  {counts.macs / 1e9:.2f} G multiply-adds, {counts.parameters:,} parameters")

# %% [markdown]
# GoogLeNet's Table 1 lists weights in K and operations in M for each module. **Before you run it:** does K mean 1,000 or
# 1,024?

# %%
for name, (size, c_in, widths, params, ops) in cost.GOOGLENET_TABLE.items():
    found = cost.count(cost.layers(cost.inception(*widths), (c_in, size, size)))
    print(f"{name}: printed {params:>4}K {ops:>3}M   counted {found.weights / 1000:6.1f} thousand, "
          f"{found.weights / 1024:6.1f} × 1,024, {found.macs / 1e6:5.1f}M")

# %% [markdown]
# 3a, 3b and 4b decide, within one unit: K is 1,024. The operations are multiply-adds and agree within one unit but for 5a. The weights of 4a and of
# 4c to 5b do *not* follow from the widths in the same row. And the first row prints 2.7K and 34M for a 7×7 layer from 3 to 64 channels.

# %%
dense, thin = cost.googlenet().layers[:1], cost.googlenet(separable_stem=True).layers[:2]
for name, layers in (("7×7, 3 → 64", dense), ("depthwise 7×7, 3 → 24, then 1×1 to 64", thin)):
    print(f"{name:38} {cost.count(layers).weights:>6,} weights, {cost.count(layers).macs / 1e6:5.1f}M")
print(f"all rows, with the second: {cost.count(cost.googlenet(separable_stem=True).layers).macs / 1e9:.2f}G")

# %% [markdown]
# The printed figures are those of a depthwise-separable layer, which the paper's table does not mention.
#
# Two published totals and a share, to finish the audit: SqueezeNet's parameters, MobileNetV2's 300 M, and the 93.4% which
# made the authors of ShuffleNet put 1×1 layers into groups. It is their figure for a ResNeXt unit.

# %%
print(f"SqueezeNet 1.0: {cost.count(cost.squeezenet().layers).parameters:,} parameters")
print(f"MobileNetV2: {cost.count(cost.mobilenet_v2().layers).macs / 1e6:.1f} M multiply-adds")
for name, unit in (("ResNeXt", cost.resnext_unit(256, 128, 32)), ("ShuffleNet", cost.shufflenet_unit(256, 128, 32))):
    layers = cost.layers(unit, (256, 14, 14))
    of_macs, _ = cost.share(layers, lambda layer: layer.pointwise)
    print(f"{name} unit: {cost.count(layers).macs:,} multiply-adds, {of_macs:.1%} of them in 1×1 layers")

# %% [markdown]
# 1×1 layers in groups are cheap, and two of them in a row never leave their heaps. ShuffleNet deals the channels anew in between, like
# cards. **Before you run it:** 16 channels in 4 groups, two layers. What share of outputs depends on each input, without the shuffle
# and with it?

# %%
rng = np.random.default_rng(0)
first, second = (np.kron(np.eye(4), np.ones((4, 4))) * rng.standard_normal((16, 16)) for _ in range(2))
dealt = np.eye(16)[np.arange(16).reshape(4, 4).T.ravel()]  # one channel of each heap in turn
for name, both in (("in a row", second @ first), ("with a shuffle", second @ dealt @ first)):
    print(f"two grouped 1×1 {name:15} {(both != 0).mean():.0%} of the {both.size} weights of the product are not zero")

# %% [markdown]
# In a row, each input reaches a quarter of the outputs, its own heap. One shuffle between them, and each reaches all.

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the five checks.

# %% nbgrader={"grade": false, "grade_id": "09_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    budget_what_falls="b",
    budget_break_even="d",
    budget_separable="a",
    budget_mobilenet="b",
    budget_width="d",
)

# %% nbgrader={"grade": true, "grade_id": "budget_what_falls_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["budget_what_falls"], "budget_what_falls")

# %% nbgrader={"grade": true, "grade_id": "budget_break_even_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["budget_break_even"], "budget_break_even")

# %% nbgrader={"grade": true, "grade_id": "budget_separable_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["budget_separable"], "budget_separable")

# %% nbgrader={"grade": true, "grade_id": "budget_mobilenet_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["budget_mobilenet"], "budget_mobilenet")

# %% nbgrader={"grade": true, "grade_id": "budget_width_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["budget_width"], "budget_width")

# %% [markdown]
# ## Summary
#
# - A k×k layer costs $k^2 \cdot C_{in} \cdot C_{out} / \text{groups}$ weights, and as many multiply-adds at each output pixel.
# - A 1×1 in front of a k×k saves below a middle of $k^2 C_{in} C_{out} / (C_{in} + k^2 C_{out})$ channels. It lowers weights
#   and arithmetic, and *raises* the number of maps.
# - Depthwise separable: look around once a channel, then mix. It costs $1/C_{out} + 1/k^2$ of the dense layer, and nearly all
#   of that is the 1×1.
# - In MobileNetV1 94.86% of the multiply-adds lie in 1×1 layers, in ResNet-50 about half. In ViT-B/16 95% lie in layers that
#   work token by token, which are 1×1 layers by another name. Multiply-adds are not time.
# - Published tables can be recounted. Most entries hold to the printed digit; some do not.
#
# **Claims decided here:** that 1×1 layers can be more important is defensible by multiply-adds and weights, and only by these (1). That every layer
# should have more channels is misleading (2). That 1×1 cures a flood of images is a false diagnosis (7).
#
# ## Go further
#
# - [MobileNets](https://arxiv.org/abs/1704.04861), section 3.1: the two costs and their ratio, in half a page.
# - [Going Deeper with Convolutions](https://arxiv.org/abs/1409.4842), sections 4 and 5: bottlenecks before bottlenecks.
# - [Deep Residual Learning](https://arxiv.org/abs/1512.03385), Figure 5 and Table 1.
# - [SqueezeNet](https://arxiv.org/abs/1602.07360) and [ShuffleNet](https://arxiv.org/abs/1707.01083): two other ways to spend.
