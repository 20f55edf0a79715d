"""The course in a browser: what is built is pinned, the same each time, without answers, and works offline in Chromium."""

import html
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from course_utils import exercises
from course_utils.authoring import needs, setup_cell
from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking import history
from course_utils.cli import main
from course_utils.live import answers, archive, build, compiled, inspect_site, pyodide, wheels
from course_utils.site import pages


def files_of(wheel):
    archive = zipfile.ZipFile(wheel)
    return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def course_wheel(tmp_path_factory):
    return wheels.course(tmp_path_factory.mktemp("wheel"))


# ---- what is built ---------------------------------------------------------------------------------------------------


def test_our_wheels_have_the_same_bytes_each_time(course_wheel, tmp_path):
    again = wheels.course(tmp_path)
    assert again.name == course_wheel.name and again.read_bytes() == course_wheel.read_bytes()
    for make in (wheels.colours, lambda folder: wheels.installed(folder, "psygnal")):
        (tmp_path / "a").mkdir(exist_ok=True)
        assert make(tmp_path).read_bytes() == make(tmp_path / "a").read_bytes()


def test_the_wheel_has_the_lessons_without_pytorch_and_no_room_that_grades_or_builds(course_wheel):
    names = [name.removeprefix("course_utils/") for name in files_of(course_wheel)]
    lessons = {name.split("/")[1] for name in names if name.startswith("exercises/lesson")}
    assert lessons == {f"lesson{name}" for name in build.whole_lessons()}
    assert build.whole_lessons() == needs.without_torch()
    assert not [
        name for name in names if name.startswith(("grading/", "authoring/", "cli/", "site/", "live/", "mutation/"))
    ]
    assert not [name for name in names if name.endswith((".pyc", ".ipynb"))]
    assert not [name for name in names if name.endswith("/equivalent.py")]  # changes of right answers, line by line
    for photo in ("coffee.png", "china.jpg"):
        assert f"data/photos/{photo}" in names


def test_no_answer_is_in_the_wheel_and_one_that_were_would_be_found(course_wheel, tmp_path):
    assert list(answers.found(course_wheel.parent)) == []
    alternative = exercises.find("conv1x1_loops").alternatives[0]
    text = Path(alternative.__code__.co_filename).read_bytes()
    assert alternative.__name__.encode() in text and alternative.__name__.encode() not in wheels.without_alternatives(
        text
    )
    wheels.pack(tmp_path, "leak", "1", {"deep/leak.py": text, "notes.txt": b"### BEGIN HIDDEN TESTS"})
    (tmp_path / "leak.pyc").write_bytes(b"")
    said = "\n".join(answers.found(tmp_path))
    assert "leak.py holds the alternative" in said and "leak.pyc is byte code" in said and "hidden part" in said


@pytest.mark.parametrize("name", ["notes.txt", "search.js", "a.ipynb", "table.json", "index.html", "numbers.bin"])
def test_one_line_of_an_answer_is_found_wherever_it_is_quoted(tmp_path, name):
    line = next(line for line in _answer("mix_pixel_many").splitlines() if "mix_pixel(" in line).strip()
    text = html.escape(f"change `{line}`") if name.endswith("html") else json.dumps([f"change `{line}`\n"])
    if name.endswith("ipynb"):
        nb = nbformat.v4.new_notebook(metadata={"note": line})
        text = nbformat.writes(nb)
    (tmp_path / name).write_bytes(bytes(range(256)) * name.endswith("bin") + text.encode())
    (said,) = answers.found(tmp_path)
    assert f"{name} holds a line of the solution of mix_pixel_many" in said


def _answer(name):
    """The answer to an exercise of lesson 01, as its solution has it."""
    nb = nbformat.read(paths.solutions() / "01_one_pixel/01_one_pixel.ipynb", as_version=4)
    return next(cell.source for cell in nb.cells if grade_id(cell) == name)


def test_lesson_00_asks_its_questions_from_the_wheel_alone_and_without_pytorch(course_wheel, tmp_path):
    zipfile.ZipFile(course_wheel).extractall(tmp_path)
    released = nbformat.read(paths.notebooks() / "00_axes_and_checks/00_axes_and_checks.ipynb", as_version=4)
    cells = setup_cell.removed(released).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    asked = next(source for source in code if source.startswith("before("))
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.modules['torch'] = sys.modules['sklearn'] = None"
    program = "\n".join([program, code[0], asked, "progress()", "print(plots.__file__)"])
    said = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True).stdout
    assert (
        "your choice: –" in said
        and "0 of 6 done" in said
        and said.rstrip().rpartition("\n")[2].startswith(str(tmp_path))
    )


