"""Lesson 10b: its networks reach what the text says, loops are watched as they train, near misses are refused."""

import functools

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils import data, layers
from course_utils.base import paths
from course_utils.checking import check
from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.exercises.lesson10b_reading_digits import training_watched as watched
from course_utils.experiments import contest

X = torch.randn(2, 3, 5, 4, generator=torch.Generator().manual_seed(0))


def test_a_slid_head_says_at_each_place_what_the_dense_layer_says():
    linear = nn.Linear(3, 7)
    torch.testing.assert_close(layers.head_to_conv(linear)(X), linear(X.movedim(1, -1)).movedim(-1, 1))


def test_digits_are_split_evenly_and_no_digit_is_in_two_splits():
    parts = data.digits()
    assert {name: len(labels) for name, (_, labels) in parts.items()} == {
        "train": 3000,
        "validation": 1000,
        "test": 1000,
    }
    for _, labels in parts.values():
        assert len(set(np.bincount(labels))) == 1
    rows = np.concatenate([images.reshape(len(images), -1) for images, _ in parts.values()])
    assert len(np.unique(rows, axis=0)) == 5000
    assert not np.array_equal(parts["train"][1], data.digits(1)["train"][1])
    np.testing.assert_array_equal(parts["test"][0], data.digits()["test"][0])


def used(name):
    """What is seen of how a training loop of the catalogue uses its model."""
    known = {one.name: one.function for one in find("train").mistakes} | {
        one.__name__: one for one in find("train").alternatives
    }
    rng = np.random.default_rng(0)
    model, small = watched.still_model(rng), watched.small_data(rng, 101)
    return list(watched.in_use(known.get(name, find("train").oracle), model, small, 0.1).values())


RIGHT_USE = ["everything is moved", "50, 50, 1", "is not kept"]


@pytest.mark.parametrize("name", ["oracle", "with_a_loader", "with_numpy_order"])
def test_a_right_loop_moves_everything_to_a_gpu_that_is_only_pretended(name):
    assert used(name) == RIGHT_USE


def with_pinned_memory(model, data, epochs, lr, device, report=print):
    pinned = [part.pin_memory() for part in data["train"]] if device == "cuda" else data["train"]
    return find("train").oracle(model, data | {"train": pinned}, epochs, lr, device, report)


def validates_with_frozen_weights(model, data, epochs, lr, device, report=print):
    model.to(device)
    (x, y), (vx, vy) = ([part.to(device) for part in data[name]] for name in ("train", "validation"))
    optimizer, found = torch.optim.Adam(model.parameters(), lr=lr), []
    for _ in range(epochs):
        model.train()
        order, losses = torch.randperm(len(x)).tolist(), []
        while order:
            rows, order = order[:50], order[50:]
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval().requires_grad_(False)
        found.append((model(vx).max(1)[1] == vy).sum().item() / len(vy))
        model.requires_grad_(True)
        report(np.mean(losses), found[-1])
    return found


@pytest.mark.parametrize("answer", [with_pinned_memory, validates_with_frozen_weights])
def test_a_right_loop_passes_whatever_only_a_real_gpu_can_do_and_however_gradients_are_switched_off(answer):
    for seed in (0, 1):
        assert judge(find("train"), answer, seed).outcome == "correct"


@pytest.mark.parametrize(
    ("name", "place", "found"),
    [
        ("device_ignored", 0, "the device is not used"),
        ("images_left_behind", 0, "something stays behind, in the training"),
        ("validation_left_behind", 0, "something stays behind, after the training"),
        ("last_image_lost", 1, "50, 50"),
        ("gradients_while_validating", 2, "is kept"),
    ],
)
def test_what_a_loop_leaves_behind_or_keeps_is_found_without_a_gpu(name, place, found):
    assert used(name) == [*RIGHT_USE[:place], found, *RIGHT_USE[place + 1 :]]


class Moved(nn.Sequential):
    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


def a_head_for_each_class(linear):
    heads = []
    for row in range(linear.out_features):
        one = nn.Conv2d(linear.in_features, 1, 1, bias=linear.bias is not None, dtype=linear.weight.dtype)
        one.weight.data = linear.weight.data[row, None, :, None, None]
        if linear.bias is not None:
            one.bias.data = linear.bias.data[row, None]
        heads.append(one)
    net = nn.ModuleList(heads)
    net.forward = lambda x: torch.cat([one(x) for one in heads], dim=1)
    return net


def by_data(linear):
    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    conv.weight.data = linear.weight.data.view(*linear.weight.shape, 1, 1)
    if linear.bias is not None:
        conv.bias.data = linear.bias.data
    return conv


