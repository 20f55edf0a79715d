"""How many input pixels along a row one output pixel depends on."""

import math

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.spec import case, exercise


def stacks(rng):
    """Cases for `receptive_field(kernels, strides)`."""
    yield case("7×7 with stride 2, then 3×3, 1×1 and 3×3", [7, 3, 1, 3], [2, 2, 1, 1])
    yield case("two 3×3 layers", [3, 3], [1, 1])
    yield case("five 1×1 layers", [1] * 5, [1] * 5)
    yield case("three 3×3 layers of stride 2", [3, 3, 3], [2, 2, 2])
    yield case("1×1 with stride 2, then 3×3", [1, 3], [2, 1])
    yield case("one layer whose stride nothing follows", [5], [3])
    yield case("even kernels", [2, 4, 2], [2, 1, 2])
    yield case("no layer at all", [], [])
    layers = int(rng.integers(5, 9))
    yield case("random layers", rng.integers(1, 8, layers).tolist(), rng.integers(1, 4, layers).tolist())
    yield case("twelve layers", rng.integers(1, 12, 12).tolist(), rng.integers(1, 4, 12).tolist())
    yield case("large strides, as AlexNet and ViT have", [11, 5, 16, 2], [4, 7, 16, 1])
    yield case("one layer", [3], [1])
    yield case("one 1×1 layer", [1], [1])
    yield case("equal kernels, unequal strides", [3, 3, 3], [1, 2, 3])
    for said, (layers,) in inputs.stretched(rng, "layers", most=inputs.SHORTER):
        strides = (1 + (rng.permutation(layers) < 3)).tolist()
        yield case(f"{said}, three of them of stride 2", rng.integers(1, 8, layers).tolist(), strides)


@exercise(
    cases=stacks,
    hints=(
        "Two 3×3 layers in a row: which pixels of the input can reach the centre of the output? Draw them on squared paper.",
        "Keep two numbers: the size so far, and how many input pixels one step on the current map is worth. Which one does a stride change?",
        "size, step = 1, 1;  for k, s in zip(kernels, strides):  size += (k - 1) * step;  step *= s",
    ),
)
def receptive_field(kernels, strides):
    size = 1  # from the output back to the input
    for k, s in reversed(list(zip(kernels, strides, strict=True))):
        size = (size - 1) * s + k
    return size


@receptive_field.mistake(
    "OVL", "You add up the kernel sizes. Neighbouring windows overlap: a k×k layer adds only its k - 1 new pixels."
)
def sum_of_kernels(kernels, strides):
    return sum(kernels)


@receptive_field.mistake(
    "STR", "The strides are ignored. After a stride of 2, one step on the map is two steps on the input."
)
def strides_ignored(kernels, strides):
    return 1 + sum(k - 1 for k in kernels)


