"""Functions that look at a learner's object where it lives: in this process, or in another one when work is graded."""

import functools


def where_it_lives(function):
    """Let `function(thing, …)` run in the process that `thing` is in, and bring back what it returns, as data."""

    @functools.wraps(function)
    def run(thing, *args):
        ask = getattr(type(thing), "ask_there", None)
        return ask(thing, function.__module__, function.__name__, *args) if ask else function(thing, *args)

    return run
