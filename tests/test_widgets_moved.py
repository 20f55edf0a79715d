"""The other widgets in a page: what keys, buttons, clicks and Python change, and what the readout says then."""

import numpy as np
import pytest
from widgets_page import MAKERS, readout, set_trait, settle, show, time_stands_still, trait

from course_utils import cost, data, widgets


@pytest.mark.browser
def test_the_training_run_plays_to_its_end_and_tells_equal_rows(page):
    run = MAKERS["run"]()
    show(page, run)
    page.get_by_label("start from").select_option("equal rows")
    page.get_by_role("slider", name="step").press("ArrowRight")
    assert trait(page, "step") == 1
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("model.get('step') === 40")
    assert "all rows point the same way" in readout(page)
    assert f"loss {run.states()[1][1, -1]:.3f}" in readout(page)


@pytest.mark.browser
def test_the_board_has_a_dot_for_each_run_and_what_the_claim_says_shaded(page):
    show(page, MAKERS["board"]())
    line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="13, given channels of noise"))
    assert line.locator("svg circle").count() == 20
    label = line.get_by_role("img").get_attribute("aria-label")
    assert "20 runs as dots" in label and "The claim, shaded: 1e-6 or less." in label
    drawn = "(all) => all.map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.right])"
    ((_, end),) = line.locator("svg .range").evaluate_all(drawn)
    assert all(left > end for left, _ in line.locator("svg circle").evaluate_all(drawn))  # no run agrees
    other = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="13, given mixes of 10 maps"))
    ((_, end),) = other.locator("svg .range").evaluate_all(drawn)
    assert all(left < end for left, _ in other.locator("svg circle").evaluate_all(drawn))  # every run agrees
    opinion = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="19", exact=True))
    assert opinion.locator("svg").count() == 0


@pytest.mark.browser
def test_the_board_opens_the_words_of_a_claim_by_keyboard_and_keeps_the_focus(page):
    show(page, MAKERS["board"]())
    more = page.get_by_role("button", name="What decides claim 13, given channels of noise")
    assert more.get_attribute("aria-expanded") == "false"
    more.focus()
    page.keyboard.press("Enter")
    assert more.get_attribute("aria-expanded") == "true"
    assert more.evaluate("(one) => one === document.activeElement")
    said = "share of the channels' variance that the best linear decoder cannot restore"
    assert page.get_by_text(f"The deciding number: {said}").count() == 1
    page.keyboard.press("Enter")
    assert page.get_by_text("The deciding number").count() == 0


@pytest.mark.browser
def test_the_board_shows_the_claims_of_one_verdict_and_hears_of_new_ones(page):
    board = MAKERS["board"]()
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
def test_a_preset_of_the_mixer_sets_three_outputs_at_once(page):
    show(page, MAKERS["mixer"]())
    page.get_by_role("button", name="Preset: sepia").click()
    assert np.shape(trait(page, "weight")) == (3, 3)
    assert trait(page, "bias") == [0, 0, 0]
    assert "y[2] =" in readout(page)


@pytest.mark.browser
def test_the_mixer_spells_out_one_pixel(page):
    mixer = MAKERS["mixer"]()
    show(page, mixer)
    page.get_by_label("bias, as a number").fill("-0.25")
    page.get_by_label("bias, as a number").press("Enter")
    assert trait(page, "bias") == [-0.25]
    row, column = mixer.pixel
    total = data.photo("coffee", longest=60)[row, column] / 255 @ np.array(mixer.weight[0]) - 0.25
    assert f"= {total:+.2f}" in readout(page)


@pytest.mark.browser
def test_an_axis_is_fixed_and_freed_again(page):
    show(page, MAKERS["slicer"]())
    box = page.get_by_label("all of C ( : )")
    box.uncheck()
    page.get_by_role("slider", name="index of C").press("ArrowRight")
    assert trait(page, "index") == [None, 1, None, None]
    assert "x[:, 1, :, :] has shape (2, 20, 30)" in readout(page)
    box.check()
    assert trait(page, "index") == [None] * 4


@pytest.mark.browser
def test_without_weight_on_the_neighbours_a_3x3_passes_the_shuffle_test(page):
    show(page, MAKERS["shuffle"]())
    page.get_by_role("combobox", name="layer").select_option("3×3 edges")
    assert "different pictures" in readout(page)
    page.get_by_label("weight on the eight neighbours, as a number").fill("0")
    page.get_by_label("weight on the eight neighbours, as a number").press("Enter")
    assert trait(page, "neighbours") == 0
    assert "the same picture" in readout(page)


