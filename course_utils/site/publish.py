"""Put a built folder where people find it, and take away what an earlier build left there; never a person's file."""

import contextlib
import hashlib
import json
from pathlib import Path

from course_utils.base import files

MANIFEST = "built.json"  # what builds have written: name -> SHA-256
LIVE = "live"  # its part is built by itself, and so is everything outside it


def publish(made, out, part=""):
    """Write the files of the folder `made` to `out`/`part`; remove those of an earlier build that are none of these.

    A file goes only if its name and content are in the manifest: what a person put there or changed stays.

    >>> import tempfile
    >>> made, out = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    >>> (made / "old.html").write_text("a"), (out / "mine.html").write_text("b")
    (1, 1)
    >>> publish(made, out)
    >>> (made / "old.html").rename(made / "new.html") and publish(made, out)
    >>> sorted(path.name for path in out.iterdir())
    ['built.json', 'mine.html', 'new.html']
    """
    made, out = Path(made), Path(out)
    found = {(Path(part) / path.relative_to(made)).as_posix(): path for path in made.rglob("*") if path.is_file()}
    before = _before(out / MANIFEST)
    now = {name: _sha256(path) for name, path in found.items()}
    kept = {name: sha256 for name, sha256 in before.items() if name.startswith(f"{LIVE}/") != (part == LIVE)}
    _note(out, before | now)  # first: what is written is known, even where the build is stopped half-way
    for name, path in sorted(found.items()):
        files.write(out / name, path.read_bytes())
    for name in sorted(before.keys() - kept.keys() - now.keys()):
        _remove(out, name, before[name])
    _note(out, kept | now)


def _note(out, written):
    files.write(out / MANIFEST, json.dumps(written, indent=1, sort_keys=True) + "\n")


def _before(manifest):
    """What an earlier build wrote; nothing if that cannot be read."""
    try:
        known = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: sha256 for name, sha256 in known.items() if type(sha256) is str} if type(known) is dict else {}


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remove(out, name, sha256):
    """Remove a file below `out` that is as it was written, and the folders that are empty then."""
    path, top = out / name, out.resolve()
    below = path.parent.resolve()
    if path.is_symlink() or not path.is_file() or not below.is_relative_to(top) or _sha256(path) != sha256:
        return
    with contextlib.suppress(OSError):
        path.unlink()
        while below != top:
            below.rmdir()
            below = below.parent
