"""What wrong kernels leave in memory, in NumPy: the catalogue of `pointwise_kernel` says which is which."""

import numpy as np

OUTSIDE = "outside of the tensor"


def relu(y):
    return np.maximum(y, 0)


def layer(x, weight, bias):
    """What a right kernel makes of these: here it is given what a wrong one reads."""
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    return relu(y + bias.reshape(1, -1, 1, 1))


def outside_if(over, x, weight, bias):
    """An access that leaves a tensor, or the right numbers."""
    if over:
        raise IndexError(OUTSIDE)
    return layer(x, weight, bias)


def in_steps(x, weight, bias, size, step=None, of_product=np.float32, of_sum=np.float32):
    """Tiles of `size` channels, one begun every `step`, with something done to each product and to each sum of them."""
    n, c_in, h, w = x.shape
    pixels, y = x.reshape(n, c_in, h * w).astype(np.float32), np.zeros((n, len(weight), h * w), np.float32)
    for start in range(0, c_in, step or size):
        c = slice(start, start + size)
        y = of_sum(y + of_product(np.matmul(weight[:, c].astype(np.float32), pixels[:, c])))
    return relu(y + bias[:, None]).reshape(n, -1, h, w)


def rows_apart(x, weight, bias, length):
    """Rows of weight read so many numbers after one another."""
    c_out, c_in = weight.shape
    places = np.arange(c_out)[:, None] * length + np.arange(c_in)
    over = places.max() >= weight.size
    return outside_if(over, x, weight.ravel()[np.minimum(places, weight.size - 1)], bias)


def with_strides_exchanged(x, weight, bias, channels_last):
    """The stride of a channel taken for that of a pixel, and the other way."""
    n, c_in, h, w = x.shape
    memory = (x.transpose(0, 2, 3, 1) if channels_last else x).ravel()
    image, channel, pixel = (c_in * h * w, 1, c_in) if channels_last else (c_in * h * w, h * w, 1)
    places = [np.arange(size) * stride for size, stride in zip((n, c_in, h * w), (image, pixel, channel), strict=True)]
    places = places[0][:, None, None] + places[1][:, None] + places[2]
    if places.max() >= memory.size:
        raise IndexError(OUTSIDE)
    return layer(memory[places].reshape(x.shape), weight, bias)


def begun_anywhere(x, weight, bias, blocks, o_step, p_step):
    """The right numbers where tiles lie that begin so many outputs and pixels after one another; NaN between them."""
    n, _, h, w = x.shape
    y = layer(x, weight, bias).reshape(n, -1, h * w)
    y[:, (-(-len(weight) // blocks[0]) - 1) * o_step + blocks[0] :] = np.nan
    y[:, :, (-(-h * w // blocks[1]) - 1) * p_step + blocks[1] :] = np.nan
    return y.reshape(n, -1, h, w)


def with_programs(x, weight, bias, blocks, p, o, image):
    """The right numbers where programs write that take the three counts of their place for one another; else NaN."""
    n, _, h, w = x.shape
    grid = -(-h * w // blocks[1]), -(-len(weight) // blocks[0]), n
    if grid[image] > n:
        raise IndexError(OUTSIDE)
    y = layer(x, weight, bias).reshape(n, -1, h * w)
    y[grid[image] :], y[:, grid[o] * blocks[0] :], y[:, :, grid[p] * blocks[1] :] = np.nan, np.nan, np.nan
    return y.reshape(n, -1, h, w)
