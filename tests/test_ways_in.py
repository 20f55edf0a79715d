"""Ways in that people expect: a dev container, an image for a hub, Binder; read here, not built."""

import json
import re

from course_utils.base import paths
from course_utils.cli.doctor import pins


def test_the_dev_container_sets_the_course_up_and_uses_its_python():
    told = json.loads((paths.ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert told["postCreateCommand"] == "python3 course.py doctor"
    assert told["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"].endswith(".venv/bin/python")
    assert re.fullmatch(r"[\w./-]+:3\.1[1-3]", told["image"])


def test_the_image_of_a_hub_installs_what_is_pinned_and_runs_as_no_root():
    lines = (paths.ROOT / "hub/Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    assert [step for step, _ in steps] == ["FROM", "COPY", "RUN", "USER", "WORKDIR", "CMD"]
    told = dict(steps)
    assert f"torch=={pins()['torch']}" in told["RUN"] and "--constraint /tmp/course/constraints.txt" in told["RUN"]
    assert told["USER"] != "root" and "course start" in " ".join(json.loads(told["CMD"]))


def test_binder_finds_the_environment_for_nothing_that_it_prefers_is_there():
    assert (paths.ROOT / "environment.yml").is_file()
    preferred = ("Dockerfile", "binder", ".binder", "Pipfile", "Project.toml")
    assert [name for name in preferred if (paths.ROOT / name).exists()] == []
