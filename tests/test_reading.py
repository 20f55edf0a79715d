"""What the learner's code says about a slip that no mistake of the catalogue is: facts read off it, and only those."""

import importlib.util
import textwrap

import pytest

from course_utils.checking.judge import judge
from course_utils.exercises import find

SAID = {  # exercise and body, what the first line has to say
    ("hwc_to_nchw", "c, h, w = image.shape\nx = np.zeros((1, c, h, w))\nx[0, 0] = image[:, :, 0]\nreturn x"): (
        "the axes of `image` are h, w, c"
    ),
    ("mix_pixel", "for c in v: b = b + v[c] * w[c]\nreturn b"): "hands out the numbers of `v`, not their places",
    ("conv1x1_one", "n, c, h, w = x.shape\nreturn sum(w[k] * x[:, k] for k in range(c)) + b"): (
        "gives the name `w` to something else"
    ),
    ("conv1x1_one", "n, c, h, W = x.shape\ny = np.zeros((n, h, W))\nfor m in range(n):\n for i in range(h):\n"
     "  for j in range(W):\n   for k in range(c): y[m, i, j] += w[k] * x[m, i, j, k]\nreturn y + b"): (
        "In `x[m, i, j, k]` the index `i` counts h and stands at the axis c_in."
    ),
    ("count_weights", "return c_in * c_out * k ^ 2 + c_out * bias"): "`^` is no power",
    ("count_weights", "return c_in * c_out * k * k + c_out if bias else 0"): "takes in everything that stands before it",
    ("count_maps", "return channels.remove(channels[0])"): "`remove(…)` works in place",
    ("activation_bytes", "return sum(channels[i] + channels[i + 1] for i in range(len(channels)))"): (
        "at the last `i` there is no next one"
    ),
    ("embed_in_3x3", "y = np.zeros(*weight.shape, 3, 3)\nreturn y"): "takes all sizes as one argument",
    ("conv1x1_matmul", "return weight @ x"): "works on the last two axes of `x`",
    ("conv1x1_einsum", "y = np.einsum('nchw,oc', x, weight)\nreturn y + bias[:, None, None]"): "Without `->`",
    ("stain_to_channels", "return np.log(max(rgb, 1e-6))"): "`np.maximum` goes number by number",
    ("collision", "return x + np.linalg.svd(weight)[2][-1]"): "Both have c_in, but not at the same place",
}  # fmt: skip


@pytest.mark.parametrize(("exercise", "body"), SAID, ids=[f"{name}: {body[:30]}" for name, body in SAID])
def test_a_slip_is_read_off_the_code(exercise, body, tmp_path):
    item = find(exercise)
    parameters = (
        ", ".join(item.parameters).replace("bias", "bias=None")
        if exercise != "count_weights"
        else ("c_in, c_out, k, bias=True")
    )
    lines = f"import numpy as np\n\ndef {exercise}({parameters}):\n{textwrap.indent(body, '    ')}\n"
    (tmp_path / "learners.py").write_text(lines)
    spec = importlib.util.spec_from_file_location("learners", tmp_path / "learners.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert SAID[exercise, body] in judge(item, getattr(module, exercise)).headline
