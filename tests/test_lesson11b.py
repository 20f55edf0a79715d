"""Lesson 11b: what its text claims, and answers that nobody catalogued."""

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import cost, device
from course_utils.checking.judge import judge
from course_utils.exercises import Exercise, find, of_lesson

# ---- what the text claims -------------------------------------------------------------------------------------------


def test_tf32_is_rounded_to_ten_bits_ties_to_even():
    steps = torch.tensor([0, 2**-12, 2**-11, 3 * 2**-12, 3 * 2**-11, 2**-10])
    assert (device.round_to_tf32(1 + steps) - 1).tolist() == [0, 0, 0, 2**-10, 2**-9, 2**-10]
    x = torch.randn(1000)
    assert torch.equal(device.round_to_tf32(x), device.round_to_tf32(device.round_to_tf32(x)))
    assert torch.equal(device.rounded(1 + x.abs(), "tf32"), device.rounded(1 + x.abs(), "fp16"))  # the same mantissa
    assert device.rounded(torch.tensor(1e5), "fp16").isinf() and not device.rounded(torch.tensor(1e5), "tf32").isinf()


def test_the_errors_are_those_of_the_text():
    rng, error = np.random.default_rng(0), find("mixed_precision_error").oracle
    x, weight = torch.from_numpy(rng.normal(size=(1, 256, 24, 24))), torch.from_numpy(rng.normal(size=(16, 256)))
    assert 1e-3 < error(x, weight, "tf32") < 3e-3
    assert 0.7e-2 < error(x, weight, "bf16") < 2.5e-2
    assert error(x, weight, "fp32") < 1e-6


def test_the_stack_of_lesson_03_keeps_its_maps_and_its_input():
    parts = [part for a, b in ((3, 32), (32, 64), (64, 128)) for part in (nn.Conv2d(a, b, 3, padding=1), nn.ReLU())]
    kept = find("activation_memory").oracle(nn.Sequential(*parts), torch.randn(1, 3, 32, 32))
    assert kept == cost.activation_bytes(1, (3, 32, 64, 128), 32, 32)


# ---- answers nobody catalogued --------------------------------------------------------------------------------------


def refused(name, answer):
    verdict = judge(find(name), answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert len(verdict.headline) < 300


def coarse_error(x, weight, dtype, pick=lambda error, exact: error.abs().max() / exact.square().mean().sqrt()):
    exact = torch.einsum("oc,nchw->nohw", weight, x)
    return pick(torch.einsum("oc,nchw->nohw", device.rounded(weight, dtype), device.rounded(x, dtype)) - exact, exact)


WRONG_ERRORS = [
    lambda x, weight, dtype: 1e-3,
    lambda x, weight, dtype: coarse_error(x, weight, "bf16"),
    lambda x, weight, dtype: coarse_error(x[:1], weight, dtype),
    lambda x, weight, dtype: coarse_error(x, weight, dtype, lambda error, exact: error.abs().max() / exact.std()),
    lambda x, weight, dtype: coarse_error(x, weight, dtype, lambda error, exact: error.abs().max() / exact.norm()),
    lambda x, weight, dtype: coarse_error(x, weight, dtype, lambda error, exact: error.norm() / exact.norm()),
    lambda x, weight, dtype: coarse_error(
        x, weight, dtype, lambda error, exact: error.abs().max() / exact.square().mean()
    ),
    lambda x, weight, dtype: coarse_error(
        x, weight, dtype, lambda error, exact: error.abs().max() / exact.abs().mean()
    ),
    lambda x, weight, dtype: coarse_error(
        x, weight, dtype, lambda error, exact: error.abs() / exact.square().mean().sqrt()
    ),
    lambda x, weight, dtype: coarse_error(
        x, weight, dtype, lambda error, exact: error.abs().median() / exact.square().mean().sqrt()
    ),
    lambda x, weight, dtype: coarse_error(x.abs(), weight, dtype),
    lambda x, weight, dtype: -coarse_error(x, weight, dtype),
    lambda x, weight, dtype: 100 * coarse_error(x, weight, dtype),
    lambda x, weight, dtype: None,
    lambda x, weight, dtype: coarse_error(x, weight, dtype) ** 2,
    lambda x, weight, dtype: coarse_error(x, weight, dtype, lambda error, exact: error.abs().max() / exact.abs().max()),
    lambda x, weight, dtype: coarse_error(
        x, weight, dtype, lambda error, exact: error.abs().sum() / exact.square().mean().sqrt()
    ),
    lambda x, weight, dtype: coarse_error(x, weight.abs(), dtype),
    lambda x, weight, dtype: (device.rounded(x, dtype) - x).abs().max() / x.square().mean().sqrt(),
    lambda x, weight, dtype: f"{coarse_error(x, weight, dtype):.1e}",
]


@pytest.mark.parametrize("answer", WRONG_ERRORS)
def test_wrong_errors_are_refused(answer):
    refused("mixed_precision_error", answer)


def memory(model, x, size=lambda t: t.untyped_storage().nbytes(), skip=lambda model, x: model.parameters()):
    kept = {}

    def pack(t):
        kept[t.data_ptr()] = (t, size(t))
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    left_out = {one.data_ptr() for one in skip(model, x)}
    return sum(value for place, (_, value) in kept.items() if place not in left_out) + 0 * len(y)


def outputs(model, x):
    """What each layer returns, whether or not anybody keeps it."""
    made = [x]
    for layer in model:
        made.append(layer(made[-1]))
    return made


def freed_on_the_way(model, x):
    places = set()

    def pack(t):
        places.add((t.data_ptr(), t.nbytes))
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    return sum(size for _, size in places) + 0 * len(y)


WRONG_MEMORIES = [
    freed_on_the_way,
    lambda model, x: x.nbytes,
    lambda model, x: model(x).nbytes,
    lambda model, x: x.nbytes + model(x).nbytes,
    lambda model, x: memory(model, x) / 1e6,
    lambda model, x: 8 * memory(model, x),
    lambda model, x: memory(model, x[:1]),
    lambda model, x: memory(model, x) + sum(one.nbytes for one in model.parameters()),
    lambda model, x: memory(model, x) - x.nbytes,
    lambda model, x: memory(model, x) + x.nbytes,
    lambda model, x: memory(model, x, size=lambda t: t.numel() * 8),
    lambda model, x: max(layer.nbytes for layer in [x, model(x)]),
    lambda model, x: len(list(model.children())),
    lambda model, x: memory(model, x, size=lambda t: t.element_size()),
    lambda model, x: 600,
    lambda model, x: memory(model, x) // 2,
    lambda model, x: (memory(model, x), len(x)),
    lambda model, x: sum(one.nbytes for one in model.parameters()),
    lambda model, x: memory(model, torch.cat([x, x])),
    lambda model, x: sum(layer.nbytes for layer in outputs(model, x)),
]


@pytest.mark.parametrize("answer", WRONG_MEMORIES)
def test_wrong_memories_are_refused(answer):
    refused("activation_memory", answer)


# ---- right answers in other styles ----------------------------------------------------------------------------------


def pixel_by_pixel(x, weight, dtype):
    def columns(tensor):
        return tensor.permute(1, 0, 2, 3).flatten(1)

    exact, coarse = weight @ columns(x), device.rounded(weight, dtype) @ columns(device.rounded(x, dtype))
    return torch.linalg.vector_norm(coarse - exact, ord=float("inf")) / (
        torch.linalg.norm(exact) / exact.numel() ** 0.5
    )


def with_linear(x, weight, dtype):
    pixels = x.movedim(1, -1)
    exact = nn.functional.linear(pixels, weight)
    coarse = nn.functional.linear(device.rounded(pixels, dtype), device.rounded(weight, dtype))
    return torch.dist(coarse, exact, p=float("inf")) / exact.pow(2).mean().sqrt()


def with_a_module(x, weight, dtype):
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], 1, bias=False).double()
    answers = []
    for change in (lambda tensor: tensor, lambda tensor: device.rounded(tensor, dtype)):
        layer.weight.data = change(weight)[:, :, None, None]
        answers.append(layer(change(x)).detach())
    return float((answers[1] - answers[0]).abs().max() / torch.sqrt((answers[0] ** 2).mean()))


