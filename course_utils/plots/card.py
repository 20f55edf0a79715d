"""How a figure lies on a page: as it is; on a dark one its drawing is inverted, and its pictures are not."""

import os

from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

DRAWING = "drawing"  # the gid of an image that is no picture but areas with a legend: inverted like its legend
# White becomes nearly black, blue and orange stay blue and orange, and what is compared is told apart by everybody.
INVERTED = "invert(.9) hue-rotate(200deg) saturate(2)"
DARK = ", ".join(  # JupyterLab's dark themes, and VS Code's
    f"body[{said}]"
    for said in (
        'data-jp-theme-light="false"',
        'data-vscode-theme-kind$="dark"',
        'data-vscode-theme-kind$="high-contrast"',
    )
)
# The pages of the site set the variable by themselves. Paper is white in every theme. A picture may end within a pixel.
# In a notebook that is not trusted an outline is taken away: no style, though another notebook's, must invert a photo.
STYLE = (
    f"<style>@media screen {{ {DARK} {{ --dark-figure: {INVERTED} }} "
    ".course-figure div { clip-path: inset(1px round 4px) } "
    '.course-figure i[style*="clip-path"] { position: absolute; inset: 0; backdrop-filter: var(--dark-figure, none); '
    "-webkit-backdrop-filter: var(--dark-figure, none) } }</style>"
)


def card(picture: str, width: int, outline: str) -> str:
    """An `<img>` as a figure `width` CSS pixels wide; what lies within `outline` is inverted on a dark page.

    >>> card('<img alt="A cat.">', 96, around([]))[:60]
    '<figure class="course-figure" style="margin:.4em 0"><div sty'

    A style does that, without a script and without a second picture. Where styles are taken away, as from a notebook
    that is not trusted, the figure is a light card on a dark page.
    """
    least = "max(100%, 620px)" if width > 620 else "100%"  # letters stay legible on a phone, where the picture scrolls
    place = f"position:relative;width:{width}px;max-width:{least}"
    inside = f'<div style="{place}">{picture}<i style="clip-path:{outline}"></i></div>'
    # A page of feedback is light, and shows a style as letters.
    style = "" if os.environ.get("COURSE_GRADING") else STYLE
    return f'<figure class="course-figure" style="margin:.4em 0">{inside}{style}</figure>'


def pictures(fig: Figure) -> list[tuple[float, float, float, float]]:
    """Where a figure that was drawn has photos, maps and their scales: left, top, right, bottom, in percent.

    >>> from course_utils.plots.figure import figure
    >>> fig = figure(4, 4)
    >>> _ = fig.subplots().imshow([[0, 1], [1, 0]])
    >>> fig.set_layout_engine("none")
    >>> fig.axes[0].set_position((0.25, 0.5, 0.5, 0.5))
    >>> pictures(fig)
    [(25.0, 0.0, 75.0, 50.0)]
    """
    found: list[tuple[float, float, float, float]] = []
    for axes in fig.axes:
        boxes = [image.get_window_extent() for image in axes.images if image.get_gid() != DRAWING]
        boxes += [axes.bbox for one in axes.collections if isinstance(one, QuadMesh)]
        for box in boxes:
            (left, low), (right, high) = fig.transFigure.inverted().transform(box)
            (at, under), (end, over) = fig.transFigure.inverted().transform(axes.bbox)
            sides = max(left, at), 1 - min(high, over), min(right, end), 1 - max(low, under)
            left, top, right, bottom = (round(float(100 * side), 2) + 0.0 for side in sides)
            found.append((left, top, right, bottom))
    return [one for k, one in enumerate(found) if not any(_inside(one, other) for other in found[:k])]


def around(holes: list[tuple[float, float, float, float]]) -> str:
    """All of a figure without some boxes in it, as CSS has it: what lies inside an odd number of outlines.

    >>> around([(25.0, 0.0, 75.0, 50.0)])
    'polygon(evenodd,0% 0%,100% 0%,100% 100%,0% 100%,0% 0%,25% 0%,75% 0%,75% 50%,25% 50%,25% 0%,0% 0%)'
    """
    corners: list[tuple[float, float]] = []
    for left, top, right, bottom in [(0, 0, 100, 100), *holes]:
        box = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        corners += [*box, (0, 0)] if corners else box
    return f"polygon(evenodd,{','.join(f'{x:g}% {y:g}%' for x, y in corners)})"


def _inside(one, other):
    return all(a >= b for a, b in zip(one[:2], other[:2], strict=True)) and all(
        a <= b for a, b in zip(one[2:], other[2:], strict=True)
    )
