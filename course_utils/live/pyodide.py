"""Pyodide, pinned: the files of one release, each taken only if its SHA-256 is the one that pyodide.json has.

pyodide.json was made from the npm package `pyodide`, which holds the release's core and its lock file; `pin` makes it
anew. The files come from the release's place on the network, or from a folder of one's own.
"""

import hashlib
import json
import re
import urllib.error
import urllib.request
from pathlib import Path

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.data.files import verified_bytes

PINNED = Path(__file__).with_name("pyodide.json")
SOURCE = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
WANTED = ("numpy", "matplotlib", "pillow", "micropip", "ipython", "threadpoolctl")
UNUSED = {"matplotlib": ("fonttools", "pytz")}  # what the lessons get by without


def pinned():
    """The pinned release: `version`, `core` (file -> SHA-256), and `info` and `packages` of the lock file.

    >>> pinned()["packages"]["numpy"]["imports"]
    ['numpy']
    """
    return json.loads(PINNED.read_text(encoding="utf-8"))


def wanted():
    """The files of the release that the site needs: `{name: SHA-256}`."""
    release = pinned()
    return release["core"] | {entry["file_name"]: entry["sha256"] for entry in release["packages"].values()}


def take(into, folder=None, report=print):
    """Put the files of the release into the folder `into`: out of `folder`, or from the network, kept for next time."""
    kept = Path(folder) if folder else paths.private() / f"pyodide-{pinned()['version']}"
    missing = [name for name in wanted() if not (kept / name).is_file()]
    if folder and missing:
        said = f"{len(missing)} files of Pyodide {pinned()['version']} are not in {folder}, among them {missing[0]}."
        raise CourseError(f"{said} Unpack the release there, or leave out `--pyodide` to fetch them.")
    for name in missing:
        report(f"fetching {name}")
        _fetch(name, kept)
    for name, sha256 in wanted().items():
        repair = "It is not the file of the release: take it from there again."
        (Path(into) / name).write_bytes(verified_bytes(kept / name, sha256, repair))


def _fetch(name, kept):
    url = SOURCE.format(version=pinned()["version"], name=name)
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - https, and its hash is checked
            content = answer.read()
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise CourseError(
            f"{url} cannot be fetched: {reason}. Where there is no network, name a folder with the files of "
            f"Pyodide {pinned()['version']}: --pyodide FOLDER."
        ) from None
    if hashlib.sha256(content).hexdigest() != wanted()[name]:
        raise CourseError(f"{url} is not the file that was pinned: its SHA-256 differs. Nothing was kept of it.")
    kept.mkdir(parents=True, exist_ok=True)
    (kept / name).write_bytes(content)


def pin(package):
    """The content of pyodide.json for the unpacked npm package `pyodide` in the folder `package`."""
    package = Path(package)
    lock = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    core = {name: hashlib.sha256((package / name).read_bytes()).hexdigest() for name in CORE}
    entries = {normal(name): entry for name, entry in lock["packages"].items()}
    chosen, waiting = {}, list(WANTED)
    while waiting:
        name = normal(waiting.pop())
        if name not in chosen:
            needs = [normal(other) for other in entries[name]["depends"]]
            chosen[name] = entries[name] | {"depends": [one for one in needs if one not in UNUSED.get(name, ())]}
            waiting += chosen[name]["depends"]
    version = lock["info"]["version"]
    return {"version": version, "core": core, "info": lock["info"], "packages": dict(sorted(chosen.items()))}


def normal(name):
    """A package's name as lock files compare it.

    >>> normal("typing_extensions")
    'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()
