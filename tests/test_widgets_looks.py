"""How widgets look and are held: light, dark, forced colours, by touch and on a phone; what the colours can tell."""

import io
import itertools
import re

import numpy as np
import pytest
from browsers import patient
from widgets_page import MAKERS, set_trait, settle, show, trait

from course_utils import plots, widgets
from course_utils.base import paths
from course_utils.base.colours import COLOURS
from course_utils.plots import card
from course_utils.plots.card import INVERTED, STYLE
from course_utils.plots.figure import as_html
from course_utils.widgets.bundle import bundle

COMPARED = ("first", "second", "third", "fourth")
SEEN = {  # how linear red, green and blue look without one kind of cone (Machado, Oliveira and Fernandes, 2009)
    "all cones": np.eye(3),
    "no M cones": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no L cones": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no S cones": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
THEMES = {"light": 0, "dark": 1}
PAGE_OF = {"light": "background: #fff; color: #111", "dark": "background: #111; color: #eee"}
SCREENS = ((1440, 900), (1024, 768), (390, 844))


def linear(colour):
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(float(XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    x, y, z = np.cbrt(XYZ @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_that_means_something_is_seen_on_its_paper(theme):
    look = {name: pair[THEMES[theme]] for name, pair in COLOURS.items()}
    for name in ("minus", "plus", *COMPARED, "right", "wrong", "memory", "computing", "mark"):
        assert contrast(look[name], look["paper"]) >= 3, name
    for name in ("ink", "faint", "second", "memory", "computing"):  # text is written in these
        assert contrast(look[name], look["paper"]) >= 4.5, name
    assert contrast(look["ink"], look["lit"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("seen", SEEN)
def test_what_is_compared_is_told_apart_by_every_kind_of_colour_vision(theme, seen):
    look = {name: pair[THEMES[theme]] for name, pair in COLOURS.items()}
    pairs = [*itertools.combinations(COMPARED, 2), ("minus", "plus"), ("right", "wrong"), ("memory", "computing")]
    for one, other in pairs:
        apart = np.linalg.norm(lab(SEEN[seen] @ linear(look[one])) - lab(SEEN[seen] @ linear(look[other])))
        assert apart >= 18, f"{one} and {other}: {apart:.0f}"  # 2.3 is just noticeable, side by side


LUMA = np.array([0.213, 0.715, 0.072])
TURNS = np.array([[0.787, -0.715, -0.072], [-0.213, 0.285, -0.072], [-0.213, -0.715, 0.928]])
SHIFTS = np.array([[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]])


def inverted(colour):
    """What `INVERTED` makes of a colour: the matrices of the W3C's Filter Effects."""
    share, degrees, much = map(
        float, re.fullmatch(r"invert\((.*)\) hue-rotate\((.*)deg\) saturate\((.*)\)", INVERTED).groups()
    )
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    rgb = share + (1 - 2 * share) * rgb
    rgb = np.clip((LUMA + np.cos(np.radians(degrees)) * TURNS + np.sin(np.radians(degrees)) * SHIFTS) @ rgb, 0, 1)
    rgb = np.clip(LUMA @ rgb + much * (rgb - LUMA @ rgb), 0, 1)
    return "#" + "".join(f"{round(255 * part):02x}" for part in rgb)


def test_a_figure_on_a_dark_page_is_seen_and_told_apart_by_every_kind_of_colour_vision():
    look = {name: inverted(pair[0]) for name, pair in COLOURS.items()}
    for name in ("minus", "plus", *COMPARED, "right", "wrong", "memory", "computing", "ink", "faint"):
        assert contrast(look[name], look["paper"]) >= (4.5 if name in ("ink", "faint") else 3), name
        assert name == "ink" or contrast(look[name], inverted("#ffffff")) >= 4.5, name  # white letters in a bar
    for seen, (one, other) in itertools.product(SEEN, [*itertools.combinations(COMPARED, 2), ("minus", "plus")]):
        apart = np.linalg.norm(lab(SEEN[seen] @ linear(look[one])) - lab(SEEN[seen] @ linear(look[other])))
        assert apart >= 18, f"{one} and {other}, {seen}: {apart:.0f}"
    for name in ("minus", "plus"):  # still blue, still orange
        assert np.argmax(linear(look[name])) == np.argmax(linear(COLOURS[name][0]))


def test_blue_and_orange_are_minus_and_plus_and_nothing_else():
    for at in THEMES.values():
        signed = {COLOURS["minus"][at], COLOURS["plus"][at]}
        assert not [name for name, pair in COLOURS.items() if pair[at] in signed and name not in ("minus", "plus")]


@pytest.mark.browser
def test_a_number_on_a_colour_of_a_map_can_be_read(page):
    code = bundle(paths.ROOT / "course_utils" / "widgets" / "colours.js")
    shown = page.evaluate(
        """async (code) => {
             const { inkOn, signedColour } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
             const hex = (rgb) => "#" + rgb.map((part) => part.toString(16).padStart(2, "0")).join("");
             return Array.from({ length: 201 }, (_, i) => signedColour(i / 100 - 1)).map((rgb) => [inkOn(rgb), hex(rgb)]);
           }""",
        code,
    )
    assert {ink for ink, _ in shown} == {"#000", "#fff"}
    assert min(contrast({"#000": "#000000", "#fff": "#ffffff"}[ink], colour) for ink, colour in shown) >= 4.5


def paper(page):
    """The colour of the first canvas's corner."""
    corner = "(one) => [...one.getContext('2d').getImageData(2, 2, 1, 1).data].slice(0, 3)"
    return page.locator("canvas").first.evaluate(corner)


def rgb(name, theme):
    return [int(COLOURS[name][THEMES[theme]][i : i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.browser
@pytest.mark.parametrize("name", ["scan", "tiles", "roofline", "stack"])
def test_a_picture_follows_the_theme_of_jupyterlab_and_of_the_system(page, name):
    show(page, MAKERS[name]())
    assert paper(page) == rgb("paper", "light")
    for light, theme in (("false", "dark"), ("true", "light")):
        page.evaluate("(light) => (document.body.dataset.jpThemeLight = light)", light)
        settle(page)
        assert paper(page) == rgb("paper", theme)
    page.evaluate("() => { delete document.body.dataset.jpThemeLight; }")
    page.evaluate("() => (document.documentElement.style.colorScheme = 'light dark')")
    page.emulate_media(color_scheme="dark")
    settle(page)
    assert paper(page) == rgb("paper", "dark")
    page.evaluate("() => leave()")
    page.emulate_media(color_scheme="light")
    settle(page)
    assert paper(page) == rgb("paper", "dark")  # what was taken away is drawn no more


def seen_on(page, markup, theme, media="screen"):
    """What a page of JupyterLab shows of a figure, as numbers from 0 to 255 (H, W, 3)."""
    from PIL import Image

    page.emulate_media(media=media)
    page.set_content(f'<body data-jp-theme-light="{"true" if theme == "light" else "false"}">{markup}</body>')
    return np.asarray(Image.open(io.BytesIO(page.locator("figure > div").screenshot())).convert("RGB")).astype(int)


@pytest.mark.browser
def test_on_a_dark_page_a_figures_drawing_is_dark_and_its_photo_is_as_it_was(page):
    fig = plots.pixel(np.random.default_rng(0).integers(0, 256, (8, 12, 3), np.uint8), 3, 4)
    markup = as_html(fig, "A photo and three bars.")
    light, dark = (seen_on(page, markup, theme) for theme in ("light", "dark"))
    (left, top, right, bottom) = card.pictures(fig)[0]
    height, width = light.shape[:2]
    box = np.s_[
        int(top * height / 100) + 3 : int(bottom * height / 100) - 3,
        int(left * width / 100) + 3 : int(right * width / 100) - 3,
    ]
    assert (light[box] == dark[box]).all() and light[box].std() > 30
    bars = (light == rgb("first", "light")).all(axis=2)
    assert bars.sum() > 1000
    assert np.abs(dark[bars] - [int(inverted(COLOURS["first"][0])[i : i + 2], 16) for i in (1, 3, 5)]).max() <= 3
    drawn = light.copy()
    drawn[box] = 255
    paper = (drawn == 255).all(axis=2)
    paper[box] = False
    assert np.median(dark[paper]) < 32 and dark.mean() < light.mean() - 60


@pytest.mark.browser
def test_a_figure_is_light_on_paper_and_where_no_style_is_let_through(page):
    markup = as_html(plots.weight_bars([0.5, -1]), "Two bars.")
    light = seen_on(page, markup, "light")
    assert (seen_on(page, markup.replace(STYLE, ""), "dark") == seen_on(page, markup.replace(STYLE, ""), "light")).all()
    bare = re.sub('<i style="[^"]*">', "<i>", markup)  # beside a notebook that is trusted
    assert (seen_on(page, bare, "dark") == light).all()
    on_paper = seen_on(page, markup, "dark", media="print")
    assert np.median(on_paper) == np.median(light) == 255


def test_the_pages_of_the_site_invert_what_jupyterlab_inverts():
    css = (paths.ROOT / "course_utils" / "site" / "page.css").read_text(encoding="utf-8")
    assert re.findall(r"--dark-figure: ([^;]*);", css) == [INVERTED] * 2


@pytest.mark.browser
@pytest.mark.parametrize("scheme", PAGE_OF)
@pytest.mark.parametrize("name", MAKERS)
def test_every_widget_is_accessible_in_light_dark_and_forced_colours_on_every_screen(page, name, scheme):
    from axe_playwright_python.sync_playwright import Axe

    show(page, MAKERS[name]())
    page.evaluate(
        "([scheme, of]) => (document.documentElement.style.cssText = `color-scheme: ${scheme}; ${of}`)",
        [scheme, PAGE_OF[scheme]],
    )
    page.locator("details").evaluate_all("(all) => all.forEach((one) => (one.open = true))")
    for (width, height), forced in itertools.product(SCREENS, ("none", "active")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, forced_colors=forced)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, context="main").response["violations"]
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        assert not serious, (width, forced, [(one["id"], one["nodes"][0]["html"][:200]) for one in serious])


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["budget", "stack", "block"])
def test_in_forced_colours_bars_are_seen_and_keep_apart(page, name, scheme):
    page.emulate_media(color_scheme=scheme, forced_colors="active")
    show(page, MAKERS[name]())
    fills = page.locator(".fill").evaluate_all(
        """(all) => all.filter((one) => getComputedStyle(one).visibility === "visible").map((one) => {
             const { backgroundColor, backgroundImage, borderRightColor, forcedColorAdjust } = getComputedStyle(one);
             return { kind: one.className, look: `${backgroundColor} ${backgroundImage}`, edge: borderRightColor, forcedColorAdjust };
           })"""
    )
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor")
    looks = {fill["kind"]: fill["look"] for fill in fills}
    assert len(looks) >= 2 and len(set(looks.values())) == len(looks)
    assert all(fill["forcedColorAdjust"] == "none" and fill["edge"] != behind for fill in fills)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_the_parts_of_a_block_can_be_read(page, scheme):
    page.emulate_media(color_scheme=scheme, forced_colors="active")
    show(page, MAKERS["block"]())
    behind, letters = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.part')).color]"
    )
    assert letters != behind


@pytest.fixture
def phone(chromium):
    """A phone's screen, held by a finger, on which no script may fail."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    opened, failures = patient(context.new_page()), []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    context.close()
    assert not failures


CUT = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerHTML.slice(0, 120))"


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_beside_the_sidebar_of_a_small_screen_nothing_is_cut_off(page, name):
    """JupyterLab at 1024×768 leaves 592 pixels, of which the screen's own width says nothing."""
    page.set_viewport_size({"width": 1024, "height": 768})
    show(page, MAKERS[name]())
    page.evaluate("() => (document.querySelector('main').style.width = '592px')")
    page.locator("details").evaluate_all("(all) => all.forEach((one) => (one.open = true))")
    settle(page)
    assert not page.locator(".stage").evaluate_all(CUT)
    assert page.locator("main").evaluate("(one) => one.scrollWidth") <= 592


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_on_a_phone_nothing_is_wider_than_the_screen_and_targets_are_for_fingers(phone, name):
    show(phone, MAKERS[name]())
    phone.locator("details").evaluate_all("(all) => all.forEach((one) => (one.open = true))")
    settle(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not phone.locator(".stage").evaluate_all(CUT)  # nothing is behind an edge
    small = phone.locator("button:visible, select:visible, input:visible").evaluate_all(
        """(all) => all.map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect(), one.getBoundingClientRect()])
             .filter(([, label, own]) => Math.max(label.height, own.height) < 40 || Math.max(label.width, own.width) < 40)
             .map(([one]) => one.outerHTML.slice(0, 120))"""
    )
    assert not small


@pytest.mark.browser
@pytest.mark.parametrize(
    "name", ["scan", "slicer", "linker", "shuffle", "run", "stack", "budget", "roofline", "tiles", "xor", "kept"]
)
def test_a_picture_with_letters_is_laid_out_anew_where_there_is_little_room(page, name):
    """No letter of it gets smaller than it was on a screen of ordinary size by more than a quarter."""
    page.evaluate("""() => {
      const write = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
        const shown = this.canvas.getBoundingClientRect().width / this.canvas.width;
        const size = parseFloat(this.font.match(/([\\d.]+)px/)[1]) * this.getTransform().a * shown;
        window.smallest = Math.min(window.smallest ?? Infinity, size);
        return write.call(this, text, ...at);
      };
    }""")
    page.set_viewport_size({"width": 940, "height": 800})
    show(page, MAKERS[name]())
    settle(page)
    wide = page.evaluate("[smallest, document.querySelector('canvas').width]")
    page.evaluate("() => { window.smallest = Infinity; }")
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    narrow = page.evaluate("[smallest, document.querySelector('canvas').width]")
    assert narrow[1] < wide[1]
    assert narrow[0] > 0.75 * wide[0] and narrow[0] > 8
    page.set_viewport_size({"width": 940, "height": 800})
    settle(page)
    assert page.evaluate("document.querySelector('canvas').width") == wide[1]


@pytest.mark.browser
def test_on_a_phone_a_pixel_is_chosen_where_it_is_drawn(phone):
    """The picture lies in pieces there, each at a scale of its own."""
    show(phone, MAKERS["linker"]())
    canvas = phone.locator("canvas")
    box = canvas.bounding_box()
    width, height = (canvas.evaluate(f"(one) => one.{side}") for side in ("clientWidth", "clientHeight"))
    phone.mouse.click(box["x"] + 3, box["y"] + height * 0.2)
    settle(phone)
    image, _, column = trait(phone, "index")
    assert (image, column) == (0, 0)
    phone.mouse.click(box["x"] + width - 3, box["y"] + height * 0.2)
    settle(phone)
    assert trait(phone, "index")[0] == 1
    phone.mouse.click(box["x"] + width - 3, box["y"] + height - 22)
    settle(phone)
    assert trait(phone, "index")[0] == 1 and trait(phone, "index")[2] == 11  # the last column of the matrix


@pytest.mark.browser
def test_a_weight_is_dragged_by_a_finger_as_far_as_it_goes(phone):
    show(phone, MAKERS["scan"]())
    box = phone.locator("canvas").bounding_box()
    unit = box["width"] / 420
    finger = phone.context.new_cdp_session(phone)
    y = box["y"] + 66 * unit

    def touch(kind, x):
        points = [] if x is None else [{"x": box["x"] + x * unit, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 198)
    for x in range(200, 234, 2):
        touch("touchMove", x)
    touch("touchEnd", None)
    settle(phone)
    assert trait(phone, "weight")[0][0] > 0.9  # not cancelled on the way


WRITTEN = """() => {
  window.written = [];
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
    window.written.push(text);
    return write.call(this, text, ...at);
  };
}"""


@pytest.mark.browser
def test_a_picture_of_one_colour_says_its_number(page):
    page.evaluate(WRITTEN)
    show(page, MAKERS["shuffle"]())
    assert "0 everywhere" in page.evaluate("written")
    page.evaluate("() => { written.length = 0; }")
    set_trait(page, "layer", "3×3 edges")
    assert not [text for text in page.evaluate("written") if "everywhere" in text]
    show(page, widgets.pixel_xor())
    page.evaluate("() => { written.length = 0; }")
    set_trait(page, "step", 1000)
    assert page.evaluate("written").count("0.50 everywhere") == 2
    page.evaluate("() => { written.length = 0; }")
    set_trait(page, "between", "ReLU")
    assert "0.50 everywhere" not in page.evaluate("written")


@pytest.mark.browser
@pytest.mark.parametrize("runs", [1, 4, 5, 20, 60])
def test_no_dot_of_a_claim_is_cut_and_none_lies_half_on_its_neighbour(page, runs):
    board = widgets.claim_board()
    board.record(4, np.repeat([0.2, 0.21, 0.5], runs).tolist())
    show(page, board)
    dots = "(all) => all.map((one) => ['cx', 'cy', 'r'].map((name) => Number(one.getAttribute(name))))"
    found = page.locator("svg circle").evaluate_all(dots)
    assert len(found) == 3 * runs
    assert all(cy - r >= 0 and cx - r >= 0 and cx + r <= 400 for cx, cy, r in found)
    columns = sorted({cx for cx, _, _ in found})
    assert all(b - a >= 2 * found[0][2] for a, b in itertools.pairwise(columns))
    assert page.locator("svg:has(circle) text.says").inner_html() == "0.99 to 1.01"
