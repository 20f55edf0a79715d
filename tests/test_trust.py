"""What only a student's process can see is written down: for which exercises its word is taken, and when not."""

import inspect
import json
import re
import shutil
import textwrap

import nbformat
import pytest

from course_utils.authoring.cells import grade_id
from course_utils.base import paths
from course_utils.exercises import Exercise, catalogue
from course_utils.grading.classroom import Classroom
from course_utils.grading.grade import grade_class
from course_utils.grading.prepare import reach

ASKED_THERE = re.compile(r"layers\.(backward|gradients)\b|\bpretend\.\w+\(")


def reached(function, done):
    """The text of a function and of those of the exercises that it calls."""
    done.add(function)
    others = [function.__globals__.get(name) for name in function.__code__.co_names]
    own = [one for one in others if inspect.isfunction(one) and one.__module__.startswith("course_utils.exercises")]
    return inspect.getsource(function) + "".join(reached(one, done) for one in own if one not in done)


def takes_its_word(exercise):
    return exercise.new_arrays or bool(ASKED_THERE.search(reached(exercise.observe, set())))


def test_the_exercises_where_a_student_s_process_is_believed_are_named():
    text = (paths.ROOT / "docs" / "SECURITY.md").read_text(encoding="utf-8")
    paragraph = next(part for part in re.split(r"\n- ", text) if part.startswith("**What only a student's process"))
    named = {name for name in re.findall(r"`(\w+)`", paragraph) if name in catalogue()}
    assert named == {one.name for one in catalogue().values() if isinstance(one, Exercise) and takes_its_word(one)}
    assert named == reach.BELIEVED


REACHING = {
    "course_utils.device.pretend": "from course_utils.device import pretend as p",
    "course_utils.grading.run": "def f(x):\n    import course_utils.grading.run",
    "layers.backward =": "from course_utils import layers\nlayers.backward = print",
    "torch.Tensor.detach =": "import torch\ntorch.Tensor.detach = lambda self: self",
    "one.backward =": "from course_utils import layers\none = layers\none.backward = print",
    "sys.modules": "import sys\nsys.modules['x'] = 1",
    "sys._getframe": "import sys\n%time f = sys._getframe(1)",
    "gc": "%%capture\nimport gc",
    "exec": "exec('1')",
    "%writefile": "%%writefile x.py\n1",
    "torch.overrides": "import torch.overrides",
    "torch.Tensor.__dict__": "import torch\ntorch.Tensor.__dict__",
    "type.__setattr__": "import torch\ntype.__setattr__(torch.Tensor, 'detach', print)",
    "inspect": "from inspect import stack\nimport inspect",
}
HARMLESS = {
    "a layer": "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.weight = 1",
    "numbers put into a layer": "import torch\nconv = torch.nn.Conv2d(1, 1, 1)\nconv.weight.data = conv.weight.data * 2",
    "evaluation": "import torch\nmodel.eval(); torch.compile(model); torch.manual_seed(0)",
    "settings": "import torch, sys\n%matplotlib inline\ntorch.backends.cudnn.benchmark = True\nprint(sys.version)",
    "no Python": "def f(:\n    import gc",
    "the course's own": "from course_utils.device import pick\nfrom course_utils import layers\nlayers.Pointwise(1, 2)",
}


@pytest.mark.parametrize("word", REACHING)
def test_code_that_reaches_for_the_process_is_found(word):
    assert word in reach.words(REACHING[word]) or any(one.startswith(word) for one in reach.words(REACHING[word]))


@pytest.mark.parametrize("kind", HARMLESS)
def test_code_as_learners_write_it_is_not(kind):
    assert reach.words(HARMLESS[kind]) == []


def test_no_answer_of_the_catalogue_reaches_for_the_process():
    for name in reach.BELIEVED:
        item = catalogue()[name]
        for function in (item.oracle, *item.alternatives, *(one.function for one in item.mistakes)):
            assert reach.words(textwrap.dedent(inspect.getsource(function))) == []


FORGED = {
    "forger": (
        "from course_utils.device import pretend\n"
        "told = lambda f, model, x, device, cuda: (device, device, 'ndarray', f(model, x, device), 'can be trained as before')\n"
        "pretend.ran = told"
    ),
    "honest": "import sys\nprint(sys.version)",
}


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_forged_device_earns_nothing_and_waits_for_a_person(tmp_path):
    lesson = "11_on_the_gpu"
    for name in ("solutions", "notebooks"):
        shutil.copytree(paths.ROOT / name / lesson, tmp_path / name / lesson)
    room = Classroom(lesson, tmp_path, tmp_path / "grading")
    solved = (tmp_path / "solutions" / lesson / f"{lesson}.ipynb").read_text(encoding="utf-8")
    for student, text in FORGED.items():
        nb = nbformat.from_dict(json.loads(solved))
        place = next(i for i, cell in enumerate(nb.cells) if grade_id(cell) == "run_on")
        nb.cells.insert(place, nbformat.v4.new_code_cell(text))
        if student == "forger":
            nb.cells[
                place + 1
            ].source = "def run_on(model, x, device):\n    return model(torch.tensor(x.copy())).detach().numpy()"
        room.submission(student).mkdir(parents=True)
        nbformat.write(nb, room.submission(student) / f"{lesson}.ipynb")
    results = {one.student: one for one in grade_class(room)}
    marks = {name: {each.exercise: each.marks for each in one.findings} for name, one in results.items()}
    assert (marks["honest"]["run_on"], marks["forger"]["run_on"]) == (2, 0)
    notes = " ".join(results["forger"].notes)
    assert (
        "in it: course_utils.device.pretend" in notes and "to be marked by hand: " in notes and "run_on_check" in notes
    )
    assert "in it" not in " ".join(results["honest"].notes)
