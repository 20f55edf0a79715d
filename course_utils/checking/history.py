"""Remember what was tried: one line of JSON an event, in a file that never leaves this machine.

Appending a whole line at a time survives a crash: a torn last line is skipped when the file is read.
"""

import collections
import contextlib
import json
import os
import sys
import time

from course_utils.base import paths
from course_utils.checking.outcome import CORRECT, CRASHED, NOT_ATTEMPTED, UNCHECKED, WRONG

IN_BROWSER = sys.platform == "emscripten"
# JupyterLite reads a file whose ending has "json" in it as one JSON value, and fails.
FILE = "progress.txt" if IN_BROWSER else "progress.jsonl"
SIGNS = {CORRECT: "✓ done", WRONG: "✗ not yet", CRASHED: "⚠ error", NOT_ATTEMPTED: "○ open", UNCHECKED: "– not checked"}
TRIED = (CORRECT, WRONG, CRASHED, UNCHECKED)
UNSAVED: list[str] = []  # events of this process that no file holds: tries count, wherever nothing can be written


def record(exercise: str, event: str, **more: object) -> None:
    """Append one event: an outcome of a check, a "hint" or a "solution". Nothing is written while a class is graded."""
    if os.environ.get("COURSE_GRADING"):
        return
    line = json.dumps({"time": round(time.time()), "exercise": exercise, "event": event, **more}) + "\n"
    folder = paths.private()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _append(folder / FILE, line.encode())
    except OSError as error:
        if not UNSAVED:  # said once
            elsewhere = "the environment variable COURSE_HOME names another folder"
            said = f"{folder} cannot be written: {error.strerror}"
            if IN_BROWSER:
                said, elsewhere = "this window keeps no files", "download your work before you close it"
            print(f"(Progress is not saved: {said}. Until you restart, your tries count all the same; {elsewhere}.)")
        UNSAVED.append(line)


def _append(path, lines):
    """Add whole lines to a file whose last one may be torn."""
    with open(path, "a+b") as file:
        file.seek(max(file.tell() - 1, 0))
        torn = file.read() not in (b"", b"\n")
        file.write(b"\n" * torn + lines)


def _files():
    """Where progress is kept, the older first: an older version of the course kept it in the clone."""
    now, before = paths.private() / FILE, paths.ROOT / ".course" / FILE
    return [now] if os.environ.get("COURSE_HOME") or now == before else list(filter(_is_mine, (before, now)))


def _is_mine(path):
    """Whether a file is there and is of the user who asks: a clone may be shared."""
    try:
        return not hasattr(os, "geteuid") or path.stat().st_uid == os.geteuid()
    except OSError:
        return False


def events() -> list[dict]:
    """All events so far, oldest first; lines that cannot be read are skipped."""
    lines = []
    for file in _files():
        with contextlib.suppress(OSError):
            lines += file.read_text(encoding="utf-8", errors="replace").splitlines()
    found = []
    for line in [*lines, *UNSAVED]:
        try:
            event = json.loads(line)
            found.append({"exercise": event["exercise"], "event": event["event"], "code": event.get("code")})
        except (ValueError, KeyError, TypeError):
            continue
    return found


def events_of(exercise: str, *kinds: str) -> list[dict]:
    """The events of one exercise, of the given kinds."""
    return [event for event in events() if event["exercise"] == exercise and event["event"] in kinds]


def attempts(exercise: str) -> int:
    """How often the exercise was really tried (an unwritten stub does not count)."""
    return len(events_of(exercise, *TRIED))


def rows(lesson: str | None = None) -> list[tuple]:
    """One row an exercise: lesson, exercise, state, tries, hints, last misconception.

    Of `lesson`, or of every lesson that has been begun (of the first one, if none has).
    """
    found = all_rows()
    touched = {event["exercise"] for event in events()}
    begun = {row[0] for row in found if row[1] in touched} or {row[0] for row in found[:1]}
    return [row for row in found if row[0] in ({lesson} if lesson else begun)]


def all_rows() -> list[tuple]:
    """The same of every lesson."""
    from course_utils.exercises import catalogue

    by_exercise = collections.defaultdict(list)
    for event in events():
        by_exercise[event["exercise"]].append(event)
    return [_row(item, by_exercise[item.name]) for item in catalogue().values()]


def _row(item, mine):
    checks = [event for event in mine if event["event"] in TRIED]
    kinds = [event["event"] for event in mine]
    state = CORRECT if CORRECT in kinds else checks[-1]["event"] if checks else NOT_ATTEMPTED
    code = checks[-1]["code"] or "" if checks and state != CORRECT else ""
    return item.lesson, item.name, SIGNS[state], len(checks), kinds.count("hint"), code


HEADER = ("lesson", "exercise", "state", "tries", "hints", "last misconception")


def table(lesson: str | None = None) -> str:
    """Progress as a table of text."""
    body = rows(lesson)
    cells = [tuple(map(str, row)) for row in (HEADER, *body)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(HEADER))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([*lines, summary(body)])


def summary(body: list[tuple]) -> str:
    """How much of the exercises shown is done.

    >>> summary([("02_by_hand", "conv1x1_one", "✓ done"), ("02_by_hand", "conv1x1_loops", "○ open")])
    '1 of 2 done.'
    """
    return f"{sum(row[2] == SIGNS[CORRECT] for row in body)} of {len(body)} done."
