"""A head that slides: a window on a page, and what a classifier says there, from one run over the whole page."""

from collections.abc import Sequence

import numpy as np
import traitlets

from course_utils.base.errors import CourseError
from course_utils.widgets.canvas import Canvas, img, row, script, style
from course_utils.widgets.codes import coded, decoded
from course_utils.widgets.values import Numbers, Whole, between, finite

SCORE_BITS = 16


def sliding_head(
    page: np.ndarray | Sequence, scores: np.ndarray | Sequence, window: int = 28, stride: int = 4
) -> "SlidingHead":
    """Slide a window over a page, and see the softmax of a classifier's scores in it, and a class's heat on the page.

    >>> slid = sliding_head(np.zeros((36, 40)), np.zeros((10, 3, 4)))
    >>> slid.place = 2, 1                                # the window whose corner is in row 8, column 4
    >>> slid.shares().round(2).tolist()[:3]              # ten equal scores
    [0.1, 0.1, 0.1]

    `page` is (H, W), 0 for paper and 1 for ink. `scores` is (classes, rows, columns), one for each class and window;
    the windows are `stride` pixels apart. `place` (a window's row and column) and `shown` (a class) can be read and
    set.
    """
    page, scores = finite("sliding_head: page", page), finite("sliding_head: scores", scores)
    window = between("sliding_head: window", window, 1, 1000)
    stride = between("sliding_head: stride", stride, 1, 1000)
    if page.ndim != 2 or min(page.shape) < window:
        raise CourseError(f"sliding_head: page has shape {page.shape}, expected (H, W), neither below {window}.")
    places = tuple((side - window) // stride + 1 for side in page.shape)
    if scores.ndim != 3 or scores.shape[1:] != places or not 2 <= len(scores) <= 10:
        raise CourseError(
            f"sliding_head: scores has shape {scores.shape}, expected 2 to 10 classes and {places} windows "
            f"of {window} pixels, {stride} apart."
        )
    i, j = map(int, np.unravel_index(int(np.ptp(scores, axis=0).argmax()), places))
    codes, scales = coded(scores, SCORE_BITS)
    return SlidingHead(
        page=np.round(255 * np.clip(page, 0, 1)).astype(np.uint8).tobytes(),
        scores=codes,
        scales=scales,
        sizes=[*page.shape, *scores.shape],
        steps=[window, stride],
        place=(i, j),
        shown=int(scores[:, i, j].argmax()),
    )


class SlidingHead(Canvas):
    """The widget that `sliding_head()` returns."""

    _esm = script("sliding_head.js")
    _css = style("sliding_head.css")
    page = traitlets.Bytes().tag(sync=True, fixed=True)  # uint8, (H, W): 255 is ink
    scores = traitlets.Bytes().tag(sync=True, fixed=True)  # (classes, rows, columns) as `coded` has it
    scales = traitlets.List().tag(sync=True, fixed=True)  # two numbers a class
    sizes = traitlets.List().tag(sync=True, fixed=True)  # H, W, classes, rows, columns
    steps = traitlets.List().tag(sync=True, fixed=True)  # side of a window, pixels between two
    place = Numbers().tag(sync=True)  # row and column of the window
    shown = Whole(0).tag(sync=True)  # the class whose heat is drawn

    @traitlets.validate("place")
    def _check_place(self, proposal):
        place, (rows, columns) = proposal["value"], self.sizes[3:]
        if finite("sliding_head: place", place).shape != (2,):
            raise CourseError(f"sliding_head: place is {place}, expected a window's row and column.")
        return [
            between(f"sliding_head: {name}", number, 0, most - 1)
            for name, number, most in zip(("row", "column"), place, (rows, columns), strict=True)
        ]

    @traitlets.validate("shown")
    def _check_shown(self, proposal):
        return between("sliding_head: shown", proposal["value"], 0, self.sizes[2] - 1)

    def shares(self) -> np.ndarray:
        """The softmax of the scores in the window."""
        return self._softmax()[:, *self.place]

    def _softmax(self):
        scores = decoded(self.scores, self.scales, SCORE_BITS).reshape(self.sizes[2:])
        raised = np.exp(scores - scores.max(axis=0))
        return raised / raised.sum(axis=0)

    def as_text(self) -> str:
        shares, (window, stride) = self.shares(), self.steps
        top, left = (stride * index for index in self.place)
        return (
            f"A page under a window of {window}×{window} pixels whose corner is in row {top}, column {left}: "
            f"the largest softmax there is that of class {shares.argmax()}, {shares.max():.2f}. "
            f"{self.sizes[3] * self.sizes[4]} windows in one run."
        )

    def as_html(self) -> str:
        ink = np.frombuffer(self.page, np.uint8).reshape(self.sizes[:2])
        heat = self._softmax()[self.shown]
        return f"<p>{self.as_text()}</p>" + row(
            (img(255 - ink, "The page, dark where there is ink", 340), "the page"),
            (
                img((255 * (1 - heat)).astype(np.uint8), f"Dark where the softmax of class {self.shown} is high", 300),
                f"softmax of class {self.shown} in each window",
            ),
        )
