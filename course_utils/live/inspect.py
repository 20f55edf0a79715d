"""`course site --live --check`: whether a built folder is whole, of a decent size, and without answers."""

import hashlib
import json
from pathlib import Path

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.live import answers, compiled, pyodide

MEGABYTES = 70  # the whole site
START = 50  # what comes before the first cell runs


def inspect_site(out, root=paths.ROOT, report=print):
    """Say what is wrong with the site in the folder `out`; return 0 if nothing is, else 1."""
    out = Path(out)
    if not (out / "live/transfer.json").is_file():
        raise CourseError(f"there is no site with live lessons in {out}: `course site --live --out {out}` makes one.")
    problems = [*_files(out / "live"), *_sizes(out, report), *answers.found(out, root)]
    for problem in problems:
        report(problem)
    report(f"{len(problems)} to put right." if problems else "All is in order.")
    return 1 if problems else 0


def _files(live):
    """Files that the lock file promises and that are not there, or are others."""
    static = live / "static/pyodide"
    lock = json.loads((static / "pyodide-lock.json").read_text(encoding="utf-8"))
    put = compiled.listed(static)
    promised = {entry["file_name"]: entry["sha256"] for entry in lock["packages"].values()}
    promised |= {name: sha256 for name, sha256 in pyodide.wanted().items() if name not in put} | dict(put.values())
    for name, sha256 in sorted(promised.items()):
        if not (static / name).is_file():
            yield f"live/static/pyodide/{name} is missing."
        elif hashlib.sha256((static / name).read_bytes()).hexdigest() != sha256:
            yield f"live/static/pyodide/{name} is not the file that was pinned: its SHA-256 differs."
    for name in sorted({path.name for path in static.iterdir()} - {*promised, "pyodide-lock.json", compiled.LIST}):
        yield f"live/static/pyodide/{name} is not in the lock file: nothing uses it."


def _sizes(out, report):
    whole = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    start = sum(json.loads((out / "live/transfer.json").read_text(encoding="utf-8")).values()) / 1e6
    report(f"the site has {whole:.1f} MB; {start:.1f} MB of Python come before the first cell runs")
    if whole > MEGABYTES:
        yield f"the site has {whole:.1f} MB, more than {MEGABYTES}."
    if start > START:
        yield f"{start:.1f} MB come before the first cell runs, more than {START}."
