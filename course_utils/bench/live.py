"""`course bench live`: how long the course in a browser takes to start and to check, and how much of it there is.

It measures the folder that `course site --live` built, from a host of static files on this computer.
"""

import contextlib
import functools
import http.server
import importlib
import tempfile
import threading
import time
from pathlib import Path

from course_utils.base.errors import CourseError

FOLDER = "site"
LESSON = "02_by_hand"
PATIENCE = 600_000  # milliseconds
FIRST = """async () => {
  const panel = jupyterapp.shell.currentWidget, cells = panel.content.widgets;
  panel.content.activeCellIndex = cells.findIndex((one) => one.model.type === "code");
  await jupyterapp.commands.execute("notebook:run-cell");
}"""
CHECK = """async (code) => {
  const kernel = jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const start = performance.now();
  await kernel.requestExecute({ code }).done;
  return (performance.now() - start) / 1000;
}"""
LOOPS = (
    "import numpy as np\nfrom course_utils import check\n"
    "def conv1x1_loops(x, weight, bias=None):\n"
    "    y = np.zeros((len(x), len(weight), *x.shape[2:]))\n"
    "    for n, o, i, j in np.ndindex(y.shape):\n"
    "        for c in range(x.shape[1]):\n"
    "            y[n, o, i, j] += weight[o, c] * x[n, c, i, j]\n"
    "        y[n, o, i, j] += 0 if bias is None else bias[o]\n"
    "    return y"
)


class Host(http.server.SimpleHTTPRequestHandler):
    """Serves files, and counts the bytes that it sends."""

    protocol_version = "HTTP/1.1"
    sent = 0

    def copyfile(self, source, outputfile):
        Host.sent += Path(source.name).stat().st_size
        super().copyfile(source, outputfile)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def host(folder):
    """A host of the files in a folder; its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def visit(context, address):
    """Open the lesson and run its first cell; the page, seconds until it was visible and until the cell had run."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    start = time.perf_counter()
    page.goto(f"{address}/live/notebooks/index.html?path={LESSON}.ipynb")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    seen = time.perf_counter() - start
    page.wait_for_selector("html[data-python]", state="attached")
    page.evaluate(FIRST)
    return page, seen, time.perf_counter() - start


def main(browser, folder=FOLDER):
    """Measure and print; the status is 1 where a bar is missed."""
    if not Path(folder, "live").is_dir():
        raise CourseError(f"there is no live site in the folder {folder}: `course site --live` builds it.")
    if browser is None:
        raise CourseError("no Chromium or Chrome here, so nothing can be measured in a browser. Install one.")
    sync_playwright = importlib.import_module("playwright.sync_api").sync_playwright
    with host(folder) as address, sync_playwright() as playwright, tempfile.TemporaryDirectory() as kept:
        # A window that keeps files, as most do: a private one fetches those above 5 MB again for the kernel.
        context = playwright.chromium.launch_persistent_context(
            kept,
            executable_path=browser,
            args=["--no-sandbox", "--disable-gpu"],
            viewport={"width": 1000, "height": 900},
        )
        page, seen, cold = visit(context, address)
        transfer = Host.sent / 1e6
        page.evaluate(CHECK, LOOPS)
        checks = [page.evaluate(CHECK, "check(conv1x1_loops)") for _ in range(3)]
        page.close()
        again, seen_again, warm = visit(context, address)
        context.close()
    size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
    print(f"The notebook is visible after {seen:.1f} s, and after {seen_again:.1f} s the second time.")
    rows = [
        ("first cell, nothing kept", cold, "s", 20),
        ("first cell, files kept", warm, "s", 10),
        ("check of conv1x1_loops, first", checks[0], "s", 2),
        ("check of conv1x1_loops, later", min(checks[1:]), "s", 2),
        ("the whole site", size, "MB", 70),
        ("sent until the first cell ran", transfer, "MB", 50),
    ]
    for name, value, unit, bar in rows:
        print(f"{name:32}{value:8.2f} {unit:3} (bar: {bar})")
    return 1 if any(value > bar for _, value, _, bar in rows) else 0
