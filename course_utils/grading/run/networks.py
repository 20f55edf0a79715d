"""Networks of PyTorch's own layers as plain data: names from a table, arguments of their constructors, and numbers.

A layer that arrives is made anew by its constructor, from arguments that are looked at one by one; only then does it
get its numbers. Nothing else that a student put on a layer travels. A network with a layer that is not in the table
stays where it is.
"""

import functools
import inspect
import sys

import numpy as np

LAYERS = frozenset(
    """Identity Sequential ModuleList Flatten Unflatten Linear Bilinear Embedding
    Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d
    BatchNorm1d BatchNorm2d BatchNorm3d InstanceNorm1d InstanceNorm2d LayerNorm GroupNorm LocalResponseNorm
    AvgPool1d AvgPool2d AvgPool3d MaxPool1d MaxPool2d MaxPool3d
    AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d
    Dropout Dropout1d Dropout2d Dropout3d ChannelShuffle PixelShuffle PixelUnshuffle Upsample ZeroPad2d ReflectionPad2d
    ReplicationPad2d ConstantPad2d Softmax LogSoftmax Softmax2d Sigmoid LogSigmoid Tanh Tanhshrink Softsign Softplus
    ReLU ReLU6 LeakyReLU PReLU ELU CELU SELU GELU SiLU Mish Hardtanh Hardswish Hardsigmoid
    CrossEntropyLoss MSELoss L1Loss NLLLoss""".split()
)
CONTAINERS = ("Sequential", "ModuleList")
NUMBER_MAX, TEXT_MAX, ITEMS_MAX = 1 << 31, 20, 8  # of one argument
LAYERS_MAX = 1_000  # in one network


def is_plain(value):
    """Whether a value is a network that can travel, with nothing in it but layers of the table and their numbers.

    One without numbers yet (a lazy layer, a network on the device "meta") stays where it is.
    """
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(value, torch.nn.Module) or not hasattr(value, "_modules"):
        return False
    layers = [value]
    for layer in layers:
        if type(layer).__name__ not in LAYERS or getattr(torch.nn, type(layer).__name__) is not type(layer):
            return False
        layers += [one for one in layer._modules.values() if one is not None and one not in layers]
        if len(layers) > LAYERS_MAX or not all(map(is_argument, _own(layer).values())):
            return False
    tensors = [one for layer in layers for part in (layer._parameters, layer._buffers) for one in part.values()]
    return not any(one is not None and one.is_meta for one in tensors) and all(map(_has_own_numbers_alone, layers))


def described(layer):
    """A layer as arguments, numbers and inner layers: `(own, weights, buffers, inner)`."""
    fixed = ",".join(name for name, one in layer._parameters.items() if one is not None and not one.requires_grad)
    own = _own(layer) | {"training": layer.training, "fixed": fixed}
    return own, dict(layer._parameters), dict(layer._buffers), dict(layer._modules)


def made(name, own, weights, buffers, inner):
    """A layer with these numbers; its code, and all that is not a number of it, is PyTorch's own."""
    import torch

    if name not in LAYERS or not all(map(is_argument, own.values())):
        raise ValueError("a layer or an argument that is not in the table")
    kind = getattr(torch.nn, name)
    with torch.device("meta"):  # no room is taken for what its arguments promise
        layer = kind(**{one: _argument(one, own, weights) for one in arguments(name) if one in own or one == "bias"})
    layer.train(own.get("training") is True)
    fixed = str(own.get("fixed", "")).split(",")
    for kept, given in ((layer._parameters, weights), (layer._buffers, buffers)):
        if set(given) != set(kept):
            raise ValueError("numbers under another name")
        for one, tensor in given.items():
            if not (tensor is None or type(tensor) is torch.Tensor):
                raise ValueError("numbers that are no tensor")
            wrapped = tensor is not None and kept is layer._parameters
            kept[one] = torch.nn.Parameter(tensor, one not in fixed) if wrapped else tensor
    return _filled(layer, name, inner)


def is_argument(value):
    """Whether a value may be an argument of a layer's constructor: a number, a short text, or a few numbers.

    >>> is_argument((3, 3)), is_argument("same"), is_argument(10**30), is_argument(["a", {}])
    (True, True, False, False)
    """
    if type(value) in (tuple, list):
        return (
            len(value) <= ITEMS_MAX
            and all(one is None or type(one) in (int, float) for one in value)
            and all(map(is_argument, value))
        )
    if type(value) is int:
        return abs(value) < NUMBER_MAX
    return value is None or type(value) in (bool, float) or (type(value) is str and len(value) <= TEXT_MAX)


@functools.cache
def arguments(name):
    """The arguments of a layer's constructor that a layer remembers under the same names."""
    import torch

    if name in CONTAINERS:
        return ()
    given = inspect.signature(getattr(torch.nn, name).__init__).parameters.values()
    return tuple(
        one.name
        for one in given
        if one.kind == one.POSITIONAL_OR_KEYWORD and one.name not in ("self", "device", "dtype")
    )


def _own(layer):
    known = vars(layer)
    return {name: _as_plain(known[name]) for name in arguments(type(layer).__name__) if name in known}


def _as_plain(value):
    """A number of NumPy's as Python's, a size of PyTorch's as a tuple; the value itself where it is neither."""
    if isinstance(value, tuple):
        return tuple(map(_as_plain, value))
    return value.item() if isinstance(value, np.integer | np.floating) else value


def _argument(name, own, weights):
    if name == "bias":  # a layer remembers its bias, or that there is none
        return own["bias"] if "bias" in own else weights.get("bias") is not None
    value = own[name]
    return tuple(value) if isinstance(value, list) else value


def _has_own_numbers_alone(layer):
    """Whether the layer can be made anew as it is: it has the numbers that its constructor gives it, and no others."""
    own, weights, buffers, inner = described(layer)
    try:
        made(type(layer).__name__, own, dict.fromkeys(weights), dict.fromkeys(buffers), dict.fromkeys(inner))
    except Exception:  # noqa: BLE001 - whatever its constructor says to arguments that were changed later
        return False
    return True


def _filled(layer, name, inner):
    if inner and name not in CONTAINERS:
        raise ValueError("layers in a layer that holds none")
    for place, one in inner.items():
        if not (type(place) is str and (place.isdigit() or place.isidentifier()) and not place.startswith("_")):
            raise ValueError("a layer under a name that is none")
        layer.add_module(place, one)
    return layer
