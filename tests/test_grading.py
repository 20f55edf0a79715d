"""The grading room: a class with every kind of bad submission, graded with nbgrader; and a simulated class."""

import contextlib
import csv
import json
import linecache
import os
import random
import re
import threading
import time
from pathlib import Path

import nbformat
import pytest
from far_side import a_student, two_ends
from nbgrader.api import Gradebook

from course_utils import exercises
from course_utils.authoring.build import build
from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking.judge import judge
from course_utils.cli.parser import VERBS, parse
from course_utils.grading.classroom import Classroom
from course_utils.grading.demo import demo
from course_utils.grading.demo.answers import text_of
from course_utils.grading.grade import grade, grade_class, require_full_marks
from course_utils.grading.marks.results import Finding, Result
from course_utils.grading.prepare import intake, scrub
from course_utils.grading.report import sheet
from course_utils.grading.run import execute, verdicts

LESSON = "01_one_pixel"  # a small stand-in under the name of a real lesson, whose exercises it borrows
TEXT = """\
# %% [markdown]
# # Lesson 01 · A small stand-in

# %%
from course_utils import check, quiz

# %% nbgrader={"grade": false, "grade_id": "mix_pixel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mix_pixel(v, w, b=0.0):
    ### BEGIN SOLUTION
    return sum(v * w) + b
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "mix_pixel_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(mix_pixel)
### BEGIN HIDDEN TESTS
check(mix_pixel, seed=1)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "01_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    pixel_inputs="b",
)

# %% nbgrader={"grade": true, "grade_id": "pixel_inputs_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["pixel_inputs"], "pixel_inputs")
"""
RIGHT = "def mix_pixel(v, w, b=0.0):\n    return (v * w).sum() + b"
AVERAGED = "def mix_pixel(v, w, b=0.0):\n    return v.mean() + b"
LOOP = """\
def mix_pixel(v, w, b=0.0):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
WARNS = "import sys\n\n" + RIGHT.replace("    return", "    print('careful', file=sys.stderr)\n    return")
DIES = "import os\n\ndef mix_pixel(v, w, b=0.0):\n    os._exit(0)"
FIRST_ONLY = "calls = []\n\ndef mix_pixel(v, w, b=0.0):\n    calls.append(1)\n    return sum(v * w) + b if len(calls) < 15 else 0.0"


class Course:
    """A course of one small lesson in a folder of its own, and what students hand in."""

    def __init__(self, root):
        self.root = root
        self.text = paths.solutions(root) / LESSON / f"{LESSON}.py"
        self.text.parent.mkdir(parents=True)
        self.text.write_text(TEXT)
        build(root=root)
        self.room = Classroom(LESSON, root, root / "grading")

    def place(self, student, name=f"{LESSON}.ipynb"):
        path = self.room.submission(student) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def hand_in(self, student, answer, letter="b", change=lambda cells: None, name=f"{LESSON}.ipynb", **metadata):
        """Fill in the release, change its cells, and put it where it is to be graded."""
        nb = self.room.released()
        cells = {grade_id(cell): cell for cell in nb.cells}
        cells["mix_pixel"].source = answer
        cells["01_quiz"].source = cells["01_quiz"].source.replace('""', f'"{letter}"')
        change(nb.cells)
        nb.metadata.update(metadata)
        self.place(student, name).write_text(json.dumps(nb))


def answer_cells(cells):
    return [cell for cell in cells if grade_id(cell)]


def paste_twice(cells):
    """Copies of an answer cell and of its check, metadata and all, as a learner makes them in JupyterLab."""
    cells[3:3] = [nbformat.from_dict({**cell, "id": f"copy-{i}"}) for i, cell in enumerate(answer_cells(cells)[:2])]


def age(cells):
    for cell in answer_cells(cells):
        cell.metadata.nbgrader["schema_version"] = 1
        cell.metadata.nbgrader.pop("task")


def cheat(cells):
    _, check, *_ = answer_cells(cells)
    check.metadata["tags"] = ["skip-execution"]
    check.metadata.nbgrader["points"] = 100
    check.source = "pass"


def remove_checks(cells):
    cells[:] = [cell for cell in cells if not (grade_id(cell) or "").endswith("_check")]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def results(course):
    """A class with every kind of submission, graded once."""
    course.hand_in("right", RIGHT)
    course.hand_in("averaged", AVERAGED)
    course.hand_in("wrong_letter", RIGHT, letter="a")
    course.hand_in("seen_cases_only", FIRST_ONLY)
    course.hand_in("loop", LOOP)
    course.hand_in("dies", DIES)
    course.hand_in("warns", WARNS)
    course.hand_in("renamed", RIGHT, name=f"{LESSON} (1).ipynb")
    course.hand_in("twice", RIGHT, change=paste_twice)
    course.hand_in("old_schema", RIGHT, change=age)
    course.hand_in("cheat", AVERAGED, change=cheat)
    course.hand_in("no_checks", RIGHT, change=remove_checks)
    course.hand_in("other_kernel", RIGHT, kernelspec={"name": "ir", "display_name": "R", "language": "R"})
    course.hand_in("o'neil, Zoë", RIGHT)
    course.place("empty").write_bytes(b"")
    course.place("cut_off").write_text('{"cells": [')
    course.place("no_notebook", "notes.txt").write_text("I was ill.")
    course.place("linked").symlink_to(course.room.source / f"{LESSON}.ipynb")
    course.place("other_lesson").write_text(
        json.dumps(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]))
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "CELL_SECONDS", 8)
        found = grade_class(course.room)
    return {one.student: one for one in found}


def rows(course):
    with (course.room.folder / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


# A class


@pytest.mark.slow
@pytest.mark.parametrize(
    ("student", "marks"),
    [
        *dict.fromkeys(
            ("right", "warns", "renamed", "twice", "old_schema", "no_checks", "other_kernel", "o'neil, Zoë"), 4
        ).items(),
        *dict.fromkeys(("averaged", "seen_cases_only", "loop", "dies", "cheat"), 1).items(),
        *dict.fromkeys(("empty", "cut_off", "no_notebook", "linked", "other_lesson"), 0).items(),
        ("wrong_letter", 3),
    ],
)
def test_each_submission_gets_the_marks_it_earned(results, student, marks):
    assert (results[student].marks, results[student].points, results[student].graded) == (marks, 4, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("student", "note"),
    [
        ("empty", "could not be read, so 0 marks: 01_one_pixel.ipynb has 0 bytes"),
        ("cut_off", "could not be read, so 0 marks: 01_one_pixel.ipynb is not valid JSON"),
        ("no_notebook", "could not be read, so 0 marks: no notebook in the folder"),
        ("linked", "could not be read, so 0 marks: 01_one_pixel.ipynb is a symbolic link"),
        ("other_lesson", "none of the lesson's exercises is in it"),
        ("renamed", "handed in as 01_one_pixel (1).ipynb"),
        ("twice", "more than once, the last above its check counts: mix_pixel (cell 4), mix_pixel_check (cell 6)"),
        ("old_schema", "other grading data, restored: mix_pixel, mix_pixel_check"),
        ("cheat", "edited, restored: mix_pixel_check"),
        ("no_checks", "missing, put back: mix_pixel_check, pixel_inputs_check"),
        ("loop", "mix_pixel_check: it ran over 8 s"),
        ("dies", "mix_pixel_check: it ended the kernel"),
    ],
)
def test_a_bad_submission_is_named_with_its_reason(course, results, student, note):
    assert any(one.startswith(note) for one in results[student].notes), results[student].notes
    assert note in rows(course)[student]["note"]


@pytest.mark.slow
def test_good_submissions_have_no_notes(results):
    noted = {name for name, one in results.items() if one.notes}
    assert not noted & {"right", "averaged", "warns", "wrong_letter", "other_kernel", "o'neil, Zoë"}


@pytest.mark.slow
def test_misconceptions_are_named_with_their_exercise(course, results):
    assert results["averaged"].misconceptions == "AVG mix_pixel"
    assert rows(course)["averaged"]["misconceptions"] == "AVG mix_pixel"
    question = exercises.find("pixel_inputs")
    assert results["wrong_letter"].misconceptions == f"{question.choices['a'].code} pixel_inputs"
    assert results["right"].misconceptions == ""


@pytest.mark.slow
def test_every_student_has_a_page_of_feedback(course, results):
    pages = {name: (course.room.feedback(name) / f"{LESSON}.html").read_text(encoding="utf-8") for name in results}
    assert "Score: 4.0 / 4.0" in pages["right"]
    assert "average the channels" in pages["averaged"]
    assert "not valid JSON" in pages["cut_off"]


@pytest.mark.slow
def test_what_was_handed_in_and_the_lesson_stay_as_they_were(course, results):
    assert course.place("cut_off").read_text() == '{"cells": ['
    assert build(root=course.root) == []
    assert sorted(path.name for path in course.room.folder.iterdir()) == [
        "autograded",
        "feedback",
        "gradebook.db",
        "grades.csv",
        "reports",
        "store",
        "submitted",
    ]


@pytest.mark.slow
def test_regrading_keeps_a_persons_marks_and_comments_and_other_students(course, results):
    before = rows(course)
    url = f"sqlite:///{course.room.folder / 'gradebook.db'}"
    with Gradebook(url) as book:
        book.find_grade("mix_pixel_check", LESSON, LESSON, "averaged").manual_score = 2
        book.find_comment("mix_pixel", LESSON, LESSON, "averaged").manual_comment = "Nearly."
        book.db.commit()
    assert grade(LESSON, ["averaged"], course.root)
    after = rows(course)
    assert after.pop("averaged")["marks"] == "3"
    assert before.pop("averaged")["marks"] == "1"
    assert after == before
    assert "Nearly." in (course.room.feedback("averaged") / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "19 students." in course.room.report("html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_marks_of_an_earlier_submission_are_not_passed_off_as_new(course, results, monkeypatch, capsys):
    course.place("right").write_text("{")
    (course.room.autograded("warns") / f"{LESSON}.ipynb").unlink()  # what is gone is not in the report
    monkeypatch.setattr(execute.Executor, "run", fail_for_others_than(course.room.reference()))
    assert not grade(LESSON, ["right"], course.root)
    assert rows(course)["right"]["note"] == "not graded now: no memory; these marks are old"
    assert rows(course)["right"]["marks"] == "4"
    assert "0 of 1 graded." in capsys.readouterr().out
    monkeypatch.undo()
    assert grade(LESSON, ["right"], course.root)
    assert rows(course)["right"]["marks"] == "0"


def fail_for_others_than(reference):
    """Grading that breaks down for every notebook but the reference, for a reason that is not the student's."""
    run = execute.Executor.run

    def broken(self, nb):
        if len(nb.cells) != len(reference.cells):
            raise OSError("no memory")
        return run(self, nb)

    return broken


