// What the notebook's page does beside JupyterLite: says what is loading, keeps work and hands it out, ends a cell that does
// not end. Nothing here asks another host for anything, and nothing ever writes over a learner's work.
import { pack, unpack } from "./zip.js";

const LESSON = decodeURIComponent(new URLSearchParams(location.search).get("path") ?? "");
const ROOT = new URL("..", location.href); // where JupyterLite lies
const PROGRESS = "progress.txt";
const READY = `from course_utils import check, plots, widgets
get_ipython().Completer.use_jedi = False  # it is not here
get_ipython().execution_count = 0`; // this cell counted: errors would say In[2] in the cell that is [1]
const LONG = 30_000; // milliseconds after which a cell that still runs is spoken of
const PAUSE = 1_000; // milliseconds without a change after which what was written is saved

// ---- the bar above the notebook --------------------------------------------------------------------------------------

const make = (name, text = "", more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);

const style = make(
  "style",
  `
  :root { --bar: 2.75rem; }
  #course, #notes { color-scheme: light; --says: light-dark(#1d2129, #e4e6ea); --link: light-dark(#00639b, #6cbcf0); --line: light-dark(#b9c2cd, #4a5260); --sheet: light-dark(#fff, #14171c); }
  body[data-jp-theme-light="false"] :is(#course, #notes) { color-scheme: dark; }
  #course { position: fixed; inset: 0 0 auto 0; box-sizing: border-box; min-height: 2.75rem; z-index: 20; display: flex; align-items: center; gap: .3rem .8rem;
    padding: 0 .8rem; font: .875rem/1.3 system-ui, sans-serif; color: var(--says); background: light-dark(#f5f7f9, #1d222a); border-bottom: 1px solid var(--line); }
  #course a { color: var(--link); white-space: nowrap; }
  #course output { flex: 1; min-width: 0; }
  #course button, #notes button { font: inherit; padding: .25em .7em; color: inherit; background: var(--sheet); border: 1px solid light-dark(#5a6270, #a3abb8); border-radius: 6px; cursor: pointer; }
  #course button.first { color: #fff; background: #00639b; border-color: #00639b; }
  #course summary { cursor: pointer; padding: .4em .2em; white-space: nowrap; }
  #course details > div { position: absolute; right: .4rem; top: 100%; display: grid; gap: .5rem; box-sizing: border-box; width: min(19rem, 100vw - .8rem); padding: .8rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 4px 14px #0003; }
  #notes { position: fixed; inset: auto 0 0 0; z-index: 21; display: grid; font: .9rem/1.4 system-ui, sans-serif; color: var(--says); }
  #notes > div { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .8rem; padding: .6rem .9rem; background: light-dark(#fff3d6, #3a2c10); border-top: 1px solid light-dark(#b34e00, #f29b5c); }
  #course :focus-visible, #notes :focus-visible { outline: 3px solid light-dark(#5b4fa8, #b9abf7); outline-offset: 2px; }
  body > #main.jp-LabShell, body > #main { top: var(--bar) !important; height: calc(100% - var(--bar)) !important; }
  @media (max-width: 44rem) { #course { flex-wrap: wrap; gap: 0 .5rem; padding: .2rem .5rem; }
    #course output { order: 1; flex: 1 0 100%; } #course button.first { margin-left: auto; } }
  .jp-NotebookCheckpoint, .jp-NotebookTrustedStatus { display: none !important; } /* files of the site have no date, and nobody to distrust */
  @media print { #course, #notes { display: none; } }`,
);

const says = make("output", "", { id: "says" });
const notes = make("div", "", { id: "notes" });
notes.setAttribute("role", "status");

