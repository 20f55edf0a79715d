"""Lessons 00 to 09 in each Python that the course names, with the pinned packages and with the newest there are.

PyTorch, which these lessons need for nothing, is left out: for most Pythons it comes with gigabytes for GPUs. Each run
fetches packages for minutes, so it is done when asked for:

    python3 course.py test -m thorough tests/test_pythons.py
"""

import glob
import json
import os
import shutil
import subprocess
import sys
import tomllib

import pytest
from test_installed import run, wheel  # noqa: F401 - a fixture

from course_utils.base import paths
from course_utils.live import parity

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

PROJECT = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSIONS = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if "Python :: 3." in text]
HERE = "{}.{}".format(*sys.version_info)
KINDS = [
    (version, kind) for version in VERSIONS for kind in ("pinned", "newest") if (version, kind) != (HERE, "pinned")
]
LESSONS = [lesson for lesson in paths.lessons() if lesson < "10"]
UNREACHED = ("NewConnectionError", "ConnectTimeout", "NameResolutionError", "ProxyError")  # words of pip
STAND_IN = """# What grading asks of PyTorch where no answer uses it.
import contextlib, types
Tensor = type("Tensor", (), {})
nn = types.SimpleNamespace(Module=type("Module", (), {}))
random = types.SimpleNamespace(fork_rng=lambda devices: contextlib.nullcontext())
def get_rng_state(): return None
def set_rng_state(state): return None
def manual_seed(seed): return None
default_generator = types.SimpleNamespace(manual_seed=manual_seed)
def get_num_threads(): return 1
def set_num_threads(count): return None
"""
TABLE = "import json, sys\nfrom course_utils.live import parity\njson.dump(parity.table(json.loads(sys.argv[1])), sys.stdout)"
NOTEBOOKS = """
import json, sys
import nbformat
from nbclient import NotebookClient
from nbgrader.utils import determine_grade, is_grade
from course_utils.base import paths

for lesson in json.loads(sys.argv[1]):
    path = paths.solutions() / lesson / f"{lesson}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": path.parent}}
    NotebookClient(notebook, timeout=900, startup_timeout=900, allow_errors=True, resources=where).execute()
    errors = [out.evalue for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == "error"]
    graded = [cell for cell in notebook.cells if is_grade(cell) and not cell.metadata.nbgrader.solution]
    marks = [determine_grade(cell)[:2] for cell in graded if not cell.metadata.nbgrader.get("task")]
    assert not errors, (lesson, errors)
    assert marks and all(score == points for score, points in marks), (lesson, marks)
print("full marks")
"""


def interpreter(version):
    """A Python of that version on the path, of pyenv or of uv, which starts and can make environments; else None."""
    found = [shutil.which(f"python{version}")]
    found += sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python")), reverse=True)
    if uv := shutil.which("uv"):
        ask = [uv, "python", "find", "--no-python-downloads", version]
        found += subprocess.run(ask, capture_output=True, text=True).stdout.split("\n")[:1]
    for one in filter(None, found):
        code = "import sys, venv, ensurepip; print('{}.{}'.format(*sys.version_info))"
        said = subprocess.run([one, "-c", code], capture_output=True, text=True)
        if said.returncode == 0 and said.stdout.strip() == version:
            return one
    return None


@pytest.fixture(scope="module", params=KINDS, ids=" ".join)
def python(request, wheel, tmp_path_factory):  # noqa: F811
    """The Python of a new environment with the wheel and its packages but PyTorch."""
    version, kind = request.param
    home = tmp_path_factory.mktemp("environment")
    found = interpreter(version)
    if found is None:
        pytest.skip(f"no Python {version} on the path, of pyenv or of uv")
    subprocess.run([found, "-m", "venv", home], check=True)
    pip = [home / "bin/python", "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    wanted = [name for name in PROJECT["dependencies"] if name != "torch"]
    pins = ["--constraint", paths.ROOT / "constraints.txt"] if kind == "pinned" else []
    done = subprocess.run([*pip, *wanted, *pins], capture_output=True, text=True)
    if done.returncode and any(word in done.stderr for word in UNREACHED):
        pytest.skip("the packages' registry is out of reach")
    assert done.returncode == 0, done.stderr[-2000:]
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    home.chmod(0o755)  # pytest keeps its folders to itself, and students' code runs as nobody
    yield home / "bin" / "python"
    shutil.rmtree(home)  # most of a gigabyte


@pytest.fixture
def work(python, tmp_path):
    """A folder of somebody who has begun the course there."""
    code, said = run(python, tmp_path, "start")
    assert code == 0, said
    return tmp_path


@pytest.fixture
def stand_in(python):
    """A module in the place of PyTorch, for as long as a class is graded."""
    place = next(python.parents[1].glob("lib/python*/site-packages")) / "torch"
    (place / "utils").mkdir(parents=True)
    (place / "__init__.py").write_text(STAND_IN)
    (place / "utils/_device.py").write_text("")
    yield
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """What the check says of each answer of the catalogue where the tests run."""
    return json.loads(ask(sys.executable, tmp_path_factory.mktemp("here"), TABLE))


def test_every_answer_of_the_catalogue_gets_the_verdict_it_gets_here(python, work, here):
    done = ask(python, work, TABLE)
    there = json.loads(done)
    apart = parity.differences(here, there)
    without = {name for name, row in there.items() if "PyTorch is not installed here" in row[2]}
    assert {name: pair for name, pair in apart.items() if name not in without} == {}
    assert len(without) < 0.02 * len(there) and len(there) > 500


def test_the_lessons_own_answers_run_to_full_marks(python, work):
    assert ask(python, work, NOTEBOOKS).endswith("full marks\n")


@pytest.mark.sandbox
def test_a_class_is_graded(python, work, stand_in):
    """On lesson 02: in the catalogue of each other lesson there is a right answer that uses PyTorch."""
    code, said = run(python, work, "demo", "--students", "4", "--lesson", "02")
    assert code == 0 and "4 of 4 graded" in said and "full marks" in said, said


def ask(python, folder, code):
    """What some Python prints that is told which lessons are meant; its warnings are left out."""
    known = {"PATH": os.environ["PATH"], "HOME": str(folder), "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    command = [python, "-c", code, json.dumps(LESSONS)]
    done = subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
