"""`course new exercise`: an exercise that works and only doubles numbers, in every place where one has to stand."""

import ast
import keyword
import re

from course_utils.authoring.build import read_text, source_of
from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.exercises import catalogue

FILE = '''"""What the exercise is about, in a line."""

import numpy as np

from course_utils.exercises.inputs import signed
from course_utils.exercises.spec import case, exercise


def arrays(rng):
    """Cases `(x,)`: first one that tells wrong from right, then the edges, then whole, large and small numbers."""
    yield case("every size different", signed(rng, 2, 3, 4))
    yield case("one number", signed(rng, 1, 1, 1))
    yield case("whole numbers", rng.integers(-3, 4, (2, 3)))
    yield case("large numbers", 1e4 * signed(rng, 2, 12))
    yield case("small numbers", 1e-4 * signed(rng, 11, 3))


@exercise(
    cases=arrays,
    hints=("A question that leads to the idea.", "The axis or the line to look at.", "pseudo-code: return 2 * x"),
)
def {name}(x):
    return 2 * x


@{name}.mistake("SCL", "A factor is missing: what does each number have to be multiplied by?")
def as_it_was(x):
    return x + 0


@{name}.mistake("SGN", "The sign is the other way round.")
def negative(x):
    return -2 * x


@{name}.mistake("INP", "`x` itself is changed. Make a new array.")
def in_place(x):
    x *= 2
    return x


@{name}.alternative
def added(x):
    return x + x


@{name}.alternative
def one_by_one(x):
    y = np.empty_like(x)
    for place in np.ndindex(x.shape):
        y[place] = 2 * x[place]
    return y
'''
CELLS = '''# %% [markdown]
# ### Exercise: {name}
#
# About 5 minutes. What is asked for, in one or two sentences. Stuck? Run `hint({name})` in a new cell.

# %% nbgrader={{"grade": false, "grade_id": "{name}", "locked": false, "schema_version": 3, "solution": true, "task": false}}
def {name}(x):
    """Each number of x doubled, in a new array of the same shape.

    {name}(np.array([1.0, 3.0])) gives [2.0, 6.0]
    """
    ### BEGIN SOLUTION
    return np.multiply(x, 2)
    ### END SOLUTION


# %% nbgrader={{"grade": true, "grade_id": "{name}_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}}
check({name})
### BEGIN HIDDEN TESTS
check({name}, seed=1)
### END HIDDEN TESTS

'''
WIDEST = 120  # characters of a line of code
QUIZ = "# %% [markdown]\n# ## Quiz"


def new_exercise(lesson, name, root=paths.ROOT):
    """Add an exercise to a lesson; return the files that are written, the exercise's own first.

    >>> new_exercise("02", "conv1x1_loops")
    Traceback (most recent call last):
    ...
    course_utils.base.errors.CourseError: conv1x1_loops is an exercise of 02_by_hand. Choose another name.

    Nothing is written unless everything can be. Raises `CourseError` where the name does not fit.
    """
    lesson = paths.find_lesson(lesson, root)
    if not name.isidentifier() or keyword.iskeyword(name):
        raise CourseError(f"{name!r} cannot be the name of a function. Take letters, digits and _, as in mix_channels.")
    if name in catalogue():
        raise CourseError(f"{name} is an exercise of {catalogue()[name].lesson}. Choose another name.")
    package = root / "course_utils" / "exercises" / f"lesson{lesson}"
    own, listed = package / f"{name.lower()}.py", package / "__init__.py"
    if not listed.is_file():
        raise CourseError(
            f"{root} has the lessons alone, not what checks them. Begin an exercise in a clone of the course."
        )
    text, readme = source_of(lesson, root), root / "README.md"
    if own.exists():
        raise CourseError(f"{own.relative_to(root)} exists. Choose another name.")
    wanted = {own: FILE.replace("{name}", name), listed: _listed(read_text(listed), name)}
    wanted |= {text: _with_cells(read_text(text), name), readme: counted(read_text(readme), lesson, 1)}
    for path, content in wanted.items():
        files.write(path, content)
    return list(wanted)


def _listed(code, name):
    """The lesson's `__init__.py` with the exercise at the end of EXERCISES."""
    assigned = [statement for statement in ast.parse(code).body if isinstance(statement, ast.Assign)]
    node = next(statement.value for statement in assigned if statement.targets[0].id == "EXERCISES")
    names = [*ast.literal_eval(node), name]
    lines = code.splitlines(keepends=True)
    rest = lines[node.end_lineno - 1][node.end_col_offset :]
    quoted = [f'"{text}"' for text in names]
    line = f"EXERCISES = ({', '.join(quoted)}){rest}"
    if len(line.rstrip()) > WIDEST:  # as `ruff format` has it
        line = "EXERCISES = (\n" + "".join(f"    {text},\n" for text in quoted) + f"){rest}"
    lines[node.lineno - 1 : node.end_lineno] = [line]
    return "".join(lines)


def _with_cells(text, name):
    """The lesson's text with an answer and its check before the quiz, or at the end where there is none."""
    before, quiz, after = text.partition(QUIZ)
    return f"{before.rstrip()}\n\n{CELLS.format(name=name)}{quiz}{after}"


def counted(readme, lesson, more=0):
    """The README with `more` exercises in the lesson's row."""
    row = re.compile(rf"^(\|[^|\n]*\(notebooks/{lesson}/[^|\n]*\|[^|\n]*\|[^|\n]*\| *)(\d+)", re.MULTILINE)
    return row.sub(lambda found: f"{found[1]}{int(found[2]) + more}", readme)
