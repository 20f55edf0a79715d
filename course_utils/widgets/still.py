"""The picture beside a live view: what a notebook shows that is opened again where the view's state is gone."""

import asyncio
import contextlib

REST = 1.0  # seconds without a change before the picture is drawn anew: once a rest, never once a frame
MARK = "course-still"
CAPTION = "<p>A picture of how it was left. Run the cell, and it moves again.</p>"
# JupyterLab writes "model not found" where a view's state is gone. The picture says all that a reader needs.
STYLE = (
    f"<style>.jp-OutputArea-child:has(+ .jp-OutputArea-child .{MARK}) .jupyter-widgets:not(:has(*)) "
    "{ display: none }</style>"
)
ELSEWHERE = "<!-- The picture is the next output. -->"  # for what shows no views, such as a preview of a file


def page(markup: str) -> str:
    """HTML that a live view hides as long as it is there, by the rule for `MARK` in parts.css.

    >>> page("<table></table>")[:44]
    '<div class="course-still"><table></table><p>'
    """
    return f'<div class="{MARK}">{markup}{CAPTION}{STYLE}</div>'


def joined(outputs: list) -> list:
    """The outputs of a cell where a view and its picture are one: for pages that show one or the other.

    >>> view = {"data": {"text/html": ELSEWHERE}}
    >>> joined([view, {"data": {"text/html": page("<p>Three maps.</p>")}}])
    [{'data': {'text/html': '<p>Three maps.</p>'}}]
    """
    done: list = []
    for output in outputs:
        markup = output.get("data", {}).get("text/html", "")
        if (
            markup.startswith(f'<div class="{MARK}">')
            and done
            and done[-1].get("data", {}).get("text/html") == ELSEWHERE
        ):
            bare = markup.removeprefix(f'<div class="{MARK}">').removesuffix(f"{CAPTION}{STYLE}</div>")
            done[-1] = type(output)({**done[-1], "data": {**done[-1]["data"], "text/html": bare}})
        else:
            done.append(output)
    return done


class Still:
    """Shows a widget's picture in an output of its own, and draws it anew when the widget has come to rest."""

    def __init__(self, widget):
        from IPython.display import display

        self.widget, self.timer = widget, None
        self.handle = display({"text/html": page(widget.as_html())}, raw=True, display_id=True)
        widget.observe(self._changed, [name for name in widget.traits(sync=True) if name[0] != "_"])

    def _changed(self, _change):
        self.stop()
        with contextlib.suppress(RuntimeError):  # no loop runs in a thread: the picture stays as it was
            self.timer = asyncio.get_running_loop().call_later(REST, self._draw)

    def _draw(self):
        if self.widget.comm is not None:
            self.handle.update({"text/html": page(self.widget.as_html())}, raw=True)

    def stop(self) -> None:
        """Draw no more of what was still to come."""
        if self.timer is not None:
            self.timer.cancel()
