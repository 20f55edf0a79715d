"""A CSV file as an LMS gave it out: read whatever its encoding and separator, and written back in the same way."""

import csv
import io
import os
import re
import unicodedata
from dataclasses import dataclass

from course_utils.base import files
from course_utils.base.errors import CourseError

NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
csv.field_size_limit(100_000_000)  # characters of a cell; one person can fill 131,072, beyond which no table is read


@dataclass
class Spreadsheet:
    """Rows of text; the first holds the headers."""

    path: object
    rows: list
    encoding: str
    separator: str
    line_end: str

    @property
    def header(self):
        return [name.strip() for name in self.rows[0]]

    def column(self, *names):
        """The place of the first column that bears one of these names, or None."""
        header = [name.casefold() for name in self.header]
        return next((header.index(name.casefold()) for name in names if name.casefold() in header), None)

    def save(self, path):
        """Write to another file, whole or not at all."""
        if os.path.realpath(path) == os.path.realpath(self.path):
            raise CourseError(f"{path} is the file that was read: it is not written over. Name another one with --out.")
        text = io.StringIO()
        csv.writer(text, delimiter=self.separator, lineterminator=self.line_end).writerows(self.rows)
        files.write(path, text.getvalue().encode(self.encoding))


def read(path):
    """The spreadsheet in a file. Raises `CourseError` where it is no table of text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}. Download it from your LMS first.") from None
    encoding = next((name for mark, name in BOMS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not in UTF-8. Use the file as you downloaded it.") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    rows = rows[: max((i for i, row in enumerate(rows, 1) if any(row)), default=0)]
    if len(rows) < 2 or len(rows[0]) < 2:
        raise CourseError(f"{path} is no table of headers and students. Download it from your LMS again.")
    width = len(rows[0])
    ragged = [i for i, row in enumerate(rows, 1) if len(row) > width]
    if ragged:
        raise CourseError(f"{path}: row {ragged[0]} has more cells than headers. Download it from your LMS again.")
    rows = [row + [""] * (width - len(row)) for row in rows]
    return Spreadsheet(path, rows, encoding, separator, "\r\n" if first.endswith("\r") else "\n")


def number(text):
    """A number with a point or a comma, or None.

    >>> number("10,00"), number("7.5"), number("(read only)")
    (10.0, 7.5, None)
    """
    text = text.strip()
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def like(value, sample):
    """A number as text, with the decimal mark of a sample.

    >>> like(7.5, "100,00"), like(7.0, "100.00")
    ('7,5', '7')
    """
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if "," in sample else text


def harmless(text):
    """Text that a spreadsheet program will not run as a formula; numbers, and the dash for "nothing", stay.

    Where a semicolon parts cells, a formula may stand behind one; a line of its own may begin behind a new line; and
    characters that nobody sees may stand before it.

    >>> harmless("=1+1"), harmless("-"), harmless("-2,5"), harmless("ada")
    ("'=1+1", '-', '-2,5', 'ada')
    >>> harmless("a;=1+1;b"), harmless("ada\\n=1+1")
    ("a;'=1+1;b", 'ada =1+1')
    """
    text = re.sub(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", " ", readable(text))
    return ";".join(f"'{part}" if _is_formula(part) else part for part in text.split(";"))


def _is_formula(part):
    seen = "".join(letter for letter in part if unicodedata.category(letter)[0] not in "ZC").lstrip(
        '"'
    )  # spaces, not shown
    return len(seen) > 1 and unicodedata.normalize("NFKC", seen[0])[0] in "=+-@−" and number(seen) is None


def on_screen(text):
    """Text for a terminal, to which nobody else's characters may give orders.

    >>> on_screen("ada \\x1b[2J")
    'ada \ufffd[2J'
    """
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "\ufffd", readable(text))


def readable(text):
    """Text that every file and screen can hold: the bytes of a name that is not UTF-8 are read as old Windows has them.

    >>> readable("M\\udcfcller"), readable("\\ud800")
    ('Müller', '\ufffd')
    """
    text = re.sub("[\udc80-\udcff]", lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace"), text)
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
