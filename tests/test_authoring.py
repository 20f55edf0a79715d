"""The authoring room: building notebooks from a lesson's text, guarding people's work, adopting edits, auditing."""

import copy
import difflib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.apps.api import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

from course_utils import exercises
from course_utils.authoring import catalogued, minutes, new, prose, source
from course_utils.authoring.adopt import adopt, merge
from course_utils.authoring.audit import audit
from course_utils.authoring.build import build
from course_utils.authoring.release import STUB
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.exercises.spec import exercise, question, right, wrong
from course_utils.plots import words_of

TOY = """\
# %% [markdown]
# # 41 · Twice
# You will be able to double a number.

# %%
from course_utils import check, quiz

# %% [markdown]
# ## The *exercise*
# ![two dots](dots.svg)

# %% nbgrader={"grade": false, "grade_id": "double", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    \"\"\"Twice x.\"\"\"
    ### BEGIN SOLUTION
    doubled_number = x + x
    return doubled_number
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "double_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(double)
### BEGIN HIDDEN TESTS
check(double, seed=1)
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "41_quiz", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers = quiz(
    half_of_two="b",
)

# %% nbgrader={"grade": true, "grade_id": "half_of_two_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(answers["half_of_two"], "half_of_two")
"""


def double(x):
    return 2 * x


CATALOGUE = [
    exercise(cases=None, hints=("a", "b", "c"))(double),
    question("half_of_two", "2 / 2 = ?", wrong("SGN", "-1", "No."), right("1", "Yes.")),
]


class Course:
    """A course of toy lessons in a folder of its own, and a person's hands on it."""

    def __init__(self, root):
        self.root = root
        self.text, self.solution, self.release = (
            root / tree / "41_toy" / f"41_toy.{suffix}"
            for tree, suffix in (("solutions", "py"), ("solutions", "ipynb"), ("notebooks", "ipynb"))
        )

    def edit_text(self, old, new):
        text = self.text.read_text()
        assert old in text
        self.text.write_text(text.replace(old, new))

    def edit_notebook(self, path, change):
        """Change the cells of a notebook the way JupyterLab would: the whole file is written anew."""
        nb = nbformat.read(path, as_version=4)
        change(nb.cells)
        nbformat.write(nb, path)

    def snapshot(self):
        return {path: path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}


@pytest.fixture
def course(tmp_path, monkeypatch):
    """One lesson, built; nothing is wrong with it."""
    monkeypatch.setattr(exercises, "of_lesson", lambda lesson: CATALOGUE if lesson == "41_toy" else [])
    course = Course(tmp_path)
    course.text.parent.mkdir(parents=True)
    course.text.write_text(TOY)
    (course.text.parent / "dots.svg").write_text("<svg/>")
    build(root=tmp_path)
    return course


def cell_named(cells, name):
    return next(cell for cell in cells if cell.id == name)


# Build


def test_a_release_holds_stubs_and_neither_answers_nor_hidden_tests(course):
    cells = nbformat.read(course.release, as_version=4).cells
    text = course.release.read_text()
    assert cell_named(cells, "double").source == f'def double(x):\n    """Twice x."""\n    {STUB}'
    assert cell_named(cells, "double_check").source == "check(double)"
    assert cell_named(cells, "41_quiz").source == 'answers = quiz(\n    half_of_two="",\n)'
    assert not [word for word in ("doubled_number", "seed=1", "BEGIN") if word in text]
    assert sorted(path.name for path in course.release.parent.iterdir()) == ["41_toy.ipynb", "dots.svg"]


def test_builds_are_byte_identical_wherever_they_are_made(course, tmp_path):
    other = tmp_path / "elsewhere"
    shutil.copytree(course.root / "solutions", other / "solutions", ignore=shutil.ignore_patterns("*.ipynb"))
    build(root=other)
    for path in (course.solution, course.release):
        assert (other / path.relative_to(course.root)).read_bytes() == path.read_bytes()


def test_a_second_build_writes_nothing(course):
    assert build(root=course.root) == []
    assert build(["41"], course.root) == []


