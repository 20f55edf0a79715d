"""The files of the site: one page a lesson, each whole in itself, and a front page."""

import os
import re
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

import jinja2

from course_utils.authoring.build import chosen
from course_utils.authoring.release import extras
from course_utils.base import files, paths, project
from course_utils.base.errors import CourseError
from course_utils.site import alive, cells, embed, face, markup, outputs, trial
from course_utils.site.publish import publish
from course_utils.widgets.bundle import bundle

HERE = Path(__file__).parent
TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), autoescape=True)
TEMPLATES.filters["number"] = paths.number
ROW = re.compile(rf"^\| \[({paths.NUMBER}) (.+?)\]\(notebooks/(\w+)/.*?\| (.+?) \| (\d+(?: and \d+)*) \|", re.MULTILINE)
FONTS = ("*.woff2", "*.LICENSE")
SIGNATURE, SIGNATURE_WIDGET = "02_by_hand", "scan"  # the lesson's first widget is on the front page


class Page(NamedTuple):
    """One lesson as it goes into its page."""

    lesson: str
    title: str
    body: str
    headings: list  # (level, text as HTML, name)
    models: dict


def build_site(out, lessons=None, root=paths.ROOT, report=print, live=()):
    """Write the pages of some lessons (all, if none is named) into the folder `out`; return the path of the front page.

    `live` names the lessons that can be done in the browser, in the folder `live` beside the pages. Pages that an
    earlier build left there under other names are taken away; what a person put there stays.

    >>> build_site("site", report=lambda line: None)           # doctest: +SKIP
    PosixPath('site/index.html')
    """
    names, out = chosen(lessons, root), Path(out)
    if out.exists() and not out.is_dir():
        raise CourseError(f"{out} is a file; `--out` wants a folder to write the pages into.")
    try:
        out.mkdir(parents=True, exist_ok=True)  # said before the minute that the lessons take to run
        tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        raise CourseError(f"cannot write into the folder {out}: {error.strerror}. Name another with `--out`.") from None
    pages = _pages(names, root, report)
    with tempfile.TemporaryDirectory(prefix="course-site-") as made:
        _write(Path(made), pages, root, live)
        publish(made, out)
    return out / "index.html"


def _write(out, pages, root, live):
    """All files of the site but those of `live`, into an empty folder."""
    names = [page.lesson for page in pages]
    for path in (path for pattern in FONTS for path in (HERE / "fonts").glob(pattern)):
        files.write(out / "fonts" / path.name, path.read_bytes())
    for page in pages:
        _write_lesson(page, pages, out, root, live)
    files.write(out / "glossary.html", _glossary(root))
    for name, (page, model) in embed.embedded(pages).items():
        files.write(out / f"embed/{name}.html", _embed(name, page, model))
    files.write(out / "trial/index.html", _trial(names, root))
    faces = {"search.js": face.sections(pages), "social.png": face.picture(), "scan.gif": face.film()}
    for name, content in faces.items():
        files.write(out / name, content)
    files.write(out / "index.html", _front(pages, _entries(root, names), root, live))


def _pages(names, root, report):
    """Every lesson, run: as many at a time as there are cores. What goes wrong in any of them is said at the end."""
    done, problems = {}, []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        started = time.monotonic()
        waiting = {pool.submit(_page, name, root): name for name in names}
        for future in as_completed(waiting):
            name = waiting[future]
            try:
                done[name] = future.result()
                report(f"{name:32} {time.monotonic() - started:5.0f} s  {len(done)} of {len(names)}")
            except CourseError as error:
                problems.append(str(error))
    if problems:
        raise CourseError("\n".join(problems))
    return [done[name] for name in names]


def _page(lesson, root):
    nb = outputs.shown(lesson, root)
    models = alive.models(nb)
    body, headings = cells.render(nb, models)
    used = {name: model for name, model in models.items() if f'data-model="{name}"' in body}
    title = next(text for level, text, _ in headings if level == 1)
    return Page(lesson, title.removeprefix("Lesson "), body, headings, used)


