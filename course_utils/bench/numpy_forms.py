"""`course bench numpy`: the lessons' loops, matmul and einsum beside the bare product `weight @ columns`."""

import functools
from typing import NamedTuple

import numpy as np

from course_utils.bench.stopwatch import matmul_peak, side_by_side
from course_utils.checking.api import reference
from course_utils.exercises import Exercise, find, of_lesson

FORMS = {"matmul": "conv1x1_matmul", "einsum": "conv1x1_einsum", "loops": "conv1x1_loops"}
LOOPS_MAX = 2_000_000  # multiply-adds; the loops would take minutes for more
ROUNDS = 15


class Layer(NamedTuple):
    """The sizes of one 1×1 layer and its batch."""

    n: int
    c_in: int
    c_out: int
    h: int
    w: int

    @property
    def macs(self):
        return self.n * self.c_in * self.c_out * self.h * self.w

    def __str__(self):
        return f"{self.n} × {self.c_in} → {self.c_out}, {self.h}×{self.w}"


LAYERS = (  # the layer of lesson 04b, then 1×1 layers of ResNet-50 from its first stage to its last
    Layer(2, 64, 64, 14, 14),
    Layer(4, 64, 256, 56, 56),
    Layer(4, 256, 64, 56, 56),
    Layer(8, 512, 128, 28, 28),
    Layer(16, 1024, 256, 14, 14),
    Layer(32, 512, 2048, 7, 7),
)


def measure(layer, rounds=ROUNDS):
    """Median seconds of each form on one layer, `{name: seconds}`; the loops are left out where they take minutes.

    >>> list(measure(Layer(1, 2, 3, 4, 5), rounds=1))
    ['bare product', 'matmul', 'einsum', 'loops']
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(layer.n, layer.c_in, layer.h, layer.w))
    weight, bias = rng.normal(size=(layer.c_out, layer.c_in)), rng.normal(size=layer.c_out)
    columns = np.ascontiguousarray(x.transpose(1, 0, 2, 3).reshape(layer.c_in, -1))
    functions = {"bare product": lambda: weight @ columns}
    for name, exercise in FORMS.items():
        if name != "loops" or layer.macs <= LOOPS_MAX:
            functions[name] = functools.partial(lesson_function(exercise), x, weight, bias)
    return side_by_side(functions, rounds)


def lesson_function(exercise):
    """The reference solution of an exercise as its lesson gives it, with the functions of that lesson that it calls.

    >>> lesson_function("conv1x1_matmul").__name__
    'conv1x1_matmul'
    """
    namespace = {"np": np}
    for item in of_lesson(find(exercise).lesson):
        if isinstance(item, Exercise):
            exec(reference(item), namespace)  # our own solutions notebook, not a learner's
    return namespace[exercise]


def main():
    """Measure all layers and print the table."""
    names = ("bare product", *FORMS)
    print("Milliseconds of one call and the share of the bare product's speed; one thread, float64, medians.")
    print(f"{'images × C_in → C_out, pixels':30}" + "".join(f"{name:>19}" for name in names))
    least = 1.0
    for layer in LAYERS:
        seconds = measure(layer)
        shares = {name: seconds["bare product"] / own for name, own in seconds.items()}
        cells = (f"{1000 * seconds[name]:11.2f} {shares[name]:7.2%}" if name in seconds else "–" for name in names)
        print(f"{layer!s:30}" + "".join(f"{text:>19}" for text in cells), flush=True)
        least = min(least, shares["matmul"])
    print(f"matmul reaches at least {least:.0%} of the bare product's speed. Peak: {matmul_peak() / 1e9:.0f} GFLOP/s.")
    return 0


if __name__ == "__main__":
    main()