@pytest.mark.slow
def test_a_lesson_that_changed_after_it_was_graded_is_not_mixed_with_old_marks(tmp_path):
    course = Course(tmp_path)
    course.hand_in("ada", RIGHT)
    assert grade(LESSON, root=tmp_path)
    kept = rows(course)
    course.text.write_text(TEXT.replace('"mix_pixel_check"', '"mix_pixel_check_2"'))
    build(root=tmp_path)
    with pytest.raises(CourseError, match="nbgrader db assignment remove 01_one_pixel --force"):
        grade(LESSON, root=tmp_path)
    assert rows(course) == kept


@pytest.mark.slow
def test_a_damaged_gradebook_and_a_name_nbgrader_cannot_have_are_said_in_a_sentence(tmp_path, capsys):
    course = Course(tmp_path)
    course.hand_in("ada", RIGHT)
    course.hand_in("group [2]", RIGHT)
    assert not grade(LESSON, root=tmp_path)
    assert rows(course)["group [2]"]["note"].startswith("not graded: nbgrader cannot have [ ] * ?")
    assert rows(course)["ada"]["marks"] == "4"
    assert "1 of 2 graded." in capsys.readouterr().out
    (course.room.folder / "gradebook.db").write_text("not a database, but as long as one may be expected to be")
    with pytest.raises(CourseError, match="nbgrader cannot use .*gradebook.db: .*file is not a database"):
        grade(LESSON, root=tmp_path)


