"""The first minutes on a machine with an NVIDIA GPU and nothing of ours: `python3 -m course_utils.bench.first_run`.

It needs no environment and no registry: an image's own Python with torch, triton, numpy and matplotlib. First whether
the kernel is right, then what it is written for, then the rest, what PyTorch has to compile last. A second run goes on
where the first one stopped. Run from the course's root; the argument is the folder for what is found.

Measuring happens in a process of its own, because a kernel that reads a wrong place takes its process along, and a
compiler may hang. The time counts from the beginning, by the clock on the wall.
"""

import datetime
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from course_utils.base.errors import CourseError
from course_utils.bench.journal import Journal, key

BUDGET, PATIENCE = (
    430,
    25,
)  # seconds until nothing new begins, and until what is at work is ended: 8 minutes with the rest
STARTS = 6  # processes that may be lost
RIGHT, WRONG, REFUSED, MISSED, UNFINISHED = range(5)  # exit status
KERNELS = Path(__file__).parents[1] / "kernels"


def main(folder="first_run", budget=BUDGET, command=None):
    """Measure in processes, say what came out, return an exit status."""
    start, folder = time.monotonic(), Path(folder).resolve()
    os.environ |= {"COURSE_HOME": str(folder), "TRITON_F32_DEFAULT": "ieee"}
    os.environ.setdefault("TRITON_INTERPRET", "0")
    journal, status = _journal(folder), UNFINISHED
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # which ends the process that measures
    command = command or [sys.executable, "-m", "course_utils.bench.first_run", "--measure"]
    for _ in range(STARTS):
        left = budget - (time.monotonic() - start)
        try:
            status = subprocess.run([*command, str(folder), str(left)], timeout=max(left, 1) + PATIENCE).returncode
        except subprocess.TimeoutExpired:
            print("\nWhat was at work when the time was over was ended.")
            status = UNFINISHED
            break
        if status in (RIGHT, REFUSED):
            break
        print(f"\nA process was lost (status {status}); the next one goes on behind what it did.", flush=True)
    if status == REFUSED:
        return REFUSED
    journal = Journal(journal.file)
    print(f"{time.monotonic() - start:.0f} s of {budget} s.")
    outcome = conclusion(journal)
    return outcome if status in (RIGHT, UNFINISHED) else WRONG  # that many processes are not lost by chance


def _journal(folder):
    """This folder's journal; one that belongs to other kernels or another PyTorch is put aside."""
    import torch

    code = b"".join(file.read_bytes() for file in sorted(KERNELS.glob("*.py")))
    ours = {"kernels": hashlib.sha256(code).hexdigest()[:16], "torch": torch.__version__}
    journal = Journal(folder / "first_run.jsonl")
    if journal.lines and journal.found("of")[:1] != [ours]:
        aside = journal.file.with_name(f"first_run-{time.time_ns()}.jsonl")
        journal.file.rename(aside)
        print(f"The kernels or PyTorch are others than before: the older journal is now {aside.name}.")
        journal = Journal(journal.file)
    if not journal.lines:
        journal.end("of", 0, ours)
    return journal


def measure(folder, budget):
    """What is not in the journal yet, in the order of its importance, until the time is over."""
    from course_utils import device
    from course_utils.bench import devices
    from course_utils.bench.paths import WAYS, left_out

    end, journal = time.monotonic() + float(budget), Journal(Path(folder) / "first_run.jsonl")
    where = _gpu()
    absent = left_out("cuda")
    if "Triton" in absent:
        raise CourseError(f"our kernel cannot be compiled: {absent['Triton']}.")
    import torch

    torch.backends.cudnn.benchmark = True
    plan, dtypes = devices.PLANS["cuda"], devices.dtypes_of(where)
    if not journal.found("device"):
        date = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        journal.end("device", 0, {"device": device.describe(where), "date": date, "versions": devices.versions()})
    _give_up_lost(journal)
    _try_all(journal, "proof", where, _proofs(dtypes), end)
    jobs = devices.grid(plan, [way for way in WAYS if way.path not in absent], dtypes, devices.LAYERS)
    eager = [job for job in jobs if job[3].path != "compiled"]
    journal.end("jobs", 0, len(jobs))
    if time.monotonic() < end:
        journal.end("ceilings", 0, devices.ceilings(where, dtypes))
    _try_all(journal, "record", where, eager, end)
    if time.monotonic() < end:
        journal.end("ceilings", 0, devices.ceilings(where, dtypes))
    write(journal)  # what comes now may take longer than anybody waits
    _try_all(journal, "record", where, jobs[len(eager) :], end)