def test_every_released_lesson_that_goes_in_has_no_hidden_part():
    for name in build.whole_lessons():
        text = (paths.notebooks() / name / f"{name}.ipynb").read_text(encoding="utf-8")
        assert not answers.HIDDEN.search(text)


def test_colours_are_scikit_images_own_to_the_last_digit_but_one(tmp_path):
    import numpy as np
    from skimage import color

    wheel = wheels.colours(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(wheel)!r}); import numpy as np; from skimage.color import rgb2hed, rgb2gray; import skimage;"
        "assert '.whl' in skimage.__file__ and 'scipy' not in sys.modules; x = np.random.default_rng(0).random((4, 5, 3));"
        "print(rgb2hed(x).ravel().tolist(), rgb2gray(x).ravel().tolist(), sep='|')"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    x = np.random.default_rng(0).random((4, 5, 3))
    for made, expected in zip(said.split("|"), (color.rgb2hed(x), color.rgb2gray(x)), strict=True):
        np.testing.assert_allclose(json.loads(made), expected.ravel(), rtol=0, atol=1e-14)


# ---- Pyodide: pinned -------------------------------------------------------------------------------------------------


def test_what_is_pinned_holds_together():
    release = pyodide.pinned()
    assert set(release["core"]) == set(pyodide.CORE)
    for entry in release["packages"].values():
        assert len(entry["sha256"]) == 64 and set(entry["depends"]) <= set(release["packages"])
    assert "scipy" not in release["packages"]


def test_a_file_that_is_missing_or_another_is_refused(tmp_path):
    (tmp_path / "from").mkdir()
    with pytest.raises(CourseError, match="files of Pyodide .* are not in"):
        pyodide.take(tmp_path, tmp_path / "from")
    for name in pyodide.wanted():
        (tmp_path / "from" / name).write_bytes(b"something else")
    with pytest.raises(CourseError, match="is damaged"):
        pyodide.take(tmp_path, tmp_path / "from")


def test_without_a_network_the_way_without_one_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    monkeypatch.setattr(pyodide, "SOURCE", "http://127.0.0.1:9/{version}/{name}")
    with pytest.raises(CourseError, match="cannot be fetched: .* --pyodide FOLDER"):
        pyodide.take(tmp_path, report=lambda line: None)


def test_a_fetched_file_that_is_not_the_pinned_one_is_not_kept(monkeypatch, tmp_path):
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    (tmp_path / "pyodide.js").write_text("evil")
    monkeypatch.setattr(pyodide, "SOURCE", (tmp_path / "pyodide.js").as_uri())
    with pytest.raises(CourseError, match="is not the file that was pinned"):
        pyodide.take(tmp_path, report=lambda line: None)
    assert not list((tmp_path / "home").rglob("*.*"))


@pytest.mark.parametrize("options", [["--check"], ["--pyodide", "folder"]])
def test_options_of_live_are_refused_without_it(options, capsys):
    assert main(["site", *options]) == 2
    assert "goes with --live" in capsys.readouterr().err


def test_a_folder_without_a_site_is_told_so(tmp_path):
    with pytest.raises(CourseError, match="no site with live lessons"):
        inspect_site(tmp_path)


def test_a_folder_that_cannot_be_looked_into_is_no_course():
    class Closed:  # the folder at work in a private window of a browser
        def __truediv__(self, name):
            return self

        def is_dir(self):
            raise OSError(28, "Invalid argument")

    assert not paths.is_course(Closed())


def test_in_a_browser_that_keeps_no_files_tries_count_and_it_is_said_in_its_words(monkeypatch, tmp_path, capsys):
    (tmp_path / "drive").write_text("no folder")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "drive"))
    monkeypatch.setattr(history, "IN_BROWSER", True)
    monkeypatch.setattr(history, "UNSAVED", [])
    history.record("mix_pixel", "wrong")
    history.record("mix_pixel", "wrong")
    said = capsys.readouterr().out
    assert said.count("Progress is not saved: this window keeps no files.") == 1 and "COURSE_HOME" not in said
    assert history.attempts("mix_pixel") == 2


