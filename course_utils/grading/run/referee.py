"""Run a notebook: the student's cells in a process of the student's, the lesson's checks here.

This process never runs a student's code. Where a check takes a function of the student's, it gets one that sends the
arguments over and brings the answer back, as data.
"""

import ast
import builtins
import contextlib
import json
import os
import random
import signal
import socket
import tempfile
import time
from multiprocessing.connection import Connection

import nbformat
import numpy as np

import course_utils.checking.diagnose  # noqa: F401 - once, before anybody forks
from course_utils.checking.render import VERDICT_MIME
from course_utils.exercises import catalogue
from course_utils.grading.prepare import idle
from course_utils.grading.run import verdicts, wire
from course_utils.grading.run.frames import Frames
from course_utils.grading.run.link import OVER, Gone, Link
from course_utils.grading.run.shell import Publisher, Shell, quiet
from course_utils.grading.run.verdicts import NOT_RUN

OUTPUTS_MAX = 10_000_000  # characters of what the student's cells of a notebook show
COUNT_MAX = 500  # outputs of one cell
LEFT_OUT = f"Outputs were left out: the notebook shows more than {OUTPUTS_MAX:,} characters.\n"
GRACE = 60  # seconds after which a referee that has not ended by itself is ended
KINDS = ("stream", "display_data", "execute_result", "error")
catalogue()
nbformat.validate(nbformat.v4.new_notebook())  # once: what it compiles is kept


def start(students, connection):
    """Be a referee for one notebook, which comes over the connection, and goes back with outputs."""
    quiet()
    with Connection(connection) as grade:
        task = json.loads(grade.recv_bytes())
        signal.alarm(int(task["limits"][1]) + GRACE)
        os.environ.update(task["environment"])
        nb = nbformat.reads(task["notebook"], as_version=4)
        files = nb.metadata.pop("beside", {}) | task["files"]  # the lesson's own before a student's of the same name
        with tempfile.TemporaryDirectory(prefix="course-") as folder:
            own = Referee(students, files, folder, task["sandbox"], *task["limits"])
            own.run(nb, task["reference"], task["run"])
        grade.send_bytes(nbformat.writes(nb).encode(errors="replace"))


