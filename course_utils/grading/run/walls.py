"""A second wall behind the namespaces of `sandbox`: calls of the kernel that no lesson needs, and paths, are refused.

Each wall is used where this computer has it, and `standing` says which those are: marks are given behind the first
wall alone, too, and every record says so.
"""

import contextlib
import ctypes
import functools
import os

REFUSED = """ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd
    keyctl add_key request_key bpf userfaultfd perf_event_open io_uring_setup io_uring_enter io_uring_register
    memfd_create memfd_secret shmget shmat shmctl shmdt semget semop semtimedop semctl msgget msgsnd msgrcv msgctl
    mq_open mq_unlink mount umount2 pivot_root chroot unshare setns fsopen fsconfig fsmount fspick open_tree move_mount
    mount_setattr open_by_handle_at name_to_handle_at fanotify_init mknod mknodat init_module finit_module delete_module
    kexec_load kexec_file_load reboot swapon swapoff acct quotactl quotactl_fd syslog settimeofday clock_settime
    clock_adjtime adjtimex sethostname setdomainname iopl ioperm modify_ldt personality lookup_dcookie nfsservctl
    vhangup move_pages migrate_pages mbind set_mempolicy set_mempolicy_home_node vmsplice
    landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp""".split()
NAMESPACES = 0x7E020000  # flags of `clone` that make one
FAMILIES = (1, 2, 10)  # of sockets: of Unix and of the internet, in a namespace that has no network
NOT_PERMITTED, NO_SUCH_CALL = 1, 38
RULESET, RULE, RESTRICT = 444, 445, 446  # Landlock's calls, with the same numbers everywhere
READ, ALL = 0b1101, 0b111111111111111  # rights to files and folders: execute, read, list; everything that version 3 has
SOCKETS, SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals beyond the sandbox
libc = ctypes.CDLL(None, use_errno=True)


@functools.cache
def calls():
    """The filter of calls, made once as every process needs it, or None where libseccomp is missing."""
    try:
        import pyseccomp as seccomp
    except Exception:  # the package, or the system's library that it looks for
        return None
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    refuse, unknown = seccomp.ERRNO(NOT_PERMITTED), seccomp.ERRNO(NO_SUCH_CALL)
    for name in REFUSED:
        with contextlib.suppress(Exception):  # a call that this library or processor does not know
            rules.add_rule(refuse, name)
    rules.add_rule(unknown, "clone3")  # its flags lie in memory; callers fall back to `clone`
    rules.add_rule(seccomp.ERRNO(0), "setsid")  # does nothing: a submission has one share of the processor, not several
    for bit in (1 << i for i in range(32) if NAMESPACES >> i & 1):
        rules.add_rule(refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, bit, bit))
    others = [family for family in range(64) if family not in FAMILIES]
    for family in others:
        rules.add_rule(refuse, "socket", seccomp.Arg(0, seccomp.EQ, family))
    rules.add_rule(refuse, "socket", seccomp.Arg(0, seccomp.GE, 64))
    return rules


def refuse_calls():
    """Put the filter around this process and all that it starts, for good; say whether it stands."""
    with contextlib.suppress(Exception):
        calls().load()
        return True
    return False


def version():
    """Which version of Landlock the kernel has, 0 for none."""
    return max(0, libc.syscall(RULESET, None, ctypes.c_size_t(0), 1))


def refuse_paths(readable, writable):
    """Let this process read and run what is below some folders, write below others, no more; say whether that holds."""
    known = version()
    if not known:
        return False
    handled = (ALL if known >= 3 else ALL >> 1 if known == 2 else ALL >> 2) | (1 << 15 if known >= 5 else 0)
    wanted = (ctypes.c_uint64 * 3)(handled, SOCKETS if known >= 4 else 0, SCOPES if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    rules = libc.syscall(RULESET, wanted, ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    try:
        for paths, rights in ((readable, READ), (writable, handled)):
            for path in filter(os.path.exists, paths):
                _allow(rules, path, rights & handled)
        return libc.syscall(RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(rules, path, rights):
    place = os.open(path, os.O_PATH)
    try:
        own = rights if os.path.isdir(path) else rights & 0xC007  # of files there are fewer
        rule = ctypes.create_string_buffer(own.to_bytes(8, "little") + place.to_bytes(4, "little"), 12)
        libc.syscall(RULE, rules, 1, rule, 0)
    finally:
        os.close(place)
