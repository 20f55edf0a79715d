"""What grading found out about one student: marks, verdicts, and notes for the teacher."""

from dataclasses import dataclass, field

import nbformat
from nbgrader.utils import is_grade, is_task

from course_utils.authoring.cells import grade_id
from course_utils.checking.outcome import CORRECT, WRONG
from course_utils.grading.marks.scoring import is_unchecked, verdicts
from course_utils.grading.run.execute import NOT_RUN

STOPPED, BY_HAND = "stopped", "marked by hand"  # outcomes besides those of a check


@dataclass(frozen=True)
class Finding:
    """One graded cell: marks, and the verdict of its check."""

    exercise: str
    marks: float
    points: float
    outcome: str
    code: str | None = None  # the misconception, where it was named
    message: str = ""


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
        return sum(one.marks for one in self.findings) - self.penalty

    @property
    def points(self):
        return sum(one.points for one in self.findings)

    @property
    def misconceptions(self):
        """The misconceptions named, with their exercises: "TRN conv1x1_loops, DWP scan_order"."""
        return ", ".join(f"{one.code} {one.exercise}" for one in self.findings if one.code)


def read(student, book):
    """The result of a student whose work is in the gradebook."""
    nb = nbformat.read(book.room.autograded(student) / f"{book.room.lesson}.ipynb", as_version=4)
    marks, penalty, waiting = book.marks(student)
    graded = {grade_id(cell): cell for cell in nb.cells if is_grade(cell) or is_task(cell)}
    findings = [finding(cell, *marks[name], name in waiting) for name, cell in graded.items()]
    notes = [*nb.metadata.get("notes", []), *cut_short(nb)]
    doubtful = book.doubtful(student)
    unmarked = [name for name in waiting if name not in doubtful]
    notes += [f"to be marked by hand: {', '.join(unmarked)}"] if unmarked else []
    for name, (given, now) in doubtful.items():
        notes.append(f"{name}: you gave {given:g}, the check now gives {now:g}; yours count until you change them")
    notes += [f"handed in late: {penalty:g} marks taken off"] if penalty else []
    return Result(student, findings, notes, penalty)


def finding(cell, marks, points, waits):
    """What a graded cell says after it was run: its check's last word, or the error that kept it from one.

    `waits` says whether a person has still to mark it.
    """
    exercise = grade_id(cell).removesuffix("_check")
    if cell.cell_type != "code" or is_task(cell) or (is_unchecked(cell) and not waits):
        return Finding(exercise, marks, points, BY_HAND)
    said = [one for one in verdicts(cell) if one.get("exercise") == exercise]
    errors = [f"{out.ename}: {out.evalue}" for out in cell.get("outputs", []) if out.output_type == "error"]
    if said and not (errors and said[-1]["outcome"] == CORRECT):
        last = said[-1]
        return Finding(exercise, marks, points, last["outcome"], last.get("code"), last.get("message", ""))
    if errors:
        return Finding(exercise, marks, points, STOPPED, message=errors[0].splitlines()[0])
    return Finding(exercise, marks, points, CORRECT if marks == points else WRONG)


def cut_short(nb):
    """In words, the cells that were not run to their end."""
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.ename == NOT_RUN:
                yield f"{grade_id(cell) or 'a cell'}: {output.evalue}"
