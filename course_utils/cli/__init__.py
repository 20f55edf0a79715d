"""The `course` command. `python3 course.py VERB` and, inside .venv, `course VERB` are the same thing."""

import errno
import os
import sys
import sysconfig

from course_utils.base.errors import CourseError
from course_utils.base.startup import skip_address_grammar

NO_WRITING = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)


def main(argv=None):
    """Run one verb and return the exit status: 0 all is well, 1 something is not in order, 2 bad input.

    >>> main(["progres"])          # on stderr: course: no verb 'progres'. Did you mean progress? …
    2
    """
    skip_address_grammar()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # names of files that are in no encoding
    from course_utils.cli import parser, start, verbs

    scripts = sysconfig.get_path("scripts")
    os.environ["PATH"] = scripts + os.pathsep + os.environ.get("PATH", "")  # `jupyter`, `alembic`: ours, not the user's
    try:
        verb, arguments = parser.parse(sys.argv[1:] if argv is None else argv)
        start.require(verb)
        return verbs.function(verb)(**arguments)
    except CourseError as error:
        from course_utils.grading.people.spreadsheet import on_screen

        print(f"course: {on_screen(str(error))}", file=sys.stderr)  # it may repeat what others wrote
        return 2
    except KeyboardInterrupt:
        print("course: stopped.", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        if (error.name or "course_utils").startswith("course_utils"):
            raise
        print(f"course: the package {error.name} is missing. {_cure(error.name, verb)} installs it.", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in NO_WRITING:
            raise
        where = f"{error.filename}: " if error.filename else ""
        print(
            f"course: {where}{error.strerror}. Free some disk space, or work in a folder of your own.", file=sys.stderr
        )
        return 2


def _cure(module, verb):
    """What installs a module that is missing: the next start of the verb, unless it belongs to an extra."""
    from course_utils.base import project
    from course_utils.cli import doctor, machine

    if extra := doctor.extra_of(module):
        return f"`{project.adds(extra)}`"
    machine.forget_setup()
    return f"`python3 course.py {verb}`"
