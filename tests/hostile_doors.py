"""The whole corpus of hostile submissions by every door, as whoever runs this and as an ordinary user, again and again:

    .venv/bin/python tests/hostile_doors.py                          # hours
    .venv/bin/python tests/hostile_doors.py --doors button --repeats 1 --only unheard forged os_exit
    .venv/bin/python tests/hostile_doors.py --handed FOLDER          # FOLDER/NAME/LESSON.ipynb beside honest ones

A door is `course grade`, the same with `--scheduler` (a cluster on this computer), or formgrader's button (a real server,
its buttons pressed). Families and cases are named as in `tests/hostile/`. What is not as it has to be is printed: marks
that nobody earned or that somebody lost, something seen or written that nobody may, two repeats that differ. The exit
status is 0 where nothing is.
"""

import argparse
import contextlib
import importlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

from course_utils.base import paths
from course_utils.base.startup import skip_address_grammar

skip_address_grammar()
hostile, corpus = importlib.import_module("hostile"), importlib.import_module("hostile.corpus")
DOORS, USERS = ("grade", "scheduler", "button"), ("whoever runs this", "an ordinary user")
LIMITS = {"CELL_SECONDS": 8, "NOTEBOOK_SECONDS": 40}  # so that loops end soon
BYSTANDERS = {"a_right": "right", "z_right": "right"}


def main(arguments=None):
    """Print what is wrong, if anything is; return an exit status."""
    asked = asked_for(arguments)
    wrong = []
    for user in asked.users:
        if user == USERS[0]:
            wrong += tried(asked)
        else:
            wrong += as_anybody(asked)
    print("\n".join(wrong) or "Nothing undeserved, nothing lost, nothing seen, nothing written.")
    return 1 if wrong else 0


def asked_for(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--doors", nargs="+", choices=DOORS, default=DOORS)
    parser.add_argument("--users", nargs="+", choices=USERS, default=USERS if os.geteuid() == 0 else USERS[:1])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=(), help="families or cases; all of them if there are none")
    parser.add_argument("--handed", type=Path, help="a folder of attacks in place of the corpus")
    return parser.parse_args(arguments)


def as_anybody(asked):
    """The same in a process of an ordinary user."""
    become = importlib.import_module("test_boundary").become_anybody
    command = [sys.executable, str(Path(__file__).resolve()), "--users", USERS[0], "--repeats", str(asked.repeats)]
    command += ["--doors", *asked.doors, *(["--only", *asked.only] if asked.only else [])]
    command += ["--handed", str(asked.handed.resolve())] if asked.handed else []
    with tempfile.TemporaryDirectory(prefix="course-") as home:
        os.chmod(home, 0o777)
        given = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": home, "TMPDIR": home, "COURSE_HOME": home}
        place = {"cwd": Path(__file__).parent, "env": given | {"PYTHONPATH": str(paths.ROOT)}}
        print(f"{USERS[1]}:", flush=True)
        done = subprocess.run(command, preexec_fn=become, check=False, **place)
    return [f"{USERS[1]}: see above"] if done.returncode else []


def tried(asked):
    """What is wrong, by door and repeat."""
    wrong, seen = [], {}
    for repeat in range(asked.repeats):
        for door in asked.doors:
            began, label = time.monotonic(), f"{door}, repeat {repeat + 1}"
            with tempfile.TemporaryDirectory(prefix="course-") as folder, limits():
                got, said = by_door(door, Path(folder), asked)
            wrong += [f"{label}: {one}" for one in said]
            for student, marks in got.items():
                if seen.setdefault(student, marks) != marks:
                    wrong.append(f"{label}: {student} had {seen[student]} before, and has {marks}")
            seconds = time.monotonic() - began
            print(f"{label}: {len(got)} submissions, {len(said)} not as they have to be, {seconds:.0f} s", flush=True)
    return wrong


def by_door(door, root, asked):
    """Marks by student, and what is wrong: with the corpus, or with attacks that were handed over."""
    if asked.handed:
        return handed(door, root, asked.handed)
    world = corpus.World(root)
    for student, kind in BYSTANDERS.items():
        corpus.hand_in(world, student, kind)
    chosen = [one for one in corpus.CASES if not asked.only or {one.name, family(one)} & set(asked.only)]
    for one in chosen:
        corpus.make(one, world)
    if door == "button":  # formgrader lists nobody without a notebook that is called as the lesson is
        name = f"{world.room.lesson}.ipynb"
        chosen = [one for one in chosen if os.path.lexists(world.room.submission(one.student) / name)]
    results = graded(door, world.room)
    wrong, got = [], {}
    expected = {one.student: one.expected() for one in chosen} | dict.fromkeys(BYSTANDERS, corpus.POINTS)
    for student, due in expected.items():
        marks = {one.exercise: one.marks for one in results[student].findings} if student in results else {}
        got[student] = {name: marks.get(name) for name in due if due[name] != corpus.EITHER}
        due = {name: points for name, points in due.items() if points != corpus.EITHER}
        allowed = {name: points if isinstance(points, tuple) else (points,) for name, points in due.items()}
        if any(got[student][name] not in allowed[name] for name in due):
            wrong.append(f"{student}: {got[student]}, expected {due}")
    return got, wrong + touched(world)


