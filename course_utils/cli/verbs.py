"""The verbs of the `course` command: one function each. Its docstring is the verb's help, its result the exit status.

Each imports what it needs when it runs, so that `course --help` answers at once.
"""

import importlib
import importlib.util
import os
import sys

from course_utils.base import paths, threads
from course_utils.base.errors import CourseError
from course_utils.cli import machine, teaching, writing
from course_utils.cli.start import start  # noqa: F401 - a verb too


def function(verb):
    """The function of a verb: those of a teacher's class are in `teaching`, the one that begins things in `writing`."""
    return getattr(teaching, verb, None) or getattr(writing, verb, None) or globals()[verb]


def lab(lesson, options, teach):
    """Open a lesson in JupyterLab, or the map of the course if you name none. Stop it with Ctrl-C.

    Settings, theme and open tabs are kept where your progress is, apart from those of your other JupyterLabs.

    course lab                      the map: all lessons, what you have done, what is next
    course lab 02                   lesson 02
    course lab --teach              with nbgrader's panels for teachers (Create Assignment, Formgrader)
    course lab 02 --no-browser --port 9000
                                    other options after the lesson are JupyterLab's
    """
    from course_utils.cli.lab import open_lab

    return open_lab(lesson, options, teach)


def progress():
    """Show what you have done so far: a line a lesson, what is next, and each exercise of the lessons you began.

    It comes from a file of yours, which never leaves this machine. COURSE_HOME names another folder for it.
    """
    from course_utils.checking import course_map, history

    print(course_map.as_text(course_map.lessons()), history.table(), sep="\n\n")
    return 0


def doctor():
    """Look at Python, packages, GPU, sandbox, browser, disk and folders, and say what to do about what is amiss.

    The exit status is 1 if something that the course needs does not work; a warning leaves it at 0.
    """
    from course_utils.cli.doctor import examine

    return examine()


def grade(lessons, students, section, jobs, sandbox, scheduler, db, dry_run):
    """Grade the submissions of lessons, each shut in a sandbox. Interrupt it and run it again: it goes on.

    They lie in grading/submitted/STUDENT/LESSON/LESSON.ipynb. The solutions are graded first, and must have full
    marks. Then come marks and misconceptions as a table, grading/grades.csv, and a page of feedback for each student.

    course grade 02                     the whole class
    course grade 02 03                  two lessons, one after the other
    course grade 02 --students ada bob  these two
    course grade 02 --section A         those of section A, or of the grader of that name, by grading/roster.csv
    course grade 02 --dry-run           who would be graded, and what is odd about their files
    course grade 02 --scheduler tcp://10.0.0.5:8786 --db postgresql+psycopg://teacher@db/grades
    """
    from course_utils.grading.grade import grade, people_of, plan
    from course_utils.grading.people.spreadsheet import on_screen

    if jobs is not None and jobs < 1:
        raise CourseError(f"--jobs takes a number from 1, got {jobs}. Leave it out for one job a core.")
    done, names = True, list(dict.fromkeys(map(paths.find_lesson, lessons)))  # a wrong name stops it before all else
    for lesson in names:
        try:
            chosen = people_of(lesson, section, students) if section else students
            if dry_run:
                plan(lesson, chosen, db=db, sandbox=sandbox)
            else:
                done &= grade(lesson, chosen, db=db, jobs=jobs, sandbox=sandbox, scheduler=scheduler)
        except CourseError as error:
            if len(names) == 1:
                raise
            print(f"course: {lesson}: {on_screen(str(error))}", file=sys.stderr)
            done = False
    return 0 if done else 1


def export(lesson, db, canvas, moodle, column, scale, skip_unmatched, out):
    """Put the marks of a lesson into a file that you downloaded from your LMS, for you to upload again.

    The file you downloaded stays as it is; the new one is grading/exports/LESSON_canvas.csv or LESSON_moodle.csv.
    A student whom the file does not know stops it, before anything is written.

    course export 02 --canvas ~/Downloads/grades.csv
    course export 02 --moodle ~/Downloads/worksheet.csv
    """
    from course_utils.grading.report.export import export

    export(lesson, canvas, moodle, column, scale, skip_unmatched, out, db=db)
    return 0


def demo(students, lesson, seed):
    """Make a class of simulated students with the usual misconceptions, grade it, and see whether each was named.

    Everything it writes is in grading/demo; a real class is not touched.

    course demo --students 30
    course demo --students 8 --lesson 00 --seed 1
    """
    from course_utils.grading.demo.demo import demo

    return 0 if demo(students=students, lesson=lesson, seed=seed) else 1


def build(lessons):
    """Make the notebooks of lessons from their text.

    solutions/NN/NN.py  ->  solutions/NN/NN.ipynb (for teachers)  ->  notebooks/NN/NN.ipynb (for learners)

    A notebook that holds somebody's work is named and left alone; then nothing is written.

    course build                    all lessons
    course build 02 03              these two
    """
    from course_utils.authoring.build import build

    for path in (written := build(lessons or None)):
        print(f"wrote {os.path.relpath(path)}")
    print(f"{len(written)} file{'s' * (len(written) > 1)} changed." if written else "All notebooks are up to date.")
    return 0