function bar() {
  const name = LESSON.match(/^\d\w+/)?.[0] ?? "."; // a copy beside a lesson is called so too, with more behind it
  const back = make("a", "← The lesson to read", {
    href: new URL(`../${name}/index.html`, ROOT),
    onclick: (event) => {
      const context = app()?.shell?.currentWidget?.context;
      if (!context?.model?.dirty || event.ctrlKey || event.metaKey || event.shiftKey) return; // or in a tab of its own
      event.preventDefault();
      attempt(async () => (await context.save(), (location.href = back.href)));
    },
  });
  const hand = make("button", "Download to hand in", { className: "first", onclick: () => attempt(handIn) });
  const more = make("details");
  const panel = make("div");
  panel.append(
    make("span", "Your work is kept in this browser, on this computer alone, and browsers clear up: download often."),
    make("button", "Download everything", { onclick: () => attempt(downloadAll) }),
    make("button", "Bring it back", { onclick: () => attempt(bringBack) }),
  );
  more.append(make("summary", "Your work"), panel);
  more.addEventListener("keydown", (event) => event.key === "Escape" && (more.open = false));
  const region = make("nav", "", { id: "course" });
  region.setAttribute("aria-label", "This lesson and your work");
  region.append(back, says, hand, more);
  document.head.append(style);
  document.body.append(region, notes);
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--bar", `${region.offsetHeight}px`);
    dispatchEvent(new Event("resize")); // JupyterLite lays itself out below
  }).observe(region);
}

function note(text, actions = {}) {
  const line = make("div");
  line.append(make("span", text));
  for (const [label, action] of Object.entries({ ...actions, Close: () => {} }))
    line.append(make("button", label, { onclick: () => (line.remove(), attempt(action)) }));
  notes.append(line);
  return line;
}

async function attempt(action) {
  try {
    await action();
  } catch (error) {
    note(`That did not work: ${error.message}. Nothing was changed.`);
  }
}

// ---- Python starts at once: its worker waits for the kernel of JupyterLite, which asks for one when all is put together --

const { Worker } = window;

function begun() {
  const worker = new Worker(new URL("kernel.js", ROOT));
  worker.addEventListener("message", ({ data }) => {
    if (data?.failed) note(`Python did not start: ${data.failed}. Reload the page.`);
  });
  return worker;
}

let waiting = begun();

window.Worker = function (address, options) {
  if (!String(address).includes("/pyodide-kernel-extension/")) return new Worker(address, options);
  const worker = waiting ?? begun();
  waiting = null;
  worker.postMessage(String(address));
  return worker;
};
window.Worker.prototype = Worker.prototype;

// ---- loading: the files of Python, counted as they come, ahead of the kernel that will ask for them -------------------

async function load() {
  const sizes = await (await fetch(new URL("transfer.json", ROOT))).json();
  const total = Object.values(sizes).reduce((sum, size) => sum + size);
  let come = 0;
  const say = () =>
    !ready &&
    (says.textContent = `Python is loading: ${(come / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB. Read on; cells run when it is here.`);
  const waiting = Object.keys(sizes);
  const worker = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      const reader = (await fetch(new URL(name, ROOT))).body.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) ((come += part.value.length), say());
    }
  };
  say();
  await Promise.all([worker(), worker(), worker(), worker()]);
  if (!ready) says.textContent = "Python has come and is starting. Read on.";
}

let ready = false;

// ---- the notebook, once JupyterLite shows it --------------------------------------------------------------------------

async function until(found, every = 100) {
  for (;;) {
    const value = found();
    if (value) return value;
    await new Promise((done) => setTimeout(done, every));
  }
}

const app = () => window.jupyterapp;
const panel = () => until(() => app()?.shell?.currentWidget?.context && app().shell.currentWidget);
const contents = () => app().serviceManager.contents;

async function open() {
  const widget = await panel();
  await widget.context.ready;
  const session = widget.context.sessionContext;
  await session.ready;
  watch(session);
  session.kernelChanged.connect(() => watch(session));
  attempt(() => newer(widget));
  attempt(() => alone(widget));
  keep(widget.context);
  navigator.storage?.persist?.();
  const worker =
    navigator.serviceWorker &&
    (await Promise.race([navigator.serviceWorker.ready, new Promise((done) => setTimeout(done, 15_000))]));
  if (!worker)
    note(
      "This window does not let the page keep files (a private window?): checks work, progress is not saved. Download your work before you close it.",
    );
}

