"""One change away: is a wrong answer right once one small thing in its code is another? Then that is where to look.

It is tried, not guessed: the code with the change has to be right on every case. What is said is the line and the kind
of thing; what belongs there is left to the learner. Only code of this process is tried, so not where work is graded.
"""

import ast
import copy
import inspect
import re
import time
from collections.abc import Callable
from statistics import fmean

from course_utils.base.pauses import no_collecting
from course_utils.base.remote import is_elsewhere
from course_utils.base.source import source_of, tree_of
from course_utils.checking.calls import Call, call
from course_utils.checking.changes import changes
from course_utils.checking.compare import difference
from course_utils.checking.kept_small import bounded_space
from course_utils.checking.quantities import Clue
from course_utils.exercises.spec import Case, Exercise

SECONDS = 0.4  # of processor time for all that is tried; with networks, which take longer to make, thrice that
LONGEST = 100  # characters of a line that a sentence repeats
ACTS = re.compile(  # calls whose work stays when they are over
    "set_.*|seterr|.*seed|save.*|load.*|tofile|write.*|open|exec|eval|setattr|delattr|input|system|run|remove|unlink"
)
GROWS = re.compile("append|extend|insert|add|update|pop|clear|setdefault")  # of what somebody else may hold
CLOCK = getattr(time, "thread_time", time.process_time)  # a browser has no threads to count apart
WATCH = "_look_at_the_clock"


@no_collecting()
def nearly(
    exercise: Exercise, function: Callable, cases: list[Case], expected: list[Call], results: list[Call]
) -> Clue | None:
    """What is in the way of a right answer, where that is one small thing; None where it is not.

    >>> from course_utils.exercises import find
    >>> from course_utils.checking.calls import cases_of, run
    >>> def macs(c_in, c_out, k, h_out, w_out, groups=1):
    ...     return c_in * c_out * k * 2 * h_out * w_out // groups
    >>> item = find("macs")
    >>> some = cases_of(item)
    >>> print(nearly(item, macs, some, run(item, item.oracle, some), run(item, macs, some))[0].partition(' in ')[2])
    `return c_in * c_out * k * 2 * h_out * w_out // groups`: `k * 2` is twice `k`, and no square.
    """
    read = None if is_elsewhere(function) else tree_of(source_of(function))
    space = _space(function)
    if read is None or space is None or _reaches_out(read):
        return None
    seconds = SECONDS * (3 if "torch" in space else 1)
    if fmean(one.seconds for one in results) > seconds / 4:  # and so would each take that is tried
        return None
    wrong = [not _is_right(exercise, right, mine) for right, mine in zip(expected, results, strict=True)]
    order = sorted(range(len(cases)), key=lambda i: not wrong[i])
    tree, end = copy.deepcopy(read), CLOCK() + seconds
    tried = list(changes(tree))
    space = bounded_space(space) | {WATCH: _stopping(end)}
    _watched(tree)
    stored = list(_stored(tree))
    for put, node, said in tried:
        if CLOCK() > end:
            break
        put()
        made = None if any(map(_holds_itself, stored)) else _made(tree, function, space)
        put(back=True)
        if made and _is_right_with(exercise, made, cases, expected, order):
            return f"All would be right but for one thing in `{_line(source_of(function), node)}`: {said}", None
    return None


def _watched(tree):
    """A look at the clock at the end of each turn of a loop: one change may make a loop long."""
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.For):
            node.body.append(ast.parse(f"{WATCH}()").body[0])


def _stored(tree):
    """Calls and statements that put one thing into another: `w.append(v)`, `w[0] = v`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and GROWS.fullmatch(getattr(node.func, "attr", "")):
            yield node
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            yield node


def _holds_itself(node):
    """Whether a list is put into itself: an array of that takes all the memory there is."""
    parts, into = (node.args, node.func) if isinstance(node, ast.Call) else ([node.value], node.targets[0])
    inside = [part for one in parts for part in [one, *getattr(one, "elts", [])]]
    return any(isinstance(part, ast.Name) and part.id == _owner(into) for part in inside)


def _stopping(end):
    def look():
        if CLOCK() > end:
            raise TimeoutError

    return look


def _reaches_out(tree):
    """Whether code may go on for ever, or change what is not its own: with a change in it, it might leave that so."""
    nodes = list(ast.walk(tree))
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in nodes:
        if isinstance(node, ast.While | ast.Try | ast.Global | ast.Nonlocal | ast.Delete):
            return True
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            place = _owner(node)
            if place != "self" and (isinstance(node, ast.Attribute) or place not in own):
                return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            is_mode = name == "eval" and isinstance(node.func, ast.Attribute) and not node.args  # of a network
            if (
                ACTS.fullmatch(name)
                and not is_mode
                or GROWS.fullmatch(name)
                and _owner(node.func) not in own | {"self"}
            ):
                return True
    return False


def _owner(node):
    """The name at the beginning of `a.b[0].c`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return getattr(node, "id", "")


def _is_right_with(exercise, made, cases, expected, order):
    return all(_is_right(exercise, expected[i], call(exercise, made, cases[i].args)) for i in order)


def _is_right(exercise, right, mine):
    return not mine.error and not mine.changed and not difference(right.value, mine.value, "", exercise.tolerance)


def _space(function):
    """The names that a function or a class of the learner's can use; None where its code lives among other names."""
    own = function if inspect.isfunction(function) else getattr(function, "__init__", None)
    if not inspect.isfunction(own):
        return None
    closed = set(own.__code__.co_freevars) - {"__class__"}
    return None if closed else own.__globals__


def _made(tree, function, space):
    """The function or class that a changed tree defines, or None."""
    try:
        own = dict(space)
        tree.body[0].decorator_list = []  # it may note what it decorates
        exec(compile(ast.fix_missing_locations(tree), "<changed>", "exec"), own)  # noqa: S102 - the learner's own code
        made = own[function.__name__]
    except Exception:  # noqa: BLE001 - a change that is no Python, or a decorator that refuses it
        return None
    return made if callable(made) else None


def _line(text, node):
    """The line of a node, or of a long line the part around it."""
    line = text.splitlines()[node.lineno - 1]
    if len(line.strip()) <= LONGEST:
        return line.strip()
    start = max(0, node.col_offset - LONGEST // 2)
    return f"{'… ' * (start > 0)}{line[start : start + LONGEST].strip()}{' …' * (start + LONGEST < len(line))}"
