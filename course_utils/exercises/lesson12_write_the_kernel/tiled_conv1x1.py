"""A 1×1 convolution in tiles, with a running total for each."""

import itertools
import math

import numpy as np

from course_utils.exercises.lesson12_write_the_kernel.tilings import tilings
from course_utils.exercises.spec import Rule, exercise

OUTSIDE_DOT = "numbers whose products did not all go through dot"
TOO_MANY = "numbers for which dot multiplied more than all tiles hold: do some of them overlap?"
TOO_SMALL = "numbers from tiles smaller than block: one has block outputs, pixels and channels, fewer at an edge alone"
MOST = 2_000  # products of one layer; tiles of `block` make under 200 in any case
SHORT = 100  # numbers of x up to which it is asked twice more: with a dot that doubles, and with none, as in the lesson


def products_seen(f, x, weight, bias, block):
    """What f makes with a `dot` that takes tiles alone; words in place of numbers that were made without it.

    `dot` counts its products: a y that is right and took fewer than the layer has was computed in another way. So was
    one that took none, unless it holds nothing but the bias: then no tile was looked at.
    """
    products, sides = [], np.ones(3, int)

    def dot(a, b):
        a, b = np.asarray(a), np.asarray(b)
        if max(a.shape[-2:] + b.shape[-2:]) > block:
            raise ValueError(f"dot multiplies tiles of at most {block} by {block}, got {a.shape} and {b.shape}")
        if len(products) == MOST:
            raise ValueError(f"dot was called {MOST:,} times for one layer: cut it into tiles of block, no smaller")
        made = a @ b
        products.append(made.size * a.shape[-1])
        np.maximum(sides, [(1, *a.shape)[-2], a.shape[-1], b.shape[-1] if b.ndim > 1 else 1], out=sides)
        return made

    y = f(x, weight, bias, block, dot)
    whole = np.einsum("oc,nchw->nohw", weight, x) + bias.reshape(1, -1, 1, 1)
    if np.shape(y) != whole.shape:
        return y
    (n, c_in, h, w), c_out = x.shape, len(weight)
    right = np.allclose(y, whole)
    empty = not products and any(np.allclose(y, nothing) for nothing in (0, bias.reshape(1, -1, 1, 1)))
    if sum(products) < n * c_in * c_out * h * w and (right or not products and not empty):
        return OUTSIDE_DOT
    if right and sum(products) > n * math.prod(-(-size // block) * block for size in (c_in, c_out, h * w)):
        return TOO_MANY
    outer, inner = np.sort(sides[[0, 2]]), sides[1]
    if right and (inner < min(block, c_in) or any(outer < np.sort(np.minimum(block, [c_out, w])))):
        return TOO_SMALL
    if not right or x.size >= SHORT:
        return y
    twice = f(x, weight, bias, block, lambda a, b: 2 * dot(a, b))  # so that what it gives back is seen to be used
    used = any(np.allclose(twice, 2 * whole - part) for part in (0, bias.reshape(1, -1, 1, 1)))
    return f(x, weight, bias, block) if used else "numbers that stay when dot gives twice as much: use its products"


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
    rule=Rule("loops over images, outputs, pixels and channels", ("loop",)),
    hints=(
        "One tile of y belongs to a few outputs and a few pixels. Which rows of weight, and which columns of x, does it need, and all of them at once?",
        "Four loops: images, tiles of pixels, tiles of outputs, and inside, tiles of channels that add up in one accumulator. The accumulator starts with zeros (or with the bias) where a new tile of y begins. A slice may reach over the end: NumPy cuts it off.",
        "pixels = x.reshape(n, c_in, h * w);  for image, p0, o0: o, p = slice(o0, o0 + block), slice(p0, p0 + block);  tile = bias[o, None] + zeros;  for c0: c = slice(c0, c0 + block);  tile = tile + dot(weight[o, c], pixels[image, c, p]);  y[image, o, p] = tile;  return y as (n, c_out, h, w)",
    ),
)
def tiled_conv1x1(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight, block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "TIL",
    "The products do not go through dot. Cut weight and x into tiles, if you have not yet, and multiply those with dot(a, b): `@` and einsum would take any size, for which a GPU's core has no room.",
)
def all_at_once(x, weight, bias, block, dot=np.matmul):
    return np.einsum("oc,nchw->nohw", weight, x) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "TIL",
    "dot takes tiles: no side may be larger than block. Outputs, pixels *and* channels come in pieces; the pieces of the channels add up in the accumulator.",
)
def pieces_too_large(x, weight, bias, block, dot=np.matmul):
    n, c_in, h, w = x.shape
    y = np.stack([dot(weight, image) for image in x.reshape(n, c_in, h * w)])
    return y.reshape(n, -1, h, w) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "TIL",
    "Outputs and pixels are cut into tiles, and the channels come all at once. They come in pieces too: each adds its product to the accumulator.",
)
def channels_in_one_piece(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    columns, y = x.reshape(n, c_in, h * w), np.zeros((n, c_out, h * w))
    for image, p, o in itertools.product(range(n), range(0, h * w, block), range(0, c_out, block)):
        y[image, o : o + block, p : p + block] = dot(weight[o : o + block], columns[image, :, p : p + block])
    return y.reshape(n, c_out, h, w) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "TIL",
    "Your tiles are smaller than `block`, on one side at least: it says how many outputs, pixels and channels a tile has, and only what is left at an edge is smaller. Count: halves make eight products of one.",
)
def tiles_of_half_a_block(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight, max(1, block // 2), dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "TIL",
    "`block` is not used: every product is of two single numbers. It says how many outputs, pixels and channels a tile has.",
)
def tiles_of_one_number(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight, 1, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "EDG",
    "The last pixels are missing: where the block does not divide H·W, one tile more is needed, a smaller one. range(0, pixels, block) starts it; the slice ends it.",
)
def tiles_without_last_pixels(x, weight, bias, block, dot=np.matmul):
    y = in_tiles(x, weight, block, dot) + bias.reshape(1, -1, 1, 1)
    flat = y.reshape(len(y), len(weight), -1)
    flat[:, :, flat.shape[2] // block * block :] = 0
    return flat.reshape(y.shape)


@tiled_conv1x1.mistake(
    "EDG",
    "The last outputs are missing: where the block does not divide C_out, one tile more is needed, a smaller one.",
)
def tiles_without_last_outputs(x, weight, bias, block, dot=np.matmul):
    y = in_tiles(x, weight, block, dot) + bias.reshape(1, -1, 1, 1)
    y[:, len(weight) // block * block :] = 0
    return y


@tiled_conv1x1.mistake(
    "EDG",
    "The last channels are not summed: where the block does not divide C_in, the sum needs one step more, a shorter one.",
)
def tiles_without_last_channels(x, weight, bias, block, dot=np.matmul):
    whole = weight.shape[1] // block * block
    return in_tiles(x[:, :whole], weight[:, :whole], block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "EDG",
    "Everything that is left over at an edge is missing: pixels, outputs and channels. size // block counts whole tiles; range(0, size, block) starts the last, smaller one too.",
)
def whole_tiles_only(x, weight, bias, block, dot=np.matmul):
    (n, _, h, w), c_out = x.shape, len(weight)
    o, p, c = (size // block * block for size in (c_out, h * w, weight.shape[1]))
    y = np.zeros((n, c_out, h * w))
    pixels = x.reshape(n, -1, h * w, 1)[:, :c, :p]
    y[:, :o, :p] = in_tiles(pixels, weight[:o, :c], block, dot)[..., 0] + bias[:o, None]
    return y.reshape(n, c_out, h, w)


@tiled_conv1x1.mistake(
    "ACC",
    "Each tile of channels replaces what the ones before it had summed: only the last one is left. Add to the accumulator.",
)
def last_tile_of_channels_wins(x, weight, bias, block, dot=np.matmul):
    first = (weight.shape[1] - 1) // block * block
    return in_tiles(x[:, first:], weight[:, first:], block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "ACC",
    "Only the first tile of channels is summed. A tile of y needs *all* channels, tile after tile: does your loop over them, or do your slices, end after the first?",
)
def first_tile_of_channels_only(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x[:, :block], weight[:, :block], block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "ACC", "The accumulator goes on from one tile of pixels to the next. Every tile of y starts with a fresh one."
)
def accumulator_never_reset(x, weight, bias, block, dot=np.matmul):
    y = in_tiles(x, weight, block, dot)
    (n, c_out, h, w), flat = y.shape, y.reshape(len(y), len(weight), -1)
    for start in range(block, h * w, block):
        size = min(block, h * w - start)
        flat[:, :, start : start + size] += flat[:, :, start - block : start - block + size]
    return flat.reshape(n, c_out, h, w) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "BIA",
    "The bias is added once for each tile of channels. It belongs to a number of y once: before the loop over the channels, or after it.",
)
def bias_with_every_tile(x, weight, bias, block, dot=np.matmul):
    steps = -(-weight.shape[1] // block)
    return in_tiles(x, weight, block, dot) + steps * bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("BIA", "The bias is missing: output o adds bias[o] to each of its pixels.")
def tiles_without_bias(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight, block, dot)


@tiled_conv1x1.mistake(
    "BIA", "Every tile of outputs takes the *first* numbers of the bias. Cut the bias as you cut the rows of weight."
)
def bias_of_the_first_tile(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight, block, dot) + bias[np.arange(len(bias)) % block].reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "EDG",
    "Your accumulator has block rows and block columns. At a ragged edge a tile is smaller, and so is the product.",
)
def accumulator_of_a_whole_tile(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    flat, y = x.reshape(n, c_in, h * w), np.zeros((n, c_out, h * w))
    for b, o, p in ((b, o, p) for b in range(n) for o in range(0, c_out, block) for p in range(0, h * w, block)):
        acc = np.zeros((block, block))
        for c in range(0, c_in, block):
            acc += dot(weight[o : o + block, c : c + block], flat[b, c : c + block, p : p + block])
        y[b, o : o + block, p : p + block] = acc + bias[o : o + block, None]
    return y.reshape(n, c_out, h, w)


@tiled_conv1x1.mistake(
    "EDG",
    "Your accumulator has block rows and block columns. At a ragged edge a tile is smaller, and so is the product.",
)
def accumulator_of_a_whole_tile_of_outputs(x, weight, bias, block, dot=np.matmul):
    (n, c_in, h, w), c_out = x.shape, len(weight)
    flat, y = x.reshape(n, c_in, h * w), np.zeros((n, c_out, h * w))
    for b, o, p in ((b, o, p) for b in range(n) for p in range(0, h * w, block) for o in range(0, c_out, block)):
        acc = np.zeros((block, block))
        for c in range(0, c_in, block):
            acc += dot(weight[o : o + block, c : c + block], flat[b, c : c + block, p : p + block])
        y[b, o : o + block, p : p + block] = acc + bias[o : o + block, None]
    return y.reshape(n, c_out, h, w)


@tiled_conv1x1.mistake(
    "RSH",
    "Your pixels are cut out of x by a reshape that mixes channels and pixels: in memory the channels come first. x.reshape(n, c_in, h * w) keeps them apart.",
)
def pixels_by_reshape(x, weight, bias, block, dot=np.matmul):
    n, c_in, h, w = x.shape
    mixed = x.reshape(n, h * w, c_in).transpose(0, 2, 1).reshape(x.shape)
    return in_tiles(mixed, weight, block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake("BAT", "Only image 0 is computed. Every image has tiles of its own.")
def tiles_of_the_first_image(x, weight, bias, block, dot=np.matmul):
    y = in_tiles(x, weight, block, dot) + bias.reshape(1, -1, 1, 1)
    y[1:] = 0
    return y


@tiled_conv1x1.mistake(
    "RSH",
    "x.reshape(c_in, -1) runs over the images: with two of them a column mixes numbers of different places. Keep the images apart: x.reshape(n, c_in, h * w).",
)
def tiles_of_a_cut_batch(x, weight, bias, block, dot=np.matmul):
    n, c, h, w = x.shape
    y = in_tiles(x.reshape(1, c, n * h, w), weight, block, dot) + bias.reshape(1, -1, 1, 1)
    return y.reshape(-1, n, h, w).transpose(1, 0, 2, 3)


@tiled_conv1x1.mistake(
    "TRN",
    "The weight is transposed: a tile of it is weight[outputs, channels], so that it stands on the left of the product.",
)
def tiles_of_the_transposed(x, weight, bias, block, dot=np.matmul):
    return in_tiles(x, weight.T, block, dot) + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "OVL",
    "Your tiles of channels overlap: the loop starts one at every channel, so most are summed several times. How far is it to the next tile?",
)
def channel_tiles_overlap(x, weight, bias, block, dot=np.matmul):
    y = 0.0
    for c in range(x.shape[1]):
        some = slice(c, c + block)
        y = y + in_tiles(x[:, some], weight[:, some], block, dot)
    return y + bias.reshape(1, -1, 1, 1)


@tiled_conv1x1.mistake(
    "BAT",
    "`x.reshape(c_in, -1)` mixes images and channels. Every image has tiles of its own: go through the images one by one.",
)
def images_and_channels_mixed(x, weight, bias, block, dot=np.matmul):
    n, c_in, h, w = x.shape
    y = in_tiles(x.reshape(1, c_in, n * h, w), weight, block, dot) + bias.reshape(1, -1, 1, 1)
    return y.reshape(n, -1, h, w)


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
