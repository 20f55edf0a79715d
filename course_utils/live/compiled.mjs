// node compiled.mjs STATIC CODE NAMES OUT: the archives of NAMES in the folder STATIC, compiled by the Pyodide that is there
import fs from "fs";
import path from "path";
import { pathToFileURL } from "url";

const [static_, code, names, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(static_, "pyodide.mjs")));
// sets of constants lie in byte code in the order of their hashes: with one seed that is the same each time
// where in a line an error is, which the sources would be needed to show, is a fifth of all byte code
const python = await loadPyodide({
  indexURL: static_ + path.sep,
  env: { PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" },
});
for (const [place, root] of Object.entries({ "/archives": static_, "/made": out })) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, place);
}
python.globals.set("names", names);
python.runPython(
  fs.readFileSync(code, "utf-8") +
    `
import sys, sysconfig, warnings
warnings.simplefilter("ignore")
for name in names.split(","):
    place = sysconfig.get_path("purelib") if name.endswith(".whl") else next(p for p in sys.path if p.endswith(".zip"))
    compile_archive(f"/archives/{name}", f"/made/{name}", place)
`,
);
process.exit(0);
