"""Start here: `python3 course.py lab` opens the lessons, `python3 course.py --help` says what else there is.

The first start installs the course into the folder .venv; later ones hand over at once. An old Python can read it too.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "course-stamp.txt"  # written last: where it is missing, a set-up was interrupted and is resumed
LOG = VENV / "course-install.log"
KEPT = VENV / "course-extras.txt"
PACKAGES, MEGABYTES = 137, 190  # that a learner's set-up fetches after PyTorch, roughly
CURES = {  # what pip's log says -> what to tell
    "No space left on device": "The disk is full. Free 3 GB, then start again.",
    "connection broken": "Check the network and pip's proxy settings, then start again.",
    "No matching distribution": "A package has no build for this Python or this computer. Try Python 3.11 to 3.13.",
    "": "Delete the folder .venv, then start again.",
}


def main():
    if sys.version_info < (3, 11):  # noqa: UP036
        newer = [name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)]
        cure = f"You have one: start with `{newer[0]}`." if newer else "Get it from python.org, then use that."
        sys.exit(f"course: The course needs Python 3.11 or newer; this is {sys.version.split()[0]}. {cure}")
    try:
        if read(STAMP).splitlines() != [home(), requirements(), extras()]:
            set_up()
        command = [str(PYTHON), "-m", "course_utils.cli"] + sys.argv[1:]
        os.environ["PYTHONUTF8"] = "1"  # files and output are UTF-8 on Windows too
        if os.name == "nt":
            sys.exit(subprocess.call(command))
        os.execv(command[0], command)  # the course takes this process over, with its signals and its terminal
    except KeyboardInterrupt:
        sys.exit("course: Interrupted. Start again to go on from here.")


def set_up():
    """Make .venv, or go on with a set-up that was interrupted, and install the course into it."""
    if not os.access(str(ROOT), os.W_OK):
        sys.exit(f"course: {ROOT} cannot be written to. Copy the course to a folder of your own and start it there.")
    print(f"1 of 3: Python {sys.version.split()[0]}\n2 of 3: a folder for it, .venv", flush=True)
    if not home() or read(STAMP).splitlines()[:1] not in ([], [home()]):  # none, moved here, or for another Python
        make_venv()
    linux, driver = sys.platform.startswith("linux"), shutil.which("nvidia-smi")
    size = "some GB, PyTorch for the GPU among them," if linux and driver else "under 1.5 GB"
    print(f"3 of 3: packages, {size} in .venv, once, some minutes", flush=True)
    KEPT.write_text(extras())
    for file in filter(Path.exists, (STAMP, LOG)):
        file.unlink()
    course = ["--editable", str(ROOT) + extras(), "--constraint", str(ROOT / "constraints.txt")]
    if uv(*course, *["--torch-backend=cpu"] * (linux and not driver)):  # where it is not, or cannot, pip is asked
        if linux and not driver and pip("torch==2.13.0+cpu"):
            print("pip finds no PyTorch for CPUs alone: a download of 3 GB, with GPU support, follows.", flush=True)
        if pip(*course):
            cure = next(cure for sign, cure in CURES.items() if sign in read(LOG))
            sys.exit(f"course: the packages could not be installed. {cure} What pip said is in {LOG}.")
    STAMP.write_text(f"{home()}\n{requirements()}\n{extras()}\n")


def extras():
    """What the tests need is installed when they are first asked for, and stays: a learner does without its 200 MB."""
    return "[dev]" if sys.argv[1:2] == ["test"] or "[dev]" in read(KEPT) else ""


def make_venv():
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("course: This Python has no `venv`. On Debian and Ubuntu `sudo apt install python3-venv` adds it.")
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < 3:
        sys.exit(f"course: The course needs 3 GB in {ROOT}, of which {free:.1f} are free. Free some, then start again.")
    if VENV.is_symlink():
        sys.exit(f"course: {VENV} is a link to another folder, which would be emptied. Remove the link first.")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        sys.exit(f"course: {VENV} could not be made (see above). Delete it if it is there, then start again.")


def uv(*arguments):
    """Install with uv where it is there, its words in the log; 0 means done."""
    if not shutil.which("uv"):
        return 1
    with open(str(LOG), "a") as log:
        command = ["uv", "pip", "install", "--python", str(PYTHON)]
        return subprocess.call(command + list(arguments), stdout=log, stderr=log)


def pip(*arguments):
    """Install with pip, its words in the log and on the terminal how far it is; 0 means done."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--retries=2", "install"]
    command += ["--no-compile", "--progress-bar=off"]  # Python compiles what is used, and only that
    process = subprocess.Popen(command + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    began, found, size = time.time(), 0, 0.0
    with open(str(LOG), "wb") as log:  # anew: what failed before is no reason for what may fail now
        for line in process.stdout:
            log.write(line)
            words = line.decode(errors="replace")
            place = "".join(words.split()[1:2])  # where pip's settings name a folder of wheels, a file of it
            if words.lstrip().startswith(("Collecting", "Processing")):
                found += 1
                size += os.path.getsize(place) / 1e6 if os.path.isfile(place) else 0
                to_go = (time.time() - began) / max(size, 1) * max(MEGABYTES - size, 0) / 60
                pace = f", at this pace {to_go:.0f} minutes to go" if to_go > 2 and size > 5 else ""
                say(f"   {found} of about {max(PACKAGES, found)} packages, {size:.0f} MB{pace}", found % 40 == 0)
            elif words.startswith("Installing collected"):
                say(f"   {words.count(',') + 1} packages are unpacked", True)
            elif "Downloading" in words or "Using cached" in words:
                match = re.search(r"\(([\d.]+) (k|M|G)B\)", words)
                size += float(match.group(1)) * {"k": 1e-3, "M": 1, "G": 1e3}[match.group(2)] if match else 0
    say("", False)
    return process.wait()


def say(text, is_kept):
    """In one line of a terminal that is written again and again; elsewhere a line now and then."""
    if sys.stdout.isatty():
        print("\r" + text.ljust(shutil.get_terminal_size().columns - 1), end="\r", flush=True)
    elif is_kept:
        print(text, flush=True)


def home():
    """Where .venv is and the Python it runs on, or "" where it does not run: a copied or moved .venv is no use."""
    try:
        version = subprocess.check_output([str(PYTHON), "-c", "import pip, sys; print(sys.version)"])
    except (OSError, subprocess.CalledProcessError):
        return ""
    return " ".join([str(ROOT)] + version.decode().split())


def requirements():
    files = (ROOT / "pyproject.toml", ROOT / "constraints.txt")
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def read(path):
    return path.read_text(errors="replace") if path.is_file() else ""


if __name__ == "__main__":
    main()
