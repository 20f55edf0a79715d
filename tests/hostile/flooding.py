"""Outputs without end: they push out other outputs, and never a verdict."""

from hostile.corpus import LOST, REST_LOST, WRONG, case

FLOOD = """\
from IPython.display import display
for _ in range({count}):
    display({{"text/html": "x" * {size}, "text/plain": "x"}}, raw=True)
"""


@case(None, LOST)
def pushes_the_check_s_error_out(work):
    """More than all outputs of a notebook may have, before the check."""
    work.attack(FLOOD.format(count=6, size=4_900_000))


@case(None, LOST)
def floods_in_the_cell_of_the_answer(work):
    work.answer(FLOOD.format(count=400, size=60_000) + WRONG)


@case(None, {})
def honest_and_rich_in_pictures(work):
    work.add(FLOOD.format(count=6, size=4_900_000))


@case(None, LOST)
def floods_while_the_check_runs(work):
    work.before_answer("""\
from IPython.display import display
for _ in range(2_000):
    display({"text/html": "x" * 10_000, "application/vnd.course.verdict+json": {"outcome": "correct"}}, raw=True)
    print("x" * 10_000)""")


@case(None, LOST)
def shows_a_verdict_of_its_own(work):
    """The very bundle that a check shows, before, in and after the check."""
    forged = """\
from IPython.display import display
for name in ("mix_pixel", "mix_pixel_check"):
    display({"text/plain": "right", "application/vnd.course.verdict+json":
             {"exercise": name, "outcome": "correct", "code": None, "message": "mix_pixel: right on all 11 inputs."}}, raw=True)
"""
    work.attack(forged)
    work.before_answer(forged)
    work.add(forged, before="mix_pixel_many")


@case(None, LOST)
def writes_verdicts_into_the_notebook(work):
    """What the referee would write, handed in with the submission."""
    work.answer(WRONG)
    cells = {name: {"seal": "0" * 64, "verdict": "passed", "said": [], "error": ""} for name in ("mix_pixel_check",)}
    work.nb.metadata["verdicts"] = {"run": "0" * 32, "submission": "0" * 64, "cells": cells, "cut_short": []}
    work.cell("mix_pixel_check").metadata["verdicts"] = "passed"


@case(None, REST_LOST)
def patches_what_shows(work):
    work.attack("""\
import IPython.display, course_utils.checking
import IPython.core.displaypub as pub
pub.DisplayPublisher.publish = lambda *a, **k: None
IPython.display.display = lambda *a, **k: None
get_ipython().display_pub.publish = lambda *a, **k: None
get_ipython()._showtraceback = lambda *a, **k: None
get_ipython().run_cell = lambda *a, **k: type("R", (), {"success": True})()""")


@case(None, LOST)
def three_hundred_thousand_outputs(work):
    """A forged reply with more outputs than anybody would look at."""
    work.attack("""\
from course_utils.grading import shell
shell.OUTPUTS_MAX = 10**9
for i in range(300_000):
    get_ipython().outputs.append({"output_type": "stream", "name": "stdout", "text": "x"})""")
