// The worker that Python lives in. Python starts with it, while the page is still being put together; the kernel of
// JupyterLite, whose script the page names when it asks for one, gets the Python that is under way.
const PYODIDE = new URL("static/pyodide/", location).href;
const WARM_UP =
  "import pyodide_kernel, matplotlib.figure, matplotlib.backends.backend_agg, anywidget\nfrom course_utils import check, plots, widgets";

/** The options that the kernel will ask for: Pyodide's packages, and Python's environment. */
async function options() {
  const settings = (await (await fetch(new URL("jupyter-lite.json", location))).json())["jupyter-config-data"];
  return settings.litePluginSettings["@jupyterlite/pyodide-kernel-extension:kernel"].loadPyodideOptions;
}

async function begin(loadPyodide) {
  const python = await loadPyodide({ indexURL: PYODIDE, ...(await options()) });
  try {
    python.runPython(WARM_UP);
  } catch {
    // the page asks again, and is told
  }
  return python;
}

let loads;
Object.defineProperty(self, "loadPyodide", {
  get: () => () => underWay,
  set(loadPyodide) {
    loads ??= loadPyodide;
  },
});
importScripts(`${PYODIDE}pyodide.js`); // the kernel does this again
const underWay = begin(loads);
underWay.catch((error) => postMessage({ failed: error.message }));

addEventListener("message", ({ data }) => importScripts(data), { once: true });
