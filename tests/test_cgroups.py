"""Limits to all processes of a submission together: where a group of the kernel's can be made, and what it does."""

import os
import signal
import socket
import time

import pytest

from course_utils.grading.run import cgroups, sandbox, watch

HERE = cgroups.place()
needs_groups = pytest.mark.skipif(HERE is None, reason="no cgroup (version 2) with limits was handed to this user")
MOUNT = "29 23 0:26 / {} rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Groups as the kernel shows them: `app` has limits for those below it, this process is in `app/mine`."""
    root = tmp_path / "groups"
    for name, controllers in {"": "cpu memory pids", "app": "memory pids", "app/mine": ""}.items():
        folder = root / name
        folder.mkdir()
        (folder / "cgroup.subtree_control").write_text(controllers)
        (folder / "cgroup.procs").write_text("")
    for name, text in {"MOUNTS": MOUNT.format(root), "OWN": "1:name=systemd:/x\n0::/app/mine\n"}.items():
        (tmp_path / name).write_text(text)
        monkeypatch.setattr(cgroups, name, tmp_path / name)
    return root


def test_the_nearest_folder_whose_groups_have_limits_is_taken(tree):
    assert cgroups.place() == tree / "app"
    (tree / "app/mine/cgroup.subtree_control").write_text("memory pids")
    assert cgroups.place() == tree / "app/mine"


@pytest.mark.parametrize("controllers", ["", "cpu pids", "hugetlb"])
def test_without_limits_on_memory_and_processes_there_is_none(tree, controllers):
    for folder in (tree, tree / "app"):
        (folder / "cgroup.subtree_control").write_text(controllers)
    assert cgroups.place() is None and cgroups.made(1 << 20, 4) is None


def test_what_one_may_not_write_is_not_taken(tree, monkeypatch):
    closed = {tree / "app/cgroup.procs", tree}
    monkeypatch.setattr(cgroups.os, "access", lambda path, _: path not in closed)
    assert cgroups.place() is None


@pytest.mark.parametrize("mounts", ["", "29 23 0:26 / /sys/fs/cgroup rw - cgroup cgroup rw,memory\n"])
def test_where_version_2_is_not_shown_there_is_none(tree, mounts):
    cgroups.MOUNTS.write_text(mounts)
    assert cgroups.place() is None and cgroups.made(1 << 20, 4) is None


def test_a_group_that_lets_nobody_in_is_not_counted_as_a_wall():
    class Closed:
        def enter(self):
            raise PermissionError

    assert not sandbox.enter(Closed()) and not sandbox.enter(None)


@pytest.mark.parametrize(("over", "why"), [(True, b"memory"), (False, b"ended")])
def test_who_is_ended_by_the_group_is_told_so(over, why):
    class Group:
        def is_over(self):
            return over

        def was_used(self):
            return True

    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if child == 0:
        os._exit(0)
    with ours, theirs:
        watch.watch(child, theirs, Group())
        assert ours.recv(100).split()[::3] == [why, watch.HELD]
    os.waitpid(child, 0)


@needs_groups
def test_who_is_over_the_limit_is_ended_with_all_that_it_started():
    group = cgroups.made(64 << 20, 8)
    child = os.fork()
    if child == 0:
        group.enter()
        os.fork()  # neither is over it alone
        kept = bytearray(40 << 20)
        time.sleep(60)
        os._exit(len(kept) == 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert group.was_used() and group.is_over()
    group.end()
    assert not group.folder.exists()


@needs_groups
def test_a_group_has_so_many_processes_and_what_is_left_in_it_ends_with_it():
    group = cgroups.made(64 << 20, 3)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        group.enter()
        started = 0
        try:
            for _ in range(9):
                if os.fork() == 0:
                    time.sleep(60)
                    os._exit(0)
                started += 1
        except OSError:
            os.write(write, str(started).encode())
        os._exit(0)
    assert os.read(read, 9) == b"2"
    os.waitpid(child, 0)
    group.end()
    assert not group.folder.exists()
