"""The set-up: course.py makes .venv once, says what went wrong, hands over fast; the lists of packages agree."""

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections import namedtuple
from pathlib import Path

import pytest
import yaml

from course_utils.base import paths
from course_utils.cli.doctor import direct, pins

START = paths.ROOT / "course.py"
Usage = namedtuple("Usage", "total used free")
PIP_SAYS = [
    *["Collecting numpy==2.4.6 (from one-by-one-course)\n", "  Downloading numpy-2.4.6-cp311.whl (50.0 MB)\n"] * 40,
    "Installing collected packages: numpy, torch, zict\n",
]


@pytest.fixture
def course(tmp_path, monkeypatch):
    """course.py in a folder of its own, with a venv and a pip that only note that they were called."""
    for name in ("course.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(paths.ROOT / name, tmp_path)
    spec = importlib.util.spec_from_file_location("course_start", tmp_path / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.calls, module.pip_says, module.uv_fails = [], "", False

    def call(command, **streams):
        module.calls.append(command)
        module.VENV.mkdir(exist_ok=True)
        return int(command[0] == "uv" and module.uv_fails)

    class Pip:
        def __init__(self, command, **streams):
            module.calls.append(command)
            self.stdout = [line.encode() for line in [*PIP_SAYS, module.pip_says]]

        def wait(self):
            return int(bool(module.pip_says))

    monkeypatch.setattr(module.subprocess, "call", call)
    monkeypatch.setattr(module.subprocess, "Popen", Pip)
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    monkeypatch.setattr(module.os, "execv", lambda python, command: module.calls.append("hand over"))
    monkeypatch.setattr(module, "home", lambda: "here, 3.11" if module.VENV.exists() else "")
    return module


def steps(course):
    """What course.py did, in a word each."""
    known = {"venv": "venv", "uv": "uv", "torch==2.13.0+cpu": "torch", "--editable": "install"}
    words = [call if isinstance(call, str) else next(known[a] for a in call if a in known) for call in course.calls]
    return [word for word in words if word != "torch"]  # only where there is no GPU


def test_the_first_start_makes_a_venv_installs_and_hands_over(course):
    course.main()
    assert steps(course) == ["venv", "install", "hand over"]


def test_what_the_tests_need_is_installed_when_they_are_first_asked_for_and_stays(course, monkeypatch):
    course.main()
    assert [
        one for call in course.calls if "--editable" in call for one in call if one.startswith(str(course.ROOT) + "[")
    ] == []
    for verb, wanted in (("test", ["install", "hand over"]), ("lab", ["hand over"])):
        course.calls.clear()
        monkeypatch.setattr(course.sys, "argv", ["course.py", verb])
        course.main()
        assert steps(course) == wanted
        assert all(f"{course.ROOT}[dev]" in call for call in course.calls if "--editable" in call)


def test_the_set_up_says_its_steps_and_how_far_it_is(course, monkeypatch, capsys):
    clock = iter(range(0, 10**6, 30))
    monkeypatch.setattr(course.time, "time", lambda: next(clock))
    course.main()
    said = capsys.readouterr().out.splitlines()
    assert [line[:6] for line in said if line[:1].isdigit()] == ["1 of 3", "2 of 3", "3 of 3"]
    assert "   40 of about 137 packages, 1950 MB" in said and "   3 packages are unpacked" in said
    monkeypatch.setattr(course, "MEGABYTES", 5000)
    course.STAMP.unlink()
    course.main()
    assert re.search(r"40 of about 137 packages, 1950 MB, at this pace \d+ minutes to go", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("found", "size"), [(None, "under 1.5 GB"), ("/bin/nvidia-smi", "some GB, PyTorch for the GPU")]
)
def test_the_set_up_says_how_large_it_gets(course, monkeypatch, capsys, found, size):
    monkeypatch.setattr(course.sys, "platform", "linux")
    monkeypatch.setattr(course.shutil, "which", lambda name: found if name == "nvidia-smi" else None)
    course.main()
    assert f"3 of 3: packages, {size}" in capsys.readouterr().out
    assert any("torch==2.13.0+cpu" in call for call in course.calls) == (found is None)


def test_uv_is_used_where_it_is_and_pip_where_it_fails(course, monkeypatch):
    monkeypatch.setattr(course.shutil, "which", lambda name: name if name == "uv" else None)
    course.main()
    assert steps(course) == ["venv", "uv", "hand over"]
    assert "--torch-backend=cpu" in course.calls[1] or not sys.platform.startswith("linux")
    course.STAMP.unlink()
    course.calls.clear()
    course.uv_fails = True
    course.main()
    assert steps(course) == ["uv", "install", "hand over"]


def test_the_second_start_only_hands_over(course):
    course.main()
    course.calls.clear()
    course.main()
    assert steps(course) == ["hand over"]


def test_an_interrupted_set_up_is_resumed_where_it_stopped(course):
    course.VENV.mkdir()
    course.main()
    assert steps(course) == ["install", "hand over"]


@pytest.mark.parametrize("file", ["pyproject.toml", "constraints.txt"])
def test_a_changed_list_of_packages_is_installed(course, file):
    course.main()
    course.calls.clear()
    with open(course.ROOT / file, "a") as text:
        text.write("# changed\n")
    course.main()
    assert steps(course) == ["install", "hand over"]


def test_a_moved_folder_or_another_python_gets_a_new_venv(course, monkeypatch):
    course.main()
    course.calls.clear()
    monkeypatch.setattr(course, "home", lambda: "elsewhere, 3.12")
    course.main()
    assert steps(course) == ["venv", "install", "hand over"]


@pytest.mark.parametrize(
    ("pip_says", "cure"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("Retrying (total=0) after connection broken by NewConnectionError", "Check the network"),
        ("ERROR: No matching distribution found for torch", "no build for this Python"),
        ("something else", "Delete the folder .venv"),
    ],
)
def test_a_failed_install_says_what_to_do_and_is_not_taken_for_done(course, pip_says, cure):
    course.pip_says = pip_says
    with pytest.raises(SystemExit, match=cure):
        course.main()
    assert not course.STAMP.exists()
    assert "hand over" not in course.calls


def test_what_stands_in_the_way_of_a_venv_is_named(course, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(course.shutil, "disk_usage", lambda path: Usage(9e9, 8e9, 1e9))
        with pytest.raises(SystemExit, match="needs 3 GB .* 1.0 are free"):
            course.main()
    with monkeypatch.context() as patch:
        patch.setattr(course.importlib.util, "find_spec", lambda name: None)
        with pytest.raises(SystemExit, match="no `venv`.* python3-venv"):
            course.main()
    with monkeypatch.context() as patch:
        patch.setattr(course.os, "access", lambda path, mode: False)
        with pytest.raises(SystemExit, match="cannot be written to. Copy the course"):
            course.main()
    assert course.calls == []


def test_an_environment_elsewhere_that_venv_is_a_link_to_is_not_emptied(course, monkeypatch, tmp_path):
    (tmp_path / "other").mkdir()
    course.VENV.symlink_to(tmp_path / "other")
    monkeypatch.setattr(course, "home", lambda: "")
    with pytest.raises(SystemExit, match=r"\.venv is a link to another folder.* Remove the link first"):
        course.main()
    assert course.calls == []


def test_an_old_python_is_told_which_python_to_take(course, monkeypatch):
    monkeypatch.setattr(course.sys, "version_info", (3, 6))
    monkeypatch.setattr(course.shutil, "which", lambda name: "/bin/x" if name == "python3.12" else None)
    with pytest.raises(SystemExit, match="needs Python 3.11 or newer; .* start with `python3.12`"):
        course.main()


def test_ctrl_c_is_not_a_traceback(course, monkeypatch):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(course, "set_up", interrupt)
    with pytest.raises(SystemExit, match="Start again to go on"):
        course.main()


def test_handing_over_installs_nothing(tmp_path):
    """A real .venv, with the packages of this one, and the stamp that a set-up leaves."""
    for name in ("course.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(paths.ROOT / name, tmp_path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    packages = sysconfig.get_path("purelib", vars={"base": str(tmp_path / ".venv")})
    Path(packages, "these.pth").write_text(f"{sysconfig.get_path('purelib')}\n{paths.ROOT}\n")
    stamp = "import course; course.STAMP.write_text(course.home() + '\\n' + course.requirements() + '\\n\\n')"
    subprocess.run([sys.executable, "-c", stamp], cwd=tmp_path, check=True)
    said = subprocess.check_output([sys.executable, "course.py", "--help"], cwd=tmp_path, text=True)
    assert "learners   lab" in said and "Installing" not in said


def test_course_py_is_short_and_an_old_python_can_read_it():
    text = START.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    for node in ast.walk(ast.parse(text, feature_version=(3, 6))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
            assert all(name.split(".")[0] in sys.stdlib_module_names for name in names)


def test_every_direct_package_is_pinned_and_torch_is_the_same_everywhere():
    assert set(direct("dev")) <= set(pins())
    assert re.findall(r"torch==([\d.]+)\+cpu", START.read_text()) == [pins()["torch"]]


def test_environment_yml_agrees_with_pyproject_and_constraints():
    environment = yaml.safe_load((paths.ROOT / "environment.yml").read_text())
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    python, _, from_pip = environment["dependencies"]
    assert project["requires-python"] == python.replace("python=", ">=")
    packages = [line for line in from_pip["pip"] if not line.startswith("-")]
    kernels = f"triton=={pins()['triton']}; sys_platform == 'linux'"
    assert sorted(packages) == sorted([*(f"{name}=={pins()[name]}" for name in direct("dev")), kernels])
    assert {"--constraint constraints.txt", "--editable ."} <= set(from_pip["pip"])


def test_the_changelog_begins_with_the_version_of_the_package():
    version = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## (\S+)", (paths.ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert headings[0] == version


def test_files_that_the_package_needs_beside_its_code_are_packaged():
    patterns = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    beside = [p for p in (paths.ROOT / "course_utils").rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")]
    assert beside and all(any(path.match(pattern) for pattern in patterns) for path in beside)