/** What was written is saved when the learner pauses, and when the page is left or put away. */
function keep(context) {
  let timer = 0;
  const save = () => context.model.dirty && context.save().catch(() => {}); // it says itself what went wrong
  context.model.contentChanged.connect(() => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  document.addEventListener("visibilitychange", () => document.hidden && save());
}

// ---- a kernel: ready while one reads; interrupting is not possible here, so it is restarted -----------------------

const watched = new WeakSet();

async function watch(session) {
  const kernel = session.session?.kernel;
  if (!kernel || watched.has(kernel)) return;
  watched.add(kernel);
  const restart = async () => {
    says.textContent = "Python restarts. Your text stays; run the cells you need again.";
    await session.restartKernel();
    whenReady(kernel);
  };
  kernel.interrupt = async () =>
    void note(
      "Python in the browser cannot be interrupted, only restarted: what you wrote stays, what you computed goes.",
      { "Restart Python": restart },
    );
  let [timer, line] = [0, null];
  kernel.statusChanged.connect((_, status) => {
    clearTimeout(timer);
    line?.remove();
    if (status === "busy" && ready)
      timer = setTimeout(
        () =>
          (line = note(
            "A cell has been running for half a minute. Does it end? If not, restart Python: what you wrote stays.",
            { "Restart Python": restart },
          )),
        LONG,
      );
  });
  whenReady(kernel);
}

async function whenReady(kernel) {
  const { content } = await kernel.requestExecute({
    code: READY,
    silent: true,
    store_history: false,
    stop_on_error: false,
  }).done;
  ready = true;
  says.textContent =
    content.status === "ok"
      ? "Ready. Run a cell with Shift+Enter."
      : `Python runs, but not the course: ${content.ename}: ${content.evalue}. Reload the page.`;
  document.documentElement.dataset.python = "ready";
}

// ---- a new version of the lesson lies beside the learner's, never over it ---------------------------------------------

const fetched = async (path) => (await fetch(new URL(path, ROOT), { cache: "no-cache" })).json();

/** A lesson as this site has it, or null for a notebook that is only the learner's. */
async function served(name) {
  const listed = (await fetched("api/contents/all.json")).content.some((one) => one.name === name);
  return listed ? fetched(`files/${name}`) : null;
}

async function newer(widget) {
  const released = await served(LESSON);
  const mine = widget.context.model.toJSON();
  if (!released || released.metadata.course?.digest === mine.metadata.course?.digest) return;
  note("There is a newer version of this lesson. Yours stays as it is.", {
    "Open the new one beside it": async () => {
      const path = await free(LESSON.replace(/\.ipynb$/, " (new).ipynb"));
      await contents().save(path, { type: "notebook", format: "json", content: released });
      location.search = `?path=${encodeURIComponent(path)}`;
    },
  });
}

/** The path, or one like it that no file has. */
async function free(path) {
  const there = new Set((await contents().get("")).content.map((one) => one.name));
  let [name, n] = [path, 1];
  while (there.has(name)) name = path.replace(/(\.\w+)$/, ` ${++n}$1`);
  return name;
}

// ---- two tabs: one works, the other looks on --------------------------------------------------------------------------

async function alone(widget) {
  const channel = new BroadcastChannel("course");
  const name = `course ${ROOT.pathname}${LESSON}`;
  const hold = (options, got) => navigator.locks.request(name, options, got);
  const look = (text, actions) => ((widget.content.node.inert = true), note(text, actions));
  const work = () =>
    new Promise((leave) => {
      channel.onmessage = async ({ data }) => {
        if (data !== name) return;
        // a cell that still runs would write on, and what it writes be saved over the other tab's
        await widget.context.sessionContext.session?.kernel?.shutdown().catch(() => {});
        await widget.context.save();
        look("You work on this lesson in another tab now. This one only shows what was here.");
        leave();
      };
    });
  await hold({ ifAvailable: true }, (lock) => {
    if (lock) return work();
    look("This lesson is open in another tab. So that nothing is lost, only one tab takes what you write.", {
      "Work here instead": async () => {
        channel.postMessage(name);
        hold({}, () => location.reload());
      },
    });
  });
}

// ---- handing in, taking along, bringing back --------------------------------------------------------------------------

function save(name, parts, type) {
  const link = make("a", "", { href: URL.createObjectURL(new Blob(parts, { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const text = (notebook) => JSON.stringify(notebook, null, 1) + "\n";
const written = (notebook) =>
  JSON.stringify(notebook.cells.map((cell) => [cell.cell_type, [].concat(cell.source).join("")]));

async function handIn() {
  const widget = await panel();
  await widget.context.save();
  save(LESSON.split("/").pop(), [text(widget.context.model.toJSON())], "application/x-ipynb+json");
}

async function downloadAll() {
  await (await panel()).context.save();
  const files = {};
  for (const { name } of (await contents().get("")).content.filter((one) => one.type === "notebook")) {
    const mine = (await contents().get(name, { content: true })).content;
    const released = await served(name);
    if (!released || written(released) !== written(mine)) files[name] = text(mine);
  }
  const progress = await contents()
    .get(PROGRESS, { content: true })
    .catch(() => null);
  if (progress) files["progress.txt"] = progress.content;
  if (!Object.keys(files).length)
    return note("There is nothing of yours here yet: no lesson differs from its release.");
  save(`course-${new Date().toISOString().slice(0, 10)}.zip`, [pack(files)], "application/zip");
}

async function bringBack() {
  const chooser = make("input", "", { type: "file", accept: ".zip,.ipynb", multiple: true });
  chooser.click();
  await new Promise((done) => chooser.addEventListener("change", done, { once: true }));
  const { context } = await panel();
  await context.save(); // what is on the screen is what may have to be kept
  const brought = [];
  for (const file of chooser.files) {
    const entries = file.name.endsWith(".zip")
      ? await unpack(await file.arrayBuffer())
      : { [file.name]: await file.text() };
    for (const [path, content] of Object.entries(entries)) brought.push(await putBack(path.split("/").pop(), content));
  }
  await context.revert(); // shows what was brought back, and saves nothing over it
  const done = brought.filter(Boolean);
  note(done.length ? `Brought back: ${done.join("; ")}.` : "There was nothing in it that belongs to this course.");
}

/** One file of the learner's, back in its place; what is there already is kept beside it, under another name. */
async function putBack(name, content) {
  if (name === "progress.txt") {
    const here = await contents()
      .get(PROGRESS, { content: true })
      .catch(() => null);
    const lines = [...new Set(`${here?.content ?? ""}\n${content}`.split("\n").filter(Boolean))];
    await contents().save(PROGRESS, { type: "file", format: "text", content: lines.join("\n") + "\n" });
    return "progress";
  }
  if (!name.endsWith(".ipynb")) return "";
  const notebook = JSON.parse(content);
  if (!Array.isArray(notebook.cells)) throw new Error(`${name} is not a notebook`);
  const here = await contents()
    .get(name, { content: true })
    .catch(() => null);
  const released = await served(name);
  let kept = "";
  if (
    here &&
    written(here.content) !== written(notebook) &&
    !(released && written(released) === written(here.content))
  ) {
    kept = await free(name.replace(/\.ipynb$/, ` (kept ${new Date().toISOString().slice(0, 10)}).ipynb`));
    await contents().save(kept, { type: "notebook", format: "json", content: here.content });
  }
  await contents().save(name, { type: "notebook", format: "json", content: notebook });
  return kept ? `${name}, and what was here is now ${kept}` : name;
}

bar();
load().catch(() =>
  note("A part of Python could not be fetched, so cells will not run. Is there a network? Reload the page."),
);
attempt(open);
