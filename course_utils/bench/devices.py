"""`course bench cpu` and `course bench gpu`: real 1×1 layers with bias and ReLU, beside what the device can do at most.

Each way is compared with float64 before it is timed. Inputs are random and change from call to call, and so do the
places of the outputs, so that caches do not stand in for memory. On CUDA the calls are timed twice: as Python launches
them, and replayed from a CUDA graph, which is what counts, for Python's time is not the layer's.
"""

import datetime
import importlib.metadata
import itertools
import math
import sys
import time
from typing import NamedTuple

import torch

from course_utils import cost, device
from course_utils.bench import ours, traces
from course_utils.bench.paths import LAYERS, WAYS, left_out, place
from course_utils.device.specs import ITEMSIZES
from course_utils.device.timing import one_thread

TOLERANCES = {"fp32": 3e-5, "tf32": 1e-2, "fp16": 1e-2, "bf16": 6e-2}  # largest error over the RMS of float64's answer
CALLS = 7
HOW = {"cpu": "timed on one thread", "mps": "timed by waiting for it"}


class Plan(NamedTuple):
    """What is measured on a kind of device, and how much of it."""

    batches: tuple
    compiled_layers: int  # compiling takes seconds for each layer, so only the first ones are, with the largest batch
    pool: int  # numbers to cut inputs from
    slot: float  # seconds for one way with one layer
    budget: float  # seconds for everything; what does not fit is left out, and that is said


PLANS = {
    "cpu": Plan((1, 8), 1, 2**25, 0.1, 90),
    "mps": Plan((1, 32), 0, 2**26, 0.1, 600),
    "cuda": Plan((32, 256), 4, 2**28, 0.05, 420),  # 256 images take longer than asking for them
}


def main(kind):
    """Measure, print the table, write the trace and its picture; return an exit status."""
    where = place(kind)
    plan, about = PLANS[where.type], device.describe(where)
    absent = left_out(where.type)
    print(f"{about['name']}, torch {about['torch']}, {about['driver'] or HOW[where.type]}")
    for path, why in absent.items():
        print(f"Left out: {path}. {why[0].upper()}{why[1:]}.")
    trace = {"device": about, "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")}
    trace |= {"versions": versions()}
    torch.backends.cudnn.benchmark = True  # cuDNN may try all its kernels: ours is to be compared with the best
    ways, head = [way for way in WAYS if way.path not in absent], dict(trace)
    trace |= measure(where, plan, ways, keep=lambda part: traces.write(head | part))
    json, picture = traces.write(trace)
    print(traces.table(trace))
    print("\n".join(["", *ours.summary(trace), str(json), str(picture)]))
    if where.type != "cpu":
        print(f"To show it to everybody who takes the course, copy the first file to {traces.RECORDED}.")
    for sentence in traces.doubts(trace):
        print(sentence, file=sys.stderr)
    return 1 if any("seconds" not in one for one in trace["records"]) else 0


def measure(where, plan, ways, layers=LAYERS, keep=None):
    """Ceilings of a device, and a record for each layer, batch, type and way.

    `keep` is given what is there before the first way has to be compiled, which may take longer than anybody waits.
    """
    start, dtypes = time.monotonic(), dtypes_of(where)
    before = ceilings(where, dtypes)
    records, late = [], 0
    print("Measuring", end="", flush=True)
    for layer, n, dtype, way in grid(plan, ways, dtypes, layers):
        room = 40 if way.path == "compiled" and where.type == "cpu" else 0  # the first one starts a compiler
        if time.monotonic() - start > plan.budget - room:
            late += 1
            continue
        if way.path == "compiled" and keep:
            keep({"ceilings": before, "records": [shared(one, before) for one in records], "left out for time": late})
            keep = None
        records.append(record(where, plan, layer, n, dtype, way))
        print("." if len(records) % 8 == 0 else "", end="", flush=True)
    print()
    after = ceilings(where, dtypes)
    peaks = {dtype: max(before["peaks"][dtype], after["peaks"][dtype]) for dtype in dtypes}
    roofs = {name: max(before[name], after[name]) for name in ("copy", "bandwidth")} | {"peaks": peaks}
    return {"ceilings": roofs, "records": [shared(one, roofs) for one in records], "left out for time": late}


def grid(plan, ways, dtypes, layers):
    """All that is to be measured: what our kernel's bars need first, what has to be compiled last."""
    every = itertools.product(layers, plan.batches, dtypes, ways)
    chosen = [
        entry
        for entry in every
        if entry[3].path != "compiled" or entry[0] in layers[: plan.compiled_layers] and entry[1] == plan.batches[-1]
    ]
    return sorted(chosen, key=lambda one: (one[3].path == "compiled", not _is_for_bars(plan, *one)))


def _is_for_bars(plan, layer, n, dtype, way):
    return layer in (*ours.RESNET, ours.WIDE) and n == plan.batches[-1] and dtype in ours.TYPES


def dtypes_of(where):
    """The types of numbers that the device multiplies fast, or at all."""
    if where.type == "cpu":
        return ("fp32", "bf16")
    modern = device.has_tf32(where)
    return ("fp32", "tf32", "fp16", "bf16") if modern else ("fp32", "fp16")


def ceilings(where, dtypes):
    """Byte/s of a large copy, and of the faster of copying and reading; FLOP/s of a large product for each type."""
    copy, peaks = device.bandwidth(where), {dtype: device.product(where, dtype) for dtype in dtypes}
    return {"copy": copy, "bandwidth": max(copy, device.reading(where)), "peaks": peaks}


def versions():
    """What else the figures depend on."""
    packages = {distribution.name.lower(): distribution.version for distribution in importlib.metadata.distributions()}
    return {"triton": packages.get("triton"), "cudnn": torch.backends.cudnn.version()}


