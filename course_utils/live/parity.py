"""Whether the check says in a browser what it says here: every oracle, alternative, mistake and choice, judged in both.

In a browser it is Pyodide's Python, NumPy and matplotlib; Node.js runs the same without a window.
"""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.checking.judge import judge
from course_utils.checking.render import plain
from course_utils.exercises import Exercise, catalogue

SCRIPT = Path(__file__).with_name("parity.mjs")


def table(lessons):
    """What the check says of each answer in the catalogue: `{"lesson exercise kind name": [outcome, code, text]}`.

    >>> table(["01_one_pixel"])["01_one_pixel mix_pixel oracle mix_pixel"][:2]
    ['correct', None]
    """
    rows = {}
    for item in catalogue().values():
        if item.lesson in lessons:
            for kind, name, answer in _answers(item):
                verdict = judge(item, answer)
                rows[f"{item.lesson} {item.name} {kind} {name}"] = [verdict.outcome, verdict.code, plain(verdict)]
    return rows


def _answers(item):
    """Every answer that the catalogue has for an exercise or a question: its kind, its name and itself."""
    if not isinstance(item, Exercise):
        return [("choice", letter, letter) for letter in item.choices]
    return [
        ("oracle", item.name, item.oracle),
        *(("alternative", function.__name__, function) for function in item.alternatives),
        *(("mistake", mistake.name, mistake.function) for mistake in item.mistakes),
    ]


def in_browser(static, lessons, root=paths.ROOT):
    """The same table, made by the Pyodide in the folder `static` of a built site."""
    node = shutil.which("node")
    if node is None:
        raise CourseError("Node.js is not installed: it runs Pyodide without a browser. `apt install nodejs` has it.")
    with tempfile.TemporaryDirectory(prefix="course-parity-") as room:
        out = Path(room, "table.json")
        command = [node, str(SCRIPT), str(Path(static).resolve()), str(root), ",".join(lessons), str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in (done.stdout + done.stderr).splitlines() if len(line) < 300]  # not its own source
            raise CourseError("Pyodide did not finish:\n" + "\n".join(said[-20:]))
        return json.loads(out.read_text(encoding="utf-8"))


def differences(here, there):
    """Answers on which outcome or code are not the same: `{name: (here, there)}`.

    >>> differences({"a": ["wrong", "TRN", "…"]}, {"a": ["wrong", None, "…"]})
    {'a': (['wrong', 'TRN'], ['wrong', None])}
    """
    names = sorted({*here, *there})
    pairs = {name: (here.get(name, [])[:2], there.get(name, [])[:2]) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
