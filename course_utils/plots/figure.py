"""What every figure of the course shares: its colours, its frame, and the way it gets into the notebook."""

import base64
import functools
import html
import io
import os
import re
import sys
import tomllib
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from course_utils.base import paths
from course_utils.base.colours import COLOURS
from course_utils.base.errors import CourseError
from course_utils.plots.card import around, card, pictures

NEGATIVE, POSITIVE, FIRST, SECOND, THIRD, FOURTH, MEMORY, COMPUTING, INK, FAINT = (
    COLOURS[name][0]  # figures are light
    for name in ("minus", "plus", "first", "second", "third", "fourth", "memory", "computing", "ink", "faint")
)
SERIES = (FIRST, SECOND, THIRD, FOURTH, INK, FAINT)  # of several that are compared
SIGNED = LinearSegmentedColormap.from_list("signed", [NEGATIVE, "#ffffff", POSITIVE])
WORDS = Path(__file__).parent / "words"
NAMED = re.compile(rf"({paths.NUMBER})\.(\w+)")  # lesson and name
PIXELS_PER_INCH = 96  # CSS pixels; the PNG has twice as many, for sharp screens


def figure(width: float = 9.0, height: float = 3.0) -> Figure:
    """An empty figure with the look of the course, `width` × `height` inches at 96 pixels an inch.

    >>> figure(6, 2).get_size_inches().tolist()
    [6.0, 2.0]
    """
    return Figure(figsize=(width, height), layout="constrained", facecolor="white")


@functools.cache
def words_of(lesson: str) -> dict[str, str]:
    """The descriptions of a lesson's pictures by name, from words/NN.toml; none where there is no such file.

    >>> sorted(words_of("07"))[:2]
    ['channels_grid', 'loss_along']
    """
    path = WORDS / f"{lesson}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def described(alt: str) -> str:
    """The description that a name such as 07.loss_along stands for; anything else is a description itself.

    >>> described("07.loss_along")[:40], described("A cat.")
    ('The loss over the weight of green is a v', 'A cat.')

    A description in the cell would tell what the picture shows to readers who are asked to predict it.
    """
    name = NAMED.fullmatch(alt)
    if name is None:
        return alt
    if name[2] not in words_of(name[1]):
        raise CourseError(f'alt="{alt}" has no description; write one in {WORDS.name}/{name[1]}.toml.')
    return words_of(name[1])[name[2]]


def show(fig: Figure, alt: str) -> None:
    """Put a figure in the notebook as a picture with its description, then close it.

    >>> show(figure(6, 2), alt="An empty figure")
    An empty figure

    `alt` says in a sentence what a reader who cannot see the picture should know, or is the name of such a sentence, as
    for `described`. Outside a notebook it is printed; where a class is graded it stands in place of the picture.
    """
    if not hasattr(fig, "savefig"):
        raise CourseError(f"show() got {type(fig).__name__} as first argument, expected a matplotlib figure.")
    if not isinstance(alt, str) or not alt.strip():
        raise CourseError('show() needs alt="…": one sentence that says what the picture shows.')
    alt = described(alt)
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(alt)
    else:
        from IPython.display import display

        # No mark depends on a picture, and drawing them is most of what running a lesson costs.
        page = as_words(alt) if os.environ.get("COURSE_GRADING") else as_html(fig, alt)
        display({"text/plain": alt, "text/html": page}, raw=True)
    if "matplotlib.pyplot" in sys.modules:  # a figure made by pyplot would else be shown a second time
        sys.modules["matplotlib.pyplot"].close(fig)


def as_html(fig: Figure, alt: str, colours: int = 0) -> str:
    """The figure as `<figure><img alt=…></figure>`, the picture inside as a PNG data URI.

    With `colours`, at most as many are left: a drawing of lines and areas then takes a third of the room.
    """
    png = io.BytesIO()
    fig.savefig(png, format="png", dpi=2 * PIXELS_PER_INCH, facecolor="white")
    if colours:
        png = _fewer(png, colours)
    width = round(fig.get_size_inches()[0] * PIXELS_PER_INCH)
    source = base64.b64encode(png.getvalue()).decode("ascii")
    picture = (
        f'<img alt="{html.escape(alt)}" width="{width}" style="display:block;width:100%;height:auto;border-radius:4px" '
        f'src="data:image/png;base64,{source}">'
    )
    return card(picture, width, around(pictures(fig)))


def _fewer(png, colours):
    from PIL import Image

    made = io.BytesIO()
    Image.open(png).convert("RGB").quantize(colours).save(made, format="PNG")
    return made


def as_words(alt: str) -> str:
    """What stands in place of a picture where a class is graded.

    >>> as_words("A cat.")
    '<figure style="margin:.4em 0"><figcaption>Picture: A cat.</figcaption></figure>'
    """
    return f'<figure style="margin:.4em 0"><figcaption>Picture: {html.escape(alt)}</figcaption></figure>'


def plain_axes(axes: Axes) -> None:
    """Take ticks and frame away, for pictures: what the numbers of rows and columns are is said in the title."""
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_color("#bbbbbb")
