"""`course bench widgets`: from a key to the picture, in a real JupyterLab with a real kernel.

A key moves a slider; the clock stops when the frame that shows the change has been drawn. `interact` with a new
matplotlib figure, the usual way, is measured in the same notebook.
"""

import contextlib
import importlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbformat
import numpy as np

from course_utils.base.errors import CourseError

PRESSES = 40
SECONDS = 3  # of playing
CELLS = [
    "import numpy as np\nfrom course_utils import data, widgets\n"
    "scan = widgets.scan(data.feature_maps(), names=data.FEATURES)\nscan",
    "mixer = widgets.rgb_mixer(data.photo('coffee', longest=300))\n"
    "mixer.observe(lambda change: setattr(mixer, 'bias', [round(change.new[0] / 1000, 3)]), 'pixel')\nmixer",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nfrom ipywidgets import interact\n"
    "photo = data.photo('coffee', longest=300) / 255\n"
    "def mixed(red=(0, 100)):\n    plt.imshow(photo @ [red / 100, 0.587, 0.114], cmap='gray')\n    plt.show()\n"
    "interact(mixed);",
]
# Waits for the picture to change after the next key; what changes is read by `read(cell)`.
TIMER = """([cell, read]) => {
  const look = eval(read), place = document.querySelectorAll(".jp-CodeCell")[cell];
  window.waited = new Promise((done) => addEventListener("keydown", () => {
    const [start, before] = [performance.now(), look(place)];
    const drawn = new MessageChannel(); // its message comes when the frame has been drawn
    const frame = () => requestAnimationFrame(() => drawn.port2.postMessage(0));
    drawn.port1.onmessage = () => (look(place) === before ? frame() : done(performance.now() - start));
    frame();
  }, { once: true, capture: true }));
}"""
FRAMES = """async (seconds) => {
  const readout = document.querySelectorAll(".jp-CodeCell")[0].querySelector("[role=status]");
  let frames = 0;
  const count = new MutationObserver(() => frames++);
  count.observe(readout, { childList: true, characterData: true, subtree: true });
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  count.disconnect();
  return frames / seconds;
}"""
READOUT = "(cell) => cell.querySelector('[role=status]').textContent"
BIAS = "(cell) => cell.querySelector('[aria-label=\"bias, as a number\"]').value"
FIGURE = """(cell) => {
  const shown = [...cell.querySelectorAll(".jp-OutputArea img")].filter((img) => img.naturalWidth);
  return shown.length ? (window.last = shown.map((img) => img.src).join()) : window.last; // none: between two
}"""


@contextlib.contextmanager
def notebook(browser, texts=CELLS, height=3200):
    """Cells with these texts, run in JupyterLab: a page of the browser at this path, and what went to the kernel."""
    sync_playwright = importlib.import_module("playwright.sync_api").sync_playwright
    if browser is None:
        raise CourseError("no Chromium or Chrome here, so nothing can be measured in a browser. Install one.")
    with tempfile.TemporaryDirectory() as folder:
        cells = [nbformat.v4.new_code_cell(text) for text in texts]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), Path(folder, "bench.ipynb"))
        with lab(folder) as address, sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            page = opened.new_page(viewport={"width": 1300, "height": height})
            sent = []
            page.on("websocket", lambda line: line.on("framesent", lambda frame: sent.append(frame)))
            page.goto(f"{address}/lab/tree/bench.ipynb")
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
            page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
            page.locator(".course-widget").first.wait_for(timeout=60_000)
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
            page.wait_for_timeout(2000)
            yield page, sent
            opened.close()


@contextlib.contextmanager
def lab(folder, *more):
    """A JupyterLab of its own on a free port, with more options of the command; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--port={port}", "--no-browser", "--IdentityProvider.token=", "--allow-root"]
    options += ["--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={folder}", *more]
    server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5).close()
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def presses(page, cell, control, read, count=PRESSES):
    """Milliseconds from key to picture, key after key; the first two warm up."""
    times = []
    for turn in range(count + 2):
        page.evaluate(TIMER, [cell, read])
        control.press("ArrowRight" if turn % 40 < 20 else "ArrowLeft")
        times.append(page.evaluate("waited"))
        page.wait_for_timeout(60)
    return times[2:]


def playing(page, sent):
    """Frames a second while the scan plays, and how many messages went to the kernel meanwhile."""
    scan = page.locator(".jp-CodeCell").nth(0)
    scan.get_by_label("speed").select_option("2000 a second")
    page.wait_for_timeout(500)
    scan.get_by_role("button", name="Play").click()
    page.wait_for_timeout(300)
    before = len(sent)
    fps = page.evaluate(FRAMES, SECONDS)
    messages = len(sent) - before
    scan.get_by_role("button", name="Pause").click()
    return fps, messages


def main(browser):
    """Measure and print; the status is 1 where a bar is missed."""
    with notebook(browser) as (page, sent):
        cells = page.locator(".jp-CodeCell")
        cells.locator(".noUi-handle").wait_for(timeout=60_000)
        cells.nth(2).locator(".jp-OutputArea img").first.wait_for(timeout=60_000)
        own = presses(page, 0, cells.nth(0).get_by_role("slider", name="position"), READOUT)
        trip = presses(page, 1, cells.nth(1).get_by_role("slider", name="row"), BIAS)
        fps, messages = playing(page, sent)
        usual = presses(page, 2, cells.nth(2).locator(".noUi-handle"), FIGURE, PRESSES // 2)
    rows = [("front end alone (scan)", own, 33), ("kernel round trip (mixer)", trip, 100)]
    rows.append(("interact + new figure", usual, None))
    print("Milliseconds from key to picture, in JupyterLab:")
    print(f"{'':28}{'median':>8}{'p90':>8}{'bar':>8}{'times interact':>16}")
    for name, times, bar in rows:
        ratio = np.median(times) / np.median(usual)
        print(f"{name:28}{np.median(times):8.1f}{np.quantile(times, 0.9):8.1f}{bar or '':>8}{ratio:15.2f}×")
    print(f"The scan plays at {fps:.0f} frames a second (bar: 50); {messages} messages to the kernel in {SECONDS} s.")
    missed = any(bar and np.quantile(times, 0.9) > bar for _, times, bar in rows) or fps < 50 or messages
    return 1 if missed else 0
