"""What earns marks: a verdict that the referee wrote for one cell of one submission in one run. Nothing else does.

Outputs are for reading: they may be cut off, left out or made up, and `decide` does not look at them. Verdicts lie in
the notebook's metadata, which is the lesson's own when a submission goes to the referee, and which the grading process
takes from the referee alone.
"""

import hashlib
import json
from copy import deepcopy
from dataclasses import dataclass

import nbformat
from nbformat.v4.rwbase import split_lines, strip_transient

from course_utils.checking.outcome import CORRECT, UNCHECKED, WRONG

PLACE = "verdicts"  # in the notebook's metadata
PASSED, FAILED, WAITS = "passed", "failed", "waits"  # what a check decided; WAITS: neither right nor wrong
LINE_MAX = 1_000  # characters of what kept a check from its end, in tables, pages and mails
NOT_RUN = "NotRun"  # the name of the error in a cell that was left out, or that did not end
STOPPED, BY_HAND = "stopped", "marked by hand"  # outcomes besides those of a check
FELL = "not graded: the process that checks it was ended, so 0 marks; look at the code, then grade it again"
MISSING = "no verdict of the check is known for this submission, so 0 marks; grade it again"


@dataclass(frozen=True)
class Decision:
    """What a graded cell earns: `marks` is None where a person has to say."""

    marks: float | None
    points: float
    outcome: str
    code: str | None = None  # the misconception, where it was named
    message: str = ""
    trace: tuple = ()
    is_known: bool = True  # False where no verdict was found


def new(run, nb):
    """A record without a verdict: of this run, for this notebook."""
    return {"run": run, "submission": submission_of(nb), "cells": {}, "cut_short": []}


def put(record, cell, succeeded, said, asks=False, error="", look=False):
    """Write the verdict on a check cell: whether it ran to its end, and what its checks said.

    A cell that `asks` for a check passes only if the one of its own exercise has answered; with `look` a person is to
    say whether a right answer counts.
    """
    answered = any(one["exercise"] == exercise_of(cell) for one in said)
    right = succeeded and all(one["outcome"] in (CORRECT, UNCHECKED) for one in said) and (answered or not asks)
    waits = right and (look or any(one["outcome"] == UNCHECKED for one in said))
    verdict = WAITS if waits else PASSED if right else FAILED
    entry = {"seal": seal(record, cell), "verdict": verdict, "said": said, "error": str(error)[:LINE_MAX]}
    record["cells"][cell.metadata.nbgrader.grade_id] = entry


def decide(cell, record):
    """What a graded cell earns, by the record of the notebook that it is in. The one place where marks are made.

    A cell that a person marks has no marks of its own, or 0 if nothing was written into it.
    """
    points = float(cell.metadata.nbgrader["points"])
    if not is_check(cell):
        return Decision(0.0 if _is_blank(cell) else None, points, BY_HAND)
    entry = _entry(cell, record)
    if entry is None:
        return Decision(0.0, points, STOPPED, message=MISSING, is_known=False)
    last = next((one for one in reversed(entry["said"]) if one["exercise"] == exercise_of(cell)), {})
    told = {"code": last.get("code"), "message": last.get("message", ""), "trace": tuple(last.get("trace", ()))}
    if entry["verdict"] == WAITS:
        return Decision(None, points, UNCHECKED, **told)
    if entry["verdict"] == PASSED:
        return Decision(points, points, CORRECT, **told)
    if last and last["outcome"] != CORRECT:
        return Decision(0.0, points, last["outcome"], **told)
    return Decision(0.0, points, STOPPED if entry["error"] else WRONG, message=entry["error"])


def exercise_of(cell):
    """The exercise that a check cell is about."""
    return cell.metadata.nbgrader["grade_id"].removesuffix("_check")


def is_check(cell):
    """Whether a graded cell is marked by running it; a person marks the others."""
    flags = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and flags.get("grade") is True and not flags.get("solution")


def record_of(nb):
    """The record that belongs to this very notebook, or an empty one."""
    record = nb.metadata.get(PLACE)
    whole = isinstance(record, dict) and {"run", "submission", "cells", "cut_short"} <= set(record)
    return record if whole and record["submission"] == submission_of(nb) else new("", nb)


def with_private(nb, used, old=None, marks=0.0):
    """Note in the record which private cases were tried; `old` is the notebook of the last time, with its marks.

    Marks that were given with private cases are remembered until there are marks with private cases again.
    """
    before = record_of(old) if old is not None else {}
    record = nb.metadata[PLACE] | {"private": used}
    if before.get("private") and not used:
        record["before"] = {"private": before["private"], "marks": marks}
    elif before.get("before") and not used:
        record["before"] = before["before"]
    nb.metadata[PLACE] = record
    return nb


def fallen(nb):
    """The notebook without a verdict: the process that checks it was ended, each time."""
    done = deepcopy(nb)
    done.metadata[PLACE] = new("", nb) | {"fallen": FELL}
    return done


def is_of(nb, run, sent):
    """Whether a notebook that came back is the one that was sent, with the verdicts of this run."""
    record = record_of(nb)
    return record["run"] == run and record["submission"] == submission_of(sent)


def submission_of(nb):
    """A digest of a notebook as it goes to the referee: its cells and metadata, without what running it adds.

    That is verdicts and outputs, and the files beside it, which the referee has taken out.
    """
    metadata = {name: value for name, value in nb.metadata.items() if name not in (PLACE, "attachments")}
    cells = [{**cell, "outputs": []} for cell in nb.cells]
    copied = nbformat.from_dict({**nb, "metadata": metadata, "cells": cells})
    plain = strip_transient(split_lines(copied))  # as in a file
    for cell in plain.cells:
        cell.pop("outputs")
        cell.pop("execution_count", None)
    return _digest(plain)


def seal(record, cell):
    """What binds a verdict to its run, its submission and the text of its check."""
    return _digest([record["run"], record["submission"], cell.metadata.nbgrader["grade_id"], cell.source])


def _entry(cell, record):
    entry = record["cells"].get(cell.metadata.nbgrader["grade_id"])
    sealed = isinstance(entry, dict) and bool(record["run"]) and entry.get("seal") == seal(record, cell)
    return entry if sealed and entry.get("verdict") in (PASSED, FAILED, WAITS) else None


def _is_blank(cell):
    from nbgrader.utils import compute_checksum

    return "checksum" in cell.metadata.nbgrader and cell.metadata.nbgrader["checksum"] == compute_checksum(cell)


def _digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
