"""Lesson 12: real kernels are diagnosed as the catalogue says, however they go wrong; other wrong answers fail too."""

import importlib.util

import pytest

from course_utils.checking.judge import judge
from course_utils.exercises import find

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
