"""Small inputs in the likeness of an exercise's cases: the same kinds, fitting sizes from 1 to 3, whole numbers.

Which sizes belong together is read off the cases: two axes that are equal in all of them are one size, a size that is
always the product of two others stays so, and one that is always smaller, or divides another, does too.
"""

import itertools
from collections.abc import Iterable, Iterator

import numpy as np

from course_utils.exercises.spec import Case

SMALL = (1, 2, 3)
FILLS = 3  # ways to put numbers into the arrays, simple ones first
PER_FILL = 7  # sizes that are tried with each filling: all the smallest, then one larger
MANY = 48  # sizes in all


def candidates(cases: Iterable[Case], fractions: bool = False) -> Iterator[tuple]:
    """Arguments, the smallest and simplest first; none where the cases hold what cannot be made small.

    `fractions` puts numbers that are not whole first.
    """
    cases = [case for case in cases if all(map(_can_shrink, case.args))]
    shapes = sorted({len(case.args) for case in cases})
    if not cases or len({_kinds(case.args) for case in cases if len(case.args) == shapes[-1]}) > 6:
        return
    plan = Plan(cases)
    sizes = list(itertools.islice(plan.assignments(), MANY))
    shortest, usual, *others = plan.kinds
    fills = range(FILLS if len(sizes) > FILLS else 4 * FILLS)
    for fill in reversed(fills) if fractions else fills:
        for chosen in sizes[:PER_FILL]:
            here = others if chosen is sizes[0] else []  # None or False in a place: on the smallest sizes alone
            for kinds in (shortest, usual, *here):
                yield plan.args(kinds, chosen, fill)
    for chosen in sizes[PER_FILL:]:
        yield plan.args(usual, chosen, 1)


def _can_shrink(value):
    if isinstance(value, list):
        return all(type(item) is int for item in value)
    is_array = isinstance(value, np.ndarray) and value.dtype.kind in "iuf" or hasattr(value, "detach") and value.ndim
    return bool(is_array) or value is None or type(value) in (int, float, bool, str)


def _kinds(args):
    """What kind each argument is: a change of it is another way to call the function."""
    return tuple(value if type(value) in (bool, str) or value is None else type(value).__name__ for value in args)


