"""Letters in pictures: high enough to be read at every width, whole, and none on top of another."""

import itertools

import pytest
from widgets_page import MAKERS, settle, show

WIDTHS = (
    884,
    760,
    660,
    592,
    480,
    366,
)  # of the widget: a wide screen to a phone; beside JupyterLab's sidebar it is 592
LEAST = 10.9  # pixels
PICTURED = ("scan", "slicer", "linker", "shuffle", "run", "stack", "budget", "roofline", "tiles", "xor", "kept")
FULL = [  # pictures with as much in them as there may be
    ("scan", {"c_out": 4, "order": "random", "position": 123}),
    ("stack", {"channels": [3] + [64] * 10, "kernels": [3] * 10}),
    ("kept", {"data": "correlated maps"}),
    ("linker", {"method": "reshape alone"}),
]

# What is written since the last time that the whole canvas was blank: its box on the canvas, in pixels of the page.
WRITTEN = """() => {
  const pen = CanvasRenderingContext2D.prototype;
  const { fillText, rect, clip, save, restore } = pen;
  const seen = (pen, [x, y, wide, high]) => {
    const { a, d, e, f } = pen.getTransform();
    const shown = pen.canvas.clientWidth / pen.canvas.width;
    return [a * x + e, d * y + f, a * wide, d * high].map((part) => part * shown);
  };
  window.written = [];
  let [last, shape] = [null, null];
  const shapes = [];
  pen.save = function () { shapes.push(shape); return save.call(this); };
  pen.rect = function (...box) { last = seen(this, box); return rect.apply(this, box); };
  pen.clip = function () { shape = last; return clip.call(this); };
  pen.restore = function () { shape = shapes.pop(); return restore.call(this); };
  pen.fillText = function (text, x, y) {
    const says = this.measureText(text);
    const [left, up] = [x - says.actualBoundingBoxLeft, y - says.actualBoundingBoxAscent];
    const box = seen(this, [left, up, x + says.actualBoundingBoxRight - left, y + says.actualBoundingBoxDescent - up]);
    const high = parseFloat(this.font.match(/([\\d.]+)px/)[1]) * this.getTransform().a * this.canvas.clientWidth / this.canvas.width;
    written.push({ text, box, high, shape, room: [0, 0, this.canvas.clientWidth, this.canvas.clientHeight] });
    return fillText.call(this, text, x, y);
  };
}"""


def apart(one, other):
    """By how many pixels two boxes [x, y, wide, high] are apart, below 0 where they lie on one another."""
    return max(
        max(a, b) - min(a + wide, b + broad) for a, wide, b, broad in zip(one, one[2:], other, other[2:], strict=False)
    )


def outside(box, room):
    """By how many pixels a box stands out of a room."""
    return max(
        max(b - a, a + wide - b - broad) for a, wide, b, broad in zip(box, box[2:], room, room[2:], strict=False)
    )


def faults(page):
    """What is wrong with the letters on the canvas now."""
    texts = [one for one in page.evaluate("written") if one["text"].strip()]
    texts = [one for one in texts if one["shape"] is None or apart(one["box"], one["shape"]) < -1]
    small = [f"{one['text']!r} is {one['high']:.1f} pixels high" for one in texts if one["high"] < LEAST]
    cut = [
        f"{one['text']!r} is cut by {outside(one['box'], one['shape'] or one['room']):.0f}"
        for one in texts
        if outside(one["box"], one["shape"] or one["room"]) > 1.5
    ]
    lies = [
        f"{one['text']!r} lies on {other['text']!r} by {-apart(one['box'], other['box']):.0f}"
        for one, other in itertools.combinations(texts, 2)
        if apart(one["box"], other["box"]) < -1 and one["text"] != other["text"]
    ]
    return small + cut + lies


@pytest.mark.browser
@pytest.mark.parametrize(("name", "traits"), [*((name, {}) for name in PICTURED), *FULL])
def test_letters_are_read_whole_and_apart_at_every_width(page, name, traits):
    page.set_viewport_size({"width": 940, "height": 800})
    page.evaluate(WRITTEN)
    widget = MAKERS[name]()
    for trait, value in traits.items():
        setattr(widget, trait, value)
    show(page, widget)
    found = {}
    for width in WIDTHS:
        page.evaluate("(width) => (document.querySelector('main').style.width = `${width}px`)", width)
        settle(page)
        page.evaluate("() => { written.length = 0; document.documentElement.style.colorScheme = 'dark'; }")
        settle(page)
        assert page.evaluate("written.length")
        found[width] = faults(page)
        page.evaluate("document.documentElement.style.colorScheme = 'light'")
        settle(page)
    assert not any(found.values()), "\n".join(f"{width}: {fault}" for width, all in found.items() for fault in all)


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_letters_beside_the_runs_of_a_claim_are_read_too(page, width):
    page.set_viewport_size({"width": 940, "height": 800})
    show(page, MAKERS["board"]())
    page.evaluate("(width) => (document.querySelector('main').style.width = `${width}px`)", width)
    high = "(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"
    assert min(page.locator("svg text").evaluate_all(high)) > 10
