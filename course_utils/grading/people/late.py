"""What being late costs. nbgrader compares the time of handing in with the due date and asks here what to take off."""

import math
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float, Unicode

from course_utils.grading.people import roster

DAY = 24 * 60 * 60  # seconds


class LatePolicy(LateSubmissionPlugin):
    """A share of the marks for each day begun, after some minutes of grace, up to a cap. Set it in nbgrader_config.py:

    c.LatePolicy.per_day = 10
    c.LatePolicy.cap = 50

    Extensions in the class's roster come off the time before anything else.
    """

    per_day = Float(0.0, help="percent of the marks taken off for each day begun").tag(config=True)
    grace_minutes = Float(0.0, help="minutes late that cost nothing").tag(config=True)
    cap = Float(100.0, help="percent of the marks that are taken off at most").tag(config=True)
    roster = Unicode("", help="the file that has each person's extension").tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """The marks to take off, or None."""
        late = total_seconds_late - self._extension(student_id) * DAY
        if late <= self.grace_minutes * 60:
            return None
        if self.penalty_method == "zero":
            return score
        percent = min(self.per_day * math.ceil(late / DAY), self.cap)
        return round(score * percent / 100, 2) or None

    def _extension(self, student):
        """Days more than others have, for this lesson."""
        if not self.roster or not Path(self.roster).is_file():
            return 0.0
        people = roster.read(Path(self.roster))
        person = people.find(key=student, name=student)
        return person.days(self.parent.assignment_id) if person else 0.0
