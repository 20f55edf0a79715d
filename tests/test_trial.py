"""The article on trial, widgets for other pages and search: what a reader sees who has no Python."""

import json
import re

import pytest
from widgets_page import settle

from course_utils.base import paths, project
from course_utils.base.errors import CourseError
from course_utils.experiments import claims
from course_utils.site import alive, embed, face, pages, trial

VERDICTS = {  # what the lessons found
    **dict.fromkeys((2, 4, 5, 6, 7, 9, 10, 11, 14, 15, 16, 18), "False"),
    **dict.fromkeys((8, 12, 13, 17), "It depends"),
    **dict.fromkeys((1, 19), "No number decides it"),
    3: "True",
}


def test_every_claim_is_on_trial_with_what_decides_it():
    found = json.loads(trial.data(paths.lessons()))
    assert [one["number"] for one in found["claims"]] == list(claims.CLAIMS) == sorted(VERDICTS)
    script = trial.SCRIPT.read_text(encoding="utf-8")
    for claim in claims.CLAIMS.values():
        assert claim.is_testable == bool(re.search(rf"^  {claim.number}: \[", script, flags=re.MULTILINE)), claim.number
    for number, worlds in trial.counted().items():
        for values in worlds.values():
            assert claims.decide(claims.CLAIMS[number], values) in ("true", "false", "depends")


