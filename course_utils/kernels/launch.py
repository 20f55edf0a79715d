"""The launcher of lesson 12: it makes a kernel that a learner writes into a function of arrays."""

import contextlib
import functools
from collections.abc import Callable
from math import prod

import numpy as np

from course_utils.base.errors import NotInstalled
from course_utils.kernels import setting
from course_utils.kernels.watch import watched

BLOCKS = (16, 32, 16)  # outputs, pixels, channels of a tile; a product of tiles wants at least 16 of each
AROUND_MAX = 65_536  # numbers, sixteen times which is room enough on either side of a large tensor


def launched(kernel: Callable) -> Callable[..., np.ndarray]:
    """Make the decorated kernel a function `(x, weight, bias, blocks=(16, 32, 16), channels_last=False)` of arrays.

    The launcher does what a caller on a GPU does. It lays `x` (N, C_in, H, W) into memory, channels first or channels
    last, gets memory for `y`, counts the tiles, and starts one program for each:
    `tl.program_id(0)` counts tiles of pixels, `tl.program_id(1)` tiles of outputs, `tl.program_id(2)` images.
    `y` is float32, filled with NaN before the kernel starts, and comes back as (N, C_out, H, W).
    """
    state = {}

    def run(x, weight, bias, blocks=BLOCKS, channels_last=False):
        if not (setting.is_installed() and setting.is_interpreted()):
            _require_written(kernel)
        if not setting.is_installed():
            raise NotInstalled(setting.ABSENT)
        if "jit" not in state:
            state["jit"] = setting.jit(kernel, "1")
        return _launch(state["jit"], np.asarray(x), np.asarray(weight), np.asarray(bias), blocks, channels_last)

    return functools.update_wrapper(run, kernel)  # a message speaks of the kernel's own code


def _require_written(kernel):
    """Let a kernel that nobody has written say so, where Triton is not there to run it or compiles it."""
    try:
        kernel(*[None] * kernel.__code__.co_argcount)
    except NotImplementedError:
        raise
    except Exception:  # noqa: BLE001 - a written one needs Triton's launch from its first line on
        return


def _launch(jit, x, weight, bias, blocks, channels_last):
    import torch

    (n, c_in, h, w), c_out = x.shape, len(weight)
    pixels, device = h * w, setting.device()
    memory = x.transpose(0, 2, 3, 1) if channels_last else x
    tensors = {"x": memory, "weight": weight, "bias": bias}
    inputs = {name: _amid_room(np.ascontiguousarray(one), prod(blocks), device) for name, one in tensors.items()}
    y, rest = _with_room(n * c_out * pixels, prod(blocks) + max(blocks) * (c_out + pixels), device)
    block_o, block_p, block_c = blocks
    grid = -(-pixels // block_p), -(-c_out // block_o), n
    strides = [*_strides(c_in, pixels, channels_last), *_strides(c_out, pixels, channels_last)]
    with watched(inputs, {"y": y}) if setting.is_interpreted() else contextlib.nullcontext(), _learners_errors():
        jit[grid](*inputs.values(), y, c_in, c_out, pixels, *strides, block_o, block_p, block_c)
    if not torch.isnan(rest).all():  # compiled: what was not watched has left a trace
        raise IndexError("tl.store writes outside of y: some places of this tile do not exist. Look at its mask.")
    made = y.cpu().numpy()
    return made.reshape(n, h, w, c_out).transpose(0, 3, 1, 2) if channels_last else made.reshape(n, c_out, h, w)


def _strides(channels, pixels, channels_last):
    """How far it is in memory from one image to the next, from one channel to the next, from one pixel to the next."""
    return (channels * pixels, 1, channels) if channels_last else (channels * pixels, pixels, 1)


def _amid_room(numbers, room, device):
    """A tensor with NaN before and behind it: what is read beside it is no other tensor's, and shows."""
    import torch

    given = torch.tensor(numbers, device=device)
    room += 16 * min(given.numel(), AROUND_MAX)  # a compiled kernel counts on addresses that 16 divides
    memory = torch.full((given.numel() + 2 * room,), torch.nan, dtype=given.dtype, device=device)
    memory[room : room + given.numel()] = given.ravel()
    return memory[room : room + given.numel()].view(given.shape)


def _with_room(size, room, device):
    """Memory for `size` numbers, NaN, and what lies behind it: a store that runs over the end hurts nobody."""
    import torch

    memory = torch.full((size + room,), torch.nan, device=device)
    return memory[:size], memory[size:]


@contextlib.contextmanager
def _learners_errors():
    """The error that the kernel's own line raised, not the interpreter's wrapping of it."""
    try:
        yield
    except Exception as error:
        if type(error).__name__ == "InterpreterError" and error.__cause__ is not None:
            raise error.__cause__ from None
        raise
