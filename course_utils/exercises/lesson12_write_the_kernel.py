"""Lesson 12: a 1×1 convolution in tiles, what its tiles move, and the same as a fused kernel in Triton.

The catalogued kernels stand here as NumPy that computes what the wrong kernel leaves in memory: they run anywhere, and at
once. `tests/test_lesson12.py` holds the kernels themselves.
"""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise, question, right, wrong
from course_utils.kernels.watch import WIDENED


def tilings(rng):
    """Cases for `f(x, weight, bias, block)`: sizes that the block divides on no axis, on one, on all."""
    yield case("the block divides no size", *inputs.layer(rng, 2, 7, 5, 3, 6), 4)
    yield case("every size the same, and the block too", *inputs.layer(rng, 4, 4, 4, 2, 2), 4)
    yield case("the block divides every size", *inputs.layer(rng, 2, 6, 9, 3, 4), 3)
    yield case("the block divides all but the pixels", *inputs.layer(rng, 2, 6, 4, 3, 3), 2)
    yield case("the block divides all but the outputs", *inputs.layer(rng, 2, 6, 5, 2, 4), 2)
    yield case("the block divides all but the channels", *inputs.layer(rng, 2, 5, 4, 3, 2), 2)
    yield case("a block larger than everything", *inputs.layer(rng, 2, 3, 5, 2, 3), 16)
    yield case("tiles of one number", *inputs.layer(rng, 2, 3, 2, 2, 2), 1)
    yield case("one image of one pixel", *inputs.layer(rng, 1, 3, 2, 1, 1), 2)
    x, weight, bias = inputs.layer(rng, 2, 5, 3, 4, 3)
    yield case("x is a transposed view", *inputs.strided(x), weight, bias, 2)
    n, c_in, c_out, h, w, block = inputs.distinct_sizes(rng, 6)
    yield case("random sizes", *inputs.layer(rng, n, c_in, c_out, h, w), block)


OUTSIDE_DOT = "numbers whose products did not all go through dot"


def products_seen(f, x, weight, bias, block):
    """What f makes with a `dot` that takes tiles alone; words in place of numbers that were made without it.

    `dot` counts its products: a y that is right and took fewer than the layer has was computed in another way.
    """
    products = []

    def dot(a, b):
        a, b = np.asarray(a), np.asarray(b)
        if max(a.shape[-2:] + b.shape[-2:]) > block:
            raise ValueError(f"dot multiplies tiles of at most {block} by {block}, got {a.shape} and {b.shape}")
        made = a @ b
        products.append(made.size * a.shape[-1])
        return made

    y = f(x, weight, bias, block, dot)
    whole = np.einsum("oc,nchw->nohw", weight, x) + bias.reshape(1, -1, 1, 1)
    too_few = sum(products) < weight.size * x.size // x.shape[1]
    fits = too_few and np.shape(y) == whole.shape
    return OUTSIDE_DOT if fits and (not products or np.allclose(y, whole)) else y


def in_tiles(x, weight, block, dot):
    """weight @ x at every pixel, one product of tiles after the other."""
    (n, c_in, h, w), c_out = x.shape, len(weight)
    columns, y = x.reshape(n, c_in, h * w), np.zeros((n, c_out, h * w))
    for image in range(n):
        for p0 in range(0, h * w, block):
            for o0 in range(0, c_out, block):
                for c0 in range(0, c_in, block):
                    o, p, c = (slice(start, start + block) for start in (o0, p0, c0))
                    y[image, o, p] += dot(weight[o, c], columns[image, c, p])
    return y.reshape(n, c_out, h, w)


