"""Do two commits give a simulated class the same grades? `python tests/compare_grades.py OLD NEW [LESSON …]`

The class hands in what the older commit's `course demo` makes: every catalogued mistake that it has room for, right
answers and gaps. Both commits grade the same files, each in a checkout of its own with the packages of this Python, and
without the sandbox, which changes no mark. What differs is printed; the exit status is 0 where nothing does.
"""

import csv
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUDENTS = 12
COMPARED = ("marks", "points", "outcome", "misconception")  # and the message, which may be worded anew
MAKE = """
import random, sys
from pathlib import Path
from course_utils.grading.classroom import Classroom
from course_utils.grading.demo import demo
room = Classroom(sys.argv[1], Path.cwd(), Path.cwd() / "grading" / "demo")
for name, plan in demo.deal(demo.answers_of(room), int(sys.argv[2]), random.Random(0)).items():
    demo.hand_in(room, name, plan)
"""
GRADE = """
import sys
from pathlib import Path
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade_class
grade_class(Classroom(sys.argv[1], Path.cwd(), Path.cwd() / "grading" / "demo"), sandbox="none")
"""


class Checkout:
    """A commit in a folder of its own, and a Python that imports the course from there and packages from here."""

    def __init__(self, commit, folder):
        self.folder = folder / commit.replace("/", "_")
        subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, self.folder], check=True)
        subprocess.run(["git", "checkout", "--quiet", commit], cwd=self.folder, check=True)
        place = self.folder / ".venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
        packages = next(place.glob("lib/python*/site-packages"))
        (packages / "course.pth").write_text(f"{self.folder}\n{sysconfig.get_path('purelib')}\n")
        self.python = place / "bin" / "python"

    def run(self, code, *arguments):
        """Run code with this commit's course, in its folder; say what went wrong where it fails."""
        command = [self.python, "-c", code, *map(str, arguments)]
        path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"  # nbgrader starts alembic by its name
        known = {
            "PATH": path,
            "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter")),
        }  # pages are made with templates
        done = subprocess.run(command, cwd=self.folder, env=os.environ | known, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{self.folder.name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")

    def grades(self, lesson):
        """`{(student, exercise): row}` as the class's report has them."""
        self.run(GRADE, lesson)
        path = self.folder / "grading" / "demo" / "reports" / f"{lesson}.csv"
        with path.open(newline="", encoding="utf-8-sig") as file:
            return {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}


def compare(lesson, old, new):
    """Print what the two say otherwise of a class, and return how many grades differ."""
    old.run(MAKE, lesson, STUDENTS)
    submitted = Path("grading", "demo", "submitted")
    shutil.copytree(old.folder / submitted, new.folder / submitted, dirs_exist_ok=True)
    before, after = old.grades(lesson), new.grades(lesson)
    if {student for student, _ in before} != {path.name for path in (old.folder / submitted).iterdir()}:
        sys.exit(f"{lesson}: not everybody was graded, so nothing was compared.")
    differ = [
        f"  {student}, {exercise}: {column} was {was.get(column)!r}, is {now.get(column)!r}"
        for student, exercise in sorted({*before} | {*after})
        for was, now in [(before.get((student, exercise), {}), after.get((student, exercise), {}))]
        for column in COMPARED
        if was.get(column) != now.get(column)
    ]
    reworded = sum(before[key]["message"] != after[key]["message"] for key in {*before} & {*after})
    print(f"{lesson}: {len(before)} grades, {len(differ)} differences, {reworded} messages worded anew", flush=True)
    print("\n".join(differ), end="\n" if differ else "")
    return len(differ)


def main(old, new, *lessons):
    """Compare two commits on some lessons, all that both have if none is named."""
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        pair = [Checkout(commit, Path(folder)) for commit in (old, new)]
        known = [{path.name for path in one.folder.glob("solutions/*") if path.is_dir()} for one in pair]
        both = sorted(known[0] & known[1])
        chosen = [name for name in both if not lessons or name in lessons or name.partition("_")[0] in lessons]
        if not chosen:
            sys.exit(f"none of {', '.join(lessons)} is a lesson of both commits: {', '.join(both)}")
        return sum(compare(lesson, *pair) for lesson in chosen)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(bool(main(*sys.argv[1:])))
