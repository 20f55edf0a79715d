# %% [markdown]
# # Lesson 07 · Where weights come from
#
# So far the weights fell from the sky. You were given the numbers that make grey from red, green and blue, and the
# matrix that takes a stain apart. In a network nobody gives them to you. So where do they come from, and what keeps
# two rows of a weight from turning out the same?
#
# **Time:** 75 minutes. **You need:** lessons 02 to 04 (the layer by hand and as a matrix product).
#
# You will be able to
# - compute the gradient of a 1×1 layer for its bias, its weight and its input, and prove it by nudging;
# - take one step of gradient descent, and train a layer with it;
# - say what the shape of a weight decides, what the start decides, and what training decides.

# %%
import numpy as np

from course_utils import check, data, hint, plots, progress, quiz, solution, widgets
from course_utils.experiments import descent

# %% [markdown]
# ## A shape is not a value
#
# The article explains where a weight comes from in half a sentence:
#
# > "weight is decided by the number of channels that we are expecting"
#
# Here are two layers from 3 channels to 1. Both weights have the shape (1, 3).
#
# **Before you run it:** if that sentence is right, the two pictures must be equal. Are they?

# %%
photo = data.photo("astronaut", longest=240) / 255
LUMA = np.array([[0.299, 0.587, 0.114]])  # how bright red, green and blue look (ITU-R BT.601)
other = np.array([[1.0, -1.2, 0.7]])  # anybody's
mixes = [photo @ weight[0] for weight in (LUMA, other)]
plots.show(
    plots.pictures([photo, *mixes], ["photo", f"weight {LUMA[0]}", f"weight {other[0]}"]),
    alt="07.pictures",
)

# %% [markdown]
# The numbers of channels decide how *many* weights there are: C_out · C_in, here 3. They do not decide a single value.
# **The sentence is false.** Values have two sources, and this lesson is about both: a start, and training.

# %% [markdown]
# ## What would make a weight better?
#
# To improve something you need to measure it. Say we want a layer to do what `LUMA` does, without telling it `LUMA`.
# We show it pixels `x` and the answers `target`, and score it by the mean squared error:
#
# $$\text{loss} = \text{mean of } (y - \text{target})^2 \text{ over all numbers of } y$$

# %%
small = data.photo("astronaut", longest=60) / 255
x = small.transpose(2, 0, 1)[np.newaxis]
target = np.einsum("oc,nchw->nohw", LUMA, x)
print("x", x.shape, " target", target.shape)

# %% [markdown]
# Now keep two weights at their right values and let the third one, the weight of green, wander from -0.5 to 1.5.
#
# **Before you run it:** what shape does the curve of the loss have, and where is its lowest point?

# %%
def loss_for_green(green):
    weight = np.array([[0.299, green, 0.114]])
    return ((np.einsum("oc,nchw->nohw", weight, x) - target) ** 2).mean()


greens = np.linspace(-0.5, 1.5, 81)
slope = (loss_for_green(1.2 + 1e-4) - loss_for_green(1.2 - 1e-4)) / 2e-4
losses = [loss_for_green(green) for green in greens]
plots.show(
    plots.loss_along(greens, losses, at=1.2, slope=slope, name="weight of green"),
    alt="07.loss_along",
)

# %% [markdown]
# A valley. At 1.2 you stand on its right side: the dashed line says how steeply the loss rises there. It was found by
# **nudging**: a bit more green, a bit less green, and what the loss did, divided by the size of the nudge.
#
# That number is a **derivative**. All derivatives together, one for each weight, are the **gradient**. To get lower,
# step against it. Nudging costs two runs of the layer for *each* weight. For a layer of 256 × 256 weights that is
# hopeless, and it is not needed: all derivatives come out of one formula each, and you can find the formulas yourself.

