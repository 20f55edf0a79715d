"""Wrong answers as beginners write them, none of them taken from the catalogue: half done, crashing, one off, of the wrong
kind. Each says which misconception the check has to name, or which words have to stand in its first line, or neither: then
an input has to show it.
"""

import numpy as np

SLIPS = []
# ruff: noqa: B023, B905, E501, E711, E731, E741, F821


def slip(exercise, expected=""):
    """Add the decorated function: `expected` is a code, several with a bar between them, words of the headline, or ""."""

    def add(function):
        SLIPS.append((exercise, expected, function))
        return function

    return add


# ---- 00


@slip("hwc_to_nchw", "AXS")
def h00_loops_exchanged(image):
    h, w, c = image.shape
    x = np.zeros((1, c, h, w))
    for i in range(h):
        for j in range(w):
            for k in range(c):
                x[0, k, j, i] = image[i, j, k]
    return x


@slip("hwc_to_nchw", "AXS")
def h00_swapaxes(image):
    return np.swapaxes(image, 0, 2)[None]


@slip("hwc_to_nchw", "BAT")
def h00_moveaxis_without_batch(image):
    return np.moveaxis(image, 2, 0)


@slip("hwc_to_nchw", "LAY")
def h00_only_a_new_axis(image):
    return np.expand_dims(image, 0)


@slip("hwc_to_nchw", "EDG")
def h00_last_channel_missing(image):
    h, w, c = image.shape
    x = np.zeros((1, c, h, w))
    for k in range(c - 1):
        x[0, k] = image[:, :, k]
    return x


@slip("hwc_to_nchw", "transpose")
def h00_transpose_of_four(image):
    return np.transpose(image, (0, 3, 1, 2))


@slip("hwc_to_nchw", "4 names")
def h00_unpacks_four(image):
    n, h, w, c = image.shape
    return image.transpose(2, 0, 1)[None]


@slip("hwc_to_nchw", "RSH")
def h00_reshape_minus_one(image):
    return image.reshape((1, image.shape[2], image.shape[0], -1))


@slip("hwc_to_nchw", "UNI")
def h00_float_0_to_1(image):
    image = image / 255.0
    return np.moveaxis(image, -1, 0)[np.newaxis]


@slip("hwc_to_nchw", "return")
def h00_no_return(image):
    np.moveaxis(image, -1, 0)[None]


@slip("pixel_vector", "LAY")
def h00_channels_last_vector(x, n, i, j):
    image = x[n]
    return image[i, j]


@slip("pixel_vector", "AXS")
def h00_column_row(x, n, i, j):
    return np.array([x[n, c, j, i] for c in range(x.shape[1])])


@slip("pixel_vector", "BAT")
def h00_image_zero(x, n, i, j):
    vector = []
    for c in range(x.shape[1]):
        vector.append(x[0, c, i, j])
    return np.array(vector)


@slip("pixel_vector", "EDG")
def h00_first_channel_missing(x, n, i, j):
    v = np.zeros(x.shape[1])
    for c in range(1, x.shape[1]):
        v[c] = x[n, c, i, j]
    return v


@slip("pixel_vector", "a list of")
def h00_list(x, n, i, j):
    return [x[n, c, i, j] for c in range(x.shape[1])]


@slip("pixel_vector", "AXS")
def h00_return_in_loop(x, n, i, j):
    for c in range(x.shape[1]):
        return x[n, c, i, j]


@slip("pixel_vector", "LAY|AXS")
def h00_row_of_channel(x, n, i, j):
    return x[n][i][j]


# ---- 01


@slip("mix_pixel", "EDG")
def h01_return_inside(v, w, b=0.0):
    total = b
    for c in range(len(v)):
        total += w[c] * v[c]
        return total


@slip("mix_pixel", "ACC")
def h01_assignment(v, w, b=0.0):
    for c in range(len(v)):
        total = w[c] * v[c]
    return total + b


@slip("mix_pixel", "BIA")
def h01_bias_times(v, w, b=0.0):
    total = 0
    for c in range(len(v)):
        total += w[c] * v[c] + b
    return total


@slip("mix_pixel", "BIA")
def h01_multiplies_bias(v, w, b=0.0):
    return np.sum(v * w) * b


@slip("mix_pixel", "EDG")
def h01_starts_at_one(v, w, b=0.0):
    total = b
    for c in range(1, len(v)):
        total += w[c] * v[c]
    return total


@slip("mix_pixel", "EDG")
def h01_stops_early(v, w, b=0.0):
    total = b
    for c in range(len(v) - 1):
        total = total + w[c] * v[c]
    return total


@slip("mix_pixel", "too large")
def h01_one_too_far(v, w, b=0.0):
    total = b
    for c in range(len(v) + 1):
        total += w[c] * v[c]
    return total


@slip("mix_pixel", "AVG")
def h01_divides(v, w, b=0.0):
    return (v @ w) / len(v) + b


@slip("mix_pixel", "AVG")
def h01_all_divided(v, w, b=0.0):
    return (np.sum(w * v) + b) / len(v)


@slip("mix_pixel", "WGT")
def h01_weights_added(v, w, b=0.0):
    return np.sum(v + w) + b


@slip("mix_pixel", "DWP")
def h01_a_list(v, w, b=0.0):
    return [w[c] * v[c] + b for c in range(len(v))]


@slip("mix_pixel", "BIA")
def h01_half_done_sum(v, w, b=0.0):
    return sum(v[i] * w[i] for i in range(len(v)))


@slip("mix_pixel", "three")
def h01_three_channels_only(v, w, b=0.0):
    return w[0] * v[0] + w[1] * v[1] + w[2] * v[2] + b


@slip("mix_pixel", "LIN")
def h01_sigmoid(v, w, b=0.0):
    return 1 / (1 + np.exp(-(np.dot(v, w) + b)))


@slip("mix_pixel", "PRC")
def h01_int(v, w, b=0.0):
    return int(np.dot(v, w) + b)


@slip("mix_pixel", "no value here")
def h01_name(v, w, b=0.0):
    return np.dot(v, weights) + b  # noqa: F821


@slip("mix_pixel_many", "TRN")
def h01_columns(v, weight, bias):
    y = np.zeros(weight.shape[0])
    for o in range(weight.shape[0]):
        y[o] = v @ weight[:, o] + bias[o]
    return y


@slip("mix_pixel_many", "EDG")
def h01_return_in_outer(v, weight, bias):
    y = np.zeros(len(weight))
    for o in range(len(weight)):
        y[o] = weight[o] @ v + bias[o]
        return y


@slip("mix_pixel_many", "BIA")
def h01_bias_forgotten(v, weight, bias):
    y = np.zeros(len(bias))
    for o in range(len(bias)):
        for c in range(len(v)):
            y[o] += weight[o, c] * v[c]
    return y


@slip("mix_pixel_many", "ACC")
def h01_overwrites(v, weight, bias):
    y = np.zeros(len(bias))
    for o in range(len(bias)):
        for c in range(len(v)):
            y[o] = weight[o, c] * v[c]
        y[o] += bias[o]
    return y


@slip("mix_pixel_many", "ACC")
def h01_total_kept(v, weight, bias):
    y, total = np.zeros(len(bias)), 0
    for o in range(len(bias)):
        for c in range(len(v)):
            total += weight[o, c] * v[c]
        y[o] = total + bias[o]
    return y


@slip("mix_pixel_many", "TRN")
def h01_transposed_without_bias(v, weight, bias):
    return v @ weight


@slip("mix_pixel_many", "EDG")
def h01_last_output(v, weight, bias):
    y = np.zeros(len(bias))
    for o in range(len(bias) - 1):
        y[o] = weight[o] @ v + bias[o]
    return y


@slip("weights_for", "BIA")
def h01_no_ones(pixels, targets):
    w = np.linalg.lstsq(pixels, targets, rcond=None)[0]
    return w, 0.0


@slip("weights_for", "SGN|ORD")
def h01_first_is_bias(pixels, targets):
    a = np.column_stack([pixels, np.ones(len(pixels))])
    answer = np.linalg.lstsq(a, targets, rcond=None)[0]
    return answer[1:], answer[0]


@slip("weights_for", "TRN")
def h01_transposed_fit(pixels, targets):
    a = np.hstack([pixels, np.ones((len(pixels), 1))])
    answer = np.linalg.lstsq(a.T, targets, rcond=None)[0]
    return answer[:-1], answer[-1]


@slip("weights_for", "TYP")
def h01_all_in_one(pixels, targets):
    a = np.hstack([pixels, np.ones((len(pixels), 1))])
    return np.linalg.lstsq(a, targets, rcond=None)[0]


# ---- 02


@slip("conv1x1_one", "BIA")
def h02_one_no_bias(x, w, b=0.0):
    n, c, h, wide = x.shape
    y = np.zeros((n, h, wide))
    for a in range(n):
        for i in range(h):
            for j in range(wide):
                for k in range(c):
                    y[a, i, j] += w[k] * x[a, k, i, j]
    return y


@slip("conv1x1_one", "AXS")
def h02_exchanged(x, w, b=0.0):
    n, c, h, wide = x.shape
    y = np.zeros((n, h, wide))
    for a in range(n):
        for i in range(h):
            for j in range(wide):
                y[a, i, j] = b + np.sum(w * x[a, :, j, i])
    return y


@slip("conv1x1_one", "BIA")
def h02_bias_in_loop(x, w, b=0.0):
    y = np.zeros((x.shape[0], x.shape[2], x.shape[3]))
    for c in range(x.shape[1]):
        y += w[c] * x[:, c] + b
    return y


@slip("conv1x1_one", "EDG")
def h02_from_one(x, w, b=0.0):
    y = b
    for c in range(1, x.shape[1]):
        y = y + w[c] * x[:, c]
    return y


@slip("conv1x1_one", "BAT")
def h02_first_image_alone(x, w, b=0.0):
    y = np.zeros(x.shape[2:])
    for c in range(x.shape[1]):
        y += w[c] * x[0, c]
    return y + b


@slip("conv1x1_one", "do not fit")
def h02_broadcast(x, w, b=0.0):
    return np.sum(w * x, axis=1) + b


@slip("conv1x1_one", "AXS")
def h02_keepdims(x, w, b=0.0):
    return np.sum(w[:, None, None] * x, axis=1, keepdims=True) + b


@slip("conv1x1_one", "DWP")
def h02_not_summed(x, w, b=0.0):
    return w[:, None, None] * x


@slip("conv1x1_loops", "TRN")
def h02_weight_co(x, weight, bias=None):
    n, c_in, h, w = x.shape
    c_out = weight.shape[0]
    y = np.zeros((n, c_out, h, w))
    for a in range(n):
        for o in range(c_out):
            for i in range(h):
                for j in range(w):
                    for c in range(c_in):
                        y[a, o, i, j] += weight[c, o] * x[a, c, i, j]
    return y


@slip("conv1x1_loops", "LAY")
def h02_unpacked_nhwc(x, weight, bias=None):
    N, H, W, C = x.shape
    y = np.zeros((N, len(weight), H, W))
    for n in range(N):
        for o in range(len(weight)):
            for i in range(H):
                for j in range(W):
                    for c in range(C):
                        y[n, o, i, j] += weight[o, c] * x[n, c, i, j]
    return y


@slip("conv1x1_loops", "ACC")
def h02_equals(x, weight, bias=None):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    for a in range(n):
        for o in range(len(weight)):
            for i in range(h):
                for j in range(w):
                    for c in range(c_in):
                        y[a, o, i, j] = weight[o, c] * x[a, c, i, j]
    return y


@slip("conv1x1_loops", "ACC")
def h02_equals_with_bias(x, weight, bias=None):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    for o in range(len(weight)):
        for c in range(c_in):
            y[:, o] = weight[o, c] * x[:, c]
        if bias is not None:
            y[:, o] += bias[o]
    return y


