"""Watch an interpreted kernel: no load or store may leave its tensor, and nothing passes that a compiler refuses.

On a GPU such an access reads somebody else's numbers, or ends the program, or goes unnoticed. And a compiler refuses a
variable that changes its type or shape in a loop, and one truth value of many; the interpreter is Python, and would not
mind. Here all of them are errors.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np

if TYPE_CHECKING:
    import torch

WIDENED = "a tile of zeros has 16 bits, and is made wider by what is added to it; a compiler refuses that in a loop"
STRETCHED = "a tile of zeros has fewer axes than what is added to it; a compiler refuses that in a loop"
ONE_TRUTH = "one truth value is asked of a tile that has many"


@contextlib.contextmanager
def watched(inputs: "dict[str, torch.Tensor]", output: "dict[str, torch.Tensor]") -> Iterator[None]:
    """While it lasts, kernels may load from the tensors in `inputs` and `output`, and store into `output` alone.

    Both map a name to a tensor. What a masked-out load holds without `other` is undefined: it is NaN here, so that
    nobody builds on it. A tile that `tl.zeros` or `tl.full` made with 16 bits stays so.
    """
    from triton.runtime.interpreter import TensorHandle, interpreter_builder

    places = {name: (_range(tensor), _around(tensor)) for name, tensor in (inputs | output).items()}
    load, store = interpreter_builder.create_masked_load, interpreter_builder.create_masked_store
    fill, widen = interpreter_builder.create_splat, interpreter_builder.create_fp_ext

    def watched_load(ptrs, mask, other, *how):
        _require_inside(places, ptrs, mask, "tl.load reads")
        kind = ptrs.get_element_ty()
        if other is None and kind.is_floating():
            undefined = load(ptrs, mask, None, *how)
            undefined.data[~_chosen(mask)] = np.nan if undefined.data.dtype.kind == "f" else 0x7FC0  # bfloat16
            return TensorHandle(undefined.data, kind)
        return load(ptrs, mask, other, *how)

    def watched_store(ptrs, value, mask, *how):
        _require_inside({name: places[name] for name in output}, ptrs, mask, "tl.store writes")
        return store(ptrs, value, mask, *how)

    def watched_fill(*how):
        made = fill(*how)
        made.is_filled = True
        return made

    def watched_widen(tile, kind):
        if hasattr(tile, "is_filled") and tile.data.ndim > 1:
            raise TypeError(WIDENED)
        return widen(tile, kind)

    watch: dict[str, Callable] = {"create_masked_load": watched_load, "create_masked_store": watched_store}
    watch |= {"create_splat": watched_fill, "create_fp_ext": watched_widen}
    vars(interpreter_builder).update(watch)
    try:
        with _one_truth(), _zeros_keep_their_axes():
            yield
    finally:
        for name in watch:
            delattr(interpreter_builder, name)


def _one_truth():
    """`and`, `if` and the like on a whole tile are errors, in a kernel's own lines; Triton's may ask what they like."""
    from triton.runtime import interpreter

    usual = interpreter._patch_lang_tensor

    def patch(tensor, *scope):
        usual(tensor, *scope)  # which remembers what was there, and puts it back
        says = tensor.__bool__

        def truth(self):
            if self.handle.data.size > 1 and not sys._getframe(1).f_globals.get("__name__", "").startswith("triton"):
                raise TypeError(ONE_TRUTH)
            return says(self)

        tensor.__bool__ = truth

    return mock.patch.object(interpreter, "_patch_lang_tensor", patch)


def _zeros_keep_their_axes():
    """A tile of zeros that is a row is not stretched to a matrix by what is added to it."""
    from triton.language.semantic import TritonSemantic

    usual = TritonSemantic.broadcast_impl_value

    def broadcast(self, lhs, rhs):
        ranks = [len(side.type.shape) if side.type.is_block() else 0 for side in (lhs, rhs)]
        for one, rank in zip((lhs, rhs), ranks, strict=True):
            if 0 < rank < max(ranks) and hasattr(one.handle, "is_filled"):
                raise TypeError(STRETCHED)
        return usual(self, lhs, rhs)

    return mock.patch.object(TritonSemantic, "broadcast_impl_value", broadcast)


def _range(tensor):
    start = tensor.data_ptr()
    return start, start + tensor.numel() * tensor.element_size()


def _around(tensor):
    """The memory that a tensor lies in, with the room that is left around it."""
    memory = tensor.untyped_storage()
    return memory.data_ptr(), memory.data_ptr() + memory.nbytes()


def _chosen(mask):
    """A mask as truths; one that comes from a pointer to a block is an array already."""
    return (mask if isinstance(mask, np.ndarray) else mask.data).astype(bool)


def _require_inside(tensors, ptrs, mask, what):
    """All places that are not masked out lie in one tensor: the one in or around which most of them lie."""
    places = ptrs.data[_chosen(mask)]
    if not places.size:
        return
    near = {name: _count(places, around) for name, (_, around) in tensors.items()}
    name = max(near, key=near.get)
    if _count(places, tensors[name][0]) < places.size:
        where = f"outside of {name}" if near[name] else f"outside of {', '.join(tensors)}"
        raise IndexError(f"{what} {where}: some places of this tile do not exist. Look at its mask and at its strides.")


def _count(places, memory):
    return int(((places >= memory[0]) & (places < memory[1])).sum())
