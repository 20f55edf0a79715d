"""Shut a process in: no network, no other process in sight, and a file system of what Python needs, to be read only.

Linux's namespaces do it: as root directly, as another user through a user namespace. What cannot be shut in is not
run: `probe` says why, and what to do. Behind them stand the `walls` that this computer has.
"""

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import sys
import sysconfig
from pathlib import Path

from course_utils.base import paths
from course_utils.grading.run import cgroups, walls

NEW_USER, NEW_MOUNTS, NEW_PROCESSES = 1 << 28, 1 << 17, 1 << 29
NEW_NETWORK, NEW_IPC, NEW_NAME, NEW_CGROUP = 1 << 30, 1 << 27, 1 << 26, 1 << 25
READ_ONLY, NO_SUID, NO_DEVICES, BIND, RECURSIVE, PRIVATE, DETACH = 1, 2, 4, 4096, 16384, 1 << 18, 2
AND_BELOW = 0x8000
MOUNT_SETATTR, PIVOT_ROOT, KEYCTL = 442, {"x86_64": 155, "aarch64": 41}, {"x86_64": 250, "aarch64": 219}
PARENT_DEATH_SIGNAL, DUMPABLE, DROP_CAPABILITY, NO_NEW_PRIVILEGES = 1, 4, 24, 38
FILES_MAX = 1 << 20  # numbers of open files that there can be
SYSTEM = "/usr /bin /lib /lib64 /sbin /etc/ld.so.cache /etc/localtime /etc/fonts /etc/alternatives".split()
DEVICES = ("null", "zero", "full", "random", "urandom")
HIDDEN = ("exercises", "checking", "grading", "lessons")  # folders of course_utils that know answers
SCRATCH = "/tmp/work"
DISK, SHARED, FILE = "size=128m,nr_inodes=8k,mode=1777", "size=64m,nr_inodes=1k,mode=1777", 64 << 20
MEMORY, RESIDENT, PROCESSES = 4 << 30, 3 << 30, 64  # asked for by one process, in use by all of them
CURE = (
    "Grade on Linux, as root or where users may make namespaces (`sysctl kernel.unprivileged_userns_clone=1`; on "
    "Ubuntu 24.04 `sysctl kernel.apparmor_restrict_unprivileged_userns=0`; in Docker `--privileged`). "
    "Or grade without one: `--sandbox none` lets students' code do on this computer whatever you may do."
)
libc = ctypes.CDLL(None, use_errno=True)


def probe():
    """Why no sandbox can be made here, or "" if one can; tried in a process of its own."""
    return examine()[0]


def examine():
    """What `probe` says, and the walls that a submission is behind on this computer, by name."""
    if not sys.platform.startswith("linux"):
        return f"sandboxes are made with Linux's namespaces, and this is {sys.platform}", []
    wanted, (read, write) = readable(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            group = in_group()
            separate()
            inner = os.fork()
            if inner == 0:
                together = ["cgroup"] if enter(group) else []
                standing = shut_in()
                os.write(write, "\n".join([forbidden(wanted), *standing, *together]).encode())
                os._exit(0)
            ended = os.waitpid(inner, 0)[1] >> 8
            if group:
                group.end()
            os._exit(ended)
        except BaseException as error:  # noqa: BLE001 - it is a process of its own, and must end here
            os.write(write, str(error).encode())
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read) as answer:
        reason, *standing = answer.read().split("\n")
    failed = os.waitpid(child, 0)[1]
    return reason or ("the sandbox ended at once" if failed else ""), standing


def in_group():
    """A group with a submission's limits for all of its processes together, or None."""
    return cgroups.made(RESIDENT, PROCESSES)


def enter(group):
    """Go into a group, if there is one that lets this process in; say so."""
    with contextlib.suppress(OSError):
        if group:
            group.enter()
            return True
    return False


