"""How many bytes the tiles of a layer read and write."""

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise

AXES = ("input channels", "output channels", "rows", "columns")


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
    yield case("one channel in and one out, high images, one byte a number", 101, 1, 1, 103, 2, 32, 101, 1)
    yield case("a wide image, 16 bytes a number", 2, 3, 5, 2, 105, 101, 3, 16)
    yield case("thousands of everything", 1001, 3, 5, 1003, 1002, 1024, 1040, 4)
    yield case("more bytes than 32 bits can count", 256, 2048, 2048, 56, 56, 128, 64, 4)
    for said, (c_in, c_out, h, w) in inputs.stretched(rng, *AXES, most=inputs.MILLIONS):
        yield case(said, 2, c_in, c_out, h, w, 2**16, 2**16, 4)
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


@bytes_moved.mistake(
    "CNT",
    "Each tensor is counted once, as if one program could hold all of them. Every tile of outputs reads x again, every tile of pixels reads the weights again.",
)
def each_tensor_once(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    return (n * c_in * h * w + c_out * c_in + n * c_out * h * w) * itemsize


@bytes_moved.mistake(
    "AXS",
    "The re-reads are exchanged: x is read again for every tile of *outputs*, the weights for every tile of *pixels*.",
)
def re_reads_exchanged(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_p + n * c_out * c_in * tiles_o + n * c_out * h * w) * itemsize


@bytes_moved.mistake("CNT", "x is read again for every tile of outputs; you count it once.")
def x_read_once(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p = -(-h * w // block_p)
    return (n * c_in * h * w + n * c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake("CNT", "The weights are read again for every tile of pixels, in every image; you count them once.")
def weights_read_once(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_o = -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + c_out * c_in + n * c_out * h * w) * itemsize


@bytes_moved.mistake(
    "BAT", "The weights are read again in every image too: a tile of pixels never holds pixels of two images."
)
def weights_once_for_all_images(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake(
    "BAT",
    "You cut the pixels of all images as one row. Here every image is cut on its own, so a ragged tile comes once an *image*: n times h·w / block_p, rounded up.",
)
def pixels_of_all_images_in_a_row(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-n * h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake(
    "EDG",
    "Tiles are counted with a division that rounds down: the ragged ones at the edge are missing, and they read too.",
)
def ragged_tiles_not_counted(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = h * w // block_p, c_out // block_o
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake(
    "EDG", "The tiles of pixels are rounded down: where block_p does not divide h·w there is one more."
)
def ragged_tiles_of_pixels_not_counted(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = h * w // block_p, -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake(
    "EDG", "The tiles of outputs are rounded down: where block_o does not divide c_out there is one more."
)
def ragged_tiles_of_outputs_not_counted(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), c_out // block_o
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake(
    "EDG", "`// … + 1` counts one tile too many where the block divides the size. Round up: -(-a // b), or math.ceil."
)
def one_tile_more(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = h * w // block_p + 1, c_out // block_o + 1
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w) * itemsize


@bytes_moved.mistake(
    "EDG",
    "Ragged tiles are counted as whole ones. What is masked out is not moved: a tile over the edge reads only what is there.",
)
def ragged_tiles_counted_whole(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    one = c_in * block_p + block_o * c_in + block_o * block_p
    return n * tiles_p * tiles_o * one * itemsize


@bytes_moved.mistake(
    "EDG",
    "The number of tiles is no whole number: h·w / block_p has to be rounded up, for the last tile reads the weights as the others do.",
)
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


@bytes_moved.mistake("CNT", "The result is missing: every number of y is written, once.")
def nothing_written(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p) * itemsize


@bytes_moved.mistake("CNT", "y is counted too often: each of its numbers belongs to one tile, and is written once.")
def written_again_and_again(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w * tiles_o) * itemsize


@bytes_moved.mistake("CNT", "y is counted too often: each of its numbers belongs to one tile, and is written once.")
def written_by_every_tile(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (n * c_in * h * w * tiles_o + n * c_out * c_in * tiles_p + n * c_out * h * w * tiles_o * tiles_p) * itemsize


@bytes_moved.mistake("BAT", "This is one image's traffic; there are n images.")
def one_image_moved(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h * w // block_p), -(-c_out // block_o)
    return (c_in * h * w * tiles_o + c_out * c_in * tiles_p + c_out * h * w) * itemsize


@bytes_moved.mistake(
    "TIL",
    "You cut rows and columns into tiles, each for itself. A tile holds block_p pixels of all h·w, one after the other.",
)
def rows_and_columns_cut(n, c_in, c_out, h, w, block_p, block_o, itemsize):
    tiles_p, tiles_o = -(-h // block_p) * -(-w // block_p), -(-c_out // block_o)
    return itemsize * n * (tiles_o * c_in * h * w + tiles_p * c_in * c_out + c_out * h * w)


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
