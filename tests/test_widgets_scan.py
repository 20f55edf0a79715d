"""The scan in a page: played, stepped, clicked, its weights typed and drawn, and moved by Python."""

import re

import numpy as np
import pytest
from widgets_page import MAKERS, readout, set_trait, settle, show, time_stands_still, trait

from course_utils import convs, data, widgets


@pytest.mark.browser
def test_the_scan_never_plays_by_itself_and_stops_when_told(page):
    page.clock.install(time=0)
    show(page, MAKERS["scan"]())
    told = page.get_by_role("status")
    with time_stands_still(page):
        page.clock.run_for(200)
        assert "0 of 10 products" in told.inner_text()
        page.get_by_label("speed").select_option("200 a second")
        page.get_by_role("button", name="Play").click()
        page.clock.run_for(300)
        page.get_by_role("button", name="Pause").click()
        stopped = trait(page, "position")
        assert stopped > 10
        page.clock.run_for(100)
        assert f"{stopped} of" in told.inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("order", ["raster", "random"])
def test_ten_seconds_after_play_more_than_half_of_each_output_is_drawn_and_soon_all(page, order):
    page.clock.install(time=0)
    scan = widgets.scan(data.feature_maps(), names=data.FEATURES)
    scan.order = order
    show(page, scan)
    told = page.get_by_role("status")
    with time_stands_still(page):
        page.get_by_role("button", name="Play").click()
        page.clock.run_for(2000)  # product by product: one number is still being made
        assert re.search(r"[3-6] of 10 products added", told.inner_text())
        page.clock.run_for(8000)
        drawn = int(re.search(r"In all, ([\d,]+) of", told.inner_text())[1].replace(",", ""))
        assert 0.5 * scan.products < drawn < scan.products
        page.clock.run_for(3000)
        assert "finished" in told.inner_text() and trait(page, "position") == scan.products
        assert page.get_by_role("button", name="Play").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height", "room"), [(1440, 900, 1440), (1024, 768, 1024), (1024, 768, 592)])
def test_play_the_picture_and_what_it_says_are_on_one_screen(page, width, height, room):
    page.set_viewport_size({"width": width, "height": height})
    show(page, widgets.scan(data.feature_maps(), names=data.FEATURES))
    page.evaluate("(room) => (document.querySelector('main').style.width = `${room}px`)", room)  # beside a sidebar
    settle(page)
    play, picture, told = (
        place.bounding_box()
        for place in (page.get_by_role("button", name="Play"), page.locator("canvas"), page.get_by_role("status"))
    )
    assert play["y"] + play["height"] <= picture["y"]
    assert told["y"] + told["height"] - play["y"] <= 560
    assert picture["x"] >= 0 and picture["width"] <= 900


@pytest.mark.browser
def test_with_reduced_motion_the_scan_moves_once_a_second(page):
    page.emulate_media(reduced_motion="reduce")
    page.clock.install(time=0)
    show(page, MAKERS["scan"]())
    told = page.get_by_role("status")
    with time_stands_still(page):
        page.get_by_role("button", name="Play").click()
        page.clock.run_for(600)
        assert "0 of 10 products" in told.inner_text()
        page.clock.run_for(800)
        assert "0 of 10 products" not in told.inner_text()


@pytest.mark.browser
def test_the_scan_is_stepped_by_buttons_and_by_keys(page):
    show(page, MAKERS["scan"]())
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
    show(page, MAKERS["scan"]())
    set_trait(page, "position", 43)
    assert readout(page).startswith("y[0, 0, 0, 1] is")
    assert "3 of 10 products" in readout(page)
    set_trait(page, "order", "output by output")
    assert readout(page).startswith("y[0, 0, 0, 4] is")


@pytest.mark.browser
def test_fewer_channels_leave_the_scan_at_its_pixel(page):
    show(page, MAKERS["scan"]())
    set_trait(page, "position", 5 * 40)
    page.get_by_label("C_in, as a number").fill("3")
    page.get_by_label("C_in, as a number").press("Enter")
    assert (trait(page, "c_in"), trait(page, "position")) == (3, 5 * 3 * 4)
    assert "3 of 3 products" in readout(page)


@pytest.mark.browser
def test_weights_of_a_preset_reach_python_and_can_be_taken_back(page):
    scan = MAKERS["scan"]()
    show(page, scan)
    page.get_by_role("combobox", name="weights").select_option("average")
    assert trait(page, "weight")[0] == pytest.approx([0.1] * 10)
    page.get_by_role("combobox", name="weights").select_option("given")
    assert trait(page, "weight") == scan.weight


@pytest.mark.browser
def test_a_click_on_an_output_shows_how_its_pixel_came_about(page):
    show(page, MAKERS["scan"]())
    canvas = page.locator("canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.15})
    assert re.match(r"y\[0, 0, \d, \d\] = .* finished", readout(page))
    assert trait(page, "position") > 0


@pytest.mark.browser
def test_a_weight_is_typed_in_and_reaches_python(page):
    scan = MAKERS["scan"]()
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
    scan = MAKERS["scan"]()
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
    show(page, MAKERS["scan"]())
    before = page.evaluate("document.querySelector('canvas').toDataURL()")
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.15)
    settle(page)
    assert page.evaluate("document.querySelector('canvas').toDataURL()") != before
    assert trait(page, "position") == 0  # looking changes nothing
    page.mouse.move(box["x"] + box["width"] * 0.02, box["y"] + box["height"] * 0.97)
    settle(page)
    assert page.evaluate("document.querySelector('canvas').toDataURL()") == before


def test_the_picture_in_place_of_a_scan_has_every_map():
    assert MAKERS["scan"]().as_html().count("<img ") == 10 + 4
