"""More wrong answers as beginners write them: those that the check once had no name for, or the wrong one. See slips.py."""

import numpy as np
from skimage.color import hed_from_rgb
from slips import slip

# ruff: noqa: B905, E741, SIM211


def pixels_as_columns(x):
    n, c, h, w = x.shape
    return x.transpose(1, 0, 2, 3).reshape(c, n * h * w)


def columns_as_pixels(cols, n, h, w):
    return cols.reshape(len(cols), n, h, w).transpose(1, 0, 2, 3)


def mix_pixel(v, w, b=0.0):
    return (v * w).sum() + b


def conv1x1_nhwc(x, weight, bias=None):
    y = x @ weight.T
    return y if bias is None else y + bias


def centred(x):
    columns = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    columns = columns - columns[:, :1]
    return columns - columns.mean(axis=1, keepdims=True)


@slip("hwc_to_nchw", "EDG")
def a00_three(image):
    h, w, c = image.shape
    x = np.zeros((1, 3, h, w))
    x[0, 0] = image[:, :, 0]
    x[0, 1] = image[:, :, 1]
    x[0, 2] = image[:, :, 2]
    return x


@slip("hwc_to_nchw", "AXS")
def a00_chw(image):
    c, h, w = image.shape
    x = np.zeros((1, c, h, w))
    for k in range(c):
        x[0, k] = image[:, :, k]
    return x


@slip("pixel_vector", "EDG")
def a00_from1(x, n, i, j):
    return x[n - 1, :, i - 1, j - 1]


@slip("pixel_vector", "AXS")
def a00_lenx(x, n, i, j):
    v = np.zeros(len(x))
    for c in range(len(x)):
        v[c] = x[n, c, i, j]
    return v


@slip("mix_pixel", "UNI")
def a01_iter(v, w, b=0.0):
    y = b
    for c in v:
        y += v[c] * w[c]
    return y


@slip("mix_pixel", "ORD")
def a01_sums(v, w, b=0.0):
    return sum(v) * sum(w) + b


@slip("weights_for", "TYP")
def a01_tuple(pixels, targets):
    A = np.column_stack([pixels, np.ones(len(pixels))])
    return np.linalg.lstsq(A, targets, rcond=None)[:2]


@slip("weights_for", "TYP")
def a01_forgot0(pixels, targets):
    A = np.hstack([pixels, np.ones((len(pixels), 1))])
    s = np.linalg.lstsq(A, targets, rcond=None)
    return s[:-1], s[-1]


@slip("weights_for", "BIA")
def a01_meanb(pixels, targets):
    b = targets.mean()
    w = np.linalg.lstsq(pixels, targets - b, rcond=None)[0]
    return w, b


@slip("conv1x1_one", "ARG")
def a02_shadow(x, w, b=0.0):
    n, c, h, w = x.shape
    y = np.zeros((n, h, w))
    for a in range(n):
        for i in range(h):
            for j in range(w):
                for k in range(c):
                    y[a, i, j] += w[k] * x[a, k, i, j]
                y[a, i, j] += b
    return y


@slip("conv1x1_one", "AXS")
def a02_last(x, w, b=0.0):
    N, C, H, W = x.shape
    y = np.zeros((N, H, W))
    for n in range(N):
        for i in range(H):
            for j in range(W):
                for c in range(C):
                    y[n, i, j] += w[c] * x[n, i, j, c]
                y[n, i, j] += b
    return y


@slip("conv1x1_loops", "AXS")
def a02_oc(x, weight, bias=None):
    N, C, H, W = x.shape
    y = np.zeros((N, weight.shape[0], H, W))
    for n in range(N):
        for i in range(H):
            for j in range(W):
                for o in range(C):
                    for c in range(C):
                        y[n, o, i, j] += weight[o, c] * x[n, c, i, j]
                    if bias is not None:
                        y[n, o, i, j] += bias[o]
    return y


