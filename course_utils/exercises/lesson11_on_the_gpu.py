"""Lesson 11: devices, honest timing, the roofline, fewer bits, and what training keeps in memory.

No GPU is needed: what depends on one is looked at on a machine that pretends to have it, or on a simulated queue.
"""

import statistics

import numpy as np

from course_utils.exercises.inputs import distinct_sizes, signed
from course_utils.exercises.spec import case, exercise, question, right, wrong

# ---- a device --------------------------------------------------------------------------------------------------------


def machines(rng):
    """Cases for `f(prefer)`, followed by whether the machine has CUDA and MPS; the order of most is drawn."""
    yield case("a machine without a GPU", "auto", False, False)
    rest = [
        case("a machine with an NVIDIA GPU", "auto", True, False),
        case("a Mac with its own GPU", "auto", False, True),
        case("CUDA and MPS both there", "auto", True, True),
        case("called without an argument, on a machine with an NVIDIA GPU", None, True, False),
        case("the CPU is asked for, and there is a GPU", "cpu", True, False),
        case("the CPU is asked for, on a Mac", "cpu", False, True),
        case("CUDA is asked for, and there", "cuda", True, False),
        case("MPS is asked for, and there", "mps", False, True),
        case("CUDA is asked for, and there is none", "cuda", False, False),
        case("CUDA is asked for, on a Mac", "cuda", False, True),
        case("MPS is asked for, and there is none", "mps", False, False),
        case("MPS is asked for, on a machine with an NVIDIA GPU", "mps", True, False),
    ]
    for i in rng.permutation(len(rest)):
        yield rest[i]


def device_picked(function, prefer=None, cuda=False, mps=False):
    """What is picked on a machine with or without CUDA and MPS."""
    from course_utils.device import pretend

    kind, device = pretend.picked(function, prefer, cuda, mps)
    return {"what it returns": f"a {kind}", "the device": device}


@exercise(
    cases=machines,
    observe=device_picked,
    hints=(
        "PyTorch can tell which devices are there. What does your function do with a device that is asked for and is not?",
        "torch.cuda.is_available() and torch.backends.mps.is_available() answer; the CPU is always there. With 'auto' the "
        "first of cuda, mps, cpu that is there wins; a name wins if it is there, and else the CPU does.",
        "there = {'cuda': …is_available(), 'mps': …is_available(), 'cpu': True};  if prefer == 'auto': first name that is "
        "there;  else: prefer if there[prefer], or 'cpu';  return torch.device(name)",
    ),
)
def pick_device(prefer="auto"):
    import torch

    there = [torch.cuda.is_available(), torch.backends.mps.is_available(), True]
    names = [name for name, is_there in zip(("cuda", "mps", "cpu"), there, strict=True) if is_there]
    return torch.device(names[0] if prefer == "auto" else prefer if prefer in names else "cpu")


@pick_device.mistake("DEV", "You return cuda whether or not it is there. On most laptops the next line would stop: ask torch.cuda.is_available() first.")
def cuda_always(prefer="auto"):
    import torch

    return torch.device("cuda")


@pick_device.mistake("DEV", "You return the CPU on every machine. A GPU that is there should be used, unless somebody asks for the CPU.")
def cpu_always(prefer="auto"):
    import torch

    return torch.device("cpu")


@pick_device.mistake("DEV", "A Mac's own GPU is left idle: PyTorch calls it 'mps', and torch.backends.mps.is_available() knows whether it is there.")
def only_cuda_counts(prefer="auto"):
    import torch

    found = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(found if prefer in ("auto", found) else "cpu")


@pick_device.mistake("DEV", "`prefer` makes no difference: who asks for the CPU has to get the CPU, also where there is a GPU.")
def wish_ignored(prefer="auto"):
    import torch

    return torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")


@pick_device.mistake("DEV", "A device that is asked for by name is returned although it is not there. Fall back on the CPU.")
def wish_trusted(prefer="auto"):
    import torch

    if prefer != "auto":
        return torch.device(prefer)
    return torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")


@pick_device.mistake("DEV", "You return a text. `torch.device(…)` makes a device of it, with a `.type` that the next functions can ask for.")
def name_only(prefer="auto"):
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return next(name for name in there if there[name]) if prefer == "auto" else prefer if there[prefer] else "cpu"


@pick_device.mistake("ORD", "Where there are both, cuda goes before mps.")
def mps_first(prefer="auto"):
    import torch

    there = {"mps": torch.backends.mps.is_available(), "cuda": torch.cuda.is_available(), "cpu": True}
    name = next(name for name in there if there[name]) if prefer == "auto" else prefer if there[prefer] else "cpu"
    return torch.device(name)


@pick_device.mistake("DEV", "Asked for a device that is not there you take another GPU. The text wants the CPU then: nobody asked for that GPU.")
def another_gpu_instead(prefer="auto"):
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    best = next(name for name in there if there[name])
    return torch.device(prefer if there.get(prefer) else best)


