"""The arithmetic that widgets do in the browser: the same numbers as NumPy."""

import itertools
import re

import numpy as np
import pytest
from widgets_page import MAKERS, readout, set_trait, show

from course_utils import convs, cost, data, device, widgets
from course_utils.experiments import reduction, xor
from course_utils.widgets.budget import LIMITS
from course_utils.widgets.codes import decoded
from course_utils.widgets.collisions import ring_of
from course_utils.widgets.training_run import starts


@pytest.mark.browser
@pytest.mark.parametrize("seed", range(5))
def test_the_scan_computes_what_numpy_computes(page, seed):
    show(page, MAKERS["scan"]())
    rng = np.random.default_rng(seed)
    c_out, c_in, height, width = (int(size) for size in rng.integers(1, 12, 4))
    maps, weight, bias = rng.normal(size=(c_in, height, width)), rng.normal(size=(c_out, c_in)), rng.normal(size=c_out)
    arguments = [maps.ravel().tolist(), weight.tolist(), bias.tolist(), height * width, c_in, c_out]
    outputs = page.evaluate("(given) => [...widget.pointwise(...given)]", arguments)
    np.testing.assert_allclose(outputs, convs.pointwise(maps[None], weight, bias).ravel(), atol=1e-12)
    pixel, o = int(rng.integers(height * width)), int(rng.integers(c_out))
    given = [maps.ravel().tolist(), weight[o].tolist(), bias[o], pixel, height * width, c_in]
    totals = page.evaluate("(given) => widget.runningTotals(...given)", given)
    products = weight[o] * maps.reshape(c_in, -1)[:, pixel]
    np.testing.assert_allclose(totals, bias[o] + np.cumsum([0, *products]), atol=1e-12)


@pytest.mark.browser
@pytest.mark.parametrize("order", ["raster", "random", "output by output"])
def test_every_order_visits_each_output_number_once(page, order):
    show(page, MAKERS["scan"]())
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
    show(page, MAKERS["scan"]())
    sizes = {"order": order, "cIn": 10, "cOut": 4, "width": 7}
    reached = page.evaluate(
        "([step, sizes]) => [1, -1].map((direction) => widget.stepped(25, step, sizes, direction))", [step, sizes]
    )
    assert reached == [forward, back]


@pytest.mark.browser
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_mixer_computes_what_numpy_computes(page, outputs):
    show(page, MAKERS["mixer"]())
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
    numbers = page.evaluate(
        """([photo, weight, bias]) => weight.map((row, o) =>
             Array.from({ length: 50 }, (_, i) => widget.mixedAt(photo, 3 * i, row, bias[o])))""",
        [photo.ravel().tolist(), weight.tolist(), bias.tolist()],
    )
    np.testing.assert_allclose(numbers, values.T, atol=1e-12)
    assert clipped == ((values < 0) | (values > 1)).sum()


@pytest.mark.browser
@pytest.mark.parametrize("index", [[1, None, 2, None], [0, 2, 3, 4], [None, None, None, None], [None, 1, None, None]])
def test_the_slicer_finds_the_numbers_that_numpy_finds(page, index):
    slicer = MAKERS["slicer"]()
    show(page, slicer)
    set_trait(page, "index", index)
    slicer.index = index
    found = page.evaluate("() => widget.offsetOf(widget.strides(model.get('sizes')), model.get('index'), {})")
    assert slicer.whole and len(slicer.x) == np.prod(slicer.sizes)  # a byte a number, as in the photo
    x = np.frombuffer(slicer.x, np.uint8).reshape(slicer.sizes)
    assert x.ravel()[found] == x[tuple(slice(None) if i is None else i for i in index)].ravel()[0]
    said = readout(page)
    assert slicer.expression in said
    assert str(slicer.left) in said if slicer.left else f"is one number: {x[tuple(index)]:g}" in said


@pytest.mark.browser
def test_the_training_run_measures_likeness_as_numpy_does(page):
    show(page, MAKERS["run"]())
    rng = np.random.default_rng(0)
    for _ in range(20):
        rows, columns = (int(size) for size in rng.integers(2, 12, 2))
        weight = rng.normal(size=(rows, columns))
        least = page.evaluate("(given) => widget.likeness(...given)", [weight.ravel().tolist(), rows, columns])
        directions = weight / np.linalg.norm(weight, axis=1, keepdims=True)
        assert least == pytest.approx((directions @ directions.T).min(), abs=1e-12)


