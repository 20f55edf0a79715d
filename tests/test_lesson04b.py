"""Lesson 04b: what its text claims, its benchmark, and answers that nobody catalogued."""

import numpy as np
import pytest

from course_utils import bench, convs, data
from course_utils.bench import numpy_forms
from course_utils.checking.judge import judge
from course_utils.exercises import find, inputs

# ---- what the text claims -------------------------------------------------------------------------------------------


def test_the_stains_are_those_of_scikit_image_on_the_real_slide():
    from skimage.color import hed_from_rgb, rgb2hed

    slide = data.photo("ihc") / 255
    lesson = numpy_forms.lesson_function("stain_to_channels")
    lesson.__globals__["hed_from_rgb"] = hed_from_rgb  # the lesson imports it in a cell above
    amounts = lesson(slide)
    assert np.abs(amounts - rgb2hed(slide)).max() < 1e-12
    assert (amounts[:, :, 1] > 0).mean() < 0.01  # the slide was not stained with eosin
    assert (amounts[:, :, [0, 2]] > 0).mean() > 0.95


def test_the_worked_example_of_the_stains_is_right():
    amounts = find("stain_to_channels").oracle(np.array([[[0.1, 0.1, 1.0]]]))
    np.testing.assert_allclose(amounts[0, 0], [0.302, 0.021, 0], atol=5e-4)


# ---- the benchmark --------------------------------------------------------------------------------------------------


def test_the_benchmark_measures_what_the_lessons_teach():
    x, weight, bias = inputs.layer(np.random.default_rng(0), 2, 3, 5, 4, 7)
    for exercise in numpy_forms.FORMS.values():
        form = numpy_forms.lesson_function(exercise)
        np.testing.assert_allclose(form(x, weight, bias), convs.pointwise(x, weight, bias), atol=1e-12)


def test_the_benchmark_leaves_the_loops_out_where_they_take_minutes():
    small, large = numpy_forms.Layer(1, 2, 3, 4, 5), numpy_forms.Layer(1, 64, 256, 14, 14)
    assert set(numpy_forms.measure(small, rounds=1)) == {"bare product", "matmul", "einsum", "loops"}
    assert set(numpy_forms.measure(large, rounds=1)) == {"bare product", "matmul", "einsum"}


def test_the_loops_are_far_behind_the_product():
    seconds = numpy_forms.measure(numpy_forms.Layer(1, 32, 32, 8, 8), rounds=3)
    assert seconds["loops"] > 100 * seconds["matmul"]  # about a thousand; the margin is for a busy machine


def test_the_course_prints_its_benchmark(monkeypatch, capsys):
    from course_utils.cli import main

    monkeypatch.setattr(numpy_forms, "LAYERS", (numpy_forms.Layer(1, 2, 3, 4, 5),))
    assert main(["bench", "numpy"]) == 0
    said = capsys.readouterr().out
    assert "1 × 2 → 3, 4×5" in said
    assert "matmul reaches at least" in said


def test_the_stopwatch_gives_the_product_one_thread():
    from threadpoolctl import threadpool_info

    def threads():  # other libraries bring pools of their own, for OpenMP say
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    seen = []
    bench.side_by_side({"look": lambda: seen.append(threads())}, rounds=1)
    assert seen and all(pools and set(pools) == {1} for pools in seen)


# ---- answers nobody catalogued --------------------------------------------------------------------------------------


def density(rgb):
    return np.log(np.maximum(rgb, 1e-6)) / np.log(1e-6)


def wrong_stains():
    from skimage.color import bex_from_rgb, hed_from_rgb, rgb2hed

    return [
        lambda rgb: density(rgb),
        lambda rgb: rgb2hed(rgb)[:, :, ::-1],
        lambda rgb: rgb2hed(rgb).clip(0, 1),
        lambda rgb: rgb2hed(rgb)[None],
        lambda rgb: rgb2hed(rgb).transpose(2, 0, 1),
        lambda rgb: np.abs(density(rgb) @ hed_from_rgb),
        lambda rgb: np.maximum(density(rgb) @ bex_from_rgb, 0),
        lambda rgb: np.maximum(np.log(np.maximum(rgb, 1e-3)) / np.log(1e-6) @ hed_from_rgb, 0),
        lambda rgb: np.maximum(np.log1p(rgb) / np.log(1e-6) @ hed_from_rgb, 0),
        lambda rgb: rgb2hed(rgb) / max(rgb2hed(rgb).max(), 1e-9),
        lambda rgb: rgb2hed((rgb * 255).astype(np.uint8) // 16 * 16),
    ]


@pytest.mark.parametrize("which", range(11))
def test_wrong_stains_are_refused(which):
    assert judge(find("stain_to_channels"), wrong_stains()[which]).outcome in ("wrong", "crashed")


# ---- right answers in other styles ----------------------------------------------------------------------------------


def test_right_stains_in_other_styles_are_accepted():
    from skimage.color import hed_from_rgb, rgb2hed, separate_stains

    def pixel_by_pixel(rgb):
        flat = [[max(0.0, float(density(pixel) @ column)) for column in hed_from_rgb.T] for pixel in rgb.reshape(-1, 3)]
        return np.array(flat).reshape(rgb.shape)

    for answer in (rgb2hed, pixel_by_pixel, lambda rgb: separate_stains(rgb, hed_from_rgb)):
        assert judge(find("stain_to_channels"), answer).outcome == "correct"


def test_a_small_number_added_is_not_the_larger_of_two():
    from skimage.color import hed_from_rgb

    def with_a_small_number_added(rgb):
        return np.maximum(np.log(rgb + 1e-6) / np.log(1e-6) @ hed_from_rgb, 0)

    assert judge(find("stain_to_channels"), with_a_small_number_added).outcome == "wrong"
