"""The `course` command: each verb's help, its exit status, and one clear sentence for bad input."""

import itertools
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from browsers import patient

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.cli import doctor, lab, machine, main, verbs, workplace
from course_utils.cli.parser import VERBS, parse
from course_utils.exercises import of_lesson


def run(*argv):
    """The command as a person runs it."""
    command = [sys.executable, "-m", "course_utils.cli", *argv]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def root(monkeypatch, tmp_path):
    """A course with one released lesson, 02_by_hand, in a folder of its own."""
    for name in ("solutions/02_by_hand/02_by_hand.py", "notebooks/02_by_hand/02_by_hand.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    return tmp_path


@pytest.fixture
def called(monkeypatch):
    """The commands that would have been handed over to, with what is set in their environment."""
    calls = []
    monkeypatch.setattr(machine, "hand_over", lambda command, folder, **env: calls.append((command, env)) or 3)
    return calls


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_each_verb_says_what_it_does(verb, capsys):
    with pytest.raises(SystemExit) as stop:
        main([verb, "--help"])
    said = capsys.readouterr().out
    assert stop.value.code == 0
    assert verbs.function(verb).__doc__.splitlines()[0] in said
    assert f"course {verb}" in said


def test_the_overview_names_every_verb():
    done = run()
    assert done.returncode == 0
    assert all(f" {verb} " in done.stdout for verb in VERBS)


def test_an_unknown_verb_gets_a_close_match_and_no_traceback():
    done = run("prgress")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("course: no verb 'prgress'. Did you mean progress?")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("argv", [("lab", "99"), ("build", "99"), ("check", "99"), ("adopt", "x"), ("grade", "99")])
def test_an_unknown_lesson_is_one_sentence_and_status_2(argv, capsys):
    assert main(argv) == 2
    assert capsys.readouterr().err.startswith(f"course: no lesson named '{argv[1]}'.")


@pytest.mark.parametrize("line", ["adopt", "grade --student", "demo 99", "demo --students x", "bench foo", "--nope"])
def test_arguments_that_do_not_fit_are_one_sentence_and_status_2(line, capsys):
    assert main(line.split()) == 2
    said = capsys.readouterr().err
    assert said.startswith("course: ") and said.endswith(" --help` shows what it takes.\n") and said.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("report --gains --term", "report: --gains is about the whole course; ask for it alone."),
        ("report 02 --term", "report: --term is about the whole course; ask for it alone."),
        ("report --term --anonymous", "report: --term goes with no other option."),
        ("report", "report: which lesson?"),
        ("nbgrader releese", "nbgrader has no command 'releese'. It has assign, "),
    ],
)
def test_what_a_verb_cannot_do_at_once_or_at_all_is_one_sentence_and_status_2(line, said, capsys):
    assert main(line.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"course: {said}") and error.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CourseError("it is so: do that."), "course: it is so: do that.\n"),
        (PermissionError(13, "Permission denied", "x.ipynb"), "course: x.ipynb: Permission denied. Free some disk"),
        (OSError(28, "No space left on device", "x"), "course: x: No space left on device. Free some disk"),
        (ModuleNotFoundError("no", name="jupytext"), "course: the package jupytext is missing. `python3 course.py"),
    ],
)
def test_what_a_person_can_put_right_is_said_in_a_sentence(error, said, monkeypatch, capsys, tmp_path):
    def fail():
        raise error

    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(verbs, "progress", fail)
    assert main(["progress"]) == 2
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize("error", [FileNotFoundError(2, "none"), ModuleNotFoundError("no", name="course_utils.x")])
def test_a_fault_of_ours_keeps_its_traceback(error, monkeypatch):
    def fail():
        raise error

    monkeypatch.setattr(verbs, "progress", fail)
    with pytest.raises(type(error)):
        main(["progress"])


