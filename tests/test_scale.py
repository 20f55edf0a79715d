"""Beyond one machine: the gradebook of a department in PostgreSQL."""

import importlib
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from nbgrader import api

from course_utils.grading.grade import grade_class
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.recorded import recorded

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
        done = subprocess.run([programs(program), *arguments], cwd=folder, capture_output=True, text=True, timeout=60, **other)
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
def test_a_gradebook_in_postgresql_keeps_what_one_in_sqlite_keeps(database, tmp_path, monkeypatch):
    world = corpus.World(tmp_path)
    for student, kind in {"ada": "right", "bob": "averaged", "eve": "nothing"}.items():
        corpus.hand_in(world, student, kind)
    here = grade_class(world.room)
    monkeypatch.setattr(Gradebook, "url", database)
    there = grade_class(world.room)
    assert there == here == recorded(world.room)
    with api.Gradebook(database, "one_by_one") as book:
        book.find_grade("mix_pixel_check", corpus.LESSON, corpus.LESSON, "bob").manual_score = 2
        book.db.commit()
    again = {one.student: one.marks for one in grade_class(world.room, ["bob"])}
    assert again == {"bob": next(one.marks for one in here if one.student == "bob") + 2}
