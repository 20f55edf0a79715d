"""The kernels room: the fused kernel computes what PyTorch computes, at any size, and never leaves its tensors."""

import contextlib
import os
import subprocess
import sys

import pytest

from course_utils.base.errors import CourseError, NotInstalled
from course_utils.kernels import setting

TRITON = pytest.mark.triton
SIZES = [(2, 21, 19, 5, 7), (1, 1, 1, 1, 1), (3, 16, 32, 4, 4), (1, 70, 130, 3, 3), (2, 3, 10, 13, 11)]
ERRORS = {"float32": 1e-5, "float16": 2e-3, "bfloat16": 1.6e-2}  # of the largest number, when y is rounded to the type


def layer(n, c_in, c_out, h, w, dtype="float32"):
    import torch

    generator, kind = torch.Generator().manual_seed(0), getattr(torch, dtype)
    shapes = (n, c_in, h, w), (c_out, c_in), (c_out,)
    return [torch.randn(shape, generator=generator).to(setting.device(), kind) for shape in shapes]


def expected(x, weight, bias=None, activation="relu"):
    """The same in float64, by PyTorch."""
    import torch

    y = torch.einsum("oc,nchw->nohw", weight.double(), x.double())
    y = y if bias is None else y + bias.double()[:, None, None]
    return {"relu": y.relu(), "relu6": y.clamp(0, 6), None: y}[activation]


def off(y, wanted):
    return float((y.double() - wanted).abs().max() / wanted.abs().max().clamp(min=1))


def watched_pointwise(x, weight, bias):
    """The fused kernel, with every load and store watched where it is interpreted."""
    from course_utils.kernels import fused, watch

    kernels = fused._compiled()

    class Watched:
        def __init__(self, kernel):
            self.kernel = kernel

        def __getitem__(self, grid):
            def launch(*args, **options):
                inputs = dict(zip(("x", "weight", "bias"), args, strict=False))
                with watch.watched(inputs, {"y": args[3]}) if setting.is_interpreted() else contextlib.nullcontext():
                    self.kernel[grid](*args, **options)

            return launch

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fused, "_compiled", lambda: {name: Watched(kernel) for name, kernel in kernels.items()})
        return fused.fused_pointwise(x, weight, bias)


@TRITON
@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("sizes", SIZES)
def test_the_fused_kernel_computes_the_layer_inside_its_tensors(sizes, channels_last):
    import torch

    x, weight, bias = layer(*sizes)
    x = x.contiguous(memory_format=torch.channels_last) if channels_last else x
    y = watched_pointwise(x, weight, bias)
    assert off(y, expected(x, weight, bias)) < ERRORS["float32"]
    assert y.stride() == torch.nn.functional.conv2d(x, weight[:, :, None, None], bias).stride()


@TRITON
@pytest.mark.parametrize("activation", ["relu", "relu6", None])
@pytest.mark.parametrize("dtype", ERRORS)
def test_the_fused_kernel_has_every_type_and_activation(dtype, activation):
    import torch

    from course_utils.kernels import fused_pointwise

    x, weight, bias = layer(2, 21, 19, 5, 7, dtype=dtype)
    for one in (x, x.contiguous(memory_format=torch.channels_last), x.transpose(2, 3)):
        y = fused_pointwise(one, weight[:, :, None, None], bias, activation)
        assert y.dtype == one.dtype and y.shape == (2, 19, *one.shape[2:])
        assert off(y, expected(one, weight, bias, activation)) < ERRORS[dtype]
    assert off(fused_pointwise(x, weight), expected(x, weight)) < ERRORS[dtype]  # no bias


@TRITON
def test_a_long_sum_in_float16_is_not_rounded_on_the_way():
    import torch

    from course_utils.kernels import fused_pointwise

    x, weight, _ = layer(1, 4096, 1, 2, 2, dtype="float16")
    y = fused_pointwise(torch.ones_like(x), torch.ones_like(weight))
    assert y.flatten().tolist() == [4096.0] * 4  # a float16 accumulator stays at 2048