def by_loops(x, weight, dtype):
    pairs = [(x, weight), (device.rounded(x, dtype), device.rounded(weight, dtype))]
    exact, coarse = (torch.stack([(a * row[:, None, None]).sum(1) for row in b], 1) for a, b in pairs)
    return (
        max((coarse - exact).max(), (exact - coarse).max())
        / exact.std(correction=0).square().add(exact.mean() ** 2).sqrt()
    )


def by_storage(model, x):
    found = {}
    own = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            found.setdefault(storage.data_ptr(), storage)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        answer = model(x)
    del answer
    return sum(storage.nbytes() for storage in found.values())


def in_a_class(model, x):
    class Notes:
        def __init__(self):
            self.kept = []

        def __call__(self, tensor):
            self.kept.append(tensor)
            return tensor

    notes = Notes()
    with torch.autograd.graph.saved_tensors_hooks(notes, lambda tensor: tensor):
        model(x)
    weights = [one.data_ptr() for one in model.parameters()]
    unique = {one.data_ptr(): one.numel() * one.element_size() for one in notes.kept if one.data_ptr() not in weights}
    return sum(unique.values())


def with_the_graph_alive(model, x):
    kept = {}
    with torch.autograd.graph.saved_tensors_hooks(lambda t: (kept.update({t.data_ptr(): t}), t)[1], lambda t: t):
        loss = model(x).sum()
    loss.backward()
    model.zero_grad()
    return sum(t.nbytes for place, t in kept.items() if place not in {one.data_ptr() for one in model.parameters()})


def with_weights_taken_off(model, x):
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        model(x)
    places = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in kept}
    own = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in model.parameters()}
    return sum(places.values()) - sum(size for place, size in own.items() if place in places)


RIGHT = {
    "mixed_precision_error": [pixel_by_pixel, coarse_error, with_linear, with_a_module, by_loops],
    "activation_memory": [memory, by_storage, in_a_class, with_the_graph_alive, with_weights_taken_off],
}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("name", "answer"), [(name, one) for name, answers in RIGHT.items() for one in answers])
def test_right_answers_in_other_styles_are_accepted(name, answer, seed):
    assert judge(find(name), answer, seed).outcome == "correct"


def test_every_exercise_is_tried_with_answers_that_nobody_catalogued():
    wrong = WRONG_ERRORS, WRONG_MEMORIES
    exercises = [item.name for item in of_lesson("11b_bits_and_memory") if isinstance(item, Exercise)]
    assert list(RIGHT) == exercises
    assert min(map(len, wrong)) >= 15 and min(map(len, RIGHT.values())) >= 5
