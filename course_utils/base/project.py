"""What the course says of itself: pyproject.toml in a clone, an installed package's metadata elsewhere."""

import importlib.metadata
import sys
import tomllib
from pathlib import Path

from course_utils.base import paths


def about(root):
    """Description, licence and addresses of the course; addresses that nobody has given are left out.

    >>> from course_utils.base import paths
    >>> sorted(about(paths.ROOT))
    ['description', 'licence', 'urls']
    """
    file = Path(root) / "pyproject.toml"
    if file.is_file():
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        return {"description": project["description"], "licence": project["license"], "urls": project.get("urls", {})}
    known = importlib.metadata.metadata("one-by-one-course")
    urls = dict(line.split(", ", 1) for line in known.get_all("Project-URL") or [])
    return {"description": known["Summary"], "licence": known["License-Expression"], "urls": urls}


def adds(extra):
    """The command that adds an extra to the environment at work: in a clone `python3` and `pip` are other ones.

    >>> adds("scale").partition(" -m ")[2]
    "pip install --editable '.[scale]' --constraint constraints.txt"
    """
    what = f"'one-by-one-course[{extra}]'" if paths.LESSONS.is_dir() else f"--editable '.[{extra}]'"
    pins = "" if paths.LESSONS.is_dir() else " --constraint constraints.txt"
    return f"{sys.executable} -m pip install {what}{pins}"


def repository(root):
    """The address of the course's repository, or "" where none is given: `Repository` under `[project.urls]`."""
    return {name.lower(): url for name, url in about(root)["urls"].items()}.get("repository", "")
