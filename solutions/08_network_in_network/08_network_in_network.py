# %% [markdown]
# # Lesson 08 · Stacking, and Network in Network
#
# Networks are called deep because layers stand on layers. A 1×1 layer is one small matrix, the same at every pixel. So
# what do you get when you stack ten of them: ten times the power, or one matrix with nine too many?
#
# **Time:** 75 minutes. **You need:** lessons 02 and 04 (the layer by hand and as a matrix product), 06 (rank) and
# 07 (training).
#
# You will be able to
# - fuse linear layers into one, and say what keeps two layers apart;
# - build the *mlpconv* of Network in Network, and show a function that needs it;
# - move global average pooling past a 1×1 layer, and fold BatchNorm into it;
# - read from the sources who introduced the 1×1 convolution, and who made it famous.

# %%
import functools

import numpy as np

from course_utils import check, data, hint, plots, progress, quiz, solution, widgets
from course_utils.experiments import xor
from course_utils.plots.stacking import planes, spreads, successes, to_scale

# %% [markdown]
# ## Two layers, and a suspicion
#
# Here are two layers with random numbers in them: 16 channels become 8, and 8 become 32. We shall use them as a black
# box: channels of a pixel in, channels of a pixel out.

# %%
rng = np.random.default_rng(0)
w1, b1 = rng.standard_normal((8, 16)), rng.standard_normal(8)
w2, b2 = rng.standard_normal((32, 8)), rng.standard_normal(32)


def two_layers(v):
    return w2 @ (w1 @ v + b1) + b2


print("one pixel: ", rng.standard_normal(16).shape, "→", two_layers(rng.standard_normal(16)).shape)

# %% [markdown]
# Send 17 pixels through it and write down what comes out: one pixel of zeros, and 16 with a single 1 in them. The zeros
# tell what the box adds to everything. Each single 1 tells what its channel is multiplied by.
#
# That is all that can be known about *one* layer, which has a bias and 16 columns.
# **Before you run it:** how far off is a layer made of these 17 answers when the next pixel is a random one?

# %%
bias = two_layers(np.zeros(16))
weight = np.stack([two_layers(unit) - bias for unit in np.eye(16)], axis=1)
v = rng.standard_normal(16)
print("the layer we wrote down:", weight.shape)
print("largest difference from the two layers:", f"{abs(weight @ v + bias - two_layers(v)).max():.1e}")

# %% [markdown]
# Only rounding is left. The two layers *are* one layer, for every pixel. Nobody needs to probe them to find it, either:
# it stands in their weights.
#
# ### Exercise: fuse two layers
#
# About 8 minutes. The first layer makes `w1 @ x + b1` of a pixel `x`, the second makes `w2 @ (…) + b2` of that. Multiply
# out, and read off the one weight and the one bias. From the two matrices on the left you are to make the right one.
# Stuck? Run `hint(fuse)` in a new cell.

# %%
plots.show(
    to_scale([w1, w2, weight], ["w1: 8 × 16", "w2: 32 × 8", "written down: 32 × 16"]),
    alt="08.to_scale",
)

