"""A 1×1 convolution as one matrix product."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import Rule, exercise


@exercise(
    cases=inputs.layers,
    axes="n c_out h w",
    rule=Rule("one `@` and no Python loops", ("@",), ("loop", "einsum")),
    hints=(
        "For one pixel the layer is weight @ v. What must stand in the place of v so that one product does all pixels?",
        "pixels_as_columns(x) has C_in rows, so weight @ columns has C_out. The bias has one number per row: give it a second axis, bias[:, None]. Then go back to (N, C_out, H, W).",
        "n, _, h, w = x.shape;  y = weight @ pixels_as_columns(x);  if there is a bias: y = y + bias[:, None];  return columns_as_pixels(y, n, h, w)",
    ),
)
def conv1x1_matmul(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_matmul.made_of("pixels_as_columns", "columns_as_pixels")
def of_columns(pixels_as_columns, columns_as_pixels, x, weight, bias=None):
    n, _, h, w = x.shape
    y = weight @ pixels_as_columns(x)
    return columns_as_pixels(y if bias is None else y + bias[:, None], n, h, w)


@conv1x1_matmul.mistake(
    "TRN",
    "The weight is transposed. It is (C_out, C_in) already: its rows are outputs, so it stands on the left as it is.",
)
def matmul_transposed(x, weight, bias=None):
    n, _, h, w = x.shape
    y = weight.T @ x.reshape(n, -1, h * w)
    return (y if bias is None else y + bias[:, None]).reshape(n, -1, h, w)


@conv1x1_matmul.mistake(
    "BIA",
    "`+ bias` on (N, C_out, H, W) meets the last axis, the width. Give the bias two more axes: bias[:, None, None] has shape (C_out, 1, 1).",
)
def matmul_bias_on_width(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias


@conv1x1_matmul.mistake(
    "BIA",
    "`+ bias` on a matrix meets the last axis, the pixels. The bias has one number a *row*: make a column of it, bias[:, None].",
)
def matmul_bias_on_pixels(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.transpose(1, 0, 2, 3).reshape(c, -1)
    y = y if bias is None else y + bias
    return y.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@conv1x1_matmul.mistake("BIA", "The bias is missing: output channel o adds bias[o] to each of its pixels.")
def matmul_without_bias(x, weight, bias=None):
    n, _, h, w = x.shape
    return (weight @ x.reshape(n, -1, h * w)).reshape(n, -1, h, w)


@conv1x1_matmul.mistake("BIA", "`bias` may be None: that means no bias, so add nothing.")
def matmul_needs_bias(x, weight, bias=None):
    n, _, h, w = x.shape
    return (weight @ x.reshape(n, -1, h * w) + bias[:, None]).reshape(n, -1, h, w)


@conv1x1_matmul.mistake(
    "RSH",
    "Your columns are no pixels: x is cut by reshape alone, so with two images a column mixes numbers of different places. Use pixels_as_columns(x).",
)
def matmul_cuts_x(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.reshape(c, -1)
    y = y if bias is None else y + bias[:, None]
    return y.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@conv1x1_matmul.mistake(
    "BAT",
    "The product is right; the way back is not. Its rows are channels, so cutting it straight into (N, C_out, H, W) mixes the images. Use columns_as_pixels.",
)
def matmul_cuts_y(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.transpose(1, 0, 2, 3).reshape(c, -1)
    y = y if bias is None else y + bias[:, None]
    return y.reshape(n, -1, h, w)


@conv1x1_matmul.mistake(
    "RSH",
    "Both reshapes, there and back, run over the batch axis: right for one image, wrong for two. Use pixels_as_columns and columns_as_pixels.",
)
def matmul_cuts_both(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.reshape(c, -1)
    y = y if bias is None else y + bias[:, None]
    return y.reshape(n, -1, h, w)


@conv1x1_matmul.mistake(
    "BAT", "You return the matrix of columns as (C_out, N, H, W). Images come first: exchange the first two axes."
)
def matmul_channels_first(x, weight, bias=None):
    y = np.einsum("oc,nchw->onhw", weight, x)
    return y if bias is None else y + bias[:, None, None, None]


@conv1x1_matmul.mistake(
    "INP",
    "Setting bias.shape changes the caller's bias, for good. Make a view with another shape instead: bias[:, None] or bias.reshape(-1, 1).",
)
def matmul_reshapes_bias(x, weight, bias=None):
    n, _, h, w = x.shape
    y = weight @ x.reshape(n, -1, h * w)
    if bias is not None:
        bias.shape = (-1, 1)
        y = y + bias
    return y.reshape(n, -1, h, w)


@conv1x1_matmul.mistake(
    "RSH",
    "The rows of your matrix are no pixels: reshape(-1, C) cuts across them. Bring C to the end by transpose first, or use pixels_as_columns(x).",
)
def matmul_cuts_rows(x, weight, bias=None):
    n, c, h, w = x.shape
    y = x.reshape(-1, c) @ weight.T
    y = y if bias is None else y + bias
    return y.reshape(n, -1, h, w)


@conv1x1_matmul.mistake(
    "AXS", "The product is right, and still a matrix (C_out, N·H·W). The next layer wants images: columns_as_pixels."
)
def matmul_not_brought_back(x, weight, bias=None):
    y = there_and_back(x, weight, bias)
    return y.transpose(1, 0, 2, 3).reshape(len(weight), -1)


@conv1x1_matmul.mistake(
    "AXS", "The product is right. The three sizes of the way back are not those of x: n, h and w, in this order."
)
def matmul_back_by_width(x, weight, bias=None):
    y = there_and_back(x, weight, bias)
    n, c, h, w = y.shape
    return y.reshape(n, c, w, h)


@conv1x1_matmul.mistake(
    "ORD", "The pixels stand on the left of your product. An output is a *row* of weight times a column of pixels."
)
def matmul_pixels_first(x, weight, bias=None):
    y = x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1) @ weight
    return y.reshape(-1, len(x), *x.shape[2:]).transpose(1, 0, 2, 3)


@conv1x1_matmul.mistake(
    "BIA",
    "You add the bias to the pixels, before the product. It has one number an *output*: add it after the product.",
)
def matmul_bias_first(x, weight, bias=None):
    x = x if bias is None else x + bias.reshape(1, -1, 1, 1)
    return np.einsum("oc,nchw->nohw", weight, x)


@conv1x1_matmul.mistake(
    "BIA",
    "Where `bias` is None you add as many zeros as there are input channels. Output channels are meant: len(weight).",
)
def matmul_zeros_for_inputs(x, weight, bias=None):
    bias = np.zeros(x.shape[1]) if bias is None else bias
    return np.einsum("oc,nchw->nohw", weight, x) + bias.reshape(1, -1, 1, 1)


@conv1x1_matmul.alternative
def there_and_back(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.transpose(1, 0, 2, 3).reshape(c, n * h * w)
    if bias is not None:
        y = y + bias[:, None]
    return y.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@conv1x1_matmul.alternative
def one_product_an_image(x, weight, bias=None):
    n, c, h, w = x.shape
    y = np.matmul(weight, x.reshape(n, c, h * w))
    if bias is not None:
        y += bias[:, None]
    return y.reshape(n, -1, h, w)


@conv1x1_matmul.alternative
def pixels_on_the_left(x, weight, bias=None):
    y = np.dot(np.moveaxis(x, 1, -1), weight.T) + (0 if bias is None else bias)
    return np.moveaxis(y, -1, 1)


@conv1x1_matmul.alternative
def in_torch(x, weight, bias=None):
    import torch

    b = None if bias is None else torch.from_numpy(bias)
    return torch.nn.functional.conv2d(torch.from_numpy(x), torch.from_numpy(weight)[:, :, None, None], b).numpy()
