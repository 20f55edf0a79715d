"""What is said of a wrong answer is true of it: of its arguments, its memory, its types, its defaults and its places."""

import inspect
import itertools

import numpy as np
import pytest
from test_messages import verdict_of

from course_utils.checking.judge import judge
from course_utils.checking.literal import literal
from course_utils.checking.render import plain
from course_utils.exercises import find

# ---- an argument without effect


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("mix_pixel", "return float(np.clip(v @ w + b, -1e5, 1e5))"),
        ("conv1x1_one", "return x[:, 0] if x.shape[1] == 1 else np.einsum('c,nchw->nhw', w, x) + b"),
        ("activation_bytes", "return find(n if keep_all else 1, channels, h, w, itemsize, keep_all)"),
        ("macs", "return c_in * c_out * min(k, 7) ** 2 * h_out * w_out // groups"),
        ("bottleneck_macs", "return h * w * (c_in * c_out if k == 1 else c_in * c_mid + k * k * c_mid**2 + c_mid * c_out)"),
        ("channel_rank", "return int((np.linalg.svd(x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1), False, False) > tol).sum())"),
    ],
)  # fmt: skip
def test_an_argument_that_counts_anywhere_is_not_said_to_be_without_effect(name, source):
    space = {"np": np, "find": find("activation_bytes").oracle}
    exec(f"def {name}{inspect.signature(find(name).oracle)}:\n    {source}", space)
    said = judge(find(name), space[name])
    assert said.outcome == "wrong" and "does not depend" not in plain(said)


def test_an_argument_that_never_counts_is_said_to_be_without_effect():
    assert "does not depend on `x`" in plain(judge(find("restore_error"), lambda x, w: 1 - len(w) / (2 * w.shape[1])))


# ---- what a function keeps


@pytest.mark.parametrize(
    ("source", "default"),
    [
        ("def mix_pixel(v, w, b=0.0, acc=[]):\n    acc.extend(v * w)\n    return sum(acc) + b\n", "`acc=[]`"),
        ("KEPT = [0]\n\n\ndef mix_pixel(v, w, b=0.0):\n    KEPT[0] += 1\n    return v @ w + b + KEPT[0]\n", "a name outside"),
        ("def mix_pixel(v, w, b=0.0, seen={}):\n    return seen.setdefault(len(v), float(v @ w + b))\n", "`seen={}`"),
        ("def mix_pixel(v, w, b=0.0, seen={}):\n    return seen.setdefault(w.tobytes(), float(v @ w + b))\n", "`seen={}`"),
    ],
)  # fmt: skip
def test_what_a_function_remembers_is_told_and_no_input_that_a_new_kernel_does_not_repeat(source, default):
    said = verdict_of("mix_pixel", source)
    assert said.outcome == "wrong" and said.code is None
    assert "remembers something between calls" in said.headline and default in said.headline
    assert "`mix_pixel(" not in plain(said)


ARRAYS = "hwc_to_nchw pixel_vector conv1x1_loops sgd_step fold_batchnorm tiled_conv1x1 lora"


def out_of_one_array(function, kept):
    """The answers of a function, each written into the array of the one before it."""

    def into(place, value):
        if not hasattr(value, "shape"):
            return value
        found = kept.setdefault((place, value.shape, value.dtype), value.copy())
        found[...] = value
        return found

    def answer(*args, **named):
        made = function(*args, **named)
        return type(made)(map(into, itertools.count(), made)) if isinstance(made, tuple | list) else into(0, made)

    return answer


@pytest.mark.parametrize("name", ARRAYS.split())
def test_an_array_that_is_made_once_and_handed_out_again_is_no_answer(name):
    item = find(name)
    said = judge(item, out_of_one_array(item.oracle, {})).message
    assert said.startswith(f"{name}: right numbers, but the next call overwrites them") and "a name outside" in said


def test_one_array_may_be_handed_out_as_often_as_its_numbers_are_the_answer():
    item, kept = find("conv1x1_loops"), {}

    def remembering(x, weight, bias=None):
        key = repr([None if one is None else (one.shape, one.tobytes()) for one in (x, weight, bias)])
        return kept[key] if key in kept else kept.setdefault(key, item.oracle(x, weight, bias))

    assert judge(item, remembering).outcome == "correct"


def test_random_numbers_are_not_called_a_memory():
    said = verdict_of("mix_pixel", "def mix_pixel(v, w, b=0.0):\n    return v @ w + b + np.random.rand()\n")
    assert "two answers: it draws random numbers" in said.headline


def test_numbers_that_nobody_has_set_are_not_called_a_memory_alone():
    source = """
KEPT = [0]


def mix_pixel_many(v, weight, bias):
    KEPT[0] += 1
    y = np.empty(len(bias))
    y[:] = KEPT  # what lies in memory by chance
    return y + weight @ v + bias
"""
    said = verdict_of("mix_pixel_many", source)
    assert "reads numbers that nobody has set" in said.headline and "`empty`" in said.headline


