"""`course lab`: JupyterLab on a lesson, with the course's own kernel and nbgrader's Validate button."""

import json
import re
import sys
from pathlib import Path

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.cli import machine, start

SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def open_lab(lesson, options, root=paths.ROOT):
    """Run JupyterLab on the release of a lesson until it is stopped; return its exit status."""
    if paths.LESSONS.is_dir() and not paths.is_course(Path(root)):
        return _begin_here(lesson, options)
    name = paths.find_lesson(lesson, root)
    notebook = f"notebooks/{name}/{name}.ipynb"
    if not Path(root, notebook).is_file():
        raise CourseError(f"{notebook} is missing. `course build {name[:2]}` makes it.")
    _check_port(options)
    _set_defaults()
    # Given the notebook as an argument JupyterLab would serve its folder alone, and nbgrader not find the course.
    where = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{notebook}"]
    command = [sys.executable, "-m", "jupyterlab", *where, *options]
    # Kernels and settings of this environment come before those in the user's home folder.
    return machine.hand_over(command, root, JUPYTER_PREFER_ENV_PATH="1")


def _begin_here(lesson, options):
    """Copy the lessons of an installed course into the current folder, if that is wanted, and open one."""
    here = Path.cwd()
    if not start.offer(here):
        cure = "`course start` copies them there, `course start FOLDER` elsewhere."
        raise CourseError(f"there are no lessons in {here}. {cure}")
    start.copy_lessons(here)
    return machine.hand_over([sys.executable, "-m", "course_utils.cli", "lab", lesson, *options], here)


def _check_port(options):
    """JupyterLab takes any other option as it is; what it says of a wrong port is no sentence."""
    written = re.search(r"(?:^| )--port(?:[= ](\S*)|$)", " ".join(options))
    port = written[1] or "nothing" if written else "0"
    if not (port.isdigit() and int(port) < 65536):
        raise CourseError(f"--port takes a number from 0 to 65535, got {port}. Try `course lab --port 9000`.")


def _set_defaults():
    """Let the first thing a learner sees be the lesson, not JupyterLab's question about news from the network."""
    file = Path(sys.prefix, "share/jupyter/lab/settings/overrides.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(SETTINGS))
