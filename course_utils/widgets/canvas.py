"""What all widgets share: their script, their style, and what is seen where no widgets run."""

import base64
import html
import io
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from course_utils.base.colours import COLOURS
from course_utils.base.errors import CourseError
from course_utils.plots import SIGNED
from course_utils.widgets.bundle import bundle
from course_utils.widgets.still import ELSEWHERE, Still

HERE = Path(__file__).parent
SAVED_MAX = 58_000  # bytes of a widget's state in a notebook that is saved; its layout comes on top
PNG_MAX = 4_000  # bytes; a larger picture is a photo or a filtered one, and a third as large as a JPEG


@cache
def source(name: str) -> str:
    """The text of a file of this folder; anywidget keeps every instance alive when it is given the path."""
    return (HERE / name).read_text(encoding="utf-8")


def script(name: str) -> str:
    """The module of one widget, with what it imports inside."""
    return bundle(HERE / name)


def style(*names: str) -> str:
    """The style of one widget: the course's colours by name, what all widgets share, then its own.

    >>> "--minus: light-dark(#0072b2, #5cb3e6);" in style("scan.css")
    True
    """
    colours = " ".join(f"--{name}: light-dark({light}, {dark});" for name, (light, dark) in COLOURS.items())
    return f".course-widget {{ {colours} }}\n" + "".join(source(name) for name in ("parts.css", *names))


class Canvas(anywidget.AnyWidget):
    """A widget with a static twin: `as_html()` and `as_text()` show the same where no widgets run."""

    _css = style()
    _unsaved = traitlets.List().tag(sync=True)  # what unsaved.js takes out of the state that a notebook holds
    _stills: tuple[Still, ...] = ()  # a picture for each place where it is shown

    def __init__(self, **made: Any) -> None:
        code = {"_esm": self._esm, "_css": self._css}
        super().__init__(**made, _unsaved=_too_large({**code, **made}, self.class_traits(fixed=True)))

    def set_state(self, sync_data: dict) -> None:
        """Take in what a view has changed; what is fixed stays, also where a view has no more of it."""
        super().set_state({name: new for name, new in sync_data.items() if name not in self.traits(fixed=True)})

    def __setattr__(self, name, value):
        if name in self.class_traits(fixed=True) and self.comm is not None:
            raise CourseError(f"{name} is fixed when the widget is made; make another with the {name} that you want.")
        super().__setattr__(name, value)

    def close(self) -> None:
        """Let go of the widget, and of the layout that was made for it and would else stay for ever."""
        layout = self.layout if self.comm is not None else None
        super().close()
        if layout is not None:
            layout.close()
        for still in self._stills:
            still.stop()

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:  # the front end shows no widgets at all
            return {"text/html": self.as_html(), "text/plain": self.as_text()}
        data, metadata = bundle
        return {**data, "text/html": self.as_html(), "text/plain": self.as_text()}, metadata

    def _ipython_display_(self) -> None:
        """The live view and, in an output of its own, the picture that stays when the view's state is gone."""
        from IPython.display import display

        bundle = super()._repr_mimebundle_()
        if bundle is None or os.environ.get("COURSE_GRADING"):  # no views there: one output says it all
            made = self._repr_mimebundle_()
            display(made[0] if isinstance(made, tuple) else made, raw=True)
        else:
            text = {"text/html": ELSEWHERE, "text/plain": self.as_text()}
            display({**bundle[0], **text}, metadata=bundle[1], raw=True)
            self._stills += (Still(self),)


def _too_large(made, fixed):
    """Names of what is fixed, the largest first, that must go for the rest to be at most `SAVED_MAX` bytes."""
    sizes = {name: _size(value) for name, value in made.items()}
    left, gone = sum(sizes.values()), []
    for name in sorted(fixed.keys() & sizes, key=sizes.__getitem__, reverse=True):
        if left <= SAVED_MAX:
            break
        left -= sizes[name]
        gone.append(name)
    return gone


def _size(value):
    """How many bytes a saved notebook takes for it; bytes are there in base64."""
    return len(value) * 4 // 3 if isinstance(value, bytes) else len(json.dumps(value, default=str))


def img(pixels: np.ndarray, alt: str, width: int) -> str:
    """An (H, W) or (H, W, 3) array of uint8 as an `<img>`, `width` CSS pixels wide.

    >>> img(np.zeros((2, 2), np.uint8), alt="Black", width=2)[:43]
    '<img alt="Black" width="2" src="data:image/'
    """
    from PIL import Image

    made, kind = io.BytesIO(), "png"
    Image.fromarray(pixels).save(made, format="PNG")
    if made.tell() > PNG_MAX:
        made, kind = io.BytesIO(), "jpeg"
        Image.fromarray(pixels).save(made, format="JPEG", quality=80)
    encoded = base64.b64encode(made.getvalue()).decode("ascii")
    return f'<img alt="{html.escape(alt)}" width="{width}" src="data:image/{kind};base64,{encoded}">'


def signed_pixels(channel: np.ndarray) -> np.ndarray:
    """A signed map (H, W) as colours: blue below zero, white at zero, orange above."""
    reach = float(np.abs(channel).max()) or 1.0
    return (SIGNED(channel / reach / 2 + 0.5)[:, :, :3] * 255).astype(np.uint8)


def row(*cells: tuple[str, str]) -> str:
    """Pictures side by side, as a figure; each cell is `(picture, caption)`."""
    figures = "".join(
        f'<figure style="margin:0 .8em .6em 0">{picture}<figcaption>{html.escape(caption)}</figcaption></figure>'
        for picture, caption in cells
    )
    return f'<div style="display:flex;flex-wrap:wrap">{figures}</div>'
