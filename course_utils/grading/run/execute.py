"""Run a notebook: hand it to a referee in a process of its own, and get it back with outputs.

`Executor.run` is the step that a class's results are made of: notebook in, notebook out, and no gradebook.
"""

import ast
import contextlib
import importlib.util
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.connection import Connection

import nbformat
from nbgrader.utils import is_grade, is_locked

from course_utils.authoring.release import extras
from course_utils.base.errors import CourseError
from course_utils.grading.run import sandbox, verdicts, warm
from course_utils.grading.run.task import CELL_SECONDS, NOTEBOOK_SECONDS, Order, Task
from course_utils.grading.run.verdicts import NOT_RUN

PASSED_ON = ("COURSE_PRIVATE_CASES",)  # of the environment, to referees alone
AUTO, NONE = "auto", "none"  # kinds of sandbox


def task_of(source, reference, sandbox_kind=AUTO):
    """The `Task` of a lesson: its folder, its notebook with answers, and the kind of sandbox."""
    if sandbox_kind not in (AUTO, NONE):
        raise CourseError(f"no sandbox is called '{sandbox_kind}'. Choose {AUTO}, or {NONE} to grade without.")
    files = {path.relative_to(source).as_posix(): path.read_bytes().hex() for path in extras(source)}
    return Task(files, imports(reference), sandbox_kind == AUTO, CELL_SECONDS, NOTEBOOK_SECONDS)


class Executor:
    """Runs notebooks of one lesson, from several threads if need be; use it in a `with` statement."""

    def __init__(self, task):
        reason = sandbox.probe() if task.is_shut_in else ""
        if reason:
            raise CourseError(f"no sandbox can be made here: {reason}. {sandbox.CURE}")
        if importlib.util.find_spec("torch") is None:
            raise CourseError(
                "PyTorch is not installed, and answers may use it: nobody is graded without. Try `course doctor`."
            )
        self.task, self.width = task, os.cpu_count() or 1
        self.door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", "-m", "course_utils.grading.run.warm", str(theirs.fileno())]
        given = {"env": warm.environment(), "pass_fds": [theirs.fileno()], "stdin": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, **given)
        theirs.close()
        self.lock, self.gate = threading.Lock(), Gate()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def run(self, nb):
        """The notebook with the outputs of its cells. A cell that does not end costs its own marks alone.

        If others' work kept it from ending in time, it is run again with nothing beside it. If its referee fell, it is
        run again, unless that took long; if it falls then, too, the notebook goes back without a verdict: 0 marks, and
        no earlier ones in their place.
        """
        began = time.monotonic()
        with self.gate.shared():
            done = self._tried(nb, self.task)
            if done is None and time.monotonic() - began < self.task.notebook_seconds:
                done = self._tried(nb, self.task)
        if done is not None and verdicts.record_of(done).get("starved"):
            with self.gate.exclusive():
                done = self._tried(nb, self.task.patiently())
        return verdicts.fallen(nb) if done is None else with_reasons(done)

    def _tried(self, nb, task):
        """A run; None where the referee fell by itself, and not because everybody's processes are being ended."""
        try:
            return self._run(nb, task)
        except ChildProcessError:
            if self.process.poll() is not None or self.door.fileno() < 0:
                raise
            return None

    def _run(self, nb, task):
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        run = secrets.token_hex(16)  # no verdict but of this run counts
        ours, theirs = socket.socketpair()
        with self.lock:
            socket.send_fds(self.door, [b"notebook"], [theirs.fileno()])
        theirs.close()
        with Connection(ours.detach()) as referee, tempfile.TemporaryDirectory(prefix="course-") as folder:
            try:
                referee.send_bytes(Order(task, json.dumps(nb), run, folder, environment).encoded())
                done = referee.recv_bytes()
            except (EOFError, OSError):
                raise ChildProcessError("the process that checks it was ended") from None
        found = nbformat.reads(done.decode(), as_version=4)
        if not verdicts.is_of(found, run, nb):
            raise ChildProcessError("the process that checks it answered with another notebook or run")
        return found

    def stop(self):
        """End every process, so that no thread waits for one."""
        self.door.close()
        self.process.kill()
        self.process.wait()


class Gate:
    """Lets many in, or one alone."""

    def __init__(self):
        self.changed, self.inside, self.is_kept = threading.Condition(), 0, False

    @contextlib.contextmanager
    def shared(self):
        """With others."""
        with self.changed:
            self.changed.wait_for(lambda: not self.is_kept)
            self.inside += 1
        try:
            yield
        finally:
            with self.changed:
                self.inside -= 1
                self.changed.notify_all()

    @contextlib.contextmanager
    def exclusive(self):
        """When the others have left; whoever comes waits."""
        with self.changed:
            self.changed.wait_for(lambda: not self.is_kept)
            self.is_kept = True
            self.changed.wait_for(lambda: not self.inside)
        try:
            yield
        finally:
            with self.changed:
                self.is_kept = False
                self.changed.notify_all()


def imports(reference):
    """The imports of the lesson's own cells: what its checks may use besides the students' answers."""
    found = []
    for cell in reference.cells:
        if cell.cell_type == "code" and not is_locked(cell):
            try:
                statements = ast.parse(cell.source).body
            except SyntaxError:  # a cell with magics
                continue
            found += [ast.unparse(one) for one in statements if isinstance(one, ast.Import | ast.ImportFrom)]
    used = {
        node.id
        for cell in reference.cells
        if is_locked(cell) and cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Name)
    }
    return "\n".join(dict.fromkeys(line for one in found for line in _only(one, used)))


def _only(statement, used):
    """An import, as far as one of the names is used."""
    node = ast.parse(statement).body[0]
    node.names = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in used]
    return [ast.unparse(node)] if node.names else []


def with_reasons(nb):
    """Where a check misses a name, say what kept the cell that defines it from doing so, not only what came of that."""
    stopped = []
    for cell in nb.cells:
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        if is_grade(cell):
            for output in errors:
                output.ename, output.evalue = _reason(output, stopped)
                entry = nb.metadata[verdicts.PLACE]["cells"].get(cell.metadata.nbgrader.grade_id, {})
                entry["error"] = f"{output.ename}: {output.evalue}".splitlines()[0][: verdicts.LINE_MAX]
        elif errors and errors[0].ename != NOT_RUN:
            stopped.append((cell.source, errors[0]))
    return nb


def _reason(output, stopped):
    """An error of a check, or that of the cell in which the name that it misses was to be defined."""
    missed = re.match(r"name '(\w+)' is not defined", output.evalue) if output.ename == "NameError" else None
    for source, error in reversed(stopped if missed else []):
        if re.search(
            rf"^[ \t]*(?:(?:async )?def|class)[ \t]+{missed[1]}\b|^{missed[1]}[ \t]*[:=]", source, re.MULTILINE
        ):
            name, words = error.ename[: verdicts.LINE_MAX], error.evalue[: verdicts.LINE_MAX]  # a student's own
            return name, f"{words}, in the cell that defines {missed[1]}"
    return output.ename, output.evalue
