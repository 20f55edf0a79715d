"""Layers for a learner's test to judge: right 1×1 convolutions, and impostors that are wrong on some inputs only."""

import functools
from collections import Counter
from collections.abc import Callable

import numpy as np

from course_utils import convs
from course_utils.base.values import kind_of
from course_utils.exercises import inputs
from course_utils.exercises.lesson02_by_hand import conv1x1_loops_elsewhere  # noqa: F401 - adds to the next
from course_utils.exercises.lesson02_by_hand.conv1x1_loops import conv1x1_loops
from course_utils.exercises.lesson04_matrix_multiply.conv1x1_einsum import conv1x1_einsum
from course_utils.exercises.lesson04_matrix_multiply.conv1x1_matmul import conv1x1_matmul

CATALOGUED = (conv1x1_loops, conv1x1_matmul, conv1x1_einsum)  # exercises whose mistakes are wrong layers of this kind
ALIKE = frozenset(
    """averaged_layer cut_to_whole_numbers einsum_bias_on_width einsum_channels_first einsum_needs_bias einsum_sums_images
    einsum_swaps_h_w einsum_transposed einsum_without_bias einsum_zeros_for_inputs first_bias_for_all matmul_bias_on_width
    matmul_needs_bias matmul_without_bias one_channel_in_turn signs_of_weights_dropped""".split()
)  # of their mistakes: each does what an impostor does that is there already
TIPS = 2  # kinds of input that a message names at once: the next try names the next


def _plus(y, bias):
    return y if bias is None else y + np.reshape(bias, (-1, 1, 1))


