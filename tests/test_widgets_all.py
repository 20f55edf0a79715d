"""What holds for every widget: accessible, keyboard first, something in its place, and gone when closed."""

import asyncio
import copy
import gc
import json
import re
import threading
import weakref

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets.widgets.widget import _instances
from nbconvert import HTMLExporter
from widgets_page import MAKERS, readout, set_trait, settle, show

from course_utils.base import paths
from course_utils.grading.prepare import intake, scrub
from course_utils.widgets import still

CYCLES = 200


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_every_widget_is_accessible(page, name):
    from axe_playwright_python.sync_playwright import Axe

    show(page, MAKERS[name]())
    results = Axe().run(page, context="main")
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_every_control_keeps_its_keys_from_the_notebook(page, name):
    show(page, MAKERS[name]())
    assert page.locator("input, select, button").count() >= 4
    assert page.locator("input, select, button").evaluate_all(
        "(all) => all.every((one) => one.getAttribute('data-lm-suppress-shortcuts') === 'true')"
    )


WITHOUT_NONE = """() => {
  const sent = (value) => {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    if (Array.isArray(value)) return value.map(sent);
    const told = Object.entries(value).filter(([, inner]) => inner !== null);
    return Object.fromEntries(told.map(([name, inner]) => [name, sent(inner)]));
  };
  const { get } = model;
  model.get = (name) => sent(get(name)) ?? undefined;
  leave();
  const main = document.querySelector("main");
  main.replaceChildren();
  window.leave = widget.default.render({ model, el: main });
}"""
LOOKS = """() => {
  const main = document.querySelector("main");
  return main.innerHTML + [...main.querySelectorAll("canvas")].map((one) => one.toDataURL()).join();
}"""


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_a_widget_is_the_same_where_python_runs_in_the_browser_which_does_not_send_none(page, name):
    failures = []
    page.on("console", lambda said: said.type == "error" and failures.append(said.text))
    page.on("pageerror", lambda error: failures.append(str(error)))
    show(page, MAKERS[name]())
    before = page.evaluate(LOOKS)
    page.evaluate(WITHOUT_NONE)
    settle(page)
    assert page.evaluate(LOOKS) == before and failures == []


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_a_widget_that_is_taken_away_stops_listening(page, name):
    show(page, MAKERS[name]())
    before = readout(page)
    page.evaluate("() => leave()")
    first = {
        "board": ("show", "true"),
        "scan": ("position", 7),
        "mixer": ("bias", [0.5]),
        "slicer": ("index", [0, 0, 0, 0]),
        "linker": ("index", [0, 0, 0]),
        "run": ("step", 3),
        "shuffle": ("layer", "3×3 blur"),
        "stack": ("n", 5),
        "budget": ("c_mid", 9),
        "roofline": ("c_in", 9),
        "kept": ("kept", 3),
        "tiles": ("step", 3),
        "xor": ("step", 3),
        "block": ("tokens", 9),
        "collisions": ("seen", 0.1),
        "sliding": ("place", [1, 2]),
        "sums": ("joined", [[0, 0, 2, 3]] + [[0, 1, 2, 3]] * 2),
    }[name]
    set_trait(page, *first)
    assert readout(page) == before


@pytest.mark.parametrize("name", MAKERS)
def test_where_no_widgets_run_there_is_a_picture_and_a_text(name):
    bundle, _ = MAKERS[name]()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert len(bundle["text/plain"]) > 20 and "Canvas" not in bundle["text/plain"]
    pictures = re.findall(r"<img ([^>]*)>", bundle["text/html"])
    assert pictures or "<table>" in bundle["text/html"]  # the stack builder shows numbers alone
    assert all(re.search(r'alt="[^"]{3,}"', picture) for picture in pictures)


@pytest.mark.parametrize("name", MAKERS)
def test_a_notebook_exported_to_html_shows_them_without_scripts(name):
    bundle, _ = MAKERS[name]()._repr_mimebundle_()
    cell = nbformat.v4.new_code_cell("widget", outputs=[nbformat.v4.new_output("display_data", bundle)])
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    shown = re.sub(r"<script.*?</script>", "", page.partition("<main")[2], flags=re.DOTALL)
    assert re.search(r'<img [^>]*alt="[^"]{3,}"', shown) or "<table" in shown


