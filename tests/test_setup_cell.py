"""The folded cell of each released notebook: it installs the course where it is missing, and is no part of a lesson."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest
from test_installed import link, wheel  # noqa: F401 - a fixture

from course_utils.authoring import needs, setup_cell
from course_utils.base import paths
from course_utils.grading.classroom import Classroom
from course_utils.grading.prepare import idle, intake, scrub
from course_utils.live import build
from course_utils.site import outputs

LESSON = "02_by_hand"
RUN = """
import json, sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=600, startup_timeout=600, allow_errors=True).execute()
told = [out for cell in notebook.cells for out in cell.get("outputs", [])]
print(json.dumps([[out.get("ename", ""), "".join(out.get("traceback", [])) or out.get("text", "")] for out in told]))
"""


def released(lesson=LESSON):
    return nbformat.read(paths.notebooks() / lesson / f"{lesson}.ipynb", as_version=4)


# ---- where it stands, and where it does not --------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", paths.lessons())
def test_it_is_folded_away_before_the_first_code_of_each_release(lesson):
    cells = released(lesson).cells
    first = next(cell for cell in cells if cell.cell_type == "code")
    assert first.source == setup_cell.text(paths.ROOT) and setup_cell.is_setup(first)
    assert first.metadata["jupyter"]["source_hidden"] and first.metadata["cellView"] == "form"
    assert not first.metadata["editable"] and "nbgrader" not in first.metadata
    assert sum(map(setup_cell.is_setup, cells)) == 1


def test_it_defines_nothing_but_the_course_where_that_is_installed():
    space = {}
    exec(setup_cell.text(paths.ROOT), space)
    assert set(space) == {"__builtins__", "course_utils"}


def test_it_has_the_address_that_a_publisher_gave_and_is_known_with_any(tmp_path):
    settings = (
        '[project]\ndescription = "d"\nlicense = "L"\n[project.urls]\nRepository = "https://git.example/course"\n'
    )
    (tmp_path / "pyproject.toml").write_text(settings)
    text = setup_cell.text(tmp_path)
    assert 'repository = "https://git.example/course"' in text
    assert setup_cell.is_setup(nbformat.v4.new_code_cell(text + "\n"))


def test_it_installs_what_lessons_and_checks_import():
    named = {"pillow": "PIL", "scikit-image": "skimage", "scikit-learn": "sklearn"}
    given = {named.get(name, name) for name in setup_cell.NEEDS.split()}
    given |= {"IPython", "traitlets", "threadpoolctl"}  # with a kernel; with anywidget; with scikit-learn
    given |= {"torch", "triton"}  # not for lessons 00 to 09
    above = ("authoring", "bench", "cli", "grading", "live", "mutation", "site")
    code = [path for path in paths.PACKAGE.rglob("*.py") if path.relative_to(paths.PACKAGE).parts[0] not in above]
    for path in [*code, *paths.solutions().rglob("*.py")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]) and ("import" in words[:3]) and not line.rstrip().endswith("."):
                top = words[1].split(".")[0].rstrip(",")
                assert top in given | {"course_utils"} | sys.stdlib_module_names, f"{path}: {line}"


def test_pages_and_notebooks_in_a_browser_do_without_it(tmp_path, monkeypatch):
    assert not any(map(setup_cell.is_setup, outputs._read(paths.notebooks() / LESSON / f"{LESSON}.ipynb").cells))
    monkeypatch.setattr(build, "_lock", lambda static, root, report: {})
    build.fill(tmp_path, tmp_path)
    for path in (tmp_path / "files").iterdir():
        assert not any(map(setup_cell.is_setup, nbformat.read(path, as_version=4).cells))


# ---- grading ---------------------------------------------------------------------------------------------------------


def as_run(folder, nb, lesson):
    """What of a submission is run, and the notes on it."""
    nbformat.write(nb, folder / f"{LESSON}.ipynb")
    found, notes = intake.read(folder, LESSON, lesson.released)
    found, more = scrub.scrub(found, lesson.released, lesson.reference)
    return [(cell.source, cell.metadata) for cell in idle.mark(found, lesson.released).cells], notes + more


def test_a_notebook_is_graded_alike_with_the_cell_without_it_and_with_one_that_was_changed(tmp_path):
    lesson = Classroom(LESSON, paths.ROOT, tmp_path).read()
    assert not any(map(setup_cell.is_setup, lesson.released.cells))
    with_it = as_run(tmp_path, released(), lesson)
    assert with_it == as_run(tmp_path, setup_cell.removed(released()), lesson)
    assert with_it[1] == []
    bare = released()
    for cell in bare.cells:  # what an editor drops
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "nbgrader"}
    assert as_run(tmp_path, bare, lesson) == with_it
    edited = released()
    first = next(cell for cell in edited.cells if setup_cell.is_setup(cell))
    first.source += "\nmine = 1"
    cells, notes = as_run(tmp_path, edited, lesson)
    assert notes == [] and any(source.endswith("mine = 1") for source, _ in cells)


# ---- where the course is not installed -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The Python of an environment that has the packages of a learner and not the course."""
    home = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    others = shutil.ignore_patterns(
        "course_utils", "__editable__*", "one_by_one*", "playwright", "triton", "torch", "torch-*"
    )
    shutil.copytree(sysconfig.get_path("purelib"), packages, dirs_exist_ok=True, copy_function=link, ignore=others)
    return home / "bin/python"