@pytest.mark.slow
def test_nothing_is_graded_where_the_lessons_own_answers_fail(tmp_path):
    course = Course(tmp_path)
    course.text.write_text(TEXT.replace("from course_utils", "import a_missing_package\nfrom course_utils"))
    build(root=tmp_path)
    course.hand_in("ada", RIGHT)
    with pytest.raises(
        CourseError, match="pixel_inputs_check.*ModuleNotFoundError: No module named 'a_missing_package'"
    ):
        grade(LESSON, root=tmp_path)
    with Gradebook(f"sqlite:///{course.room.folder / 'gradebook.db'}") as book:
        assert book.submission_dicts(LESSON) == []
    assert not course.room.feedback("ada").exists()


@pytest.mark.slow
def test_stopping_leaves_no_process_behind(course):
    executor = execute.Executor(execute.task_of(course.room.source, course.room.reference()))
    seconds = f"98765.{os.getpid()}"  # whoever runs the tests beside these has others
    code = f"import subprocess\nsubprocess.run(['sleep', '{seconds}'])"
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    thread = threading.Thread(target=lambda: pytest.raises(ChildProcessError, executor.run, nb))
    thread.start()
    assert comes_to(True, lambda: sleeping(seconds))
    executor.stop()
    thread.join(timeout=400)
    assert not thread.is_alive()
    assert comes_to(False, lambda: sleeping(seconds))


