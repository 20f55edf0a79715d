"""Every control of every widget moves something by mouse, by keyboard and by touch, and nothing is cut off, on three screens.

Nothing here knows a widget: controls are found in the page, and one that is added is tried too.
"""

import itertools

import pytest
from browsers import patient
from widgets_page import MAKERS, settle, show

SCREENS = ((1440, 900), (1024, 768), (390, 844))
HANDS = ("mouse", "keyboard", "touch")
# Everything folded is opened; then `control(i)` is control i, or the one of its name where its place was drawn anew.
FIND = """() => {
  document.querySelectorAll(".course-widget details").forEach((one) => (one.open = true));
  const all = () => [...document.querySelectorAll(".course-widget :is(input, select, button, summary, [tabindex='0'])")];
  const name = (one) => [one.tagName, one.type, one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent].join();
  const seen = (one) => one?.checkVisibility({ visibilityProperty: true }) && !one.disabled;
  const found = all().map((one) => [one, name(one), all().filter((other) => name(other) === name(one)).indexOf(one)]);
  window.control = (i) => {
    const [first, named, turn] = found[i];
    const now = first.isConnected ? first : all().filter((other) => name(other) === named)[turn];
    return seen(now) ? now : null;
  };
  return found.map(([, named]) => named);
}"""
LOOK = """() => {
  const sum = (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Uint32Array(data.buffer).reduce((total, pixel) => (Math.imul(total, 31) + pixel) | 0, 0);
  };
  return JSON.stringify([
    [...document.querySelectorAll("input, select, details")].map((one) => [one.value, one.checked, one.open]),
    [...document.querySelectorAll("button")].map((one) => [one.textContent, one.getAttribute("aria-pressed")]),
    document.querySelector("main").innerText,
    [...document.querySelectorAll("canvas")].map(sum),
  ]);
}"""
# What of a control cannot be seen or held: its box leaves the screen, or something else lies on its middle.
HIDDEN = """(index) => {
  const one = control(index);
  if (!one) return "";
  one.scrollIntoView({ block: "center" });
  const box = one.getBoundingClientRect();
  if (box.left < 0 || box.right > innerWidth + 0.5) return `${one.outerHTML} leaves the screen`;
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return one.contains(top) || top?.closest("label")?.control === one ? "" : `${one.outerHTML} lies under ${top?.outerHTML}`;
}"""
CUT = """() => [...document.querySelectorAll(".course-widget :is(button, .readout, .title, th, td, label, figcaption)")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.textContent)"""


class Hand:
    """A mouse, a keyboard or a finger on a page."""

    def __init__(self, page, kind):
        self.page, self.kind = page, kind
        self.names = page.evaluate(FIND)

    def look(self):
        settle(self.page)
        return self.page.evaluate(LOOK)

    def press(self, control, share=0.5):
        """Click or tap at a share of the control's width."""
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        place = box["x"] + share * box["width"], box["y"] + box["height"] / 2
        (self.page.touchscreen.tap if self.kind == "touch" else self.page.mouse.click)(*place)

    def acts(self, control):
        """What this hand does with such a control, one way after the other; each is a function."""
        kind, tag = control.get_attribute("type"), control.evaluate("(one) => one.tagName")
        keys = self.page.keyboard
        if self.kind == "keyboard":
            ways = {"range": ["ArrowRight", "ArrowLeft"], "number": ["ArrowUp", "ArrowDown"], "checkbox": ["Space"]}
            ways |= {"SELECT": ["ArrowDown", "ArrowUp"], "BUTTON": ["Enter", "Space"], "SUMMARY": ["Enter"]}
            known = ways.get(kind) or ways.get(tag) or ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Enter"]
            return [lambda key=key: (control.focus(), keys.press(key)) for key in known]
        if kind == "range":
            return [lambda at=at: self.press(control, at) for at in (0.3, 0.8)]
        if kind == "number":
            ends = [control.get_attribute(name) or other for name, other in (("min", "-1"), ("max", "1"))]
            return [lambda to=to: (self.press(control), control.fill(to), keys.press("Enter")) for to in ends]
        if tag == "SELECT":  # the list that opens belongs to the system: what is chosen there arrives as this does
            values = control.evaluate(
                "(one) => [...one.options].filter((own) => !own.disabled).map((own) => own.value)"
            )
            chosen = lambda to: (self.press(control), keys.press("Escape"), control.select_option(to))  # noqa: E731
            return [lambda to=to: chosen(to) for to in values[::-1]]
        return [lambda at=at: self.press(control, at) for at in (0.5, 0.3, 0.8)]

    def moves(self, index):
        """Whether something is seen to change; what plays is told to stop again."""
        control = self.page.evaluate_handle("(index) => control(index)", index).as_element()
        for act in self.acts(control) if control else ():
            before = self.look()
            act()
            if self.look() != before:
                for playing in self.page.query_selector_all("button[aria-label=Pause]"):
                    playing.press("Enter") if self.kind == "keyboard" else self.press(playing)
                return True
        return False


def stuck(page, kind, name):
    """Names of what this hand cannot move: not in turn, not first in a fresh widget (some controls take others away), not
    after any other has been moved (*Start* does nothing at the start)."""
    hand = Hand(page, kind)
    every = range(len(hand.names))
    for index in [index for index in every if not hand.moves(index)]:
        show(page, MAKERS[name]())
        hand = Hand(page, kind)
        if not hand.moves(index) and not any(hand.moves(other) and hand.moves(index) for other in every):
            yield hand.names[index]


def held(chromium, name, screen, kind, **look):
    width, height = screen
    touch = {"has_touch": kind == "touch", "is_mobile": kind == "touch" and width < 500}
    context = chromium.new_context(viewport={"width": width, "height": height}, **touch, **look)
    page, failures = patient(context.new_page()), []
    page.evaluate("() => (document.documentElement.style.colorScheme = 'light dark')")
    page.on("pageerror", lambda error: failures.append(str(error)))
    show(page, MAKERS[name]())
    hidden = [page.evaluate(HIDDEN, index) for index in range(len(page.evaluate(FIND)))]
    assert hidden and not any(hidden), hidden
    assert not page.evaluate(CUT)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not list(stuck(page, kind, name))
    context.close()
    assert not failures


@pytest.mark.browser
@pytest.mark.parametrize(("kind", "screen"), zip(HANDS, SCREENS, strict=True))
@pytest.mark.parametrize("name", MAKERS)
def test_every_control_moves_by_each_hand(chromium, name, kind, screen):
    held(chromium, name, screen, kind)


@pytest.mark.browser
@pytest.mark.thorough
@pytest.mark.parametrize(
    ("kind", "screen"),
    [one for one in itertools.product(HANDS, SCREENS) if one not in zip(HANDS, SCREENS, strict=True)],
)
@pytest.mark.parametrize("name", MAKERS)
def test_every_control_moves_by_each_hand_on_every_screen(chromium, name, kind, screen):
    held(chromium, name, screen, kind)


@pytest.mark.browser
@pytest.mark.thorough
@pytest.mark.parametrize("look", [{"color_scheme": "dark"}, {"color_scheme": "dark", "forced_colors": "active"}])
@pytest.mark.parametrize(("kind", "screen"), zip(HANDS, SCREENS, strict=True))
@pytest.mark.parametrize("name", MAKERS)
def test_every_control_moves_by_each_hand_in_the_dark_and_in_forced_colours(chromium, name, kind, screen, look):
    held(chromium, name, screen, kind, **look)
