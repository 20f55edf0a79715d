"""Wrong answers of a third round: whatever the check once said wrongly of them, or had no word for. See slips.py."""

import math

import numpy as np
import torch
from slips import slip
from torch import nn

from course_utils import convs
from course_utils.experiments import descent

# ruff: noqa: B007, B905, E501, E712, E741, F821, F841, N805


def mix_pixel(v, w, b=0.0):
    return (v * w).sum() + b


def centred(x):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns[:, :1]
    return columns - columns.mean(axis=1, keepdims=True)


def pixels_as_columns(x):
    n, c, h, w = x.shape
    return x.transpose(1, 0, 2, 3).reshape(c, n * h * w)


def grad_weight(x, dy):
    return np.einsum("nohw,nchw->oc", dy, x)


def grad_bias(dy):
    return dy.sum(axis=(0, 2, 3))


def macs(c_in, c_out, k, h_out, w_out, groups=1):
    return k * k * c_in // groups * c_out * h_out * w_out


@slip("mix_pixel_many", "the same at each turn")
def f3_p12(v, weight, bias):
    y = np.zeros(len(bias))
    for o in range(len(bias)):
        y[o] = mix_pixel(v, weight[0], bias[o])
    return y


@slip("mix_pixel_many", "throws `y` away")
def f3_p15(v, weight, bias):
    y = []
    for o in range(len(bias)):
        y = y.append(mix_pixel(v, weight[o], bias[o]))
    return np.array(y)


@slip("count_weights", "belongs to the other case")
def f3_p40(c_in, c_out, k, bias=True):
    if bias:
        return c_in * c_out * k * k
    return c_in * c_out * k * k + c_out


@slip("columns_as_pixels", "len(cols[0])")
def f3_p57(cols, n, h, w):
    c = len(cols[0])
    return cols.reshape(c, n, h, w).transpose(1, 0, 2, 3)


@slip("grad_weight", "more than once")
def f3_q8(x, dy):
    return np.einsum("nchw,nchw->cc", dy, x)


@slip("mlpconv", "already stops before n")
def f3_q25(x, layers):
    for i in range(len(layers) - 1):
        w, b = layers[i]
        x = np.maximum(np.einsum("oc,nchw->nohw", w, x) + b[:, None, None], 0)
    return x


