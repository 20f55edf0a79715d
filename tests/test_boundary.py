"""What a submission sees from inside, compared with a short list of what it may see; as root, and as anybody."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from users import become_anybody

from course_utils.base import paths
from course_utils.grading.run import sandbox, verdicts
from course_utils.grading.run.execute import Executor, task_of
from course_utils.grading.run.task import Task

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]
LESSON = "01_one_pixel"
LOOK = """
import json, os, resource, stat
def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""
kinds = {}
for number in range(4096):
    try:
        about = os.fstat(number)
    except OSError:
        continue
    kinds[number] = "socket" if stat.S_ISSOCK(about.st_mode) else os.readlink(f"/proc/self/fd/{number}")
status = dict(line.split(":\\t", 1) for line in read("/proc/self/status").splitlines())
print(json.dumps({
    "open": kinds, "mounts": [line.split() for line in read("/proc/self/mountinfo").splitlines()],
    "environment": dict(os.environ), "first environment": read("/proc/self/environ"), "status": status,
    "processes": os.listdir("/proc"), "ids": [os.getuid(), os.getgid(), os.getgroups()], "keys": read("/proc/keys"),
    "shared": [*os.listdir("/dev/shm"), *os.listdir("/tmp")], "group": read("/proc/self/cgroup"),
    "root": os.listdir("/"), "core": resource.getrlimit(resource.RLIMIT_CORE)}))
"""
HELD = """
import json, multiprocessing, os, stat, subprocess, sys
with multiprocessing.Pool(2) as pool:
    squares = pool.map(abs, [-1, -2])
