"""What is wrong with an answer, in the order in which it helps: what, the smallest input that shows it, the rest."""

import re
import warnings
from dataclasses import dataclass

from course_utils.base.pauses import no_collecting
from course_utils.checking import crash, helpers, reading, relations, small
from course_utils.checking.calls import Call, own_line
from course_utils.checking.compare import Difference
from course_utils.checking.diagnose import name_loosely, name_mistake
from course_utils.checking.in_vain import in_vain, returns_at_once, thrown_away
from course_utils.checking.nearly import nearly
from course_utils.checking.outcome import CRASHED, WRONG, Verdict
from course_utils.checking.state import remembered
from course_utils.exercises.codes import CODES
from course_utils.exercises.spec import Case, Exercise, apply


@dataclass
class Seen:
    """What was seen of a function that is not right, in order to say what is wrong with it."""

    exercise: Exercise
    function: object
    cases: list
    expected: list
    results: list
    one: Case  # the first case on which it is not right
    result: Call  # what it did there
    found: Difference | None

    @no_collecting()
    def verdict(self, seed: int) -> Verdict:
        """The verdict: the mistake by name or what was seen, then the smallest input that shows it, then the rest."""
        exercise, result = self.exercise, self.result
        state = _quietly(self._kept, "")
        named, clue, code = (None, state, None) if state else _quietly(self._clue, (None, "", None))
        no_input = seed or state or isinstance(result.error, ImportError)  # which no input is the reason of
        shown = "" if no_input else _quietly(self._shown, "")
        seen = self._seen()
        crashed = crash.told(exercise, result.error, self.one.args) if result.error else ""
        headline = f"{crashed} {clue}".strip() or shown or seen
        details = [f"Smallest input that shows it: {shown}"] if shown and shown != headline else []
        details += [f"Input: {self.one.label}{_shapes(exercise, self.one)}."] if not shown or result.error else []
        details += [f"Seen: {seen}"] if not (headline.endswith(seen) or shown.endswith(seen)) else []
        details += [f"In your {line}"] if result.error and (line := own_line(result.error)) else []
        details += (
            [f"Your code printed, on {self.one.label}: {result.printed.strip()}"] if result.printed.strip() else []
        )
        details += [f"Misconception {code}: {CODES[code]}."] if code else []
        told = f"{exercise.name}: {named.mistake.message}" if named else ""
        said = (CRASHED if result.error else WRONG), f"{exercise.name}: {headline}", code, details
        return Verdict(exercise.name, *said, self.found, exercise.axes, told)

    def _kept(self):
        """What it remembers between calls, in words; "" if nothing."""
        return remembered(self.exercise, self.function, self.cases, self.expected, self.results)

    def _shown(self):
        """The smallest input of the usual kind, else of the kind on which it went wrong: whole numbers, for example."""
        crashes = bool(self.result.error)
        shown = small.smallest(self.exercise, self.function, self.cases, crashes, part=self._part())
        if shown or _kinds(self.one) == _kinds(self.cases[0]):
            return shown
        return small.smallest(self.exercise, self.function, [self.one, *self.cases], crashes, 20, True)

    def _part(self):
        """What is wrong of that which is observed, as far as its name says no sizes: "output", for example."""
        is_part = self.found and isinstance(self.result.value, dict)
        return re.match(r"[^\d(:]*", self.found.sentence)[0] if is_part else ""

    def _clue(self):
        """The mistake where it has a name, what is wrong as far as it is known, and the code of the misconception."""
        seen = self.exercise, self.function, self.cases, self.expected
        helper, said = helpers.at_fault(*seen, self.results)
        if helper:
            return None, f"{said} The fault is in `{helper}`: run check({helper.partition(' ')[0]}).", None
        if named := name_mistake(*seen, self.results):
            is_told = self.result.error or "return" in named.mistake.message
            early = None if is_told else in_vain(self.function, returns_at_once)
            if early:
                return None, *early
            lost = (in_vain(self.function, thrown_away) or ("",))[0]
            return named, " ".join(filter(None, (named.mistake.message, named.besides, lost))), named.mistake.code
        if self.result.changed and not self.found and not self.result.error:
            return None, self._seen(), "INP"
        if named := name_loosely(*seen, self.results):  # a change that makes it right says more
            found = _quietly(lambda: nearly(*seen, self.results), None)
            return (None, *found) if found else (named, named.mistake.message, named.mistake.code)
        clue, code = ("", None) if self.result.error else relations.describe(*seen, self.results)
        if code:
            return None, clue, code
        found = reading.read(self.exercise, self.function, self.one, self.result)
        found = found or _quietly(lambda: nearly(*seen, self.results), None)
        return None, *(found or (clue or self._kind(), None))

    def _kind(self):
        """What is said of the kind or shape of an answer that is compared as it is returned: it helps at once."""
        said = self.found.sentence if self.found else ""
        return said if self.exercise.observe is apply and said.startswith(("got ", "shape ", "the function ")) else ""

    def _seen(self):
        result = self.result
        if result.error:
            return f"{type(result.error).__name__}: {result.error}".rstrip(": ")
        if self.found:
            return self.found.sentence
        changed = " and ".join(f"`{name}`" for name in result.changed)
        how = "in place, or returns it" if self.exercise.new_arrays else "in place"
        return f"the function changes its input {changed} {how}; work on a copy."


def _kinds(one: Case) -> list:
    """The types of the numbers in a case's arrays."""
    return [getattr(value, "dtype", None) for value in one.args]


def _quietly(look, nothing):
    """What a closer look says; nothing where it trips over an answer: that the answer is wrong is known by then."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return look()
    except Exception:  # noqa: BLE001 - an object of the learner's may do anything when it is compared or added
        return nothing


def _shapes(exercise, one):
    """The arguments of a case in short: ", x (2, 3, 4, 7), k 3"."""
    shown = [
        f"{name} {tuple(value.shape) if hasattr(value, 'shape') else value!r}"
        for name, value in zip(exercise.parameters, one.args, strict=False)
        if hasattr(value, "shape") or isinstance(value, int | float | str | list | tuple | None)
    ]
    text = ", ".join(shown)
    return f": {text}" if text and len(text) < 160 else ""
