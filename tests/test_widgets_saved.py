"""What a saved notebook holds of a widget: a picture and a small state, whatever it shows; and what is seen of it again."""

import contextlib
import json
from types import SimpleNamespace

import nbformat
import pytest
from browsers import patient
from ipywidgets.embed import dependency_state
from widgets_page import HOST, MAKERS, cell_at, host_arguments, readout, save, settle

from course_utils.base import paths
from course_utils.bench.widgets import lab
from course_utils.cli import workplace
from course_utils.grading.prepare import scrub
from course_utils.site import alive, pages

STATE = "application/vnd.jupyter.widget-state+json"
MOST = 60_000  # bytes of a widget's state, and of what lies in its outputs
LESSONS = """
import numpy as np
from course_utils import data, widgets
from course_utils.experiments import claims
flower, coffee = data.photo("flower", longest=300), data.photo("coffee", longest=300)
maps, draw = data.feature_maps(10), np.random.default_rng(0).normal
"""
SHOWN = {  # as the lessons show them, or larger
    "slicer": "widgets.axis_slicer(coffee)",
    "floats": "widgets.axis_slicer(coffee.transpose(2, 0, 1)[None] / 255)",
    "mixer": "widgets.rgb_mixer(flower, weight=[[0.33, 0.33, 0.33]])",
    "scan": "widgets.scan(maps, names=data.FEATURES)",
    "sums": "widgets.map_sums(np.einsum('oc,chw->cohw', draw(size=(3, 4)), data.feature_maps(4)[0]))",
    "stack": "widgets.stack_builder()",
    "linker": "widgets.column_linker(np.stack([coffee[::25, ::25], flower[::25, ::25]]).transpose(0, 3, 1, 2) / 255)",
    "shuffle": "widgets.shuffle_test(data.photo('coffee', longest=160))",
    "collisions": "widgets.collisions()",
    "kept": "widgets.channels_kept()",
    "run": "widgets.training_run()",
    "xor": "widgets.pixel_xor()",
    "budget": "widgets.budget()",
    "sliding": "widgets.sliding_head(np.eye(84, 168), draw(size=(10, 15, 36)))",
    "roofline": "widgets.roofline()",
    "tiles": "widgets.tile_walker()",
    "board": "widgets.claim_board(claims.decide)",
    "block": "widgets.transformer_block()",
}
LARGE = {
    "photo": "widgets.rgb_mixer(data.photo('chelsea'))",
    "channels": "widgets.channels_kept({'many': draw(size=(64, 30, 40)), 'more': draw(size=(48, 30, 40))})",
    "maps": "widgets.scan(draw(size=(10, 200, 300)))",
    "steps": "widgets.training_run({'wide': (draw(size=(40, 200)), draw(size=40))}, steps=10)",
}
ALIVE = set(SHOWN) - {"slicer", "floats", "mixer", "scan", "sums", "shuffle", "collisions", "kept", "sliding"}


def made(text):
    scope = {}
    exec(LESSONS, scope)
    return eval(text, scope)


def test_every_widget_is_tried():
    assert {type(made(text)).__name__ for text in SHOWN.values()} == {type(make()).__name__ for make in MAKERS.values()}


@pytest.mark.parametrize("name", [*SHOWN, *LARGE])
def test_without_what_leaves_it_the_state_of_a_widget_is_small(name):
    widget = made({**SHOWN, **LARGE}[name])
    kept = {trait: value for trait, value in widget.get_state().items() if trait not in widget._unsaved}
    sizes = [4 * len(value) / 3 if isinstance(value, bytes) else len(json.dumps(value)) for value in kept.values()]
    assert sum(sizes) < MOST
    assert widget.traits(fixed=True).keys() >= set(widget._unsaved)
    assert bool(widget._unsaved) == (
        name not in ALIVE
    )  # what is small goes on moving in a notebook that is opened again


def test_a_view_that_has_let_go_of_its_data_takes_none_from_python():
    mixer = MAKERS["mixer"]()
    photo = mixer.photo
    mixer.set_state({"photo": b"", "sizes": None, "pixel": [1, 2]})
    assert (mixer.photo, mixer.sizes, mixer.pixel) == (photo, (40, 60, 3), (1, 2))


@pytest.mark.browser
@pytest.mark.parametrize("name", ["mixer", "kept", "scan"])
def test_what_is_too_large_leaves_the_model_and_the_view_has_it(page, name):
    widget = made({**SHOWN, **LARGE}[name])
    arguments = host_arguments(widget)
    page.evaluate(HOST, arguments)
    said = readout(page)
    state = arguments["state"] | {"_unsaved": widget._unsaved}
    page.evaluate(
        """async () => {
             leave();
             document.querySelector("main").replaceChildren();
             window.show = () => {
               const el = document.querySelector("main").appendChild(document.createElement("div"));
               return widget.default.render({ model, el });
             };
             window.sizes = (names) => names.map((name) => model.get(name)?.byteLength ?? 0);
           }"""
    )
    assert state["_unsaved"] and all(page.evaluate("sizes", state["_unsaved"]))
    page.evaluate(
        "(names) => { model.set('_unsaved', names); widget.default.initialize({ model }); show(); }", widget._unsaved
    )
    assert not any(page.evaluate("sizes", widget._unsaved))
    assert readout(page) == said
    # a kernel that is reached again sends all of it again, and a second view has it too
    page.evaluate(
        "(names) => names.forEach((name) => model.set(name, new DataView(new ArrayBuffer(8))))", widget._unsaved
    )
    assert not any(page.evaluate("sizes", widget._unsaved))