def comes_to(wanted, question):
    """Whether the answer to a question is the wanted one within some minutes, on a busy computer too."""
    end = time.monotonic() + 400
    while bool(question()) is not wanted and time.monotonic() < end:
        time.sleep(0.1)
    return bool(question()) is wanted


def sleeping(seconds):
    """Processes that a notebook has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended
            found += [path] if path.read_bytes() == f"sleep\0{seconds}\0".encode() else []
    return found


# Before a kernel starts


def test_with_nothing_handed_in_it_says_where_to_put_it(tmp_path):
    course = Course(tmp_path)
    with pytest.raises(
        CourseError, match="nobody has handed in 01_one_pixel. Put .*/submitted/STUDENT/01_one_pixel/01_one_pixel.ipynb"
    ):
        grade("01", root=tmp_path)
    course.hand_in("ada", RIGHT)
    with pytest.raises(CourseError, match="no submission of 01_one_pixel by 'adda'.* Did you mean ada?"):
        grade("01", ["adda"], tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[]", "is JSON but not a notebook"),
        ('{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "is JSON but not a notebook"),
        (
            '{"cells": [{"cell_type": "code", "source": 5}], "nbformat": 4, "metadata": {}}',
            "is JSON but not a notebook",
        ),
        ("[" * 100_000, "is JSON but not a notebook|is not valid JSON|holds values nested"),
        (b"\xff\x00", "is not text in UTF-8"),
    ],
)
def test_what_is_no_notebook_is_said_to_be_none(tmp_path, content, reason):
    path = tmp_path / "ada" / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(intake.Unreadable, match=reason):
        intake.read(path.parent, LESSON)


def test_what_a_learner_added_is_kept_and_their_tags_are_not(tmp_path):
    room = Course(tmp_path).room
    nb = room.released()
    nb.cells.insert(2, nbformat.v4.new_code_cell("helper = 1", metadata={"tags": ["skip-execution"]}))
    clean, notes = scrub.scrub(nb, room.released(), room.reference())
    assert notes == []
    assert [cell.source for cell in clean.cells][2] == "helper = 1"
    assert not [cell for cell in clean.cells if "tags" in cell.metadata]
    assert "seed=1" in next(cell.source for cell in clean.cells if grade_id(cell) == "mix_pixel_check")
    nbformat.validate(clean)


def test_full_marks_are_needed_in_every_cell(tmp_path):
    room = Course(tmp_path).room
    nb = room.reference()
    record = verdicts.new("run", nb)
    for cell in filter(verdicts.is_check, nb.cells):
        verdicts.put(record, cell, True, [])
    nb.metadata[verdicts.PLACE] = record
    require_full_marks(room, nb)
    verdicts.put(nb.metadata[verdicts.PLACE], nb.cells[-1], False, [])
    nb.cells[-1].outputs = [nbformat.v4.new_output("error", ename="OSError", evalue="gone", traceback=[])]
    with pytest.raises(CourseError, match=r"0 of 1 in the cell pixel_inputs_check \(OSError: gone\)"):
        require_full_marks(room, nb)


# Marks and the report


def test_the_file_of_marks_keeps_other_rows_and_runs_no_formula(tmp_path):
    path = tmp_path / "grades.csv"
    sheet.save(path, "01", [Result("ada", [Finding("f", 1.0, 2.0, "wrong", "AVG", "No.")]), Result("bob")])
    sheet.save(path, "02", [Result("ada")])
    sheet.save(path, "01", [Result("bob", [Finding("f", 2.0, 2.0, "correct")], ["=HYPERLINK(1)"])])
    assert [tuple(row.values()) for row in sheet.load(path)] == [
        ("ada", "01", "1", "2", "AVG f", ""),
        ("bob", "01", "2", "2", "", "'=HYPERLINK(1)"),
        ("ada", "02", "", "", "", ""),
    ]


# The simulated class


def written(item):
    return [(one.function, one.message) for one in item.mistakes] + [(function, None) for function in item.alternatives]


@pytest.mark.slow
@pytest.mark.parametrize("lesson", sorted({item.lesson for item in exercises.catalogue().values()}))
def test_catalogued_answers_are_judged_alike_as_text(lesson):
    """Cut out of their module, given the exercise's name and called over the wire, answers do what they did before."""
    for item in exercises.of_lesson(lesson):
        for function, message in written(item) if isinstance(item, exercises.Exercise) else []:
            namespace, text = {"__name__": "__main__"}, text_of(function, item.name)
            cell = f"<cell {item.name} {function.__name__}>"
            linecache.cache[cell] = (
                len(text),
                None,
                text.splitlines(keepends=True),
                cell,
            )  # as a notebook keeps its cells
            exec(compile(text, cell, "exec"), namespace)  # the course's own text
            with two_ends() as ends, a_student(namespace[item.name], ends) as (function_there, _):
                verdict = judge(item, function_there)
            waits = (
                "one of PyTorch's own layers" in verdict.message
            )  # a network of one's own class: a person looks at it
            right = verdict.outcome == ("not checked" if waits else "correct")
            assert verdict.message == f"{item.name}: {message}" if message else right, function


