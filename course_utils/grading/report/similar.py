"""Submissions whose code is alike: fingerprints of token streams, as MOSS takes them, matched on this computer alone.

Names, comments, layout and the order of functions do not matter. What the lesson gave out does not count, nor what many
share, nor the mistakes of the catalogue, which people make by themselves: in a short exercise answers are alike because
the exercise is short. copydetect does the fingerprints.

Several short exercises together say what none says alone: two notebooks that are the same in every answer, statement by
statement, stand out too, if there is enough of them.
"""

import inspect
import io
import statistics
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

from copydetect.detector import CodeFingerprint, compare_files
from copydetect.utils import get_token_coverage

from course_utils.authoring.cells import grade_id
from course_utils.exercises import catalogue
from course_utils.grading.report.forms import form, size

K = 18  # characters of a fingerprint; a name is one character
WINDOW = 1  # all are kept: which one of several is turns on Python's hash, which is another one in each process
SHARED_BY = 0.08  # of a class: what more people than this have in common is common
FEWEST = 3  # people who may share something in a small class
ALIKE, LEAST = 0.75, 90  # share of the rare code, and characters of it, from which a pair may stand out
SHORTEST = 80  # characters that half of a class write in an exercise; with less it is left out
OUTLIER = 4.0  # times the usual spread above the middle of all pairs
SEVERAL = 2  # answers that make a whole
LONGEST = 100_000  # characters of a text that are compared; each takes ten millionths of a second, and memory
ENOUGH = 90  # parts of two whole notebooks that are the same; answers written independently agree in fewer


@dataclass
class Writing:
    """One person's code: `{exercise: text}`, and under "" all that they wrote."""

    name: str
    texts: dict
    from_elsewhere: bool = False  # from last year's folder, or the public solutions
    prints: dict = field(default_factory=dict)
    forms: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """Two people whose code is alike: how much, in which exercises, and where in both texts."""

    one: Writing
    other: Writing
    share: float  # of the rare code of both, in all that they wrote
    exercises: tuple  # (exercise, share), the most alike first
    places: dict  # {exercise: (slices of one's text, slices of the other's)}


def writing(name, nb, released, from_elsewhere=False):
    """The code in a notebook that its author wrote: answers by exercise, and cells of their own."""
    given = {cell.source.strip() for cell in released.cells}
    answers = {grade_id(cell) for cell in released.cells if _is_answer(cell)}
    own = [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip() not in given]
    texts = {grade_id(cell): cell.source for cell in own if grade_id(cell) in answers}
    return Writing(name, texts | {"": "\n".join(cell.source for cell in own)}, from_elsewhere)


def shortened(one):
    """Cut the texts of a person that nobody writes by hand; return a sentence if there are any."""
    long = [name for name, text in one.texts.items() if len(text) > LONGEST]
    one.texts.update({name: one.texts[name][:LONGEST] for name in long})
    return [f"of code of more than {LONGEST:,} characters, the beginning was compared"] if long else []


def pairs(writings, released):
    """The pairs that stand out, the most alike first; pairs of two people from elsewhere are not looked at."""
    stubs = _stubs(released)
    stubs[""] = "\n".join(cell.source for cell in released.cells if cell.cell_type == "code")
    left_out = too_short(writings, released)
    exercises = [name for name in stubs if name not in left_out]
    for name in exercises:
        _take_prints(name, [stubs[name], *_typical([name] if name else stubs)], writings)
    for one in writings:
        one.forms.update({name: form(text) for name, text in one.texts.items() if name})
    common = _common_forms(writings)
    found = [
        _the_same(one, other, common) or _pair(one, other, exercises)
        for one, other in combinations(writings, 2)
        if not (one.from_elsewhere and other.from_elsewhere)
    ]
    bar = _bar([pair.share for pair in found])
    standing = [pair for pair in found if pair.share >= bar or pair.exercises]
    return sorted(standing, key=lambda pair: -max([pair.share, *(share for _, share in pair.exercises)]))


