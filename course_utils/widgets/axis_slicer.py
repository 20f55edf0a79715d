"""Slice an array axis by axis, and see the expression, the shape and the picture."""

from collections.abc import Sequence

import numpy as np
import traitlets

from course_utils.base.errors import CourseError
from course_utils.widgets.canvas import Canvas, img, row, script
from course_utils.widgets.values import between, finite, texts

AXES = {2: "h w", 3: "h w c", 4: "n c h w"}


def axis_slicer(x: np.ndarray, axes: str | Sequence[str] | None = None) -> "AxisSlicer":
    """A slider for each axis of `x`: fix an index or keep the whole axis, and see what is left.

    >>> from course_utils.data import photo
    >>> image = photo("coffee", longest=300)
    >>> slicer = axis_slicer(image)                                       # H × W × C, as a photo is stored
    >>> slicer.expression, slicer.left                                    # the red channel
    ('x[:, :, 0]', (200, 300))
    >>> slicer.index = [None, None, None]
    >>> slicer.expression, slicer.left
    ('x[:, :, :]', (200, 300, 3))
    >>> slicer = axis_slicer(image.transpose(2, 0, 1)[None], axes="n c h w")

    `axes` names the axes; by default "h w c" for three, "n c h w" for four. `index` has a number or None for each axis.
    """
    x = finite("axis_slicer: x", x)
    if x.ndim not in AXES or not x.size:
        raise CourseError(f"axis_slicer: x has shape {x.shape}, expected two, three or four axes, none of them empty.")
    axes = AXES[x.ndim] if axes is None else axes
    names = texts("axis_slicer: axes", axes.split() if isinstance(axes, str) else axes)
    if len(names) != x.ndim:
        raise CourseError(f"axis_slicer: {len(names)} names ({axes}) for {x.ndim} axes; name each axis once.")
    whole = x.dtype == np.uint8
    sent = x.tobytes() if whole else x.astype("<f4").tobytes()
    return AxisSlicer(x=sent, whole=whole, sizes=x.shape, axes=names, index=_opening(names), **_greys(x))


class AxisSlicer(Canvas):
    """The widget that `axis_slicer()` returns."""

    _esm = script("axis_slicer.js")
    x = traitlets.Bytes().tag(sync=True, fixed=True)  # uint8 where `whole`, else float32, little-endian
    whole = traitlets.Bool().tag(sync=True, fixed=True)
    sizes = traitlets.Tuple().tag(sync=True, fixed=True)
    axes = traitlets.List().tag(sync=True, fixed=True)
    index = traitlets.List().tag(sync=True)
    black = traitlets.Float().tag(sync=True, fixed=True)  # the number drawn black, and the one drawn white
    white = traitlets.Float().tag(sync=True, fixed=True)

    @traitlets.validate("index")
    def _check_index(self, proposal):
        index = list(proposal["value"])
        if len(index) != len(self.sizes):
            raise CourseError(f"axis_slicer: index has {len(index)} entries, expected {len(self.sizes)}: one an axis.")
        places = zip(self.axes, index, self.sizes, strict=True)
        return [
            None if i is None else between(f"axis_slicer: index of axis {name}", i, 0, size - 1, "None or ")
            for name, i, size in places
        ]

    @property
    def expression(self) -> str:
        """The slice as Python writes it."""
        return f"x[{', '.join(':' if i is None else str(i) for i in self.index)}]"

    @property
    def left(self) -> tuple[int, ...]:
        """The shape that is left."""
        return tuple(size for size, i in zip(self.sizes, self.index, strict=True) if i is None)

    def as_text(self) -> str:
        return f"{self.expression} has shape {self.left}; x has shape {tuple(self.sizes)}, axes {' '.join(self.axes)}."

    def as_html(self) -> str:
        x = np.frombuffer(self.x, np.uint8 if self.whole else "<f4").reshape(self.sizes).astype(float)
        picture = x[tuple(slice(None) if i is None else i for i in self.index)]
        if picture.ndim == 4:
            picture = picture[0]
        if picture.ndim == 3 and self.axes[-1] != "c":
            picture = picture.transpose(1, 2, 0)
        if picture.ndim < 2:
            return f"<p>{self.as_text()}</p>"
        caption = self.expression
        if picture.ndim == 3 and picture.shape[2] != 3:  # several pictures
            picture, caption = picture[:, :, 0], f"the first picture of {self.expression}"
        pixels = (np.clip((picture - self.black) / (self.white - self.black), 0, 1) * 255).astype(np.uint8)
        shown = img(pixels, f"The slice as a picture: {caption}", 300)
        return f"<p>{self.as_text()}</p>" + row((shown, caption))


def _opening(names):
    """Everything but for one axis, the channels if there are some: what is fixed and what is left is seen at once."""
    fixed = names.index("c") if "c" in names else 0
    return [0 if axis == fixed and len(names) > 2 else None for axis in range(len(names))]


def _greys(x):
    """What is drawn black and white: 0 and 255 for photos, else the largest number, with 0 grey if some are below 0."""
    white = 255.0 if x.dtype == np.uint8 else float(np.abs(x).max()) or 1.0
    return {"black": -white if x.min() < 0 else 0.0, "white": white}
