"""`course doctor`: one line for each thing the course leans on, and what to do where it does not hold."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from course_utils.authoring import needs
from course_utils.base import paths, project
from course_utils.cli import machine

OK, WARN, FAIL = "ok", "warn", "FAIL"
IN_CLONE = paths.PACKAGE.parent == paths.ROOT and not paths.LESSONS.is_dir()
AGAIN = (
    "start `python3 course.py doctor` again: it installs what is missing"
    if IN_CLONE
    else "install it again: `pip install --force-reinstall one-by-one-course`"
)

WALLS = {
    "Landlock": "Linux has it from 5.13 on",
    "seccomp": f"`{project.adds('wall')}` and Debian's libseccomp2 add it",
}


def examine():
    """Print what was found; return 1 if something that is needed does not work, else 0."""
    states = []
    for look in LOOKS:
        for state, text, cure in look():
            states.append(state)
            print(f"{state:<5} {text}{f'  ->  {cure}' if cure and state != OK else ''}", flush=True)
    broken, odd = states.count(FAIL), states.count(WARN)
    print(f"{broken} broken, {odd} to know about." if broken or odd else "All is well.")
    return 1 if broken else 0


def python():
    """The Python that runs, and where it comes from."""
    version = ".".join(map(str, sys.version_info[:3]))
    state = OK if sys.version_info >= (3, 11) else FAIL
    yield state, f"Python {version} in {sys.prefix}", "the course needs Python 3.11 or newer"
    home = Path(importlib.util.find_spec("course_utils").origin).parents[1]
    other = _in_kernel("import course_utils; print(course_utils.__file__)")
    if not other or Path(other).parents[1] != home:
        yield FAIL, "notebooks cannot import this copy of course_utils", f"delete .venv, then {AGAIN}"
        machine.forget_setup()


def packages():
    """Whether the packages are those that the tests run with."""
    wanted = pins()
    have = {
        _key(distribution.name): distribution.version.split("+")[0]
        for distribution in importlib.metadata.distributions()
    }
    missing = sorted(name for name in direct() if name not in have)
    other = [f"{name} {have[name]} (tested: {pin})" for name, pin in wanted.items() if have.get(name, pin) != pin]
    if missing:
        machine.forget_setup()
        cure = AGAIN if IN_CLONE else f"`python -m pip install {' '.join(missing)}`"
        yield FAIL, f"packages missing: {', '.join(missing)}", cure
    if other:
        cure = "delete .venv and start again to have those" if IN_CLONE else f"those are in {_pins_file()}"
        yield WARN, f"other versions than tested: {', '.join(other)}", cure
    if not missing and not other:
        yield OK, f"{len(direct())} packages, in the versions that the tests run with", None


def torch():
    """Whether torch runs, and on what."""
    if machine.lacks_torch():
        who = needs.spoken(needs.needing_torch())
        yield WARN, f"lessons {who} do not run without torch; all others do", "see the missing packages above"
        return
    probe = "import torch; print(torch.__version__, torch.cuda.is_available(), torch.backends.mps.is_available())"
    answer = _in_kernel(probe)
    if not answer:
        yield FAIL, "torch cannot be imported", f"delete .venv, then {AGAIN}"
        return
    version, cuda, mps = answer.split()
    yield OK, f"torch {version}", None
    card = machine.gpu()
    if cuda == "True":
        yield OK, f"GPU: {card or 'CUDA'}", None
    elif card:
        cure = "torch was installed for the CPU or the driver is too old: see PyTorch's installation page"
        yield WARN, f"GPU: {card}, but torch cannot use it", cure
    else:
        yield OK, "GPU: Apple's (MPS)" if mps == "True" else "GPU: none; every lesson runs without", None
    triton = importlib.util.find_spec("triton")
    yield OK, "triton: installed" if triton else "triton: not installed; lesson 12 says how to get it (Linux)", None


def sandbox():
    """Whether other people's code can be shut in; only graders need that."""
    reason, walls = machine.sandbox()
    if reason:
        yield WARN, f"sandbox: none; needed only to grade other people's code ({reason})", machine.CURE
        return
    absent = [f"no {name} ({cure})" for name, cure in WALLS.items() if name not in walls]
    yield OK, f"sandbox: {', '.join(walls)}{''.join(f'; {one}' for one in absent)}", None