def test_an_edit_inside_an_answer_leaves_the_release_alone(course):
    course.edit_text("x + x", "2 * x")
    assert build(["toy"], course.root) == [course.solution]


def test_cell_ids_are_the_grade_id_or_come_from_the_content(course):
    before = [cell.id for cell in nbformat.read(course.release, as_version=4).cells]
    course.edit_text("# %%\nfrom", "# %%\n1 + 1\n\n# %%\n1 + 1\n\n# %%\nfrom")
    build(root=course.root)
    after = [cell.id for cell in nbformat.read(course.release, as_version=4).cells]
    assert before[4:] == ["double", "double_check", "41_quiz", "half_of_two_check"]
    assert [name for name in after if name in before] == before
    assert len(set(after)) == len(after) == len(before) + 2


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"grade_id": "double",', '"grade_id": "double"', "not valid JSON"),
        ("    ### END SOLUTION\n", "", "no end solution"),
        ('"locked": false, "schema_version": 3, "solution": true', '"locked": false, "solution": true', "41_toy.py"),
        ("# %% [markdown]\n# # 41", "import this\n\n# %% [markdown]\n# # 41", "before the first cell"),
        ("# %%\nfrom", "# %%\n\n# %%\nfrom", "8 `# %%` lines but 7 cells"),
        ("import check, quiz", 'import check, quiz\ns = """\n# %% text\n"""', "8 `# %%` lines but 7 cells"),
    ],
)
def test_a_lesson_that_cannot_be_built_is_one_sentence_and_changes_nothing(course, old, new, expected):
    course.edit_text(old, new)
    before = course.snapshot()
    with pytest.raises(CourseError, match=expected) as refusal:
        build(root=course.root)
    assert "\n" not in str(refusal.value)
    assert course.snapshot() == before


def test_an_unknown_lesson_and_a_course_without_lessons_are_refused(course, tmp_path):
    with pytest.raises(CourseError, match="no lesson named '77'"):
        build(["77"], course.root)
    with pytest.raises(CourseError, match="no lessons in"):
        build(root=tmp_path / "nowhere")


def test_where_nothing_can_be_written_nothing_is_lost(course):
    shutil.rmtree(course.release.parent)
    course.release.parent.write_text("a file where the folder should be")
    with pytest.raises(CourseError, match="cannot write"):
        build(root=course.root)


# The guard


def answer(cells):
    cell_named(cells, "double").source = "def double(x):\n    return x"


def take_notes(cells):
    cells.insert(2, nbformat.v4.new_markdown_cell("My own note."))


def choose(cells):
    cell_named(cells, "41_quiz").source = 'answers = quiz(\n    half_of_two="a",\n)'


def delete_text(cells):
    del cells[2]


@pytest.mark.parametrize("work", [answer, take_notes, choose, delete_text])
def test_a_learners_work_is_never_overwritten(course, work):
    other = course.root / "solutions/40_other/40_other.py"
    other.parent.mkdir()
    other.write_text("# %% [markdown]\n# # 40 · Other\n")
    course.edit_notebook(course.release, work)
    course.edit_text("## The", "## Your")
    before = course.snapshot()
    with pytest.raises(CourseError, match="notebooks/41_toy/41_toy.ipynb holds work.*`mv "):
        build(root=course.root)
    assert course.snapshot() == before


@pytest.mark.parametrize("content", [b"", b"{half a notebook", b"[]", b"\xff\xfe"])
def test_a_release_that_cannot_be_read_is_somebodys_to_sort_out(course, content):
    course.release.write_bytes(content)
    with pytest.raises(CourseError, match="holds work"):
        build(root=course.root)
    assert course.release.read_bytes() == content