# %% nbgrader={"grade": false, "grade_id": "fuse", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fuse(w1, b1, w2, b2):
    """One 1×1 layer that does what two do, with nothing between them. The layer (w1, b1) acts first.

    w1: (C_mid, C_in), b1: (C_mid,), w2: (C_out, C_mid), b2: (C_out,).
    Returns (weight, bias) of the shapes (C_out, C_in) and (C_out,).

    One channel everywhere: w1 = [[2.0]], b1 = [1.0], w2 = [[10.0]], b2 = [3.0] gives ([[20.0]], [13.0]),
    because 10 · (2x + 1) + 3 = 20x + 13.
    """
    ### BEGIN SOLUTION
    return w2 @ w1, w2 @ b1 + b2
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "fuse_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(fuse)
### BEGIN HIDDEN TESTS
check(fuse, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Now the ten layers from the beginning, and ninety more. **Before you run it:** how many numbers are left?

# %%
tower = [(rng.standard_normal((8, 8)) / np.sqrt(8), rng.standard_normal(8)) for _ in range(100)]
one = functools.reduce(lambda first, second: fuse(*first, *second), tower)
v = rng.standard_normal(8)
slow = functools.reduce(lambda v, layer: layer[0] @ v + layer[1], tower, v)
print("numbers in 100 layers:", sum(w.size + b.size for w, b in tower), " in one:", one[0].size + one[1].size)
gap_between = abs(one[0] @ v + one[1] - slow).max()
print(f"largest difference: {gap_between:.1e}, of numbers as large as {abs(slow).max():.1f}")

# %% [markdown]
# A hundred layers, and one matrix would do. **A 1×1 convolution is linear** (with its bias: affine), and linear after
# linear is linear. Depth alone adds nothing.
#
# It can even take away. Our first stack squeezes 16 channels through 8. **Before you run it:** the fused weight has 32
# rows and 16 columns. What is its rank?

# %%
weight, bias = fuse(w1, b1, w2, b2)
print("fused weight:", weight.shape, " rank:", np.linalg.matrix_rank(weight))
print("weights in two layers:", w1.size + w2.size, " in the fused one:", weight.size)

# %% [markdown]
# Eight channels in the middle let through eight directions, no more. That is less than one free 32 × 16 layer can do.
# It is also cheaper, and this is the honest reason to leave two linear layers unfused.

# %% [markdown]
# ## Something in between
#
# Two edits of a photo. The first raises the contrast: three times each value, minus 1. The second undoes it: a third
# of each value, plus a third. Fused they must give the photo back.
#
# But a photo file has no room for values below zero. If the editor saves the photo between the edits, they are cut off,
# and that is a **ReLU**: $\max(\text{value}, 0)$. (Values above the largest are cut off too; leave that aside here.)
#
# **Before you run it:** in which places of the photo will the cut show?

# %%
photo = data.photo("astronaut", longest=300).transpose(2, 0, 1)[np.newaxis] / 255
contrast = 3 * np.eye(3), np.full(3, -1.0)
undo = np.eye(3) / 3, np.full(3, 1 / 3)


def layer(x, weight, bias):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, np.newaxis, np.newaxis]


cut = layer(np.maximum(layer(photo, *contrast), 0), *undo)

# %%
fused = layer(photo, *fuse(*contrast, *undo))
plots.show(
    plots.pictures(
        [x[0].transpose(1, 2, 0) for x in (photo, fused, cut)],
        ["photo", "both edits, fused", "both edits, ReLU between"],
    ),
    alt="08.pictures",
)
print(f"{(cut - photo > 1e-9).mean():.0%} of the numbers have changed, none below {cut.min():.2f} is left")

# %% [markdown]
# Everything darker than a third is now a third: different pixels have become equal, and no later layer can part them.
# As an edit this is damage. But it is also something that no single layer can do, for it treats dark pixels in one
# way and bright ones in another. A bend like this is what keeps two layers apart.

# %% [markdown]
# ## What the bend buys
#
# The smallest task that needs one: two channels, each on (1) or off (0). Give 1 where exactly one of them is on. This is
# **exclusive or**, XOR for short.

# %%
stripes = np.indices((6, 6)) % 2
stripes = np.stack([stripes[1], stripes[0], stripes[0] ^ stripes[1]]).astype(float)
plots.show(
    plots.channels_grid(stripes, ["channel a", "channel b", "wanted: a xor b"], columns=3),
    alt="08.channels_grid",
)

# %% [markdown]
# **Before you run it:** one 1×1 layer has two weights and a bias. The best ones, by least squares, give which four
# numbers for the pixels (0, 0), (0, 1), (1, 0) and (1, 1)?

# %%
with_one = np.column_stack([xor.POINTS, np.ones(4)])  # a third column for the bias
best, *_ = np.linalg.lstsq(with_one, xor.TARGETS, rcond=None)
print("two weights and a bias:", best.round(3) + 0)
print("what the layer says:   ", (with_one @ best).round(3), " wanted:", xor.TARGETS)

# %% [markdown]
# One half everywhere: it has given up. It must. For every layer, the sum over opposite corners is the same both ways:
#
# $$f(0,0) + f(1,1) \;=\; w_a + w_b + 2b \;=\; f(0,1) + f(1,0)$$
#
# XOR wants 0 on the left and 2 on the right. No training, however long, and no linear layer behind it will help.
#
# Two hidden channels and a ReLU do. The first hidden channel counts how many inputs are on; the second is 1 only if both
# are. Count, and take away 2 if both are on:

