"""A lesson in a browser from the built folder, offline: done, kept, taken along, brought back, handed in, graded."""

import functools
import http.server
import inspect
import json
import re
import shutil
import subprocess
import sys
import threading
import zipfile

import nbformat
import pytest
from browsers import patient

from course_utils import exercises
from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.exercises import Question
from course_utils.grading.classroom import Classroom
from course_utils.grading.demo.answers import text_of
from course_utils.grading.grade import grade_class
from course_utils.live import build, compiled, inspect_site, parity
from course_utils.live.pyodide import CORE
from course_utils.site import build_site

pytestmark = [pytest.mark.live, pytest.mark.browser]
LESSON = "02_by_hand"
WALK = ("conv1x1_one", "conv1x1_loops", "check_shapes")  # answered right, wrong, and not at all
WIDGETS = """() => {
  const holds = (one) => one.model.outputs?.toJSON().some((out) => out.data?.["application/vnd.jupyter.widget-view+json"]);
  const cells = jupyterapp.shell.currentWidget.content.widgets.filter(holds);
  return cells.length && cells.every((one) => one.outputArea.node.querySelector("canvas, svg, button, input"));
}"""
BENIGN = ("Unsatisfied version", "No satisfying version", "is duplicated", "No exact match found", "Available versions")


@pytest.fixture(scope="module")
def site(tmp_path_factory, pyodide):
    out = tmp_path_factory.mktemp("live") / "site"
    build.add_notebooks(out, pyodide, report=lambda line: None)
    build_site(out, [LESSON], report=lambda line: None, live=build.whole_lessons())
    return out


