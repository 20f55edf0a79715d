"""How many bytes a network keeps for its backward pass."""

import copy

from course_utils.exercises.inputs import distinct_sizes, signed
from course_utils.exercises.spec import case, exercise


def models(rng):
    """Cases for `f(model, x)`: networks of torch's own layers, and their input."""
    import torch
    from torch import nn

    def batch(*shape, dtype=torch.float32):
        return torch.from_numpy(signed(rng, *shape)).to(dtype)

    a, b, c = distinct_sizes(rng, 3)
    plain = nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.Conv2d(b, c, 1), nn.ReLU())
    yield case("two convolutions with ReLU", plain, batch(2, a, 6, 7))
    yield case("one convolution", nn.Sequential(nn.Conv2d(a, c, 1)), batch(3, a, 4, 5))
    yield case("two activations", nn.Sequential(nn.Conv2d(c, a, 1), nn.Sigmoid(), nn.Tanh()), batch(2, c, 4, 5))
    inplace = nn.Sequential(nn.Conv2d(a, b, 1), nn.ReLU(inplace=True), nn.Conv2d(b, a, 1))
    yield case("a ReLU in place", inplace, batch(2, a, 5, 4))
    flat = nn.Sequential(nn.Conv2d(a, b, 1), nn.ReLU(), nn.Flatten(), nn.Linear(b * 12, 10))
    yield case("maps flattened for a dense layer", flat, batch(2, a, 3, 4))
    pooled = nn.Sequential(nn.Conv2d(a, b, 1), nn.ReLU(), nn.MaxPool2d(2))
    yield case("pooling, which keeps where its maxima were", pooled, batch(2, a, 4, 6))
    double = nn.Sequential(nn.Conv2d(b, c, 1), nn.Sigmoid()).double()
    yield case("numbers of eight bytes", double, batch(2, b, 3, 5, dtype=torch.float64))
    row = [part for _ in range(12) for part in (nn.Sigmoid(), nn.Tanh())]  # who holds nothing finds places twice
    yield case("24 activations in a row", nn.Sequential(nn.Conv2d(a, b, 1), *row), batch(2, a, 6, 5))
    yield case("24 activations in a row, one number", nn.Sequential(nn.Conv2d(1, 1, 1), *row), batch(1, 1, 1, 1))
    normed = nn.Sequential(nn.Conv2d(a, b, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(), nn.Dropout(0.25))
    yield case("a batch norm and a dropout, in training", normed, batch(2, a, 5, 4))
    yield case("a batch norm and a dropout, in evaluation", copy.deepcopy(normed).eval(), batch(2, a, 5, 4))
    last = nn.Sequential(nn.Conv2d(a, b, 1), nn.ReLU(), nn.Conv2d(b, c, 1, bias=False))
    yield case("a last convolution without a bias", last, batch(2, a, 4, 6))
    yield case(
        "an activation first, and nobody asks for gradients of x",
        nn.Sequential(nn.SiLU(), nn.Conv2d(a, b, 1)),
        batch(2, a, 3, 4),
    )
    frozen = nn.Sequential(nn.Conv2d(a, b, 1), nn.Conv2d(b, c, 3).requires_grad_(False), nn.Sigmoid())
    yield case("a second convolution that is not trained", frozen, batch(2, a, 5, 4))
    yield case("a wide dense layer, whose weights are large", nn.Sequential(nn.Linear(40, 50), nn.ReLU()), batch(2, 40))


@exercise(
    cases=models,
    hints=(
        "Autograd can tell you about every tensor that it puts aside: torch.autograd.graph.saved_tensors_hooks(pack, unpack). What does your pack function write down?",
        "pack gets a tensor and returns what to keep: return the tensor. Some tensors are weights, and some are the same memory seen twice: "
        "tensor.untyped_storage() has .data_ptr(), where it lies, and .nbytes(), how long it is.",
        "kept = {};  pack(t): kept[where t lies] = (t, its bytes); return t;  with saved_tensors_hooks(pack, lambda t: t): y = model(x);  "
        "sum the bytes of all that do not lie where a parameter lies",
    ),
)
def activation_memory(model, x):
    import torch

    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        y = model(x)
    weights = {one.untyped_storage().data_ptr() for one in model.parameters()}
    sizes = {one.untyped_storage().data_ptr(): one.untyped_storage().nbytes() for one in (*kept, y[:0])}
    used = {one.untyped_storage().data_ptr() for one in kept} - weights
    return sum(sizes[place] for place in used)


@activation_memory.mistake(
    "UNI",
    "The parameters are in your sum. Autograd notes them too, but they are there anyway; leave out what lies where a parameter lies.",
)
def with_parameters(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = (t, t.nbytes)
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    return sum(size for _, size in kept.values()) + 0 * len(y)


@activation_memory.mistake(
    "OVL",
    "The same memory is counted twice: what a ReLU keeps is what the next layer keeps too. Count each place in memory once.",
)
def views_counted_twice(model, x):
    import torch

    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        model(x)
    weights = {one.data_ptr() for one in model.parameters()}
    return sum(one.nbytes for one in kept if one.data_ptr() not in weights)


@activation_memory.mistake(
    "OVL",
    "id() tells tensors apart, and not where they lie: a view, or a weight turned around, is another tensor in the same memory. Compare untyped_storage().data_ptr().",
    uses=("id()",),
)
def told_apart_by_id(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[id(t)] = t
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        model(x)
    weights = {id(one) for one in model.parameters()}
    return sum(one.nbytes for place, one in kept.items() if place not in weights)


@activation_memory.mistake("UNI", "You count numbers. How many bytes has each of them? tensor.element_size() says it.")
def numbers_kept(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = t
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    weights = {one.data_ptr() for one in model.parameters()}
    return sum(one.numel() for place, one in kept.items() if place not in weights) + 0 * len(y)


@activation_memory.mistake(
    "UNI",
    "You take four bytes for every number. Some tensors hold others: float64, or the places that pooling notes. Ask tensor.element_size().",
)
def four_bytes_each(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = t
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    weights = {one.data_ptr() for one in model.parameters()}
    return sum(4 * one.numel() for place, one in kept.items() if place not in weights) + 0 * len(y)


@activation_memory.mistake(
    "UNI",
    "You add up what the layers hand on. Autograd keeps less of it in some places and more in others: let it tell you, with saved_tensors_hooks.",
)
def outputs_of_layers(model, x):
    total = 0
    for layer in model:
        x = layer(x)
        total += x.nbytes
    return total


@activation_memory.mistake(
    "UNI",
    "These are the parameters. They are there whether or not anything is trained; count what the forward pass keeps besides.",
)
def parameters_only(model, x):
    return sum(one.nbytes for one in model.parameters())


@activation_memory.mistake(
    "GRD", "Nothing is kept, as you switched autograd off. It is there to keep things: leave no_grad away."
)
def without_autograd(model, x):
    return 0


@activation_memory.mistake(
    "CNT", "The input is missing from your sum: a layer that needs it for the gradient of its weights keeps it too."
)
def input_left_out(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = (t, t.nbytes)
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    others = {one.data_ptr() for one in (*model.parameters(), x)}
    return sum(size for place, (_, size) in kept.items() if place not in others) + 0 * len(y)


@activation_memory.mistake(
    "UNI",
    "The weights of a dense layer are in your sum: it keeps them transposed, a tensor that is no Parameter and lies in the memory of one. Compare where tensors lie, not what they are.",
)
def parameters_by_type(model, x):
    import torch

    kept = {}

    def pack(t):
        if not isinstance(t, torch.nn.Parameter):
            kept[t.data_ptr()] = t
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    return sum(one.nbytes for one in kept.values()) + 0 * len(y)


@activation_memory.alternative
def by_places(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = (t, t.numel() * t.element_size())
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    for one in model.parameters():
        kept.pop(one.data_ptr(), None)
    return sum(size for _, size in kept.values()) + 0 * len(y)


@activation_memory.alternative
def one_after_the_other(model, x):
    import torch

    seen, alive, total = {one.untyped_storage().data_ptr() for one in model.parameters()}, [], 0

    def pack(t):
        nonlocal total
        place = t.untyped_storage().data_ptr()
        if place not in seen:
            seen.add(place)
            total += t.untyped_storage().nbytes()
        alive.append(t)
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        alive.append(model(x))
    return total
