"""Widgets in a real JupyterLab with a real kernel: reachable by keyboard, accessible, and Python hears of it."""

import gc
import weakref

import pytest

from course_utils import data, widgets
from course_utils.bench.widgets import notebook
from course_utils.cli import machine


@pytest.mark.slow
@pytest.mark.browser
def test_in_jupyterlab_arrow_keys_move_a_slider_and_axe_finds_nothing_serious():
    from axe_playwright_python.sync_playwright import Axe

    with notebook(machine.browser()) as (page, sent):
        scan = page.locator(".jp-CodeCell").nth(0)
        position = scan.get_by_role("slider", name="position")
        position.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
        assert position.input_value() == "2"
        assert "2 of 10 products" in scan.get_by_role("status").inner_text()
        assert sent  # the kernel hears where it came to rest
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "position, as a number"
        page.keyboard.type("0")  # 20
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        assert page.evaluate("document.activeElement.value") != "2"
        assert f"In all, {page.evaluate('document.activeElement.value')} of" in scan.get_by_role("status").inner_text()
        found = Axe().run(page, context=".course-widget").response["violations"]
        assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def test_two_hundred_widgets_made_and_closed_leave_none_alive():
    from ipywidgets.widgets.widget import _instances

    photo = data.photo("coffee", longest=30)
    gc.collect()
    before = len(_instances)
    made = []
    for _ in range(200):
        mixer = widgets.rgb_mixer(photo)
        made.append(weakref.ref(mixer))
        mixer.close()
    del mixer
    gc.collect()
    assert len(_instances) == before  # widgets and their layouts
    assert not [one for one in made if one() is not None]