@pytest.mark.parametrize(
    "answer", [lambda v, w, b=0.0: (one for one in v), lambda v, w, b=0.0: v.astype(object), lambda v, w, b=0.0: np.nan]
)
def test_an_answer_that_equals_nothing_is_not_taken_for_a_memory(answer):
    assert "remembers" not in plain(judge(find("mix_pixel"), answer))


@pytest.mark.parametrize("name", ["mix_pixel", "conv1x1_loops", "sgd_step", "collision", "hwc_to_nchw", "macs"])
def test_no_catalogued_mistake_is_taken_for_a_memory(name):
    for mistake in find(name).mistakes:
        assert "remembers" not in plain(judge(find(name), mistake.function)), mistake.name


# ---- types, defaults, parts


def test_fractions_that_a_type_cuts_off_are_told_as_that():
    body = "y = np.empty(len(weight), v.dtype)\n    y[:] = weight @ v + bias\n    return y\n"
    said = verdict_of("mix_pixel_many", f"def mix_pixel_many(v, weight, bias):\n    {body}")
    assert said.code == "PRC" and "fractions are cut off" in said.headline
    said = judge(find("pixel_vector"), lambda x, n, i, j: x[n, :, i, j].astype(np.float16))
    assert said.code == "PRC" and "float16" in said.headline


def test_numbers_that_only_the_type_of_an_argument_spoils_are_told_as_that():
    body = "y = np.zeros_like(x[:, 0])\n    for c, one in enumerate(w):\n        y += (one * x[:, c]).astype(y.dtype)\n    return y + b\n"
    said = verdict_of("conv1x1_one", f"def conv1x1_one(x, w, b=0.0):\n    {body}")
    assert said.code == "PRC" and "Where `x` holds whole numbers" in said.headline
    assert "Smallest input" in plain(said)


def test_numbers_that_only_the_memory_of_an_argument_spoils_are_told_as_that():
    def gap(x):
        return x.ravel("K").reshape(*x.shape[:2], -1).mean(axis=2)

    said = judge(find("gap"), gap)
    assert "Where `x` is a view" in said.headline


def test_an_infinite_number_explains_a_crash_at_the_same_place():
    said = judge(find("mix_pixel"), lambda v, w, b=0.0: np.average(v, weights=w) + b)
    assert said.code == "AVG" and "sum of the weights" in said.headline


def test_a_default_of_its_own_is_named():
    for default in ("1.0", "0.001"):
        said = verdict_of("mix_pixel", f"def mix_pixel(v, w, b={default}):\n    return v @ w + b\n")
        assert "Where `b` is left out" in said.headline and "`b=0.0`" in said.headline


def test_a_switch_is_not_spoken_of_as_a_number():
    said = judge(find("count_weights"), lambda c_in, c_out, k=1, bias=True: c_in * c_out * k * k + (bias and c_in))
    assert "`bias` is 0" not in plain(said)


def test_the_part_of_an_answer_that_is_wrong_is_named():
    def weights_for(pixels, targets):
        return find("weights_for").oracle(pixels, targets)[0], 0.0

    assert "the second is wrong. It is 0, whatever it is given." in judge(find("weights_for"), weights_for).headline


# ---- places and factors


def test_nothing_is_said_of_places_where_hardly_a_number_is_right():
    for name, answer in (
        ("embed_in_3x3", lambda weight: find("embed_in_3x3").oracle(weight).astype(int)),
        ("patchify_weight", lambda kernels: find("patchify_weight").oracle(kernels)[:, ::-1]),
    ):
        said = judge(find(name), answer)
        assert said.outcome == "wrong" and "Everything is right but" not in plain(said)


def test_only_where_an_axis_is_0_all_is_right_is_said_where_it_is_so():
    def off(places):
        def answer(x, weight, bias=None):
            y = find("conv1x1_loops").oracle(x, weight, bias)
            y[:, places] += np.abs(y[:, places]) + 1
            return y

        return judge(find("conv1x1_loops"), answer).headline

    assert "Only where c_out is 0 is everything right." in off(slice(1, None))
    assert "everything right" not in off(slice(2, 3))


def test_no_number_is_said_to_be_one_times_another():
    said = judge(find("count_maps"), lambda channels: sum(channels[1:] or [0]))
    assert "times 1," not in plain(said)


def test_numbers_that_ran_over_do_not_hide_that_the_first_ones_are_wrong_too():
    def gap_then_linear(x, weight, bias):
        y = np.exp(find("gap_then_linear").oracle(x, weight, bias))
        return y / y.sum(axis=1, keepdims=True)

    assert "not finite" not in judge(find("gap_then_linear"), gap_then_linear).headline


# ---- questions about the code


