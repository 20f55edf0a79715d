"""Messages that never point at the wrong thing: crashes, half-done code, helpers, switches, small inputs, endless loops."""

import functools
import importlib
import threading
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from course_utils.base.errors import CourseError
from course_utils.checking import check, lacking, matching, shrink, small, waiting
from course_utils.checking.calls import cases_of
from course_utils.checking.judge import judge
from course_utils.checking.render import panel, plain
from course_utils.exercises import Exercise, catalogue, find
from course_utils.experiments import descent


def verdict_of(name, source, seed=0):
    """The verdict on an answer that stands in a cell."""
    import linecache

    cell = f"cell-{abs(hash(source))}.py"
    linecache.cache[cell] = (len(source), None, source.splitlines(True), cell)
    space = {"np": np}
    exec(compile(source, cell, "exec"), space)
    return judge(find(name), space[name], seed)


LOOPS = """
def conv1x1_loops(x, weight, bias=None):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    for a in range(n):
        for o in range(len(weight)):
            for c in range({range}):
                y[a, o] += {product}
    return y
"""


# ---- a crash is told as a crash


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("conv1x1_loops", "return weight[9]", "axis 0 of `weight` (c_out) has 5 places, 0 to 4"),
        ("conv1x1_loops", "return x + bias", "There 7 (w) meets 5 (c_out)"),
        ("conv1x1_loops", "return weight @ weight", "3 (c_in) meets 5 (c_out)"),
        ("conv1x1_loops", "return np.dot(weight, weight)", "3 (c_in) meets 5 (c_out)"),
        ("conv1x1_loops", "return x.reshape(3, 9)", "168 numbers do not fit into shape (3, 9), which has room for 27"),
        ("conv1x1_loops", "n, c, h = x.shape", "on the left stand 3 names"),
        ("conv1x1_loops", "n, c, h, w = weight.shape", "on the left stand 4 names, on the right are 2 values"),
        ("conv1x1_loops", "return 1 if bias else 0", "ask for one True or False"),
        ("conv1x1_loops", "return oops", "the name `oops` has no value here"),
        ("conv1x1_loops", "y += 1; return y", "`y` is used before it has a value"),
        ("conv1x1_loops", "return None.shape", "what stands before `.shape` is None"),
        ("conv1x1_loops", "return [1].shape", "a list has no `.shape`"),
        ("conv1x1_loops", "return [1][0, 0]", "a list takes one index at a time"),
        ("conv1x1_loops", "return x.transpose(0, 1)", "each axis of the array once"),
        ("conv1x1_loops", "return x.sum(axis=4)", "there is no axis 4"),
        ("conv1x1_loops", "return x[0, 0, 0, 0, 0]", "5 indices for an array of 4 axes"),
        ("conv1x1_loops", "return np.einsum('oc,nchw->nohw', weight.T, x)", "two axes of different length"),
        ("conv1x1_loops", "return np.einsum('oc,nc->no', weight, x)", "has more axes than you give it letters"),
        ("conv1x1_loops", "return [0 for c in range(x.shape[1] / 2)]", "`/` makes a float"),
        ("conv1x1_loops", "y = np.broadcast_to(x, x.shape); y[0] = 1", "may be read, not written"),
        ("conv1x1_loops", "y = np.zeros(3); y[0] = x; return y", "one number, and gets an array"),
        ("conv1x1_loops", "return 1 / 0", "divides by 0"),
        ("conv1x1_loops", "return {}['x']", "no `x` in this dictionary"),
        ("conv1x1_loops", "return conv1x1_loops(x, weight, bias)", "calls itself without end"),
        ("mix_pixel", "return np.dot(v)", "without"),
        ("mix_pixel", "import torhc", "there is no module `torhc` here"),
    ],
)
def test_a_crash_is_told_in_plain_words_with_the_names_of_axes(name, body, words):
    arguments = ", ".join(find(name).parameters)
    said = verdict_of(name, f"def {name}({arguments}):\n    {body}\n")
    assert said.outcome == "crashed"
    assert words in said.headline
    assert said.headline.startswith(f"{name}: Line 2, `{body.split(chr(59))[0][:9]}")


def test_a_missing_module_is_shown_with_no_input():
    said = verdict_of("conv1x1_loops", "def conv1x1_loops(x, weight, bias=None):\n    import torhc\n")
    assert said.code is None and "Smallest input" not in plain(said)


