"""How a bottleneck is looked at: where its layers lie, their weights, and what it does once these are known."""

import numpy as np

from course_utils.exercises.lesson10_pytorch.modules import (
    A_MODULE,
    NO_GRADIENT,
    first_runs,
    load,
    made,
    own_numbers,
    run_first,
    start_of,
    tensor,
    used,
)
from course_utils.exercises.spec import case

WEIGHTS = "its weights, in (out, in, kernel)"
PLACE = "what its layers are kept in"
STRIDES = "what makes the picture smaller"
SHORTER = "what makes the shortcut smaller"
BESIDE = "what it learns beside the weights of its convolutions"


def blocks(rng):
    """Cases `(c_in, c_mid, c_out, stride)`; the middle is narrower than both ends, as the name says."""
    yield case("wider at the end", int(rng.integers(5, 7)), int(rng.integers(2, 5)), int(rng.integers(7, 10)))
    yield case("as wide as at the start", 6, 3, 6)
    yield case("stride 2, wider at the end", 5, int(rng.integers(2, 5)), 8, 2)
    yield case("stride 2, as wide as at the start", 7, 4, 7, 2)
    yield case("narrower at the end", 8, 2, 5, 1)
    yield case("stride 3, as wide as at the start", 3, 2, 3, 3)
    yield case("stride 4, narrower at the end", 4, 3, 2, 4)
    yield case("one channel all the way", 1, 1, 1)
    yield case("stride 11", 2, 1, 2, 11)
    yield case("more than a thousand channels at the start", 1020, 2, 3, 2)
    yield case("more than a thousand channels at the end", 3, 2, 1010)
    yield case("more than a hundred channels in the middle", 13, 103, 13)


def block_seen(function, c_in, c_mid, c_out, *given):
    """A bottleneck in use, with known weights."""
    from course_utils import layers

    net, other = made(function, c_in, c_mid, c_out, **({"stride": given[0]} if given else {}))
    stride = (*given, 1)[0]
    if not hasattr(net, "state_dict"):
        return {"what the class makes": f"{type(net).__name__}, not a torch module"}
    rng = np.random.default_rng([c_in, c_mid, c_out, stride])
    wanted = {(c_mid, c_in, 1), (c_mid, c_mid, 3), (c_out, c_mid, 1)}
    wanted |= {(c_out, c_in, 1)} if stride > 1 or c_in != c_out else set()
    seen = A_MODULE | {PLACE: layers.kept_in(net)}
    if seen[PLACE] != "self":
        return seen
    seen |= first_runs(net, tensor(rng, 2, c_in, 5, 4))
    if len(seen) == 3:
        return seen
    state, names = own_numbers(net, sum(c * d * k * k for c, d, k in wanted))
    seen[BESIDE] = beside(state)
    if seen[BESIDE] != "nothing":
        return seen
    shapes = {name: (*one.shape[:2], one.shape[2] if one.ndim > 2 else 1) for name, one in state.items()}
    seen[WEIGHTS] = ", ".join(map(str, sorted(shapes.values()))) or "none"
    if sorted(shapes.values()) != sorted(wanted):
        return seen
    run_first(other, tensor(rng, 2, c_in, 5, 4))
    others = other.state_dict()
    drawn = [name for name, one in state.items() if one.any() or shapes[name] != (c_out, c_mid, 1)]  # up may start at 0
    seen["a new block's weights"] = start_of([state[name] for name in drawn], [others[name] for name in drawn])
    known = {shape: tensor(rng, *shape, shape[2]) / 2 for shape in sorted(wanted)}
    load(net, {name: known[shapes[name]].reshape(one.shape) for name, one in state.items()}, names)
    used_, gradients = used(net, c_in, [c_in, c_mid, c_out])
    if stride > 1:
        made_ = layers.made_by_convolutions(net, tensor(rng, 1, c_in, 5, 4).double())
        large = {weight for weight, size in made_ if size != (-(-5 // stride), -(-4 // stride))}
        used_[STRIDES] = "what comes after the 3×3" if any(one[2:] == (3, 3) for one in large) else "the 3×3"
        used_[SHORTER] = "what comes after its 1×1" if (c_out, c_in, 1, 1) in large else "its 1×1"
    for shape, name in sorted((shape, name) for name, shape in shapes.items()):
        gradient = gradients.get(name)
        used_[f"gradient for the weight {shape}"] = NO_GRADIENT if gradient is None else gradient.reshape(-1)
    return seen | used_


def beside(state):
    """What a block keeps that is no weight of a convolution or of a dense layer: these have two axes at least."""
    if any(name.endswith("running_mean") for name in state):
        return "batch norms"
    return "biases" if any(one.ndim < 2 for one in state.values()) else "nothing"