def check(lessons):
    """Find what does not fit together in the lessons; each line names the file to edit.

    It looks for notebooks that are not what their text builds, answers that leaked into the release, metadata that
    grading needs, headings out of order, pictures without alt text and links that lead nowhere.

    course check                    all lessons
    course check 02                 this one
    """
    from course_utils.authoring.audit import audit

    problems = audit(lessons or None)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} to put right." if problems else "All is in order.")
    return 1 if problems else 0


def adopt(lesson):
    """Take the edits made to solutions/NN/NN.ipynb in JupyterLab back into the lesson's text, then build.

    If text and notebook were both edited since the last build, nothing is written.

    course adopt 02
    """
    from course_utils.authoring.adopt import adopt

    print(f"{os.path.relpath(adopt(lesson))} now says what the notebook says. Look at it with `git diff`.")
    return 0


BENCHES = {
    "numpy": ("numpy_forms", "main"),
    "cpu": ("devices", "main", lambda: "cpu"),
    "gpu": ("devices", "main", lambda: "gpu"),
    "compile": ("compiled", "main"),
    "widgets": ("widgets", "main", machine.browser),
    "grading": ("grading", "main"),
    "growth": ("grading", "growth"),
    "live": ("live", "main", machine.browser),
}


def bench(form, triton):
    """Measure how fast things are on this machine, side by side.

    course bench numpy              loops, matmul and einsum beside the bare matrix product, on one thread
    course bench cpu                real 1×1 layers in PyTorch under the roof of this CPU (two minutes)
    course bench gpu                the same on a GPU, with our own kernel (some minutes)
    course bench compile            our kernels compiled for GPUs that are not there: what is in their code
    course bench widgets            from a key to the picture, in JupyterLab, beside `interact` with matplotlib
    course bench grading            a class graded by this course and by nbgrader as it comes (some minutes)
    course bench growth             time and memory from 30 to 1,000 submissions (half an hour)
    course bench live               the lessons that run in a browser: start, check, size (after `course site --live`)
    """
    if triton and form != "compile":
        raise CourseError(f"--triton goes with compile: `course bench compile --triton {triton}`.")
    module, function, *arguments = BENCHES[form]
    given = [triton] if triton else [make() for make in arguments]
    return getattr(importlib.import_module(f"course_utils.bench.{module}"), function)(*given)


def mutate(words, budget, jobs):
    """Change right answers in one place each, and see whether the checks refuse them.

    What a check accepts is listed: it needs a case that tells it from a right answer, or a line in the lesson's
    equivalent.py that says why it is right as well. Where an exercise's budget is used up, it says how many it tried.

    course mutate 02 tiny_net       the exercises of lesson 02, and one more
    course mutate --jobs 8          those of all lessons, in eight processes
    """
    os.environ.update(threads.SINGLE)  # the processes share the cores
    from course_utils.mutation.survey import BUDGET, named, tell

    return 1 if tell(named(words), jobs, budget or BUDGET) else 0


def site(out, live, pyodide, check):
    """Make a page of each lesson that needs nothing but a browser: no Python, no network. Its widgets still move.

    Each page is one file of under 3 MB; the fonts beside it make it look the same everywhere. Answers and checks are
    not on it. Lessons are run to make their pictures, as many at a time as there are cores. With --live the folder also
    holds the lessons without PyTorch as notebooks and a Python for the browser: put it on a web host, and nobody who
    opens it has to install anything.

    course site                     site/index.html and the lessons
    course site --out ~/public      somewhere else
    course site --live              with notebooks that run there; Pyodide is fetched once, each file by its SHA-256
    course site --live --check      look over what was built: files, hashes, sizes, answers that must not be there
    """
    if not live:
        if pyodide or check:
            raise CourseError(f"--{'check' if check else 'pyodide'} goes with --live.")
        from course_utils.site import build_site

        print(f"Open {os.path.relpath(build_site(out))} in a browser.")
        return 0
    from course_utils.live import build_live, inspect_site

    if check:
        return inspect_site(out)
    print(f"{os.path.relpath(build_live(out, pyodide))} is the front page; the folder is for a web host.")
    print(f"To look at it here: python3 -m http.server --bind 127.0.0.1 --directory {os.path.relpath(out)}")
    return 0


def test(options):
    """Run the tests; options go to pytest.

    course test                     everything, on several cores
    course test -m fast             likewise, without kernels and browser
    course test tests/test_cli.py -k unknown
    """
    if not (paths.ROOT / "tests").is_dir():
        raise CourseError("an installed course has no tests; a clone of it has: `python3 course.py test` there.")
    if importlib.util.find_spec("pytest") is None:
        raise CourseError("pytest is not installed here; `python3 course.py test` installs it and runs the tests.")
    # A module's class is graded once; the order is that of tests/conftest.py, which knows what takes minutes.
    spread = ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadscope", "--no-loadscope-reorder"]
    if "--pdb" in options or any((paths.ROOT / one.partition("::")[0]).exists() for one in options):
        spread = []  # one file or one test starts sooner alone
    return machine.hand_over([sys.executable, "-m", "pytest", *spread, *options], paths.ROOT, **threads.SINGLE)