@pytest.fixture(scope="module")
def address(site):
    """The site on a host of static files, in a folder of that host, as many are."""
    root = site.parent

    class Quiet(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/site"
    server.shutdown()


@pytest.fixture
def window():
    """What is special about a learner's window, beyond the width of a phone: nothing."""
    return {}


@pytest.fixture
def visit(chromium, address, window):
    """Opens pages of one learner's browser; no other host may be asked, and nothing may fail in the console."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, accept_downloads=True, **window)
    failures = []
    context.on(
        "request",
        lambda asked: (
            asked.url.startswith((address.removesuffix("/site"), "blob:", "data:")) or failures.append(asked.url)
        ),
    )

    def opened(path):
        page = patient(context.new_page())
        page.on("pageerror", lambda error: str(error) == "undefined" or failures.append(str(error)))  # a blocked worker
        page.on(
            "console",
            lambda said: said.type == "error" and not said.text.startswith(BENIGN) and failures.append(said.text),
        )
        page.goto(f"{address}/{path}")
        return page

    yield opened
    context.close()
    assert not failures


def ready(page):
    page.wait_for_selector("html[data-python=ready]", state="attached")


def type_in(page, name, text):
    """Put a text into the answer cell of an exercise, as typing does."""
    page.evaluate(
        """([name, text]) => {
          const cells = jupyterapp.shell.currentWidget.content.widgets;
          const cell = cells.find((one) => one.model.getMetadata("nbgrader")?.grade_id === name);
          cell.model.sharedModel.setSource(text);
        }""",
        [name, text],
    )


def run(page, *names):
    """Run the cells with these grade ids ("first" is the first with code), or all: their names, texts and outputs."""
    return page.evaluate(
        """async (names) => {
          const notebook = jupyterapp.shell.currentWidget.content;
          const session = jupyterapp.shell.currentWidget.context.sessionContext;
          const said = [];
          const code = notebook.widgets.filter((one) => one.model.type === "code");
          for (const cell of code) {
            const name = cell === code[0] ? "first" : (cell.model.getMetadata("nbgrader")?.grade_id ?? "");
            if (names.length && !names.includes(name)) continue;
            notebook.activeCellIndex = notebook.widgets.indexOf(cell);
            notebook.deselectAll();
            await jupyterapp.commands.execute("notebook:run-cell");
            said.push([name || cell.model.id, cell.outputArea.node.innerText, cell.model.outputs.toJSON()]);
          }
          return said;
        }""",
        list(names),
    )


def begin(page, name):
    """Run a cell, and do not wait for its end."""
    page.evaluate(
        """(name) => {
          const notebook = jupyterapp.shell.currentWidget.content;
          notebook.activeCellIndex = notebook.widgets.findIndex((one) => one.model.getMetadata("nbgrader")?.grade_id === name);
          jupyterapp.commands.execute("notebook:run-cell");
        }""",
        name,
    )


def answers_of(lesson):
    """The answers of a lesson's solution by the name of their cell."""
    nb = nbformat.read(paths.solutions() / lesson / f"{lesson}.ipynb", as_version=4)
    return {grade_id(cell): cell.source for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("solution")}


def sampled(lessons, number):
    """Lessons as parameters of a test: one is always run, the others where somebody asks for all."""
    return [pytest.param(one, marks=() if paths.number(one) == number else pytest.mark.thorough) for one in lessons]


def test_a_built_folder_is_in_order_and_a_changed_one_is_not(site, tmp_path):
    said = []
    assert inspect_site(site, report=said.append) == 0, said
    static = site / "live/static/pyodide"
    assert bool(compiled.listed(static)) == bool(shutil.which("node"))  # which compiles what Pyodide brings along
    changed = shutil.copytree(site, tmp_path / "site")
    (changed / "live/static/pyodide" / CORE[0]).write_text("evil")
    next((changed / "live/static/pyodide").glob("numpy-*")).unlink()
    (changed / "live/files/answers.py").write_text(inspect.getsource(exercises.find("conv1x1_loops").alternatives[0]))
    said = []
    assert inspect_site(changed, report=said.append) == 1
    for words in (
        "numpy-.* is missing",
        f"{CORE[0]} is not the file",
        "answers.py holds the alternative",
        r"^[1-9] to put",
    ):
        assert re.search(words, "\n".join(said), flags=re.MULTILINE), words


@pytest.mark.thorough
def test_two_builds_have_the_same_bytes(site, pyodide, tmp_path):
    build.add_notebooks(tmp_path, pyodide, report=lambda line: None)
    old, new = (
        {path.relative_to(root): path.read_bytes() for path in sorted((root / "live").rglob("*")) if path.is_file()}
        for root in (site, tmp_path)
    )
    assert list(old) == list(new)
    assert [str(name) for name in old if old[name] != new[name]] == []


def test_a_lesson_is_done_reloaded_handed_in_and_graded_with_the_same_marks(visit, tmp_path):
    page = visit(f"{LESSON}/index.html")
    page.get_by_role("link", name="Do it here").click()
    ready(page)
    right = answers_of(LESSON)["conv1x1_one"]
    wrong = text_of(exercises.find("conv1x1_loops").mistakes[0].function, "conv1x1_loops")
    type_in(page, "conv1x1_one", right)
    type_in(page, "conv1x1_loops", wrong)
    said = {name: text for name, text, _ in run(page, "first", *WALK, *(f"{name}_check" for name in WALK))}
    assert not [text for text in said.values() if "not saved" in text], said
    assert "✓ Right" in said["conv1x1_one_check"]
    assert "Misconception TRN" in said["conv1x1_loops_check"]
    assert "○ Not attempted yet" in said["check_shapes_check"]
    page.evaluate("jupyterapp.shell.currentWidget.context.save()")
    page.reload()
    ready(page)
    kept = page.evaluate("JSON.stringify(jupyterapp.shell.currentWidget.context.model.toJSON())")
    assert json.dumps(wrong)[1:60] in kept and json.dumps(right, ensure_ascii=False)[1:60] in kept
    progress = page.evaluate("""async () => {
      const kernel = jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
      let said = "";
      const asked = kernel.requestExecute({ code: "from course_utils.checking.history import table; print(table())" });
      asked.onIOPub = (message) => (said += message.content.text ?? "");
      await asked.done;
      return said;
    }""")
    assert re.search(r"conv1x1_one +✓ done", progress), progress
    assert re.search(r"conv1x1_loops +(✗ not yet|⚠ error) .* TRN", progress), progress  # stops on some shapes
    with page.expect_download() as handed:
        page.get_by_role("button", name="Download to hand in").click()
    assert handed.value.suggested_filename == f"{LESSON}.ipynb"
    assert graded(tmp_path, handed.value.path()) == graded(tmp_path / "b", _filled(tmp_path, right, wrong))


def _filled(folder, right, wrong):
    """The same answers in a notebook that no browser has seen."""
    nb = nbformat.read(paths.notebooks() / LESSON / f"{LESSON}.ipynb", as_version=4)
    for cell in nb.cells:
        cell.source = {"conv1x1_one": right, "conv1x1_loops": wrong}.get(grade_id(cell), cell.source)
    nbformat.write(nb, folder / "local.ipynb")
    return folder / "local.ipynb"


def graded(folder, notebook):
    """Marks of one submission, in a class of its own."""
    room = Classroom(LESSON, paths.ROOT, folder / "grading")
    place = room.submission("ada") / f"{LESSON}.ipynb"
    place.parent.mkdir(parents=True)
    shutil.copy(notebook, place)
    (result,) = grade_class(room)
    return [(one.exercise, one.outcome, one.code, one.marks) for one in result.findings]


@pytest.mark.thorough
@pytest.mark.parametrize("window", [{"color_scheme": "dark"}], ids=["dark"])
def test_by_keyboard_alone_on_a_phone_in_the_dark_an_exercise_is_done_and_handed_in(visit):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(f"{LESSON}/index.html")
    tab_to(page, "Do it here")
    page.keyboard.press("Enter")
    page.wait_for_url("**/live/notebooks/**")
    ready(page)
    assert page.evaluate("document.body.dataset.jpThemeLight") == "false"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = [
        one for one in Axe().run(page, "#course").response["violations"] if one["impact"] in ("serious", "critical")
    ]
    assert not found, [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
    for _ in range(40):
        if at(page) != "conv1x1_one":
            page.keyboard.press("Shift+Enter")
            page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(answers_of(LESSON)["conv1x1_one"])
    page.keyboard.press("Shift+Enter")
    assert at(page) == "conv1x1_one_check"
    page.keyboard.press("Shift+Enter")
    page.get_by_text("✓ Right").first.wait_for()
    tab_to(page, "Download to hand in", "Shift+Tab")
    with page.expect_download() as handed:
        page.keyboard.press("Enter")
    assert handed.value.suggested_filename == f"{LESSON}.ipynb"


def tab_to(page, label, key="Tab"):
    """Press a key until what it reaches is called so."""
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.textContent.trim()").startswith(label):
            return
    raise AssertionError(f"{key} does not reach {label}")


def at(page):
    """The name of the cell that the keyboard is in."""
    return page.evaluate(
        "jupyterapp.shell.currentWidget.content.activeCell.model.getMetadata('nbgrader')?.grade_id ?? ''"
    )


SEEN = "(all) => all.map((one) => one.getBoundingClientRect()).every((box) => box.left >= 0 && box.right <= innerWidth)"


def test_the_bar_and_what_it_unfolds_are_whole_on_every_screen_and_no_date_is_made_up(visit):
    page = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    page.get_by_text("Your work", exact=True).click()
    page.wait_for_selector(".jp-NotebookCheckpoint", state="attached")
    for width in (320, 390, 1024):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(
            "document.querySelector('#main').offsetTop === document.querySelector('#course').offsetHeight"
        )
        whole = page.locator("#course > *, #course details button")
        assert whole.count() == 6 and whole.evaluate_all(SEEN), width
        assert page.locator("#says").evaluate("(one) => one.scrollWidth <= one.clientWidth"), width
    assert not page.get_by_text("Last Checkpoint").is_visible()


def test_no_way_out_of_a_notebook_leads_nowhere(visit):
    page = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    page.set_viewport_size({"width": 1024, "height": 844})
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.context?.isReady")
    labels = set()
    for menu in ("File", "View", "Run"):
        page.locator(".lm-MenuBar-itemLabel", has_text=menu).click()
        page.locator(".lm-Menu").wait_for()
        labels |= {*page.locator(".lm-Menu-itemLabel:visible").all_inner_texts()}
        page.keyboard.press("Escape")
    assert {"Open…", "Table of Contents", "Run All Cells"} <= labels
    assert not [label for label in labels if label.endswith(("JupyterLab", "for Notebook", "in Console"))]
    with page.context.expect_page() as opened:
        page.locator("#jp-NotebookLogo").click()
    opened.value.get_by_text(f"{LESSON}.ipynb").wait_for()  # also a copy, and what was kept when work was brought back
    assert "years ago" not in opened.value.locator("body").inner_text()
    kept = page.context.new_page()  # it is not there, as the console says on time or late
    kept.goto(page.url.replace(".ipynb", " (kept 2026-01-31).ipynb"))
    back = kept.get_by_role("link", name="The lesson to read")
    assert back.evaluate("(one) => one.href").endswith(f"/{LESSON}/index.html")


def test_what_was_written_last_is_there_after_leaving_and_an_error_has_the_number_of_its_cell(visit):
    page = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    page.on("dialog", lambda asked: pytest.fail(f"asked whether to leave: {asked.message}"))
    ready(page)
    type_in(page, "conv1x1_one", "1 / 0")
    ((_, said, (error,)),) = run(page, "conv1x1_one")
    assert error["output_type"] == "error" and "Cell In[1], line 1" in said
    type_in(page, "conv1x1_one", "# written last")
    page.get_by_role("link", name="The lesson to read").click()
    page.wait_for_url(f"**/{LESSON}/index.html")
    page.go_back()
    kept = "JSON.stringify(window.jupyterapp?.shell?.currentWidget?.context?.model?.toJSON() ?? '').includes('# written %s')"
    page.wait_for_function(kept % "last")
    ready(page)
    type_in(page, "conv1x1_one", "# written and left for a while")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    page.reload()
    page.wait_for_function(kept % "and left")


@pytest.mark.thorough
@pytest.mark.parametrize("window", [{"service_workers": "block"}], ids=["private window"])
def test_a_window_that_keeps_no_files_says_so_and_checks_all_the_same(visit):
    page = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    ready(page)
    page.get_by_text("checks work, progress is not saved").wait_for()
    type_in(page, "conv1x1_one", answers_of(LESSON)["conv1x1_one"])
    said = {name: text for name, text, _ in run(page, "first", "conv1x1_one", "conv1x1_one_check")}
    assert said["first"] == "" and "✓ Right" in said["conv1x1_one_check"]
    assert "Progress is not saved: this window keeps no files" in said["conv1x1_one_check"]


@pytest.mark.thorough
def test_a_click_answers_a_question_and_writes_its_letter_into_the_cell(visit):
    page = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    ready(page)
    run(page, "first", "02_quiz")
    question = page.locator("fieldset").first
    right = re.search(r'scan_order="(.)"', answers_of(LESSON)["02_quiz"])[1]
    question.locator(f"input[value={right}]").click()
    page.wait_for_function("document.querySelector('fieldset [role=status]').textContent.length > 10")
    kept = page.evaluate("JSON.stringify(jupyterapp.shell.currentWidget.context.model.toJSON())")
    assert json.dumps(f'scan_order="{right}"')[1:-1] in kept
    ((_, said, _),) = run(page, "scan_order_check")
    assert "✓ Right" in said


@pytest.mark.thorough
def test_everything_is_downloaded_and_brought_back_and_nothing_of_the_learners_is_replaced(visit, tmp_path):
    page = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    ready(page)
    type_in(page, "conv1x1_one", "# mine, the first")
    page.get_by_text("Your work", exact=True).click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download everything").click()
    taken.value.save_as(tmp_path / "all.zip")
    archive = zipfile.ZipFile(tmp_path / "all.zip")
    assert archive.testzip() is None and f"{LESSON}.ipynb" in archive.namelist()
    assert "# mine, the first" in archive.read(f"{LESSON}.ipynb").decode()
    type_in(page, "conv1x1_one", "# mine, the second")
    page.evaluate("jupyterapp.shell.currentWidget.context.save()")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Bring it back").click()
    chooser.value.set_files(tmp_path / "all.zip")
    page.get_by_text("Brought back").wait_for()
    texts = page.evaluate("""async () => {
      const { contents } = jupyterapp.serviceManager;
      const names = (await contents.get("")).content.map((one) => one.name).filter((name) => name.startsWith("02"));
      return Object.fromEntries(await Promise.all(names.map(async (name) => [name, JSON.stringify((await contents.get(name, { content: true })).content)])));
    }""")
    assert "# mine, the first" in texts.pop(f"{LESSON}.ipynb")
    (kept,) = texts.values()
    assert "# mine, the second" in kept


@pytest.mark.thorough
def test_a_second_tab_looks_on_and_takes_over_without_losing_a_line(visit):
    one = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    ready(one)
    two = patient(one.context.new_page())
    two.goto(one.url)
    two.get_by_text("is open in another tab").wait_for()
    type_in(one, "conv1x1_one", "# written in the first tab")
    type_in(one, "conv1x1_loops", "import time\nwhile True:\n    print(1)\n    time.sleep(1.5)")
    begin(one, "conv1x1_loops")
    two.get_by_role("button", name="Work here instead").click()
    one.get_by_text("in another tab now").wait_for()
    two.wait_for_function(
        """() => JSON.stringify(window.jupyterapp?.shell?.currentWidget?.context?.model?.toJSON() ?? "").includes("# written in the first tab")"""
    )
    assert one.evaluate("jupyterapp.shell.currentWidget.content.node.inert")
    assert not two.evaluate("jupyterapp.shell.currentWidget.content.node.inert")
    ready(two)
    one.wait_for_timeout(4000)  # long enough for the first tab to save what its cell prints
    type_in(two, "conv1x1_one", "# written in the second tab")
    two.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    assert not two.locator(".jp-Dialog").count()


@pytest.mark.thorough
def test_a_cell_that_does_not_end_is_stopped_and_the_text_stays(visit):
    page = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    ready(page)
    type_in(page, "conv1x1_one", "while True:\n    pass")
    begin(page, "conv1x1_one")
    page.wait_for_timeout(1000)
    page.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.interrupt()")
    page.get_by_role("button", name="Restart Python").click()
    page.wait_for_function("document.getElementById('says').textContent.startsWith('Ready')")
    type_in(page, "conv1x1_one", "print('alive', 6 * 7)")
    ((_, text, _),) = run(page, "conv1x1_one")
    assert "alive 42" in text


COMPLETED = """async (code) => {
  const kernel = jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  return (await kernel.requestComplete({ code, cursor_pos: code.length })).content.matches;
}"""


def test_python_has_begun_when_the_page_asks_for_it_and_completes_what_is_typed(visit):
    page = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    page.wait_for_function("document.getElementById('says').textContent")
    assert [worker.url.rpartition("/")[2] for worker in page.workers] == ["kernel.js"]
    ready(page)
    assert len(page.workers) == 1
    run(page, "first")
    for code, word in {
        "np.linalg.no": "norm",
        "import matplotlib.pyp": "pyplot",
        "from course_utils import pl": "plots",
    }.items():
        assert any(match.endswith(word) for match in page.evaluate(COMPLETED, code)), code


def test_what_keeps_python_from_starting_is_said(chromium, address):
    context = chromium.new_context()
    context.route("**/python_stdlib.zip", lambda route: route.abort())
    page = patient(context.new_page())
    page.goto(f"{address}/live/notebooks/index.html?path={LESSON}.ipynb")
    page.get_by_text("A part of Python could not be fetched").wait_for()
    page.get_by_text("Python did not start: ").wait_for()
    context.close()


@pytest.mark.thorough
def test_a_newer_version_of_a_lesson_lies_beside_a_learners(visit, site):
    page = visit(f"live/notebooks/index.html?path={LESSON}.ipynb")
    ready(page)
    type_in(page, "conv1x1_one", "# mine")
    page.evaluate("jupyterapp.shell.currentWidget.context.save()")
    released = site / "live/files" / f"{LESSON}.ipynb"
    before = released.read_text(encoding="utf-8")
    try:
        nb = json.loads(before)
        nb["metadata"]["course"]["digest"] = "0" * 64
        released.write_text(json.dumps(nb), encoding="utf-8")
        page.reload()
        page.get_by_text("There is a newer version").wait_for()
        assert "# mine" in page.evaluate("JSON.stringify(jupyterapp.shell.currentWidget.context.model.toJSON())")
        page.get_by_role("button", name="Open the new one beside it").click()
        page.wait_for_url("**new*")
        page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.context?.model?.toJSON()?.cells?.length > 5")
        assert "# mine" not in page.evaluate("JSON.stringify(jupyterapp.shell.currentWidget.context.model.toJSON())")
    finally:
        released.write_text(before, encoding="utf-8")


@pytest.mark.parametrize("lesson", sampled(build.whole_lessons(), "05"))  # widgets, photos, a cell for PyTorch
def test_with_the_references_answers_every_check_is_right_and_every_widget_there(visit, lesson):
    page = visit(f"live/notebooks/index.html?path={lesson}.ipynb")
    ready(page)
    for name, text in answers_of(lesson).items():
        type_in(page, name, text)
    for name, text, outputs in run(page):
        assert not [one for one in outputs if one["output_type"] == "error" or one.get("name") == "stderr"], (
            name,
            text,
        )
        assert not name.endswith("_check") or "✓ Right" in text, (name, text)
    page.wait_for_function(WIDGETS)


ANOTHER = {
    "best_reduction": "first_channels"
}  # with its first one the lesson goes on to multiply pixels by pixels: gigabytes


def _first(exercise):
    wanted = ANOTHER.get(exercise.name, exercise.mistakes[0].function.__name__)
    return next(mistake for mistake in exercise.mistakes if mistake.function.__name__ == wanted)


def mistaken(lesson):
    """A mistake in each exercise of a lesson and in each question: what to type into the cells, and words of the checks."""
    own = [item for item in exercises.catalogue().values() if item.lesson == lesson]
    asked = {
        item.name: next(letter for letter in item.choices if letter != item.right)
        for item in own
        if isinstance(item, Question)
    }
    first = {item.name: _first(item) for item in own if not isinstance(item, Question)}
    typed = {name: text_of(mistake.function, name) for name, mistake in first.items()}
    letters = ", ".join(f"{name}={letter!r}" for name, letter in asked.items())
    typed[f"{paths.number(lesson)}_quiz"] = f"answers = quiz({letters})"
    words = dict.fromkeys(asked, "✗ Not right yet")
    return typed, words | {name: f"Misconception {mistake.code}" for name, mistake in first.items()}


@pytest.mark.thorough
@pytest.mark.parametrize("lesson", build.whole_lessons())
def test_what_nobody_attempted_is_open_and_a_catalogued_mistake_gets_its_own_code(visit, lesson):
    page = visit(f"live/notebooks/index.html?path={lesson}.ipynb")
    ready(page)
    untouched = {name: text for name, text, _ in run(page) if name.endswith("_check")}
    typed, expected = mistaken(lesson)
    assert {name.removesuffix("_check") for name in untouched} >= {*expected}
    assert not {name: text for name, text in untouched.items() if "○ Not attempted yet" not in text}
    for name, text in typed.items():
        type_in(page, name, text)
    said = {name.removesuffix("_check"): text for name, text, _ in run(page)}
    assert not {name: said[name] for name, words in expected.items() if words not in said[name]}


@pytest.mark.thorough
def test_what_is_promised_of_size_and_transfer_is_measured_and_kept(site):
    command = [sys.executable, "-m", "course_utils.cli", "bench", "live"]
    done = subprocess.run(command, cwd=site.parent, capture_output=True, text=True, check=False)
    # its status is also of seconds, and those are the machine's
    figures = dict(re.findall(r"^(.+?)  +([\d.]+) (?:s|MB)", done.stdout, flags=re.MULTILINE))
    assert len(figures) == 6 and all(float(value) > 0 for value in figures.values()), done.stderr
    assert 30 < float(figures["sent until the first cell ran"]) < 50 and float(figures["the whole site"]) < 70


# ---- what the check says ---------------------------------------------------------------------------------------------

OTHERWISE = {  # answers on which CPython and Pyodide may differ, each with the reason
    "06_what_is_lost restore_error mistake inverse": "a matrix that is singular but for rounding: LAPACK there inverts it"
}


@pytest.mark.skipif(not shutil.which("node"), reason="no Node.js, which runs Pyodide without a browser")
@pytest.mark.parametrize("lesson", sampled(build.whole_lessons(), "01"))
def test_the_check_says_the_same_in_a_browser_as_here(site, lesson):
    there = parity.in_browser(site / "live/static/pyodide", [lesson])
    found = parity.differences(parity.table([lesson]), there)
    absent = {name for name in found if " alternative " in name and "not to be had in the browser" in there[name][2]}
    assert all(there[name][0] == "not checked" for name in absent)
    assert {name: pair for name, pair in found.items() if name not in {*OTHERWISE, *absent}} == {}
