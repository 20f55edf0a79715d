"""Limits to all processes of a submission together: a group of the kernel's (cgroup, version 2), where one can be made.

`watch` adds memory up twice a second; a group that is over its limit ends at once. Where whoever grades was not handed
groups with limits on memory and processes, there are none: then `watch` and the limits of each process stand alone.
"""

import contextlib
import os
import time
from pathlib import Path

MOUNTS, OWN = Path("/proc/self/mountinfo"), Path("/proc/self/cgroup")
NEEDED = {"memory", "pids"}
NAME = "course"
PATIENCE = 2  # seconds that the kernel may take to forget processes that were ended


class Cgroup:
    """A group with limits, empty at first. Its maker leaves no namespace before: from there it is out of reach.

    >>> group = made(memory=1 << 30, processes=16)      # doctest: +SKIP
    >>> group.enter(); group.is_over(); group.end()     # doctest: +SKIP
    """

    def __init__(self, folder, memory, processes):
        self.folder = folder
        folder.mkdir()
        try:
            (folder / "memory.max").write_text(str(memory))
            (folder / "memory.oom.group").write_text("1")  # all of it ends, not one of its processes
            (folder / "pids.max").write_text(str(processes))
            with contextlib.suppress(OSError):  # a kernel that does not count what is swapped
                (folder / "memory.swap.max").write_text("0")
            self.door = os.open(folder / "cgroup.procs", os.O_WRONLY)
        except OSError:
            folder.rmdir()
            raise

    def enter(self):
        """Move this process in, with all that it starts from now on."""
        os.write(self.door, b"0")

    def was_used(self):
        """Whether anything ever ran in it."""
        used = dict(line.split() for line in (self.folder / "cpu.stat").read_text().splitlines())
        return used["usage_usec"] != "0"

    def is_over(self):
        """Whether it was ended for its memory."""
        events = dict(line.split() for line in (self.folder / "memory.events").read_text().splitlines())
        return events.get("oom_kill", "0") != "0"

    def end(self):
        """End all that is in it, and forget it."""
        with contextlib.suppress(OSError):  # before Linux 5.14; the end of its namespace ends them too
            (self.folder / "cgroup.kill").write_text("1")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self.folder.rmdir()
                return
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.01)


def made(memory, processes):
    """A group of at most so many bytes and processes, or None where none can be made."""
    with contextlib.suppress(OSError, ValueError):
        if above := place():
            _forget_old(above)
            return Cgroup(above / f"{NAME}-{os.getpid()}-{time.monotonic_ns()}", memory, processes)
    return None


def place():
    """The folder in which a group with these limits can be made, from this process's own upwards, or None."""
    root = _root()
    if root is None:
        return None
    own = next((line[3:] for line in OWN.read_text().splitlines() if line.startswith("0::")), "/")
    below = root / own.strip("/")
    for folder in (below, *below.parents):
        if not folder.is_relative_to(root):
            break
        given = folder / "cgroup.subtree_control"
        may = all(os.access(path, os.W_OK) for path in (folder, folder / "cgroup.procs"))
        if may and set(given.read_text().split()) >= NEEDED:
            return folder
    return None


def _root():
    """Where the groups of version 2 are shown, or None."""
    with contextlib.suppress(OSError):
        for line in MOUNTS.read_text().splitlines():
            about, _, kind = line.partition(" - ")
            if kind.startswith("cgroup2 "):
                return Path(about.split()[4])
    return None


def _forget_old(above):
    """Remove groups whose makers were ended before they could; one with processes in it cannot be removed."""
    for folder in above.glob(f"{NAME}-*-*"):
        if not os.path.exists(f"/proc/{folder.name.split('-')[1]}"):
            with contextlib.suppress(OSError):
                folder.rmdir()
