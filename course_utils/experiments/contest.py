"""A contest at equal cost: count what a small network computes, train it on real digits, ask it about hidden ones.

The digits are the 1,797 handwritten ones of scikit-learn, 8×8 pixels. torch is imported when it is first needed.
"""

import copy
import functools
import gzip
import importlib.util
import io
from math import prod
from pathlib import Path

import numpy as np

from course_utils.base.errors import CourseError
from course_utils.base.remote import where_it_lives
from course_utils.base.threads import one_thread
from course_utils.data.files import verified_bytes

SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"

IMAGE, CLASSES = (1, 8, 8), 10
BUDGET = 15_000  # MACs an image, the budget of the lesson
SEEDS = (0, 1, 2)
THREES = 0.9306  # what `only_threes(BUDGET)` names of the hidden digits, the mean over SEEDS; a test trains it anew
HIDDEN = 797  # digits that no training sees
PASSES, BATCH, RATE = 12, 50, 0.03
COUNTED: dict[tuple, int] = {}  # a network of PyTorch's own layers, how it is run -> its MACs
TRAINED = {}  # all that decides how a network trains -> its hidden accuracy: training takes a second or more


@functools.cache
def _digits():
    """Images and labels, in an order that is always the same: the last HIDDEN of them are the hidden split."""
    import torch

    path = Path(importlib.util.find_spec("sklearn").origin).parent / "datasets/data/digits.csv.gz"
    content = verified_bytes(path, SHA256, "Install scikit-learn again: `python3 course.py doctor` says how.")
    rows = np.loadtxt(io.BytesIO(gzip.decompress(content)), delimiter=",")  # 64 pixels from 0 to 16, then the label
    rows = np.random.default_rng(13).permutation(rows)
    images = torch.tensor(rows[:, :64].reshape(-1, *IMAGE) / 16, dtype=torch.float32)
    return images, torch.tensor(rows[:, 64], dtype=torch.long)


def training_split():
    """Images (1000, 1, 8, 8), from 0 to 1, and their labels: what a network may learn from.

    >>> images, labels = training_split()
    >>> tuple(images.shape), len(labels)
    ((1000, 1, 8, 8), 1000)
    """
    images, labels = _digits()
    return images[:-HIDDEN], labels[:-HIDDEN]


def macs(model, images=1, image=IMAGE):
    """How many MACs (a multiplication and the addition that follows) a network takes for some images, counted in a run.

    >>> from torch import nn
    >>> macs(nn.Conv2d(1, 5, 3, padding=1))            # 8·8 pixels, 5 filters of 9 numbers each
    2880

    PyTorch's counter looks at what convolutions and matrix products do, however they are written, and counts two a MAC.
    Here it counts products of two tensors as well: a convolution spelled out in these would else come for free.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    def product(*_, out_shape, **__):
        return 2 * prod(out_shape)

    if not isinstance(model, torch.nn.Module):
        raise CourseError(f"macs: got a {type(model).__name__}, expected a network, an nn.Module.")
    key = _layout(model)
    if key and (known := COUNTED.get((*key, images, image))):
        return known
    counter = FlopCounterMode(display=False, custom_mapping={torch.ops.aten.mul: product})
    with counter, torch.no_grad():
        model(torch.zeros(images, *image))
    found = counter.get_total_flops() // 2
    if key:
        COUNTED[(*key, images, image)] = found
    return found


def _layout(model):
    """What says all of how a network of PyTorch's own layers computes; () of one with a class or a hook of its own.

    A layer is written as it was made: a weight that it was given later may have another shape under the same text.
    """
    parts = list(model.modules())
    own = {"forward", "parametrizations"}
    for part in parts:
        if not type(part).__module__.startswith("torch.nn.modules.") or own & {*vars(part), *part._modules}:
            return ()
        if part._forward_hooks or part._forward_pre_hooks:
            return ()
    shapes = tuple(tuple(one.shape) for one in model.state_dict().values())
    return (repr(model), shapes, *((part.training, type(part).forward) for part in parts))


@where_it_lives
def is_network(thing):
    """Whether something is a network of PyTorch's, here or in the process that it lives in.

    >>> is_network("a network")
    False
    """
    import torch

    return isinstance(thing, torch.nn.Module)


def only_threes(budget_macs):
    """The network to compare with: three 3×3 convolutions, as wide as the budget allows, and a dense layer.

    >>> macs(only_threes(BUDGET))
    13884
    """
    from torch import nn

    def layer(c_in, c_out, stride):
        return [nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU()]

    def net(c):
        threes = [*layer(1, c, 1), *layer(c, c, 2), *layer(c, c, 1)]
        return nn.Sequential(*threes, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, CLASSES))

    width = 1
    while macs(net(width + 1)) <= budget_macs:
        width += 1
    return net(width)


def train(model, seed=0):
    """Train a network on the training split, always in the same way; `seed` decides the order of the digits."""
    import torch

    images, labels = training_split()
    order = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), RATE)
    steps = PASSES * -(-len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    model.train()
    for _ in range(PASSES):
        for batch in torch.randperm(len(images), generator=order).split(BATCH):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
            schedule.step()
    return model


def accuracy(model):
    """The share of the hidden digits that a network names rightly, from 0 to 1."""
    import torch

    images, labels = _digits()
    model.eval()
    with torch.no_grad():
        said = model(images[-HIDDEN:]).argmax(dim=1)
    return (said == labels[-HIDDEN:]).float().mean().item()


def score(model, seed):
    """The hidden accuracy of one network after training."""
    return accuracy(train(model, seed))


def fingerprint(net):
    """All that decides how a network trains: its layers, its start, and what it makes of a picture."""
    import torch

    picture = torch.linspace(0, 1, 64).reshape(1, *IMAGE)
    net = copy.deepcopy(net).eval()
    with torch.no_grad():
        return (repr(net), *(part.numpy().tobytes() for part in (*net.state_dict().values(), net(picture))))


def known_score(net, seed):
    """The score of a network for a seed; one that starts alike is not trained again."""
    import torch

    key = ("score", seed, *fingerprint(net), torch.get_rng_state().numpy().tobytes())  # dropout draws from it
    if key not in TRAINED:
        TRAINED[key] = score(net, seed)
    return TRAINED[key]


def scores(make, seeds=SEEDS, score=known_score):
    """The hidden accuracies of networks made anew, started at random and trained, one for each seed: all of them.

    >>> scores(lambda: only_threes(10_000), seeds=[0])[0] > 0.5
    True

    They are trained with one thread, so that they are the same on every computer, and soon there on a busy one.
    """
    import torch

    found = []
    for seed in seeds:
        with torch.random.fork_rng(devices=[]), one_thread():
            torch.manual_seed(seed)
            found.append(score(make(), seed))
    return found
