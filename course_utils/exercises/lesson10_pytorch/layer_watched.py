"""How a 1×1 layer is looked at, in whatever way it keeps its numbers."""

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


def layer_seen(function, c_in, c_out, *bias):
    """A 1×1 layer in use, with a known weight and bias."""
    by_name = {"bias": False} if False in bias else {}  # as the next exercise calls it
    net, other = made(function, c_in, c_out, *([] if by_name else bias), **by_name)
    if not hasattr(net, "state_dict"):
        return {"what the class makes": f"{type(net).__name__}, not a torch module"}
    rng = np.random.default_rng([c_in, c_out, 7])
    seen = A_MODULE | first_runs(net, tensor(rng, 2, c_in, 3, 4))
    if len(seen) == 2:
        return seen
    expected = c_in * c_out + (c_out if (*bias, True)[0] else 0)
    state, others = own_numbers(net, expected)
    seen["numbers in its state_dict"] = sum(int(one.numel()) for one in state.values())
    places = places_of(net, state, others, c_in, c_out) if seen["numbers in its state_dict"] == expected else None
    if places is None:
        seen["shapes in its state_dict"] = " and ".join(str(tuple(one.shape)) for one in state.values())
        return seen
    run_first(other, tensor(rng, 2, c_in, 3, 4))
    start, new = (gathered(one, places, c_in, c_out)[0] for one in (state, other.state_dict()))
    seen["a new layer's weights"] = start_of([start], [new])
    known = np.concatenate([tensor(rng, c_out * c_in), tensor(rng, c_out)])
    load(net, {name: one.new_tensor(known[places[name]]) for name, one in state.items()}, others)
    used_, gradients = used(net, c_in, [c_in, c_out])
    seen["numbers that are trained"] = sum(int(state[name].numel()) for name in gradients)
    for role, gradient in zip(("weight", "bias"), gathered(gradients, places, c_in, c_out), strict=True):
        if role == "weight" or expected > c_in * c_out:
            used_[f"gradient for the {role}"] = NO_GRADIENT if np.isnan(gradient).any() else gradient
    return seen | used_


def places_of(net, state, others, c_in, c_out):
    """Where each number of a state_dict belongs, in `[*weight.ravel(), *bias]`: an array of places a name; or None."""
    if 1 < c_in != c_out > 1 and (places := by_shape(state, c_in, c_out)):
        return places
    return by_answers(net, state, others, c_in, c_out) or by_shape(state, c_in, c_out)


def by_shape(state, c_in, c_out):
    """What belongs where as one reads it off the usual shapes."""
    weight, places = np.arange(c_out * c_in).reshape(c_out, c_in), {}
    for name, one in state.items():
        if tuple(one.shape[:2]) in ((c_out, c_in), (c_in, c_out)) and one.numel() == weight.size:
            places[name] = (weight if one.shape[0] == c_out else weight.T).reshape(one.shape)
        elif one.numel() == c_out:
            places[name] = weight.size + np.arange(c_out).reshape(one.shape)
    size = sum(int(one.numel()) for one in state.values())
    found = sorted(place for some in places.values() for place in some.flat)
    return places if found == list(range(size)) else None


def by_answers(net, state, others, c_in, c_out):
    """What belongs where in any layer: each of its numbers shows in an answer to a lone 1, or to zeros alone."""
    import torch

    size = sum(int(one.numel()) for one in state.values())
    order = np.random.default_rng(size).permutation(size)
    parts = np.split(order, np.cumsum([int(one.numel()) for one in state.values()])[:-1])
    numbers = {name: part.reshape(tuple(one.shape)) for (name, one), part in zip(state.items(), parts, strict=True)}
    load(net, {name: one.new_tensor(numbers[name]) for name, one in state.items()}, others)
    answers = net(torch.eye(c_in + 1, c_in)[:, :, None, None]).detach()  # the last one is all zeros: the bias alone
    if tuple(answers.shape) != (c_in + 1, c_out, 1, 1):
        return None
    answers = answers[:, :, 0, 0].numpy()
    shown = np.concatenate([(answers[:-1] - answers[-1]).T.ravel(), answers[-1]])[:size]
    if sorted(shown) != list(range(size)):
        return None
    places = np.argsort(shown)
    return {name: places[part] for name, part in numbers.items()}


def gathered(tensors, places, c_in, c_out):
    """Weight (C_out, C_in) and bias (C_out,) from tensors by name; NaN where there is none."""
    numbers = np.full(c_out * c_in + c_out, np.nan)
    for name, where in places.items():
        if tensors.get(name) is not None:
            numbers[where] = tensors[name].detach().numpy()
    return numbers[: c_out * c_in].reshape(c_out, c_in), numbers[c_out * c_in :]
