"""A wrong answer that is right but for one thing: the line is named, and only code is tried that keeps to itself."""

import ast
from types import FunctionType

import numpy as np
import pytest

from course_utils.checking.calls import cases_of, run
from course_utils.checking.changes import changes
from course_utils.checking.kept_small import bounded_space
from course_utils.checking.nearly import (
    CLOCK,
    WATCH,
    _holds_itself,
    _made,
    _reaches_out,
    _stopping,
    _stored,
    _watched,
    nearly,
)  # fmt: skip
from course_utils.exercises import find

KEPT = []


def told(function):
    item = find("mix_pixel")
    cases = cases_of(item)
    return nearly(item, function, cases, run(item, item.oracle, cases), run(item, function, cases))


def with_a_minus(v, w, b=0.0):
    total = np.dot(v, w)
    return total - b


def two_things_wrong(v, w, b=0.0):
    total = np.dot(v, v)
    return total - b


def kept_outside(v, w, b=0.0):
    KEPT.append(len(v))
    return np.dot(v, w) - b


def for_ever(v, w, b=0.0):
    i = 0
    while i < 1:
        i += 1
    return np.dot(v, w) - b


def test_the_line_is_named_and_not_what_belongs_there():
    said, code = told(with_a_minus)
    assert said == "All would be right but for one thing in `return total - b`: look at the `-`." and code is None


@pytest.mark.parametrize("function", [two_things_wrong, kept_outside, for_ever])
def test_nothing_is_said_where_more_is_wrong_or_code_might_not_end(function):
    assert told(function) is None


@pytest.mark.parametrize("line", [
    "torch.optim.Adam = f", "np.random.seed(0)", "torch.set_grad_enabled(False)", "TABLE[x] = 1", "TABLE[x] += 1", "x.shape = 3",
    "global y", "del x", "open('f', 'w')", "np.save('f', x)", "exec('1')", "while x: pass", "model.bias = 0", "KEPT.append(x)",
])  # fmt: skip
def test_code_that_changes_what_is_not_its_own_is_not_tried(line):
    assert _reaches_out(ast.parse(f"def f(x, model):\n    {line}\n    return x"))


@pytest.mark.parametrize(
    "line", ["y = x + 1", "x[0] = 1", "y = [1]; y[0] += 2; y.append(x)", "for i in range(3): x[i] = i", "y = x.sum()"]
)
def test_code_that_keeps_to_itself_is(line):
    assert not _reaches_out(ast.parse(f"def f(x):\n    {line}\n    return x"))


def test_a_loop_that_a_change_makes_long_is_stopped():
    tree = ast.parse("def f(n):\n    for i in range(n):\n        for j in range(n):\n            n * 2\n    return 1")
    _watched(tree)
    made = _made(tree, FunctionType(compile("0", "", "exec"), {}, "f"), {WATCH: _stopping(CLOCK() + 0.05)})
    assert made(3) == 1
    with pytest.raises(TimeoutError):
        made(10**6)


def test_a_layer_sets_what_is_its_own():
    assert not _reaches_out(ast.parse("class A:\n    def __init__(self):\n        self.weight = 1"))


@pytest.mark.parametrize(("line", "change", "is_refused"), [
    ("w.append(v)", "w.append(w)", True), ("w.append(v)", "w.append([w])", True), ("w[0] = v", "w[0] = w", True),
    ("w.append(v)", "w.append(v + 1)", False), ("w[0] = v", "w[1] = v", False),
])  # fmt: skip
def test_a_list_is_not_put_into_itself(line, change, is_refused):
    assert not any(map(_holds_itself, _stored(ast.parse(line))))
    assert any(map(_holds_itself, _stored(ast.parse(change)))) is is_refused


def test_no_change_makes_an_array_without_end():
    tree = ast.parse("def f(x):\n    return np.array(np.c_[x, x][0])")
    tried = []
    for put, _, _ in changes(tree):
        put()
        tried.append(ast.unparse(tree))
        put(back=True)
    assert any("np.array(np.c_[x, x])" in one for one in tried)
    assert not any("np.c_)" in one for one in tried)


@pytest.mark.parametrize(
    "line", ["np.ones((10**5, 10**5))", "np.eye(10**6)", "np.tile(np.ones(1000), (1000, 1000))", "list(range(10**9))"]
)
def test_what_a_change_makes_stays_small(line):
    space = bounded_space({"np": np})
    with pytest.raises(MemoryError):
        eval(line, space)
    assert eval("np.zeros((2, 3)).sum() + sum(range(3)) + np.sum([1])", space) == 4
