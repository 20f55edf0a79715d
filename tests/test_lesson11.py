"""Lesson 11: what its text claims, the devices that only pretend, and answers that nobody catalogued."""

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import cost, device
from course_utils.base.errors import CourseError
from course_utils.checking.judge import judge
from course_utils.device import pretend
from course_utils.exercises import Exercise, find, of_lesson
from course_utils.plots import roofline as figures

# ---- what the text claims -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "dtype", "low", "high"),
    [
        ("A100 80 GB SXM", "bf16", 0.40, 0.50),
        ("H100 SXM", "bf16", 0.40, 0.50),
        ("T4", "fp16", 0.40, 0.50),
        ("T4", "fp32", 0.25, 0.35),
    ],
)
def test_depthwise_layers_are_a_sliver_of_the_multiply_adds_and_nearly_half_of_the_time(name, dtype, low, high):
    layers, spec = cost.mobilenet_v1().layers, device.SPECS[name]
    seconds = cost.best_seconds(layers, 224, 32, device.ITEMSIZES[dtype], spec.peaks[dtype], spec.bandwidth)
    depthwise = [i for i, layer in enumerate(layers) if layer.groups > 1]
    assert sum(layers[i].macs for i in depthwise) / sum(layer.macs for layer in layers) < 0.035
    assert low < sum(seconds[i] for i in depthwise) / sum(seconds) < high


def test_the_naive_time_lies_above_the_roof_and_the_honest_one_below():
    gpu, work = device.SimulatedGPU("T4"), cost.pointwise_work(32, 64, 256, 56, 56, 4)
    conv, spec = gpu.layer(32, 64, 256, 56, 56), device.SPECS["T4"]
    roof = cost.attainable(work.intensity, spec.peaks["fp32"], spec.bandwidth)
    conv(), gpu.synchronise()
    start = gpu.clock()
    conv()
    naive = gpu.clock() - start
    gpu.synchronise()
    honest = gpu.clock() - start
    assert work.flops / naive > 50 * roof
    assert 0.5 * roof < work.flops / honest < roof


def test_the_two_layers_of_equal_flops_lie_on_both_sides_of_the_ridge():
    narrow, wide = (cost.pointwise_work(32, c, c, side, side, 2) for c, side in ((64, 56), (512, 7)))
    assert narrow.flops == wide.flops
    assert narrow.intensity < device.SPECS["T4"].ridge("fp16") < wide.intensity


def test_computing_limits_the_layer_of_the_explorer_on_the_devices_that_the_text_names():
    sides = {
        (name, dtype): cost.pointwise_work(1, 2048, 512, 7, 7, device.ITEMSIZES[dtype]).intensity > spec.ridge(dtype)
        for name, spec in device.SPECS.items()
        for dtype in spec.peaks
    }
    computing = {one for one, right in sides.items() if right}
    assert computing == {("H200 SXM", "fp32"), ("H100 SXM", "fp32"), ("A100 80 GB SXM", "fp32")}


@pytest.mark.parametrize(
    ("name", "dtype", "ridge"),
    [("H100 SXM", "bf16", 295), ("H100 SXM", "tf32", 148), ("H100 SXM", "fp32", 20), ("A100 80 GB SXM", "bf16", 153),
     ("A100 80 GB SXM", "tf32", 77), ("T4", "fp16", 203), ("T4", "fp32", 25), ("RTX 4090", "fp16", 164),
     ("RTX 4090", "fp32", 82), ("Titan X (Pascal)", "fp32", 23)],
)  # fmt: skip
def test_the_ridges_are_those_of_dense_peaks(name, dtype, ridge):
    assert device.SPECS[name].ridge(dtype) == pytest.approx(ridge, abs=0.5)


@pytest.mark.parametrize(
    ("sizes", "intensity"),
    [
        ((32, 64, 256, 56, 56), 51),
        ((32, 1024, 256, 14, 14), 198),
        ((32, 2048, 512, 7, 7), 325),
        ((1, 2048, 512, 7, 7), 44),
    ],
)
def test_the_intensities_of_real_layers(sizes, intensity):
    assert cost.pointwise_work(*sizes, 2).intensity == pytest.approx(intensity, abs=0.5)
    assert find("arithmetic_intensity").oracle(*sizes, 2) == pytest.approx(intensity, abs=0.5)


# ---- devices --------------------------------------------------------------------------------------------------------