@pytest.mark.parametrize(
    ("module", "cure"), [("skimage.color", "`python3 course.py progress` installs"), ("triton.language", "kernels")]
)
def test_a_missing_package_is_installed_by_the_next_start_unless_it_is_an_extra(
    module, cure, monkeypatch, tmp_path, capsys
):
    def fail():
        raise ModuleNotFoundError("no", name=module)

    stamp = tmp_path / "course-stamp.txt"
    stamp.write_text("set up")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(verbs, "progress", fail)
    assert main(["progress"]) == 2
    assert cure in capsys.readouterr().err
    assert stamp.exists() == (module == "triton.language")


def test_lab_opens_the_lesson_with_the_courses_own_kernel_and_passes_options_on(root, called):
    assert lab.open_lab("2", ["--no-browser", "--port", "9000"], root=root) == 3
    [(command, environment)] = called
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={root}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/02_by_hand/02_by_hand.ipynb" in command
    assert command[-3:] == ["--no-browser", "--port", "9000"]
    assert environment["JUPYTER_PREFER_ENV_PATH"] == "1"


def test_lab_says_how_to_make_a_notebook_that_is_missing(root, called):
    (root / "notebooks/02_by_hand/02_by_hand.ipynb").unlink()
    with pytest.raises(CourseError, match="`course build 02` makes it"):
        lab.open_lab("02", [], root=root)
    assert called == []


@pytest.mark.parametrize("options", [["--port", "abc"], ["--port=99999"], ["--port"], ["--no-browser", "--port="]])
def test_lab_says_that_a_port_is_a_number(root, called, options):
    with pytest.raises(CourseError, match="--port takes a number from 0 to 65535"):
        lab.open_lab("02", options, root=root)
    assert called == []


def test_programs_of_this_environment_come_first(monkeypatch):
    monkeypatch.setenv("PATH", "elsewhere")
    main(["nonsense"])
    assert Path(os.environ["PATH"].split(os.pathsep)[0]) == Path(sys.executable).parent


def test_lab_begins_with_the_map_and_takes_teach_anywhere():
    assert parse(["lab"]) == ("lab", {"lesson": None, "teach": False, "options": []})
    for words in (
        ["--teach", "02", "--no-browser"],
        ["02", "--no-browser", "--teach"],
        ["02", "--teach", "--no-browser"],
    ):
        assert parse(["lab", *words])[1] == {"lesson": "02", "teach": True, "options": ["--no-browser"]}
    assert parse(["lab", "--port", "9000", "--teach"]) == (
        "lab",
        {"lesson": None, "teach": True, "options": ["--port", "9000"]},
    )


