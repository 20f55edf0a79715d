"""A student's side of one notebook: the process in which its cells are run, and copies of it that wait for the checks.

    cell, cell, ─copy─ cell, ─copy─ cell …   then   copy: check   copy: check   copy: check

A copy is made where a check stands, and asked when all cells have been run: what a function learns from a check, the
teacher's own cases for instance, comes too late for anything that the notebook shows.
"""

import builtins
import contextlib
import socket
import time
from dataclasses import dataclass, field

from course_utils.checking import decisive
from course_utils.grading.run import wire
from course_utils.grading.run.frames import Frames
from course_utils.grading.run.link import OVER, Gone, Link
from course_utils.grading.run.raised import text_of
from course_utils.grading.run.watch import ASLEEP, HELD, MEMORY, PATIENCE, TIME

CELL_PATIENCE, NOTEBOOK_PATIENCE = PATIENCE[b"cell"], PATIENCE[b"all"]  # by the clock it may take so many times longer
WORDS = ("printed", "line")  # of a reply, which a student's process may fill with anything, as it may its text
KNOWN_ERRORS = {*vars(builtins), "NotInstalled", "OutOfReach", *decisive.NAMES}
STARVED = 0.1  # of the clock's time in line for a processor: the limit was not the submission's fault


@dataclass(eq=False)
class Checks:
    """Checks that stand at one place of a notebook, and the process that waits there for them."""

    cells: list = field(default_factory=list)
    is_last: bool = False  # no cell of the student's comes after: no copy is needed
    link: Link | None = None
    lost: str = ""  # why nothing can wait for them: there was no time left


@dataclass
class Clock:
    """When a notebook must have ended: later by what the referee computes, which no student can help."""

    end: float = 0.0
    last: float = field(default_factory=time.monotonic)  # when a student's process was last waited for
    waits: bool = False

    def rest(self):
        """What has passed since then."""
        now = time.monotonic()
        rest, self.last = now - self.last, now
        self.end += rest
        return rest


class Clocked(Link):
    """A link whose deadline is put off by as long as this side has not waited for the other."""

    clock: Clock

    def replies(self, request, count, passing=None):
        if self.clock.waits:  # a question amid the answer to another one
            return super().replies(request, count, passing)
        self.connection.deadline += self.clock.rest()
        self.clock.waits = True
        try:
            return super().replies(request, count, passing)
        finally:
            self.clock.last, self.clock.waits = time.monotonic(), False


class Discreet(Clocked):
    """A link whose other side has met a teacher's own cases: what it says in words is not repeated to anybody."""

    def replies(self, request, count, passing=None):
        return list(map(_without_words, super().replies(request, count, passing)))


def _without_words(reply):
    reply = {name: value for name, value in reply.items() if name not in WORDS}
    reply |= {"text": decisive.decisive(text_of(reply, "text"))} if "text" in reply else {}
    if isinstance(reply.get("error"), list):
        reply["error"] = [name for name in reply["error"] if isinstance(name, str) and name in KNOWN_ERRORS]
    return reply


