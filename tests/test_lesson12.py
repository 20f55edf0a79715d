"""Lesson 12: real kernels are diagnosed as the catalogue says, however they go wrong; other wrong answers fail too."""

import functools
import importlib.util
import itertools

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import is_solution

from course_utils import convs
from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade_class
from course_utils.grading.report import items
from course_utils.grading.run import execute, warm

SOURCE = """
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
"""
W_MASK, X_MASK = "mask=(o[:, None] < c_out) & (c[None, :] < c_in)", "mask=(c[:, None] < c_in) & (p[None, :] < pixels)"
Y_MASK, B_MASK = ", mask=(o[:, None] < c_out) & (p[None, :] < pixels)", "mask=o < c_out"
DOT, RELU = "acc += tl.dot(w_tile, x_tile)", "acc = tl.maximum(acc + bias[:, None], 0.0)"
X_FIRST = ("c[:, None] * stride_xc + p[None, :] * stride_xp", "c[:, None] * pixels + p[None, :]")
Y_FIRST = ("o[:, None] * stride_yo + p[None, :] * stride_yp", "o[:, None] * pixels + p[None, :]")
STORE_ALL = (Y_MASK, "")

EDITS = {  # catalogued mistake -> how a learner's kernel comes to make it, in one way or several
    "kernel_without_relu": [[(RELU, "acc += bias[:, None]")]],
    "relu_turned_round": [
        [(RELU, "acc = tl.minimum(acc + bias[:, None], 0.0)")],
        [(RELU, "acc += bias[:, None]\n    acc = tl.where(acc > 0, 0.0, acc)")],
    ],
    "signs_taken_away": [[(RELU, "acc = tl.abs(acc + bias[:, None])")]],
    "relu_before_bias": [[(RELU, "acc = tl.maximum(acc, 0.0) + bias[:, None]")]],
    "kernel_without_bias": [[(RELU, "acc = tl.maximum(acc, 0.0)")]],
    "bias_in_every_step": [
        [
            (DOT, f"{DOT} + tl.load(bias_ptr + o, mask=o < c_out, other=0.0)[:, None]"),
            (RELU, "acc = tl.maximum(acc, 0.0)"),
        ]
    ],
    "bias_along_the_pixels": [[(RELU, "acc = tl.maximum(acc + bias, 0.0)")], [("bias[:, None]", "bias[None, :]")]],
    "relu_in_every_step": [[(DOT, "acc = tl.maximum(acc + tl.dot(w_tile, x_tile), 0.0)")]],
    "relu_of_every_product": [[(DOT, "acc += tl.maximum(tl.dot(w_tile, x_tile), 0.0)")]],
    "accumulator_replaced": [
        [(DOT, "acc = tl.dot(w_tile, x_tile)")],
        [(DOT, "acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32)\n        acc += tl.dot(w_tile, x_tile)")],
    ],
    "first_channels_only": [[("range(0, c_in, BLOCK_C)", "range(0, 1)")]],
    "steps_of_one_channel": [[("range(0, c_in, BLOCK_C)", "range(0, c_in)")]],
    "steps_of_block_p": [[("range(0, c_in, BLOCK_C)", "range(0, c_in, BLOCK_P)")]],
    "steps_of_16": [[("range(0, c_in, BLOCK_C)", "range(0, c_in, 16)")]],
    "last_channels_dropped": [[("range(0, c_in, BLOCK_C)", "range(0, c_in // BLOCK_C * BLOCK_C, BLOCK_C)")]],
    "accumulator_of_16_bits": [[("dtype=tl.float32", "dtype=tl.float16"), (DOT, f"{DOT}.to(tl.float16)")]],
    "accumulator_widened_on_the_way": [
        [("dtype=tl.float32", "dtype=tl.float16")],
        [("dtype=tl.float32", "dtype=tl.bfloat16")],
        [
            ("tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32)", "tl.full((BLOCK_O, BLOCK_P), 0.0, tl.float16)"),
            (DOT, "acc = tl.dot(w_tile, x_tile) + acc"),
        ],
    ],
    "accumulator_rounded_to_16_bits": [[(DOT, "acc = (acc + tl.dot(w_tile, x_tile)).to(tl.float16)")]],
    "products_rounded_to_16_bits": [[(DOT, "acc += tl.dot(w_tile, x_tile).to(tl.float16)")]],
    "inputs_rounded_to_16_bits": [[(DOT, "acc += tl.dot(w_tile.to(tl.float16), x_tile.to(tl.float16))")]],
    "y_rounded_to_16_bits": [[("tl.store(y_places, acc", "tl.store(y_places, acc.to(tl.float16)")]],
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
        [(f", {W_MASK}, other=0.0", ""), (f", {X_MASK}, other=0.0", ""), (f", {B_MASK}, other=0.0", ""), STORE_ALL],
        [(" & ", " | ")],
    ],
    "masked_without_other": [[(f"{X_MASK}, other=0.0", X_MASK)], [(f"{W_MASK}, other=0.0", W_MASK)]],
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
    "image_0_alone": [[("n * stride_xn + ", ""), ("n * stride_yn + ", "")]],
    "rows_of_one_block": [[("o[:, None] * c_in", "o[:, None] * BLOCK_C")]],
    "first_channels_again": [[("c = start + tl.arange", "c = tl.arange")]],
    "nothing_stored": [[("tl.store(y_places, acc" + Y_MASK + ")", "pass")]],
    "tiles_one_pixel_apart": [[("tl.program_id(0) * BLOCK_P", "tl.program_id(0)")]],
    "tiles_one_output_apart": [[("tl.program_id(1) * BLOCK_O", "tl.program_id(1)")]],
    "tiles_one_place_apart": [
        [("tl.program_id(0) * BLOCK_P", "tl.program_id(0)"), ("tl.program_id(1) * BLOCK_O", "tl.program_id(1)")]
    ],
    "first_pixels_alone": [[("tl.program_id(0) * BLOCK_P + ", "")]],
    "first_outputs_alone": [[("tl.program_id(1) * BLOCK_O + ", "")]],
    "with_numpys_maximum": [[(RELU, "import numpy as np\n    acc = np.maximum(acc + bias[:, None], 0.0)")]],
    "one_truth_for_a_tile": [
        [(Y_MASK, Y_MASK.replace("&", "and"))],
        [(X_MASK, X_MASK.replace("&", "and"))],
        [(B_MASK, "mask=not o >= c_out")],
        [("    acc += tl.dot(w_tile, x_tile)", "    if c < c_in:\n            acc += tl.dot(w_tile, x_tile)")],
    ],
    "accumulator_of_one_axis": [[("tl.zeros((BLOCK_O, BLOCK_P), ", "tl.zeros((BLOCK_P,), ")]],
    "channels_up_to_64": [[("range(0, c_in, BLOCK_C)", "range(0, min(c_in, 64), BLOCK_C)")]],
    "programs_exchanged": [
        [("program_id(0)", "program_id(9)"), ("program_id(1)", "program_id(0)"), ("program_id(9)", "program_id(1)")]
    ],
    "images_for_tiles_of_pixels": [
        [("program_id(0)", "program_id(9)"), ("program_id(2)", "program_id(0)"), ("program_id(9)", "program_id(2)")]
    ],
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
    assert verdict.headline.endswith(mistake.message) and verdict.code == mistake.code  # a crash is told first