@pytest.mark.browser
def test_the_training_run_shows_the_map_that_each_row_makes(page):
    run = widgets.training_run(steps=20)
    show(page, run)
    weight, maps = run.runs[0][0, -1], data.feature_maps(longest=30)[0]
    given = [weight.ravel().tolist(), maps.ravel().tolist(), len(weight)]
    made = page.evaluate("(given) => [...widget.rowMaps(...given)]", given)
    np.testing.assert_allclose(np.reshape(made, (4, *maps.shape[1:])), np.einsum("oc,chw->ohw", weight, maps))
    assert run.map_size == maps.shape[1:] and len(run.maps) == maps.size
    assert widgets.training_run({"wide": (np.ones((4, 40)), np.ones(4))}, steps=2).maps == b""


@pytest.mark.browser
@pytest.mark.parametrize("start", list(starts()))
def test_the_training_run_trains_as_python_does(page, start):
    run = widgets.training_run(steps=300)
    show(page, run)
    k = run.names.index(start)
    weights, losses = page.evaluate(
        """([k, steps]) => {
             const numbers = (name) => new Float32Array(model.get(name).buffer.slice(0));
             const own = numbers("starts").subarray(44 * k, 44 * k + 44);
             const [weight, head] = [own.subarray(0, 40), own.subarray(40)];
             const run = widget.descended(weight, head, numbers("x"), numbers("target"), steps, model.get("rule"));
             return [[...run.weights], [...run.losses]];
           }""",
        [k, 300],
    )
    expected = run.states()
    np.testing.assert_allclose(np.reshape(weights, expected[0][k].shape), expected[0][k], atol=1e-4)
    np.testing.assert_allclose(losses, expected[1][k], atol=1e-5)
    if start.startswith("equal rows") and "random" not in start:
        final = np.reshape(weights, expected[0][k].shape)[-1]
        assert (final == final[0]).all()


@pytest.mark.browser
def test_a_long_gradient_is_cut_in_the_browser_too(page):
    run = widgets.training_run({"far": (50 * np.eye(4, 10), np.full(4, 40.0))}, steps=5)
    show(page, run)
    set_trait(page, "step", 5)
    assert f"loss {run.states()[1][0, 5]:.3f}"[:12] in readout(page)