# %%
by_hand = xor.Net(
    w1=np.array([[1.0, 1.0], [1.0, 1.0]]), b1=np.array([0.0, -1.0]), w2=np.array([[1.0, -2.0]]), b2=np.zeros(1)
)
print("with ReLU:   ", xor.output(by_hand, xor.POINTS))
print("without ReLU:", xor.output(by_hand, xor.POINTS, relu=False))

# %%
says = [
    lambda pixels: np.column_stack([pixels, np.ones(len(pixels))]) @ best,
    lambda pixels: xor.output(by_hand, pixels, relu=False),
    lambda pixels: xor.output(by_hand, pixels),
]
plots.show(
    planes(says, ["best single layer", "two layers, no ReLU", "ReLU between"], xor.POINTS, xor.TARGETS),
    alt="08.planes",
)

# %% [markdown]
# Each square shows what a network says for every pair of values, not the four corners alone: blue is 0, white one half,
# orange 1, and in the rings stands what is wanted. Without a ReLU it is
# always a ramp: straight, in one direction. With it the ramp can be folded.
#
# Now let a network *find* such weights, by gradient descent as in lesson 07.
#
# **Before you press Play:** leave ReLU off first, and give the network all 8 hidden channels. Where does the loss end?
# Then switch ReLU on. How few hidden channels will do?

# %%
widgets.pixel_xor()

# %% [markdown]
# Without ReLU the loss ends at 0.25 whatever you try: one half everywhere, as computed above. With ReLU one hidden
# channel folds the ramp once, which is not enough. Two can be enough, as you saw by hand. But did your run with 2
# get there? Try *another start* a few times.
#
# What *can* be written and what training *finds* are two things. Here are 20 random starts for each number of hidden
# channels. **Before you run it:** of 20 runs with 2 hidden channels, how many will succeed? And with 8?

# %%
widths = [1, 2, 3, 4, 6, 8]
solved = [sum(xor.solves(xor.train(xor.start(width, seed), 600)[0]) for seed in range(20)) for width in widths]
plots.show(
    successes(widths, solved, runs=20),
    alt=f"Runs that solved the task, of 20, by hidden channels: {dict(zip(widths, solved, strict=True))}.",
)

# %% [markdown]
# With 2 hidden channels both have to start well. With 8 some two of them do, nearly always. Spare channels are not there
# because the function needs them: they are there because the search does.

# %% [markdown]
# ## Network in Network
#
# In December 2013 Min Lin, Qiang Chen and Shuicheng Yan had this thought about convolutions. A 3×3 or 5×5 filter looks at
# a patch and returns one weighted sum: linear. What if a small *network* looked at the patch instead? Its first layer is
# the convolution. Every further layer sees one pixel of channels, so it is a 1×1 convolution. Equation (2) of their paper
# is, at each pixel,
#
# $$f^n = \max\left({w^n}^\top f^{n-1} + b,\; 0\right)$$
#
# in words: weigh, add the bias, cut at zero, again and again. They called the whole an **mlpconv** layer: a multilayer
# perceptron, slid over the image. A network inside the network, hence the title.
#
# ### Exercise: the 1×1 layers of an mlpconv
#
# About 10 minutes. Write Equation (2) for any number of layers: each one a 1×1 convolution with bias, each followed by
# ReLU, the last one too. Stuck? Run `hint(mlpconv)`.

# %%
x = np.array([[[[2.0, -1.0]], [[1.0, 3.0]]]])  # one image, two channels, 1×2 pixels
plots.show(
    plots.channels_grid(x, ["x, channel 0: 2 and −1", "x, channel 1: 1 and 3"], columns=3),
    alt="08.channels_grid_2",
)

