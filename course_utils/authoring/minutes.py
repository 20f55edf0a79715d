"""The time a lesson takes: what its first cell states, and what its exercises, words, figures and questions come to."""

import ast
import re

EXERCISE = re.compile(r"^About (\d+) minutes\b", re.MULTILINE)  # an exercise states its own time
STATED = re.compile(r"\*\*Time:\*\* (\d+) minutes")
WORDS_A_MINUTE, LONGEST, TOLERANCE = 150, 75, 0.2


def computed(cells):
    """Minutes of a lesson: what its exercises say, and one for 150 words, a figure or a question.

    >>> from nbformat.v4 import new_code_cell, new_markdown_cell
    >>> computed([new_markdown_cell("word " * 300), new_code_cell("plots.show(figure)")])
    3.0
    >>> computed([new_markdown_cell("About 8 minutes.")])
    8.02
    """
    minutes = 0.0
    for cell in cells:
        if cell.cell_type == "markdown":
            minutes += len(cell.source.split()) / WORDS_A_MINUTE + sum(map(int, EXERCISE.findall(cell.source)))
        elif cell.cell_type == "code":
            minutes += sum(map(_minutes_of, _calls(cell.source)))
    return round(minutes, 2)


def time_problems(cells, where):
    """What is wrong with the time that a lesson states: it must hold to a fifth, and not be too long."""
    found = computed(cells)
    match = STATED.search(cells[0].source) if cells else None
    if match is None:
        silent = not any(EXERCISE.search(cell.source) for cell in cells if cell.cell_type == "markdown")
        return [] if silent else [f"{where}: the first cell states no time; write `**Time:** {found:.0f} minutes`."]
    told, problems = int(match[1]), []
    if abs(told - found) > TOLERANCE * found:
        problems.append(f"{where} states {told} minutes, but they come to {found:.0f}; put that right.")
    longest = max(told, round(found))
    if longest > LONGEST:
        problems.append(f"{where} has {longest} minutes, over {LONGEST}; make a lesson of the rest, as 04b is of 04.")
    return problems


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
