"""One folder for any web host: the pages, and JupyterLite with the released lessons and a Python of their own."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from course_utils.authoring import needs, setup_cell
from course_utils.authoring.source import dumps
from course_utils.base import paths, project
from course_utils.base.errors import CourseError
from course_utils.live import compiled, pyodide, wheels
from course_utils.site import build_site
from course_utils.site.publish import publish

HERE = Path(__file__).parent
SITE = HERE.parent / "site"
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@jupyterlite/pyodide-kernel-extension",
    "anywidget",
    "jupyterlab_pygments",
)
KERNEL = ("piplite", "pyodide_kernel", "ipykernel")  # wheels that the kernel's extension brings along
ABSENT = ("ssl", "jedi")  # the kernel asks for them by name and gets by without
PURE = {
    "comm": ["traitlets"],
    "typing-extensions": [],
    "psygnal": ["typing-extensions"],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "anywidget": ["ipywidgets", "psygnal"],
}
NEEDS = ("numpy", "matplotlib", "pillow", "threadpoolctl", "anywidget", "scikit-image")
START = ("ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi", "ipython", "micropip", "piplite",
         "one-by-one-course")  # fmt: skip
PYTHON = {"packages": list(START), "env": {"COURSE_HOME": "/drive"}}  # what Pyodide starts with
ASKED = re.compile(r"(!\(!\(null==(\w+)\?void 0:\2\.enabled\)&&!crossOriginIsolated\))")  # can files be kept?
EPOCH = "1577836800"  # 2020: lessons have no time of their own in the site


def build_live(out, folder=None, lessons=None, root=paths.ROOT, report=print):
    """Write the pages and the lessons that run in a browser into the folder `out`; return the path of the front page.

    `folder` holds the files of Pyodide; without it they are fetched. `lessons` names the pages to write (default: all).

    >>> build_live("site", "pyodide")                          # doctest: +SKIP
    PosixPath('site/index.html')
    """
    add_notebooks(out, folder, root, report)
    return build_site(out, lessons, root, report, live=whole_lessons(root))


def add_notebooks(out, folder=None, root=paths.ROOT, report=print):
    """Write JupyterLite with the lessons that run in a browser into the folder `out`/live."""
    if importlib.util.find_spec("jupyterlite_core") is None:
        raise CourseError(f"JupyterLite is not installed: `{project.adds('live')}` installs it.")
    out = Path(out).resolve()
    with tempfile.TemporaryDirectory(prefix="course-live-") as room:
        source, made = Path(room, "source"), Path(room, "made")
        static = source / "static/pyodide"
        static.mkdir(parents=True)
        pyodide.take(static, folder, report)
        fill(source, static, root, report)
        report("building JupyterLite")
        _jupyterlite(source, made, root)
        finish(made)
        publish(made, out, "live")


def whole_lessons(root=paths.ROOT):
    """The lessons that run whole in a browser, which has no PyTorch."""
    return needs.without_torch(root)


def fill(source, static, root=paths.ROOT, report=print):
    """What JupyterLite is built from: our wheels with the lock file beside Pyodide, the released lessons, settings."""
    lock = _lock(static, root, report)
    (static / "pyodide-lock.json").write_text(json.dumps(lock, indent=1, sort_keys=True), encoding="utf-8")
    (source / "files").mkdir()
    for name in whole_lessons(root):
        released = paths.notebooks(root) / name / f"{name}.ipynb"
        nb = setup_cell.removed(nbformat.read(released, as_version=4))
        (source / "files" / released.name).write_bytes(dumps(nb))
    for name, content in (("jupyter-lite.json", _config()), ("overrides.json", SETTINGS)):
        (source / name).write_text(json.dumps(content, indent=1), encoding="utf-8")


def _lock(static, root, report):
    """The lock file: the pinned packages, and our own beside them."""
    release = pyodide.pinned()
    ours = [_entry(name, wheels.installed(static, name), [name.replace("-", "_")], own) for name, own in PURE.items()]
    for name in KERNEL:
        wheel = shutil.copy(_of_kernel(name), static)
        depends = {"piplite": ["micropip"], "pyodide_kernel": ["ipykernel", "comm", "ipython"]}.get(name, [])
        ours.append(_entry(name, Path(wheel), [name], depends))
    ours += [_entry(name, wheels.pack(static, name, "0", {}), [], []) for name in ABSENT]
    ours.append(_entry("scikit-image", wheels.colours(static), ["skimage"], ["numpy"]))
    put = compiled.compile_archives(static, report)
    ours.append(_entry("one-by-one-course", wheels.course(static, root), ["course_utils"], [*NEEDS]))
    packages = release["packages"] | {entry["name"]: entry for entry in ours}
    for entry in packages.values():
        entry["file_name"] = put.get(entry["file_name"], [entry["file_name"]])[0]
        entry["sha256"] = hashlib.sha256((static / entry["file_name"]).read_bytes()).hexdigest()
    return {"info": release["info"], "packages": packages}


def _entry(name, wheel, imports, depends):
    return {
        "name": pyodide.normal(name),
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "imports": imports,
        "depends": depends,
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }


def _of_kernel(name):
    folder = Path(sys.prefix, "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi")
    found = sorted(folder.glob(f"{name}-*.whl"))
    if not found:
        raise CourseError(f"{name} is not in {folder}: install jupyterlite-pyodide-kernel again.")
    return found[-1]


def _config():
    kernel = {"pyodideUrl": "./static/pyodide/pyodide.js", "disablePyPIFallback": True, "loadPyodideOptions": PYTHON}
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "1×1 convolutions",
            "defaultKernelName": "python",
            "exposeAppInBrowser": True,
            "disabledExtensions": [*NOT_BUILT],
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
        },
    }


PAGES = ("notebooks", "tree", "edit")  # a lesson, the list of a learner's files, and a text in it
NOT_BUILT = (  # what opens other pages
    "@jupyterlab/console-extension",
    "@jupyterlab/tooltip-extension:consoles",
    "@jupyter-notebook/console-extension",
    "@jupyter-notebook/application-extension:pages",
)
NOT_THERE = {"jp-mainmenu-file": ("filemenu:create-console",), "jp-mainmenu-run": ("notebook:run-in-console",)}
SETTINGS = {
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},  # dark where the computer is set so
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # search and print find every cell
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},
    "@jupyterlab/filebrowser-extension:browser": {"showLastModifiedColumn": False},  # files of the site have no date
    "@jupyterlab/mainmenu-extension:plugin": {
        "menus": [
            {"id": menu, "items": [{"command": name, "disabled": True} for name in names]}
            for menu, names in NOT_THERE.items()
        ]
    },
}


def _jupyterlite(source, made, root):
    """Run `jupyter lite build`; its output is shown only where it fails."""
    labextensions = Path(sys.prefix, "share/jupyter/labextensions")
    settings = {
        "LiteBuildConfig": {
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [str(labextensions / name) for name in EXTENSIONS],
        }
    }
    (source / "jupyter_lite_config.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(source), "--output-dir", str(made)),
        *("--contents", "files", "--no-sourcemaps", "--no-unused-shared-packages"),
        *(part for name in PAGES for part in ("--apps", name)),
    ]
    environment = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"JupyterLite was not built:\n{(done.stdout + done.stderr)[-2000:]}")


def finish(made):
    """What the built folder still lacks: our script on the notebook's page, and what there is to transfer."""
    _wait_for_files(made)
    page = made / "notebooks/index.html"
    html = page.read_text(encoding="utf-8")
    html = html.replace("<title>Jupyter Notebook - Notebooks</title>", "<title>3×3 is a lie: 1×1 convolutions</title>")
    icon = re.search(r'<link rel="icon".*?>', (SITE / "base.html").read_text(encoding="utf-8"))[0]
    html = html.replace("</head>", f'{icon}\n<script src="../course.js" type="module"></script>\n</head>')
    page.write_text(html, encoding="utf-8")
    for name in ("course.js", "kernel.js", "zip.js"):
        shutil.copy(HERE / name, made)
    static = made / "static/pyodide"
    lock = json.loads((static / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    at_start = [*(name for name in pyodide.CORE if name != "pyodide.mjs"), "pyodide-lock.json", *_needed(lock, START)]
    sizes = {f"static/pyodide/{name}": (static / name).stat().st_size for name in at_start}
    (made / "transfer.json").write_text(json.dumps(sizes, indent=1), encoding="utf-8")


def _wait_for_files(made):
    """Have a kernel begin when the page knows whether it can keep files: an earlier one would see none of them.

    JupyterLite looks at that once, when it makes the kernel, and on a page that is loaded again that may come first.
    """
    waiting, changed = r"(await(\2&&navigator.serviceWorker?\2.ready.catch(()=>{}):0),\1)", 0
    for script in sorted(made.glob("extensions/@jupyterlite/pyodide-kernel-extension/static/*.js")):
        text, count = ASKED.subn(waiting, script.read_text(encoding="utf-8"))
        changed += count
        script.write_text(text, encoding="utf-8")
    if changed != 1:
        said = f"JupyterLite asks in {changed} places whether files can be kept, expected 1"
        raise CourseError(f"{said}: is it the version in constraints.txt?")


def _needed(lock, names):
    """The files of packages and of all that they depend on."""
    seen, waiting = {}, [*names]
    while waiting:
        name = pyodide.normal(waiting.pop())
        if name not in seen:
            seen[name] = lock[name]["file_name"]
            waiting += lock[name]["depends"]
    return sorted(seen.values())
