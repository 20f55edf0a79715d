"""Marks in nbgrader's gradebook: those that `verdicts.decide` gives; what could not be checked waits for a person."""

from nbgrader.preprocessors import SaveAutoGrades

from course_utils.grading.run import verdicts


class SaveMarks(SaveAutoGrades):
    """nbgrader's step, with marks from the referee's verdicts; its own reads outputs, and takes none for full marks."""

    def preprocess(self, nb, resources):
        self.record = verdicts.record_of(nb)
        return super().preprocess(nb, resources)

    def _add_score(self, cell, resources):
        grade_id = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = verdicts.decide(cell, self.record).marks
        by_person = grade.manual_score is not None
        unchecked = verdicts.is_check(cell) and grade.auto_score is None
        grade.needs_manual_grade = not by_person if unchecked else by_person or grade.auto_score is None
        self.gradebook.db.commit()
