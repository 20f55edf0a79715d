"""What the course says of itself: pyproject.toml in a clone, an installed package's metadata elsewhere."""

import importlib.metadata
import tomllib
from pathlib import Path


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


def repository(root):
    """The address of the course's repository, or "" where none is given: `Repository` under `[project.urls]`."""
    return {name.lower(): url for name, url in about(root)["urls"].items()}.get("repository", "")
