"""The maps inside of a layer, halfway: drag those of an output onto each other, and watch them become its map."""

from collections.abc import Sequence

import numpy as np
import traitlets

from course_utils.base.errors import CourseError
from course_utils.widgets.canvas import Canvas, img, row, script, signed_pixels, style
from course_utils.widgets.codes import coded
from course_utils.widgets.values import Numbers, finite

PART_BITS = 8  # no numbers are shown but colours
MOST = (6, 4)  # input and output channels that fit into the picture


def map_sums(parts: np.ndarray | Sequence) -> "MapSums":
    """All C_in · C_out maps of a layer before they are summed, to be added to one another until one per output is left.

    >>> sums = map_sums(np.arange(12.0).reshape(2, 3, 1, 2))    # 2 input maps, 3 outputs, maps of 1×2 pixels
    >>> len(sums.maps())
    6
    >>> sums.joined = [[0, 0], [0, 1], [0, 1]]          # for output 0, map 1 has been added to map 0
    >>> len(sums.maps()), sums.maps()[0].tolist()
    (5, [[6.0, 8.0]])

    `parts` is (C_in, C_out, H, W): what input map c gives to output o. `joined` can be read and set: for each output
    and input, the map onto which this one was put.
    """
    parts = finite("map_sums: parts", parts)
    if parts.ndim != 4 or not parts.size or parts.shape[0] < 2 or parts.shape[0] > MOST[0] or parts.shape[1] > MOST[1]:
        raise CourseError(
            f"map_sums: parts has shape {parts.shape}, expected (C_in, C_out, H, W) "
            f"with 2 to {MOST[0]} inputs and 1 to {MOST[1]} outputs."
        )
    c_in, c_out = parts.shape[:2]
    codes, scales = coded(parts.reshape(c_in * c_out, -1), PART_BITS)
    joined = [list(range(c_in)) for _ in range(c_out)]
    made = MapSums(codes=codes, scales=scales, sizes=parts.shape, joined=joined)
    made.parts = parts.astype(float)
    return made


class MapSums(Canvas):
    """The widget that `map_sums()` returns."""

    _esm = script("map_sums.js")
    _css = style("map_sums.css")
    parts: np.ndarray  # (C_in, C_out, H, W)
    codes = traitlets.Bytes().tag(sync=True, fixed=True)  # the parts as `coded` has it, to be looked at
    scales = traitlets.List().tag(sync=True, fixed=True)  # two numbers a part
    sizes = traitlets.Tuple().tag(sync=True, fixed=True)
    joined = Numbers().tag(sync=True)  # (C_out, C_in): a map that lies on no other has its own number

    @traitlets.validate("joined")
    def _check_joined(self, proposal):
        joined, (c_in, c_out, _, _) = finite("map_sums: joined", proposal["value"]), self.sizes
        fits = joined.shape == (c_out, c_in) and np.isin(joined, np.arange(c_in)).all()
        whole = joined.astype(int)
        if not fits or not (np.take_along_axis(whole, whole, axis=1) == whole).all():
            raise CourseError(
                f"map_sums: joined is {proposal['value']}, expected {c_in} numbers from 0 to {c_in - 1} for each of "
                f"{c_out} outputs: the map onto which each was put, which lies on no other."
            )
        return whole.tolist()

    def maps(self) -> list[np.ndarray]:
        """The maps that there are now, output by output."""
        return [
            self.parts[[c for c, onto in enumerate(lies) if onto == base], o].sum(axis=0, dtype=float)
            for o, lies in enumerate(self.joined)
            for base in sorted(set(lies))
        ]

    def as_text(self) -> str:
        c_in, c_out = self.sizes[:2]
        return (
            f"{c_in} input maps times {c_out} outputs: {c_in * c_out} maps before the sum, {len(self.maps())} after "
            f"the additions so far. With all of them added, one per output: {c_out}."
        )

    def as_html(self) -> str:
        parts = self.parts
        wide = max(60, 560 // (self.sizes[0] + 1))
        rows = []
        for o in range(self.sizes[1]):
            cells = [
                (img(signed_pixels(part), f"Map {c} of output {o}", wide), f"map {c}")
                for c, part in enumerate(parts[:, o])
            ]
            total = img(signed_pixels(parts[:, o].sum(axis=0)), f"The sum: output {o}", wide)
            rows.append(row(*cells, (total, f"sum: output {o}")))
        return f"<p>{self.as_text()}</p>" + "".join(rows)
