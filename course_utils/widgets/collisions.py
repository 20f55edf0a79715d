"""Collisions: change a photo along directions that a layer does not see, and watch its output stay as it is."""

from collections.abc import Iterable

import numpy as np
import traitlets

from course_utils import data
from course_utils.data.features import LUMA
from course_utils.widgets.canvas import Canvas, img, row, script, style
from course_utils.widgets.values import Whole, between, limited, one_of, picture

LAYERS: dict[str, Iterable[float]] = {
    "brightness": LUMA,
    "average": (1 / 3, 1 / 3, 1 / 3),
    "red alone": (1.0, 0.0, 0.0),
}
WHERE = ("in a ring", "everywhere")
PALE, SPAN = 0.3, 0.4  # the photo is drawn from 0.3 to 0.7, so that no change of length 0.3 leaves 0 to 1
FAR, ALONG = 0.24, 0.18  # the longest changes that the layer does not see, and that it sees


def collisions(photo: np.ndarray | None = None) -> "Collisions":
    """Two photos, one output: move one of them along the null space of a 1×1 layer from 3 channels to 1.

    >>> two = collisions()
    >>> two.move().round(2)                 # what is added to red, green and blue
    array([ 0.19, -0.08, -0.12])
    >>> abs(two.output_moves()) < 1e-15     # 0, up to rounding
    True
    >>> two.seen = 0.1                      # now along the weights, too
    >>> round(two.output_moves(), 3)
    0.067

    `photo` is (H, W, 3) of uint8. `layer` (one of `LAYERS`), `where` (one of `WHERE`), `angle` (in the null space, in
    degrees), `far` (0 to 0.24) and `seen` (-0.18 to 0.18, along the weights) can be read and set.
    """
    photo = data.photo("astronaut", longest=120) if photo is None else picture("collisions: photo", photo)
    return Collisions(
        photo=photo.tobytes(),
        sizes=photo.shape,
        weights=[[*weight] for weight in LAYERS.values()],
        directions=[_directions(weight).tolist() for weight in LAYERS.values()],
    )


def ring_of(height: int, width: int) -> np.ndarray:
    """Where the ring lies: (H, W) of True and False.

    >>> ring_of(6, 6)[3].tolist()
    [False, True, False, False, True, False]
    """
    i, j = np.indices((height, width))
    apart = np.hypot(i - (height - 1) / 2, j - (width - 1) / 2) / (min(height, width) / 2)
    return (apart > 0.5) & (apart < 0.8)


def _directions(weight):
    """Three directions of the channel space at right angles: two that the weight does not see, then its own."""
    own = np.array(weight) / np.linalg.norm(weight)
    first = np.cross(own, (0.0, 0.0, 1.0))
    first /= np.linalg.norm(first)
    return np.array([first, np.cross(own, first), own])


class Collisions(Canvas):
    """The widget that `collisions()` returns."""

    _esm = script("collisions.js")
    _css = style("collisions.css")
    photo = traitlets.Bytes().tag(sync=True, fixed=True)  # uint8, (H, W, 3)
    sizes = traitlets.Tuple().tag(sync=True, fixed=True)
    weights = traitlets.List().tag(sync=True, fixed=True)  # three numbers a layer
    directions = traitlets.List().tag(sync=True, fixed=True)  # (3, 3) a layer: two unseen ones, then along its weights
    names = traitlets.List(list(LAYERS)).tag(sync=True, fixed=True)
    places = traitlets.List(list(WHERE)).tag(sync=True, fixed=True)
    pale = traitlets.List([PALE, SPAN]).tag(sync=True, fixed=True)
    limits = traitlets.List([FAR, ALONG]).tag(sync=True, fixed=True)
    layer = traitlets.Unicode("brightness").tag(sync=True)
    where = traitlets.Unicode(WHERE[0]).tag(sync=True)
    angle = Whole(30).tag(sync=True)
    far = traitlets.Float(FAR).tag(sync=True)
    seen = traitlets.Float(0.0).tag(sync=True)

    @traitlets.validate("layer", "where")
    def _check_name(self, proposal):
        name, known = proposal["trait"].name, self.names if proposal["trait"].name == "layer" else self.places
        return one_of(f"collisions: {name}", proposal["value"], known)

    @traitlets.validate("angle")
    def _check_angle(self, proposal):
        return between("collisions: angle", proposal["value"], 0, 359)

    @traitlets.validate("far", "seen")
    def _check_length(self, proposal):
        name = proposal["trait"].name
        return limited(f"collisions: {name}", proposal["value"], *((0, FAR) if name == "far" else (-ALONG, ALONG)))

    def move(self) -> np.ndarray:
        """What is added to red, green and blue of the pixels that change."""
        first, second, own = np.array(self.directions[self.names.index(self.layer)])
        turned = np.radians(self.angle)
        return self.far * (np.cos(turned) * first + np.sin(turned) * second) + self.seen * own

    def output_moves(self) -> float:
        """By how much the layer's output changes where the photo does."""
        return float(np.dot(self.weights[self.names.index(self.layer)], self.move()))

    def other(self) -> np.ndarray:
        """The changed photo, (H, W, 3), from 0 to 1."""
        pale = PALE + SPAN * np.frombuffer(self.photo, np.uint8).reshape(self.sizes) / 255
        ring = ring_of(*self.sizes[:2])[:, :, None]
        return pale + (ring if self.where == WHERE[0] else 1) * self.move()

    def as_text(self) -> str:
        red, green, blue = self.move()
        return (
            f"A pale photo, changed {self.where} by {red:+.2f} red {green:+.2f} green {blue:+.2f} blue; "
            f"the output of the layer “{self.layer}” changes by {self.output_moves() + 0:.3f}."
        ).replace("-0.000", "0.000")

    def as_html(self) -> str:
        other = self.other()
        output = other @ np.array(self.weights[self.names.index(self.layer)])
        colours, grey = ((255 * part).round().astype(np.uint8) for part in (other, output))
        return f"<p>{self.as_text()}</p>" + row(
            (img(colours, f"The photo, its colours changed {self.where}", 240), "x + change"),
            (img(grey, "What the layer makes of it, in grey", 240), "its output"),
        )
