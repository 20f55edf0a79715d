"""The files in what an LMS gave out: a zip with zips in it, or a folder. A path in it is a name, and never a place."""

import io
import stat
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from course_utils.base import files
from course_utils.base.errors import CourseError
from course_utils.grading.collect import labels
from course_utils.grading.prepare import intake

FILES_MAX = 20_000
BYTES_MAX = 4_000_000_000  # of all files when unpacked
OWN_FILES, OWN_BYTES = 5_000, 400_000_000  # of all that one person handed in, zips and what is in them
OWN_PACKED = 100_000_000  # bytes of a zip in the zip
OWN_LIST = 3_000_000  # bytes of its list of files: zipfile reads all of it before it can be counted, 6 MB a second
DEEPEST, FOLDERS_DEEP = 3, 50  # zips in zips, folders in folders
LONGEST = 1_000  # characters of a path: to put its accents in order takes time that grows with the square
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of the others zipfile unpacks a piece whole, however large it is
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
FAULTS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


@dataclass(frozen=True)
class File:
    """One file: its path as the LMS has it, where it lies now, and when it was written, as far as is known.

    `top` is the file of the download itself that it is, or that it came out of.
    """

    path: PurePosixPath
    place: Path
    when: datetime | None
    top: PurePosixPath = PurePosixPath()


class OneTooLarge(Exception):
    """More than one person hands in; the message says of what."""


class ListWithin(io.FileIO):
    """A zip in the zip, whose list of files, read in one piece, is not too long."""

    def read(self, size=-1):
        if size > OWN_LIST:
            raise OneTooLarge(f"over {OWN_FILES:,} files")
        return super().read(size)


@dataclass
class Share:
    """How much has come out of what one person handed in, with the zips in it."""

    count: int = 0
    size: int = 0