@pytest.mark.browser
def test_every_experiment_runs_and_says_what_the_lessons_found(page, tmp_path):
    from axe_playwright_python.sync_playwright import Axe

    place = tmp_path / "trial.html"
    html = pages._trial(paths.lessons(), paths.ROOT)
    place.write_text(re.sub(r"@font-face \{.*?\}", "", html, flags=re.DOTALL), encoding="utf-8")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(place.as_uri())
    page.wait_for_selector("html[data-trial=ready]", state="attached")
    for number, verdict in VERDICTS.items():
        claim = page.locator(f"#claim-{number}")
        claim.get_by_role("button", name="False").focus()
        page.keyboard.press("Enter")
        told = claim.locator(".told")
        assert told.locator("b").inner_text() == verdict, number
        assert ("as you expected" if verdict == "False" else "otherwise") in told.inner_text()
        assert claim.get_by_role("button", name="False").is_disabled()
    assert page.locator("#score").inner_text() == "19 of 19 tried; you expected 12 of them."
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    assert not found, [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def lesson(*widgets):
    """A page of a lesson that shows these widgets, and none that another test made."""
    from ipywidgets.embed import dependency_state

    saved = {"state": dependency_state(widgets, drop_defaults=False)} if widgets else {}
    models = alive.models({"metadata": {"widgets": {alive.STATE: saved}}})
    return pages.Page("02_by_hand", "02 By hand", '<h2 id="a">Five <em>loops</em></h2><p>x &lt; y</p>', [], models)


@pytest.mark.browser
def test_a_widget_stands_on_a_small_page_of_its_own(page, tmp_path):
    from course_utils import data, widgets

    shown = lesson(widgets.scan(data.feature_maps(), names=data.FEATURES))
    _, model = embed.embedded([shown])["scan"]
    html = pages._embed("scan", shown, model)
    assert len(html.encode()) < embed.LARGEST and "http" not in html.partition("<body>")[0]
    (tmp_path / "scan.html").write_text(html, encoding="utf-8")
    page.goto((tmp_path / "scan.html").as_uri())
    page.wait_for_selector("html[data-widgets=ready]", state="attached")
    settle(page)
    assert page.locator(".widget canvas").count() and page.locator(".widget :is(button, input, select)").count()


@pytest.mark.browser
def test_the_front_page_opens_on_a_pixel_of_the_scan_with_its_column_lit(page, tmp_path):
    from course_utils import data, widgets

    shown = lesson(widgets.scan(data.feature_maps(), names=data.FEATURES))
    html = pages._front([shown], [], paths.ROOT, ())
    (tmp_path / "index.html").write_text(re.sub(r"@font-face \{.*?\}", "", html, flags=re.DOTALL), encoding="utf-8")
    page.goto((tmp_path / "index.html").as_uri())
    page.wait_for_selector("html[data-widgets=ready]", state="attached")
    settle(page)
    assert "finished: 10 of 10 products added" in page.locator(".widget [role=status]").first.inner_text()
    picture = page.locator(".widget canvas").first
    lit = picture.evaluate("(one) => one.toDataURL()")
    picture.dispatch_event("pointerleave")
    page.wait_for_function("([one, lit]) => one.toDataURL() !== lit", arg=[picture.element_handle(), lit])


@pytest.mark.browser
def test_all_lessons_are_searched_from_the_front_page(page, tmp_path):
    sections = "".join(f'<h2 id="s{k}">Part {k}</h2><p>about {what}</p>' for k, what in enumerate(("loops", "maps")))
    shown = pages.Page("02_by_hand", "02 By hand", sections, [], {})
    html = pages._front([shown], [], paths.ROOT, ())
    (tmp_path / "index.html").write_text(re.sub(r"@font-face \{.*?\}", "", html, flags=re.DOTALL), encoding="utf-8")
    (tmp_path / "search.js").write_text(face.sections([shown]), encoding="utf-8")
    page.goto((tmp_path / "index.html").as_uri())
    box = page.get_by_role("searchbox", name="Search in all lessons")
    box.fill("MAPS about")
    page.get_by_text("1 section", exact=True).wait_for()
    found = page.locator(".everywhere li a")
    assert found.get_attribute("href") == "02_by_hand/index.html#s1" and found.inner_text() == "02 · Part 1"
    box.fill("convolution of nothing")
    page.get_by_text("not found").wait_for()


@pytest.mark.browser
def test_the_contents_mark_the_section_on_the_screen_and_how_far_one_has_read(page, tmp_path):
    headings = [(1, "By hand", "top"), (2, "First", "first"), (2, "Second", "second")]
    body = "".join(f'<h2 id="{name}">{text}</h2><p style="height:3000px">…</p>' for _, text, name in headings[1:])
    lesson_page = pages.Page("02_by_hand", "02 By hand", body, headings, {})
    pages._write_lesson(lesson_page, [lesson_page], tmp_path, paths.ROOT, ())
    place = tmp_path / "02_by_hand/index.html"
    html = re.sub(r"@font-face \{.*?\}", "", place.read_text(encoding="utf-8"), flags=re.DOTALL)
    place.write_text(html, encoding="utf-8")
    page.goto(place.as_uri())
    here, read = page.locator(".contents a[aria-current=location]"), page.locator(".contents progress")
    assert here.text_content() == "First" and read.get_attribute("value") == "0"
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function("document.querySelector('.contents a[aria-current]').textContent === 'Second'")
    assert float(read.get_attribute("value")) > 0.99


def test_a_page_to_embed_that_is_too_large_is_refused():
    with pytest.raises(CourseError, match="show it less data"):
        embed.checked("scan", "x" * (embed.LARGEST + 1))


def test_sections_are_found_by_their_words():
    text = face.sections([lesson()])
    (section,) = json.loads(text.removeprefix("window.SECTIONS = ").rstrip(";\n"))
    assert section == ["02_by_hand/index.html#a", "02 · Five loops", "x < y"]


def test_a_folder_without_pyproject_has_description_and_licence_from_the_installed_package(tmp_path):
    assert project.about(tmp_path) == project.about(paths.ROOT)


def test_addresses_come_from_the_project_alone(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\ndescription = "d"\nlicense = "L"\n')
    assert project.about(tmp_path)["urls"] == {}
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndescription = "d"\nlicense = "L"\n[project.urls]\nSource = "https://x"\n'
    )
    assert project.about(tmp_path)["urls"] == {"Source": "https://x"}


def test_the_picture_has_the_size_that_previews_ask_for():
    import io

    from PIL import Image

    assert Image.open(io.BytesIO(face.picture())).size == face.SIZE
    assert len(face.picture()) < 400_000
