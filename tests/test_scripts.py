"""The JavaScript of the course: modules that a browser takes as they are, one text where there is no server."""

import functools
import http.server
import json
import shutil
import subprocess
import threading

import pytest
from widgets_page import MAKERS, readout, settle, show

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.widgets.bundle import bundle

PACKAGE = paths.ROOT / "course_utils"


@pytest.fixture
def folder(tmp_path):
    """Writes files `{name: text}` into an empty folder, and returns the first."""

    def written(files):
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / next(iter(files))

    return written


@pytest.fixture(scope="module")
def server():
    """The address at which a browser finds the package's files."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def end_headers(self):
            self.send_header("Access-Control-Allow-Origin", "*")  # for a page that has no address
            super().end_headers()

        def log_message(self, *_):
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(PACKAGE)))
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()


@pytest.mark.browser
def test_a_browser_imports_every_file_as_it_is_and_finds_in_the_bundle_the_same_names(page, server):
    names = "(address) => import(address).then((module) => Object.keys(module).sort())"
    blob = "(code) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))"
    for path in sorted((PACKAGE / "widgets").glob("*.js")):
        as_it_is = page.evaluate(names, f"{server}/widgets/{path.name}")
        assert page.evaluate(names, page.evaluate(blob, bundle(path))) == as_it_is != [], path.name


@pytest.mark.browser
def test_a_name_may_stand_in_two_files_and_mean_two_things(page, folder):
    path = folder(
        {
            "main.js": 'import { first as one } from "./a.js";\nimport { second } from "./b.js";\n\n'
            "const same = 3;\n\nexport const all = [one, second(), same];\n",
            "a.js": "const same = 1;\n\nexport const first = same;\n",
            "b.js": 'import {\n  first,\n} from "./a.js";\n\nconst same = 2;\n\n'
            "function second() {\n  return same + first;\n}\n\nexport { second };\n",
        }
    )
    code = bundle(path)
    load = "(code) => import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))).then((it) => it.all)"
    assert page.evaluate(load, code) == [1, 3, 3]
    assert code.count("const $a =") == 1  # it runs once, whoever imports it


def test_numbers_and_texts_of_a_json_file_come_along(folder):
    files = {"main.js": 'import DATA from "./data.json" with { type: "json" };\n', "data.json": '{"a": "é"}'}
    assert 'const $data_json = {"a": "\\u00e9"};\nconst DATA = $data_json;' in bundle(folder(files))


@pytest.mark.parametrize(
    ("files", "said"),
    {
        "a file that is not there": ({"main.js": 'import { a } from "./a.js";\n'}, "no such file"),
        "a name that is not offered": (
            {"main.js": 'import { b } from "./a.js";\n', "a.js": "export const a = 1;\n"},
            "imports b from ./a.js, which exports a",
        ),
        "a circle": (
            {
                "main.js": 'import { a } from "./a.js";\n',
                "a.js": 'import { b } from "./b.js";\n\nexport const a = 1;\n',
                "b.js": 'import { a } from "./a.js";\n\nexport const b = 1;\n',
            },
            "a.js imports itself",
        ),
        "everything at once": ({"main.js": 'import * as a from "./a.js";\n'}, "only named imports"),
        "a package": ({"main.js": 'import { html } from "lit";\n'}, "only named imports"),
        "a default inside": (
            {"main.js": 'import { a } from "./a.js";\n', "a.js": "export const a = 1;\nexport default a;\n"},
            "only named imports",
        ),
        "a name that changes": (
            {"main.js": 'import { a } from "./a.js";\n', "a.js": "export const a = 1;\nexport let b = 2;\n"},
            "only named imports",
        ),
        "handed on": (
            {"main.js": 'export { a } from "./a.js";\n', "a.js": "export const a = 1;\n"},
            "only named imports",
        ),
    }.values(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_bundled_is_refused_in_a_sentence(folder, files, said):
    with pytest.raises(CourseError, match=said):
        bundle(folder(files))


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_each_widget_draws_itself_from_its_files_as_from_its_bundle(page, server, name):
    show(page, MAKERS[name]())
    told = readout(page)
    source = type(MAKERS[name]()).__module__.rpartition(".")[2]
    page.evaluate("() => { leave(); document.querySelector('main').replaceChildren(); }")
    page.evaluate(
        """async (address) => {
             const { default: widget } = await import(address);
             window.leave = widget.render({ model, el: document.querySelector("main") });
           }""",
        f"{server}/widgets/{source}.js",
    )
    settle(page)
    assert readout(page) == told != ""


def node_package(name):
    """The program of a package of Node's, or a skip that says what is missing."""
    program = paths.ROOT / "node_modules" / ".bin" / name
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    if not program.exists():
        pytest.skip("its packages are not installed: npm ci")
    return program


@pytest.mark.parametrize("command", [["eslint", "."], ["prettier", "--check", "."]], ids=lambda command: command[0])
def test_the_scripts_are_clean(command):
    made = subprocess.run([node_package(command[0]), *command[1:]], cwd=paths.ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr


def test_nothing_here_changes_what_node_takes_others_scripts_for():
    """Node reads the nearest package.json of a script; for those of packages in .venv that is ours."""
    assert "type" not in json.loads((paths.ROOT / "package.json").read_text(encoding="utf-8"))