def touched(world):
    """What was written that nobody may write, or shown on a page that nobody may see."""
    wrong = ["a file of a student's outside"] if world.sentinel.exists() else []
    for page in (world.room.folder / "feedback").rglob("*.html"):
        if corpus.CANARY in page.read_text(encoding="utf-8"):
            wrong.append(f"{page.parent.parent.name}: the page shows what nobody may see")
    return wrong


def handed(door, root, folder):
    """The same with attacks on real lessons: honest ones beside have full marks, the attacks have not."""
    from course_utils.grading.classroom import Classroom

    got, wrong = {}, []
    for path in sorted(folder.glob("*/*.ipynb")):
        lesson, attack = path.stem, path.parent.name
        place = root / attack
        for name in (f"solutions/{lesson}", f"notebooks/{lesson}"):
            shutil.copytree(paths.ROOT / name, place / name)
        room = Classroom(lesson, place, place / "grading")
        for student, source in {"a_right": place / f"solutions/{lesson}/{lesson}.ipynb", attack: path}.items():
            room.submission(student).mkdir(parents=True)
            shutil.copy(source, room.submission(student) / f"{lesson}.ipynb")
        results = graded(door, room)
        for student, one in results.items():
            got[f"{attack}/{student}"] = one.marks
            if (one.marks == one.points) != (student == "a_right"):
                wrong.append(f"{attack}: {student} has {one.marks:g} of {one.points:g} {one.notes}")
    return got, wrong


def family(one):
    return one.make.__module__.rpartition(".")[2]


def graded(door, room):
    """The results of a class by student, graded by one of the doors."""
    from course_utils.grading.grade import grade_class

    if door == "button":
        return pressed(room)
    with cluster() if door == "scheduler" else contextlib.nullcontext("") as address, quiet():
        return {one.student: one for one in grade_class(room, scheduler=address)}


def pressed(room):
    """By formgrader: its server, and its button for each student."""
    school = importlib.import_module("test_formgrader").School(room.root, room)
    config = school.root / "nbgrader_config.py"
    small = "".join(f"execute.{name} = {value}\n" for name, value in LIMITS.items())
    config.write_text(f"{config.read_text()}\nfrom course_utils.grading.run import execute\n{small}")
    made = school.nbgrader("generate_assignment", room.lesson, "--force")
    assert made.returncode == 0, made.stderr
    school.serve()
    try:
        names = [name for name in room.handed_in() if "/" not in name]
        for name in names:
            with contextlib.suppress(OSError):  # a name that no address can have: it has no marks
                address = f"formgrader/api/submission/{room.lesson}/{urllib.parse.quote(name, safe='')}/autograde"
                school.press(address)
        found = {}
        for name in names:
            with contextlib.suppress(Exception):
                found[name] = school.result(name)
        return found
    finally:
        school.stop()


@contextlib.contextmanager
def cluster():
    """A scheduler and a worker on this computer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    programs = ["scheduler", "--port", address.rpartition(":")[2]], ["worker", address, "--nthreads", "2", "--no-nanny"]
    started = []
    try:
        for program in programs:
            command = [sys.executable, "-m", "dask", *program, "--host", "127.0.0.1", "--no-dashboard"]
            quietly = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tempfile.gettempdir()}
            started.append(subprocess.Popen(command, **quietly))
            time.sleep(5)
        wait_for_workers(address)
        yield address
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait(20)


def wait_for_workers(address):
    from distributed import Client

    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)


@contextlib.contextmanager
def limits():
    """Small limits, while something is tried."""
    execute = importlib.import_module("course_utils.grading.run.execute")
    kept = {name: getattr(execute, name) for name in LIMITS}
    vars(execute).update(LIMITS)
    try:
        yield
    finally:
        vars(execute).update(kept)


@contextlib.contextmanager
def quiet():
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


for name in hostile.FAMILIES:
    importlib.import_module(f"hostile.{name}")

if __name__ == "__main__":
    sys.exit(main())
