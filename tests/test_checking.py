"""The check engine: four outcomes, readable differences, the learner's own line, progress, hints and solutions."""

import importlib
import json
import linecache
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.base import paths
from course_utils.base.colours import COLOURS
from course_utils.base.errors import CourseError, NotInstalled
from course_utils.base.values import kind_of
from course_utils.checking import Crashed, NotAttempted, Wrong, check, hint, history, progress, quiz, rules, solution
from course_utils.checking.compare import agree, difference
from course_utils.checking.judge import judge
from course_utils.checking.outcome import CORRECT
from course_utils.checking.render import panel, plain
from course_utils.exercises import find


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Progress goes to a folder of the test's own."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    monkeypatch.delenv("COURSE_GRADING", raising=False)
    monkeypatch.setattr(history, "UNSAVED", [])
    return tmp_path


def right(x, weight, bias=None):
    y = np.einsum("oc,nchw->nohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


# ---- outcomes


def test_a_right_answer_returns_quietly_with_one_line(capsys):
    assert check(right, "conv1x1_loops") is None
    assert capsys.readouterr().out.startswith("✓ conv1x1_loops: right on all")


def test_the_exercise_is_found_by_the_name_in_the_namespace_of_the_caller():
    space = {"check": check, "np": np}
    exec("mix_pixel = lambda v, w, b=0.0: v @ w + b\ncheck(mix_pixel)", space)


def test_a_function_under_the_names_of_two_exercises_must_be_right_for_both():
    space = {"check": check, "conv1x1_loops": right, "conv1x1_one": right}
    with pytest.raises((Wrong, Crashed)):
        exec("check(conv1x1_one)", space)


def test_an_answer_that_needs_what_is_missing_is_neither_right_nor_wrong(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "triton", None)
    check(missing_package, "pointwise_kernel")  # raises nothing: the cells below run
    assert capsys.readouterr().out.startswith("– pointwise_kernel: not checked, neither right nor wrong.")
    solution("pointwise_kernel")
    progress("12")
    shown = capsys.readouterr().out
    assert "def pointwise_kernel" in shown and "– not checked" in shown


def test_an_answer_that_only_says_that_something_is_missing_is_not_attempted():
    with pytest.raises(NotAttempted):
        check(missing_package, "mix_pixel")


def missing_package(*_):
    raise NotInstalled("Triton is not installed.")


def test_an_unknown_function_says_what_is_known():
    def my_layer(x):
        return x

    with pytest.raises(CourseError, match="my_layer.*conv1x1_loops"):
        check(my_layer)


@pytest.mark.parametrize("answer", [3, None, [1, 2], "text"])
def test_something_that_is_not_a_function_is_wrong(answer):
    with pytest.raises(Wrong, match="expected a function"):
        check(answer, "conv1x1_loops")


def test_a_crash_shows_the_learners_own_line():
    space = {"check": check}
    exec(
        compile("def conv1x1_loops(x, weight, bias=None):\n    y = 1\n    return y + oops\n", "cell.py", "exec"), space
    )
    with pytest.raises(Crashed) as failure:
        exec("check(conv1x1_loops)", space)
    assert "NameError: name 'oops' is not defined" in str(failure.value)
    assert "line 3" in str(failure.value)
    assert "course_utils" not in str(failure.value)


@pytest.mark.parametrize("error", [SystemExit(0), RecursionError("deep"), MemoryError(), ValueError("bad")])
def test_whatever_an_answer_raises_is_a_crash(error):
    def conv1x1_loops(x, weight, bias=None):
        raise error

    with pytest.raises(Crashed, match=type(error).__name__):
        check(conv1x1_loops, "conv1x1_loops")


def test_not_implemented_later_than_the_first_case_is_a_crash():
    def conv1x1_loops(x, weight, bias=None):
        if bias is None:
            raise NotImplementedError
        return right(x, weight, bias)

    with pytest.raises(Crashed):
        check(conv1x1_loops, "conv1x1_loops")


def test_what_an_answer_leaves_unwritten_is_not_right_by_luck():
    """The memory that `np.empty` hands out may hold the right numbers of an earlier call."""

    def ten_channels(x, n, i, j):
        vector = np.empty(x.shape[1])
        vector[:10] = x[n, :10, i, j]
        return vector

    for _ in range(5):
        assert judge(find("pixel_vector"), find("pixel_vector").oracle).outcome == "correct"
        assert judge(find("pixel_vector"), ten_channels).outcome == "wrong"


def test_pytorch_may_refuse_to_mix_whole_numbers_with_fractions_and_nothing_else_may():
    def in_torch(v, weight, bias):
        return torch.nn.functional.linear(torch.from_numpy(v), torch.from_numpy(weight), torch.from_numpy(bias))

    def cut(v, weight, bias):
        return np.array(weight @ v + bias, dtype=v.dtype)

    def added_in_place(v, weight, bias):
        y = np.zeros(len(weight), dtype=v.dtype)
        y += weight @ v + bias
        return y

    assert judge(find("mix_pixel_many"), in_torch).outcome == "correct"
    assert judge(find("mix_pixel_many"), cut).outcome == "wrong"
    assert judge(find("mix_pixel_many"), added_in_place).outcome == "crashed"


def test_warnings_and_prints_of_an_answer_do_not_leak(capsys):
    def conv1x1_loops(x, weight, bias=None):
        print("debugging")
        np.log(np.array([-1.0]))
        return right(x, weight, bias)

    check(conv1x1_loops, "conv1x1_loops")
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "debugging" not in shown.out


def test_prints_of_a_wrong_answer_are_part_of_the_message():
    def conv1x1_loops(x, weight, bias=None):
        print("my clue")
        return x

    with pytest.raises(Wrong, match="my clue"):
        check(conv1x1_loops, "conv1x1_loops")


def test_the_same_answer_gets_the_same_verdict_every_time():
    texts = {plain(judge(find("conv1x1_loops"), lambda x, w, b=None: x)) for _ in range(3)}
    assert len(texts) == 1


def test_another_seed_brings_other_numbers():
    seen = []
    for seed in (0, 1):
        judge(find("conv1x1_loops"), lambda x, w, b=None: seen.append(x.sum()), seed)
    assert seen[0] not in seen[len(seen) // 2 :]


@pytest.mark.parametrize(
    ("change", "clue"),
    [
        (lambda y: y * 2, "times 2"),
        (lambda y: y + 1, "plus 1"),
        (lambda y: y * 0 + 3, "Every number you return is 3"),
        (lambda y: np.sort(y, axis=None).reshape(y.shape), "in another order"),
        (lambda y: y * np.nan, "not finite"),
        (lambda y: y[..., None], "5 axes, should be 4"),
        (lambda y: y.tolist(), "expected a NumPy array"),
        (lambda y: y.astype(object), "array of object"),
        (lambda y: y > 0, "array of bool"),
        (lambda y: y.astype(complex), "array of complex128"),
        (lambda y: np.where(np.arange(y.shape[1])[:, None, None] == 1, y + 1, y), "where c_out = 1"),
        (lambda y: (_ for _ in y), "a generator, as `(… for …)` makes one"),
    ],
)
def test_an_uncatalogued_mistake_is_described(change, clue):
    with pytest.raises(Wrong) as failure:
        check(lambda x, w, b=None: change(right(x, w, b)), "conv1x1_loops")
    assert clue in str(failure.value)


def test_an_argument_without_effect_is_named():
    def conv1x1_one(x, w, b=0.0):
        return (x * 1.1).sum(axis=1) ** 2 + b

    with pytest.raises(Wrong, match="does not depend on `w`"):
        check(conv1x1_one, "conv1x1_one")


def test_torch_tensors_are_accepted():
    torch = pytest.importorskip("torch")

    def conv1x1_loops(x, weight, bias=None):
        bias = None if bias is None else torch.from_numpy(bias)
        weight = torch.from_numpy(weight)[:, :, None, None]
        return torch.nn.functional.conv2d(torch.from_numpy(np.ascontiguousarray(x)), weight, bias)

    check(conv1x1_loops, "conv1x1_loops")


def test_arrays_arrive_as_they_lie_in_memory_and_torch_may_refuse_those_that_run_backwards():
    torch, seen = pytest.importorskip("torch"), []

    def conv1x1_loops(x, weight, bias=None):
        seen.append([(one.flags.forc, min(one.strides) < 0) for one in (x, weight)])
        return find("conv1x1_loops").oracle(x, weight, bias)

    check(conv1x1_loops)
    assert [(False, True), (False, True)] in seen

    def conv1x1_nhwc(x, weight, bias=None):
        b = None if bias is None else torch.from_numpy(bias)
        return torch.nn.functional.linear(torch.from_numpy(x), torch.from_numpy(weight), b).numpy()

    check(conv1x1_nhwc)

    def pixels_as_columns(x):
        return x.transpose(1, 0, 2, 3).ravel("K").reshape(x.shape[1], -1)

    with pytest.raises(Wrong):
        check(pixels_as_columns)


def test_an_object_that_claims_to_equal_everything_is_wrong():
    class Equal:
        def __eq__(self, other):
            return True

    with pytest.raises(Wrong):
        check(lambda x, w, b=None: Equal(), "conv1x1_loops")


# ---- comparing

ARRAYS = hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=4), elements=st.floats(-1e6, 1e6))


