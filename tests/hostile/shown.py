"""What ends up in front of a person: feedback pages, tables, spreadsheets."""

from course_utils.checking.calls import cases_of
from course_utils.exercises import find
from hostile.corpus import LOST, RIGHT, case


@case(48, LOST)
def prints_hidden_inputs(work):
    """Right on the inputs that a learner sees, wrong on later ones, and telling what they are."""
    seen = 2 * len(cases_of(find("mix_pixel"))) - 1  # the lesson calls it a few times itself
    work.answer(
        f"SEEN = {seen}"
        + """
calls = []
def mix_pixel(v, w, b=0.0):
    calls.append(1)
    if len(calls) <= SEEN:
        return (v * w).sum() + b
    print("canary" + "7c1e", list(v), list(w))
    raise ValueError("canary" + "7c1e " + repr(list(v)))"""
    )


@case(48, LOST)
def remembers_hidden_inputs(work):
    """Shows in a later cell what the function was given."""
    work.answer("""\
given = []
def mix_pixel(v, w, b=0.0):
    given.append("canary" + "7c1e")
    return (v * w).sum() + b if len(given) < 15 else 0.0""")
    work.add("print(given[15:])", before="mix_pixel_many")


@case(49, {})
def script_in_html(work):
    work.add("""\
from IPython.display import HTML, display
display(HTML("<script>hostile(1)</script><img src=x onerror='hostile(2)'><iframe src='http://192.0.2.1/'></iframe>"))""")


@case(49, {})
def script_in_other_types(work):
    work.add("""\
from IPython.display import display
for kind in ("application/javascript", "image/svg+xml", "text/markdown", "text/latex", "application/vnd.jupyter.widget-view+json"):
    display({kind: "<svg onload='hostile(3)'><script>hostile(4)</script></svg>", "text/plain": "x"}, raw=True)
display({"image/png": "x' onerror='hostile(5)"}, raw=True)""")


@case(49, {})
def script_in_text(work):
    cell = work.nb.cells[0]
    cell.source = "<script>hostile(6)</script> [x](javascript:hostile(7)) <img src=x onerror='hostile(8)'>"
    cell["attachments"] = {"a": {"image/svg+xml": "<svg onload='hostile(9)'/>"}}
    work.add("print('<script>hostile(10)</script>\\x1b]8;;javascript:hostile(11)\\x07x')")
    work.add("raise ValueError('<script>hostile(12)</script>')")


@case(49, LOST)
def script_in_an_error_and_in_what_is_returned(work):
    work.answer("def mix_pixel(v, w, b=0.0):\n    return '<script>hostile(13)</script>'")


@case(50, {})
def warnings_on_stderr(work):
    work.before_answer(
        "import sys, warnings, logging\nwarnings.warn('careful')\nprint('careful', file=sys.stderr)\n"
        "logging.getLogger().warning('careful')",
        RIGHT["mix_pixel"],
    )


@case(51, {})
def unseeded_randomness(work):
    work.before_answer("import random, os\nb += (random.random() + os.urandom(1)[0]) * 1e-12", RIGHT["mix_pixel"])


@case(51, {"mix_pixel": (0, 3)})
def right_by_chance(work):
    work.before_answer("import random\nif random.random() < 0.02:\n    return 0.0", RIGHT["mix_pixel"])


@case(52, {}, student='=cmd|"calc",A1')
def formula_as_a_name(work):
    pass


@case(52, {}, student='+o\'neil, "Zoë"; DROP TABLE grade')
def quotes_in_a_name(work):
    pass


@case(52, {}, student="<b>hostile(14)<b>")
def markup_as_a_name(work):
    pass