def test_an_answer_as_text_holds_what_it_needs_and_nothing_of_the_catalogue():
    mistake = exercises.find("mix_pixel").mistakes[1]
    expected = "import numpy as np\n\n\ndef mix_pixel(v, w, b=0.0):\n    return np.mean(v) + b"
    assert text_of(mistake.function, "mix_pixel") == expected


def test_a_class_holds_every_mistake_and_some_students_are_all_right():
    answers = {
        "f": ([demo.Answer("right")], [demo.Answer(f"wrong {i}", "AVG", f"f: {i}") for i in range(9)]),
        "q": ([demo.Answer("a")], [demo.Answer("b", "BIA", "q: b"), demo.Answer("c", "DWP", "q: c")]),
    }
    plans = demo.deal(answers, 12, random.Random(3))
    handed_in = [plan[name] for plan in plans.values() for name in ("f", "q")]
    assert {one for _, wrong in answers.values() for one in wrong} <= set(handed_in)
    assert sum(all(one.is_right for one in plan.values()) for plan in plans.values()) >= 2
    assert plans == demo.deal(answers, 12, random.Random(3)) != demo.deal(answers, 12, random.Random(4))


def test_the_demo_says_no_when_grading_missed_something(capsys):
    plans = {"ada": {"f": demo.Answer("x", "AVG", "f: You divide."), "q": demo.Answer("a")}}
    good = [Finding("f", 0.0, 2.0, "wrong", "AVG", "f: You divide."), Finding("q", 1.0, 1.0, "correct")]
    assert demo.prove(plans, [Result("ada", good)])
    said = "named 1 of 1 planted misconceptions; 1 of 1 right answers at full marks; 1 of 1 graded"
    assert capsys.readouterr().out.strip() == said
    assert not demo.prove(plans, [Result("ada", [Finding("f", 0.0, 2.0, "wrong", "BIA", "f: No bias."), good[1]])])
    assert not demo.prove(plans, [Result("ada", good, graded=False)])
    assert not demo.prove(plans, [])


@pytest.mark.slow
def test_a_simulated_class_is_graded_as_planted_and_touches_no_real_one(course, results, capsys):
    before = {path: path.stat().st_mtime_ns for path in course.room.folder.rglob("*") if path.is_file()}
    stand_in = {"mix_pixel", "pixel_inputs"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            demo, "of_lesson", lambda name: [one for one in exercises.of_lesson(name) if one.name in stand_in]
        )
        count = len(exercises.find("mix_pixel").mistakes) + len(exercises.find("pixel_inputs").choices) - 1
        assert demo.demo(students=15, lesson="01", root=course.root)
    assert f"15 students hand in 15 of the {count} catalogued mistakes" in capsys.readouterr().out
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_class_of_nobody_is_refused():
    with pytest.raises(CourseError, match="at least 1 student, got 0"):
        demo.demo(students=0)


@pytest.mark.parametrize(
    "line", re.findall(r"python3 course\.py ([^`\n]+)", (paths.ROOT / "TEACHING.md").read_text("utf-8"))
)
def test_every_command_of_the_teachers_guide_is_one_that_the_course_understands(line):
    verb, arguments = parse(line.split())
    assert verb in VERBS
    for lesson in arguments.get("lessons", [arguments.get("lesson") or "00"]):
        assert lesson == "all" or paths.find_lesson(lesson)


def test_the_package_is_part_of_the_repository():
    """A pattern for the teacher's folder `grading` must not hide this package from git."""
    assert "/grading/" in Path(paths.ROOT / ".gitignore").read_text().splitlines()
