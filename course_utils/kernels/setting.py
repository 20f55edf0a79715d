"""Where kernels run: whether Triton is installed, and whether it interprets them or compiles them for a GPU."""

import functools
import importlib.util
import os
import sys
from collections.abc import Callable
from types import FunctionType, SimpleNamespace
from typing import Any

from course_utils.base.errors import CourseError, NotInstalled

ABSENT = (
    "Triton is not installed, so no kernel can run here. On Linux, run `%pip install --constraint "
    "../../constraints.txt triton` in a cell, restart the kernel and try again; nothing else in the course needs it."
)
STAND_IN = SimpleNamespace(constexpr=int, float16=None, float32=None)  # for signatures, where there is no Triton


def is_installed() -> bool:
    """Whether kernels can run here at all."""
    return importlib.util.find_spec("triton") is not None


def is_interpreted() -> bool:
    """Whether this process runs kernels in Triton's interpreter; it is settled when Triton is first imported."""
    return os.environ.get("TRITON_INTERPRET") == "1"


def device() -> str:
    """Where the tensors of a kernel have to be in this process: "cpu" for the interpreter, else "cuda"."""
    return "cpu" if is_interpreted() else "cuda"


def language() -> Any:
    """`triton.language`, set to interpret unless the environment has TRITON_INTERPRET=0; a stand-in without Triton."""
    if not is_installed():
        return STAND_IN
    return prepared("1")


def prepared(interpret: str) -> Any:
    """`triton.language` after the first import has been told what to do; "1" interprets, "0" compiles.

    What the environment says goes first. Products of float32 numbers are exact, not TF32, unless a kernel asks for it.
    """
    if not is_installed():
        raise NotInstalled(ABSENT)
    if "triton" not in sys.modules:
        os.environ.setdefault("TRITON_INTERPRET", interpret)
        os.environ.setdefault("TRITON_F32_DEFAULT", "ieee")
    import triton.language as tl
    from triton.runtime.jit import JITFunction

    if is_interpreted() == isinstance(tl.zeros, JITFunction):  # Triton's own functions were made for the other way
        raise CourseError(
            "Triton was imported before the course could say whether to interpret kernels or to compile them. "
            "Restart the kernel and import course_utils.kernels first."
        )
    return tl


def _max_and_min(tl):
    """Python's `max` and `min` as Triton's compiler takes them: of tiles, element by element."""

    def of_tiles(usual, name):
        def most(*args, **options):
            tiles = any(isinstance(arg, tl.tensor) for arg in args)
            return functools.reduce(getattr(tl, name), args) if tiles else usual(*args, **options)  # patched as it runs

        return most

    return {"max": of_tiles(max, "maximum"), "min": of_tiles(min, "minimum")}


def jit(kernel: Callable, interpret: str, **inner: object) -> Any:
    """The kernel under Triton's `jit`, with `tl` and what else it calls in its sight; `interpret` as in `prepared`."""
    tl = prepared(interpret)
    import triton

    seen = kernel.__globals__ | {"tl": tl} | (_max_and_min(tl) if is_interpreted() else {}) | inner
    copy = FunctionType(kernel.__code__, seen, kernel.__name__, kernel.__defaults__, kernel.__closure__)
    copy.__annotations__ = kernel.__annotations__
    return triton.jit(copy)
