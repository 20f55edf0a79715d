"""A page that stands in for the notebook, and one widget of each kind to show in it."""

import base64
import contextlib

import numpy as np

from course_utils import data, widgets
from course_utils.base import paths
from course_utils.widgets.bundle import bundle

# The site's own host puts a widget into an empty page; what listens to the model is counted on the way.
HOST = """async ({ host, code, css, state }) => {
  const { hostModel, loadModule, unpacked } = await import(URL.createObjectURL(new Blob([host], { type: "text/javascript" })));
  const model = hostModel(await unpacked(state));
  const { on, off } = model;
  let listeners = 0;
  Object.assign(model, { on: (...heard) => (listeners++, on(...heard)), off: (...heard) => (listeners--, off(...heard)) });
  document.head.innerHTML = `<title>Host</title><meta name="viewport" content="width=device-width"><style>${css}</style>`;
  document.body.innerHTML = "<main></main>";
  window.widget = await loadModule(code);
  window.model = model;
  window.listeners = () => listeners;
  window.leave = widget.default.render({ model, el: document.querySelector("main") });
}"""


def make_scan():
    return widgets.scan(data.feature_maps(longest=12), names=data.FEATURES)


def make_mixer():
    return widgets.rgb_mixer(data.photo("coffee", longest=60))


def make_slicer():
    images = [data.photo("chelsea", longest=30), data.photo("chelsea", longest=30)[:, ::-1]]
    return widgets.axis_slicer(np.stack(images).transpose(0, 3, 1, 2))


def make_run():
    return widgets.training_run(steps=40)


def make_shuffle():
    return widgets.shuffle_test(data.photo("coffee", longest=60), share=0.5)


def make_linker():
    images = np.stack([data.photo("china", longest=12), data.photo("flower", longest=12)])
    return widgets.column_linker(images.transpose(0, 3, 1, 2) / 255)


def make_sums():
    maps, weight = data.feature_maps(4)[0], np.random.default_rng(0).normal(size=(3, 4))
    return widgets.map_sums(np.einsum("oc,chw->cohw", weight, maps))


def make_sliding():
    rng = np.random.default_rng(0)
    return widgets.sliding_head(rng.random((40, 60)), 3 * rng.normal(size=(4, 4, 9)))


def make_board():
    board = widgets.claim_board()
    rng = np.random.default_rng(0)
    board.record(4, 1 / rng.integers(2, 9, 20))
    board.record(13, rng.uniform(0.97, 0.98, 20), given="channels of noise")
    board.record(13, rng.uniform(0, 1e-12, 20), given="mixes of 10 maps")
    board.record(12, [0.5, 0.25, 4, 6, 1])
    return board


MAKERS = {
    "board": make_board,
    "scan": make_scan,
    "mixer": make_mixer,
    "slicer": make_slicer,
    "linker": make_linker,
    "shuffle": make_shuffle,
    "run": make_run,
    "stack": widgets.stack_builder,
    "budget": widgets.budget,
    "roofline": widgets.roofline,
    "tiles": widgets.tile_walker,
    "xor": widgets.pixel_xor,
    "kept": widgets.channels_kept,
    "block": widgets.transformer_block,
    "collisions": widgets.collisions,
    "sums": make_sums,
    "sliding": make_sliding,
}


def public(widget):
    """The names of the traits that a widget shares with its picture."""
    return [
        name for name in widget.traits(sync=True) if name not in ("layout", "tabbable", "tooltip") and name[0] != "_"
    ]


def show(page, widget):
    """Render a widget as the notebook would, and wait for its first picture."""
    page.evaluate(HOST, host_arguments(widget))
    settle(page)


def host_arguments(widget):
    """What `HOST` needs of a widget."""
    state = widget.get_state(public(widget))
    for name, value in state.items():
        if isinstance(value, bytes):
            state[name] = {"base64": base64.b64encode(value).decode("ascii")}
    host = bundle(paths.ROOT / "course_utils" / "site" / "host.js")
    return {"host": host, "code": widget._esm, "css": widget._css, "state": state}


def settle(page):
    """Let two frames pass: a change is drawn in the next one."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@contextlib.contextmanager
def time_stands_still(page):
    """Within, time passes only by `page.clock.run_for`, however busy the computer is. `page.clock.install(time=0)` came first."""
    page.clock.pause_at(HOUR)
    yield
    page.clock.resume()


HOUR = 3600  # seconds; no test has lasted as long before it


def trait(page, name):
    return page.evaluate("(name) => model.get(name)", name)


def set_trait(page, name, value):
    page.evaluate("([name, value]) => model.set(name, value)", [name, value])
    settle(page)


def readout(page):
    settle(page)
    return page.get_by_role("status").inner_text()


def cell_at(page, index):
    """A cell of the notebook, scrolled into view: JupyterLab keeps only those near the screen in the page."""
    page.evaluate("(index) => jupyterapp.shell.currentWidget.content.scrollToItem(index, 'start')", index)
    cell = page.locator(f".jp-CodeCell[data-windowed-list-index='{index}']")
    cell.wait_for()
    page.wait_for_timeout(300)  # JupyterLab puts cells in their places
    return cell


def save(page):
    """Save the notebook, again where the kernel drew a picture of what had come to rest after it."""
    for _ in range(20):
        page.evaluate("jupyterapp.commands.execute('docmanager:save')")
        page.wait_for_timeout(3000)
        if not page.locator(".jp-mod-dirty").count():
            return
    raise AssertionError("the notebook never stays as it was saved")
