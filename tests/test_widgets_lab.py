"""Widgets in a real JupyterLab with a real kernel: reachable by keyboard, accessible, and Python hears of it."""

import json

import nbformat
import pytest
from widgets_page import MAKERS

from course_utils.base import paths
from course_utils.bench.widgets import CELLS, lab, notebook
from course_utils.cli import machine, workplace
from course_utils.grading.prepare import scrub


@pytest.mark.slow
@pytest.mark.browser
def test_in_jupyterlab_arrow_keys_move_a_slider_and_axe_finds_nothing_serious():
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect

    with notebook(machine.browser()) as (page, sent):
        scan = page.locator(".jp-CodeCell").nth(0)
        position = scan.get_by_role("slider", name="position")
        position.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(scan.get_by_role("status")).to_contain_text("2 of 10 products", timeout=20_000)
        assert position.input_value() == "2"
        for _ in range(200):
            if not sent:
                page.wait_for_timeout(100)
        assert sent  # the kernel hears where it came to rest
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "position, as a number"
        page.keyboard.type("0")  # 20
        page.keyboard.press("Enter")
        expect(scan.get_by_role("status")).not_to_contain_text("In all, 2 of", timeout=20_000)
        reached = page.evaluate("document.activeElement.value")
        assert reached != "2"
        expect(scan.get_by_role("status")).to_contain_text(f"In all, {reached} of", timeout=20_000)
        found = Axe().run(page, context=".course-widget").response["violations"]
        assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def cell_at(page, index):
    """A cell of the notebook, scrolled into view: JupyterLab keeps only those near the screen in the page."""
    page.evaluate("(index) => jupyterapp.shell.currentWidget.content.scrollToItem(index, 'start')", index)
    cell = page.locator(f".jp-CodeCell[data-windowed-list-index='{index}']")
    cell.wait_for(timeout=20_000)
    page.wait_for_timeout(300)  # JupyterLab puts cells in their places
    return cell


def move(page, control):
    """Press keys on a control until it, or what its widget says, has changed; whether it did."""
    look = "(one) => [one.value, one.checked, one.closest('.course-widget').innerText].join()"
    keys = {"range": ("ArrowRight", "ArrowLeft"), "checkbox": ("Space",), "number": ("ArrowUp", "ArrowDown")}
    control.focus()
    before = control.evaluate(look)
    for key in keys.get(control.get_attribute("type"), ("ArrowDown", "ArrowUp")):
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        if control.evaluate(look) != before:
            return True
    return False


@pytest.mark.slow
@pytest.mark.browser
def test_in_jupyterlab_every_control_of_every_widget_moves_by_keyboard_and_python_hears_of_it():
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect

    tests = paths.ROOT / "tests"
    first = f"import sys\nsys.path.insert(0, {str(tests)!r})\nfrom widgets_page import MAKERS, public\nheard = set()"
    shown = [
        f"{name} = MAKERS[{name!r}]()\n{name}.observe(lambda _: heard.add({name!r}), public({name}))\n{name}"
        for name in MAKERS
    ]
    with notebook(machine.browser(), [first, *shown, "print(*sorted(heard))"], height=900) as (page, _):
        for index, name in enumerate(MAKERS, 1):
            places = cell_at(page, index).locator(".course-widget :is(input, select):enabled:visible")
            places.first.wait_for(timeout=20_000)
            controls = places.all()
            stuck = [control.get_attribute("aria-label") for control in controls if not move(page, control)]
            assert not stuck, f"{name}: {stuck}"
            found = Axe().run(page, context=".course-widget").response["violations"]
            assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")], name
        last = len(MAKERS) + 1
        page.evaluate("(index) => (jupyterapp.shell.currentWidget.content.activeCellIndex = index)", last)
        page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
        said = cell_at(page, last).locator(".jp-OutputArea")
        expect(said).to_contain_text(sorted(MAKERS)[0], timeout=60_000)
        assert said.inner_text().split() == sorted(MAKERS)


def save(page):
    """Save the notebook, again where the kernel drew a picture of what had come to rest after it."""
    for _ in range(20):
        page.evaluate("jupyterapp.commands.execute('docmanager:save')")
        page.wait_for_timeout(3000)
        if not page.locator(".jp-mod-dirty").count():
            return
    raise AssertionError("the notebook never stays as it was saved")


@pytest.mark.slow
@pytest.mark.browser
def test_a_notebook_that_is_opened_again_shows_its_widgets_as_they_were_left(tmp_path, monkeypatch):
    from playwright.sync_api import expect, sync_playwright

    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    file = tmp_path / "lessons" / "scan.ipynb"
    file.parent.mkdir()
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELLS[0])], metadata=kernel), file)
    with lab(file.parent, *workplace.options(teach=False)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=["--no-sandbox"])

        def opened():
            page = browser.new_page(viewport={"width": 1300, "height": 1000})
            page.goto(f"{address}/lab/tree/scan.ipynb")
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
            return page

        page = opened()
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        page.get_by_role("slider", name="position").focus(timeout=60_000)
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("status")).to_contain_text("1 of 10 products", timeout=20_000)
        save(page)
        page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")
        page.close()
        page = opened()
        expect(page.get_by_role("status")).to_contain_text("1 of 10 products", timeout=60_000)
        assert not page.get_by_text("model not found").count()
        browser.close()
    saved = nbformat.read(file, as_version=4)
    assert "widgets" in saved.metadata and len(json.dumps(saved.metadata["widgets"])) < 300_000
    lesson = nbformat.read(paths.notebooks() / "02_by_hand" / "02_by_hand.ipynb", as_version=4)
    handed_in = nbformat.from_dict({**lesson, "metadata": {**lesson.metadata, "widgets": saved.metadata["widgets"]}})
    assert "widgets" not in scrub.scrub(handed_in, lesson, lesson)[0].metadata  # nobody needs them where it is graded


@pytest.mark.slow
@pytest.mark.browser
def test_where_no_state_is_saved_the_picture_shows_how_a_widget_was_left_and_it_lives_again_when_run(tmp_path):
    from playwright.sync_api import expect, sync_playwright

    cell = nbformat.v4.new_code_cell("from course_utils import widgets\nwidgets.collisions()")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), tmp_path / "two.ipynb")
    with lab(tmp_path) as address, sync_playwright() as playwright:  # as JupyterLab comes, on a hub too
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=["--no-sandbox"])

        def opened(run):
            page = browser.new_page(viewport={"width": 1300, "height": 1000})
            page.goto(f"{address}/lab/tree/two.ipynb")
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
            if run:
                page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
                page.locator(".course-widget").wait_for(timeout=60_000)
                expect(page.locator(".course-still")).to_be_hidden()
            return page

        page = opened(run=True)
        page.get_by_role("slider", name="how far").press("Home")
        page.wait_for_function(
            "() => document.querySelector('.course-still').textContent.includes('+0.00 red')", timeout=60_000
        )
        expect(page.locator(".course-still")).to_be_hidden()
        save(page)
        page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")
        page.close()
        page = opened(run=False)
        expect(page.locator(".course-still")).to_be_visible()
        expect(page.locator(".course-still")).to_contain_text("+0.00 red")
        expect(page.get_by_text("model not found")).to_be_hidden()
        page.close()
        opened(run=True)
        browser.close()
    assert "widgets" not in nbformat.read(tmp_path / "two.ipynb", as_version=4).metadata
