"""What grading found out about one student: marks, verdicts, and notes for the teacher."""

from dataclasses import dataclass, field, replace

import nbformat
from nbgrader.utils import is_grade, is_task

from course_utils.authoring.cells import grade_id
from course_utils.checking.outcome import UNCHECKED
from course_utils.grading.run import verdicts
from course_utils.grading.run.verdicts import BY_HAND


@dataclass(frozen=True)
class Finding:
    """One graded cell: marks, and the verdict of its check."""

    exercise: str
    marks: float
    points: float
    outcome: str
    code: str | None = None  # the misconception, where it was named
    message: str = ""
    trace: tuple = ()  # what the answer did, case by case
    answer: str = ""  # its text


@dataclass
class Result:
    """One student's result; `graded` is False where grading itself failed."""

    student: str
    findings: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    penalty: float = 0.0
    graded: bool = True

    @property
    def marks(self):
        return sum(each.marks for each in self.findings) - self.penalty

    @property
    def points(self):
        return sum(each.points for each in self.findings)

    @property
    def misconceptions(self):
        """The misconceptions named, with their exercises: "TRN conv1x1_loops, DWP scan_order"."""
        return ", ".join(f"{each.code} {each.exercise}" for each in self.findings if each.code)


def read(student, book):
    """The result of a student whose work is in the gradebook."""
    nb = nbformat.read(book.room.autograded(student) / f"{book.room.lesson}.ipynb", as_version=4)
    marks, penalty, waiting = book.marks(student)
    graded = {grade_id(cell): cell for cell in nb.cells if is_grade(cell) or is_task(cell)}
    record = verdicts.record_of(nb)
    findings = [finding(cell, *marks[name], name in waiting, record) for name, cell in graded.items()]
    texts = {grade_id(cell): cell.source for cell in nb.cells if cell.cell_type == "code"}
    findings = [replace(each, answer=texts.get(each.exercise, "")) if each.trace else each for each in findings]
    notes = [*nb.metadata.get("notes", []), *cut_short(record)]
    unknown = [each.exercise for each in findings if each.message == verdicts.MISSING]
    fell = record.get("fallen", "")
    notes += [fell] if fell else [f"{', '.join(unknown)}: {verdicts.MISSING}"] if unknown else []
    before = record.get("before")
    if before:
        notes.append(
            f"{before['marks']:g} marks with the private cases {before['private']}, graded now without them: set "
            "COURSE_PRIVATE_CASES and grade again"
        )
    doubtful = book.doubtful(student)
    unmarked = [name for name in waiting if name not in doubtful]
    notes += [f"to be marked by hand: {', '.join(unmarked)}"] if unmarked else []
    for name, (given, now) in doubtful.items():
        notes.append(f"{name}: you gave {given:g}, the check now gives {now:g}; yours count until you change them")
    notes += [f"handed in late: {penalty:g} marks taken off"] if penalty else []
    return Result(student, findings, notes, penalty, graded=not fell)


def last(student, book):
    """The notebook with outputs that a student's marks are from, and the marks; None and 0 where there are none."""
    path = book.room.autograded(student) / f"{book.room.lesson}.ipynb"
    try:
        return nbformat.read(path, as_version=4), read(student, book).marks
    except Exception:  # noqa: BLE001 - none yet, or half of one
        return None, 0.0


def finding(cell, marks, points, waits, record):
    """What a graded cell says after it was run: its check's last word, or what kept it from one.

    `waits` says whether a person has still to mark it.
    """
    exercise = grade_id(cell).removesuffix("_check")
    if is_task(cell):
        return Finding(exercise, marks, points, BY_HAND)
    decision = verdicts.decide(cell, record)
    if decision.outcome == BY_HAND or (decision.outcome == UNCHECKED and not waits):
        return Finding(exercise, marks, points, BY_HAND)
    told = decision.outcome, decision.code, decision.message, decision.trace
    return Finding(exercise, marks, points, *told)


def cut_short(record):
    """In words, the cells that were not run to their end; of thousands without a name it is said once."""
    return list(dict.fromkeys(f"{name or 'a cell'}: {reason}" for name, reason in record["cut_short"]))
