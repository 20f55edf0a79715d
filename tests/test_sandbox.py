"""The sandbox by itself: what a process in it sees, writes and reaches."""

import os
import socket

import pytest

from course_utils.base import paths
from course_utils.grading.run import sandbox


@pytest.fixture
def seen(tmp_path, monkeypatch):
    """Run a function inside the sandbox, with the course in a folder below /tmp; what it returns, as text."""
    from course_utils.grading.run import sandbox

    room = tmp_path / "course_utils" / "data"
    room.mkdir(parents=True)
    (room / "known.txt").write_text("open")
    answers = tmp_path / "course_utils" / "exercises"
    answers.mkdir()
    (answers / "secret.py").write_text("answer = 42")
    (tmp_path / "solutions").mkdir()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "course_utils")

    def run(look):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                sandbox.separate()
                if os.fork() == 0:
                    sandbox.shut_in()
                    os.write(write, str(look(tmp_path)).encode())
                else:
                    os.wait()
            except BaseException as error:  # noqa: BLE001 - it is a process of its own, and must end here
                os.write(write, repr(error).encode())
            finally:
                os._exit(0)
        os.close(write)
        with os.fdopen(read) as answer:
            text = answer.read()
        os.waitpid(child, 0)
        return text

    return run


def write(path):
    try:
        path.write_text("mine")
    except OSError as error:
        return type(error).__name__
    return path.read_text()


@pytest.mark.sandbox
def test_the_course_is_there_wherever_it_lies_but_not_its_answers(seen):
    assert seen(lambda root: (root / "course_utils/data/known.txt").read_text()) == "open"
    assert seen(lambda root: sorted(os.listdir(root / "course_utils"))) == "['data', 'exercises']"
    assert seen(lambda root: os.listdir(root / "course_utils/exercises")) == "[]"
    assert seen(lambda root: (root / "solutions").exists()) == "False"


@pytest.mark.sandbox
def test_the_scratch_folder_alone_can_be_written(seen):
    assert seen(lambda root: write(paths.Path.cwd() / "mine.txt")) == "mine"
    assert seen(lambda root: write(root / "course_utils/data/known.txt")) in ("OSError", "PermissionError")
    assert seen(lambda root: write(paths.Path("/usr/mine.txt"))) in ("OSError", "PermissionError")


@pytest.mark.sandbox
def test_no_other_process_and_no_network_is_in_sight(seen):
    assert seen(lambda root: [name for name in os.listdir("/proc") if name.isdigit()] in (["1"], [])) == "True"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert seen(lambda root: socket.socket().connect_ex(("127.0.0.1", port)) != 0) == "True"


@pytest.mark.sandbox
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's submissions run as that user")
def test_a_python_for_root_alone_is_named_before_anybody_is_graded(tmp_path, monkeypatch):
    (tmp_path / "environment").mkdir(mode=0o700)
    readable = [*sandbox.readable(), str(tmp_path / "environment")]
    monkeypatch.setattr(sandbox, "readable", lambda: readable)
    assert f"may not read {tmp_path}/environment: `chmod -R o+rX " in sandbox.probe()
    (tmp_path / "environment").chmod(0o755)
    assert sandbox.probe() == ""
