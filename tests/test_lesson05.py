"""Lesson 05: what it claims is so, wrong answers that nobody catalogued fail, and right ones in other styles pass."""

import numpy as np
import pytest

from course_utils import convs, exercises
from course_utils.checking.judge import judge
from course_utils.exercises import impostors, inputs
from course_utils.plots import sight


def verdict(name, answer):
    return judge(exercises.find(name), answer)


def shuffled(y, perm):
    return y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)


# ---- what the lesson says ------------------------------------------------------------------------------------------


def test_a_1x1_inside_a_3x3_is_the_1x1_in_scipy_and_in_torch():
    import torch
    from scipy.signal import correlate2d

    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(2, 4, 6, 7)), rng.normal(size=(5, 4))
    wide, y = exercises.find("embed_in_3x3").oracle(weight), convs.pointwise(x, weight)
    by_torch = torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(wide), padding=1).numpy()
    slices = [[correlate2d(image[c], wide[o, c], "same") for c in range(4)] for image in x for o in range(5)]
    by_scipy = np.sum(slices, axis=1).reshape(y.shape)
    np.testing.assert_allclose(by_torch, y, rtol=0, atol=1e-12)
    np.testing.assert_allclose(by_scipy, y, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("kernels", "strides"),
    [
        ([1] * 5, [1] * 5),
        ([3, 3], [1, 1]),
        ([3, 1, 3], [1, 1, 1]),
        ([3, 3], [2, 1]),
        ([1, 3], [2, 1]),
        ([5, 3], [2, 2]),
    ],
)
def test_the_receptive_field_is_what_lighting_up_single_pixels_shows(kernels, strides):
    side = 33
    y = np.eye(side * side).reshape(-1, 1, side, side)
    for k, s in zip(kernels, strides, strict=True):
        y = convs.conv2d(y, np.ones((1, 1, k, k)), padding=k // 2, stride=s)
    middle = y.shape[2] // 2
    seen = (y[:, 0, middle, middle] > 0).reshape(side, side)
    size = exercises.find("receptive_field").oracle(kernels, strides)
    # with strides not every pixel inside the square need be read: its ends tell the size
    assert np.ptp(np.flatnonzero(seen.any(axis=0))) + 1 == np.ptp(np.flatnonzero(seen.any(axis=1))) + 1 == size


def test_no_stack_of_1x1_layers_tells_a_picture_from_its_shuffle():
    rng = np.random.default_rng(1)
    for _ in range(20):
        x, perm = rng.random((1, 3, 8, 8)), rng.permutation(64)
        ends = []
        for y in (x, shuffled(x, perm)):
            state = np.random.default_rng(2)
            for c_in, c_out in [(3, 8), (8, 8), (8, 4)]:
                y = np.maximum(convs.pointwise(y, state.normal(size=(c_out, c_in)), state.normal(size=c_out)), 0)
            ends.append(y.mean(axis=(2, 3)))
        np.testing.assert_allclose(ends[0], ends[1], rtol=1e-12)


def test_the_quiz_counts_right():
    x, weight = np.ones((1, 64, 7, 7)), np.ones((10, 64))
    assert weight.size == 640 and convs.pointwise(x, weight).shape == (1, 10, 7, 7)
    ones = np.ones((1, 3, 2, 2)), np.ones((2, 3)), np.ones(2)
    assert np.all(convs.pointwise(*ones) == 4) and np.all(impostors.averages(*ones) == 2)
    assert np.all(impostors.mirrors(*ones) == 4)


@pytest.mark.parametrize("mistake", exercises.find("shuffle_gap").mistakes, ids=lambda one: one.function.__name__)
def test_a_slip_has_its_name_too_where_f_hands_out_copies_as_in_grading(mistake):
    def answer(f, x, perm):
        return mistake.function(lambda a: np.array(f(np.array(a))), x, perm)

    assert verdict("shuffle_gap", answer).code == mistake.code


# ---- impostors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", impostors.RIGHT)
def test_right_layers_are_right_on_every_kind_of_input(layer):
    for one in inputs.layers(np.random.default_rng(0)):
        near = 1e-5 if one.args[0].dtype == np.float32 else 1e-12
        np.testing.assert_allclose(layer(*one.args), convs.pointwise(*one.args), rtol=near, atol=near)


@pytest.mark.parametrize("layer", impostors.impostors(), ids=lambda layer: layer.__name__)
def test_each_impostor_says_what_would_expose_it(layer):
    assert impostors.needs(layer)


def done_by(layer):
    """What a layer makes of many inputs, sizes that are equal by chance among them, as something to compare."""
    rng, done = np.random.default_rng(0), []
    sizes = "23547 23545 23554 23623 13623 53523 24435 33333 11111 13547 21547 23147 23517 23541 23544 32534 43233"
    for n, c_in, c_out, h, w in [map(int, one) for one in sizes.split()]:
        numbers = rng.normal(size=(n, c_in, h, w)), rng.normal(size=(c_out, c_in)), rng.normal(size=c_out)
        for x, weight, bias in (numbers, [np.abs(one) for one in numbers], [np.ceil(3 * one) for one in numbers]):
            for shift in (bias, None, np.zeros(c_out)):
                try:
                    y = layer(x.copy(), weight.copy(), shift)
                    done.append((np.shape(y), (np.round(y, 8) + 0.0).tobytes()))
                except Exception:  # noqa: BLE001 - whatever it raises
                    done.append("an error")
    return tuple(done)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_two_impostors_do_the_same():
    there = {done_by(layer): layer.__name__ for layer in impostors.impostors()}
    assert len(there) == len(impostors.impostors())
    mistakes = [mistake.function for exercise in impostors.CATALOGUED for mistake in exercise.mistakes]
    alike = [layer for layer in mistakes if layer.__name__ in impostors.ALIKE]
    assert {layer.__name__ for layer in alike} == impostors.ALIKE
    assert all(done_by(layer) in there for layer in alike)


def test_each_impostor_of_this_lesson_hides_from_some_input():
    assert all(
        impostors.needs(layer) != ["a comparison of shape and numbers with your own"] for layer in impostors.IMPOSTORS
    )


def test_the_message_counts_the_survivors_and_names_two_kinds_of_input_at_most():
    count = len(impostors.impostors())
    said = impostors.verdicts(lambda layer: True, np.random.default_rng(0))
    assert said["impostors that pass your test"].startswith(f"{count} of {count}; try ")
    assert said["a layer that makes nothing but zeros"] == "passes your test"
    assert impostors._survivors([impostors.activates]) == f"1 of {count}; try negative numbers"
    three = [impostors.activates, impostors.averages, impostors.mirrors]
    assert impostors._survivors(three).count(" and ") == 1


def test_an_error_of_the_test_itself_is_the_learners():
    def broken(layer):
        return undefined_name  # noqa: F821

    seen = verdict("find_the_impostors", broken)
    assert seen.outcome == "crashed"
    assert any("undefined_name" in line for line in [seen.headline, *seen.details])


def test_a_test_that_asserts_is_told_to_answer():
    seen = verdict("find_the_impostors", asserts)
    assert seen.outcome == "wrong"
    assert "answers of your test: nothing (None); expected: True or False." in seen.headline


def test_arguments_that_make_no_layer_are_refused_in_words():
    seen = verdict("find_the_impostors", lambda layer: layer(np.ones((2, 3, 4, 5)), np.ones((3, 6))) is None)
    assert seen.outcome == "crashed"
    assert "weight is made for C_in = 6, x has 3 channels" in " ".join([seen.headline, *seen.details])


# ---- answers that nobody catalogued --------------------------------------------------------------------------------


def gap(f, x, perm):
    return float(np.abs(f(shuffled(x, perm)) - shuffled(f(x), perm)).max())


def shuffles_in_place(f, x, perm):
    y = shuffled(f(x), perm)
    x[:] = shuffled(x, perm)
    return float(np.abs(f(x) - y).max())


def remembers(f, x, perm, known={}):  # noqa: B006 - the fault under test
    return known.setdefault(x.shape, gap(f, x, perm))


WRONG_GAPS = {
    "squared": lambda f, x, perm: gap(f, x, perm) ** 2,
    "relative": lambda f, x, perm: gap(f, x, perm) / np.abs(x).max(),
    "a verdict": lambda f, x, perm: gap(f, x, perm) < 1e-9,
    "text": lambda f, x, perm: f"{gap(f, x, perm)}",
    "one channel only": lambda f, x, perm: float(np.abs(f(shuffled(x, perm)) - shuffled(f(x), perm))[:, 0].max()),
    "all differences": lambda f, x, perm: np.abs(f(shuffled(x, perm)) - shuffled(f(x), perm)),
    "a shuffle of its own": lambda f, x, perm: gap(f, x, np.random.default_rng(0).permutation(len(perm))),
    "reversed": lambda f, x, perm: gap(f, x, perm[::-1]),
    "shuffles x twice": lambda f, x, perm: gap(f, shuffled(x, perm), perm) + 0.01,
    "sum": lambda f, x, perm: float(np.abs(f(shuffled(x, perm)) - shuffled(f(x), perm)).sum()),
    "in place": shuffles_in_place,
    "remembers": remembers,
}
WRONG_FIELDS = {
    "always odd": lambda kernels, strides: 2 * (sum(kernels) // 2) + 1,
    "a list": lambda kernels, strides: [exercises.find("receptive_field").oracle(kernels, strides)],
    "from the back": lambda kernels, strides: exercises.find("receptive_field").oracle(kernels[::-1], strides[::-1]),
    "last only": lambda kernels, strides: kernels[-1] if kernels else 1,
    "largest": lambda kernels, strides: max(kernels, default=1),
    "2 a layer": lambda kernels, strides: 1 + 2 * len(kernels),
    "empties its lists": lambda kernels, strides: 1 + sum((kernels.pop() - 1) * strides.pop() for _ in list(kernels)),
    "hard-coded": lambda kernels, strides: {2: 5, 4: 19, 5: 1}.get(len(kernels), 7),
}
WRONG_EMBEDDINGS = {
    "nine numbers": lambda weight: np.pad(weight, 1),
    "tap 2, 2": lambda weight: np.pad(weight[:, :, None, None], ((0, 0), (0, 0), (2, 0), (2, 0))),
    "middle row": lambda weight: np.pad(weight[:, :, None, None], ((0, 0), (0, 0), (1, 1), (1, 1)), "edge"),
    "negative": lambda weight: -exercises.find("embed_in_3x3").oracle(weight),
    "5×5": lambda weight: np.pad(weight[:, :, None, None], ((0, 0), (0, 0), (2, 2), (2, 2))),
    "whole numbers": lambda weight: exercises.find("embed_in_3x3").oracle(weight).astype(int),
    "still 1×1": lambda weight: weight[:, :, None, None],
    "nested lists": lambda weight: exercises.find("embed_in_3x3").oracle(weight).tolist(),
}


def linear_only(layer):
    x, weight = np.random.default_rng(0).normal(size=(2, 3, 4, 5)), np.random.default_rng(1).normal(size=(6, 3))
    return bool(np.allclose(layer(2 * x, weight), 2 * layer(x, weight)))


def one_number(layer):
    x, weight = np.random.default_rng(0).normal(size=(2, 3, 4, 5)), np.random.default_rng(1).normal(size=(6, 3))
    return bool(np.isclose(layer(x, weight)[0, 0, 0, 0], weight[0] @ x[0, :, 0, 0]))


def loose(layer):
    x, weight = np.random.default_rng(0).normal(size=(2, 3, 4, 5)), np.random.default_rng(1).normal(size=(6, 3))
    return bool(np.allclose(layer(x, weight), convs.pointwise(x, weight), atol=10))


def transposed_itself(layer):
    x, weight = np.random.default_rng(0).normal(size=(2, 3, 4, 5)), np.random.default_rng(1).normal(size=(3, 3))
    return bool(np.allclose(layer(x, weight), convs.pointwise(x, weight.T)))


def counts_calls(layer, calls=[]):  # noqa: B006 - the fault under test
    calls.append(layer)
    return len(calls) % 2 == 0


def asserts(layer):
    x, weight = np.ones((2, 3, 4, 5)), np.ones((6, 3))
    np.testing.assert_allclose(layer(x, weight), convs.pointwise(x, weight))


WRONG_TESTS = {
    "linear only": linear_only,
    "one number": one_number,
    "loose": loose,
    "transposed itself": transposed_itself,
    "counts calls": counts_calls,
    "asserts": asserts,
    "always yes": lambda layer: True,
    "always no": lambda layer: False,
    "yes in words": lambda layer: "True",
    "gives the layer back": lambda layer: layer,
}
WRONG = [
    ("shuffle_gap", WRONG_GAPS),
    ("receptive_field", WRONG_FIELDS),
    ("embed_in_3x3", WRONG_EMBEDDINGS),
    ("find_the_impostors", WRONG_TESTS),
]


@pytest.mark.parametrize(
    ("name", "answer"), [pytest.param(n, f, id=f"{n}-{how}") for n, all_of in WRONG for how, f in all_of.items()]
)
def test_a_wrong_answer_fails_with_a_sentence(name, answer):
    seen = verdict(name, answer)
    assert seen.outcome in ("wrong", "crashed")
    assert len(seen.headline) < 300


def gap_by_rows(f, x, perm):
    moved = [[[channel.ravel()[p] for p in perm] for channel in image] for image in x]
    one = f(np.array(moved).reshape(x.shape))
    other = np.stack([[channel.ravel()[perm].reshape(channel.shape) for channel in image] for image in f(x)])
    return np.linalg.norm((one - other).ravel(), ord=np.inf)


def integers_by_hand(layer):
    """Halves and quarters are exact in any order of adding: == is right here."""
    rng = np.random.default_rng(4)
    x, weight = rng.integers(-9, 9, (3, 4, 2, 5)) / 4, rng.integers(-9, 9, (2, 4)) / 2
    bias = np.array([0.5, -3])
    try:
        y, bare = layer(x, weight, bias), layer(x, weight)
    except Exception:
        return False
    right = np.array(
        [[[[sum(weight[o] * x[n, :, i, j]) for j in range(5)] for i in range(2)] for o in range(2)] for n in range(3)]
    )
    return np.array_equal(bare, right) and np.array_equal(y, right + bias[:, None, None])


RIGHT = [
    ("shuffle_gap", gap_by_rows),
    ("shuffle_gap", lambda f, x, perm: np.max(np.abs(f(x[:, :, perm // x.shape[3], perm % x.shape[3]].reshape(x.shape)) - shuffled(f(x), perm)))),
    ("receptive_field", lambda kernels, strides: 1 + sum((k - 1) * int(np.prod(strides[:i])) for i, k in enumerate(kernels))),
    ("receptive_field", lambda kernels, strides: float(exercises.find("receptive_field").oracle(kernels, strides))),
    ("embed_in_3x3", lambda weight: np.kron(weight, [[0, 0, 0], [0, 1, 0], [0, 0, 0]]).reshape(len(weight), 3, -1, 3).transpose(0, 2, 1, 3)),
    ("embed_in_3x3", lambda weight: np.array([[[[0, 0, 0], [0, w, 0], [0, 0, 0]] for w in row] for row in weight])),
    ("embed_in_3x3", lambda weight: exercises.find("embed_in_3x3").oracle(weight).astype("f8")),
    ("find_the_impostors", integers_by_hand),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), RIGHT)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_right_answer_in_another_style_passes(name, answer, seed):
    seen = judge(exercises.find(name), answer, seed)
    assert seen.outcome == "correct", seen


# ---- figures -------------------------------------------------------------------------------------------------------


def test_a_figure_counts_what_it_shows():
    fig = sight.receptive_fields([np.eye(5) > 0], ["diagonal"])
    assert "5 seen" in fig.axes[0].get_title()
    fig = sight.layers_as_matrices([np.kron(np.array([[1.0, 2.0], [3.0, 4.0]]), np.eye(6))], ["1×1"])
    assert "24 not zero, 4 different" in fig.axes[0].get_title()
    assert len(sight.taps(np.ones((2, 9, 3, 3))).axes) == 2 * sight.TAPS_SHOWN
