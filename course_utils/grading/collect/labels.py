"""Whose work a file is, as an LMS or a person named it."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from course_utils.grading.prepare.strays import plain

MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?", re.DOTALL)
OWNER = re.compile(r"_\d+_assignsubmission_")  # once in a name of Moodle's; who calls themselves so has it twice
CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)", re.DOTALL)
ATTEMPT = re.compile(r"-(\d+)(?=(\.[A-Za-z]+)*$)")
ILIAS = re.compile(r"(?P<last>[^_]+)_(?P<first>.+)_(?P<key>[^_]+)_(?P<number>\d+)")
ILIAS_TIME = re.compile(r"^(\d{14})_")
KINDS = ("moodle", "canvas", "ilias", "folder")


@dataclass(frozen=True)
class Label:
    """What is known of whose a submission is."""

    kind: str
    given: str  # the LMS's own name for this submission, under which feedback goes back
    name: str = ""
    number: str = ""
    key: str = ""  # a login, ID or address

    @property
    def shown(self):
        return self.name or self.key or self.given


def read(path, kind, inside):
    """The label of a file by its path, what it was called by its author, and which attempt of Canvas's it is.

    `inside` are the parts of the path that all files share. No label where it is named in another way.
    """
    return {"moodle": _moodle, "canvas": _canvas, "ilias": _ilias, "folder": _folder}[kind](path, inside)


def kind_of(paths):
    """Which LMS a download comes from, by the names of most files in it; a folder of folders where by none."""
    found = {"moodle": 0, "canvas": 0, "ilias": 0}
    for path in paths:
        found["moodle"] += any(MOODLE.fullmatch(part) for part in path.parts)
        found["canvas"] += bool(CANVAS.fullmatch(path.name))
        found["ilias"] += any(ILIAS.fullmatch(part) for part in path.parts[:-1])
    best = max(found, key=found.get)
    return best if paths and found[best] > len(paths) / 2 else "folder"


def kind_of_most(groups):
    """The kind of a download by what most of its own files are, each counted once with the files that came out of it.

    However much one person hands in, it does not say how everybody's names are read.
    """
    kinds = [kind_of(paths) for paths in groups]
    return next((kind for kind in KINDS if kinds.count(kind) > len(kinds) / 2), "folder")


def shared(paths, names):
    """How many leading folders all files lie in that name nobody: those of the download itself."""
    count = 0
    while paths and all(len(_people(path.parts[count + 1 : -1], names)) > 0 for path in paths):
        if len({path.parts[count] for path in paths}) > 1:
            break
        count += 1
    return count


def _moodle(path, _):
    for i, part in enumerate(path.parts):
        if len(OWNER.findall(part)) > 1:
            return None, path, 0
        if found := MOODLE.fullmatch(part):
            own = [found["file"]] if found["file"] else []
            given = part if not own else part.removesuffix(own[0])
            return Label("moodle", given, found["name"], found["number"]), PurePosixPath(*own, *path.parts[i + 1 :]), 0
    return None, path, 0


def _canvas(path, _):
    for i, part in enumerate(path.parts):  # a student's own zip has files below
        if found := CANVAS.fullmatch(part):
            attempt = ATTEMPT.search(found["file"])
            own = PurePosixPath(ATTEMPT.sub("", found["file"]), *path.parts[i + 1 :])
            given = re.sub(r"(\.\w+)+$", "", part)
            return Label("canvas", given, found["name"], found["number"]), own, int(attempt[1]) if attempt else 0
    return None, path, 0


def _ilias(path, _):
    for i, part in enumerate(path.parts[:-1]):
        if found := ILIAS.fullmatch(part):
            inner = path.parts[i + 1 :]
            time = ILIAS_TIME.match(inner[-1])
            own = PurePosixPath(*inner[:-1], ILIAS_TIME.sub("", inner[-1]))
            name = f"{found['first'].replace('_', ' ')} {found['last']}"
            return Label("ilias", part, name, found["number"], found["key"]), own, int(time[1]) if time else 0
    return None, path, 0


def _folder(path, inside):
    start, lessons = inside
    folders = path.parts[start:-1]
    people = _people(folders, lessons)
    if people:
        after = folders[folders.index(people[0]) + 1 :]
        own = PurePosixPath(*(part for part in after if plain(part) not in lessons), path.name)
        return Label("folder", people[0], people[0].strip(), "", people[0].strip()), own, 0
    stem = re.sub(r"(\.\w{1,6})+$", "", path.name)
    for name in sorted(lessons.values(), key=len, reverse=True):
        stem = re.sub(re.escape(name), "", stem, flags=re.IGNORECASE)
    stem = re.sub(r"\s*\(\d+\)$", "", stem).strip(" _-")
    return (Label("folder", stem, stem.replace("_", " "), "", stem) if stem and plain(stem) else None), path, 0


def _people(parts, lessons):
    return [part for part in parts if plain(part) not in lessons]