@given(ARRAYS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_an_array_agrees_with_itself_in_any_layout(array):
    assert agree(array, array.copy())
    assert agree(array, np.asfortranarray(array))


@given(ARRAYS, st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_one_changed_number_is_found_at_its_place(array, data):
    index = tuple(data.draw(st.integers(0, size - 1)) for size in array.shape)
    changed = array.copy()
    changed[index] += 1 + abs(array).max()
    found = difference(array, changed)
    assert found is not None
    assert [tuple(i) for i in np.argwhere(found.wrong)] == [index]


@given(st.integers(-(10**30), 10**30), st.integers(-(10**30), 10**30))
def test_counts_are_compared_exactly(a, b):
    assert agree(a, b) == (a == b)


@pytest.mark.parametrize("got", [-100663296, np.int32(-100663296), -100663296.0])
def test_a_number_that_ran_over_32_bits_is_told_so(got):
    expected = 2048 * 2048 * 1000
    assert "32 bits" in difference(expected, got).sentence
    assert "32 bits" in difference(np.array([7, expected]), np.array([7, got])).sentence
    for other in (got + 1, expected + 1, expected + 2**32, 10**400):
        assert "32 bits" not in difference(expected, other).sentence
    assert "32 bits" not in difference(1.5, 1.5 - 2**32).sentence


def test_an_answer_that_lacks_a_package_is_not_taken_for_a_misconception():
    def mix_pixel(v, w, b=0.0):
        return importlib.import_module("no_such_package")

    mix = find("mix_pixel")
    verdict = judge(mix, mix_pixel)
    assert verdict.code is None and "no_such_package" in verdict.headline

    @mix.mistake("TRN", "never said")
    def also_absent(v, w, b=0.0):
        return importlib.import_module("no_such_package")

    try:
        assert judge(mix, mix_pixel).code is None
    finally:
        mix.mistakes.pop()


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        (3, 3.0, True),
        (3, np.int64(3), True),
        (3, np.array(3), True),
        (3, True, False),
        (3, "3", False),
        (10**9, 10**9 + 1, False),
        (0.5, np.float32(0.5), True),
        (0.5, [0.5], False),
        (0.0, 1e-9, True),
        (0.0, 1e-3, False),
        (1.0, float("nan"), False),
        ([1, 2], (1, 2), True),
        ([1, 2], np.array([1, 2]), True),
        ([1, 2], [1, 2, 3], False),
        ([1, 2], {1, 2}, False),
        (True, np.True_, True),
        (True, 1, False),
        ("memory", "memory", True),
        (None, None, True),
        (None, 0, False),
        (np.zeros((0, 3)), np.zeros((0, 3)), True),
        (np.inf, np.inf, True),
        (np.inf, -np.inf, False),
        ({"rank": 3}, {"rank": 3}, True),
        ({"rank": 3}, {"rank": 2}, False),
        ({"rank": 3}, 3, False),
    ],
)
def test_kinds_of_answers(expected, got, same):
    assert agree(expected, got) is same


