"""Figures of the course: each function takes data and returns a figure; `show(fig, alt=...)` displays it."""

from course_utils.plots.arrays import axes_diagram
from course_utils.plots.channels import channels_grid, compare, photo_and_channels
from course_utils.plots.figure import FIRST, NEGATIVE, POSITIVE, SECOND, SIGNED, figure, show, words_of
from course_utils.plots.pixels import pictures, pixel, weighted_sum
from course_utils.plots.training import Live, descent, loss_along, through_layers
from course_utils.plots.weights import weight_bars, weight_matrix

__all__ = [
    "Live",
    "descent",
    "loss_along",
    "FIRST",
    "NEGATIVE",
    "SECOND",
    "POSITIVE",
    "SIGNED",
    "axes_diagram",
    "channels_grid",
    "compare",
    "figure",
    "photo_and_channels",
    "pictures",
    "pixel",
    "show",
    "through_layers",
    "weight_bars",
    "weight_matrix",
    "weighted_sum",
    "words_of",
]