def test_an_old_release_that_was_only_run_is_brought_up_to_date(course):
    def run(cells):
        for cell in cells:
            cell.metadata["execution"] = {"iopub.status.busy": "2024-01-01"}
            if cell.cell_type == "code":
                cell.execution_count = 7
                cell.outputs = [nbformat.v4.new_output("stream", text="hello")]
        cells.append(nbformat.v4.new_code_cell(""))  # Shift+Enter in the last cell adds it

    course.edit_notebook(course.release, run)
    course.edit_text("## The", "## Your")
    build(root=course.root)
    assert "## Your" in course.release.read_text()
    assert "hello" not in course.release.read_text()


def test_a_file_beside_a_lesson_follows_its_source_unless_a_learner_changed_it(course):
    copy = course.release.with_name("dots.svg")
    course.text.with_name("dots.svg").write_text("<svg>2</svg>")
    build(root=course.root)
    assert copy.read_text() == "<svg>2</svg>"
    copy.write_text("mine")
    course.text.with_name("dots.svg").write_text("<svg>3</svg>")
    with pytest.raises(CourseError, match="dots.svg holds work"):
        build(root=course.root)
    assert copy.read_text() == "mine"


def test_an_authors_edits_of_the_notebook_are_not_overwritten(course):
    course.edit_notebook(course.solution, answer)
    course.edit_text("## The", "## Your")
    with pytest.raises(CourseError, match="course adopt 41_toy"):
        build(root=course.root)


# nbgrader and formgrader


@pytest.fixture
def formgrader(course):
    """What formgrader's buttons call, with the course's own configuration on the toy course."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(paths.ROOT)).load_config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.db_url = f"sqlite:///{course.root / 'gradebook.db'}"
    return NbGraderAPI(config=config)


@pytest.mark.slow
def test_formgrader_generates_the_same_files(course, formgrader):
    released = {path.name: path.read_bytes() for path in course.release.parent.iterdir()}
    result = formgrader.generate_assignment("41_toy")
    assert result["success"], result
    assert {path.name: path.read_bytes() for path in course.release.parent.iterdir()} == released


def test_formgrader_refuses_to_delete_a_learners_work(course, formgrader):
    course.edit_notebook(course.release, answer)
    work = course.release.read_bytes()
    result = formgrader.generate_assignment("41_toy")
    assert not result["success"]
    assert "holds work" in result["log"]
    assert course.release.read_bytes() == work


def test_the_configuration_holds_in_any_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(paths.ROOT)).load_config()
    assert Path(config.CourseDirectory.root) == paths.ROOT
    assert (paths.ROOT / "grading").is_dir()
    assert list(tmp_path.iterdir()) == []


# Adopt


def changed_lines(before, after):
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def as_jupyterlab_saves(cells):
    """What opening, running and saving a notebook in JupyterLab with nbgrader's toolbar adds to each cell."""
    for cell in cells:
        cell.metadata.update(editable=True, slideshow={"slide_type": ""}, tags=[], trusted=True)
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = 3, [nbformat.v4.new_output("stream", text="42")]


def test_adopting_an_unedited_notebook_changes_nothing(course):
    course.edit_notebook(course.solution, as_jupyterlab_saves)
    before = course.text.read_bytes()
    assert adopt("41", course.root) == course.text
    assert course.text.read_bytes() == before


def test_adopting_edits_changes_the_lines_that_were_edited(course):
    def edit(cells):
        as_jupyterlab_saves(cells)
        cells[0].source = cells[0].source.replace("double a number", "double any number")
        check = cell_named(cells, "double_check")
        check.metadata.nbgrader = dict(reversed({**check.metadata.nbgrader, "points": 5}.items()))
        cells.insert(2, nbformat.v4.new_code_cell("double(21)"))
        cells.append(nbformat.v4.new_code_cell(""))

    course.edit_notebook(course.solution, edit)
    before = course.text.read_text()
    adopt("41", course.root)
    marker = next(line for line in TOY.splitlines() if "double_check" in line)
    assert sorted(changed_lines(before, course.text.read_text())) == sorted(
        [
            "- # You will be able to double a number.",
            "+ # You will be able to double any number.",
            "+ # %%",
            "+ double(21)",
            "+ ",
            f"- {marker}",
            "+ " + marker.replace('"points": 3', '"points": 5'),
        ]
    )
    assert build(root=course.root) == []
    assert audit(["41"], course.root) == []