@TRITON
def test_what_does_not_fit_the_fused_kernel_is_refused_in_a_sentence():
    import torch

    from course_utils.kernels import fused_pointwise

    x, weight, bias = layer(2, 3, 5, 4, 4)
    for args, message in (
        ((x, weight.T, bias), r"weight \(3, 5\)"),
        ((x, weight, bias[:4]), r"bias \(4,\)"),
        ((x, weight.double()), "torch.float64"),
        ((x.numpy(), weight), "ndarray, expected a torch tensor"),
        ((x, weight, bias, "gelu"), "'gelu', expected 'relu'"),
        ((x, weight.clone().requires_grad_()), "no_grad"),
    ):
        with pytest.raises(CourseError, match=message):
            fused_pointwise(*args)
    with torch.no_grad():
        fused_pointwise(x, weight.clone().requires_grad_())
    assert fused_pointwise(x[:0], weight).shape == (0, 5, 4, 4)


def counts_on(kernel, found):
    """For a GPU that is not there: matrix instructions where there are any, wide loads and stores, nothing spilled."""
    from course_utils.bench import compiled
    from course_utils.kernels.plan import alignment

    (_, c_out, side), itemsize = kernel.layer, compiled.TYPES[kernel.dtype][1]
    assert found.stack == 0 and found.registers <= 255, kernel
    if kernel.capability >= 80 and kernel.dtype != "fp32":
        words = "HGMMA" if kernel.capability == 90 and c_out >= 64 else "HMMA"
        assert any(name.startswith(words) for name in found.matrix), kernel
    assert compiled.width(found.loads) == 16, kernel
    in_a_row = c_out if kernel.last else side * side  # what lies side by side in y: 49 numbers allow no wide stores
    assert compiled.width(found.stores) == min(16, itemsize * alignment(in_a_row)), kernel


@TRITON
@pytest.mark.slow
@pytest.mark.parametrize("capability", [75, 80, 90])
def test_every_kernel_of_the_benchmark_compiles_to_what_it_counts_on(capability, tmp_path, monkeypatch):
    from course_utils.bench import compiled

    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    wanted = compiled.kernels(capability)
    for kernel, found in zip(wanted, compiled.compiled(wanted), strict=True):
        counts_on(kernel, found)


@TRITON
@pytest.mark.earlier
@pytest.mark.slow
def test_an_earlier_triton_compiles_one_of_each_kernel_and_type_to_the_same(earlier, tmp_path, monkeypatch):
    """All of them take minutes: `course bench compile --triton FOLDER` compares each, for docs/COMPILED.md."""
    import triton

    from course_utils.bench import compiled

    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    assert compiled.version_in(earlier) != triton.__version__
    wanted = [kernel for capability in compiled.ARCHITECTURES for kernel in compiled.one_of_each(capability)]
    assert {(kernel.capability, kernel.dtype) for kernel in wanted} == {
        (kernel.capability, kernel.dtype) for capability in (75, 80, 90) for kernel in compiled.kernels(capability)
    }
    for kernel, found in zip(wanted, compiled.compiled(wanted, earlier), strict=True):
        counts_on(kernel, found)


def test_what_another_triton_makes_of_a_kernel_stands_beside_it_where_it_differs(tmp_path, capsys):
    from course_utils.bench import compiled
    from course_utils.cli import main

    kernel = compiled.Kernel(90, "fp16", True, (64, 256, 56))
    found = compiled.Found(118, 0, 1024, {"HGMMA.64x64": 4}, {"LDG.E.128": 2}, {"STG.E.128": 1})
    said = compiled.beside("3.6.0", [(kernel, found, found), (kernel, found, found._replace(registers=120))])
    assert "the same for 1 of the 2 kernels; for the others" in said
    assert said.endswith("| fp16 | last | 64 → 256, 56×56 | sm_90 | registers | 118 | 120 |")
    assert "different" not in compiled.beside("3.6.0", [(kernel, found, found)])
    assert main(["bench", "compile", "--triton", str(tmp_path)]) == 2
    assert f"there is no Triton in {tmp_path}: `pip install" in capsys.readouterr().err
    assert main(["bench", "numpy", "--triton", str(tmp_path)]) == 2
    assert "--triton goes with compile" in capsys.readouterr().err