@pick_device.mistake("DEV", "torch.cuda.is_available without brackets is a function, and a function counts as true. Call it: is_available().")
def brackets_forgotten(prefer="auto"):
    import torch

    if prefer == "auto":
        return torch.device("cuda" if torch.cuda.is_available else "cpu")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return torch.device(prefer if there[prefer] else "cpu")


@pick_device.alternative
def with_ifs(prefer="auto"):
    import torch

    if prefer in ("auto", "cuda") and torch.cuda.is_available():
        return torch.device("cuda", 0)
    if prefer in ("auto", "mps") and torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


@pick_device.alternative
def with_a_table(prefer="auto"):
    import torch

    there = {"cuda": torch.cuda.device_count() > 0, "mps": torch.backends.mps.is_available(), "cpu": True}
    wanted = list(there) if prefer == "auto" else [prefer, "cpu"]
    return torch.device(next(name for name in wanted if there[name]))


def networks(rng):
    """Cases for `f(model, x, device)`, followed by whether the machine has CUDA."""
    from torch import nn

    a, b, c = distinct_sizes(rng, 3)
    mixer = nn.Sequential(nn.Conv2d(a, b, 1), nn.ReLU(), nn.Conv2d(b, c, 1))
    yield case("a GPU, and it is asked for", mixer, signed(rng, 2, a, 4, 5).astype(np.float32), "cuda", True)
    yield case("no GPU", mixer, signed(rng, 3, a, 2, 1).astype(np.float32), "cpu", False)
    yield case("a GPU, but the CPU is asked for", mixer, signed(rng, 1, a, 3, 2).astype(np.float32), "cpu", True)
    dense = nn.Sequential(nn.Linear(a, c))
    yield case("a dense layer on the GPU", dense, signed(rng, 4, a).astype(np.float32), "cuda", True)


def run_seen(function, model, x, device="cpu", cuda=False):
    """Where the model ran, and what came back."""
    from course_utils.device import pretend

    weights, inputs, kind, numbers = pretend.ran(function, model, x, device, cuda)
    seen = {"the model's weights are on": weights or "nothing, it never ran", "its input is on": inputs or "nothing"}
    seen["what comes back"] = kind
    return seen | ({"its numbers": numbers} if numbers is not None else {})


@exercise(
    cases=networks,
    observe=run_seen,
    axes="n c_out h w",
    hints=(
        "Three things have to be somewhere: the weights, the input, and the answer. Where is each of them when the call begins?",
        "model.to(device) moves the weights of a model, in place. A tensor is not moved: x.to(device) *returns* another one. "
        "NumPy reads only the CPU's memory, and only tensors that autograd does not watch.",
        "model.to(device);  x = torch.as_tensor(x).to(device);  with torch.no_grad(): y = model(x);  return y.cpu().numpy()",
    ),
)
def run_on(model, x, device):
    import torch

    with torch.inference_mode():
        return model.to(device)(torch.tensor(x, device=device)).cpu().numpy()


@run_on.mistake("DEV", "The input goes to the device, and the model stays where it was. PyTorch stops with “Expected all tensors to be on the same device”.")
def input_moved_only(model, x, device):
    import torch

    with torch.no_grad():
        return model(torch.as_tensor(x).to(device)).cpu().numpy()


@run_on.mistake("DEV", "The model goes to the device, and its input stays on the CPU. Mind that x.to(device) moves nothing: it returns another tensor, so keep what it returns.")
def model_moved_only(model, x, device):
    import torch

    with torch.no_grad():
        return model.to(device)(torch.as_tensor(x)).cpu().numpy()


@run_on.mistake("DEV", "Nothing is moved: everything runs on the CPU, whatever `device` says.")
def nothing_moved(model, x, device):
    import torch

    with torch.no_grad():
        return model(torch.as_tensor(x)).numpy()


@run_on.mistake("DEV", "“cuda” is written into your function. It has to run on `device`, which is the CPU on a machine without a GPU.")
def written_in_cuda(model, x, device):
    import torch

    with torch.no_grad():
        return model.to("cuda")(torch.as_tensor(x).to("cuda")).cpu().numpy()


@run_on.mistake("DEV", "The answer is still on the GPU, and NumPy reads only the CPU's memory: bring it back with .cpu() first.")
def answer_left_on_the_gpu(model, x, device):
    import torch

    with torch.no_grad():
        return model.to(device)(torch.as_tensor(x).to(device)).numpy()


@run_on.mistake("DEV", "A torch module takes tensors, and x is a NumPy array: torch.as_tensor(x) makes one of it.")
def array_handed_in(model, x, device):
    return model.to(device)(x).cpu().numpy()


@run_on.mistake("GRD", "Autograd still watches the answer, and NumPy cannot take such a tensor. Nothing is trained here: run the model in `with torch.no_grad():`, or detach the answer.")
def still_watched(model, x, device):
    import torch

    return model.to(device)(torch.as_tensor(x).to(device)).cpu().numpy()


@run_on.mistake("DEV", "You return a tensor on the device. Who calls this function wants a NumPy array, wherever it was computed.")
def tensor_on_the_device(model, x, device):
    import torch

    with torch.no_grad():
        return model.to(device)(torch.as_tensor(x).to(device))