def test_in_a_browser_an_answer_that_needs_pytorch_is_neither_right_nor_wrong_and_is_told_where_to_go(monkeypatch):
    monkeypatch.setattr(lacking, "sys", SimpleNamespace(platform="emscripten"))
    monkeypatch.setattr(lacking, "importlib", SimpleNamespace(util=SimpleNamespace(find_spec=lambda name: None)))
    text = "def conv1x1_loops(x, weight, bias=None):\n    raise ModuleNotFoundError('No module', name={!r})\n"
    said = verdict_of("conv1x1_loops", text.format("torch.nn"))
    assert said.outcome == "not checked" and "\n" not in plain(said)
    assert "PyTorch is not to be had in the browser: write this with NumPy" in said.headline
    assert verdict_of("conv1x1_loops", text.format("torhc")).outcome == "crashed"


def test_the_line_of_another_function_is_said_to_be_its():
    said = verdict_of(
        "mix_pixel", "def total(v):\n    return v[99]\n\n\ndef mix_pixel(v, w, b=0.0):\n    return total(v)\n"
    )
    assert said.headline.startswith("mix_pixel: Line 2 of `total`, `return v[99]`")


def test_a_crash_that_the_catalogue_knows_comes_with_its_cause():
    said = verdict_of("conv1x1_loops", LOOPS.format(range="c_in", product="weight[c, o] * x[a, c]"))
    assert said.code == "TRN"
    crash, cause, rest = (
        said.headline.index(part) for part in ("too large", "weight[o, c], not", "`bias` is still missing")
    )
    assert crash < cause < rest


def test_an_import_that_fails_is_no_misconception():
    said = verdict_of("conv1x1_loops", "def conv1x1_loops(x, weight, bias=None):\n    import nothing_like_it\n")
    assert said.code is None and "nothing_like_it" in said.headline


# ---- half-done code, helpers, the code itself


def test_a_loop_one_too_far_is_not_called_a_missing_bias():
    said = verdict_of("conv1x1_loops", LOOPS.format(range="c_in + 1", product="weight[o, c] * x[a, c]"))
    assert said.code is None
    assert "axis 1 of `weight` (c_in) has 3 places" in said.headline


def test_a_slip_in_code_without_bias_is_named_first_and_the_bias_second():
    said = verdict_of("conv1x1_loops", LOOPS.format(range="c_in - 1", product="weight[o, c] * x[a, c]"))
    assert said.code == "EDG" and said.headline.endswith("After that: `bias` is still missing.")


KERNEL = """def pointwise_kernel(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    first = slice(0, {first})
    y = np.einsum("oc,nchw->nohw", weight[:, first].astype(float), x[:, first].astype(float))
    return np.maximum(y + bias[:, None, None], 0){more}
"""


def test_a_right_bias_is_not_accused_where_a_relu_hides_what_is_wrong():
    said = verdict_of("pointwise_kernel", KERNEL.format(first="blocks[2] if x.shape[1] < 60 else None", more=""))
    assert said.code == "ACC" and "bias" not in said.headline


def test_what_is_right_in_one_of_two_ways_is_said():
    said = verdict_of(
        "pointwise_kernel",
        KERNEL.format(first="None", more=" + channels_last * x[:, :1] - channels_last * weight.sum()"),
    )
    assert said.headline.endswith("Where `channels_last` is False your answer is right, where it is True it is not.")


def test_a_message_about_a_word_is_for_code_that_has_it():
    loops = "def hwc_to_nchw(image):\n    h, w, c = image.shape\n    x = np.zeros((1, c, h, w))\n    for i in range(h):\n        for j in range(w):\n            x[0, :, j, i] = image[i, j]\n    return x\n"
    assert "`.T`" not in verdict_of("hwc_to_nchw", loops).headline
    turned = "def hwc_to_nchw(image):\n    h, w, c = image.shape\n    return image.T.reshape(1, c, h, w)\n"
    assert "`.T`" in verdict_of("hwc_to_nchw", turned).headline