@pytest.mark.browser
@pytest.mark.parametrize("layer", ["1×1", "3×3 blur", "3×3 edges"])
@pytest.mark.parametrize("seed", range(3))
def test_the_shuffle_test_computes_what_numpy_computes(page, layer, seed):
    rng = np.random.default_rng(seed)
    photo = rng.integers(0, 256, (*rng.integers(3, 30, 2), 3), dtype=np.uint8)
    shuffle = widgets.shuffle_test(photo, layer, share=round(rng.uniform(0.3, 1), 3))
    shuffle.seed = int(rng.integers(2**32))
    shuffle.neighbours = round(rng.uniform(0.1, 1), 3)
    show(page, shuffle)
    permutation, layer_first, shuffle_first, difference = page.evaluate(
        """([photo, height, width, seed, layer, share, neighbours]) => {
             const permutation = widget.permutationOf(widget.shuffled(height * width, widget.generator(seed)), share);
             const taps = widget.tapsOf(layer, neighbours);
             const all = widget.routes(new Uint8Array(photo), height, width, taps, permutation);
             return [permutation, all.layerFirst, all.shuffleFirst, all.difference].map((numbers) => [...numbers]);
           }""",
        [list(shuffle.photo), *shuffle.sizes[:2], shuffle.seed, layer, shuffle.share, shuffle.neighbours],
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
def test_the_stack_builder_counts_any_stack_as_cost_does(page):
    show(page, widgets.stack_builder())
    rng = np.random.default_rng(3)
    for _ in range(20):
        channels = rng.integers(1, 513, rng.integers(2, 12)).tolist()
        kernels = rng.choice([1, 3, 5, 7], len(channels) - 1).tolist()
        size, n = (int(number) for number in rng.integers(1, 257, 2))
        stack = {"channels": channels, "kernels": kernels, "size": size, "n": n, "keepAll": bool(rng.integers(2))}
        counts = page.evaluate("(stack) => widget.stackCounts(stack)", stack)
        assert counts["total"]["weights"] == cost.stack_weights(channels, kernels)
        assert [layer["maps"] for layer in counts["layers"]] == cost.maps(channels)
        assert counts["real"] == cost.activation_bytes(n, channels, size, size, keep_all=stack["keepAll"])


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
    assert page.evaluate("(bytes) => widget.readable(bytes)", counts["real"]).split()[1] in cost.readable(
        counts["real"]
    )


@pytest.mark.browser
@pytest.mark.parametrize("seed", range(4))
def test_loss_and_reconstruction_are_what_numpy_computes(page, seed):
    show(page, widgets.channels_kept())
    rng = np.random.default_rng(seed)
    x, weight = rng.normal(size=(2, 6, 4, 7)) + np.arange(6).reshape(6, 1, 1), rng.normal(size=(4, 6))
    weight[3] = weight[0] - weight[1]  # tells nothing new
    columns = x.transpose(1, 0, 2, 3).reshape(6, -1)
    middle, cov = columns.mean(axis=1), np.cov(columns, bias=True)
    mix = rng.normal(size=(6, 6))  # any will do, as long as mix · basis is what is mixed
    basis = np.linalg.solve(mix, columns - middle[:, None])
    stack = {"mix": mix.tolist(), "middle": middle.tolist(), "basis": basis.ravel().tolist(), "pixels": 56}
    lost, before, gone, own = page.evaluate(
        """([stack, cov, weight]) => {
             const steps = widget.learned(cov, weight);
             const { left } = steps[4];
             const there = [widget.channelOf(stack, 2), widget.missing(stack, left, 2)].map((numbers) => [...numbers]);
             return [steps.map((step) => step.lost), ...there, widget.shareOf(cov, left, 2)];
           }""",
        [stack, cov.tolist(), weight.tolist()],
    )
    np.testing.assert_allclose(lost, [1, *(reduction.share_lost(x, weight[:m]) for m in (1, 2, 3, 4))], atol=1e-12)
    rebuilt = reduction.restored(x, weight).transpose(1, 0, 2, 3).reshape(6, -1)[2]
    np.testing.assert_allclose(before, columns[2], atol=1e-10)
    np.testing.assert_allclose(np.subtract(before, gone), rebuilt, atol=1e-10)
    assert own == pytest.approx(np.var(columns[2] - rebuilt) / np.var(columns[2]))


@pytest.mark.browser
def test_channels_that_are_mixes_of_three_come_back_white_though_a_byte_a_number_was_sent(page):
    kept = widgets.channels_kept()
    kept.data, kept.kept = "exactly low rank", 3
    assert len(kept.looks[kept.names.index(kept.data)]["scales"]) == 3
    show(page, kept)
    for way, channel in itertools.product(kept.ways, (0, 9)):
        set_trait(page, "way", way)
        set_trait(page, "channel", channel)
        darkest = page.evaluate(
            """() => {
                 const canvas = document.querySelector("canvas");
                 const place = [620, 35, 250, 170].map((side) => Math.round((side * canvas.width) / 900));
                 return canvas.getContext("2d").getImageData(...place).data.reduce((least, value) => Math.min(least, value));
               }"""
        )
        assert darkest >= 254


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
    show(page, MAKERS["linker"]())
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
        """([hidden, relu, rate]) => {
             const start = widget.startsOf(model.get("starts"), ...model.get("counts"))[hidden - 1][2];
             const { nets, losses } = widget.trained(start, hidden, relu, rate, 200);
             const [last, pairs] = [nets.at(-1), [[0, 0], [0, 1], [1, 0], [1, 1], [0.3, -0.2]]];
             return { last: [...last], losses, said: pairs.map(([a, b]) => widget.says(last, hidden, relu, a, b)) };
           }""",
        [hidden, relu, task.rate],
    )
    states = list(xor.steps(xor.start(hidden, 2), 200, relu))
    np.testing.assert_allclose(run["losses"], [loss for _, loss in states], atol=1e-10)
    np.testing.assert_allclose(run["last"], np.concatenate([part.ravel() for part in states[-1][0]]), atol=1e-10)
    pixels = np.vstack([xor.POINTS, [[0.3, -0.2]]])
    np.testing.assert_allclose(run["said"], xor.output(states[-1][0], pixels, relu), atol=1e-10)


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
def test_the_transformer_block_counts_what_python_counts(page):
    rng = np.random.default_rng(3)
    show(page, widgets.transformer_block())
    for _ in range(20):
        heads = int(rng.integers(1, 9))
        sizes = {"width": heads * int(rng.integers(1, 100)), "tokens": int(rng.integers(1, 9000))}
        block = widgets.transformer_block(**sizes, heads=heads)
        counts = page.evaluate("(s) => widget.blockCounts(s)", sizes)
        assert counts == block.counts()
        share = page.evaluate("([c, p]) => widget.tokenwiseShare(c, p)", [counts, block.parts])
        assert share == pytest.approx(block.share(), rel=1e-12)
        assert sizes["width"] % page.evaluate("([w, h]) => widget.fittingHeads(w, h)", [sizes["width"], 7]) == 0
        block.close()