@run_on.mistake("DEV", "You return a tensor on the CPU. It is one step from the NumPy array that is asked for: .numpy().")
def tensor_on_the_cpu(model, x, device):
    import torch

    with torch.no_grad():
        return model.to(device)(torch.as_tensor(x).to(device)).cpu()


@run_on.alternative
def in_small_steps(model, x, device):
    import torch

    model = model.to(device)
    given = torch.from_numpy(x).to(device)
    answer = model(given)
    return answer.detach().to("cpu").numpy()


@run_on.alternative
def on_a_copy(model, x, device):
    import copy

    import torch

    own = copy.deepcopy(model).to(device=device)
    with torch.no_grad():
        return np.array(own(torch.as_tensor(x, device=next(own.parameters()).device)).tolist(), dtype=np.float32)


# ---- timing ----------------------------------------------------------------------------------------------------------


def queues(rng):
    """Cases for `f(fn, warmup, iters, sync, clock)`: the seconds that each call of fn takes, and the two counts."""
    usual = rng.permutation(np.arange(11, 31)) / 10_000  # 1.1 to 3.0 ms, all different
    first, slow = 0.2 + usual[0], 0.04
    a, b, c, d, e, f, g = (float(value) for value in usual[:7])
    yield case("a slow first call, one call of the others delayed", {"calls": [first, a, slow, b, c, d, e, f]}, 1, 7)
    yield case("two calls to warm up", {"calls": [first, 9 * a, b, c, slow, d]}, 2, 4)
    yield case("one timed call", {"calls": [first, a, b]}, 2, 1)
    yield case("no warm-up", {"calls": [a, b, slow, c, d]}, 0, 5)
    yield case("the queue is not empty at the start", {"calls": [a, b], "before": 0.3}, 0, 1)
    yield case("a device without a queue", {"calls": [first, a, b, c, d, e], "waits": True}, 1, 5)
    yield case("an even number of calls", {"calls": [first, a, slow, slow, b, e, g]}, 1, 6)


def benchmark_seen(function, work, warmup, iters):
    """The seconds that `function` finds, how often it calls fn, and how often it looks at the clock too early."""
    from course_utils.device import SimulatedGPU

    gpu, calls, early = SimulatedGPU(), work["calls"], 0
    gpu.run(work.get("before", 0.0))

    def fn():
        gpu.run(calls[min(len(gpu.log), len(calls)) - 1])  # the log begins with what was there before
        if work.get("waits"):
            gpu.synchronise()

    def sync():
        gpu.synchronise()

    def clock():
        nonlocal early
        early += gpu.now < gpu.free_at
        return gpu.clock()

    found = function(fn, warmup, iters, sync, clock)
    seen = {"calls of fn": len(gpu.log) - 1, "looks at the clock while the device is busy": early}
    return seen | {"seconds": found}


@exercise(
    cases=queues,
    observe=benchmark_seen,
    hints=(
        "fn() returns when its work is in the queue. What do you have to wait for before you look at the clock?",
        "Both looks at the clock need an empty queue: sync() before the first, or old work is timed; sync() before the second, "
        "or the work is not done. The warm-up calls come before all that, and one number for each timed call goes into the median.",
        "for warmup: fn();  for iters: sync(); start = clock(); fn(); sync(); keep clock() - start;  return the median of what you kept",
    ),
)
def benchmark(fn, warmup, iters, sync, clock):
    def seconds():
        sync()
        start = clock()
        fn()
        sync()
        return clock() - start

    for _ in range(warmup):
        fn()
    return statistics.median([seconds() for _ in range(iters)])


