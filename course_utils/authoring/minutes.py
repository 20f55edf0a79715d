"""The time a lesson takes: what its first cell states, and what its exercises, words, figures and questions come to."""

import ast
import re

EXERCISE = re.compile(r"^About (\d+) minutes\b", re.MULTILINE)  # an exercise states its own time
STATED = re.compile(r"\*\*Time:\*\* (\d+(?: and \d+)*) minutes")
BREAK = "> **A good place for a break.**"  # a lesson goes on after it on another day
WORDS_A_MINUTE, LONGEST, TOLERANCE = 150, 75, 0.2


def sittings(cells):
    """Minutes of each sitting, from break to break: what exercises say, and one for 150 words, a figure or a question.

    >>> from nbformat.v4 import new_code_cell, new_markdown_cell
    >>> cells = [new_markdown_cell("word " * 300), new_code_cell("plots.show(figure)"), new_markdown_cell(BREAK)]
    >>> sittings([*cells, new_markdown_cell("About 8 minutes.")])
    [3.0, 8.02]
    """
    found = [0.0]
    for cell in cells:
        if cell.cell_type == "markdown":
            if BREAK in cell.source:
                found.append(0.0)
            found[-1] += len(cell.source.replace(BREAK, "").split()) / WORDS_A_MINUTE
            found[-1] += sum(map(int, EXERCISE.findall(cell.source)))
        elif cell.cell_type == "code":
            found[-1] += sum(map(_minutes_of, _calls(cell.source)))
    return [round(minutes, 2) for minutes in found]


def time_problems(cells, where):
    """What is wrong with the time that a lesson states: each sitting must hold to a fifth, and none be too long."""
    computed = sittings(cells)
    match = STATED.search(cells[0].source) if cells else None
    if match is None:
        silent = not any(EXERCISE.search(cell.source) for cell in cells if cell.cell_type == "markdown")
        wanted = f"**Time:** {_said(computed)} minutes"
        return [] if silent else [f"{where}: the first cell states no time; write `{wanted}`."]
    stated = [int(number) for number in match[1].split(" and ")]
    fits = len(stated) == len(computed) and all(
        abs(told - found) <= TOLERANCE * found for told, found in zip(stated, computed, strict=True)
    )
    problems = []
    if not fits:
        problems.append(f"{where} states {match[1]} minutes, but they come to {_said(computed)}; put that right.")
    longest = max(*stated, *map(round, computed))
    if longest > LONGEST:
        problems.append(f"{where} has {longest} minutes in one go, over {LONGEST}; put `{BREAK}` in.")
    return problems


def _said(computed):
    return " and ".join(f"{minutes:.0f}" for minutes in computed)


def _calls(code):
    lines = ["pass" if line.startswith(("%", "!")) else line for line in code.split("\n")]
    try:
        return [node for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, ast.Call)]
    except SyntaxError:
        return []


def _minutes_of(call):
    """A figure, a widget or a board takes a minute to look at, and each question of a quiz a minute to answer.

    One before or after the course takes half of that: nothing is explained there.
    """
    name = ast.unparse(call.func)
    if name in ("quiz", "before", "after"):
        return len(call.keywords) * (1 if name == "quiz" else 0.5)
    return int(name in ("show", "plots.show", "live.show", "display") or name.startswith("widgets."))
