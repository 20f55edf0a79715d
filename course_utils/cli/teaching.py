"""The verbs of the `course` command for a class that hands in by an LMS, and their arguments; part of `verbs`."""

import os
import sys

from course_utils.base.errors import CourseError
from course_utils.cli import machine

LESSON = ("lesson", {"metavar": "LESSON", "help": "its number or its name: 02, 02_by_hand"})
STUDENT = {"metavar": "STUDENT", "help": "the name of a folder in grading/submitted"}
DB = ("--db", {"default": "", "metavar": "URL", "help": "a gradebook elsewhere: postgresql+psycopg://user@host/name"})
DRY = ("--dry-run", {"action": "store_true", "help": "say what would be done, and do nothing"})
ARGUMENTS = {
    "collect": [
        LESSON,
        ("source", {"metavar": "FILE", "help": "the zip that the LMS gave out, or a folder"}),
        *(
            (f"--{kind}", {"dest": "kind", "action": "store_const", "const": kind, "default": "", "help": what})
            for kind, what in (
                ("moodle", "it is from Moodle"),
                ("canvas", "it is from Canvas"),
                ("ilias", "it is from ILIAS"),
                ("folder", "it is STUDENT/LESSON, or LESSON/STUDENT"),
            )
        ),
        ("--roster", {"metavar": "FILE", "help": "who is in the class: a list, or the LMS's worksheet or gradebook"}),
        ("--skip-unmatched", {"action": "store_true", "help": "leave out what does not fit, and write the rest"}),
        ("--times", {"action": "store_true", "help": "take its files' times for those of handing in"}),
        DRY,
    ],
    "feedback": [
        LESSON,
        DB,
        ("--moodle-zip", {"action": "store_true", "help": "a zip for Moodle's Upload multiple feedback files"}),
        ("--canvas-zip", {"action": "store_true", "help": "a zip for Canvas's Upload Submissions"}),
        ("--exchange", {"nargs": "?", "const": "", "metavar": "FOLDER", "help": "into nbgrader's exchange"}),
        ("--mail", {"metavar": "FOLDER", "help": "a message for each student, for a mail program to send"}),
    ],
    "report": [
        ("lesson", LESSON[1] | {"nargs": "?", "default": ""}),
        ("--gains", {"action": "store_true", "help": "what the class gained from the first lesson to the last"}),
        ("--term", {"action": "store_true", "help": "all lessons on one page, as `course term` makes it"}),
        DB,
        ("--anonymous", {"action": "store_true", "help": "leave names out"}),
        ("--out", {"metavar": "FOLDER", "help": "write it there"}),
    ],
    "similar": [LESSON, ("--with", {"dest": "others", "metavar": "FOLDER", "help": "another year's submissions"})],
    "catalogue": [
        LESSON,
        ("--group", {"type": int, "required": True, "metavar": "N", "help": "a group of the class's report"}),
        DB,
    ],
    "term": [],
    "nbgrader": [],
    "drop": [("student", STUDENT), DB],
    "rename": [("old", STUDENT | {"metavar": "OLD"}), ("new", STUDENT | {"metavar": "NEW"}), DB],
    "extend": [
        ("lesson", LESSON[1] | {"help": "its number or its name, or all"}),
        ("student", STUDENT),
        ("--days", {"type": float, "required": True, "metavar": "N", "help": "how many days more than others have"}),
    ],
}


def collect(lesson, source, kind, roster, skip_unmatched, times, dry_run):
    """Sort the submissions in a download of your LMS into grading/submitted, matched to your list of students.

    It says who is matched, who is there twice, who is missing, and what does not fit; if something does not, nothing
    is written. Nobody's own work is written over. Run it again with a newer download as often as you like.

    course collect 02 submissions.zip --roster worksheet.csv
    course collect 02 submissions.zip --dry-run
    """
    from course_utils.grading.collect.collect import collect

    return 0 if collect(lesson, source, kind, roster, skip_unmatched, times, dry_run) else 1


