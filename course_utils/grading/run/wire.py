"""What may pass between a student's process and the checker: numbers, text, lists, arrays. Nothing that acts.

A value is JSON; arrays go beside it as raw bytes, whose type and length are looked at before they are used. Whatever
else a value is (a function, an object of a learner's class) stays where it is and goes as a number that stands for it.
"""

import json
import math
import sys

import numpy as np

SIZE_MAX = 100_000_000  # bytes of one message
PADDING = "_reversed_padding_repeated_twice"  # what a convolution of PyTorch's keeps besides its sizes
KINDS = "biufcUS"  # kinds of arrays: numbers, bools and text, and no objects


class Unfit(Exception):
    """A value or message that does not pass; the message of the exception says why."""


def send(connection, message, keep):
    """Send a message; `keep(value)` returns the description of a value that stays here."""
    arrays = []
    try:
        text = json.dumps(_packed(message, arrays, keep)).encode()
    except RecursionError:
        raise Unfit("a value that is nested too deeply, or holds itself") from None
    if len(text) + sum(array.nbytes for array in arrays) > SIZE_MAX:
        raise Unfit(f"a value of more than {SIZE_MAX:,} bytes")
    connection.send_bytes(len(arrays).to_bytes(4, "little") + text)
    for array in arrays:
        connection.send_bytes(array.tobytes())


def receive(connection, known):
    """Receive a message; `known(description)` returns what stands for a value that stayed on the other side."""
    try:
        head = connection.recv_bytes(SIZE_MAX)
        left, arrays = SIZE_MAX - len(head), []
        for _ in range(int.from_bytes(head[:4], "little")):
            arrays.append(connection.recv_bytes(max(left, 0)))
            left -= len(arrays[-1]) + 100
        return _unpacked(json.loads(head[4:]), arrays, known)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        raise Unfit(f"something that cannot be read ({type(error).__name__})") from None


def _packed(value, arrays, keep):
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if isinstance(value, list):
        return [_packed(item, arrays, keep) for item in value]
    if isinstance(value, tuple):
        return {"is": "tuple", "items": [_packed(item, arrays, keep) for item in value]}
    if isinstance(value, dict):
        pairs = [[_packed(part, arrays, keep) for part in pair] for pair in value.items()]
        return {"is": "dict", "items": pairs}
    if isinstance(value, complex) and kind is complex:
        return {"is": "complex", "parts": [value.real, value.imag]}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in KINDS and value.dtype.itemsize:
        return _packed_array(value, arrays) | {"is": "scalar" if isinstance(value, np.generic) else "array"}
    if hasattr(kind, "detach") and kind.__module__.startswith("torch"):
        return _packed_tensor(value, arrays)
    if kind is np.random.Generator:
        return {"is": "generator", "state": _packed(value.bit_generator.state, arrays, keep)}
    if is_plain_network(value):
        own = {name: one for name, one in vars(value).items() if name in ("training",) or not name.startswith("_")}
        own |= {name: one for name, one in vars(value).items() if name == PADDING}
        parts = [own, dict(value._parameters), dict(value._buffers), dict(value._modules)]
        return {"is": "network", "type": type(value).__name__, "parts": [_packed(one, arrays, keep) for one in parts]}
    return {"is": "kept", **keep(value)}


def is_plain_network(value):
    """A network of PyTorch's own layers alone is data: their names and numbers. One with a class of its own is code.

    One without numbers yet (a lazy layer, a network on the device "meta") stays where it is.
    """
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(value, torch.nn.Module) or not hasattr(value, "_modules"):
        return False
    layers = [value]
    for layer in layers:
        layers += [one for one in layer._modules.values() if one is not None and one not in layers]
    tensors = [one for layer in layers for part in (layer._parameters, layer._buffers) for one in part.values()]
    if any(one is not None and (torch.nn.parameter.is_lazy(one) or one.is_meta) for one in tensors):
        return False
    return all(getattr(torch.nn, type(one).__name__, None) is type(one) for one in layers)


def _packed_array(value, arrays):
    """Its numbers in the order in which they lie in memory: a transposed view arrives as one."""
    value = np.asarray(value)
    order = sorted(range(value.ndim), key=lambda axis: -abs(value.strides[axis]))
    arrays.append(np.ascontiguousarray(value.transpose(order)))
    return {"type": value.dtype.str, "shape": [value.shape[axis] for axis in order], "order": order}


def _packed_tensor(value, arrays):
    import torch

    numbers = value.detach().cpu()
    wide = numbers.float() if numbers.dtype is torch.bfloat16 else numbers
    return _packed_array(wide.numpy(), arrays) | {"is": "tensor", "torch": str(numbers.dtype).removeprefix("torch.")}


def _unpacked(value, arrays, known):
    if isinstance(value, list):
        return [_unpacked(item, arrays, known) for item in value]
    if not isinstance(value, dict):
        return value
    match value["is"]:
        case "tuple":
            return tuple(_unpacked(item, arrays, known) for item in value["items"])
        case "dict":
            return {_unpacked(key, arrays, known): _unpacked(item, arrays, known) for key, item in value["items"]}
        case "complex":
            return complex(*map(float, value["parts"]))
        case "array":
            return _array(value, arrays)
        case "scalar":
            return _array(value, arrays)[()]
        case "tensor":
            return _tensor(value, arrays)
        case "generator":
            return _generator(_unpacked(value["state"], arrays, known))
        case "network":
            return _network(value["type"], [_unpacked(one, arrays, known) for one in value["parts"]])
        case "kept":
            return known(value)
    raise ValueError(value["is"])


def _array(value, arrays):
    kind, shape, order = np.dtype(value["type"]), tuple(map(int, value["shape"])), list(map(int, value["order"]))
    content = bytearray(arrays.pop(0))  # a bytearray can be written to, as an array can
    if kind.kind not in KINDS or not kind.itemsize or math.prod(shape) * kind.itemsize != len(content):
        raise ValueError("type or size")
    return np.frombuffer(content, kind).reshape(shape).transpose(np.argsort(order) if order else ())


def _tensor(value, arrays):
    import torch

    tensor, kind = torch.from_numpy(_array(value, arrays)), getattr(torch, str(value["torch"]))
    if not isinstance(kind, torch.dtype):
        raise ValueError("type")
    return tensor.to(kind)


def _network(name, parts):
    """A layer of PyTorch's with these numbers; its code is PyTorch's own."""
    import torch

    kind = getattr(torch.nn, str(name))
    if not (isinstance(kind, type) and issubclass(kind, torch.nn.Module)):
        raise ValueError("type")
    layer, (own, weights, buffers, inner) = kind.__new__(kind), parts
    torch.nn.Module.__init__(layer)
    fixed = {name for name in vars(layer) if name != "training"}
    vars(layer).update({name: one for name, one in own.items() if name not in fixed})
    for weight_name, one in weights.items():
        layer.register_parameter(weight_name, None if one is None else torch.nn.Parameter(one))
    for buffer_name, one in buffers.items():
        layer.register_buffer(buffer_name, one)
    for inner_name, one in inner.items():
        layer.add_module(inner_name, one)
    return layer


def _generator(state):
    made = np.random.PCG64()
    made.state = state
    return np.random.Generator(made)
