"""Widgets: the same numbers as NumPy, reachable by keyboard and by Python, and something to see where no widgets run."""

import base64
import gc
import re
import weakref

import numpy as np
import pytest

from course_utils import convs, cost, data, device, reduction, widgets, xor
from course_utils.cli import machine
from course_utils.errors import CourseError
from course_utils.widgets.budget import LIMITS

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

# A page that stands in for the notebook: a model with anywidget's get, set, on, off and save_changes.
HOST = """async ({ code, css, state }) => {
  for (const [name, value] of Object.entries(state)) {
    if (!value?.base64) continue;
    state[name] = new DataView(Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0)).buffer);
  }
  const heard = {};
  const model = {
    get: (name) => state[name],
    set(name, value) {
      const same = JSON.stringify(state[name]) === JSON.stringify(value);
      state[name] = value;
      if (!same) (heard[`change:${name}`] ?? []).forEach((call) => call());
    },
    on: (event, call) => (heard[event] ??= []).push(call),
    off: (event, call) => (heard[event] = heard[event].filter((other) => other !== call)),
    save_changes() {},
  };
  document.head.innerHTML = `<title>Host</title><style>${css}</style>`;
  document.body.innerHTML = "<main></main>";
  window.widget = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  window.model = model;
  window.leave = widget.default.render({ model, el: document.querySelector("main") });
}"""


def make_scan(**more):
    return widgets.scan(data.feature_maps(longest=12), names=data.FEATURES, **more)


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
}


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page on which no script may fail."""
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    opened = context.new_page()
    failures = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    opened.on("console", lambda message: message.type == "error" and failures.append(message.text))
    yield opened
    context.close()
    assert not failures


def show(page, widget):
    """Render a widget as the notebook would, and wait for its first picture."""
    skipped = ("layout", "tabbable", "tooltip")
    state = {name: getattr(widget, name) for name in widget.traits(sync=True) if name not in skipped and name[0] != "_"}
    for name, value in state.items():
        if isinstance(value, bytes):
            state[name] = {"base64": base64.b64encode(value).decode("ascii")}
    page.evaluate(HOST, {"code": widget._esm, "css": widget._css, "state": state})
    settle(page)


def settle(page):
    """Let two frames pass: a change is drawn in the next one."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def trait(page, name):
    return page.evaluate("(name) => model.get(name)", name)


def set_trait(page, name, value):
    page.evaluate("([name, value]) => model.set(name, value)", [name, value])
    settle(page)


def readout(page):
    settle(page)
    return page.get_by_role("status").inner_text()


# ---- the same numbers as NumPy -------------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_scan_computes_what_numpy_computes(page):
    show(page, make_scan())
    rng = np.random.default_rng(0)
    maps, weight, bias = rng.normal(size=(3, 4, 5)).astype("f4"), rng.normal(size=(2, 3)), rng.normal(size=2)
    arguments = [maps.ravel().tolist(), weight.tolist(), bias.tolist()]
    outputs = page.evaluate("([maps, weight, bias]) => [...widget.pointwise(maps, weight, bias, 20, 3, 2)]", arguments)
    np.testing.assert_allclose(outputs, convs.pointwise(maps[None].astype(float), weight, bias).ravel(), atol=1e-12)
    totals = page.evaluate(
        "([maps, weight, bias]) => widget.runningTotals(maps, weight[1], bias[1], 7, 20, 3)", arguments
    )
    products = weight[1] * maps.reshape(3, -1)[:, 7]
    np.testing.assert_allclose(totals, bias[1] + np.cumsum([0, *products]), atol=1e-12)


@pytest.mark.browser
@pytest.mark.parametrize("order", ["raster", "random", "output by output"])
def test_every_order_visits_each_output_number_once(page, order):
    show(page, make_scan())
    visited = page.evaluate(
        """(order) => Array.from({ length: 60 }, (_, k) => {
             const { o, pixel } = widget.visit(k, order, 3, 20, widget.shuffled(20));
             return [o, pixel];
           })""",
        order,
    )
    assert sorted(map(tuple, visited)) == [(o, pixel) for o in range(3) for pixel in range(20)]
    if order == "raster":
        assert visited[:4] == [[0, 0], [1, 0], [2, 0], [0, 1]]
    if order == "output by output":
        assert visited[:2] == [[0, 0], [0, 1]]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("step", "order", "forward", "back"),
    [
        ("product", "raster", 26, 24),
        ("output", "raster", 30, 20),
        ("pixel", "raster", 40, 0),
        ("pixel", "output by output", 30, 20),
        ("row", "raster", 280, 0),
    ],
)
def test_a_step_goes_to_the_next_whole_one(page, step, order, forward, back):
    show(page, make_scan())
    sizes = {"order": order, "cIn": 10, "cOut": 4, "width": 7}
    reached = page.evaluate(
        "([step, sizes]) => [1, -1].map((direction) => widget.stepped(25, step, sizes, direction))", [step, sizes]
    )
    assert reached == [forward, back]


