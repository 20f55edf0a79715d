"""How a module is looked at: made, run, given weights and asked for gradients, as one who uses it would."""

import numpy as np

from course_utils.exercises.inputs import signed

SHAPE = "shape of its output"
NO_GRADIENT = "none arrives"
A_MODULE = {"what the class makes": "a torch module"}


def made(function, *args):
    """A module as the learner's class makes it, and another one, from a fixed state of torch's random numbers."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return function(*args), function(*args)


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
        return {SHAPE: f"none: what forward returns is of type {type(first).__name__}"}
    twice = "alike" if bool((first == net(x)).all()) else "other numbers each time"
    return {SHAPE: str(tuple(first.shape)), "two runs on one x": twice}


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
    }
    seen["x after a run"] = "as it was" if bool((x == kept).all()) else "changed in place"
    dx, gradients = layers.backward(net, x, tensor(rng, *y.shape))
    seen["gradient for x"] = NO_GRADIENT if dx is None else dx
    net.eval()
    seen["output after eval()"] = net(x)
    seen["training, after train()"] = net.train().training
    double = net.double()(x.double())
    seen["dtype after double()"] = str(double.dtype).removeprefix("torch.")
    return seen, gradients


def tensor(rng, *shape):
    import torch

    return torch.from_numpy(signed(rng, *shape).astype(np.float32))


def type_of(value):
    import torch

    return "a tensor" if isinstance(value, torch.Tensor) else type(value).__name__


def start_of(net, other):
    """Whether two new modules start with weights of their own, finite and not all alike."""
    mine, others = net.state_dict(), other.state_dict()
    weights = [one for one in mine.values() if one.squeeze().ndim > 1]
    if any(not np.isfinite(one.numpy()).all() or float(one.abs().max()) > 100 for one in weights):
        return "numbers that nobody set"
    if any(float(one.max() - one.min()) == 0 for one in weights):
        return "all the same number"
    alike = all(bool((one == others[name]).all()) for name, one in mine.items())
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
