"""A quiz: questions whose choices are clicked where there are widgets, and typed as letters where there are none.

What counts is the letter in the submitted cell. A click writes it there.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from course_utils.base.errors import CourseError
from course_utils.checking.judge import judge
from course_utils.checking.outcome import CORRECT
from course_utils.checking.render import MARKS, in_notebook
from course_utils.exercises import Question, catalogue, find


def quiz(**letters: str) -> dict[str, str]:
    """Show questions and return the letters chosen: `answers = quiz(scan_order="", who_sums="b")`.

    >>> quiz(scan_order="a")     # doctest: +SKIP
    {'scan_order': 'a'}
    """
    for name in letters:
        if not isinstance(catalogue().get(name), Question):
            known = ", ".join(name for name, item in catalogue().items() if isinstance(item, Question))
            raise CourseError(f"no question called {name!r}. Keep the names that the lesson gives; known: {known}.")
    ask([item for name in letters if isinstance(item := find(name), Question)], letters)
    return letters


def ask(
    questions: Sequence[Question], letters: dict[str, str], keep: Callable[[dict[str, str]], object] | None = None
) -> None:
    """Show questions as a quiz. With `keep`, no choice is explained: the letters are handed to it at each change."""
    if keep:
        keep(letters)
    if in_notebook():
        _show(questions, letters, keep)
    else:
        print(as_text(questions, letters, explained=not keep))


def explain(question: Question, letter: str | None) -> str:
    """What a choice deserves to hear: a mark and one sentence, or "" where nothing is chosen.

    >>> explain(find("scan_order"), "")
    ''
    """
    if letter in ("", None):
        return ""
    verdict = judge(question, letter)
    mark = MARKS[verdict.outcome] if verdict.outcome == CORRECT else "✗"
    return f"{mark} {verdict.headline.removeprefix(f'{question.name}: ')}"


def as_text(questions: Sequence[Question], letters: Mapping[str, str], explained: bool = True) -> str:
    """The quiz in plain text."""
    blocks = []
    for item in questions:
        letter = letters[item.name]
        choices = [f"  {key}) {choice.text}" for key, choice in item.choices.items()]
        note = explain(item, letter) if explained else ""
        chosen = f"  your choice: {letter or '–'}  {note}".rstrip()
        blocks.append("\n".join([f"{item.name}: {item.prompt}", *choices, chosen]))
    return "\n\n".join(blocks)


def _as_html(questions, letters, explained):
    """The quiz as HTML, for places that show outputs but run no widgets."""
    blocks = []
    for item in questions:
        choices = "".join(f"<li>{html.escape(choice.text)}</li>" for choice in item.choices.values())
        note = html.escape(explain(item, letters[item.name])) if explained else ""
        blocks.append(f'<p>{html.escape(item.prompt)}</p><ol type="a">{choices}</ol><p>{note}</p>')
    return "".join(blocks)


def _show(questions, letters, keep):
    """Display the widget, with HTML and text for front ends without widgets."""
    from IPython.display import display

    widget = _widget(questions, letters, keep)
    bundle = widget._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    page, text = _as_html(questions, letters, not keep), as_text(questions, letters, not keep)
    display({**bundle, "text/html": page, "text/plain": text}, raw=True)


def _widget(questions, letters, keep):
    """An anywidget that reports each click, and shows the sentence that comes back in `notes`."""
    import anywidget
    import traitlets

    class Quiz(anywidget.AnyWidget):
        _esm = (Path(__file__).parent / "quiz.js").read_text(encoding="utf-8")
        questions = traitlets.List().tag(sync=True)
        letters = traitlets.Dict().tag(sync=True)  # clicked
        written = traitlets.Dict().tag(sync=True)  # clicked, and written into the cell: these count
        notes = traitlets.Dict().tag(sync=True)

    def explain_all(_):
        letters.update(widget.written)
        widget.notes = {item.name: note(item, letters[item.name], widget.letters[item.name]) for item in questions}
        if keep:
            keep(letters)

    note = _unexplained if keep else _note

    texts = [{key: choice.text for key, choice in item.choices.items()} for item in questions]
    widget = Quiz(
        questions=[
            {"name": item.name, "prompt": item.prompt, "choices": choices}
            for item, choices in zip(questions, texts, strict=True)
        ],
        letters=dict(letters),
        notes={item.name: note(item, letters[item.name], letters[item.name]) for item in questions},
    )
    widget.observe(explain_all, ["letters", "written"])
    return widget


def _note(question, counts, clicked):
    """The sentence below a question. A click that did not reach the cell is not yet an answer."""
    return explain(question, counts) if clicked in (counts, "") else _unexplained(question, counts, clicked)


def _unexplained(question, counts, clicked):
    if clicked in (counts, ""):
        return ""
    return f'To answer {clicked}, write {question.name}="{clicked}" in the cell above and run it: that counts.'
