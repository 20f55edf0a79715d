"""The course from a wheel, in an environment that has its packages and no clone: the whole way of a learner and a teacher."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from course_utils.base import paths

pytestmark = [pytest.mark.slow]
TOP = {"build", "dist", "site", "grading", "node_modules"}  # made beside the source


def not_source(folder, names):
    made = TOP if Path(folder) == paths.ROOT else set()
    return [
        one for one in names if one in made or one.startswith(".") or one == "__pycache__" or one.endswith(".egg-info")
    ]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(paths.ROOT, folder / "source", ignore=not_source)
    make = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder]
    subprocess.run([*make, folder / "source"], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of a new environment: the wheel is installed there, and the packages it needs are lent by this one."""
    home = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    others = shutil.ignore_patterns("course_utils", "*editable*", "one_by_one*", "playwright", "triton")
    shutil.copytree(sysconfig.get_path("purelib"), packages, dirs_exist_ok=True, copy_function=link, ignore=others)
    shutil.copytree(Path(sys.prefix, "share"), home / "share", dirs_exist_ok=True, copy_function=link)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    subprocess.run(
        [home / "bin/python", "-m", "compileall", "-q", packages / "course_utils"], check=True
    )  # as pip does
    return home / "bin" / "python"


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("work")


def link(source, target):
    """The same file under another name, which takes no time and no room; a copy where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def run(python, folder, *arguments, code=None):
    """What a `course` command, or some Python, prints and how it ends, for a user with a home of their own."""
    (folder / "home").mkdir(exist_ok=True)
    known = {
        "PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}",
        "HOME": str(folder / "home"),
        "OMP_NUM_THREADS": "1",
        "PYTHONUTF8": "1",
    }
    command = ["-c", code] if code else ["-m", "course_utils.cli", *arguments]
    done = subprocess.run(
        [python, *command], cwd=folder, env=known, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout + done.stderr


def test_the_wheel_has_the_lessons_and_says_who_made_it(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
    for lesson in paths.lessons():
        assert {f"course_utils/lessons/{part}/{lesson}/{lesson}.ipynb" for part in ("notebooks", "solutions")} <= names
    assert "course_utils/py.typed" in names
    assert "Author: " in metadata and "Keywords: " in metadata
    assert not [
        name for name in names if "__pycache__" in name or name.startswith(("tests", "course_utils/lessons/tests"))
    ]


@pytest.mark.parametrize(
    "verb", [["lab"], ["grade", "02"], ["demo"], ["check"], ["build"], ["site"]], ids=lambda one: one[0]
)
def test_without_lessons_a_verb_says_how_to_get_them(python, tmp_path, verb):
    code, said = run(python, tmp_path, *verb)
    assert code == 2 and "`course start`" in said and "Traceback" not in said


def test_the_way_through_lesson_02_from_a_wheel(python, work):
    code, said = run(python, work, "start")
    assert code == 0 and (work / "notebooks/02_by_hand/02_by_hand.ipynb").is_file(), said
    assert run(python, work, "start")[1].startswith("0 files")
    code, said = run(python, work, "doctor")
    assert "Traceback" not in said and str(work / "home") in said
    lesson = "import os; os.chdir('notebooks/02_by_hand')\nfrom course_utils import check\nimport numpy as np\n"
    wrong = "def conv1x1_loops(x, weight, bias=None):\n    return np.einsum('oc,nchw->nohw', weight, x)\n"  # no bias
    right = (
        "def conv1x1_loops(x, weight, bias=None):\n    y = np.einsum('oc,nchw->nohw', weight, x)\n"
        "    return y if bias is None else y + bias[:, None, None]\n"
    )
    code, said = run(python, work, code=lesson + wrong + "check(conv1x1_loops)")
    assert code and "conv1x1_loops" in said and "✓" not in said, said
    code, said = run(python, work, code=lesson + right + "check(conv1x1_loops)")
    assert code == 0 and "✓ conv1x1_loops" in said, said
    code, said = run(python, work, "progress")
    assert [line for line in said.splitlines() if "conv1x1_loops" in line and "✓ done" in line and " 2 " in line], said
    assert list((work / "home").rglob("progress.jsonl"))
    for verb in (["build", "02"], ["check", "02"]):
        code, said = run(python, work, *verb)
        assert code == 0, said


def test_your_work_is_never_copied_over(python, tmp_path):
    mine = tmp_path / "notebooks/02_by_hand/02_by_hand.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    code, said = run(python, tmp_path, "start")
    assert code == 0 and "Left as they are" in said and "02_by_hand.ipynb" in said
    assert mine.read_text() == "mine"


def test_two_users_of_one_installation_have_progress_of_their_own(python, tmp_path):
    code = (
        "from course_utils import check\ncheck(lambda v, w, b=0.0: (v * w).sum() + b, 'mix_pixel')"
        "\nfrom course_utils.checking import history\nprint(len(history.events()), 'events')"
    )
    before = sorted(python.parents[1].rglob("progress*"))
    for user in ("ada", "bob"):
        (tmp_path / user).mkdir()
        _, said = run(python, tmp_path / user, code=code)
        assert "1 events" in said, said
        assert list((tmp_path / user / "home").rglob("progress.jsonl"))
    assert sorted(python.parents[1].rglob("progress*")) == before