# ---- Pyodide: compiled -----------------------------------------------------------------------------------------------


def test_byte_code_takes_the_place_of_python_files_the_same_each_time(tmp_path):
    template, seldom = {"pack/template.py": b"{{ x }} = 1"}, {"pygments/styles/all.py": b"x = 1"}
    lost = {f"{name}x": b"" for name in archive.LEFT_OUT} | {"pack-1.dist-info/RECORD": b""}
    kept = dict.fromkeys((*archive.KEPT, archive.EMBED), b"import what_draws_in_a_terminal")
    files = {"pack/__init__.py": b"'About.'\nN = {'a', 'b'}\n", "pack/more.txt": b"text", **template, **seldom, **kept}
    with zipfile.ZipFile(tmp_path / "pack.whl", "w") as old:
        for name, content in (files | lost).items():
            old.writestr(name, content)
    for name in ("a.zip", "b.zip"):
        archive.compile_archive(tmp_path / "pack.whl", tmp_path / name, "/lib/site")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    made = files_of(tmp_path / "a.zip")
    assert made.keys() == {"pack/__init__.pyc", "pack/more.txt", *template, *seldom, *(f"{name}c" for name in kept)}
    assert [name for name, content in made.items() if b"what_draws" in content] == [f"{name}c" for name in archive.KEPT]
    assert made.items() >= {"pack/more.txt": b"text", **template, **seldom}.items()
    code = "import pack; print(pack.__doc__, sorted(pack.N), pack.__file__)"
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'a.zip')!r}); {code}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith("About. ['a', 'b']") and said.strip().endswith("pack/__init__.pyc")


@pytest.mark.parametrize(
    ("node", "said"), [(None, "Node.js is not here"), ("#!/bin/sh\necho too old >&2\nexit 1\n", "uncompiled: too old")]
)
def test_without_a_node_that_runs_pyodide_nothing_is_compiled_and_it_is_said(monkeypatch, tmp_path, node, said):
    (tmp_path / "node").write_text(node or "")
    (tmp_path / "node").chmod(0o755 if node else 0o600)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "static").mkdir()
    lines = []
    assert compiled.compile_archives(tmp_path / "static", lines.append) == {} == compiled.listed(tmp_path / "static")
    assert said in lines[-1] and "stay uncompiled" in lines[-1]


# ---- what a browser does not run --------------------------------------------------------------------------------------


def page_of(lesson, folder, more=""):
    """The page of a lesson, as text, in a copy whose pyproject.toml has these lines more."""
    text = (paths.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(text + more, encoding="utf-8")
    page = pages.Page(lesson, paths.number(lesson), "", [], {})
    pages._write_lesson(page, [page], folder, folder, build.whole_lessons())
    return " ".join((folder / lesson / "index.html").read_text(encoding="utf-8").split())


def test_a_lesson_that_needs_pytorch_says_so_and_how_to_do_it(tmp_path):
    page = page_of("10_pytorch", tmp_path)
    assert "needs PyTorch, which does not run in a browser" in page and "live/notebooks" not in page
    assert "course.py lab 10" in page and "course.py doctor" in page
    assert "colab" not in page.lower() and "binder" not in page.lower() and "<footer" in page


@pytest.mark.parametrize("address", ["https://github.com/ada/course", "https://github.com/ada/course.git"])
def test_where_the_course_names_its_repository_such_a_lesson_is_opened_in_binder_and_colab(tmp_path, address):
    page = page_of("10_pytorch", tmp_path, f'\n[project.urls]\nRepository = "{address}"\n')
    notebook = "notebooks/10_pytorch/10_pytorch.ipynb"
    assert (paths.ROOT / notebook).is_file()
    assert f'href="https://mybinder.org/v2/gh/ada/course/HEAD?labpath={notebook}"' in page
    assert f'href="https://colab.research.google.com/github/ada/course/blob/main/{notebook}"' in page
    assert "%pip install git+https://github.com/ada/course<" in page and "course.py lab 10" in page
    assert f'<footer class="foot"> <p><a href="{address}">Repository</a>' in page


def test_a_lesson_that_a_browser_runs_needs_neither(tmp_path):
    page = page_of("02_by_hand", tmp_path, '\n[project.urls]\nRepository = "https://github.com/ada/course"\n')
    assert "live/notebooks/index.html?path=02_by_hand.ipynb" in page and "mybinder" not in page