@pytest.fixture
def python(bare):
    yield bare
    subprocess.run([bare, "-m", "pip", "uninstall", "--yes", "--quiet", "one-by-one-course"], check=True)


def ran(python, folder, nb):
    """Error and text of each output of a notebook that is run in the folder, in a kernel of that Python."""
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, folder / f"{LESSON}.ipynb")
    known = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}  # 0 means that no other setuptools is fetched
    command = [python, "-c", RUN, f"{LESSON}.ipynb"]
    done = subprocess.run(command, cwd=folder, env=known | offline, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def assert_lesson_works(told):
    assert told[0][1].startswith("Installing the course") and any("Done. Lessons 10" in text for _, text in told), told
    errors = [name for name, _ in told if name]
    assert errors and set(errors) <= {"NotAttempted", "NotImplementedError"}, told


@pytest.mark.slow
def test_a_lesson_runs_where_the_wheel_lies_beside_it(python, wheel, tmp_path):  # noqa: F811
    shutil.copy(wheel, tmp_path)
    assert_lesson_works(ran(python, tmp_path, released()))
    again = ran(python, tmp_path / "elsewhere", released())
    assert "Installing" not in again[0][1]


@pytest.mark.slow
def test_a_lesson_runs_in_a_clone(python, wheel, tmp_path):  # noqa: F811
    shutil.copytree(wheel.parent / "source", tmp_path / "clone", ignore=shutil.ignore_patterns("build", "*.egg-info"))
    assert_lesson_works(ran(python, tmp_path / "clone/notebooks" / LESSON, released()))


@pytest.mark.slow
def test_a_lesson_runs_where_only_the_published_address_is_known(python, wheel, tmp_path):  # noqa: F811
    published = tmp_path / "published"
    shutil.copytree(wheel.parent / "source", published, ignore=shutil.ignore_patterns("build", "*.egg-info"))
    git = ["git", "-C", published, "-c", "user.name=a", "-c", "user.email=a@a.example"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *words], check=True)
    nb = released()
    first = next(cell for cell in nb.cells if setup_cell.is_setup(cell))
    first.source = first.source.replace('repository = ""', f'repository = "{published.as_uri()}"')
    assert_lesson_works(ran(python, tmp_path / "a/b/c", nb))


@pytest.mark.slow
def test_elsewhere_one_sentence_says_what_to_do(python, tmp_path):
    nb = released()
    nb.cells = [cell for cell in nb.cells if setup_cell.is_setup(cell)]
    [[name, said]] = ran(python, tmp_path / "a/b/c", nb)
    assert name == "NotInstalled" and said.startswith("The course is not installed here: put its wheel")
    assert said.count(". ") == 0 and "Traceback" not in said


@pytest.mark.slow
def test_what_pip_says_is_told_where_it_fails(python, tmp_path):
    (tmp_path / "one_by_one_course-9.9.9-py3-none-any.whl").write_text("no wheel")
    nb = released()
    nb.cells = [cell for cell in nb.cells if setup_cell.is_setup(cell)]
    *_, [name, said] = ran(python, tmp_path, nb)
    assert name == "NotInstalled" and said.startswith("The course could not be installed. What pip says: ")


WITHOUT = """
from course_utils.authoring.needs import needing_torch
from course_utils.checking.judge import judge
from course_utils.exercises import Exercise, of_lesson

for lesson in (name for name in needing_torch() if not name.startswith("12")):
    for exercise in of_lesson(lesson):
        if isinstance(exercise, Exercise):
            def answer(*args, **kwargs):
                import torch
            verdict = judge(exercise, answer)
            print(verdict.outcome, verdict.headline)
"""


@pytest.mark.slow
def test_without_pytorch_a_check_says_how_to_get_it_and_doctor_and_lab_say_who_needs_it(bare, tmp_path):
    known = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONUTF8": "1", "PYTHONPATH": str(paths.ROOT)}

    def said(*words):
        done = subprocess.run([bare, *words], cwd=tmp_path, env=known, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    code, text = said("-c", WITHOUT)
    lines = text.splitlines()
    assert code == 0 and len(lines) > 15, text
    for line in lines:
        assert line.startswith("not checked") and "PyTorch is not installed here: run `%pip install torch`" in line
    who = needs.spoken(needs.needing_torch())
    code, text = said("-m", "course_utils.cli", "doctor")
    assert code == 1 and "packages missing: torch" in text and f"lessons {who} do not run without torch" in text
    code, text = said("-m", "course_utils.cli", "lab", "--version")
    assert f"Lessons {who} need PyTorch" in text, text