@pytest.mark.browser
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_mixer_computes_what_numpy_computes(page, outputs):
    show(page, make_mixer())
    rng = np.random.default_rng(outputs)
    photo, weight = rng.integers(0, 256, (50, 3)), rng.normal(size=(outputs, 3)).round(3)
    bias = rng.normal(size=outputs).round(3)
    mixed, clipped = page.evaluate(
        """([photo, weight, bias]) => {
             const out = new Uint8ClampedArray(200);
             const clipped = widget.mix(new Uint8Array(photo), weight, bias, out);
             return [[...out], clipped];
           }""",
        [photo.ravel().tolist(), weight.tolist(), bias.tolist()],
    )
    values = photo / 255 @ weight.T + bias
    expected = (255 * np.clip(values, 0, 1)).round()
    mixed = np.array(mixed).reshape(50, 4)
    np.testing.assert_allclose(mixed[:, :3], np.broadcast_to(expected, (50, 3)), atol=1)  # halves round either way
    assert (mixed[:, 3] == 255).all()
    assert clipped == ((values < 0) | (values > 1)).sum()


@pytest.mark.browser
@pytest.mark.parametrize("index", [[1, None, 2, None], [0, 2, 3, 4], [None, None, None, None], [None, 1, None, None]])
def test_the_slicer_finds_the_numbers_that_numpy_finds(page, index):
    slicer = make_slicer()
    show(page, slicer)
    set_trait(page, "index", index)
    slicer.index = index
    found = page.evaluate("() => widget.offsetOf(widget.strides(model.get('sizes')), model.get('index'), {})")
    x = np.frombuffer(slicer.x, "<f4").reshape(slicer.sizes)
    assert x.ravel()[found] == x[tuple(slice(None) if i is None else i for i in index)].ravel()[0]
    said = readout(page)
    assert slicer.expression in said
    assert str(slicer.left) in said if slicer.left else f"is one number: {x[tuple(index)]:g}" in said


@pytest.mark.browser
def test_the_training_run_measures_likeness_as_numpy_does(page):
    show(page, make_run())
    weight = np.random.default_rng(0).normal(size=(4, 10))
    least = page.evaluate("(weight) => widget.likeness(weight, 4, 10)", weight.ravel().tolist())
    rows = weight / np.linalg.norm(weight, axis=1, keepdims=True)
    assert least == pytest.approx((rows @ rows.T).min())


@pytest.mark.browser
def test_the_training_run_plays_to_its_end_and_tells_equal_rows(page):
    run = make_run()
    show(page, run)
    page.get_by_label("start from").select_option("equal rows")
    page.get_by_role("slider", name="step").press("ArrowRight")
    assert trait(page, "step") == 1
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1500)
    assert trait(page, "step") == 40
    assert "all rows point the same way" in readout(page)
    assert f"loss {run.states()[1][1, -1]:.3f}" in readout(page)


@pytest.mark.browser
@pytest.mark.parametrize("layer", ["1×1", "3×3 blur", "3×3 edges"])
def test_the_shuffle_test_computes_what_numpy_computes(page, layer):
    shuffle = make_shuffle()
    shuffle.layer, shuffle.neighbours = layer, 0.4
    show(page, shuffle)
    permutation, layer_first, shuffle_first, difference = page.evaluate(
        """([photo, height, width, order, layer]) => {
             const permutation = widget.permutationOf(new Uint32Array(order), 0.5);
             const taps = widget.tapsOf(layer, 0.4);
             const all = widget.routes(new Uint8Array(photo), height, width, taps, permutation);
             return [permutation, all.layerFirst, all.shuffleFirst, all.difference].map((numbers) => [...numbers]);
           }""",
        [list(shuffle.photo), *shuffle.sizes[:2], np.frombuffer(shuffle.order, "<u4").tolist(), layer],
    )
    assert permutation == shuffle.permutation.tolist()
    x = np.frombuffer(shuffle.photo, np.uint8).reshape(1, -1, 3).transpose(0, 2, 1) / 255

    def route(pixels):
        return convs.conv2d(pixels.reshape(1, 3, *shuffle.sizes[:2]), shuffle.weight, padding=1).ravel()

    np.testing.assert_allclose(layer_first, route(x)[permutation], atol=1e-12)
    np.testing.assert_allclose(shuffle_first, route(x[:, :, permutation]), atol=1e-12)
    assert max(difference) == pytest.approx(shuffle.gap(), abs=1e-12)
    assert (max(difference) == 0) == (layer == "1×1")


@pytest.mark.browser
@pytest.mark.parametrize("keep_all", [True, False])
@pytest.mark.parametrize(
    ("channels", "kernels", "size", "n"),
    [([3, 32, 64, 128], [3, 3, 3], 224, 1), ([256, 64, 64, 256], [1, 3, 1], 7, 32), ([5, 2], [7], 1, 3)],
)
def test_the_stack_builder_counts_what_cost_counts(page, channels, kernels, size, n, keep_all):
    show(page, widgets.stack_builder())
    stack = {"channels": channels, "kernels": kernels, "size": size, "n": n, "keepAll": keep_all}
    counts = page.evaluate("(stack) => widget.stackCounts(stack)", stack)
    said = cost.maps_if_multiplied(channels)
    assert [layer["maps"] for layer in counts["layers"]] == cost.maps(channels)
    assert [layer["said"] for layer in counts["layers"]] == said
    assert counts["total"]["weights"] == cost.stack_weights(channels, kernels)
    pairs = zip(channels[:-1], channels[1:], strict=True)
    assert [layer["slices"] for layer in counts["layers"]] == [cost.kernel_slices(*pair) for pair in pairs]
    assert counts["real"] == cost.activation_bytes(n, channels, size, size, keep_all=keep_all)
    assert counts["said"] == cost.activation_bytes(n, [channels[0], *said], size, size, keep_all=keep_all)
    assert page.evaluate("(bytes) => widget.readable(bytes)", counts["real"]).split()[1] in cost.readable(counts["real"])


