"""One archive of Python files, compiled: `compiled.mjs` runs this in Pyodide itself, whose byte code it has to be.

The same archive gives the same bytes: files in order, one time stamp for all, no look at the sources' own.
"""

import py_compile
import tempfile
import zipfile
from pathlib import Path

STAMP = (2020, 1, 1, 0, 0, 0)
LEFT_OUT = (  # what nothing opens: samples, PostScript's fonts, what C programs and terminals need, other languages
    "IPython/sphinxext/",
    "IPython/terminal/",
    "matplotlib/mpl-data/sample_data/",
    "matplotlib/mpl-data/fonts/afm/",
    "matplotlib/mpl-data/fonts/pdfcorefonts/",
    "numpy/f2py/",
    "numpy/_core/include/",
    "prompt_toolkit/",
    "pygments/lexers/",
)
KEPT = (  # of it, what is opened all the same
    "IPython/terminal/__init__.py",
    "IPython/terminal/pt_inputhooks/__init__.py",
    *(f"pygments/lexers/{name}.py" for name in ("__init__", "_mapping", "python", "special")),
)
EMBED = "IPython/terminal/embed.py"  # IPython imports it as it starts, and with it all that draws in a terminal
INSTEAD = {EMBED: b"embed = None  # there is no terminal\n"}
SELDOM = (  # stays as it is, for byte code is larger: no lesson imports it
    "matplotlib/testing/",
    "mpl_toolkits/axes_grid1/",
    "mpl_toolkits/axisartist/",
    "multiprocessing/",
    "numpy/testing/",
    "pygments/styles/",
)


def compile_archive(path, made, place):
    """Write the archive `made`: the one at `path` with byte code in place of Python files, as if they lay in `place`.

    What is no Python of this version, as a template is none, stays as it is; RECORD, which lists the files, goes.

    >>> compile_archive("numpy.whl", "made.whl", "/lib/python3.12/site-packages")     # doctest: +SKIP
    """
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(old.namelist()):
            if name.endswith(".dist-info/RECORD") or (name.startswith(LEFT_OUT) and name not in (*KEPT, *INSTEAD)):
                continue
            content, compiled = INSTEAD.get(name) or old.read(name), None
            if name.endswith(".py") and not name.startswith(SELDOM):
                compiled = byte_code(content, f"{place}/{name}")
            name, content = (name, content) if compiled is None else (f"{name}c", compiled)
            new.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)


def byte_code(source, name):
    """The content of a .pyc for a source, which Python takes without looking for the source; None for no Python.

    >>> import importlib.util
    >>> byte_code(b"x = 1", "x.py")[:2] == importlib.util.MAGIC_NUMBER[:2]
    True
    >>> byte_code(b"{{ x }} = 1", "template.py") is None
    True
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "source.py")
        path.write_bytes(source)
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        try:
            made = py_compile.compile(path, Path(folder, "made.pyc"), name, doraise=True, invalidation_mode=mode)
        except py_compile.PyCompileError:
            return None
        return Path(made).read_bytes()
