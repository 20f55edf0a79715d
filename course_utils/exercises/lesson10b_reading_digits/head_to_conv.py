"""A dense head as a 1×1 convolution that slides over a larger image."""

import numpy as np

from course_utils.exercises.inputs import distinct_sizes, signed
from course_utils.exercises.lesson10_pytorch.modules import own_numbers, tensor, type_of
from course_utils.exercises.spec import case, exercise


def heads(rng):
    """Cases `(linear,)`: dense layers with known numbers."""
    few, many = sorted(distinct_sizes(rng, 2, 2, 9))
    yield case("more features than classes", dense(rng, many, few))
    yield case("more classes than features", dense(rng, few, many))
    yield case("as many classes as features", dense(rng, 4, 4))
    yield case("no bias", dense(rng, 5, 3, bias=False))
    yield case("one class", dense(rng, 6, 1))
    yield case("one feature", dense(rng, 1, 5))
    yield case("a bias of zeros", dense(rng, 3, 4, shift=0))
    yield case("more than a hundred features and classes", dense(rng, 102, 101))
    yield case("in double precision", dense(rng, 3, 4, dtype="float64"))
    yield case("in 16 bits", dense(rng, 3, 4, dtype="bfloat16"))


def dense(rng, c_in, c_out, bias=True, shift=1, dtype="float32"):
    """A dense layer whose numbers fill their dtype: in 64 bits 32 would not hold them, in 16 they are whole."""
    import torch
    from torch import nn

    linear = nn.Linear(c_in, c_out, bias, dtype=getattr(torch, dtype))
    with torch.no_grad():
        for parameter in linear.parameters():
            numbers = torch.from_numpy(signed(rng, *parameter.shape)) * (1 + 1e-10)
            parameter.copy_(numbers.round() if dtype == "bfloat16" else numbers)
        if bias:
            linear.bias.mul_(shift)
    return linear


def slid(function, linear):
    """What a converted head makes of one position, and of larger maps; and what became of the dense layer."""
    import torch

    before, mode = (numbers_of(linear), kinds_of(linear)), linear.training
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        conv = function(linear)
    if not hasattr(conv, "state_dict"):
        return {"what it returns": f"{type_of(conv)}, not a module"}
    rng = np.random.default_rng([linear.in_features, linear.out_features])
    seen = {"what it returns": "a module"}
    many = {"one position": (3, 1, 1), "a map": (2, 4, 5), "many images": (11, 1, 2), "a large map": (1, 12, 13)}
    for label, (n, h, w) in many.items():
        x = tensor(rng, n, linear.in_features, h, w).to(linear.weight.dtype)
        x = x.round() if x.dtype == torch.bfloat16 else 1000 * x if label == "a large map" else x
        seen[f"output for {label}"] = conv(x)
    seen["its dtype"] = str(seen["output for a map"].dtype).removeprefix("torch.")
    (numbers, (shapes, trains)), (now_shapes, now_trains) = before, kinds_of(linear)
    same = np.array_equal(numbers, numbers_of(linear)) and shapes == now_shapes
    kept_as = "as it was" if trains == now_trains else "no longer trained: requires_grad was changed"
    kept_as = kept_as if mode == linear.training else "in another mode: train() or eval() was called"
    seen["the dense layer afterwards"] = kept_as if same else "changed"
    state, _ = own_numbers(conv, numbers.size)
    kept = np.array_equal(np.sort(numbers), np.sort(numbers_in(state)))
    seen["its numbers"] = "those of the dense layer" if kept else _numbers_in_words(conv)
    return {name: one.detach().double() if isinstance(one, torch.Tensor) else one for name, one in seen.items()}


def numbers_of(module):
    """All numbers of a module in one row, in the order of its state_dict."""
    return numbers_in(module.state_dict())


def numbers_in(state):
    return np.concatenate([[], *(one.detach().double().numpy().ravel() for one in state.values())])


def kinds_of(module):
    """The shapes of a module's parameters, and which of them are trained."""
    return tuple(zip(*((tuple(one.shape), one.requires_grad) for one in module.parameters()), strict=True))


