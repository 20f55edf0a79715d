"""The README tells the truth: its commands exist, its table is that of the lessons, its links lead somewhere."""

import ast
import re
import shutil
import subprocess
import sys

import pytest

from course_utils import exercises
from course_utils.authoring import prose
from course_utils.base import paths
from course_utils.cli.parser import VERBS, parse

README = (paths.ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (paths.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"python3 course\.py ([^`\n]+)")


def lesson_row(lesson):
    """The row that a lesson must have in the README; the idea is the README's own."""
    text = (paths.solutions() / lesson / f"{lesson}.py").read_text(encoding="utf-8")
    title = re.search(rf"^# # (?:Lesson )?{paths.NUMBER} · (.+)$", text, flags=re.MULTILINE)[1]
    minutes = re.search(r"(\d+(?: and \d+)*) minutes", text)[1]
    count = sum(isinstance(item, exercises.Exercise) for item in exercises.of_lesson(lesson))
    return f"[{paths.number(lesson)} {title}](notebooks/{lesson}/{lesson}.ipynb)", minutes, str(count)


def test_the_table_holds_the_lessons_that_there_are():
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in README.splitlines() if "| [" in line]
    told = [(name, minutes, count) for name, idea, minutes, count, gpu in rows]
    assert told == [lesson_row(lesson) for lesson in paths.lessons()]
    assert all(idea for name, idea, *_ in rows)


@pytest.mark.parametrize("line", dict.fromkeys(COMMAND.findall(README) + COMMAND.findall(CONTRIBUTING)))
def test_every_command_shown_is_one_that_the_course_understands(line):
    verb, arguments = parse(line.split())
    assert verb in VERBS
    for lesson in [arguments.get("lesson"), *arguments.get("lessons", [])]:
        assert lesson in (None, "NN") or paths.find_lesson(lesson)


def test_every_verb_is_in_the_readme():
    assert {line.split()[0] for line in COMMAND.findall(README)} == set(VERBS)


def test_no_link_of_a_document_in_the_wheel_leads_out_of_it(tmp_path):
    setup = ast.parse((paths.ROOT / "setup.py").read_text(encoding="utf-8")).body
    named = {one.targets[0].id: one.value for one in setup if isinstance(one, ast.Assign)}
    shutil.copytree(paths.ROOT / "docs", tmp_path / "docs")
    for name in set(ast.literal_eval(named["COPIED"])) - {"docs"}:
        (tmp_path / name).symlink_to(paths.ROOT / name)
    documents = [*tmp_path.glob("*.md"), *tmp_path.glob("docs/*.md")]
    assert len(documents) > 8
    for path in documents:
        assert prose.document_problems(path.read_text(encoding="utf-8"), path.parent, path.name) == []


@pytest.mark.slow
@pytest.mark.parametrize("line", ["progress", "doctor", "check"])
def test_commands_that_only_look_work_as_shown(line):
    assert line in COMMAND.findall(README)
    assert subprocess.check_output([sys.executable, "-m", "course_utils.cli", *line.split()])
