"""A batch of small images beside its matrix of pixels: click a pixel, and see where its numbers stand."""

import numpy as np
import traitlets

from course_utils.base.errors import CourseError
from course_utils.widgets.canvas import Canvas, img, row, script
from course_utils.widgets.values import between, finite, one_of

METHODS = {"transpose first": (1, 0, 2, 3), "reshape alone": (0, 1, 2, 3)}  # the order of the axes when they are cut
PIXELS_MAX = 400  # more columns than this could not be told apart


def column_linker(x: np.ndarray, method: str = "transpose first") -> "ColumnLinker":
    """Two pictures of the same numbers: the images, and the matrix (C, N·H·W) made of them.

    >>> from course_utils.data import photo
    >>> image = photo("coffee", longest=12).transpose(2, 0, 1) / 255
    >>> linker = column_linker(np.stack([image, image[:, :, ::-1]]))      # two images of 3 × 8 × 12
    >>> linker.index = [1, 4, 7]                                          # image, row, column of a pixel
    >>> linker.cells
    [(0, 151), (1, 151), (2, 151)]
    >>> linker.method = "reshape alone"
    >>> linker.cells
    [(1, 151), (2, 55), (2, 151)]

    `x` is (N, C, H, W) with numbers from 0 to 1. `cells` has the row and the column of each of the pixel's numbers.
    `index` and `method` can be read and set.
    """
    x = finite("column_linker: x", x)
    if x.ndim != 4 or not x.size:
        raise CourseError(f"column_linker: x has shape {x.shape}, expected four axes (N, C, H, W), none of them empty.")
    n, c, h, w = x.shape
    if n * h * w > PIXELS_MAX or c > 4 or n > 4:
        raise CourseError(
            f"column_linker: x has shape {x.shape}, expected at most 4 images, 4 channels and {PIXELS_MAX} pixels "
            "in all; give it smaller images."
        )
    return ColumnLinker(x=x.astype("<f4").tobytes(), sizes=x.shape, index=[n - 1, h // 2, w // 2], method=method)


class ColumnLinker(Canvas):
    """The widget that `column_linker()` returns."""

    _esm = script("column_linker.js")
    x = traitlets.Bytes().tag(sync=True, fixed=True)  # float32, little-endian
    sizes = traitlets.Tuple().tag(sync=True, fixed=True)
    index = traitlets.List().tag(sync=True)
    method = traitlets.Unicode().tag(sync=True)

    @traitlets.validate("index")
    def _check_index(self, proposal):
        index, (n, _, h, w) = list(proposal["value"]), self.sizes
        if len(index) != 3:
            raise CourseError(f"column_linker: index has {len(index)} entries, expected image, row and column.")
        places = zip(("image", "row", "column"), index, (n, h, w), strict=True)
        return [between(f"column_linker: {name}", i, 0, size - 1) for name, i, size in places]

    @traitlets.validate("method")
    def _check_method(self, proposal):
        return one_of("column_linker: method", proposal["value"], METHODS)

    @property
    def cells(self) -> list[tuple[int, ...]]:
        """Row and column, in the matrix, of each number of the chosen pixel."""
        addresses = self._matrix(np.arange(np.prod(self.sizes)).reshape(self.sizes))
        n, i, j = self.index
        wanted = [np.ravel_multi_index((n, c, i, j), self.sizes) for c in range(self.sizes[1])]
        return [tuple(int(place) for place in np.argwhere(addresses == address)[0]) for address in wanted]

    def as_text(self) -> str:
        n, i, j = self.index
        columns = self.sizes[0] * self.sizes[2] * self.sizes[3]
        places = "; ".join(f"row {r}, column {q}" for r, q in self.cells)
        return (
            f"With {self.method}, x of shape {tuple(self.sizes)} becomes a matrix of {self.sizes[1]} rows and "
            f"{columns} columns. The numbers of pixel x[{n}, :, {i}, {j}] stand in {places}."
        )

    def as_html(self) -> str:
        x = np.frombuffer(self.x, "<f4").reshape(self.sizes)
        level = (np.clip(x, 0, 1) * 255).round().astype(np.uint8)
        shown = level.transpose(0, 2, 3, 1) if self.sizes[1] == 3 else level[:, 0]
        images = [(img(_enlarged(one, 16), f"Image {n} of the batch", 220), f"n = {n}") for n, one in enumerate(shown)]
        matrix = img(_enlarged(self._matrix(level), 4, down=6), "The matrix, one grey cell a number", 760)
        return f"<p>{self.as_text()}</p>" + row(*images) + row((matrix, "the matrix: one row per channel"))

    def _matrix(self, x):
        return x.transpose(METHODS[self.method]).reshape(self.sizes[1], -1)


def _enlarged(pixels, times, down=1):
    """Each pixel as a block, so that it can be seen."""
    return pixels.repeat(times * down, axis=0).repeat(times, axis=1)
