"""The rooms of course_utils: imports point downwards, the front door is light, files stay small."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest

import course_utils
from course_utils.base import paths
from course_utils.grading.run.sandbox import HIDDEN

PACKAGE = paths.ROOT / "course_utils"
FLOORS = [  # from the ground up; a room may import those on lower floors, its own, and neighbours it is listed after
    "base", "data", "convs", "layers", "kernels", "cost", "device", "experiments", "plots", "exercises", "checking", "widgets",
    "authoring", "grading", "mutation", "site", "live", "bench", "cli",
]  # fmt: skip
STEPS = [
    "classroom",
    "people",
    "prepare",
    "run",
    "marks",
    "report",
    "collect",
    "grade",
    "demo",
]  # of grading, in the order of the work
SEEN = [
    name for name in FLOORS[: FLOORS.index("authoring")] if name not in HIDDEN
]  # what a lesson imports, also where it is graded
MODULES = sorted(PACKAGE.rglob("*.py"))
EXTERNAL_NAMES = {
    "IPython": "ipython",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "dateutil": "python-dateutil",
    "axe_playwright_python": "axe-playwright-python",
}


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path):
    """The modules that a file imports, by full name, with the line of each."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "course_utils":
            yield from ((f"course_utils.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: write imports in full: course_utils.{room(path)}…"
            yield node.module, node.lineno


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.parent != PACKAGE or path.stem != "__init__"],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_imports_point_downwards(path):
    own = room(path)
    assert own in FLOORS, f"{own} is a new room: give it a floor in {__file__}"
    for name, line in imported(path):
        if name.startswith("course_utils."):
            other = name.split(".")[1]
            if other in FLOORS:
                assert FLOORS.index(other) <= FLOORS.index(own), f"{path}:{line}: {own} may not import {other}"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.is_relative_to(PACKAGE / "grading")], ids=lambda path: path.stem
)
def test_a_submission_is_followed_through_grading_without_going_back(path):
    own = path.relative_to(PACKAGE / "grading").parts[0].removesuffix(".py")
    for name, line in imported(path):
        if own in STEPS and name.startswith("course_utils.grading."):
            other = name.split(".")[2]
            assert STEPS.index(other) <= STEPS.index(own), f"{path}:{line}: {own} may not import {other}"


@pytest.mark.parametrize("old, new", course_utils.MOVED.items())
def test_notebooks_that_were_handed_out_find_modules_under_their_older_names(old, new):
    code = f"import {old} as a, {new} as b; from course_utils import {old.split('.')[1]} as c; assert a is b is c"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in SEEN], ids=lambda path: path.stem)
def test_what_students_code_may_read_does_not_need_the_rooms_that_know_answers(path):
    for name, line in imported(path):
        assert name.split(".")[1:2] not in [[hidden] for hidden in HIDDEN], (
            f"{path}:{line}: {name} is hidden in grading"
        )


def test_every_package_that_is_imported_is_declared():
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    always, development = project["dependencies"], project["optional-dependencies"]["dev"]
    run, optional = PACKAGE / "grading" / "run", project["optional-dependencies"]
    extra = {run / "cluster.py": optional["scale"], run / "walls.py": optional["wall"]}  # they say so without them
    tests = sorted((paths.ROOT / "tests").glob("*.py"))
    own = {"course_utils", "triton", *(path.stem for path in tests)}  # a test may build on another's
    lessons = sorted(paths.solutions().glob("*/*.py"))
    once = {PACKAGE / "data/convert_spyndex.py", PACKAGE / "site/fonts/subset.py"}  # by hand, with what they convert
    for path in {*MODULES, *tests, *lessons, paths.ROOT / "nbgrader_config.py"} - once:
        allowed = always + (development if path in tests else extra.get(path, []))
        for name, line in imported(path):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and top not in own:
                assert EXTERNAL_NAMES.get(top, top) in allowed, f"{path}:{line}: {top} is not in pyproject.toml"


def test_importing_the_package_loads_no_numpy_and_no_torch_in_under_100_ms():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import course_utils"], capture_output=True, text=True, check=True
    )
    times = {line.split("|")[2].strip(): int(line.split("|")[1]) for line in done.stderr.splitlines()[1:]}
    assert times["course_utils"] < 100_000  # microseconds
    assert not {"numpy", "torch", "matplotlib", "IPython"} & {name.split(".")[0] for name in times}


def test_the_grammar_of_web_addresses_is_not_built_for_notebooks_and_is_there_for_whoever_wants_it():
    code = """
import sys
from course_utils.base.startup import skip_address_grammar
skip_address_grammar()
import nbformat
nbformat.validate(nbformat.v4.new_notebook())
assert "rfc3987_syntax" not in sys.modules and "lark" not in sys.modules
import rfc3987_syntax
assert rfc3987_syntax.is_valid_syntax("iri", "https://example.org/ä")
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_checking_a_numpy_exercise_does_not_load_torch():
    code = "import sys; from course_utils import check, exercises as e; e.catalogue(); sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_lessons_import_is_there_and_other_names_are_refused():
    import course_utils

    for name in course_utils.__all__:
        assert callable(getattr(course_utils, name))
    with pytest.raises(AttributeError, match="it offers after, before, check"):
        _ = course_utils.chekc


def test_what_lessons_import_is_there_too_where_their_cells_are_graded():
    names = ", ".join(course_utils.__all__)
    code = f"from course_utils.grading.run.student import stand_in; stand_in(); from course_utils import {names}"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_and_functions_stay_small(path):
    """An exercise is data and may be longer than machinery."""
    text = path.read_text(encoding="utf-8")
    most = 350 if room(path) == "exercises" else 260
    assert len(text.splitlines()) <= most, f"{path} is too long to read in one go: give part of it a file of its own"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0]
            lines = node.end_lineno - first.lineno + 1
            assert lines <= 40, f"{path}:{node.lineno}: {node.name} has {lines} lines: split it"


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=lambda command: command[0])
def test_the_code_is_clean(command):
    subprocess.run([sys.executable, "-m", "ruff", *command, "--quiet", paths.ROOT], check=True)


def test_the_map_of_the_house_names_files_and_functions_that_exist():
    text = (paths.ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)`(?:\s+`(\w+)`)?", text)
    assert len(named) > 25
    for name, function in named:
        path = PACKAGE / name if not name.startswith("tests/") else paths.ROOT / name
        assert path.is_file(), name
        defined = {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if hasattr(node, "name")}
        assert not function or function in defined, f"{name}: {function}"
    for name in FLOORS:
        assert re.search(rf"^[\w ]*\b{name}\b", text, re.MULTILINE), name
