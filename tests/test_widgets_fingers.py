"""What is pulled in a picture, and every slider, follows a finger and a mouse to where they go, on three screens."""

import pytest
from browsers import patient
from widgets_page import MAKERS, settle, show, trait

SCREENS = ((1440, 900), (1024, 768), (390, 844))
PHONE = ("touch", SCREENS[-1])
STEPS = 12  # of one pull: a browser that takes a finger's way for scrolling cancels it after some five
WITHOUT = ("board",)  # has no slider

# What is pulled: the trait that follows, and from where to where, in shares of the picture's width and height.
PULLED = {
    "mixer": ("pixel", (0.1, 0.3), (0.3, 0.8)),
    "linker": ("index", (0.04, 0.1), (0.2, 0.16)),
    "collisions": ("angle", (0.7, 0.5), (0.5, 0.2)),
    "sliding": ("place", (0.3, 0.3), (0.7, 0.7)),
}


class Pull:
    """A finger or the mouse on a page; `along` is the way that it goes while it is down."""

    def __init__(self, page, kind):
        self.page, self.kind = page, kind
        self.finger = page.context.new_cdp_session(page) if kind == "touch" else None

    def _at(self, what, place):
        if self.kind == "mouse":
            self.page.mouse.move(*place)
            {"touchStart": self.page.mouse.down, "touchEnd": self.page.mouse.up}.get(what, lambda: None)()
        else:
            points = [] if what == "touchEnd" else [{"x": place[0], "y": place[1]}]
            self.finger.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})

    def along(self, start, end):
        """Go from one place on the screen to another; yields after each step."""
        self._at("touchStart", start)
        for step in range(1, STEPS + 1):
            self._at("touchMove", [a + (b - a) * step / STEPS for a, b in zip(start, end, strict=True)])
            settle(self.page)
            yield step
        self._at("touchEnd", end)
        settle(self.page)


HANDS = [(kind, screen) for kind in ("touch", "mouse") for screen in SCREENS]


@pytest.fixture(
    params=[pytest.param(one, marks=() if one == PHONE else pytest.mark.thorough) for one in HANDS], ids=str
)
def pull(request, chromium):
    """A page of some size with a hand on it."""
    kind, (width, height) = request.param
    touch = {"has_touch": kind == "touch", "is_mobile": kind == "touch" and width < 500}
    context = chromium.new_context(viewport={"width": width, "height": height}, **touch)
    page, failures = patient(context.new_page()), []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield Pull(page, kind)
    context.close()
    assert not failures


def places(box, *shares):
    return [[box["x"] + across * box["width"], box["y"] + down * box["height"]] for across, down in shares]


@pytest.mark.browser
@pytest.mark.parametrize("name", PULLED)
def test_a_picture_follows_a_hand_to_the_end_of_its_way(pull, name):
    followed, *way = PULLED[name]
    show(pull.page, MAKERS[name]())
    canvas = pull.page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    seen = pull.page.get_by_role("status")
    said = {step: seen.inner_text() for step in pull.along(*places(canvas.bounding_box(), *way))}
    assert len(set(said.values())) >= 3 and said[STEPS] != said[STEPS // 2]  # not cancelled on the way
    assert trait(pull.page, followed) != getattr(MAKERS[name](), followed)


@pytest.mark.browser
def test_the_bar_of_a_weight_is_pulled_as_far_as_it_goes(pull):
    show(pull.page, MAKERS["scan"]())
    box = pull.page.locator("canvas").bounding_box()
    whole, start, end, down = (420, 198, 234, 66) if box["width"] < 500 else (900, 356, 398, 80)
    height = down * box["width"] / whole / box["height"]
    for _ in pull.along(*places(box, (start / whole, height), (end / whole, height))):
        pass
    assert trait(pull.page, "weight")[0][0] > 0.9


@pytest.mark.browser
def test_a_map_is_carried_onto_another(pull):
    show(pull.page, MAKERS["sums"]())
    first, second = (pull.page.get_by_role("button", name=f"Output 0: input {c}", exact=True) for c in (1, 3))
    first.scroll_into_view_if_needed()
    way = [places(one.bounding_box(), (0.5, 0.5))[0] for one in (first, second)]
    held = [first.evaluate("(one) => one.classList.contains('held')") for _ in pull.along(*way)]
    assert held[-1] and trait(pull.page, "joined")[0] == [0, 3, 2, 3]


@pytest.mark.browser
@pytest.mark.parametrize("name", MAKERS)
def test_every_slider_follows_a_hand(pull, name):
    page = pull.page
    show(page, MAKERS[name]())
    page.locator("details").evaluate_all("(all) => all.forEach((one) => (one.open = true))")
    names = page.locator("input[type=range]:visible:enabled").evaluate_all(
        "(all) => all.map((one) => one.ariaLabel ?? one.labels[0].textContent)"
    )
    assert names or name in WITHOUT
    for place in range(len(names)):
        slider = page.locator("input[type=range]:visible").nth(place)
        if not slider.is_enabled():
            continue
        slider.scroll_into_view_if_needed()
        found = [slider.input_value() for _ in pull.along(*places(slider.bounding_box(), (0.15, 0.5), (0.85, 0.5)))]
        ends = float(slider.get_attribute("max")) - float(slider.get_attribute("min"))
        assert len(set(found)) >= min(3, 1 + ends / float(slider.get_attribute("step") or 1)), (names[place], found)