@slip("conv1x1_loops", "EDG")
def a02_range1(x, weight, bias=None):
    N, C, H, W = x.shape
    y = np.zeros((N, len(weight), H, W))
    for n in range(N):
        for o in range(len(weight)):
            for i in range(1, H):
                for j in range(1, W):
                    for c in range(C):
                        y[n, o, i, j] += weight[o, c] * x[n, c, i, j]
                    if bias is not None:
                        y[n, o, i, j] += bias[o]
    return y


@slip("check_shapes", "ERR")
def a02_ret(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        return ValueError(f"weight has C_in = {weight.shape[1]}")
    if bias is not None and len(bias) != weight.shape[0]:
        return ValueError(f"bias has size {len(bias)}")


@slip("count_maps", "EDG")
def a03_pop(channels):
    return channels.pop(0)


@slip("count_maps", "CNT")
def a03_len(channels):
    return len(channels) - 1


@slip("kernel_slices", "BIA")
def a03_slb(c_in, c_out):
    return c_in * c_out + c_out


@slip("kernel_slices", "TYP")
def a03_tuple(c_in, c_out):
    return (c_out, c_in)


@slip("count_weights", "ORD")
def a03_prec(c_in, c_out, k, bias=True):
    return c_in * c_out * k * k + c_out if bias else 0


@slip("unsummed_maps", "AXS")
def a03_idxbad(x, weight):
    C_in, H, W = x.shape
    C_out = len(weight)
    out = np.zeros((C_in * C_out, H, W))
    for c in range(C_in):
        for o in range(C_out):
            out[c * C_in + o] = x[c] * weight[o, c]
    return out


@slip("unsummed_maps", "AXS")
def a03_cplus(x, weight):
    C_in, H, W = x.shape
    C_out = len(weight)
    out = np.zeros((C_in * C_out, H, W))
    for c in range(C_in):
        for o in range(C_out):
            out[c + o] = x[c] * weight[o, c]
    return out


@slip("unsummed_maps", "ORD")
def a03_tile(x, weight):
    return np.tile(x, (len(weight), 1, 1)) * weight.T.reshape(-1, 1, 1)


@slip("activation_bytes", "EDG")
def a03_ie(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        return n * sum(channels) * h * w * itemsize
    best = 0
    for i in range(len(channels)):
        best = max(best, channels[i] + channels[i + 1])
    return n * best * h * w * itemsize


@slip("activation_bytes", "EDG")
def a03_firstpair(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        return n * sum(channels) * h * w * itemsize
    return n * (channels[0] + channels[1]) * h * w * itemsize


@slip("pixels_as_columns", "AXS")
def a04_ih(x):
    n, c, h, w = x.shape
    out = np.zeros((c, n * h * w))
    for a in range(n):
        for i in range(h):
            for j in range(w):
                out[:, a * h * w + i * h + j] = x[a, :, i, j]
    return out


@slip("columns_as_pixels", "TRN")
def a04_c1(cols, n, h, w):
    c = cols.shape[1]
    return cols.reshape(c, n, h, w).transpose(1, 0, 2, 3)


@slip("conv1x1_matmul", "SUM")
def a04_star(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight * pixels_as_columns(x)
    if bias is not None:
        y += bias[:, None]
    return columns_as_pixels(y, n, h, w)


@slip("conv1x1_matmul", "AXS")
def a04_noback(x, weight, bias=None):
    y = weight @ pixels_as_columns(x)
    if bias is not None:
        y += bias.reshape(-1, 1)
    return y


@slip("conv1x1_matmul", "AXS")
def a04_direct(x, weight, bias=None):
    y = weight @ x
    if bias is not None:
        y = y + bias[:, None, None]
    return y


@slip("conv1x1_matmul", "AXS")
def a04_swap(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ pixels_as_columns(x)
    if bias is not None:
        y = y + bias[:, None]
    return columns_as_pixels(y, n, w, h)


@slip("conv1x1_einsum", "SUM")
def a04_kept(x, weight, bias=None):
    y = np.einsum("nchw,oc->nochw", x, weight)
    return y if bias is None else y + bias[:, None, None, None]


@slip("conv1x1_einsum", "AXS")
def a04_implicit(x, weight, bias=None):
    y = np.einsum("nchw,oc", x, weight)
    return y if bias is None else y + bias[:, None, None]


@slip("conv1x1_einsum", "SUM")
def a04_letters(x, weight, bias=None):
    y = np.einsum("oi,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@slip("conv1x1_nhwc", "RSH")
def a4b_resh(x, weight, bias=None):
    y = x @ weight.reshape(weight.shape[1], weight.shape[0])
    return y if bias is None else y + bias


@slip("stain_to_channels", "SGN")
def a4b_min(rgb):
    d = np.log(np.minimum(rgb, 1e-6)) / np.log(1e-6)
    return np.maximum(conv1x1_nhwc(d[None], hed_from_rgb.T)[0], 0)


@slip("stain_to_channels", "TRN")
def a4b_T(rgb):
    d = np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6)
    return np.maximum(conv1x1_nhwc(d[None], hed_from_rgb)[0], 0)


@slip("stain_to_channels", "ORD")
def a4b_before(rgb):
    m = conv1x1_nhwc(rgb[None], hed_from_rgb.T)[0]
    return np.maximum(np.log(np.maximum(m, 1e-6)) / np.log(1e-6), 0)


@slip("stain_to_channels", "LIN")
def a4b_clipd(rgb):
    d = np.log(np.maximum(rgb, 1e-6) / np.log(1e-6))
    return np.maximum(conv1x1_nhwc(d[None], hed_from_rgb.T)[0], 0)


@slip("shuffle_gap", "AXS")
def a05_width(f, x, perm):
    a = f(x[:, :, :, perm])
    b = f(x)[:, :, :, perm]
    return np.abs(a - b).max()


@slip("shuffle_gap", "CHN")
def a05_c(f, x, perm):
    n, c, h, w = x.shape

    def shuffle(a):
        return a.reshape(n, c, h * w)[:, :, perm].reshape(n, c, h, w)

    return np.abs(f(shuffle(x)) - shuffle(f(x))).max()


@slip("shuffle_gap", "AXS")
def a05_ax1(f, x, perm):
    def shuffle(a):
        n, c, h, w = a.shape
        return a.reshape(n, c, h * w)[:, perm].reshape(n, c, h, w)

    return np.abs(f(shuffle(x)) - shuffle(f(x))).max()


@slip("shuffle_gap", "AVG")
def a05_maxmax(f, x, perm):
    def shuffle(a):
        return a.reshape(*a.shape[:2], -1)[..., perm].reshape(a.shape)

    return abs(f(shuffle(x)).max() - shuffle(f(x)).max())


@slip("shuffle_gap", "SYM")
def a05_twice(f, x, perm):
    def shuffle(a):
        return a.reshape(*a.shape[:2], -1)[..., perm].reshape(a.shape)

    return np.abs(f(shuffle(x)) - shuffle(f(shuffle(x)))).max()


@slip("receptive_field", "CNT")
def a05_prod(kernels, strides):
    r = 1
    for k, s in zip(kernels, strides):
        r *= k * s
    return r


@slip("receptive_field", "OVL")
def a05_rev(kernels, strides):
    r = 1
    for k, s in zip(kernels[::-1], strides[::-1]):
        r = r * s + k - 1
    return r


@slip("receptive_field", "EDG")
def a05_empty(kernels, strides):
    r, jump = kernels[0], strides[0]
    for k, s in zip(kernels[1:], strides[1:]):
        r += (k - 1) * jump
        jump *= s
    return r


@slip("embed_in_3x3", "TYP")
def a05_zargs(weight):
    o, c = weight.shape
    e = np.zeros(o, c, 3, 3)
    e[:, :, 1, 1] = weight
    return e


@slip("embed_in_3x3", "AXS")
def a05_padall(weight):
    return np.pad(weight[:, :, None, None], 1)


@slip("embed_in_3x3", "LOC")
def a05_onesbase(weight):
    e = np.ones((*weight.shape, 3, 3))
    e[:, :, 1, 1] = weight
    return e


@slip("collision", "UNI")
def a06_vonly(weight, x):
    vt = np.linalg.svd(weight)[2]
    return np.ones_like(x) * vt[-1][:, None, None]


@slip("collision", "SCL")
def a06_step(weight, x):
    vt = np.linalg.svd(weight)[2]
    y = x.copy()
    y[0, :, 0, 0] += vt[-1]
    return y


@slip("restore_error", "TRN")
def a06_DZ(x, weight):
    X = centred(x)
    Z = weight @ X
    D = np.linalg.lstsq(Z.T, X.T, rcond=None)[0]
    return ((X - D @ Z) ** 2).sum() / (X**2).sum()


@slip("best_reduction", "AXS")
def a06_data(x, m):
    X = centred(x)
    u = np.linalg.svd(X, full_matrices=False)[0]
    return u[:, :m].T @ X


@slip("best_reduction", "EDG")
def a06_umth(x, m):
    u, s, vt = np.linalg.svd(centred(x), full_matrices=False)
    return u[:, m - 1][None]


@slip("channel_rank", "SCL")
def a6b_abs(x, tol):
    s = np.linalg.svd(centred(x), compute_uv=False)
    return int((s > tol).sum())


@slip("channel_rank", "SCL")
def a6b_mr(x, tol):
    return np.linalg.matrix_rank(centred(x), tol=tol)


@slip("channel_rank", "THR")
def a6b_nz(x, tol):
    s = np.linalg.svd(centred(x), compute_uv=False)
    return int(np.count_nonzero(s))


@slip("channel_rank", "ORD")
def a6b_u(x, tol):
    s, u, vt = np.linalg.svd(centred(x), full_matrices=False)
    return int((s > tol * s.max()).sum())


@slip("channel_rank", "THR")
def a6b_ge(x, tol):
    s = np.linalg.svd(centred(x), compute_uv=False)
    return int((s >= tol * s[0]).sum())


@slip("channel_rank", "SCL")
def a6b_sq(x, tol):
    s = np.linalg.svd(centred(x), compute_uv=False) ** 2
    return int((s > tol * s[0]).sum())


@slip("channel_rank", "AXS")
def a6b_4d(x, tol):
    return np.linalg.matrix_rank(x, rtol=tol)


@slip("pack_rgb", "PRC")
def a6b_f16(rgb):
    x = rgb.astype(np.float16)
    return (x[:, :1] + 256 * x[:, 1:2] + 65536 * x[:, 2:]).astype(np.float32)


@slip("pack_rgb", "BAT")
def a6b_ax0(rgb):
    x = rgb.astype(np.float32)
    return x[0] + 256 * x[1] + 65536 * x[2]


@slip("pack_rgb", "LAY")
def a6b_lastax(rgb):
    x = rgb.astype(np.float32)
    return (x[..., 0] + 256 * x[..., 1] + 65536 * x[..., 2])[..., None]


@slip("unpack_rgb", "DIG")
def a6b_lin(packed):
    w = np.array([1, 256, 65536]).reshape(1, 3, 1, 1)
    return (packed / w).astype(np.uint8) if False else np.clip(packed / w, 0, 255).astype(np.uint8)


@slip("unpack_rgb", "AXS")
def a6b_ax0u(packed):
    p = packed.astype(np.int64)
    return np.concatenate([p % 256, p // 256 % 256, p // 65536], axis=0).astype(np.uint8)


@slip("conv1x1_one", "PRC")
def b02_int(x, w, b=0.0):
    N, C, H, W = x.shape
    y = np.zeros((N, H, W), dtype=int)
    for n in range(N):
        for i in range(H):
            for j in range(W):
                for c in range(C):
                    y[n, i, j] += w[c] * x[n, c, i, j]
                y[n, i, j] += b
    return y


@slip("conv1x1_one", "AXS")
def b02_wn(x, w, b=0.0):
    N, C, H, W = x.shape
    y = np.zeros((N, H, W))
    for n in range(N):
        for i in range(H):
            for j in range(W):
                for c in range(C):
                    y[n, i, j] += w[n] * x[n, c, i, j]
                y[n, i, j] += b
    return y


@slip("conv1x1_loops", "ARG")
def b02_bias0(x, weight, bias=None):
    if bias is None:
        bias = 0
    N, C, H, W = x.shape
    O = len(weight)
    y = np.zeros((N, O, H, W))
    for n in range(N):
        for o in range(O):
            for i in range(H):
                for j in range(W):
                    for c in range(C):
                        y[n, o, i, j] += weight[o, c] * x[n, c, i, j]
                    y[n, o, i, j] += bias[o]
    return y


@slip("conv1x1_loops", "LAY")
def b02_yshape(x, weight, bias=None):
    N, C, H, W = x.shape
    O = len(weight)
    y = np.zeros((N, H, W, O))
    for n in range(N):
        for o in range(O):
            for i in range(H):
                for j in range(W):
                    for c in range(C):
                        y[n, o, i, j] += weight[o, c] * x[n, c, i, j]
                    if bias is not None:
                        y[n, o, i, j] += bias[o]
    return y


@slip("check_shapes", "ARG")
def b02_onlyb(x, weight, bias=None):
    if bias is not None and bias.shape[0] != weight.shape[0]:
        raise ValueError("bias does not fit")


@slip("check_shapes", "ERR")
def b02_both(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        raise ValueError("weight does not fit")
    if bias is not None and bias.shape[0] != weight.shape[0]:
        raise ValueError("weight and bias do not fit")


@slip("check_shapes", "AXS")
def b02_shapes(x, weight, bias=None):
    if weight.shape != x.shape:
        raise ValueError("weight does not fit")
    if bias is not None and bias.shape != weight.shape:
        raise ValueError("bias does not fit")


@slip("count_maps", "CNT")
def b03_diff(channels):
    return [b - a for a, b in zip(channels, channels[1:])]


@slip("count_maps", "UNI")
def b03_range(channels):
    return list(range(1, len(channels)))


@slip("kernel_slices", "CNT")
def b03_max(c_in, c_out):
    return max(c_in, c_out)


@slip("kernel_slices", "CNT")
def b03_div(c_in, c_out):
    return c_out // c_in


@slip("unsummed_maps", "SUM")
def b03_o(x, weight):
    c_in, h, w = x.shape
    out = np.zeros((c_in * len(weight), h, w))
    for c in range(c_in):
        for o in range(len(weight)):
            out[o] += x[c] * weight[o, c]
    return out


@slip("activation_bytes", "CNT")
def b03_pairs(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        maps = sum(channels)
    else:
        maps = sum(a + b for a, b in zip(channels, channels[1:]))
    return n * maps * h * w * itemsize


@slip("activation_bytes", "SGN")
def b03_min(n, channels, h, w, itemsize, keep_all):
    maps = sum(channels) if keep_all else min(a + b for a, b in zip(channels, channels[1:]))
    return n * maps * h * w * itemsize


@slip("activation_bytes", "EDG")
def b03_rng(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        maps = sum(channels)
    else:
        maps = 0
        for i in range(len(channels) - 2):
            maps = max(maps, channels[i] + channels[i + 1])
    return n * maps * h * w * itemsize


@slip("pixels_as_columns", "AXS")
def b04_nhwc(x):
    n, h, w, c = x.shape
    return x.transpose(1, 0, 2, 3).reshape(c, n * h * w)


@slip("columns_as_pixels", "BAT")
def b04_non(cols, n, h, w):
    c = len(cols)
    y = np.zeros((n, c, h, w))
    for a in range(n):
        for i in range(h):
            for j in range(w):
                y[a, :, i, j] = cols[:, i * w + j]
    return y


@slip("columns_as_pixels", "RSH")
def b04_resh3(cols, n, h, w):
    return cols.reshape(n, h, w, -1).transpose(0, 3, 1, 2)


@slip("conv1x1_matmul", "AXS")
def b04_shape(x, weight, bias=None):
    y = weight @ pixels_as_columns(x)
    if bias is not None:
        y = y + bias[:, None]
    return columns_as_pixels(y, x.shape[0], x.shape[1], x.shape[2])


@slip("conv1x1_einsum", "AXS")
def b04_let(x, weight, bias=None):
    y = np.einsum("nhwc,oc->nhwo", x, weight)
    return y if bias is None else y + bias


@slip("conv1x1_nhwc", "AXS")
def b4b_loops(x, weight, bias=None):
    N, C, H, W = x.shape
    y = np.zeros((N, H, W, len(weight)))
    for n in range(N):
        for i in range(H):
            for j in range(W):
                y[n, i, j] = weight @ x[n, :, i, j]
                if bias is not None:
                    y[n, i, j] += bias
    return y


@slip("stain_to_channels", "SCL")
def b4b_div(rgb):
    d = np.log(np.maximum(rgb, 1e-6)) / 1e-6
    return np.maximum(conv1x1_nhwc(d[None], hed_from_rgb.T)[0], 0)


@slip("stain_to_channels", "EDG")
def b4b_add(rgb):
    d = np.log(rgb + 1e-6) / np.log(1e-6)
    return np.maximum(conv1x1_nhwc(d[None], hed_from_rgb.T)[0], 0)


@slip("stain_to_channels", "SGN")
def b4b_min0(rgb):
    d = np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6)
    return np.minimum(d @ hed_from_rgb, 0)


@slip("shuffle_gap", "ORD")
def b05_nof(f, x, perm):
    def shuffle(a):
        return a.reshape(*a.shape[:2], -1)[:, :, perm].reshape(a.shape)

    return np.abs(shuffle(x) - shuffle(f(x))).max()


@slip("shuffle_gap", "AVG")
def b05_norm(f, x, perm):
    def shuffle(a):
        return a.reshape(*a.shape[:2], -1)[:, :, perm].reshape(a.shape)

    return np.linalg.norm(f(shuffle(x)) - shuffle(f(x)))


@slip("receptive_field", "CNT")
def b05_half(kernels, strides):
    r, j = 1, 1
    for k, s in zip(kernels, strides):
        r += k // 2 * j
        j *= s
    return r


@slip("receptive_field", "EDG")
def b05_ret(kernels, strides):
    r, j = 1, 1
    for k, s in zip(kernels, strides):
        r += (k - 1) * j
        j *= s
        return r


@slip("receptive_field", "SGN")
def b05_div(kernels, strides):
    r = 1
    for k, s in zip(kernels, strides):
        r = (r - k) // s + 1
    return r


@slip("receptive_field", "OVL")
def b05_kj(kernels, strides):
    r, j = 0, 1
    for k, s in zip(kernels, strides):
        r += k * j
        j *= s
    return r


@slip("embed_in_3x3", "LOC")
def b05_col(weight):
    e = np.zeros((*weight.shape, 3, 3))
    e[:, :, :, 1] = weight[:, :, None]
    return e


@slip("restore_error", "SCL")
def b06_abs(x, weight):
    X = centred(x)
    Z = weight @ X
    D = np.linalg.lstsq(Z.T, X.T, rcond=None)[0]
    return np.abs(X.T - Z.T @ D).sum() / np.abs(X).sum()


@slip("best_reduction", "AXS")
def b06_usq(x, m):
    u, s, vt = np.linalg.svd(centred(x), full_matrices=False)
    return u[:m, :m]


@slip("best_reduction", "AXS")
def b06_raw4(x, m):
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    return u[:, :m].T


@slip("best_reduction", "RNK")
def b06_s(x, m):
    u, s, vt = np.linalg.svd(centred(x), full_matrices=False)
    return s[:m]


@slip("channel_rank", "CNT")
def b6b_sum(x, tol):
    s = np.linalg.svd(centred(x), compute_uv=False)
    return s[s > tol * s[0]].sum()


@slip("channel_rank", "THR")
def b6b_min(x, tol):
    s = np.linalg.svd(centred(x), compute_uv=False)
    return int((s > tol * s[-1]).sum())


@slip("pack_rgb", "DIG")
def b6b_65535(rgb):
    x = rgb.astype(np.float32)
    return x[:, :1] + 256 * x[:, 1:2] + 65535 * x[:, 2:]


@slip("unpack_rgb", "DIG")
def b6b_b(packed):
    p = packed.astype(np.int64)
    return np.concatenate([p % 256, p // 256 % 256, p // 256 % 256], axis=1).astype(np.uint8)
