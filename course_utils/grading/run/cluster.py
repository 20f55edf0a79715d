"""Beyond one machine: notebooks are run by the workers of a Dask cluster, each with an executor of its own.

The gradebook stays here, with one writer. A worker that dies costs nothing: what it was running is run by another.
"""

import functools
import threading

import nbformat

from course_utils.base import project
from course_utils.base.errors import CourseError
from course_utils.grading.run.execute import Executor
from course_utils.grading.run.store import digest, environment
from course_utils.grading.run.task import Task

SECONDS = 10  # to wait for a scheduler's answer
TRIES = 5  # that a notebook has when workers die while they run it
lock = threading.Lock()


class Cluster:
    """Runs notebooks as `Executor` does, on the workers of the scheduler at `address`, "tcp://host:8786"."""

    def __init__(self, task, address):
        try:
            from distributed import Client
        except ImportError:
            raise CourseError(
                f"--scheduler needs Dask, which is not installed: `{project.adds('scale')}` installs it."
            ) from None
        if fault := _fault(address):  # a client of it would wait, and complain when it is thrown away
            raise CourseError(
                f"--scheduler takes the address that `dask scheduler` prints, such as tcp://10.0.0.5:8786: {fault}."
            )
        try:
            self.client = Client(address, timeout=SECONDS, set_as_default=False)
        except OSError as error:
            raise CourseError(
                f"no Dask scheduler answers at {address} ({type(error).__name__}). Start one with `dask scheduler`, "
                "and give the address that it prints."
            ) from None
        self.task, self.known = task, digest(environment())
        self.width = 2 * sum(self.client.nthreads().values())  # one runs, one waits its turn on the spot
        if not self.width:
            self.client.close()
            raise CourseError(f"the scheduler at {address} has no workers. Start some: `dask worker {address}`.")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def run(self, nb):
        """The notebook with the outputs of its cells."""
        sent = self.task.data(), self.known, nbformat.writes(nb)
        future = self.client.submit(run_here, *sent, pure=False, retries=TRIES)
        return nbformat.reads(future.result(), as_version=4)

    def stop(self):
        """Take back what no worker has begun, and leave; the cluster goes on."""
        self.client.close()


def _fault(address):
    """What is wrong with the address of a scheduler as it is written, or ""."""
    from distributed.comm import get_address_host_port
    from distributed.security import Security

    try:
        _, port = get_address_host_port(address)
    except ValueError as error:
        return str(error)
    if not 0 < port < 2**16:
        return f"there is no port {port}"
    if not address.startswith("tls://"):
        return "" if "://" not in address or address.startswith("tcp://") else f"{address} is neither tcp nor tls"
    certified = Security().get_connection_args("client").get("ssl_context")
    return "" if certified else "for tls the configuration of Dask (distributed.comm.tls) has to name certificates"


def run_here(data, known, text):
    """On a worker: run a notebook, by a task's data.

    Results count only from the same course and packages as where the marks are kept.
    """
    if digest(environment()) != known:
        raise CourseError(
            "a worker has another version of the course, of a package or of the private cases than this computer. "
            "Bring all to the same, start the workers again, then grade again."
        )
    with lock:  # a worker's threads share one
        executor = executor_for(digest(data), functools.partial(Executor, Task.of(data)))
    return nbformat.writes(executor.run(nbformat.reads(text, as_version=4)))


_made = {}


def executor_for(name, make):
    """The executor for a task; that of another lesson, graded before, is stopped."""
    if name not in _made:
        for old in list(_made):
            _made.pop(old).stop()
        _made[name] = make()
    return _made[name]
