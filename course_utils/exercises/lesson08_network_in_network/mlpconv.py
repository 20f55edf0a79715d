"""A stack of 1×1 layers with a ReLU after each."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def stacks(rng):
    """Cases for `f(x, layers)`: x of one image or two, and a list of `(weight, bias)`."""

    def stack(n, h, w, *channels):
        layers = [
            (inputs.signed(rng, o, c), inputs.signed(rng, o)) for c, o in zip(channels, channels[1:], strict=False)
        ]
        return inputs.signed(rng, n, channels[0], h, w), layers

    yield case("two layers, every size different", *stack(2, 5, 7, 3, 6, 4))
    yield case("two layers, every size the same", *stack(3, 3, 3, 3, 3, 3))
    yield case("three layers", *stack(2, 4, 6, 3, 8, 5, 7))
    yield case("one layer", *stack(2, 4, 5, 3, 6))
    yield case("one channel in, one out", *stack(2, 3, 5, 1, 4, 1))
    yield case("one image of one pixel", *stack(1, 1, 1, 3, 9, 8))
    x, layers = stack(2, 5, 6, 4, 5, 3)
    yield case("x is a transposed view", *inputs.strided(x, layers))
    n, h, w, *channels = inputs.distinct_sizes(rng, 6)
    yield case("random sizes", *stack(n, h, w, *channels))
    yield case("many images", *stack(12, 1, 2, 2, 3, 2))
    yield case("many channels", *stack(1, 1, 2, 66, 12, 70))
    yield case("many rows and columns", *stack(1, 19, 22, 2, 2, 3))
    yield case("twelve layers", *stack(1, 2, 3, *[2, 3, 4] * 4, 2))
    x, layers = stack(2, 3, 2, 4, 4)
    yield case("one layer three times", x, layers * 3)
    yield from inputs.varied(*stack(2, 2, 4, 3, 5, 2))
    x, layers = stack(2, 2, 4, 3, 5, 2)
    yield case("positive numbers only", np.abs(x), [(np.abs(weight), np.abs(bias)) for weight, bias in layers])
    whole = inputs.whole
    yield case("whole weights", x, [(whole(weight), bias) for weight, bias in layers], mixed="torch")
    yield case("whole biases", x, [(weight, whole(bias)) for weight, bias in layers], mixed="torch")
    yield case("whole numbers but in the biases", whole(x), [(whole(w), b) for w, b in layers], mixed="numpy")
    for said, (n, h, w, *channels) in inputs.stretched(
        rng, "images", "rows", "columns", "channels in", "hidden", "out"
    ):
        yield case(said, *stack(n, h, w, *channels))
    yield case("a hundred layers and more", *stack(1, 1, 2, *[2, 1] * int(rng.integers(51, 60))))


@exercise(
    cases=stacks,
    axes="n c_out h w",
    small=(
        "np.array([[[[1.]]]]), [(np.array([[1.]]), np.array([0.]))]",
        "np.array([[[[1.]]]]), [(np.array([[-1.]]), np.array([0.]))]",
        "np.array([[[[-1.]]]]), [(np.array([[-1.]]), np.array([0.]))]",
        "np.array([[[[1.]]]]), [(np.array([[1.]]), np.array([1.]))]",
        "np.array([[[[1.]]]]), [(np.array([[1.]]), np.array([-2.]))]",
        "np.array([[[[1.]]]]), [(np.array([[-1.]]), np.array([2.]))]",
        "np.array([[[[1.]]]]), [(np.array([[-1.]]), np.array([0.])), (np.array([[-1.]]), np.array([0.]))]",
        "np.array([[[[1.]]]]), [(np.array([[1.]]), np.array([0.])), (np.array([[-1.]]), np.array([0.]))]",
        "np.array([[[[1.]]]]), [(np.array([[2.]]), np.array([1.])), (np.array([[3.]]), np.array([0.]))]",
        "np.array([[[[1.]], [[2.]]]]), [(np.array([[1., 0.]]), np.array([0.]))]",
        "np.array([[[[1.]], [[2.]]]]), [(np.array([[1., 2.], [0., 1.]]), np.array([0., 1.]))]",
        "np.array([[[[1.]]]]), [(np.array([[1.], [2.]]), np.array([0., 1.]))]",
        "np.array([[[[1., 2.]]]]), [(np.array([[1.]]), np.array([0.]))]",
        "np.array([[[[1.]]], [[[2.]]]]), [(np.array([[1.]]), np.array([0.]))]",
        "np.array([[[[1., 2.]], [[3., 0.]]]]), [(np.array([[1., -1.], [2., 1.]]), np.array([1., 0.]))]",
    ),
    hints=(
        "What does one layer do to x, bias included? And what stands between one layer and the next?",
        "weight (C_out, C_in) meets axis 1 of x, bias needs the shape (C_out, 1, 1), ReLU acts on every number.",
        "for each (weight, bias):  x = relu(conv1x1(x, weight) + bias);  after the loop return x",
    ),
)
def mlpconv(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
        x = x * (x > 0)
    return x


@mlpconv.mistake(
    "LIN", "No ReLU acts between the layers, so they are one linear layer in disguise. Put one after each."
)
def no_inner_relu(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    return np.maximum(x, 0)


@mlpconv.mistake(
    "LIN", "The last ReLU is missing: some of your numbers are below zero. Every layer is followed by one."
)
def no_last_relu(x, layers):
    for i, (weight, bias) in enumerate(layers):
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
        if i < len(layers) - 1:
            x = np.maximum(x, 0)
    return x


@mlpconv.mistake("LIN", "There is no ReLU at all. A 1×1 convolution is linear: what bends it is the ReLU after it.")
def no_relu(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    return x


@mlpconv.mistake("BIA", "The bias is added after the ReLU. It belongs to the layer: add it first, then apply the ReLU.")
def relu_before_bias(x, layers):
    for weight, bias in layers:
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x), 0) + bias[:, None, None]
    return x


@mlpconv.mistake("BIA", "The biases are lost. Each layer adds its bias before the ReLU.")
def no_bias(x, layers):
    for weight, _ in layers:
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x), 0)
    return x


@mlpconv.mistake(
    "LIN", "You apply the ReLU to the weights. Negative weights are welcome; it is the maps that are cut at zero."
)
def relu_on_weight(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", np.maximum(weight, 0), x) + bias[:, None, None]
    return x


@mlpconv.mistake("ORD", "You apply the ReLU to x before the first layer. It comes after each layer.")
def relu_first(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, np.maximum(x, 0)) + bias[:, None, None]
    return np.maximum(x, 0)


@mlpconv.mistake("SGN", "You take the absolute value. ReLU keeps what is positive and makes the rest 0.")
def absolute_value(x, layers):
    for weight, bias in layers:
        x = np.abs(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None])
    return x


@mlpconv.mistake("ORD", "Only the first layer acts. Put its output into the second, and so on to the last.")
def first_layer_only(x, layers):
    weight, bias = layers[0]
    return np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0)


@mlpconv.mistake("ORD", "You start with the last layer. The list is in the order in which the layers act.")
def backwards(x, layers):
    for weight, bias in reversed(layers):
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0)
    return x


@mlpconv.mistake("TRN", "weight has one row per output channel: weight[o, c], not weight[c, o].")
def weight_transposed(x, layers):
    for weight, bias in layers:
        x = np.maximum(np.einsum("co,nchw->nohw", weight, x) + bias[:, None, None], 0)
    return x


@mlpconv.mistake("INP", "You change x itself. The caller still needs it: make a new array in each layer.")
def in_place(x, layers):
    first = x
    for weight, bias in layers:
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0)
    first[:] = np.maximum(first, 0)
    return x


@mlpconv.mistake("LIN", "Only the first layer is followed by a ReLU. Every layer is.")
def first_relu_only(x, layers):
    for i, (weight, bias) in enumerate(layers):
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
        if i == 0:
            x = np.maximum(x, 0)
    return x


@mlpconv.mistake(
    "ORD", "Your ReLU stands before each layer. It belongs behind it: the last layer's numbers are cut off at 0 too."
)
def relu_before_each_layer(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, np.maximum(x, 0)) + bias[:, np.newaxis, np.newaxis]
    return x


@mlpconv.mistake(
    "SGN", "You keep the negative numbers and cut the positive ones off. ReLU is the other way round: np.maximum(x, 0)."
)
def minimum_for_maximum(x, layers):
    for weight, bias in layers:
        x = np.minimum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, np.newaxis, np.newaxis], 0)
    return x


@mlpconv.mistake(
    "LIN", "You put a sigmoid behind each layer. Asked is a ReLU: numbers below 0 become 0, the others stay."
)
def sigmoid_for_relu(x, layers):
    for weight, bias in layers:
        x = 1 / (1 + np.exp(-np.einsum("oc,nchw->nohw", weight, x) - bias[:, np.newaxis, np.newaxis]))
    return x


@mlpconv.mistake(
    "ORD", "Every layer starts from x anew, so only the last one counts. Each layer takes what the one before it made."
)
def always_from_x(x, layers):
    for weight, bias in layers:
        y = np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0)
    return y


@mlpconv.mistake("LIN", "A little of what is below zero comes through: that is a leaky ReLU. Here all of it becomes 0.")
def leaky(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
        x = np.where(x > 0, x, 0.01 * x)
    return x


@mlpconv.alternative
def as_columns(x, layers):
    n, _, h, w = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(n * h * w, -1)
    for weight, bias in layers:
        pixels = np.maximum(pixels @ weight.T + bias, 0)
    return pixels.reshape(n, h, w, -1).transpose(0, 3, 1, 2)


@mlpconv.alternative
def pixel_by_pixel(x, layers):
    n, _, h, w = x.shape
    out = np.zeros((n, len(layers[-1][1]), h, w))
    for k, i, j in np.ndindex(n, h, w):
        v = x[k, :, i, j]
        for weight, bias in layers:
            v = (weight @ v + bias).clip(min=0)
        out[k, :, i, j] = v
    return out


@mlpconv.alternative
def with_torch(x, layers):
    import torch

    y = torch.tensor(x)
    for weight, bias in layers:
        y = torch.conv2d(y, torch.tensor(weight)[:, :, None, None], torch.tensor(bias)).relu()
    return y.numpy()