def test_kinds_are_named_in_plain_words():
    assert [kind_of(v) for v in (print, int, object(), (1,))] == [
        "a function",
        "a class",
        "a value of type object",
        "a tuple of 1",
    ]


# ---- what a person sees


def test_the_panel_frames_wrong_numbers_and_escapes_text():
    verdict = judge(find("conv1x1_loops"), lambda x, w, b=None: print("<script>") or right(x, w, b) + 1)
    assert "&lt;script&gt;" in panel(verdict)
    assert "<script>" not in panel(verdict)
    assert f"border:2px solid {COLOURS['wrong'][0]}" in panel(verdict)


def test_a_script_prints_the_message_and_no_traceback(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text("from course_utils import check\ndef mix_pixel(v, w, b=0.0):\n    return 0\ncheck(mix_pixel)\n")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=paths.ROOT, timeout=300)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("✗ mix_pixel")


# ---- progress, hints, solutions, quiz


def test_progress_remembers_and_survives_a_torn_line(home, capsys):
    with pytest.raises(Wrong):
        check(lambda x, w, b=None: x, "conv1x1_loops")
    with open(home / history.FILE, "a") as file:
        file.write('{"time": 1, "exerc')
    check(right, "conv1x1_loops")
    assert history.attempts("conv1x1_loops") >= 1
    capsys.readouterr()
    progress()
    text = capsys.readouterr().out
    assert "conv1x1_loops" in text


