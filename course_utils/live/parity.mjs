// node parity.mjs STATIC ROOT LESSONS OUT: the table of parity.py, made by Pyodide with the modules of a clone
import fs from "fs";
import path from "path";
import { pathToFileURL } from "url";

const [static_, root, lessons, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(static_, "pyodide.mjs")));
const quiet = { messageCallback() {} };
const python = await loadPyodide({ indexURL: static_ + path.sep });
await python.loadPackage(["one-by-one-course", "scikit-image"], quiet);
python.FS.mkdirTree("/clone/course_utils");
python.FS.mount(python.FS.filesystems.NODEFS, { root: path.join(root, "course_utils") }, "/clone/course_utils");
python.globals.set("wanted", lessons);
fs.writeFileSync(
  out,
  await python.runPythonAsync(`
import json, pathlib, runpy, sys
from course_utils.data import photos
ours = photos.OURS
for name in [name for name in sys.modules if name.startswith("course_utils")]:
    del sys.modules[name]
sys.path.insert(0, "/clone")
from course_utils.data import photos
photos.OURS = ours
table = runpy.run_path("/clone/course_utils/live/parity.py")["table"]
json.dumps(table(wanted.split(",")))
`),
);
process.exit(0);
