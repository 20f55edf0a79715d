"""Where `course lab` works: settings, theme and workspaces of its own, the panels that its user needs, a start page."""

import contextlib
import itertools
import json
import os
import sys
import tempfile
from pathlib import Path

from course_utils.base import files, paths
from course_utils.base.errors import CourseError

SETTINGS = {  # what holds until somebody changes it in the menu *Settings*
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},  # or a notebook opened again has none to show
}
TEACHERS = ("create-assignment", "formgrader", "course-list")  # panels of nbgrader that are of no use to a learner
START = "START.md"
FIRST = "<!-- course lab writes this page anew each time it starts -->"


def options(teach):
    """Options of JupyterLab that keep what it remembers in the course's own folder, not in the user's ~/.jupyter.

    Labs side by side have a workspace each: none closes another's tabs.
    """
    off = {} if teach else {f"@jupyter/nbgrader:{name}": True for name in TEACHERS}
    home = paths.private() / "lab"
    try:
        return _options(home, off, "teach" if teach else "learn")
    except (CourseError, OSError):  # a home that cannot be written to: it remembers nothing, and works
        return _options(Path(tempfile.mkdtemp(prefix="course-lab-")), off, "lab")


def _options(home, off, kind):
    defaults = home / kind
    files.write(defaults / "overrides.json", json.dumps(SETTINGS))
    files.write(defaults / "page_config.json", json.dumps({"disabledExtensions": off}))
    workspaces = _free(home / "workspaces")
    folders = {"app_settings_dir": defaults, "user_settings_dir": home / "settings", "workspaces_dir": workspaces}
    return [f"--LabApp.{name}={path}" for name, path in folders.items()]


def variables():
    """Variables for JupyterLab: what this environment has comes first, and ~/.jupyter is read and never written to."""
    own = paths.private() / "lab" / "config"
    with contextlib.suppress(CourseError, OSError):
        files.write(own / "migrated", "")  # or Jupyter looks for settings of IPython 3 in each start
    if not own.is_dir():
        own = Path(tempfile.mkdtemp(prefix="course-lab-"))
    theirs = os.environ.get("JUPYTER_CONFIG_DIR") or str(Path.home() / ".jupyter")
    read = filter(None, [os.environ.get("JUPYTER_CONFIG_PATH"), str(Path(sys.prefix, "etc", "jupyter")), theirs])
    here = {"JUPYTER_CONFIG_DIR": str(own), "JUPYTER_CONFIG_PATH": os.pathsep.join(read)}
    return here | {"JUPYTER_PREFER_ENV_PATH": "1"}


def _free(folder):
    """The first of the folders 1, 2, 3 … in which no other lab is at work; from now on this process is.

    The process becomes the server, or waits for it, and the lock is held until it ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        holder = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT)
        if _lock(holder):
            os.set_inheritable(holder, True)
            return folder / str(number)
        os.close(holder)


def _lock(file):
    """Take the lock of an open file, unless another process has it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def start_page(root):
    """Write the map of the course as a page of links; its name, or "" where somebody's own file bears that name."""
    from course_utils.checking import course_map

    page = Path(root, START)
    if page.exists() and not page.read_text(encoding="utf-8", errors="replace").startswith(FIRST):
        return ""
    found = [lesson for lesson in course_map.lessons() if _released(lesson.name, root)]
    try:
        files.write(page, "\n".join([FIRST, *_lines(found, course_map.next_of(found))]) + "\n")
    except CourseError:
        return ""
    return START if found else ""


def _released(lesson, root):
    return Path(root, "notebooks", lesson, f"{lesson}.ipynb").is_file()


def _lines(found, ahead):
    """The page in Markdown: what is next, then a row a lesson."""
    yield "# 3×3 is a lie: 1×1 convolutions\n"
    if ahead:
        begun = any(lesson.begun for lesson in found)
        yield f"**{'Go on' if begun else 'Begin'} here:** {_link(ahead)}\n"
    yield "| Lesson | Done |\n|---|---|"
    for lesson in found:
        yield f"| {_link(lesson)} | {lesson.mark} {lesson.said} |"
    yield "\nRun `progress()` in a lesson to see how far you are now; this page is as it was when you started."


def _link(one):
    return f"[{one.number} {one.title}](notebooks/{one.name}/{one.name}.ipynb)"
