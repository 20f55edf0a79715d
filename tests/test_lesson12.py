"""Lesson 12: real kernels are diagnosed as the catalogue says, however they go wrong; other wrong answers fail too."""

import importlib.util

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import is_solution

from course_utils import paths
from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.grading import execute, items, warm
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade_class
from course_utils.grading.scrub import grade_id

SOURCE = '''
from course_utils.kernels import launched, tl

@launched
def pointwise_kernel(x_ptr, weight_ptr, bias_ptr, y_ptr, c_in, c_out, pixels,
                     stride_xn, stride_xc, stride_xp, stride_yn, stride_yo, stride_yp,
                     BLOCK_O: tl.constexpr, BLOCK_P: tl.constexpr, BLOCK_C: tl.constexpr):
    p = tl.program_id(0) * BLOCK_P + tl.arange(0, BLOCK_P)
    o = tl.program_id(1) * BLOCK_O + tl.arange(0, BLOCK_O)
    n = tl.program_id(2)
    acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32)
    for start in range(0, c_in, BLOCK_C):
        c = start + tl.arange(0, BLOCK_C)
        w_places = weight_ptr + o[:, None] * c_in + c[None, :]
        w_tile = tl.load(w_places, mask=(o[:, None] < c_out) & (c[None, :] < c_in), other=0.0)
        x_places = x_ptr + n * stride_xn + c[:, None] * stride_xc + p[None, :] * stride_xp
        x_tile = tl.load(x_places, mask=(c[:, None] < c_in) & (p[None, :] < pixels), other=0.0)
        acc += tl.dot(w_tile, x_tile)
    bias = tl.load(bias_ptr + o, mask=o < c_out, other=0.0)
    acc = tl.maximum(acc + bias[:, None], 0.0)
    y_places = y_ptr + n * stride_yn + o[:, None] * stride_yo + p[None, :] * stride_yp
    tl.store(y_places, acc, mask=(o[:, None] < c_out) & (p[None, :] < pixels))
'''
W_MASK, X_MASK = "mask=(o[:, None] < c_out) & (c[None, :] < c_in)", "mask=(c[:, None] < c_in) & (p[None, :] < pixels)"
Y_MASK, B_MASK = ", mask=(o[:, None] < c_out) & (p[None, :] < pixels)", "mask=o < c_out"
DOT, RELU = "acc += tl.dot(w_tile, x_tile)", "acc = tl.maximum(acc + bias[:, None], 0.0)"
X_FIRST = ("c[:, None] * stride_xc + p[None, :] * stride_xp", "c[:, None] * pixels + p[None, :]")
Y_FIRST = ("o[:, None] * stride_yo + p[None, :] * stride_yp", "o[:, None] * pixels + p[None, :]")
STORE_ALL = (Y_MASK, "")

EDITS = {  # catalogued mistake -> how a learner's kernel comes to make it, in one way or several
    "kernel_without_relu": [[(RELU, "acc += bias[:, None]")]],
    "relu_before_bias": [[(RELU, "acc = tl.maximum(acc, 0.0) + bias[:, None]")]],
    "kernel_without_bias": [[(RELU, "acc = tl.maximum(acc, 0.0)")]],
    "bias_in_every_step": [
        [(DOT, f"{DOT} + tl.load(bias_ptr + o, mask=o < c_out, other=0.0)[:, None]"), (RELU, "acc = tl.maximum(acc, 0.0)")]
    ],
    "bias_along_the_pixels": [[(RELU, "acc = tl.maximum(acc + bias, 0.0)")], [("bias[:, None]", "bias[None, :]")]],
    "relu_in_every_step": [[(DOT, "acc = tl.maximum(acc + tl.dot(w_tile, x_tile), 0.0)")]],
    "accumulator_replaced": [
        [(DOT, "acc = tl.dot(w_tile, x_tile)")],
        [(DOT, "acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32)\n        acc += tl.dot(w_tile, x_tile)")],
    ],
    "first_channels_only": [[("range(0, c_in, BLOCK_C)", "range(0, 1)")]],
    "last_channels_dropped": [[("range(0, c_in, BLOCK_C)", "range(0, c_in // BLOCK_C * BLOCK_C, BLOCK_C)")]],
    "accumulator_of_16_bits": [[("dtype=tl.float32", "dtype=tl.float16"), (DOT, f"{DOT}.to(tl.float16)")]],
    "accumulator_rounded_to_16_bits": [[(DOT, "acc = (acc + tl.dot(w_tile, x_tile)).to(tl.float16)")]],
    "products_of_16_bits": [[(DOT, "acc += tl.dot(w_tile, x_tile, out_dtype=tl.float16)")]],
    "pixels_not_masked": [
        [(X_MASK, "mask=(c[:, None] < c_in)")],
        [STORE_ALL[:1] + (", mask=o[:, None] < c_out",)],
        [(X_MASK, "mask=(c[:, None] < c_in)"), (Y_MASK, ", mask=o[:, None] < c_out")],
    ],
    "outputs_not_masked": [
        [(W_MASK, "mask=(c[None, :] < c_in)")],
        [(", " + B_MASK + ", other=0.0", "")],
        [(Y_MASK, ", mask=p[None, :] < pixels")],
    ],
    "channels_not_masked": [
        [(W_MASK, "mask=o[:, None] < c_out")],
        [(X_MASK, "mask=p[None, :] < pixels")],
        [(W_MASK, "mask=o[:, None] < c_out"), (X_MASK, "mask=p[None, :] < pixels")],
    ],
    "nothing_masked": [
        [(f", {W_MASK}, other=0.0", ""), (f", {X_MASK}, other=0.0", ""), (f", {B_MASK}, other=0.0", ""), STORE_ALL]
    ],
    "masked_without_other": [
        [(f"{X_MASK}, other=0.0", X_MASK)],
        [(f"{W_MASK}, other=0.0", W_MASK)],
    ],
    "masked_without_other_and_hidden": [
        [(f"{X_MASK}, other=0.0", X_MASK), (RELU, "acc += bias[:, None]\n    acc = tl.where(acc > 0, acc, 0.0)")]
    ],
    "channels_first_written_in": [[X_FIRST, Y_FIRST]],
    "channels_first_when_read": [[X_FIRST]],
    "channels_first_when_written": [[Y_FIRST]],
    "strides_of_x_exchanged": [[(X_FIRST[0], "c[:, None] * stride_xp + p[None, :] * stride_xc")]],
    "weight_read_transposed": [[("o[:, None] * c_in + c[None, :]", "c[None, :] * c_out + o[:, None]")]],
    "rows_of_the_wrong_length": [[("o[:, None] * c_in", "o[:, None] * c_out")]],
    "image_0_for_all": [[("n * stride_xn + ", "")]],
    "all_into_image_0": [[("n * stride_yn + ", "")]],
    "programs_exchanged": [[("program_id(0)", "program_id(9)"), ("program_id(1)", "program_id(0)"), ("program_id(9)", "program_id(1)")]],
}
KERNELS = [(name, edits) for name, ways in EDITS.items() for edits in ways]