@pytest.mark.browser
@pytest.mark.parametrize("sizes", [(120, 120), (50, 71), (11, 20), (1, 1)])
def test_the_ring_lies_where_python_has_it(page, sizes):
    show(page, widgets.collisions())
    assert page.evaluate("(sizes) => [...widget.ringOf(...sizes)]", list(sizes)) == ring_of(*sizes).ravel().tolist()


@pytest.mark.browser
def test_collisions_change_the_photo_as_python_does_and_nothing_that_the_layer_sees(page):
    two = widgets.collisions()
    show(page, two)
    pale = two.other() - two.move() * ring_of(*two.sizes[:2])[:, :, None]
    rng = np.random.default_rng(6)
    for name, weight, directions in zip(two.names, two.weights, two.directions, strict=True):
        two.layer, two.where = name, str(rng.choice(two.places))
        two.angle, two.far, two.seen = (
            int(rng.integers(360)),
            float(rng.uniform(0, 0.24)),
            float(rng.uniform(-0.18, 0.18)),
        )
        move = page.evaluate("(given) => widget.moveOf(...given)", [directions, two.angle, two.far, two.seen])
        np.testing.assert_allclose(move, two.move(), atol=1e-12)
        other = page.evaluate(
            """([pale, move, ring]) => {
                 const { buffer, byteOffset, byteLength } = model.get("photo");
                 const inside = widget.ringOf(...model.get("sizes"));
                 return [...widget.changed(new Uint8Array(buffer, byteOffset, byteLength), pale, move, (p) => !ring || inside[p] === 1)];
               }""",
            [two.pale, move, two.where == two.places[0]],
        )
        np.testing.assert_allclose(other, two.other().ravel(), atol=1e-12)
        assert two.other().min() >= 0 and two.other().max() <= 1
        two.seen = 0.0
        assert np.abs((two.other() - pale) @ weight).max() < 1e-12 < np.abs(two.other() - pale).max()


@pytest.mark.browser
def test_map_sums_add_what_python_adds_and_end_at_the_layer(page):
    sums, rng = MAKERS["sums"](), np.random.default_rng(5)
    show(page, sums)
    parts = sums.parts
    add = "([parts, sizes, lies, o, base]) => [...widget.summed(parts, sizes, lies, o, base)]"
    for count in (0, 4, int(rng.integers(1, 9)), 9):
        sums.joined = page.evaluate("([sizes, count]) => widget.after(sizes, count)", [list(sums.sizes), count])
        assert page.evaluate("(joined) => widget.additions(joined)", sums.joined) == count == 12 - len(sums.maps())
        places = [(o, base) for o, lies in enumerate(sums.joined) for base in sorted(set(lies))]
        for (o, base), there in zip(places, sums.maps(), strict=True):
            drawn = page.evaluate(add, [parts.ravel().tolist(), list(sums.sizes), sums.joined[o], o, base])
            np.testing.assert_allclose(drawn, there.ravel(), atol=1e-9)
    np.testing.assert_allclose(sums.maps(), parts.sum(axis=0), atol=1e-9)


@pytest.mark.browser
def test_the_sliding_head_makes_shares_of_scores_as_python_does(page):
    slid = MAKERS["sliding"]()
    show(page, slid)
    scores = decoded(slid.scores, slid.scales, 16).ravel().tolist()
    for at in range(36):
        slid.place = divmod(at, 9)
        shares = page.evaluate("([scores, at]) => widget.sharesAt(scores, 4, 36, at)", [scores, at])
        np.testing.assert_allclose(shares, slid.shares(), atol=1e-12)
        assert sum(shares) == pytest.approx(1)


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
        covered = {
            (i, j)
            for t in tiles
            for i in range(t["o"], t["o"] + t["outputs"])
            for j in range(t["p"], t["p"] + t["columns"])
        }
        assert len(covered) == sum(t["outputs"] * t["columns"] for t in tiles)  # no number of y in two tiles
        walk.close()


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