@pytest.mark.browser
def test_covariance_loss_and_reconstruction_are_what_numpy_computes(page):
    show(page, widgets.channels_kept())
    rng = np.random.default_rng(6)
    x, weight = rng.normal(size=(2, 6, 4, 7)) + np.arange(6).reshape(6, 1, 1), rng.normal(size=(4, 6))
    weight[3] = weight[0] - weight[1]  # tells nothing new
    columns = x.transpose(1, 0, 2, 3).reshape(6, -1)
    cov, lost, back = page.evaluate(
        """([x, weight]) => {
             const cov = widget.covariance(x, 6, 56);
             const steps = widget.learned(cov, weight);
             return [cov, steps.map((step) => step.lost), [...widget.rebuilt(x, steps[4].left, 2, 6, 56)]];
           }""",
        [columns.ravel().tolist(), weight.tolist()],
    )
    np.testing.assert_allclose(cov, np.cov(columns, bias=True), atol=1e-12)
    np.testing.assert_allclose(lost, [1, *(reduction.share_lost(x, weight[:m]) for m in (1, 2, 3, 4))], atol=1e-12)
    rebuilt = reduction.restored(x, weight).transpose(1, 0, 2, 3).reshape(6, -1)[2]
    np.testing.assert_allclose(back, rebuilt, atol=1e-10)


@pytest.mark.browser
@pytest.mark.parametrize("name", ["noise", "correlated maps", "exactly low rank", "real scene"])
@pytest.mark.parametrize("way", range(3))
def test_channels_kept_lose_what_python_says(page, name, way):
    kept = widgets.channels_kept()
    kept.data, kept.way, kept.kept, kept.channel = name, kept.ways[way], 3, 1
    show(page, kept)
    own = ((reduction.restored(kept.x, kept.weight) - kept.x)[0, 1] ** 2).mean() / kept.x[0, 1].var()
    said = [float(number) for number in re.findall(r"([\d.]+)%", readout(page).replace("less than 0.1%", "0.05%"))]
    assert said == pytest.approx([100 * kept.loss(), 100 * own], abs=0.051)


@pytest.mark.parametrize("method", ["transpose first", "reshape alone"])
@pytest.mark.browser
def test_the_linker_finds_cells_and_sources_as_numpy_does(page, method):
    show(page, make_linker())
    sizes = (2, 3, 4, 5)
    addresses = np.arange(120).reshape(sizes)
    table = (addresses.transpose(1, 0, 2, 3) if method == "transpose first" else addresses).reshape(3, -1)
    for index in np.ndindex(sizes):
        row, column = page.evaluate("([s, m, i]) => widget.cellOf(s, m, i)", [sizes, method, index])
        assert table[row, column] == addresses[index]
        assert page.evaluate("([s, m, i]) => widget.sourceOf(s, m, i)", [sizes, method, [row, column]]) == list(index)


@pytest.mark.browser
@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize("hidden", [1, 3, 8])
def test_the_xor_trains_as_numpy_does(page, hidden, relu):
    task = widgets.pixel_xor()
    show(page, task)
    run = page.evaluate(
        """([start, hidden, relu, rate]) => {
             const { nets, losses } = widget.trained(start, hidden, relu, rate, 200);
             const [last, pairs] = [nets.at(-1), [[0, 0], [0, 1], [1, 0], [1, 1], [0.3, -0.2]]];
             return { last: [...last], losses, said: pairs.map(([a, b]) => widget.says(last, hidden, relu, a, b)) };
           }""",
        [task.starts[hidden - 1][2], hidden, relu, task.rate],
    )
    states = list(xor.steps(xor.start(hidden, 2), 200, relu))
    np.testing.assert_allclose(run["losses"], [loss for _, loss in states], atol=1e-10)
    np.testing.assert_allclose(run["last"], np.concatenate([part.ravel() for part in states[-1][0]]), atol=1e-10)
    pixels = np.vstack([xor.POINTS, [[0.3, -0.2]]])
    np.testing.assert_allclose(run["said"], xor.output(states[-1][0], pixels, relu), atol=1e-10)


# ---- what a person does --------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_every_widget_is_accessible(page, name):
    from axe_playwright_python.sync_playwright import Axe

    show(page, MAKERS[name]())
    results = Axe().run(page, context="main")
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_every_control_keeps_its_keys_from_the_notebook(page, name):
    show(page, MAKERS[name]())
    assert page.locator("input, select, button").count() >= 4
    assert page.locator("input, select, button").evaluate_all(
        "(all) => all.every((one) => one.getAttribute('data-lm-suppress-shortcuts') === 'true')"
    )