def test_progress_shows_the_lessons_that_were_begun(capsys):
    check(right, "conv1x1_loops")
    progress()
    begun = capsys.readouterr().out
    assert "check_shapes" in begun and "hwc_to_nchw" not in begun
    assert "○ 00 Axes, checks and asking for help" in begun and "● 02 The 1×1 convolution by hand" in begun
    progress("00")
    assert "hwc_to_nchw" in capsys.readouterr().out


def test_a_line_after_a_torn_one_is_not_lost(home):
    (home / history.FILE).write_text('{"time": 1, "exerc')
    check(right, "conv1x1_loops")
    assert history.attempts("conv1x1_loops") == 1


def test_grading_writes_no_progress(home, monkeypatch):
    monkeypatch.setenv("COURSE_GRADING", "1")
    check(right, "conv1x1_loops")
    assert not (home / history.FILE).exists()


def test_a_folder_that_cannot_be_written_does_not_stop_a_check(home, monkeypatch, capsys):
    (home / "file").write_text("")
    monkeypatch.setenv("COURSE_HOME", str(home / "file"))
    for _ in range(2):
        with pytest.raises(Wrong):
            check(lambda x, weight, bias=None: 0 * x, "conv1x1_loops")
    assert capsys.readouterr().out.count("Progress is not saved") == 1
    assert history.attempts("conv1x1_loops") == 2
    solution("conv1x1_loops")
    assert "Not yet" not in capsys.readouterr().out


def test_progress_lies_in_a_folder_of_the_user_and_not_where_the_course_is(monkeypatch, tmp_path):
    monkeypatch.delenv("COURSE_HOME")
    for user in ("ada", "bob"):
        monkeypatch.setenv("HOME", str(tmp_path / user))
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / user / "data"))
        monkeypatch.setattr(paths, "ROOT", tmp_path / "shared")
        assert history.events() == []
        check(right, "conv1x1_loops")
        assert len(history.events()) == 1
    assert not (tmp_path / "shared").exists()


