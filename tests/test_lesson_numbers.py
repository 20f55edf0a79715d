"""A lesson's number is two digits, and a letter where it goes on with the lesson before it: everywhere it is read."""

import copy
import itertools
import re
import sys

import nbformat
import pytest

from course_utils.authoring import audit, prose
from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.exercises import Question, of_lesson
from course_utils.grading.classroom import Classroom
from course_utils.grading.collect.sort import cells_by_lesson, lesson_of
from course_utils.grading.people import roster, spreadsheet
from course_utils.grading.prepare import scrub, strays
from course_utils.grading.report import lms
from course_utils.live import wheels
from course_utils.plots.figure import described
from course_utils.site import cells, pages

NAMES = ["03_counting", "04_product", "04b_layouts", "05_sight", "10_torch", "10b_training"]


@pytest.fixture
def course(tmp_path):
    """A root with lessons that go on under a letter, and folders that are no lessons."""
    for name in [*NAMES, "drafts", "4_old", "04bb_no", "041_no"]:
        (tmp_path / "solutions" / name).mkdir(parents=True)
        (tmp_path / "solutions" / name / f"{name}.py").write_text(f"# # Lesson {paths.number(name)} · {name}\n")
    return tmp_path


def test_a_lesson_with_a_letter_comes_right_after_its_number(course):
    assert paths.lessons(course) == NAMES
    assert sorted(f"lesson{name}" for name in NAMES) == [f"lesson{name}" for name in NAMES]
    assert [paths.number(name) for name in NAMES] == ["03", "04", "04b", "05", "10", "10b"]


@pytest.mark.parametrize(
    "text", ["04b", "4b", "4B", "04B", "layouts", "04b_layouts", "notebooks/04b_layouts/04b_layouts.ipynb"]
)
def test_every_way_to_write_it_means_that_lesson(course, text):
    assert paths.find_lesson(text, course) == "04b_layouts"


@pytest.mark.parametrize(("text", "name"), [("4", "04_product"), ("04", "04_product"), ("10b", "10b_training")])
def test_the_number_alone_means_the_lesson_without_a_letter(course, text, name):
    assert paths.find_lesson(text, course) == name


@pytest.mark.parametrize("text", ["", "4c", "b", "4bb", "٤", "²", "b4"])
def test_what_is_no_lesson_is_said_to_be_none(course, text):
    with pytest.raises(CourseError, match="no lesson named .*04b_layouts"):
        paths.find_lesson(text, course)


def test_every_lesson_of_the_course_is_called_as_a_lesson_is():
    assert all(re.fullmatch(rf"{paths.NUMBER}_[a-z0-9_]+", name) for name in paths.lessons())
    assert {paths.number(name).rstrip("abcdefghijklmnopqrstuvwxyz") for name in paths.lessons()} <= {
        paths.number(name) for name in paths.lessons()
    }


def test_a_folder_without_a_lessons_number_is_never_built(course):
    problems = audit._strays(course)
    assert [line.split("/")[1] for line in problems] == ["041_no", "04bb_no", "4_old", "drafts"]


def test_the_words_of_its_pictures_are_looked_up_under_its_number(monkeypatch):
    known = {"04b": {"stains": "Two stains.", "unused": "Nothing."}}
    for module in (prose, sys.modules[described.__module__]):
        monkeypatch.setattr(module, "words_of", lambda number: known.get(number, {}))
    assert described("04b.stains") == "Two stains."
    code = 'plots.show(a, alt="04b.stains")\nplots.show(b, alt="04b.gone")\nplots.show(c, alt="04.stains")'
    assert prose._word_problems("04b", code) == [
        'alt="04.stains" has no description; write one in plots/words/04.toml.',
        'alt="04b.gone" has no description; write one in plots/words/04b.toml.',
        "plots/words/04b.toml describes 04b.unused, which no figure shows.",
    ]


def test_pages_find_it_in_the_readme_and_in_links():
    row = "| [04b Layouts](notebooks/04b_layouts/04b_layouts.ipynb) | The idea | 40 | 2 | no |"
    assert pages.ROW.findall(row) == [("04b", "Layouts", "04b_layouts", "The idea", "40")]
    link = '<a href="../04b_layouts/04b_layouts.ipynb">04b Layouts</a>'
    assert cells.NOTEBOOK.search(link)[1] == "04b_layouts"


def test_a_browser_gets_the_exercises_of_the_lessons_that_run_there():
    chosen = [name for name in NAMES if wheels._belongs(f"exercises/lesson{name}/quiz.py", {"04", "04b", "10"})]
    assert chosen == ["04_product", "04b_layouts", "10_torch"]