def _numbers_in_words(module):
    return (
        "not those of the dense layer" if module.state_dict() else "none: it has no parameters, so none can be trained"
    )


@exercise(
    cases=heads,
    observe=slid,
    hints=(
        "A dense layer makes C_out numbers of C_in numbers. What does a 1×1 convolution do at each position?",
        "linear.in_features, linear.out_features, linear.weight (C_out, C_in) and linear.bias, which may be None, hold all that you need. Copy under torch.no_grad().",
        "conv = nn.Conv2d(c_in, c_out, 1, bias=...);  conv.weight.copy_(linear.weight[:, :, None, None]);  conv.bias.copy_(linear.bias)",
    ),
)
def head_to_conv(linear):
    from course_utils import layers

    return layers.head_to_conv(linear)


@head_to_conv.mistake(
    "RSH",
    "reshape to (C_in, C_out, 1, 1) deals the weights out in a wrong order: (C_out, C_in) gets two axes at its end.",
)
def head_reshaped(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None).to(linear.weight.dtype)
    c_out, c_in = linear.weight.shape
    conv.weight.data = linear.weight.data.reshape(c_in, c_out).T.reshape(c_out, c_in, 1, 1).clone()
    if linear.bias is not None:
        conv.bias.data = linear.bias.data.clone()
    return conv


@head_to_conv.mistake(
    "TRN",
    "C_in and C_out are swapped: linear.weight is (C_out, C_in), and the convolution's weight begins in the same way.",
)
def head_transposed(linear):
    from torch import nn

    conv = nn.Conv2d(linear.out_features, linear.in_features, 1, bias=False).to(linear.weight.dtype)
    conv.weight.data = linear.weight.data.T[:, :, None, None].clone()
    return conv


@head_to_conv.mistake(
    "TRN", "C_in and C_out are swapped: linear.weight is (C_out, C_in), and nn.Conv2d asks for C_in first."
)
def head_sizes_swapped(linear):
    import torch
    from torch import nn

    conv = nn.Conv2d(linear.out_features, linear.in_features, 1, bias=linear.bias is not None).to(linear.weight.dtype)
    with torch.no_grad():
        conv.weight.copy_(linear.weight[:, :, None, None])
        if linear.bias is not None:
            conv.bias.copy_(linear.bias)
    return conv


@head_to_conv.mistake(
    "BIA", "The bias is lost: the dense layer adds one number to each class, and so must the convolution."
)
def head_without_bias(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=False).to(linear.weight.dtype)
    conv.weight.data = linear.weight.data[:, :, None, None].clone()
    return conv


@head_to_conv.mistake(
    "BIA",
    "Your convolution keeps the bias that it was born with. Copy the one of the dense layer, or have none where that has none.",
)
def head_with_own_bias(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1).to(linear.weight.dtype)
    conv.weight.data = linear.weight.data[:, :, None, None].clone()
    return conv


@head_to_conv.mistake(
    "BIA", "The weight is copied, and the bias is not: your convolution keeps the one that it was born with."
)
def head_bias_not_copied(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None).to(linear.weight.dtype)
    conv.weight.data = linear.weight.data[:, :, None, None].clone()
    return conv


@head_to_conv.mistake(
    "INP", "The dense layer itself is given another shape. Leave it as it is: the convolution gets a weight of its own."
)
def head_takes_the_layer_apart(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    linear.weight.data = linear.weight.data[:, :, None, None]
    conv.weight, conv.bias = linear.weight, linear.bias
    return conv


@head_to_conv.mistake(
    "RSH",
    "linear.weight is (C_out, C_in), as the convolution has it. `.T` turns it round, and reshape does not turn it back.",
    uses=("T", "t", "transpose", "permute"),
)
def head_turned(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None).to(linear.weight.dtype)
    conv.weight.data = linear.weight.data.T.reshape(linear.out_features, linear.in_features, 1, 1).clone()
    if linear.bias is not None:
        conv.bias.data = linear.bias.data.clone()
    return conv


@head_to_conv.mistake(
    "CPY",
    "Your convolution has the right shape and its own random weights. What was learnt lies in linear.weight: copy it.",
)
def head_untrained(linear):
    from torch import nn

    return nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None).to(linear.weight.dtype)


