"""What a 1×1 convolution moves when it is computed in tiles: bytes from and to memory, and the work done with each."""

from math import ceil
from typing import NamedTuple


class Traffic(NamedTuple):
    """Numbers that all tiles together read and write, counted with repetition."""

    x: int
    weight: int
    y: int

    @property
    def total(self) -> int:
        return self.x + self.weight + self.y


def tile_traffic(n: int, c_in: int, c_out: int, pixels: int, block_p: int, block_o: int) -> Traffic:
    """How many numbers of x and weight are read, and of y written, by tiles of block_o outputs × block_p pixels.

    >>> tile_traffic(1, 2, 3, 5, block_p=2, block_o=2)
    Traffic(x=20, weight=18, y=15)

    A tile reads the pixels and the weights that it needs, of all channels, and no caches help. What lies over an edge
    is masked, so it is not moved. The bias is left out.
    """
    tiles_p, tiles_o = ceil(pixels / block_p), ceil(c_out / block_o)
    return Traffic(n * c_in * pixels * tiles_o, n * c_in * c_out * tiles_p, n * c_out * pixels)
