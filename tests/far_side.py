"""A student's end of the wire in a thread: what grading sees of an answer, without a sandbox and without a notebook."""

import contextlib
import socket
import threading
import time

from course_utils.grading.run.frames import Frames
from course_utils.grading.run.link import Link, Remote
from course_utils.grading.run.student import Student


@contextlib.contextmanager
def two_ends():
    """The referee's end and the student's."""
    a, b = socket.socketpair()
    ours, theirs = Frames(a.detach()), Frames(b.detach())
    ours.deadline = theirs.deadline = time.monotonic() + 200
    yield ours, theirs
    ours.close()
    theirs.close()


@contextlib.contextmanager
def a_student(function, ends, kind=Link):
    """A function of a student's at the other end, as the referee has it; and the requests that came there."""
    there, requests = Student.__new__(Student), []
    Link.__init__(there, ends[1])
    there._keep(function)

    def serve():
        with contextlib.suppress(EOFError, OSError):
            while True:
                requests.append(there._receive())
                there.serve(requests[-1])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    link = kind(ends[0])
    yield Remote(link, 0, "f", False), requests
    ends[0].socket.shutdown(socket.SHUT_RDWR)
    thread.join(100)