def by_einsum(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return _plus(np.einsum("oc,nchw->nohw", weight, x), bias)


def by_matmul(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    y = np.moveaxis(x, 1, -1) @ np.transpose(weight)
    return np.moveaxis(y if bias is None else y + bias, -1, 1)


def channel_after_channel(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    y = sum(weight[:, c, None, None] * x[:, None, c] for c in reversed(range(x.shape[1])))
    return _plus(y, bias)


def image_after_image(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return np.stack([_plus(np.tensordot(weight, image, axes=1), bias) for image in x])


def averages(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return _plus(by_einsum(x, weight) / x.shape[1], bias)


def activates(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return np.maximum(by_einsum(x, weight, bias), 0)


def forgets_signs_of_weights(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return by_einsum(x, np.abs(weight), bias)


def one_bias_for_all(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return by_einsum(x, weight) + (0 if bias is None else bias[0])


def keeps_channels_apart(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    channels = np.arange(len(weight)) % x.shape[1]
    return _plus(x[:, channels] * weight[np.arange(len(weight)), channels, None, None], bias)


def whole_numbers_only(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return np.trunc(by_einsum(x, weight, bias))


def mixes_neighbours(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return by_einsum((x + np.roll(x, 1, axis=3)) / 2, weight, bias)


def mirrors(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return by_einsum(x[..., ::-1], weight, bias)


def turns_upside_down(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return by_einsum(x[:, :, ::-1], weight, bias)


def too_low_without_bias(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    return by_einsum(x, weight) - 0.5 if bias is None else by_einsum(x, weight, bias)


def nothing_but_zeros(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """No impostor: a test that lets it pass looks at no number."""
    return np.zeros((len(x), len(weight), *x.shape[2:]))


RIGHT = (convs.pointwise, by_einsum, by_matmul, channel_after_channel, image_after_image)
IMPOSTORS = (
    averages,
    activates,
    forgets_signs_of_weights,
    one_bias_for_all,
    keeps_channels_apart,
    whole_numbers_only,
    mixes_neighbours,
    mirrors,
    turns_upside_down,
    too_low_without_bias,
)


def verdicts(test: Callable, rng: np.random.Generator) -> dict[str, str]:
    """What a test says of all layers, in an order drawn from `rng`, as a summary that names no layer.

    >>> verdicts(lambda layer: True, np.random.default_rng(0))["right convolutions that your test refuses"]
    'none'
    """
    layers = [*RIGHT, *impostors(), nothing_but_zeros]
    said = {layers[i]: _ask(test, layers[i]) for i in rng.permutation(len(layers))}
    odd = [answer for answer in said.values() if not isinstance(answer, bool | np.bool_)]
    if odd:
        return {"answers of your test": kind_of(odd[0])}
    return {
        "answers of your test": "True or False",
        "a layer that makes nothing but zeros": "passes your test" if said[nothing_but_zeros] else "is refused",
        "a layer that mirrors its maps": "passes your test" if said[mirrors] else "is refused",
        "right convolutions that your test refuses": _refused(sum(not said[layer] for layer in RIGHT)),
        "impostors that pass your test": _survivors([layer for layer in impostors() if said[layer]]),
    }


def _ask(test, suspect):
    """The answer of a test. To stop with an error on an impostor is to refuse it; on a right layer the test is at fault."""

    def layer(x, weight, bias=None):
        x, weight = np.asarray(x), np.asarray(weight)
        bias = None if bias is None else np.asarray(bias)
        convs.pointwise(x, weight, bias)  # refuses, in words, arguments that make no layer
        return suspect(x, weight, bias)

    try:
        return test(layer)
    except Exception:
        if suspect in RIGHT:
            raise
        return False


def _refused(count):
    """Whether right layers are refused: all, the course's own among them, or some, though all of them agree."""
    some = "some, though all agree but for their last digits: compare within a tolerance (np.allclose)"
    all_ = "all, `find_the_impostors(convs.pointwise)` is not True either"
    return "none" if not count else all_ if count == len(RIGHT) else some


def _survivors(passed):
    """How many impostors pass, and the kinds of input that would expose most of them."""
    if not passed:
        return "none"
    tips, left = [], [needs(impostor) for impostor in passed]
    while left and len(tips) < TIPS:
        tips.append(Counter(need for kinds in left for need in kinds).most_common(1)[0][0])
        left = [kinds for kinds in left if tips[-1] not in kinds]
    return f"{len(passed)} of {len(impostors())}; try {' and '.join(tips)}"


@functools.cache
def impostors() -> list[Callable]:
    """The impostors above and the catalogue's wrong layers, as far as their numbers give them away, each once."""
    caught = [mistake.function for exercise in CATALOGUED for mistake in exercise.mistakes]
    others = [layer for layer in caught if layer.__name__ not in ALIKE]
    return [*IMPOSTORS, *(layer for layer in others if _exposed(layer, _calls(*_full())))]


@functools.cache
def needs(impostor: Callable) -> list[str]:
    """The kinds of input without which an impostor cannot be told from a right layer.

    >>> needs(averages)
    ['more than one input channel']
    """
    x, weight, bias = _full()
    without = {kind: _calls(*lacking(x, weight, bias)) for kind, lacking in LACKING.items()}
    without["a bias"], without["bias=None"] = [(x, weight, None)], [(x, weight, bias)]
    found = [kind for kind, calls in without.items() if not _exposed(impostor, calls)]
    return found or ["a comparison of shape and numbers with your own"]


LACKING = {  # a kind of input -> the full input without it
    "more than one image": lambda x, weight, bias: (x[:1], weight, bias),
    "more than one input channel": lambda x, weight, bias: (x[:, :1], weight[:, :1], bias),
    "more than one output channel": lambda x, weight, bias: (x, weight[:1], bias[:1]),
    "H different from W": lambda x, weight, bias: (x[..., : x.shape[2]], weight, bias),
    "more than one row of pixels": lambda x, weight, bias: (x[:, :, :1], weight, bias),
    "pixels that differ": lambda x, weight, bias: (np.broadcast_to(x[:, :, :1, :1], x.shape), weight, bias),
    "negative numbers": lambda x, weight, bias: (np.abs(x), np.abs(weight), np.abs(bias)),
    "numbers that are not whole": lambda x, weight, bias: (_whole(x), _whole(weight), _whole(bias)),
    "another bias for each output channel": lambda x, weight, bias: (x, weight, np.full_like(bias, bias[0])),
}


@functools.cache
def _full():
    """One layer that has everything a test can try."""
    return inputs.layer(np.random.default_rng(5), 2, 3, 5, 4, 7)


def _whole(numbers):
    return np.sign(numbers) * np.ceil(np.abs(numbers))


def _calls(x, weight, bias):
    return [(x, weight, bias), (x, weight, None)]


def _exposed(layer, calls):
    """Whether a layer goes wrong on one of the calls, by its numbers or with an error."""
    for x, weight, bias in calls:
        try:
            y = layer(x.copy(), weight.copy(), None if bias is None else bias.copy())
        except Exception:  # noqa: BLE001 - whatever an impostor raises, it gives it away
            return True
        right = by_einsum(x, weight, bias)
        if np.shape(y) != right.shape or not np.allclose(y, right):
            return True
    return False
