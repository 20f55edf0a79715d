"""Messages that point at the right thing: of wrong answers as beginners write them, most are named, none is misnamed."""

import pytest
import slips_early  # noqa: F401 - and so do these
import slips_fourth
import slips_late  # noqa: F401
import slips_more  # noqa: F401 - adds its slips to those of slips.py
import slips_third
from slips import SLIPS
from styles import RIGHT

from course_utils.checking.judge import judge
from course_utils.exercises import find
from course_utils.exercises.codes import CODES

pytestmark = pytest.mark.slow
NO_INPUT = (
    "find_the_impostors",
    "experiment_maps",
    "experiment_distinct",
    "experiment_order",
)  # their inputs are layers


def told(exercise, expected, function):
    """What the check says: whether what is expected is named, whether something else is, whether an input shows it."""
    verdict = judge(find(exercise), function)
    assert verdict.outcome in ("wrong", "crashed"), function.__name__
    wanted = [one for one in expected.split("|") if one]
    codes = [one for one in wanted if one in CODES]
    first = verdict.headline.lower()
    named = verdict.code in codes or any(one.lower() in first for one in wanted if one not in CODES)
    shown = any(f"`{exercise}(" in line for line in (verdict.headline, *verdict.details))
    return named, not named and verdict.code is not None, shown


def test_most_slips_are_named_none_is_misnamed_and_the_others_are_shown_by_an_input():
    assert len(SLIPS) >= 300
    found = {
        function.__name__: (exercise, *told(exercise, expected, function)) for exercise, expected, function in SLIPS
    }
    named = [one for one, (_, is_named, _, _) in found.items() if is_named]
    misled = [one for one, (_, _, is_misled, _) in found.items() if is_misled]
    mute = [
        one for one, (item, is_named, _, shown) in found.items() if not is_named and not shown and item not in NO_INPUT
    ]
    print(f"{len(found)} slips: {len(named)} named, {len(misled)} misnamed, {len(mute)} neither named nor shown")
    assert misled == []
    assert mute == []
    assert len(named) >= 0.9 * len(found)


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        ("conv1x1_loops", slips_third.f3_m22),
        ("conv1x1_loops", slips_third.f3_m25),
        ("tiled_conv1x1", slips_fourth.f6_one_channel_after_the_other),
    ],
)
def test_a_step_that_is_right_is_not_suspected_beside_a_slip(exercise, function):
    assert "bias" not in judge(find(exercise), function).headline


@pytest.mark.parametrize(("exercise", "function"), RIGHT, ids=[name for name, _ in RIGHT])
def test_no_right_answer_is_refused_for_its_style(exercise, function):
    for seed in (0, 1):
        said = judge(find(exercise), function, seed)
        assert said.outcome == "correct", said.headline
