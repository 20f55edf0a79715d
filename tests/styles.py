"""Right answers in styles that no teacher would think of: none may be refused."""

import numpy as np

RIGHT = []
# ruff: noqa: B905, E501, E731, E741, F811


def right(exercise):
    """Add the decorated function."""

    def add(function):
        RIGHT.append((exercise, function))
        return function

    return add


@right("hwc_to_nchw")
def _(image):
    return np.stack([image[..., c] for c in range(image.shape[-1])])[None, ...]


@right("hwc_to_nchw")
def _(image):
    return np.rollaxis(image, 2)[None]


@right("hwc_to_nchw")
def _(image):
    return np.einsum("hwc->chw", image).reshape((1,) + image.shape[2:] + image.shape[:2])


@right("hwc_to_nchw")
def _(image):
    out = np.empty((1, image.shape[2], image.shape[0], image.shape[1]), image.dtype)
    for c, plane in enumerate(np.dsplit(image, image.shape[2])):
        out[0, c] = plane[:, :, 0]
    return out


@right("pixel_vector")
def _(x, n, i, j):
    return x[n][:, i][:, j]


@right("pixel_vector")
def _(x, n, i, j):
    return np.array(list(map(lambda m: m[i, j], x[n])))


@right("pixel_vector")
def _(x, n, i, j):
    return x[n].reshape(x.shape[1], -1)[:, i * x.shape[3] + j]


@right("mix_pixel")
def _(v, w, b=0.0):
    from functools import reduce

    return reduce(lambda t, p: t + p[0] * p[1], zip(v, w), b)


@right("mix_pixel")
def _(v, w, b=0.0):
    return float(np.inner(w, v)) + b


@right("mix_pixel")
def _(v, w, b=0.0):
    return np.append(v, 1) @ np.append(w, b)


@right("mix_pixel")
def _(v, w, b=0.0):
    i, t = len(v) - 1, 0
    while i >= 0:
        t = t + v[i] * w[i]
        i = i - 1
    return t + b


@right("mix_pixel_many")
def _(v, weight, bias):
    return np.array([r.dot(v) for r in weight]) + bias


@right("mix_pixel_many")
def _(v, weight, bias):
    return (weight * v[None, :]).sum(-1) + bias


@right("mix_pixel_many")
def _(v, weight, bias):
    return np.apply_along_axis(lambda r: r @ v, 1, weight) + bias


@right("mix_pixel_many")
def _(v, weight, bias):
    y = bias.astype(float).copy()
    for c in range(len(v)):
        y += weight[:, c] * v[c]
    return y


@right("weights_for")
def _(pixels, targets):
    m = pixels.mean(0)
    w = np.linalg.pinv(pixels - m) @ (targets - targets.mean())
    return w, targets.mean() - m @ w


@right("weights_for")
def _(pixels, targets):
    A = np.c_[np.ones(len(pixels)), pixels]
    b, *w = np.linalg.lstsq(A, targets, rcond=None)[0]
    return np.array(w), b


@right("conv1x1_one")
def _(x, w, b=0.0):
    return np.tensordot(w, x, (0, 1)) + b


@right("conv1x1_one")
def _(x, w, b=0.0):
    return np.moveaxis(x, 1, 3) @ w + b


@right("conv1x1_one")
def _(x, w, b=0.0):
    return sum(x[:, c] * w[c] for c in range(len(w))) + b


@right("conv1x1_one")
def _(x, w, b=0.0):
    return np.array(
        [[[np.vdot(w, img[:, i, j]) + b for j in range(x.shape[3])] for i in range(x.shape[2])] for img in x]
    )


@right("conv1x1_loops")
def _(x, weight, bias=None):
    b = np.zeros(len(weight)) if bias is None else bias
    return np.stack(
        [
            np.stack([sum(weight[o, c] * im[c] for c in range(im.shape[0])) + b[o] for o in range(len(weight))])
            for im in x
        ]
    )


@right("conv1x1_loops")
def _(x, weight, bias=None):
    import itertools

    n, C, h, w = x.shape
    O = len(weight)
    y = np.zeros((n, O, h, w))
    for a, o, i, j in itertools.product(range(n), range(O), range(h), range(w)):
        y[a, o, i, j] = np.dot(weight[o], x[a, :, i, j]) + (bias[o] if bias is not None else 0)
    return y


@right("conv1x1_loops")
def _(x, weight, bias=None):
    y = np.kron(np.eye(1), weight) @ x.reshape(x.shape[0], x.shape[1], -1)
    y = y.reshape(x.shape[0], -1, *x.shape[2:])
    if bias is not None:
        y += bias.reshape(-1, 1, 1)
    return y


