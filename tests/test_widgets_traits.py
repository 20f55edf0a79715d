"""What Python may give to a widget, and what it refuses in one sentence."""

import numpy as np
import pytest
from widgets_page import MAKERS

from course_utils import widgets
from course_utils.errors import CourseError


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
        (lambda: widgets.scan(np.zeros((3, 4, 5)), np.zeros((3, 2))), r"weight has shape \(3, 2\), expected \(C_out, 3\)"),
        (lambda: widgets.scan(np.zeros((3, 4, 5)), np.zeros((2, 3)), [1.0]), r"bias has shape \(1,\), expected \(2,\)"),
        (lambda: widgets.scan(np.zeros((3, 4, 5)), names=["a"]), "1 names for 3 maps"),
        (lambda: setattr(MAKERS["scan"](), "c_in", 11), "c_in is 11, expected a whole number from 1 to 10"),
        (lambda: setattr(MAKERS["scan"](), "order", "columns"), "expected one of raster, random, output by output"),
        (lambda: setattr(MAKERS["scan"](), "position", -1), "position is -1"),
        (lambda: widgets.rgb_mixer(np.zeros((4, 5, 3))), r"photo is float64 .* expected uint8 \(H, W, 3\)"),
        (lambda: setattr(MAKERS["mixer"](), "weight", [[1, 2]]), r"weight has shape \(1, 2\)"),
        (lambda: setattr(MAKERS["mixer"](), "bias", [1, 2]), r"bias has shape \(2,\), expected \(1,\)"),
        (lambda: setattr(MAKERS["mixer"](), "pixel", (99, 0)), r"pixel is \(99, 0\)"),
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
        ({"channels": [3, 0, 4]}, "channels holds 0, expected whole numbers from 1 to 512"),
        ({"kernels": [3, 3]}, "kernels has 2 numbers, expected 3"),
        ({"kernels": [3, 2, 3]}, "expected odd sizes"),
        ({"size": 4000}, "size holds 4000"),
        ({"n": 0}, "n holds 0"),
    ]:
        with pytest.raises(CourseError, match=message):
            stack.set_trait(*next(iter(change.items())))


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
    for name, number, message in [("block_o", 0, "from 1 to 96"), ("pixels", 1000, "from 1 to 256"), ("step", 13, "0 to 12")]:
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
        ({"device_name": "T5"}, "device_name is 'T5', expected one of H100"),
        ({"dtype": "int8"}, "dtype is 'int8', expected one of fp32"),
        ({"c_in": 0}, "c_in is 0, expected a whole number from 1 to 2048"),
        ({"measured": {"it": (1.0, {"int8": 1.0})}}, "peaks for int8"),
    ]:
        with pytest.raises(CourseError, match=message):
            widgets.roofline(**change)