class Referee:
    """Runs one notebook. A student's process that dies is replaced by one in which the cells before are run again."""

    def __init__(self, students, files, folder, sandbox, cell_seconds, notebook_seconds):
        self.students, self.files, self.folder, self.sandbox = students, files, folder, sandbox
        self.cell_seconds, self.notebook_seconds = cell_seconds, notebook_seconds
        self.end = time.monotonic() + notebook_seconds
        self.shell, self.link, self.life, self.done, self.written = Shell.instance(), None, None, [], 0
        self.shell.display_pub = self.heard = Heard(shell=self.shell, parent=self.shell)

    def run(self, nb, imports, run):
        """Put outputs into the cells of the notebook, and the verdicts on its checks into its metadata."""
        record = verdicts.new(run, nb)
        random.seed(0)
        np.random.seed(0)
        self.shell.run(imports)
        own = dict(self.shell.user_ns)
        for count, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), 1):
            if cell.metadata.get("idle"):
                cell.outputs = [nbformat.v4.new_output("stream", text=idle.NOTE)]
                continue
            flags = cell.metadata.get("nbgrader", {})
            is_check = flags.get("locked", False) or verdicts.is_check(cell)
            try:
                self._ready()
                self.shell.execution_count = count
                outputs = self._check(cell, own, record) if is_check else self._fitting(self._cell(cell.source))
            except Gone as gone:
                reason = self._why(gone)
                outputs = [nbformat.from_dict(_not_run(reason))]
                record["cut_short"].append([flags.get("grade_id"), reason])
                if verdicts.is_check(cell):
                    verdicts.put(record, cell, False, [], error=f"{NOT_RUN}: {reason}")
                self._let_go()
            else:
                if not is_check:
                    self.done.append(cell.source)
            cell.execution_count, cell.outputs = count, outputs
        nb.metadata[verdicts.PLACE] = record
        self._let_go()

    def _cell(self, source):
        outputs = self.link.ask({"do": "cell", "source": source}).get("outputs", [])
        return outputs if isinstance(outputs, list) else []

    def _check(self, cell, own, record):
        """A check, in a namespace with the lesson's imports and what the student has under the other names.

        Its outputs are the checks' own, which no student can make long, and its verdict does not depend on them.
        """
        source, space = cell.source, self.shell.user_ns
        for name in [name for name in space if name not in own]:
            del space[name]
        space.update(own)
        names = sorted(names_in(source) - set(own) - set(vars(builtins)))
        found = self.link.ask({"do": "get", "names": names}).get("found", {})
        space.update({name: found[name] for name in names if isinstance(found, dict) and name in found})
        self.heard.said = []
        outputs = self.shell.run(source)
        if self.link.gone:
            raise Gone(self.link.gone)
        self.link.ask({"do": "end"})
        self.link.kept.clear()
        self.link.remotes.clear()  # they are gone on the other side
        if verdicts.is_check(cell):
            done = self.shell.result
            error = done.error_before_exec or done.error_in_exec
            line = f"{type(error).__name__}: {error}".splitlines()[0] if error else ""
            verdicts.put(record, cell, bool(done.success), self.heard.said, "check" in names_in(source), line)
        return [nbformat.v4.new_output(**output) for output in outputs]

    def _ready(self):
        """See that there is a student's process in which all cells up to here were run, and a time limit."""
        while self.link is None:
            self.link, self.life = self._student()
            for i, source in enumerate(list(self.done)):
                self._limit()
                try:
                    self._cell(source)
                except Gone:
                    if time.monotonic() > self.end:
                        raise
                    self._let_go()
                    del self.done[i]  # it ended the process this time: do without it
                    break
        self._limit()

    def _limit(self):
        if time.monotonic() >= self.end:
            raise Gone(OVER)
        self.link.connection.deadline = min(time.monotonic() + self.cell_seconds, self.end)

    def _student(self):
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        kind = b"shut in" if self.sandbox else b"in the open"
        socket.send_fds(self.students, [kind], [theirs.fileno(), read])
        theirs.close()
        os.close(read)
        connection = Frames(ours.detach())
        connection.deadline = min(time.monotonic() + self.cell_seconds, self.end)
        wire.send(connection, {"folder": self.folder, "files": self.files}, None)
        return Link(connection), write

    def _let_go(self):
        if self.link is not None:
            os.close(self.life)
            self.link.connection.close()
        self.link = self.life = None

    def _why(self, gone):
        if str(gone) != OVER:
            return "it ended the kernel" if str(gone) == "it ended the process" else str(gone)
        if time.monotonic() >= self.end:
            return f"the notebook took over {self.notebook_seconds} s"
        return f"it ran over {self.cell_seconds} s"

    def _fitting(self, outputs):
        """A student's outputs in the notebook's format, as many as there is room for."""
        found, is_whole = [], len(outputs) <= COUNT_MAX
        for output in outputs[:COUNT_MAX]:
            with contextlib.suppress(Exception):  # a forged one that is none
                made = nbformat.v4.new_output(**{str(name): value for name, value in output.items()})  # is validated
                size = len(json.dumps(made))
                is_whole = is_whole and self.written + size <= OUTPUTS_MAX
                if self.written + size <= OUTPUTS_MAX and made.output_type in KINDS:
                    self.written += size
                    found.append(made)
        return found if is_whole else [*found, nbformat.v4.new_output("stream", text=LEFT_OUT)]


class Heard(Publisher):
    """Shows what checks show, and keeps what they decided before any limit on outputs is looked at."""

    said = []

    def publish(self, data, metadata=None, **more):
        if isinstance(data.get(VERDICT_MIME), dict):
            self.said.append({name: data[VERDICT_MIME][name] for name in ("exercise", "outcome", "code", "message")})
        super().publish(data, metadata, **more)


def _not_run(reason):
    return {"output_type": "error", "ename": NOT_RUN, "evalue": reason, "traceback": [f"Not run: {reason}."]}


def names_in(source):
    """The names that a check uses."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
