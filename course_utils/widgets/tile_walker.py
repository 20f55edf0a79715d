"""Walk through the tiles of a 1×1 convolution: what each one reads and writes, and how often numbers travel."""

import html
from math import ceil

import traitlets

from course_utils import cost
from course_utils.widgets.canvas import Canvas, script
from course_utils.widgets.values import Whole, between

LIMITS = {"c_in": 1024, "c_out": 96, "pixels": 256}  # more rows or columns could not be told apart
ITEMSIZE = cost.FLOAT32
OPENS = 4  # tiles: some done, one at work, some to come


def tile_walker(c_in: int = 64, c_out: int = 24, pixels: int = 49, block_o: int = 8, block_p: int = 16) -> "TileWalker":
    """Sliders for the tile of one program, and a walk from tile to tile: what moves, and how often it moved before.

    >>> walk = tile_walker(c_in=64, c_out=24, pixels=49, block_o=8, block_p=16)
    >>> walk.tiles
    12
    >>> print(walk.as_text())
    24 outputs at 49 pixels, from 64 channels, in tiles of 8×16: 12 tiles, 3 of them over an edge. They read x 3 times
    and the weights 4 times and move 66,912 bytes, 2.86 times as many as every tensor once; 2.25 operations a byte.
    >>> walk.step = 5                              # five tiles are done

    It opens at its fourth tile. One image, numbers of 4 bytes. `block_o`, `block_p` and `step` can be read and set.
    """
    walk = TileWalker(c_in=c_in, c_out=c_out, pixels=pixels, block_o=block_o, block_p=block_p)
    walk.step = min(OPENS, walk.tiles)
    return walk


class TileWalker(Canvas):
    """The widget that `tile_walker()` returns."""

    _esm = script("tile_walker.js")
    c_in = Whole().tag(sync=True)
    c_out = Whole().tag(sync=True)
    pixels = Whole().tag(sync=True)
    block_o = Whole().tag(sync=True)
    block_p = Whole().tag(sync=True)
    step = Whole(0).tag(sync=True)

    @traitlets.validate(*LIMITS, "block_o", "block_p")
    def _check_size(self, proposal):
        name = proposal["trait"].name
        most = LIMITS[{"block_o": "c_out", "block_p": "pixels"}.get(name, name)]
        return between(f"tile_walker: {name}", proposal["value"], 1, most)

    @traitlets.validate("step")
    def _check_step(self, proposal):
        return between("tile_walker: step", proposal["value"], 0, self.tiles)

    @traitlets.observe("block_o", "block_p")
    def _stay_on_the_way(self, _change):
        self.step = min(self.step, self.tiles)

    @property
    def tiles(self) -> int:
        """How many tiles there are."""
        return ceil(self.c_out / self.block_o) * ceil(self.pixels / self.block_p)

    def traffic(self) -> cost.Traffic:
        """Numbers that all tiles read and write."""
        return cost.tile_traffic(1, self.c_in, self.c_out, self.pixels, self.block_p, self.block_o)

    def bill(self) -> dict[str, object]:
        """What the tiling costs, by name."""
        moved, whole = self.traffic(), (self.c_out // self.block_o) * (self.pixels // self.block_p)
        once = cost.tile_traffic(1, self.c_in, self.c_out, self.pixels, self.pixels, self.c_out)
        return {
            "tiles": self.tiles,
            "over an edge": self.tiles - whole,
            "x is read": ceil(self.c_out / self.block_o),
            "the weights are read": ceil(self.pixels / self.block_p),
            "bytes moved": ITEMSIZE * moved.total,
            "times every tensor once": moved.total / once.total,
            "operations a byte": 2 * self.c_in * self.c_out * self.pixels / (ITEMSIZE * moved.total),
        }

    def as_text(self) -> str:
        tiles, edge, x, weights, moved, times, intensity = self.bill().values()
        return (
            f"{self.c_out} outputs at {self.pixels} pixels, from {self.c_in} channels, in tiles of {self.block_o}×"
            f"{self.block_p}: {tiles} tiles, {edge} of them over an edge. They read x {_times(x)} and the weights "
            f"{_times(weights)} and move {moved:,} bytes, {times:.2f} times as many as every tensor once; "
            f"{intensity:.2f} operations a byte."
        )

    def as_html(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{name}</th><td>{value:,.2f}</td></tr>'
            if isinstance(value, float)
            else f'<tr><th scope="row">{name}</th><td>{value:,}</td></tr>'
            for name, value in self.bill().items()
        )
        return f"<table>{rows}</table><p>{html.escape(self.as_text())}</p>"


def _times(count):
    return "once" if count == 1 else f"{count} times"