def test_the_fault_of_a_helper_is_not_laid_on_the_function_above_it():
    source = (
        "def macs(c_in, c_out, k, h_out, w_out, groups=1):\n    return c_in * c_out * k * h_out * w_out\n\n\n"
        "def bottleneck_macs(c_in, c_mid, c_out, k, h, w):\n"
        "    return macs(c_in, c_mid, 1, h, w) + macs(c_mid, c_out, k, h, w)\n"
    )
    said = verdict_of("bottleneck_macs", source)
    assert said.code is None and "The fault is in `macs`: run check(macs)." in said.headline
    both = source.replace("c_mid, 1, h, w)", "c_mid, 3, h, w)")
    assert "the course's own" not in verdict_of("bottleneck_macs", both).headline


class Elsewhere:
    """A function that lives in another process, as where work is graded: it can be called, and looked at there."""

    def __init__(self, function):
        self.function, self.reused = function, ()

    def __call__(self, *args):
        return self.function(*args)

    def __deepcopy__(self, memo):
        return self

    def ask_ahead(self, lists):
        """Here each call is asked when it is made."""

    def ask_there(self, module, name, *args):
        said = getattr(importlib.import_module(module), name)(self.function, *args)
        return Elsewhere(said) if callable(said) else said


@pytest.mark.parametrize(
    "item", [one for one in catalogue().values() if getattr(one, "made", ((), 0))[1]], ids=lambda one: one.name
)
def test_answers_by_way_of_right_helpers_are_right_and_wrong_ones_are_found_where_work_is_graded(item):
    names, made = item.made
    oracles = [find(name).oracle for name in names]
    assert judge(item, functools.partial(made, *oracles)).outcome == "correct"
    for name in names:
        for mistake in find(name).mistakes:
            space = {one: oracle for one, oracle in zip(names, oracles, strict=True)} | {
                name: mistake.function,
                "made": made,
            }
            exec(f"def answer(*args):\n    return made({', '.join(names)}, *args)", space)
            said = judge(item, Elsewhere(space["answer"]))
            if said.outcome in ("wrong", "crashed"):
                assert f"The fault is in `{name}`" in said.headline, (mistake.name, said.headline)
                break
        else:
            raise AssertionError(f"no mistake of {name} shows")


def test_a_right_helper_is_not_blamed_where_work_is_graded():
    source = "def macs(*a):\n    return 0\n\n\ndef bottleneck_macs(*a):\n    return 7\n"
    space = {}
    exec(source, space)
    assert "The fault is in" not in judge(find("bottleneck_macs"), Elsewhere(space["bottleneck_macs"])).headline


def test_a_helper_that_is_not_written_is_said_to_be_missing():
    source = "def macs(*a):\n    raise NotImplementedError\n\n\ndef bottleneck_macs(*a):\n    return macs(*a)\n"
    said = verdict_of("bottleneck_macs", source)
    assert said.outcome == "not attempted" and "it calls `macs`, which is not written yet" in said.headline


# ---- what is claimed was tried


def test_no_argument_is_said_to_be_unused_when_it_is_used():
    def shuffle_gap(f, x, perm):
        return float(np.abs(f(x)).max() > 0)  # depends on x, but not on every change of it

    assert "does not depend" not in plain(judge(find("shuffle_gap"), shuffle_gap))

    def roofline(ai, peak_flops, bandwidth):
        return max(ai * bandwidth, peak_flops), "memory"

    assert "does not depend" not in plain(judge(find("roofline"), roofline))


def test_the_kind_of_an_answer_comes_before_its_numbers():
    said = judge(find("conv1x1_loops"), lambda x, w, b=None: x.sum(axis=(2, 3)))
    assert said.headline.startswith("conv1x1_loops: shape (2, 3), expected (2, 5, 4, 7)")


# ---- the smallest input


def test_the_smallest_input_is_a_line_to_paste():
    said = judge(find("mix_pixel"), lambda v, w, b=0.0: w[0] * v[0] + b)
    assert "`mix_pixel(np.array([1., 2.]), np.array([1., 1.]))` gives 1.0, expected 3.0." in plain(said)


def pasted(line):
    """The call in a message, and what it says that the course's own answer is."""
    call = line.split("`")[1]
    name, arguments = call.split("(", 1)
    torch = pytest.importorskip("torch")
    space = {"np": np, "torch": torch, name: find(name).oracle}
    return eval(f"{name}({arguments}", space), eval(line.rsplit("expected ", 1)[1].rstrip("."), space)