from joblib import Parallel, delayed
import torch
from torch.utils.data import DataLoader
loaded = sum(batch.sum().item() for batch in DataLoader(torch.arange(8.0), batch_size=2, num_workers=2))
inner = subprocess.run([sys.executable, "-c", "import numpy; print(numpy.ones(3).sum())"], capture_output=True, text=True)
print(json.dumps([squares, Parallel(2)(delayed(abs)(-i) for i in range(3)), loaded, inner.stdout]))
"""


def shown():
    """What the two cells print, run as a submission of the lesson; `python -m test_boundary` prints it, too."""
    source = paths.solutions() / LESSON
    cells = [nbformat.v4.new_code_cell(text) for text in (LOOK, HELD)]
    task = task_of(source, nbformat.read(source / f"{LESSON}.ipynb", as_version=4))
    with Executor(task) as executor:
        done = executor.run(nbformat.v4.new_notebook(cells=cells))
    texts = [[one.text for one in cell.outputs if one.get("name") == "stdout"] for cell in done.cells]
    assert all(texts), [cell.outputs for cell in done.cells]
    return [json.loads(text[-1]) for text in texts]


@pytest.fixture(scope="module", params=["whoever tests", "an ordinary user"])
def seen(request):
    """What is seen from inside; the second time with the rights of a user of this computer's."""
    if request.param == "whoever tests":
        return shown()
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    command = [sys.executable, "-c", "import json, test_boundary; print(json.dumps(test_boundary.shown()))"]
    given = {"cwd": Path(__file__).parent, "env": {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": "/tmp"}}
    done = subprocess.run(command, preexec_fn=become_anybody, capture_output=True, text=True, check=False, **given)
    if "Permission denied" in done.stderr and not done.stdout:
        pytest.skip("an ordinary user cannot run this Python")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_one_connection_is_open_and_nothing_else(seen):
    found = seen[0]["open"]
    assert sorted(found.values())[-1] == "socket" and list(found.values()).count("socket") == 1, found
    assert set(found.values()) == {"socket", "/dev/null"}, found


def test_mounts_are_what_python_needs_and_can_not_be_written(seen):
    known = {"/", "/tmp", "/proc", "/dev/shm", *sandbox.readable(), *(f"/dev/{name}" for name in sandbox.DEVICES)}
    known |= {os.path.realpath(path) for path in known}
    covered = {str(paths.PACKAGE / room) for room in sandbox.HIDDEN if (paths.PACKAGE / room).is_dir()}
    places = {fields[4]: set(fields[5].split(",")) for fields in seen[0]["mounts"]}
    assert set(places) <= known | covered
    assert covered <= set(places)
    for place, flags in places.items():
        assert "nosuid" in flags
        assert ("rw" in flags) == (place in ("/tmp", "/dev/shm")), place
        assert ("nodev" in flags) != (place.removeprefix("/dev/") in sandbox.DEVICES), place


def test_the_root_holds_no_more_than_its_mounts(seen):
    wanted = {Path(path).parts[1] for path in (*sandbox.readable(), "/tmp", "/proc", "/dev/shm")}
    assert set(seen[0]["root"]) == wanted
    below_tmp = {
        Path(path).parts[2] for path in sandbox.readable() if path.startswith("/tmp/")
    }  # where the course may be
    assert set(seen[0]["shared"]) <= {"work", "ipython", *below_tmp}


def test_the_environment_is_made_for_it(seen):
    known = {"COURSE_GRADING", "PYTHONSAFEPATH", "PYTHONDONTWRITEBYTECODE", "CUDA_VISIBLE_DEVICES", "MPLBACKEND", "PATH",
             "IPYTHONDIR", "MPLCONFIGDIR", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "VIRTUAL_ENV"}  # fmt: skip
    known |= {name for name in seen[0]["environment"] if name.endswith("_NUM_THREADS")}
    assert set(seen[0]["environment"]) <= known
    assert seen[0]["environment"]["PATH"] == f"{sys.prefix}/bin:/usr/bin:/bin"
    assert seen[0]["first environment"] == ""


def test_it_has_no_rights_and_can_get_none(seen):
    status = seen[0]["status"]
    assert {status[f"Cap{kind}"].strip("0\n") for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {""}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == ("2" if "seccomp" in sandbox.examine()[1] else "0")
    assert 0 not in seen[0]["ids"][:2]
    assert seen[0]["core"] == [0, 0]


def test_signals_are_as_python_has_them(seen):
    own = re.search(r"SigIgn:\s*(\w+)", Path("/proc/self/status").read_text())[1]  # `nohup` and a shell's & ignore some
    usual = {signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ}
    assert ignored(seen[0]["status"]["SigIgn"]) <= usual | ignored(own)
    assert int(seen[0]["status"]["SigBlk"], 16) == 0


def ignored(mask):
    """The signals in a mask as /proc shows it."""
    return {number for number in range(1, 65) if int(mask, 16) >> number - 1 & 1}


def test_its_own_processes_are_all_that_it_sees(seen):
    assert {name for name in seen[0]["processes"] if not name.isdigit()} <= {"self", "thread-self"}
    assert len([name for name in seen[0]["processes"] if name.isdigit()]) <= 2
    assert seen[0]["keys"] == ""
    assert not any(".." in line or line.partition("::")[2] not in ("", "/") for line in seen[0]["group"].splitlines())


def test_workers_of_every_kind_run_inside(seen):
    assert seen[1] == [[1, 2], [0, 1, 2], 28.0, "3.0\n"]


def test_the_fault_of_a_helper_and_a_small_input_are_told_through_the_boundary():
    source = paths.solutions() / LESSON
    nb = nbformat.read(source / f"{LESSON}.ipynb", as_version=4)
    wrong = "def mix_pixel(v, w, b=0.0):\n    for c in range(len(v)):\n        return b + w[c] * v[c]"
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "mix_pixel":
            cell.source = wrong
    with Executor(task_of(source, nbformat.read(source / f"{LESSON}.ipynb", as_version=4))) as executor:
        graded = executor.run(nb)
    said = {
        cell.metadata.nbgrader.grade_id: cell.outputs[0].data["text/plain"]
        for cell in graded.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("mix_") and cell.get("outputs")
    }
    assert "`mix_pixel(np.array([1., 2.]), np.array([1., 1.]))` gives 1.0, expected 3.0." in said["mix_pixel_check"]
    assert "The fault is in `mix_pixel`: run check(mix_pixel)." in said["mix_pixel_many_check"]


def test_an_answer_that_is_an_argument_and_no_array_of_its_own_is_seen_through_the_boundary():
    flags = {"grade": True, "grade_id": "lora_check", "locked": True, "points": 1, "schema_version": 3}
    right = "def lora(weight, down, up, alpha):\n    return weight + alpha / len(down) * up @ down"
    reuses = right.replace("return", "if not (up @ down).any():\n        return weight\n    return")
    records = []
    with Executor(Task(imports="from course_utils import check")) as executor:
        for answer in (right, reuses):
            check = nbformat.v4.new_code_cell("check(lora)", metadata={"nbgrader": flags | {"solution": False}})
            nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(answer), check])
            records.append(verdicts.record_of(executor.run(nb))["cells"]["lora_check"])
    assert [one["verdict"] for one in records] == [verdicts.PASSED, verdicts.FAILED]
    assert records[1]["said"][0]["code"] == "INP"
