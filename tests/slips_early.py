"""Wrong answers of a fourth round, to lessons 00 to 06b: what the check had no word, or a wrong one, for. See slips.py."""

import math
from itertools import pairwise

import numpy as np
from slips import slip

from course_utils import convs

# ruff: noqa: B007, B905, E741, RET503


def pixels_as_columns(x):
    n, c, h, w = x.shape
    return x.transpose(1, 0, 2, 3).reshape(c, n * h * w)


def columns_as_pixels(cols, n, h, w):
    return cols.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


def conv1x1_nhwc(x, weight, bias=None):
    y = x @ weight.T
    return y if bias is None else y + bias


def mix_pixel(v, w, b=0.0):
    return (v * w).sum() + b


def kernel_slices(c_in, c_out):
    return c_in * c_out


@slip("mix_pixel", "SUM")
def f5_a22(v, w, b=0.0):
    return np.outer(v, w) + b


@slip("weights_for", "")
def f5_a35(pixels, targets):
    w, b = [], 0.0
    for c in range(pixels.shape[1]):
        slope, cut = np.polyfit(pixels[:, c], targets, 1)
        w.append(slope)
        b += cut
    return np.array(w), b


@slip("conv1x1_loops", "SUM")
def f5_a50(x, weight, bias=None):
    y = np.zeros((x.shape[0], weight.shape[0], x.shape[2], x.shape[3]))
    for n in range(len(x)):
        for o in range(len(weight)):
            for i in range(x.shape[2]):
                for j in range(x.shape[3]):
                    for c in range(x.shape[1]):
                        y[n, o, i, j] += (weight[o, c] * x[n, c]).sum()
                    y[n, o, i, j] += bias[o] if bias is not None else 0
    return y


@slip("check_shapes", "ERR")
def f5_a54(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        print("weight does not fit x")
        return False
    if bias is not None and bias.size != weight.shape[0]:
        print("bias does not fit")
        return False


@slip("check_shapes", "begins with neither")
def f5_a57(x, weight, bias=None):
    if x.shape[1] != weight.shape[1]:
        raise ValueError(f"x has {x.shape[1]} channels, weight expects {weight.shape[1]}")
    elif bias is not None and bias.shape != (weight.shape[0],):
        raise ValueError(f"bias has size {bias.shape[0]}, C_out is {weight.shape[0]}")


@slip("count_weights", "got a tuple of 2")
def f5_a73(c_in, c_out, k, bias=True):
    weights = k * k * kernel_slices(c_in, c_out)
    return weights, c_out if bias else 0


@slip("conv1x1_one", "sums over axes of both")
def f5_a42(x, w, b=0.0):
    return np.tensordot(w, x, axes=(0, 0)) + b


@slip("pixels_as_columns", "RSH")
def f5_b6(x):
    return np.array([x[:, c].flatten(order="F") for c in range(x.shape[1])])


@slip("conv1x1_matmul", "BIA")
def f5_b19(x, weight, bias=None):
    n, c, h, w = x.shape
    cols = pixels_as_columns(x)
    if bias is not None:
        cols = cols + bias[:, None]
    return columns_as_pixels(weight @ cols, n, h, w)


@slip("conv1x1_einsum", "BIA")
def f5_b25(x, weight, bias=None):
    if bias is None:
        return np.einsum("nchw,oc->nohw", x, weight)
    return np.einsum("nchw,oc,o->nohw", x, weight, bias)


@slip("conv1x1_nhwc", "BIA")
def f5_b31(x, weight, bias=None):
    if bias is None:
        bias = np.zeros(x.shape[-1])
    return x @ weight.T + bias


@slip("stain_to_channels", "SCL")
def f5_b37(rgb):
    from skimage.color import hed_from_rgb

    rgb = np.maximum(rgb, 1e-6)
    density = np.log10(rgb) / np.log(1e-6)
    return np.maximum(conv1x1_nhwc(density, hed_from_rgb.T), 0)


@slip("receptive_field", "OVL")
def f5_b53(kernels, strides):
    r = 1
    for k, s in zip(reversed(kernels), reversed(strides)):
        r = r * s + k
    return r


@slip("embed_in_3x3", "LOC")
def f5_b60(weight):
    return weight[:, :, None, None] * np.eye(3)


@slip("find_the_impostors", "SGN")
def f5_b67(layer):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=6)
    return not np.allclose(layer(x, w, b), convs.pointwise(x, w, b))


@slip("pack_rgb", "LAY")
def f5_b105(rgb):
    a = rgb.astype(np.float32)
    return (a[..., 0] + 256 * a[..., 1] + 65536 * a[..., 2])[:, None]


@slip("hwc_to_nchw", "AXS")
def f5_d2(image):
    return image.T