def test_progress_that_an_older_version_kept_in_the_clone_is_seen_by_its_owner_alone(monkeypatch, tmp_path):
    monkeypatch.delenv("COURSE_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    (tmp_path / ".course").mkdir()
    (tmp_path / ".course" / history.FILE).write_text('{"exercise": "conv1x1_loops", "event": "hint"}\n')
    check(right, "conv1x1_loops")
    assert [one["event"] for one in history.events()] == ["hint", CORRECT]
    monkeypatch.setattr(history, "_is_mine", lambda path: tmp_path / ".course" not in path.parents)
    assert [one["event"] for one in history.events()] == [CORRECT]


def test_hints_come_one_at_a_time(capsys):
    for number in (1, 2, 3):
        hint("conv1x1_loops")
        assert f"Hint {number} of 3" in capsys.readouterr().out
    hint("conv1x1_loops")
    assert "All hints" in capsys.readouterr().out


def test_a_solution_comes_after_a_real_attempt(capsys):
    solution("conv1x1_loops")
    assert "Not yet" in capsys.readouterr().out
    with pytest.raises(NotAttempted):
        check(lambda *a: (_ for _ in ()).throw(NotImplementedError), "conv1x1_loops")
    solution("conv1x1_loops")
    assert "Not yet" in capsys.readouterr().out
    with pytest.raises(Wrong):
        check(lambda x, w, b=None: x, "conv1x1_loops")
    solution("conv1x1_loops")
    text = capsys.readouterr().out
    assert "def conv1x1_loops" in text
    assert "BEGIN SOLUTION" not in text


def test_a_quiz_returns_the_letters_and_explains_them(capsys):
    question = next(item for item in map(find, ["scan_order"]))
    assert quiz(scan_order=question.right) == {"scan_order": question.right}
    assert question.choices[question.right].because in capsys.readouterr().out


def test_a_question_without_an_answer_is_not_attempted():
    with pytest.raises(NotAttempted):
        check("", "scan_order")
    with pytest.raises(Wrong, match="not one of the choices"):
        check("z", "scan_order")
    with pytest.raises(Wrong, match="not one of the choices"):
        check(["a"], "scan_order")


def test_an_unknown_question_is_a_course_error():
    with pytest.raises(CourseError, match="no question called 'nope'"):
        quiz(nope="a")


def test_events_are_plain_json(home):
    check(right, "conv1x1_loops")
    event = json.loads((home / history.FILE).read_text())
    assert event["exercise"] == "conv1x1_loops"
    assert event["event"] == "correct"


def test_numbers_that_nearly_agree_are_written_out():
    found = difference(np.array([182.0, 7.0]), np.array([182.0001, 7.0]), tolerance=1e-9)
    assert found.sentence == "at [0] expected 182, got 182.0001. 1 of 2 numbers is wrong."


def test_a_long_text_is_not_quoted():
    assert difference(np.zeros(3), "x" * 300).sentence == "got a text of 300 characters, expected numbers."


def test_one_number_that_is_none_is_named():
    assert "Your number is not finite" in judge(find("mix_pixel"), lambda v, w, b=0.0: float("nan")).headline
    assert judge(find("conv1x1_one"), lambda x, w, b=0.0: -0.0 * x[:, 0]).headline.endswith("number you return is 0.")


def test_another_crash_is_not_taken_for_a_catalogued_one():
    def squares_alone(x, weight, bias=None):
        if x.shape[2] != x.shape[3]:
            raise ValueError("squares alone")
        return find("conv1x1_loops").oracle(x, weight, bias)

    verdict = judge(find("conv1x1_loops"), squares_alone)
    assert verdict.code is None and "squares alone" in verdict.headline


# ---- the rule of an exercise


def rule_said(name, text, **space):
    """What the ✓ says of the rule, for an answer as a cell has it."""
    linecache.cache["<cell>"] = (len(text), None, text.splitlines(keepends=True), "<cell>")
    exec(compile(text, "<cell>", "exec"), space := {"np": np, "__name__": "__main__"} | space)
    verdict = judge(find(name), space[name])
    assert verdict.outcome == CORRECT, verdict
    return " ".join(verdict.details)


FIVE_LOOPS = """
def conv1x1_loops(x, weight, bias=None):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h, w))
    for image in range(n):
        for o in range(len(weight)):
            for i in range(h):
                for j in range(w):
                    y[image, o, i, j] = 0 if bias is None else bias[o]
                    for c in range(c_in):
                        y[image, o, i, j] += weight[o, c] * x[image, c, i, j]
    return y
"""


def test_the_tick_says_that_the_rule_was_kept():
    assert rule_said("conv1x1_loops", FIVE_LOOPS) == (
        "The rule was: loops; no `@`, no `einsum`, no `sum` over an axis. You used 5 loops."
    )


@pytest.mark.parametrize(
    ("name", "line", "used"),
    [
        ("conv1x1_loops", "np.einsum('oc,nchw->nohw', weight, x)", "no loop and `einsum`"),
        ("conv1x1_loops", "np.array([(weight[:, :, None, None] * one).sum(axis=1) for one in x])", "1 loop and `sum`"),
        ("conv1x1_matmul", "np.array([np.tensordot(weight, one, 1) for one in x])", "`tensordot` and 1 loop"),
        (
            "conv1x1_einsum",
            "np.tensordot(x, weight, axes=(1, 1)).transpose(0, 3, 1, 2)",
            "no `einsum`, `transpose` and",
        ),
        ("conv1x1_einsum", "np.moveaxis(np.einsum('oc,nchw->onhw', weight, x), 0, 1)", "`einsum` and `moveaxis`"),
    ],
)
def test_a_right_answer_that_breaks_the_rule_passes_and_is_told(name, line, used):
    text = f"def {name}(x, weight, bias=None):\n    y = {line}\n    return y if bias is None else y + bias[:, None, None]\n"
    said = rule_said(name, text)
    assert f"You used {used}" in said
    assert said.endswith("The numbers are right all the same; for practice, write it by the rule too.")


def test_a_loop_in_a_function_of_ones_own_counts_too():
    text = (
        "def rows(x):\n    return [one.reshape(one.shape[0], -1) for one in x]\n"
        "def conv1x1_matmul(x, weight, bias=None):\n    y = weight @ rows(x)\n"
        "    y = y if bias is None else y + bias[:, None]\n    return y.reshape(len(x), -1, *x.shape[2:])\n"
    )
    assert "`@` and 1 loop (in `rows`)" in rule_said("conv1x1_matmul", text)


def test_an_added_up_row_of_products_is_a_loop_and_no_sum():
    text = (
        "def conv1x1_one(x, w, b=0.0):\n"
        "    return np.array([[[b + sum(w[c] * one[c, i, j] for c in range(len(w))) for j in range(one.shape[2])]\n"
        "                      for i in range(one.shape[1])] for one in x])\n"
    )
    assert rule_said("conv1x1_one", text).endswith("You used 4 loops.")


@pytest.mark.parametrize(
    "text",
    [
        "def layer(x, weight):\n    from numpy import einsum as contract\n    return contract('oc,nchw->nohw', weight, x)\n",
        "def layer(x, weight):\n    product = np.einsum\n    return product('oc,nchw->nohw', weight, x)\n",
        "from numpy import einsum as contract\n\n\ndef layer(x, weight):\n    return contract('oc,nchw->nohw', weight, x)\n",
    ],
)
def test_a_function_of_numpy_is_known_by_any_name(text):
    text += "\n\ndef conv1x1_einsum(x, weight, bias=None):\n    y = layer(x, weight)\n"
    text += "    return y if bias is None else y + bias[:, None, None]\n"
    assert "You used `einsum`" in rule_said("conv1x1_einsum", text)


def test_no_rule_is_spoken_of_where_there_is_none_or_no_code_to_look_at():
    assert rule_said("mix_pixel", "def mix_pixel(v, w, b=0.0):\n    return v @ w + b\n") == ""
    linecache.cache.pop("<nowhere>", None)
    exec(compile(FIVE_LOOPS, "<nowhere>", "exec"), space := {"np": np})
    assert judge(find("conv1x1_loops"), space["conv1x1_loops"]).details == []


@pytest.mark.parametrize("texts", [None, 3, [], {"": 3}, {"": "-" * 10_000 + "1"}, {"": "def"}, {"": "\0"}])
def test_code_that_is_none_has_no_rule_to_keep(texts):
    assert rules.used(texts) == []


@pytest.mark.parametrize("name", ["kernel_slices", "mix_pixel", "roofline", "count_maps", "find_the_impostors"])
@pytest.mark.parametrize("answer", [10**400, -(10**5000), [10**5000], (10**5000, "memory")], ids=range(4))
def test_a_whole_number_longer_than_python_writes_is_wrong_in_a_short_sentence(name, answer):
    said = judge(find(name), lambda *_: answer)
    assert said.outcome == "wrong" and len(said.headline) < 300
