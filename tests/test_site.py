"""The static site: whole without network and kernel, alive, readable by everybody, and without answers."""

import contextlib
import hashlib
import json
import os
import re
import shutil
from pathlib import Path

import matplotlib
import nbformat
import pytest
from browsers import patient
from widgets_page import settle

from course_utils.authoring.audit import REGION, TELLING
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.cli import machine
from course_utils.site import build_site, cells
from course_utils.site.publish import publish

pytestmark = pytest.mark.slow

LESSONS = paths.lessons()
PAGES = ["index.html", "glossary.html", *(f"{lesson}/index.html" for lesson in LESSONS)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder with all pages."""
    return build_site(tmp_path_factory.mktemp("site"), report=lambda line: None).parent


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def few_fonts(monkeypatch, tmp_path):
    """The fonts of this computer hidden but for one without formulas; with none at all no browser starts."""
    shutil.copy(Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSansMono.ttf"), tmp_path)
    here = f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    (tmp_path / "fonts.conf").write_text(f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">{here}')
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))


@pytest.fixture
def page(chromium):
    """A page without network, on which no script may fail and which may ask for nothing."""
    with watched(chromium) as opened:
        yield opened


@contextlib.contextmanager
def watched(browser):
    context = browser.new_context(viewport={"width": 360, "height": 800}, offline=True)
    opened, failures = patient(context.new_page()), []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    opened.on("console", lambda message: message.type in ("error", "warning") and failures.append(message.text))
    opened.on("request", lambda asked: asked.url.startswith(("data:", "blob:", "file:")) or failures.append(asked.url))
    opened.on("requestfailed", lambda asked: failures.append(f"failed: {asked.url[:200]}"))
    yield opened
    context.close()
    assert not failures


def go(page, site, name):
    page.goto((site / name).as_uri())
    page.wait_for_selector("html[data-widgets=ready]")
    page.evaluate("document.fonts.ready.then(() => null)")
    settle(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small_and_links_only_to_what_is_there(site, name):
    html = (site / name).read_text(encoding="utf-8")
    assert len(html.encode()) < 3_000_000
    for target in re.findall(r'<a [^>]*href="([^"#]+)', html):
        assert target.startswith("https://") or ((site / name).parent / target).is_file(), target


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_answer_is_on_a_page(site, lesson):
    text = (paths.solutions() / lesson / f"{lesson}.py").read_text(encoding="utf-8")
    page = (site / lesson / "index.html").read_text(encoding="utf-8")
    shown = re.sub(r"<[^>]+>", "", page.partition("<main")[2].partition("</main>")[0])
    shown = (
        shown.replace("&#39;", "'")
        .replace("&quot;", '"')
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )
    elsewhere = REGION.sub("", text)
    for _, answer in REGION.findall(text):
        for line in (line.strip() for line in answer.splitlines()):
            if len(line) >= TELLING and line not in elsewhere:
                assert line not in shown, f"an answer is on the page of {lesson}: {line}"
    assert not re.search(r'letters": \{[^}]*"[a-e]"', page)


def rendered(text, code):
    """A text and the cell below it, which prints 42, as they stand on a page."""
    cell = nbformat.v4.new_code_cell(code, outputs=[nbformat.v4.new_output("stream", text="42")])
    return cells.render(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text), cell]), {})[0]


@pytest.mark.parametrize(
    "text",
    ["**Before you\nrun it:** which is faster?", "**Think first:** what was it?\n\nHere it is.", "What does it cost?"],
)
def test_what_comes_out_below_a_question_is_folded(text):
    assert "<details><summary>What comes out? Say first, then look.</summary><pre" in rendered(text, "print(42)")


@pytest.mark.parametrize(
    "text", ["Here it is.", "### Exercise: one pixel\n\nStuck? Run `hint(f)`.", "**Before you go on:** is it true?"]
)
def test_what_comes_out_where_nothing_is_asked_of_it_is_shown(text):
    assert "<details>" not in rendered(text, "print(42)")


def test_code_that_only_draws_a_picture_is_folded():
    page = rendered("Here it is.", 'plots.show(\n    plots.pixel(x, 1, 2),\n    alt="01.pixel",\n)')
    assert page.index("The code of the picture</summary><pre") < page.index("</details>") < page.index("42")
    assert "The code" not in rendered("Here it is.", "x = 1\nplots.show(x)")


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_question_of_a_lesson_is_known_as_one(lesson):
    nb = nbformat.read(paths.notebooks() / lesson / f"{lesson}.ipynb", 4)
    for text, code in zip(nb.cells, nb.cells[1:], strict=False):
        words = " ".join(text.source.lower().split())
        if text.cell_type == "markdown" and code.cell_type == "code" and "### exercise" not in words:
            assert cells._asks(text.source) or not re.search(
                "before you (run|look|touch|press)|\\*\\*predict", words
            ), words


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_page_works_offline_on_every_screen_and_is_accessible(site, page, name):
    go(page, site, name)
    for width, scheme in ((360, "light"), (360, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not barriers(page), f"{width}, {scheme}"


def barriers(page):
    """What axe finds on a page that stops somebody."""
    from axe_playwright_python.sync_playwright import Axe

    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    return [(one["id"], node["html"][:200]) for one in found for node in one["nodes"]]


SIZES = """() => [...document.querySelectorAll("math, main > p, pre, code")].map((one) => {
  const { width, height } = one.getBoundingClientRect();
  return [one.textContent.slice(0, 50), width, height];
})"""


@pytest.mark.browser
def test_letters_and_formulas_are_the_same_without_the_computers_own_fonts(site, chromium, page, few_fonts):
    other = chromium.browser_type.launch(executable_path=machine.browser(), args=FLAGS)
    with contextlib.closing(other), watched(other) as bare:
        for name in ("01_one_pixel", "07_where_weights_come_from"):
            for opened in (page, bare):
                opened.set_viewport_size({"width": 1280, "height": 800})
                go(opened, site, f"{name}/index.html")
            assert bare.evaluate(SIZES) == page.evaluate(SIZES)


@pytest.mark.browser
@pytest.mark.parametrize("fonts", ["there", "missing"])
def test_what_scrolls_is_reached_by_key_and_named_with_fonts_and_without(site, chromium, page, fonts):
    if fonts == "missing":
        page = patient(chromium.new_page())  # one on which something may fail to load
        page.route("**/*.woff2", lambda route: route.abort())
    for name in ("02_by_hand/index.html", "07_where_weights_come_from/index.html"):
        page.set_viewport_size({"width": 1280, "height": 800})
        go(page, site, name)
        page.add_style_tag(content=".formula math { font-size: 40em }")  # so large that each scrolls, both ways
        page.wait_for_function("document.querySelector('.formula').tabIndex === 0")
        assert set(page.locator(".formula").evaluate_all("(all) => all.map((one) => one.ariaLabel)")) == {"Formula"}
        assert not barriers(page)
        page.evaluate("document.querySelector('head > style:last-of-type').remove()")
        page.wait_for_function("!document.querySelector('.formula[tabindex]')")


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_on_paper_nothing_is_folded_cut_off_or_dark(site, page, name):
    page.emulate_media(color_scheme="dark")
    go(page, site, name)
    page.set_viewport_size({"width": 680, "height": 1000})  # A4 within its margins
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 33, 41)"
    assert not page.locator("main details:not([open])").count()
    assert (
        page.locator("main :is(pre, figure, .stage)").evaluate_all(
            "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.slice(0, 80))"
        )
        == []
    )


KEY = """(one) => one.type === "checkbox" ? "Space"
  : one.type === "range" ? (+one.value > +one.min ? "ArrowLeft" : "ArrowRight")
  : [...one.options].slice(one.selectedIndex + 1).some((other) => !other.disabled) ? "ArrowDown" : "ArrowUp"
"""  # a key that changes a control, wherever it stands


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_every_widget_answers_the_keyboard(site, page, name):
    go(page, site, name)
    for widget in page.locator(".widget.alive").all():
        control = widget.locator("input[type=range]:enabled, input[type=checkbox], select").first
        picture = (
            "(one) => one.innerText + [...one.querySelectorAll('canvas')].map((c) => c.toDataURL()).join()"
            " + [...one.querySelectorAll('input, select')].map((i) => i.value + i.checked).join()"
        )
        before = widget.evaluate(picture)
        control.focus()
        page.keyboard.press(control.evaluate(KEY))
        page.wait_for_function(f"([one, before]) => ({picture})(one) !== before", arg=[widget.element_handle(), before])


@pytest.mark.browser
def test_a_word_is_searched_and_a_theme_chosen(site, page):
    go(page, site, "02_by_hand/index.html")
    page.get_by_role("searchbox").fill("five loops")
    assert re.search(r"\d+ found", page.locator(".search output").inner_text())
    page.keyboard.press("Enter")
    assert page.locator(".search output").inner_text().startswith("1 of")
    page.get_by_role("searchbox").fill("no such words")
    assert page.locator(".search output").inner_text() == "not found"
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    go(page, site, "index.html")
    assert page.get_by_role("button", name="Light").is_visible()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "site").write_text("mine")
    with pytest.raises(CourseError, match="is a file"):
        build_site(tmp_path / "site", ["00"])


def test_a_folder_that_cannot_be_made_is_said_before_any_lesson_runs(tmp_path, monkeypatch):
    (tmp_path / "site").write_text("mine")
    monkeypatch.setattr("course_utils.site.pages._pages", lambda *_: pytest.fail("a lesson was run"))
    with pytest.raises(CourseError, match="cannot write into the folder"):
        build_site(tmp_path / "site" / "below", ["00"])


def test_a_lesson_that_is_not_built_is_named(tmp_path):
    folder = tmp_path / "solutions" / "01_x"
    folder.mkdir(parents=True)
    (folder / "01_x.py").write_text("# %%\n1\n")
    with pytest.raises(CourseError, match="cannot be read .* `course build` makes it"):
        build_site(tmp_path / "site", root=tmp_path)


def test_a_lesson_that_stops_is_named_and_what_was_there_stays(tmp_path):
    names = {"00_fine": "print(1)", "01_stops": "1 / 0"}
    for part in ("solutions", "notebooks"):
        for name, code in names.items():
            (tmp_path / part / name).mkdir(parents=True)
            cells = [nbformat.v4.new_markdown_cell("# Lesson"), nbformat.v4.new_code_cell(code)]
            nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / part / name / f"{name}.ipynb")
            (tmp_path / part / name / f"{name}.py").write_text("")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("before")
    with pytest.raises(CourseError, match="01_stops: a cell stops with ZeroDivisionError: division by zero"):
        build_site(tmp_path / "site", root=tmp_path, report=lambda line: None)
    assert [path.name for path in (tmp_path / "site").rglob("*")] == ["index.html"]
    assert (tmp_path / "site" / "index.html").read_text() == "before"


def made(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"built as {name}")
    return folder


def names_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"built.json"}


def test_a_build_takes_away_what_an_earlier_one_wrote_and_nothing_else(tmp_path):
    out = made(tmp_path / "out", "mine.html", "02_by_hand/mine.txt", "live/mine.txt")
    publish(made(tmp_path / "one", "index.html", "02_by_hand/index.html", "03_old/a/index.html", "changed.html"), out)
    publish(made(tmp_path / "live", "lab/a.js", "lab/b.js"), out, "live")
    (out / "changed.html").write_text("a person's by now")
    publish(made(tmp_path / "two", "index.html", "03_new/index.html"), out)
    mine = {"mine.html", "02_by_hand/mine.txt", "live/mine.txt", "changed.html"}
    pages = {"index.html", "03_new/index.html"}
    assert names_in(out) == mine | pages | {"live/lab/a.js", "live/lab/b.js"}
    assert not (out / "03_old").exists()
    publish(made(tmp_path / "again", "lab/a.js"), out, "live")
    assert names_in(out) == mine | pages | {"live/lab/a.js"}


@pytest.mark.parametrize("name", ["../mine.html", "{out}/../mine.html", "elsewhere/mine.html", "link.html"])
def test_a_manifest_that_somebody_changed_removes_nothing_outside_its_folder(tmp_path, name):
    made(tmp_path, "mine.html")
    out = made(tmp_path / "out", "index.html")
    (out / "elsewhere").symlink_to(tmp_path)
    (out / "link.html").symlink_to(tmp_path / "mine.html")
    sha256 = hashlib.sha256(b"built as mine.html").hexdigest()
    (out / "built.json").write_text(json.dumps({name.format(out=out): sha256}))
    publish(made(tmp_path / "new", "index.html"), out)
    assert (tmp_path / "mine.html").is_file() and (out / "link.html").is_symlink()


@pytest.mark.parametrize("text", ["", "[1]", '{"index.html": 3}', "{"])
def test_with_a_manifest_that_says_nothing_nothing_is_removed(tmp_path, text):
    out = made(tmp_path / "out", "index.html", "old.html")
    (out / "built.json").write_text(text)
    publish(made(tmp_path / "new", "index.html"), out)
    assert names_in(out) == {"index.html", "old.html"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_said_before_any_lesson_runs(tmp_path, monkeypatch):
    tmp_path.chmod(0o500)
    monkeypatch.setattr("course_utils.site.pages._pages", lambda *_: pytest.fail("a lesson was run"))
    with pytest.raises(CourseError, match="cannot write into the folder"):
        build_site(tmp_path, ["00"])
