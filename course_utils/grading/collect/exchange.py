"""nbgrader's own way to collect, from its exchange: what lies there, and nothing that it leads to.

`nbgrader_config.py` names the class as nbgrader's. nbgrader copies what a link leads to, with the rights of whoever
collects, and stops for everybody at a pipe, or at folders deeper than it goes, that one student has put there.
"""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect

from course_utils.base import files
from course_utils.grading.people.spreadsheet import on_screen

DEEPEST = 20  # folders in a submission


class CollectAsItLies(ExchangeCollect):
    """In place of nbgrader's: plain files alone are copied, and what cannot be is that person's trouble."""

    def do_copy(self, src, dest, log=None):
        with tempfile.TemporaryDirectory(prefix="course-") as folder:
            own = Path(folder) / "work"
            own.mkdir()
            try:
                source, most = Path(self.inbound_path).resolve() / Path(src).name, 1000 * self.coursedir.max_dir_size
                for name in plain_files(source, own, most):
                    self.log.warning("%s is no plain file to be read, and left out", on_screen(name))
                super().do_copy(str(own), dest, log)
            except (OSError, RuntimeError) as error:
                shutil.rmtree(dest, ignore_errors=True)
                self.log.error("%s was not collected: %s", on_screen(str(dest)), on_screen(str(error)))


def plain_files(source, target, most):
    """Copy the plain files of a folder, with their times; return the paths of what is none, or lies elsewhere.

    Each is opened once, and looked at then: a student may change what lies in the exchange meanwhile. Raises
    `RuntimeError` where they are more than so many bytes.
    """
    left_out = []
    for path in [] if source.is_symlink() else files.below(source, DEEPEST):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            left_out.append(str(path))
            continue
        with os.fdopen(descriptor, "rb") as file:
            about, opened = os.fstat(descriptor), f"/proc/self/fd/{descriptor}"
            really = Path(os.path.realpath(opened if os.path.exists(opened) else path))
            if not stat.S_ISREG(about.st_mode) or not really.is_relative_to(source):
                left_out.append(str(path))
                continue
            most -= about.st_size
            if most < 0:
                raise RuntimeError("more than a submission may hold")
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as copy:
                shutil.copyfileobj(file, copy)
            os.utime(place, ns=(about.st_atime_ns, about.st_mtime_ns))
    return left_out
