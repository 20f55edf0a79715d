"""A whole class on a real JupyterHub: two accounts of this computer fetch, work, validate, hand in and get feedback.

It takes minutes and becomes other users, so it is run when asked for:

    python3 course.py test -m thorough tests/test_hub.py
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
from browsers import patient
from users import open_the_way_to_python

from course_utils.base import paths
from course_utils.grading.classroom import Classroom

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.thorough]
LESSON = "00_axes_and_checks"
STUDENTS = ("course_ada", "course_ben")
PASSWORD = "only-on-loopback-1x1"
ANSWERS = {  # one right, one wrong
    "course_ada": {"hwc_to_nchw": "def hwc_to_nchw(image):\n    return image.transpose(2, 0, 1)[None]"},
    "course_ben": {
        "hwc_to_nchw": "def hwc_to_nchw(image):\n    return image.reshape(1, image.shape[2], *image.shape[:2])"
    },
}
MESSAGE = "keeps the order of the numbers"  # what ben is told
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{hub}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{inner}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.ConfigurableHTTPProxy.command = ["{bin}/configurable-http-proxy"]
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = "{password}"
c.Authenticator.allowed_users = {students!r}
c.Spawner.cmd = ["{bin}/jupyterhub-singleuser"]
c.Spawner.args = ["--ip=127.0.0.1", "--LabApp.expose_app_in_browser=True"]
c.Spawner.environment = {environment!r}
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 180
"""


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


@pytest.fixture(scope="module")
def homes():
    """Two accounts that are taken away again, each with a home of its own."""
    pytest.importorskip("jupyterhub", reason="no JupyterHub here: pip install --editable '.[hub]'")
    if os.geteuid() != 0:
        pytest.skip("only root can make accounts")
    top = Path(tempfile.mkdtemp(prefix="course-hub-"))  # pytest's own folders are closed to others
    top.chmod(0o755)
    made = []
    try:
        for name in STUDENTS:
            subprocess.run(["useradd", "--create-home", "--base-dir", top, name], check=True, capture_output=True)
            made.append(name)
        yield {name: Path(pwd.getpwnam(name).pw_dir) for name in STUDENTS}
    finally:
        for name in made:
            subprocess.run(["userdel", "--remove", name], check=False, capture_output=True)
        shutil.rmtree(top, ignore_errors=True)


@pytest.fixture(scope="module")
def teacher(homes, tmp_path_factory):
    """A teacher's copy of the course, and the folder that all of the hub's users see."""
    root = tmp_path_factory.mktemp("teacher")
    for name in ("course_utils", f"solutions/{LESSON}", f"notebooks/{LESSON}"):
        shutil.copytree(paths.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(paths.ROOT / "nbgrader_config.py", root)
    exchange = next(iter(homes.values())).parent / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)

    def command(*words):
        own = {"PYTHONPATH": str(root), "COURSE_HOME": str(root / ".course"), "HOME": str(root), "OMP_NUM_THREADS": "1"}
        line = [sys.executable, "-m", "course_utils.cli", *words]
        done = subprocess.run(line, cwd=root, env=os.environ | own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    return command, Classroom(LESSON, root, root / "grading"), exchange


@pytest.fixture(scope="module")
def hub(homes, teacher):
    """The address of a hub that starts a server for whoever logs in, as that account."""
    exchange = teacher[2]
    folder = exchange.with_name("config")
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\n")
    for path in (folder, folder / "nbgrader_config.py"):
        path.chmod(0o755)
    ports = {name: free_port() for name in ("hub", "inner", "proxy")}
    environment = {
        "JUPYTER_CONFIG_PATH": str(folder),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "OMP_NUM_THREADS": "1",
    }
    known = {"bin": str(Path(sys.executable).parent), "password": PASSWORD, "students": set(STUDENTS)}
    (folder / "hub.py").write_text(CONFIG.format(**ports, **known, environment=environment))
    line = [sys.executable, "-m", "jupyterhub", "--config", folder / "hub.py"]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            line, cwd=folder, env=os.environ | environment, stdout=log, stderr=log,
            preexec_fn=open_the_way_to_python, start_new_session=True,
        )  # fmt: skip
    address = f"http://127.0.0.1:{ports['hub']}"
    try:
        deadline = time.monotonic() + 400
        while not answers(f"{address}/hub/login"):
            assert process.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()[-3000:]
            time.sleep(0.5)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)  # it ends the servers of its users, and its proxy
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for name in STUDENTS:
            subprocess.run(["pkill", "-KILL", "-u", name], check=False)


