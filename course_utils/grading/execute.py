"""Run a notebook in a kernel of its own, in a folder of its own, with an end to everything."""

import os
import shutil
import subprocess
import tempfile
import time
from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade

from course_utils.authoring.release import extras

NOT_RUN = "NotRun"  # the name of the error in a cell that was left out
CELL_SECONDS = 30
NOTEBOOK_SECONDS = 300
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
KERNEL = {"COURSE_GRADING": "1"} | dict.fromkeys(THREADS, "1")  # several kernels share the cores; no progress is kept


class Runner(Execute):
    """nbgrader's step that runs a notebook, which raises where a cell does not end or takes the kernel with it."""

    def __init__(self, left_out, deadline):
        super().__init__(interrupt_on_timeout=False, shutdown_kernel="immediate")
        self.left_out, self.deadline, self.cell = left_out, deadline, None

    def setup_kernel(self, **options):
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # the terminal is the teacher's
        return super().setup_kernel(env=os.environ | KERNEL, **silent, **options)

    def preprocess_cell(self, cell, resources, index):
        remaining = self.deadline - time.monotonic()
        reason = self.left_out.get(cell.id) or (remaining <= 0 and f"the notebook took over {NOTEBOOK_SECONDS} s")
        if reason and cell.cell_type == "code":
            error = {"ename": NOT_RUN, "evalue": reason, "traceback": [f"Not run: {reason}."]}
            cell.outputs = [nbformat.v4.new_output("error", **error)]
            return cell, resources
        self.cell = cell
        self.timeout = max(1, min(CELL_SECONDS, round(remaining)))
        return super().preprocess_cell(cell, resources, index)


    def set_widgets_metadata(self):
        """Leave the state of widgets out: no page of feedback runs them, and it takes as much room as all pictures."""


class Executor:
    """Runs notebooks, from several threads if need be, until it is told to stop."""

    def __init__(self, source):
        self.source = source  # the lesson's folder: pictures beside the lesson are there for its cells
        self.running = set()
        self.stopped = False

    def run(self, nb):
        """The notebook with the outputs of its cells.

        A cell that does not end, or kills the kernel, is left out and the rest is run again: an endless loop costs its
        own marks alone, even one that cannot be interrupted.
        """
        left_out, deadline = {}, time.monotonic() + NOTEBOOK_SECONDS
        while True:
            runner = Runner(left_out, deadline)
            self.running.add(runner)
            try:
                return without_warnings(self._attempt(runner, deepcopy(nb)))
            except (CellTimeoutError, DeadKernelError) as error:
                if runner.cell is None or self.stopped:
                    raise
                slow = isinstance(error, CellTimeoutError)
                left_out[runner.cell.id] = f"it ran over {runner.timeout} s" if slow else "it ended the kernel"
            finally:
                self.running.discard(runner)

    def stop(self):
        """Kill every kernel, so that no thread waits for one."""
        self.stopped = True
        for runner in list(self.running):
            if runner.km and runner.km.has_kernel:
                runner.km.provisioner.process.kill()

    def _attempt(self, runner, nb):
        with tempfile.TemporaryDirectory(prefix="course-") as folder:
            for path in extras(self.source):
                target = Path(folder) / path.relative_to(self.source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
            return runner.preprocess(nb, {"metadata": {"path": folder}})[0]


def without_warnings(nb):
    """Keep what a check cell wrote to stderr, under another name: nbgrader gives 0 to a right answer that warns."""
    for cell in nb.cells:
        for output in cell.get("outputs", []) if is_grade(cell) else []:
            if output.output_type == "stream":
                output.name = "stdout"
    return nb
