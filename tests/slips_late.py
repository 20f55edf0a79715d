"""Wrong answers to lessons 07 to 14 as beginners write them, of a fourth round. See slips.py."""

import math

import numpy as np
import torch
from slips import slip
from torch import nn

from course_utils import convs
from course_utils.experiments import claims, descent, reduction

# ruff: noqa: B905, E731, E741


def macs(c_in, c_out, k, h_out, w_out, groups=1):
    return c_out * h_out * w_out * (c_in // groups) * k * k


@slip("grad_bias", "RSH")
def sums_after_a_reshape(dy):
    c = dy.shape[1]
    return dy.reshape(c, -1).sum(axis=1)


@slip("grad_weight", "one operand alone")
def a_letter_once(x, dy):
    return np.einsum("nohw,nchk->oc", dy, x)


@slip("sgd_step", "AVG")
def slope_over_pixels(x, weight, bias, target, lr):
    n, c, h, w = x.shape
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    diff = y - target
    loss = (diff**2).mean()
    dy = 2 * diff / (n * h * w)
    return weight - lr * np.einsum("nohw,nchw->oc", dy, x), bias - lr * dy.sum((0, 2, 3)), loss


@slip("bottleneck_macs", "what you hand to")
def k_first(c_in, c_mid, c_out, k, h, w):
    return macs(1, c_in, c_mid, h, w) + macs(k, c_mid, c_out, h, w)


@slip("depthwise", "BRD")
def padded_all_round(x, kernels):
    n, c, h, w = x.shape
    k = kernels.shape[1]
    xp = np.pad(x, k // 2)
    y = np.zeros(x.shape)
    for b in range(n):
        for ch in range(c):
            for i in range(h):
                for j in range(w):
                    y[b, ch, i, j] = (xp[b, ch, i : i + k, j : j + k] * kernels[ch]).sum()
    return y


@slip("depthwise", "BRD")
def negative_rows(x, kernels):
    n, c, h, w = x.shape
    k = kernels.shape[1]
    p = k // 2
    y = np.zeros(x.shape)
    for i in range(h):
        for j in range(w):
            for a in range(k):
                for b in range(k):
                    if i + a - p < h and j + b - p < w:
                        y[:, :, i, j] += x[:, :, i + a - p, j + b - p] * kernels[:, a, b]
    return y


@slip("pointwise_share", "GRP")
def weights_without_groups(layers):
    ones = [l for l in layers if l["k"] == 1 and l["kind"] == "conv"]
    cost = lambda ls: sum(macs(l["c_in"], l["c_out"], l["k"], l["h"], l["w"], l["groups"]) for l in ls)
    size = lambda ls: sum(l["c_in"] * l["c_out"] * l["k"] ** 2 for l in ls)
    return cost(ones) / cost(layers), size(ones) / size(layers)


@slip("train", "BAT")
def images_in_another_order(model, data, epochs, lr, device, report=print):
    model = model.to(device)
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    (x, y), (vx, vy) = data["train"], data["validation"]
    x, y, vx, vy = x.to(device), y.to(device), vx.to(device), vy.to(device)
    accs = []
    for _ in range(epochs):
        model.train()
        losses = []
        order = torch.randperm(len(x))
        for i in range(0, len(x), 50):
            loss = nn.functional.cross_entropy(model(x[order[i : i + 50]]), y[i : i + 50])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            acc = (model(vx).argmax(1) == vy).float().mean().item()
        report(np.mean(losses), acc)
        accs.append(acc)
    return accs


@slip("head_to_conv", "TRN")
def sizes_exchanged(linear):
    c_in, c_out = linear.weight.shape
    conv = nn.Conv2d(c_in, c_out, 1, bias=linear.bias is not None, dtype=linear.weight.dtype)
    conv.weight.data = linear.weight.data.view(c_out, c_in, 1, 1).clone()
    if linear.bias is not None:
        conv.bias.data = linear.bias.data.clone()
    return conv


@slip("arithmetic_intensity", "where do brackets belong")
def bytes_of_the_first(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (itemsize * p * c_in + c_in * c_out + p * c_out)


@slip("tiled_conv1x1", "along which axis")
def bias_as_a_row(x, weight, bias, block, dot=np.matmul):
    n, c_in, h, w = x.shape
    c_out = len(weight)
    y = np.zeros((n, c_out, h * w))
    flat = x.reshape(n, c_in, -1)
    for b in range(n):
        for o in range(0, c_out, block):
            for p in range(0, h * w, block):
                acc = 0
                for c in range(0, c_in, block):
                    acc = acc + dot(weight[o : o + block, c : c + block], flat[b, c : c + block, p : p + block])
                y[b, o : o + block, p : p + block] = acc + bias[o : o + block]
    return y.reshape(n, c_out, h, w)


@slip("experiment_order", "AXS")
def channels_in_another_order(rng, layer=convs.pointwise):
    x = rng.standard_normal((1, 3, 4, 4))
    w = rng.standard_normal((5, 3))
    p = rng.permutation(3)
    y = layer(x, w)
    return np.abs(layer(x[:, p], w) - y).max() / np.abs(y).max()


@slip("experiment_order", "AXS")
def rows_in_another_order(rng, layer=convs.pointwise):
    x = rng.standard_normal((1, 3, 4, 4))
    w = rng.standard_normal((5, 3))
    p = rng.permutation(4)
    y = layer(x, w)
    return np.abs(layer(x[:, :, p], w) - y[:, :, p]).max() / np.abs(y).max()


class ThreeOnTheShortcut(nn.Module):
    def __init__(self, c_in, c_mid, c_out, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(c_in, c_mid, 1, bias=False),
            nn.ReLU(),
            nn.Conv2d(c_mid, c_mid, 3, padding=1, stride=stride, bias=False),
            nn.ReLU(),
            nn.Conv2d(c_mid, c_out, 1, bias=False),
        )
        self.skip = nn.Identity()
        if c_in != c_out or stride != 1:
            self.skip = nn.Conv2d(c_in, c_out, 3, padding=1, stride=stride, bias=False)

    def forward(self, x):
        return torch.relu(self.body(x) + self.skip(x))


slip("Bottleneck", "SKP")(ThreeOnTheShortcut)


@slip("grad_weight", "those before have to be")
def stacks_multiplied(x, dy):
    return (dy @ x.transpose(0, 1, 3, 2)).sum(axis=(0, 2, 3))


@slip("distinct_rows", "next to no tolerance")
def part_of_the_smallest(weight0, head, steps):
    w, _ = descent.descend(weight0, head, steps)
    s = np.linalg.svd(w, compute_uv=False)
    return int((s > 1e-6 * s[-1]).sum())


@slip("macs", "BRD")
def window_off_small_maps(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in // groups * c_out * k * k * (h_out - k + 1) * (w_out - k + 1)


@slip("train", "AVG")
def loss_for_each_image(model, data, epochs, lr, device, report=print):
    model = model.to(device)
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    (x, y), (vx, vy) = data["train"], data["validation"]
    x, y, vx, vy = x.to(device), y.to(device), vx.to(device), vy.to(device)
    accs = []
    for _ in range(epochs):
        model.train()
        total = 0
        perm = torch.randperm(len(x))
        for i in range(0, len(x), 50):
            idx = perm[i : i + 50]
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            loss.backward()
            opt.step()
            total += loss.item()
        model.eval()
        with torch.no_grad():
            acc = (model(vx).argmax(1) == vy).float().mean().item()
        report(total / len(x), acc)
        accs.append(acc)
    return accs


@slip("train", "OPT")
def plain_gradient_descent(model, data, epochs, lr, device, report=print):
    model = model.to(device)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    (x, y), (vx, vy) = data["train"], data["validation"]
    x, y, vx, vy = x.to(device), y.to(device), vx.to(device), vy.to(device)
    accs = []
    for _ in range(epochs):
        model.train()
        losses = []
        for idx in torch.randperm(len(x)).split(50):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            loss.backward()
            opt.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            acc = (model(vx).argmax(1) == vy).float().mean().item()
        report(sum(losses) / len(losses), acc)
        accs.append(acc)
    return accs


@slip("pick_device", "DEV")
def cpu_taken_for_a_wish(prefer="auto"):
    if torch.cuda.is_available() and prefer != "mps":
        return torch.device("cuda")
    if torch.backends.mps.is_available() and prefer != "cuda":
        return torch.device("mps")
    return torch.device("cpu")


@slip("benchmark", "DEV")
def own_clock(fn, warmup, iters, sync, clock):
    import time

    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        t = time.perf_counter()
        fn()
        sync()
        times.append(time.perf_counter() - t)
    return float(np.median(times))


@slip("arithmetic_intensity", "BAT")
def one_image_read(n, c_in, c_out, h, w, itemsize):
    return 2 * n * c_in * c_out * h * w / (itemsize * (c_in * h * w + c_in * c_out + c_out * h * w))


@slip("activation_memory", "OVL")
def kept_by_id(model, x):
    own = {id(p) for p in model.parameters()}
    kept = {}

    def pack(t):
        kept[id(t)] = t
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        model(x)
    return sum(t.numel() * t.element_size() for i, t in kept.items() if i not in own)


@slip("tiled_conv1x1", "EDG")
def accumulator_too_large(x, weight, bias, block, dot=np.matmul):
    n, c_in, h, w = x.shape
    c_out = len(weight)
    flat = x.reshape(n, c_in, -1)
    y = np.zeros((n, c_out, h * w))
    for b in range(n):
        for o in range(0, c_out, block):
            for p in range(0, h * w, block):
                acc = np.zeros((block, block))
                for c in range(0, c_in, block):
                    acc += dot(weight[o : o + block, c : c + block], flat[b, c : c + block, p : p + block])
                y[b, o : o + block, p : p + block] = acc + bias[o : o + block, None]
    return y.reshape(n, c_out, h, w)


@slip("bytes_moved", "CNT")
def written_by_each_tile(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tp, to = math.ceil(h * w / block_p), math.ceil(c_out / block_o)
    return n * itemsize * (c_in * h * w * to + c_in * c_out * tp + c_out * h * w * tp * to)


@slip("verdict", "THR")
def upper_end_alone(claim, value):
    share = np.mean(np.atleast_1d(value) <= claim.high)
    return "true" if share >= claims.MOST else "false" if share <= 1 - claims.MOST else "depends"


@slip("verdict", "THR")
def more_than_half(claim, value):
    v = np.atleast_1d(value)
    share = np.mean((v >= claim.low) & (v <= claim.high))
    if share > 0.5:
        return "true"
    if share == 0.5:
        return "depends"
    return "false"


@slip("experiment_lossless", "RNK")
def weight_of_ones(rng, channels=None):
    x = channels(rng)
    return reduction.share_lost(x, np.ones((10, x.shape[1])))


@slip("experiment_order", "AXS")
def numbers_shuffled(rng, layer=convs.pointwise):
    x = rng.standard_normal((1, 3, 5, 5))
    w = rng.standard_normal((4, 3))
    y = layer(x, w)
    s = rng.permutation(x.ravel()).reshape(x.shape)
    z = rng.permutation(y.ravel()).reshape(y.shape)
    return np.abs(layer(s, w) - z).max() / np.abs(y).max()


@slip("depthwise", "one operand alone")
def channels_summed_by_their_letter(x, kernels):
    k = kernels.shape[1]
    p = k // 2
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))
    return np.einsum("nchwij,dij->ndhw", windows, kernels)
