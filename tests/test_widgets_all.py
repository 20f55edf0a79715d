"""What holds for every widget: accessible, keyboard first, something in its place, and gone when closed."""

import gc
import re
import weakref

import nbformat
import pytest
from ipywidgets.widgets.widget import _instances
from nbconvert import HTMLExporter
from widgets_page import MAKERS, readout, set_trait, show

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
             for (let i = 0; i < 60 && held(); i++) {  // deref() keeps what it gives until the frame's end, so the frame comes first
               await frame();
               gc();
             }
             return [held(), listeners(), document.querySelector("main").childElementCount];
           }""",
        CYCLES,
    )
    assert alive[1:] == [0, 1]  # no trait is listened to, and the first one alone is in the page
    assert alive[0] <= CYCLES // 20  # a leak keeps every one; the collector may keep the last ones a little longer