def test_a_model_can_be_moved_to_the_pretended_gpu_and_back():
    net, x = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 20, 2)), torch.randn(2, 3, 4, 5)
    expected = net(x)
    with pretend.Machine(cuda=True, mps=False):
        moved = net.to("cuda")(x.to("cuda"))
        assert moved.device.type == "cuda" and moved.is_cuda
        with pytest.raises(RuntimeError, match="same device"):
            net(x)
        with pytest.raises(TypeError, match="Use Tensor.cpu"):
            moved.detach().numpy()
        with pytest.raises(RuntimeError, match="no mps device"):
            x.to("mps")
        assert torch.equal(moved.cpu(), expected)
        net.to("cpu")
        assert torch.equal(net(x), expected)


def test_a_tensor_on_a_pretended_mac_says_where_it_is():
    with pretend.Machine(cuda=False, mps=True):
        x = torch.ones(2, 3, device="mps")
        assert x.device.type == "mps" and x.is_mps and not x.is_cuda
        with pytest.raises(RuntimeError, match="same device"):
            nn.Linear(3, 2)(x)
        assert nn.Linear(3, 2).to("mps")(x).cpu().device.type == "cpu"


def test_what_a_machine_pretends_ends_with_it():
    before = torch.cuda.is_available(), torch.cuda.device_count(), torch.backends.mps.is_available()
    with pytest.raises(ZeroDivisionError), pretend.Machine(cuda=True, mps=True):
        assert torch.cuda.is_available() and torch.backends.mps.is_available()
        _ = 1 / 0
    assert before == (torch.cuda.is_available(), torch.cuda.device_count(), torch.backends.mps.is_available())


def test_an_honest_time_waits_for_work_and_has_a_spread():
    seconds = iter([5, 1, 2, 3])
    assert device.summary(list(seconds)) == (2.5, 1.75, 3.5)
    assert device.summary([2]) == (2, 2, 2)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: device.pick("gpu"), "expected 'auto', 'cuda', 'mps' or 'cpu'"),
        (lambda: device.SimulatedGPU("T4", "tf32"), "expected one of H200"),
        (lambda: device.SPECS["T4"].ridge("bf16"), "expected one of fp32, fp16"),
        (lambda: device.rounded(torch.ones(1), "float16"), "expected one of fp32, tf32"),
        (lambda: device.timed(print, "cpu", calls=0), "expected at least 1"),
        (lambda: cost.pointwise_work(0, 1, 1, 1, 1, 4), "at least 1"),
        (lambda: cost.pointwise_layers("LeNet"), "expected one of MobileNetV1"),
        (lambda: figures.roofline({}, {}), "at least one name"),
    ],
)
def test_bad_input_is_named(wrong, sentence):
    with pytest.raises(CourseError, match=sentence):
        wrong()


def test_a_point_above_the_roof_is_ringed():
    axes = figures.roofline({"it": (100.0, 10.0)}, {"below": (1.0, 9.0), "above": (1.0, 11.0)}).axes[0]
    ringed = [line for line in axes.lines if line.get_markerfacecolor() == "none" and len(line.get_xdata())]
    assert [line.get_ydata().tolist() for line in ringed] == [[11.0]]


# ---- answers nobody catalogued --------------------------------------------------------------------------------------


def refused(name, answer):
    verdict = judge(find(name), answer)
    assert verdict.outcome in ("wrong", "crashed")
    assert len(verdict.headline) < 300


def best():
    return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


def raises_where_it_is_not_there(prefer="auto"):
    if prefer not in ("auto", "cpu", best()):
        raise ValueError(f"no {prefer} here")
    return torch.device(best() if prefer == "auto" else prefer)


WRONG_PICKS = [
    lambda prefer="auto": torch.device(prefer),
    lambda prefer="auto": None,
    lambda prefer="auto": torch.device("cpu" if prefer == "auto" else prefer),
    lambda prefer="auto": torch.device("cuda" if torch.cuda.is_available() and prefer != "cpu" else "cpu"),
    lambda prefer="auto": torch.device("mps" if torch.backends.mps.is_available() else "cpu"),
    lambda prefer="auto": torch.zeros(1),
    lambda prefer="auto": torch.device("cuda:0" if torch.cuda.is_available() else "cpu").type,
    lambda prefer: torch.device("cuda" if torch.cuda.is_available() else "cpu"),
    lambda prefer="auto": torch.device("meta"),
    lambda prefer="auto": "cpu",
    lambda prefer="auto": torch.device,
    lambda prefer="auto": torch.cuda.is_available(),
    lambda prefer="auto": [torch.device(best())],
    lambda prefer="auto": torch.device(best() if prefer == "auto" else "cpu"),
    lambda prefer="auto": torch.device("cpu" if prefer == "cpu" else best()),
    lambda prefer="auto": torch.device(prefer if prefer in ("cuda", "cpu") and torch.cuda.is_available() else best()),
    lambda prefer="cpu": torch.device(best() if prefer == "auto" else prefer if prefer in (best(), "cpu") else "cpu"),
    lambda prefer="auto": torch.device("cuda" if prefer in ("auto", "gpu") and torch.cuda.is_available() else "cpu"),
    raises_where_it_is_not_there,
]