@slip("macs", "no square")
def f3_q46(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in * c_out * k * 2 * h_out * w_out // groups


@slip("depthwise", "")
def f3_q54(x, kernels):
    k = kernels.shape[1]
    n, c, h, w = x.shape
    y = np.zeros((n, c, h, w))
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * x[:, :, i : i + h, j : j + w]
    return y


@slip("depthwise", "")
def f3_q58(x, kernels):
    k = kernels.shape[-1]
    h, w = x.shape[-2:]
    xp = np.pad(x, k // 2)
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j, None, None] * xp[:, :, i : i + h, j : j + w]
    return y


@slip("experiment_order", "of both signs")
def f3_eo3(rng, layer=convs.pointwise):
    x, w, perm = rng.normal(size=(1, 3, 8, 9)), rng.normal(size=(4, 3)), rng.permutation(72)

    def sh(a):
        return a.reshape(*a.shape[:2], -1)[:, :, perm].reshape(a.shape)

    y = layer(x, w)
    return np.abs(layer(sh(x), w) - sh(y)).max() / y.max()


@slip("mix_pixel", "ORD")
def f3_m7(v, w, b=0.0):
    total = 0
    for x, i in enumerate(v):
        total += w[i] * x
    return total + b


@slip("mix_pixel", "never used")
def f3_m10(v, w, b=0.0):
    total = b
    for i in range(len(v)):
        totl = total + v[i] * w[i]
    return total


@slip("mix_pixel_many", "TRN")
def f3_m12(v, weight, bias):
    C_out, C_in = weight.shape
    y = np.zeros(C_out)
    for o in range(C_out):
        for c in range(C_in):
            y[o] += weight[c][o] * v[c]
        y[o] += bias[o]
    return y


@slip("conv1x1_loops", "at each turn")
def f3_m21(x, weight, bias=None):
    N, C, H, W = x.shape
    O = weight.shape[0]
    y = np.zeros((N, O, H, W))
    for n in range(N):
        for i in range(H):
            for j in range(W):
                total = 0
                for o in range(O):
                    for c in range(C):
                        total += weight[o, c] * x[n, c, i, j]
                    y[n, o, i, j] = total
                    if bias is not None:
                        y[n, o, i, j] += bias[o]
    return y


@slip("conv1x1_loops", "CHN")
def f3_m22(x, weight, bias=None):
    y = np.zeros(x.shape)
    N, C, H, W = x.shape
    for n in range(N):
        for o in range(weight.shape[0]):
            for c in range(C):
                y[n, o] += weight[o, c] * x[n, c]
    if bias is not None:
        y += bias.reshape(1, -1, 1, 1)
    return y


@slip("conv1x1_loops", "AXS")
def f3_m25(x, weight, bias=None):
    N, C, H, W = x.shape
    O = weight.shape[0]
    y = np.zeros((N, O, H, W))
    for n in range(N):
        for o in range(O):
            for i in range(H):
                for j in range(H):
                    y[n, o, i, j] = np.dot(weight[o], x[n, :, i, j])
                    if bias is not None:
                        y[n, o, i, j] += bias[o]
    return y


@slip("pixels_as_columns", "look at the number 3")
def f3_m43(x):
    n, c, h, w = x.shape
    return np.swapaxes(x, 1, 3).reshape(c, n * h * w)


@slip("shuffle_gap", "along axis 0")
def f3_m62(f, x, perm):
    n, c, h, w = x.shape

    def sh(y):
        flat = y.reshape(n, -1, h * w)
        return flat[perm].reshape(n, -1, h, w)

    return np.abs(f(sh(x)) - sh(f(x))).max()


@slip("receptive_field", "already stops before n")
def f3_m68(kernels, strides):
    size, step = 1, 1
    for i in range(len(kernels) - 1):
        size += (kernels[i] - 1) * step
        step *= strides[i]
    return size


@slip("restore_error", "TRN")
def f3_m78(x, weight):
    p = centred(x).T
    z = p @ weight.T
    d = np.linalg.lstsq(p, z, rcond=None)[0]
    return ((p - z @ d.T) ** 2).sum() / (p**2).sum()


@slip("channel_rank", "look at the `mean`")
def f3_m85(x, tol):
    s = np.linalg.svd(centred(x), compute_uv=False)
    return int(np.sum(s > tol * s.mean()))


@slip("sgd_step", "changed places")
def f3_r9(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    dy = 2 * (y - target) / y.size
    return weight - lr * grad_weight(dy, x), bias - lr * grad_bias(dy), np.mean((y - target) ** 2)


@slip("distinct_rows", "")
def f3_r12(weight0, head, steps):
    head, weight = descent.descend(weight0, head, steps)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@slip("fuse", "too much")
def f3_r16(w1, b1, w2, b2):
    return w2.T @ w1, w2.T @ b1 + b2


@slip("gap", "Along which axes")
def f3_r25(x):
    n, c, h, w = x.shape
    y = np.zeros((n, c))
    for k in range(c):
        y[:, k] = x[:, k].mean()
    return y


@slip("gap_then_linear", "look at the `max`")
def f3_r28(x, weight, bias):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    return y.max(axis=(2, 3))


@slip("fold_batchnorm", "EDG")
def f3_r33(weight, bias, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    if bias is None:
        return weight * s[:, None], beta
    return weight * s[:, None], (bias - mean) * s + beta


@slip("Pointwise", "`self`")
class F3PointwiseB(nn.Module):
    def __init__(self, c_in, c_out, bias=True):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, 1, bias=bias)

    def forward(x):
        return self.conv(x)


@slip("train", "look at the number 0")
def f3_s2(model, data, epochs, lr, device, report=print):
    model.to(device)
    X, Y = [t.to(device) for t in data["train"]]
    Xv, Yv = [t.to(device) for t in data["validation"]]
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    accs = []
    for e in range(epochs):
        model.train()
        losses = []
        for idx in torch.randperm(len(X)).split(50):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(X[idx]), Y[idx])
            loss.backward()
            opt.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            acc = (model(Xv).argmax(0) == Yv).float().mean().item()
        accs.append(acc)
        report(np.mean(losses), acc)
    return accs


@slip("train", "ORD")
def f3_s5(model, data, epochs, lr, device, report=print):
    model.to(device)
    X, Y = [t.to(device) for t in data["train"]]
    Xv, Yv = [t.to(device) for t in data["validation"]]
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    accs = []
    for e in range(epochs):
        model.train()
        losses = []
        for idx in torch.randperm(len(X)).split(50):
            loss = nn.functional.cross_entropy(model(X[idx]), Y[idx])
            loss.backward()
            opt.zero_grad()
            opt.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            acc = (model(Xv).argmax(1) == Yv).float().mean().item()
        accs.append(acc)
        report(np.mean(losses), acc)
    return accs


@slip("attention", "")
def f3_s48(x, query, key, value, out):
    q, k = x @ query.T, x @ key.T
    s = q @ k.transpose(1, 2) / len(query) ** 0.5
    return (s.softmax(dim=-1) @ x) @ out.T


@slip("conv1x1_matmul", "")
def f3_p61(x, weight, bias=None):
    n, c, h, w = x.shape
    y = x.reshape(n, h * w, c) @ weight.T
    y = y.transpose(0, 2, 1).reshape(n, -1, h, w)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@slip("count_weights", "")
def f3_m35(c_in, c_out, k, bias=True):
    return c_in * c_out * k**2 + c_out if bias else c_in * c_out


@slip("distinct_rows", "")
def f3_r13(weight0, head, steps):
    weight, head = descent.descend(weight0, head, 100)
    return int(np.linalg.matrix_rank(weight, rtol=1e-6))


@slip("bottleneck_macs", "")
def f3_r37(c_in, c_mid, c_out, k, h, w):
    return macs(c_in, c_mid, h, w, 1) + macs(c_mid, c_out, h, w, k)


@slip("patchify_weight", "")
def f3_s50(weight):
    o, c, p, q = weight.shape
    return weight.transpose(0, 2, 3, 1).reshape(-1, o).T


@slip("find_the_impostors", "look at the number 1")
def f3_p86(layer):
    rng = np.random.default_rng(1)
    x, w, b = rng.normal(size=(1, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=6)
    want = np.einsum("oc,nchw->nohw", w, x)
    for bias in (b, None):
        full = want if bias is None else want + bias[:, None, None]
        y = layer(x, w, bias)
        if y.shape != full.shape or not np.allclose(y, full):
            return False
    return True


@slip("roofline", "changed places")
def f3_s21(ai, peak_flops, bandwidth):
    ridge = bandwidth / peak_flops
    if ai < ridge:
        return ai * bandwidth, "memory"
    return peak_flops, "compute"


@slip("bytes_moved", "look at the number 2")
def f3_s32(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tp, to = math.ceil(h * w / block_p), math.ceil(c_out / block_o)
    return itemsize * n * (c_in * h * w * to + c_in * c_out * tp + 2 * c_out * h * w)


@slip("activation_bytes", "CNT")
def f3_m39(n, channels, h, w, itemsize, keep_all):
    maps = [a + b for a, b in zip(channels[:-1], channels[1:])]
    held = sum(maps) if keep_all else max(maps)
    return n * held * h * w * itemsize


@slip("shuffle_gap", "changed places")
def f3_m64(f, x, perm):
    def sh(y):
        n, c, h, w = y.shape
        return y.reshape(n, c, h * w)[:, :, perm].reshape(n, c, w, h)

    return np.abs(f(sh(x)) - sh(f(x))).max()


@slip("lora", "changed places")
def f3_s56(weight, down, up, alpha):
    return weight + len(down) / alpha * up @ down


@slip("head_to_conv", "TRN")
def f4_hz1(linear):
    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    conv.weight.data = linear.weight.data.T[:, :, None, None].clone()
    if linear.bias is not None:
        conv.bias.data = linear.bias.data.clone()
    return conv


@slip("experiment_distinct", "ORD")
def f4_rz13(rng, train=descent.descend):
    row = rng.standard_normal(10) * 0.3
    w = train(np.tile(row, (4, 1)), np.full(4, 0.5), 100)
    return np.linalg.matrix_rank(w[1], rtol=1e-6)


@slip("mlpconv", "the same at each turn")
def f4_z50(x, layers):
    for i in range(len(layers)):
        w, b = layers[0]
        x = np.maximum(np.einsum("oc,nchw->nohw", w, x) + b[:, None, None], 0)
    return x


@slip("depthwise", "Along which axes")
def f4_z59(x, kernels):
    n, c, h, w = x.shape
    k = kernels.shape[1]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros((n, c, h, w))
    for i in range(h):
        for j in range(w):
            y[:, :, i, j] = (p[:, :, i : i + k, j : j + k] * kernels).sum()
    return y


@slip("tokenwise_share", "is `c` what")
def f4_rz17(a):
    t, c, m = a["tokens"], a["width"], a["hidden"]
    own = a["blocks"] * t * (4 * c * c + 2 * c * m) + a["patches"] * a["patch"] * c + a["read"] * c * a["classes"]
    mix = a["blocks"] * 2 * t * c * c
    return own / (own + mix)