# %% [markdown]
# ## Backwards through the layer
#
# Call `dy` the gradient for the output: `dy[n, o, i, j]` says how the loss changes when `y[n, o, i, j]` grows a
# little. It has the shape of `y`. For our loss it is $2\,(y - \text{target})$ divided by how many numbers `y` has.
#
# From `dy` you find the gradients of all that went into the layer. One rule is enough: **follow every way from the
# number to the loss, multiply along each way, and add up the ways.**
#
# $$y[n, o, i, j] = b[o] + \sum_c w[o, c] \; x[n, c, i, j]$$
#
# ### Exercise: the gradient of the bias
#
# About 8 minutes. `b[o]` is added to every pixel of map `o`, in every image: a nudge of `b[o]` moves all of them by the
# same amount. Here is a `dy` of two images and three maps. Which of these numbers belong to `b[1]`?
# Stuck? Run `hint(grad_bias)` in a new cell.

# %%
example = np.arange(12.0).reshape(2, 3, 1, 2) / 10
plots.show(
    plots.channels_grid(
        example.reshape(6, 1, 2), [f"n = {n}, o = {o}" for n in range(2) for o in range(3)]
    ),
    alt="07.channels_grid",
)

# %% nbgrader={"grade": false, "grade_id": "grad_bias", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grad_bias(dy):
    """The gradient of the loss for the bias.

    dy: (N, C_out, H, W), the gradient for the output. Returns (C_out,).

    With the six maps above, that is dy = np.arange(12.0).reshape(2, 3, 1, 2) / 10:
    grad_bias(dy) is [1.4, 2.2, 3.0]. The first number is 0.0 + 0.1 + 0.6 + 0.7.
    """
    ### BEGIN SOLUTION
    return dy.sum(axis=(0, 2, 3))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "grad_bias_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(grad_bias)
