"""A package that an answer or its inputs need and that is not here: said as that, not as the answer's mistake."""

import importlib.util
import sys

PACKAGES = {"torch": "PyTorch", "sklearn": "scikit-learn", "scipy": "SciPy"}  # a browser does not have them


def lacking(error: BaseException | None) -> str:
    """What to do about a package that is not here, or "" where that is not what happened.

    >>> lacking(ModuleNotFoundError("No module named 'torch'", name="torch"))  # it is installed: somebody made this up
    ''
    """
    name = (getattr(error, "name", None) or "").partition(".")[0]
    if not isinstance(error, ModuleNotFoundError) or name not in PACKAGES or importlib.util.find_spec(name):
        return ""
    if sys.platform == "emscripten":
        elsewhere = "in a copy of the course on a computer, where `python3 course.py lab` opens the lesson"
        return f"{PACKAGES[name]} is not to be had in the browser: write this with NumPy, or do it {elsewhere}."
    command = f"%pip install {'torch' if name == 'torch' else PACKAGES[name].lower()}"
    return f"{PACKAGES[name]} is not installed here: run `{command}` in a cell of its own, then the check again."