def browser():
    """Whether the browser tests can run."""
    found = machine.browser()
    cure = "install Chromium or Chrome if you change lessons or widgets"
    yield OK if found else WARN, f"browser: {found}" if found else "browser: none, so its tests are left out", cure


def disk():
    """Whether there is room to work."""
    free = shutil.disk_usage(paths.ROOT).free / 1e9
    state = FAIL if free < 0.2 else WARN if free < 1 else OK
    yield state, f"disk: {free:.1f} GB free", "free some: notebooks cannot be saved on a full disk"


def folders():
    """Whether the course can write where it must."""
    if not paths.is_course(paths.ROOT):
        yield WARN, f"lessons: none in {Path.cwd()}", "`course start` copies them there"
        return
    for folder in (paths.notebooks(), paths.ROOT / "grading"):
        if not _can_be_written(folder):
            yield FAIL, f"folder {folder} cannot be written", "copy the course to a folder of your own"
    kept = _can_be_written(paths.private())
    cure = "set COURSE_HOME to a folder of your own"
    yield (OK if kept else WARN), f"progress: {paths.private()}{'' if kept else ' cannot be written'}", cure
    empty = not paths.lessons()
    yield (FAIL if empty else OK), f"lessons: {len(paths.lessons())}", "the folder solutions/ is empty: get it again"


def _can_be_written(folder):
    """Whether a folder can be written, or made where it is not there yet."""
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return place.is_dir() and os.access(place, os.W_OK)


def strays():
    """Things elsewhere on this computer that change what the course does."""
    for name in ("PYTHONPATH", "PYTHONSTARTUP", "JUPYTER_CONFIG_DIR"):
        if os.environ.get(name):
            yield WARN, f"{name} is set to {os.environ[name]}", f"`unset {name}` if notebooks behave oddly"
    theirs = Path.home() / ".jupyter" / "nbgrader_config.py"
    if theirs.is_file():
        yield WARN, f"{theirs} is read by nbgrader too", "move it away if grading behaves oddly"
    hidden = Path.home() / ".local/share/jupyter/kernels/python3/kernel.json"
    if hidden.is_file() and sys.prefix not in hidden.read_text(encoding="utf-8", errors="replace"):
        yield WARN, f"{hidden} is another kernel named python3", "`course lab` prefers its own"


def _pins_file():
    """constraints.txt, in a clone or in an installed course."""
    return (paths.LESSONS if paths.LESSONS.is_dir() else paths.PACKAGE.parent) / "constraints.txt"


def pins():
    """The versions in constraints.txt by package name."""
    lines = [line for line in _pins_file().read_text().splitlines() if "==" in line and not line.startswith("#")]
    return {_key(name): version for name, version in (line.split("==") for line in lines)}


def direct(*extras):
    """The packages that the course needs for learners, and for each of the extras: teach, author, test and so on."""
    file = paths.PACKAGE.parent / "pyproject.toml"
    if file.is_file():  # a clone's may be newer than what is installed
        declared = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        named = declared["dependencies"] + [one for extra in extras for one in declared["optional-dependencies"][extra]]
        return [_key(re.match(r"[\w.-]+", one)[0]) for one in named]
    from packaging.requirements import Requirement

    named = map(Requirement, importlib.metadata.requires("one-by-one-course") or [])
    wanted = [requirement for requirement in named if any(_applies(requirement, extra) for extra in ("", *extras))]
    return list(dict.fromkeys(_key(requirement.name) for requirement in wanted))


def extra_of(module):
    """The first extra that a module's package belongs to, or "" where it is one that every learner has.

    >>> extra_of("triton.language"), extra_of("playwright.sync_api"), extra_of("numpy.linalg")
    ('kernels', 'dev', '')
    """
    package = _key(module.partition(".")[0])
    return "" if package in direct() else next((extra for extra in _extras() if package in direct(extra)), "")


def _extras():
    file = paths.PACKAGE.parent / "pyproject.toml"
    if file.is_file():
        return tomllib.loads(file.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    return importlib.metadata.metadata("one-by-one-course").get_all("Provides-Extra") or []


def _applies(requirement, extra):
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _key(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _in_kernel(code):
    """What `code` prints in a Python started as a notebook's would be, or "" where it fails."""
    command, elsewhere = [sys.executable, "-c", code], tempfile.gettempdir()
    done = subprocess.run(command, capture_output=True, text=True, cwd=elsewhere, check=False)
    return done.stdout.strip()


LOOKS = (python, packages, torch, sandbox, browser, disk, folders, strays)