def test_test_hands_everything_to_pytest(called):
    assert main(["test", "tests/test_cli.py", "-k", "x"]) == 3
    [(command, environment)] = called
    assert command == [sys.executable, "-m", "pytest", "tests/test_cli.py", "-k", "x"]
    assert environment["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize("options", [[], ["-m", "fast"], ["-x", "--durations=9"]])
def test_many_tests_are_spread_over_the_cores(options, called):
    main(["test", *options])
    assert any(word.startswith("--numprocesses=") for word in called[0][0])


def test_check_lists_problems_and_fails(monkeypatch, capsys):
    from course_utils.authoring import audit

    monkeypatch.setattr(audit, "audit", lambda lessons: ["02_by_hand.py: no alt text."])
    assert main(["check"]) == 1
    assert capsys.readouterr().out == "02_by_hand.py: no alt text.\n1 to put right.\n"
    monkeypatch.setattr(audit, "audit", lambda lessons: [])
    assert main(["check", "02"]) == 0
    assert capsys.readouterr().out == "All is in order.\n"


def test_build_names_what_it_wrote(monkeypatch, capsys, tmp_path):
    import course_utils.authoring.build as room

    monkeypatch.setattr(room, "build", lambda lessons: [Path.cwd() / "notebooks/02.ipynb"] if lessons == ["02"] else [])
    assert main(["build", "02"]) == 0
    assert capsys.readouterr().out == f"wrote {Path('notebooks/02.ipynb')}\n1 file changed.\n"
    assert main(["build"]) == 0
    assert capsys.readouterr().out == "All notebooks are up to date.\n"


@pytest.mark.parametrize(("went_well", "status"), [(True, 0), (False, 1)])
def test_grade_and_demo_fail_when_something_was_not_graded(went_well, status, monkeypatch):
    import course_utils.grading.demo.demo
    import course_utils.grading.grade

    seen = []
    monkeypatch.setattr(course_utils.grading.grade, "grade", lambda *a, **k: seen.append((a, k)) or went_well)
    monkeypatch.setattr(course_utils.grading.demo.demo, "demo", lambda **k: seen.append(k) or went_well)
    assert main(["grade", "02", "--students", "ada", "bo"]) == status
    assert main(["demo", "--students", "5", "--seed", "1"]) == status
    assert seen == [
        (("02_by_hand", ["ada", "bo"]), {"jobs": None, "sandbox": "auto", "scheduler": "", "db": ""}),
        {"students": 5, "lesson": "02", "seed": 1},
    ]


def test_several_lessons_are_graded_and_one_that_cannot_be_does_not_stop_the_others(monkeypatch, capsys):
    import course_utils.grading.grade

    def grade(lesson, *_, **__):
        if lesson == "02_by_hand":
            raise CourseError("nobody handed it in.")
        print(f"graded {lesson}")
        return True

    monkeypatch.setattr(course_utils.grading.grade, "grade", grade)
    assert main(["grade", "01", "02", "03", "01"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == ["graded 01_one_pixel", "graded 03_counting_maps"]
    assert err == "course: 02_by_hand: nobody handed it in.\n"
    assert main(["grade", "01", "77"]) == 2 and capsys.readouterr().out == "", "a wrong name stops it before any is run"


def test_progress_prints_the_table(capsys):
    assert main(["progress"]) == 0
    assert " done" in capsys.readouterr().out.splitlines()[-1]


def test_doctor_fails_only_for_what_is_needed(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "LOOKS", [lambda: [("ok", "a", "x")], lambda: [("warn", "b", "do y")]])
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out == "ok    a\nwarn  b  ->  do y\n0 broken, 1 to know about.\n"
    monkeypatch.setattr(doctor, "LOOKS", [lambda: [("FAIL", "c", "do z")]])
    assert main(["doctor"]) == 1


def test_doctor_sees_missing_and_other_packages(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(doctor, "direct", lambda: ["numpy", "not-there"])
    monkeypatch.setattr(doctor, "pins", lambda: {"numpy": "0.1"})
    [(first, missing, _), (second, other, _)] = doctor.packages()
    assert (first, missing) == ("FAIL", "packages missing: not-there")
    assert second == "warn"
    assert other.startswith("other versions than tested: numpy ") and other.endswith("(tested: 0.1)")


def test_doctor_names_a_folder_that_cannot_be_written(monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: "notebooks" not in str(path))
    assert [text for state, text, _ in doctor.folders() if "cannot be written" in text] == [
        f"folder {paths.notebooks()} cannot be written"
    ]


def folders_of(options):
    return {name: Path(path) for name, path in (one.removeprefix("--LabApp.").split("=", 1) for one in options)}


def test_lab_keeps_settings_theme_and_workspaces_in_the_courses_own_folder():
    folders = folders_of(workplace.options(teach=False))
    assert set(folders) == {"app_settings_dir", "user_settings_dir", "workspaces_dir"}
    assert all(path.is_relative_to(paths.private()) for path in folders.values())
    assert '"fetchNews": "false"' in (folders["app_settings_dir"] / "overrides.json").read_text()


def test_lab_reads_the_users_settings_of_jupyter_after_those_of_its_environment_and_writes_to_its_own(monkeypatch):
    monkeypatch.setenv("HOME", "/somebody")
    monkeypatch.delenv("JUPYTER_CONFIG_DIR", raising=False)
    variables = workplace.variables()
    read = variables["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert read.index(str(Path(sys.prefix, "etc/jupyter"))) < read.index("/somebody/.jupyter")
    assert Path(variables["JUPYTER_CONFIG_DIR"]).is_relative_to(paths.private())


def test_labs_side_by_side_have_a_workspace_each_and_one_that_ended_leaves_its_own():
    first = folders_of(workplace.options(teach=False))["workspaces_dir"]
    again = "from course_utils.cli import workplace; print(workplace.options(False)[-1])"
    for wanted in ("2", "2"):  # the one beside it has ended: its folder is free again
        said = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True, check=True).stdout
        assert Path(said.strip().split("=")[1]) == first.with_name(wanted)
    assert first.name == "1"


def test_panels_for_teachers_are_off_unless_asked_for():
    off = [
        (folders_of(workplace.options(teach))["app_settings_dir"] / "page_config.json").read_text()
        for teach in (True, False)
    ]
    assert "create-assignment" not in off[0] and "create-assignment" in off[1] and "validate" not in off[1]


def test_lab_works_where_its_folder_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "file"))
    assert all(path.is_absolute() for path in folders_of(workplace.options(teach=False)).values())
    assert Path(workplace.variables()["JUPYTER_CONFIG_DIR"]).is_dir()


def test_the_start_page_is_a_map_and_never_written_over_somebodys_own(tmp_path):
    lesson = paths.lessons()[2]
    (tmp_path / "notebooks" / lesson).mkdir(parents=True)
    (tmp_path / "notebooks" / lesson / f"{lesson}.ipynb").write_text("{}")
    assert workplace.start_page(tmp_path) == workplace.start_page(tmp_path) == "START.md"
    page = tmp_path / "START.md"
    assert (
        f"](notebooks/{lesson}/{lesson}.ipynb) | ○ 0 of {len(of_lesson(lesson))} done |" in page.read_text()
        and "00_axes" not in page.read_text()
    )
    page.write_text("# My own notes")
    assert workplace.start_page(tmp_path) == "" and page.read_text() == "# My own notes"


@pytest.fixture
def address(tmp_path, monkeypatch):
    """A JupyterLab as `course lab` starts it, with a fresh home, on a free port; stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ipython").mkdir()  # Jupyter looks there for settings to take over
    own = ["--no-browser", f"--port={port}", "--IdentityProvider.token=t", "--allow-root"]
    server = subprocess.Popen(
        [sys.executable, "-m", "course_utils.cli", "lab", *own], stderr=subprocess.PIPE, text=True
    )
    try:
        lines = itertools.takewhile(lambda line: "Use Control-C" not in line, server.stderr)
        yield next(line.split()[-1] for line in lines if "127.0.0.1" in line).replace("token=...", "token=t")
    finally:
        server.terminate()
        server.communicate(timeout=120)


@pytest.mark.browser
def test_lab_shows_the_map_then_the_first_lesson_with_a_validate_button_and_no_questions(address, tmp_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=["--no-sandbox"])
        page = patient(browser.new_page())
        page.goto(address)
        page.get_by_role("heading", name="3×3 is a lie").first.wait_for()
        page.get_by_role("link", name="00 Axes, checks and asking for help").first.click()
        page.get_by_role("heading", name="Lesson 00").first.wait_for()
        page.get_by_text("Validate").first.wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        assert page.locator(".jp-Dialog").count() == 0
        assert page.get_by_role("tab", name="Create Assignment").count() == 0
        page.wait_for_timeout(3000)  # tabs are remembered a moment after they were opened
        assert list(paths.private().rglob("*.jupyterlab-workspace"))
        assert not (tmp_path / ".jupyter").exists()
        browser.close()


def test_an_error_that_repeats_what_somebody_wrote_gives_no_orders_to_a_terminal(capsys):
    assert main(["\x1b[2Jgrade"]) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "walls, missing", [(["namespaces", "Landlock"], "no seccomp ("), (["namespaces"], "no Landlock (")]
)
def test_doctor_names_a_wall_that_is_missing_and_what_adds_it(walls, missing, monkeypatch):
    monkeypatch.setattr(doctor.machine, "sandbox", lambda: ("", walls))
    [(state, text, cure)] = doctor.sandbox()
    assert (state, cure) == (doctor.OK, None)
    assert text.startswith(f"sandbox: {', '.join(walls)}; {missing}") and "[" not in text.replace("[wall]", "")