def test_a_cell_made_an_answer_in_the_toolbar_is_adopted_in_the_usual_order(course):
    def toggle(cells):
        cells[1].metadata["nbgrader"] = {
            "schema_version": 3,
            "task": False,
            "solution": False,
            "locked": True,
            "grade_id": "set_up",
            "grade": False,
        }

    course.edit_notebook(course.solution, toggle)
    before = course.text.read_text()
    adopt("41", course.root)
    marker = (
        '# %% nbgrader={"grade": false, "grade_id": "set_up", "locked": true, '
        '"schema_version": 3, "solution": false, "task": false}'
    )
    assert changed_lines(before, course.text.read_text()) == ["- # %%", f"+ {marker}"]


LINE = st.sampled_from(
    [
        "x = 1",
        "",
        "  ",
        "# a comment",
        "%matplotlib inline",
        "!ls",
        "def f():\n    return 1",
        '"""\n\n"""',
        "é × ²",
        "cd",
    ]
)
SOURCE = st.lists(LINE, min_size=1, max_size=5).map("\n".join)
CELL = st.one_of(SOURCE.map(nbformat.v4.new_markdown_cell), SOURCE.map(nbformat.v4.new_code_cell))


@settings(max_examples=100, deadline=None)
@given(st.lists(CELL, max_size=4))
def test_whatever_cells_are_adopted_the_text_says_the_same(cells):
    cells = [nbformat.v4.new_markdown_cell("# Title"), *cells]
    text = merge(TOY, nbformat.v4.new_notebook(cells=cells))
    before = [source.facts(cell) for cell in cells if not source.is_blank(cell)]
    assert [source.facts(cell) for cell in source.parse(text, "the lesson").cells] == before


def test_text_and_notebook_both_edited_are_left_alone(course):
    course.edit_notebook(course.solution, answer)
    course.edit_text("## The", "## Your")
    before = course.snapshot()
    with pytest.raises(CourseError, match="both edited"):
        adopt("41", course.root)
    assert course.snapshot() == before


def test_edits_that_text_cannot_hold_are_refused(course):
    def paste_picture(cells):
        cells[2].attachments = {"image.png": {"image/png": "AAAA"}}

    def write_marker(cells):
        cells[1].source += "\n# %% not a cell"

    for edit in (paste_picture, write_marker):
        course.edit_notebook(course.solution, edit)
        before = course.snapshot()
        with pytest.raises(CourseError, match="cannot be written as text"):
            adopt("41", course.root)
        assert course.snapshot() == before


def test_there_is_nothing_to_adopt_where_no_notebook_is(course):
    course.solution.unlink()
    with pytest.raises(CourseError, match="course build 41_toy"):
        adopt("41", course.root)


# Audit


def test_a_clean_course_has_no_problems(course):
    assert audit(root=course.root) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("## The", "### The", "jumps from level 1 to 3"),
        ("## The", "# The", "one title"),
        ("# # 41 · Twice\n", "", "first cell must be the title"),
        ("![two dots]", "![]", "no alternative text"),
        ("(dots.svg)", "(lines.svg)", "link to lines.svg leads nowhere"),
        ("You will", "[You](../42_none/42_none.ipynb) will", "42_none.ipynb leads nowhere"),
        ("# ## The", '# <img src="dots.svg" alt="">\n# ## The', "<img"),
        ("check, quiz\n", "check, quiz, show\nshow(fig)\n", "needs alt="),
        ("check, quiz\n", "check, quiz\nplt.show()\n", "without words"),
        ("You will be", "doubled_number = x + x, return doubled_number: you will be", "hidden in one cell and shown"),
        ("def double", "def twice", "must define a function or class `double`"),
        ("    ### BEGIN", "### BEGIN", "region inside `double`"),
        ('"double_check"', '"twice_check"', "a check cell with grade_id double_check is missing"),
        ('"half_of_two_check"', '"double_check"', "used 2 times"),
        ("check(double, seed=1)", "check(double)", "must call `check(double, seed=`"),
        ('"points": 3', '"points": 0', "worth 0 points"),
        ('"points": 3, ', "", "lacks `points`"),
        ('"double_check", "locked": true', '"double_check", "locked": false', "must be locked"),
        ('half_of_two="b"', 'half_of_two="a"', "'b' is right"),
        ("half_of_two", "half_of_three", "half_of_three is not in"),
        ("half_of_two", "half_of_three", "half_of_two of course_utils/exercises/lesson41_toy has no cell"),
    ],
)
def test_each_kind_of_problem_is_named_with_the_lessons_text(course, old, new, expected):
    course.edit_text(old, new)
    found = audit(root=course.root)
    assert [problem for problem in found if expected in problem and "41_toy.py" in problem], found