@pytest.mark.browser
def test_the_board_opens_the_runs_of_a_claim_by_keyboard_and_keeps_the_focus(page):
    show(page, make_board())
    runs = page.get_by_role("button", name="The runs of claim 13, given channels of noise")
    assert runs.get_attribute("aria-expanded") == "false"
    runs.focus()
    page.keyboard.press("Enter")
    assert runs.get_attribute("aria-expanded") == "true"
    assert runs.evaluate("(one) => one === document.activeElement")
    assert page.locator("svg circle").count() == 20
    assert "20 runs as dots" in page.get_by_role("img").get_attribute("aria-label")
    page.keyboard.press("Enter")
    assert page.locator("svg").count() == 0


@pytest.mark.browser
def test_the_board_shows_the_claims_of_one_verdict_and_hears_of_new_ones(page):
    board = make_board()
    show(page, board)
    assert "20 of 20 lines shown: 1 true, 2 false, 1 depends, 14 open, 2 opinion." in readout(page)
    page.get_by_label("show").select_option("depends")
    assert trait(page, "show") == "depends"
    assert page.get_by_role("row").count() == 2
    board.record(18, [1, 4])
    set_trait(page, "rows", board.rows)
    assert page.get_by_role("row").count() == 3
    assert "◐ depends" in page.get_by_role("row").nth(2).inner_text()


@pytest.mark.browser
def test_the_scan_never_plays_by_itself_and_stops_when_told(page):
    show(page, make_scan())
    page.wait_for_timeout(200)
    assert "0 of 10 products" in readout(page)
    page.get_by_label("speed").select_option("200")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Pause").click()
    stopped = trait(page, "position")
    assert stopped > 10
    page.wait_for_timeout(100)
    assert f"{stopped} of" in readout(page)


@pytest.mark.browser
def test_with_reduced_motion_the_scan_moves_once_a_second(page):
    page.emulate_media(reduced_motion="reduce")
    show(page, make_scan())
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(600)
    assert "0 of 10 products" in readout(page)
    page.wait_for_timeout(800)
    assert "0 of 10 products" not in readout(page)


@pytest.mark.browser
def test_the_scan_is_stepped_by_buttons_and_by_keys(page):
    show(page, make_scan())
    page.get_by_role("button", name="Step forward").click()
    assert trait(page, "position") == 1
    page.get_by_role("slider", name="position").press("ArrowRight")
    assert trait(page, "position") == 2
    page.get_by_label("step by").select_option("output")
    page.get_by_role("button", name="Step forward").press("Enter")
    assert trait(page, "position") == 10
    assert "finished: 10 of 10 products" in readout(page)
    page.get_by_role("button", name="Step back").press("Enter")
    assert trait(page, "position") == 0


@pytest.mark.browser
def test_at_its_end_the_scan_has_the_last_number_of_the_layer(page):
    maps, weight, bias = data.feature_maps(longest=12), np.arange(20.0).reshape(2, 10) / 10 - 1, [0.5, -0.25]
    show(page, widgets.scan(maps, weight, bias))
    page.get_by_role("button", name="To the end").click()
    last = convs.pointwise(maps, weight, np.array(bias))[0, 1, -1, -1]
    assert f"= {last:+.2f}, finished".replace("-", "−") in readout(page)


@pytest.mark.browser
def test_python_moves_the_scan(page):
    show(page, make_scan())
    set_trait(page, "position", 43)
    assert readout(page).startswith("y[0, 0, 0, 1] is")
    assert "3 of 10 products" in readout(page)
    set_trait(page, "order", "output by output")
    assert readout(page).startswith("y[0, 0, 0, 4] is")


@pytest.mark.browser
def test_fewer_channels_leave_the_scan_at_its_pixel(page):
    show(page, make_scan())
    set_trait(page, "position", 5 * 40)
    page.get_by_label("C_in, as a number").fill("3")
    page.get_by_label("C_in, as a number").press("Enter")
    assert (trait(page, "c_in"), trait(page, "position")) == (3, 5 * 3 * 4)
    assert "3 of 3 products" in readout(page)


@pytest.mark.browser
def test_weights_of_a_preset_reach_python_and_can_be_taken_back(page):
    scan = make_scan()
    show(page, scan)
    page.get_by_role("combobox", name="weights").select_option("average")
    assert trait(page, "weight")[0] == pytest.approx([0.1] * 10)
    page.get_by_role("combobox", name="weights").select_option("given")
    assert trait(page, "weight") == scan.weight


