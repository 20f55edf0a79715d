"""A GPU to make mistakes on: tensors that say they are on "cuda", and refuse to be mixed with others.

Their numbers lie in ordinary memory. What counts is that they behave like those of a GPU where a program goes wrong:
in moving a model and its input, in mixing two devices, in handing a result to NumPy.
"""

import contextlib
import copy
import types
from collections.abc import Callable, Iterable, Mapping
from unittest import mock

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from course_utils.base.remote import where_it_lives

MIXED = "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
TO_NUMPY = "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."
ABSENT = "no {} device is available here"
PASSED = (torch.Tensor.copy_, torch._has_compatible_shallow_copy_type, torch._C._nn._parse_to)  # may see two devices
LAYERS = (torch.conv2d, torch.nn.functional.linear)
IDLE = types.SimpleNamespace(is_capturing=lambda: False, synchronize=lambda: None)  # what an optimizer asks of a GPU


@where_it_lives
def picked(function: Callable, prefer: str, cuda: bool, mps: bool) -> tuple[str, str]:
    """The device that `function(prefer)` picks on a machine with or without CUDA and MPS, as (type of answer, name)."""
    with Machine(cuda, mps):
        answer = function() if prefer is None else function(prefer)
    is_device = isinstance(answer, torch.device)
    return type(answer).__name__, answer.type if is_device and not answer.index else str(answer)


@where_it_lives
def ran(function: Callable, model: torch.nn.Module, x: np.ndarray, device: str, cuda: bool) -> tuple:
    """What `function(model, x, device)` does on a machine with or without CUDA.

    Where its layers found their weights, where they found their input, what kind of thing came back, its numbers, and
    what has become of the model.
    """
    answer, machine = None, Machine(cuda, mps=False)
    before, types = [one.requires_grad for one in model.parameters()], [one.dtype for one in model.parameters()]
    with machine, contextlib.suppress(Mixed):
        answer = function(model, x, torch.device(device))
        where = f" on {answer.device.type}" if isinstance(answer, torch.Tensor) else ""
    kind = "nothing: PyTorch stopped" if answer is None and machine.mixed else type(answer).__name__ + where
    weights, inputs = (" and ".join(sorted(set(kinds))) for kinds in (machine.weights_on, machine.inputs_on))
    left = "can be trained as before"
    if [one.dtype for one in model.parameters()] != types:
        left = "holds numbers of another type"
    if [one.requires_grad for one in model.parameters()] != before:
        left = "cannot be trained: requires_grad was changed"
    return weights, inputs, kind, answer if isinstance(answer, np.ndarray) else None, left


@where_it_lives
def trained(function: Callable, model: torch.nn.Module, data: Mapping, lr: float, device: str) -> tuple[list, bool]:
    """How `function(model, data, 1, lr, device, report)` calls its model, and whether PyTorch stopped at two devices.

    Of each call: whether the model is in training mode, how many images it is given, whether backward could start from
    its answer, and where its weights are. "cuda" is a pretended GPU; what else goes wrong on it, such as memory that
    only a real one can pin, is nobody's fault.
    """
    calls: list[tuple[bool, int, bool, str]] = []

    def watch(model, given, answer):
        calls.append((model.training, len(given[0]), answer.requires_grad, place(next(model.parameters())) or "cpu"))

    model.register_forward_hook(watch)
    try:
        with Machine(cuda=True, mps=False) if device == "cuda" else contextlib.nullcontext():
            function(model, data, 1, lr, device, lambda *said: None)
    except Mixed:
        return calls, True
    except Exception:  # noqa: BLE001 - see above; on the CPU it is an error before it comes here
        pass
    return calls, False


@where_it_lives
def reported(function: Callable, model: torch.nn.Module, data: Mapping, lr: float, epochs: int) -> tuple[list, list]:
    """The accuracies that `function(model, data, epochs, lr, "cpu", report)` should report, and those that it does.

    Of each report: the share of validation images that the model, as it is then, names in evaluation mode.
    """
    found, told = [], []
    images, labels = data["validation"]

    def report(loss, accuracy):
        now = copy.deepcopy(model).eval()
        with torch.no_grad():
            found.append((now(images).argmax(dim=1) == labels).double().mean().item())
        told.append(float(accuracy))

    function(model, data, epochs, lr, "cpu", report)
    return found, told


class Mixed(RuntimeError):
    """A layer on one device, its input on another."""