def test_a_question_about_a_loop_is_for_code_that_has_one():
    said = verdict_of("shuffle_gap", "def shuffle_gap(f, x, perm):\n    n, c, h, w = x.shape\n"
        "    at = lambda y: y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)\n"
        "    return np.abs(f(at(x)) - at(f(x)))[-1].max()\n")  # fmt: skip
    assert "the last place alone counts" in said.headline and said.code == "EDG"
    assert "+=" not in said.headline
    loop = "    gap = 0.0\n    for one in np.abs(f(at(x)) - at(f(x))):\n        gap = one.max()\n    return gap\n"
    said = verdict_of("shuffle_gap", "def shuffle_gap(f, x, perm):\n"
        f"    at = lambda y: y.reshape(*y.shape[:2], -1)[:, :, perm].reshape(y.shape)\n{loop}")  # fmt: skip
    assert "Is there `=` where the total should grow with `+=`?" in said.headline and said.code == "ACC"


# ---- wording


def test_types_that_numpy_has_no_name_for_can_be_pasted():
    for array in (np.array([1, "a"], object), np.array(["a"]), np.array([1, 2], np.uint8), np.array([1], np.float16)):
        again = eval(literal(array), {"np": np})
        assert again.dtype == array.dtype and (again == array).all()


def test_what_is_observed_is_told_as_what_happens_and_what_is_expected():
    said = judge(find("check_shapes"), lambda x, weight, bias=None: None)
    assert "what happens: nothing is raised; expected: a ValueError that begins with weight." in plain(said)
    assert "True" not in said.headline and "False" not in said.headline
    near = judge(find("collision"), lambda weight, x: x + 0.001)
    assert "below one percent of x; expected: one percent of x at least." in plain(near)


# ---- a mistake by name fits the code


@pytest.mark.parametrize(
    ("name", "arguments", "real", "own"),
    [
        ("experiment_maps", "rng, layer=convs.conv2d", "convs.conv2d(rng.standard_normal((1, 3, 8, 8)), rng.standard_normal((4, 3, 3, 3))).shape[1] / 12", "0.5"),
        ("experiment_distinct", "rng, train=descent.descend", "len(descent.descend(np.ones((4, 10)), np.ones(4), 9)[0])", "4"),
        ("experiment_lossless", "rng, channels=noise", "1 - 10 / noise(rng).shape[1]", "0.9"),
    ],
)  # fmt: skip
def test_who_runs_the_real_thing_is_not_told_that_nothing_runs_and_who_runs_nothing_is(name, arguments, real, own):
    above = "from course_utils import convs\nfrom course_utils.experiments import descent\n\n\n"
    above += "def noise(rng):\n    return rng.standard_normal((1, 60, 5, 5))\n\n\n"
    for body, said in ((real, "itself"), (own, "is never ")):
        headline = verdict_of(name, f"{above}def {name}({arguments}):\n    return {body}\n").headline
        assert said in headline, headline


def test_a_mean_is_spoken_of_where_one_is_taken():
    text = (
        "def experiment_order(rng, layer=None):\n"
        "    x, w, p = rng.standard_normal((1, 3, 5, 6)), rng.standard_normal((4, 3)), rng.permutation(30)\n"
        "    s = lambda a: a.reshape(*a.shape[:2], -1)[:, :, p].reshape(a.shape)\n"
        "    y = layer(x, w)\n    return float(np.abs(layer(s(x), w) - s(y)).{} / {})\n"
    )
    assert verdict_of("experiment_order", text.format("max()", "y.max()")).code != "AVG"
    assert verdict_of("experiment_order", text.format("mean()", "np.abs(y).max()")).code == "AVG"


def test_who_decodes_by_least_squares_is_not_told_to():
    body = "x = channels(rng)\n    return reduction.share_lost(x, np.tile(rng.standard_normal(x.shape[1]), (10, 1)))"
    text = f"from course_utils.experiments import reduction\n\n\ndef experiment_lossless(rng, channels=None):\n    {body}\n"
    said = verdict_of("experiment_lossless", text)
    assert said.code == "RNK" and "least squares" not in said.headline


def test_the_smallest_input_is_one_that_the_exercise_speaks_of():
    for mistake in find("best_reduction").mistakes:
        for line in plain(judge(find("best_reduction"), mistake.function)).splitlines():
            if "`best_reduction(" in line:
                x, m = eval(line.split("`best_reduction(")[1].split(")`")[0], {"np": np})
                assert m < x[:, 0].size, line


def test_a_run_of_training_that_is_kept_is_nobodys_to_change():
    from course_utils.experiments.descent import descend

    once, _ = descend(np.eye(4, 10), np.ones(4), 5)
    kept = once.copy()
    once += 1
    np.testing.assert_array_equal(descend(np.eye(4, 10), np.ones(4), 5)[0], kept)
