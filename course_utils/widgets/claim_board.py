"""The claim board: every sentence of the article with your numbers, their spread, and your verdict."""

import html
from collections.abc import Callable, Iterable, Sequence
from math import exp, lgamma, log, log1p
from numbers import Real

import numpy as np
import traitlets

from course_utils.base.errors import CourseError
from course_utils.base.values import kind_of
from course_utils.experiments import claims
from course_utils.widgets.canvas import Canvas, script, style
from course_utils.widgets.values import Ordered, one_of

MARKS = {"true": "✓", "false": "✗", "depends": "◐", "open": "○"}
HEADS = ("claim", "the article says", "runs (dots), and what the claim says (shaded)", "verdict", "in words")
PLAIN = ("claim", "the article says", "lesson", "deciding number", "runs", "verdict")  # where no widgets run
SAID = ("true", "false", "depends")
SURE = 0.95  # how often the interval of a share holds it
ENOUGH = 10  # runs from which a share of them has an interval worth showing


def claim_board(verdict: Callable[[claims.Claim, Sequence[float]], str] = claims.decide) -> "ClaimBoard":
    """A board of the article's claims. `record` puts the numbers of your runs on it; `verdict` decides what they say.

    >>> board = claim_board()
    >>> board.record(13, [0.99, 0.98, 0.99], given="noise")
    >>> board.verdicts()
    {'13, given noise': 'false'}
    >>> board.show = "false"
    >>> print(board.as_text())
    13, given noise ✗ false: “1000 channels … give 10 channels … without losing any information”. 3 runs: 0.98 to 0.99.
    """
    if not callable(verdict):
        raise CourseError(f"claim_board: verdict is {kind_of(verdict)}, expected a function (claim, numbers).")
    return ClaimBoard(verdict)


class ClaimBoard(Canvas):
    """The widget that `claim_board()` returns."""

    _esm = script("claim_board.js")
    _css = style("claim_board.css")
    rows = traitlets.List().tag(sync=True, fixed=True)
    show = traitlets.Unicode("all").tag(sync=True)
    marks = Ordered(MARKS)
    heads = traitlets.List(list(HEADS)).tag(sync=True, fixed=True)

    def __init__(self, verdict):
        self._verdict, self._records = verdict, {}
        super().__init__(rows=[_row(claim) for claim in claims.CLAIMS.values()])

    def record(self, claim: claims.Claim | int, values: Iterable[float], given: str = "") -> None:
        """Put the numbers of some runs beside a claim, in place of those recorded for it earlier.

        `claim` is the claim's number, `values` one number or one a run. `given` names the circumstances, where a claim
        is tested under several: each has its own line.
        """
        if claim not in claims.CLAIMS:
            raise CourseError(f"record: there is no claim {claim!r}, expected a number from 1 to {len(claims.CLAIMS)}.")
        if not claims.CLAIMS[claim].is_testable:
            raise CourseError(f"record: claim {claim} is {claims.OPINION}. Record a claim that can be tested.")
        numbers = _numbers(values)
        said = self._verdict(claims.CLAIMS[claim], np.array(numbers))
        if said not in SAID:
            raise CourseError(f"record: your verdict on claim {claim} is {said!r}, expected one of {', '.join(SAID)}.")
        self._records[claim, given] = _row(claims.CLAIMS[claim], given, numbers, said)
        recorded = {number for number, _ in self._records}
        open_rows = [_row(one) for one in claims.CLAIMS.values() if one.number not in recorded]
        self.set_trait("rows", sorted([*self._records.values(), *open_rows], key=lambda one: one["claim"]))

    def verdicts(self) -> dict[str, str]:
        """The verdicts so far, by claim."""
        return {one["name"]: one["verdict"] for one in self.rows if one["verdict"] in SAID}

    @traitlets.validate("show")
    def _check_show(self, proposal):
        return one_of("claim_board: show", proposal["value"], ("all", *MARKS))

    def _shown(self):
        return [one for one in self.rows if self.show in ("all", one["verdict"])]

    def as_text(self) -> str:
        lines = [f"{one['name']} {_marked(one)}: {one['quote']}. {one['spread']}" for one in self._shown()]
        return "\n".join(line.rstrip() for line in lines)

    def as_html(self) -> str:
        head = "".join(f'<th scope="col" style="text-align:left">{text}</th>' for text in PLAIN)
        body = "".join(f"<tr>{_cells(one)}</tr>" for one in self._shown())
        caption = '<caption style="text-align:left">The article\'s claims, with the numbers of your runs</caption>'
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(one):
    measure = one["measure"] + (f" (the claim: {one['agrees']})" if one["agrees"] else "")
    texts = (one["quote"], one["lesson"], measure, one["spread"], _marked(one))
    cells = "".join(f'<td style="text-align:left">{html.escape(text)}</td>' for text in texts)
    return f'<th scope="row" style="text-align:left">{html.escape(one["name"])}</th>{cells}'


