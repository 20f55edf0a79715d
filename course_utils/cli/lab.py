"""`course lab`: JupyterLab on a lesson, with the course's own kernel and nbgrader's Validate button."""

import re
import sys
from pathlib import Path

from course_utils.authoring import needs
from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.cli import machine, start, workplace


def open_lab(lesson, options, teach=False, root=paths.ROOT):
    """Run JupyterLab on the release of a lesson, or on the map of the course, until it is stopped; its exit status."""
    if paths.LESSONS.is_dir() and not paths.is_course(Path(root)):
        return _begin_here(lesson, options)
    _check_port(options)
    if machine.lacks_torch():
        who = needs.spoken(needs.needing_torch())
        print(f"Lessons {who} need PyTorch, which is not installed here: `course doctor` says how to get it.")
    page = _notebook(lesson, root) if lesson else workplace.start_page(root) or _notebook("00", root)
    # Given the notebook as an argument JupyterLab would serve its folder alone, and nbgrader not find the course.
    where = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{page}"]
    command = [sys.executable, "-m", "jupyterlab", *where, *workplace.options(teach), *options]
    return machine.hand_over(command, root, **workplace.variables())


def _notebook(lesson, root):
    name = paths.find_lesson(lesson, root)
    notebook = f"notebooks/{name}/{name}.ipynb"
    if not Path(root, notebook).is_file():
        raise CourseError(f"{notebook} is missing. `course build {paths.number(name)}` makes it.")
    return notebook


def _begin_here(lesson, options):
    """Copy the lessons of an installed course into the current folder, if that is wanted, and open one."""
    here = Path.cwd()
    if not start.offer(here):
        cure = "`course start` copies them there, `course start FOLDER` elsewhere."
        raise CourseError(f"there are no lessons in {here}. {cure}")
    start.copy_lessons(here)
    again = [sys.executable, "-m", "course_utils.cli", "lab", *filter(None, [lesson]), *options]
    return machine.hand_over(again, here)


def _check_port(options):
    """JupyterLab takes any other option as it is; what it says of a wrong port is no sentence."""
    written = re.search(r"(?:^| )--port(?:[= ](\S*)|$)", " ".join(options))
    port = written[1] or "nothing" if written else "0"
    if not (port.isdigit() and int(port) < 65536):
        raise CourseError(f"--port takes a number from 0 to 65535, got {port}. Try `course lab --port 9000`.")