@head_to_conv.mistake("LAY", "This is still the dense layer: it works on the last axis, and on a map that is W.")
def head_as_it_was(linear):
    return linear


@head_to_conv.mistake(
    "TYP", "Your convolution is float32 whatever the dense layer was. Give it the dtype of linear.weight."
)
def head_in_float32(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    conv.weight.data.copy_(linear.weight.data[:, :, None, None])
    if linear.bias is not None:
        conv.bias.data.copy_(linear.bias.data)
    return conv


@head_to_conv.mistake(
    "AXS",
    "linear.weight has two axes, a convolution's weight four: give it two of length 1 at its end, [:, :, None, None].",
)
def head_copied_flat(linear):
    import torch
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None).to(linear.weight.dtype)
    with torch.no_grad():
        conv.weight.copy_(linear.weight)
        if linear.bias is not None:
            conv.bias.copy_(linear.bias)
    return conv


@head_to_conv.mistake(
    "AXS",
    "Your weight has two axes. A convolution's weight has four: two of length 1 belong at its end, [:, :, None, None].",
)
def head_put_in_flat(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None).to(linear.weight.dtype)
    conv.weight.data = linear.weight.data.clone()
    if linear.bias is not None:
        conv.bias.data = linear.bias.data.clone()
    return conv


@head_to_conv.mistake(
    "CPY",
    "This is a new convolution with random weights. What was learnt lies in linear.weight and linear.bias: copy it.",
)
def head_of_its_own(linear):
    from torch import nn

    return nn.Conv2d(linear.in_features, linear.out_features, 1)


@head_to_conv.mistake(
    "TRN",
    "Your convolution has C_in and C_out exchanged. nn.Conv2d wants first how many channels go in, as nn.Linear does, and its weight begins with C_out, as linear.weight does.",
)
def head_swapped(linear):
    from torch import nn

    conv = nn.Conv2d(linear.out_features, linear.in_features, 1, bias=linear.bias is not None)
    conv.weight.data.copy_(linear.weight.data.T[:, :, None, None])
    if linear.bias is not None:
        conv.bias.data.copy_(linear.bias.data)
    return conv


@head_to_conv.mistake(
    "TRN",
    "linear.weight is (C_out, C_in): its first size is how many numbers come out. nn.Conv2d wants first how many channels go in.",
)
def head_of_exchanged_sizes(linear):
    from torch import nn

    c_in, c_out = linear.weight.shape
    conv = nn.Conv2d(c_in, c_out, 1, bias=linear.bias is not None, dtype=linear.weight.dtype)
    conv.weight.data = linear.weight.data.reshape(c_out, c_in, 1, 1).clone()
    if linear.bias is not None:
        conv.bias.data = linear.bias.data.clone()
    return conv


@head_to_conv.mistake(
    "BIA", "Where the dense layer has no bias, yours has one, with random numbers: bias=linear.bias is not None."
)
def head_with_a_new_bias(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1)
    conv.weight.data = linear.weight.data[:, :, None, None].clone()
    if linear.bias is not None:
        conv.bias.data = linear.bias.data.clone()
    return conv.to(linear.weight.dtype)


@head_to_conv.alternative
def head_by_state_dict(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, kernel_size=1, bias=linear.bias is not None)
    state = {
        name: value.reshape(*value.shape, 1, 1) if name == "weight" else value
        for name, value in linear.state_dict().items()
    }
    conv.to(linear.weight.dtype).load_state_dict(state)
    return conv


@head_to_conv.alternative
def head_by_parameters(linear):
    from torch import nn

    conv = nn.Conv2d(*linear.weight.shape[::-1], 1, bias=False)
    conv.weight = nn.Parameter(linear.weight.detach().clone().unflatten(1, (-1, 1, 1)))
    if linear.bias is not None:
        conv.bias = nn.Parameter(linear.bias.detach().clone())
    return conv
