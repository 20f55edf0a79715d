"""What can be typed after `course`: the verbs, their arguments and their help."""

import argparse
import difflib
import importlib.metadata
import inspect

from course_utils.base.errors import CourseError
from course_utils.cli import teaching, verbs, writing

EPILOG = """
learners   lab        open a lesson in JupyterLab
           start      copy the lessons of an installed course into a folder
           progress   show what you have done so far
           doctor     show what is installed, and what to do about what is not
teachers   collect    sort the submissions in a download of your LMS
           drop       take a student who left out of the class
           rename     give a student's folders and marks another name
           extend     give a student more time
           grade      grade a class's submissions of a lesson
           report     the page about a class, with names or without
           feedback   pages of feedback into the form in which they go back
           export     marks into a gradebook of Canvas or a worksheet of Moodle
           similar    pairs of submissions whose code is alike
           catalogue  a draft of a mistake, from wrong answers that the catalogue does not know
           term       the page for a term: students by lessons, misconceptions that come back
           nbgrader   nbgrader itself, in the course's environment
           demo       make a class of simulated students and grade it
authors    build      make the notebooks from the lessons' text
           check      find what does not fit together in the lessons
           new        begin an exercise
           mutate     find wrong answers that a check accepts
           adopt      take edits of a notebook back into the lesson's text
           site       make pages of the lessons, to read and to play with, for a browser alone
           test       run the tests
           bench      measure how fast 1×1 convolutions, devices, widgets and grading are

`course VERB --help` explains a verb. Where `course` is not on your path, write `python3 course.py VERB`.
"""
LESSONS = ("lessons", {"nargs": "*", "metavar": "LESSON", "help": "a number or a name: 02, 02_by_hand (default: all)"})
LESSON = ("lesson", {"metavar": "LESSON", "help": "its number or its name: 02, 02_by_hand"})
DB = ("--db", {"default": "", "metavar": "URL", "help": "a gradebook elsewhere: postgresql+psycopg://user@host/name"})
VERBS = (
    {
        "lab": [
            ("lesson", LESSON[1] | {"nargs": "?"}),
            ("--teach", {"action": "store_true", "help": "with nbgrader's panels for teachers"}),
        ],
        "start": [("folder", {"nargs": "?", "default": ".", "metavar": "FOLDER", "help": "where to (default: here)"})],
        "progress": [],
        "doctor": [],
        "grade": [
            ("lessons", {"nargs": "+", "metavar": "LESSON", "help": "numbers or names: 02, or 02 03_counting_maps"}),
            ("--students", {"action": "extend", "nargs": "+", "metavar": "NAME", "help": "grade only these"}),
            (
                "--section",
                {"default": "", "metavar": "NAME", "help": "grade only this section or grader's, by the roster"},
            ),
            ("--jobs", {"type": int, "metavar": "N", "help": "how many at a time (default: one a core)"}),
            (
                "--sandbox",
                {"default": "auto", "choices": ["auto", "none"], "help": "none: run students' code unconfined"},
            ),
            ("--scheduler", {"default": "", "metavar": "tcp://HOST:PORT", "help": "run them on a Dask cluster"}),
            DB,
            ("--dry-run", {"action": "store_true", "help": "say what would be done, and do nothing"}),
        ],
        "export": [
            LESSON,
            DB,
            ("--canvas", {"metavar": "FILE", "help": "a gradebook downloaded from Canvas"}),
            ("--moodle", {"metavar": "FILE", "help": "a grading worksheet downloaded from Moodle"}),
            ("--column", {"metavar": "TITLE", "help": "the assignment or column, where it cannot be told"}),
            ("--scale", {"action": "store_true", "help": "scale marks to the points that the LMS gives"}),
            ("--skip-unmatched", {"action": "store_true", "help": "leave out students whom the file does not know"}),
            ("--out", {"metavar": "FILE", "help": "write this file"}),
        ],
        "demo": [
            ("--students", {"type": int, "default": 30, "metavar": "N", "help": "how many (default: 30)"}),
            ("--lesson", LESSON[1] | {"default": "02"}),
            ("--seed", {"type": int, "default": 0, "metavar": "N", "help": "another seed makes another class"}),
        ],
        "build": [LESSONS],
        "check": [LESSONS],
        "mutate": [
            ("words", {"nargs": "*", "metavar": "WHICH", "help": "lessons or exercises (default: all)"}),
            ("--budget", {"type": int, "metavar": "S", "help": "seconds of processor time an exercise (default: 600)"}),
            ("--jobs", {"type": int, "metavar": "N", "help": "how many processes (default: one a core)"}),
        ],
        "adopt": [LESSON],
        "bench": [
            ("form", {"choices": list(verbs.BENCHES), "help": "what to measure"}),
            ("--triton", {"metavar": "FOLDER", "help": "compile: with the Triton there too, and say what differs"}),
        ],
        "site": [
            ("--out", {"default": "site", "metavar": "FOLDER", "help": "write the pages there (default: site)"}),
            ("--live", {"action": "store_true", "help": "with notebooks that run in the browser, behind the pages"}),
            (
                "--pyodide",
                {"metavar": "FOLDER", "help": "take Python for the browser from there, not from the network"},
            ),
            ("--check", {"action": "store_true", "help": "build nothing: look over the folder that was built"}),
        ],
        "test": [],
    }
    | teaching.ARGUMENTS
    | writing.ARGUMENTS
)
PASS_ON = ("lab", "nbgrader", "test")  # what follows the first option is meant for JupyterLab, nbgrader or pytest


def parse(argv):
    """The verb and its arguments by name.

    >>> parse(["lab", "02", "--port", "9000"])
    ('lab', {'lesson': '02', 'teach': False, 'options': ['--port', '9000']})
    >>> parse(["demo", "--students", "5"])
    ('demo', {'students': 5, 'lesson': '02', 'seed': 0})
    """
    verb, *rest = argv or ["--help"]
    if not verb.startswith("-") and verb not in VERBS:
        close = difflib.get_close_matches(verb, VERBS, n=1, cutoff=0.5)
        hint = f"Did you mean {close[0]}? " if close else ""
        raise CourseError(f"no verb '{verb}'. {hint}The verbs are {', '.join(VERBS)}; `course --help` explains them.")
    if verb not in VERBS:
        _about(verb)
    options = []
    if verb in PASS_ON and not {"-h", "--help"} & set(rest[: 1 if verb == "nbgrader" else None]):
        ours = [text for text in rest if verb == "lab" and text == "--teach"]  # wherever it stands
        rest = [text for text in rest if text not in ours]
        own = 0 if verb != "lab" else next((i for i, text in enumerate(rest) if text.startswith("-")), len(rest))
        rest, options = [*ours, *rest[:own]], rest[own:]
    one = _Parser(f"course {verb}", description=inspect.getdoc(verbs.function(verb)))
    for flag, details in VERBS[verb]:
        one.add_argument(flag, **details)
    return verb, vars(one.parse_args(rest)) | ({"options": options} if verb in PASS_ON else {})


def _about(option):
    """Print what `course --help` or `course --version` asks for, and exit."""
    about = _Parser("course", "course VERB …", "A course on 1×1 convolutions, in notebooks.", EPILOG)
    about.add_argument("--version", action="version", version=importlib.metadata.version("one-by-one-course"))
    about.parse_args([option])


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, as the rest of the course does."""

    def __init__(self, *texts, **more):
        super().__init__(*texts, **more, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message):
        raise CourseError(f"{message}. `{self.prog} --help` shows what it takes.")
