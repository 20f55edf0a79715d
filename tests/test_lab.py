"""A learner in JupyterLab: an exercise done wrong, its message read, done right; the quiz clicked; progress seen."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from browsers import PATIENCE, patient

from course_utils.base import paths
from course_utils.cli import machine

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LESSON = "00_axes_and_checks"


@pytest.fixture
def page(tmp_path):
    """The release of lesson 00, a copy of the test's own, open in JupyterLab with its kernel ready."""
    from playwright.sync_api import sync_playwright

    shutil.copy(paths.notebooks() / LESSON / f"{LESSON}.ipynb", tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--port={port}", "--no-browser", "--IdentityProvider.token=", "--allow-root"]
    options += ["--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={tmp_path}"]
    server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/api")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=machine.browser(), args=["--no-sandbox"])
            page = patient(browser.new_page(viewport={"width": 1300, "height": 1000}))
            page.goto(f"http://127.0.0.1:{port}/lab/tree/{LESSON}.ipynb")
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
            yield page
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=120)


def wait_for(url):
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        try:
            return urllib.request.urlopen(url, timeout=5)
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {url}")


def write(page, beginning, text):
    """Put `text` into the cell that begins with `beginning`, and run the cell."""
    cell = page.locator(".jp-CodeCell", has_text=beginning).first
    cell.scroll_into_view_if_needed()
    editor = cell.locator(".jp-InputArea .cm-content")
    editor.click()
    editor.press("Control+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")


def run(page, text):
    """Run the cell that reads `text`; its output."""
    cell = page.locator(".jp-CodeCell", has_text=text).first
    cell.scroll_into_view_if_needed()
    cell.locator(".jp-InputArea .cm-content").click()
    page.keyboard.press("Shift+Enter")
    return cell.locator(".jp-OutputArea")


def test_an_exercise_is_done_wrong_and_then_right_and_the_quiz_is_clicked(page):
    run(page, "import numpy as np")
    write(page, "def hwc_to_nchw", "def hwc_to_nchw(image):\n    return image[np.newaxis]")
    output = run(page, "check(hwc_to_nchw)")
    output.get_by_text("Not right yet").wait_for()
    assert "LAY" in output.inner_text()
    assert "Traceback" not in output.inner_text()

    write(page, "def hwc_to_nchw", "def hwc_to_nchw(image):\n    return image.transpose(2, 0, 1)[np.newaxis]")
    output = run(page, "check(hwc_to_nchw)")
    output.get_by_text("right on all").wait_for()

    quiz = page.locator(".jp-CodeCell", has_text="answers = quiz(").first
    output = run(page, "answers = quiz(")
    output.get_by_role("radio").first.wait_for()
    output.get_by_role("radio").first.click()
    page.wait_for_function("() => document.body.innerText.includes('axes_shape=\"a\"')")
    assert 'axes_shape="a"' in quiz.locator(".jp-InputArea").inner_text()
    output.get_by_text("✗").first.wait_for()

    output = run(page, "progress()")
    output.get_by_role("table").wait_for()
    row = output.get_by_role("row", name="hwc_to_nchw")
    assert "✓ done" in row.inner_text()