@pytest.mark.parametrize("tree", ["solution", "release"])
def test_a_changed_byte_in_either_tree_is_drift(course, tree):
    path = getattr(course, tree)
    path.write_text(path.read_text().replace("## The", "## Thy"))
    [problem] = audit(root=course.root)
    assert problem.startswith(path.relative_to(course.root).as_posix())
    assert "solutions/41_toy/41_toy.py" in problem
    assert "course build 41" in problem
    path.unlink()
    [problem] = audit(root=course.root)
    assert "is missing" in problem


@pytest.mark.parametrize("leaked", ["doubled_number = x + x", "check(double, seed=1)"])
def test_one_hidden_line_in_a_release_is_a_leak(course, leaked):
    course.edit_notebook(course.release, lambda cells: cells.append(nbformat.v4.new_code_cell(leaked)))
    assert [problem for problem in audit(root=course.root) if f"shows learners `{leaked}`" in problem]


def test_files_without_a_lesson_are_named(course):
    for name in ("notebooks/41_toy/41_toy.py", "notebooks/99_old/99_old.ipynb", "solutions/41_toy/copy.py"):
        path = course.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    assert [problem.split()[0] for problem in audit(root=course.root)] == [
        "notebooks/41_toy/41_toy.py",
        "notebooks/99_old/99_old.ipynb",
        "solutions/41_toy/copy.py",
    ]


def test_documents_are_audited_too(course):
    (course.root / "README.md").write_text(
        "[gone](docs/gone.md) [web](https://example.org) `[code](no.md)` [here](#top)\n"
    )
    [problem] = audit(root=course.root)
    assert problem.startswith("README.md: the link to docs/gone.md leads nowhere")


def test_the_course_itself_is_clean():
    assert audit() == []


def test_adopting_any_lesson_without_edits_leaves_its_text_to_the_letter():
    for lesson in paths.lessons():
        text = (paths.solutions() / lesson / f"{lesson}.py").read_text(encoding="utf-8")
        assert merge(text, source.parse(text, lesson)) == text


def test_generated_notebooks_carry_no_machine_and_no_time(course):
    for path in (course.solution, course.release):
        metadata = json.loads(path.read_text())["metadata"]
        assert sorted(metadata) == ["course", "kernelspec", "language_info"]
        assert metadata["language_info"] == {"name": "python"}


# Cells that a person marks

TASK = """
# %% [markdown] nbgrader={"grade": false, "grade_id": "in_your_words", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": true}
# ### In your words
# Why is half of two one? Write below.
#
# ### BEGIN MARK SCHEME
# - 4 points: halving undoes doubling
# ### END MARK SCHEME

# %% [markdown]
# *Write here.*
"""


@pytest.fixture
def with_task(course):
    """The lesson with a task at its end, built."""
    course.text.write_text(TOY + TASK)
    build(root=course.root)
    return course


def test_the_mark_scheme_of_a_task_stays_with_the_teacher(with_task):
    cells = nbformat.read(with_task.release, as_version=4).cells
    task = cell_named(cells, "in_your_words")
    assert task.source == "### In your words\nWhy is half of two one? Write below.\n"
    assert not task.metadata.editable
    assert cells[-1].metadata.get("editable", True)
    assert "halving undoes" in with_task.solution.read_text()
    assert audit(["41"], with_task.root) == []