@pytest.mark.parametrize("answer", WRONG_PICKS)
def test_wrong_picks_are_refused(answer):
    refused("pick_device", answer)


def on_cpu_and_named(model, x, device):
    model.to(device)
    return model.to("cpu")(torch.tensor(x)).detach().numpy()


def weights_copied(model, x, device):
    with torch.no_grad():
        return (model.to(device)(torch.tensor(x, device=device)) + 0.01).cpu().numpy()


def first_layer_alone(model, x, device):
    with torch.no_grad():
        return (model[0].to(device)(torch.tensor(x, device=device)) * 2).cpu().numpy()


def moves_x_and_drops_it(model, x, device):
    given = torch.as_tensor(x)
    given.to(device)
    return model.to(device)(given).detach().cpu().numpy()


WRONG_RUNS = [
    on_cpu_and_named,
    weights_copied,
    lambda model, x, device: x,
    lambda model, x, device: None,
    lambda model, x, device: np.zeros_like(model(torch.tensor(x)).detach().numpy()),
    lambda model, x, device: model.cuda()(torch.tensor(x).cuda()).detach().cpu().numpy(),
    lambda model, x, device: model.to(device)(torch.tensor(x).to(device)).detach().cpu().tolist(),
    lambda model, x, device: model.to(device)(torch.tensor(x[:1]).to(device)).detach().cpu().numpy(),
    lambda model, x, device: model.to(device)(torch.tensor(x).to(device)).detach().cpu().numpy()[0],
    lambda model, x, device: model.to(device)(x),
    lambda model, x, device: (
        model.to(device)(torch.tensor(x, device=device)).numpy(force=True).astype(np.float64) + 0.1
    ),
    lambda model, x, device: model.to(device)(torch.tensor(x, device=device)).numpy(force=True).T,
    lambda model, x, device: model.to(device)(torch.tensor(x, device=device)).numpy(force=True).ravel(),
    lambda model, x, device: model.to(device)(torch.tensor(x, device=device)).detach().cpu().numpy().max(),
    lambda model, x, device: model.to("cpu")(torch.tensor(x).to(device)).detach().cpu().numpy(),
    lambda model, x, device: np.maximum(model.to(device)(torch.tensor(x, device=device)).numpy(force=True), 0) - 1,
    lambda model, x, device: model.to(device),
    lambda model, x, device: model.to(device).forward(torch.tensor(-x, device=device)).numpy(force=True),
    first_layer_alone,
    moves_x_and_drops_it,
]


@pytest.mark.parametrize("answer", WRONG_RUNS)
def test_wrong_runs_are_refused(answer):
    refused("run_on", answer)


def timed_with(times_to_answer, before=True, after=True, warm=lambda n: n, count=lambda n: n):
    def answer(fn, warmup, iters, sync, clock):
        for _ in range(warm(warmup)):
            fn()
        times = []
        for _ in range(count(iters)):
            if before:
                sync()
            start = clock()
            fn()
            if after:
                sync()
            times.append(clock() - start)
        return times_to_answer(times)

    return answer


def by_the_wall(fn, warmup, iters, sync, clock):
    import time

    return timed_with(np.median)(fn, warmup, iters, sync, time.perf_counter)


def drops_the_slowest(times):
    return sum(sorted(times)[:-1]) / max(len(times) - 1, 1)