class Machine(TorchFunctionMode):
    """While it lasts, this process seems to run on a machine with or without CUDA and MPS."""

    def __init__(self, cuda, mps):
        super().__init__()
        self.kinds = ("cuda",) * cuda + ("mps",) * mps
        best = torch.device(self.kinds[0]) if self.kinds else None
        self.patches = [
            mock.patch.object(torch.cuda, "is_available", lambda: cuda),
            mock.patch.object(torch.cuda, "device_count", lambda: int(cuda)),
            mock.patch.object(torch.cuda, "synchronize", lambda *device: None),
            mock.patch.object(torch.backends.mps, "is_available", lambda: mps),
            mock.patch.object(torch.backends.mps, "is_built", lambda: True),  # which says nothing of the machine
            mock.patch.object(torch.backends.cuda, "is_built", lambda: True),
            mock.patch.object(torch.mps, "is_available", lambda: mps),
            mock.patch.object(torch.mps, "device_count", lambda: int(mps)),
            mock.patch.object(torch.accelerator, "is_available", lambda *_, **__: bool(self.kinds)),
            mock.patch.object(torch.accelerator, "device_count", lambda: len(self.kinds)),
            mock.patch.object(torch.accelerator, "current_accelerator", lambda *_, **__: best),
            mock.patch.object(torch.accelerator, "current_stream", lambda *_: IDLE),
        ]
        self.stack = contextlib.ExitStack()
        self.weights_on, self.inputs_on, self.mixed = [], [], False

    def __enter__(self):
        for patch in self.patches:
            self.stack.enter_context(patch)
        return super().__enter__()

    def __exit__(self, *error):
        super().__exit__(*error)
        self.stack.close()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        named = dict(kwargs or {})
        given = tensors(args, named)
        there = next(filter(None, map(place, given)), "")
        if function == torch.Tensor.device.__get__:
            return torch.device(there, 0) if there else function(*args)
        if function in (torch.Tensor.is_cuda.__get__, torch.Tensor.is_mps.__get__):
            return function.__self__.__name__ == f"is_{there}"
        if there and (function is torch.Tensor.__array__ or function is torch.Tensor.numpy and not named.get("force")):
            raise TypeError(TO_NUMPY)
        if function == torch.Tensor.data.__set__:  # how a module moves its parameters
            args[0].pretends = place(args[1])
            return function(*args)
        if function in PASSED:
            return function(*args, **named)
        if function in LAYERS:
            kinds = [place(one) or "cpu" for one in given]
            self.inputs_on.append(kinds[0])
            self.weights_on.append(kinds[1])
            self.mixed = self.mixed or kinds[0] != kinds[1]
        goal, args = self.destination(function, args, named)
        together = args[:1] if function is torch.Tensor.__getitem__ else given  # indices may lie on the CPU
        if goal is None and there and not all(place(one) == there or not one.ndim for one in together):
            raise Mixed(MIXED)
        made = (torch.Tensor.cpu if function is torch.Tensor.cuda else function)(*args, **named)
        stays = there if goal is None else goal.replace("cpu", "")
        if stays != there and any(made is one for one in given):
            made = made.clone()  # it goes elsewhere, and what was given stays
        for tensor in tensors((made,), {}):
            tensor.pretends = stays
        return made

    def destination(self, function: Callable, args: tuple, named: dict) -> tuple[str | None, tuple | list]:
        """The kind of device that a call names, or None; and its arguments, with the CPU in place of that device."""
        goal = named.get("device")
        if goal is not None:
            named["device"] = "cpu"
        elif function in (torch.Tensor.cuda, torch.Tensor.cpu):
            goal, args = function.__name__, args[:1]
        elif function is torch.Tensor.to and len(args) > 1:
            if isinstance(args[1], str | torch.device):
                goal, args = args[1], (args[0], "cpu", *args[2:])
            elif isinstance(args[1], torch.Tensor):
                goal = place(args[1]) or "cpu"
        kind = None if goal is None else torch.device(goal).type
        if kind not in (None, "cpu", *self.kinds):
            raise RuntimeError(ABSENT.format(kind))
        return kind, args


def place(tensor: object) -> str:
    """The kind of GPU that a tensor pretends to be on, or ""."""
    return getattr(tensor, "pretends", "")


def tensors(args: Iterable, named: Mapping) -> list[torch.Tensor]:
    """The tensors among some arguments, also those in lists and tuples."""
    found = []
    for argument in (*args, *named.values()):
        if isinstance(argument, torch.Tensor):
            found.append(argument)
        elif isinstance(argument, list | tuple):
            found += tensors(argument, {})
    return found
