"""Read what a student handed in: a notebook, or one sentence on why it is none."""

import nbformat

SIZE_MAX = 50_000_000  # bytes; a lesson with all its outputs has under 5 MB


class Unreadable(Exception):
    """A submission that cannot be read; the message is for teacher and student."""


def read(folder, lesson):
    """The notebook in a submission's folder, and notes on what is odd about it. Raises `Unreadable`."""
    path, notes = find(folder, lesson)
    for part in (folder.parent, folder, path):
        if part.is_symlink():
            raise Unreadable(f"{part.name} is a symbolic link, not a file or folder of the student's own")
    if not path.is_file():
        raise Unreadable(f"{path.name} is not a file")
    size = path.stat().st_size
    if not 0 < size <= SIZE_MAX:
        raise Unreadable(f"{path.name} has {size:,} bytes, expected 1 to {SIZE_MAX:,}")
    return parse(path), notes


def find(folder, lesson):
    """The file to grade. One notebook under another name is taken for the lesson's; of several, none is."""
    path = folder / f"{lesson}.ipynb"
    if path.is_symlink() or path.exists():
        return path, []
    others = sorted(other for other in folder.glob("[!.]*.ipynb")) if folder.is_dir() else []
    if not others:
        raise Unreadable(f"no notebook in the folder, expected {path.name}")
    if len(others) > 1:
        names = ", ".join(other.name for other in others)
        raise Unreadable(f"several notebooks and none is called {path.name}: {names}")
    return others[0], [f"handed in as {others[0].name}"]


def parse(path):
    """The notebook in a file, brought to the present format."""
    try:
        nb = nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
        if all(isinstance(cell.source, str) and cell.cell_type in ("code", "markdown", "raw") for cell in nb.cells):
            return nb
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not text in UTF-8") from None
    except nbformat.reader.NotJSONError:
        raise Unreadable(f"{path.name} is not valid JSON: it was cut off or is no notebook") from None
    except (nbformat.ValidationError, ValueError, AttributeError, KeyError, TypeError, RecursionError):
        pass
    raise Unreadable(f"{path.name} is JSON but not a notebook")