def feedback(lesson, db, moodle_zip, canvas_zip, exchange, mail):
    """Put the pages of feedback into the form in which they go back to the students.

    It says whose page is left out, and why. Grade first; grade again after you changed marks or comments.

    course feedback 02 --moodle-zip
    course feedback 02 --exchange
    course feedback 02 --mail ~/outbox
    """
    from course_utils.grading.collect.give_back import give_back

    asked = {"moodle": moodle_zip, "canvas": canvas_zip, "mail": mail is not None, "exchange": exchange is not None}
    kinds = [kind for kind, wanted in asked.items() if wanted]
    if len(kinds) > 1:
        raise CourseError(f"one way back at a time, got {' and '.join(kinds)}. Run the command once for each.")
    return 0 if give_back(lesson, "".join(kinds), mail, exchange or "", db=db) else 1


def report(lesson, gains, term, db, anonymous, out):
    """Write the page about a class anew, from the gradebook: marks, hard exercises, misconceptions, what to look at.

    It also shows marks that you changed in formgrader. It needs nothing else and can be printed; beside it lies a
    table for a spreadsheet.

    course report 02                grading/reports/02_by_hand.html
    course report 02 --anonymous    with numbers drawn by lot for names, to be shown to others
    course report --gains           from the questions before and after the course, misconception by misconception
    course report --term            students by lessons, as `course term` writes it
    """
    asked = [name for name, wanted in (("--gains", gains), ("--term", term)) if wanted]
    if len([*asked, *filter(None, [lesson])]) > 1:
        raise CourseError(f"report: {asked[0]} is about the whole course; ask for it alone.")
    if term:
        if anonymous or out:
            raise CourseError("report: --term goes with no other option. `course report --term`")
        from course_utils.grading.report.term import make_term

        return make_term()
    if gains:
        from course_utils.grading.report.gains import make_gains

        return make_gains(anonymous, out)
    if not lesson:
        raise CourseError("report: which lesson? `course report 02`, or --gains or --term for the whole course.")
    from course_utils.grading.report.export import make_report

    make_report(lesson, anonymous, out, db=db)


def similar(lesson, others):
    """Compare the code that a class wrote, and write a page of pairs that stand out, side by side.

    Names, comments, layout and order do not matter; what the lesson gave out or many share does not count. The public
    solution is compared too. All is done on this computer. Likeness proves nothing: read, and talk to both people.

    course similar 02
    course similar 02 --with last_year/submitted
    """
    from course_utils.grading.report.alike import compare

    compare(lesson, others)
    return 0


def catalogue(lesson, group, db):
    """Write a draft of a mistake for the catalogue, from a group of wrong answers in the report on a class.

    The draft is run shut in, to see that it does what the group does. Its sentence and its code are yours to write.

    course catalogue 02 --group 3
    """
    from course_utils.grading.report.groups import catalogue_group

    return 0 if catalogue_group(lesson, group, db=db) else 1


def term():
    """Write the page for the term: students by lessons, misconceptions that come back, how the class did each time.

    It is made from grading/grades.csv, of all lessons that you have graded.

    course term                     grading/reports/term.html
    """
    from course_utils.grading.report.term import make_term

    make_term()
    return 0


def nbgrader(options):
    """Run nbgrader with the course's own Python and settings, whatever is on your path.

    course nbgrader release_assignment 02_by_hand
    course nbgrader db assignment add 02_by_hand --duedate="2030-12-01 23:59 UTC"
    """
    word = options[0] if options else ""
    if word and not word.startswith("-"):
        from nbgrader.apps.nbgraderapp import NbGraderApp

        if word not in NbGraderApp.subcommands:
            raise CourseError(f"nbgrader has no command '{word}'. It has {', '.join(sorted(NbGraderApp.subcommands))}.")
    return machine.hand_over([sys.executable, "-m", "nbgrader", *options], os.getcwd())


def drop(student, db):
    """Take a student who left out of gradebook, marks and class. Their work is moved to grading/dropped, and kept.

    course drop "Ann Lee"
    """
    from course_utils.grading.collect.members import drop

    drop(student, db=db)
    return 0


def rename(old, new, db):
    """Give a student's folders, marks and feedback another name, for instance the one by which the LMS knows them.

    course rename ann ann.lee@uni.example
    """
    from course_utils.grading.collect.members import rename

    rename(old, new, db=db)
    return 0


def extend(lesson, student, days):
    """Give a student more time than others have: for one lesson, or for all. It counts when you grade again.

    It is written into grading/roster.csv, where you can also write it yourself.

    course extend 02 "Ann Lee" --days 5
    course extend all bob --days 2
    """
    from course_utils.grading.collect.members import extend

    extend(lesson, student, days)
    return 0
