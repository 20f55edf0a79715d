"""`course bench cpu|gpu`: right before fast, inputs that change, a roof that no point may exceed, and a trace to keep."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from course_utils import cost, device
from course_utils.base.errors import CourseError
from course_utils.bench import devices, ours, paths, traces
from course_utils.cli import main

TINY = devices.Plan(batches=(1, 2), compiled_layers=0, pool=20_000, slot=1e-3, budget=600)
LAYERS = ((4, 8, 5), (8, 4, 3))
EAGER = [way for way in paths.WAYS if way.path in ("Conv2d", "Linear", "matmul")]
CPU = torch.device("cpu")
FASTER_THAN_ANY = {"copy": 1e15, "bandwidth": 1e15}


GRAPHS = """
import sys
sys.path.insert(0, "tests")
import torch, standin, test_bench_devices as t
from course_utils.bench import devices, paths, traces
from course_utils.kernels import fused, tiles

devices.ceilings = lambda where, dtypes: t.FASTER_THAN_ANY | {"peaks": dict.fromkeys(dtypes, 1e18)}
fused._compiled = lambda made=tiles.compiled("1"): made  # where there seems to be a GPU it would compile


def measured(*ways):
    with standin.standing_in():
        found = devices.measure(torch.device("cuda"), t.TINY._replace(batches=(2,)), ways, ((20, 8, 3),))
    return t.made(**found)


"""


def on_a_stand_in(code):
    """Run code in a process that interprets kernels, on a GPU that is none."""
    environment = os.environ | {"TRITON_INTERPRET": "1", "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", GRAPHS + code], env=environment, cwd=Path(__file__).parents[1], check=True)


@pytest.mark.triton
def test_on_cuda_a_way_is_timed_as_python_launches_it_and_replayed_from_a_graph():
    on_a_stand_in("""
trace = measured(*(way for way in paths.WAYS if way.path != "compiled"))
assert len(trace["records"]) == 24 and not traces.doubts(trace), traces.doubts(trace)
for one in trace["records"]:
    assert "not captured" not in one, one
    assert one["seconds"] != one["seconds launched"]
    assert one["FLOP/s"] == one["flops"] / one["seconds"]["median"]
assert "Replayed from CUDA graphs" in traces.table(trace)
""")


@pytest.mark.triton
def test_a_way_that_does_not_go_into_a_graph_is_timed_without_one_and_says_so():
    on_a_stand_in("""
waits, escapes = paths.Way("Conv2d", "first"), paths.Way("matmul", "first")
capturing, is_capturing = standin.capturing, []


def refusing(graph, stream=None):
    is_capturing.append(True)
    return capturing(graph, stream)


def waiting(x, weight, bias):
    if is_capturing:
        is_capturing.clear()
        raise RuntimeError("operation not permitted when stream is capturing\\nand more")
    return paths.conv(x, weight, bias)


def escaping(x, weight, bias):
    is_capturing.clear()  # its work is not seen by the graph, which would be replayed in no time
    with standin._disable_current_modes():
        return paths.matmul(x, weight, bias)


