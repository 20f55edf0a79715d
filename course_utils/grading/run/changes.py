"""What a function did to its arguments, which it got as copies: seen on one side, done to ours on the other."""

import contextlib
import sys

import numpy as np

from course_utils.grading.run import networks


def frozen(value):
    """Something that differs when the value was changed in place."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if hasattr(type(value), "detach"):
        return frozen(value.detach().cpu().float().numpy())
    if isinstance(value, list | tuple):
        return [frozen(item) for item in value]
    if isinstance(value, dict):
        return [(frozen(name), frozen(item)) for name, item in value.items()]
    if networks.is_plain(value):
        switches = [one.training for one in value.modules()], [one.requires_grad for one in value.parameters()]
        return [frozen(one) for one in value.state_dict().values()], switches
    if isinstance(value, np.random.Generator):
        return str(value.bit_generator.state)
    return value if type(value) in (bool, int, float, str) else None


def write_back(args, changed):
    """Do to our arguments what the other side's function did to its copies; what is of another kind is left."""
    for one, new in zip(args, changed if type(changed) is list else [], strict=False):
        if type(new) is list and len(new) == 1:
            with contextlib.suppress(ValueError, TypeError, RuntimeError, AttributeError):
                _copy_into(one, new[0])


def _copy_into(one, new):
    if isinstance(one, np.ndarray) and type(new) is np.ndarray:
        if one.shape != new.shape:
            one.shape = new.shape
        one[...] = new
    elif hasattr(type(one), "detach") and type(new) is sys.modules["torch"].Tensor:
        one.detach().copy_(new)
    elif networks.is_plain(one) and networks.is_plain(new):
        _make_as(one, new)
    elif isinstance(one, list) and type(new) is list:
        for i, (mine, theirs) in enumerate(zip(one, new, strict=False)):
            if isinstance(mine, np.ndarray):
                _copy_into(mine, theirs)
            else:
                one[i] = theirs
        one[:] = one[: len(new)] + new[len(one) :]
    elif isinstance(one, dict) and type(new) is dict:
        one.clear()
        one.update(new)
    elif isinstance(one, np.random.Generator) and type(new) is np.random.Generator:
        one.bit_generator.state = new.bit_generator.state


def _make_as(one, new):
    """Make a network what another is, in its own tensors where they fit, else in those of the other."""
    try:
        one.load_state_dict(new.state_dict())
        for mine, theirs in zip(one.modules(), new.modules(), strict=True):
            mine.training = theirs.training is True
        for mine, theirs in zip(one.parameters(), new.parameters(), strict=True):
            mine.requires_grad_(theirs.requires_grad)
    except (ValueError, RuntimeError):  # a weight of another shape, a layer more or less
        if type(one) is type(new):
            vars(one).update(vars(new))
