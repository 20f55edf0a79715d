"""Slips as beginners write them: several values returned, right helpers used wrongly, and the networks of lesson 10."""

# ruff: noqa: B905

import numpy as np
import torch
from slips import slip
from torch import nn
from torch.nn import functional as F

from course_utils import convs
from course_utils.experiments import descent


def layer(x, weight, bias):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


def macs(c_in, c_out, k, h_out, w_out, groups=1):
    return h_out * w_out * c_out * (c_in // groups) * k * k


@slip("sgd_step", "in another order")
def f5_loss_first(x, weight, bias, target, lr):
    error = layer(x, weight, bias) - target
    dy = 2 * error  # of the sum of squares
    step = np.einsum("nchw,nohw->oc", x, dy)
    return (error**2).sum(), weight - lr * step, bias - lr * dy.sum((0, 2, 3))


@slip("sgd_step", "is missing")
def f5_no_loss(x, weight, bias, target, lr):
    dy = 2 * (layer(x, weight, bias) - target) / target.size
    return weight - lr * np.einsum("nchw,nohw->oc", x, dy), bias - lr * dy.sum((0, 2, 3))


@slip("roofline", "in another order")
def f5_word_first(ai, peak_flops, bandwidth):
    attainable = min(peak_flops, bandwidth / ai)
    return "memory" if attainable < peak_flops else "compute", attainable


@slip("verdict", "return it alone")
def f5_with_its_share(claim, value):
    share = np.mean([claim.low <= one <= claim.high for one in np.atleast_1d(value)])
    return "true" if share >= 0.95 else "false" if share <= 1 - 0.95 else "depends", share


@slip("break_even", "return it alone")
def f5_with_its_cost(c_in, c_out, k):
    return k**2 * c_in * c_out / (c_in + k**2 * c_out), k**2 * c_in * c_out


@slip("grad_x", "h and w are summed away")
def f5_pixels_summed(dy, weight):
    return np.einsum("oc,nohw->nc", weight, dy)


@slip("bottleneck_macs", "fifth belongs third")
def f5_sizes_first(c_in, c_mid, c_out, k, h, w):
    return macs(c_in, c_mid, h, w, 1) + macs(c_mid, c_out, h, w, k)


@slip("receptive_field", "STR")
def f5_times_stride(kernels, strides):
    r = 1
    for k, s in zip(kernels, strides):
        r = r * s + (k - 1)
    return r


@slip("tokenwise_share", "of all C channels")
def f5_head_without_channels(a):
    t, c, m = a["tokens"], a["width"], a["hidden"]
    own = a["blocks"] * t * (4 * c * c + 2 * c * m) + a["patches"] * a["patch"] * c + a["read"] * a["classes"]
    return own / (own + a["blocks"] * 2 * t * t * c)


@slip("find_the_impostors", "within a tolerance")
def f5_equal_to_the_last_digit(suspect):
    rng = np.random.default_rng(1)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=6)
    return bool((suspect(x, weight, bias) == convs.pointwise(x, weight, bias)).all())


@slip("find_the_impostors", "find_the_impostors(convs.pointwise)")
def f5_compared_without_bias(suspect):
    rng = np.random.default_rng(3)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=6)
    return bool(np.allclose(suspect(x, weight, bias), np.einsum("oc,nchw->nohw", weight, x)))


@slip("distinct_rows", "look at the number 1")
def f5_one_step_fewer(weight0, head, steps):
    weight, _ = descent.descend(weight0, head, max(steps - 1, 0))
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@slip("distinct_rows", "something too much")
def f5_head_in_order(weight0, head, steps):
    weight, _ = descent.descend(weight0, np.sort(head), steps)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


def shuffled(y, perm):
    return y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)


@slip("shuffle_gap", "")
def f5_no_gap_where_allclose(f, x, perm):
    one, other = f(shuffled(x, perm)), shuffled(f(x), perm)
    return 0.0 if np.allclose(one, other) else np.abs(one - other).max()


@slip("shuffle_gap", "INP")
def f5_into_what_f_returned(f, x, perm):
    y = f(x)
    y -= shuffled(f(shuffled(x, perm)), np.argsort(perm))
    return np.abs(y).max()


@slip("pixels_as_columns", "RSH")
def f5_as_it_lies_in_memory(x):
    return np.array([channel.ravel("A") for channel in x.swapaxes(0, 1)])


