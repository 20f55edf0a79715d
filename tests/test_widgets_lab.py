"""Widgets in a real JupyterLab with a real kernel: reachable by keyboard, accessible, and Python hears of it."""

import pytest
from widgets_page import MAKERS, cell_at

from course_utils.base import paths
from course_utils.bench.widgets import notebook
from course_utils.cli import machine


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
        expect(scan.get_by_role("status")).to_contain_text("2 of 10 products")
        assert position.input_value() == "2"
        for _ in range(200):
            if not sent:
                page.wait_for_timeout(100)
        assert sent  # the kernel hears where it came to rest
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "position, as a number"
        page.keyboard.type("0")  # 20
        page.keyboard.press("Enter")
        expect(scan.get_by_role("status")).not_to_contain_text("In all, 2 of")
        reached = page.evaluate("document.activeElement.value")
        assert reached != "2"
        expect(scan.get_by_role("status")).to_contain_text(f"In all, {reached} of")
        found = Axe().run(page, context=".course-widget").response["violations"]
        assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]


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
            places.first.wait_for()
            controls = places.all()
            stuck = [control.get_attribute("aria-label") for control in controls if not move(page, control)]
            assert not stuck, f"{name}: {stuck}"
            found = Axe().run(page, context=".course-widget").response["violations"]
            assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")], name
        last = len(MAKERS) + 1
        page.evaluate("(index) => (jupyterapp.shell.currentWidget.content.activeCellIndex = index)", last)
        page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
        said = cell_at(page, last).locator(".jp-OutputArea")
        expect(said).to_contain_text(sorted(MAKERS)[0])
        assert said.inner_text().split() == sorted(MAKERS)
