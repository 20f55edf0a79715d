"""Where nbgrader and formgrader find this course; nbgrader reads this file whatever the current folder is."""

import contextlib
import os
import sysconfig
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades
from traitlets.config import Config

from course_utils.authoring.release import NOT_RELEASED, STEPS, GuardedExporter
from course_utils.grading.collect.exchange import CollectAsItLies
from course_utils.grading.formgrader import KernelForOwnWork, Prepare, RunShutIn, WithoutReading
from course_utils.grading.marks.feedback import FeedbackPage, Redact
from course_utils.grading.marks.gradebook import SCORING
from course_utils.grading.people.late import LatePolicy

ROOT = Path(__file__).resolve().parent
c = globals().get("get_config", Config)()  # nbgrader provides get_config; a plain import does not

c.CourseDirectory.course_id = "one_by_one"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{(ROOT / 'grading' / 'gradebook.db').as_posix()}"
c.CourseDirectory.ignore = [*NOT_RELEASED, "feedback"]

c.GenerateAssignment.preprocessors = STEPS
c.GenerateAssignment.exporter_class = GuardedExporter

c.AssignLatePenalties.plugin_class = LatePolicy  # takes nothing off until you set c.LatePolicy.per_day
c.LatePolicy.roster = str(ROOT / "grading" / "roster.csv")

c.ExchangeFactory.collect = CollectAsItLies

c.Autograde.exporter_class = WithoutReading
c.Autograde.sanitize_preprocessors = [Prepare]
c.Autograde.autograde_preprocessors = [RunShutIn, *SCORING]  # formgrader's button: as `course grade` does
c.HTMLExporter.sanitize_html = True  # formgrader shows what students wrote to you, who are logged in

c.GenerateFeedback.preprocessors = [GetGrades, Redact, CSSHTMLHeaderPreprocessor]
c.GenerateFeedback.exporter_class = FeedbackPage

c.Execute.kernel_name = KernelForOwnWork()  # of Validate
c.Execute.timeout = 30  # seconds a cell; an endless loop is then interrupted and the rest graded

os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", "")  # it calls `alembic`
with contextlib.suppress(OSError):  # SQLite does not make the folder, and nbgrader then asks for a "db upgrade"
    (ROOT / "grading").mkdir(exist_ok=True)