def _marked(one):
    """The verdict of a line: a mark and a word."""
    return f"{MARKS.get(one['verdict'], '–')} {one['verdict']}"


def _numbers(values):
    """The numbers of some runs as a list of floats."""
    try:
        numbers = np.ravel(np.asarray(values, float)).tolist()
    except (TypeError, ValueError):
        numbers = []
    if not numbers or not all(isinstance(one, Real) and np.isfinite(one) for one in numbers):
        raise CourseError(f"record: the values are {values!r}, expected one finite number, or a list with one a run.")
    return numbers


def _row(claim, given="", numbers=(), verdict="open"):
    """One line of the board, as plain data."""
    return {
        "claim": claim.number,
        "name": f"{claim.number}, given {given}" if given else str(claim.number),
        "quote": claim.quote if claim.quote.startswith("(implied)") else f"“{claim.quote}”",
        "lesson": claim.lesson,
        "measure": claim.measure,
        "agrees": _range(claim) if claim.is_testable else "",
        "low": _end(claim.low),
        "high": _end(claim.high),
        "values": list(numbers),
        "ends": [_short(min(numbers)), _short(max(numbers))] if numbers else [],
        "spread": _spread(claim, numbers) if numbers else "",
        "verdict": verdict if claim.is_testable else "opinion",
    }


def _end(number):
    """An end of the claim's range, or None where it has none."""
    return float(number) if np.isfinite(number) else None


def _spread(claim, numbers):
    """How many runs there were, how far their numbers go, and how sure one can be of the share that agrees."""
    low, middle, high = (_short(one) for one in (min(numbers), float(np.median(numbers)), max(numbers)))
    count = len(numbers)
    if count == 1:
        return f"1 number: {low}."
    text = f"{count} runs: {low}" + (f" to {high}" if high != low else " in each")
    if count < ENOUGH:
        return f"{text}."
    agreeing = sum(map(claim.agrees, numbers))
    least, most = _least_share(agreeing, count), 1 - _least_share(count - agreeing, count)
    median = f", median {middle}" if high != low else ""
    rest = f"95 % sure: {least:.0%} to {most:.0%} of all runs would"
    return f"{text}{median}. {agreeing} of {count} agree ({rest})."


def _least_share(agreeing, count):
    """The share of all runs of which so many would agree, or more, one time in forty (Clopper and Pearson, 1934).

    >>> 1 - _least_share(20, 20)                   # doctest: +ELLIPSIS
    0.168...
    """
    low, high = 0.0, 1.0
    ways = [lgamma(count + 1) - lgamma(k + 1) - lgamma(count - k + 1) for k in range(agreeing, count + 1)]
    for _ in range(40 if agreeing else 0):
        share = (low + high) / 2
        chance = sum(exp(way + k * log(share) + (count - k) * log1p(-share)) for k, way in enumerate(ways, agreeing))
        low, high = (share, high) if chance < (1 - SURE) / 2 else (low, share)
    return low


def _range(claim):
    """The numbers that would agree with a claim, in words."""
    if claim.low == claim.high:
        return _short(claim.low)
    if claim.high == np.inf:
        return f"{_short(claim.low)} or more"
    most = _short(claim.high)
    return f"{most} or less" if claim.low in (-np.inf, 0) else f"{_short(claim.low)} to {most}"


def _short(number):
    """A number as one reads it in a table.

    >>> _short(262144.0), _short(0.98765), _short(3e-16)
    ('262,144', '0.988', '3e-16')
    """
    if number == round(number) and abs(number) < 1e12:
        return f"{number:,.0f}"
    return f"{number:.3g}".replace("e-0", "e-")