@slip("pixel_vector", "square brackets")
def f5_d6(x, n, i, j):
    return x(n, i, j)


@slip("mix_pixel_many", "EDG")
def f5_d10(v, weight, bias):
    out = []
    for o in range(len(weight)):
        y = mix_pixel(v, weight[o], bias[o])
    out.append(y)
    return np.array(out)


@slip("conv1x1_one", "ORD")
def f5_d18(x, w, b=0.0):
    return x.sum(axis=1) * w.sum() + b


@slip("check_shapes", "ERR")
def f5_d26(x, weight, bias=None):
    if weight.shape[1] != x.shape[1] and bias is not None and len(bias) != len(weight):
        raise ValueError("weight or bias does not fit")


@slip("conv1x1_einsum", "no operand has")
def f5_d46(x, weight, bias=None):
    y = np.einsum("oc,nchw->nOhw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@slip("stain_to_channels", "`np.maximum(y, 0)` changes nothing")
def f5_d50(rgb):
    from skimage.color import hed_from_rgb

    d = np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6)
    y = d @ hed_from_rgb
    np.maximum(y, 0)
    return y


@slip("pack_rgb", "SUM")
def f5_d72(rgb):
    return rgb.astype(np.float32) * np.array([1, 256, 65536], np.float32)[:, None, None]


@slip("hwc_to_nchw", "changes nothing")
def f5_c4(image):
    image.transpose(2, 0, 1)
    image = image[np.newaxis, :]
    return image


@slip("conv1x1_one", "behind it")
def f5_c24(x, w, b=0.0):
    out = []
    for image in x:
        y = np.zeros(image.shape[1:])
        for c, m in enumerate(image):
            y += w[c] * m
    out.append(y + b)
    return np.array(out)


@slip("check_shapes", "BIA")
def f5_c35(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        if bias is not None and len(bias) != len(weight):
            raise ValueError("bias has the wrong size")
        raise ValueError("weight has the wrong size")


@slip("kernel_slices", "EDG")
def f5_c42(c_in, c_out):
    count = 0
    for o in range(c_out):
        for c in range(c_in):
            count += 1
        return count


@slip("activation_bytes", "CNT")
def f5_c50(n, channels, h, w, itemsize, keep_all):
    per_map = n * h * w * itemsize
    layers = list(zip(channels, channels[1:]))
    if keep_all:
        return per_map * sum(a + b for a, b in layers)
    return per_map * max(a + b for a, b in layers)


@slip("activation_bytes", "CNT")
def f5_c52(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        maps = sum(channels)
    else:
        maps = sum(max(pairwise(channels)))
    return n * maps * h * w * itemsize


@slip("conv1x1_einsum", "SUM")
def f5_c63(x, weight, bias=None):
    y = np.einsum("oc,nchw->noh", weight, x)
    return y if bias is None else y + bias[:, None]


@slip("shuffle_gap", "SUM")
def f5_c74(f, x, perm):
    def sh(a):
        b, c, h, w = a.shape
        return a.reshape(b, c, h * w)[:, :, perm].reshape(b, c, h, w)

    return abs(f(sh(x)).sum() - sh(f(x)).sum())


@slip("receptive_field", "EDG")
def f5_c77(kernels, strides):
    r, j = 1, 1
    for k, s in zip(kernels, strides):
        r += (k // 2) * 2 * j
        j *= s
    return r


@slip("receptive_field", "STR")
def f5_c78(kernels, strides):
    return 1 + sum((k - 1) * math.prod(strides) for k in kernels)


@slip("collision", "TRN")
def f5_c88(weight, x):
    u, s, vt = np.linalg.svd(weight)
    return x + u[-1][None, :, None, None]


@slip("collision", "NUL")
def f5_c90(weight, x):
    u, s, vt = np.linalg.svd(weight)
    v = vt[len(weight) - 1]
    return x + v.reshape(1, -1, 1, 1) * np.abs(x).max()


@slip("pack_rgb", "PRC")
def f5_c102(rgb):
    w = np.array([[1, 256, 65536]], dtype=np.uint8)
    return np.einsum("oc,nchw->nohw", w, rgb).astype(np.float32)


@slip("unpack_rgb", "ORD")
def f5_c105(packed):
    p = packed.astype(np.int64)
    r, rest = np.divmod(p, 256)
    g, b = np.divmod(rest, 256)
    return np.concatenate([r, g, b], axis=1).astype(np.uint8)


@slip("unpack_rgb", "DIG")
def f5_c107(packed):
    p = packed[:, 0].astype(np.int64)
    return np.stack([p % 256, p % 65536 // 256, p % 65536], axis=1).astype(np.uint8)