@TRITON
@pytest.mark.slow
def test_a_layer_of_2_to_the_31_numbers_is_compiled_with_places_of_64_bits(tmp_path, monkeypatch):
    from course_utils.kernels import fused

    given = {}

    class Kernel:
        def __getitem__(self, grid):
            return lambda *arrays, **options: given.update(options)

    monkeypatch.setattr(fused, "_compiled", lambda: {"tiled": Kernel(), "streamed": Kernel()})
    import torch

    with torch.device("meta"):
        x, weight = torch.empty(1, 2, 2**15, 2**15), torch.empty(2, 2)
    monkeypatch.setattr(fused, "_capability", lambda device: 90)
    monkeypatch.setattr(fused, "_multiprocessors", lambda device: 2)
    fused.fused_pointwise(x, weight)
    assert given["FAR"] and not fused.plan_for(2, 2, 2**30, 4, 90).programs
    fused.fused_pointwise(x[:, :, :8, :8], weight)
    assert not given["FAR"]


VIEWS = {
    "as it lies": lambda x: x,
    "channels last": lambda x: x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2),
    "turned over": lambda x: x.flip(1),
    "rows and columns exchanged": lambda x: x.transpose(2, 3),
    "every other pixel": lambda x: x.repeat_interleave(2, dim=3)[..., ::2],
    "one image for all": lambda x: x[:1].expand(3, -1, -1, -1),
    "one pixel for all": lambda x: x[:, :, :1, :1].expand(-1, -1, 4, 5),
    "cut out": lambda x: torch_pad(x)[:, 1:-1, 2:-1, 1:-2],
    "one column with an odd stride": lambda x: x.flatten(2).transpose(1, 2).contiguous().transpose(1, 2).unsqueeze(-1),
    "one row with an odd stride": lambda x: x.flatten(2).transpose(1, 2).contiguous().transpose(1, 2).unsqueeze(2),
}


def torch_pad(x):
    import torch

    return torch.nn.functional.pad(x, (1, 2, 2, 1, 1, 1), value=1e4)


@TRITON
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("sizes", [*SIZES, (2, 64, 64, 17, 16), (2, 40, 70, 1, 300)])
@pytest.mark.parametrize("dtype", ERRORS)
def test_views_of_any_kind_are_computed_inside_their_tensors(view, sizes, dtype):
    x, weight, bias = layer(*sizes, dtype=dtype)
    x = view(x)
    y = watched_pointwise(x, weight, bias)
    assert y.shape == (len(x), len(weight), *x.shape[2:])
    assert off(y, expected(x, weight, bias)) < ERRORS[dtype]


@TRITON
@pytest.mark.parametrize("sizes", [(0, 3, 5, 4, 4), (2, 3, 5, 0, 4), (2, 3, 5, 4, 0)])
def test_an_axis_without_anything_gives_nothing(sizes):
    from course_utils.kernels import fused_pointwise

    x, weight, bias = layer(*sizes)
    assert fused_pointwise(x, weight, bias).shape == (sizes[0], 5, *sizes[3:])