@pytest.fixture
def shown(monkeypatch):
    """What a cell would put into its notebook, by the name that later drawings of it have."""
    outputs = {}

    def publish(data, *, metadata=None, transient=None, **_):
        outputs[(transient or {}).get("display_id", len(outputs))] = nbformat.v4.new_output(
            "display_data", dict(data), metadata=metadata or {}
        )

    monkeypatch.setattr(InteractiveShell.instance().display_pub, "publish", publish)
    yield outputs
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("name", MAKERS)
def test_beside_the_live_view_lies_a_small_picture_that_stays_in_the_notebook(shown, name):
    MAKERS[name]()._ipython_display_()
    view, picture = (output.data for output in shown.values())
    assert "application/vnd.jupyter.widget-view+json" in view and list(picture) == ["text/html"]
    assert re.search(r'<img [^>]*alt="[^"]{3,}"', picture["text/html"]) or "<table" in picture["text/html"]
    assert len(json.dumps([view, picture])) < 60_000
    (one,) = still.joined(list(shown.values()))  # on a page, which shows one or the other
    assert one.data["application/vnd.jupyter.widget-view+json"] and still.MARK not in one.data["text/html"]


def test_the_picture_is_drawn_anew_once_the_widget_is_at_rest_and_never_after_it_was_closed(shown, monkeypatch):
    monkeypatch.setattr(still, "REST", 0.01)
    widget, drawn = MAKERS["collisions"](), []
    monkeypatch.setattr(type(widget), "as_html", lambda self: drawn.append(self.angle) or f"<p>{self.angle}</p>")

    async def turn():
        for angle in (40, 50, 60):
            widget.angle = angle
        await asyncio.sleep(0.1)
        widget.angle = 70
        widget.close()
        await asyncio.sleep(0.1)

    widget._ipython_display_()
    in_a_thread = threading.Thread(
        target=asyncio.run, args=[turn()]
    )  # a browser of another test has a loop in this one
    in_a_thread.start()
    in_a_thread.join()
    assert drawn == [30, 60]
    assert list(shown.values())[-1].data["text/html"].startswith(f'<div class="{still.MARK}"><p>60</p>')


def test_where_a_class_is_graded_a_widget_leaves_one_output(shown, monkeypatch):
    monkeypatch.setenv("COURSE_GRADING", "1")
    MAKERS["scan"]()._ipython_display_()
    assert len(shown) == 1


def test_a_notebook_with_every_widget_shown_is_small_and_is_graded_as_one_without(shown, tmp_path):
    for make in MAKERS.values():
        make()._ipython_display_()
    lesson = nbformat.read(paths.notebooks() / "02_by_hand" / "02_by_hand.ipynb", as_version=4)
    handed_in = copy.deepcopy(lesson)
    next(cell for cell in handed_in.cells if cell.cell_type == "code").outputs = list(shown.values())
    nbformat.write(handed_in, tmp_path / "handed_in.ipynb")
    nbformat.write(lesson, tmp_path / "lesson.ipynb")
    sizes = [(tmp_path / f"{name}.ipynb").stat().st_size for name in ("handed_in", "lesson")]
    assert sizes[0] - sizes[1] < 17 * 60_000
    ran = [scrub.scrub(intake.parsed((tmp_path / f"{name}.ipynb").read_bytes(), name), lesson, lesson)
           for name in ("handed_in", "lesson")]  # fmt: skip
    assert ran[0] == ran[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_two_hundred_made_and_closed_leave_none_alive(name):
    gc.collect()
    before, made = len(_instances), []
    for _ in range(CYCLES):
        widget = MAKERS[name]()
        made.append(weakref.ref(widget))
        widget.close()
    del widget
    gc.collect()
    assert len(_instances) == before  # widgets and their layouts
    assert not [one for one in made if one() is not None]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_two_hundred_shown_and_taken_away_leave_nothing_behind(page, name):
    show(page, MAKERS[name]())
    alive = page.evaluate(
        """async (cycles) => {
             leave();
             const [shown, frame] = [[], () => new Promise((done) => requestAnimationFrame(done))];
             for (let i = 0; i < cycles; i++) {
               const el = document.querySelector("main").appendChild(document.createElement("div"));
               const stop = widget.default.render({ model, el });
               shown.push(new WeakRef(el.firstChild));
               if (i % 20 === 0) await frame();
               stop();
               el.remove();
             }
             const held = () => shown.filter((one) => one.deref()).length;
             for (let i = 0; i < 200 && held(); i++) {  // deref() keeps what it gives until the frame's end, so the frame comes first
               await frame();
               gc();
             }
             return [held(), listeners(), document.querySelector("main").childElementCount];
           }""",
        CYCLES,
    )
    assert alive[1:] == [0, 1]  # no trait is listened to, and the first one alone is in the page
    assert (
        alive[0] <= CYCLES // 5
    )  # a leak keeps every one; the collector may keep some for longer, more on a busy machine
