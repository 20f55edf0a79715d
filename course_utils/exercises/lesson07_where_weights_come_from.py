"""Lesson 07: gradients by hand, one step of descent, and what initialisation decides."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong
from course_utils.experiments import descent


def layer_sizes(rng):
    """Sizes `(n, c_in, c_out, h, w)` of layers whose gradients tell mistakes apart."""
    yield "two images, every size different", (2, 3, 5, 4, 7)
    yield "every size the same", (3, 3, 3, 3, 3)
    yield "one input channel", (2, 1, 4, 3, 5)
    yield "one output channel", (2, 4, 1, 3, 5)
    yield "one image of one pixel", (1, 3, 2, 1, 1)
    yield "random sizes", inputs.distinct_sizes(rng, 5)


def output_gradients(rng):
    """Cases for `f(dy)`."""
    for label, (n, _, c_out, h, w) in layer_sizes(rng):
        yield case(label, inputs.signed(rng, n, c_out, h, w))
    yield case("dy is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 4, 5)))


def inputs_and_gradients(rng):
    """Cases for `f(x, dy)`."""
    for label, (n, c_in, c_out, h, w) in layer_sizes(rng):
        yield case(label, inputs.signed(rng, n, c_in, h, w), inputs.signed(rng, n, c_out, h, w))
    yield case("x is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 4, 5), inputs.signed(rng, 2, 2, 4, 5)))


def gradients_and_weights(rng):
    """Cases for `f(dy, weight)`."""
    for label, (n, c_in, c_out, h, w) in layer_sizes(rng):
        yield case(label, inputs.signed(rng, n, c_out, h, w), inputs.signed(rng, c_out, c_in))
    yield case("dy is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 4, 5), inputs.signed(rng, 3, 2)))


@exercise(
    cases=output_gradients,
    axes="c_out",
    hints=(
        "bias[o] is added to many numbers of y. Which ones? Nudge it: how much does each of them move?",
        "bias[o] reaches every pixel of map o in every image, so three of the four axes of dy are summed away.",
        "for each o:  total = 0;  for each n, i, j:  total += dy[n, o, i, j];  gradient[o] = total",
    ),
)
def grad_bias(dy):
    return np.einsum("nohw->o", dy)


@grad_bias.mistake("BAT", "You sum over the images only. bias[o] is also shared by all pixels: sum over them too.")
def over_images_only(dy):
    return dy.sum(axis=0)


@grad_bias.mistake("BAT", "Only the first image counts in your answer. Every image of the batch pulls at the bias.")
def of_the_first_image(dy):
    return dy[0].sum(axis=(1, 2))


@grad_bias.mistake("AVG", "You take the mean. Each of the N·H·W numbers adds its own share: a sum, not an average.")
def averaged(dy):
    return dy.mean(axis=(0, 2, 3))


@grad_bias.mistake("AVG", "You sum over the pixels and average over the images. Every image adds its share in full.")
def averaged_over_images(dy):
    return dy.sum(axis=(2, 3)).mean(axis=0)


@grad_bias.mistake("AXS", "The output channels are summed away. There is one bias, and one gradient, per output channel.")
def over_everything(dy):
    return dy.sum()


@grad_bias.mistake("AXS", "You keep the axis of the images. Keep the axis of the output channels, axis 1.")
def one_per_image(dy):
    return dy.sum(axis=(1, 2, 3))


@grad_bias.mistake("AXS", "The sum is over one column of pixels only: both H and W have to go.")
def one_axis_short(dy):
    return dy.sum(axis=(0, 2))[:, 0]


@grad_bias.alternative
def loops(dy):
    gradient = np.zeros(dy.shape[1])
    for image in dy:
        for o, channel in enumerate(image):
            for row in channel:
                for value in row:
                    gradient[o] += value
    return gradient


@grad_bias.alternative
def one_sum(dy):
    return dy.sum(axis=(0, 2, 3))


@grad_bias.alternative
def channel_by_channel(dy):
    return np.array([dy[:, o].sum() for o in range(dy.shape[1])])


@exercise(
    cases=inputs_and_gradients,
    axes="c_out c_in",
    hints=(
        "weight[o, c] multiplies x[n, c, i, j] on its way to y[n, o, i, j]. If it grows by 1, how much does y grow there?",
        "The answer has the axes o and c. The axes n, i, j are on both x and dy, at the same place: they are summed.",
        "for each o, c:  total = 0;  for each n, i, j:  total += dy[n, o, i, j] * x[n, c, i, j];  gradient[o, c] = total",
    ),
)
def grad_weight(x, dy):
    return np.einsum("nohw,nchw->oc", dy, x)


@grad_weight.mistake("TRN", "Your matrix is (C_in, C_out). A gradient has the shape of what it is for: weight is (C_out, C_in).")
def transposed(x, dy):
    return np.einsum("nohw,nchw->co", dy, x)


@grad_weight.mistake("BAT", "Only the first image counts in your answer. Sum over all n images.")
def first_image(x, dy):
    return np.einsum("ohw,chw->oc", dy[0], x[0])


@grad_weight.mistake("AVG", "You average over the images. The gradient of a sum over the batch is a sum.")
def averaged_images(x, dy):
    return np.einsum("nohw,nchw->oc", dy, x) / x.shape[0]


@grad_weight.mistake("AVG", "You divide by the number of pixels. Each pixel adds its share in full: a sum, not an average.")
def averaged_pixels(x, dy):
    return np.einsum("nohw,nchw->oc", dy, x) / (x.shape[0] * x.shape[2] * x.shape[3])


@grad_weight.mistake("ORD", "You sum x and dy first and multiply the sums. Multiply at each pixel first, then sum.")
def product_of_sums(x, dy):
    return np.outer(dy.sum(axis=(0, 2, 3)), x.sum(axis=(0, 2, 3)))


@grad_weight.mistake("DWP", "Every column is alike: you summed x over its channels. Each weight[o, c] meets its own channel c.")
def channels_summed(x, dy):
    return np.repeat(np.einsum("nohw,nchw->o", dy, x)[:, None], x.shape[1], axis=1)


@grad_weight.mistake("AXS", "Only the first pixel counts in your answer. Sum over all rows and columns.")
def first_pixel(x, dy):
    return np.einsum("no,nc->oc", dy[:, :, 0, 0], x[:, :, 0, 0])


@grad_weight.alternative
def three_loops(x, dy):
    gradient = np.zeros((dy.shape[1], x.shape[1]))
    for o in range(dy.shape[1]):
        for c in range(x.shape[1]):
            gradient[o, c] = (dy[:, o] * x[:, c]).sum()
    return gradient


@grad_weight.alternative
def as_matrices(x, dy):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    return dy.transpose(1, 0, 2, 3).reshape(dy.shape[1], -1) @ columns.T


@grad_weight.alternative
def with_tensordot(x, dy):
    return np.tensordot(dy, x, axes=([0, 2, 3], [0, 2, 3]))


@exercise(
    cases=gradients_and_weights,
    axes="n c_in h w",
    hints=(
        "x[n, c, i, j] goes into several numbers of y, all at the same pixel. Which ones, and with which factor each?",
        "The answer has the axes n, c, i, j. The output channels o are what is summed.",
        "for each n, c, i, j:  total = 0;  for each o:  total += weight[o, c] * dy[n, o, i, j];  gradient[n, c, i, j] = total",
    ),
)
def grad_x(dy, weight):
    return np.einsum("oc,nohw->nchw", weight, dy)


@grad_x.mistake("TRN", "You run the layer forwards. Backwards, the sum is over o: the matrix at work is the transpose of weight.")
def forwards(dy, weight):
    return np.einsum("oc,nchw->nohw", weight, dy)


@grad_x.mistake("AVG", "You average over the output channels. Each of them adds its share in full.")
def averaged_outputs(dy, weight):
    return np.einsum("oc,nohw->nchw", weight, dy) / dy.shape[1]


@grad_x.mistake("BAT", "Only the first image gets a gradient. Every image has its own.")
def only_first_image(dy, weight):
    gradient = np.zeros((dy.shape[0], weight.shape[1], *dy.shape[2:]))
    gradient[0] = np.einsum("oc,ohw->chw", weight, dy[0])
    return gradient


@grad_x.mistake("ORD", "You multiply the sum of the weights by the sum of dy. Multiply each pair first, then sum over o.")
def sums_first(dy, weight):
    return weight.sum(axis=0)[:, None, None] * dy.sum(axis=1, keepdims=True)


@grad_x.mistake("DWP", "Only one output channel flows back. Every output channel o saw this pixel: sum over all of them.")
def first_output(dy, weight):
    return weight[0][:, None, None] * dy[:, :1]


@grad_x.mistake("SGN", "The sign is reversed. grad_x is the slope itself; the minus comes later, in the step.")
def downhill(dy, weight):
    return -np.einsum("oc,nohw->nchw", weight, dy)


@grad_x.alternative
def transposed_layer(dy, weight):
    n, c_out, h, w = dy.shape
    return (weight.T @ dy.reshape(n, c_out, h * w)).reshape(n, -1, h, w)


@grad_x.alternative
def output_by_output(dy, weight):
    gradient = np.zeros((dy.shape[0], weight.shape[1], *dy.shape[2:]))
    for o, row in enumerate(weight):
        gradient += row[:, None, None] * dy[:, o : o + 1]
    return gradient


def training_steps(rng):
    """Cases for `f(x, weight, bias, target, lr)`."""
    for label, (n, c_in, c_out, h, w) in layer_sizes(rng):
        x, weight, bias = inputs.layer(rng, n, c_in, c_out, h, w)
        yield case(label, x, weight, bias, inputs.signed(rng, n, c_out, h, w), 0.1)
    x, weight, bias = inputs.layer(rng, 2, 3, 2, 4, 5)
    target = inputs.signed(rng, 2, 2, 4, 5)
    yield case("a learning rate of 0", x, weight, bias, target, 0.0)
    yield case("a large learning rate", x, weight, bias, target, 2.0)


@exercise(
    cases=training_steps,
    hints=(
        "Four things happen, in this order: the layer's output, the loss, the gradients, the step. Which need the old weights?",
        "The loss is a mean over all N·C_out·H·W numbers, so dy = 2 (y - target) / y.size, of the shape of y.",
        "y = layer(x);  loss = mean((y - target)²);  dy = 2 (y - target) / y.size;  "
        "return weight - lr · grad_weight(x, dy), bias - lr · grad_bias(dy), loss",
    ),
)
def sgd_step(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    slope = 2 * error / error.size
    return (
        weight - lr * np.einsum("nohw,nchw->oc", slope, x),
        bias - lr * np.einsum("nohw->o", slope),
        float((error**2).mean()),
    )


@sgd_step.mistake("SGN", "You walk uphill: the gradient points to where the loss grows. Subtract it.")
def ascends(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = 2 * error / error.size
    new_weight = weight + lr * np.einsum("nohw,nchw->oc", dy, x)
    return new_weight, bias + lr * dy.sum(axis=(0, 2, 3)), float((error**2).mean())


@sgd_step.mistake("INP", "`-=` changes the caller's arrays. Make new ones: weight - lr * gradient.")
def mutates(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = 2 * error / error.size
    weight -= lr * np.einsum("nohw,nchw->oc", dy, x)
    bias -= lr * dy.sum(axis=(0, 2, 3))
    return weight, bias, float((error**2).mean())


@sgd_step.mistake("ORD", "The loss you return is the one after the step. Return the one before it.")
def loss_after(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = 2 * error / error.size
    weight = weight - lr * np.einsum("nohw,nchw->oc", dy, x)
    bias = bias - lr * dy.sum(axis=(0, 2, 3))
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    return weight, bias, float((error**2).mean())


@sgd_step.mistake("ORD", "The bias steps along a slope measured with the *new* weight. Compute both gradients before either step.")
def one_after_the_other(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    loss = float((error**2).mean())
    weight = weight - lr * np.einsum("nohw,nchw->oc", 2 * error / error.size, x)
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    return weight, bias - lr * (2 * error / error.size).sum(axis=(0, 2, 3)), loss


@sgd_step.mistake("SCL", "The factor 2 is missing: the slope of e² is 2e.")
def no_factor(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = error / error.size
    new_weight = weight - lr * np.einsum("nohw,nchw->oc", dy, x)
    return new_weight, bias - lr * dy.sum(axis=(0, 2, 3)), float((error**2).mean())


@sgd_step.mistake("AVG", "The loss is a mean, so its slope has the factor 1 / (N·C_out·H·W): divide dy by y.size.")
def no_mean_in_slope(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = 2 * error
    new_weight = weight - lr * np.einsum("nohw,nchw->oc", dy, x)
    return new_weight, bias - lr * dy.sum(axis=(0, 2, 3)), float((error**2).mean())


@sgd_step.mistake("AVG", "The loss you return is a sum over all numbers. The mean squared error divides by how many there are.")
def summed_loss(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = 2 * error / error.size
    new_weight = weight - lr * np.einsum("nohw,nchw->oc", dy, x)
    return new_weight, bias - lr * dy.sum(axis=(0, 2, 3)), float((error**2).sum())


@sgd_step.mistake("BIA", "The bias never moves. It has a gradient of its own, and takes a step of its own.")
def bias_stays(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = 2 * error / error.size
    return weight - lr * np.einsum("nohw,nchw->oc", dy, x), bias.copy(), float((error**2).mean())


@sgd_step.alternative
def with_matrices(x, weight, bias, target, lr):
    n, c, h, w = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, c)
    wanted = target.transpose(0, 2, 3, 1).reshape(len(pixels), -1)
    error = pixels @ weight.T + bias - wanted
    slope = error * (2 / error.size)
    return weight - lr * slope.T @ pixels, bias - lr * slope.sum(axis=0), np.mean(error**2)


@sgd_step.alternative
def with_torch(x, weight, bias, target, lr):
    import torch

    weight, bias = (torch.tensor(a, requires_grad=True) for a in (weight, bias))
    layer = torch.nn.functional.conv2d(torch.from_numpy(x), weight[:, :, None, None], bias)
    loss = ((layer - torch.from_numpy(target)) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        return (weight - lr * weight.grad).numpy(), (bias - lr * bias.grad).numpy(), loss.item()


def starts(rng):
    """Cases for `f(weight0, head, steps)`: four hidden channels that begin alike, apart, or at nothing."""
    row = rng.standard_normal(10) * 0.3
    different = np.array([0.5, -0.3, 0.2, 0.9])
    yield case("four equal rows, four equal entries in head", np.tile(row, (4, 1)), np.full(4, 0.5), 50)
    yield case("random rows", rng.standard_normal((4, 10)) * 0.3, different, 50)
    yield case("four equal rows, a head of different entries", np.tile(row, (4, 1)), different, 100)
    yield case("two pairs of equal rows", np.repeat(rng.standard_normal((2, 10)), 2, axis=0), np.full(4, 0.5), 60)
    yield case("zeros", np.zeros((4, 10)), np.zeros(4), 30)
    yield case("four equal rows, no step", np.tile(row, (4, 1)), different, 0)
    yield case("multiples of one row, no step", np.outer([1.0, -0.5, 2.0, 0.7], row), different, 0)
    yield case("five equal rows of 6 channels", np.full((5, 6), 0.2), np.full(5, -0.4), 80)
    yield case("five random rows of 3 channels", rng.standard_normal((5, 3)), rng.standard_normal(5), 40)


@exercise(
    cases=starts,
    hints=(
        "Which weight does the question ask about: the one you start with, or the one you end with?",
        "descend(weight0, head, steps) returns the trained weight and head. Rows that differ by rounding alone do not count.",
        "weight, _ = descend(weight0, head, steps);  count the singular values above 1e-6 of the largest",
    ),
)
def distinct_rows(weight0, head, steps):
    weight, _ = descent.descend(weight0, head, steps)
    sizes = np.linalg.svd(weight, compute_uv=False)
    return int((sizes > 1e-6 * sizes.max()).sum())


@distinct_rows.mistake("ORD", "This is the rank before training. Train first, then look.")
def before_training(weight0, head, steps):
    return int(np.linalg.matrix_rank(weight0, rtol=1e-6))


@distinct_rows.mistake("RNK", "The number of rows is a shape, not a rank. Four rows can all say the same.")
def counts_rows(weight0, head, steps):
    return len(weight0)


@distinct_rows.mistake("RNK", "With a tolerance of 0, rounding noise counts as a direction. Compare with 1e-6 of the largest singular value.")
def tolerance_zero(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight, _ = descend(weight0, head, steps)
    return int((np.linalg.svd(weight, compute_uv=False) > 0).sum())


@distinct_rows.mistake("SYM", "You start from fresh random rows. The question is what *this* start, weight0, becomes.")
def starts_afresh(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight, _ = descend(np.random.default_rng(0).standard_normal(weight0.shape), head, steps)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@distinct_rows.mistake("RNK", "You count rows that differ. Rows can differ and still be multiples of each other: count the rank.")
def counts_different_rows(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight, _ = descend(weight0, head, steps)
    return len(np.unique(weight.round(9), axis=0))


@distinct_rows.mistake("ORD", "You train for one step, whatever `steps` says.")
def one_step(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight, _ = descend(weight0, head, min(steps, 1))
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@distinct_rows.alternative
def with_matrix_rank(weight0, head, steps):
    from course_utils.experiments.descent import descend

    return np.linalg.matrix_rank(descend(weight0, head, steps)[0], rtol=1e-6)


@distinct_rows.alternative
def with_eigenvalues(weight0, head, steps):
    from course_utils.experiments.descent import descend

    weight = descend(weight0, head, steps)[0]
    squares = np.linalg.eigvalsh(weight @ weight.T)
    return sum(bool(s > 1e-12 * squares.max()) for s in squares)


QUIZ = (
    question(
        "weights_shape",
        "A layer goes from 10 channels to 4. What do these two numbers decide?",
        wrong("RNK", "The values of the weights", "They fix how many weights there are; the values come from elsewhere."),
        wrong("MUL", "How many maps the next layer has", "The next layer has its own number of output channels."),
        right("The shape of the weight: 4 rows of 10", "The values come from the initialisation and from training."),
        wrong("SYM", "That the 4 rows are all different", "Nothing in a shape keeps two rows from being equal."),
    ),
    question(
        "weights_bias_gradient",
        "dy has shape (8, 16, 32, 32). What shape has the gradient of the bias, and how is it made?",
        right("(16,): the sum over images, rows and columns", "One bias per output channel, shared by every pixel."),
        wrong("AXS", "(8, 16): the sum over rows and columns", "All 8 images share the same bias, so they are summed too."),
        wrong("AVG", "(16,): the mean over images, rows and columns", "Each number of dy adds its share in full: a sum."),
        wrong("AXS", "(32, 32): one for each pixel", "The bias does not depend on the pixel."),
    ),
    question(
        "weights_equal_rows",
        "All weights, head included, start at the same number. What does training make of the 4 rows?",
        wrong("SYM", "It drives them apart, as they must detect different features", "Equal rows get equal gradients."),
        wrong("SYM", "It drives them apart, if it only runs long enough", "An equal step leaves equals equal, every time."),
        wrong("LIN", "It leaves them where they are", "They do move, and the loss falls; they move together."),
        right("It moves them together: they stay equal", "Equal rows get equal gradients, hence equal steps."),
    ),
    question(
        "weights_finite_difference",
        "Your gradient agrees with finite differences of your loss. What is proven?",
        wrong("RNK", "That forward and backward are right", "Had the forward pass been wrong, both would be wrong alike."),
        right("That your gradient belongs to your forward pass", "Whether the forward pass is right is another test."),
        wrong("ORD", "That training will converge", "That depends on the learning rate and on the data."),
    ),
)
