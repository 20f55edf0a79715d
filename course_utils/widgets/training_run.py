"""A training run to play back: the weights of a small layer and its loss, step by step, for several starts."""

from collections.abc import Mapping

import numpy as np
import traitlets

from course_utils.base.errors import CourseError
from course_utils.base.values import kind_of
from course_utils.data.features import FEATURES, feature_maps
from course_utils.experiments import descent
from course_utils.widgets.canvas import Canvas, img, row, script, signed_pixels
from course_utils.widgets.codes import coded
from course_utils.widgets.values import Whole, between, finite, named, one_of

C_IN, C_MID = 10, 4
MAP_BITS, MAP_SIDE = 8, 30
STEPS_MAX = 2000  # more would be a wait: the browser trains too, so that a notebook need not hold every step


def starts(seed: int = 0) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Ways to begin: random rows, four equal rows, and zeros; each a `(weight, head)`.

    >>> list(starts())
    ['random rows', 'equal rows', 'equal rows, random head', 'zeros']
    """
    rng = np.random.default_rng(seed)
    rows, head = rng.standard_normal((C_MID, C_IN)) * 0.3, rng.standard_normal(C_MID) * 0.5
    equal = np.tile(rows[0], (C_MID, 1))
    return {
        "random rows": (rows, head),
        "equal rows": (equal, np.full(C_MID, 0.5)),
        "equal rows, random head": (equal, head),
        "zeros": (np.zeros((C_MID, C_IN)), np.zeros(C_MID)),
    }


def training_run(given: Mapping | None = None, steps: int = 300) -> "TrainingRun":
    """Play back gradient descent on a 10 → 4 → 1 network, for several starts: weights, loss, likeness of the rows.

    Beside each row stands the map that it makes of ten maps of a cat, which are not what is trained on.

    >>> run = training_run(steps=20)
    >>> run.start, run.step
    ('random rows', 0)

    `given` maps a name to `(weight, head)`, with `weight` (C_mid, C_in) and `head` (C_mid,); all of one shape.
    `start` (a name) and `step` can be read and set.
    """
    given = named("training_run: given", starts() if given is None else given, "(weight, head)")
    given = {name: _start(f"training_run: {name}", start) for name, start in given.items()}
    steps = between("training_run: steps", steps, 1, STEPS_MAX)
    shapes = {weight.shape for weight, _ in given.values()}
    if len(shapes) != 1:
        raise CourseError(f"training_run: weights have the shapes {sorted(shapes)}, expected one shape for all starts.")
    c_mid, c_in = shapes.pop()
    runs = [list(descent.states(weight, head, steps)) for weight, head in given.values()]
    x, target = descent.task(c_in)
    maps = feature_maps(c_in, longest=MAP_SIDE)[0] if c_in <= len(FEATURES) else np.zeros((0, 1, 1))
    codes, scales = coded(maps.reshape(len(maps), -1), MAP_BITS) if len(maps) else (b"", [])
    made = TrainingRun(
        names=list(given),
        sizes=(c_mid, c_in, steps),
        starts=np.array([[*weight.ravel(), *head] for weight, head in given.values()], "<f4").tobytes(),
        x=x.astype("<f4").tobytes(),
        target=target.astype("<f4").tobytes(),
        maps=codes,
        scales=scales,
        map_size=maps.shape[1:],
        reach=max(1e-6, max(float(np.abs(weight).max()) for run in runs for weight, _, _ in run)),
        start=next(iter(given)),
    )
    made.runs = (
        np.array([[weight for weight, _, _ in run] for run in runs]),
        np.array([[s[2] for s in r] for r in runs]),
    )
    return made


class TrainingRun(Canvas):
    """The widget that `training_run()` returns."""

    _esm = script("training_run.js")
    names = traitlets.List().tag(sync=True, fixed=True)
    sizes = traitlets.Tuple().tag(sync=True, fixed=True)  # C_mid, C_in, steps
    starts = traitlets.Bytes().tag(sync=True, fixed=True)  # float32, for each start its weight and its head
    x = traitlets.Bytes().tag(sync=True, fixed=True)  # float32, (pixels, C_in): what the network is trained on
    target = traitlets.Bytes().tag(sync=True, fixed=True)  # float32, (pixels,)
    maps = traitlets.Bytes().tag(
        sync=True, fixed=True
    )  # ten of a cat as `coded` has it; none where there are more inputs
    scales = traitlets.List().tag(sync=True, fixed=True)  # two numbers a map
    map_size = traitlets.Tuple().tag(sync=True, fixed=True)  # height and width
    rule = traitlets.List([descent.RATE, descent.LONGEST]).tag(sync=True, fixed=True)
    reach = traitlets.Float().tag(sync=True, fixed=True)  # the largest weight of all runs gets the full colour
    start = traitlets.Unicode().tag(sync=True)
    step = Whole(0).tag(sync=True)
    runs: tuple[np.ndarray, np.ndarray]

    @traitlets.validate("start")
    def _check_start(self, proposal):
        return one_of("training_run: start", proposal["value"], self.names)

    @traitlets.validate("step")
    def _check_step(self, proposal):
        return between("training_run: step", proposal["value"], 0, self.sizes[2])

    def states(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights (starts, steps + 1, C_mid, C_in) and losses (starts, steps + 1) of all runs."""
        return self.runs

    def as_text(self) -> str:
        weights, losses = self.states()
        lines = [
            f"{name}: loss {loss[0]:.3f} at the start, {loss[-1]:.3f} after {self.sizes[2]} steps; "
            f"rank of the weight {np.linalg.matrix_rank(run[-1], rtol=1e-5)}"
            for name, run, loss in zip(self.names, weights, losses, strict=True)
        ]
        return "Training runs. " + ". ".join(lines) + "."

    def as_html(self) -> str:
        weights, _ = self.states()
        grown = (np.kron(run[-1], np.ones((20, 20))) for run in weights)
        cells = [(img(signed_pixels(w), f"Final weights, {n}", 220), n) for n, w in zip(self.names, grown, strict=True)]
        return f"<p>{self.as_text()}</p>" + row(*cells)


def _start(what, start):
    """The weight and the head of one start."""
    if not isinstance(start, tuple | list) or len(start) != 2:
        raise CourseError(f"{what} is {kind_of(start)}, expected (weight, head).")
    weight, head = finite(f"{what}, weight", start[0]), finite(f"{what}, head", start[1])
    if weight.ndim != 2 or not weight.size or head.shape != weight.shape[:1]:
        wanted = "(C_mid, C_in) and (C_mid,)"
        raise CourseError(f"{what} has a weight of {weight.shape} and a head of {head.shape}, expected {wanted}.")
    return weight, head