standin.capturing = refusing
devices.WAYS[waits], devices.WAYS[escapes] = waiting, escaping
trace = measured(waits, escapes)
said = {one["path"]: one["not captured"] for one in trace["records"]}
assert "RuntimeError: operation not permitted when stream is capturing" in said["Conv2d"] and "more" not in said["Conv2d"]
assert said["matmul"].endswith("its replay does not compute the layer")
assert all(one["seconds"] == one["seconds launched"] for one in trace["records"])
table = traces.table(trace)
assert "%*" in table and "* Conv2d, first: 4 timed as Python launches them; the first cannot be captured" in table
assert not traces.doubts(trace)
""")


@pytest.fixture
def quick(monkeypatch):
    """Ceilings in no time: those of a machine that is faster than any."""
    monkeypatch.setattr(
        devices, "ceilings", lambda where, dtypes: FASTER_THAN_ANY | {"peaks": dict.fromkeys(dtypes, 1e18)}
    )


def made(**more):
    return {"device": device.describe("cpu"), "date": "2026-01-31T12:00:00+00:00", "left out for time": 0} | more


def test_every_way_gives_the_layer_with_bias_and_relu():
    for way in EAGER:
        x, weight, bias = devices.inputs(CPU, TINY, (4, 8, 5), 2, "fp32", way.layout)[0]
        y = paths.WAYS[way](x, weight, bias)
        expected = torch.einsum("oc,nchw->nohw", weight, x) + bias[:, None, None]
        torch.testing.assert_close(y, expected.relu())
        assert devices.off_by(y, x, weight, bias) < 1e-6
        assert devices.off_by(y[:, :, :1], x, weight, bias) == float("inf")
        assert devices.off_by(expected, x, weight, bias) > 0.1  # the ReLU is missing


def test_inputs_are_random_change_and_lie_as_they_should():
    for layout, stride in (("first", 1), ("last", 4)):
        batches = devices.inputs(CPU, TINY, (4, 8, 5), 2, "bf16", layout)
        xs = [x for x, _, _ in batches]
        assert len(xs) > 50
        assert {(x.shape, x.dtype, x.stride(3)) for x in xs} == {((2, 4, 5, 5), torch.bfloat16, stride)}
        assert len({x.float().sum().item() for x in xs}) > 45
        assert len({x.data_ptr() for x in xs}) == len(xs)


def test_what_is_measured_is_told_in_full(quick, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    trace = made(**devices.measure(CPU, TINY, EAGER, LAYERS))
    assert len(trace["records"]) == len(LAYERS) * 2 * 2 * len(EAGER)  # two batches, two types
    one = trace["records"][0]
    assert one["FLOP/s"] == pytest.approx(one["flops"] / one["seconds"]["median"])
    assert one["seconds"]["low"] <= one["seconds"]["median"] <= one["seconds"]["high"]
    assert {"intensity", "byte/s", "share of the roof", "off by", "peak bytes"} <= set(one)
    assert traces.doubts(trace) == []
    file, picture = traces.write(trace)
    assert picture.stat().st_size > 5000
    assert json.loads(file.read_text()) == json.loads(json.dumps(trace))
    assert list(traces.read(file.parent)) == [trace["device"]["name"]]
    lines = traces.table(trace).splitlines()
    assert sum(line.startswith(("4 → 8", "8 → 4")) for line in lines) == 8
    assert max(map(len, lines)) < 140


def test_a_way_that_is_wrong_is_not_timed(quick, monkeypatch, capsys):
    way = paths.Way("Conv2d", "first")
    monkeypatch.setitem(devices.WAYS, way, lambda x, weight, bias: paths.conv(x, weight, bias) + 0.01)
    trace = made(**devices.measure(CPU, TINY._replace(batches=(1,)), [way], LAYERS[:1]))
    fp32, bf16 = trace["records"]
    assert "seconds" not in fp32 and fp32["error"] > 1e-3
    assert "seconds" in bf16  # a hundredth is within its tolerance
    assert "against float64" in traces.doubts(trace)[0]
    assert "wrong" in traces.table(trace)


def test_a_point_above_the_roof_accuses_the_ceiling(monkeypatch):
    slow = {"copy": 1e3, "bandwidth": 1e3, "peaks": {"fp32": 1e3, "bf16": 1e3}}
    monkeypatch.setattr(devices, "ceilings", lambda where, dtypes: slow)
    trace = made(**devices.measure(CPU, TINY, EAGER[:1], LAYERS[:1]))
    assert "the ceiling was measured wrongly" in traces.doubts(trace)[0]


def test_what_does_not_fit_the_time_is_left_out_and_counted(quick):
    trace = made(**devices.measure(CPU, TINY._replace(budget=-1), EAGER, LAYERS))
    assert trace["records"] == []
    assert traces.doubts(trace) == ["32 measurements were left out, for time."]


def test_what_has_to_be_compiled_comes_last_and_only_for_some_layers():
    plan = TINY._replace(compiled_layers=1)
    ways = [way for way in paths.WAYS if way.path in ("Conv2d", "compiled")]
    chosen = list(devices.grid(plan, ways, ("fp32",), LAYERS))
    compiled = [one for one in chosen if one[3].path == "compiled"]
    assert compiled == chosen[-2:]
    assert {one[:2] for one in compiled} == {(LAYERS[0], 2)}


def test_without_a_gpu_there_is_one_sentence_and_no_table(monkeypatch, capsys):
    monkeypatch.setattr(device, "pick", lambda prefer="auto": CPU)
    assert main(["bench", "gpu"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("course: there is no GPU") and said.err.count("\n") == 1


def test_a_path_that_cannot_be_taken_is_named_with_its_reason(monkeypatch):
    assert "interpreted" in paths.left_out("cpu")["Triton"]
    monkeypatch.setattr(paths.shutil, "which", lambda name: None)
    assert "compiler" in paths.left_out("cpu")["compiled"]


def test_a_broken_trace_is_named(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(CourseError, match="x.json is not a trace"):
        traces.read(tmp_path)


def test_the_traces_that_come_along_can_be_drawn():
    for trace in traces.read(traces.RECORDED).values():
        assert trace["device"]["kind"] in ("cuda", "mps", "cpu")
        assert trace["date"]
        assert traces.picture(trace).axes


def test_a_forecast_says_that_it_is_one_and_lies_on_the_roof_of_the_data_sheet():
    axes = traces.forecast("H200 SXM").axes[0]
    assert "FORECAST" in axes.get_title(loc="left") and "not measured" in axes.get_title(loc="left")
    spec = device.SPECS["H200 SXM"]
    points = next(line for line in axes.lines if "at best" in str(line.get_label()))
    intensity, flops = points.get_data()
    assert len(flops) == len(devices.LAYERS)
    assert flops.tolist() == pytest.approx(
        [cost.attainable(one, spec.peaks["bf16"], spec.bandwidth) for one in intensity]
    )
    assert sum(intensity < spec.ridge("bf16")) == 9  # as the picture's description says


def test_a_way_that_stops_costs_its_own_records_alone(quick, monkeypatch):
    def stops(x, weight, bias):
        raise MemoryError("too little memory\nand many more lines")

    monkeypatch.setitem(devices.WAYS, EAGER[0], stops)
    trace = made(**devices.measure(CPU, TINY._replace(batches=(1,)), EAGER[:2], LAYERS))
    assert [("stopped" in one, "seconds" in one) for one in trace["records"][:2]] == [(True, False), (False, True)]
    assert traces.doubts(trace) == [
        "4 → 8 at 5×5, n = 1, fp32, Conv2d, first, and 3 more: stopped with MemoryError: too little memory"
    ]
    assert "stopped" in traces.table(trace)


def made_up(layer, path, milliseconds, layout="last", n=256, dtype="fp16"):
    """A record of a device that nobody has: it copies 1 TB/s and computes 100 TFLOP/s."""
    work = cost.pointwise_work(n, *layer[:2], layer[2], layer[2], 2)
    one = {
        "layer": list(layer),
        "n": n,
        "dtype": dtype,
        "path": path,
        "layout": layout,
        "flops": work.flops,
        "bytes": work.moved,
    }
    roofs = {"bandwidth": 1.1e12, "peaks": {"fp16": 1e14}}
    return devices.shared(one | {"seconds": {"median": milliseconds / 1000, "low": 0, "high": 0}}, roofs)


def test_what_our_kernel_is_written_for_can_be_read_off_a_trace():
    least = {layer: 1e-9 * made_up(layer, "", 1)["bytes"] for layer in ours.RESNET}  # ms at 1 TB/s
    shares, records = (0.9, 0.8, 0.7, 0.5), []
    for layer, share in zip(ours.RESNET, shares, strict=True):
        records += [made_up(layer, "Triton", least[layer] / share), made_up(layer, "Triton", 9 * least[layer], "first")]
        records += [made_up(layer, "Conv2d", least[layer] / 0.4), made_up(layer, "matmul", least[layer] / 0.6)]
        records += [made_up(layer, "compiled", 0.1 * least[layer]), made_up(layer, "Triton", 1e-6, n=32)]
    wide = (1024, 1024, 7)
    records += [made_up(wide, "Triton", 0.5), made_up(wide, "Linear", 0.45), made_up(wide, "Conv2d", 0.1)]
    trace = made(ceilings={"copy": 1e12, "bandwidth": 1.1e12, "peaks": {"fp16": 1e14}}, records=records)
    said = "\n".join(ours.summary(trace))
    assert "fp16, n = 256" in said and "bf16" not in said
    assert "64 → 256, 56×56" in said and "ratio 1.50, 90% of the copy's byte/s" in said
    assert "matmul (last)" in said and "compiled" not in said
    assert "or faster: 3 of 4 layers; wanted 3." in said
    assert "Share of the copy's byte/s for 64 → 256, 56×56: 90%; wanted 85%." in said
    assert "Beside cuBLAS for 1024 → 1024, 7×7, limited by computing: 0.90 times as fast; wanted 0.8." in said
    assert ours.summary(trace | {"records": [one for one in records if one["path"] != "Triton"]}) == []


def test_a_bar_is_met_missed_or_not_yet_measured():
    def bars(share, speed, without=()):
        records = []
        for layer in (*ours.RESNET, ours.WIDE):
            least = 1e-9 * made_up(layer, "", 1)["bytes"]
            for way in paths.WAYS:
                if (layer, way) not in without:
                    ms = least / share / (1 if way.path == "Triton" else speed)
                    records.append(made_up(layer, way.path, ms, way.layout))
        trace = made(ceilings={"copy": 1e12, "bandwidth": 1.1e12, "peaks": {"fp16": 1e14}}, records=records)
        return ours.bars(trace, "fp16")

    assert [bar.outcome for bar in bars(share=0.9, speed=0.95)] == ["met"] * 3
    assert [bar.outcome for bar in bars(share=0.84, speed=1.2)] == ["missed", "missed", "met"]
    assert (
        str(bars(share=0.84, speed=1.5)[2])
        == "missed       fp16, speed beside cuBLAS for 1024 → 1024, 7×7: 0.67, wanted 0.80"
    )
    missing = {(ours.WIDE, paths.Way("matmul", "first")), (ours.RESNET[0], paths.Way("Triton", "last"))}
    assert [bar.outcome for bar in bars(0.9, 0.9, missing)] == ["not measured"] * 3


@pytest.mark.gpu
def test_every_way_is_measured_on_a_gpu(tmp_path):
    """In a process of its own, which compiles kernels."""
    code = """
import test_bench_devices as t
from course_utils import device
from course_utils.bench import devices, ours, paths, traces
plan = t.TINY._replace(pool=2**22, compiled_layers=1)  # TINY's budget: Triton compiles 20 kernels, PyTorch 8
where = device.pick("cuda")
trace = t.made(**devices.measure(where, plan, list(paths.WAYS), ((64, 64, 14), (40, 24, 7))))
assert not traces.doubts(trace) or "above the measured roof" in traces.doubts(trace)[0], traces.doubts(trace)
assert all(one["peak bytes"] > 0 for one in trace["records"])
assert {one["path"] for one in trace["records"]} == {way.path for way in paths.WAYS}
traces.write(trace), traces.table(trace)
assert ours.summary(trace)
"""
    environment = os.environ | {"TRITON_INTERPRET": "0", "COURSE_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=Path(__file__).parent, check=True)
