"""Each widget as a small page of its own, for other people's pages: `embed/scan.html` in an `<iframe>`."""

from ipywidgets.embed import dependency_state

from course_utils.base.errors import CourseError
from course_utils.site import alive
from course_utils.widgets.channels_kept import channels_kept, examples

LARGEST = 300_000  # bytes of a page


def embedded(pages):
    """The widgets of some lessons, one of each kind: its name -> (the lesson's page, its model).

    Of several of a kind the one with the least data is taken; `channels_kept` has half the rows and columns, since its
    four stacks of channels take 800 kB in the lesson.
    """
    found = {}
    for page in pages:
        for model in page.models.values():
            name, size = model["name"], len(alive.packed({"widget": model}))
            if name and (name not in found or size < found[name][2]):
                found[name] = page, model, size
    chosen = {name: (page, model) for name, (page, model, _) in sorted(found.items())}
    if "channels_kept" in chosen:
        chosen["channels_kept"] = chosen["channels_kept"][0], _half_size()
    return chosen


def _half_size():
    widget = channels_kept({name: maps[:, ::2, ::2] for name, maps in examples().items()})
    saved = {"state": dependency_state(widget, drop_defaults=False)}
    return next(iter(alive.models({"metadata": {"widgets": {alive.STATE: saved}}}).values()))


def checked(name, html):
    """The page, if it is small enough to be put into another."""
    if len(html.encode()) > LARGEST:
        size = f"{len(html.encode()):,} bytes, more than {LARGEST:,}"
        raise CourseError(f"embed/{name}.html has {size}: show it less data.")
    return html