def _gpu():
    from course_utils import device

    where = device.pick()
    if where.type != "cuda":
        raise CourseError("there is no NVIDIA GPU that PyTorch can use here, so nothing was measured.")
    return where


def _proofs(dtypes):
    from course_utils.bench import proofs

    return proofs.proofs(dtypes)


def _give_up_lost(journal):
    """What took two processes along is not tried again."""
    for what in ("proof", "record"):
        for of in journal.lost(what):
            journal.end(
                what, of, _about(what, of) | {"stopped": "the process that tried it was lost, or ended for time"}
            )


def _about(what, of):
    """What a record is about, where nothing was found for it."""
    if what == "proof":
        return {"of": of}
    layer, n, dtype, (path, layout) = of
    return {"layer": layer, "n": n, "dtype": dtype, "path": path, "layout": layout}


def _try_all(journal, what, where, jobs, end):
    """Try each job that the journal does not have, and write down what came of it."""
    import torch

    done, written = journal.done(what), time.monotonic()
    for job in jobs:
        if key(job) in done:
            continue
        if time.monotonic() > end:
            return
        journal.begin(what, job)
        journal.end(what, job, _found(what, where, job))
        try:
            torch.cuda.synchronize()
        except Exception as error:  # noqa: BLE001 - after a wrong access nothing works any more in this process
            raise SystemExit(f"The GPU gave up after {what} {key(job)}: {error}") from None
        if what == "record" and time.monotonic() - written > 60:
            write(journal)
            written = time.monotonic()
    print(f"{what}s: {len(jobs)} tried.", flush=True)


def _found(what, where, job):
    from course_utils.bench import devices, proofs

    if what == "record":
        return devices.record(where, devices.PLANS["cuda"], *job)
    try:
        return {"of": job} | proofs.proof(where, *job)
    except Exception as error:  # noqa: BLE001 - of a compiler, of the device: it is told, and the next one tried
        return {"of": job, "stopped": f"{type(error).__name__}: {error}".splitlines()[0][:300]}


def trace_of(journal):
    """The journal as a trace, under the highest ceilings that were measured; None where there are none yet."""
    from course_utils.bench import devices

    measured = journal.found("ceilings")
    if not measured:
        return None
    peaks = {dtype: max(roof["peaks"][dtype] for roof in measured) for dtype in measured[0]["peaks"]}
    roofs = {name: max(roof[name] for roof in measured) for name in ("copy", "bandwidth")} | {"peaks": peaks}
    records = [devices.shared(record, roofs) for record in journal.found("record")]
    late = journal.found("jobs")[-1] - len(records)
    return journal.found("device")[0] | {"ceilings": roofs, "records": records, "left out for time": late}


def write(journal):
    """Write the trace and its picture; return both paths, none where there is nothing to write."""
    from course_utils.bench import traces

    trace = trace_of(journal)
    return traces.write(trace) if trace else ()


def conclusion(journal):
    """Print the table, the bars and what is wrong; return the exit status."""
    from course_utils.bench import ours, traces

    proofs = journal.found("proof")
    wrong = [proof for proof in proofs if not proof.get("right")]
    for one in wrong:
        print(f"Wrong: {key(one['of'])}: {one.get('stopped') or one['off by']}")
    print(f"The kernel beside float64: {len(proofs) - len(wrong)} of {len(proofs)} right.")
    trace = trace_of(journal)
    if trace is None:
        print("Nothing was timed. Run it again to go on.")
        return WRONG if wrong else UNFINISHED
    files = write(journal)
    print(traces.table(trace))
    print("\n".join(["", *ours.summary(trace), *traces.doubts(trace), "", *map(str, files), ""]))
    bars = [bar for dtype in ours.TYPES if dtype in trace["ceilings"]["peaks"] for bar in ours.bars(trace, dtype)]
    print("\n".join(map(str, bars)))
    broken = [record for record in trace["records"] if record["path"] == "Triton" and "seconds" not in record]
    outcomes = {bar.outcome for bar in bars}
    if wrong or broken:
        print("Something of ours is wrong; see above.")
        return WRONG
    if "missed" in outcomes:
        return MISSED
    if "not measured" in outcomes:
        print("Not all bars were measured. Run it again to go on.")
        return UNFINISHED
    return RIGHT


if __name__ == "__main__":
    arguments = sys.argv[1:]
    try:
        if arguments[:1] == ["--measure"]:
            measure(*arguments[1:])
            sys.exit(RIGHT)
        sys.exit(main(*arguments[:1]))
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        sys.exit(REFUSED)
