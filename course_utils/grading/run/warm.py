"""Two processes with everything imported, from which others are forked at once: one for students, one for referees.

    grade ──▶ referees ──fork──▶ a referee for each submission: runs its checks, never its code
                  │                 │ a door of its own
                  ▼                 ▼
              students ──fork──▶ a keeper for each submission ──fork──▶ a student's process, shut in;
                                                                        gone as soon as its referee lets go of `life`

The students' one knows no answers. Neither has threads or computes anything: both would not survive a fork. Nobody who
is forked keeps the door at which it was asked for: a referee can have processes for its own submission alone, and a
student's process holds one connection and nothing else.
"""

import contextlib
import gc
import importlib
import os
import signal
import socket
import sys

from course_utils.base import threads
from course_utils.base.startup import skip_address_grammar
from course_utils.grading.run import link, sandbox, shell, student, walls, watch, wire  # noqa: F401 - forked with them imported
from course_utils.grading.run.frames import Frames

PACKAGES = """numpy.random matplotlib.pyplot matplotlib_inline.backend_inline torch torch.utils._device skimage.color
    PIL.Image ipywidgets anywidget bdb IPython.core.completer IPython.core.completerlib IPython.core.crashhandler
    IPython.core.logger IPython.core.magics course_utils.base.switches course_utils.convs course_utils.cost
    course_utils.data course_utils.plots course_utils.widgets""".split()
KEPT = ("LANG", "LC_ALL", "VIRTUAL_ENV")  # of the environment; the rest may hold a teacher's secrets


def environment():
    """What the two processes, and all that are forked from them, know of the environment."""
    own = {name: os.environ[name] for name in KEPT if name in os.environ}
    fixed = {
        "COURSE_GRADING": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": "/tmp/ipython",
    }
    return own | fixed | threads.SINGLE


def main(door):
    """Import, fork the students' process, and serve referees at `door` until the other end is closed."""
    skip_address_grammar()
    for name in PACKAGES:
        importlib.import_module(name)
    walls.calls()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no child leaves a zombie
    gc.collect()
    gc.freeze()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    if os.fork() == 0:
        ours.close()
        door.close()
        sandbox.die_with_parent()
        serve(theirs, keep)
        os._exit(0)
    from course_utils.grading.run import referee

    gc.freeze()
    serve(door, lambda _, connection: referee.start(own_door(ours), connection))


def own_door(students):
    """A door for one submission alone, in place of that of the class."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    socket.send_fds(students, [b"keeper"], [theirs.fileno()])
    theirs.close()
    students.close()
    return ours


def keep(_, door):
    """Start the processes of one submission, one after the other, until its referee is gone."""
    serve(socket.socket(fileno=door), start_student, one_at_a_time=True)


def serve(door, start, one_at_a_time=False):
    """Fork a process for each message that comes, and hand it the message and what came along, but not the door."""
    while True:
        kind, fds, _, _ = socket.recv_fds(door, 10, 4)
        if not kind:
            return
        child = os.fork()
        if child == 0:
            try:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                sandbox.die_with_parent()
                door.close()
                start(kind, *fds)
            finally:
                os._exit(0)
        for fd in fds:
            os.close(fd)
        if one_at_a_time:
            os.waitpid(child, 0)


def start_student(kind, connection, life):
    """Start a student's process and end it when `life` is closed; it ends with everything that it has started."""
    shut, name = kind == b"shut in", os.getpid()
    group = sandbox.in_group() if shut else None
    if shut:
        sandbox.separate()
    child = os.fork()
    if child == 0:
        sandbox.enter(group)
        sandbox.keep_open(connection)
        connected = Frames(connection)
        start = wire.receive(connected, None)
        if shut:
            sandbox.shut_in(name)
            only_child()
        else:
            os.chdir(start["folder"])
            os.setsid()
            sandbox.die_with_parent()
        sandbox.limit(shut)
        sandbox.keep_open(connection)
        student.run(connected, {name: bytes.fromhex(content) for name, content in start["files"].items()})
        os._exit(0)
    os.close(connection)
    with contextlib.suppress(OSError):  # its referee is gone
        watch.watch(child, socket.socket(fileno=life), group)
    os.kill(child, signal.SIGKILL) if shut else os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if group:
        group.end()


def only_child():
    """Leave the first process of the sandbox to wait, as it may ignore signals; the code runs in its child."""
    child = os.fork()
    while child:
        if os.wait()[0] == child:
            os._exit(0)
    sandbox.die_with_parent()


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