def kernel(tmp_path, *edits):
    """A kernel as a learner would write it, with some lines of the right one replaced."""
    text = SOURCE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "answer.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location("answer", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pointwise_kernel


@pytest.mark.triton
@pytest.mark.parametrize(("name", "edits"), KERNELS, ids=[name for name, _ in KERNELS])
def test_a_wrong_kernel_is_named_as_the_catalogue_names_it(tmp_path, name, edits):
    exercise = find("pointwise_kernel")
    mistake = next(one for one in exercise.mistakes if one.name == name)
    verdict = judge(exercise, kernel(tmp_path, *edits))
    assert (verdict.headline, verdict.code) == (f"pointwise_kernel: {mistake.message}", mistake.code)


def test_every_catalogued_kernel_is_tried_as_a_real_one():
    assert set(EDITS) == {mistake.name for mistake in find("pointwise_kernel").mistakes}


STYLES = {
    "bias first": [
        ("    acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32)\n",
         "    bias = tl.load(bias_ptr + o, mask=o < c_out, other=0.0)\n"
         "    acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32) + bias[:, None]\n"),
        (RELU, "acc = tl.maximum(acc, 0.0)"),
    ],
    "dot into the accumulator": [(DOT, "acc = tl.dot(w_tile, x_tile, acc)")],
    "ReLU by where": [(RELU, "acc += bias[:, None]\n    acc = tl.where(acc > 0, acc, 0.0)")],
    "blocks of channels counted": [
        ("for start in range(0, c_in, BLOCK_C):", "for k in range(tl.cdiv(c_in, BLOCK_C)):"),
        ("c = start + tl.arange", "c = k * BLOCK_C + tl.arange"),
    ],
    "pixels as rows": [
        ("c[:, None] * stride_xc + p[None, :] * stride_xp", "c[None, :] * stride_xc + p[:, None] * stride_xp"),
        (X_MASK, "mask=(c[None, :] < c_in) & (p[:, None] < pixels)"),
        (DOT, "acc += tl.dot(w_tile, tl.trans(x_tile))"),
    ],
    "no dot": [(DOT, "acc += tl.sum(w_tile[:, :, None].to(tl.float32) * x_tile[None, :, :].to(tl.float32), axis=1)")],
}  # fmt: skip
WRONG = {  # what nobody catalogued -> a part of what is said about it
    "blocks written in": ([("BLOCK_P + tl.arange(0, BLOCK_P)", "32 + tl.arange(0, 32)")], "pointwise_kernel: "),
    "first step only masked": ([("(c[None, :] < c_in)", "(c[None, :] < BLOCK_C)")], "numbers are wrong"),
    "strides of y exchanged": ([(Y_FIRST[0], "o[:, None] * stride_yp + p[None, :] * stride_yo")], "y"),
    "ReLU6": ([(RELU, "acc = tl.minimum(tl.maximum(acc + bias[:, None], 0.0), 6.0)")], "expected"),
    "nothing stored": ([("tl.store(y_places, acc" + Y_MASK + ")", "pass")], "not finite"),
    "stored twice as large": ([("tl.store(y_places, acc,", "tl.store(y_places, 2 * acc,")], "times 2"),
    "absolute value": ([(RELU, "acc = tl.abs(acc + bias[:, None])")], "expected"),
    "mask of the other axis": ([(Y_MASK, ", mask=(o[:, None] < pixels) & (p[None, :] < c_out)")], "outside of y"),
    "bias of the first tile": ([("bias_ptr + o, mask=o < c_out", "bias_ptr + tl.arange(0, BLOCK_O), mask=o < c_out")], "expected"),
    "less or equal": ([("(p[None, :] < pixels)", "(p[None, :] <= pixels)")], "outside of"),
    "x into y": ([("tl.store(y_places, acc", "tl.store(x_ptr + p[None, :] + o[:, None] * 0, acc")], "tl.store writes outside of y"),
    "average": ([(RELU, "acc = tl.maximum(acc / c_in + bias[:, None], 0.0)")], "expected"),
    "a name misspelt": ([(DOT, "acc += tl.dott(w_tile, x_tile)")], "no attribute 'dott'"),
    "not a kernel": ([(DOT, "acc += w_tile @ x_tile")], "pointwise_kernel: "),
    "weights left out": ([(DOT, "acc += tl.sum(x_tile, axis=0)[None, :]")], "expected"),
}  # fmt: skip