def answers(address):
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except OSError:
        return False


def logged_in(chromium, hub, name):
    """A page of JupyterLab, of a server that the hub has started for this account."""
    page = patient(chromium.new_context(viewport={"width": 1300, "height": 900}).new_page())
    page.goto(f"{hub}/hub/login")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{hub}/user/{name}/lab**", timeout=240_000)
    page.wait_for_function("() => window.jupyterapp?.commands.hasCommand('nbgrader:open-assignment-list')")
    return page


def assignments(page):
    """nbgrader's *Assignment list*, as a student opens it, up to date."""
    page.evaluate("jupyterapp.commands.execute('nbgrader:open-assignment-list')")
    page.locator("#released_assignments_list_loading").wait_for(state="hidden")
    return page


def write(page, answers):
    """Type answers into the cells that are theirs, and save."""
    page.evaluate(f"jupyterapp.commands.execute('docmanager:open', {{path: '{LESSON}/{LESSON}.ipynb'}})")
    page.wait_for_function("() => jupyterapp.shell.currentWidget?.content?.model?.cells?.length > 10")
    for name, code in answers.items():
        at = page.evaluate(
            """(name) => [...jupyterapp.shell.currentWidget.content.model.cells].findIndex(
                (cell) => cell.type === "code" && cell.sharedModel.getSource().includes(`def ${name}(`))""",
            name,
        )
        page.evaluate("(at) => jupyterapp.shell.currentWidget.content.scrollToItem(at, 'start')", at)
        page.locator(f".jp-CodeCell[data-windowed-list-index='{at}'] .cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(code)
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")


def test_two_accounts_fetch_work_validate_hand_in_and_get_their_feedback(hub, teacher, homes, chromium):
    command, room, exchange = teacher
    command("nbgrader", "release_assignment", LESSON, f"--Exchange.root={exchange}")
    pages = {name: logged_in(chromium, hub, name) for name in STUDENTS}
    for name, page in pages.items():
        assignments(page).locator("#released_assignments_list").get_by_role("button", name="Fetch").click()
        page.locator("#fetched_assignments_list").get_by_role("button", name="Submit").wait_for()
        assert (homes[name] / LESSON / f"{LESSON}.ipynb").owner() == name
        write(page, ANSWERS[name])
        page.get_by_role("button", name="Validate").click()
        said = page.locator(".jp-Dialog")
        said.wait_for(timeout=240_000)
        words = said.inner_text()
        assert ("check(hwc_to_nchw)" in words) == (name == "course_ben"), words  # ada's is right, ben's is not
        said.get_by_role("button").last.click()
        assignments(page).locator("#fetched_assignments_list").get_by_role("button", name="Submit").click()
        page.locator("#submitted_assignments_list").get_by_text(LESSON).first.wait_for()

    command("nbgrader", "collect", LESSON, f"--Exchange.root={exchange}")
    assert sorted(room.handed_in()) == sorted(STUDENTS)
    command("grade", "00")
    marks = {
        row.split(",")[0]: row.split(",")[2] for row in (room.folder / "grades.csv").read_text("utf-8-sig").splitlines()
    }
    assert float(marks["course_ada"]) > float(marks["course_ben"])
    command("feedback", "00", "--exchange", str(exchange))

    for name, page in pages.items():
        page.reload()
        page.wait_for_function("() => window.jupyterapp?.commands.hasCommand('nbgrader:open-assignment-list')")
        assignments(page).locator("#submitted_assignments_list").get_by_role("button", name="Fetch Feedback").click()
        deadline = time.monotonic() + 400
        while not (found := list((homes[name] / LESSON / "feedback").rglob(f"{LESSON}.html"))):
            assert time.monotonic() < deadline, name
            time.sleep(0.5)
        text = found[0].read_text(encoding="utf-8")
        assert (MESSAGE in text) == (name == "course_ben") and not list(homes[name].rglob("*ben*ada*"))