def test_an_extension_is_for_one_of_the_two_lessons():
    ada = roster.Person("ada", extension="04+1 4b+5 all+2")
    assert [ada.days(name) for name in NAMES[:4]] == [2.0, 1.0, 5.0, 2.0]
    new, person = roster.extend(roster.Roster([ada]), "ada", "04b_layouts", 3)
    assert person.days("04b_layouts") == 3 and person.days("04_product") == 1 and new.people == [person]


def test_work_under_any_of_its_names_is_said_to_be_its():
    known = strays.lessons_by_name(NAMES)
    for name in ("Lesson 04b", "4b", "04b_layouts (1)", "layouts"):
        assert known[strays.plain(name)] == "04b_layouts"
    assert known[strays.plain("Lesson 4")] == "04_product"


@pytest.mark.parametrize(
    ("lesson", "title"),
    [("04b_layouts", "Lesson 4b (11)"), ("04_product", "Lesson 04 (10)"), ("05_sight", "sight (12)")],
)
def test_an_assignment_of_canvas_is_found_by_its_number(lesson, title):
    header = ["Student", "Lesson 04 (10)", "Lesson 4b (11)", "sight (12)"]
    sheet = spreadsheet.Spreadsheet(paths.ROOT / "marks.csv", [header], "utf-8", ",", "\n")
    assert header[lms._assignment(sheet, lesson, "")] == title


# ---- notebooks from before a lesson became two ------------------------------------------------------------------------

PAIRS = [(name, after) for name, after in itertools.pairwise(paths.lessons()) if paths.number(after)[2:]]


def as_one(first, second):
    """A notebook with the cells of both lessons and one quiz, as it was handed out before they were two."""
    halves = [Classroom(name, paths.ROOT, paths.ROOT / "grading").read() for name in (first, second)]
    cells = [
        cell for half in halves for cell in half.released.cells if grade_id(cell) != f"{paths.number(second)}_quiz"
    ]
    nb = nbformat.v4.new_notebook(cells=copy.deepcopy(cells))
    questions = [item.name for name in (first, second) for item in of_lesson(name) if isinstance(item, Question)]
    quiz_of(nb, first).source = "answers = quiz(\n" + "".join(f'    {name}="",\n' for name in questions) + ")"
    return nb, halves


def quiz_of(nb, lesson):
    return next(cell for cell in nb.cells if grade_id(cell) == f"{paths.number(lesson)}_quiz")


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_an_old_notebook_counts_for_both_and_says_where_the_rest_is_marked(first, second):
    nb, halves = as_one(first, second)
    cells = cells_by_lesson(paths.ROOT)
    for half, own, other in zip(halves, (first, second), (second, first), strict=True):
        assert lesson_of(nb, "work.ipynb", cells, {}, own) == own
        _, notes = scrub.scrub(nb, half.released, half.reference)
        names = ", ".join(item.name for item in of_lesson(other))
        assert f"marked in lesson {other}, so hand it in for that one too: {names}" in notes
        assert not [note for note in notes if note.startswith(("none of the lesson's", "answer missing"))]
    one, two = map(paths.number, (first, second))
    assert (
        f"{two}_quiz is not in this release, which asks its questions in {one}_quiz: what is answered there counts"
        in notes
    )


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_quiz_that_is_taken_out_is_missing_and_a_question_that_is_not_asked_is_said(first, second):
    nb, (_, half) = as_one(first, second)
    taken = [item.name for item in of_lesson(second) if isinstance(item, Question)]
    quiz = quiz_of(nb, first)
    quiz.source = quiz.source.replace(f'    {taken[0]}="",\n', "")
    notes = scrub.scrub(nb, half.released, half.reference)[1]
    if len(taken) > 1:
        assert any(note.endswith(f"it has no question {taken[0]}, so no mark for that") for note in notes)
    nb.cells.remove(quiz)
    notes = scrub.scrub(nb, half.released, half.reference)[1]
    assert f"answer missing: {paths.number(second)}_quiz" in notes


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_notebook_of_one_half_is_of_that_one_alone(first, second):
    cells = cells_by_lesson(paths.ROOT)
    for own, other in ((first, second), (second, first)):
        lesson = Classroom(own, paths.ROOT, paths.ROOT / "grading").read()
        assert lesson_of(lesson.released, "work.ipynb", cells, {}, other) == own
        assert scrub.scrub(lesson.released, lesson.released, lesson.reference)[1] == []