@pytest.mark.triton
@pytest.mark.parametrize("style", STYLES)
def test_a_right_kernel_passes_in_any_style(tmp_path, style):
    assert judge(find("pointwise_kernel"), kernel(tmp_path, *STYLES[style]), seed=1).outcome == "correct"


@pytest.mark.triton
@pytest.mark.parametrize("name", WRONG)
def test_other_wrong_kernels_fail_with_a_word_that_helps(tmp_path, name):
    edits, said = WRONG[name]
    verdict = judge(find("pointwise_kernel"), kernel(tmp_path, *edits))
    assert verdict.outcome in ("wrong", "crashed")
    assert said in f"{verdict.headline} {verdict.details}"


# ---- without Triton --------------------------------------------------------------------------------------------------

LESSON = "12_write_the_kernel"


@pytest.fixture
def class_without_triton(tmp_path, monkeypatch):
    """A class of three, graded by processes that cannot import Triton; bob has not written the kernel."""
    (tmp_path / "sitecustomize.py").write_text("import sys\n\nsys.modules['triton'] = None\n")
    environment = warm.environment() | {"PYTHONPATH": f"{tmp_path}:{paths.ROOT}"}
    monkeypatch.setattr(warm, "environment", lambda: environment)
    room = Classroom(LESSON, paths.ROOT, tmp_path / "grading")
    written = {grade_id(cell): cell.source for cell in room.reference().cells if is_solution(cell)}
    for name, left_out in {"ada": (), "bob": ("pointwise_kernel", "bytes_moved"), "cat": written}.items():
        nb = room.released()
        for cell in nb.cells:
            if grade_id(cell) in written and grade_id(cell) not in left_out:
                cell.source = written[grade_id(cell)]
        path = room.submission(name) / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(nb, path)
    return room


@pytest.mark.slow
def test_without_triton_the_kernel_waits_for_a_person_and_the_rest_is_graded(class_without_triton, capsys):
    room = class_without_triton
    ada, bob, cat = grade_class(room, sandbox=execute.NONE)
    kernels = [next(each for each in one.findings if each.exercise == "pointwise_kernel") for one in (ada, bob, cat)]
    assert [one.outcome for one in kernels] == ["not checked", "not attempted", "not attempted"]
    assert (ada.marks, bob.marks, cat.marks, ada.points) == (8, 6, 0, 11)
    assert [any("pointwise_kernel_check" in note for note in one.notes) for one in (ada, bob, cat)] == [True, False, False]
    assert next(one for one in items.items([ada, bob, cat]) if one.exercise == "pointwise_kernel").students == 2
    assert "To be marked by hand" in capsys.readouterr().out
    with Gradebook(f"sqlite:///{room.folder / 'gradebook.db'}") as book:
        grade = book.find_grade("pointwise_kernel_check", LESSON, LESSON, "ada")
        assert grade.needs_manual_grade and grade.auto_score is None
        grade.manual_score, grade.needs_manual_grade = 2.0, False  # as formgrader does
        book.db.commit()
    ada, *_ = grade_class(room, sandbox=execute.NONE)
    kernel = next(each for each in ada.findings if each.exercise == "pointwise_kernel")
    assert (ada.marks, kernel.outcome) == (10, "marked by hand")
    assert not any("pointwise_kernel_check" in note for note in ada.notes)


@pytest.mark.slow
def test_without_triton_the_lesson_runs_and_names_what_is_skipped(class_without_triton):
    room = class_without_triton
    with execute.Executor(execute.task_of(room.source, room.reference(), execute.NONE)) as executor:
        outputs = [out for cell in executor.run(room.reference()).cells for out in cell.get("outputs", [])]
    assert not [out for out in outputs if out.output_type == "error"]
    printed = "".join(out.get("text", "") for out in outputs)
    assert "Skipped here: the check of your kernel, the photo" in printed and printed.count("Skipped: Triton") == 2