class Block(nn.Module):
    """A right bottleneck, of which each slip changes one thing."""

    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__()
        self.down = nn.Conv2d(c_in, c_mid, 1, bias=False)
        self.middle = nn.Conv2d(c_mid, c_mid, 3, padding=1, stride=stride, bias=False)
        self.up = nn.Conv2d(c_mid, c_out, 1, bias=False)
        changes = stride != 1 or c_in != c_out
        self.shortcut = nn.Conv2d(c_in, c_out, 1, stride=stride, bias=False) if changes else nn.Identity()

    def three(self, x):
        return self.up(F.relu(self.middle(F.relu(self.down(x)))))

    def forward(self, x):
        return F.relu(self.three(x) + self.shortcut(x))


@slip("Bottleneck", "STR")
class f5_stride_twice(Block):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        self.down = nn.Conv2d(c_in, c_mid, 1, stride=stride, bias=False)


@slip("Bottleneck", "the stride comes after your 3×3")
class f5_stride_in_the_last(Block):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        self.middle = nn.Conv2d(c_mid, c_mid, 3, padding=1, bias=False)
        self.up = nn.Conv2d(c_mid, c_out, 1, stride=stride, bias=False)


@slip("Bottleneck", "BIA")
class f5_shortcut_with_bias(Block):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        if stride != 1 or c_in != c_out:
            self.shortcut = nn.Conv2d(c_in, c_out, 1, stride=stride)


@slip("Bottleneck", "batch norms")
class f5_batch_norm(Block):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__(c_in, c_mid, c_out, stride)
        self.up = nn.Sequential(nn.Conv2d(c_mid, c_out, 1, bias=False), nn.BatchNorm2d(c_out))


@slip("Bottleneck", "SKP")
class f5_x_overwritten(Block):
    def forward(self, x):
        x = F.relu(self.down(x))
        x = F.relu(self.middle(x))
        return F.relu(self.up(x) + self.shortcut(x))


@slip("Bottleneck", "SKP")
class f5_beside(Block):
    def forward(self, x):
        return F.relu(torch.cat([self.three(x), self.shortcut(x)], dim=1))


@slip("Bottleneck", "REG")
class f5_in_a_list(nn.Module):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__()
        block = Block(c_in, c_mid, c_out, stride)
        self.layers, self.shortcut = [block.down, block.middle, block.up], block.shortcut

    def forward(self, x):
        down, middle, up = self.layers
        return F.relu(up(F.relu(middle(F.relu(down(x))))) + self.shortcut(x))


@slip("head_to_conv", "TRN")
def f5_sizes_swapped(linear):
    c_in, c_out = linear.weight.shape
    conv = nn.Conv2d(c_in, c_out, 1)
    with torch.no_grad():
        conv.weight.copy_(linear.weight[:, :, None, None])
        conv.bias.copy_(linear.bias)
    return conv


def epochs_of(model, data, epochs, lr, device, shuffled, told):
    """A usual loop; `shuffled` makes each epoch's images and labels of those before, `told` is given all that it finds."""
    model.to(device)
    adam, (x, y), found = torch.optim.Adam(model.parameters(), lr=lr), data["train"], []
    for _ in range(epochs):
        model.train()
        x, y = shuffled(x, y)
        losses = []
        for some, labels in zip(x.split(50), y.split(50)):
            adam.zero_grad()
            loss = F.cross_entropy(model(some.to(device)), labels.to(device))
            loss.backward()
            adam.step()
            losses.append(loss.item())
        model.eval()
        images, labels = data["validation"]
        with torch.no_grad():
            found.append((model(images.to(device)).argmax(1) == labels.to(device)).float().mean().item())
        told(losses, found)
    return found


def both_shuffled(x, y):
    order = torch.randperm(len(x))
    return x[order], y[order]


@slip("train", "BAT")
def f5_labels_left(model, data, epochs, lr, device, report=print):
    def shuffled(x, y):
        return x[torch.randperm(len(x))], y

    return epochs_of(
        model, data, epochs, lr, device, shuffled, lambda losses, found: report(np.mean(losses), found[-1])
    )


@slip("train", "TYP")
def f5_losses_too(model, data, epochs, lr, device, report=print):
    means = []

    def told(losses, found):
        means.append(np.mean(losses))
        report(means[-1], found[-1])

    return means, epochs_of(model, data, epochs, lr, device, both_shuffled, told)


@slip("train", "after each batch")
def f5_reported_each_batch(model, data, epochs, lr, device, report=print):
    def told(losses, found):
        for loss in losses:
            report(loss, found[-1])

    return epochs_of(model, data, epochs, lr, device, both_shuffled, told)