@pytest.mark.parametrize(
    "name", ["mix_pixel", "conv1x1_one", "conv1x1_nhwc", "gap", "fuse", "macs", "receptive_field", "grad_weight"]
)
def test_pasted_and_run_the_line_gives_what_it_says(name):
    exercise = find(name)
    for mistake in exercise.mistakes[:6]:
        lines = [line for line in judge(exercise, mistake.function).details if "gives" in line]
        for line in lines:
            got, said = pasted(line)
            np.testing.assert_allclose(
                np.hstack([np.ravel(a) for a in np.atleast_1d(got)])
                if name != "fuse"
                else np.hstack([np.ravel(a) for a in got]),
                np.hstack([np.ravel(a) for a in said]) if name == "fuse" else np.ravel(said),
                rtol=1e-4,
                atol=1e-4,
            )


def test_of_hidden_and_private_cases_no_input_is_shown():
    for mistake in find("conv1x1_loops").mistakes[:8]:
        assert "Smallest input" not in plain(judge(find("conv1x1_loops"), mistake.function, seed=1))


def test_the_function_is_called_a_bounded_number_of_times():
    calls = []

    def conv1x1_loops(x, weight, bias=None):
        calls.append(1)
        y = np.einsum("oc,nchw->nohw", weight, x)
        y = y if bias is None else y + bias[:, None, None]
        return y + (x.shape[3] == 7)  # right on everything small

    judge(find("conv1x1_loops"), conv1x1_loops)
    assert len(calls) < len(cases_of(find("conv1x1_loops"))) + 2 * small.CALLS


def test_mistakes_are_tried_no_further_than_the_case_that_rules_them_out(monkeypatch):
    """A module takes milliseconds to make: a class that always crashes was held against each mistake on each case."""
    item, calls = find("Bottleneck"), []
    real = matching.call
    monkeypatch.setattr(matching, "call", lambda *given: calls.append(1) or real(*given))
    no_padding = next(one for one in item.mistakes if one.name == "no_padding")
    assert judge(item, no_padding.function).code == "BRD"
    assert len(calls) < 4 * len(item.mistakes)


@pytest.mark.parametrize(
    "item", [item for item in catalogue().values() if isinstance(item, Exercise)], ids=lambda item: item.name
)
def test_small_inputs_are_small_and_of_the_exercise(item):
    cases = list(item.cases(np.random.default_rng(0)))
    for args in (
        list(shrink.candidates(cases))[:20] if all(len(one.args) <= len(item.parameters) for one in cases) else []
    ):
        arrays = [np.asarray(value) for value in args if hasattr(value, "shape")]
        assert all(max(one.shape, default=0) <= 27 and np.abs(one).max(initial=0) <= 255 for one in arrays)


@pytest.mark.parametrize("name", ["activation_bytes", "arithmetic_intensity"])
def test_a_small_input_has_numbers_of_as_many_bytes_as_there_are(name):
    item = find(name)
    at = item.parameters.index("itemsize")
    sizes = {args[at] for args in shrink.candidates(item.cases(np.random.default_rng(0)))}
    assert sizes and sizes <= {1, 2, 4, 8, 16}


# ---- the surroundings


@pytest.mark.parametrize("switch", ["torch.set_grad_enabled(False)", "torch.set_default_dtype(torch.float64)"])
def test_a_switch_that_an_earlier_cell_has_turned_is_named_and_nobody_accused(switch):
    torch = pytest.importorskip("torch")
    layer = find("Pointwise").alternatives[0]
    kept = torch.is_grad_enabled(), torch.get_default_dtype()
    try:
        exec(switch, {"torch": torch})
        said = judge(find("Pointwise"), layer)
        after = torch.is_grad_enabled(), torch.get_default_dtype()
        exec(switch, {"torch": torch})
        assert after == (torch.is_grad_enabled(), torch.get_default_dtype())  # the learner's cells find it as it was
    finally:
        torch.set_grad_enabled(kept[0])
        torch.set_default_dtype(kept[1])
    assert said.outcome == "correct" and said.code is None
    assert switch in plain(said)


