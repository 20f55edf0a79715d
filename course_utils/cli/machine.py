"""What this computer offers: a browser, a GPU, a way to run other people's code in a sandbox."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
CURE = "grade on Linux, where users may make namespaces: `course grade` says how; or in a virtual machine"


def browser():
    """The path of a browser of the Chromium family, or None."""
    found = [shutil.which(name) for name in BROWSERS] + [place for place in PLACES if Path(place).is_file()]
    return next(filter(None, found), None)


def lacks_torch():
    """Whether PyTorch is not installed here."""
    return importlib.util.find_spec("torch") is None


def gpu():
    """The name of the NVIDIA GPU as its driver gives it, or None."""
    answer = _output(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"])
    return answer.splitlines()[0] if answer else None


def sandbox():
    """Why other people's code cannot be shut in here, or "", and the walls that it would be behind."""
    if not sys.platform.startswith("linux"):
        return f"it takes Linux, and this is {sys.platform}", []
    from course_utils.grading.run import sandbox  # nothing but Linux has what it imports

    return sandbox.examine()


def hand_over(command, folder, **variables):
    """Become another program, so that Ctrl-C and kill reach it; Windows cannot, and waits for it instead."""
    environment = os.environ | variables
    if os.name == "nt":
        return subprocess.call(command, cwd=folder, env=environment)
    os.chdir(folder)
    sys.stdout.flush()
    os.execve(command[0], command, environment)


def forget_setup():
    """Have the next start of course.py install the packages again."""
    Path(sys.prefix, "course-stamp.txt").unlink(missing_ok=True)


def _output(command):
    """What a command prints, or None where it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