@receptive_field.mistake(
    "STR", "Only the stride just before each layer counts for you. Strides multiply: two of 2 make one step worth 4."
)
def last_stride_only(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size += (k - 1) * step
        step = s
    return size


@receptive_field.mistake(
    "STR", "A layer's stride acts on the layers *after* it. Add (k - 1)·step first, then multiply the step."
)
def stride_too_early(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        step *= s
        size += (k - 1) * step
    return size


@receptive_field.mistake(
    "CNT", "A 1×1 layer adds a pixel in your count. It looks at one pixel, which was seen already: it adds k - 1 = 0."
)
def one_by_one_adds_one(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size += max(k - 1, 1) * step
        step *= s
    return size


@receptive_field.mistake(
    "CNT", "You multiply kernel sizes. Windows widen by a few pixels a layer: the sizes add, only the strides multiply."
)
def product_of_kernels(kernels, strides):
    return math.prod(kernels)


@receptive_field.mistake(
    "STR",
    "You multiply what is seen so far by the layer's stride. It widens the steps of the layers *after* it: what they add.",
)
def seen_times_stride(kernels, strides):
    seen = 1
    for k, s in zip(kernels, strides, strict=True):
        seen = seen * s + k - 1
    return seen


@receptive_field.mistake("EDG", "You start from 0. Before any layer a value sees one pixel: itself.")
def starts_at_zero(kernels, strides):
    size, step = 0, 1
    for k, s in zip(kernels, strides, strict=True):
        size += (k - 1) * step
        step *= s
    return size


@receptive_field.mistake("SQR", "That is the number of pixels in the square. Asked is its side.")
def area(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size += (k - 1) * step
        step *= s
    return size**2


@receptive_field.mistake(
    "STR", "You multiply k - 1 by the layer's own stride. What counts is the product of the strides *before* it."
)
def own_stride(kernels, strides):
    return 1 + sum((k - 1) * s for k, s in zip(kernels, strides, strict=True))


@receptive_field.mistake("OVL", "You start at 1 and add whole kernels. A k×k layer adds only its k - 1 new pixels.")
def one_and_all_kernels(kernels, strides):
    return 1 + sum(kernels)


@receptive_field.mistake("OVL", "You start at 1 and add k for each layer. A k×k layer adds only its k - 1 new pixels.")
def one_and_all_kernels_with_steps(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size, step = size + k * step, step * s
    return size


@receptive_field.mistake(
    "STR", "You add up the strides. A stride of 2 after a stride of 2 steps over 4 pixels: they multiply."
)
def strides_added(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size, step = size + (k - 1) * step, step + s
    return size


@receptive_field.mistake(
    "STR", "You add s - 1 to the step for each stride. Strides multiply: after 2 and 2, neighbours lie 4 pixels apart."
)
def steps_added(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size, step = size + (k - 1) * step, step + s - 1
    return size


@receptive_field.mistake("OVL", "That is the largest kernel alone. Each layer behind another sees k - 1 pixels more.")
def largest_kernel(kernels, strides):
    return max(kernels, default=1)


@receptive_field.mistake(
    "ORD", "(r - 1) · s + k goes from the *last* layer back to the first: what one value sees, then what those see."
)
def backwards_rule_forwards(kernels, strides):
    size = 1
    for k, s in zip(kernels, strides, strict=True):
        size = (size - 1) * s + k
    return size


@receptive_field.mistake(
    "CNT",
    "You multiply kernel sizes, strides too. A layer adds (k - 1) steps to what is seen; the strides make the steps longer.",
)
def product_of_all(kernels, strides):
    return math.prod(kernels) * math.prod(strides)


@receptive_field.mistake(
    "OVL", "r values lie only r - 1 steps apart: going back through a layer they see (r - 1) · s + k pixels."
)
def as_many_steps_as_values(kernels, strides):
    size = 1
    for k, s in zip(kernels[::-1], strides[::-1], strict=True):
        size = size * s + k - 1
    return size


@receptive_field.mistake(
    "CNT", "You add half a kernel for each layer. It reaches out to *both* sides: k - 1 new pixels."
)
def half_kernels(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size += k // 2 * step
        step *= s
    return size


@receptive_field.mistake(
    "OVL", "You add whole kernels, each times its step. Windows overlap: a layer adds only k - 1 new pixels."
)
def whole_kernels_with_steps(kernels, strides):
    size, step = 0, 1
    for k, s in zip(kernels, strides, strict=True):
        size += k * step
        step *= s
    return size


@receptive_field.mistake(
    "SGN",
    "(r - k) // s + 1 is how many outputs a layer makes of r inputs. Asked is the other way: inputs of one output.",
)
def size_of_the_output(kernels, strides):
    size = 1
    for k, s in zip(kernels, strides, strict=True):
        size = (size - k) // s + 1
    return size


@receptive_field.mistake(
    "OVL", "r values that lie s pixels apart have r - 1 steps between them: (r - 1) · s + k, and not r · s + k."
)
def one_step_too_many(kernels, strides):
    size = 1
    for k, s in reversed(list(zip(kernels, strides, strict=True))):
        size = size * s + k
    return size


@receptive_field.mistake(
    "STR", "You multiply by *all* strides at every layer. Only those of the layers before it make its steps longer."
)
def all_strides_everywhere(kernels, strides):
    return 1 + sum((k - 1) * math.prod(strides) for k in kernels)


@receptive_field.mistake(
    "EDG", "An even kernel adds k - 1 pixels too. k // 2 on either side is right for odd ones alone."
)
def even_kernels_as_odd(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size += 2 * (k // 2) * step
        step *= s
    return size


@receptive_field.alternative
def with_steps(kernels, strides):
    size, step = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size, step = size + (k - 1) * step, step * s
    return size


@receptive_field.alternative
def with_cumprod(kernels, strides):
    steps = np.cumprod([1, *strides])[: len(kernels)]
    return 1 + int(np.sum((np.array(kernels, dtype=int) - 1) * steps))


@receptive_field.alternative
def first_and_last_pixel(kernels, strides):
    first = last = 0
    for k, s in zip(kernels[::-1], strides[::-1], strict=True):
        first, last = first * s, last * s + k - 1
    return last - first + 1
