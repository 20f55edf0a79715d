"""One step of gradient descent, and the loss before it."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson07_where_weights_come_from.layer_sizes import layer_sizes, long_layers
from course_utils.exercises.spec import case, exercise


def training_steps(rng):
    """Cases for `f(x, weight, bias, target, lr)`."""
    for label, (n, c_in, c_out, h, w) in layer_sizes(rng):
        x, weight, bias = inputs.layer(rng, n, c_in, c_out, h, w)
        yield case(label, x, weight, bias, inputs.signed(rng, n, c_out, h, w), 0.1)
    x, weight, bias = inputs.layer(rng, 2, 3, 2, 4, 5)
    target = inputs.signed(rng, 2, 2, 4, 5)
    yield case("a learning rate of 0", x, weight, bias, target, 0.0)
    yield case("a large learning rate", x, weight, bias, target, 2.0)
    yield case("a very large learning rate", x, weight, bias, target, 2000.0)
    yield case("a learning rate of 1, a whole number", x, weight, bias, target, 1)
    yield case("a small learning rate", x, weight, bias, target, 0.001)
    for variant in inputs.varied(x, weight, bias, target, but=("tiny",)):
        yield case(variant.label, *variant.args, 0.1, mixed=variant.mixed)
    yield case("tiny numbers", *(1e-3 * numbers for numbers in (x, weight, bias, target)), 0.1)
    for label, (n, c_in, c_out, h, w) in long_layers(rng):
        yield case(label, *inputs.layer(rng, n, c_in, c_out, h, w), inputs.signed(rng, n, c_out, h, w), 0.1)


@exercise(
    cases=training_steps,
    new_arrays=True,
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


@sgd_step.made_of("grad_weight", "grad_bias")
def of_gradients(grad_weight, grad_bias, x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    slope = 2 * error / error.size
    return weight - lr * grad_weight(x, slope), bias - lr * grad_bias(slope), float((error**2).mean())


@sgd_step.mistake(
    "SGN",
    "You walk uphill, to where the loss grows. Look at two signs: the step is *subtracted*, and the error is y - target.",
)
def ascends(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = 2 * error / error.size
    new_weight = weight + lr * np.einsum("nohw,nchw->oc", dy, x)
    return new_weight, bias + lr * dy.sum(axis=(0, 2, 3)), float((error**2).mean())


@sgd_step.mistake("INP", "`-=` changes the caller's arrays. Make new ones: weight - lr * gradient.", uses=("+=",))
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


@sgd_step.mistake(
    "ORD", "The bias steps along a slope measured with the *new* weight. Compute both gradients before either step."
)
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


@sgd_step.mistake(
    "AVG", "The loss you return is a sum over all numbers. The mean squared error divides by how many there are."
)
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


@sgd_step.mistake(
    "BIA", "Your output has no bias in it, so loss and gradients are those of another layer: y = weight · x + bias."
)
def output_without_bias(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) - target
    dy = 2 * error / error.size
    new_weight = weight - lr * np.einsum("nohw,nchw->oc", dy, x)
    return new_weight, bias - lr * dy.sum(axis=(0, 2, 3)), float((error**2).mean())


@sgd_step.mistake(
    "AVG",
    "You divide the slope by the number of images alone. The loss is a mean over *all* numbers of y: divide by y.size.",
)
def mean_over_images(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = 2 * error / len(x)
    new_weight = weight - lr * np.einsum("nohw,nchw->oc", dy, x)
    return new_weight, bias - lr * dy.sum(axis=(0, 2, 3)), float((error**2).mean())


@sgd_step.mistake(
    "AVG",
    "You divide the slope by the number of pixels. At each pixel y has C_out numbers, and the loss is a mean over *all* of them: divide by y.size.",
)
def mean_over_pixels(x, weight, bias, target, lr):
    error = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None] - target
    dy = 2 * error / error[:, 0].size
    new_weight = weight - lr * np.einsum("nohw,nchw->oc", dy, x)
    return new_weight, bias - lr * dy.sum(axis=(0, 2, 3)), float((error**2).mean())


@sgd_step.mistake("BIA", "The bias never moves. It has a gradient of its own, and takes a step of its own.")
def bias_handed_back(x, weight, bias, target, lr):
    return bias_stays(x, weight, bias, target, lr)[0], bias, bias_stays(x, weight, bias, target, lr)[2]


@sgd_step.mistake(
    "AVG", "Loss and slope are those of a sum. The *mean* squared error divides by how many numbers y has."
)
def sum_throughout(x, weight, bias, target, lr):
    return *no_mean_in_slope(x, weight, bias, target, lr)[:2], summed_loss(x, weight, bias, target, lr)[2]


@sgd_step.mistake("SCL", "The loss you return is the mean of the absolute errors. The *squared* errors are asked for.")
def absolute_loss(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    return *with_matrices(x, weight, bias, target, lr)[:2], float(np.abs(y - target).mean())


@sgd_step.mistake(
    "ORD",
    "You return the gradients. The step is still to be made: each new number is the old one minus lr times its gradient.",
)
def gradients_returned(x, weight, bias, target, lr):
    new_weight, new_bias, loss = with_matrices(x, weight, bias, target, 1.0)
    return weight - new_weight, bias - new_bias, loss


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
