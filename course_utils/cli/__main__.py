"""`python -m course_utils.cli`, which is what course.py hands over to."""

import sys

from course_utils.cli import main

if __name__ == "__main__":
    sys.exit(main())