@right("check_shapes")
def _(x, weight, bias=None):
    _, c, *_ = x.shape
    if c - weight.shape[-1]:
        raise ValueError(f"weight is made for {weight.shape[-1]} channels, x has {c}")
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(f"bias has {bias.size} numbers, expected {len(weight)}")


@right("count_weights")
def _(c_in, c_out, k, bias=True):
    return c_out * (c_in * k**2 + int(bias))


@right("kernel_slices")
def _(c_in, c_out):
    return np.empty((c_in, c_out)).size


@right("unsummed_maps")
def _(x, weight):
    return np.concatenate([weight[:, c, None, None] * x[c] for c in range(len(x))])


@right("unsummed_maps")
def _(x, weight):
    return (weight.T[:, :, None, None] * x[:, None]).reshape(-1, *x.shape[1:])


@right("activation_bytes")
def _(n, channels, h, w, itemsize, keep_all):
    return n * h * w * itemsize * (sum(channels) if keep_all else max(map(sum, zip(channels, channels[1:]))))


@right("pixels_as_columns")
def _(x):
    return np.concatenate([im.reshape(x.shape[1], -1) for im in x], axis=1)


@right("pixels_as_columns")
def _(x):
    return np.swapaxes(x, 0, 1).reshape(x.shape[1], -1)


@right("pixels_as_columns")
def _(x):
    return np.array([x[:, c].ravel() for c in range(x.shape[1])])


@right("columns_as_pixels")
def _(cols, n, h, w):
    return np.stack(np.split(cols, n, axis=1)).reshape(n, -1, h, w)


@right("columns_as_pixels")
def _(cols, n, h, w):
    return np.array([[row.reshape(n, h, w)[i] for row in cols] for i in range(n)])


@right("conv1x1_matmul")
def _(x, weight, bias=None):
    n, c, h, w = x.shape
    y = x.transpose(0, 2, 3, 1).reshape(-1, c) @ weight.T + (0 if bias is None else bias)
    return y.reshape(n, h, w, -1).transpose(0, 3, 1, 2)


@right("conv1x1_einsum")
def _(x, weight, bias=None):
    y = np.einsum(weight, [4, 1], x, [0, 1, 2, 3], [0, 4, 2, 3])
    return y if bias is None else y + np.expand_dims(bias, (1, 2))


@right("conv1x1_nhwc")
def _(x, weight, bias=None):
    return np.tensordot(x, weight, (-1, 1)) + (bias if bias is not None else 0)


@right("shuffle_gap")
def _(f, x, perm):
    def s(a):
        return np.take(a.reshape(*a.shape[:2], -1), perm, axis=2).reshape(a.shape)

    return np.max(np.abs(np.subtract(f(s(x)), s(f(x)))))


@right("receptive_field")
def _(kernels, strides):
    return int(1 + sum((k - 1) * np.prod(strides[:i], dtype=int) for i, k in enumerate(kernels)))


@right("receptive_field")
def _(kernels, strides):
    r = 1
    for k, s in zip(kernels[::-1], strides[::-1]):
        r = (r - 1) * s + k
    return r


@right("embed_in_3x3")
def _(weight):
    return np.pad(weight[:, :, None, None], ((0, 0), (0, 0), (1, 1), (1, 1)))


@right("embed_in_3x3")
def _(weight):
    d = np.zeros((3, 3))
    d[1, 1] = 1
    return np.multiply.outer(weight, d)


@right("collision")
def _(weight, x):
    P = np.eye(weight.shape[1]) - np.linalg.pinv(weight) @ weight
    v = P[:, np.argmax((P**2).sum(0))]
    return x + 10 * v[None, :, None, None] * (np.abs(x).max() + 1)


@right("channel_rank")
def _(x, tol):
    c = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    s = np.linalg.svd(c - c.mean(1)[:, None])[1] if np.ptp(c, axis=1).any() else np.zeros(1)
    return sum(1 for one in s if one > tol * max(s))


@right("grad_bias")
def _(dy):
    return dy.transpose(1, 0, 2, 3).reshape(dy.shape[1], -1).sum(1)


@right("grad_bias")
def _(dy):
    return np.array([dy[:, o].sum() for o in range(dy.shape[1])])


@right("grad_weight")
def _(x, dy):
    return np.tensordot(dy, x, ([0, 2, 3], [0, 2, 3]))


@right("grad_weight")
def _(x, dy):
    return np.array([[np.sum(dy[:, o] * x[:, c]) for c in range(x.shape[1])] for o in range(dy.shape[1])])


@right("grad_x")
def _(dy, weight):
    return np.stack([np.tensordot(weight.T, d, 1) for d in dy])


