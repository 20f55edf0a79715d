"""Marks of a notebook that has been run: nbgrader's, but what could not be checked waits for a person."""

from nbgrader.preprocessors import SaveAutoGrades

from course_utils.checking.outcome import UNCHECKED
from course_utils.checking.render import VERDICT_MIME


def verdicts(cell):
    """What the checks in a cell said, in order."""
    found = [output.get("data", {}).get(VERDICT_MIME) for output in cell.get("outputs", [])]
    return [one for one in found if isinstance(one, dict)]


def is_unchecked(cell):
    """Whether a check could not tell right from wrong, because a package is missing here."""
    return any(one.get("outcome") == UNCHECKED for one in verdicts(cell))


class SaveMarks(SaveAutoGrades):
    """A cell whose check could not run gets neither 0 nor full marks: formgrader shows that it is to be marked."""

    def _add_score(self, cell, resources):
        super()._add_score(cell, resources)
        if is_unchecked(cell):
            grade_id = cell.metadata.nbgrader.grade_id
            grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
            grade.auto_score, grade.needs_manual_grade = None, grade.manual_score is None
            self.gradebook.db.commit()