def test_what_a_learner_writes_below_a_task_is_not_overwritten(with_task):
    with_task.edit_notebook(with_task.release, lambda cells: cells[-1].update(source="Because 2 = 1 + 1."))
    with_task.edit_text("## The", "## Your")
    with pytest.raises(CourseError, match="holds work"):
        build(root=with_task.root)


def test_an_edited_mark_scheme_is_adopted(with_task):
    before = with_task.text.read_text()
    change = lambda cells: cells[-2].update(source=cells[-2].source.replace("4 points", "2 points"))  # noqa: E731
    with_task.edit_notebook(with_task.solution, change)
    adopt("41", with_task.root)
    assert changed_lines(before, with_task.text.read_text()) == [
        "- # - 4 points: halving undoes doubling",
        "+ # - 2 points: halving undoes doubling",
    ]
    assert build(root=with_task.root) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"points": 4, ', "", "cell in_your_words lacks `points`"),
        ('"points": 4, ', '"points": 0, ', "is worth 0 points"),
        ('"in_your_words", "locked": true', '"in_your_words", "locked": false', "is a task and must be locked"),
        ("# ### BEGIN MARK SCHEME\n# - 4", "# - 4", "has no `### BEGIN MARK SCHEME`"),
        ("# ### END MARK SCHEME\n", "", "No end mark scheme"),
        ("# *Write here.*", "# - 4 points: halving undoes doubling", "is hidden in one cell and shown in another"),
    ],
)
def test_what_is_wrong_with_a_task_is_named(with_task, old, new, expected):
    with_task.edit_text(old, new)
    assert [problem for problem in audit(["41"], with_task.root) if expected in problem]


def test_a_line_of_a_mark_scheme_in_a_release_is_a_leak(with_task):
    leaked = "- 4 points: halving undoes doubling"
    with_task.edit_notebook(with_task.release, lambda cells: cells.append(nbformat.v4.new_markdown_cell(leaked)))
    assert [problem for problem in audit(root=with_task.root) if f"shows learners `{leaked}`" in problem]


def timed_lesson(told, *rest):
    return [nbformat.v4.new_markdown_cell(f"# A lesson\n\n{told}"), *map(nbformat.v4.new_markdown_cell, rest)]


LONG = [f"### Exercise\n\nAbout {minutes} minutes. Write it." for minutes in (40, 50)]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (timed_lesson("**Time:** 40 minutes.", LONG[0]), None),
        (timed_lesson("**Time:** 47 minutes.", LONG[0]), None),
        (timed_lesson("No hurry."), None),
        (timed_lesson("No hurry.", LONG[0]), "states no time"),
        (timed_lesson("**Time:** 30 minutes.", LONG[0]), "come to 40"),
        (timed_lesson("**Time:** 90 minutes.", *LONG), "over 75; make a lesson of the rest"),
        (timed_lesson("**Time:** 40 and 50 minutes.", *LONG), "states no time"),
    ],
)
def test_a_lesson_states_the_minutes_that_it_takes(cells, said):
    problems = minutes.time_problems(cells, "41_test.py")
    assert (said in problems[0]) if said else problems == []


def test_names_of_descriptions_and_descriptions_belong_together():
    known = sorted(words_of("07"))
    shown = "\n".join(f'plots.show(figure, alt="07.{name}")' for name in [*known[1:], "no_such_picture"])
    problems = prose.lesson_problems(
        [nbformat.v4.new_markdown_cell("# A"), nbformat.v4.new_code_cell(shown)], paths.ROOT, "07_a.py"
    )
    assert len(problems) == 2
    assert 'alt="07.no_such_picture"' in problems[0] and f"07.{known[0]}" in problems[1]


# ---- course new ----------------------------------------------------------------------------------------------------


