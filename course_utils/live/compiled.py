"""Byte code in place of Python files: a browser keeps none, and making it is half of a start.

The course's own wheel stays as it is written: nobody can read byte code.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from course_utils.live import pyodide

HERE = Path(__file__).parent
LIST = "compiled.json"  # beside the archives: {name before: name and SHA-256 of what stands in its place}
LIBRARY = "python_stdlib.zip"  # Pyodide asks for it by this name


def compile_archives(static, report=print):
    """Compile the archives in the folder `static`, where Pyodide lies; return `{name before: [name now, SHA-256]}`.

    Without a Node.js that runs Pyodide nothing is compiled: the course works as well and starts some seconds later.

    >>> compile_archives("static")["python_stdlib.zip"]                  # doctest: +SKIP
    ['python_stdlib.zip', '5f5d…']
    """
    static = Path(static).resolve()
    node = shutil.which("node")
    if node is None:
        report("Node.js is not here, so Python's packages stay uncompiled: a lesson starts some seconds later for it")
        return {}
    report("compiling Python's packages")
    names = sorted(path.name for path in static.iterdir() if path.suffix in (".whl", ".zip"))
    with tempfile.TemporaryDirectory(prefix="course-compiled-") as made:
        nothing_yet = {"info": pyodide.pinned()["info"], "packages": {}}  # Pyodide asks for a lock file
        (static / "pyodide-lock.json").write_text(json.dumps(nothing_yet), encoding="utf-8")
        command = [node, HERE / "compiled.mjs", static, HERE / "archive.py", ",".join(names), made]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines() or ["it said nothing"]
            telling = next((line for line in said if "Error" in line), said[-1])[:200]
            report(f"{node} could not run Pyodide, so Python's packages stay uncompiled: {telling}")
            return {}
        put = {name: _put(Path(made, name), static, name) for name in names}
    (static / LIST).write_text(json.dumps(put, indent=1), encoding="utf-8")
    return put


def listed(static):
    """What `compile_archives` returned for the folder `static` of a built site."""
    path = Path(static, LIST)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _put(made, static, name):
    """Another name for another content: a browser that keeps the one never takes it for the other."""
    new = name if name == LIBRARY else name.replace("-", "-pyc.", 1)
    (static / name).unlink()
    shutil.move(made, static / new)
    return [new, hashlib.sha256((static / new).read_bytes()).hexdigest()]