def turned_round(linear):
    conv = nn.ConvTranspose2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    conv.weight = nn.Parameter(linear.weight.detach().T[:, :, None, None].clone())
    conv.bias = linear.bias
    return conv


@pytest.mark.parametrize("answer", [Moved, a_head_for_each_class, by_data, turned_round])
def test_a_head_may_be_written_in_any_style(answer):
    check(answer, "head_to_conv")


def rounded(linear):
    conv = by_data(linear)
    conv.weight.data = conv.weight.data.float().to(conv.weight.dtype)
    return conv


def bias_rounded(linear):
    conv = by_data(linear)
    if linear.bias is not None:
        conv.bias.data = conv.bias.data.float().to(conv.bias.dtype)
    return conv


def without_a_bias_of_zeros(linear):
    conv = by_data(linear)
    conv.bias = None if linear.bias is None or not linear.bias.any() else conv.bias
    return conv


def with_a_bias_of_zeros(linear):
    conv = by_data(linear)
    conv.bias = conv.bias or nn.Parameter(torch.zeros(linear.out_features)) if linear.bias is None else conv.bias
    return conv


def ten_classes(linear):
    conv = by_data(linear)
    conv.weight.data = torch.cat([conv.weight.data[:10], 0 * conv.weight.data[10:]])
    return conv


def no_module(linear):
    return lambda x: Moved(linear)(x)


def double_or_single(linear):
    return by_data(linear).to(torch.float64 if linear.weight.dtype == torch.float64 else torch.float32)


WRONG_HEADS = [
    rounded, bias_rounded, without_a_bias_of_zeros, with_a_bias_of_zeros, ten_classes, no_module, double_or_single,
]  # fmt: skip


@pytest.mark.parametrize("answer", WRONG_HEADS)
def test_heads_that_lose_a_number_or_bring_one_are_refused(answer):
    assert judge(find("head_to_conv"), answer).outcome in ("wrong", "crashed")


def test_a_head_that_is_no_module_is_told_so():
    assert "not a module" in judge(find("head_to_conv"), no_module).headline


def first_image_only(model, data, epochs, lr, device, report=print):
    accuracies = find("train").oracle(
        model, {name: (x[:1], y[:1]) for name, (x, y) in data.items()}, epochs, lr, device
    )
    for one in accuracies:
        report(0.0, one)
    return accuracies


def in_percent(model, data, epochs, lr, device, report=print):
    return [100 * one for one in find("train").oracle(model, data, epochs, lr, device, report)]


def silent(model, data, epochs, lr, device, report=print):
    return find("train").oracle(model, data, epochs, lr, device, lambda *said: None)


def last_only(model, data, epochs, lr, device, report=print):
    return find("train").oracle(model, data, epochs, lr, device, report)[-1]


def one_epoch_more(model, data, epochs, lr, device, report=print):
    return find("train").oracle(model, data, epochs + 1, lr, device, report)[:-1]


def returns_the_model(model, data, epochs, lr, device, report=print):
    find("train").oracle(model, data, epochs, lr, device, report)
    return model


def on_a_copy(model, data, epochs, lr, device, report=print):
    import copy

    return find("train").oracle(copy.deepcopy(model), data, epochs, lr, device, report)


def made_up(model, data, epochs, lr, device, report=print):
    find("train").oracle(model, data, epochs, lr, device, lambda *said: report(said[0], 0.9))
    return [0.9] * epochs


def by_sgd(model, data, epochs, lr, device, report=print):
    def sgd(parameters, rate):
        return torch.optim.SGD(parameters, rate)

    real, torch.optim.Adam = torch.optim.Adam, sgd
    try:
        return find("train").oracle(model, data, epochs, lr, device, report)
    finally:
        torch.optim.Adam = real


def by_another_adam(optimizer, **settings):
    def train(model, data, epochs, lr, device, report=print):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(torch.optim, "Adam", functools.partial(optimizer, **settings))
            return find("train").oracle(model, data, epochs, lr, device, report)

    return train


def clipped(most):
    def train(model, data, epochs, lr, device, report=print):
        def clip(gradient):
            return gradient.clamp(-most, most)

        hooks = [one.register_hook(clip) for one in model.parameters()]
        try:
            return find("train").oracle(model, data, epochs, lr, device, report)
        finally:
            for one in hooks:
                one.remove()

    return train