def _write_lesson(page, pages, out, root, live):
    at, shared = pages.index(page), _shared(page.models, "../fonts/", root)
    html = TEMPLATES.get_template("lesson.html").render(
        **shared,
        rented=face.rented(shared["about"]["urls"], page.lesson),
        page=page,
        live=live,
        body=page.body,
        sections=[heading for heading in page.headings if heading[0] in (2, 3)],
        before=pages[at - 1] if at else None,
        after=pages[at + 1] if at + 1 < len(pages) else None,
    )
    folder = paths.solutions(root) / page.lesson
    for path in extras(folder):
        files.write(out / page.lesson / path.relative_to(folder), path.read_bytes())
    files.write(out / page.lesson / "index.html", html)


def _front(pages, entries, root, live):
    """The front page: what the README says before it comes to commands, a widget, and the lessons."""
    text = (Path(root) / "README.md").read_text(encoding="utf-8").partition("\n## ")[0]
    to_html, headings = markup.renderer()
    introduction = to_html(text)
    signature = next((page.models for page in pages if page.lesson == SIGNATURE), pages[0].models)
    models = {name: _lit(model) for name, model in list(signature.items())[:1]}
    return TEMPLATES.get_template("front.html").render(
        **_shared(models, "fonts/", root),
        introduction=introduction.partition("</h1>")[2],
        title=headings[0][1],
        models=models,
        entries=entries,
        live=live,
    )


def _lit(model):
    """A scan as the front page opens on it: at one pixel, three quarters down, whose column through the maps is lit."""
    if model["name"] != SIGNATURE_WIDGET:
        return model
    state = model["state"]
    _, height, width = state["sizes"]
    output, pixel = min(1, state["c_out"] - 1), 3 * height // 4 * width + width // 3
    position = (pixel * state["c_out"] + output + 1) * state["c_in"]
    return {**model, "state": {**state, "position": position, "hover": {"o": output, "pixel": pixel}}}


def _glossary(root):
    """The words of the course, each at a place that lessons link to."""
    to_html, headings = markup.renderer()
    body = to_html((Path(root) / "GLOSSARY.md").read_text(encoding="utf-8"))
    shared = _shared({}, "fonts/", root)
    return TEMPLATES.get_template("glossary.html").render(**shared, title=headings[0][1], body=body)


def _trial(names, root):
    """The page on which the article's claims are tried."""
    script = trial.SCRIPT.read_text(encoding="utf-8")
    return TEMPLATES.get_template("trial.html").render(
        **_shared({}, "../fonts/", root), trial=trial.data(names), trial_script=script
    )


def _embed(name, page, model):
    """A widget alone, with everything it needs inside."""
    html = TEMPLATES.get_template("embed.html").render(
        name=name,
        lesson=page.lesson,
        title=page.title,
        style=model["css"],
        script=bundle(HERE / "embed.js"),
        widgets=alive.packed({"widget": model}),
    )
    return embed.checked(name, html)


def _entries(root, names):
    """Number, title, lesson, idea and minutes of each lesson, as its row in the README has them."""
    rows = ROW.findall((Path(root) / "README.md").read_text(encoding="utf-8"))
    return [row for row in rows if row[2] in names]


def _shared(models, fonts, root):
    """Style, scripts and data of a page; all inside it, so that it can be kept, mailed and opened from anywhere.

    Only the fonts are beside it, once for all pages; without them it is set in the computer's own.
    """
    names = ("fonts/fonts.css", "page.css")
    text = {name: (HERE / name).read_text(encoding="utf-8") for name in names}
    letters = text["fonts/fonts.css"].replace("url(", f"url({fonts}")
    looks = dict.fromkeys(model["css"] for model in models.values())
    return {
        "about": project.about(root),
        "style": "\n".join([letters, text["page.css"], *looks]),
        "script": bundle(HERE / "page.js"),
        "widgets": alive.packed(models),
    }
