"""When work was handed in: the `timestamp.txt` that nbgrader's exchange leaves beside it, or that a person wrote."""

import re
import warnings
from datetime import UTC, datetime, timedelta, timezone

from dateutil.parser import parse
from dateutil.tz import gettz

NAME, SIZE_MAX = "timestamp.txt", 1_000
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DAY_FIRST = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{2,4}\b")
SLASHES = re.compile(r"\b(\d{1,2})/(\d{1,2})/\d{2,4}\b")
SUMMER = {"BST": 1, "WEST": 1, "CEST": 2, "EEST": 3, "EDT": -4, "CDT": -5, "MDT": -6, "PDT": -7, "AEDT": 11, "NZDT": 13}
EXPECTED = "write it as 2030-12-02 12:00 UTC, or remove it, and grade again"


def read(folder):
    """The moment in UTC, or None, and a sentence where the file holds none."""
    path = folder / NAME
    if path.is_symlink() or not path.is_file():
        return None, ""
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_MAX)
        text = content.decode(next((name for mark, name in BOMS.items() if content.startswith(mark)), "utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return None, f"{NAME} is not text; counted as on time: {EXPECTED}"
    text = " ".join(text.split())
    try:
        return moment(text), ""
    except ValueError as error:
        return None, f"{NAME} says '{text[:60]}', {error}; counted as on time: {EXPECTED}"


def moment(text):
    """A point in time as people and programs write it, in UTC; without a zone it is taken as UTC, as nbgrader does.

    >>> moment("02.12.2030 14:00 +0100"), moment("2030-12-02 12:00:00.5 UTC").microsecond
    (datetime.datetime(2030, 12, 2, 13, 0), 500000)

    A date that people in different countries read differently raises `ValueError`.
    """
    slashes = SLASHES.search(text)
    if slashes and max(map(int, slashes.groups())) <= 12 and slashes[1] != slashes[2]:
        raise ValueError("which may be one of two days")
    rest, _, last = text.rpartition(" ")
    zone = gettz(last) if rest and re.fullmatch(r"[A-Za-z][\w/+-]+", last) else None
    zone = timezone(timedelta(hours=SUMMER[last])) if rest and last in SUMMER else zone
    day_first = bool(DAY_FIRST.search(text) or slashes and int(slashes[1]) > 12)
    try:
        with warnings.catch_warnings(action="error"):  # of a zone that is not known
            found = parse(rest if zone else text, dayfirst=day_first, default=datetime(1, 1, 1, tzinfo=zone))
        if found.year > 1:
            return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except Exception:  # noqa: BLE001, S110 - dateutil raises whatever comes of numbers in odd places
        pass
    raise ValueError("which is no date and time")


def written(when):
    """A moment as nbgrader reads it."""
    return when.strftime("%Y-%m-%d %H:%M:%S.%f UTC")
