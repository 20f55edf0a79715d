"""Puts the lessons into a wheel, where `course start` finds them; all else that a build needs is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
COPIED = ("notebooks", "solutions", "docs", "README.md", "TEACHING.md", "DATA.md", "CHANGELOG.md", "ACCESSIBILITY.md",
          "CONTRIBUTING.md", "GLOSSARY.md", "SECURITY.md", "CITATION.cff", "LICENSE", "LICENSE-TEXT",
          "nbgrader_config.py", "constraints.txt")  # fmt: skip
NOT_COPIED = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "*.pyc")


class WithLessons(build_py):
    """Copies the lessons beside the modules; an editable install has them in the clone, and needs no copy."""

    def run(self):
        super().run()
        if self.editable_mode:
            return
        place = Path(self.build_lib, "course_utils", "lessons")
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for name in COPIED:
            copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy2
            copy(HERE / name, place / name, **({"ignore": NOT_COPIED} if copy is shutil.copytree else {}))


setup(cmdclass={"build_py": WithLessons})