@exercise(
    cases=tilings,
    axes="n c_out h w",
    observe=products_seen,
    hints=(
        "One tile of y belongs to a few outputs and a few pixels. Which rows of weight, and which columns of x, does it need, and all of them at once?",
        "Four loops: images, tiles of pixels, tiles of outputs, and inside, tiles of channels that add up in one accumulator. The accumulator starts with zeros (or with the bias) where a new tile of y begins. A slice may reach over the end: NumPy cuts it off.",
        "pixels = x.reshape(n, c_in, h * w);  for image, p0, o0: o, p = slice(o0, o0 + block), slice(p0, p0 + block);  tile = bias[o, None] + zeros;  for c0: c = slice(c0, c0 + block);  tile = tile + dot(weight[o, c], pixels[image, c, p]);  y[image, o, p] = tile;  return y as (n, c_out, h, w)",
    ),
)
def tiled_conv1x1(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight, block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("ACC", "The products do not go through dot: `@` or einsum over all channels at once is what a GPU's core has no room for. Cut weight and x into tiles, and multiply those with dot(a, b).")
def all_at_once(x, weight, bias, block, dot=np.matmul):
    return np.einsum("oc,nchw->nohw", weight, x) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("ACC", "dot takes tiles: no side may be larger than block. Outputs, pixels *and* channels come in pieces; the pieces of the channels add up in the accumulator.")
def pieces_too_large(x, weight, bias, block, dot=np.matmul):
    n, c_in, h, w = x.shape
    y = np.stack([dot(weight, image) for image in x.reshape(n, c_in, h * w)])
    return y.reshape(n, -1, h, w) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("ACC", "Outputs and pixels are cut into tiles, and the channels come all at once. They come in pieces too: each adds its product to the accumulator.")
def channels_in_one_piece(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    columns, y = x.reshape(n, c_in, h * w), np.zeros((n, c_out, h * w))
    for p in range(0, h * w, block):
        for o in range(0, c_out, block):
            y[:, o : o + block, p : p + block] = dot(weight[o : o + block], columns[:, :, p : p + block])
    return y.reshape(n, c_out, h, w) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("EDG", "The last pixels are missing: where the block does not divide H·W, one tile more is needed, a smaller one. range(0, pixels, block) starts it; the slice ends it.")
def tiles_without_last_pixels(x, weight, bias, block, dot=np.matmul):
    y = in_tiles(x, weight, block, dot) + bias.reshape(1, -1, 1, 1)
    flat = y.reshape(len(y), len(weight), -1)
    flat[:, :, flat.shape[2] // block * block :] = 0
    return flat.reshape(y.shape)


@tiled_conv1x1.mistake("EDG", "The last outputs are missing: where the block does not divide C_out, one tile more is needed, a smaller one.")
def tiles_without_last_outputs(x, weight, bias, block, dot=np.matmul):
    y = in_tiles(x, weight, block, dot) + bias.reshape(1, -1, 1, 1)
    y[:, len(weight) // block * block :] = 0
    return y


@tiled_conv1x1.mistake("EDG", "The last channels are not summed: where the block does not divide C_in, the sum needs one step more, a shorter one.")
def tiles_without_last_channels(x, weight, bias, block, dot=np.matmul):
    whole = weight.shape[1] // block * block
    return in_tiles(x[:, :whole], weight[:, :whole], block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("EDG", "Everything that is left over at an edge is missing: pixels, outputs and channels. size // block counts whole tiles; range(0, size, block) starts the last, smaller one too.")
def whole_tiles_only(x, weight, bias, block, dot=np.matmul):
    (n, _, h, w), c_out = x.shape, len(weight)
    o, p, c = (size // block * block for size in (c_out, h * w, weight.shape[1]))
    y = np.zeros((n, c_out, h * w))
    pixels = x.reshape(n, -1, h * w, 1)[:, :c, :p]
    y[:, :o, :p] = in_tiles(pixels, weight[:o, :c], block, dot)[..., 0] + bias[:o, None]
    return y.reshape(n, c_out, h, w)


@tiled_conv1x1.mistake("ACC", "Each tile of channels replaces what the ones before it had summed: only the last one is left. Add to the accumulator.")
def last_tile_of_channels_wins(x, weight, bias, block, dot=np.matmul):
    first = (weight.shape[1] - 1) // block * block
    return in_tiles(x[:, first:], weight[:, first:], block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("ACC", "Only the first tile of channels is summed. A tile of y needs *all* channels: loop over their tiles too.")
def first_tile_of_channels_only(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x[:, :block], weight[:, :block], block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("ACC", "The accumulator goes on from one tile of pixels to the next. Every tile of y starts with a fresh one.")
def accumulator_never_reset(x, weight, bias, block, dot=np.matmul):
    y = in_tiles(x, weight, block, dot)
    (n, c_out, h, w), flat = y.shape, y.reshape(len(y), len(weight), -1)
    for start in range(block, h * w, block):
        size = min(block, h * w - start)
        flat[:, :, start : start + size] += flat[:, :, start - block : start - block + size]
    return flat.reshape(n, c_out, h, w) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("BIA", "The bias is added once for each tile of channels. It belongs to a number of y once: before the loop over the channels, or after it.")
def bias_with_every_tile(x, weight, bias, block, dot=np.matmul):
    steps = -(-weight.shape[1] // block)
    return in_tiles(x, weight, block, dot) + steps * bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("BIA", "The bias is missing: output o adds bias[o] to each of its pixels.")
def tiles_without_bias(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight, block, dot)


@tiled_conv1x1.mistake("BIA", "Every tile of outputs takes the *first* numbers of the bias. Cut the bias as you cut the rows of weight.")
def bias_of_the_first_tile(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight, block, dot) + bias[np.arange(len(bias)) % block].reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("BAT", "Only image 0 is computed. Every image has tiles of its own.")
def tiles_of_the_first_image(x, weight, bias, block, dot=np.matmul):
    y = in_tiles(x, weight, block, dot) + bias.reshape(1, -1, 1, 1)
    y[1:] = 0
    return y


@tiled_conv1x1.mistake("RSH", "x.reshape(c_in, -1) runs over the images: with two of them a column mixes numbers of different places. Keep the images apart: x.reshape(n, c_in, h * w).")
def tiles_of_a_cut_batch(x, weight, bias, block, dot=np.matmul):
    n, c, h, w = x.shape
    y = in_tiles(x.reshape(1, c, n * h, w), weight, block, dot) + bias.reshape(1, -1, 1, 1)
    return y.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@tiled_conv1x1.mistake("TRN", "The weight is transposed: a tile of it is weight[outputs, channels], so that it stands on the left of the product.")
def tiles_of_the_transposed(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight.T, block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.alternative
def four_loops(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    pixels, y = x.reshape(n, c_in, h * w), np.zeros((n, c_out, h * w))
    for image in range(n):
        for p in range(0, h * w, block):
            for o in range(0, c_out, block):
                for c in range(0, c_in, block):
                    rows, columns = weight[o : o + block, c : c + block], pixels[image, c : c + block, p : p + block]
                    y[image, o : o + block, p : p + block] += dot(rows, columns)
    return y.reshape(n, c_out, h, w) + bias[:, None, None]


@tiled_conv1x1.alternative
def padded_to_whole_tiles(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    over = [-size % block for size in (c_out, c_in, h * w)]
    rows = np.pad(weight, ((0, over[0]), (0, over[1])))
    columns = np.pad(x.reshape(n, c_in, h * w), ((0, 0), (0, over[1]), (0, over[2])))
    y = np.zeros((n, len(rows), columns.shape[2]))
    for o in range(0, c_out, block):
        for p in range(0, h * w, block):
            for c in range(0, c_in, block):
                tiles = columns[:, c : c + block, p : p + block]  # of all images
                y[:, o : o + block, p : p + block] += dot(rows[o : o + block, c : c + block], tiles)
    return y[:, :c_out, : h * w].reshape(n, c_out, h, w) + bias[:, None, None]


@tiled_conv1x1.alternative
def tile_by_number(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    across, y = -(-h * w // block), np.empty((n, c_out, h * w))
    for program in range(n * across * -(-c_out // block)):
        rest, image = divmod(program, n)
        o, p = (start * block for start in divmod(rest, across))
        o, p = slice(o, min(o + block, c_out)), slice(p, min(p + block, h * w))
        x_tile, steps = x.reshape(n, c_in, -1)[image][:, p], [slice(c, c + block) for c in range(0, c_in, block)]
        y[image, o, p] = sum(dot(weight[o, c], x_tile[c]) for c in steps) + bias[o, None]
    return y.reshape(n, c_out, h, w)


def traffic(rng):
    """Cases for `f(n, c_in, c_out, h, w, block_p, block_o, itemsize)`: whole tiles, ragged ones, real layers."""
    yield case("two images, ragged tiles", 2, 5, 7, 3, 4, 8, 4, 4)
    yield case("the tiles fit", 3, 6, 8, 4, 4, 8, 2, 4)
    yield case("one tile holds everything", 1, 3, 5, 2, 3, 64, 64, 2)
    yield case("one tile for each number", 2, 3, 4, 2, 5, 1, 1, 8)
    yield case("ragged in the outputs alone", 2, 4, 9, 4, 4, 16, 4, 4)
    yield case("ragged in the pixels alone", 4, 4, 8, 3, 3, 2, 4, 4)
    yield case("one image, one pixel", 1, 1000, 10, 1, 1, 16, 16, 4)
    yield case("ResNet's 64 → 256 at 56×56", 32, 64, 256, 56, 56, 128, 64, 2)
    n, c_in, c_out, h, w, block_p, block_o = inputs.distinct_sizes(rng, 7, high=40)
    yield case("random sizes", n, c_in, c_out, h, w, block_p, block_o, 2)


@exercise(
    cases=traffic,
    hints=(
        "Take one tile of y. What does its program read, from which two tensors? Then: how many programs read the same numbers again?",
        "A number of x is read once for every tile of *outputs*, a weight once for every tile of *pixels* of every image, a number of y is written once. Count tiles with a division that rounds up.",
        "tiles_p, tiles_o = h * w / block_p and c_out / block_o, rounded up;  x_read = n * c_in * h * w * tiles_o;  w_read = c_out * c_in * tiles_p * n;  y_written = n * c_out * h * w;  return (x_read + w_read + y_written) * itemsize",
    ),
)
def bytes_moved(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    pixels, moved = h * w, 0
    for p in range(0, pixels, block_p):
        for o in range(0, c_out, block_o):
            outputs, columns = min(block_o, c_out - o), min(block_p, pixels - p)
            moved += c_in * columns + outputs * c_in + outputs * columns
    return n * moved * itemsize


@bytes_moved.mistake("ACC", "Each tensor is counted once, as if one program could hold all of them. Every tile of outputs reads x again, every tile of pixels reads the weights again.")
def each_tensor_once(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    return (n * c_in * h * w + c_out * c_in + n * c_out * h * w) * itemsize


@bytes_moved.mistake("AXS", "The re-reads are exchanged: x is read again for every tile of *outputs*, the weights for every tile of *pixels*.")
def re_reads_exchanged(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_p + n * c_out * c_in * tiles_o + n * c_out * h * w) * itemsize


@bytes_moved.mistake("ACC", "x is read again for every tile of outputs; you count it once.")
def x_read_once(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p = -(-h * w // block_p)
    return (n * c_in * h * w + n * c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake("ACC", "The weights are read again for every tile of pixels, in every image; you count them once.")
def weights_read_once(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_o = -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + c_out * c_in + n * c_out * h * w) * itemsize


@bytes_moved.mistake("BAT", "The weights are read again in every image too: a tile of pixels never holds pixels of two images.")
def weights_once_for_all_images(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake("BAT", "You cut the pixels of all images as one row. Here every image is cut on its own, so a ragged tile comes once an *image*: n times h·w / block_p, rounded up.")
def pixels_of_all_images_in_a_row(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-n * h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake("EDG", "Tiles are counted with a division that rounds down: the ragged ones at the edge are missing, and they read too.")
def ragged_tiles_not_counted(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = h * w // block_p, c_out // block_o
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake("EDG", "Ragged tiles are counted as whole ones. What is masked out is not moved: a tile over the edge reads only what is there.")
def ragged_tiles_counted_whole(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    one = c_in * block_p + block_o * c_in + block_o * block_p
    return n * tiles_p * tiles_o * one * itemsize


@bytes_moved.mistake("EDG", "The number of tiles is no whole number: h·w / block_p has to be rounded up, for the last tile reads the weights as the others do.")
def parts_of_tiles(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    return (n * c_in * h * w * c_out / block_o + n * c_out * c_in * h * w / block_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake("UNI", "These are numbers, not bytes: each of them has itemsize bytes.")
def numbers_for_bytes(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w


@bytes_moved.mistake("UNI", "These are bits: itemsize is in bytes already.")
def bits_for_bytes(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w) * itemsize * 8


@bytes_moved.mistake("EDG", "The result is missing: every number of y is written, once.")
def nothing_written(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p) * itemsize


@bytes_moved.mistake("ACC", "y is counted too often: each of its numbers belongs to one tile, and is written once.")
def written_again_and_again(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w * tiles_o) * itemsize


@bytes_moved.mistake("BAT", "This is one image's traffic; there are n images.")
def one_image_moved(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (c_in * h * w * tiles_o + c_out * c_in * tiles_p + c_out * h * w) * itemsize


@bytes_moved.alternative
def by_formula(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return itemsize * n * (c_in * (h * w * tiles_o + c_out * tiles_p) + c_out * h * w)


@bytes_moved.alternative
def by_ceil(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    import math

    x, y = n * c_in * h * w, n * c_out * h * w
    weights = c_out * c_in * n
    return (x * math.ceil(c_out / block_o) + weights * math.ceil(h * w / block_p) + y) * itemsize


@bytes_moved.alternative
def by_lists_of_tiles(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    columns = [min(block_p, h * w - p) for p in range(0, h * w, block_p)]
    rows = [min(block_o, c_out - o) for o in range(0, c_out, block_o)]
    return sum(c_in * p + c_in * o + o * p for p in columns for o in rows) * n * itemsize


def launches(rng):
    """Cases for a kernel and its launcher: blocks that divide no size, one size less, all; both layouts; two types."""
    for label, sizes, blocks, last in (
        ("ragged on every axis", (2, 21, 19, 5, 7), (16, 32, 16), False),
        ("channels last in memory", (2, 18, 21, 3, 6), (16, 16, 32), True),
        ("the blocks divide every size", (2, 32, 48, 4, 8), (16, 32, 16), False),
        ("ragged in the pixels alone", (2, 16, 16, 4, 5), (16, 16, 16), False),
        ("ragged in the outputs alone", (2, 16, 18, 2, 8), (16, 16, 16), False),
        ("ragged in the channels alone", (2, 19, 16, 4, 4), (16, 16, 16), True),
        ("every size the same", (2, 16, 16, 4, 4), (16, 16, 16), False),
        ("one number of everything", (1, 1, 1, 1, 1), (16, 16, 16), False),
        ("random sizes", inputs.distinct_sizes(rng, 5, 3, 12), (16, 16, 16), True),
    ):
        yield case(label, *(one.astype(np.float32) for one in inputs.layer(rng, *sizes)), blocks, last)
    x, weight, bias = inputs.layer(rng, 2, 48, 16, 4, 4)
    yield case("x and weight in float16", x.astype(np.float16), weight.astype(np.float16), bias.astype(np.float32), (16, 16, 16), False)


@exercise(
    cases=launches,
    axes="n c_out h w",
    needs="triton",
    hints=(
        "Your program knows three numbers about itself: its tile of pixels, its tile of outputs, its image. Which p and which o are its own? Which of those do not exist?",
        "Addresses: weight_ptr + o[:, None] * c_in + c[None, :] and x_ptr + n * stride_xn + c[:, None] * stride_xc + p[None, :] * stride_xp. A load has a mask for *both* of its axes and other=0.0. The accumulator is float32 and lives outside the loop; bias and ReLU come after it, in this order.",
        "o = tl.program_id(1) * BLOCK_O + tl.arange(0, BLOCK_O), and p likewise;  acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32);  for start in range(0, c_in, BLOCK_C): c = start + tl.arange(0, BLOCK_C);  load w_tile and x_tile, masked;  acc += tl.dot(w_tile, x_tile);  then acc += bias[:, None];  acc = tl.maximum(acc, 0.0);  tl.store(…, acc, mask=(o[:, None] < c_out) & (p[None, :] < pixels))",
    ),
)
def pointwise_kernel(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    return np.maximum(y + bias.astype(float).reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("LIN", "There are negative numbers in y: the ReLU is missing. Take tl.maximum(acc, 0.0) before you store.")
def kernel_without_relu(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float)) + bias.reshape(1, -1, 1, 1)


@pointwise_kernel.mistake("BIA", "The ReLU comes before the bias. First the whole sum, then the bias, then the ReLU.")
def relu_before_bias(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    return np.maximum(y, 0) + bias.reshape(1, -1, 1, 1)


@pointwise_kernel.mistake("BIA", "The bias is missing: load bias_ptr + o, and add it to acc as a column, bias[:, None].")
def kernel_without_bias(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return np.maximum(np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float)), 0)


@pointwise_kernel.mistake("BIA", "The bias is added in every step of the loop over the channels. Add it once, after the loop.")
def bias_in_every_step(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    steps = -(-weight.shape[1] // blocks[2])
    return np.maximum(y + steps * bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("BIA", "`acc + bias` adds the bias along the last axis of the tile, the pixels. It has one number for each output: bias[:, None].")
def bias_along_the_pixels(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    block_o, block_p, _ = blocks
    if block_o != block_p:
        raise ValueError("Cannot make_shape_compatible: incompatible dimensions")
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    n, c_out, h, w = y.shape
    index = np.arange(c_out)[:, None] // block_o * block_o + np.arange(h * w)[None, :] % block_p
    added = np.where(index < c_out, bias[np.minimum(index, c_out - 1)], 0)
    return np.maximum(y + added.reshape(c_out, h, w), 0)


@pointwise_kernel.mistake("ORD", "The ReLU works on sums that are not complete: in every step of the loop. It comes once, after the last channel and the bias.")
def relu_in_every_step(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for start in range(0, weight.shape[1], blocks[2]):
        c = slice(start, start + blocks[2])
        y = np.maximum(y + np.einsum("oc,nchw->nohw", weight[:, c].astype(float), x[:, c].astype(float)), 0)
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("ACC", "Every step of the loop replaces acc: only the last channels are left in it. Add: acc += tl.dot(…).")
def accumulator_replaced(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    c = slice((weight.shape[1] - 1) // blocks[2] * blocks[2], None)
    y = np.einsum("oc,nchw->nohw", weight[:, c].astype(float), x[:, c].astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("ACC", "Only the first BLOCK_C channels are summed: loop over the channels, BLOCK_C at a time.")
def first_channels_only(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    c = slice(0, blocks[2])
    y = np.einsum("oc,nchw->nohw", weight[:, c].astype(float), x[:, c].astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("EDG", "The last channels are not summed: c_in // BLOCK_C counts whole tiles. Let the loop start the last one too, and mask it.")
def last_channels_dropped(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    c = slice(0, weight.shape[1] // blocks[2] * blocks[2])
    y = np.einsum("oc,nchw->nohw", weight[:, c].astype(float), x[:, c].astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("PRC", "acc has 16 bits: every step is rounded before it is added, and the sum again. tl.zeros(…, dtype=tl.float32), and no .to(tl.float16) on the way.")
def accumulator_of_16_bits(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.zeros((len(x), len(weight), *x.shape[2:]), np.float16)
    for start in range(0, weight.shape[1], blocks[2]):
        c = slice(start, start + blocks[2])
        step = np.einsum("oc,nchw->nohw", weight[:, c].astype(np.float32), x[:, c].astype(np.float32))
        y = y + step.astype(np.float16)
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("PRC", "acc begins with 16 bits, and += makes it wider on the way. The interpreter could go on; a compiler refuses a variable that changes its type in a loop. tl.zeros(…, dtype=tl.float32).")
def accumulator_widened_on_the_way(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    raise TypeError(WIDENED)


@pointwise_kernel.mistake("PRC", "acc is rounded to 16 bits after every step of the loop. Leave .to(tl.float16) away: acc stays float32 to the end.")
def accumulator_rounded_to_16_bits(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.zeros((len(x), len(weight), *x.shape[2:]), np.float16)
    for start in range(0, weight.shape[1], blocks[2]):
        c = slice(start, start + blocks[2])
        step = np.einsum("oc,nchw->nohw", weight[:, c].astype(np.float32), x[:, c].astype(np.float32))
        y = (y + step).astype(np.float16)
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("PRC", "The products are summed in 16 bits. Leave out_dtype away: tl.dot then sums in float32, whatever its inputs are.")
def products_of_16_bits(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h * w), np.float32)
    for start in range(0, c_in, blocks[2]):
        c = slice(start, start + blocks[2])
        y = y + np.matmul(weight[:, c], x.reshape(n, c_in, h * w)[:, c], dtype=x.dtype)  # float32 inputs keep their type
    return np.maximum(y + bias[:, None], 0).reshape(n, -1, h, w)


@pointwise_kernel.mistake("EDG", "The tiles over the edge of the *pixels* are not masked: those with p < pixels alone exist, in the load of x and in the store.")
def pixels_not_masked(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    if x.shape[2] * x.shape[3] % blocks[1]:
        raise IndexError("outside of the tensor")
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("EDG", "The tiles over the edge of the *outputs* are not masked: those with o < c_out alone exist, in weight, in bias and in the store.")
def outputs_not_masked(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    if len(weight) % blocks[0]:
        raise IndexError("outside of the tensor")
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("EDG", "The last step of the loop over the *channels* is not masked: those with c < c_in alone exist, in weight and in x.")
def channels_not_masked(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    if weight.shape[1] % blocks[2]:
        raise IndexError("outside of the tensor")
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("EDG", "There are no masks. Where a block does not divide a size, the last tile hangs over the edge, on all three axes: mask each load and the store.")
def nothing_masked(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    if len(weight) % blocks[0] or x.shape[2] * x.shape[3] % blocks[1] or weight.shape[1] % blocks[2]:
        raise IndexError("outside of the tensor")
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("EDG", "Nothing is known about what a masked-out load holds, unless you say it: other=0.0. Channels over the edge enter the sum as they are; here that is NaN.")
def masked_without_other(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    y = np.maximum(y + bias.reshape(1, -1, 1, 1), 0)
    return np.full(y.shape, np.nan) if weight.shape[1] % blocks[2] else y


@pointwise_kernel.mistake("EDG", "Nothing is known about what a masked-out load holds, unless you say it: other=0.0. Here it is NaN, the sums are NaN, and as NaN > 0 is False your ReLU makes zeros of them.")
def masked_without_other_and_hidden(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    y = np.maximum(y + bias.reshape(1, -1, 1, 1), 0)
    return y * (weight.shape[1] % blocks[2] == 0)


@pointwise_kernel.mistake("LAY", "Right for channels first, wrong for channels last: you compute addresses as if a pixel's neighbour always lay next to it. Use the six strides.")
def channels_first_written_in(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    n, c_in, h, w = x.shape
    memory = (x.transpose(0, 2, 3, 1) if channels_last else x).reshape(n, c_in, h * w)
    y = np.einsum("oc,ncp->nop", weight.astype(float), memory.astype(float))
    y = np.maximum(y + bias[:, None], 0)
    return y.reshape(n, h, w, -1).transpose(0, 3, 1, 2) if channels_last else y.reshape(n, -1, h, w)


@pointwise_kernel.mistake("LAY", "x is read as if its channels always came first. How far it is from one channel to the next says stride_xc, from one pixel to the next stride_xp.")
def channels_first_when_read(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    memory = np.ascontiguousarray(x.transpose(0, 2, 3, 1) if channels_last else x).reshape(x.shape)
    y = np.einsum("oc,nchw->nohw", weight.astype(float), memory.astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("LAY", "x is read as it lies, but y is written as if its channels always came first. The store has strides of its own: stride_yo and stride_yp.")
def channels_first_when_written(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    y = np.maximum(y + bias.reshape(1, -1, 1, 1), 0)
    n, c_out, h, w = y.shape
    return y.reshape(n, h, w, c_out).transpose(0, 3, 1, 2) if channels_last else y


@pointwise_kernel.mistake("LAY", "stride_xc and stride_xp are exchanged: channels go with stride_xc, pixels with stride_xp.")
def strides_of_x_exchanged(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    n, c_in, h, w = x.shape
    memory = (x.transpose(0, 2, 3, 1) if channels_last else x).ravel()
    image, channel, pixel = (c_in * h * w, 1, c_in) if channels_last else (c_in * h * w, h * w, 1)
    places = [np.arange(size) * stride for size, stride in zip((n, c_in, h * w), (image, pixel, channel), strict=True)]
    places = places[0][:, None, None] + places[1][:, None] + places[2]
    if places.max() >= memory.size:
        raise IndexError("outside of the tensor")
    y = np.einsum("oc,ncp->nop", weight.astype(float), memory[places].astype(float))
    return np.maximum(y + bias[:, None], 0).reshape(n, -1, h, w)


@pointwise_kernel.mistake("TRN", "The weights are read as if they were (C_in, C_out). They are (C_out, C_in): a row is an output and has c_in numbers, so o[:, None] * c_in + c[None, :].")
def weight_read_transposed(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    turned = weight.reshape(weight.shape[::-1]).T
    y = np.einsum("oc,nchw->nohw", turned.astype(float), x.astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("TRN", "From one row of weight to the next it is c_in numbers, not c_out: a row has one weight for each input channel.")
def rows_of_the_wrong_length(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    c_out, c_in = weight.shape
    places = np.arange(c_out)[:, None] * c_out + np.arange(c_in)
    if places.max() >= weight.size:
        raise IndexError("outside of the tensor")
    y = np.einsum("oc,nchw->nohw", weight.ravel()[places].astype(float), x.astype(float))
    return np.maximum(y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("BAT", "Every program reads image 0: n * stride_xn is missing in the addresses of x.")
def image_0_for_all(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x[:1].astype(float))
    return np.repeat(np.maximum(y + bias.reshape(1, -1, 1, 1), 0), len(x), axis=0)


@pointwise_kernel.mistake("BAT", "All programs write into image 0: n * stride_yn is missing in the addresses of y. What nobody writes is NaN.")
def all_into_image_0(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    y = np.maximum(y + bias.reshape(1, -1, 1, 1), 0)
    y[0], y[1:] = y[-1].copy(), np.nan
    return y


@pointwise_kernel.mistake("AXS", "The tiles of pixels and of outputs are exchanged: tl.program_id(0) counts tiles of pixels, tl.program_id(1) tiles of outputs. Some tiles of y are never written (NaN).")
def programs_exchanged(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    block_o, block_p, _ = blocks
    n, _, h, w = x.shape
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    y = np.maximum(y + bias.reshape(1, -1, 1, 1), 0).reshape(n, -1, h * w)
    tiles_p, tiles_o = -(-h * w // block_p), -(-len(weight) // block_o)
    y[:, tiles_p * block_o :], y[:, :, tiles_o * block_p :] = np.nan, np.nan
    return y.reshape(n, -1, h, w)


@pointwise_kernel.alternative
def with_one_einsum(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(np.float32), x.astype(np.float32)) + bias[:, None, None]
    return np.where(y > 0, y, 0)


@pointwise_kernel.alternative
def tile_after_tile(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    block_o, block_p, block_c = blocks
    (n, c_in, h, w), c_out = x.shape, len(weight)
    pixels, y = x.reshape(n, c_in, h * w).astype(np.float32), np.full((n, c_out, h * w), np.nan, np.float32)
    for p0 in range(0, h * w, block_p):
        for o0 in range(0, c_out, block_o):
            o, p = slice(o0, o0 + block_o), slice(p0, p0 + block_p)
            acc = np.zeros(y[:, o, p].shape, np.float32)
            for c0 in range(0, c_in, block_c):
                acc += weight[o, c0 : c0 + block_c].astype(np.float32) @ pixels[:, c0 : c0 + block_c, p]
            y[:, o, p] = np.maximum(acc + bias[o, None], 0)
    return y.reshape(n, c_out, h, w)


QUIZ = (
    question(
        "kernel_fusion",
        "Convolution, bias and ReLU run as three separate steps over the same maps. What does fusing them save?",
        wrong("UNI", "Multiplications", "All three forms multiply and add the same numbers. Count the bytes instead."),
        wrong("RNK", "Memory for the weights", "The weights are as many as before."),
        right("Two more passes over y: the maps are written and read again for the bias, and once more for the ReLU", "Fused, a number of y gets its bias and its ReLU while it is still in the accumulator, and is written once."),
        wrong("ORD", "Nothing, if the ReLU comes first", "The order of bias and ReLU changes the result. What fusing saves are passes over memory."),
    ),
    question(
        "kernel_mask",
        "H·W is 49 and BLOCK_P is 16. What happens in the last tile of pixels without a mask?",
        wrong("EDG", "Nothing: 49 is close enough to 48", "Pixel 48 exists and somebody has to compute it. Its tile has room for 15 pixels more."),
        right("It reads and writes 15 places that belong to somebody else: another channel, or another tensor", "In memory there is no edge: behind the last pixel of a map lies the first one of the next."),
        wrong("EDG", "NumPy's slices cut it off", "In NumPy they do. A kernel computes with addresses, and nobody checks those."),
        wrong("BAT", "It computes the first 15 pixels of the next image", "Behind a map lies the next *channel*, and only behind the last one the next image."),
    ),
    question(
        "kernel_reuse",
        "You double BLOCK_O, and C_out is a multiple of it. What is moved less?",
        right("x: it is read for every tile of outputs, and there are half as many", "Each number of x that is loaded meets twice as many weights."),
        wrong("AXS", "The weights: half as many tiles read them", "Each weight is in one tile of outputs, whatever its size. It is read again for every tile of *pixels*."),
        wrong("ACC", "y: it is written in larger pieces", "Every number of y is written once, in pieces of any size."),
        wrong("RNK", "Nothing: the tensors have the same size as before", "Their size says what must be moved at least. What is moved depends on how often it is read again."),
    ),
    question(
        "kernel_accumulator",
        "x and weight are float16. Why is the accumulator float32?",
        wrong("UNI", "It makes the addition faster", "It costs more room, not less. Think of a small number added to a large one."),
        wrong("RNK", "Because the sum has more channels than float16 can count", "The loop counts the channels, in whole numbers. What is summed are products."),
        wrong("DEV", "Because y has to be float32", "y may be stored in float16: it is then rounded once, at the end."),
        right("A large sum in float16 swallows what is added to it", "You saw 2048 + 1 stay 2048. With float32 the sum is rounded to 16 bits once, at the end, or never."),
    ),
)