def test_every_catalogued_kernel_is_tried_as_a_real_one():
    assert set(EDITS) == {mistake.name for mistake in find("pointwise_kernel").mistakes}


BLOCK_POINTERS = """
    p0, o0 = tl.program_id(0) * BLOCK_P, tl.program_id(1) * BLOCK_O
    w_block = tl.make_block_ptr(weight_ptr, (c_out, c_in), (c_in, 1), (o0, 0), (BLOCK_O, BLOCK_C), (1, 0))
    x_block = tl.make_block_ptr(
        x_ptr + n * stride_xn, (c_in, pixels), (stride_xc, stride_xp), (0, p0), (BLOCK_C, BLOCK_P), (1, 0))
    y_block = tl.make_block_ptr(
        y_ptr + n * stride_yn, (c_out, pixels), (stride_yo, stride_yp), (o0, p0), (BLOCK_O, BLOCK_P), (1, 0))
    for start in range(0, c_in, BLOCK_C):
"""
STYLES = {
    "bias first": [
        (
            "    acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32)\n",
            "    bias = tl.load(bias_ptr + o, mask=o < c_out, other=0.0)\n"
            "    acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32) + bias[:, None]\n",
        ),
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
    "widened before it is multiplied": [(DOT, "acc += tl.dot(w_tile.to(tl.float32), x_tile.to(tl.float32))")],
    "zeros by where": [
        (f"{X_MASK}, other=0.0", X_MASK),
        (DOT, "acc += tl.dot(w_tile, tl.where((c[:, None] < c_in) & (p[None, :] < pixels), x_tile, 0.0))"),
    ],
    "zeros of the tile's own type": [
        (
            "x_tile = tl.load(x_places, mask=(c[:, None] < c_in) & (p[None, :] < pixels), other=0.0)",
            "none = tl.zeros((BLOCK_C, BLOCK_P), x_ptr.dtype.element_ty)\n"
            "        x_tile = tl.load(x_places, mask=(c[:, None] < c_in) & (p[None, :] < pixels), other=none)",
        )
    ],
    "Python's max": [(RELU, "acc = max(acc + bias[:, None], 0.0)")],
    "Python's min of sizes": [("range(0, c_in, BLOCK_C)", "range(0, max(c_in, min(c_in, 1)), BLOCK_C)")],
    "pointers of blocks": [
        ("    for start in range(0, c_in, BLOCK_C):\n", BLOCK_POINTERS),
        (f"tl.load(w_places, {W_MASK}, other=0.0)", "tl.load(w_block, boundary_check=(0, 1), padding_option='zero')"),
        (f"tl.load(x_places, {X_MASK}, other=0.0)", "tl.load(x_block, boundary_check=(0, 1), padding_option='zero')"),
        (
            DOT,
            f"{DOT}\n        w_block, x_block = tl.advance(w_block, (0, BLOCK_C)), tl.advance(x_block, (BLOCK_C, 0))",
        ),
        (f"tl.store(y_places, acc{Y_MASK})", "tl.store(y_block, acc, boundary_check=(0, 1))"),
    ],
    "no dot": [(DOT, "acc += tl.sum(w_tile[:, :, None].to(tl.float32) * x_tile[None, :, :].to(tl.float32), axis=1)")],
}
WRONG = {  # what nobody catalogued -> a part of what is said about it
    "blocks written in": ([("BLOCK_P + tl.arange(0, BLOCK_P)", "32 + tl.arange(0, 32)")], "pointwise_kernel: "),
    "first step only masked": ([("(c[None, :] < c_in)", "(c[None, :] < BLOCK_C)")], "numbers are wrong"),
    "strides of y exchanged": ([(Y_FIRST[0], "o[:, None] * stride_yp + p[None, :] * stride_yo")], "y"),
    "ReLU6": ([(RELU, "acc = tl.minimum(tl.maximum(acc + bias[:, None], 0.0), 6.0)")], "expected"),
    "stored twice as large": ([("tl.store(y_places, acc,", "tl.store(y_places, 2 * acc,")], "times 2"),
    "absolute value": ([(RELU, "acc = tl.abs(acc + bias[:, None])")], "expected"),
    "mask of the other axis": ([(Y_MASK, ", mask=(o[:, None] < pixels) & (p[None, :] < c_out)")], "outside of y"),
    "bias of the first tile": ([("bias_ptr + o, mask=o < c_out", "bias_ptr + tl.arange(0, BLOCK_O), mask=o < c_out")], "expected"),
    "masks of the first tile": ([("< c_out", "< BLOCK_O"), ("< pixels", "< BLOCK_P"), ("< c_in", "< BLOCK_C")], "nan"),
    "the stride of a pixel left out": (
        [(" + p[None, :] * stride_xp", " + p[None, :]"), (" + p[None, :] * stride_yp", " + p[None, :]")],
        "Where `channels_last` is False your answer is right",
    ),
    "less or equal": ([("(p[None, :] < pixels)", "(p[None, :] <= pixels)")], "outside of"),
    "x into y": ([("tl.store(y_places, acc", "tl.store(x_ptr + p[None, :] + o[:, None] * 0, acc")], "tl.store writes outside of y"),
    "average": ([(RELU, "acc = tl.maximum(acc / c_in + bias[:, None], 0.0)")], "expected"),
    "a name misspelt": ([(DOT, "acc += tl.dott(w_tile, x_tile)")], "no attribute 'dott'"),
    "not a kernel": ([(DOT, "acc += w_tile @ x_tile")], "pointwise_kernel: "),
    "dot into 16 bits": ([("dtype=tl.float32", "dtype=tl.float16"), (DOT, "acc = tl.dot(w_tile, x_tile, acc)")], "pointwise_kernel: "),
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
    assert [any("pointwise_kernel_check" in note for note in one.notes) for one in (ada, bob, cat)] == [
        True,
        False,
        False,
    ]
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


# ---- the layer in tiles ----------------------------------------------------------------------------------------------


def looped(x, weight, bias, block, dot=np.matmul, order="poc", begin=lambda bias: bias, cut=("o", "p", "c")):
    """A layer in tiles, its loops in any order; an axis that is not in `cut` comes in one piece."""
    (n, c_in, h, w), c_out = x.shape, len(weight)
    columns, y = x.reshape(n, c_in, h * w), np.zeros((n, c_out, h * w)) + begin(bias)[:, None]
    sizes = {"o": c_out, "p": h * w, "c": c_in}
    pieces = [[slice(i, i + block) for i in range(0, sizes[k], block)] if k in cut else [slice(None)] for k in order]
    for image in range(n):
        for found in itertools.product(*pieces):
            at = dict(zip(order, found, strict=True))
            y[image, at["o"], at["p"]] += dot(weight[at["o"], at["c"]], columns[image, at["c"], at["p"]])
    return y.reshape(n, c_out, h, w)


def from_lists(x, weight, bias, block, dot=np.matmul):
    """Tiles as nested lists, and the channels from the last to the first."""
    n, c_in, h, w = x.shape
    y = np.empty((n, len(weight), h * w))
    for image, columns in enumerate(x.reshape(n, c_in, -1)):
        for o in range(0, len(weight), block):
            for p in range(0, h * w, block):
                acc = bias[o : o + block].reshape(-1, 1)
                for c in reversed(range(0, c_in, block)):
                    acc = acc + dot(
                        weight[o : o + block, c : c + block].tolist(), columns[c : c + block, p : p + block].tolist()
                    )
                y[image, o : o + block, p : p + block] = acc
    return y.reshape(n, -1, h, w)


def pixels_as_rows(x, weight, bias, block, dot=np.matmul):
    n, c_in, h, w = x.shape
    rows, y = x.transpose(0, 2, 3, 1).reshape(n, h * w, c_in), np.zeros((n, h * w, len(weight)))
    for p in range(0, h * w, block):
        for o in range(0, len(weight), block):
            for c in range(0, c_in, block):
                tile = weight[o : o + block, c : c + block].T
                y[:, p : p + block, o : o + block] += dot(rows[:, p : p + block, c : c + block], tile)
    return (y + bias).reshape(n, h, w, -1).transpose(0, 3, 1, 2)


def tile_of_zeros(x, weight, bias, block, dot=np.matmul):
    """Whole tiles with zeros around, cut off at the end, as a kernel does it."""
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h * w))

    def padded(a):
        tile = np.zeros((block, block))
        tile[: a.shape[0], : a.shape[1]] = a
        return tile

    for image, columns in enumerate(x.reshape(n, c_in, -1)):
        for o, p in itertools.product(range(0, len(weight), block), range(0, h * w, block)):
            parts = [
                dot(padded(weight[o : o + block, c : c + block]), padded(columns[c : c + block, p : p + block]))
                for c in range(0, c_in, block)
            ]
            here = y[image, o : o + block, p : p + block]
            here += sum(parts)[: here.shape[0], : here.shape[1]] + bias[o : o + block, None]
    return y.reshape(n, -1, h, w)


