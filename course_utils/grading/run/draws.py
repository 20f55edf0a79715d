"""The state of PyTorch's random numbers, which goes from one side to the other and on."""

import contextlib
import sys


def random_state():
    """The state of PyTorch's random numbers: a check that sets their seed means those that the answer draws."""
    torch = sys.modules.get("torch")
    return None if torch is None else torch.get_rng_state()


def is_state(state):
    """Whether this may be one."""
    torch = sys.modules.get("torch")
    return torch is not None and type(state) is torch.Tensor and state.dtype is torch.uint8


def set_random_state(state):
    if is_state(state):
        with contextlib.suppress(Exception):  # a state that is none
            sys.modules["torch"].set_rng_state(state)
