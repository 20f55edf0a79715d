"""Who needs PyTorch is read off the lessons, and all who say it say the same."""

import os
import subprocess
import sys

import pytest

from course_utils.authoring import needs
from course_utils.base import paths

WITHOUT = needs.without_torch()
RUN = """
import sys


class Absent:
    def find_spec(self, name, path=None, target=None):
        if f"{name}.".startswith(tuple(sys.argv[2:])):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Absent())
import matplotlib
matplotlib.use("agg")
import nbformat
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in nbformat.read(sys.argv[1], as_version=4).cells:
    if cell.cell_type == "code":
        shell.run_cell(cell.source).raise_error()
print("done")
"""


def lesson(folder, code, name="01_one"):
    path = folder / "solutions" / name / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code, encoding="utf-8")
    path.with_suffix(".ipynb").write_text("{}")


@pytest.mark.parametrize(
    ("code", "is_needed"),
    [
        ("import numpy as np", False),
        ("import torch", True),
        ("import numpy as np\nfrom torch import nn", True),
        ("def net():\n    from torch import nn\n    return nn", True),
        ("class Net:\n    import torch.nn", True),
        ("try:\n    import torch\nexcept ModuleNotFoundError:\n    pass", False),
        ("from course_utils import layers", True),
        ("from course_utils.kernels import fused_pointwise", True),
        ("from course_utils import convs, plots, widgets\nfrom course_utils.experiments import reduction", False),
        ("torches = 'import torch'", False),
    ],
)
def test_what_a_lesson_imports_decides_by_itself_or_by_a_module_of_ours(code, is_needed, tmp_path):
    lesson(tmp_path, code)
    assert needs.needing_torch(tmp_path) == ["01_one"] * is_needed
    assert needs.without_torch(tmp_path) == ["01_one"] * (not is_needed)


def test_numbers_are_said_as_a_sentence_has_them(tmp_path):
    names = ["01_a", "02_b", "03_c", "04_d", "05_e", "05b_f"]
    for name in names:
        lesson(tmp_path, "", name)
    said = [names[:3], names[:2], [names[0], *names[3:]], names[4:5], []]
    told = [needs.spoken(chosen, tmp_path) for chosen in said]
    assert told == ["01 to 03", "01 and 02", "01 and 04 to 05b", "05", ""]


def test_documents_and_notebooks_say_what_is_computed():
    with_it, without = needs.spoken(needs.needing_torch()), needs.spoken(WITHOUT)
    written = {
        name: " ".join((paths.ROOT / name).read_text(encoding="utf-8").split())
        for name in ("README.md", "CONTRIBUTING.md")
    }
    assert f"puts lessons {without} behind these pages" in written["README.md"]
    assert f"Lessons {with_it} need PyTorch" in written["CONTRIBUTING.md"]
    assert f"the pages, and lessons {without} as notebooks" in written["CONTRIBUTING.md"]
    for name in paths.lessons():
        text = (paths.notebooks() / name / f"{name}.ipynb").read_text(encoding="utf-8")
        assert f"Lessons {with_it} need PyTorch too" in text, name


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.slow] * (one < "10")) for one in WITHOUT])
def test_a_lesson_without_it_runs_whole_where_it_is_not(name, tmp_path):
    solved = paths.solutions() / name / f"{name}.ipynb"
    absent = ["torch.", "triton."]  # as in a browser, which has scikit-learn's photos and scikit-image's colours alone
    absent += ["sklearn.utils.", "scipy."] * ("skimage" not in solved.read_text(encoding="utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(solved), *absent], cwd=paths.ROOT, capture_output=True, text=True,
        env={**os.environ, "COURSE_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.rstrip().endswith("done"), done.stderr[-2000:]