def copied(tmp_path):
    """The course in another folder, where a test may write."""
    for name in ("course_utils", "solutions", "notebooks"):
        shutil.copytree(paths.ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "nbgrader_config.py"):
        shutil.copy(paths.ROOT / name, tmp_path)
    return tmp_path


def test_what_an_exercise_lacks_in_the_catalogue_is_named(monkeypatch):
    lesson, cells = "02_by_hand", source.parse((paths.solutions() / "02_by_hand/02_by_hand.py").read_text(), "x").cells
    assert catalogued.problems(cells, lesson, "x.py") == []
    first, *others = [copy.copy(item) for item in exercises.of_lesson(lesson) if isinstance(item, exercises.Exercise)]
    monkeypatch.setattr(catalogued, "of_lesson", lambda _: [*others, first])
    first.mistakes, first.alternatives, first.hints = first.mistakes[:2], [], catalogued.BEGUN[2:]
    begun, order, mistakes, alternatives = catalogued.problems(cells, lesson, "x.py")
    assert "still says 'A question that leads to the idea.'" in begun and f"{first.name}.py" in begun
    assert "in another order than x.py" in order and "lesson02_by_hand/__init__.py" in order
    assert "has 2 mistakes; an exercise has 3 or more" in mistakes and "has 0 alternatives" in alternatives


@pytest.mark.slow
def test_a_new_exercise_works_before_anybody_has_changed_it(tmp_path):
    root = copied(tmp_path)
    new.new_exercise("02", "twice", root)
    code = """
from course_utils.authoring.audit import _miscounted, audit
from course_utils.authoring.build import build
from course_utils.authoring.catalogued import BEGUN
from course_utils.base import paths
from course_utils.checking.judge import judge
from course_utils.exercises import find, of_lesson
build(["02"])
assert [problem.split(" still says ")[1].split("'")[1] for problem in audit(["02"])] == list(BEGUN)
assert _miscounted(paths.ROOT) == []
item = find("twice")
assert [one.name for one in of_lesson("02_by_hand")][3] == "twice"
assert all(judge(item, one).outcome == "correct" for one in [item.oracle, *item.alternatives])
assert all(one.message in judge(item, one.function).headline for one in item.mistakes)
"""
    environment = os.environ | {"PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, check=True)
    for number in range(5):  # until a line is too short for all names
        new.new_exercise("02", f"another_exercise_{number}", root)
    written = (root / "course_utils/exercises/lesson02_by_hand").glob("*.py")
    layout = [sys.executable, "-m", "ruff", "format", "--check", "--config", paths.ROOT / "pyproject.toml"]
    subprocess.run([*layout, *written], check=True)


def test_where_the_lessons_were_copied_to_no_exercise_is_begun(tmp_path):
    shutil.copytree(paths.solutions() / "02_by_hand", tmp_path / "solutions" / "02_by_hand")
    with pytest.raises(CourseError, match="Begin an exercise in a clone"):
        new.new_exercise("02", "twice", tmp_path)


def test_a_new_exercise_writes_over_nothing_and_takes_no_name_twice():
    for name, message in [
        ("conv1x1_loops", "is an exercise of 02"),
        ("class", "cannot be the name"),
        ("a b", "cannot"),
    ]:
        with pytest.raises(CourseError, match=message):
            new.new_exercise("02", name, paths.ROOT)


def test_a_wrong_count_of_exercises_in_the_readme_is_named(tmp_path):
    from course_utils.authoring.audit import _miscounted

    text = (paths.ROOT / "README.md").read_text(encoding="utf-8")
    (tmp_path / "README.md").write_text(new.counted(text, "02_by_hand", 2), encoding="utf-8")
    (tmp_path / "solutions").symlink_to(paths.solutions())
    count = sum(isinstance(item, exercises.Exercise) for item in exercises.of_lesson("02_by_hand"))
    said = f"README.md says that 02_by_hand has {count + 2} exercises; it has {count}. Correct its row."
    assert _miscounted(tmp_path) == [said]
    assert _miscounted(paths.ROOT) == []