@benchmark.mistake("DEV", "You never wait: clock() tells how long it takes to put work into the queue. Call sync() before you look at the clock, both times.")
def never_waited(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        start = clock()
        fn()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake("DEV", "You wait before fn() and not after it: when you look at the clock the second time, the work has only begun.")
def waited_before_only(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake("DEV", "You wait after fn() and not before the first look at the clock: the work that was still in the queue is timed too.")
def waited_after_only(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake("ORD", "sync() comes after the second look at the clock. First wait, then look.")
def waited_too_late(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        start = clock()
        fn()
        stop = clock()
        sync()
        times.append(stop - start)
    return float(np.median(times))


@benchmark.mistake("DEV", "The calls of the warm-up are timed with the others. Let them run first, and keep nothing of them.")
def warmup_timed(fn, warmup, iters, sync, clock):
    times = []
    for _ in range(warmup + iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake("DEV", "There is no warm-up: call fn `warmup` times before the first timed call.")
def no_warmup(fn, warmup, iters, sync, clock):
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake("DEV", "fn is called once to warm up, whatever `warmup` says.")
def one_warmup(fn, warmup, iters, sync, clock):
    fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))


@benchmark.mistake("AVG", "This is the mean: one call that had to wait for somebody else pulls it up. The median does not mind.")
def mean_of_all(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return sum(times) / len(times)


@benchmark.mistake("AVG", "You time all calls in one go and divide: that is a mean, and one slow call pulls it up. Time each call, then take the median.")
def all_in_one_go(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    sync()
    start = clock()
    for _ in range(iters):
        fn()
    sync()
    return (clock() - start) / iters


@benchmark.mistake("DEV", "This is the fastest call, what the device can do on a lucky day. The median is asked for.")
def fastest_of_all(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return min(times)


@benchmark.mistake("DEV", "You time one call only. One number has no spread: time `iters` calls and take the median.")
def one_call_timed(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    sync()
    start = clock()
    fn()
    sync()
    return clock() - start


@benchmark.mistake("EDG", "With an even number of calls the median lies between the two in the middle. sorted(times)[len(times) // 2] takes the upper one.")
def upper_middle(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return sorted(times)[len(times) // 2]


@benchmark.mistake("UNI", "These are milliseconds. clock() counts seconds; leave them.")
def in_milliseconds(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(iters):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return 1000 * float(np.median(times))


@benchmark.alternative
def with_numpy(fn, warmup, iters, sync, clock):
    times = np.zeros(iters)
    for _ in range(warmup):
        fn()
    sync()
    for i in range(iters):
        start = clock()
        fn()
        sync()
        times[i] = clock() - start
    return np.median(times)


@benchmark.alternative
def with_one_look_a_call(fn, warmup, iters, sync, clock):
    for _ in range(warmup):
        fn()
    sync()
    looks = [clock()]
    for _ in range(iters):
        fn()
        sync()
        looks.append(clock())
    times = sorted(b - a for a, b in zip(looks, looks[1:], strict=False))
    return (times[(iters - 1) // 2] + times[iters // 2]) / 2


# ---- the roofline ----------------------------------------------------------------------------------------------------


def sizes(rng):
    """Cases for `f(n, c_in, c_out, h, w, itemsize)`: small ones whose terms all count, then real layers."""
    yield case("every size different", 2, 3, 5, 4, 7, 4)
    yield case("one pixel", 1, 6, 4, 1, 1, 8)
    yield case("one input channel", 3, 1, 8, 2, 5, 2)
    yield case("one output channel", 2, 9, 1, 3, 4, 4)
    yield case("ResNet-50, 64 → 256 at 56×56, 16 bits", 32, 64, 256, 56, 56, 2)
    yield case("ResNet-50, 2048 → 512 at 7×7, one image", 1, 2048, 512, 7, 7, 4)
    yield case("random sizes", *distinct_sizes(rng, 5, high=40), int(rng.choice([2, 4, 8])))


@exercise(
    cases=sizes,
    hints=(
        "Two counts and one division. Which tensors have to be read, and which is written?",
        "FLOPs: two for each multiply-add, N·H·W·C_in·C_out of those. Bytes: x, y and the weights, each once, itemsize bytes a number.",
        "pixels = n * h * w;  flops = 2 * pixels * c_in * c_out;  numbers = pixels * c_in + pixels * c_out + c_in * c_out;  "
        "return flops / (itemsize * numbers)",
    ),
)
def arithmetic_intensity(n, c_in, c_out, h, w, itemsize):
    x, weight, y = (n, c_in, h, w), (c_out, c_in), (n, c_out, h, w)
    return 2 * np.prod(x) * c_out / (itemsize * sum(map(np.prod, (x, weight, y))))


@arithmetic_intensity.mistake("UNI", "You count multiply-adds. Each is two FLOPs, a multiplication and an addition.")
def macs_counted(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return p * c_in * c_out / (itemsize * (p * c_in + p * c_out + c_in * c_out))


@arithmetic_intensity.mistake("DEV", "The output is missing: y has to be written to memory, N·C_out·H·W numbers.")
def output_forgotten(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_in + c_in * c_out))


@arithmetic_intensity.mistake("DEV", "The weights are missing: they have to be read too, C_in·C_out numbers. With few pixels they are the largest tensor of all.")
def weight_forgotten(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_in + p * c_out))


@arithmetic_intensity.mistake("DEV", "The input is missing: x has to be read, N·C_in·H·W numbers.")
def input_forgotten(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_out + c_in * c_out))


@arithmetic_intensity.mistake("UNI", "You divide by bits. itemsize counts bytes already, 4 for float32.")
def bits_counted(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (8 * itemsize * (p * c_in + p * c_out + c_in * c_out))


@arithmetic_intensity.mistake("UNI", "This is FLOPs for each *number*. How many bytes has a number? itemsize says it.")
def numbers_counted(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (p * c_in + p * c_out + c_in * c_out)


@arithmetic_intensity.mistake("BAT", "This is the intensity of one image. All images use the same weights, so those are read once for the whole batch, and x and y have N·H·W pixels.")
def one_image_counted(n, c_in, c_out, h, w, itemsize):
    p = h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_in + p * c_out + c_in * c_out))


@arithmetic_intensity.mistake("MUL", "x is counted once for each output. A product reads it once and uses it for all of them: that is why it is fast.")
def input_for_each_output(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return 2 * p * c_in * c_out / (itemsize * (p * c_in * c_out + p * c_out + c_in * c_out))


@arithmetic_intensity.mistake("UNI", "This is bytes per FLOP. The intensity is the other way round: the work done with each byte.")
def upside_down(n, c_in, c_out, h, w, itemsize):
    p = n * h * w
    return itemsize * (p * c_in + p * c_out + c_in * c_out) / (2 * p * c_in * c_out)


@arithmetic_intensity.alternative
def by_bytes_of_arrays(n, c_in, c_out, h, w, itemsize):
    moved = 0
    for numbers in (n * c_in * h * w, c_out * c_in, n * c_out * h * w):
        moved += itemsize * numbers
    return (2 * n * h * w * c_in * c_out) / moved


@arithmetic_intensity.alternative
def by_reciprocals(n, c_in, c_out, h, w, itemsize):
    return 2 / itemsize / (1 / c_out + 1 / c_in + 1 / (n * h * w))


def roofs(rng):
    """Cases for `f(ai, peak_flops, bandwidth)`: both sides of the ridge, real devices, small numbers."""
    yield case("left of the ridge", 2.0, 100.0, 10.0)
    yield case("right of the ridge", 25.0, 100.0, 10.0)
    yield case("bandwidth above the peak", 0.5, 3.0, 20.0)
    yield case("T4, fp32, a narrow layer", 12.75, 8.1e12, 0.32e12)
    yield case("A100, bf16, a wide layer", 325.0, 312e12, 2.039e12)
    yield case("just below the ridge", 9.9, 100.0, 10.0)
    yield case("just above the ridge", 10.1, 100.0, 10.0)
    peak, bandwidth = float(rng.integers(5, 400)), float(rng.integers(1, 5))
    for share in (0.25, 0.8, 1.5, 4.0):
        yield case("random", share * peak / bandwidth, peak, bandwidth)


@exercise(
    cases=roofs,
    hints=(
        "A device can do two things a second: move so many bytes, compute so many FLOPs. Which of the two ends first?",
        "With ai FLOPs for each byte, the memory feeds ai · bandwidth FLOP/s. More than that cannot be done, and more than "
        "peak_flops cannot either. The smaller one is the limit, and its name goes with it.",
        "fed = ai * bandwidth;  if fed < peak_flops: return fed, 'memory';  else: return peak_flops, 'compute'",
    ),
)
def roofline(ai, peak_flops, bandwidth):
    limit = {"memory": ai * bandwidth, "compute": peak_flops}
    name = min(limit, key=limit.get)
    return limit[name], name


@roofline.mistake("SGN", "You take the larger of the two limits. Both hold, so the *smaller* one decides.")
def larger_limit(ai, peak_flops, bandwidth):
    fed = ai * bandwidth
    return max(fed, peak_flops), "memory" if fed < peak_flops else "compute"


@roofline.mistake("SGN", "The number is right, its name is not: where ai · bandwidth is the smaller limit, the *memory* is what holds the work up.")
def names_exchanged(ai, peak_flops, bandwidth):
    fed = ai * bandwidth
    return min(fed, peak_flops), "compute" if fed < peak_flops else "memory"


@roofline.mistake("SGN", "Your ridge is upside down. It lies at peak_flops / bandwidth: FLOP/s over byte/s gives FLOP per byte, like ai.")
def ridge_inverted(ai, peak_flops, bandwidth):
    fed = ai * bandwidth
    return min(fed, peak_flops), "memory" if ai < bandwidth / peak_flops else "compute"


@roofline.mistake("DEV", "You return the peak for every layer. Left of the ridge the memory does not deliver the numbers fast enough.")
def always_the_peak(ai, peak_flops, bandwidth):
    return peak_flops, "memory" if ai < peak_flops / bandwidth else "compute"


@roofline.mistake("DEV", "There is no roof: right of the ridge ai · bandwidth grows beyond what the device can compute.")
def no_roof(ai, peak_flops, bandwidth):
    return ai * bandwidth, "memory" if ai < peak_flops / bandwidth else "compute"


@roofline.mistake("UNI", "You compare ai · bandwidth with half of the peak. A peak counts both FLOPs of a multiply-add, and so does ai.")
def peak_halved(ai, peak_flops, bandwidth):
    return min(ai * bandwidth, peak_flops / 2), "memory" if ai * bandwidth < peak_flops / 2 else "compute"


@roofline.mistake("SRC", "Your roof is twice the peak. Twice as much stands on some data sheets, for matrices of which half the numbers are zero; yours are dense.")
def sparse_peak(ai, peak_flops, bandwidth):
    return min(ai * bandwidth, 2 * peak_flops), "memory" if ai * bandwidth < 2 * peak_flops else "compute"


@roofline.mistake("UNI", "You divide by ai. FLOP per byte times byte per second gives FLOP per second.")
def divided_by_intensity(ai, peak_flops, bandwidth):
    return min(bandwidth / ai, peak_flops), "memory" if bandwidth / ai < peak_flops else "compute"


@roofline.mistake("UNI", "You compare ai with the bandwidth. Those are FLOP per byte and byte per second: only numbers of one unit can be compared.")
def compared_with_bandwidth(ai, peak_flops, bandwidth):
    return min(ai * bandwidth, peak_flops), "memory" if ai < bandwidth else "compute"


@roofline.alternative
def by_the_ridge(ai, peak_flops, bandwidth):
    ridge = peak_flops / bandwidth
    if ai >= ridge:
        return peak_flops, "compute"
    return peak_flops * ai / ridge, "memory"


@roofline.alternative
def by_sorting(ai, peak_flops, bandwidth):
    return sorted([(ai * bandwidth, "memory"), (peak_flops, "compute")])[0]


# ---- precision -------------------------------------------------------------------------------------------------------


def coarse(rng):
    """Cases for `f(x, weight, dtype)`: tensors of float64 and a type of number."""
    import torch

    def layer(label, n, c_in, c_out, h, w, dtype):
        x, weight = rng.standard_normal((n, c_in, h, w)), rng.standard_normal((c_out, c_in))
        return case(label, torch.from_numpy(3 * x + 1), torch.from_numpy(weight), dtype)

    yield layer("bf16", 2, 16, 5, 4, 7, "bf16")
    yield layer("TF32", 2, 32, 6, 3, 5, "tf32")
    yield layer("fp16", 1, 24, 4, 5, 6, "fp16")
    yield layer("fp32", 2, 20, 3, 4, 5, "fp32")
    yield layer("one input channel", 2, 1, 6, 4, 3, "bf16")
    yield layer("one output channel", 3, 9, 1, 2, 5, "tf32")
    yield layer("random sizes", *distinct_sizes(rng, 5, low=3, high=12), str(rng.choice(["bf16", "tf32", "fp16"])))


@exercise(
    cases=coarse,
    hints=(
        "Two answers are compared: one from the numbers as they are, one from the rounded numbers. What do you divide their difference by, so that an output near zero does no harm?",
        "Round both x and weight with device.rounded(…, dtype). Take the largest absolute difference of the two outputs, over all of it, "
        "and divide it by the root of the mean square of the exact output.",
        "exact = layer(x, weight);  coarse = layer(rounded(x, dtype), rounded(weight, dtype));  error = largest |coarse − exact|;  "
        "return error / sqrt(mean of exact²)",
    ),
)
def mixed_precision_error(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake("PRC", "You divide each error by its own output. An output that happens to be nearly zero then makes the error huge, however small it is. Divide the largest error by the RMS of all outputs.")
def each_by_its_own(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs() / exact.abs()).max().item()


@mixed_precision_error.mistake("TST", "You compare the rounded computation with itself, and nothing is wrong with it, ever. The exact one has to come from x and weight as they are.")
def with_itself(x, weight, dtype):
    return 0.0


@mixed_precision_error.mistake("AVG", "This is the RMS of the error. The *largest* error is asked for: one bad pixel counts.")
def rms_of_the_error(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).square().mean() / exact.square().mean()).sqrt().item()


@mixed_precision_error.mistake("AVG", "This is the mean of the errors. The *largest* error is asked for: one bad pixel counts.")
def mean_of_the_error(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().mean() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake("PRC", "Only x is rounded. The weights go into the product with as few bits.")
def only_x_rounded(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", weight, rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake("PRC", "Only the weights are rounded. x goes into the product with as few bits.")
def only_weight_rounded(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), x)
    return ((coarse - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake("ORD", "You round the result. What has few bits is what goes *into* the product; the sum is kept wide.")
def result_rounded(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    return ((rounded(exact, dtype) - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake("ORD", "You round what goes in and the result too. The sum is kept wide here: leave the result as it is.")
def rounded_twice(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((rounded(coarse, dtype) - exact).abs().max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake("SCL", "You divide by the largest output. It depends on one pixel; divide by the RMS, the root of the mean square.")
def over_the_largest(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.abs().max()).item()


@mixed_precision_error.mistake("SCL", "You divide by the mean of the outputs. Positive and negative ones cancel in it; square them first: that is the RMS.")
def over_the_mean(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).abs().max() / exact.mean()).item()


@mixed_precision_error.mistake("SGN", "The largest difference is not the largest error: an output may be too small as well as too large. Take absolute values first.")
def no_absolute_value(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return ((coarse - exact).max() / exact.square().mean().sqrt()).item()


@mixed_precision_error.mistake("SCL", "This is the largest error itself. Multiply x by 1000 and it is 1000 times as large: divide by the RMS of the exact output.")
def not_divided(x, weight, dtype):
    import torch

    from course_utils.device import rounded

    exact = torch.einsum("oc,nchw->nohw", weight, x)
    coarse = torch.einsum("oc,nchw->nohw", rounded(weight, dtype), rounded(x, dtype))
    return (coarse - exact).abs().max().item()


@mixed_precision_error.alternative
def with_conv2d(x, weight, dtype):
    import torch.nn.functional as F

    from course_utils.device import rounded

    exact = F.conv2d(x, weight[:, :, None, None])
    error = F.conv2d(rounded(x, dtype), rounded(weight, dtype)[:, :, None, None]) - exact
    return error.abs().max() / (exact**2).mean() ** 0.5


@mixed_precision_error.alternative
def in_numpy(x, weight, dtype):
    from course_utils.device import rounded

    columns = [one.permute(1, 0, 2, 3).reshape(one.shape[1], -1).numpy() for one in (x, rounded(x, dtype))]
    exact, coarse = (matrix.numpy() @ pixels for matrix, pixels in zip((weight, rounded(weight, dtype)), columns, strict=True))
    return float(np.max(np.abs(coarse - exact)) / np.linalg.norm(exact) * np.sqrt(exact.size))


# ---- what training keeps ---------------------------------------------------------------------------------------------


def models(rng):
    """Cases for `f(model, x)`: networks of torch's own layers, and their input."""
    import torch
    from torch import nn

    def batch(*shape, dtype=torch.float32):
        return torch.from_numpy(signed(rng, *shape)).to(dtype)

    a, b, c = distinct_sizes(rng, 3)
    plain = nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.Conv2d(b, c, 1), nn.ReLU())
    yield case("two convolutions with ReLU", plain, batch(2, a, 6, 7))
    yield case("one convolution", nn.Sequential(nn.Conv2d(a, c, 1)), batch(3, a, 4, 5))
    yield case("two activations", nn.Sequential(nn.Conv2d(c, a, 1), nn.Sigmoid(), nn.Tanh()), batch(2, c, 4, 5))
    inplace = nn.Sequential(nn.Conv2d(a, b, 1), nn.ReLU(inplace=True), nn.Conv2d(b, a, 1))
    yield case("a ReLU in place", inplace, batch(2, a, 5, 4))
    flat = nn.Sequential(nn.Conv2d(a, b, 1), nn.ReLU(), nn.Flatten(), nn.Linear(b * 12, 10))
    yield case("maps flattened for a dense layer", flat, batch(2, a, 3, 4))
    pooled = nn.Sequential(nn.Conv2d(a, b, 1), nn.ReLU(), nn.MaxPool2d(2))
    yield case("pooling, which keeps where its maxima were", pooled, batch(2, a, 4, 6))
    double = nn.Sequential(nn.Conv2d(b, c, 1), nn.Sigmoid()).double()
    yield case("numbers of eight bytes", double, batch(2, b, 3, 5, dtype=torch.float64))
    yield case("a wide dense layer, whose weights are large", nn.Sequential(nn.Linear(40, 50), nn.ReLU()), batch(2, 40))


@exercise(
    cases=models,
    hints=(
        "Autograd can tell you about every tensor that it puts aside: torch.autograd.graph.saved_tensors_hooks(pack, unpack). What does your pack function write down?",
        "pack gets a tensor and returns what to keep: return the tensor. Some tensors are weights, and some are the same memory seen twice: "
        "tensor.untyped_storage() has .data_ptr(), where it lies, and .nbytes(), how long it is.",
        "kept = {};  pack(t): kept[where t lies] = (t, its bytes); return t;  with saved_tensors_hooks(pack, lambda t: t): y = model(x);  "
        "sum the bytes of all that do not lie where a parameter lies",
    ),
)
def activation_memory(model, x):
    import torch

    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        y = model(x)
    weights = {one.untyped_storage().data_ptr() for one in model.parameters()}
    sizes = {one.untyped_storage().data_ptr(): one.untyped_storage().nbytes() for one in (*kept, y[:0])}
    used = {one.untyped_storage().data_ptr() for one in kept} - weights
    return sum(sizes[place] for place in used)


@activation_memory.mistake("UNI", "The parameters are in your sum. Autograd notes them too, but they are there anyway; leave out what lies where a parameter lies.")
def with_parameters(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = (t, t.nbytes)
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    return sum(size for _, size in kept.values()) + 0 * len(y)


@activation_memory.mistake("OVL", "The same memory is counted twice: what a ReLU keeps is what the next layer keeps too. Count each place in memory once.")
def views_counted_twice(model, x):
    import torch

    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        model(x)
    weights = {one.data_ptr() for one in model.parameters()}
    return sum(one.nbytes for one in kept if one.data_ptr() not in weights)


@activation_memory.mistake("UNI", "You count numbers. How many bytes has each of them? tensor.element_size() says it.")
def numbers_kept(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = t
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    weights = {one.data_ptr() for one in model.parameters()}
    return sum(one.numel() for place, one in kept.items() if place not in weights) + 0 * len(y)


@activation_memory.mistake("UNI", "You take four bytes for every number. Some tensors hold others: float64, or the places that pooling notes. Ask tensor.element_size().")
def four_bytes_each(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = t
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    weights = {one.data_ptr() for one in model.parameters()}
    return sum(4 * one.numel() for place, one in kept.items() if place not in weights) + 0 * len(y)


@activation_memory.mistake("SRC", "You add up what the layers hand on. Autograd keeps less of it in some places and more in others: let it tell you, with saved_tensors_hooks.")
def outputs_of_layers(model, x):
    total = 0
    for layer in model:
        x = layer(x)
        total += x.nbytes
    return total


@activation_memory.mistake("UNI", "These are the parameters. They are there whether or not anything is trained; count what the forward pass keeps besides.")
def parameters_only(model, x):
    return sum(one.nbytes for one in model.parameters())


@activation_memory.mistake("GRD", "Nothing is kept, as you switched autograd off. It is there to keep things: leave no_grad away.")
def without_autograd(model, x):
    return 0


@activation_memory.mistake("DEV", "The input is missing from your sum: a layer that needs it for the gradient of its weights keeps it too.")
def input_left_out(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = (t, t.nbytes)
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    others = {one.data_ptr() for one in (*model.parameters(), x)}
    return sum(size for place, (_, size) in kept.items() if place not in others) + 0 * len(y)


@activation_memory.mistake("UNI", "The weights of a dense layer are in your sum: it keeps them transposed, a tensor that is no Parameter and lies in the memory of one. Compare where tensors lie, not what they are.")
def parameters_by_type(model, x):
    import torch

    kept = {}

    def pack(t):
        if not isinstance(t, torch.nn.Parameter):
            kept[t.data_ptr()] = t
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    return sum(one.nbytes for one in kept.values()) + 0 * len(y)


@activation_memory.alternative
def by_places(model, x):
    import torch

    kept = {}

    def pack(t):
        kept[t.data_ptr()] = (t, t.numel() * t.element_size())
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = model(x)
    for one in model.parameters():
        kept.pop(one.data_ptr(), None)
    return sum(size for _, size in kept.values()) + 0 * len(y)


@activation_memory.alternative
def one_after_the_other(model, x):
    import torch

    seen, alive, total = {one.untyped_storage().data_ptr() for one in model.parameters()}, [], 0

    def pack(t):
        nonlocal total
        place = t.untyped_storage().data_ptr()
        if place not in seen:
            seen.add(place)
            total += t.untyped_storage().nbytes()
        alive.append(t)
        return t

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        alive.append(model(x))
    return total


QUIZ = (
    question(
        "gpu_clock",
        "t = clock();  y = conv(x);  print(clock() − t)  says 5 µs on a GPU, for a layer of 20 million bytes. What did it time?",
        wrong("DEV", "The layer: GPUs are that fast", "4 TB/s would have to pass through its memory. Put the number under the roofline before you believe it."),
        right("How long it takes to put the work into the queue", "conv(x) returns when the work is noted. Wait for the device, then look at the clock."),
        wrong("UNI", "The layer, in the wrong unit", "The unit is right. The moment is wrong."),
        wrong("DEV", "The copy of y to the CPU", "Nothing is copied until somebody asks for numbers: print(y) would have waited."),
    ),
    question(
        "gpu_ridge",
        "A layer does 40 FLOPs for each byte; the device can do 8 TFLOP/s and move 0.32 TB/s. What limits it?",
        wrong("SGN", "The memory: 40 is more than 25", "Right of the ridge, the memory brings more than can be computed."),
        wrong("UNI", "The memory: 0.32 is less than 8", "Those are bytes and FLOPs; they cannot be compared. Divide them: the ridge is at 25 FLOP/B."),
        wrong("DEV", "Neither: it runs at 8 + 0.32", "Both limits hold at the same time, so the smaller one decides. They do not add up."),
        right("The computing: the ridge is at 25 FLOP/B, and 40 lies to its right", "40 · 0.32 = 12.8 TFLOP/s could be fed, and 8 can be computed."),
    ),
    question(
        "gpu_layout",
        "x has the shape (32, 64, 56, 56). After x.to(memory_format=torch.channels_last), what is different?",
        right("Where its numbers lie in memory; the shape is the same", "The strides tell: the channels of a pixel now lie side by side."),
        wrong("LAY", "Its shape: (32, 56, 56, 64)", "That would be permute(0, 2, 3, 1). Here the shape stays, and the strides change."),
        wrong("LAY", "Nothing, until a layer uses it", "The numbers are moved at once, into another order."),
        wrong("RNK", "Its numbers: some are lost", "All of them are there, in another order."),
    ),
    question(
        "gpu_tf32",
        "On an A100 a float32 Conv2d and the Linear with the same weights differ by 0.001. On the CPU they agree. Why?",
        wrong("BIA", "The convolution adds its bias twice", "Then they would differ on the CPU too, and by much more."),
        wrong("LAY", "The weights were transposed on the way", "That would make every number wrong, not the third digit."),
        right("PyTorch lets convolutions round their inputs to TF32 there, and matrix products not, unless you say so", "Ten bits of mantissa: errors of about one in a thousand."),
        wrong("DEV", "GPUs compute at random", "The order of a sum may vary, which changes the seventh digit in float32. The third one has another cause."),
    ),
    question(
        "gpu_flops",
        "You replace a layer by one with a quarter of the FLOPs. It was left of the ridge and moves as many bytes as before. How much faster is it?",
        wrong("UNI", "Four times", "Left of the ridge nobody waits for FLOPs. What are the bytes?"),
        wrong("UNI", "Twice", "There is nothing in between: count the bytes."),
        right("Not at all: the bytes are the same, and they were the limit", "FLOPs are not time. Left of the ridge, bytes are."),
        wrong("SGN", "It becomes four times slower", "It has less to compute and as much to move. It takes as long as before."),
    ),
)
