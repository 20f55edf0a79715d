"""What keeps a build from writing over a person's work: a learner's in `notebooks/`, an author's in `solutions/`."""

import hashlib

import nbformat

from course_utils.authoring import source
from course_utils.base.errors import CourseError


def refuse_to_overwrite(wanted, root):
    """Stop unless every file in `wanted` (path -> bytes) is missing, is as built, or holds the same work."""
    reasons = [
        advice(path, root)
        for path, data in wanted.items()
        if path.exists() and not as_built(path, root) and not _same_work(path, data)
    ]
    if reasons:
        raise CourseError("\n".join(reasons))


def refuse_to_empty(folder):
    """Stop unless all that lies in a release folder came from a build: nbgrader is about to delete it."""
    root = folder.parent.parent
    for path in folder.rglob("*"):
        if path.is_file() and ".ipynb_checkpoints" not in path.parts and not as_built(path, root):
            raise CourseError(advice(path, root))


def advice(path, root):
    """What to do about a file that a build would overwrite: one sentence, for an author or for a learner."""
    name = path.relative_to(root)
    if name.parts[0] == "solutions":
        return (
            f"{name} was edited since it was built: run `course adopt {path.stem}` to bring the edits into "
            f"{path.stem}.py, or delete it to drop them; then build again."
        )
    return (
        f"{name} holds work that a build would overwrite: to keep it, move it out of the way "
        f"(`mv {name.as_posix()} my_{path.name}`); to start afresh, delete it; then build again."
    )


def as_built(path, root):
    """Does a file hold what a build wrote, outputs of cells aside?"""
    if path.suffix == ".ipynb":
        nb = read(path)
        return bool(nb) and stamp(nb).get("digest") == source.digest(nb)
    tree, lesson, *_ = path.relative_to(root).parts
    return file_digest(path) in stamp(read(root / tree / lesson / f"{lesson}.ipynb")).get("files", [])


def read(path):
    """The notebook in a file, or None where none can be read: what lies there is then for a person to sort out."""
    try:
        return nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return None


def stamp(nb):
    """What the build noted in a notebook about itself."""
    return nb.metadata.get("course", {}) if nb else {}


def file_digest(path):
    """The fingerprint of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _same_work(path, data):
    nb = read(path) if path.suffix == ".ipynb" else None
    return bool(nb) and source.digest(nb) == source.digest(nbformat.reads(data.decode(), as_version=4))
