"""What the sizes and axes of a case are called: by the arguments of the exercise, as its text names them."""

import re
from typing import Any

from course_utils.checking.overrun import overrun, zeros
from course_utils.exercises.spec import Exercise

AXES = {  # what the axes of an argument are called, by its name and how many it has
    ("x", 4): "n c_in h w", ("x", 3): "c_in h w", ("dy", 4): "n c_out h w", ("target", 4): "n c_out h w",
    ("weight", 2): "c_out c_in", ("w1", 2): "c_mid c_in", ("w2", 2): "c_out c_mid", ("weight0", 2): "row c_in",
    ("kernels", 3): "c row column", ("image", 3): "h w c", ("rgb", 3): "h w c", ("rgb", 4): "n c h w",
    ("packed", 4): "n 1 h w", ("cols", 2): "c n·h·w", ("pixels", 2): "pixel channel", ("targets", 1): "pixel",
    ("v", 1): "c_in", ("w", 1): "c_in", ("bias", 1): "c_out", ("b1", 1): "c_mid", ("b2", 1): "c_out",
    ("gamma", 1): "c_out", ("beta", 1): "c_out", ("mean", 1): "c_out", ("var", 1): "c_out", ("head", 1): "row",
    ("perm", 1): "h·w",
}  # fmt: skip
PLACES = ("(h)", "(w)", "(t)", "(n)")  # axes that no layer sums over


def axes_of(exercise: Exercise, name: str, ndim: int) -> list[str]:
    """The names of an argument's axes, or [] where nobody has given them any.

    >>> from course_utils.exercises import find
    >>> axes_of(find("conv1x1_loops"), "weight", 2)
    ['c_out', 'c_in']
    """
    given = exercise.inputs.get(name, "").split()
    return given if len(given) == ndim else AXES.get((name, ndim), "").split()


class Sizes:
    """What the sizes in an error message are called: the axes of the arguments that the learner's line is about."""

    def __init__(self, exercise: Exercise, args: tuple, line: str, values: dict[str, Any]):
        self.line, self.values, self.shapes = line, values, {}
        for name, value in zip(exercise.parameters, args, strict=False):
            if hasattr(value, "shape"):
                shape = tuple(int(size) for size in value.shape)
                names = [] if "block" in exercise.parameters else axes_of(exercise, name, len(shape))  # sizes of tiles
                self.shapes[name] = list(zip(names or [""] * len(shape), shape, strict=True))

    def named(self, size: int) -> str:
        """`5 (c_out)` where one axis alone has that size, else `5`."""
        found = {name for axes in self.shapes.values() for name, one in axes if one == int(size) and name}
        found = {name.removesuffix("_in") for name in found} if found == {"c", "c_in"} else found
        return f"{size} ({found.pop()})" if len(found) == 1 else str(size)

    def shape(self, text: str) -> str:
        """A shape as NumPy prints it, with the names of its sizes: `(2,5) (n, c_out)`."""
        sizes = re.findall(r"\d+", text)
        return f"({', '.join(map(self.named, sizes))}{',' if len(sizes) == 1 else ''})"

    def many(self, last: str, first: str) -> list[str]:
        """An array of the learner's own, of more than two axes, that a product of the line takes by a wrong one."""
        for one, other in re.findall(r"(\w+) @ (\w+)", self.line):
            left, right = (getattr(self.values.get(name), "shape", ()) for name in (one, other))
            if left and right and (left[-1], right[-2:][0]) == (int(last), int(first)):
                both = ((one, left, last), (other, right, first))
                own = [(name, size) for name, shape, size in both if len(shape) > 2 and name not in self.shapes]
                return [name for name, size in own if self.named(int(size)).endswith(PLACES)]
        return []

    def zeros(self) -> list[str]:
        """What the line divides by that is 0, as it is written there."""
        return zeros(self.line, self.values)

    def axis(self, axis: int, size: int) -> str:
        """The array and the axis that an index goes beyond: "axis 1 of `weight`, c_in,"."""
        used = [name for name in self.shapes if re.search(rf"\b{name}\b", self.line)]
        fits = [name for name in used if axis < len(self.shapes[name]) and self.shapes[name][axis][1] == size]
        fits = overrun(self.line, self.values, axis, size)[:1] or fits
        if len(set(fits)) != 1:
            return "that axis"
        axes = self.shapes.get(fits[0]) or self._like(fits[0])
        name = axes[axis][0] if axis < len(axes) else ""
        return f"axis {axis} of `{fits[0]}`{f' ({name})' if name else ''}"

    def _like(self, name):
        """The axes of the one argument that has the shape of another array: what was made of it, number by number."""
        shape = getattr(self.values.get(name), "shape", None)
        same = [axes for axes in self.shapes.values() if tuple(size for _, size in axes) == shape]
        return same[0] if len(same) == 1 else []
