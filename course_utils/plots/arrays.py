"""A drawing of the axes of an array: images of a batch, each a stack of channels, each a grid of pixels."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_utils.base.errors import CourseError
from course_utils.plots.figure import FIRST, SECOND, figure

STEP = 0.45  # how far a channel is drawn up and right of the one in front of it
DRAWN = 4  # images and channels drawn; the label tells the real number


def axes_diagram(shape: Sequence[int] = (2, 3, 4, 6)) -> Figure:
    """The four axes N C H W of an array of this shape, with the channel vector x[0, :, 0, W-1] marked.

    >>> fig = axes_diagram((2, 3, 4, 6))
    """
    if len(shape) != 4 or min(shape) < 1:
        raise CourseError(f"axes_diagram: shape is {tuple(shape)}, expected four sizes (N, C, H, W), each at least 1.")
    n, c, h, w = shape
    images, channels = min(n, DRAWN), min(c, DRAWN)
    cell = 2.4 / max(h, w)
    width, height = w * cell, h * cell
    spread = width + channels * STEP + 0.7
    fig = figure(9, 3.6)
    axes = fig.subplots()
    for image in range(images):
        for channel in range(channels):
            left, bottom = image * spread + channel * STEP, channel * STEP
            _sheet(axes, left, bottom, h, w, cell, depth=channels - channel, marked=image == 0)
    _labels(axes, shape, images * spread, width, height, channels)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_xlim(-1.0, images * spread)
    axes.set_ylim(-0.8, height + channels * STEP + 0.8)
    return fig


def _sheet(axes, left, bottom, h, w, cell, depth, marked):
    """One channel of one image: a sheet of h × w pixels, its last pixel of the top row coloured if `marked`."""
    right, top = left + w * cell, bottom + h * cell
    paper = {"facecolor": "#eef3f7", "edgecolor": FIRST, "linewidth": 1.5, "zorder": depth}
    axes.add_patch(Rectangle((left, bottom), w * cell, h * cell, **paper))
    for row in range(1, h):
        axes.plot([left, right], [bottom + row * cell] * 2, color=FIRST, linewidth=0.4, zorder=depth)
    for column in range(1, w):
        axes.plot([left + column * cell] * 2, [bottom, top], color=FIRST, linewidth=0.4, zorder=depth)
    if marked:
        pixel = {"facecolor": SECOND, "edgecolor": "black", "linewidth": 0.8, "zorder": depth}
        axes.add_patch(Rectangle((right - cell, top - cell), cell, cell, **pixel))


def _labels(axes, shape, right, width, height, channels):
    """The four names with their sizes, each beside the direction in which its index grows."""
    n, c, h, w = shape
    arrow = {"arrowstyle": "->", "color": "black", "linewidth": 1.2}
    text = {"fontsize": 11, "color": "black"}
    for tail, head in [
        ((-0.15, height), (-0.15, 0)),
        ((0, -0.15), (width, -0.15)),
        ((-0.12, height + 0.12), ((channels - 1) * STEP - 0.12, height + (channels - 1) * STEP + 0.12)),
    ]:
        axes.annotate("", head, tail, arrowprops=arrow)
    axes.text(-0.25, height / 2, f"H = {h}", ha="right", va="center", **text)
    axes.text(width / 2, -0.25, f"W = {w}", ha="center", va="top", **text)
    axes.text(0.05, height + 0.35, f"C = {c}", ha="right", va="bottom", **text)
    top = height + channels * STEP + 0.25
    axes.annotate("", (right - 0.9, top), (0.6, top), arrowprops=arrow)
    axes.text(right / 2, top + 0.1, f"N = {n} image{'s' * (n != 1)}", ha="center", va="bottom", **text)