@pytest.mark.browser
def test_a_click_on_an_output_shows_how_its_pixel_came_about(page):
    show(page, make_scan())
    canvas = page.locator("canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.15})
    assert re.match(r"y\[0, 0, \d, \d\] = .* finished", readout(page))
    assert trait(page, "position") > 0


@pytest.mark.browser
def test_a_weight_is_typed_in_and_reaches_python(page):
    scan = make_scan()
    show(page, scan)
    page.get_by_text("type in weights").press("Enter")
    box = page.get_by_role("spinbutton", name=f"weight of output 2 for {data.FEATURES[3]}", exact=True)
    box.fill("-0.75")
    box.press("Enter")
    expected = np.array(scan.weight)
    expected[2, 3] = -0.75
    np.testing.assert_allclose(trait(page, "weight"), expected)
    assert page.get_by_role("combobox", name="weights", exact=True).input_value() == "own"
    scan.weight = trait(page, "weight")  # what the widget sends is what Python takes
    set_trait(page, "weight", np.ones((4, 10)).tolist())
    assert box.input_value() == "1"
    page.get_by_role("slider", name="C_in", exact=True).press("Home")
    assert page.locator(".weights input").count() == 4


@pytest.mark.browser
def test_the_bar_of_a_weight_is_drawn_longer_and_the_given_ones_come_back(page):
    scan = make_scan()
    show(page, scan)
    box = page.locator("canvas").bounding_box()
    unit = box["width"] / 900
    page.mouse.move(box["x"] + 356 * unit, box["y"] + 80 * unit)
    page.mouse.down()
    page.mouse.move(box["x"] + (356 + 42) * unit, box["y"] + 80 * unit, steps=4)
    page.mouse.up()
    weight = np.array(trait(page, "weight"))
    assert weight[0, 0] == 1 and (weight != np.array(scan.weight)).sum() == 1
    page.get_by_role("combobox", name="weights", exact=True).select_option("given")
    assert trait(page, "weight") == scan.weight


@pytest.mark.browser
def test_an_output_pixel_under_the_pointer_lights_up_the_column_it_came_from(page):
    show(page, make_scan())
    before = page.evaluate("document.querySelector('canvas').toDataURL()")
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.15)
    settle(page)
    assert page.evaluate("document.querySelector('canvas').toDataURL()") != before
    assert trait(page, "position") == 0  # looking changes nothing
    page.mouse.move(box["x"] + box["width"] * 0.02, box["y"] + box["height"] * 0.97)
    settle(page)
    assert page.evaluate("document.querySelector('canvas').toDataURL()") == before


@pytest.mark.browser
def test_a_preset_of_the_mixer_sets_three_outputs_at_once(page):
    show(page, make_mixer())
    page.get_by_role("button", name="Preset sepia").click()
    assert np.shape(trait(page, "weight")) == (3, 3)
    assert trait(page, "bias") == [0, 0, 0]
    assert "y[2] =" in readout(page)


@pytest.mark.browser
def test_the_mixer_spells_out_one_pixel(page):
    mixer = make_mixer()
    show(page, mixer)
    page.get_by_label("bias, as a number").fill("-0.25")
    page.get_by_label("bias, as a number").press("Enter")
    assert trait(page, "bias") == [-0.25]
    row, column = mixer.pixel
    total = data.photo("coffee", longest=60)[row, column] / 255 @ np.array(mixer.weight[0]) - 0.25
    assert f"= {total:+.2f}" in readout(page)


@pytest.mark.browser
def test_an_axis_is_fixed_and_freed_again(page):
    show(page, make_slicer())
    box = page.get_by_label("all of C ( : )")
    box.uncheck()
    page.get_by_role("slider", name="index of C").press("ArrowRight")
    assert trait(page, "index") == [None, 1, None, None]
    assert "x[:, 1, :, :] has shape (2, 20, 30)" in readout(page)
    box.check()
    assert trait(page, "index") == [None] * 4


@pytest.mark.browser
def test_without_weight_on_the_neighbours_a_3x3_passes_the_shuffle_test(page):
    show(page, make_shuffle())
    page.get_by_role("combobox", name="layer").select_option("3×3 edges")
    assert "different pictures" in readout(page)
    page.get_by_label("weight on the eight neighbours, as a number").fill("0")
    page.get_by_label("weight on the eight neighbours, as a number").press("Enter")
    assert trait(page, "neighbours") == 0
    assert "the same picture" in readout(page)


@pytest.mark.browser
def test_a_new_shuffle_reaches_python_as_bytes_of_a_permutation(page):
    show(page, make_shuffle())
    page.get_by_role("button", name="Shuffle anew").click()
    order = page.evaluate("() => [...new Uint32Array(model.get('order').buffer)]")
    assert sorted(order) == list(range(40 * 60)) and order != sorted(order)


@pytest.mark.browser
def test_the_rebuilt_picture_follows_the_slider_and_python_hears_where_it_rests(page):
    show(page, widgets.channels_kept())
    pixels = "() => document.querySelector('canvas').toDataURL()"
    page.get_by_label("data").select_option("real scene")
    page.get_by_label("keep").select_option("first m channels")
    readout(page)
    before = page.evaluate(pixels)
    page.get_by_role("slider", name="channels kept, m").press("ArrowRight")
    assert readout(page).startswith("2 of 4 channels kept, first m channels: 33.6%")
    assert trait(page, "kept") == 2
    assert page.evaluate(pixels) != before
    set_trait(page, "kept", 4)
    assert "0.0% of the variance is lost" in readout(page)