@right("sgd_step")
def _(x, weight, bias, target, lr):
    e = np.tensordot(weight, x, (1, 1)).swapaxes(0, 1) + bias.reshape(1, -1, 1, 1) - target
    g = e * (2 / e.size)
    return [weight - lr * np.einsum("nohw,nchw->oc", g, x), bias - lr * np.sum(g, (0, 2, 3)), np.square(e).mean()]


@right("fuse")
def _(w1, b1, w2, b2):
    return np.dot(w2, w1), np.dot(w2, b1) + b2


@right("mlpconv")
def _(x, layers):
    from functools import reduce

    return reduce(lambda a, l: np.clip(np.einsum("oc,nchw->nohw", l[0], a) + l[1][:, None, None], 0, None), layers, x)


@right("gap")
def _(x):
    return x.reshape(*x.shape[:2], -1).mean(-1)


@right("gap")
def _(x):
    return np.einsum("ncij->nc", x) / x[0, 0].size


@right("gap_then_linear")
def _(x, weight, bias):
    return np.array([[np.mean(im, axis=(1, 2)) @ r + b for r, b in zip(weight, bias)] for im in x])


@right("fold_batchnorm")
def _(weight, bias, gamma, beta, mean, var, eps):
    d = np.diag(gamma / np.sqrt(var + eps))
    b = -mean if bias is None else bias - mean
    return d @ weight, d @ b + beta


@right("macs")
def _(c_in, c_out, k, h_out, w_out, groups=1):
    return groups * (c_in // groups) * (c_out // groups) * k * k * h_out * w_out


@right("bottleneck_macs")
def _(c_in, c_mid, c_out, k, h, w):
    return c_mid * h * w * (c_in + c_out * k**2)


@right("break_even")
def _(c_in, c_out, k):
    return 1 / (1 / (k * k * c_out) + 1 / c_in)


@right("depthwise")
def _(x, kernels):
    from numpy.lib.stride_tricks import sliding_window_view as s

    k = kernels.shape[-1]
    p = np.pad(x, [(0, 0)] * 2 + [(k // 2,) * 2] * 2)
    return np.einsum("nchwij,cij->nchw", s(p, (k, k), axis=(2, 3)), kernels)


@right("separable")
def _(x, kernels, weight, bias):
    from scipy.signal import correlate2d

    d = np.stack([[correlate2d(m, k, mode="same") for m, k in zip(im, kernels)] for im in x])
    return np.einsum("oc,nchw->nohw", weight, d) + bias[:, None, None]


@right("feed_forward")
def _(x, up, up_bias, down, down_bias):
    a = np.einsum("mc,ntc->ntm", up, x) + up_bias
    return np.einsum("cm,ntm->ntc", down, a * (a > 0)) + down_bias


@right("attention")
def _(x, query, key, value, out):
    import torch

    M = query.T @ key / len(query) ** 0.5
    s = torch.softmax(torch.einsum("ntc,cd,nsd->nts", x, M, x), -1)
    return s @ x @ (out @ value).T


@right("attention")
def _(x, query, key, value, out):
    import torch.nn.functional as F

    q, k, v = (F.linear(x, w) for w in (query, key, value))
    return F.linear(F.scaled_dot_product_attention(q, k, v), out)


@right("patchify_weight")
def _(weight):
    return np.array([np.moveaxis(k, 0, -1).ravel() for k in weight])


@right("patchify_weight")
def _(weight):
    return np.einsum("ocij->oijc", weight).reshape(len(weight), -1)


@right("lora")
def _(weight, down, up, alpha):
    return weight + np.einsum("or,rc->oc", up, down) * alpha / up.shape[-1]


@right("tokenwise_share")
def _(architecture):
    T, C, M, B, H, K, Rd, P, p = (
        architecture[k] for k in ("tokens", "width", "hidden", "blocks", "heads", "classes", "read", "patches", "patch")
    )
    own = B * T * C * (4 * C + 2 * M) + P * p * C + Rd * C * K
    return 1 - (2 * B * T * T * C) / (own + 2 * B * T * T * C)


@right("pack_rgb")
def _(rgb):
    return np.einsum("k,nkhw->nhw", np.array([1, 256, 65536]), rgb.astype(np.int64))[:, None].astype(np.float32)


@right("unpack_rgb")
def _(packed):
    p = np.rint(packed).astype(np.uint32)
    return np.concatenate([(p >> s) & 255 for s in (0, 8, 16)], 1).astype(np.uint8)


@right("stain_to_channels")
def _(rgb):
    from skimage.color import hed_from_rgb

    d = np.log10(np.clip(rgb, 1e-6, None)) / -6
    return np.clip(np.tensordot(d, hed_from_rgb, 1), 0, None)
