"""Wheels of our own for the browser: the course without its answers, and what is pure Python of the packages it needs.

The same sources give the same bytes: files in order, one time stamp for all.
"""

import ast
import base64
import hashlib
import importlib.metadata
import importlib.util
import re
import zipfile
from pathlib import Path

from course_utils.authoring import needs
from course_utils.base import paths
from course_utils.data import PHOTOS

STAMP = (2020, 1, 1, 0, 0, 0)
LEFT_OUT = ("authoring", "cli", "grading", "kernels", "layers.py", "lessons", "live", "mutation", "site",
            "device/pretend.py")  # fmt: skip
ONLY_HERE = ("alternative", "made_of")
STOPWATCH = ("__init__.py", "stopwatch.py")  # of the room `bench`
CONVERTERS = "data/convert_"
COLOURS = ("color/colorconv.py", "_shared/utils.py", "_shared/_warnings.py", "util/dtype.py")  # of scikit-image
FACADES = {
    "_shared/__init__.py": "",
    "util/__init__.py": "from .dtype import dtype_limits, img_as_float, img_as_ubyte\n",
    "color/__init__.py": "from .colorconv import *\n",
}
SCIPY, NUMPY = "from scipy import linalg", "from numpy import linalg"  # colorconv takes only `inv` from it


def course(folder, root=paths.ROOT):
    """The wheel of the course: what lessons without PyTorch import, their photos, no right answer but oracles.

    >>> course("static")                                        # doctest: +SKIP
    PosixPath('static/one_by_one_course-0.2.0-py3-none-any.whl')
    """
    package = paths.PACKAGE if root == paths.ROOT else Path(root) / "course_utils"
    files = {}
    lessons = {paths.number(lesson) for lesson in needs.without_torch(root)}
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package).as_posix()
        if path.is_file() and _belongs(name, lessons):
            content = path.read_bytes()
            files[f"course_utils/{name}"] = without_alternatives(content) if name.endswith(".py") else content
    for photo in PHOTOS.values():
        content = (_package(photo.package) / photo.path).read_bytes()
        files[f"course_utils/data/photos/{Path(photo.path).name}"] = content
    files["matplotlib/fontlist.json"] = (Path(__file__).parent / "fontlist.json").read_bytes()  # saves seconds there
    return pack(folder, "one_by_one_course", importlib.metadata.version("one-by-one-course"), files)


def _belongs(name, lessons):
    room, _, rest = name.partition("/")
    if "__pycache__" in name or name.startswith((*LEFT_OUT, CONVERTERS)) or rest.endswith("/equivalent.py"):
        return False
    lesson = re.match(rf"lesson({paths.NUMBER})_", rest) if room == "exercises" else None
    return lesson[1] in lessons if lesson else room != "bench" or rest in STOPWATCH


def without_alternatives(source):
    """A module without the right answers that only tests need: functions and classes marked as `….alternative`.

    Likewise without answers by way of helpers (`….made_of(…)`), which only grading needs.

    >>> without_alternatives(b"x = 1\\n@mix.alternative\\ndef f(v):\\n    return v\\ny = 2\\n")
    b'x = 1\\ny = 2\\n'
    """
    lines = source.decode().splitlines(keepends=True)
    for node in reversed(ast.parse(source).body):
        marks = getattr(node, "decorator_list", [])
        marks = [getattr(mark, "func", mark) for mark in marks]
        if any(isinstance(mark, ast.Attribute) and mark.attr in ONLY_HERE for mark in marks):
            del lines[min(mark.lineno for mark in marks) - 1 : node.end_lineno]
    return "".join(lines).encode()


def colours(folder):
    """The part of scikit-image that lessons use, `skimage.color`: pure Python once NumPy inverts its matrices."""
    package = _package("skimage")
    files = {f"skimage/{name}": (package / name).read_text(encoding="utf-8") for name in COLOURS}
    files |= {f"skimage/{name}": text for name, text in FACADES.items()}
    version = importlib.metadata.version("scikit-image")
    files["skimage/__init__.py"] = f"__version__ = {version!r}\n"
    conversions = files["skimage/color/colorconv.py"]
    if conversions.count(SCIPY) != 1 or "scipy" in conversions.replace(SCIPY, ""):
        raise ValueError(f"scikit-image {version} uses SciPy in another way: look at course_utils/live/wheels.py")
    files["skimage/color/colorconv.py"] = conversions.replace(SCIPY, NUMPY)
    licence = next(file for file in importlib.metadata.files("scikit-image") if file.name.startswith("LICENSE"))
    files["skimage/LICENSE.txt"] = licence.read_text(encoding="utf-8")
    return pack(folder, "scikit_image", f"{version}+colours", {name: text.encode() for name, text in files.items()})


def installed(folder, name):
    """The Python files of a package as it is installed here, without tests and without what was compiled from them."""
    files = {}
    for file in importlib.metadata.files(name):
        path = file.as_posix()
        licence = ".dist-info/" in path and ("LICENSE" in path.upper() or "LICENCE" in path.upper())
        if licence or (path.endswith(".py") and "tests/" not in path and not path.startswith("..")):
            files[path] = Path(file.locate()).read_bytes()
    return pack(folder, re.sub(r"[-.]+", "_", name), importlib.metadata.version(name), files)


def pack(folder, name, version, files):
    """Write a wheel of files, `{path: bytes}`; return its path."""
    made = Path(folder) / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    about = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n"
    kind = "Wheel-Version: 1.0\nGenerator: course\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {**files, f"{info}/METADATA": about.encode(), f"{info}/WHEEL": kind.encode()}
    rows = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in sorted(files.items())]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, STAMP), content, zipfile.ZIP_DEFLATED)
    return made


def _digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _package(name):
    """Where a package is installed, found without importing it."""
    return Path(importlib.util.find_spec(name).origin).parent