@pytest.mark.parametrize(
    "switch", ["torch.set_grad_enabled(False)", "torch.set_default_dtype(torch.float64)", 'np.seterr(all="raise")']
)
def test_a_switch_that_an_answer_leaves_turned_is_its_fault_and_is_put_back(switch):
    torch = pytest.importorskip("torch")

    def mix_pixel(v, w, b=0.0):
        exec(switch, {"torch": torch, "np": np})
        return (v * w).sum() + b

    said = judge(find("mix_pixel"), mix_pixel)
    assert said.outcome == "wrong" and said.code is None and f"`{switch}` stays turned" in said.headline
    assert torch.is_grad_enabled() and torch.get_default_dtype() is torch.float32 and np.geterr()["over"] == "warn"
    assert "An earlier cell" not in plain(judge(find("mix_pixel"), find("mix_pixel").oracle))


class Mute(Exception):
    def __str__(self):
        raise ValueError("no")


def raises_mute(v, w, b=0.0):
    raise Mute


async def later(v, w, b=0.0):
    return (v * w).sum() + b


def in_parts(v, w, b=0.0):
    yield (v * w).sum() + b


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("answer", "said"), [
    (raises_mute, "an error whose text cannot be made"), (later, "write `def`"), (in_parts, "write `return`"),
    (lambda v, w, b=0.0: complex(v.sum(), 1), "got ("),
], ids=["mute error", "async def", "yield", "complex"])  # fmt: skip
def test_an_answer_of_an_odd_kind_is_told_what_it_is_without_a_warning(answer, said):
    assert said in plain(judge(find("mix_pixel"), answer))


def test_an_answer_that_does_not_come_is_talked_about_while_it_runs():
    said, done = [], threading.Event()
    with waiting.patience("mix_pixel", seconds=0.01, say=lambda text: (said.append(text), done.set())):
        assert done.wait(200)
    assert "Interrupt" in said[0] and "Restart" in said[0]


def test_who_answers_in_time_is_not_talked_about():
    said = []
    with waiting.patience("mix_pixel", seconds=30, say=said.append):
        pass
    assert said == []


def test_a_called_function_is_asked_for_without_brackets():
    def conv1x1_loops(x):
        return x

    with pytest.raises(CourseError, match=r"Pass it without brackets: check\(conv1x1_loops\)") as failure:
        check(conv1x1_loops(np.ones((3, 4))))
    assert len(str(failure.value)) < 200


# ---- wording


def test_numbers_that_agree_in_three_digits_are_shown_with_more():
    shown = panel(judge(find("conv1x1_loops"), lambda x, w, b=None: find("conv1x1_loops").oracle(x, w, b) * 1.0001))
    assert ">-6.1588<" in shown and ">-6.1594<" in shown


def test_a_test_that_returns_an_array_is_told_so():
    said = judge(find("find_the_impostors"), lambda layer: layer(np.ones((2, 3, 4, 5)), np.ones((6, 3))) > 0)
    assert "an array of shape (2, 6, 4, 5)" in said.headline and "True or False" in said.headline


def weights_as_a_tuple(rng, train=descent.descend):
    row = rng.normal(size=10)
    return np.linalg.matrix_rank(train(np.tile(row, (4, 1)), np.full(4, 0.5), 100))


def keys_not_transposed(x, query, key, value, out):
    return ((x @ query.T) @ (x @ key.T)).softmax(dim=2) @ (x @ value.T) @ out.T


def parameter_in_place(linear):
    conv = torch.nn.Conv2d(linear.in_features, linear.out_features, 1)
    conv.weight.copy_(linear.weight[:, :, None, None])
    return conv


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("experiment_distinct", weights_as_a_tuple, "a tuple of several results"),
        ("attention", keys_not_transposed, "the last but one on the right"),
        ("head_to_conv", parameter_in_place, "with torch.no_grad()"),
        ("to_torch_weight", lambda w: torch.tensor(w).float().reshape(-1, 1, 1), "in an array of another shape"),
    ],
)
def test_what_pytorch_and_numpy_say_of_lessons_10_to_14_is_told_in_plain_words(name, answer, words):
    assert words in judge(find(name), answer).headline


def test_all_is_right_but_at_some_places_is_said_only_where_each_of_them_is_wrong():
    said = judge(find("patchify_weight"), lambda w: w.transpose(0, 2, 1, 3).reshape(len(w), -1))
    assert said.outcome == "wrong" and "Everything is right but" not in said.headline
