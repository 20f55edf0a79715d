"""What Python may give to a widget, and what it refuses in one sentence."""

import inspect
import json

import numpy as np
import pytest
from traitlets import TraitError
from widgets_page import MAKERS, public

from course_utils import widgets
from course_utils.base.errors import CourseError


def test_a_scan_with_fewer_weights_shows_fewer_outputs():
    scan = MAKERS["scan"]()
    scan.position = scan.products
    scan.weight = np.ones((2, 10))
    assert (scan.c_out, scan.bias) == (2, [0.0, 0.0])
    assert scan.position == scan.products == 2 * 10 * 8 * 12


def test_a_scan_can_be_made_of_plain_channels_without_names():
    assert widgets.scan(np.zeros((3, 4, 5))).names == ["map 0", "map 1", "map 2"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: widgets.scan(np.zeros((2, 3, 4, 5))), r"expected one image \(1, C_in, H, W\)"),
        (
            lambda: widgets.scan(np.zeros((3, 4, 5)), np.zeros((3, 2))),
            r"weight has shape \(3, 2\), expected \(C_out, 3\)",
        ),
        (lambda: widgets.scan(np.zeros((3, 4, 5)), np.zeros((2, 3)), [1.0]), r"bias has shape \(1,\), expected \(2,\)"),
        (lambda: widgets.scan(np.zeros((3, 4, 5)), names=["a"]), "1 names for 3 maps"),
        (lambda: setattr(MAKERS["scan"](), "c_in", 11), "c_in is 11, expected a whole number from 1 to 10"),
        (lambda: setattr(MAKERS["scan"](), "order", "columns"), "expected one of raster, random, output by output"),
        (lambda: setattr(MAKERS["scan"](), "position", -1), "position is -1"),
        (lambda: widgets.rgb_mixer(np.zeros((4, 5, 3))), r"photo is float64 .* expected uint8 \(H, W, 3\)"),
        (lambda: setattr(MAKERS["mixer"](), "weight", [[1, 2]]), r"weight has shape \(1, 2\)"),
        (lambda: setattr(MAKERS["mixer"](), "bias", [1, 2]), r"bias has shape \(2,\), expected \(1,\)"),
        (lambda: setattr(MAKERS["mixer"](), "pixel", (99, 0)), "row is 99, expected a whole number from 0 to 39"),
        (lambda: widgets.axis_slicer(np.zeros(3)), "expected two, three or four axes"),
        (lambda: widgets.axis_slicer(np.zeros((2, 3)), axes="h"), r"1 names \(h\) for 2 axes"),
        (lambda: setattr(MAKERS["slicer"](), "index", [0, 3, 0, 0]), "index of axis c is 3, expected None or 0 to 2"),
        (lambda: setattr(MAKERS["slicer"](), "index", [0]), "index has 1 entries, expected 4"),
        (lambda: widgets.shuffle_test(np.zeros((4, 5))), r"expected uint8 \(H, W, 3\)"),
        (lambda: setattr(MAKERS["shuffle"](), "layer", "5×5"), "expected one of 1×1, 3×3 blur, 3×3 edges"),
        (lambda: setattr(MAKERS["shuffle"](), "share", 2.0), "share is 2.0, expected a number from 0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(call, message):
    with pytest.raises(CourseError, match=message):
        call()


def test_the_stack_builder_refuses_what_is_no_stack():
    stack = widgets.stack_builder([3, 8, 8], size=32)
    stack.channels = [3, 8, 8, 16]
    assert stack.kernels == [3, 3, 3]
    for change, message in [
        ({"channels": [3]}, "channels has 1 numbers, expected 2 to 11"),
        ({"channels": [3, 0, 4]}, "a number of channels is 0, expected a whole number from 1 to 512"),
        ({"kernels": [3, 3]}, "kernels has 2 numbers, expected 3"),
        ({"kernels": [3, 2, 3]}, "expected odd sizes"),
        ({"size": 4000}, "size is 4000"),
        ({"n": 0}, "n is 0"),
    ]:
        with pytest.raises(CourseError, match=message):
            stack.set_trait(*next(iter(change.items())))


def test_the_transformer_block_refuses_heads_that_cannot_share_the_channels():
    block = widgets.transformer_block()
    for name, number, message in [
        ("heads", 7, "7 heads cannot share 768 channels, expected a divisor of 768"),
        ("width", 100, "12 heads cannot share 100 channels"),
        ("tokens", 0, "tokens is 0, expected a whole number from 1 to 131072"),
    ]:
        with pytest.raises(CourseError, match=message):
            block.set_trait(name, number)
    assert (block.width, block.tokens, block.heads) == (768, 197, 12)


def test_collisions_refuse_what_would_leave_the_picture():
    two = widgets.collisions()
    for name, value, message in [
        ("far", 0.5, "far is 0.5, expected a number from 0 to 0.24"),
        ("seen", -0.2, "seen is -0.2, expected a number from -0.18 to 0.18"),
        ("angle", 360, "angle is 360, expected a whole number from 0 to 359"),
        ("layer", "blue", "layer is 'blue', expected one of brightness, average, red alone"),
        ("where", "nowhere", "where is 'nowhere', expected one of in a ring, everywhere"),
    ]:
        with pytest.raises(CourseError, match=message):
            two.set_trait(name, value)
    with pytest.raises(CourseError, match="photo is float64"):
        widgets.collisions(two.other())


def test_map_sums_refuse_what_is_no_sum():
    sums = widgets.map_sums(np.zeros((3, 2, 4, 5)))
    for joined in ([[0, 0, 2]], [[0, 1, 2], [0, 1, 3]], [[1, 2, 2], [0, 1, 2]], [[0, 0.5, 2], [0, 1, 2]], "none"):
        with pytest.raises(CourseError, match="map_sums: joined"):
            sums.joined = joined
    assert sums.joined == [[0, 1, 2], [0, 1, 2]]
    for parts in (np.zeros((3, 4, 5)), np.zeros((1, 2, 4, 5)), np.zeros((7, 2, 4, 5))):
        with pytest.raises(CourseError, match="expected \\(C_in, C_out, H, W\\) with 2 to 6 inputs"):
            widgets.map_sums(parts)


def test_the_sliding_head_refuses_windows_that_are_not_there():
    page = np.zeros((36, 40))
    slid = widgets.sliding_head(page, np.zeros((10, 3, 4)))
    for name, value, message in [
        ("place", (3, 0), "row is 3, expected a whole number from 0 to 2"),
        ("place", (0, 4), "column is 4, expected a whole number from 0 to 3"),
        ("place", 3, "place is 3, expected a window's row and column"),
        ("shown", 10, "shown is 10, expected a whole number from 0 to 9"),
    ]:
        with pytest.raises(CourseError, match=message):
            slid.set_trait(name, value)
    with pytest.raises(CourseError, match=r"expected 2 to 10 classes and \(3, 4\) windows of 28 pixels, 4 apart"):
        widgets.sliding_head(page, np.zeros((10, 4, 3)))
    with pytest.raises(CourseError, match=r"expected \(H, W\), neither below 28"):
        widgets.sliding_head(np.zeros((20, 40)), np.zeros((10, 3, 4)))


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


def test_the_tile_walker_refuses_what_is_no_tiling():
    walk = widgets.tile_walker()
    for name, number, message in [
        ("block_o", 0, "from 1 to 96"),
        ("pixels", 1000, "from 1 to 256"),
        ("step", 13, "0 to 12"),
    ]:
        with pytest.raises(CourseError, match=message):
            walk.set_trait(name, number)
    walk.step = 12
    walk.block_p = 49
    assert (walk.tiles, walk.step) == (3, 3)


def test_the_roofline_takes_devices_of_ones_own_and_refuses_what_is_none():
    own = widgets.roofline(measured={"my laptop": (2e10, {"fp32": 1e11})}, device_name="my laptop", dtype="fp32")
    assert own.roof == (1e11, 2e10)
    assert "fp32 on my laptop" in own.as_text()
    for change, message in [
        ({"device_name": "T5"}, "device_name is 'T5', expected one of .*H100"),
        ({"dtype": "int8"}, "dtype is 'int8', expected one of fp32"),
        ({"c_in": 0}, "c_in is 0, expected a whole number from 1 to 2048"),
        ({"measured": {"it": (1.0, {"int8": 1.0})}}, r"it is \(1.0, \{.int8.: 1.0\}\), expected \(byte/s, "),
    ]:
        with pytest.raises(CourseError, match=message):
            widgets.roofline(**change)


ODD = [
    None, True, -1, 0, 10**9, 1.5, float("nan"), float("inf"), 2 + 1j, "", "x", b"abc", [], {}, set(), object(), len,
    [0, 0], [0, 0, 0, 0], (1, 2), ["a"], [None], [1j], [1, 2, [3]], [float("nan")], [[float("nan")] * 3], [[1, 2, 3]],
    np.int64(2), np.float32(2), np.array(2), np.arange(3.0), np.ones((6, 1))[::2].T, np.ones((1, 10)), np.ones((2, 2, 2)),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_every_value_is_taken_whole_or_refused_in_a_sentence(name):
    widget = MAKERS[name]()
    for trait in public(widget):
        for value in ODD:
            before = widget.get_state()
            try:
                setattr(widget, trait, value)
            except (CourseError, TraitError) as error:
                assert "expected" in str(error) or "is fixed when" in str(error), error
                assert widget.get_state() == before
            else:
                assert len(widget.as_text()) > 20
                assert widget.as_html()
            state = {name: one for name, one in widget.get_state().items() if not isinstance(one, bytes | memoryview)}
            json.dumps(state, allow_nan=False)  # what the browser can read


@pytest.mark.parametrize("name", MAKERS)
def test_what_was_read_can_be_set_again(name):
    widget, other = MAKERS[name](), MAKERS[name]()
    for trait in public(widget):
        if widget.trait_metadata(trait, "fixed"):
            with pytest.raises(CourseError, match=f"{trait} is fixed when the widget is made"):
                setattr(other, trait, getattr(widget, trait))
        else:
            setattr(other, trait, getattr(widget, trait))
    assert other.as_text() == widget.as_text()


@pytest.mark.parametrize(
    "of", [list, np.float16, np.asfortranarray, lambda w: np.repeat(w, 2, axis=1)[:, ::2], "torch"]
)
def test_weights_may_come_as_lists_arrays_or_tensors(of):
    import torch

    weight = np.random.default_rng(3).integers(-4, 5, (3, 10)) / 4
    scan = MAKERS["scan"]()
    scan.weight = torch.nn.Parameter(torch.tensor(weight)) if of == "torch" else of(weight)
    assert scan.weight == weight.tolist()


@pytest.mark.parametrize(
    "make",
    [
        lambda x: widgets.scan(x[0]),
        lambda x: widgets.axis_slicer(x),
        lambda x: widgets.column_linker(x[:, :3]),
        lambda x: widgets.channels_kept({"mine": x[0]}),
    ],
)
def test_data_that_is_no_picture_is_refused_when_the_widget_is_made(make):
    x = np.random.default_rng(0).random((1, 4, 5, 6))
    make(x).close()
    make(x.astype("f4")[:, ::-1]).close()
    for change, message in [(np.nan, "holds NaN or infinity"), (np.inf, "holds NaN or infinity")]:
        broken = x.copy()
        broken[0, 0, 0, 0] = change
        with pytest.raises(CourseError, match=message):
            make(broken)
    with pytest.raises(CourseError, match="expected numbers"):
        make(x.astype(complex))
    with pytest.raises(CourseError, match="shape"):
        make(x[:, :0])


GIVEN = {  # what a maker cannot do without
    "scan": {"maps": np.ones((2, 3, 4))},
    "rgb_mixer": {"photo": np.zeros((4, 5, 3), np.uint8)},
    "axis_slicer": {"x": np.ones((2, 3, 4))},
    "shuffle_test": {"photo": np.zeros((4, 5, 3), np.uint8)},
    "column_linker": {"x": np.ones((1, 2, 3, 4))},
    "map_sums": {"parts": np.ones((3, 2, 4, 5))},
    "sliding_head": {"page": np.zeros((36, 40)), "scores": np.zeros((10, 3, 4))},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", widgets.__all__)
def test_makers_take_what_they_show_and_refuse_the_rest_in_a_sentence(name):
    make, given = getattr(widgets, name), GIVEN.get(name, {})
    for argument in inspect.signature(make).parameters:
        for value in [*ODD, {"a": 1}, {"a": (1, 2)}, {1: 2}, np.zeros((0, 3, 3))]:
            try:
                widget = make(**{**given, argument: value})
            except (CourseError, TraitError) as error:
                assert "expected" in str(error) or "one name a map" in str(error) or "name each axis" in str(error)
                assert len(str(error)) < 250
            else:
                assert len(widget.as_text()) > 20
                assert widget.as_html()