def an_order_for(epochs_each):
    """The right loop, but for an order of the images that several epochs share."""

    def train(model, data, epochs, lr, device, report=print):
        (images, labels), accuracies = data["train"], []
        optimizer = torch.optim.Adam(model.parameters(), lr)
        for epoch in range(epochs):
            model.train()
            if epoch % epochs_each == 0:
                order = torch.randperm(len(images))
            losses = []
            for rows in order.split(50):
                loss = F.cross_entropy(model(images[rows]), labels[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            accuracies.append(watched.share(model, *data["validation"]))
            report(sum(losses) / len(losses), accuracies[-1])
        return accuracies

    return train


ADAM = torch.optim.Adam
OTHER_LOOPS = {
    "amsgrad": by_another_adam(ADAM, amsgrad=True),
    "weight decay": by_another_adam(ADAM, weight_decay=1e-4),
    "AdamW": by_another_adam(torch.optim.AdamW),
    "betas": by_another_adam(ADAM, betas=(0.9, 0.99)),
    "eps": by_another_adam(ADAM, eps=1e-6),
    "clipped": clipped(1.0),
    "every second epoch": an_order_for(2),
    "every sixth epoch": an_order_for(6),
}


@pytest.mark.parametrize("seed", [0, 1, 7])
@pytest.mark.parametrize("name", OTHER_LOOPS)
def test_adam_with_other_settings_clipped_gradients_and_orders_that_come_again_are_refused(name, seed):
    assert judge(find("train"), OTHER_LOOPS[name], seed).outcome == "wrong"


def uphill(model, data, epochs, lr, device, report=print):
    return find("train").oracle(model, data, epochs, -lr if lr < 0 else lr / 100, device, report)


WRONG_LOOPS = [
    first_image_only, in_percent, silent, last_only, one_epoch_more, returns_the_model, on_a_copy, made_up, by_sgd, uphill,
    lambda *_: [], lambda model, data, epochs, *_: [0.9] * epochs,
]  # fmt: skip


@pytest.mark.parametrize("answer", WRONG_LOOPS)
def test_loops_that_are_nearly_right_are_refused_in_a_readable_sentence(answer):
    verdict = judge(find("train"), answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert len(verdict.headline) < 400


def trained_share(make, images, epochs, lr, seed):
    torch.manual_seed(seed)
    net = make()
    find("train").oracle(net, images, epochs, lr, "cpu", lambda *said: None)
    return watched.share(net, *images["test"])


@pytest.mark.slow
def test_the_networks_of_the_lesson_reach_what_it_says():
    """What prose says in words: a reader names nearly all, 1×1 alone little more than chance, 7×7 most of them.

    At equal multiply-adds 1×1 layers that come on top lose to more filters, and those that mix in place of a 3×3 do not.
    """
    space = {"functools": functools, "np": np, "torch": torch, "nn": nn}
    text = (paths.solutions() / "10b_reading_digits" / "10b_reading_digits.py").read_text()
    for start in ("def reader(", "def seeing(", "def layer("):
        start = text.index(start)
        exec(text[start : text.index("# fmt: skip", start)], space)
    parts = {name: tuple(map(torch.from_numpy, pair)) for name, pair in data.digits().items()}
    small = {name: (images[:, :, ::2, ::2].contiguous(), labels) for name, (images, labels) in parts.items()}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    readers = [trained_share(space["reader"], parts, 5, 0.005, seed) for seed in range(5)]
    seen = {k: [trained_share(lambda k=k: space["seeing"](k), small, 5, 0.03, s) for s in range(5)] for k in (1, 3, 7)}
    pairs = {name: [trained_share(space["PAIRS"][name], small, 5, rate, s) for s in range(3)]
             for name, rate in (("without", 0.03), ("Network in Network", 0.01), ("plain", 0.01), ("separable", 0.01), ("dense", 0.01))}  # fmt: skip
    longer = trained_share(lambda: space["seeing"](1), small, 20, 0.03, 0)
    torch.set_num_threads(threads)
    spent = {name: contest.macs(make(), image=(1, 14, 14)) for name, make in space["PAIRS"].items()}
    assert all(
        abs(spent[a] / spent[b] - 1) < 0.08
        for a, b in (("with", "without"), ("Network in Network", "plain"), ("separable", "dense"))
    )
    means = {name: np.mean(scores) for name, scores in pairs.items()}
    assert means["without"] > np.mean(seen[7][:3]) + 0.03 and means["plain"] > means["Network in Network"] + 0.1
    assert means["separable"] > means["dense"] - 0.03 and spent["separable"] < spent["dense"]
    assert longer < 0.3
    assert min(readers) > 0.9
    assert 0.12 < min(seen[1]) and max(seen[1]) < 0.3
    assert max(seen[1]) + 0.05 < min(seen[3]) and max(seen[3]) + 0.05 < min(seen[7])
