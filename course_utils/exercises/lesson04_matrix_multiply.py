"""Lesson 04: the 1×1 convolution as a matrix multiplication, and one that separates the stains of a microscope image."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong


def batches(rng):
    """Cases for `f(x)`: one batch of images."""
    yield case("two images, every size different", inputs.signed(rng, 2, 3, 4, 5))
    yield case("every size the same", inputs.signed(rng, 3, 3, 3, 3))
    yield case("one image", inputs.signed(rng, 1, 4, 2, 3))
    yield case("one channel", inputs.signed(rng, 3, 1, 2, 5))
    yield case("images of one pixel", inputs.signed(rng, 4, 3, 1, 1))
    yield case("x is a transposed view", *inputs.strided(inputs.signed(rng, 2, 3, 5, 4)))
    yield case("random sizes", inputs.signed(rng, *inputs.distinct_sizes(rng, 4)))


@exercise(
    cases=batches,
    axes="c n·h·w",
    hints=(
        "The rows of your matrix are channels. Where is the axis of the channels now, and where does it have to be before reshape may cut?",
        "C must come first, and N, H, W must follow in this order: that takes transpose. Only then do N, H and W lie side by side and may be merged.",
        "n, c, h, w = x.shape;  front = x with its axes in the order (1, 0, 2, 3);  return front.reshape(c, n * h * w)",
    ),
)
def pixels_as_columns(x):
    return np.concatenate([image.reshape(image.shape[0], -1) for image in x], axis=1)


@pixels_as_columns.mistake("RSH", "reshape alone cuts the numbers in the order in which they lie: row 0 fills up with *all* channels of image 0. Bring C to the front with transpose first.")
def cut_without_moving(x):
    return x.reshape(x.shape[1], -1)


@pixels_as_columns.mistake("RSH", "You moved C to the back, but the rows of the matrix are channels: C has to be the *first* axis before you reshape.")
def cut_with_channels_last(x):
    return x.transpose(0, 2, 3, 1).reshape(x.shape[1], -1)


@pixels_as_columns.mistake("AXS", "Every image is read column by column. The pixels come row by row: H before W, as in x.")
def column_by_column(x):
    return x.transpose(1, 0, 3, 2).reshape(x.shape[1], -1)


@pixels_as_columns.mistake("BAT", "The images are interleaved: pixel (0, 0) of every image comes first. All pixels of image 0 come first, then those of image 1: N before H and W.")
def images_interleaved(x):
    return x.transpose(1, 2, 3, 0).reshape(x.shape[1], -1)


@pixels_as_columns.mistake("RSH", "x.T turns *all* axes round, to (W, H, C, N), and C is still not in front. Say the order that you want: transpose(…).")
def all_axes_reversed(x):
    return x.T.reshape(x.shape[1], -1)


@pixels_as_columns.mistake("LAY", "Your pixels are rows. One pixel is to be one *column*: the matrix has C rows.")
def pixels_as_rows(x):
    return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])


@pixels_as_columns.mistake("BAT", "Only image 0 is in your matrix. It has a column for every pixel of *every* image.")
def first_image_only(x):
    return x[0].reshape(x.shape[1], -1)


@pixels_as_columns.alternative
def transposed_then_cut(x):
    n, c, h, w = x.shape
    return x.transpose(1, 0, 2, 3).reshape(c, n * h * w)


@pixels_as_columns.alternative
def rows_then_turned(x):
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1]).T


@pixels_as_columns.alternative
def pixel_by_pixel(x):
    n, c, h, w = x.shape
    columns = [x[image, :, i, j] for image in range(n) for i in range(h) for j in range(w)]
    return np.stack(columns, axis=1)


@pixels_as_columns.alternative
def one_channel_a_row(x):
    return np.array([x[:, c].ravel() for c in range(x.shape[1])])


def matrices(rng):
    """Cases for `f(cols, n, h, w)`: a matrix of pixels and the sizes to restore."""
    for label, c, n, h, w in (
        ("two images, every size different", 3, 2, 4, 5),
        ("every size the same", 3, 3, 3, 3),
        ("one image", 4, 1, 2, 3),
        ("one channel", 1, 3, 2, 5),
        ("images of one pixel", 3, 4, 1, 1),
        ("random sizes", *inputs.distinct_sizes(rng, 4)),
    ):
        yield case(label, inputs.signed(rng, c, n * h * w), n, h, w)
    yield case("cols is a transposed view", inputs.signed(rng, 30, 4).T, 2, 3, 5)


@exercise(
    cases=matrices,
    axes="n c h w",
    hints=(
        "Go backwards. What was the *last* thing that pixels_as_columns did, and how is that one undone?",
        "First cut the long axis into N, H, W again: the shape is then (C, N, H, W). After that two axes are still in the wrong place.",
        "c = cols.shape[0];  front = cols.reshape(c, n, h, w);  return front with its first two axes exchanged",
    ),
)
def columns_as_pixels(cols, n, h, w):
    return np.stack([image.reshape(len(cols), h, w) for image in np.split(cols, n, axis=1)])


@columns_as_pixels.mistake("BAT", "You cut straight into (N, C, H, W), but the rows of cols are channels, not images. Cut into (C, N, H, W), then exchange the first two axes.")
def cut_into_images(cols, n, h, w):
    return cols.reshape(n, len(cols), h, w)


@columns_as_pixels.mistake("BAT", "The first axis of your answer is C, the second N. Images come first: (N, C, H, W).")
def channels_left_in_front(cols, n, h, w):
    return cols.reshape(len(cols), n, h, w)


@columns_as_pixels.mistake("BAT", "You cut the long axis into (H, W, N). Its columns run through image 0 first, then image 1: cut it into (N, H, W).")
def images_taken_as_innermost(cols, n, h, w):
    return cols.reshape(len(cols), h, w, n).transpose(3, 0, 1, 2)


@columns_as_pixels.mistake("AXS", "H and W are exchanged where you cut the long axis: the order is N, H, W.")
def width_before_height(cols, n, h, w):
    return cols.reshape(len(cols), n, w, h).transpose(1, 0, 3, 2)


@columns_as_pixels.mistake("LAY", "Your answer has the channels last: (N, H, W, C). Bring them back to axis 1.")
def channels_left_behind(cols, n, h, w):
    return cols.T.reshape(n, h, w, len(cols))


@columns_as_pixels.mistake("RSH", "After cols.T the channels of a pixel lie side by side, so a reshape can only give (N, H, W, C). To get C to axis 1 you need transpose.")
def turned_then_cut(cols, n, h, w):
    return cols.T.reshape(n, len(cols), h, w)


@columns_as_pixels.alternative
def cut_then_exchanged(cols, n, h, w):
    return cols.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@columns_as_pixels.alternative
def rows_of_pixels(cols, n, h, w):
    return np.moveaxis(cols.T.reshape(n, h, w, -1), -1, 1)


@columns_as_pixels.alternative
def filled_pixel_by_pixel(cols, n, h, w):
    x = np.zeros((n, len(cols), h, w))
    for p in range(n * h * w):
        image, place = divmod(p, h * w)
        x[image, :, place // w, place % w] = cols[:, p]
    return x


@exercise(
    cases=inputs.layers,
    axes="n c_out h w",
    hints=(
        "For one pixel the layer is weight @ v. What must stand in the place of v so that one product does all pixels?",
        "pixels_as_columns(x) has C_in rows, so weight @ columns has C_out. The bias has one number a row: give it a second axis, bias[:, None]. Then go back to (N, C_out, H, W).",
        "n, _, h, w = x.shape;  y = weight @ pixels_as_columns(x);  if there is a bias: y = y + bias[:, None];  return columns_as_pixels(y, n, h, w)",
    ),
)
def conv1x1_matmul(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_matmul.mistake("TRN", "The weight is transposed. It is (C_out, C_in) already: its rows are outputs, so it stands on the left as it is.")
def matmul_transposed(x, weight, bias=None):
    n, _, h, w = x.shape
    y = weight.T @ x.reshape(n, -1, h * w)
    return (y if bias is None else y + bias[:, None]).reshape(n, -1, h, w)


@conv1x1_matmul.mistake("BIA", "`+ bias` on (N, C_out, H, W) meets the last axis, the width. Give the bias two more axes: bias[:, None, None] has shape (C_out, 1, 1).")
def matmul_bias_on_width(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias


@conv1x1_matmul.mistake("BIA", "`+ bias` on a matrix meets the last axis, the pixels. The bias has one number a *row*: make a column of it, bias[:, None].")
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


@conv1x1_matmul.mistake("RSH", "Your columns are no pixels: x is cut by reshape alone, so with two images a column mixes numbers of different places. Use pixels_as_columns(x).")
def matmul_cuts_x(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.reshape(c, -1)
    y = y if bias is None else y + bias[:, None]
    return y.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@conv1x1_matmul.mistake("BAT", "The product is right; the way back is not. Its rows are channels, so cutting it straight into (N, C_out, H, W) mixes the images. Use columns_as_pixels.")
def matmul_cuts_y(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.transpose(1, 0, 2, 3).reshape(c, -1)
    y = y if bias is None else y + bias[:, None]
    return y.reshape(n, -1, h, w)


@conv1x1_matmul.mistake("RSH", "Both reshapes, there and back, run over the batch axis: right for one image, wrong for two. Use pixels_as_columns and columns_as_pixels.")
def matmul_cuts_both(x, weight, bias=None):
    n, c, h, w = x.shape
    y = weight @ x.reshape(c, -1)
    y = y if bias is None else y + bias[:, None]
    return y.reshape(n, -1, h, w)


@conv1x1_matmul.mistake("BAT", "You return the matrix of columns as (C_out, N, H, W). Images come first: exchange the first two axes.")
def matmul_channels_first(x, weight, bias=None):
    y = np.einsum("oc,nchw->onhw", weight, x)
    return y if bias is None else y + bias[:, None, None, None]


@conv1x1_matmul.mistake("INP", "Setting bias.shape changes the caller's bias, for good. Make a view with another shape instead: bias[:, None] or bias.reshape(-1, 1).")
def matmul_reshapes_bias(x, weight, bias=None):
    n, _, h, w = x.shape
    y = weight @ x.reshape(n, -1, h * w)
    if bias is not None:
        bias.shape = (-1, 1)
        y = y + bias
    return y.reshape(n, -1, h, w)


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


@exercise(
    cases=inputs.layers,
    axes="n c_out h w",
    hints=(
        "Give each axis a letter: two for weight, four for x. Which letter do the two share?",
        "A letter that is missing after the arrow is summed. Which is the only axis that a 1×1 convolution sums over?",
        "y = np.einsum(\"letters of weight, letters of x -> letters of y\", weight, x);  if there is a bias: add bias[:, None, None]",
    ),
)
def conv1x1_einsum(x, weight, bias=None):
    y = np.tensordot(x, weight, axes=(1, 1)).transpose(0, 3, 1, 2)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@conv1x1_einsum.mistake("TRN", "The letters of weight are exchanged: its first axis is the output o, its second the channel c that is summed.")
def einsum_transposed(x, weight, bias=None):
    y = np.einsum("co,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake("AXS", "You sum over the rows of the picture: weight shares a letter with the axis h of x. It has to share c.")
def einsum_sums_rows(x, weight, bias=None):
    y = np.einsum("oh,nchw->nocw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake("LAY", "Your letters read x as channels-last. Here x is (N, C_in, H, W): c is its second letter.")
def einsum_reads_nhwc(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake("AXS", "h and w are exchanged after the arrow: your pictures come out lying on their side.")
def einsum_swaps_h_w(x, weight, bias=None):
    y = np.einsum("oc,nchw->nowh", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake("BAT", "The letter n is missing after the arrow, so the images of the batch are summed into one.")
def einsum_sums_images(x, weight, bias=None):
    y = np.einsum("oc,nchw->ohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.mistake("DWP", "The letter c stands after the arrow, so it is kept and o is summed away. Keep o; let c disappear.")
def einsum_keeps_c(x, weight, bias=None):
    return np.einsum("oc,nchw->nchw", weight, x)


@conv1x1_einsum.mistake("BAT", "Your answer has the axes (C_out, N, H, W). The letters after the arrow set the order: n comes first.")
def einsum_channels_first(x, weight, bias=None):
    y = np.einsum("oc,nchw->onhw", weight, x)
    return y if bias is None else y + bias[:, None, None, None]


@conv1x1_einsum.mistake("BIA", "`+ bias` meets the last axis of (N, C_out, H, W), the width. Give the bias two more axes: bias[:, None, None].")
def einsum_bias_on_width(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias


@conv1x1_einsum.mistake("BIA", "The bias is missing: output channel o adds bias[o] to each of its pixels.")
def einsum_without_bias(x, weight, bias=None):
    return np.einsum("oc,nchw->nohw", weight, x)


@conv1x1_einsum.mistake("BIA", "`bias` may be None: that means no bias, so add nothing.")
def einsum_needs_bias(x, weight, bias=None):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


@conv1x1_einsum.alternative
def einsum_as_read(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_einsum.alternative
def einsum_bias_as_letters(x, weight, bias=None):
    bias = np.zeros(len(weight)) if bias is None else bias
    return np.einsum("bkij,mk->bmij", x, weight, optimize=True) + np.einsum("m,bij->bmij", bias, np.ones_like(x[:, 0]))


def channels_last_layers(rng):
    """Cases for `f(x, weight, bias=None)` with x (N, H, W, C_in)."""
    for one in inputs.layers(rng):
        x, *rest = one.args
        yield case(one.label, np.ascontiguousarray(x.transpose(0, 2, 3, 1)) if "view" not in one.label else x.transpose(0, 2, 3, 1), *rest)


@exercise(
    cases=channels_last_layers,
    axes="n h w c_out",
    hints=(
        "The channels of a pixel now lie side by side, in the last axis. Which axis do `@` and `+ bias` work on by themselves?",
        "x @ M treats the last axis of x as a row of C_in numbers, so M must be (C_in, C_out). weight is (C_out, C_in).",
        "y = x @ (weight with rows and columns exchanged);  if there is a bias: y = y + bias",
    ),
)
def conv1x1_nhwc(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nhwo", weight, x)
    return y if bias is None else y + bias


@conv1x1_nhwc.mistake("TRN", "x @ weight sums over the *outputs*: rows of pixels stand on the left here, so the matrix on the right must be (C_in, C_out).")
def nhwc_transposed(x, weight, bias=None):
    y = x @ weight
    return y if bias is None else y + bias


@conv1x1_nhwc.mistake("LAY", "You sum over axis 1, as in (N, C, H, W). Here axis 1 is the height; the channels are the last axis.")
def nhwc_read_as_nchw(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_nhwc.mistake("LAY", "You sum over axis 2, the width. The channels are the last axis of x.")
def nhwc_sums_width(x, weight, bias=None):
    y = np.einsum("ow,nhwc->nhoc", weight, x)
    return y if bias is None else y + bias[:, None]


@conv1x1_nhwc.mistake("LAY", "The numbers are right, but they come out as (N, C_out, H, W). Channels-last in, channels-last out.")
def nhwc_not_brought_back(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_nhwc.mistake("RSH", "reshape does not turn (N, H, W, C) into (N, C, H, W): it only cuts anew, and colours of different pixels get mixed. Axes are moved by transpose, or stay where they are.")
def nhwc_reshaped(x, weight, bias=None):
    n, h, w, c = x.shape
    y = np.einsum("oc,nchw->nohw", weight, x.reshape(n, c, h, w))
    y = y if bias is None else y + bias[:, None, None]
    return y.reshape(n, h, w, -1)


@conv1x1_nhwc.mistake("RSH", "Into (N, C, H, W) you transpose, but on the way back you reshape. That cuts anew; transpose back.")
def nhwc_reshaped_back(x, weight, bias=None):
    n, h, w, _ = x.shape
    y = np.einsum("oc,nhwc->nohw", weight, x)
    y = y if bias is None else y + bias[:, None, None]
    return y.reshape(n, h, w, -1)


@conv1x1_nhwc.mistake("AXS", "Height and width are exchanged in your answer: transpose back in the order (0, 2, 3, 1).")
def nhwc_swaps_h_w(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nwho", weight, x)
    return y if bias is None else y + bias


@conv1x1_nhwc.mistake("BIA", "Here C_out is the last axis, and that is where `+ bias` works by itself. bias[:, None, None] would meet the height.")
def nhwc_bias_on_height(x, weight, bias=None):
    y = np.einsum("oc,nhwc->nhwo", weight, x)
    return y if bias is None else y + bias[:, None, None]


@conv1x1_nhwc.mistake("BIA", "The bias is missing: output channel o adds bias[o] to each of its pixels.")
def nhwc_without_bias(x, weight, bias=None):
    return x @ weight.T


@conv1x1_nhwc.mistake("BIA", "`bias` may be None: that means no bias, so add nothing.")
def nhwc_needs_bias(x, weight, bias=None):
    return x @ weight.T + bias


@conv1x1_nhwc.alternative
def rows_of_channels(x, weight, bias=None):
    y = x @ weight.T
    return y if bias is None else y + bias


@conv1x1_nhwc.alternative
def through_nchw(x, weight, bias=None):
    n, h, w, c = x.shape
    y = weight @ x.transpose(3, 0, 1, 2).reshape(c, -1)
    if bias is not None:
        y = y + bias[:, None]
    return y.reshape(-1, n, h, w).transpose(1, 2, 3, 0)


@conv1x1_nhwc.alternative
def nhwc_in_torch(x, weight, bias=None):
    import torch

    b = None if bias is None else torch.from_numpy(bias)
    return torch.nn.functional.linear(torch.from_numpy(x), torch.from_numpy(weight), b).numpy()


def stained(rng):
    """Cases for `f(rgb)`: colours of a microscope image, and the darkest and lightest there are."""
    yield case("4 × 7 pixels", rng.integers(5, 256, (4, 7, 3)) / 255)
    yield case("3 × 3 pixels", rng.integers(5, 256, (3, 3, 3)) / 255)
    yield case("black, white, red, green and blue", np.array([[[0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]], float))
    yield case("one brown pixel", np.array([[[0.55, 0.35, 0.2]]]))
    yield case("rgb is a transposed view", (rng.integers(5, 256, (3, 4, 5)) / 255).transpose(2, 1, 0))
    h, w = inputs.distinct_sizes(rng, 2, low=4, high=12)
    yield case("random sizes", rng.integers(5, 256, (h, w, 3)) / 255)


@exercise(
    cases=stained,
    axes="h w stain",
    tolerance=1e-4,  # adding 1e-6 to the light is as good as raising it to 1e-6
    hints=(
        "Three steps: what turns the light that gets through into something that adds up, what mixes the three channels, and what cannot be negative?",
        "The matrix works on the last axis, one row vector a pixel. hed_from_rgb has one *column* for each stain: as the weight of a 1×1 layer it is hed_from_rgb.T.",
        "density = log(the larger of rgb and 1e-6) / log(1e-6);  amounts = density @ hed_from_rgb;  return amounts with everything below 0 set to 0",
    ),
)
def stain_to_channels(rgb):
    from skimage.color import rgb2hed

    return rgb2hed(rgb)


@stain_to_channels.mistake("TRN", "The matrix is transposed: hed_from_rgb has one *column* for each stain, and its row c belongs to colour channel c.")
def stains_transposed(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ hed_from_rgb.T, 0)


@stain_to_channels.mistake("LIN", "There is no logarithm in your answer. Stains multiply the light down; only its logarithm is a sum that a matrix can take apart.")
def stains_without_log(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(rgb @ hed_from_rgb, 0)


@stain_to_channels.mistake("LIN", "You use 1 - rgb as the density. That is only roughly like a logarithm: doubling a stain does not double it.")
def stains_from_darkness(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum((1 - rgb) @ hed_from_rgb, 0)


@stain_to_channels.mistake("ORD", "Some amounts of stain are negative. Setting numbers below 0 to 0 is the *last* step, after the matrix; the densities before it are never negative.")
def stains_not_clipped(rgb):
    from skimage.color import hed_from_rgb

    return np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ hed_from_rgb


@stain_to_channels.mistake("EDG", "A black channel has the logarithm -inf. Raise rgb to at least 1e-6 before you take it: np.maximum(rgb, 1e-6).")
def stains_of_black(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log(rgb) / np.log(1e-6) @ hed_from_rgb, 0)


@stain_to_channels.mistake("SCL", "Your amounts are too large by one and the same factor: divide the logarithm by log(1e-6), so that 1e-6 becomes 1.")
def stains_not_scaled(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(-np.log(np.maximum(rgb, 1e-6)) @ hed_from_rgb, 0)


@stain_to_channels.mistake("SCL", "The density takes log10 here, without log(1e-6): divide by the logarithm of 1e-6 (of the same kind), so that 1e-6 becomes 1.")
def stains_in_tens(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(-np.log10(np.maximum(rgb, 1e-6)) @ hed_from_rgb, 0)


@stain_to_channels.mistake("SGN", "The logarithm of a number below 1 is negative. Divided by log(1e-6), which is negative too, the density becomes positive; yours has the other sign.")
def stains_of_negative_density(rgb):
    from skimage.color import hed_from_rgb

    return np.maximum(np.log(np.maximum(rgb, 1e-6)) @ hed_from_rgb, 0)


@stain_to_channels.mistake("TRN", "You used rgb_from_hed, the way from stains to colours. You need its inverse, hed_from_rgb.")
def stains_the_other_way(rgb):
    from skimage.color import rgb_from_hed

    return np.maximum(np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6) @ rgb_from_hed, 0)


@stain_to_channels.mistake("INP", "np.maximum(…, out=rgb), or an assignment into rgb, changes the caller's picture. Let the result be a new array.")
def stains_in_place(rgb):
    from skimage.color import hed_from_rgb

    np.maximum(rgb, 1e-6, out=rgb)
    return np.maximum(np.log(rgb) / np.log(1e-6) @ hed_from_rgb, 0)


@stain_to_channels.alternative
def as_a_layer(rgb):
    from skimage.color import hed_from_rgb

    density = np.log(np.where(rgb < 1e-6, 1e-6, rgb)) / np.log(1e-6)
    amounts = np.einsum("oc,hwc->hwo", hed_from_rgb.T, density)
    return amounts.clip(min=0)


@stain_to_channels.alternative
def by_least_squares(rgb):
    from skimage.color import rgb_from_hed

    density = np.log10(np.clip(rgb, 1e-6, 1)).reshape(-1, 3) / -6
    amounts = np.linalg.solve(rgb_from_hed.T, density.T).T
    return np.where(amounts > 0, amounts, 0).reshape(rgb.shape)


QUIZ = (
    question(
        "matrix_reshape",
        "x has shape (8, 3, 32, 32), that is N C H W. Which matrix has 3 rows, and in each column the three numbers of one pixel?",
        wrong("RSH", "x.reshape(3, -1)", "Row 0 of this one starts with channels 0, 1 and 2 of image 0: reshape only cuts, it moves nothing."),
        wrong("RSH", "x.transpose(0, 2, 3, 1).reshape(3, -1)", "With channels last, the first three numbers of row 0 are the three channels of one pixel. They should stand in a column."),
        right("x.transpose(1, 0, 2, 3).reshape(3, -1)", "C comes to the front, and N, H and W lie side by side: they may be merged."),
        wrong("AXS", "x.T.reshape(3, -1)", "x.T has the axes W H C N, so the first 32 · 32 · 8 numbers are not one channel."),
    ),
    question(
        "matrix_bias",
        "y has shape (8, 5, 32, 32) and bias shape (5,). What does y + bias do?",
        right("It stops with an error; had the pictures been 5 pixels wide, it would have gone wrong in silence", "NumPy lines shapes up from the right, so bias meets the width."),
        wrong("BIA", "It adds bias[o] to output channel o", "It would if C_out were the last axis. NumPy lines shapes up from the right, and there stands the width."),
        wrong("BIA", "It adds the sum of the bias everywhere", "Nothing is summed in an addition. NumPy first has to line up the shapes (8, 5, 32, 32) and (5,)."),
        wrong("LAY", "It finds the axis of size 5 by itself", "NumPy knows no names of axes and looks for nothing. It lines up the last axes, then the ones before them."),
    ),
    question(
        "matrix_einsum",
        'Over which index does np.einsum("oc,nchw->nohw", weight, x) sum?',
        wrong("AXS", "o, because it is new", "o stands after the arrow, so it is kept: one map for each output."),
        wrong("LOC", "h and w, because they belong to the picture", "Both stand after the arrow, so they are kept: no place meets another one."),
        wrong("BAT", "n, because each image is treated alike", "n stands after the arrow, so it is kept: one result for each image."),
        right("c, because it is missing after the arrow", "What is left out after the arrow is summed."),
    ),
    question(
        "matrix_seconds",
        "Why do the five loops take so much longer than the matrix product?",
        wrong("UNI", "They do more multiplications", "Count them: N · H · W · C_out · C_in in both. The work is the same."),
        right("Python spends far more time on each multiplication than the processor needs to do it", "It looks up names, checks types and makes an object of every number, again and again."),
        wrong("ORD", "They visit the pixels in a bad order", "Another order of the loops changes little. You have seen which rungs of the ladder changed much."),
        wrong("ACC", "They compute with more digits", "Both compute in float64, and they agree to the last few digits."),
    ),
    question(
        "matrix_stains",
        "A pixel is multiplied as a row vector: pixel @ M, where M is (3, 3). Which weight has the 1×1 convolution that does the same?",
        wrong("TRN", "M", "Only if M is symmetric. weight has one row for each output; here the outputs are the columns of M."),
        wrong("TRN", "the inverse of M", "The inverse undoes the mix. Here the same mix is wanted, with outputs as rows."),
        right("M.T", "weight @ v equals v @ weight.T: rows and columns change places."),
        wrong("DWP", "the diagonal of M", "That would keep the channels apart: each output would see one channel only."),
    ),
)
