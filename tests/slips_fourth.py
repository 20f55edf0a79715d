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


# ---- lessons 12 to 14: one thing of two, another order of the loops, what looks like a transpose


def in_tiles(x, weight, bias, block, dot, pixels):
    """The layer in tiles; `pixels(x)` makes (N, C_in, H·W) of x."""
    (n, c_in, h, w), c_out = x.shape, len(weight)
    y, flat = np.zeros((n, c_out, h * w)), pixels(x)
    for i in range(n):
        for p in range(0, h * w, block):
            for o in range(0, c_out, block):
                acc = np.zeros((len(weight[o : o + block]), len(range(h * w)[p : p + block])))
                for c in range(0, c_in, block):
                    acc += dot(weight[o : o + block, c : c + block], flat[i, c : c + block, p : p + block])
                y[i, o : o + block, p : p + block] = acc + bias[o : o + block, None]
    return y.reshape(n, c_out, h, w)


@slip("tiled_conv1x1", "EDG")
def f6_whole_accumulator_in_the_lessons_order(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    y, flat = np.zeros((n, c_out, h * w)), x.reshape(n, c_in, h * w)
    for i in range(n):
        for p in range(0, h * w, block):
            for o in range(0, c_out, block):
                acc = np.zeros((block, block))
                for c in range(0, c_in, block):
                    acc += dot(weight[o : o + block, c : c + block], flat[i, c : c + block, p : p + block])
                y[i, o : o + block, p : p + block] = acc + bias[o : o + block, None]
    return y.reshape(n, c_out, h, w)


@slip("tiled_conv1x1", "RSH")
def f6_pixels_reshaped(x, weight, bias, block, dot=np.matmul):
    n, c_in, h, w = x.shape
    return in_tiles(x, weight, bias, block, dot, lambda x: x.reshape(n, h * w, c_in).transpose(0, 2, 1))


@slip("tiled_conv1x1", "TIL")
def f6_one_channel_after_the_other(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    y, flat = np.zeros((n, c_out, h * w)), x.reshape(n, c_in, h * w)
    for i in range(n):
        for p in range(0, h * w, block):
            for o in range(0, c_out, block):
                for c in range(c_in):
                    y[i, o : o + block, p : p + block] += dot(
                        weight[o : o + block, c : c + 1], flat[i, c : c + 1, p : p + block]
                    )
    return y.reshape(n, c_out, h, w) + bias[:, None, None]


def moved(n, c_in, c_out, pixels, tiles_p, tiles_o):
    return n * (c_in * pixels * tiles_o + c_in * c_out * tiles_p + c_out * pixels)


@slip("bytes_moved", "EDG")
def f6_pixels_rounded_down(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    return itemsize * moved(n, c_in, c_out, h * w, h * w // block_p, -(-c_out // block_o))


@slip("bytes_moved", "EDG")
def f6_outputs_rounded_down(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    return itemsize * moved(n, c_in, c_out, h * w, -(-h * w // block_p), c_out // block_o)


@slip("bytes_moved", "EDG")
def f6_one_tile_more(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    return itemsize * moved(n, c_in, c_out, h * w, h * w // block_p + 1, c_out // block_o + 1)


@slip("verdict", "THR")
def f6_or(claim, value):
    inside = [claim.low <= one or one <= claim.high for one in np.atleast_1d(value)]
    return "true" if np.mean(inside) >= 0.95 else "false" if np.mean(inside) <= 1 - 0.95 else "depends"


@slip("verdict", "THR")
def f6_true_or_false(claim, value):
    inside = [claim.low <= one <= claim.high for one in np.atleast_1d(value)]
    return "true" if np.mean(inside) >= 0.95 else "false"


@slip("verdict", "AVG")
def f6_median(claim, value):
    return "true" if claim.low <= np.median(value) <= claim.high else "false"


@slip("verdict", "TYP")
def f6_list_compared(claim, value):
    agree = np.mean((claim.low <= value) & (value <= claim.high))
    return "true" if agree >= 0.95 else "false" if agree <= 1 - 0.95 else "depends"


@slip("verdict", "no share is")
def f6_per_cent(claim, value):
    agree = np.mean([claim.low <= one <= claim.high for one in np.atleast_1d(value)])
    return "true" if agree >= 95 else "false" if agree <= 5 else "depends"


@slip("experiment_maps", "one input channel")
def f6_channel_by_channel(rng, layer=convs.conv2d):
    x, weight = rng.standard_normal((1, 3, 8, 8)), rng.standard_normal((4, 3, 3, 3))
    maps = [layer(x[:, [c]], weight[:, [c]], padding=1) for c in range(3)]
    return np.concatenate(maps, axis=1).shape[1] / 12


@slip("experiment_lossless", "RND")
def f6_weight_from_numpys_own(rng, channels=None):
    from course_utils.experiments import reduction

    x = channels(rng)
    return reduction.share_lost(x, np.random.standard_normal((10, x.shape[1])))


@slip("experiment_lossless", "The weight is (10, C)")
def f6_a_hundred_outputs(rng, channels=None):
    from course_utils.experiments import reduction

    x = channels(rng)
    return reduction.share_lost(x, rng.standard_normal((100, x.shape[1])))


@slip("experiment_distinct", "The head comes second")
def f6_head_first(rng, train=descent.descend):
    weight, _ = train(np.full(4, 0.5), np.tile(rng.standard_normal(10), (4, 1)), 100)
    return np.linalg.matrix_rank(weight, rtol=1e-6)


@slip("experiment_distinct", "PRC")
def f6_to_a_hundredth(rng, train=descent.descend):
    weight, _ = train(np.tile(rng.standard_normal(10), (4, 1)), np.full(4, 0.5), 100)
    return np.linalg.matrix_rank(weight, rtol=1e-2)


def both_ways(rng, layer, h, w):
    x, weight, perm = rng.standard_normal((1, 3, h, w)), rng.standard_normal((4, 3)), rng.permutation(h * w)
    y = layer(x, weight)
    moved = layer(x.reshape(1, 3, -1)[:, :, perm].reshape(x.shape), weight)
    return moved - y.reshape(1, 4, -1)[:, :, perm].reshape(y.shape), y


@slip("experiment_order", "SCL")
def f6_each_by_its_own(rng, layer=convs.pointwise):
    gap, y = both_ways(rng, layer, 6, 5)
    return (np.abs(gap) / np.abs(y)).max()


@slip("experiment_order", "DAT")
def f6_one_row(rng, layer=convs.pointwise):
    gap, y = both_ways(rng, layer, 1, 30)
    return np.abs(gap).max() / np.abs(y).max()


@slip("feed_forward", "RSH")
def f6_reshaped_weights(x, up, up_bias, down, down_bias):
    hidden = np.maximum(x @ up.reshape(up.shape[1], -1) + up_bias, 0)
    return hidden @ down.reshape(down.shape[1], -1) + down_bias


@slip("attention", "RSH")
def f6_key_viewed(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    n, t, d = k.shape
    return torch.softmax(q @ k.reshape(n, d, t) / d**0.5, dim=-1) @ v @ out.T


@slip("attention", "ORD")
def f6_scaled_behind(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return (F.softmax(q @ k.mT, dim=-1) @ v / len(query) ** 0.5) @ out.T


@slip("attention", "LIN")
def f6_exp_alone(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    return torch.exp(q @ k.mT / len(query) ** 0.5) @ v @ out.T


@slip("attention", "PRC")
def f6_exp_and_sum(x, query, key, value, out):
    scores = (x @ query.T) @ (x @ key.T).mT / len(query) ** 0.5
    shares = scores.exp() / scores.exp().sum(dim=-1, keepdim=True)
    return shares @ (x @ value.T) @ out.T


def parts(a):
    t, c, m = a["tokens"], a["width"], a["hidden"]
    return t, c, a["blocks"], 4 * c * c + 2 * c * m, a["patches"] * a["patch"] * c, a["read"] * a["classes"] * c


@slip("tokenwise_share", "CNT")
def f6_one_block(a):
    t, c, blocks, each, first, head = parts(a)
    own = t * each + first + head
    return own / (own + blocks * 2 * t * t * c)


@slip("tokenwise_share", "CNT")
def f6_one_token(a):
    t, c, blocks, each, first, head = parts(a)
    own = blocks * each + first + head
    return own / (own + blocks * 2 * t * t * c)


@slip("tokenwise_share", "CNT")
def f6_t_and_not_t_squared(a):
    t, c, blocks, each, first, head = parts(a)
    own = blocks * t * each + first + head
    return own / (own + blocks * 2 * t * c)


@slip("tokenwise_share", "CNT")
def f6_one_read(a):
    t, c, blocks, each, first, head = parts(a)
    own = blocks * t * each + first + a["classes"] * c
    return own / (own + blocks * 2 * t * t * c)


@slip("tokenwise_share", "CNT")
def f6_patches_in_each_block(a):
    t, c, blocks, each, first, head = parts(a)
    own = blocks * (t * each + first) + head
    return own / (own + blocks * 2 * t * t * c)
