"""A stand-in for an NVIDIA GPU: PyTorch's CUDA as far as measuring on it goes, with the CPU behind it.

Tensors asked for on "cuda" lie on the CPU, Triton interprets, events look at the wall clock, and a graph holds the calls
of PyTorch's operators and the launches of Triton's kernels, to do them again at a replay. Nothing here says how fast a
GPU is. What it shows is that a program runs from its beginning to its end.
"""

import contextlib
import time
from types import SimpleNamespace
from unittest import mock

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes

NAME = "Stand-in GPU"


class Placed(TorchFunctionMode):
    """Whatever is asked for on "cuda" is made on the CPU."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if function is torch.device:
            return function(*args, **kwargs)
        if "cuda" in str(kwargs.get("device")):
            kwargs["device"] = "cpu"
        return function(*(torch.device("cpu") if _is_cuda(one) else one for one in args), **kwargs)


def _is_cuda(one):
    return isinstance(one, torch.device) and one.type == "cuda"


class Recorder(TorchDispatchMode):
    """Writes down every operator that computes, with where its results lie."""

    def __init__(self, done):
        super().__init__()
        self.done = done

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        self.done.append((function, args, kwargs or {}, made))
        return made


class Graph:
    """What was captured."""

    def __init__(self):
        self.done = []

    def replay(self):
        for function, args, kwargs, made in self.done:
            again = function(*args, **kwargs)
            if isinstance(made, torch.Tensor) and "empty" not in str(function) and not made._is_view():
                if made.data_ptr() != again.data_ptr():
                    made.copy_(again)


class Event:
    """A look at the wall clock."""

    def __init__(self, enable_timing=False):
        self.at = 0.0

    def record(self):
        self.at = time.perf_counter()

    def elapsed_time(self, end):
        return 1e3 * (end.at - self.at)


@contextlib.contextmanager
def capturing(graph, stream=None):
    """Within it, operators and launches go into the graph."""
    from triton.runtime import interpreter

    launch = interpreter.GridExecutor.__call__

    def launched(self, *args, **kwargs):
        with _disable_current_modes():
            graph.done.append((lambda *a, **k: launch(self, *a, **k), args, kwargs, launch(self, *args, **kwargs)))

    with mock.patch.object(interpreter.GridExecutor, "__call__", launched), Recorder(graph.done):
        yield


@contextlib.contextmanager
def standing_in(capability=(9, 0)):
    """While it lasts, this process seems to have a GPU."""
    cuda = torch.cuda
    stream = SimpleNamespace(wait_stream=lambda other: None)
    instead = {
        "is_available": lambda: True,
        "get_device_name": lambda *where: NAME,
        "get_device_capability": lambda *where: capability,
        "get_device_properties": lambda *where: SimpleNamespace(multi_processor_count=2, total_memory=2**34),
        "synchronize": lambda *where: None,
        "current_stream": lambda *where: stream,
        "Stream": lambda *where: stream,
        "stream": lambda one: contextlib.nullcontext(),
        "CUDAGraph": Graph,
        "graph": capturing,
        "Event": Event,
        "reset_peak_memory_stats": lambda *where: None,
        "memory_allocated": lambda *where: 0,
        "max_memory_allocated": lambda *where: 1,
        "empty_cache": lambda: None,
    }
    with contextlib.ExitStack() as stack:
        for name, one in instead.items():
            stack.enter_context(mock.patch.object(cuda, name, one))
        stack.enter_context(Placed())
        yield
