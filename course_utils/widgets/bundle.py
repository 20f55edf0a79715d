"""Modules of JavaScript made one text, for a notebook and a page, which have no server to import the others from.

Files import one another by name, as a browser, ESLint and an editor read them. Their form here is one of four lines, so
this is shorter than a bundler, its lock file and fourteen built files that must be kept like their sources: whoever has
only Python edits a file and sees it in the next notebook. What has another form is refused, never passed on half.
"""

import json
import re
from functools import cache
from pathlib import Path

from course_utils.base.errors import CourseError

IMPORT = re.compile(r'^import (?:\{([^}]*)\}|(\w+)) from "(\.[\w./]+)"(?: with \{ type: "json" \})?;\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
LIST = re.compile(r"^export \{([^}]*)\};\n?", re.MULTILINE)
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)  # on lines of their own: every notebook that is saved would hold them
OTHER = re.compile(r"^(?:import\b(?!\s*\()|export\b).*", re.MULTILINE)  # `import(…)` is no import of a file


@cache
def bundle(path: Path) -> str:
    """The text of a module with all that it imports inside; what it exports it still exports.

    >>> text = bundle(Path(__file__).with_name("tile_walker.js"))
    >>> "\\nimport " in text, text.count("export default"), text.count("const $numbers =")
    (False, 1, 1)

    Each imported file is a function of its own that runs once and returns what the file exports, so that names of one
    file never meet those of another. Raises `CourseError` where an import or export has another form, where a file
    lacks what is imported from it, and where files import one another in a circle.
    """
    done: dict[Path, tuple[str, list[str], str]] = {}
    path = Path(path).resolve()
    main = _linked(path, done, ())
    _refuse(re.search(r"^(?:import\b(?!\s*\()|export .* from\b).*", main, re.MULTILINE), path)
    return "\n".join([*(text for _, _, text in done.values()), main])


def _linked(path, done, importers):
    """The text of a file with each import a constant that takes from a module in `done`, which this fills."""
    if path in importers:
        raise CourseError(f"{path.name} imports itself by way of {' and '.join(one.name for one in importers)}.")

    def taken(match):
        names, whole, target = match.groups()
        name, offered = _module((path.parent / target).resolve(), path, done, (*importers, path))
        if whole:
            return f"const {whole} = {name};\n"
        wanted = [one.strip() for one in names.split(",") if one.strip()]
        for one in wanted:
            if one.split(" as ")[0] not in offered:
                raise CourseError(f"{path.name} imports {one} from {target}, which exports {', '.join(offered)}.")
        return f"const {{ {', '.join(one.replace(' as ', ': ') for one in wanted)} }} = {name};\n"

    return IMPORT.sub(taken, COMMENT.sub("", path.read_text(encoding="utf-8")))


def _module(path, importer, done, importers):
    """The constant that holds an imported file, and the names it offers."""
    if path not in done:
        if not path.is_file():
            raise CourseError(f"{importer.name} imports {path.name}, and there is no such file beside it.")
        if path.suffix == ".json":
            offered, body = [], json.dumps(json.loads(path.read_text(encoding="utf-8")))
        else:
            text = _linked(path, done, importers)
            offered = EXPORT.findall(text) + [
                one.strip() for names in LIST.findall(text) for one in names.split(",") if one.strip()
            ]
            text = LIST.sub("", EXPORT.sub("", text))
            _refuse(OTHER.search(text), path)
            body = f"(() => {{\n{text}return {{ {', '.join(offered)} }};\n}})()"
        name = "$" + re.sub(r"\W", "_", path.name.removesuffix(".js"))
        if name in [other for other, _, _ in done.values()]:
            raise CourseError(f"{importer.name} reaches two files named {path.name}: give one of them another name.")
        done[path] = name, offered, f"const {name} = {body};"
    name, offered, _ = done[path]
    return name, offered


def _refuse(line, path):
    if line:
        raise CourseError(f"{path.name} has {line.group()!r}: only named imports and exports can be bundled.")
