"""Figures: each has a description, shows what it was given, and reaches the notebook as one picture."""

import base64
import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from course_utils import data, plots
from course_utils.base.errors import CourseError
from course_utils.plots.channels import scale
from course_utils.plots.figure import as_html

FIGURES = {
    "axes_diagram": lambda: plots.axes_diagram((2, 3, 4, 6)),
    "channels_grid": lambda: plots.channels_grid(data.feature_maps(), data.FEATURES),
    "compare": lambda: plots.compare(np.eye(3), np.ones((3, 3))),
    "photo_and_channels": lambda: plots.photo_and_channels(data.photo("coffee", longest=60)),
    "weight_bars": lambda: plots.weight_bars([0.3, -0.6], bias=0.1),
    "weight_matrix": lambda: plots.weight_matrix([[0.5, -1.0], [0.25, 0.0]]),
}


@pytest.fixture
def notebook(monkeypatch):
    """What a notebook was asked to display."""
    import IPython

    displayed = []
    monkeypatch.setattr(IPython, "get_ipython", object)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: displayed.append(bundle))
    return displayed


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_on_white_and_fits_the_page(name):
    html = as_html(FIGURES[name](), alt="what it shows")
    picture = Image.open(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", html)[1]))).convert("RGB")
    width = int(re.search(r'width="(\d+)"', html)[1])
    assert picture.width == pytest.approx(2 * width, abs=2)  # twice the pixels, for sharp screens
    assert width <= 9 * 96
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert np.asarray(picture).std() > 3  # something is drawn


def test_show_puts_one_picture_with_its_description_in_the_notebook(notebook):
    plots.show(plots.figure(2, 1), alt='Two "bars" & a line')
    (bundle,) = notebook
    assert bundle["text/plain"] == 'Two "bars" & a line'
    assert bundle["text/html"].count("<img ") == 1
    assert 'alt="Two &quot;bars&quot; &amp; a line"' in bundle["text/html"]


def test_show_closes_a_figure_of_pyplot():
    fig = plt.figure()
    plots.show(fig, alt="Nothing")
    assert not plt.fignum_exists(fig.number)


def test_outside_a_notebook_the_description_is_printed(capsys):
    plots.show(plots.figure(2, 1), alt="An empty figure")
    assert capsys.readouterr().out == "An empty figure\n"


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_figure_without_description_is_refused(alt):
    with pytest.raises(CourseError, match="one sentence that says what the picture shows"):
        plots.show(plots.figure(2, 1), alt=alt)


def test_something_that_is_no_figure_is_refused():
    with pytest.raises(CourseError, match="got ndarray as first argument"):
        plots.show(np.zeros(3), alt="An array")


def test_signed_numbers_get_white_at_zero_and_positive_ones_get_grey():
    signed = scale(np.array([-1.0, 3.0]))
    assert (signed["vmin"], signed["vmax"]) == (-3, 3)
    np.testing.assert_allclose(signed["cmap"](0.5)[:3], 1, atol=0.01)
    assert scale(np.array([1.0, 3.0]))["cmap"] == "gray"


def test_expected_and_got_share_one_scale():
    fig = plots.compare(np.zeros((2, 2)), np.full((2, 2), 5.0))
    left, right = (axes.images[0].get_clim() for axes in fig.axes[:2])
    assert left == right == (0, 5)


def test_a_difference_too_small_to_be_seen_is_magnified_and_the_title_says_how_often():
    def title_of(difference, **more):
        fig = plots.compare(np.ones((2, 2)), np.ones((2, 2)) - difference, **more)
        return fig.axes[2].get_title()

    assert title_of(0.07) == "difference" and title_of(0.07, magnify=20) == "difference × 20"
    assert [title_of(one, magnify=None) for one in (0.5, 0.07, 0.001)] == [
        "difference",
        "difference × 10",
        "difference × 100",
    ]


def test_bars_carry_their_numbers_and_differ_in_colour_by_sign():
    axes = plots.weight_bars([0.5, -0.25], names=["red", "green"]).axes[0]
    assert [text.get_text() for text in axes.texts] == ["+0.5", "-0.25"]
    assert axes.patches[0].get_facecolor() != axes.patches[1].get_facecolor()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.channels_grid(np.zeros((2, 3, 4, 5))), r"expected \(C, H, W\) or one image"),
        (lambda: plots.channels_grid(np.zeros((3, 4, 5)), ["only one"]), "1 titles for 3 channels"),
        (lambda: plots.photo_and_channels(np.zeros((3, 4, 5))), r"expected \(H, W, 3\)"),
        (lambda: plots.compare(np.zeros((2, 3)), np.zeros((3, 2))), "two maps of one shape"),
        (lambda: plots.weight_bars(np.zeros((2, 3))), r"expected \(C_in,\)"),
        (lambda: plots.weight_matrix(np.zeros(3)), r"expected \(C_out, C_in\)"),
        (lambda: plots.axes_diagram((2, 3)), "expected four sizes"),
    ],
)
def test_arrays_of_another_shape_are_refused_with_what_was_expected(call, message):
    with pytest.raises(CourseError, match=message):
        call()


def test_a_description_is_looked_up_by_its_name_and_kept_out_of_the_cell(capsys):
    name, said = next(iter(plots.words_of("07").items()))
    plots.show(plots.figure(6, 2), alt=f"07.{name}")
    plots.Live().show(plots.figure(6, 2), alt=f"07.{name}")
    assert capsys.readouterr().out == f"{said}\n{said}\n"
    with pytest.raises(CourseError, match="07.toml"):
        plots.show(plots.figure(6, 2), alt="07.no_such_picture")
