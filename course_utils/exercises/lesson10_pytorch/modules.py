"""How a module is looked at: made, run, given weights and asked for gradients, as one who uses it would."""

import numpy as np

from course_utils.base.values import kind_of
from course_utils.exercises.inputs import signed

SHAPE = "shape of its output"
NO_GRADIENT = "none arrives"
A_MODULE = {"what the class makes": "a torch module"}


def made(function, *args, **named):
    """A module as the learner's class makes it, and another one, from a fixed state of torch's random numbers."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)  # the CPU's alone: to set those of all devices takes milliseconds
        return function(*args, **named), function(*args, **named)


def run_first(net, x):
    """Run a module. That forward is missing altogether is an error, and not an answer that is yet to be written."""
    try:
        return net(x)
    except NotImplementedError as error:
        if "forward" in str(error):
            raise TypeError("your class has no method called forward(self, x)") from None
        raise


def first_runs(net, x):
    """The shape of what a module makes, and whether it does so twice. In its first run a lazy layer finds its sizes."""
    first = run_first(net, x.clone())
    if type_of(first) != "a tensor":
        missing = ": is a `return` missing?" if first is None else ""
        return {SHAPE: f"none: forward returns {kind_of(first)}{missing}"}
    twice = "alike" if bool((first == net(x)).all()) else "other numbers each time"
    return {SHAPE: str(tuple(first.shape)), "two runs on one x": twice}


def own_numbers(net, expected):
    """What a module's state_dict holds, each tensor under its first name; and its second names, where it has any.

    A layer that lies in self twice, alone and in an nn.Sequential, is one layer. That is asked only of a module whose
    numbers are more than `expected`.
    """
    from course_utils import layers

    state = {name: one.clone() for name, one in net.state_dict().items()}
    if sum(int(one.numel()) for one in state.values()) <= expected:
        return state, {}
    others = layers.second_names(net)
    return {name: one for name, one in state.items() if name not in others}, others


def load(net, state, others):
    """Load numbers into a module, also under their second names."""
    net.load_state_dict(state | {name: state[first] for name, first in others.items()})


def used(net, c_in, seed):
    """What one sees who uses a module whose weights are known: outputs, gradients, precision, modes. All plain data."""

    from course_utils import layers

    rng = np.random.default_rng(seed)
    x, strip = tensor(rng, 2, c_in, 5, 4), tensor(rng, 1, c_in, 1, 7)
    kept = x.clone()
    y = net(x)
    seen = {
        "dtype of the output": str(y.dtype).removeprefix("torch."),
        "output": y,
        "output for one row of pixels": net(strip),
        "output for many images": net(tensor(rng, 11, c_in, 2, 3)),
        "output for a large picture of large numbers": net(1000 * tensor(rng, 1, c_in, 12, 13)),
        "output for tiny numbers": net(tensor(rng, 2, c_in, 3, 3) / 1000),
    }
    seen["x after a run"] = "as it was" if bool((x == kept).all()) else "changed in place"
    dx, gradients = layers.backward(net, x, tensor(rng, *y.shape))
    seen["gradient for x"] = NO_GRADIENT if dx is None else dx
    net.eval()
    seen["output after eval()"] = net(x)
    seen["training, after train()"] = net.train().training
    double = net.double()(x.double())
    seen["dtype after double()"] = str(double.dtype).removeprefix("torch.")
    shows = bool((double != net(x.double() * (1 + 1e-10))).any())
    seen["after double(), a change of x in its tenth digit"] = "shows" if shows else "is lost"
    return seen, gradients


def tensor(rng, *shape):
    import torch

    return torch.from_numpy(signed(rng, *shape).astype(np.float32))


def type_of(value):
    import torch

    return "a tensor" if isinstance(value, torch.Tensor) else type(value).__name__


def start_of(weights, others):
    """Whether two new modules start with weights of their own, finite and not alike. Lists of arrays (out, in, …)."""
    weights, others = ([np.asarray(one) for one in some] for some in (weights, others))
    if any(not np.isfinite(one).all() or np.abs(one).max() > 100 for one in weights):
        return "numbers that nobody set"
    if any(one.size > 1 and np.ptp(one) == 0 for one in weights):
        return "all the same number"
    turned = [one.swapaxes(0, 1) for one in weights]
    if any(len(one) > 1 and one[0].size > 1 and not np.ptp(one, axis=0).any() for one in weights + turned):
        return "the same numbers again and again"
    alike = all(map(np.array_equal, weights, others))
    return "the same numbers in every new one" if alike else "random"


def net_of(forward, **parts):
    """A torch module that keeps these parts in self and runs `forward(self, x)`."""
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            for name, part in parts.items():
                setattr(self, name, part)

        def forward(self, x):
            return forward(self, x)

    return Net()


def run_block(self, x):
    """The right way through a block."""
    return (self.up(self.middle(self.down(x).relu()).relu()) + self.shortcut(x)).relu()


def block_of(c_in, c_mid, c_out, stride, forward=run_block, **other):
    """A bottleneck's four parts, some of them other ones, and the way through them."""
    from torch import nn

    changes = stride > 1 or c_in != c_out
    parts = {
        "down": nn.Conv2d(c_in, c_mid, 1, bias=False),
        "middle": nn.Conv2d(c_mid, c_mid, 3, stride, padding=1, bias=False),
        "up": nn.Conv2d(c_mid, c_out, 1, bias=False),
        "shortcut": nn.Conv2d(c_in, c_out, 1, stride, bias=False) if changes else nn.Identity(),
    }
    return net_of(forward, **(parts | other))