def too_short(writings, released):
    """The exercises whose answers are so short that a likeness in them alone says nothing."""
    return [name for name, stub in _stubs(released).items() if not _is_long_enough(name, stub, writings)]


def _stubs(released):
    return {grade_id(cell): cell.source for cell in released.cells if _is_answer(cell)}


def _is_answer(cell):
    grader = cell.metadata.get("nbgrader", {})
    is_quiz = (grade_id(cell) or "").endswith("_quiz")
    return cell.cell_type == "code" and bool(grader.get("solution")) and not is_quiz


def _typical(exercises):
    """The texts of the catalogue's mistakes."""
    known = [catalogue()[name] for name in exercises if name in catalogue()]
    return [inspect.getsource(mistake.function) for item in known for mistake in getattr(item, "mistakes", [])]


def _is_long_enough(exercise, stub, writings):
    own = len(_fingerprint(stub).filtered_code)
    lengths = [len(_fingerprint(one.texts[exercise]).filtered_code) - own for one in writings if exercise in one.texts]
    return bool(lengths) and statistics.median(lengths) >= SHORTEST


def _fingerprint(text):
    return CodeFingerprint("answer.py", K, WINDOW, language="python", fp=io.StringIO(text))


def _take_prints(exercise, known, writings):
    """Fingerprints of one exercise in a class, without those of known texts and those that many have."""
    made = {id(one): _fingerprint(one.texts[exercise]) for one in writings if one.texts.get(exercise, "").strip()}
    spread = Counter(mark for prints in made.values() for mark in prints.hashes)
    many = max(FEWEST, SHARED_BY * len(made))
    common = {mark for mark, count in spread.items() if count > many}
    common = common.union(*(_fingerprint(text).hashes for text in known))
    for one in writings:
        if id(one) in made:
            prints = made[id(one)]
            prints.hashes = prints.hashes - common
            prints.hash_idx = {mark: places for mark, places in prints.hash_idx.items() if mark not in common}
            prints.token_coverage = get_token_coverage(prints.hash_idx, K, len(prints.filtered_code))
            one.prints[exercise] = prints


def _common_forms(writings):
    """The whole notebooks' forms that many of a class share."""
    wholes = Counter(_whole(one.forms) for one in writings if not one.from_elsewhere)
    return {whole for whole, count in wholes.items() if count > max(FEWEST, SHARED_BY * wholes.total())}


def _whole(forms):
    return frozenset((name, frozenset((found or {}).items())) for name, found in forms.items())


def _the_same(one, other, common):
    """Two people whose answers are the same, each of them, statement by statement, and enough to say so; or None."""
    both = [name for name in one.forms if name in other.forms]
    if len(both) < SEVERAL or any(one.forms[name] is None or one.forms[name] != other.forms[name] for name in both):
        return None
    if sum(size(one.forms[name]) for name in both) < ENOUGH or {_whole(one.forms), _whole(other.forms)} & common:
        return None
    places = {name: tuple(([0], [len(who.texts[name])]) for who in (one, other)) for name in both}
    return Pair(one, other, 1.0, tuple((name, 1.0) for name in both), places)


def _pair(one, other, exercises):
    shares, places = {}, {}
    for name in exercises:
        shares[name], places[name] = _alike(one.prints.get(name), other.prints.get(name))
    alone = sorted(((name, share) for name, share in shares.items() if name and share >= ALIKE), key=lambda it: -it[1])
    return Pair(one, other, shares.get("", 0.0), tuple(alone), places)


def _alike(one, other):
    """The share of the rare code that two texts have in common, 0 where that is little; and where it stands."""
    if not one or not other or not one.hashes & other.hashes:
        return 0.0, None
    overlap, shares, places = compare_files(one, other)
    return (float(min(*shares, 1.0)) if overlap >= LEAST else 0.0), places


def _bar(shares):
    """From which share on a pair stands out of all pairs of this class."""
    middle = statistics.median(shares) if shares else 0.0
    spread = statistics.median(abs(share - middle) for share in shares) if shares else 0.0
    return max(ALIKE, middle + OUTLIER * spread)