@pytest.mark.browser
def test_pixels_travel_to_their_new_places_and_stay_there(page):
    page.clock.install(time=0)
    show_all = "() => document.querySelector('canvas').toDataURL()"
    show(page, MAKERS["shuffle"]())
    with time_stands_still(page):
        page.clock.run_for(100)
        there = page.evaluate(show_all)
        page.get_by_role("button", name="Play").click()
        page.clock.run_for(1500)
        assert page.evaluate(show_all) != there
        assert "Both routes end in the same picture" in page.get_by_role("status").inner_text()  # on the way too
        page.clock.run_for(2500)
        assert page.evaluate(show_all) == there
    permutation = [3, 1, 2, 0]
    ways = "([all, share]) => [...widget.underway(Uint32Array.from(all), 2, share)]"
    assert page.evaluate(ways, [permutation, 0]) == [0, 1, 2, 3]
    assert page.evaluate(ways, [permutation, 1]) == permutation


@pytest.mark.browser
def test_a_new_shuffle_reaches_python_as_a_seed_of_the_same_order(page):
    shuffle = MAKERS["shuffle"]()
    show(page, shuffle)
    page.get_by_role("button", name="Shuffle anew").click()
    shuffle.seed = trait(page, "seed")
    assert shuffle.seed != 1
    sent = "(share) => [...widget.permutationOf(widget.shuffled(2400, widget.generator(model.get('seed'))), share)]"
    assert page.evaluate(sent, shuffle.share) == shuffle.permutation.tolist()
    assert shuffle.sizes[0] * shuffle.sizes[1] == 2400


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
    show(page, MAKERS["linker"]())
    canvas = page.locator("canvas")
    scale = canvas.bounding_box()["width"] / 900
    canvas.click(position={"x": 3 * scale, "y": 30 * scale})
    assert trait(page, "index") == [0, 0, 0]
    assert "is column 0 = 0·96 + 0·12 + 0" in readout(page)
    canvas.click(position={"x": 894 * scale, "y": 300 * scale})
    assert trait(page, "index") == [1, 7, 11]
    set_trait(page, "method", "reshape alone")
    assert "is torn apart" in readout(page)


@pytest.mark.parametrize("index", [[None, 0, None, None], [0, None, None, None], [0, 1, 2, 3], [None, None, 0, None]])
def test_every_slice_has_something_in_its_place(index):
    slicer = MAKERS["slicer"]()
    slicer.index = index
    assert slicer.expression in slicer.as_html()


@pytest.mark.browser
def test_a_stack_is_built_by_presets_sliders_and_python(page):
    stack = widgets.stack_builder()
    show(page, stack)
    page.get_by_role("button", name="Preset: bottleneck").click()
    assert (trait(page, "channels"), trait(page, "kernels")) == ([256, 64, 64, 256], [1, 3, 1])
    page.get_by_role("slider", name="layers").press("ArrowRight")
    assert (trait(page, "channels"), trait(page, "kernels")) == ([256, 64, 64, 256, 256], [1, 3, 1, 1])
    settle(page)  # the sliders of the layers are made anew in the next frame
    page.get_by_role("slider", name="layer 2", exact=True).press("ArrowRight")
    assert trait(page, "channels") == [256, 64, 65, 256, 256]
    assert page.evaluate("document.activeElement.value") == "65"  # the slider in use stays in use
    set_trait(page, "n", 256)
    stack.channels, stack.n = trait(page, "channels"), 256
    assert cost.readable(stack.memory(stack.channels)) in readout(page)
    assert "cards of 12 GB" in readout(page)


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


@pytest.mark.browser
def test_the_transformer_block_moves_by_preset_by_key_and_lights_its_parts(page):
    block = widgets.transformer_block()
    show(page, block)
    assert "95.9 % of the block's multiply-adds are 1×1 layers" in readout(page)
    page.get_by_role("button", name="Preset: a book").click()
    assert "131,072 tokens" in readout(page) and "96.6 % mix tokens" in readout(page)
    page.get_by_role("slider", name="heads", exact=True).press("ArrowRight")
    assert 768 % trait(page, "heads") == 0
    lamp = page.get_by_role("button", name="Light up the parts: mixes tokens")
    lamp.click()
    settle(page)
    assert lamp.get_attribute("aria-pressed") == "true"
    assert page.locator(".block-parts .part.dim").count() == 8
    set_trait(page, "tokens", 10)
    assert "10 tokens" in readout(page)


@pytest.mark.browser
def test_collisions_turn_by_drag_key_and_play_and_the_output_stays_until_the_layer_sees_the_change(page):
    two = widgets.collisions()
    page.clock.install(time=0)
    show(page, two)
    assert "the output by 0." in readout(page)  # the idea is there at once: a ring in the photo, none in the output
    box = page.locator("canvas").first.bounding_box()
    unit = box["width"] / 200
    middle = [box["x"] + 100 * unit, box["y"] + 100 * unit]
    page.mouse.move(middle[0] + 20 * unit, middle[1])
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] - 44 * unit, steps=4)
    page.mouse.up()
    assert abs(trait(page, "angle") - 90) <= 2 and trait(page, "far") == pytest.approx(0.12, abs=0.01)
    page.get_by_role("slider", name="direction in the disc").press("ArrowRight")
    assert abs(trait(page, "angle") - 91) <= 2
    with time_stands_still(page):
        page.get_by_role("button", name="Play").click()
        page.clock.run_for(700)
        page.get_by_role("button", name="Pause").click()
    assert trait(page, "angle") > 100
    assert "the output by 0." in readout(page)
    page.get_by_role("slider", name="along the weights").press("End")
    assert trait(page, "seen") == 0.18
    assert "the output by 0.120" in readout(page)
    set_trait(page, "layer", "red alone")
    assert "the output by 0.180" in readout(page)