class Opened:
    """What is in a zip or folder; files of zips are unpacked under numbers into `scratch`.

    Nobody takes more than a share, so that no one person's files keep those of a class out. Whose they are is told by
    the names that an LMS of this `kind` gives, where `lessons` (by their names) are nobody.
    """

    def __init__(self, source, scratch, kind="", lessons=()):
        self.scratch, self.files, self.left_out, self.size, self.count = scratch, [], [], 0, 0
        self.kind, self.lessons, self.numbered = kind, dict(lessons), 0
        self.shares, self.share, self.top = defaultdict(Share), None, PurePosixPath()
        source = Path(source)
        if source.is_dir():
            self._folder(source)
        elif source.is_file() and zipfile.is_zipfile(source):
            self._zip(source, PurePosixPath(), 1)
        elif source.exists():
            raise CourseError(f"{source} is neither a folder nor a zip. Give the file as your LMS gave it out.")
        else:
            raise CourseError(f"{source} is not there. Give the zip that you downloaded from your LMS, or a folder.")

    def _folder(self, source):
        found = {PurePosixPath(path.relative_to(source).as_posix()): path for path in files.below(source, FOLDERS_DEEP)}
        for name in self._in_turn(found):
            path = found[name]
            if path.is_symlink():
                self.left_out.append((name, "a link"))
            elif path.is_file():
                self._count()
                self._take(name, path, _written(path), 1)

    def _in_turn(self, names):
        """The names of a download's files, zips last; meanwhile what comes is of the share of whoever handed it in."""
        kind = self.kind or labels.kind_of(names)
        inside = labels.shared(list(names), self.lessons), self.lessons
        for name in sorted(names, key=lambda one: one.suffix.lower() == ".zip"):
            label, *_ = labels.read(name, kind, inside)
            self.share, self.top = self.shares[label and (label.number or label.key or label.given)], name
            yield name

    def _zip(self, place, above, depth):
        try:
            if depth == 1:
                with zipfile.ZipFile(place) as opened:
                    self._download(opened)
                return
            with ListWithin(place) as file, zipfile.ZipFile(file) as opened:
                for info in opened.infolist():
                    self._count(depth)
                    if not info.is_dir():
                        self._entry(opened, info, above, depth)
        except FAULTS as error:
            self.left_out.append((above or PurePosixPath(place.name), f"a zip that cannot be read ({error})"))

    def _download(self, opened):
        """The files of the zip itself: where somebody's share is used up, the rest of theirs is left out."""
        found = defaultdict(list)
        for info in opened.infolist():
            self._count()
            if not info.is_dir():
                found[PurePosixPath(_named(info).replace("\\", "/"))].append(info)
        for name in self._in_turn(found):
            for info in found[name]:
                try:
                    self._entry(opened, info, PurePosixPath(), 1)
                except OneTooLarge as error:
                    self.left_out.append((name, f"one of {error} of theirs: look at it by hand"))

    def _zip_of_one(self, place, name, depth):
        """A zip in the zip, with the zips in it: where it is too large, it alone is left out."""
        if depth > 1:
            self._zip(place, name.with_suffix(""), depth + 1)
            return
        kept = len(self.files)
        try:
            if place.stat().st_size > OWN_PACKED:
                raise OneTooLarge(f"over {OWN_PACKED // 10**6} MB")
            if self.share.count > OWN_FILES:
                raise OneTooLarge(f"over {OWN_FILES:,} files in all")
            self._zip(place, name.with_suffix(""), depth + 1)
        except OneTooLarge as error:
            for file in self.files[kept:]:
                file.place.unlink()
            del self.files[kept:]
            self.left_out.append((name, f"a zip of {error}: unpack it by hand"))

    def _entry(self, opened, info, above, depth):
        parts = PurePosixPath(_named(info).replace("\\", "/")).parts
        name = above.joinpath(*(part for part in parts if part not in ("/", "..")))
        if len(info.filename) > LONGEST:
            self.left_out.append((name, "a name so long that it has no place in a folder"))
        elif ".." in parts or "/" in parts or any(":" in part for part in parts[:1]):
            self.left_out.append((name, "a path that leads outside"))
        elif stat.S_ISLNK(info.external_attr >> 16):
            self.left_out.append((name, "a link"))
        elif info.flag_bits & 1:
            self.left_out.append((name, "locked with a password"))
        elif info.compress_type not in METHODS:
            self.left_out.append((name, "packed in a way that is not read here: unpack it by hand"))
        elif not any(map(intake.NOT_WORK.match, parts)):
            self.numbered += 1
            target = self.scratch / str(self.numbered)
            if self._unpack(opened, info, target, name):
                self._take(name, target, _when(info), depth)

    def _unpack(self, opened, info, target, name):
        """Write a file of a zip to a place of ours; whatever size it claims, its bytes are counted."""
        try:
            with opened.open(info) as packed, target.open("wb") as file:
                size = 0
                while block := packed.read(1 << 20):
                    size += len(block)
                    self._weigh(len(block))
                    if size > intake.SIZE_MAX:
                        self.left_out.append((name, f"over {intake.SIZE_MAX // 10**6} MB"))
                        target.unlink()
                        return False
                    file.write(block)
        except OneTooLarge:
            target.unlink()
            raise
        except FAULTS as error:
            self.left_out.append((name, f"cannot be unpacked ({error})"))
            target.unlink(missing_ok=True)
            return False
        return True

    def _take(self, name, place, when, depth):
        """Keep a file; open it if it is a zip."""
        if any(map(intake.NOT_WORK.match, name.parts)):
            return
        if name.suffix.lower() == ".zip" and zipfile.is_zipfile(place):
            if depth < DEEPEST:
                self._zip_of_one(place, name, depth)
            else:
                self.left_out.append((name, f"zips in zips, more than {DEEPEST} deep"))
        elif name.suffix.lower() in OTHER_ARCHIVES:
            self.left_out.append((name, "an archive of another kind than zip: unpack it by hand"))
        else:
            self.files.append(File(name, place, when, self.top))

    def _count(self, depth=1):
        """One more file: those in one person's zip are counted for that person."""
        if depth > 1:
            self.share.count += 1
            if self.share.count > OWN_FILES:
                raise OneTooLarge(f"over {OWN_FILES:,} files")
            return
        self.count += 1
        if self.count > FILES_MAX:
            raise CourseError(f"more than {FILES_MAX:,} files are in it: it is no class's work.")

    def _weigh(self, count):
        """So many more bytes, which somebody handed in."""
        if self.share.size + count > OWN_BYTES:
            raise OneTooLarge(f"over {OWN_BYTES // 10**6} MB when unpacked")
        self.size, self.share.size = self.size + count, self.share.size + count
        if self.size > BYTES_MAX:
            raise CourseError(f"more than {BYTES_MAX // 10**9} GB come out of it: it is no class's work.")


def _named(info):
    """A file's name in letters: zips of macOS hold UTF-8 and do not say so, and write é as two characters."""
    name = info.filename
    if len(name) > LONGEST:
        return f"{name[:50]}…"
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return unicodedata.normalize("NFC", name)


def _written(path):
    """When a file was written; nothing where its time is one that no calendar has."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _when(info):
    """When a file was written by the clock of the computer that made the zip, taken for ours."""
    try:
        return datetime(*info.date_time).astimezone() if info.date_time[0] > 1980 else None
    except ValueError:
        return None
