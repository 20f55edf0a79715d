"""The teacher's guide is true: each of its commands is run, in the guide's order, on a small class in a copy of the course."""

import getpass
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

from course_utils.base import paths
from course_utils.grading.classroom import Classroom
from course_utils.grading.demo import demo
from course_utils.grading.prepare import scrub
from course_utils.grading.run import execute

LESSON = "02_by_hand"
GUIDE = (paths.ROOT / "TEACHING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
ELSEWHERE = ("--scheduler", "--db", "pip install")  # run by test_scale, with servers of its own, and by `.ci/run`
LINES = [line for block in BLOCKS for line in block.splitlines() if "python3 " in line]
COMMANDS = [line for line in LINES if not any(word in line for word in ELSEWHERE)]
PRIVATE = re.search(r"```python\n# private/02_by_hand.py\n(.*?)```", GUIDE, re.DOTALL)[1]
ACCOUNT = getpass.getuser()  # the one under which the tests run is a student as well
EXCHANGE = "/srv/nbgrader/exchange"
FILES = {
    "gradebook.csv": "Student,ID,SIS Login ID,Section,Lesson 02 (7)\n    Points Possible,,,,{points}\nAda,1,ada,A,\nBob,2,bob,A,\nCy,3,cy@x.example,A,\n",
    "worksheet.csv": "ID;Vollständiger Name;E-Mail-Adresse;Bewertung;Bestwertung;Bewertung kann geändert werden;Feedback als Kommentar\n"
    "1;Ada;ada@x.example;;{points};Ja;\n2;Bob;bob@x.example;;{points};Ja;\n3;Cy;cy@x.example;;{points};Ja;\n4;Dee;{account}@x.example;;{points};Ja;\n",
}


def test_the_limits_that_the_guide_names_are_those_of_grading():
    seconds, minutes = execute.CELL_SECONDS, execute.NOTEBOOK_SECONDS // 60
    said = (
        f"A cell has {seconds} seconds of the processor, a notebook {minutes} minutes and its checks {minutes} more, "
    )
    said += f"{scrub.CELLS_MAX:,} cells and {scrub.TEXT_MAX:,} characters"
    assert said in " ".join(GUIDE.split())


def test_a_class_as_large_as_the_guide_says_makes_all_mistakes_of_the_catalogue():
    number = int(re.search(r"`--students (\d+)` takes them all", GUIDE)[1])
    answers = demo.answers_of(Classroom(LESSON, paths.ROOT, paths.ROOT / "grading" / "demo"))
    plans = demo.deal(answers, number, random.Random(0)).values()
    planted = {answer for plan in plans for answer in plan.values() if answer.code}
    assert len(planted) == sum(len(wrong) for _, wrong in answers.values())


def points():
    nb = nbformat.read(paths.notebooks() / LESSON / f"{LESSON}.ipynb", as_version=4)
    return sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in nb.cells)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course where ada and bob have handed in the solutions, and Cy the release in the LMS.

    Dee, who has the account of whoever runs the tests, will hand in the release by the exchange.
    """
    root = tmp_path_factory.mktemp("teacher") / "course"
    root.mkdir()
    for name in ("course_utils", f"solutions/{LESSON}", f"notebooks/{LESSON}"):
        shutil.copytree(paths.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(paths.ROOT / "nbgrader_config.py", root)
    room = Classroom(LESSON, root, root / "grading")
    with zipfile.ZipFile(root / "submissions.zip", "w") as file:
        for folder, name, source in (
            ("ada", "Ada_1", room.source),
            ("bob", "Bob_2", room.source),
            ("", "Cy_3", paths.notebooks(root) / LESSON),
        ):
            file.write(source / f"{LESSON}.ipynb", f"{name}_assignsubmission_file_/{LESSON}.ipynb")
            if folder:
                room.submission(folder).mkdir(parents=True)
                shutil.copy(source / f"{LESSON}.ipynb", room.submission(folder))
    for name, text in FILES.items():
        (root / name).write_text(text.format(points=points(), account=ACCOUNT), encoding="utf-8")
    (root.parent / "private").mkdir()
    (root.parent / "private" / f"{LESSON}.py").write_text(PRIVATE, encoding="utf-8")
    exchange = root.parent / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    (root.parent / "student").mkdir()
    return root


def run(line, root):
    """A command of the guide as it stands there, with this Python and this copy of the course."""
    words = shlex.split(line.replace(EXCHANGE, str(root.parent / "exchange")))
    extra = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    words = [word for word in words if not re.match(r"[A-Z_]+=", word)]
    assert words.pop(0) == "python3"
    command = [sys.executable, *(["-m", "course_utils.cli", *words[1:]] if words[0] == "course.py" else words)]
    own = {
        "PYTHONPATH": str(root),
        "COURSE_HOME": str(root / ".course"),
        "HOME": str(root.parent),
        "OMP_NUM_THREADS": "1",
    }
    folder = root.parent / "student" if "--course " in line else root
    return subprocess.run(
        command, cwd=folder, env=os.environ | own | extra, capture_output=True, text=True, timeout=900, check=False
    )


@pytest.mark.slow
def test_every_command_of_the_guide_does_what_it_should(course):
    assert len(COMMANDS) >= 10
    for line in COMMANDS:
        done = run(line.replace("--students 30", "--students 2"), course)
        partly = "demo" in line or "--canvas-zip" in line or "--exchange" in line  # not everybody's work came that way
        expected = (0, 1) if partly else (0,)
        assert done.returncode in expected, f"{line}\n{done.stdout}\n{done.stderr}"
    made = [
        "grading/grades.csv",
        f"grading/reports/{LESSON}.html",
        f"grading/reports/anonymous/{LESSON}.html",
        f"grading/exports/{LESSON}_canvas.csv",
        f"grading/exports/{LESSON}_moodle.csv",
        f"grading/feedback/ada/{LESSON}/{LESSON}.html",
        f"grading/demo/reports/{LESSON}.html",
    ]
    assert not [name for name in made if not (course / name).is_file()]
    assert f"Ada,1,ada,A,{points()}" in (course / f"grading/exports/{LESSON}_canvas.csv").read_text("utf-8")
    moodle = (course / f"grading/exports/{LESSON}_moodle.csv").read_text("utf-8")
    assert f"1;Ada;ada@x.example;{points()};{points()};Ja;All is right." in moodle
    assert f"3;Cy;cy@x.example;0;{points()};Ja;conv1x1_one (0 of 2): not written yet." in moodle
    with zipfile.ZipFile(course / f"grading/exports/{LESSON}_feedback_moodle.zip") as file:
        assert sorted(file.namelist()) == [
            f"{name}_assignsubmission_file_/{LESSON}.html" for name in ("Ada_1", "Bob_2", "Cy_3")
        ]
    assert sorted(path.name for path in (course / "outbox").iterdir()) == sorted(
        ["ada@x.example.eml", "cy@x.example.eml", f"{ACCOUNT}@x.example.eml"]
    )
    assert list((course.parent / "student").rglob(f"feedback/*/{LESSON}.html"))
    assert (course / "grading" / "dropped" / "bob" / "submitted").is_dir()
    marks = (course / "grading" / "grades.csv").read_text("utf-8-sig")
    assert f"{ACCOUNT},{LESSON},0," in marks and "bob" not in marks
    assert "02+5 all+2" in (course / "grading" / "roster.csv").read_text("utf-8-sig")