@pytest.mark.browser
def test_maps_are_added_by_drag_by_keys_and_by_play_and_only_within_an_output(page):
    page.clock.install(time=0)
    show(page, MAKERS["sums"]())
    assert "12 maps: 4 inputs times 3 outputs" in readout(page)
    tile = lambda name: page.get_by_role("button", name=name, exact=True)  # noqa: E731
    middle = lambda box: (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # noqa: E731

    def drag(first, second):
        page.mouse.move(*middle(tile(first).bounding_box()))
        page.mouse.down()
        page.mouse.move(*middle(tile(second).bounding_box()), steps=5)
        page.mouse.up()

    drag("Output 0: input 1", "Output 0: input 3")
    assert trait(page, "joined")[0] == [0, 3, 2, 3] and "11 maps are left of 12" in readout(page)
    drag("Output 0: input 0", "Output 1: input 0")
    assert "no map of the one is added to the other" in readout(page) and "11" not in readout(page)
    tile("Output 2: input 2").focus()
    page.keyboard.press("Enter")
    assert "is taken" in readout(page)
    tile("Output 2: input 0").focus()
    page.keyboard.press("Space")
    tile("Output 2: inputs 0 + 2").wait_for()
    assert trait(page, "joined")[2] == [0, 1, 0, 3]
    page.get_by_role("slider", name="maps added").press("End")
    assert "3 maps are left of 12, one per output" in readout(page)
    with time_stands_still(page):
        page.get_by_role("button", name="Play").click()  # from the beginning
        page.clock.run_for(1500)
        page.get_by_role("button", name="Pause").click()
    assert 9 <= len({(o, one) for o, lies in enumerate(trait(page, "joined")) for one in lies}) < 12
    set_trait(page, "joined", [[0, 0, 0, 0], [0, 1, 2, 3], [0, 1, 2, 3]])
    assert "9 maps are left of 12. Finished: output 0." in readout(page)


@pytest.mark.browser
def test_the_sliding_head_follows_pointer_keys_play_and_python_and_says_what_is_in_its_window(page):
    slid = MAKERS["sliding"]()
    page.clock.install(time=0)
    show(page, slid)
    set_trait(page, "place", [0, 0])
    box = page.locator("canvas").bounding_box()
    unit = box["width"] / 60
    page.mouse.click(box["x"] + (14 + 4 * 5) * unit, box["y"] + (14 + 4 * 2) * unit)  # the middle of window (2, 5)
    assert trait(page, "place") == [2, 5]
    page.get_by_role("slider", name="down").press("ArrowRight")
    assert trait(page, "place") == [3, 5]
    slid.place = 3, 5
    shares = slid.shares()
    assert "corner in row 12, column 20" in readout(page)
    assert f"{shares.argmax()} with {shares.max():.2f}" in readout(page)
    with time_stands_still(page):
        page.get_by_role("button", name="Play").click()
        page.clock.run_for(800)
        page.get_by_role("button", name="Pause").click()
    assert 0 <= trait(page, "place")[0] < 3
    page.locator("select").select_option("2")
    assert trait(page, "shown") == 2


@pytest.mark.browser
def test_the_tile_walker_walks_by_buttons_keys_and_python(page):
    show(page, widgets.tile_walker())
    assert "Tile 4 of 12" in readout(page)  # a walk is seen at once
    page.get_by_role("button", name="Back to the start").click()
    assert "12 tiles" in readout(page)
    page.get_by_role("button", name="One tile forward").click()
    assert "Tile 1 of 12, outputs 0–7, pixels 0–15" in readout(page)
    page.get_by_role("slider", name="tile", exact=True).press("End")
    assert trait(page, "step") == 12
    assert "Over the edge: only 8×1 of it exist." in readout(page)
    page.get_by_role("slider", name="outputs of a tile", exact=True).press("End")
    assert (trait(page, "block_o"), trait(page, "step")) == (24, 4)
    assert "x is read once" in readout(page)
    set_trait(page, "step", 0)
    assert "4 tiles." in readout(page)


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
    page.wait_for_function("model.get('step') === 1000")
    set_trait(page, "hidden", 8)
    assert "all on the right side" in readout(page)


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
    page.get_by_role("combobox", name="device").select_option("Titan X (Pascal)")
    assert "fp32 on Titan X" in readout(page)  # it has no figure for fp16