TILED = [
    *(functools.partial(looped, order=order) for order in ("poc", "opc", "cop", "cpo")),
    from_lists,
    pixels_as_rows,
    tile_of_zeros,
]


@pytest.mark.parametrize("answer", TILED)
def test_a_layer_in_tiles_passes_in_any_order_and_style(answer):
    assert judge(find("tiled_conv1x1"), answer, seed=1).outcome == "correct"


def whole(x, weight, bias, block=1, dot=None):
    return np.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]


def one_small_product(x, weight, bias, block, dot):
    dot(weight[:1, :1], x[0, :1, 0, :1])
    return whole(x, weight, bias)


def half_in_tiles(x, weight, bias, block, dot):
    half = x.shape[1] // 2
    done = looped(x[:, :half], weight[:, :half], bias, block, dot) if half else bias[:, None, None]
    return done + whole(x[:, half:], weight[:, half:], 0 * bias)


def own_products(x, weight, bias, block, dot):
    return looped(x, weight, bias, block, np.matmul)


def number_by_number(x, weight, bias, block, dot):
    return sum(weight[None, :, c, None, None] * x[:, c, None] for c in range(x.shape[1])) + bias[:, None, None]


def thrown_away(x, weight, bias, block, dot=np.matmul):
    looped(x, weight, bias, block, dot)
    return convs.pointwise(x, weight, bias)