def separate():
    """Leave the namespaces of this computer; the next process to be forked is the first in its own."""
    user, group, is_root = os.geteuid(), os.getegid(), os.geteuid() == 0
    flags = NEW_MOUNTS | NEW_PROCESSES | NEW_NETWORK | NEW_IPC | NEW_NAME | NEW_CGROUP
    _do("unshare", flags | (0 if is_root else NEW_USER))
    if not is_root:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def shut_in_apart(copied):
    """Go on as a referee in a process of its own, which may read answers and copies of a teacher's folders; wait here.

    What it is made to do by a submission that breaks it happens there: nothing can be written, reached or kept.
    """
    name = os.getpid()
    separate()
    child = os.fork()
    if child:
        os.closerange(3, FILES_MAX)
        os.waitpid(child, 0)
        os._exit(0)
    standing = shut_in(name, [], copied)
    limit(True)
    return standing


def shut_in(name=0, hidden=HIDDEN, copied=()):
    """Build the file system, go there, and give up every right; return the walls that stand around now.

    `name` makes the user one that nobody else is.
    """
    is_root = os.geteuid() == 0
    die_with_parent()
    libc.syscall(KEYCTL[os.uname().machine], 1, None)  # a ring of keys of its own, and empty
    _do("unshare", NEW_MOUNTS)  # who watches from outside keeps its own view of /proc
    _build(hidden, copied)
    if is_root:
        stranger = 200_000 + name
        os.setgroups([])
        os.setresgid(stranger, stranger, stranger)
    for capability in range(64):
        libc.prctl(DROP_CAPABILITY, capability, 0, 0, 0)
    if is_root:
        os.setresuid(stranger, stranger, stranger)
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    _do("capset", header, none)
    _do("prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _do("prctl", DUMPABLE, 0, 0, 0, 0)
    die_with_parent()  # a change of user forgets it
    os.makedirs(SCRATCH, exist_ok=True)
    os.chdir(SCRATCH)
    paths_refused = walls.refuse_paths(["/"], ["/tmp", "/dev"])
    second = {"Landlock": paths_refused, "seccomp": walls.refuse_calls()}
    return ["namespaces", *(name for name, stands in second.items() if stands)]


def limit(shut):
    """Set limits to what this process and its children can use up; processes are counted by user, so only if `shut`."""
    hard = {"RLIMIT_FSIZE": FILE, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 256, "RLIMIT_DATA": MEMORY, "RLIMIT_MSGQUEUE": 0}
    hard |= {"RLIMIT_NPROC": PROCESSES} if shut else {}
    for name, most in hard.items():
        with contextlib.suppress(ValueError):
            resource.setrlimit(getattr(resource, name), (most, most))


def limit_time(seconds):
    """End this process when it has computed for so long; each that it starts from now on has as much for itself."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))  # at the higher of the two nobody can ignore the signal


def keep_open(connection):
    """Close every file and socket but this one and 0, 1 and 2."""
    os.closerange(3, connection)
    os.closerange(connection + 1, FILES_MAX)


def die_with_parent():
    libc.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def readable():
    """What a student's code may read: the system, Python, its packages, and this course without its answers."""
    python = {sys.base_prefix, sys.prefix, *(sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib"))}
    wanted = [*SYSTEM, *sorted(python), str(paths.PACKAGE)]
    return [path for path in wanted if os.path.exists(path)]


def forbidden(wanted):
    """Which of these paths this process may not read, as a sentence, or "": Python may be installed for root alone."""
    closed = [path for path in wanted if not os.access(path, os.R_OK | (os.X_OK if os.path.isdir(path) else 0))]
    return f"students' code runs as nobody, who may not read {closed[0]}: `chmod -R o+rX {closed[0]}`" if closed else ""


def _build(hidden, copied):
    """A file system in memory with what may be read in it, as the new root."""
    root, is_clone = "/tmp" if os.path.isdir("/tmp") else "/mnt", paths.PACKAGE.parent == paths.ROOT
    _mount(None, "/", None, RECURSIVE | PRIVATE)
    sources = [(path, os.open(path, os.O_PATH)) for path in readable()]  # they may lie below the new root's place
    copies = [(path, os.open(path, os.O_PATH)) for path in copied if os.path.isdir(path)]
    devices = [(f"/dev/{name}", os.open(f"/dev/{name}", os.O_PATH)) for name in DEVICES]
    _mount("tmpfs", root, "tmpfs", NO_SUID, "size=1m,mode=755")
    os.mkdir(f"{root}/tmp")
    _mount("tmpfs", f"{root}/tmp", "tmpfs", NO_SUID | NO_DEVICES, DISK)  # first: the course may lie below /tmp itself
    for path, source in [*sources, *devices]:
        _bind(source, path, root)
        os.close(source)  # through a folder that is open, `..` leads out of every root
        if is_clone and paths.ROOT.is_relative_to(path):  # one in Python's own folder, beside what else is there
            _mount("tmpfs", f"{root}{paths.ROOT}", "tmpfs", NO_SUID, "size=64k")
    for path, source in copies:
        os.makedirs(f"{root}{path}", exist_ok=True)
        _mount("tmpfs", f"{root}{path}", "tmpfs", NO_SUID, DISK)
        shutil.copytree(f"/proc/self/fd/{source}", f"{root}{path}", dirs_exist_ok=True)
        for place in (Path(f"{root}{path}"), *Path(f"{root}{path}").rglob("*")):
            place.chmod(0o755)  # their owner may not be who reads them here
        os.close(source)
    for room in hidden:
        place = f"{root}{paths.PACKAGE}/{room}"
        if os.path.isdir(place):
            _mount("tmpfs", place, "tmpfs", READ_ONLY, "size=4k")
    for name in ("proc", "dev/shm"):
        os.makedirs(f"{root}/{name}", exist_ok=True)
    for options in ("subset=pid,hidepid=invisible", None):  # its own processes alone, where the kernel can do that
        with contextlib.suppress(OSError):  # not allowed inside some containers; little needs it
            _mount("proc", f"{root}/proc", "proc", NO_SUID | NO_DEVICES, options)
            break
    _set_attributes(root, AND_BELOW, READ_ONLY | NO_SUID | NO_DEVICES)
    _set_attributes(f"{root}/tmp", 0, clear=READ_ONLY)
    for path, _ in devices:
        _set_attributes(f"{root}{path}", 0, clear=NO_DEVICES)
    _mount("tmpfs", f"{root}/dev/shm", "tmpfs", NO_SUID | NO_DEVICES, SHARED)
    os.chdir(root)
    _do("syscall", PIVOT_ROOT[os.uname().machine], b".", b".")
    _do("umount2", b".", DETACH)  # the old root, which lies above the new one
    os.chdir("/")


def _bind(source, path, root):
    """Show what `source` is at `path` of the new root; links of the system stay links."""
    place = Path(root + path)
    place.parent.mkdir(parents=True, exist_ok=True)
    if os.path.isdir(f"/proc/self/fd/{source}"):
        place.mkdir(exist_ok=True)
    else:
        place.touch()
    _mount(f"/proc/self/fd/{source}", str(place), None, BIND | RECURSIVE)


def _mount(source, place, kind, flags, options=None):
    texts = [text and text.encode() for text in (source, place, kind)]
    _do("mount", *texts, ctypes.c_ulong(flags), options and options.encode())


def _set_attributes(place, how_far, make=0, clear=0):
    attributes = (ctypes.c_uint64 * 4)(make, clear, 0, 0)
    _do("syscall", MOUNT_SETATTR, -100, place.encode(), how_far, attributes, 32)


def _do(call, *arguments):
    if getattr(libc, call)(*arguments) < 0:
        number = ctypes.get_errno()
        what = f"{call}({arguments[1].decode()})" if call == "mount" else call
        raise OSError(number, f"{what}: {os.strerror(number)}")
