"""formgrader's buttons, pressed: a real Jupyter server on this computer, the requests that the page sends, and nbgrader's
commands. What a student handed in is never run with the rights of the teacher."""

import importlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import nbformat
import nbgrader.api
import pytest

from course_utils.base import paths
from course_utils.grading.marks import results
from course_utils.grading.marks.gradebook import Gradebook
from course_utils.grading.run import verdicts

grading = importlib.import_module("test_grading")
AVERAGED, LESSON, RIGHT = grading.AVERAGED, grading.LESSON, grading.RIGHT
pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

TOKEN = "c0ffee"
EXTENSIONS = {f"nbgrader.server_extensions.{name}": True for name in ("formgrader", "validate_assignment")}
WRITES = "import os\nfor place in ({sentinel!r}, 'made_by_a_student'):\n    try:\n        open(place, 'w').write('x')\n    except OSError:\n        pass\n"
FORGES = """
get_ipython().ast_transformers.clear()
import course_utils, builtins
course_utils.check = builtins.check = lambda *a, **k: None
"""
SCRIPT = "from IPython.display import HTML, display\ndisplay(HTML('<script>hostile()</script><img src=x onerror=hostile()>'))\n"


class School:
    """A course in a folder of its own, as a teacher clones it, with a Jupyter server in it."""

    def __init__(self, root, room=None):
        self.course = None if room else grading.Course(root)
        self.root, self.room = root, room or self.course.room
        self.sentinel = root / "made_by_a_student"
        shutil.copy(paths.ROOT / "nbgrader_config.py", root)
        home = root / ".jupyter"
        self.environment = {
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(home),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "run"),
            "JUPYTER_NO_CONFIG": "1",
            "OMP_NUM_THREADS": "1",
            "IPYTHONDIR": str(home / "ipython"),
        }

    def nbgrader(self, *arguments):
        command = [sys.executable, "-m", "nbgrader", *arguments]
        return subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True, text=True, timeout=900)

    def serve(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
                   f"--IdentityProvider.token={TOKEN}", f"--ServerApp.jpserver_extensions={EXTENSIONS}",
                   "--ServerApp.disable_check_xsrf=True"]  # fmt: skip
        self.log = (self.root / "server.log").open("w")
        self.server = subprocess.Popen(command, cwd=self.root, env=self.environment, stdout=self.log, stderr=self.log)
        for _ in range(2000):
            assert self.server.poll() is None, (self.root / "server.log").read_text()
            try:
                self.look("api")
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError((self.root / "server.log").read_text())

    def stop(self):
        self.server.terminate()
        self.server.wait(100)
        self.log.close()

    def press(self, where, **form):
        """Send what a button of the page sends, and return the answer."""
        content = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(f"{self.address}/{where}", content, {"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.loads(answer.read())

    def look(self, where):
        request = urllib.request.Request(f"{self.address}/{where}", headers={"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def result(self, student):
        with Gradebook(self.room) as book:
            return results.read(student, book)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    school = School(tmp_path_factory.mktemp("school"))
    attack = WRITES.format(sentinel=str(school.sentinel)) + FORGES + SCRIPT
    school.course.hand_in("ada", RIGHT)
    school.course.hand_in("bob", attack + AVERAGED)
    school.course.hand_in("eve", attack + RIGHT, change=lambda cells: cells[-2].update(source="quiz = 1"))
    school.course.place("mal", "numpy.py").write_text(attack)
    school.course.place("mal", "ipykernel_launcher.py").write_text(attack)
    school.course.hand_in("mal", attack + AVERAGED)
    assert school.nbgrader("generate_assignment", LESSON, "--force").returncode == 0
    school.serve()
    yield school
    school.stop()


def autograde(school, student):
    return school.press(f"formgrader/api/submission/{LESSON}/{student}/autograde")


@pytest.mark.parametrize(("student", "marks"), [("ada", 4), ("bob", 1), ("mal", 1)])
def test_the_autograde_button_runs_a_submission_shut_in_and_marks_it_as_course_grade_does(school, student, marks):
    answer = autograde(school, student)
    assert answer["success"], answer
    assert not list(school.root.rglob("made_by_a_student"))
    assert school.result(student).marks == marks
    nb = nbformat.read(school.room.autograded(student) / f"{LESSON}.ipynb", as_version=4)
    record = verdicts.record_of(nb)
    assert record["run"]
    assert all(verdicts.decide(cell, record).is_known for cell in nb.cells if verdicts.is_check(cell))


def test_generate_feedback_runs_nothing_and_shows_nothing_that_acts(school):
    autograde(school, "bob")
    for where in (
        f"formgrader/api/assignment/{LESSON}/bob/generate_feedback",
        f"formgrader/api/assignment/{LESSON}/generate_feedback",
    ):
        assert school.press(where)["success"]
        page = (school.room.feedback("bob") / f"{LESSON}.html").read_text()
        assert not re.search(r"<script>hostile|<[^>&]*\sonerror=", page)
        assert "seed=1" not in page
    assert not list(school.root.rglob("made_by_a_student"))


def test_the_page_on_which_a_teacher_marks_shows_nothing_that_acts(school):
    autograde(school, "bob")
    with Gradebook(school.room) as book, book._open() as opened:
        submission = opened.find_submission_notebook(LESSON, LESSON, "bob").id
    page = school.look(f"formgrader/submissions/{submission}/")
    assert "mix_pixel" in page
    assert not re.search(r"<script>hostile|<img[^>&]*\sonerror=", page)


@pytest.mark.parametrize("place", ["grading/submitted/mal/{0}/{0}.ipynb", "grading/autograded/bob/{0}/{0}.ipynb"])
def test_validate_refuses_what_somebody_handed_in_before_anything_is_started(school, place):
    autograde(school, "bob")
    answer = school.press("assignments/validate", path=place.format(LESSON))
    assert not answer["success"]
    assert "course grade LESSON --students NAME" in answer["value"]
    done = school.nbgrader("validate", place.format(LESSON))
    assert done.returncode != 0
    assert "course grade LESSON --students NAME" in done.stdout + done.stderr
    assert not list(school.root.rglob("made_by_a_student"))


def test_validate_still_runs_one_s_own_work(school):
    own = school.root / "notebooks" / LESSON / f"{LESSON}.ipynb"
    answer = school.press("assignments/validate", path=own.relative_to(school.root).as_posix())
    assert answer["success"], answer
    assert "failed" in answer["value"]  # nothing is written in it yet


def test_the_command_runs_a_submission_shut_in_too(school):
    done = school.nbgrader("autograde", LESSON, "--student", "mal", "--force")
    assert done.returncode == 0, done.stderr
    assert school.result("mal").marks == 1
    assert not list(school.root.rglob("made_by_a_student"))


@pytest.mark.parametrize(("name", "marks"), [(f"{LESSON}.ipynb", 0), ("timestamp.txt", 4), ("data.csv", 4)])
def test_a_pipe_that_nobody_writes_to_holds_up_nobody(school, name, marks):
    school.course.hand_in("pip", RIGHT)
    path = school.course.place("pip", name)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    try:
        answer = autograde(school, "pip")
        assert answer["success"] and school.result("pip").marks == marks, answer
        assert not [one for one in school.room.autograded("pip").iterdir() if not one.is_file()]
    finally:
        shutil.rmtree(path.parent.parent)


@pytest.mark.parametrize(
    ("student", "text", "month"), [("tim", "02.12.2020 14:00", 12), ("tom", "no moment at all", None)]
)
def test_the_button_reads_when_work_came_as_course_grade_does(school, student, text, month):
    school.course.hand_in(student, RIGHT)
    school.course.place(student, "timestamp.txt").write_text(text)
    answer = autograde(school, student)
    assert answer["success"] and school.result(student).marks == 4, answer
    with nbgrader.api.Gradebook(school.room.gradebook) as book:
        when = book.find_submission(LESSON, student).timestamp
    assert (when and when.month) == month


def test_without_a_sandbox_the_button_refuses_with_a_sentence(school):
    config = (school.root / "nbgrader_config.py").read_text()
    broken = "\nfrom course_utils.grading.run import sandbox\nsandbox.probe = lambda: 'nothing can be shut in'\n"
    (school.root / "nbgrader_config.py").write_text(config + broken)
    done = school.nbgrader("autograde", LESSON, "--student", "bob", "--force")
    (school.root / "nbgrader_config.py").write_text(config)
    assert done.returncode != 0
    assert "no sandbox can be made here" in done.stdout + done.stderr
    assert not list(school.root.rglob("made_by_a_student"))