@pytest.mark.browser
def test_a_click_on_a_pixel_or_on_the_matrix_chooses_the_pixel(page):
    show(page, make_linker())
    canvas = page.locator("canvas")
    scale = canvas.bounding_box()["width"] / 900
    canvas.click(position={"x": 3 * scale, "y": 30 * scale})
    assert trait(page, "index") == [0, 0, 0]
    assert "is column 0 = 0·96 + 0·12 + 0" in readout(page)
    canvas.click(position={"x": 894 * scale, "y": 300 * scale})
    assert trait(page, "index") == [1, 7, 11]
    set_trait(page, "method", "reshape alone")
    assert "is torn apart" in readout(page)


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_a_widget_that_is_taken_away_stops_listening(page, name):
    show(page, MAKERS[name]())
    before = readout(page)
    page.evaluate("() => leave()")
    first = {
        "board": ("show", "true"),
        "scan": ("position", 7),
        "mixer": ("bias", [0.5]),
        "slicer": ("index", [0, 0, 0, 0]),
        "linker": ("index", [0, 0, 0]),
        "run": ("step", 3),
        "shuffle": ("layer", "3×3 blur"),
        "stack": ("n", 5),
        "budget": ("c_mid", 9),
        "roofline": ("c_in", 9),
        "kept": ("kept", 3),
        "tiles": ("step", 3),
        "xor": ("step", 3),
    }[name]
    set_trait(page, *first)
    assert readout(page) == before


# ---- Python --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MAKERS)
def test_where_no_widgets_run_there_is_a_picture_and_a_text(name):
    bundle, _ = MAKERS[name]()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert len(bundle["text/plain"]) > 20 and "Canvas" not in bundle["text/plain"]
    pictures = re.findall(r"<img ([^>]*)>", bundle["text/html"])
    assert pictures or "<table>" in bundle["text/html"]  # the stack builder shows numbers alone
    assert all(re.search(r'alt="[^"]{3,}"', picture) for picture in pictures)


@pytest.mark.parametrize("name", MAKERS)
def test_a_closed_widget_is_forgotten(name):
    widget = MAKERS[name]()
    reference = weakref.ref(widget)
    widget.close()
    del widget
    gc.collect()
    assert reference() is None


def test_a_scan_with_fewer_weights_shows_fewer_outputs():
    scan = make_scan()
    scan.position = scan.products
    scan.weight = np.ones((2, 10))
    assert (scan.c_out, scan.bias) == (2, [0.0, 0.0])
    assert scan.position == scan.products == 2 * 10 * 8 * 12


def test_the_picture_in_place_of_a_scan_has_every_map():
    assert make_scan().as_html().count("<img ") == 10 + 4


@pytest.mark.parametrize("index", [[None, 0, None, None], [0, None, None, None], [0, 1, 2, 3], [None, None, 0, None]])
def test_every_slice_has_something_in_its_place(index):
    slicer = make_slicer()
    slicer.index = index
    assert slicer.expression in slicer.as_html()


