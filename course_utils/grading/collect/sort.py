"""Which submission is whose: a download's files, sorted into the work of one student each."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.grading.classroom import same_name
from course_utils.grading.collect import labels
from course_utils.grading.people.spreadsheet import readable
from course_utils.grading.prepare import intake
from course_utils.grading.prepare.strays import lessons_by_name, plain


@dataclass
class Work:
    """What one student handed in: the notebook that counts and the files beside it, `{name: File}`."""

    label: labels.Label
    notebook: object = None
    attachments: dict = field(default_factory=dict)
    order: tuple = ()  # what is larger is newer
    student: str = ""


@dataclass
class Sorted:
    """A download sorted: whose work fits, and all that does not, in words."""

    kind: str
    fits: list = field(default_factory=list)
    twice: list = field(default_factory=list)
    faults: list = field(default_factory=list)  # these keep it from being written
    missing: list = field(default_factory=list)
    left_out: list = field(default_factory=list)


def sort(opened, room, roster, kind=""):
    """Sort the files of a download for a lesson; `kind` says which LMS it comes from, where it cannot be told."""
    known = lessons_by_name(paths.lessons(room.root))
    names = [file.path for file in opened.files]
    kind = kind or labels.kind_of_most(_by_top(opened.files))
    start = labels.shared(names, known)
    result, groups = Sorted(kind, left_out=[f"{path}: {why}" for path, why in opened.left_out]), defaultdict(list)
    for file in opened.files:
        label, own, attempt = labels.read(file.path, kind, (start, known))
        if label:
            groups[label.number or label.key or label.given].append((label, own, attempt, file))
        elif intake.NOTEBOOK.search(file.path.name):
            result.faults.append(f"{file.path}: the name does not say whose it is")
        else:
            result.left_out.append(f"{file.path}: nobody's")
    for path, why in opened.left_out:  # whoever handed in nothing else would go missing
        label, *_ = labels.read(path, kind, (start, known))
        if label and (label.number or label.key or label.given) not in groups:
            result.faults.append(f"{label.shown}: {path.name} is {why}")
    cells, released = cells_by_lesson(room.root), room.released()
    for group in groups.values():
        work = _work(group, room.lesson, cells, known, released, result)
        if work:
            result.fits.append(work)
    _match(result, roster, room)
    return result


def _by_top(files):
    """The paths of files by the file of the download that they came out of."""
    found = defaultdict(list)
    for file in files:
        found[file.top].append(file.path)
    return found.values()


def cells_by_lesson(root):
    """`{lesson: names of its graded cells}`: by these a notebook is known, whatever it is called."""
    found = {}
    for lesson in paths.lessons(root):
        path = paths.solutions(root) / lesson / f"{lesson}.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.is_file() else []
        found[lesson] = {grade_id(cell) for cell in cells} - {None}
    return found


def lesson_of(nb, name, cells, known, wanted=""):
    """The lesson that a notebook is of by the cells in it or else by its name, or None.

    One that has all exercises of the lesson `wanted` is of that one, whatever else it has: lessons were made two.
    """
    there = {grade_id(cell) for cell in nb.cells} - {None}
    needed = {cell for cell in cells.get(wanted, ()) if not cell.endswith("_quiz")}
    if needed and needed <= there:
        return wanted
    best = max(cells, key=lambda lesson: len(there & cells[lesson]))
    return best if there & cells[best] else known.get(plain(name))


def _work(group, lesson, cells, known, released, result):
    """The work in the files of one student; what is not of this lesson or cannot be read is noted in the result."""
    found, attached, others = [], {}, []
    for label, own, attempt, file in sorted(group, key=lambda one: one[2]):
        if not intake.NOTEBOOK.search(own.name):
            size = file.place.stat().st_size
            if size > intake.ATTACHED_MAX:
                result.left_out.append(f"{file.path}: over {intake.ATTACHED_MAX // 10**6} MB")
            else:
                attached[own] = file
            continue
        try:
            nb = intake.parse(file.place)
        except intake.Unreadable as error:
            others.append(f"{label.shown}: {str(error).replace(file.place.name, own.name)}")
            continue
        of = lesson_of(nb, own.name, cells, known, lesson)
        if of in (lesson, None):
            count, when = intake.answered(nb, released), file.when.timestamp() if file.when else 0.0
            found.append(((count > 0, attempt, when, count, own.name == f"{lesson}.ipynb"), Work(label, file), own))
        else:
            others.append(f"{label.shown}: {own.name} is of lesson {of}")
    if not found:
        names = ", ".join(str(own) for _, own, *_ in group[:4])
        result.faults += others or [f"{group[0][0].shown}: no notebook, but {names}"]
        return None
    result.left_out += others
    order, work, own = max(found, key=lambda one: one[0])
    result.twice += [f"{work.label.shown}: {len(found)} notebooks, {own} counts"] if len(found) > 1 else []
    work.order, folder = order, own.parent
    beside = {_below(path, folder): file for path, file in attached.items()}
    unfit = [name for name in beside if not _has_a_place(name, beside) or name.startswith(f"{lesson}.ipynb/")]
    result.left_out += [f"{work.label.shown}: {name} has no place in a folder" for name in unfit]
    work.attachments = {name: file for name, file in beside.items() if name not in unfit}
    return work


def _has_a_place(name, names):
    """Whether a file system takes a file of this name beside those: some are too long, in no encoding, or folders."""
    parts = PurePosixPath(name).parts
    if name != readable(name):
        return False
    is_short = len(name.encode()) <= PATH_MAX and all(len(part.encode()) <= NAME_MAX for part in parts)
    return is_short and not any(other.startswith(f"{name}/") for other in names)


def _below(path, folder):
    inside = path.is_relative_to(folder)
    return str(path.relative_to(folder) if inside else PurePosixPath(path))


def _match(result, roster, room):
    """Give each work its student; the newest counts where there are two of one."""
    owners, there = defaultdict(list), [path.name for path in (room.folder / "submitted").glob("[!.]*")]
    homonyms = [_folder_name(work.label.name) for work in result.fits]
    for work in result.fits:
        label = work.label
        person = roster.find(name=label.name, number=label.number, key=label.key or label.name)
        if person:
            own = {one for one in there if roster.find(key=one) == person}
            work.student = min(own) if own else _folder_name(person.student)
        elif roster.people:
            result.faults.append(f"{label.shown}: not in {roster.path.name}, or not alone there")
            continue
        else:
            alone = homonyms.count(_folder_name(label.name)) == 1
            work.student = _folder_name(label.key or (label.name if alone else f"{label.name} {label.number}"))
        if len(work.student.encode()) > NAME_MAX:
            result.faults.append(f"{label.shown[:40]}…: a name that is too long for a folder")
            continue
        owners[work.student].append(work)
    result.fits = []
    for student, works in owners.items():
        newest = max(works, key=lambda work: work.order)
        result.fits.append(newest)
        if len(works) > 1:
            given = ", ".join(work.label.given for work in works if work is not newest)
            result.twice.append(f"{student}: {newest.label.given} counts, not {given}")
    result.missing = [
        other.student
        for other in roster.people
        if not any(same_name(other.student, name) for name in owners)
        and not any(roster.find(key=name) == other for name in owners)
    ]


NAME_MAX, PATH_MAX = 200, 1_000  # bytes of one name, and of a path below a submission's folder


def _folder_name(name):
    """A student's name as nbgrader and every file system take it."""
    return re.sub(r'[\[\]*?/\\:"<>|\x00-\x1f]', "_", readable(name)).strip(" .") or "_"
