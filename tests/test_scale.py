"""Beyond one machine: the gradebook of a department in PostgreSQL, and a cluster whose workers may die."""

import contextlib
import dataclasses
import gc
import importlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from nbgrader import api

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.cli.parser import parse
from course_utils.grading.grade import grade_class
from course_utils.grading.marks.recorded import recorded
from course_utils.grading.run.cluster import Cluster

STUDENTS, KILLS = (int(n) for n in os.environ.get("COURSE_KILLS", "12 4").split())  # "100 50" for a long look
corpus = importlib.import_module("hostile.corpus")
programs = importlib.import_module("conftest").postgresql


@pytest.fixture(scope="module")
def database():
    """The URL of an empty database in a server that ends with the tests."""
    folder = Path(tempfile.mkdtemp(prefix="course-pg-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    other = {"user": "postgres"} if os.getuid() == 0 else {}  # the server refuses to be root
    if other:
        shutil.chown(folder, "postgres")

    def do(program, *arguments):
        done = subprocess.run(
            [programs(program), *arguments], cwd=folder, capture_output=True, text=True, timeout=400, **other
        )
        assert done.returncode == 0, done.stderr
        return done

    do("initdb", "--auth=trust", "--username=course", "--no-sync", "--pgdata", str(folder / "data"))
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    log = str(folder / "log")
    do("pg_ctl", "start", "--wait", "--silent", "--pgdata", str(folder / "data"), "--log", log, "--options", options)
    do("createdb", "--host=127.0.0.1", f"--port={port}", "--username=course", "grades")
    yield f"postgresql+psycopg://course@127.0.0.1:{port}/grades"
    do("pg_ctl", "stop", "--mode=immediate", "--pgdata", str(folder / "data"))
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_gradebook_in_postgresql_keeps_what_one_in_sqlite_keeps(database, tmp_path):
    world = corpus.World(tmp_path)
    for student, kind in {"ada": "right", "bob": "averaged", "eve": "nothing"}.items():
        corpus.hand_in(world, student, kind)
    here = grade_class(world.room)
    room = dataclasses.replace(world.room, db=of_the_guide("--db")["db"] and database)
    there = grade_class(room)
    assert there == here == recorded(room)
    with api.Gradebook(database, "one_by_one") as book:
        book.find_grade("mix_pixel_check", corpus.LESSON, corpus.LESSON, "bob").manual_score = 2
        book.db.commit()
    again = {one.student: one.marks for one in grade_class(room, ["bob"])}
    assert again == {"bob": next(one.marks for one in here if one.student == "bob") + 2}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("grades.db", "Could not parse"),
        ("nonsense://here", "nonsense"),
        ("postgresql+psycopg://ada:secret@127.0.0.1:1/grades", "127.0.0.1"),
    ],
)
def test_a_gradebook_that_cannot_be_opened_is_one_sentence_without_a_password(url, reason, tmp_path):
    world = corpus.World(tmp_path)
    corpus.hand_in(world, "ada", "right")
    with pytest.raises(CourseError, match=reason) as raised:
        grade_class(dataclasses.replace(world.room, db=url))
    assert "cannot be opened" in str(raised.value) and "secret" not in str(raised.value)
    assert not (world.room.folder / "grades.csv").exists()


# ---- a cluster -----------------------------------------------------------------------------------------------------