@slip("conv1x1_loops", "BIA")
def h02_if_bias(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for o in range(len(weight)):
        for c in range(x.shape[1]):
            y[:, o] += weight[o, c] * x[:, c]
        if bias:
            y[:, o] += bias[o]
    return y


@slip("conv1x1_loops", "BIA")
def h02_bias_c(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for o in range(len(weight)):
        for c in range(x.shape[1]):
            y[:, o] += weight[o, c] * x[:, c]
            if bias is not None:
                y[:, o] += bias[o]
    return y


@slip("conv1x1_loops", "EDG")
def h02_return_in_loop(x, weight, bias=None):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    for a in range(n):
        for o in range(len(weight)):
            for i in range(h):
                for j in range(w):
                    for c in range(c_in):
                        y[a, o, i, j] += weight[o, c] * x[a, c, i, j]
                    return y


@slip("conv1x1_loops", "BAT|EDG")
def h02_return_after_image(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for n in range(len(x)):
        y[n] = np.tensordot(weight, x[n], axes=1) + (0 if bias is None else bias[:, None, None])
        return y


@slip("conv1x1_loops", "EDG")
def h02_last_column(x, weight, bias=None):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    for o in range(len(weight)):
        for j in range(w - 1):
            for c in range(c_in):
                y[:, o, :, j] += weight[o, c] * x[:, c, :, j]
            if bias is not None:
                y[:, o, :, j] += bias[o]
    return y


@slip("conv1x1_loops", "too large")
def h02_range_plus_one(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for o in range(len(weight)):
        for c in range(x.shape[1] + 1):
            y[:, o] += weight[o, c] * x[:, c]
    return y


@slip("conv1x1_loops", "PRC")
def h02_int_zeros(x, weight, bias=None):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h, w), dtype=int)
    for a, o, i, j in np.ndindex(y.shape):
        y[a, o, i, j] = weight[o] @ x[a, :, i, j] + (0 if bias is None else bias[o])
    return y


@slip("conv1x1_loops", "CHN|AXS")
def h02_shape_of_x(x, weight, bias=None):
    y = np.zeros(x.shape)
    for o in range(len(weight)):
        for c in range(x.shape[1]):
            y[:, o] += weight[o, c] * x[:, c]
    return y


@slip("conv1x1_loops", "MUL")
def h02_concatenated(x, weight, bias=None):
    maps = []
    for o in range(len(weight)):
        for c in range(x.shape[1]):
            maps.append(weight[o, c] * x[:, c])
    return np.stack(maps, axis=1)


@slip("conv1x1_loops", "AVG")
def h02_normalised(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight / weight.sum(axis=1, keepdims=True), x)
    return y if bias is None else y + bias[:, None, None]


@slip("conv1x1_loops", "LIN")
def h02_relu(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    if bias is not None:
        y += bias[:, None, None]
    return np.maximum(y, 0)


@slip("conv1x1_loops", "SUM")
def h02_pixels_summed(x, weight, bias=None):
    y = np.einsum("oc,nchw->no", weight, x)
    return y if bias is None else y + bias


@slip("conv1x1_loops", "DWP")
def h02_scale_one_map(x, weight, bias=None):
    y = np.stack([weight[o, 0] * x[:, 0] for o in range(len(weight))], axis=1)
    return y if bias is None else y + bias[:, None, None]


@slip("conv1x1_loops", "has 3 places")
def h02_too_many_indices(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for o in range(len(weight)):
        for c in range(len(weight)):
            y[:, o] += weight[o][c] * x[:, c]
    return y


@slip("check_shapes", "ERR")
def h02_prints(x, weight, bias=None):
    if weight.shape[1] != x.shape[1]:
        print("weight does not fit")
    if bias is not None and len(bias) != len(weight):
        print("bias does not fit")


@slip("check_shapes", "ERR")
def h02_asserts(x, weight, bias=None):
    assert weight.shape[1] == x.shape[1], "weight does not fit x"
    if bias is not None:
        assert bias.shape[0] == weight.shape[0], "bias does not fit"


@slip("check_shapes", "EDG")
def h02_needs_a_bias(x, weight, bias=None):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight has the wrong number of channels")
    if len(bias) != weight.shape[0]:
        raise ValueError("bias has the wrong length")


@slip("check_shapes", "AXS|LAY")
def h02_compares_rows(x, weight, bias=None):
    if x.shape[2] != weight.shape[1]:
        raise ValueError("weight does not fit")
    if bias is not None and len(bias) != len(weight):
        raise ValueError("bias does not fit")


# ---- 03


@slip("count_maps", "EDG")
def h03_all(channels):
    return channels


@slip("count_maps", "MUL")
def h03_running_product(channels):
    total, out = 1, []
    for c in channels[1:]:
        total *= c
        out.append(total)
    return out


@slip("count_maps", "SUM")
def h03_sum(channels):
    total = 0
    for c in channels[1:]:
        total += c
    return total


@slip("count_maps", "EDG|one value|values")
def h03_last_alone(channels):
    return channels[-1]


@slip("count_maps", "MUL")
def h03_pairs(channels):
    return [a * b for a, b in zip(channels, channels[1:], strict=False)]


@slip("kernel_slices", "CNT")
def h03_plus(c_in, c_out):
    return c_out + c_in


@slip("kernel_slices", "UNI")
def h03_nine(c_in, c_out):
    return c_in * c_out * 3 * 3


@slip("kernel_slices", "CNT")
def h03_power(c_in, c_out):
    return c_in**c_out


@slip("count_weights", "SQR")
def h03_k(c_in, c_out, k, bias=True):
    return c_in * c_out * k + c_out * bias


@slip("count_weights", "BIA")
def h03_plus_one(c_in, c_out, k, bias=True):
    n = c_in * c_out * k * k
    if bias:
        n += 1
    return n


@slip("count_weights", "BIA")
def h03_no_bias_yet(c_in, c_out, k, bias=True):
    return c_in * k**2 * c_out


@slip("count_weights", "SQR")
def h03_k_without_bias(c_in, c_out, k, bias=True):
    return c_in * c_out * 2 * k


@slip("count_weights", "DWP")
def h03_no_c_in(c_in, c_out, k, bias=True):
    return c_out * k * k


@slip("unsummed_maps", "SUM")
def h03_einsum(x, weight):
    return np.einsum("oc,chw->ohw", weight, x)


@slip("unsummed_maps", "AXS")
def h03_outer_o(x, weight):
    maps = []
    for o in range(len(weight)):
        for c in range(len(x)):
            maps.append(weight[o, c] * x[c])
    return np.array(maps)


@slip("unsummed_maps", "a list of")
def h03_list(x, weight):
    return [weight[o, c] * x[c] for c in range(len(x)) for o in range(len(weight))]


@slip("unsummed_maps", "TRN")
def h03_co(x, weight):
    return np.array([weight[c, o] * x[c] for c in range(len(x)) for o in range(len(weight))])


@slip("activation_bytes", "BAT")
def h03_no_n(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        return sum(channels) * h * w * itemsize
    return max(a + b for a, b in zip(channels, channels[1:], strict=False)) * h * w * itemsize


@slip("activation_bytes", "CNT")
def h03_max_alone(n, channels, h, w, itemsize, keep_all):
    maps = sum(channels) if keep_all else max(channels)
    return n * maps * h * w * itemsize


@slip("activation_bytes", "ARG")
def h03_keeps_all(n, channels, h, w, itemsize, keep_all):
    return sum(n * c * h * w * itemsize for c in channels)


@slip("activation_bytes", "EDG")
def h03_no_input(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        maps = sum(channels[1:])
    else:
        maps = max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return n * maps * h * w * itemsize


@slip("activation_bytes", "UNI")
def h03_no_itemsize(n, channels, h, w, itemsize, keep_all):
    maps = sum(channels) if keep_all else max(channels[i] + channels[i + 1] for i in range(len(channels) - 1))
    return n * maps * h * w


# ---- 04


@slip("pixels_as_columns", "RSH")
def h04_reshape(x):
    n, c, h, w = x.shape
    return x.reshape(c, n * h * w)


@slip("pixels_as_columns", "LAY")
def h04_rows(x):
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


@slip("pixels_as_columns", "transpose")
def h04_three_axes(x):
    return x.transpose(1, 0, 2).reshape(x.shape[1], -1)


@slip("pixels_as_columns", "RSH|AXS")
def h04_transposed_only(x):
    return x.transpose(1, 0, 2, 3)


@slip("columns_as_pixels", "BAT")
def h04_direct(cols, n, h, w):
    c = cols.shape[0]
    return cols.reshape((n, c, h, w))


@slip("columns_as_pixels", "LAY")
def h04_nhwc(cols, n, h, w):
    return cols.T.reshape(n, h, w, -1)


@slip("columns_as_pixels", "numbers do not fit")
def h04_wrong_c(cols, n, h, w):
    return cols.reshape(cols.shape[1], n, h, w).transpose(1, 0, 2, 3)


@slip("conv1x1_matmul", "meets")
def h04_x_at_weight(x, weight, bias=None):
    return x @ weight


@slip("conv1x1_matmul", "BIA")
def h04_no_bias(x, weight, bias=None):
    n, c, h, w = x.shape
    return (weight @ x.reshape(n, c, -1)).reshape(n, -1, h, w)


@slip("conv1x1_matmul", "BIA|do not fit")
def h04_bias_on_columns(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.transpose(1, 0, 2, 3).reshape(c, -1)
    if bias is not None:
        y = y + bias
    return y.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@slip("conv1x1_matmul", "BAT")
def h04_cut_without_bias(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.transpose(1, 0, 2, 3).reshape(c, -1)
    return y.reshape(n, -1, h, w)


@slip("conv1x1_einsum", "TRN|einsum")
def h04_letters(x, weight, bias=None):
    y = np.einsum("co,nchw->nohw", weight, x)
    if bias is not None:
        y += bias.reshape(-1, 1, 1)
    return y


@slip("conv1x1_einsum", "BIA")
def h04_einsum_bias(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y + bias[:, None, None]


@slip("conv1x1_einsum", "AXS")
def h04_einsum_nowh(x, weight, bias=None):
    return np.einsum("oc,nchw->nowh", weight, x)


@slip("conv1x1_nhwc", "TRN|meets")
def h04_nhwc_weight(x, weight, bias=None):
    y = np.matmul(x, weight)
    if bias is not None:
        y = y + bias
    return y


@slip("conv1x1_nhwc", "BIA")
def h04_nhwc_no_bias(x, weight, bias=None):
    return np.dot(x, weight.T)


@slip("stain_to_channels", "ORD|LIN")
def h04_no_clip(rgb):
    from skimage.color import hed_from_rgb

    return np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ hed_from_rgb


@slip("stain_to_channels", "EDG")
def h04_log_of_zero(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum((np.log(rgb) / np.log(1e-6)) @ hed_from_rgb, 0)


@slip("stain_to_channels", "TRN")
def h04_stain_transposed(rgb):
    from skimage.color import hed_from_rgb

    density = np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6)
    return density @ hed_from_rgb.T


# ---- 05


@slip("shuffle_gap", "SYM")
def h05_not_shuffled(f, x, perm):
    n, c, h, w = x.shape
    s = x.reshape(n, c, h * w)[:, :, perm].reshape(n, c, h, w)
    return np.max(np.abs(f(s) - f(x)))


@slip("shuffle_gap", "SGN")
def h05_no_abs(f, x, perm):
    def shuffle(a):
        return a.reshape(a.shape[0], a.shape[1], -1)[:, :, perm].reshape(a.shape)

    return (f(shuffle(x)) - shuffle(f(x))).max()


@slip("shuffle_gap", "AVG")
def h05_mean(f, x, perm):
    def shuffle(a):
        return a.reshape(a.shape[0], a.shape[1], -1)[:, :, perm].reshape(a.shape)

    return np.mean(abs(f(shuffle(x)) - shuffle(f(x))))


@slip("shuffle_gap", "an array|one number")
def h05_not_one_number(f, x, perm):
    def shuffle(a):
        return a.reshape(a.shape[0], a.shape[1], -1)[:, :, perm].reshape(a.shape)

    return np.abs(f(shuffle(x)) - shuffle(f(x)))


@slip("shuffle_gap", "too large|numbers do not fit")
def h05_perm_on_rows(f, x, perm):
    return np.abs(f(x[:, :, perm]) - f(x)[:, :, perm]).max()


@slip("receptive_field", "OVL")
def h05_sum(kernels, strides):
    total = 0
    for k in kernels:
        total += k
    return total


@slip("receptive_field", "STR")
def h05_no_stride(kernels, strides):
    r = 1
    for k in kernels:
        r += k - 1
    return r


@slip("receptive_field", "STR")
def h05_stride_first(kernels, strides):
    r, jump = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        jump *= s
        r += (k - 1) * jump
    return r


@slip("receptive_field", "EDG")
def h05_from_zero(kernels, strides):
    r, jump = 0, 1
    for k, s in zip(kernels, strides, strict=True):
        r += (k - 1) * jump
        jump = jump * s
    return r


@slip("receptive_field", "STR")
def h05_own_stride(kernels, strides):
    r = 1
    for k, s in zip(kernels, strides, strict=True):
        r += (k - 1) * s
    return r


@slip("embed_in_3x3", "LOC")
def h05_all_taps(weight):
    y = np.zeros((*weight.shape, 3, 3))
    y[:, :] = weight[:, :, None, None]
    return y


@slip("embed_in_3x3", "TRN")
def h05_c_in_first(weight):
    c_out, c_in = weight.shape
    y = np.zeros((c_in, c_out, 3, 3))
    y[:, :, 1, 1] = weight.T
    return y


@slip("embed_in_3x3", "LOC")
def h05_last_corner(weight):
    y = np.zeros((*weight.shape, 3, 3))
    y[:, :, 2, 2] = weight
    return y


@slip("find_the_impostors", "TST")
def h05_always_true(layer):
    return True


@slip("find_the_impostors", "zeros")
def h05_compares_twice(layer):
    x, w, b = np.random.rand(2, 3, 4, 5), np.random.rand(6, 3), np.random.rand(6)
    return np.allclose(layer(x, w, b), layer(x, w, b))


@slip("find_the_impostors", "True or False")
def h05_returns_array(layer):
    x, w, b = np.random.rand(2, 3, 4, 5), np.random.rand(6, 3), np.random.rand(6)
    return layer(x, w, b) == np.einsum("oc,nchw->nohw", w, x) + b[:, None, None]


# ---- 06


@slip("collision", "NUL")
def h06_x(weight, x):
    return x


@slip("collision", "NUL")
def h06_doubled(weight, x):
    return x * 3.0


@slip("collision", "TRN")
def h06_column(weight, x):
    u, s, vt = np.linalg.svd(weight)
    return x + 5 * vt[:, -1][None, :, None, None]


@slip("collision", "NUL")
def h06_plus_one(weight, x):
    return x + 10


@slip("restore_error", "CTR")
def h06_no_centring(x, weight):
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    y = pixels @ weight.T
    d = np.linalg.lstsq(y, pixels, rcond=None)[0]
    return ((pixels - y @ d) ** 2).sum() / (pixels**2).sum()


@slip("restore_error", "SCL")
def h06_absolute(x, weight):
    p = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    p = p - p.mean(axis=0)
    y = p @ weight.T
    d = np.linalg.lstsq(y, p, rcond=None)[0]
    return ((p - y @ d) ** 2).mean()


@slip("restore_error", "SGN")
def h06_kept(x, weight):
    p = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    p = p - p.mean(axis=0)
    y = p @ weight.T
    d = np.linalg.lstsq(y, p, rcond=None)[0]
    return ((y @ d) ** 2).sum() / (p**2).sum()


@slip("best_reduction", "TRN")
def h06_columns(x, m):
    c = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    c = c - c.mean(axis=1, keepdims=True)
    return np.linalg.svd(c, full_matrices=False)[0][:, :m]


@slip("best_reduction")
def h06_random(x, m):
    return np.random.default_rng(0).standard_normal((m, x.shape[1]))


@slip("best_reduction", "RNK|a list of|expected")
def h06_reduced_x(x, m):
    return x[:, :m]


@slip("channel_rank", "CTR")
def h06_matrix_rank(x, tol):
    return np.linalg.matrix_rank(x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1), rtol=tol)


@slip("channel_rank", "SCL")
def h06_absolute_tol(x, tol):
    c = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1)
    c = c - c.mean(axis=1, keepdims=True)
    return (np.linalg.svd(c, compute_uv=False) > tol).sum()


@slip("pack_rgb", "PRC|8 bits|eight bits")
def h06_overflow(rgb):
    return (rgb[:, :1] + 256 * rgb[:, 1:2] + 65536 * rgb[:, 2:]).astype(np.float32)


@slip("pack_rgb", "DIG")
def h06_blue_low(rgb):
    r = rgb.astype(np.float32)
    return r[:, 0:1] * 65536 + r[:, 1:2] * 256 + r[:, 2:3]


@slip("pack_rgb", "AXS")
def h06_no_axis(rgb):
    r = rgb.astype(np.float32)
    return np.einsum("c,nchw->nhw", np.float32([1, 256, 65536]), r)


@slip("unpack_rgb", "TYP")
def h06_ints(packed):
    p = packed.astype(int)
    return np.concatenate([p % 256, p // 256 % 256, p // 65536], axis=1)


@slip("unpack_rgb", "DIG")
def h06_reversed(packed):
    p = packed.astype(int)
    return np.concatenate([p // 65536, p // 256 % 256, p % 256], axis=1).astype("uint8")


@slip("unpack_rgb", "DIG")
def h06_green_not_cut(packed):
    p = packed.astype(int)
    return np.concatenate([p % 256, (p // 256).clip(0, 255), p // 65536], axis=1).astype("uint8")


# ---- 07


@slip("grad_bias", "AVG")
def h07_mean(dy):
    return np.mean(dy, axis=(0, 2, 3))


@slip("grad_bias", "SUM")
def h07_axis_one(dy):
    return dy.sum(axis=1)


@slip("grad_bias", "BAT")
def h07_pixels_only(dy):
    return dy.sum(axis=(2, 3))


@slip("grad_weight", "TRN")
def h07_co(x, dy):
    return np.einsum("nchw,nohw->co", x, dy)


@slip("grad_weight", "DWP|do not fit")
def h07_product(x, dy):
    return (x * dy).sum(axis=(0, 2, 3))


@slip("grad_weight", "AVG")
def h07_over_n(x, dy):
    g = np.zeros((dy.shape[1], x.shape[1]))
    for o in range(dy.shape[1]):
        for c in range(x.shape[1]):
            g[o, c] = np.mean(dy[:, o] * x[:, c])
    return g


@slip("grad_weight", "ACC")
def h07_overwrites(x, dy):
    g = np.zeros((dy.shape[1], x.shape[1]))
    for n in range(len(x)):
        for o in range(dy.shape[1]):
            for c in range(x.shape[1]):
                g[o, c] = (dy[n, o] * x[n, c]).sum()
    return g


@slip("grad_x", "TRN|meets|einsum")
def h07_forward(dy, weight):
    return np.einsum("oc,nchw->nohw", weight, dy)


@slip("grad_x", "SGN")
def h07_minus(dy, weight):
    return np.einsum("oc,nohw->nchw", -weight, dy)


@slip("sgd_step", "SGN")
def h07_plus(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    dy = 2 * (y - target) / y.size
    dw, db = np.einsum("nohw,nchw->oc", dy, x), dy.sum(axis=(0, 2, 3))
    return weight + lr * dw, bias + lr * db, np.mean((y - target) ** 2)


@slip("sgd_step", "SGN")
def h07_target_minus_y(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    dy = 2 * (target - y) / y.size
    dw, db = np.einsum("nohw,nchw->oc", dy, x), dy.sum(axis=(0, 2, 3))
    return weight - lr * dw, bias - lr * db, np.mean((y - target) ** 2)


@slip("sgd_step", "SCL")
def h07_no_two(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    dy = (y - target) / y.size
    dw, db = np.einsum("nohw,nchw->oc", dy, x), dy.sum(axis=(0, 2, 3))
    return weight - lr * dw, bias - lr * db, np.mean((y - target) ** 2)


@slip("sgd_step", "BIA")
def h07_bias_not_in_y(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x)
    dy = 2 * (y - target) / y.size
    dw, db = np.einsum("nohw,nchw->oc", dy, x), dy.sum(axis=(0, 2, 3))
    return weight - lr * dw, bias - lr * db, np.mean((y - target) ** 2)


@slip("distinct_rows", "RNK")
def h07_len(weight0, head, steps):
    from course_utils.descent import descend

    return len(descend(weight0, head, steps)[0])


@slip("distinct_rows", "ORD")
def h07_before(weight0, head, steps):
    return np.linalg.matrix_rank(weight0)


@slip("distinct_rows", "RNK")
def h07_unique(weight0, head, steps):
    from course_utils.descent import descend

    w, _ = descend(weight0, head, steps)
    return len({tuple(row) for row in w.round(6)})


# ---- 08


@slip("fuse", "TRN|meets")
def h08_w1w2(w1, b1, w2, b2):
    return w1 @ w2, w2 @ b1 + b2


@slip("fuse", "BIA|do not fit")
def h08_biases(w1, b1, w2, b2):
    return w2 @ w1, b1 + b2


@slip("fuse", "BIA")
def h08_b2_only(w1, b1, w2, b2):
    weight = np.einsum("om,mc->oc", w2, w1)
    return weight, b2


@slip("mlpconv", "LIN")
def h08_no_relu(x, layers):
    for weight, bias in layers:
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    return x


@slip("mlpconv", "TRN|einsum|meets")
def h08_transposed_no_relu(x, layers):
    for weight, bias in layers:
        x = np.einsum("co,nchw->nohw", weight, x) + bias[:, None, None]
    return x


@slip("mlpconv", "EDG|ORD")
def h08_return_in_loop(x, layers):
    for weight, bias in layers:
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None], 0)
        return x


@slip("gap", "AXS")
def h08_everything(x):
    return x.mean()


@slip("gap", "AXS")
def h08_one_axis(x):
    return x.mean(axis=2)


@slip("gap", "AVG")
def h08_sum(x):
    n, c, h, w = x.shape
    y = np.zeros((n, c))
    for i in range(h):
        for j in range(w):
            y += x[:, :, i, j]
    return y


@slip("gap", "SCL")
def h08_divides_by_h(x):
    n, c, h, w = x.shape
    return x.sum(axis=(2, 3)) / (h + w)


@slip("gap_then_linear", "TRN|meets")
def h08_weight(x, weight, bias):
    return x.mean(axis=(2, 3)) @ weight


@slip("gap_then_linear", "BIA")
def h08_no_bias(x, weight, bias):
    return np.einsum("oc,nc->no", weight, x.mean(axis=(2, 3)))


@slip("fold_batchnorm", "BNM")
def h08_no_eps(weight, bias, gamma, beta, mean, var, eps):
    b = 0 if bias is None else bias
    s = gamma / np.sqrt(var)
    return weight * s[:, None], (b - mean) * s + beta


@slip("fold_batchnorm", "TRN|do not fit")
def h08_columns(weight, bias, gamma, beta, mean, var, eps):
    b = 0 if bias is None else bias
    s = gamma / np.sqrt(var + eps)
    return weight * s, (b - mean) * s + beta


@slip("fold_batchnorm", "EDG")
def h08_needs_bias(weight, bias, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return weight * s[:, None], (bias - mean) * s + beta


# ---- 09


@slip("macs", "GRP")
def h09_no_groups(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in * c_out * k**2 * h_out * w_out


@slip("macs", "SQR")
def h09_k(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in // groups * c_out * k * h_out * w_out


@slip("macs", "AXS|w_out")
def h09_hh(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in // groups * c_out * k * k * h_out**2


@slip("macs")
def h09_k_and_no_groups(c_in, c_out, k, h_out, w_out, groups=1):
    return 2 * c_in * c_out * k * k * h_out * w_out


@slip("macs", "UNI|h_out")
def h09_weights(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in * c_out * k * k // groups


@slip("bottleneck_macs", "CHN")
def h09_second_c_in(c_in, c_mid, c_out, k, h, w):
    return c_in * c_mid * h * w + c_in * c_out * k * k * h * w


@slip("bottleneck_macs", "EDG")
def h09_first_only(c_in, c_mid, c_out, k, h, w):
    return c_in * c_mid * h * w


@slip("break_even", "PRC")
def h09_floor(c_in, c_out, k):
    return (k * k * c_in * c_out) // (c_in + k * k * c_out)


@slip("break_even", "AXS|changed places")
def h09_swapped(c_in, c_out, k):
    return k**2 * c_in * c_out / (c_out + k**2 * c_in)


@slip("depthwise", "BRD")
def h09_no_padding(x, kernels):
    k = kernels.shape[1]
    n, c, h, w = x.shape
    y = np.zeros((n, c, h - k + 1, w - k + 1))
    for i in range(h - k + 1):
        for j in range(w - k + 1):
            y[:, :, i, j] = (x[:, :, i : i + k, j : j + k] * kernels).sum(axis=(2, 3))
    return y


@slip("depthwise", "SGN")
def h09_flipped(x, kernels):
    k = kernels.shape[1]
    n, c, h, w = x.shape
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros(x.shape)
    for i in range(h):
        for j in range(w):
            y[:, :, i, j] = (p[:, :, i : i + k, j : j + k] * kernels[:, ::-1, ::-1]).sum(axis=(2, 3))
    return y


@slip("separable", "LOC")
def h09_pointwise_only(x, kernels, weight, bias):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


@slip("pointwise_share", "UNI")
def h09_dense_counted(layers):
    ones = sum(one["c_in"] * one["c_out"] // one["groups"] * one["h"] * one["w"] for one in layers if one["k"] == 1)
    total = sum(one["c_in"] * one["c_out"] // one["groups"] * one["k"] ** 2 * one["h"] * one["w"] for one in layers)
    w1 = sum(one["c_in"] * one["c_out"] // one["groups"] for one in layers if one["k"] == 1)
    wt = sum(one["c_in"] * one["c_out"] // one["groups"] * one["k"] ** 2 for one in layers)
    return ones / total, w1 / wt


@slip("pointwise_share", "dictionary")
def h09_key(layers):
    return sum(layer["macs"] for layer in layers if layer["k"] == 1)


# ---- 11 and 12


@slip("arithmetic_intensity", "UNI")
def h11_macs(n, c_in, c_out, h, w, itemsize):
    return n * h * w * c_in * c_out / (itemsize * (n * h * w * (c_in + c_out) + c_in * c_out))


@slip("arithmetic_intensity", "CNT")
def h11_no_weights(n, c_in, c_out, h, w, itemsize):
    return 2 * n * h * w * c_in * c_out / (itemsize * n * h * w * (c_in + c_out))


@slip("roofline", "ROF")
def h11_max(ai, peak_flops, bandwidth):
    if ai * bandwidth > peak_flops:
        return ai * bandwidth, "compute"
    return peak_flops, "memory"


@slip("roofline", "a list of|values|expected")
def h11_number_only(ai, peak_flops, bandwidth):
    return min(ai * bandwidth, peak_flops)


@slip("roofline", "SGN")
def h11_names(ai, peak_flops, bandwidth):
    if ai * bandwidth < peak_flops:
        return ai * bandwidth, "compute"
    return peak_flops, "memory"


@slip("bytes_moved", "EDG")
def h12_floor(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tp, to = (h * w) // block_p, c_out // block_o
    return itemsize * (n * c_in * h * w * to + c_out * c_in * tp * n + n * c_out * h * w)


@slip("bytes_moved", "UNI")
def h12_numbers(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tp, to = -(-h * w // block_p), -(-c_out // block_o)
    return n * c_in * h * w * to + c_out * c_in * tp * n + n * c_out * h * w


@slip("tiled_conv1x1", "TIL")
def h12_at(x, weight, bias, block, dot=np.matmul):
    n, c, h, w = x.shape
    return (weight @ x.reshape(n, c, -1)).reshape(n, -1, h, w) + bias[:, None, None]


@slip("tiled_conv1x1", "BIA")
def h12_no_bias(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    p, y = x.reshape(n, c_in, h * w), np.zeros((n, c_out, h * w))
    for a in range(n):
        for o in range(0, c_out, block):
            for q in range(0, h * w, block):
                for c in range(0, c_in, block):
                    y[a, o : o + block, q : q + block] += dot(
                        weight[o : o + block, c : c + block], p[a, c : c + block, q : q + block]
                    )
    return y.reshape(n, c_out, h, w)


@slip("tiled_conv1x1", "ACC")
def h12_replaces_without_bias(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    p, y = x.reshape(n, c_in, h * w), np.zeros((n, c_out, h * w))
    for a in range(n):
        for o in range(0, c_out, block):
            for q in range(0, h * w, block):
                for c in range(0, c_in, block):
                    y[a, o : o + block, q : q + block] = dot(
                        weight[o : o + block, c : c + block], p[a, c : c + block, q : q + block]
                    )
    return y.reshape(n, c_out, h, w)


# ---- 13


@slip("verdict", "AVG")
def h13_mean(claim, value):
    return "true" if claim.low <= np.mean(value) <= claim.high else "false"


@slip("verdict", "THR")
def h13_all(claim, value):
    value = np.atleast_1d(value)
    if all(claim.low <= v <= claim.high for v in value):
        return "true"
    if not any(claim.low <= v <= claim.high for v in value):
        return "false"
    return "depends"


@slip("verdict", "True or False|one True")
def h13_ambiguous(claim, value):
    if claim.low <= value <= claim.high:
        return "true"
    return "false"


@slip("experiment_maps", "SCL")
def h13_not_a_share(rng, layer=None):
    x, weight = rng.standard_normal((1, 3, 5, 5)), rng.standard_normal((4, 3, 3, 3))
    return layer(x, weight, padding=1).shape[1]


@slip("experiment_distinct", "SYM")
def h13_random_rows(rng, train=None):
    weight, _ = train(rng.standard_normal((4, 6)), np.full(4, 0.5), 100)
    return np.linalg.matrix_rank(weight, rtol=1e-6)


@slip("experiment_order", "clearly not zero")
def h13_output_in_old_order(rng, layer=None):
    x, weight, perm = rng.standard_normal((1, 2, 4, 4)), rng.standard_normal((3, 2)), rng.permutation(16)
    shuffled = x.reshape(1, 2, 16)[:, :, perm].reshape(x.shape)
    return np.abs(layer(shuffled, weight) - layer(x, weight)).max()


# ---- a second table, written before anybody looked at what the check says of it


@slip("hwc_to_nchw", "LAY|AXS")
def a1(image):
    return image.reshape(1, *image.shape)


@slip("hwc_to_nchw", "AXS")
def a2(image):
    x = []
    for c in range(image.shape[2]):
        x.append(image[:, :, c].T)
    return np.array(x)[None]


@slip("hwc_to_nchw")
def a3(image):
    return np.stack([image[..., c] for c in range(3)])


@slip("hwc_to_nchw", "a list")
def a4(image):
    return [[image[:, :, c] for c in range(image.shape[2])]]


@slip("hwc_to_nchw", "has 1 place")
def a5(image):
    return np.array([[image[:, :, 0], image[:, :, 1], image[:, :, 2]]])


@slip("pixel_vector", "LAY")
def a6(x, n, i, j):
    return x[n, i, j, :]


@slip("pixel_vector")
def a7(x, n, i, j):
    return x[n, :, i][j]


@slip("pixel_vector", "BAT")
def a8(x, n, i, j):
    return x[:, :, i, j][0]


@slip("pixel_vector", "AXS")
def a9(x, n, i, j):
    return x[n, :, i : i + 1, j]


@slip("mix_pixel")
def b1(v, w, b=0.0):
    total = 0
    for c in range(len(v)):
        total = w[c] * v[c] + total
        if c == len(v) - 2:
            break
    return total + b


@slip("mix_pixel", "BIA")
def b2(v, w, b=0.0):
    return np.dot(v + b, w)


@slip("mix_pixel", "return")
def b3(v, w, b=0.0):
    print(np.dot(v, w) + b)


@slip("mix_pixel", "SGN|BIA")
def b4(v, w, b=0.0):
    return np.dot(v, w) - b


@slip("mix_pixel", "WGT|CNT")
def b5(v, w, b=0.0):
    return np.prod(v * w) + b


@slip("mix_pixel", "ORD")
def b6(v, w, b=0.0):
    return sum(v) * sum(w) + b


@slip("mix_pixel", "one number|DWP")
def b7(v, w, b=0.0):
    return np.array([np.dot(v, w) + b] * len(v))


@slip("mix_pixel_many", "BIA")
def b8(v, weight, bias):
    y = []
    for o in range(len(weight)):
        y.append(np.dot(weight[o], v) + bias)
    return np.array(y)


@slip("mix_pixel_many", "TRN|meets|too large")
def b9(v, weight, bias):
    y = np.zeros(weight.shape[1])
    for o in range(weight.shape[1]):
        y[o] = np.dot(weight[:, o], v) + bias[o]
    return y


@slip("mix_pixel_many", "AVG")
def b10(v, weight, bias):
    return (weight @ v + bias) / len(v)


@slip("mix_pixel_many", "SUM|AXS|DWP")
def b11(v, weight, bias):
    return (weight * v).sum(axis=0)


@slip("mix_pixel_many", "BIA|EDG")
def b12(v, weight, bias):
    y = np.zeros(len(weight))
    for o in range(1, len(weight)):
        y[o] = weight[o] @ v + bias[o]
    return y


@slip("weights_for", "BIA|CTR")
def b13(pixels, targets):
    p = pixels - pixels.mean(axis=0)
    w = np.linalg.lstsq(p, targets, rcond=None)[0]
    return w, targets.mean()


@slip("weights_for", "EDG|square|singular")
def b14(pixels, targets):
    a = np.column_stack([pixels, np.ones(len(pixels))])
    s = np.linalg.solve(a, targets)
    return s[:-1], s[-1]


@slip("conv1x1_one", "EDG|AXS")
def c1(x, w, b=0.0):
    n, c, h, wd = x.shape
    y = np.zeros((n, h, wd))
    for a in range(n):
        for i in range(h):
            for j in range(wd):
                for k in range(c):
                    y[a, i, j] += w[k] * x[a, k, i, j]
                y[a, i, j] += b
            return y


@slip("conv1x1_one", "do not fit")
def c2(x, w, b=0.0):
    n, c, h, wd = x.shape
    y = np.zeros((n, wd, h))
    for k in range(c):
        y += w[k] * x[:, k]
    return y + b


@slip("conv1x1_one", "ACC|BIA")
def c3(x, w, b=0.0):
    for k in range(len(w)):
        y = b + w[k] * x[:, k]
    return y


@slip("conv1x1_one", "DWP|SUM|AXS")
def c4(x, w, b=0.0):
    return np.einsum("c,nchw->nchw", w, x) + b


@slip("conv1x1_one", "BAT|SUM")
def c5(x, w, b=0.0):
    return np.einsum("c,nchw->hw", w, x)


@slip("conv1x1_loops", "ACC")
def c6(x, weight, bias=None):
    n, ci, h, w = x.shape
    co = len(weight)
    y = np.zeros((n, co, h, w))
    for a in range(n):
        for o in range(co):
            total = 0
            for i in range(h):
                for j in range(w):
                    for c in range(ci):
                        total += weight[o, c] * x[a, c, i, j]
                    y[a, o, i, j] = total
    return y


@slip("conv1x1_loops", "BIA")
def c7(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for o in range(len(weight)):
        for c in range(x.shape[1]):
            y[:, o] += weight[o, c] * x[:, c]
    return y + bias


@slip("conv1x1_loops", "EDG|TRN|too large")
def c8(x, weight, bias=None):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for o in range(len(weight)):
        for c in range(weight.shape[0]):
            y[:, o] += weight[o, c] * x[:, c]
        if bias is not None:
            y[:, o] += bias[o]
    return y


@slip("conv1x1_loops", "AXS|too large")
def c9(x, weight, bias=None):
    n, ci, w, h = x.shape
    y = np.zeros((n, len(weight), h, w))
    for a in range(n):
        for o in range(len(weight)):
            for i in range(h):
                for j in range(w):
                    y[a, o, i, j] = np.dot(weight[o], x[a, :, i, j])
    return y


@slip("conv1x1_loops", "DWP|WGT")
def c10(x, weight, bias=None):
    n, ci, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    for o in range(len(weight)):
        for c in range(ci):
            y[:, o] += weight[o, 0] * x[:, c]
        if bias is not None:
            y[:, o] += bias[o]
    return y


@slip("conv1x1_loops", "EDG")
def c11(x, weight, bias=None):
    n, ci, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    for a in range(n):
        for o in range(1, len(weight)):
            for c in range(ci):
                y[a, o] += weight[o, c] * x[a, c]
            if bias is not None:
                y[a, o] += bias[o]
    return y


@slip("conv1x1_loops", "no value|before it has")
def c12(x, weight, bias=None):
    for o in range(len(weight)):
        for c in range(x.shape[1]):
            y[:, o] += weight[o, c] * x[:, c]
    return y


@slip("check_shapes", "ERR")
def c13(x, weight, bias=None):
    if x.shape[1] != weight.shape[1]:
        return False
    if bias is not None and len(bias) != len(weight):
        return False
    return True


@slip("check_shapes")
def c14(x, weight, bias=None):
    if x.shape[1] == weight.shape[1]:
        raise ValueError("weight does not fit")


@slip("check_shapes", "BIA")
def c15(x, weight, bias=None):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight")


@slip("count_maps", "MUL|EDG")
def d1(channels):
    out = []
    for i in range(len(channels) - 1):
        out.append(channels[i] * channels[i + 1])
    return out


@slip("count_maps", "EDG")
def d2(channels):
    return [channels[i] for i in range(len(channels) - 1)]


@slip("count_maps", "EDG|too large|out of range")
def d3(channels):
    return [channels[i + 1] for i in range(len(channels))]


@slip("count_weights", "BIA")
def d4(c_in, c_out, k, bias=True):
    return (c_in * k * k + 1) * c_out


@slip("count_weights", "DWP|CHN|c_in")
def d5(c_in, c_out, k, bias=True):
    return c_out * k * k + c_out if bias else c_out * k * k


@slip("unsummed_maps", "RSH|AXS")
def d6(x, weight):
    return np.einsum("oc,chw->cohw", weight, x)


@slip("activation_bytes", "UNI|ARG")
def d7(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        return n * sum(channels) * h * w * 4
    return n * max(a + b for a, b in zip(channels, channels[1:], strict=False)) * h * w * 4


@slip("activation_bytes")
def d8(n, channels, h, w, itemsize, keep_all):
    if keep_all:
        return n * sum(channels) * h * w * itemsize
    return n * channels[-1] * h * w * itemsize


@slip("pixels_as_columns", "RSH|AXS|LAY")
def e1(x):
    return x.reshape(-1, x.shape[1]).T


@slip("pixels_as_columns", "RSH")
def e2(x):
    return x.transpose(0, 2, 3, 1).reshape(x.shape[1], -1)


@slip("columns_as_pixels", "BAT")
def e3(cols, n, h, w):
    return cols.reshape(cols.shape[0], n, h, w)


@slip("conv1x1_matmul", "meets|RSH")
def e4(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.reshape(-1, c)
    return y.reshape(n, -1, h, w)


@slip("conv1x1_matmul", "TRN|meets")
def e5(x, weight, bias=None):
    n, c, h, w = x.shape
    cols = x.transpose(1, 0, 2, 3).reshape(c, -1)
    y = weight.T @ cols
    return y.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@slip("conv1x1_einsum", "SUM|DWP")
def e6(x, weight, bias=None):
    return np.einsum("oc,nchw->nchw", weight, x)


@slip("conv1x1_einsum", "einsum")
def e7(x, weight, bias=None):
    return np.einsum("oc,nhw->nohw", weight, x)


@slip("conv1x1_nhwc", "LAY|RSH|AXS|meets")
def e8(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nohw", weight, x)
    return y


@slip("stain_to_channels", "SCL|SGN|LIN")
def e9(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(-np.log(np.maximum(rgb, 1e-6)) @ hed_from_rgb, 0)


@slip("stain_to_channels", "LIN")
def e10(rgb):
    from skimage.color import hed_from_rgb

    return rgb @ hed_from_rgb


@slip("receptive_field", "OVL|EDG")
def g1(kernels, strides):
    r = 1
    for k in kernels:
        r += k
    return r


@slip("receptive_field", "EDG|STR")
def g2(kernels, strides):
    r, j = 1, 1
    for k, s in zip(kernels, strides, strict=False):
        r = r + (k - 1) * j
        j = s
    return r


@slip("embed_in_3x3", "AVG")
def g3(weight):
    return np.repeat(np.repeat(weight[:, :, None, None], 3, 2), 3, 3) / 9


@slip("shuffle_gap", "AVG|sum")
def g4(f, x, perm):
    def sh(a):
        return a.reshape(*a.shape[:2], -1)[:, :, perm].reshape(a.shape)

    return np.abs(f(sh(x)) - sh(f(x))).sum()


@slip("shuffle_gap", "True or False|got|one number")
def g5(f, x, perm):
    def sh(a):
        return a.reshape(*a.shape[:2], -1)[:, :, perm].reshape(a.shape)

    return np.allclose(f(sh(x)), sh(f(x)))


@slip("find_the_impostors", "TST|zeros|bias")
def g6(layer):
    x, w = np.random.rand(2, 3, 4, 5), np.random.rand(6, 3)
    return layer(x, w).shape == (2, 6, 4, 5)


@slip("find_the_impostors", "TST")
def g7(layer):
    x, w, b = np.random.randn(2, 3, 4, 5), np.random.randn(6, 3), np.random.randn(6)
    return np.allclose(layer(x, w, b), np.einsum("oc,nchw->nohw", w, x) + b[:, None, None])


@slip("collision", "NUL|TRN")
def k1(weight, x):
    return x + np.linalg.svd(weight)[2][0][None, :, None, None]


@slip("collision", "NUL")
def k2(weight, x):
    return -x


@slip("restore_error", "SCL")
def k3(x, weight):
    p = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    p = p - p.mean(0)
    y = p @ weight.T
    return np.linalg.norm(p - y @ np.linalg.lstsq(y, p, rcond=None)[0]) / np.linalg.norm(p)


@slip("channel_rank", "RNK|ARG")
def k4(x, tol):
    return min(x.shape[1], x.shape[0] * x.shape[2] * x.shape[3])


@slip("channel_rank", "ARG|PRC")
def k5(x, tol):
    c = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)
    c = c - c.mean(1, keepdims=True)
    return np.linalg.matrix_rank(c)


@slip("pack_rgb", "AVG")
def k6(rgb):
    return rgb.mean(axis=1, keepdims=True)


@slip("pack_rgb", "TYP|type")
def k7(rgb):
    r = rgb.astype(float)
    return r[:, :1] + 256 * r[:, 1:2] + 65536 * r[:, 2:]


@slip("unpack_rgb", "TYP|DIG|type")
def k8(packed):
    r = packed % 256
    g = packed // 256 % 256
    b = packed // 65536
    return np.concatenate([r, g, b], axis=1)


@slip("grad_bias", "AVG|SCL")
def l1(dy):
    return dy.sum(axis=(0, 2, 3)) / dy.shape[0]


@slip("grad_bias", "SUM|BAT|AXS")
def l2(dy):
    return dy.sum(axis=0)


@slip("grad_weight", "SUM|TRN|einsum|AXS")
def l3(x, dy):
    return np.einsum("nohw,nchw->oc", x, dy)


@slip("grad_weight", "SCL|AVG")
def l4(x, dy):
    return np.einsum("nohw,nchw->oc", dy, x) / dy.size


@slip("grad_x", "TRN|einsum|do not fit|too large")
def l5(dy, weight):
    g = np.zeros((dy.shape[0], weight.shape[1], *dy.shape[2:]))
    for c in range(weight.shape[1]):
        for o in range(weight.shape[0]):
            g[:, c] += weight[c, o] * dy[:, o]
    return g


@slip("grad_x", "ACC")
def l6(dy, weight):
    g = np.zeros((dy.shape[0], weight.shape[1], *dy.shape[2:]))
    for c in range(weight.shape[1]):
        for o in range(weight.shape[0]):
            g[:, c] = weight[o, c] * dy[:, o]
    return g


@slip("sgd_step", "AVG|SCL")
def l7(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    e = y - target
    dy = 2 * e / len(x)
    return weight - lr * np.einsum("nohw,nchw->oc", dy, x), bias - lr * dy.sum((0, 2, 3)), (e**2).mean()


@slip("sgd_step", "a tuple|values|TYP")
def l8(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    e = y - target
    dy = 2 * e / e.size
    return weight - lr * np.einsum("nohw,nchw->oc", dy, x), bias - lr * dy.sum((0, 2, 3))


@slip("fuse", "BIA")
def m1(w1, b1, w2, b2):
    return w2 @ w1, b1 @ w2.T


@slip("fuse", "TYP|values|expected|got")
def m2(w1, b1, w2, b2):
    return w2 @ w1


@slip("mlpconv", "LIN")
def m3(x, layers):
    for i, (w, b) in enumerate(layers):
        x = np.einsum("oc,nchw->nohw", w, x) + b[:, None, None]
        if i == 0:
            x = np.maximum(x, 0)
    return x


@slip("mlpconv", "BIA|do not fit")
def m4(x, layers):
    for w, b in layers:
        x = np.maximum(np.einsum("oc,nchw->nohw", w, x) + b, 0)
    return x


@slip("gap", "AVG")
def m5(x):
    return x.max(axis=(2, 3))


@slip("gap_then_linear", "AVG|SCL")
def m6(x, weight, bias):
    return x.sum(axis=(2, 3)) @ weight.T + bias


@slip("fold_batchnorm", "BNM|BIA")
def m7(weight, bias, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    b = 0 if bias is None else bias
    return weight * s[:, None], b * s + beta


@slip("macs", "CHN|c_in")
def n1(c_in, c_out, k, h_out, w_out, groups=1):
    return c_out * k * k * h_out * w_out // groups


@slip("macs", "h_out|w_out|AXS|UNI")
def n2(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in * c_out * k * k * h_out // groups


@slip("bottleneck_macs", "SQR|CHN")
def n3(c_in, c_mid, c_out, k, h, w):
    return h * w * (c_in * c_mid + k * c_mid * c_out)


@slip("break_even", "SQR|SCL")
def n4(c_in, c_out, k):
    return k * k * c_in * c_out / (c_in + c_out)


@slip("depthwise", "SUM")
def n5(x, kernels):
    k = kernels.shape[1]
    n, c, h, w = x.shape
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros((n, h, w))
    for i in range(h):
        for j in range(w):
            y[:, i, j] = (p[:, :, i : i + k, j : j + k] * kernels).sum(axis=(1, 2, 3))
    return y


@slip("depthwise", "BRD|do not fit|EDG")
def n6(x, kernels):
    k = kernels.shape[1]
    n, c, h, w = x.shape
    y = np.zeros(x.shape)
    for i in range(h):
        for j in range(w):
            y[:, :, i, j] = (x[:, :, i : i + k, j : j + k] * kernels).sum(axis=(2, 3))
    return y


@slip("separable", "BIA")
def n7(x, kernels, weight, bias):
    k = kernels.shape[1]
    n, c, h, w = x.shape
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    d = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            d += kernels[:, i, j][:, None, None] * p[:, :, i : i + h, j : j + w]
    return np.einsum("oc,nchw->nohw", weight, d)


@slip("pointwise_share", "ORD")
def n8(layers):
    def wt(l):
        return l["c_in"] * l["c_out"] // l["groups"] * l["k"] ** 2

    def mc(l):
        return wt(l) * l["h"] * l["w"]

    p = [l for l in layers if l["k"] == 1 and l["kind"] == "conv"]
    return sum(map(wt, p)) / sum(map(wt, layers)), sum(map(mc, p)) / sum(map(mc, layers))


@slip("arithmetic_intensity", "CNT")
def o1(n, c_in, c_out, h, w, itemsize):
    return 2 * n * h * w * c_in * c_out / (itemsize * (n * h * w * c_in + n * h * w * c_out))


@slip("arithmetic_intensity", "UNI|itemsize")
def o2(n, c_in, c_out, h, w, itemsize):
    return 2 * n * h * w * c_in * c_out / (n * h * w * c_in + n * h * w * c_out + c_in * c_out)


@slip("bytes_moved", "CNT|ACC")
def o3(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    return itemsize * (n * c_in * h * w + c_in * c_out + n * c_out * h * w)


@slip("verdict", "THR|SGN|EDG")
def p1(claim, value):
    v = np.atleast_1d(value)
    a = np.mean((claim.low <= v) & (v <= claim.high))
    return "true" if a == 1 else "false" if a == 0 else "depends"


@slip("verdict", "THR")
def p2(claim, value):
    v = np.atleast_1d(value)
    a = np.mean((claim.low <= v) & (v <= claim.high))
    return "true" if a >= 0.5 else "false"


# ---- written later, by somebody who had not seen the others


@slip("hwc_to_nchw", "AXS")
def q00_transpose_021(image):
    return np.transpose(image, (0, 2, 1))[np.newaxis]


@slip("hwc_to_nchw", "BAT")
def q00_axis_at_end(image):
    planes = np.transpose(image, (2, 0, 1))
    return planes[:, :, :, np.newaxis]


@slip("hwc_to_nchw", "return")
def q00_prints(image):
    planes = np.transpose(image, (2, 0, 1))
    print(planes[np.newaxis].shape)


@slip("hwc_to_nchw", "axis h is 6")
def q00_list_of_channels_twisted(image):
    r = image[:, :, 0].T
    g = image[:, :, 1].T
    b = image[:, :, 2].T
    return np.array([[r, g, b]])


@slip("hwc_to_nchw", "a list of")
def q00_python_list(image):
    return [[image[:, :, c] for c in range(image.shape[2])]]


@slip("pixel_vector", "BAT")
def q00_forgot_n(x, n, i, j):
    return x[:, :, i, j]


@slip("pixel_vector", "AXS")
def q00_n_second(x, n, i, j):
    return x[:, n, i, j]


@slip("pixel_vector", "EDG")
def q00_counts_from_one(x, n, i, j):
    return x[n, :, i - 1, j - 1]


@slip("pixel_vector", "EDG")
def q00_three_channels(x, n, i, j):
    return np.array([x[n, 0, i, j], x[n, 1, i, j], x[n, 2, i, j]])


@slip("mix_pixel", "WGT|not depend on `w`")
def q01_forgets_weights(v, w, b=0.0):
    total = 0
    for number in v:
        total += number
    return total + b


@slip("mix_pixel", "AVG")
def q01_mean(v, w, b=0.0):
    return np.mean(v * w) + b


@slip("mix_pixel", "BIA")
def q01_b_in_loop(v, w, b=0.0):
    total = 0
    for c in range(len(v)):
        total += v[c] * w[c] + b
    return total


@slip("mix_pixel", "SGN")
def q01_minus_b(v, w, b=0.0):
    return np.dot(v, w) - b


@slip("mix_pixel", "SGN")
def q01_abs(v, w, b=0.0):
    return np.sum(np.abs(v * w)) + b


@slip("mix_pixel", "LIN")
def q01_max0(v, w, b=0.0):
    return max(0, np.sum(v * w) + b)


@slip("mix_pixel", "ORD")
def q01_outer(v, w, b=0.0):
    return np.outer(v, w).sum() + b


@slip("mix_pixel", "return")
def q01_print(v, w, b=0.0):
    print(np.sum(v * w) + b)


@slip("mix_pixel", "EDG")
def q01_range_1(v, w, b=0.0):
    s = b
    for i in range(1, len(v)):
        s += v[i] * w[i]
    return s


@slip("mix_pixel_many", "TRN")
def q01_v_at_weight(v, weight, bias):
    return v @ weight + bias


@slip("mix_pixel_many", "BIA")
def q01_bias_zero(v, weight, bias):
    y = np.zeros(len(weight))
    for o in range(len(weight)):
        for c in range(len(v)):
            y[o] += weight[o, c] * v[c]
        y[o] += bias[0]
    return y


@slip("mix_pixel_many", "SUM")
def q01_sum_everything(v, weight, bias):
    return (weight * v).sum() + bias


@slip("mix_pixel_many", "BIA")
def q01_bias_per_channel(v, weight, bias):
    y = []
    for o in range(weight.shape[0]):
        total = 0
        for c in range(weight.shape[1]):
            total += weight[o, c] * v[c] + bias[o]
        y.append(total)
    return np.array(y)


@slip("weights_for", "ORD")
def q01_wf_swapped(pixels, targets):
    A = np.column_stack([pixels, np.ones(len(pixels))])
    a = np.linalg.lstsq(A, targets, rcond=None)[0]
    return a[-1], a[:-1]


@slip("weights_for", "BIA")
def q01_wf_nob(pixels, targets):
    w = np.linalg.lstsq(pixels, targets, rcond=None)[0]
    return w, 0.0


@slip("conv1x1_one", "BAT")
def q02_only_sum_axis0(x, w, b=0.0):
    n, c, h, wd = x.shape
    y = np.zeros((n, h, wd))
    for i in range(h):
        for j in range(wd):
            for k in range(c):
                y[0, i, j] += w[k] * x[0, k, i, j]
    return y + b


@slip("conv1x1_one", "AVG")
def q02_mean(x, w, b=0.0):
    return (x * w.reshape(1, -1, 1, 1)).mean(axis=1) + b


@slip("conv1x1_one", "INP")
def q02_inplace(x, w, b=0.0):
    for c in range(x.shape[1]):
        x[:, c] *= w[c]
    return x.sum(axis=1) + b


@slip("conv1x1_one", "BIA")
def q02_bias_inside(x, w, b=0.0):
    n, C, H, W = x.shape
    y = np.zeros((n, H, W))
    for c in range(C):
        y += x[:, c] * w[c] + b
    return y


@slip("conv1x1_one", "AXS")
def q02_hw(x, w, b=0.0):
    n, C, W, H = x.shape
    y = np.zeros((n, H, W))
    for a in range(n):
        for i in range(H):
            for j in range(W):
                y[a, i, j] = b + sum(w[c] * x[a, c, j, i] for c in range(C))
    return y


@slip("conv1x1_loops", "ACC")
def q02_not_plus_equals(x, weight, bias=None):
    n, C, h, w = x.shape
    O = weight.shape[0]
    y = np.zeros((n, O, h, w))
    for a in range(n):
        for o in range(O):
            for i in range(h):
                for j in range(w):
                    for c in range(C):
                        y[a, o, i, j] = weight[o, c] * x[a, c, i, j]
                    if bias is not None:
                        y[a, o, i, j] += bias[o]
    return y


@slip("conv1x1_loops", "BIA")
def q02_bias_each_c(x, weight, bias=None):
    n, C, h, w = x.shape
    O = weight.shape[0]
    y = np.zeros((n, O, h, w))
    for a in range(n):
        for o in range(O):
            for i in range(h):
                for j in range(w):
                    for c in range(C):
                        y[a, o, i, j] += weight[o, c] * x[a, c, i, j]
                        if bias is not None:
                            y[a, o, i, j] += bias[o]
    return y


@slip("conv1x1_loops", "AXS")
def q02_y_axes_swapped(x, weight, bias=None):
    n, C, h, w = x.shape
    O = len(weight)
    y = np.zeros((O, n, h, w))
    for o in range(O):
        for c in range(C):
            y[o] += weight[o, c] * x[:, c]
        if bias is not None:
            y[o] += bias[o]
    return y


@slip("conv1x1_loops", "4 (h) meets 7 (w)")
def q02_shape_typo(x, weight, bias=None):
    n, C, h, w = x.shape
    O = weight.shape[0]
    y = np.zeros((n, O, h, h))
    for o in range(O):
        for c in range(C):
            y[:, o] += weight[o, c] * x[:, c]
        if bias is not None:
            y[:, o] += bias[o]
    return y


@slip("conv1x1_loops", "EDG")
def q02_n_minus(x, weight, bias=None):
    n, C, h, w = x.shape
    O = weight.shape[0]
    y = np.zeros((n, O, h, w))
    for i in range(h - 1):
        for j in range(w - 1):
            for a in range(n):
                for o in range(O):
                    y[a, o, i, j] = (0 if bias is None else bias[o]) + np.sum(weight[o] * x[a, :, i, j])
    return y


@slip("conv1x1_loops", "PRC")
def q02_int_out(x, weight, bias=None):
    n, C, h, w = x.shape
    O = weight.shape[0]
    y = np.zeros((n, O, h, w), dtype=int)
    for o in range(O):
        for a in range(n):
            for i in range(h):
                for j in range(w):
                    y[a, o, i, j] = np.sum(weight[o] * x[a, :, i, j]) + (0 if bias is None else bias[o])
    return y


@slip("conv1x1_loops", "return")
def q02_forgets_return(x, weight, bias=None):
    n, C, h, w = x.shape
    y = np.einsum("oc,nchw->nohw", weight, x)
    if bias is not None:
        y = y + bias[None, :, None, None]


@slip("conv1x1_loops", "BIA")
def q02_bias_not_none(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    if bias != None:
        y = y + bias[:, None, None]
    return y


@slip("check_shapes", "ERR")
def q02_cs_returns_false(x, weight, bias=None):
    if x.shape[1] != weight.shape[1]:
        return False
    if bias is not None and len(bias) != len(weight):
        return False
    return True


@slip("check_shapes", "AXS")
def q02_cs_axis0(x, weight, bias=None):
    if x.shape[1] != weight.shape[0]:
        raise ValueError("weight does not fit")
    if bias is not None and len(bias) != weight.shape[0]:
        raise ValueError("bias does not fit")


@slip("count_weights", "BIA")
def q03_bias_cin(c_in, c_out, k, bias=True):
    return c_in * c_out * k * k + (c_in if bias else 0)


@slip("count_weights", "CNT")
def q03_no_cout(c_in, c_out, k, bias=True):
    return c_in * k * k + (c_out if bias else 0)


@slip("unsummed_maps", "SUM")
def q03_summed(x, weight):
    return np.einsum("oc,chw->ohw", weight, x)


@slip("pixels_as_columns", "RSH")
def q04_reshape_then_T(x):
    n, c, h, w = x.shape
    return x.reshape(n * h * w, c).T


@slip("pixels_as_columns", "BAT")
def q04_order_chwn(x):
    n, c, h, w = x.shape
    return x.transpose(1, 2, 3, 0).reshape(c, n * h * w)


@slip("columns_as_pixels", "BAT")
def q04_direct(cols, n, h, w):
    return cols.reshape(n, cols.shape[0], h, w)


@slip("columns_as_pixels", "BAT")
def q04_forgets_swap(cols, n, h, w):
    return cols.reshape(cols.shape[0], n, h, w)


@slip("conv1x1_einsum", "TRN")
def q04_einsum_co(x, weight, bias=None):
    y = np.einsum("co,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@slip("conv1x1_einsum", "BIA")
def q04_bias_plain(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias


@slip("conv1x1_nhwc", "BIA")
def q04_nhwc_bias_none(x, weight, bias=None):
    return x @ weight.T + bias


@slip("stain_to_channels", "SCL")
def q04_plus_log(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(-np.log(np.maximum(rgb, 1e-6)) @ hed_from_rgb, 0)


@slip("shuffle_gap", "SYM")
def q05_shuffles_only_one(f, x, perm):
    n, c, h, w = x.shape
    s = x.reshape(n, c, h * w)[:, :, perm].reshape(n, c, h, w)
    return float(np.abs(f(s) - f(x)).max())


@slip("receptive_field", "CNT")
def q05_product(kernels, strides):
    size = 1
    for k in kernels:
        size *= k
    return size


@slip("receptive_field", "OVL")
def q05_adds_k(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides):
        size += k * step
        step *= s
    return size


@slip("receptive_field", "STR")
def q05_step_adds(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides):
        size += (k - 1) * step
        step += s
    return size


@slip("embed_in_3x3", "LOC")
def q05_transposed(weight):
    wide = np.zeros((weight.shape[0], weight.shape[1], 3, 3))
    wide[:, :, 0, 0] = weight
    return wide


@slip("restore_error", "SCL")
def q06_no_share(x, weight):
    n, c, h, w = x.shape
    cols = x.transpose(1, 0, 2, 3).reshape(c, -1)
    cols = cols - cols.mean(axis=1, keepdims=True)
    y = weight @ cols
    d = np.linalg.lstsq(y.T, cols.T, rcond=None)[0]
    return ((cols.T - y.T @ d) ** 2).sum()


@slip("restore_error", "CTR")
def q06_mean_over_all(x, weight):
    n, c, h, w = x.shape
    cols = x.transpose(1, 0, 2, 3).reshape(c, -1)
    cols = cols - cols.mean()
    y = weight @ cols
    d = np.linalg.lstsq(y.T, cols.T, rcond=None)[0]
    return ((cols.T - y.T @ d) ** 2).sum() / (cols**2).sum()


@slip("best_reduction", "ORD")
def q06_weakest(x, m):
    n, c, h, w = x.shape
    cols = x.transpose(1, 0, 2, 3).reshape(c, -1)
    cols = cols - cols.mean(axis=1, keepdims=True)
    u, s, vt = np.linalg.svd(cols, full_matrices=False)
    return u[:, -m:].T


@slip("channel_rank", "THR")
def q06_smaller(x, tol):
    n, c, h, w = x.shape
    cols = x.transpose(1, 0, 2, 3).reshape(c, -1)
    cols = cols - cols.mean(axis=1, keepdims=True)
    s = np.linalg.svd(cols, compute_uv=False)
    return int((s < tol * s.max()).sum())


@slip("pack_rgb", "DIG")
def q06_255(rgb):
    w = rgb.astype(np.float32)
    return (w[:, 0] + 255 * w[:, 1] + 255 * 255 * w[:, 2])[:, None]


@slip("grad_bias", "BAT")
def q07_axis0_only(dy):
    return dy.sum(axis=0)


@slip("grad_weight", "TRN")
def q07_co(x, dy):
    return np.einsum("nchw,nohw->co", x, dy)


@slip("grad_weight", "AVG")
def q07_mean(x, dy):
    n = x.shape[0]
    return np.einsum("nohw,nchw->oc", dy, x) / n


@slip("grad_x", "TRN")
def q07_T(dy, weight):
    return np.einsum("co,nohw->nchw", weight, dy)


@slip("sgd_step", "SGN")
def q07_plus(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    loss = np.mean((y - target) ** 2)
    dy = 2 * (y - target) / y.size
    return weight + lr * np.einsum("nohw,nchw->oc", dy, x), bias + lr * dy.sum(axis=(0, 2, 3)), loss


@slip("sgd_step", "INP")
def q07_inplace(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    loss = np.mean((y - target) ** 2)
    dy = 2 * (y - target) / y.size
    weight -= lr * np.einsum("nohw,nchw->oc", dy, x)
    bias -= lr * dy.sum(axis=(0, 2, 3))
    return weight, bias, loss


@slip("sgd_step", "ORD")
def q07_loss_first(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    loss = np.mean((y - target) ** 2)
    dy = 2 * (y - target) / y.size
    return loss, weight - lr * np.einsum("nohw,nchw->oc", dy, x), bias - lr * dy.sum(axis=(0, 2, 3))


@slip("sgd_step", "not depend on `lr`")
def q07_no_lr(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    loss = np.mean((y - target) ** 2)
    dy = 2 * (y - target) / y.size
    return weight - np.einsum("nohw,nchw->oc", dy, x), bias - dy.sum(axis=(0, 2, 3)), loss


@slip("fuse", "4 (c_mid) meets 2 (c_out)")
def q08_bias_sum(w1, b1, w2, b2):
    return w2 @ w1, b1 @ w2 + b2


@slip("mlpconv", "ORD")
def q08_relu_before(x, layers):
    for weight, bias in layers:
        x = np.maximum(x, 0)
        x = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    return x


@slip("mlpconv", "BIA")
def q08_bias_after_relu(x, layers):
    for weight, bias in layers:
        x = np.maximum(np.einsum("oc,nchw->nohw", weight, x), 0) + bias[:, None, None]
    return x


@slip("gap", "AVG")
def q08_max(x):
    return x.max(axis=(2, 3))


@slip("gap", "AXS")
def q08_keepdims(x):
    return x.mean(axis=(2, 3), keepdims=True)


@slip("gap_then_linear", "AVG")
def q08_sum(x, weight, bias):
    return x.sum(axis=(2, 3)) @ weight.T + bias


@slip("fold_batchnorm", "BNM")
def q08_var_not_sqrt(weight, bias, gamma, beta, mean, var, eps):
    s = gamma / (var + eps)
    b = 0 if bias is None else bias
    return weight * s[:, None], (b - mean) * s + beta


@slip("fold_batchnorm", "BNM")
def q08_eps_outside(weight, bias, gamma, beta, mean, var, eps):
    s = gamma / (np.sqrt(var) + eps)
    b = 0 if bias is None else bias
    return weight * s[:, None], (b - mean) * s + beta


@slip("fold_batchnorm", "BIA")
def q08_bias_not_scaled(weight, bias, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    b = 0 if bias is None else bias
    return weight * s[:, None], b - mean * s + beta


@slip("macs", "GRP")
def q09_times_groups(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in * c_out * k * k * h_out * w_out * groups


@slip("macs", "GRP")
def q09_both_groups(c_in, c_out, k, h_out, w_out, groups=1):
    return c_in // groups * c_out // groups * k * k * h_out * w_out


@slip("macs", "UNI")
def q09_flops(c_in, c_out, k, h_out, w_out, groups=1):
    return 2 * c_in // groups * c_out * k * k * h_out * w_out


@slip("bottleneck_macs", "SQR")
def q09_both_k(c_in, c_mid, c_out, k, h, w):
    return c_in * c_mid * k * k * h * w + c_mid * c_out * k * k * h * w


@slip("bottleneck_macs", "CNT")
def q09_product(c_in, c_mid, c_out, k, h, w):
    return (c_in * c_mid * h * w) * (c_mid * c_out * k * k * h * w)


@slip("break_even", "SQR")
def q09_k(c_in, c_out, k):
    return k * c_in * c_out / (c_in + k * c_out)


@slip("depthwise", "BRD")
def q09_pad_k(x, kernels):
    k = kernels.shape[1]
    n, c, h, w = x.shape
    p = np.pad(x, ((0, 0), (0, 0), (k - 1, 0), (k - 1, 0)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j][:, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@slip("depthwise", "BRD")
def q09_mean(x, kernels):
    k = kernels.shape[1]
    n, c, h, w = x.shape
    r = k // 2
    p = np.pad(x, ((0, 0), (0, 0), (r, r), (r, r)), mode="edge")
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, i, j][:, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@slip("depthwise", "TRN")
def q09_ij(x, kernels):
    k = kernels.shape[1]
    n, c, h, w = x.shape
    r = k // 2
    p = np.pad(x, ((0, 0), (0, 0), (r, r), (r, r)))
    y = np.zeros(x.shape)
    for i in range(k):
        for j in range(k):
            y += kernels[:, j, i][:, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@slip("separable", "ORD")
def q09_order(x, kernels, weight, bias):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    k = kernels.shape[1]
    n, c, h, w = y.shape
    r = k // 2
    p = np.pad(y, ((0, 0), (0, 0), (r, r), (r, r)))
    z = np.zeros(y.shape)
    for i in range(k):
        for j in range(k):
            z += kernels[:, i, j][:, None, None] * p[:, :, i : i + h, j : j + w]
    return z


@slip("feed_forward", "LIN")
def q14_no_relu(x, up, up_bias, down, down_bias):
    return (x @ up.T + up_bias) @ down.T + down_bias


@slip("feed_forward", "LIN")
def q14_relu_last(x, up, up_bias, down, down_bias):
    return np.maximum(np.maximum(x @ up.T + up_bias, 0) @ down.T + down_bias, 0)


@slip("feed_forward", "TRN")
def q14_no_T(x, up, up_bias, down, down_bias):
    h = np.maximum(x @ up + up_bias, 0)
    return h @ down + down_bias


@slip("feed_forward", "EXT")
def q14_residual(x, up, up_bias, down, down_bias):
    return x + np.maximum(x @ up.T + up_bias, 0) @ down.T + down_bias


@slip("patchify_weight", "RSH")
def q14_reshape(weight):
    return weight.reshape(weight.shape[0], -1)


@slip("patchify_weight", "AXS")
def q14_jic(weight):
    return weight.transpose(0, 3, 2, 1).reshape(len(weight), -1)


@slip("lora", "SCL")
def q14_no_r(weight, down, up, alpha):
    return weight + alpha * (up @ down)


@slip("lora", "ORD")
def q14_down_up(weight, down, up, alpha):
    return weight + alpha / len(down) * (down @ up)


@slip("lora", "SCL")
def q14_r_c(weight, down, up, alpha):
    r = down.shape[1]
    return weight + alpha / r * up @ down


@slip("lora", "INP")
def q14_inplace(weight, down, up, alpha):
    weight += alpha / down.shape[0] * up @ down
    return weight


@slip("attention", "SCL")
def q14_unscaled(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    s = q @ k.transpose(1, 2)
    return s.softmax(dim=2) @ v @ out.T


@slip("attention", "AXS")
def q14_dim1(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    s = q @ k.transpose(1, 2) / len(query) ** 0.5
    return s.softmax(dim=1) @ v @ out.T


@slip("attention", "SCL")
def q14_scale_d(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    s = q @ k.transpose(1, 2) / query.shape[0]
    return s.softmax(dim=2) @ v @ out.T


@slip("attention", "WGT")
def q14_no_out(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    s = q @ k.transpose(1, 2) / len(query) ** 0.5
    return s.softmax(dim=2) @ v


@slip("attention", "SCL")
def q14_scale_c(x, query, key, value, out):
    q, k, v = x @ query.T, x @ key.T, x @ value.T
    s = q @ k.transpose(1, 2) / x.shape[2] ** 0.5
    return s.softmax(dim=2) @ v @ out.T


@slip("tokenwise_share", "EDG")
def q14_no_mixing(architecture):
    a = architecture
    own = a["blocks"] * a["tokens"] * (4 * a["width"] ** 2 + 2 * a["width"] * a["hidden"])
    return own / (own + a["blocks"] * 2 * a["tokens"] ** 2 * a["width"])


# ---- two slips in one, and what no small input showed


@slip("mix_pixel_many", "PRC")
def t01_half(v, weight, bias):
    return (weight @ v + bias).astype(np.float16)


@slip("conv1x1_nhwc", "RSH")
def t04_reshaped_back(x, weight, bias=None):
    n, h, w, c = x.shape
    y = (weight @ x.transpose(0, 3, 1, 2).reshape(n, c, h * w)).reshape(n, h, w, -1)
    return y if bias is None else y + bias


@slip("conv1x1_nhwc", "RSH")
def t04_weight_reshaped(x, weight, bias=None):
    y = x @ weight.reshape(x.shape[-1], -1)
    return y if bias is None else y + bias


@slip("fold_batchnorm", "BNM")
def t08_mean_added(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return scale[:, None] * weight, scale * ((0 if bias is None else bias) + mean) + beta


@slip("fold_batchnorm")
def t08_gamma_without_its_sign(weight, bias, gamma, beta, mean, var, eps):
    scale = np.abs(gamma) / np.sqrt(var + eps)
    return scale[:, None] * weight, scale * ((0 if bias is None else bias) - mean) + beta


@slip("Pointwise", "output:")
def t10_last_channel_alone(c_in, c_out, bias=True):
    import torch
    from torch import nn

    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(c_out, c_in))
            self.bias = nn.Parameter(torch.zeros(c_out)) if bias else None

        def forward(self, x):
            y = torch.zeros(x.shape[0], c_out, *x.shape[2:])
            for o in range(c_out):
                for c in range(c_in):
                    y[:, o] = self.weight[o, c] * x[:, c]
            return y if self.bias is None else y + self.bias[:, None, None]

    return Layer()


@slip("Pointwise", "BIA")
def t10_bias_subtracted(c_in, c_out, bias=True):
    import torch
    from torch import nn

    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(c_out, c_in))
            self.bias = nn.Parameter(torch.zeros(c_out)) if bias else None

        def forward(self, x):
            y = torch.einsum("oc,nchw->nohw", self.weight, x)
            return y if self.bias is None else y - self.bias[:, None, None]

    return Layer()


def block(forward, groups=1, dilation=1):
    """A bottleneck by its four layers, with another way through them or other options of the 3×3."""
    from torch import nn

    class Bottleneck(nn.Module):
        def __init__(self, c_in, c_mid, c_out, stride=1):
            super().__init__()
            self.down = nn.Conv2d(c_in, c_mid, 1, bias=False)
            options = {"padding": dilation, "dilation": dilation, "groups": c_mid if groups > 1 else 1}
            self.middle = nn.Conv2d(c_mid, c_mid, 3, stride=stride, bias=False, **options)
            self.up = nn.Conv2d(c_mid, c_out, 1, bias=False)
            fits = stride == 1 and c_in == c_out
            self.skip = nn.Identity() if fits else nn.Conv2d(c_in, c_out, 1, stride=stride, bias=False)

    Bottleneck.forward = forward
    return Bottleneck


def usual_way(self, x):
    return (self.up(self.middle(self.down(x).relu()).relu()) + self.skip(x)).relu()


def skip_of_the_reduced(self, x):
    y = self.down(x).relu()
    return (self.up(self.middle(y).relu()) + self.skip(y)).relu()


@slip("Bottleneck", "its weights")
def t10_grouped(*sizes, **options):
    return block(usual_way, groups=2)(*sizes, **options)


@slip("Bottleneck", "this layer takes")
def t10_skip_of_the_reduced(*sizes, **options):
    return block(skip_of_the_reduced)(*sizes, **options)


@slip("Bottleneck", "output:")
def t10_relu_on_each_part(*sizes, **options):
    def forward(self, x):
        return self.up(self.middle(self.down(x).relu()).relu()).relu() + self.skip(x).relu()

    return block(forward)(*sizes, **options)


@slip("head_to_conv", "BIA")
def t10_bias_not_copied(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    conv.weight.data = linear.weight.data[:, :, None, None]
    return conv


@slip("head_to_conv", "BIA")
def t10_always_a_bias(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1)
    conv.weight.data = linear.weight.data[:, :, None, None]
    return conv


@slip("head_to_conv", "CPY")
def t10_not_copied(linear):
    from torch import nn

    return nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)


@slip("head_to_conv", "INP")
def t10_layer_reshaped(linear):
    from torch import nn

    conv = nn.Conv2d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    linear.weight.data = linear.weight.data[:, :, None, None]
    conv.weight = linear.weight
    conv.bias = linear.bias
    return conv


@slip("tiled_conv1x1", "gives np.array")
def t12_whole_tiles(x, weight, bias, block, dot=np.matmul):
    (n, c, h, w), c_out = x.shape, len(weight)
    pixels, y = x.reshape(n, c, -1), np.zeros((n, c_out, h * w))
    for i in range(n):
        for p in range(0, h * w - block + 1, block):
            for o in range(0, c_out - block + 1, block):
                for k in range(0, c, block):
                    tile = dot(weight[o : o + block, k : k + block], pixels[i, k : k + block, p : p + block])
                    y[i, o : o + block, p : p + block] += tile
    return y.reshape(n, c_out, h, w) + bias[:, None, None]


@slip("grad_bias", "BAT")
def t7_grad_bias_loop_adds_first_pixel(dy):
    N, C, H, W = dy.shape
    g = np.zeros(C)
    for n in range(N):
        for o in range(C):
            g[o] += dy[n, o, 0, 0]
    return g


@slip("grad_bias", "several axes are a tuple")
def t7_grad_bias_sum_axis_list(dy):
    return dy.sum(axis=[0, 2, 3])


@slip("sgd_step", "AVG")
def t7_sgd_step_loss_sum(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    loss = ((y - target) ** 2).sum()
    dy = 2 * (y - target)
    gw = np.einsum("nohw,nchw->oc", dy, x)
    gb = dy.sum(axis=(0, 2, 3))
    return weight - lr * gw, bias - lr * gb, loss


@slip("sgd_step", "BIA")
def t7_sgd_step_bias_not_stepped(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    loss = np.mean((y - target) ** 2)
    dy = 2 * (y - target) / y.size
    gw = np.einsum("nohw,nchw->oc", dy, x)
    return weight - lr * gw, bias, loss


@slip("sgd_step", "is `y` what belongs there")
def t7_sgd_step_forgot_chain_factor_y(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
    loss = ((y - target) ** 2).mean()
    dy = 2 * (y - target) / y.size
    gw = np.einsum("nohw,nchw->oc", y, x)
    gb = dy.sum(axis=(0, 2, 3))
    return weight - lr * gw, bias - lr * gb, loss


@slip("distinct_rows", "RNK")
def t7_distinct_rows_count_unique_rows(weight0, head, steps):
    from course_utils.experiments import descent

    weight, head = descent.descend(weight0, head, steps)
    return len(np.unique(weight.round(6), axis=0))


@slip("distinct_rows", "ARG")
def t7_distinct_rows_one_step(weight0, head, steps):
    from course_utils.experiments import descent

    weight, _ = descent.descend(weight0, head, 1)
    s = np.linalg.svd(weight)[1]
    return int((s > 1e-6 * s[0]).sum())


@slip("distinct_rows", "look at the number 0")
def t7_distinct_rows_svd_u(weight0, head, steps):
    from course_utils.experiments import descent

    weight, _ = descent.descend(weight0, head, steps)
    s = np.linalg.svd(weight)[0]
    return int((s > 1e-6 * s.max()).sum())


@slip("fuse", "ORD")
def t7_fuse_order(w1, b1, w2, b2):
    return w1 @ w2, w1 @ b2 + b1


@slip("fuse", "DWP")
def t7_fuse_star(w1, b1, w2, b2):
    return w2 * w1, w2 * b1 + b2


@slip("fuse", "is `w` what belongs there")
def t7_fuse_weight_times_b1(w1, b1, w2, b2):
    w = np.dot(w2, w1)
    b = np.dot(w, b1) + b2
    return w, b


@slip("mlpconv", "ORD")
def t7_mlpconv_always_from_x(x, layers):
    for w, b in layers:
        y = np.einsum("oc,nchw->nohw", w, x) + b[:, None, None]
        y = np.maximum(y, 0)
    return y


@slip("mlpconv", "largest or smallest number along axis 0")
def t7_mlpconv_npmax(x, layers):
    for w, b in layers:
        x = np.einsum("oc,nchw->nohw", w, x) + b.reshape(1, -1, 1, 1)
        x = np.max(x, 0)
    return x


@slip("gap", "several axes are one tuple")
def t7_gap_axes_23_of_list(x):
    return x.mean(2, 3)


@slip("gap_then_linear", "one of the two matrices")
def t7_gap_then_linear_weight_left(x, weight, bias):
    pooled = x.mean(axis=(2, 3))
    return weight @ pooled + bias


@slip("macs", "look at the `+`")
def t7_macs_plus(c_in, c_out, k, h_out, w_out, groups=1):
    return (c_in + c_out) * k * k * h_out * w_out // groups


@slip("bottleneck_macs", "Where do brackets belong")
def t7_bottleneck_macs_pixels_only_second(c_in, c_mid, c_out, k, h, w):
    return c_in * c_mid + c_mid * c_out * k * k * h * w


@slip("break_even", "Where do brackets belong")
def t7_break_even_no_parens(c_in, c_out, k):
    return k**2 * c_in * c_out / c_in + k**2 * c_out


@slip("depthwise", "BRD")
def t7_depthwise_pad_one(x, kernels):
    N, C, H, W = x.shape
    k = kernels.shape[1]
    xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    y = np.zeros((N, C, H, W))
    for i in range(H):
        for j in range(W):
            y[:, :, i, j] = (xp[:, :, i : i + k, j : j + k] * kernels).sum(axis=(2, 3))
    return y


@slip("depthwise", "BRD")
def t7_depthwise_pad_all_axes(x, kernels):
    N, C, H, W = x.shape
    k = kernels.shape[1]
    xp = np.pad(x, k // 2)
    y = np.zeros((N, C, H, W))
    for i in range(H):
        for j in range(W):
            y[:, :, i, j] = (xp[:, :, i : i + k, j : j + k] * kernels).sum(axis=(2, 3))
    return y


@slip("pick_device", "DEV")
def t7_pick_device_no_mps(prefer="auto"):
    import torch

    if prefer == "cpu":
        return torch.device("cpu")
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@slip("pick_device", "without brackets is not called")
def t7_pick_device_no_parens(prefer="auto"):
    import torch

    if prefer in ("auto", "cuda") and torch.cuda.is_available:
        return torch.device("cuda")
    if prefer in ("auto", "mps") and torch.backends.mps.is_available:
        return torch.device("mps")
    return torch.device("cpu")


@slip("arithmetic_intensity", "Where do brackets belong")
def t7_arithmetic_intensity_precedence(n, c_in, c_out, h, w, itemsize):
    flops = 2 * n * c_in * c_out * h * w
    return flops / itemsize * (n * c_in * h * w + c_in * c_out + n * c_out * h * w)


@slip("roofline", "UNI")
def t7_roofline_bound_on_ai_vs_peak(ai, peak_flops, bandwidth):
    if ai < peak_flops:
        return ai * bandwidth, "memory"
    return peak_flops, "compute"


@slip("roofline", "two things have changed places")
def t7_roofline_ridge_inverted(ai, peak_flops, bandwidth):
    ridge = bandwidth / peak_flops
    if ai < ridge:
        return ai * bandwidth, "memory"
    return peak_flops, "compute"


@slip("mixed_precision_error", "SCL")
def t7_mixed_precision_error_no_sqrt(x, weight, dtype):
    import torch

    from course_utils import device

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    low = torch.einsum("oc,nchw->nohw", device.rounded(weight, dtype), device.rounded(x, dtype))
    return ((low - exact).abs().max() / exact.pow(2).mean()).item()


@slip("verdict", "THR")
def t7_verdict_half(claim, value):
    from course_utils.experiments import claims

    v = np.atleast_1d(value)
    share = ((v >= claim.low) & (v <= claim.high)).mean()
    if share >= claims.MOST:
        return "true"
    if share < 0.5:
        return "false"
    return "depends"


@slip("verdict", "asks twice")
def t7_verdict_chained_compare(claim, value):
    from course_utils.experiments import claims

    v = np.array(value)
    share = np.mean(claim.low <= v <= claim.high)
    return "true" if share >= claims.MOST else "false" if share <= 1 - claims.MOST else "depends"


@slip("verdict", "TYP")
def t7_verdict_bools(claim, value):
    from course_utils.experiments import claims

    v = np.atleast_1d(value)
    share = ((v >= claim.low) & (v <= claim.high)).mean()
    if share >= claims.MOST:
        return True
    elif share <= 1 - claims.MOST:
        return False
    return "depends"


@slip("grad_bias", "already stops before n")
def t8_grad_bias_loop_bounds(dy):
    n, o, h, w = dy.shape
    g = np.zeros(o)
    for i in range(n):
        for c in range(o):
            for y in range(h - 1):
                for x in range(w - 1):
                    g[c] += dy[i, c, y, x]
    return g


@slip("sgd_step", "ORD")
def t8_sgd_step_returns_gradients(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[None, :, None, None]
    dy = 2 * (y - target) / y.size
    loss = np.mean((y - target) ** 2)
    return np.einsum("nohw,nchw->oc", dy, x), dy.sum((0, 2, 3)), loss


@slip("sgd_step", "SCL")
def t8_sgd_step_abs_loss(x, weight, bias, target, lr):
    y = np.einsum("oc,nchw->nohw", weight, x) + bias[None, :, None, None]
    dy = 2 * (y - target) / y.size
    loss = np.abs(y - target).mean()
    return weight - lr * np.einsum("nohw,nchw->oc", dy, x), bias - lr * dy.sum((0, 2, 3)), loss


@slip("distinct_rows", "RNK")
def t8_distinct_rows_sum_of_sv(weight0, head, steps):
    from course_utils.experiments import descent

    w, _ = descent.descend(weight0, head, steps)
    s = np.linalg.svd(w, compute_uv=False)
    return len(s)


@slip("fuse", "AXS")
def t8_fuse_bias_row(w1, b1, w2, b2):
    return w2 @ w1, (w2 @ b1[:, None]) + b2


@slip("mlpconv", "LIN")
def t8_mlpconv_leaky(x, layers):
    for w, b in layers:
        y = np.einsum("oc,nchw->nohw", w, x) + b[:, None, None]
        x = np.where(y > 0, y, 0.01 * y)
    return x


@slip("gap_then_linear", "SUM")
def t8_gap_then_linear_layer_not_pooled(x, weight, bias):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


@slip("depthwise", "already stops before n")
def t8_depthwise_loop_range_k_minus(x, kernels):
    n, c, h, w = x.shape
    k = kernels.shape[-1]
    p = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    y = np.zeros((n, c, h, w))
    for i in range(k - 1):
        for j in range(k - 1):
            y += kernels[:, i, j][None, :, None, None] * p[:, :, i : i + h, j : j + w]
    return y


@slip("pick_device", "DEV")
def t8_pick_device_prefer_eq_only(prefer="auto"):
    import torch

    if prefer == "cuda" and torch.cuda.is_available():
        return torch.device("cuda")
    if prefer == "mps" and torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


@slip("pick_device", "counts as true")
def t8_pick_device_or_bug(prefer="auto"):
    import torch

    if prefer == "auto" or "cuda" and torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("cpu")


@slip("roofline", "UNI")
def t8_roofline_returns_ai(ai, peak_flops, bandwidth):
    ridge = peak_flops / bandwidth
    return (ai, "memory") if ai < ridge else (peak_flops, "compute")


@slip("mixed_precision_error", "SCL")
def t8_mixed_precision_error_rms_of_x(x, weight, dtype):
    import torch

    from course_utils import device

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    low = torch.einsum("oc,nchw->nohw", device.rounded(weight, dtype), device.rounded(x, dtype))
    return float((low - exact).abs().max() / x.pow(2).mean().sqrt())


@slip("bytes_moved", "TIL")
def t8_bytes_moved_ceil_per_side(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tp, to = -(-h // block_p) * -(-w // block_p), -(-c_out // block_o)
    return itemsize * n * (to * c_in * h * w + tp * c_in * c_out + c_out * h * w)


@slip("experiment_maps", "UNI")
def t8_experiment_maps_counts_pixels(rng, layer=None):
    x = rng.standard_normal((1, 3, 6, 6))
    w = rng.standard_normal((4, 3, 3, 3))
    return layer(x, w, padding=1).size / (4 * 3)


@slip("experiment_order", "AVG")
def t8_experiment_order_divides_by_mean(rng, layer=None):
    x = rng.standard_normal((1, 3, 4, 5))
    w = rng.standard_normal((2, 3))
    p = rng.permutation(20)
    s = lambda a: a.reshape(1, -1, 20)[:, :, p].reshape(a.shape)
    y = layer(x, w)
    return np.abs(layer(s(x), w) - s(y)).max() / np.abs(y).mean()


@slip("feed_forward", "ORD")
def t8_feed_forward_weights_swapped(x, up, up_bias, down, down_bias):
    h = np.maximum(x @ down.T + down_bias, 0)
    return h @ up.T + up_bias


@slip("tokenwise_share", "CNT")
def t8_tokenwise_share_blocks_on_one_only(architecture):
    a = architecture
    T, C, M, B = (a[k] for k in ("tokens", "width", "hidden", "blocks"))
    tok = B * T * (4 * C * C + 2 * C * M) + a["read"] * C * a["classes"] + a["patches"] * a["patch"] * C
    mix = 2 * T * T * C
    return tok / (tok + mix)
