"""Watch the loads and stores of an interpreted kernel: none may leave its tensor.

On a GPU such an access reads somebody else's numbers, or ends the program, or goes unnoticed. Here it is an error.
"""

import contextlib

import numpy as np


@contextlib.contextmanager
def watched(inputs, output):
    """While it lasts, kernels may load from the tensors in `inputs` and `output`, and store into `output` alone.

    Both map a name to a tensor. What a masked-out load holds without `other` is undefined: it is NaN here, so that
    nobody builds on it.
    """
    from triton.runtime.interpreter import TensorHandle, interpreter_builder

    ranges = {name: _range(tensor) for name, tensor in (inputs | output).items()}
    load, store = interpreter_builder.create_masked_load, interpreter_builder.create_masked_store

    def watched_load(ptrs, mask, other, *how):
        _require_inside(ranges, ptrs, mask, "tl.load reads")
        kind = ptrs.get_element_ty()
        if other is None and kind.is_floating():
            undefined = load(ptrs, mask, None, *how)
            undefined.data[~mask.data.astype(bool)] = np.nan if undefined.data.dtype.kind == "f" else 0x7FC0  # bfloat16
            return TensorHandle(undefined.data, kind)
        return load(ptrs, mask, other, *how)

    def watched_store(ptrs, value, mask, *how):
        _require_inside({name: ranges[name] for name in output}, ptrs, mask, "tl.store writes")
        return store(ptrs, value, mask, *how)

    interpreter_builder.create_masked_load, interpreter_builder.create_masked_store = watched_load, watched_store
    try:
        yield
    finally:
        del interpreter_builder.create_masked_load, interpreter_builder.create_masked_store


def _range(tensor):
    start = tensor.data_ptr()
    return start, start + tensor.numel() * tensor.element_size()


def _require_inside(ranges, ptrs, mask, what):
    """All places that are not masked out lie in one tensor: the one that most of them lie in."""
    places = ptrs.data[mask.data.astype(bool)]
    if not places.size:
        return
    inside = {name: int(((places >= start) & (places < end)).sum()) for name, (start, end) in ranges.items()}
    name = max(inside, key=inside.get)
    if inside[name] < places.size:
        where = f"outside of {name}" if inside[name] else f"outside of {', '.join(ranges)}"
        raise IndexError(f"{what} {where}: some places of this tile do not exist. Look at its mask and at its strides.")