@TRITON
def test_tf32_is_asked_for_by_whichever_switch_was_set_and_for_float32_alone(monkeypatch):
    import torch

    from course_utils.kernels import fused

    code = """
import torch
from course_utils import device
from course_utils.kernels.fused import _precision
matmul = torch.backends.cuda.matmul
assert [_precision(kind) for kind in (torch.float32, torch.float16)] == ["ieee", "ieee"]
matmul.allow_tf32 = True
assert [_precision(kind) for kind in (torch.float32, torch.bfloat16)] == ["tf32", "ieee"]
matmul.fp32_precision = "ieee"
assert _precision(torch.float32) == "ieee"
with device.tf32(True):
    assert _precision(torch.float32) == "tf32"
assert _precision(torch.float32) == "ieee"
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert fused._precision(torch.float16) == "ieee"


@pytest.mark.gpu
@pytest.mark.triton
@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("dtype", ERRORS)
def test_on_a_gpu_the_compiled_kernel_computes_the_layer(dtype, channels_last):
    code = f"""
import sys
sys.path.insert(0, {str(os.path.dirname(__file__))!r})
import torch, test_kernels as t
from course_utils.kernels import fused_pointwise
for sizes in t.SIZES + [(8, 64, 256, 56, 56)]:
    x, weight, bias = t.layer(*sizes, dtype={dtype!r})
    assert x.is_cuda
    x = x.contiguous(memory_format=torch.channels_last) if {channels_last} else x
    assert t.off(fused_pointwise(x, weight, bias), t.expected(x, weight, bias)) < t.ERRORS[{dtype!r}], sizes
"""
    environment = os.environ | {"TRITON_INTERPRET": "0"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_without_triton_the_course_says_so_and_how_to_get_it(monkeypatch):
    from course_utils.checking.judge import judge
    from course_utils.exercises import find
    from course_utils.kernels import launched, tl

    monkeypatch.setitem(sys.modules, "triton", None)
    assert setting.language().constexpr and tl.constexpr

    @launched
    def pointwise_kernel(x_ptr, weight_ptr, BLOCK: tl.constexpr):
        return tl.program_id(0)

    @launched
    def unwritten(x_ptr, weight_ptr, BLOCK: tl.constexpr):
        raise NotImplementedError("write me")

    with pytest.raises(NotInstalled, match="pip install"):
        pointwise_kernel(None, None, None)
    verdict = judge(find("pointwise_kernel"), pointwise_kernel)
    assert verdict.outcome == "not checked"
    assert "Triton is not installed" in verdict.headline
    assert judge(find("pointwise_kernel"), unwritten).outcome == "not attempted"


@TRITON
def test_an_unwritten_kernel_is_not_attempted_where_kernels_are_compiled_too():
    code = """
from course_utils.kernels import launched, setting, tl
from course_utils.checking.judge import judge
from course_utils.exercises import find

def pointwise_kernel(x_ptr, weight_ptr, BLOCK: tl.constexpr):
    raise NotImplementedError("write me")

assert not setting.is_interpreted()
verdict = judge(find("pointwise_kernel"), launched(pointwise_kernel))
assert verdict.outcome == "not attempted", verdict
"""
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"TRITON_INTERPRET": "0"}, check=True)


@TRITON
def test_a_kernel_that_leaves_its_tensors_is_stopped():
    import numpy as np

    from course_utils.kernels import launched, tl

    @launched
    def writes_into_x(x_ptr, weight_ptr, bias_ptr, y_ptr, c_in, c_out, pixels, a, b, c, d, e, f,
                      BLOCK_O: tl.constexpr, BLOCK_P: tl.constexpr, BLOCK_C: tl.constexpr):  # fmt: skip
        p = tl.arange(0, BLOCK_P)
        tl.store(x_ptr + p, tl.load(x_ptr + p, mask=p < pixels), mask=p < pixels)

    with pytest.raises(IndexError, match="tl.store writes outside of y"):
        writes_into_x(np.ones((1, 1, 2, 2), np.float32), np.ones((1, 1), np.float32), np.ones(1, np.float32))


def test_importing_the_room_loads_neither_torch_nor_triton():
    code = "import sys, course_utils.kernels; sys.exit(bool({'torch', 'triton', 'numpy'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", code], check=True)