### BEGIN HIDDEN TESTS
check(grad_bias, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: the gradient of the weight
#
# About 10 minutes. `w[o, c]` is used at every pixel of every image. On the way to `y[n, o, i, j]` it is multiplied by
# `x[n, c, i, j]`, so that is how far a nudge of it moves this output. Multiply along the way, add up the ways.
# Stuck? Run `hint(grad_weight)`.

# %% nbgrader={"grade": false, "grade_id": "grad_weight", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grad_weight(x, dy):
    """The gradient of the loss for the weight.

    x: (N, C_in, H, W), dy: (N, C_out, H, W). Returns (C_out, C_in), the shape of the weight.

    One image of two pixels, one channel in and one out: x = [[[[2.0, 3.0]]]], dy = [[[[10.0, 1.0]]]]
    gives [[23.0]], which is 2 · 10 + 3 · 1.
    """
    ### BEGIN SOLUTION
    return np.einsum("nohw,nchw->oc", dy, x)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "grad_weight_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(grad_weight)
### BEGIN HIDDEN TESTS
check(grad_weight, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: the gradient of the input
#
# About 8 minutes. A layer in the middle of a network also has to tell the layer before it what to change. `x[n, c, i, j]`
# goes into every output channel `o` at its own pixel, each time multiplied by `w[o, c]`.
#
# When it works, look at your formula again: it is a 1×1 convolution itself. With which matrix? Stuck? `hint(grad_x)`.

# %% nbgrader={"grade": false, "grade_id": "grad_x", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grad_x(dy, weight):
    """The gradient of the loss for the input.

    dy: (N, C_out, H, W), weight: (C_out, C_in). Returns (N, C_in, H, W), the shape of x.

    One pixel, two outputs, one input: dy = [[[[10.0]], [[1.0]]]], weight = [[2.0], [3.0]]
    gives [[[[23.0]]]], which is 2 · 10 + 3 · 1.
    """
    ### BEGIN SOLUTION
    return np.einsum("oc,nohw->nchw", weight, dy)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "grad_x_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(grad_x)
### BEGIN HIDDEN TESTS
check(grad_x, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# ## Do you believe your own formulas?
#
# The check compared your numbers with ours. Out in the world there is no "ours", but there is always the nudge.
# `descent.numeric_gradient(loss, at)` nudges each number in turn, both ways, and looks at the loss.
#
# **Before you run it:** to how many digits will formula and nudge agree?

# %%
rng = np.random.default_rng(0)
px, pw, pb = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((4, 3)), rng.standard_normal(4)
wanted = rng.standard_normal((2, 4, 4, 5))


def layer(x, weight, bias):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, np.newaxis, np.newaxis]


def mean_squared_error(y):
    return ((y - wanted) ** 2).mean()


dy = 2 * (layer(px, pw, pb) - wanted) / wanted.size

# %%
gaps = {
    "bias": grad_bias(dy) - descent.numeric_gradient(lambda b: mean_squared_error(layer(px, pw, b)), pb),
    "weight": grad_weight(px, dy) - descent.numeric_gradient(lambda w: mean_squared_error(layer(px, w, pb)), pw),
    "x": grad_x(dy, pw) - descent.numeric_gradient(lambda v: mean_squared_error(layer(v, pw, pb)), px),
}
for name, gap in gaps.items():
    print(f"{name:>6}: formula and nudge differ by at most {abs(gap).max():.1e}")

# %% [markdown]
# This is the **finite-difference test**, and every library of neural networks is tested with it. It has one blind spot,
# and it is a good one to know. Suppose a colleague believes that a 1×1 convolution *averages* over its input channels.
# Their forward pass is wrong. Their gradient is the right gradient of their wrong layer.
#
# **Before you run it:** will the finite-difference test catch them?

# %%
def averaging_layer(x, weight):
    return np.einsum("oc,nchw->nohw", weight, x) / x.shape[1]


wrong_dy = 2 * (averaging_layer(px, pw) - wanted) / wanted.size
wrong_gradient = np.einsum("nohw,nchw->oc", wrong_dy, px) / px.shape[1]
gap = wrong_gradient - descent.numeric_gradient(lambda w: mean_squared_error(averaging_layer(px, w)), pw)
print(f"formula and nudge differ by at most {abs(gap).max():.1e}")

# %% [markdown]
# It passes. The test says that a gradient *belongs to* its forward pass, not that the forward pass is right. That is why
# the checks of this course compare values with an independent answer, and why you should too.

# %% [markdown]
# ## Down the valley
#
# ### Exercise: one step of gradient descent
#
# About 12 minutes. Put it together: run the layer, score it, find the gradients, step against them. The length of the
# step is set by the **learning rate** `lr`. Return new arrays and leave the ones you are given alone: whoever called
# you may still need them. You may call your own `grad_bias` and `grad_weight`. Stuck? `hint(sgd_step)`.

# %% nbgrader={"grade": false, "grade_id": "sgd_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_step(x, weight, bias, target, lr):
    """One step of gradient descent on the mean squared error of a 1×1 layer.

    x: (N, C_in, H, W), weight: (C_out, C_in), bias: (C_out,), target: (N, C_out, H, W), lr: a number.
    Returns (weight, bias, loss): new arrays after the step, and the loss *before* it as a number.

    One pixel, one channel: x = [[[[2.0]]]], weight = [[1.0]], bias = [0.0], target = [[[[5.0]]]], lr = 0.1.
    Then y = 2, loss = 9, dy = -6; the new weight is 1 + 0.1 · 6 · 2 = [[2.2]], the new bias [0.6].
    """
    ### BEGIN SOLUTION
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, np.newaxis, np.newaxis]
    loss = ((y - target) ** 2).mean()
    dy = 2 * (y - target) / y.size
    return weight - lr * grad_weight(x, dy), bias - lr * grad_bias(dy), loss
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "sgd_step_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(sgd_step)
### BEGIN HIDDEN TESTS
check(sgd_step, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Now let it run. The layer starts with weights that make an odd picture, sees the photo and the grey target, and takes
# 3,000 of your steps. Nobody tells it 0.299, 0.587 and 0.114; the thin lines show where they are.
#
# **Before you run it:** which of the three weights will find its place last?

# %%
def train(x, target, lr, steps=3000):
    """Train from the same start each time; draw loss and weights while they move. Returns the weights after each step."""
    weight, bias = np.array([[0.8, -0.2, 0.5]]), np.zeros(1)
    losses, weights, live = [], [], plots.Live()
    for step in range(steps + 1):
        weights.append(weight[0])
        weight, bias, loss = sgd_step(x, weight, bias, target, lr)
        losses.append(loss)
        if step % (steps // 6) == 0:
            figure = plots.descent(losses, weights, ["red", "green", "blue"], goal=LUMA[0])
            live.show(figure, alt=f"Step {step}: loss {loss:.1e}, weights {weights[-1].round(3)}.")
    print("found", weights[-1].round(3), " wanted", LUMA[0], f" loss {losses[-1]:.1e}")
    return np.array(weights)


weights = train(x, target, lr=0.5)
for name, off in zip(("red", "green", "blue"), abs(weights - LUMA).T, strict=True):
    print(f"{name:>5}: within 0.01 of its place from step {np.flatnonzero(off > 0.01).max() + 1:,} on")

# %% [markdown]
# Three numbers that the eye's sensitivity decided, recovered from examples alone. That is where weights come from. Red is
# there first, green last: what is left at the end is a mix of the channels that hardly changes the grey, and green has the
# largest share in it. You will meet this mix again in a moment.
#
# The learning rate was 0.5. **Before you run it:** what does a step twice as long do, arrive in half the time?

# %%
weight, bias = np.array([[0.8, -0.2, 0.5]]), np.zeros(1)
for step in range(31):
    weight, bias, loss = sgd_step(x, weight, bias, target, 1.0)
    if step % 6 == 0:
        print(f"step {step:2}: loss {loss:.1e}")

# %% [markdown]
# It leaps across the valley and lands higher on the other side, each time. Too long a step is the commonest reason why
# a training run explodes, and the cure is a smaller `lr`.
#
# ## Another photo
#
# Here is the same training on another photo, a ginger cat. **Before you run it:** will the cat teach the same three numbers?

# %%
cat = data.photo("chelsea", longest=60) / 255
cat_x = cat.transpose(2, 0, 1)[np.newaxis]
cat_target = np.einsum("oc,nchw->nohw", LUMA, cat_x)
weights = train(cat_x, cat_target, lr=0.5)

# %% [markdown]
# ## Slow, or undecided?
#
# The loss is tiny and the weights are wrong! There are two explanations. Either these pixels do not say which weights are
# right, or they do, and 3,000 steps are too few. They can be told apart by experiment. **Least squares**, which you know from
# lesson 01, asks the pixels directly, without steps. And the training can be given ten times as long.
#
# **Before you run it:** which explanation is it?

# %%
pixels = np.column_stack([cat.reshape(-1, 3), np.ones(cat[..., 0].size)])  # a column of ones, for the bias
print("least squares:", np.linalg.lstsq(pixels, cat_target.ravel())[0][:3].round(3))

weight, bias = np.array([[0.8, -0.2, 0.5]]), np.zeros(1)
for step in range(30001):
    if step in (3000, 10000, 30000):
        print(f"step {step:6,}:  {weight[0].round(3)}")
    weight, bias, _ = sgd_step(cat_x, weight, bias, cat_target, 0.5)

# %% [markdown]
# The pixels knew all along. The training was **slow**. Look at the picture of the cat to see why: its three channels rise and
# fall together, so a bit more green and a bit less red and blue gives nearly the same grey. In that direction the valley of the
# loss is almost level, and steps are as small as the slope.
#
# How level, the pixels tell. The cell below finds how strongly the loss is curved in each direction. The largest curvature
# limits the learning rate: with more than 2 divided by it, training explodes. The smallest one says how long you wait.
# Their ratio is the **condition number** of the problem.

# %%
for name, photo in {"astronaut": small, "cat": cat}.items():
    pixels = np.column_stack([photo.reshape(-1, 3), np.ones(photo[..., 0].size)])
    curvature = np.linalg.eigvalsh(2 * pixels.T @ pixels / len(pixels))  # from the most level direction to the steepest
    print(f"{name:>9}: explodes above lr = {2 / curvature[-1]:.2f}, condition number {curvature[-1] / curvature[0]:,.0f},")
    print(f"{'':>9}  at lr = 0.5 the last error is halved every {np.log(2) / (0.5 * curvature[0]):,.0f} steps")
plots.show(
    plots.photo_and_channels(data.photo("chelsea", longest=200)),
    alt="07.photo_and_channels",
)

# %% [markdown]
# Now a case that no patience helps. The layer gets four channels: red, green, blue, and *red once more*.
# **Before you run it:** three random starts, 8,000 steps each. Which of the four weights will agree, and which will not?

# %%
coarse = x[..., ::3, ::3]  # a ninth of the pixels, to be quick
twice, twice_target = np.concatenate([coarse, coarse[:, :1]], axis=1), target[..., ::3, ::3]
print(f"{'start':>31}   {'after training':>31}   loss")
for seed in range(3):
    start = np.random.default_rng(seed).uniform(-1, 1, (1, 4))
    weight, bias = start, np.zeros(1)
    for _ in range(8000):
        weight, bias, loss = sgd_step(twice, weight, bias, twice_target, 0.3)
    print(f"{start[0].round(3)!s:>31}   {weight[0].round(3)!s:>31}   {loss:.0e}")

# %% [markdown]
# Green and blue agree. Of red's two weights only the *sum* is decided, 0.299. Their difference is what it was at the start:
# both see the same numbers, so both get the same step, always. Data that cannot tell two weights apart leaves
# the choice to the start. The loss sees outputs, never weights.

# %% [markdown]
# ## What keeps two rows apart?
#
# A layer with 4 outputs has 4 rows of weights. The article says why there are several:
#
# > "to ensure that all 4 output channels have features that are different"
#
# Who ensures it? Let us see what training does with four rows that begin exactly alike. The network below has 10 inputs,
# a 1×1 layer to 4 hidden channels, ReLU, and a `head` that adds the 4 up to one output. All of it is trained.
#
# The widget also tells how alike two rows are, by their [cosine](../../GLOSSARY.md#cosine): 1 if they point the same way, 0 if they
# have nothing in common. Beside each row stands the map that it makes of ten maps of a cat, which it is not trained on.
#
# **Before you press Play:** choose *equal rows*. After 300 steps, will the four rows be different?

# %%
widgets.training_run()

# %% [markdown]
# Now *equal rows, random head*, then *zeros*. Three starts, three fates:
#
# - equal rows and an equal head get equal gradients, hence equal steps. They move together and stay equal, whatever you do;
# - a head of different numbers pulls the rows with different strength, and that is enough to part them;
# - zeros do not move at all: ReLU passes nothing on, and nothing comes back.
#
# Equal things that are treated equally stay equal. This is **symmetry**, and training does not break it.
# **Random initialisation** does, before the first step.
#
# ### Exercise: how many rows are really different?
#
# About 8 minutes. Rows can be different and still say the same: one may be twice the other. The honest count is the
# **rank** of the weight. Train, then count: a singular value counts if it is larger than 1e-6 of the largest one
# (`np.linalg.svd`, or `np.linalg.matrix_rank` with its `rtol`). Stuck? `hint(distinct_rows)`.

# %% nbgrader={"grade": false, "grade_id": "distinct_rows", "locked": false, "schema_version": 3, "solution": true, "task": false}
def distinct_rows(weight0, head, steps):
    """The rank of the weight after training, to a relative tolerance of 1e-6.

    weight0: (C_mid, C_in), the start; head: (C_mid,); steps: a whole number. Returns a whole number.
    `descent.descend(weight0, head, steps)` trains and returns the trained (weight, head).

    distinct_rows(np.ones((4, 10)), np.ones(4), 100) is 1: four equal rows stay equal.
    """
    ### BEGIN SOLUTION
    weight, _ = descent.descend(weight0, head, steps)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "distinct_rows_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(distinct_rows)
### BEGIN HIDDEN TESTS
check(distinct_rows, seed=1)
### END HIDDEN TESTS

# %% [markdown]
# Ask it about twenty random starts, and about twenty starts with equal rows and an equal head.

# %%
rng = np.random.default_rng(1)
rows = rng.standard_normal((20, 4, 10)) * 0.3
equal = [np.tile(start[0], (4, 1)) for start in rows]
print("random starts:", [distinct_rows(start, rng.standard_normal(4), 100) for start in rows])
print("equal starts: ", [distinct_rows(start, np.full(4, 0.5), 100) for start in equal])

# %% [markdown]
# And even four different rows do not promise four different *features*. Suppose the 10 input maps are all mixes of only
# 2 maps. **Before you run it:** what is the rank of the 4 output maps, if the weight is as random as can be?

# %%
two_maps = rng.standard_normal((2, 500))
ten_maps = rng.standard_normal((10, 2)) @ two_maps
four_maps = rng.standard_normal((4, 10)) @ ten_maps
print("rank of the 10 inputs:", np.linalg.matrix_rank(ten_maps))
print("rank of the 4 outputs:", np.linalg.matrix_rank(four_maps))

# %% [markdown]
# **The sentence is false.** Nothing ensures that outputs differ. A random start makes it very likely that rows differ,
# and the data set the limit of what different rows can show. A training run is not asked for variety: it is asked for
# a low loss.

# %% [markdown]
# ## How large a start?
#
# Rows that differ are not all that a start has to bring. Here are 100 layers of 64 channels, each followed by a ReLU (it replaces
# negative numbers by 0), with random weights of three sizes. **Before you run it:** numbers of size 1 go in. How large are they after
# 100 layers, with weights of size 1?

# %%
c, sizes = 64, {"1": 1, "1/√C": 1 / np.sqrt(64), "√(2/C)": np.sqrt(2 / 64)}
named = {}
for name, size in sizes.items():
    for seed in range(3):
        rng = np.random.default_rng(seed)
        y, found = rng.standard_normal((c, 200)), []
        for _ in range(100):
            y = np.maximum(size * rng.standard_normal((c, c)) @ y, 0)
            found.append(np.sqrt((y**2).mean()))
        named.setdefault(f"weights of size {name}", found)
        print(f"weights of size {name:>6}, seed {seed}: {found[-1]:.0e} after 100 layers")
plots.show(plots.through_layers(named), alt="07.through_layers")

# %% [markdown]
# One output adds C products, so with weights of size 1 it is about √C times as large as what came in, layer after layer. Weights of
# size 1/√C make up for the sum, and forget the ReLU: it throws away half of what there is. With √(2/C), the start of He and
# others (2015), numbers stay within a factor of about twenty of their size, over a hundred layers. The same happens to gradients on their way
# back. Where they explode or vanish, no learning rate helps.

# %% [markdown]
# ## Quiz
#
# Click an answer, or type its letter between the quotes. Then run the five checks.

# %% nbgrader={"grade": false, "grade_id": "07_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    weights_shape="c",
    weights_bias_gradient="b",
    weights_equal_rows="a",
    weights_finite_difference="a",
    weights_scale="d",
)

# %% nbgrader={"grade": true, "grade_id": "weights_shape_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["weights_shape"], "weights_shape")

# %% nbgrader={"grade": true, "grade_id": "weights_bias_gradient_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["weights_bias_gradient"], "weights_bias_gradient")

# %% nbgrader={"grade": true, "grade_id": "weights_equal_rows_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["weights_equal_rows"], "weights_equal_rows")

# %% nbgrader={"grade": true, "grade_id": "weights_finite_difference_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["weights_finite_difference"], "weights_finite_difference")

# %% nbgrader={"grade": true, "grade_id": "weights_scale_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["weights_scale"], "weights_scale")

# %% [markdown]
# ## Summary
#
# - The numbers of channels fix the *shape* of a weight. Its values come from a start and from training.
# - Gradients of a 1×1 layer: for the bias, sum `dy` over images and pixels; for the weight, `dy` times `x`, summed over
#   images and pixels; for the input, a 1×1 convolution of `dy` with the transposed weight.
# - A finite-difference test proves that a gradient belongs to its forward pass, no more.
# - Too long a step explodes. Channels that rise and fall together make training slow; only channels that are exact mixes of
#   others leave weights undecided, and then the start decides.
# - Weights of size √(2/C) keep numbers at their size through many layers with ReLU.
# - Equal rows that are treated equally stay equal. Random initialisation breaks the symmetry; training does not.
#
# **Claims decided here:** that weights are "decided by the number of channels" is false (16), and that outputs are
# ensured to be different is false (18).
#
# ## Go further
#
# - How PyTorch starts a layer: uniformly between $-\sqrt{k}$ and $\sqrt{k}$, with $k$ one over the number of inputs of one
#   output (the documentation of `torch.nn.Conv2d`). What size is that, and which of the three lines above would it be near?
# - [Delving Deep into Rectifiers](https://arxiv.org/abs/1502.01852), section 2.2: where the 2 comes from.
# - [LoRA](https://arxiv.org/abs/2106.09685) (section 4.1) starts one of its two small matrices at zero, on purpose, and the other at
#   random. With what you know now: why does training still get going?