WRONG_STOPWATCHES = [
    by_the_wall,
    timed_with(max),
    timed_with(sum),
    timed_with(lambda times: times),
    timed_with(lambda times: times[-1]),
    timed_with(drops_the_slowest),
    timed_with(np.std),
    timed_with(lambda times: None),
    timed_with(lambda times: sorted(times)[(len(times) - 1) // 2]),
    timed_with(np.median, warm=lambda n: n + 1),
    timed_with(np.median, count=lambda n: n + 1),
    timed_with(np.median, count=lambda n: max(1, n - 1)),
    timed_with(lambda times: 1e6 * np.median(times)),
    timed_with(lambda times: 0.0),
    lambda fn, warmup, iters, sync, clock: 0.002,
    timed_with(lambda times: float(np.median(times[1:] or times))),
    timed_with(lambda times: (np.median(times), np.std(times))),
    timed_with(lambda times: f"{np.median(times)} s"),
    timed_with(lambda times: float(np.percentile(times, 25))),
    timed_with(lambda times: round(float(np.median(times)), 3)),
    timed_with(np.median, count=lambda n: 2 * n),
]


@pytest.mark.parametrize("answer", WRONG_STOPWATCHES)
def test_wrong_stopwatches_are_refused(answer):
    refused("benchmark", answer)


def intensity_with(flops=2, moved=lambda p, a, b: p * a + p * b + a * b):
    return lambda n, c_in, c_out, h, w, itemsize: (
        flops * n * h * w * c_in * c_out / (itemsize * moved(n * h * w, c_in, c_out))
    )


WRONG_INTENSITIES = [
    intensity_with(flops=4),
    intensity_with(moved=lambda p, a, b: p * (a + b) + a * b + b),
    intensity_with(moved=lambda p, a, b: 2 * (p * (a + b) + a * b)),
    intensity_with(moved=lambda p, a, b: p * a * b),
    intensity_with(moved=lambda p, a, b: p * (a + b) + a * a),
    lambda n, c_in, c_out, h, w, itemsize: 2 * c_in * c_out / (itemsize * (c_in + c_out)),
    lambda n, c_in, c_out, h, w, itemsize: round(intensity_with()(n, c_in, c_out, h, w, itemsize), 1),
    lambda n, c_in, c_out, h, w, itemsize: int(intensity_with()(n, c_in, c_out, h, w, itemsize)),
    lambda n, c_in, c_out, h, w, itemsize: intensity_with()(n, c_in, c_out, h, h, itemsize),
    lambda n, c_in, c_out, h, w, itemsize: intensity_with()(n, c_in, c_out, h, w, 4),
    lambda n, c_in, c_out, h, w, itemsize: (
        2 * n * h * w * c_in * c_out // (itemsize * (n * h * w * (c_in + c_out) + c_in * c_out))
    ),
    lambda n, c_in, c_out, h, w, itemsize: 12 / 44,
    intensity_with(moved=lambda p, a, b: p * (a + b) + a * b + p * b),  # the bias in a step of its own
    intensity_with(moved=lambda p, a, b: p * max(a, b) + a * b),
    intensity_with(moved=lambda p, a, b: a + b + a * b),
    intensity_with(moved=lambda p, a, b: p * (a + b) + 9 * a * b),  # a 3×3
    lambda n, c_in, c_out, h, w, itemsize: np.array([intensity_with()(n, c_in, c_out, h, w, itemsize)]),
    lambda n, c_in, c_out, h, w, itemsize: print(intensity_with()(n, c_in, c_out, h, w, itemsize)),
    lambda n, c_in, c_out, h, w, itemsize: intensity_with()(1, c_in, c_out, n * h, n * w, itemsize),
]


@pytest.mark.parametrize("answer", WRONG_INTENSITIES)
def test_wrong_intensities_are_refused(answer):
    refused("arithmetic_intensity", answer)


WRONG_ROOFS = [
    lambda ai, peak, bandwidth: min(ai * bandwidth, peak),
    lambda ai, peak, bandwidth: (min(ai * bandwidth, peak), None),
    lambda ai, peak, bandwidth: (min(ai * bandwidth, peak), "memory"),
    lambda ai, peak, bandwidth: (min(ai * bandwidth, peak), "Memory" if ai * bandwidth < peak else "Compute"),
    lambda ai, peak, bandwidth: ("memory" if ai * bandwidth < peak else "compute", min(ai * bandwidth, peak)),
    lambda ai, peak, bandwidth: (ai * bandwidth + peak, "memory" if ai * bandwidth < peak else "compute"),
    lambda ai, peak, bandwidth: (min(ai * bandwidth, peak) / 1e12, "memory" if ai * bandwidth < peak else "compute"),
    lambda ai, peak, bandwidth: (min(ai, peak / bandwidth), "memory" if ai * bandwidth < peak else "compute"),
    lambda ai, peak, bandwidth: (min(ai * bandwidth, peak), ai * bandwidth < peak),
    lambda ai, peak, bandwidth: (
        1 / (1 / (ai * bandwidth) + 1 / peak),
        "memory" if ai * bandwidth < peak else "compute",
    ),
    lambda ai, peak, bandwidth: {"memory": ai * bandwidth, "compute": peak},
    lambda ai, peak, bandwidth: (20, "memory"),
    lambda ai, peak, bandwidth: (
        min(ai * bandwidth, peak),
        "memory bound" if ai * bandwidth < peak else "compute bound",
    ),
    lambda ai, peak, bandwidth: (min(ai * bandwidth, peak), "memory", "compute"),
    lambda ai, peak, bandwidth: (min(ai * peak, bandwidth), "memory" if ai * peak < bandwidth else "compute"),
    lambda ai, peak, bandwidth: (min(ai * bandwidth, peak), "memory" if ai < 1 else "compute"),
    lambda ai, peak, bandwidth: ("memory", ai * bandwidth) if ai * bandwidth < peak else ("compute", peak),
    lambda ai, peak, bandwidth: print(min(ai * bandwidth, peak), "memory" if ai * bandwidth < peak else "compute"),
]


@pytest.mark.parametrize("answer", WRONG_ROOFS)
def test_wrong_roofs_are_refused(answer):
    refused("roofline", answer)


# ---- right answers in other styles ----------------------------------------------------------------------------------


def on_the_best(prefer="auto"):
    best = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else torch.device("cpu")
    if prefer == "auto":
        return best
    return torch.device(prefer) if prefer == best.type else torch.device("cpu")


def by_trying(prefer="auto"):
    for name in ("cuda", "mps", "cpu") if prefer == "auto" else (prefer, "cpu"):
        try:
            torch.zeros(1, device=name)
            return torch.device(name)
        except (RuntimeError, AssertionError):
            continue


def by_match(prefer="auto"):
    match prefer, torch.cuda.is_available(), torch.backends.mps.is_available():
        case ("auto" | "cuda", True, _):
            return torch.device("cuda:0")
        case ("auto" | "mps", _, True):
            return torch.device(type="mps")
        case _:
            return torch.device("cpu")


def from_a_filtered_list(prefer="auto"):
    there = ["cuda"] * torch.cuda.is_available() + ["mps"] * torch.backends.mps.is_available() + ["cpu"]
    return torch.device(there[0] if prefer == "auto" else next((name for name in there if name == prefer), there[-1]))


def with_a_helper(prefer="auto"):
    def is_there(name):
        return (
            name == "cpu" or getattr(torch.backends, name).is_available()
            if name != "cuda"
            else torch.cuda.is_available()
        )

    names = [name for name in ("cuda", "mps", "cpu") if is_there(name)]
    return torch.device(prefer if prefer in names else names[0] if prefer == "auto" else "cpu")


def where_a_tensor_lands(prefer="auto"):
    for name in ("cuda", "mps") if prefer == "auto" else (prefer,):
        try:
            return torch.ones(1, device=name).device
        except (RuntimeError, AssertionError):
            pass
    return torch.device("cpu")


def by_counting(prefer="auto"):
    for name, module in (("cuda", torch.cuda), ("mps", torch.mps)):
        if prefer in ("auto", name) and module.device_count():
            return torch.device(name)
    return torch.device("cpu")


def with_everything_named(model, x, device):
    with torch.inference_mode(), torch.device(device):
        answer = model.to(device).forward(torch.from_numpy(x.copy()).to(device, torch.float32))
    return answer.numpy(force=True)


@torch.no_grad()
def with_a_decorator(model, x, device):
    return model.to(device)(torch.from_numpy(x).to(device)).cpu().numpy()


def with_eval_and_as_many_names_as_steps(model, x, device):
    model = model.eval().to(device)
    x_there = torch.tensor(x, dtype=torch.float32).to(device)
    y_there = model(x_there).detach()
    y_here = y_there.cpu()
    return np.asarray(y_here)


def where_the_weights_are(model, x, device):
    model.to(device)
    with torch.no_grad():
        return model(torch.as_tensor(x).to(next(model.parameters()))).to("cpu").numpy()


def image_by_image(model, x, device):
    model.to(device)
    with torch.no_grad():
        return np.concatenate([model(torch.as_tensor(one[None]).to(device)).cpu().numpy() for one in x])


def by_statistics(fn, warmup, iters, sync, clock):
    import statistics

    for _ in range(warmup):
        fn()
        sync()
    sync()

    def once():
        start = clock()
        fn()
        sync()
        return clock() - start

    return statistics.median(once() for _ in range(iters))


def all_timed_then_some_dropped(fn, warmup, iters, sync, clock):
    times = []
    while len(times) < warmup + iters:
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return np.median(times[warmup:])


def by_half_sums(fn, warmup, iters, sync, clock):
    times = sorted(timed_with(lambda times: times)(fn, warmup, iters, sync, clock))
    middle = len(times) // 2
    return times[middle] if len(times) % 2 else (times[middle - 1] + times[middle]) / 2


def with_torch(fn, warmup, iters, sync, clock):
    return timed_with(lambda times: torch.tensor(times, dtype=torch.float64).quantile(0.5).item())(
        fn, warmup, iters, sync, clock
    )


def exactly(n, c_in, c_out, h, w, itemsize):
    from fractions import Fraction

    pixels = n * h * w
    return Fraction(2 * pixels * c_in * c_out, itemsize * (pixels * c_in + pixels * c_out + c_in * c_out)).__float__()


def by_shapes(n, c_in, c_out, h, w, itemsize):
    x, weight, y = torch.empty(n, c_in, h, w, device="meta"), torch.empty(c_out, c_in, device="meta"), (n, c_out, h, w)
    return 2 * x.numel() * c_out / (itemsize * (x.numel() + weight.numel() + torch.Size(y).numel()))


def by_one_pixel_of_many(n, c_in, c_out, h, w, itemsize):
    share_of_weights = c_in * c_out / (n * h * w)
    return 2.0 * c_in * c_out / (itemsize * (c_in + c_out + share_of_weights))


def by_logarithms(n, c_in, c_out, h, w, itemsize):
    flops = np.log([2, n, h, w, c_in, c_out]).sum()
    return np.exp(flops - np.log(itemsize) - np.log(n * h * w * (c_in + c_out) + c_in * c_out))


def in_numpy_numbers(ai, peak, bandwidth):
    return [np.minimum(ai * bandwidth, peak), ("memory", "compute")[int(np.argmin([ai * bandwidth, peak]))]]


def by_seconds(ai, peak, bandwidth):
    moving, computing = 1 / bandwidth, ai / peak  # for one byte, and the work that goes with it
    return ai / max(moving, computing), "memory" if moving > computing else "compute"


def one_if(ai, peak, bandwidth):
    if bandwidth * ai < peak:
        return bandwidth * ai, "memory"
    return peak, "compute"


def by_dictionary(ai, peak, bandwidth):
    return min((ai * bandwidth, "memory"), (peak, "compute"), key=lambda pair: pair[0])


def by_torch(ai, peak, bandwidth):
    limit, which = torch.tensor([ai * bandwidth, peak], dtype=torch.float64).min(dim=0)
    return limit.item(), ["memory", "compute"][which]


RIGHT = {
    "pick_device": [on_the_best, by_trying, by_match, from_a_filtered_list, with_a_helper, where_a_tensor_lands, by_counting],
    "run_on": [with_everything_named, with_a_decorator, with_eval_and_as_many_names_as_steps, where_the_weights_are, image_by_image],
    "benchmark": [by_statistics, timed_with(np.median), all_timed_then_some_dropped, by_half_sums, with_torch],
    "arithmetic_intensity": [exactly, by_shapes, by_one_pixel_of_many, by_logarithms, intensity_with()],
    "roofline": [in_numpy_numbers, by_seconds, one_if, by_dictionary, by_torch],
}  # fmt: skip


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("name", "answer"), [(name, one) for name, answers in RIGHT.items() for one in answers])
def test_right_answers_in_other_styles_are_accepted(name, answer, seed):
    assert judge(find(name), answer, seed).outcome == "correct"


def test_every_exercise_is_tried_with_answers_that_nobody_catalogued():
    wrong = WRONG_PICKS, WRONG_RUNS, WRONG_STOPWATCHES, WRONG_INTENSITIES, WRONG_ROOFS
    exercises = [item.name for item in of_lesson("11_on_the_gpu") if isinstance(item, Exercise)]
    assert list(RIGHT) == exercises
    assert min(map(len, wrong)) >= 15 and min(map(len, RIGHT.values())) >= 5