class Inside:
    """The processes of one submission. One that dies is replaced by one in which the cells before are run again."""

    def __init__(self, students, start, task, discreet=False):
        self.students, self.start, self.task = students, start, task
        self.kind = Discreet if discreet else Clocked
        self.link, self.life, self.done, self.starved, self.clock = None, None, [], False, Clock()
        self.held = set()  # whether a group of the kernel's held its processes, as each one's keeper says
        self.new_budget()

    def new_budget(self):
        """From now on, as much time again for all that is to come: checks do not pay for cells."""
        self.used = 0.0
        self.clock.end = time.monotonic() + self.task.notebook_seconds * NOTEBOOK_PATIENCE * self.task.patience
        if self.life:
            self._say(f"all {self.task.notebook_seconds}")

    def cell(self, source):
        """What a cell shows."""
        self._ready()
        try:
            outputs = self.link.ask({"do": "cell", "source": source}).get("outputs", [])
        except Gone as gone:
            raise self.over(gone) from None
        self.done.append(source)
        return outputs if isinstance(outputs, list) else []

    def hold(self, checks):
        """Have a copy wait for these checks, with everything as it is now. If that fails, they wait for nothing."""
        self.done.append(checks)
        try:
            self._ready()
            if not checks.link or checks.link.gone:
                self._park(checks)
        except Gone as gone:
            why = self.over(gone)
            checks.lost = str(why) if self._spent() else ""

    def open(self, checks, left):
        """The link to where these checks wait; if it is gone, everything is run again, in the end for them alone."""
        if checks.lost:
            raise Gone(checks.lost)
        for again in (None, left, [checks]):
            if again:
                self.let_go()
                self._start(again)
            if checks.link and not checks.link.gone:
                self._limit(checks.link)
                with contextlib.suppress(Gone):
                    checks.link.ask({"do": "get", "names": []})
                    return checks.link
        raise self.over(Gone("it ended the process"))

    def _ready(self):
        """See that there is a process in which all up to here was run, and set the limits of what comes."""
        if self.link is None:
            self._start(self.done)
        self._limit(self.link)

    def _start(self, wanted):
        """Run the cells again in a new process, as far as the last of the wanted checks, with a copy for each."""
        wanted = [one for one in wanted if isinstance(one, str) or not one.lost]
        while self.link is None:
            self.link, self.life = self._student()
            self._say(f"all {max(0, self.task.notebook_seconds - self.used):.2f}")
            for one in self.done[: 1 + max((i for i, one in enumerate(self.done) if one in wanted), default=-1)]:
                self._limit(self.link)
                try:
                    if isinstance(one, str):
                        self.link.ask({"do": "cell", "source": one})
                    elif one in wanted:
                        self._park(one)
                except Gone as gone:
                    gone = self.over(gone)
                    if self._spent():
                        raise gone from None
                    wanted = [other for other in wanted if other is not one]
                    self.done = [other for other in self.done if other is not one or isinstance(one, Checks)]
                    break  # it ended the process this time: do without it

    def _park(self, checks):
        if checks.is_last:
            checks.link = self.link
            return
        ours, theirs = socket.socketpair()
        with ours, theirs:
            alone = len(checks.cells) == 1
            self.link.ask({"do": "hold", "alone": alone}, passing=theirs.fileno())
            checks.link = self._new_link(ours)

    def _new_link(self, ours):
        connection = Frames(ours.detach())
        connection.deadline = self._deadline()
        link = self.kind(connection)
        link.clock = self.clock
        return link

    def _links(self):
        parked = (one.link for one in self.done if isinstance(one, Checks))
        return {link for link in (self.link, *parked) if link is not None}

    def _limit(self, link):
        self.clock.rest()
        if self._spent():
            raise Gone(f"the notebook took over {self.task.notebook_seconds} s")
        self._say(f"cell {self.task.cell_seconds}")
        link.connection.deadline = self._deadline()

    def _deadline(self):
        return min(time.monotonic() + self.task.cell_seconds * CELL_PATIENCE * self.task.patience, self.clock.end)

    def _spent(self):
        return time.monotonic() >= self.clock.end or self.used >= self.task.notebook_seconds

    def _student(self):
        ours, theirs = socket.socketpair()
        life, watched = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, watched:
            kind = b"shut in" if self.task.is_shut_in else b"in the open"
            socket.send_fds(self.students, [kind], [theirs.fileno(), watched.fileno()])
        link = self._new_link(ours)
        with contextlib.suppress(OSError):  # it is gone already: the first request will show it
            wire.send(link.connection, self.start, None)
        return link, life

    def _say(self, text):
        with contextlib.suppress(OSError):  # it is gone: whoever asks next will know
            self.life.send(text.encode())

    def let_go(self):
        """End the processes; return why they ended, if they had ended before."""
        why, waited = b"", 0.0
        if self.link is not None:
            self._say("used")
            self.life.settimeout(30)
            with contextlib.suppress(OSError, ValueError):
                why, used, waited, held = self.life.recv(100).split()
                self.used += float(used)
                self.held.add(held)
            self.life.close()
            for one in self._links():
                one.gone = one.gone or "it ended the process"
                one.connection.close()
        self.link = self.life = None
        return why, float(waited)

    @property
    def walls(self):
        """The wall around all of its processes together, if each of them was behind it."""
        return ["cgroup"] if self.held == {HELD} else []

    def over(self, gone):
        """End the processes; the reason in words, as `Gone`."""
        if self.link is None:
            return gone
        by_clock, spent = str(gone) == OVER, time.monotonic() >= self.clock.end
        why, waited = self.let_go()
        by_clock |= why == ASLEEP
        most = self.task.cell_seconds * CELL_PATIENCE * (1 if why == ASLEEP else self.task.patience)
        if why == TIME or by_clock:
            self.starved |= why not in (TIME, ASLEEP) and waited > STARVED * most
            if spent or self._spent():
                return Gone(f"the notebook took over {self.task.notebook_seconds} s")
            over = f"ran over {self.task.cell_seconds} s" if why == TIME else f"took over {most:g} s by the clock"
            return Gone(f"it {over}")
        if why == MEMORY:
            return Gone("it took over 3 GB of memory")
        return Gone("it ended the kernel" if str(gone) == "it ended the process" else str(gone))
