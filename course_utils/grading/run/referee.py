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
from course_utils.exercises import catalogue
from course_utils.grading.prepare import idle
from course_utils.grading.run import wire
from course_utils.grading.run.link import OVER, Gone, Link
from course_utils.grading.run.shell import Shell, quiet

NOT_RUN = "NotRun"  # the name of the error in a cell that was left out, or that did not end
OUTPUTS_MAX = 20_000_000  # characters of all outputs of a notebook
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
            own.run(nb, task["reference"])
        grade.send_bytes(nbformat.writes(nb).encode(errors="replace"))


class Referee:
    """Runs one notebook. A student's process that dies is replaced by one in which the cells before are run again."""

    def __init__(self, students, files, folder, sandbox, cell_seconds, notebook_seconds):
        self.students, self.files, self.folder, self.sandbox = students, files, folder, sandbox
        self.cell_seconds, self.notebook_seconds = cell_seconds, notebook_seconds
        self.end = time.monotonic() + notebook_seconds
        self.shell, self.link, self.life, self.done, self.written = Shell.instance(), None, None, [], 0

    def run(self, nb, imports):
        """Put outputs into the cells of the notebook."""
        random.seed(0)
        np.random.seed(0)
        self.shell.run(imports)
        own = dict(self.shell.user_ns)
        for count, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), 1):
            if cell.metadata.get("idle"):
                cell.outputs = [nbformat.v4.new_output("stream", text=idle.NOTE)]
                continue
            is_check = cell.metadata.get("nbgrader", {}).get("locked", False)
            try:
                self._ready()
                self.shell.execution_count = count
                outputs = self._check(cell.source, own) if is_check else self._cell(cell.source)
            except Gone as gone:
                outputs = [_not_run(self._why(gone))]
                self._let_go()
            else:
                if not is_check:
                    self.done.append(cell.source)
            cell.execution_count, cell.outputs = count, self._fitting(outputs)
        self._let_go()

    def _cell(self, source):
        outputs = self.link.ask({"do": "cell", "source": source}).get("outputs", [])
        return outputs if isinstance(outputs, list) else []

    def _check(self, source, own):
        """A check, in a namespace with the lesson's imports and what the student has under the other names."""
        space = self.shell.user_ns
        for name in [name for name in space if name not in own]:
            del space[name]
        space.update(own)
        names = sorted(_names(source) - set(own) - set(vars(builtins)))
        found = self.link.ask({"do": "get", "names": names}).get("found", {})
        space.update({name: found[name] for name in names if isinstance(found, dict) and name in found})
        outputs = self.shell.run(source)
        if self.link.gone:
            raise Gone(self.link.gone)
        self.link.ask({"do": "end"})
        self.link.kept.clear()
        self.link.remotes.clear()  # they are gone on the other side
        return outputs

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
        self.link.deadline = min(time.monotonic() + self.cell_seconds, self.end)

    def _student(self):
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        kind = b"shut in" if self.sandbox else b"in the open"
        socket.send_fds(self.students, [kind], [theirs.fileno(), read])
        theirs.close()
        os.close(read)
        connection = Connection(ours.detach())
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
        """Outputs in the notebook's format, as many as there is room for."""
        found = []
        for output in outputs:
            with contextlib.suppress(Exception):  # a forged one that is none
                made = nbformat.v4.new_output(**{str(name): value for name, value in output.items()})  # is validated
                size = len(json.dumps(made))
                self.written += size
                if self.written <= OUTPUTS_MAX and made.output_type in KINDS:
                    found.append(made)
        return found


def _not_run(reason):
    return {"output_type": "error", "ename": NOT_RUN, "evalue": reason, "traceback": [f"Not run: {reason}."]}


def _names(source):
    """The names that a check uses."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