class Plan:
    """What the cases of an exercise have in common."""

    def __init__(self, cases):
        self.cases, self.ranges = cases, {}
        shortest = min(cases, key=lambda one: len(one.args))
        found = {
            _kinds(one.args): one
            for one in reversed([case for case in cases if case is not shortest and case is not cases[0]])
        }
        others = [
            one for kinds, one in reversed(found.items()) if kinds not in map(_kinds, (shortest.args, cases[0].args))
        ]
        self.kinds = [shortest, cases[0], *others[:3]]
        self.seen = self._observed()
        self.symbols = self._symbols()
        self.made = self._products()
        self.free = [s for s in dict.fromkeys(self.symbols.values()) if s not in self.made]

    def _observed(self):
        """position -> case number -> size; a position is an argument and an axis, None for a whole number itself.

        An argument that is a whole number by chance, and has a fraction in other cases, is no size.
        """
        seen = {}
        for k, one in enumerate(self.cases):
            for i, value in enumerate(one.args):
                for axis, size in _sizes(value):
                    seen.setdefault((i, axis), {})[k] = size
        numbers = {i for one in self.cases for i, value in enumerate(one.args) if isinstance(value, float)}
        return {(i, axis): sizes for (i, axis), sizes in seen.items() if axis is not None or i not in numbers}

    def _symbols(self):
        """position -> the first position that always has the same size."""
        symbols = {}
        for place, sizes in self.seen.items():
            same = (s for s in dict.fromkeys(symbols.values()) if self._always(place, s, lambda a, b: a == b))
            symbols[place] = next(same, place) if place[1] is not None or sizes else place
        return symbols

    def _always(self, a, b, test):
        both = self.seen[a].keys() & self.seen[b].keys()
        return bool(both) and all(test(self.seen[a][k], self.seen[b][k]) for k in both)

    def _products(self):
        """symbol -> the two or three symbols whose product it always is."""
        symbols, made = list(dict.fromkeys(self.symbols.values())), {}
        for s in symbols:
            others = [o for o in symbols if o != s and o not in made]
            for parts in itertools.chain(itertools.combinations(others, 2), itertools.combinations(others, 3)):
                shared = set.intersection(*(set(self.seen[one]) for one in (s, *parts)))
                is_product = all(self.seen[s][k] == np.prod([self.seen[p][k] for p in parts]) for k in shared)
                if len(shared) > 2 and is_product and len({self.seen[s][k] for k in shared}) > 2:
                    made[s] = parts
                    break
        return made

    def _allowed(self, s):
        """The small sizes that a symbol may have: within those seen, odd or a power of two where all of them are."""
        values = set(self.seen[s].values())
        low = (0,) if min(values) == 0 and s[1] is None else ()
        counts = s[1] is None and min(values) > 0  # a number that is given may be any
        fit = [v for v in (*low, *SMALL) if counts or min(values) <= v <= max(values)] or list(SMALL)
        odd = all(v % 2 for v in values) and len(values) > 1
        doubled = all(v > 0 and v & (v - 1) == 0 for v in values) and len(values) > 2  # 1, 2, 4 or 8 bytes: never 3
        return [v for v in fit if (v % 2 or not odd) and (v < 3 or not doubled)]

    def assignments(self) -> Iterator[dict[str, int]]:
        """symbol -> size, the smallest first, as far as they keep what holds in all cases."""
        choices = [self._allowed(s) for s in self.free]
        if np.prod([len(choice) for choice in choices], dtype=float) > 20_000:
            choices = [choice[:2] for choice in choices]
        rules = list(self._rules())
        least = [choice[0] for choice in choices]
        every = sorted(itertools.product(*choices), key=lambda one: (_raised(one, least), sum(one), one[::-1]))
        for values in every:
            chosen = dict(zip(self.free, values, strict=True))
            for s, parts in self.made.items():
                chosen[s] = int(np.prod([chosen.get(p, 1) for p in parts]))
            if all(test(chosen[a], chosen[b]) for a, b, test in rules):
                yield chosen

    def _rules(self):
        for a, b in itertools.permutations(self.free, 2):
            if len(self.seen[a].keys() & self.seen[b].keys()) < 4:
                continue
            between = a[1] is not None or b[1] is not None  # which of two counts is larger is chance
            for test in (*(ORDERS if between else ()), lambda x, y: y > 0 and x % y == 0):
                if self._always(a, b, test):
                    yield a, b, test
                    break

    def args(self, kinds: Case, chosen: dict[str, int], fill: int) -> tuple:
        """Arguments like those of one case, with the chosen sizes."""
        first = next((i for i, value in enumerate(kinds.args) if hasattr(value, "shape")), 0)
        return tuple(self._value(i, value, chosen, fill, i == first) for i, value in enumerate(kinds.args))

    def _value(self, i, value, chosen, fill, is_first):
        if (i, None) in self.symbols and type(value) is int:
            return chosen[self.symbols[(i, None)]]
        if type(value) is int or isinstance(value, float):
            given = [case.args[i] for case in self.cases if i < len(case.args) and isinstance(case.args[i], float)]
            return value if 0 < max(map(abs, given)) <= 0.5 else FLOATS[(fill * (i + 1)) % len(FLOATS)]
        if isinstance(value, list):
            return _filled(chosen[self.symbols[(i, 0)]], fill, i, is_first=i == 0)
        if not hasattr(value, "shape"):
            return value
        shape = [chosen[self.symbols[(i, axis)]] for axis in range(value.ndim)]
        return _like(value, self._numbers(i, shape, fill, is_first))

    def _numbers(self, i, shape, fill, is_first):
        """Numbers in an array, as far as the cases allow: whole where they are, not negative where none is."""
        is_order, low, high = self._range(i)
        size = int(np.prod(shape))
        if is_order:
            return np.roll(np.arange(size), 1).reshape(shape)
        numbers = PATTERNS[fill % FILLS] if fill or is_first else (1,)
        numbers = np.resize(np.roll(numbers, -i - fill // FILLS if fill else 0), size).astype(float)
        numbers = np.abs(numbers) if low >= 0 else numbers
        return (np.resize((1.0, 0.0, 0.5), size) if 0 <= low and high <= 1 else numbers).reshape(shape)

    def _range(self, i):
        """Whether an argument's numbers are an order in all cases; the lowest and the highest of them."""
        if i not in self.ranges:
            given = [
                np.asarray(one.args[i]) for one in self.cases if i < len(one.args) and hasattr(one.args[i], "shape")
            ]
            orders = (one.dtype.kind == "i" and (np.sort(one, axis=None) == np.arange(one.size)).all() for one in given)
            every = np.concatenate([one.ravel() for one in given])
            self.ranges[i] = (True, 0, 0) if all(orders) else (False, every.min(), every.max())
        return self.ranges[i]


ORDERS = (lambda x, y: x < y, lambda x, y: x <= y)
FLOATS = (1.0, 2.0, 0.5, 3.0, -1.0, 0.25, -2.0)  # a prime number of them: no argument is 1 in every filling
PATTERNS = ((1, 2, 3), (2, -1, 3, 1, 0, -2), (0.5, 1, -1.5, 2, -0.25))


def _like(value, numbers):
    """The numbers in the type of an array or a tensor."""
    if hasattr(value, "detach"):
        import torch

        return torch.tensor(numbers).to(value.dtype)
    return numbers.astype(value.dtype)


def _raised(values, least):
    """How many sizes are not the smallest: an input in which one thing is different is easily read."""
    return sum(a != b for a, b in zip(values, least, strict=True))


def _sizes(value):
    if type(value) is int:
        return [(None, value)]
    if isinstance(value, list):
        return [(0, len(value))]
    return list(enumerate(map(int, value.shape))) if hasattr(value, "shape") else []


def _filled(size, fill, i, is_first):
    """A list of small whole numbers that are not all alike."""
    numbers = ((1, 2, 3), (3, 1, 2), (2, 3, 1)) if is_first else ((1, 1, 1), (2, 1, 3), (1, 2, 2))
    return [int(number) for number in np.resize(np.roll(numbers[fill % FILLS], fill // FILLS), size)]
