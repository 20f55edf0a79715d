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
from functools import partial
from itertools import groupby
from multiprocessing.connection import Connection

import nbformat
import numpy as np

import course_utils.checking.diagnose  # noqa: F401 - once, before anybody forks
from course_utils.base import bounded
from course_utils.checking.render import VERDICT_MIME
from course_utils.exercises import catalogue
from course_utils.grading.prepare import idle, reach
from course_utils.grading.run import sandbox, verdicts
from course_utils.grading.run.inside import Checks, Inside
from course_utils.grading.run.link import Gone
from course_utils.grading.run.shell import Publisher, Shell, quiet
from course_utils.grading.run.task import Order
from course_utils.grading.run.verdicts import NOT_RUN

OUTPUTS_MAX = 10_000_000  # characters of what the student's cells of a notebook show
VALUE = 100  # characters that a value counts as: "{}, " costs whoever reads, copies and writes it 2 kB of memory
COUNT_MAX = 500  # outputs of one cell
MESSAGE_MAX = 1_000  # characters of what a check says, in tables, pages and mails
LEFT_OUT = f"Outputs were left out: the notebook shows more than {OUTPUTS_MAX:,} characters.\n"
GRACE = 60  # seconds after which a referee that has not ended by itself is ended
KINDS = ("stream", "display_data", "execute_result", "error")
catalogue()
nbformat.validate(nbformat.v4.new_notebook())  # once: what it compiles is kept


def start(students, connection):
    """Be a referee for one notebook, which comes over the connection, and goes back with outputs."""
    quiet()
    with Connection(connection) as grade:
        order = Order.decoded(grade.recv_bytes())
        task = order.task
        signal.alarm(int(task.longest) + GRACE)
        sandbox.limit_time(task.referee_seconds)
        folders = [os.path.abspath(os.path.expanduser(path)) for path in order.environment.values()]
        os.environ.update(zip(order.environment, folders, strict=True))
        walls = sandbox.shut_in_apart(folders) if task.is_shut_in else []
        nb = nbformat.reads(order.notebook, as_version=4)
        files = nb.metadata.pop("attachments", {}) | task.files  # the lesson's own before a student's of the same name
        start = {"folder": order.folder, "files": files}
        inside = Inside(students, start, task, discreet=bool(folders))
        Referee(inside).run(nb, task.imports, order.run)
        nb.metadata[verdicts.PLACE]["walls"] = [*walls, *inside.walls] if walls else []
        grade.send_bytes(json.dumps(nb, ensure_ascii=False).encode(errors="replace"))


class Referee:
    """Runs one notebook: all cells of the student's first, then the checks, each where it stands."""

    def __init__(self, inside):
        self.inside, self.shell, self.link, self.written = inside, Shell.instance(), None, 0
        self.shell.display_pub = self.heard = Heard(shell=self.shell, parent=self.shell)

    def run(self, nb, imports, run):
        """Put outputs into the cells of the notebook, and the verdicts on its checks into its metadata."""
        self.record, self.reached = verdicts.new(run, nb), nb.metadata.get("reached")
        random.seed(0)
        np.random.seed(0)
        self.shell.run(imports)
        own = dict(self.shell.user_ns)
        code = enumerate((cell for cell in nb.cells if cell.cell_type == "code"), 1)
        places = self._cells([(count, cell) for count, cell in code if not _left_out(cell)])
        self.inside.new_budget()
        for i, checks in enumerate(places):
            for count, cell in checks.cells:
                self.shell.execution_count = cell.execution_count = count
                cell.outputs = self._tried(cell, partial(self._check, cell, own, checks, places[i:]))
        self.inside.let_go()
        nb.metadata[verdicts.PLACE] = self.record | {"starved": self.inside.starved}

    def _cells(self, cells):
        """Run the student's cells; return where checks stand, and what waits for them there."""
        places, last = [], max((count for count, cell in cells if not _is_check(cell)), default=0)
        for are_checks, group in groupby(cells, lambda one: _is_check(one[1])):
            found = list(group)
            if are_checks:
                places.append(Checks(found, is_last=found[0][0] > last))
                self.inside.hold(places[-1])
                continue
            for count, cell in found:
                cell.execution_count = count
                cell.outputs = self._tried(cell, lambda cell=cell: self._fitting(self.inside.cell(cell.source)))
        return places

    def _tried(self, cell, run):
        """Outputs, or what ended them; a check that did not end has failed."""
        try:
            return run()
        except Gone as gone:
            reason = str(self.inside.over(gone))
            self.record["cut_short"].append([cell.metadata.get("nbgrader", {}).get("grade_id"), reason])
            if verdicts.is_check(cell):
                verdicts.put(self.record, cell, False, [], error=f"{NOT_RUN}: {reason}")
            return [nbformat.from_dict(_not_run(reason))]

    def _check(self, cell, own, checks, left):
        """A check, in a namespace with the lesson's imports and what the student has under the other names.

        Its outputs are the checks' own, which no student can make long, and its verdict does not depend on them.
        """
        self.link = self.inside.open(checks, left)
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
        self.link.agreed = None
        self.link.remotes.clear()  # they are gone on the other side
        if verdicts.is_check(cell):
            done = self.shell.result
            error = done.error_before_exec or done.error_in_exec
            line = f"{type(error).__name__}: {error}".splitlines()[0] if error else ""
            look = bool(self.reached) and verdicts.exercise_of(cell) in reach.BELIEVED
            asks = "check" in names_in(source)
            verdicts.put(self.record, cell, bool(done.success), self.heard.said, asks, line, look)
        return [nbformat.v4.new_output(**output) for output in outputs]

    def _fitting(self, outputs):
        """A student's outputs in the notebook's format, as many as there is room for."""
        found, is_whole = [], len(outputs) <= COUNT_MAX
        for output in outputs[:COUNT_MAX]:
            with contextlib.suppress(Exception):  # a forged one that is none
                made = nbformat.v4.new_output(**{str(name): value for name, value in output.items()})  # is validated
                text = json.dumps(made)
                size = len(text) + VALUE * bounded.measure(text.encode(), OUTPUTS_MAX // VALUE)[0]
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
            kept = ("exercise", "outcome", "code", "message", "trace")
            said = {name: data[VERDICT_MIME][name] for name in kept}
            self.said.append(said | {"message": str(said["message"])[:MESSAGE_MAX]})
        super().publish(data, metadata, **more)


def _left_out(cell):
    """Whether a cell need not be run; it says so."""
    if cell.metadata.get("idle"):
        cell.outputs = [nbformat.v4.new_output("stream", text=idle.NOTE)]
    return bool(cell.metadata.get("idle"))


def _is_check(cell):
    return cell.metadata.get("nbgrader", {}).get("locked", False) or verdicts.is_check(cell)


def _not_run(reason):
    return {"output_type": "error", "ename": NOT_RUN, "evalue": reason, "traceback": [f"Not run: {reason}."]}


def names_in(source):
    """The names that a check uses."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