def test_products_that_are_thrown_away_are_seen():
    assert "stay when dot gives twice as much" in judge(find("tiled_conv1x1"), thrown_away).headline


@pytest.mark.parametrize("answer", [whole, one_small_product, half_in_tiles, own_products, number_by_number])
def test_a_layer_whose_products_do_not_go_through_dot_is_named(answer):
    verdict = judge(find("tiled_conv1x1"), answer)
    assert verdict.outcome == "wrong" and "do not go through dot" in verdict.headline


def twice_as_often(x, weight, bias, block, dot=np.matmul):
    """Tiles that overlap by half: each number is made twice, and rightly."""
    (n, c_in, h, w), step = x.shape, max(1, block // 2)
    columns, y = x.reshape(n, c_in, h * w), np.zeros((n, len(weight), h * w))
    for p, o in itertools.product(range(0, h * w, step), range(0, len(weight), block)):
        parts = [slice(c, c + block) for c in range(0, c_in, block)]
        y[:, o : o + block, p : p + block] = sum(
            dot(weight[o : o + block, c], columns[:, c, p : p + block]) for c in parts
        )
    return y.reshape(n, -1, h, w) + bias[:, None, None]


def without_default(x, weight, bias, block, dot):
    return looped(x, weight, bias, block, dot)


def test_tiles_that_overlap_and_a_dot_without_default_are_refused():
    assert "overlap" in str(judge(find("tiled_conv1x1"), twice_as_often))
    assert "dot" in judge(find("tiled_conv1x1"), without_default).headline


@pytest.mark.parametrize("cut", ["", "o", "p", "c", "op", "oc", "pc"])
def test_a_layer_in_pieces_larger_than_a_tile_is_refused(cut):
    verdict = judge(find("tiled_conv1x1"), functools.partial(looped, cut=cut))
    assert verdict.outcome == "crashed"
    assert "dot multiplies tiles of at most 4 by 4, got" in f"{verdict.headline} {verdict.details}"
    assert cut != "op" or "the channels come all at once" in verdict.headline
    assert cut != "" or "no side may be larger than block" in verdict.headline


WRONG_TILES = [
    functools.partial(looped, begin=lambda bias: 0 * bias),
    functools.partial(looped, begin=lambda bias: 2 * bias),
    functools.partial(looped, begin=lambda bias: bias[::-1]),
    lambda x, weight, bias, block, dot: looped(x, -weight, bias, block, dot),
    lambda x, weight, bias, block, dot: looped(x, weight[::-1], bias, block, dot),
    lambda x, weight, bias, block, dot: looped(x[::-1], weight, bias, block, dot),
    lambda x, weight, bias, block, dot: looped(x[..., ::-1], weight, bias, block, dot),
    lambda x, weight, bias, block, dot: looped(x, weight, bias, block, dot).swapaxes(2, 3),
    lambda x, weight, bias, block, dot: looped(x, weight, bias, block, dot)[0],
    lambda x, weight, bias, block, dot: looped(x, weight, bias, block, dot).tolist(),
    lambda x, weight, bias, block, dot: np.maximum(looped(x, weight, bias, block, dot), 0),
    lambda x, weight, bias, block, dot: looped(x, weight, bias, block, dot).astype("float16"),
    lambda x, weight, bias, block, dot: looped(x, weight, bias, block, dot).astype(int),
    lambda x, weight, bias, block, dot: looped(x, weight, bias, 4, dot),
    lambda x, weight, bias, block, dot: looped(x, weight, bias, block, lambda a, b: dot(b.T, a.T)),
    lambda x, weight, bias, block, dot: looped(x[:, :-1], weight[:, :-1], bias, block, dot),
    lambda x, weight, bias, block, dot: print(looped(x, weight, bias, block, dot)),
    lambda x, weight, bias, block: looped(x, weight, bias, block, np.matmul),
]


@pytest.mark.parametrize("answer", WRONG_TILES)
def test_other_wrong_tilings_fail(answer):
    assert judge(find("tiled_conv1x1"), answer).outcome in ("wrong", "crashed")


def test_the_layer_in_tiles_is_the_layer():
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(2, 7, 3, 5)), rng.normal(size=(4, 7)), rng.normal(size=4)
    assert np.allclose(find("tiled_conv1x1").oracle(x, weight, bias, 3), convs.pointwise(x, weight, bias))