# %% nbgrader={"grade": false, "grade_id": "mlpconv", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlpconv(x, layers):
    """1×1 layers one after the other, with a ReLU after each.

    x: (N, C_in, H, W); layers: a list of (weight, bias) in the order in which they act, weight (C_out, C_in),
    bias (C_out,), where C_out of one layer is C_in of the next. Returns (N, C_out of the last layer, H, W).

    With the x above and layers = [([[1.0, -1.0]], [0.0]), ([[-2.0]], [3.0])], as arrays:
    the first layer gives 1 and -4, ReLU makes that 1 and 0, the second layer makes it 1 and 3, which ReLU leaves.
    The answer is [[[[1.0, 3.0]]]].
    """
    ### BEGIN SOLUTION
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, np.newaxis, np.newaxis]
        x = np.maximum(x, 0)
    return x
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "mlpconv_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(mlpconv)
### BEGIN HIDDEN TESTS
check(mlpconv, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Put it to work on a photo: find the grey curtain behind the astronaut. A pixel should score high where red, green and
# blue are all *near* their wanted values, neither below nor above. "Near" is a distance, and a distance has a kink at zero:
# $|z| = \max(z, 0) + \max(-z, 0)$. So two hidden channels for each colour, and a score of 1 less three times the distances.
#
# **Before you run it:** the right-hand picture is the best that one 1×1 layer can do towards the same score. What will
# it light up?

# %%
curtain = np.array([0.76, 0.71, 0.69])
hidden = np.concatenate([np.eye(3), -np.eye(3)]), np.concatenate([-curtain, curtain])  # 3 → 6: above, below
score = np.full((1, 6), -3.0), np.ones(1)  # 6 → 1

distances = abs(photo[0] - curtain[:, np.newaxis, np.newaxis])
wanted = np.maximum(1 - 3 * distances.sum(axis=0), 0)  # the same score, without a network
pixels = np.column_stack([photo[0].reshape(3, -1).T, np.ones(photo[0, 0].size)])
best, *_ = np.linalg.lstsq(pixels, wanted.ravel(), rcond=None)
linear = (pixels @ best).reshape(wanted.shape)

# %%
picked = mlpconv(photo, [hidden, score])
plots.show(
    plots.pictures(
        [photo[0].transpose(1, 2, 0), picked[0, 0], linear / linear.max()],
        ["photo", "1×1, ReLU, 1×1, ReLU", "the best single 1×1"],
    ),
    alt="08.pictures_2",
)
print(f"largest difference from the score without a network: {abs(picked[0, 0] - wanted).max():.1e}")
left = ((linear - wanted) ** 2).mean() / wanted.var()
print(f"share of the score's variance that the single layer misses: {left:.0%}")

# %% [markdown]
# In the middle the curtain lights up where its colour is near enough, and here and there an edge that happens to have that colour
# (a pixel knows nothing of curtains). One layer can only say "the brighter, the better", so the white of the collar and of the rocket beats the curtain.
# Between too dark and too bright it cannot choose.

# %% [markdown]
# ## One map for each class
#
# At the end of a classifier stands a question about the whole image: which class? Networks of that time flattened the
# last maps into one long vector and put a dense layer on it, with a weight for every pixel of every map. In VGG-16, 512
# maps of 7×7 pixels met 4,096 outputs in that way:

# %%
dense, pointwise = 512 * 7 * 7 * 4096, 512 * 4096
print(f"weights of the dense layer: {dense:,}; of a 1×1 layer with as many outputs: {pointwise:,}")

# %% [markdown]
# Network in Network ends differently: with as many maps as there are classes, and the *average* of each map as the score of
# its class. This is **global average pooling**. It has no weights at all, so there is nothing in it to [overfit](../../GLOSSARY.md#overfitting),
# that is, to learn the training pictures by heart. On [CIFAR-10](../../GLOSSARY.md#cifar-10), small photos of ten kinds of things,
# the paper compares heads in its Table 5: 11.59% error with a fully connected one, 10.88% with [dropout](../../GLOSSARY.md#dropout) added to it, 10.41%
# with global average pooling.
#
# ### Exercise: global average pooling
#
# About 5 minutes. Here are ten maps of one image, after a ReLU. Each becomes one number. Stuck? Run `hint(gap)`.

# %%
maps = data.feature_maps()
plots.show(
    plots.channels_grid(np.maximum(maps, 0), [f"map {c}" for c in range(10)]),
    alt="08.channels_grid_3",
)

# %% nbgrader={"grade": false, "grade_id": "gap", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gap(x):
    """Global average pooling: the mean of each map of each image.

    x: (N, C, H, W). Returns (N, C).

    One image with the two 1×2 maps [[1.0, 3.0]] and [[10.0, 20.0]] gives [[2.0, 15.0]].
    """
    ### BEGIN SOLUTION
    return x.mean(axis=(2, 3))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "gap_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(gap)
### BEGIN HIDDEN TESTS
check(gap, seed=1)
### END HIDDEN TESTS

# %%
pooled = gap(np.maximum(maps, 0))
print("maps:", maps.shape, " pooled:", pooled.shape)
print("one mean per map:", pooled[0].round(2))

# %% [markdown]
# Now put a 1×1 layer that makes class maps of the last channels in front of the pooling. Every pixel votes, then the votes
# are averaged. Is that the same as averaging first and letting a single "mean pixel" vote?
#
# ### Exercise: pool first, then the layer
#
# About 6 minutes. Return what the layer makes of the *pooled* channels. Mind how often the bias counts. When the check is
# content, you have also proved something: it compares you with the layer first and the pooling last.
# Stuck? Run `hint(gap_then_linear)`.

# %% nbgrader={"grade": false, "grade_id": "gap_then_linear", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gap_then_linear(x, weight, bias):
    """Global average pooling, then a linear layer: one score for each class.

    x: (N, C_in, H, W), weight: (C_out, C_in), bias: (C_out,). Returns (N, C_out).

    One image with the two 1×2 maps [[1.0, 3.0]] and [[10.0, 20.0]], weight = [[1.0, 2.0]], bias = [5.0]:
    the means are 2 and 15, so the answer is [[37.0]], which is 1 · 2 + 2 · 15 + 5.
    """
    ### BEGIN SOLUTION
    return gap(x) @ weight.T + bias
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "gap_then_linear_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(gap_then_linear)
### BEGIN HIDDEN TESTS
check(gap_then_linear, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Both orders give the same scores. They **commute**. But only one of them leaves you something to look at on the way: the
# map of each class *before* pooling shows where the votes come from.
#
# Try it on a satellite scene. A layer from 4 bands to 3 classes is fitted, by least squares, to 120 labelled pixels of
# *another* satellite, and applied to this scene. Nobody has labelled the scene, so look, but trust nothing.

# %%
spectra, scene = data.spectra(), data.scene()
names = sorted(set(spectra.labels.tolist()))
is_class = (spectra.labels[:, np.newaxis] == names).astype(float)
fit, *_ = np.linalg.lstsq(np.column_stack([spectra.values, np.ones(len(is_class))]), is_class, rcond=None)
bands, (class_weight, class_bias) = scene.values[np.newaxis], (fit[:4].T, fit[4])
class_maps = layer(bands, class_weight, class_bias)
plots.show(
    plots.channels_grid(class_maps, names, columns=3),
    alt="08.channels_grid_4",
)

# %%
print(names)
print("maps first, pooled last: ", class_maps.mean(axis=(2, 3))[0].round(4))
print("pooled first, layer last:", gap_then_linear(bands, class_weight, class_bias)[0].round(4))
print(f"the layer met {class_maps[0, 0].size:,} pixels in the first case, one in the second")

# %% [markdown]
# Equal, and the second way is cheaper by as many times as the scene has pixels.
#
# **Before you run it:** put a ReLU on the class maps before they are pooled. Does the order still not matter?

# %%
scores = gap_then_linear(bands, class_weight, class_bias)
print("ReLU, then pooled:", np.maximum(class_maps, 0).mean(axis=(2, 3))[0].round(4))
print("pooled, then ReLU:", np.maximum(scores, 0)[0].round(4))

# %% [markdown]
# Now it does. What a ReLU cuts off in one pixel can no longer balance what another pixel has too much of.

# %% [markdown]
# ## BatchNorm folds away
#
# One more thing usually stands between a 1×1 layer and its ReLU. **BatchNorm** takes each output channel `o`, subtracts a
# mean, divides by a standard deviation, and then lets training choose a new scale and shift, `gamma` and `beta`:
#
# $$\text{BN}(y)[o] = \gamma[o] \cdot \frac{y[o] - \text{mean}[o]}{\sqrt{\text{var}[o] + \varepsilon}} + \beta[o]$$
#
# The small $\varepsilon$ keeps a channel that never varies from dividing by zero. Here are five channels before and after.

# %%
rng = np.random.default_rng(2)
weight, bias = rng.standard_normal((5, 10)) * [[1], [4], [0.3], [2], [1]], rng.standard_normal(5) * 3


def batchnorm(y, gamma, beta, mean, var, eps=1e-5):
    gamma, beta, mean, var = (a[:, np.newaxis, np.newaxis] for a in (gamma, beta, mean, var))
    return gamma * (y - mean) / np.sqrt(var + eps) + beta


y = layer(maps, weight, bias)
mean, var = y.mean(axis=(0, 2, 3)), y.var(axis=(0, 2, 3))
gamma, beta = np.array([1.0, 1.0, 2.0, 0.5, 1.0]), np.array([0.0, 1.0, 0.0, 0.0, -2.0])

# %%
plots.show(
    spreads([y, batchnorm(y, gamma, beta, mean, var)], ["the layer's output", "after BatchNorm"]),
    alt="08.spreads",
)

# %% [markdown]
# While training, mean and variance are those of the batch at hand. Afterwards they are *stored numbers* that no longer
# change. Look at the formula with that in mind: for each output channel it is a number times `y`, plus a number.
# **What else does that, and can be fused with the layer before it?**
#
# ### Exercise: fold BatchNorm into the layer
#
# About 10 minutes. Return the weight and bias of one 1×1 layer that equals the layer followed by BatchNorm. Layers before a
# BatchNorm are often made without a bias, so `bias` may be None; the folded layer has one. Stuck? Run
# `hint(fold_batchnorm)`.

# %% nbgrader={"grade": false, "grade_id": "fold_batchnorm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fold_batchnorm(weight, bias, gamma, beta, mean, var, eps):
    """One 1×1 layer that does what a 1×1 layer and the BatchNorm after it do, with stored mean and variance.

    weight: (C_out, C_in), bias: (C_out,) or None; gamma, beta, mean, var: (C_out,); eps: a number.
    Returns (weight, bias) of the shapes (C_out, C_in) and (C_out,), as new arrays.

    One channel: weight = [[2.0]], bias = [1.0], gamma = [3.0], beta = [10.0], mean = [5.0], var = [3.0], eps = 1.0:
    the root is 2, the scale 3 / 2, so the answer is ([[3.0]], [4.0]): 1.5 · (2x + 1 - 5) + 10 = 3x + 4.
    """
    ### BEGIN SOLUTION
    scale = gamma / np.sqrt(var + eps)
    shift = 0 if bias is None else bias
    return scale[:, np.newaxis] * weight, scale * (shift - mean) + beta
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "fold_batchnorm_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(fold_batchnorm)
### BEGIN HIDDEN TESTS
check(fold_batchnorm, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# **Before you run it:** layer and BatchNorm in two steps, or your folded layer in one. How far apart?

# %%
folded = fold_batchnorm(weight, bias, gamma, beta, mean, var, 1e-5)
apart = layer(maps, *folded) - batchnorm(layer(maps, weight, bias), gamma, beta, mean, var)
print(f"largest difference: {abs(apart).max():.1e}")
before, after = weight.size + bias.size + 4 * gamma.size, folded[0].size + folded[1].size
print("stored numbers before:", before, " after:", after)

# %% [markdown]
# BatchNorm has vanished, and the layer costs what it cost before. Tools that prepare a trained network for use do this to
# every such pair.
#
# During training it cannot be done. **Before you run it:** two images are in a batch. We leave image 0 alone and double
# image 1. Does the output for image 0 change?

# %%
def while_training(x):
    y = layer(x, weight, bias)
    return batchnorm(y, gamma, beta, y.mean(axis=(0, 2, 3)), y.var(axis=(0, 2, 3)))


pair = np.concatenate([maps, maps[..., ::-1]])
louder = np.concatenate([maps, 2 * maps[..., ::-1]])
print(f"image 0 changes by up to {abs(while_training(pair)[0] - while_training(louder)[0]).max():.2f}")

# %% [markdown]
# It does: the batch's own mean and variance tie the images together. No weight of a 1×1 layer can do that, since a 1×1
# layer never sees a second image. Folding is for afterwards.

# %% [markdown]
# ## Who was first?
#
# The article gives thanks:
#
# > "we thank Google and the University of North Carolina"
#
# for
#
# > "introducing the world to the magic of 1X1 convolutions"
#
# No experiment decides this. Sources do, and reading them is a skill of its own. The article names no paper. The one
# it must mean is the third below: Google and North Carolina both stand on its first page. Read the three like a detective:
# who says what, when, and about whom?
#
# | | **Network In Network** | **Fully Convolutional Networks** | **Going Deeper with Convolutions** (GoogLeNet) |
# |---|---|---|---|
# | arXiv | 1312.4400 | 1411.4038 | 1409.4842 |
# | page read | arXiv | arXiv | CVPR 2015 |
# | authors at | National University of Singapore | – | Google Inc.; University of North Carolina, Chapel Hill (Wei Liu); University of Michigan, Ann Arbor (Scott Reed); Magic Leap (Andrew Rabinovich) |
# | says | "The cross channel parametric pooling layer is also equivalent to a convolution layer with 1x1 convolution kernel" | "these fully connected layers can also be viewed as convolutions with kernels that cover their entire input regions" (§3.1) | "even a modest number of 5×5 convolutions can be prohibitively expensive on top of a convolutional layer with a large number of filters" (§4) |
# | does | stacks 1×1 layers with ReLU, to make filters nonlinear; pools globally | turns classifiers into networks that slide | puts 1×1 layers in front of 3×3 and 5×5, to cut their cost; cites Network In Network as [12] for 1×1 layers and for average pooling |
#
# Which page is read makes a difference: on the arXiv page of the third paper, Andrew Rabinovich stands with Google, and three
# places are named in place of four. And sliding classifiers are older than the second paper. *OverFeat* (arXiv 1312.6229)
# ran its dense layers as 1×1 convolutions over larger images; *space displacement networks* read rows of digits that way in 1991
# (Matan, Burges, LeCun and Denker).
#
# A trick for dating: the first four digits of an arXiv number are the year and the month.

# %%
for number in ("1312.4400", "1312.6229", "1409.4842", "1411.4038"):
    print(f"{number}: month {number[2:4]} of 20{number[:2]}")

# %% [markdown]
# Now judge. Did those who are thanked introduce it? Are all thanked to whom thanks are due? The last two questions of the
# quiz ask you; our verdict comes after it.

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the five checks. For the last two, read the table of
# sources above again.

# %% nbgrader={"grade": false, "grade_id": "08_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    nin_two_layers="d",
    nin_gap_order="b",
    nin_fold="c",
    nin_first="d",
    nin_credit="b",
)

# %% nbgrader={"grade": true, "grade_id": "nin_two_layers_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["nin_two_layers"], "nin_two_layers")

# %% nbgrader={"grade": true, "grade_id": "nin_gap_order_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["nin_gap_order"], "nin_gap_order")

# %% nbgrader={"grade": true, "grade_id": "nin_fold_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["nin_fold"], "nin_fold")

# %% nbgrader={"grade": true, "grade_id": "nin_first_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["nin_first"], "nin_first")

# %% nbgrader={"grade": true, "grade_id": "nin_credit_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["nin_credit"], "nin_credit")

# %% [markdown]
# ## The verdict
#
# **"Introducing the world" is false** (claim 11): in the December before GoogLeNet, Singapore had named the 1×1 convolution,
# built a network of it and published; GoogLeNet itself says where it has it from. What GoogLeNet did introduce to many
# was *another use* of it: reducing the number of channels before an expensive layer.
#
# **The thanks are misleading** (claim 10). Naming the University of North Carolina is not wrong, as one of the authors was
# there. But Michigan and, on the page of the conference, Magic Leap are left out, and so are those who came first.
#
# And "first" needs care even so. One matrix for all pixels is no invention of networks: you did it to the colours of a photo
# in lesson 01. What the paper of 2013 introduced is the 1×1 convolution *as a building block* of networks.

# %% [markdown]
# ## Summary
#
# - Linear 1×1 layers with nothing between them are one layer: weight $W_2 W_1$, bias $W_2 b_1 + b_2$. A narrow middle
#   lowers the rank.
# - A ReLU between them keeps them apart. Two layers with it can do what no single one can: XOR, a distance, a colour.
# - What can be written needs few hidden channels. What training finds needs some to spare.
# - An mlpconv is a convolution followed by 1×1 layers, each with its ReLU.
# - Global average pooling commutes with a 1×1 layer and its bias, and not with a ReLU.
# - BatchNorm with stored statistics folds into the layer before it. During training it does not.
#
# **Claims decided here:** the thanks to Google and North Carolina are misleading (10), and that they introduced the 1×1
# convolution is false (11).
#
# ## Go further
#
# - [Network In Network](https://arxiv.org/abs/1312.4400), section 3: the argument for a network inside the filter, in the
#   authors' own words. You now know all its parts.
# - [Going Deeper with Convolutions](https://arxiv.org/abs/1409.4842), sections 4 and 5: look for the places where reference
#   [12] is cited.
# - [Fully Convolutional Networks](https://arxiv.org/abs/1411.4038), section 3.1: when is a fully connected layer a
#   convolution, and of what size?