def test_a_scan_can_be_made_of_plain_channels_without_names():
    assert widgets.scan(np.zeros((3, 4, 5))).names == ["map 0", "map 1", "map 2"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: widgets.scan(np.zeros((2, 3, 4, 5))), r"expected one image \(1, C_in, H, W\)"),
        (lambda: widgets.scan(np.zeros((3, 4, 5)), np.zeros((3, 2))), r"weight has shape \(3, 2\), expected \(C_out, 3\)"),
        (lambda: widgets.scan(np.zeros((3, 4, 5)), np.zeros((2, 3)), [1.0]), r"bias has shape \(1,\), expected \(2,\)"),
        (lambda: widgets.scan(np.zeros((3, 4, 5)), names=["a"]), "1 names for 3 maps"),
        (lambda: setattr(make_scan(), "c_in", 11), "c_in is 11, expected a whole number from 1 to 10"),
        (lambda: setattr(make_scan(), "order", "columns"), "expected one of raster, random, output by output"),
        (lambda: setattr(make_scan(), "position", -1), "position is -1"),
        (lambda: widgets.rgb_mixer(np.zeros((4, 5, 3))), r"photo is float64 .* expected uint8 \(H, W, 3\)"),
        (lambda: setattr(make_mixer(), "weight", [[1, 2]]), r"weight has shape \(1, 2\)"),
        (lambda: setattr(make_mixer(), "bias", [1, 2]), r"bias has shape \(2,\), expected \(1,\)"),
        (lambda: setattr(make_mixer(), "pixel", (99, 0)), r"pixel is \(99, 0\)"),
        (lambda: widgets.axis_slicer(np.zeros(3)), "expected two, three or four axes"),
        (lambda: widgets.axis_slicer(np.zeros((2, 3)), axes="h"), r"1 names \(h\) for 2 axes"),
        (lambda: setattr(make_slicer(), "index", [0, 3, 0, 0]), "index of axis c is 3, expected None or 0 to 2"),
        (lambda: setattr(make_slicer(), "index", [0]), "index has 1 entries, expected 4"),
        (lambda: widgets.shuffle_test(np.zeros((4, 5))), r"expected uint8 \(H, W, 3\)"),
        (lambda: setattr(make_shuffle(), "layer", "5×5"), "expected one of 1×1, 3×3 blur, 3×3 edges"),
        (lambda: setattr(make_shuffle(), "share", 2.0), "share is 2.0, expected a number from 0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(call, message):
    with pytest.raises(CourseError, match=message):
        call()


@pytest.mark.browser
def test_a_stack_is_built_by_presets_sliders_and_python(page):
    stack = widgets.stack_builder()
    show(page, stack)
    page.get_by_role("button", name="Preset: bottleneck").click()
    assert (trait(page, "channels"), trait(page, "kernels")) == ([256, 64, 64, 256], [1, 3, 1])
    page.get_by_role("slider", name="layers").press("ArrowRight")
    assert (trait(page, "channels"), trait(page, "kernels")) == ([256, 64, 64, 256, 256], [1, 3, 1, 1])
    page.get_by_role("slider", name="layer 2", exact=True).press("ArrowRight")
    assert trait(page, "channels") == [256, 64, 65, 256, 256]
    assert page.evaluate("document.activeElement.value") == "65"  # the slider in use stays in use
    set_trait(page, "n", 256)
    stack.channels, stack.n = trait(page, "channels"), 256
    assert cost.readable(stack.memory(stack.channels)) in readout(page)
    assert "cards of 12 GB" in readout(page)


def test_the_stack_builder_refuses_what_is_no_stack():
    stack = widgets.stack_builder([3, 8, 8], size=32)
    stack.channels = [3, 8, 8, 16]
    assert stack.kernels == [3, 3, 3]
    for change, message in [
        ({"channels": [3]}, "channels has 1 numbers, expected 2 to 11"),
        ({"channels": [3, 0, 4]}, "channels holds 0, expected whole numbers from 1 to 512"),
        ({"kernels": [3, 3]}, "kernels has 2 numbers, expected 3"),
        ({"kernels": [3, 2, 3]}, "expected odd sizes"),
        ({"size": 4000}, "size holds 4000"),
        ({"n": 0}, "n holds 0"),
    ]:
        with pytest.raises(CourseError, match=message):
            stack.set_trait(*next(iter(change.items())))


@pytest.mark.browser
def test_the_budget_counts_what_cost_counts(page):
    rng = np.random.default_rng(9)
    show(page, widgets.budget())
    for _ in range(20):
        sizes = {name: int(rng.integers(1, most + 1)) for name, most in LIMITS.items()}
        sizes["k"] = int(rng.choice([1, 3, 5, 7]))
        spending = widgets.budget(**sizes)
        assert page.evaluate("(s) => widget.budgetCounts(s)", sizes) == spending.counts()
        assert page.evaluate("(s) => widget.breakEven(s)", sizes) == pytest.approx(spending.break_even(), rel=1e-12)
        spending.close()


@pytest.mark.browser
def test_the_budget_moves_by_preset_by_key_and_from_python(page):
    spending = widgets.budget()
    show(page, spending)
    page.get_by_role("button", name="Preset: at break-even").click()
    assert "costs exactly what it does directly" in readout(page)
    page.get_by_role("slider", name="C_mid", exact=True).press("ArrowRight")
    assert trait(page, "c_mid") == 91
    assert "times as much" in readout(page) and "below 90.0 channels" in readout(page)
    page.get_by_role("slider", name="window k", exact=True).press("ArrowRight")
    assert trait(page, "k") == 5
    set_trait(page, "c_mid", 10)
    assert "1×1 to 10" in readout(page)


def test_the_budget_refuses_what_is_no_layer():
    spending = widgets.budget()
    for name, number, message in [
        ("c_in", 0, "c_in is 0, expected a whole number from 1 to 1024"),
        ("size", 1000, "size is 1000, expected a whole number from 1 to 224"),
        ("k", 4, "expected an odd window"),
    ]:
        with pytest.raises(CourseError, match=message):
            spending.set_trait(name, number)
    assert spending.c_in == 256


@pytest.mark.browser
def test_the_tile_walker_counts_what_cost_counts(page):
    rng = np.random.default_rng(12)
    show(page, widgets.tile_walker())
    for _ in range(20):
        c_in, c_out, pixels = (int(size) for size in rng.integers(1, [200, 97, 257]))
        sizes = {"c_in": c_in, "c_out": c_out, "pixels": pixels}
        sizes |= {"block_o": int(rng.integers(1, c_out + 1)), "block_p": int(rng.integers(1, pixels + 1))}
        walk = widgets.tile_walker(**sizes)
        moved = page.evaluate("([s, k]) => widget.movedBy(s, k)", [sizes, walk.tiles])
        assert moved == walk.traffic()._asdict()
        assert page.evaluate("(s) => widget.tilesOf(s).reduce((a, b) => a * b)", sizes) == walk.tiles
        tiles = [page.evaluate("([s, k]) => widget.tileAt(s, k)", [sizes, k]) for k in range(min(walk.tiles, 30))]
        covered = {(i, j) for t in tiles for i in range(t["o"], t["o"] + t["outputs"])
                   for j in range(t["p"], t["p"] + t["columns"])}  # fmt: skip
        assert len(covered) == sum(t["outputs"] * t["columns"] for t in tiles)  # no number of y in two tiles
        walk.close()


@pytest.mark.browser
def test_the_tile_walker_walks_by_buttons_keys_and_python(page):
    show(page, widgets.tile_walker())
    assert "12 tiles" in readout(page)
    page.get_by_role("button", name="One tile forward").click()
    assert "Tile 1 of 12, outputs 0–7, pixels 0–15" in readout(page)
    page.get_by_role("slider", name="tiles done", exact=True).press("End")
    assert trait(page, "step") == 12
    assert "Over the edge: only 8×1 of it exist." in readout(page)
    page.get_by_role("slider", name="outputs of a tile", exact=True).press("End")
    assert (trait(page, "block_o"), trait(page, "step")) == (24, 4)
    assert "x is read once" in readout(page)
    set_trait(page, "step", 0)
    assert "4 tiles." in readout(page)


def test_the_tile_walker_refuses_what_is_no_tiling():
    walk = widgets.tile_walker()
    for name, number, message in [("block_o", 0, "from 1 to 96"), ("pixels", 1000, "from 1 to 256"), ("step", 13, "0 to 12")]:
        with pytest.raises(CourseError, match=message):
            walk.set_trait(name, number)
    walk.step = 12
    walk.block_p = 49
    assert (walk.tiles, walk.step) == (3, 3)


@pytest.mark.browser
def test_the_xor_is_played_and_changed_by_keys_and_by_python(page):
    show(page, widgets.pixel_xor())
    page.get_by_role("slider", name="step").press("End")
    assert "loss 0.250" in readout(page) and "not solved" in readout(page)
    page.get_by_label("between the layers").select_option("ReLU")
    assert "all on the right side" in readout(page)
    page.get_by_role("slider", name="hidden channels").press("Home")
    assert trait(page, "hidden") == 1
    assert "not solved" in readout(page)
    page.get_by_role("button", name="another start").click()
    assert trait(page, "start") == 1
    set_trait(page, "step", 990)
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(500)
    assert trait(page, "step") == 1000
    set_trait(page, "hidden", 8)
    assert "all on the right side" in readout(page)


@pytest.mark.browser
def test_the_roofline_counts_what_cost_counts(page):
    rng = np.random.default_rng(11)
    show(page, widgets.roofline())
    for _ in range(20):
        sizes = {name: int(rng.integers(1, most + 1)) for name, most in widgets.roofline().limits.items()}
        name, itemsize = str(rng.choice(list(device.SPECS))), int(rng.choice([2, 4]))
        work = cost.pointwise_work(sizes["n"], sizes["c_in"], sizes["c_out"], sizes["size"], sizes["size"], itemsize)
        found = page.evaluate("([s, itemsize]) => widget.pointwiseWork(s, itemsize)", [sizes, itemsize])
        assert (found["flops"], found["moved"]) == work
        assert found["intensity"] == pytest.approx(work.intensity, rel=1e-12)
        roof = next(iter(device.SPECS[name].peaks.values())), device.SPECS[name].bandwidth
        most = page.evaluate("(all) => widget.attainable(...all)", [work.intensity, *roof])
        assert most == pytest.approx(cost.attainable(work.intensity, *roof), rel=1e-12)


@pytest.mark.browser
def test_the_roofline_moves_by_key_and_says_what_python_says(page):
    explorer = widgets.roofline()
    show(page, explorer)
    page.get_by_role("slider", name="C_in", exact=True).press("ArrowRight")
    page.get_by_role("combobox", name="device").select_option("T4")
    page.get_by_role("combobox", name="place a layer").select_option(label="ResNet-50: 2048 → 512, 7×7")
    explorer.c_in, explorer.c_out, explorer.size, explorer.device_name = 2048, 512, 7, "T4"
    for dtype in ("fp32", "fp16"):
        page.get_by_role("combobox", name="numbers").select_option(dtype)
        explorer.dtype = dtype
        said, python = readout(page), explorer.as_text()
        assert "fp32 on T4" in said if dtype == "fp32" else "fp16 on T4" in said
        assert said.split("Limited by memory are")[1] == python.split("Limited by memory are")[1]
        assert said.split("; the ridge")[0] == python.split("; the ridge")[0]
    assert page.get_by_role("combobox", name="numbers").locator("option:disabled").all_inner_texts() == ["tf32", "bf16"]
    page.get_by_role("combobox", name="device").select_option("H100 SXM")
    assert "fp32 on H100" in readout(page)  # it has no figure for fp16


def test_the_roofline_takes_devices_of_ones_own_and_refuses_what_is_none():
    own = widgets.roofline(measured={"my laptop": (2e10, {"fp32": 1e11})}, device_name="my laptop", dtype="fp32")
    assert own.roof == (1e11, 2e10)
    assert "fp32 on my laptop" in own.as_text()
    for change, message in [
        ({"device_name": "T5"}, "device_name is 'T5', expected one of H100"),
        ({"dtype": "int8"}, "dtype is 'int8', expected one of fp32"),
        ({"c_in": 0}, "c_in is 0, expected a whole number from 1 to 2048"),
        ({"measured": {"it": (1.0, {"int8": 1.0})}}, "peaks for int8"),
    ]:
        with pytest.raises(CourseError, match=message):
            widgets.roofline(**change)