@pytest.fixture
def cluster():
    """A Dask scheduler and two worker processes on this computer: its address, and the workers."""
    pytest.importorskip("distributed", reason="Dask is not installed (extra scale)")
    from distributed import Client

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    started = []

    def start(program, *arguments):
        command = [sys.executable, "-m", "dask", program, *arguments, "--host", "127.0.0.1", "--no-dashboard"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": paths.ROOT}
        started.append(subprocess.Popen(command, start_new_session=True, **quiet))

    start("scheduler", "--port", address.rpartition(":")[2])
    for _ in range(2):
        start("worker", address, "--nthreads", "1", "--no-nanny")
    with Client(address, timeout=400) as client:
        client.wait_for_workers(2, timeout=400)
    yield address, started[1:]
    for one in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.wait()


def of_the_guide(option):
    """The arguments of the command in TEACHING.md that has this option."""
    [line] = re.findall(
        rf"^python3 course.py (.*{option} .*)$", (paths.ROOT / "TEACHING.md").read_text("utf-8"), re.MULTILINE
    )
    verb, arguments = parse(line.split())
    assert verb == "grade"
    return arguments


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_cluster_grades_as_one_computer_does_though_a_worker_is_killed(cluster, tmp_path, capsys):
    address, workers = cluster
    world = corpus.World(tmp_path)
    for i in range(12):
        corpus.hand_in(world, f"s{i:02}", ["right", "averaged", "nothing"][i % 3])

    def kill_one():
        deadline = time.monotonic() + 400
        while "3 of 12" not in seen() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(workers[0].pid, signal.SIGKILL)

    said = []

    def seen():
        said.append(capsys.readouterr().out)
        return "".join(said)

    killer = threading.Thread(target=kill_one)
    killer.start()
    how = of_the_guide("--scheduler")
    there = grade_class(world.room, jobs=how["jobs"], sandbox=how["sandbox"], scheduler=how["scheduler"] and address)
    killer.join()
    assert workers[0].wait(100) and workers[1].poll() is None
    shutil.rmtree(world.room.folder / "store")
    assert there == grade_class(world.room)
    assert all(one.graded for one in there)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:1", "no Dask scheduler answers at"),
        ("nowhere", "missing port number"),
        ("tcp://127.0.0.1:70000", "port 70000"),
        ("http://127.0.0.1:8786", "unknown address scheme"),
        ("ws://127.0.0.1:8786", "neither tcp nor tls"),
        ("tls://127.0.0.1:8786", "has to name certificates"),
    ],
)
def test_a_scheduler_that_does_not_answer_is_one_sentence(address, said, monkeypatch, recwarn):
    pytest.importorskip("distributed", reason="Dask is not installed (extra scale)")
    monkeypatch.setattr("course_utils.grading.run.cluster.SECONDS", 0.5)
    unraisable = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    with pytest.raises(CourseError, match=said):
        Cluster(None, address)
    gc.collect()
    assert not unraisable  # a client that was given up complains when it is thrown away


# ---- interrupted ---------------------------------------------------------------------------------------------------

GRADE = """
import sys
from pathlib import Path
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade_class
grade_class(Classroom(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[2], "grading")))
"""


def dump(room):
    """All marks and comments in a gradebook, and the version of its tables, as plain data."""
    with api.Gradebook(room.gradebook, "one_by_one") as book:
        version = book.db.connection().exec_driver_sql("SELECT version_num FROM alembic_version").all()
        return [tuple(row) for row in version] + sorted(
            (one.student.id, grade.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for one in book.assignment_submissions(room.lesson)
            for notebook in one.notebooks
            for grade in notebook.grades
        )


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_run_that_was_killed_goes_on_to_the_same_gradebook(tmp_path):
    def room(name):
        world = corpus.World(tmp_path / name)
        for i in range(STUDENTS):
            corpus.hand_in(world, f"s{i:03}", ["right", "averaged", "nothing"][i % 3])
        return world.room

    def run(room):
        command = [sys.executable, "-c", GRADE, room.lesson, str(room.root)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    undisturbed, killed = room("undisturbed"), room("killed")
    started = time.monotonic()
    assert run(undisturbed).wait() == 0
    whole = time.monotonic() - started
    for kill in range(KILLS):
        running = run(killed)
        time.sleep(random.Random(kill).uniform(0.1, 0.9) * whole)
        with contextlib.suppress(ProcessLookupError):  # it had ended
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        if kill % 2:  # every second time, a first run and a resumed one have both been killed
            assert run(killed).wait() == 0
            assert dump(killed) == dump(undisturbed), f"after kill {kill}"
            shutil.rmtree(killed.root)
            killed = room("killed")


@pytest.mark.slow
@pytest.mark.sandbox
def test_two_people_grade_the_same_class_at_a_time_and_nothing_breaks(tmp_path):
    world = corpus.World(tmp_path)
    for i in range(6):
        corpus.hand_in(world, f"s{i:02}", ["right", "averaged", "nothing"][i % 3])
    command = [sys.executable, "-c", GRADE, world.room.lesson, str(world.room.root)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    said = [one.communicate(timeout=900)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert all("6 of 6 graded" in text for text in said), said
    once = dump(world.room)
    grade_class(world.room)
    assert dump(world.room) == once


def test_a_dry_run_says_who_would_be_graded_and_does_nothing(tmp_path, capsys):
    from course_utils.grading.grade import plan

    world = corpus.World(tmp_path)
    corpus.hand_in(world, "ada", "right")
    path = world.room.submission("bob") / f"{corpus.LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("no notebook")
    before = sorted(world.room.folder.rglob("*"))
    plan(corpus.LESSON, root=tmp_path)
    said = capsys.readouterr().out
    assert "ada: to be run" in said and "bob: to be run\n  ! could not be read" in said and "2 of 2" in said
    assert sorted(world.room.folder.rglob("*")) == before
