"""`course build`: make both notebooks of a lesson from its text."""

from course_utils.authoring import guard, source
from course_utils.authoring.release import extras, release
from course_utils.base import files, paths
from course_utils.base.errors import CourseError


def build(lessons=None, root=paths.ROOT):
    """Bring the notebooks of some lessons (all, if none is named) up to date; return the files that changed.

    Nothing is written unless every file may be: a notebook that holds a person's work is named, and left alone.

    >>> build(["02"])                                        # doctest: +SKIP
    [PosixPath('solutions/02_by_hand/02_by_hand.ipynb'), PosixPath('notebooks/02_by_hand/02_by_hand.ipynb')]
    """
    wanted = {}
    for lesson in chosen(lessons, root):
        wanted |= derive(lesson, root)
    return publish(wanted, root)


def chosen(lessons, root):
    """The full names of the lessons that `lessons` means; None means all of them."""
    if lessons is not None:
        return [paths.find_lesson(lesson, root) for lesson in lessons]
    if names := paths.lessons(root):
        return names
    raise CourseError(f"no lessons in {paths.solutions(root)}: a lesson is a text file solutions/NN_slug/NN_slug.py.")


def derive(lesson, root, text=None):
    """All that is built from a lesson, path -> bytes: both notebooks and the files beside it.

    `text` stands in for the lesson's source, for an author's edits that are not saved there yet.
    """
    folder, target = paths.solutions(root) / lesson, paths.notebooks(root) / lesson
    text = read_text(source_of(lesson, root)) if text is None else text
    nb = source.parse(text, source_of(lesson, root).relative_to(root))
    released = release(nb, folder)
    nb.metadata["course"] = {"digest": source.digest(nb), "source": source.fingerprint(text)}
    notebook = f"{lesson}.ipynb"
    copies = {target / path.relative_to(folder): path.read_bytes() for path in extras(folder)}
    return copies | {folder / notebook: source.dumps(nb), target / notebook: released}


def source_of(lesson, root):
    """The one file in which a lesson is written."""
    return paths.solutions(root) / lesson / f"{lesson}.py"


def read_text(path):
    """The text of a lesson, without the mark that editors on Windows put before it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8 text ({error.reason}, byte {error.start}). Save it as UTF-8.") from None


def publish(wanted, root):
    """Write those of the files in `wanted` (path -> bytes) whose content changes; return their paths."""
    stale = {path: data for path, data in wanted.items() if not path.is_file() or path.read_bytes() != data}
    guard.refuse_to_overwrite(stale, root)
    for path, data in stale.items():
        files.write(path, data)
    return list(stale)
