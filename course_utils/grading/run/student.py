"""The process in which a student's code runs: it runs cells, and calls the functions in them, as the referee asks."""

import builtins
import contextlib
import importlib
import os
import socket
import sys
import types
import warnings

import course_utils
from course_utils.base.errors import CourseError
from course_utils.base.values import forget_numbers
from course_utils.grading.run.frames import Frames
from course_utils.grading.run.link import Link
from course_utils.grading.run.shell import Shell, own_line, quiet

ENDED = 86  # exit status of a copy that did what it was for
AS_IT_IS = ("cell", "get", "end")  # requests that run nothing on behalf of a check


class Student(Link):
    """Serves the referee until the connection is closed."""

    served = ("call", "calls", "attribute", "there", *AS_IT_IS)

    def __init__(self, connection):
        super().__init__(connection, own_line)
        self.shell, self.is_copy = Shell.instance(), False

    def main(self):
        with contextlib.suppress(EOFError, OSError):
            while True:
                request = self._receive()
                if request["do"] == "hold":
                    self._hold(request)
                elif self.is_copy or request["do"] in AS_IT_IS or self._now_a_copy():
                    self.serve(request)
                if self.is_copy and request["do"] == "end":
                    os._exit(ENDED)

    def _now_a_copy(self):
        """A check has a copy of this process to itself: what it leaves there is not seen by the cells that follow."""
        copy = os.fork()
        self.is_copy = not copy
        if copy:
            if os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) != ENDED:
                os._exit(1)
            self.kept.clear()
        return self.is_copy

    def _do_call(self, request):
        forget_numbers()
        return super()._do_call(request)

    def _do_calls(self, request):
        """Call a function on one list of arguments after the other, and send each answer before it can change."""
        *first, last = [{"number": request["number"], "args": args, "named": {}} for args in request["lists"]]
        state = {"random_state": request["random_state"]}
        for one in first:
            self._send(self._do_call(one | state) | {"turn": request["turn"]})
            state = {"random_state": None}
        return self._do_call(last | state)

    def _do_attribute(self, request):
        """The referee may look at what is the student's; nobody looks at what is the referee's."""
        value = getattr(self.kept[request["number"]], request["name"])
        return {"value": list(value) if hasattr(value, "__next__") else value}

    def _hold(self, request):
        """Leave a copy of this process, which waits at a connection of its own until it is asked by a check."""
        own = socket.recv_fds(self.connection.socket, 1, 1)[1][0]
        if os.fork():
            os.close(own)
            self._send({"turn": request["turn"]})
        else:
            self.connection, self.is_copy = Frames(own), request["alone"]

    def _do_end(self, request):
        self.kept.clear()
        return {}

    def _do_cell(self, request):
        _usual_warnings()
        return {"outputs": self.shell.run(request["source"])}

    def _do_get(self, request):
        found = self.shell.user_ns
        return {"found": {name: found[name] for name in request["names"] if name in found}}

    def _do_there(self, request):
        module = importlib.import_module(request["module"])  # in this process alone: the student may have changed it
        return {"value": getattr(module, request["function"])(*request["args"])}


def run(connection, files):
    """Be the student's process; `files` lie beside the notebook, `{name: content}`."""
    quiet()
    stand_in()
    for name, content in files.items():
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "wb") as file:
            file.write(content)
    os.environ.update(HOME=os.getcwd(), TMPDIR=os.getcwd())
    sys.path.insert(0, os.getcwd())  # as in Jupyter: modules beside the notebook are a student's own
    sys.argv, sys.stdin = ["ipython"], open(os.devnull)
    builtins.input = _no_input
    sys.modules["__main__"] = types.ModuleType("__main__")
    Student(connection).main()


def _usual_warnings():
    """Show the warnings that a notebook shows: not those of libraries about themselves, nor of files left open."""
    warnings.resetwarnings()
    for kind in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", kind)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def _no_input(*_):
    raise RuntimeError("a notebook that is graded has nobody to ask: input() is not available")


def stand_in():
    """In place of the checks and the catalogue, which know the answers, put ones that do nothing.

    Cells of a student's own may call `check`, `hint` and so on; what counts is decided elsewhere.
    """
    known = {name: nothing for name in course_utils.__all__ if name != "show"} | {"quiz": letters}
    modules = {
        "course_utils.checking": known,
        "course_utils.checking.api": known | {"reference": _not_here},
        "course_utils.exercises": dict.fromkeys(("find", "of_lesson"), _not_here) | {"Exercise": type(None)},
    }
    for name, content in modules.items():
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(content)


def nothing(*_, **__):
    """Do nothing: the checks run elsewhere."""


def letters(**chosen):
    """A quiz's answers, as they stand in the cell."""
    return chosen


def _not_here(*_):
    raise CourseError("the exercises are not available while a notebook is graded")