@pytest.mark.browser
def test_where_the_data_is_gone_nothing_is_drawn(page):
    widget = made(SHOWN["mixer"])
    arguments = host_arguments(widget)
    arguments["state"] |= {"photo": None, "_unsaved": widget._unsaved}
    page.evaluate(HOST, arguments)
    settle(page)
    assert page.locator("main").inner_html() == ""


def embedded(name):
    """The page of a widget for other people's pages, as the site has it."""
    state = dependency_state(made(SHOWN[name]), drop_defaults=False)
    (model,) = alive.models({"metadata": {"widgets": {alive.STATE: {"state": state}}}}).values()
    return pages._embed(model["name"], SimpleNamespace(lesson="02_by_hand", title="By hand"), model)


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_with_one_widget_is_small_and_has_all_of_its_data(name):
    html = embedded(name)
    assert len(html.encode()) < 300_000
    assert html.count('{"gzip": "') == sum(isinstance(value, bytes) for value in made(SHOWN[name]).get_state().values())


@pytest.mark.browser
@pytest.mark.parametrize("name", ["mixer", "scan", "kept"])
def test_on_a_page_nothing_leaves_a_widget(page, name, tmp_path):
    (tmp_path / "one.html").write_text(embedded(name), encoding="utf-8")
    page.goto((tmp_path / "one.html").as_uri())
    assert readout(page)
    page.get_by_role("slider").first.press("End")
    page.locator("canvas").wait_for()


@contextlib.contextmanager
def notebook_of(browser, texts, file, *options):
    """A notebook in a JupyterLab with these options: a function that opens it in a page, and one that ends its kernel."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    cells = [nbformat.v4.new_code_cell(text) for text in texts]
    file.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), file)
    with lab(file.parent, *options) as address, browser.new_context() as context:

        def opened():
            page = patient(context.new_page())
            page.set_viewport_size({"width": 1300, "height": 1000})
            page.goto(f"{address}/lab/tree/{file.name}")
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
            return page

        def closed(page):
            save(page)
            page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")
            page.close()

        yield opened, closed


def run(page):
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")


def sees(page, index, live):
    """The cell of a widget in which the view is seen and no picture, or the picture and no view; never an excuse."""
    from playwright.sync_api import expect

    cell = cell_at(page, index)
    expect(cell.locator(".course-widget" if live else ".course-still")).to_be_visible()
    expect(cell.locator(".course-still" if live else ".course-widget")).to_be_hidden()
    expect(cell.get_by_text("model not found")).to_be_hidden()
    return cell


@pytest.mark.slow
@pytest.mark.browser
def test_a_notebook_that_is_opened_again_shows_every_widget_as_it_was_left(chromium, tmp_path, monkeypatch):
    from playwright.sync_api import expect

    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    file, said = tmp_path / "lessons" / "all.ipynb", {}
    with notebook_of(chromium, [LESSONS, *SHOWN.values()], file, *workplace.options(teach=False)) as (opened, closed):
        page = opened()
        run(page)
        for index, name in enumerate(SHOWN, 1):
            cell = sees(page, index, live=True)
            if name in ("mixer", "block"):
                cell.get_by_role("slider").first.press("Home")
                page.wait_for_timeout(3000)  # the kernel hears of it, and draws the picture anew
            said[name] = cell.get_by_role("status").inner_text()
        closed(page)
        page = opened()
        for index, name in enumerate(SHOWN, 1):
            cell = sees(page, index, live=name in ALIVE)
            if name in ALIVE:
                expect(cell.get_by_role("status")).to_have_text(said[name], use_inner_text=True)
            elif name == "mixer":
                expect(cell.locator(".course-still")).to_contain_text("-2 · red")
        run(page)
        for index in range(1, len(SHOWN) + 1):
            sees(page, index, live=True)
        closed(page)
    small(file)


def small(file):
    """Hold that of each widget a saved notebook has few bytes, and that they are taken away where it is graded."""
    saved = nbformat.read(file, as_version=4)
    states = [state for state in saved.metadata["widgets"][STATE]["state"].values() if "_esm" in state["state"]]
    shown = [cell.outputs for cell in saved.cells if cell.outputs]
    assert len(states) == len(shown) == len(SHOWN)
    assert max(len(json.dumps(one, ensure_ascii=False).encode()) for one in [*states, *shown]) < MOST
    lesson = nbformat.read(paths.notebooks() / "02_by_hand" / "02_by_hand.ipynb", as_version=4)
    handed_in = nbformat.from_dict({**lesson, "metadata": {**lesson.metadata, "widgets": saved.metadata["widgets"]}})
    assert "widgets" not in scrub.scrub(handed_in, lesson, lesson)[0].metadata


@pytest.mark.slow
@pytest.mark.browser
def test_where_no_state_is_saved_the_picture_shows_how_a_widget_was_left_and_it_lives_again_when_run(
    chromium, tmp_path
):
    from playwright.sync_api import expect

    file = tmp_path / "lessons" / "two.ipynb"
    text = "from course_utils import widgets\nwidgets.collisions()"
    with notebook_of(chromium, [text], file) as (opened, closed):  # as JupyterLab comes, on a hub too
        page = opened()
        run(page)
        sees(page, 0, live=True).get_by_role("slider", name="how far").press("Home")
        page.wait_for_function("() => document.querySelector('.course-still').textContent.includes('+0.00 red')")
        closed(page)
        page = opened()
        expect(sees(page, 0, live=False).locator(".course-still")).to_contain_text("+0.00 red")
        run(page)
        sees(page, 0, live=True)
    assert "widgets" not in nbformat.read(file, as_version=4).metadata