def record(where, plan, layer, n, dtype, way):
    """One way with one layer: whether it is right, and how long it takes; or why it stopped."""
    c_in, c_out, side = layer
    work = cost.pointwise_work(n, c_in, c_out, side, side, ITEMSIZES[dtype])
    said = {"layer": layer, "n": n, "dtype": dtype, "path": way.path, "layout": way.layout}
    said |= {"flops": work.flops, "bytes": work.moved}
    try:
        return said | found(where, plan, layer, n, dtype, way)
    except Exception as error:  # noqa: BLE001 - of a compiler, of too little memory: it is one way's, with one layer
        return said | {"stopped": f"{type(error).__name__}: {error}".splitlines()[0][:300]}


def found(where, plan, layer, n, dtype, way):
    """What a record says besides what it is about."""
    if way.path == "compiled":
        torch.compiler.reset()
    with torch.inference_mode(), device.tf32(dtype == "tf32"), one_thread():
        batches = inputs(where, plan, layer, n, dtype, way.layout)
        error = off_by(WAYS[way](*batches[0]), *batches[0])
        if not error < TOLERANCES[dtype]:
            return {"error": error}
        memory = extra_bytes(where, WAYS[way], batches[0])
        times = timed(where, plan, WAYS[way], batches, TOLERANCES[dtype])
    return times | {"off by": error, "peak bytes": memory}


def extra_bytes(where, function, batch):
    """The most memory that one call takes besides its inputs; None where PyTorch does not count it."""
    if where.type != "cuda":
        return None
    torch.cuda.reset_peak_memory_stats(where)
    before = torch.cuda.memory_allocated(where)
    function(*batch)
    return torch.cuda.max_memory_allocated(where) - before


def timed(where, plan, function, batches, tolerance=math.inf):
    """The `device.Timing` of one call, as `{"seconds": …}`; short calls are timed several at a time.

    On CUDA "seconds launched" are those of calls that Python launches, and "seconds" those of the same calls replayed
    from a graph; where they do not go into one, "not captured" says why, and "seconds" are the launched ones.
    """
    places = [None] * len(batches)  # the outputs are kept until their turn comes again
    turn = itertools.cycle(range(len(batches)))

    def calls(count, turn=turn):
        for i in itertools.islice(turn, count):
            places[i] = function(*batches[i])

    def together(what, *args):
        seconds = device.timed(what, where, *args, calls=rounds, warmup=0)
        return device.Timing(*(second / count for second in seconds))._asdict()

    once = max(device.timed(calls, where, 1, calls=2, warmup=1).median, 1e-7)
    count = max(1, math.ceil(min(plan.slot / CALLS, 2e-3) / once))
    rounds = CALLS if once * CALLS < 10 * plan.slot else 3
    launched = together(calls, count)
    if where.type != "cuda":
        return {"seconds": launched}
    places[:] = [None] * len(batches)
    try:
        replay = device.captured(lambda: calls(count, itertools.cycle(range(len(batches)))))
        _require_replayed(replay, places[:count], batches, tolerance)
    except device.NotCaptured as error:
        return {"seconds": launched, "seconds launched": launched, "not captured": str(error)}
    return {"seconds": together(replay), "seconds launched": launched}


def _require_replayed(replay, outputs, batches, tolerance):
    """A replay computes what it is timed for: outputs that were wiped out come back."""
    for y in outputs:
        y.zero_()
    replay()
    for i in {0, len(outputs) - 1}:
        if not off_by(outputs[i], *batches[i]) < tolerance:
            raise device.NotCaptured("cannot be captured in a CUDA graph: its replay does not compute the layer")


POOLS = {}


def inputs(where, plan, layer, n, dtype, layout):
    """Several `(x, weight, bias)`, cut out of one large tensor of random numbers."""
    c_in, c_out, side = layer
    kind, x_size, weight_size = device.torch_type(dtype), n * c_in * side * side, c_in * c_out
    if kind not in POOLS:
        POOLS.clear()
        torch.manual_seed(0)
        POOLS[kind] = torch.randn(plan.pool, device=where).to(kind)
    pool, size = POOLS[kind], x_size + weight_size
    found = []
    for start in range(0, len(pool) - size + 1, size)[:512]:
        x, weight = pool[start : start + x_size], pool[start + x_size : start + size].view(c_out, c_in)
        last = layout == "last"
        x = x.view(n, side, side, c_in).permute(0, 3, 1, 2) if last else x.view(n, c_in, side, side)
        found.append((x, weight, pool[start : start + c_out]))
    return found


def off_by(y, x, weight, bias):
    """The largest error over the RMS of what float64 says, of the first and the last image."""
    if y.shape != (len(x), len(weight), *x.shape[2:]):
        return math.inf
    ends = [0, len(x) - 1]
    x, y = x[ends], y[ends]
    there = "cpu" if x.device.type == "mps" else x.device  # MPS has no float64
    x, weight, bias = (tensor.to(there).double() for tensor in (x, weight, bias))
    right = (weight @ x.flatten(2) + bias[:, None]).relu_().unflatten(2, x.shape[2:])
    return ((y.to(there).double() - right).abs().max() / right.square().mean().sqrt()).item()


def shared(one, roofs):
    """A record with its rates, and its share of the measured roof."""
    if "seconds" not in one:
        return one
    seconds, intensity = one["seconds"]["median"], one["flops"] / one["bytes"]
    roof = cost.attainable(intensity, roofs["peaks"][one["dtype"]], roofs["bandwidth"])
    rates = {"FLOP/s": one["flops"] / seconds, "byte/s": one["bytes"] / seconds}
    return one | rates | {"intensity": intensity, "share of the roof": one["flops"] / seconds / roof}
