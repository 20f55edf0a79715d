"""Watch a student's process and all that it has started: processor time, waiting for a processor, memory.

What counts against a submission is the time of its own processes, not the clock's, which other people's work slows;
standing in line behind its own processes is no excuse.
Memory that no process shows as its own (files in memory without a name, System V's) counts, too.
"""

import contextlib
import os
import select
import socket
import stat
import struct
import time
from dataclasses import dataclass, field

from course_utils.grading.run import sandbox

LOOK = 0.5  # seconds between two looks
CROWD = 8  # processes of one submission from which on it gets what processor time the others leave
PATIENCE = {b"cell": 4, b"all": 2}  # times longer than it may compute, it may sleep
TIME, ASLEEP, MEMORY, ENDED = b"time", b"asleep", b"memory", b"ended"  # why a process is gone
HELD, APART = b"held", b"apart"  # whether limits on memory and processes held all of a submission's together
CORES = len(os.sched_getaffinity(0))
TICK, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGESIZE")
UNNAMED = ("/dev/zero", "/memfd:", "/SYSV")  # what shared memory is called in a map of a process


@dataclass
class Family:
    """A process and all that it has started."""

    first: int
    seen: dict = field(default_factory=dict)  # seconds of the processor by process, also of those that are gone
    base: int = 0  # bytes that the first one had at the start, which the others share with it
    lines: dict = field(default_factory=dict)  # seconds in line for a processor, by process
    waited: float = 0.0  # of these, seconds in line behind others than themselves

    def look(self):
        """The processes by number: parent, seconds, seconds with those of children that ended, whether it would run."""
        every = dict(_processes())
        members = [self.first] if self.first in every else []
        for member in members:
            members += [one for one, (parent, *_) in every.items() if parent == member]
        self.now = {one: every[one] for one in members}
        self.seen |= {one: seconds for one, (_, seconds, *_) in self.now.items()}
        before, self.lines = self.lines, {one: _scheduled(one)[1] for one in self.now}
        if sum(would_run for *_, would_run in self.now.values()) <= CORES:
            self.waited += sum(max(0, now - before.get(one, 0)) for one, now in self.lines.items())
        return self.now

    def seconds(self):
        """Of the processor, used by all, as far as it is known of those that are gone."""
        return max(sum(self.seen.values()), sum(with_children for *_, with_children, _ in self.now.values()))

    def memory(self):
        """Bytes in use; counted page by page only where a quick look finds too many."""
        own = {one: _own(one) for one in self.now}
        self.base = self.base or own.get(self.first, 0)
        shared = _shared(self.now) + _system_v()
        quick = self.base + sum(max(0, size - self.base) for size in own.values()) + shared
        return quick if quick <= sandbox.RESIDENT else sum(map(_proportional, self.now)) + shared

    def step_back(self):
        """Let the others of the class go first."""
        for one in self.now if len(self.now) > CROWD else ():
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, one, 19)


def watch(child, life, group=None):
    """Wait until `child` has ended, may not go on, or `life` is closed; say there why, what was used and waited.

    Said, too, is whether a `Cgroup` held all of its processes, and one that ended them for their memory counts.

    Messages at `life` are `cell SECONDS` and `all SECONDS`, what may be used from now on, and `used`, a question. Who
    neither computes nor stands in line, while the other end of `life` does neither, sleeps by choice, and may do so for
    a while.
    """
    family, ended, referee = Family(child), os.pidfd_open(child), _at_the_other_end(life)
    allowed, most, awake, why, look = {}, {}, {}, b"", 0.0
    while not why:
        ready = select.select([life, ended], [], [], max(0, look - time.monotonic()))[0]
        said = life.recv(100).split() if life in ready else None
        if said == []:
            return
        if said and said[0] != b"used":
            allowed[said[0]] = float(said[1])
            continue
        family.look()
        used = family.seconds()
        slept = time.monotonic() - used - family.waited - sum(_scheduled(referee))
        most |= {name: used + seconds for name, seconds in allowed.items()}
        awake |= {name: slept + PATIENCE[name] * seconds for name, seconds in allowed.items()}
        allowed.clear()
        family.step_back()
        look = time.monotonic() + LOOK
        if group and group.is_over():
            why = MEMORY
        elif said or ended in ready:
            why = ENDED
        elif used > min(most.values(), default=used):
            why = TIME
        elif slept > min(awake.values(), default=slept):
            why = ASLEEP
        elif family.memory() > sandbox.RESIDENT:
            why = MEMORY
    held = HELD if group and group.was_used() else APART
    life.send(f"{why.decode()} {used:.2f} {family.waited:.2f} {held.decode()}".encode())


def _processes():
    """The number of every process; its parent, seconds of the processor, the same with children that ended, and
    whether it runs or would."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{name}/stat") as file:
            fields = file.read().rpartition(")")[2].split()  # a name in brackets comes before
            own, ended = (sum(map(int, fields[i : i + 2])) / TICK for i in (11, 13))
            yield int(name), (int(fields[1]), own, own + ended, fields[0] == "R")


def _at_the_other_end(life):
    """The process that made a pair of sockets and kept the other one."""
    return struct.unpack("3i", life.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))[0]


def _scheduled(process):
    """Seconds that a process computed, and that it stood in line for a processor."""
    with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{process}/schedstat") as file:
        computed, in_line, *_ = file.read().split()
        return int(computed) / 1e9, int(in_line) / 1e9
    return 0.0, 0.0


def _own(process):
    """Bytes of a process that are in no file."""
    with contextlib.suppress(OSError, ValueError), open(f"/proc/{process}/statm") as file:
        _, resident, in_files, *_ = map(int, file.read().split())
        return (resident - in_files) * PAGE
    return 0


def _proportional(process):
    """The same, where what several share counts once."""
    with contextlib.suppress(OSError, ValueError), open(f"/proc/{process}/smaps_rollup") as file:
        return sum(int(line.split()[1]) << 10 for line in file if line.startswith("Pss_Anon:"))
    return _own(process)


def _shared(processes):
    """Bytes of memory that processes hold as files without a name, each file once."""
    found = {}
    for one in processes:
        with contextlib.suppress(OSError):
            for name in os.listdir(f"/proc/{one}/fd"):
                with contextlib.suppress(OSError):
                    _note(found, os.stat(f"/proc/{one}/fd/{name}"))
        with contextlib.suppress(OSError), open(f"/proc/{one}/maps") as file:
            for line in file:
                place, _, _, device, number, *path = line.split(maxsplit=5)
                if path and path[0].startswith(UNNAMED):
                    try:
                        _note(found, os.stat(f"/proc/{one}/map_files/{place}"))
                    except OSError:  # for root alone; as much as it can be, then
                        start, end = (int(number, 16) for number in place.split("-"))
                        found.setdefault((device, number), end - start)
    return sum(found.values())


def _note(found, about):
    if stat.S_ISREG(about.st_mode) and about.st_nlink == 0:
        found[about.st_dev, about.st_ino] = about.st_blocks * 512


def _system_v():
    """Bytes of System V's memory and messages among the processes that are watched: those of our own namespace."""
    found = 0
    for name, column in (("shm", 3), ("msg", 3)):
        with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/sysvipc/{name}") as file:
            found += sum(int(line.split()[column]) for line in list(file)[1:])
    return found
