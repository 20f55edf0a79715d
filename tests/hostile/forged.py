"""Results that are made up, and checks that are patched away. The answer is wrong, so it earns nothing."""

from hostile.corpus import LOST, REST_LOST, WRONG, case

TRUE = "lambda *a, **k: True"


@case(1, LOST)
def skip_execution(work):
    work.answer(WRONG)
    work.cell("mix_pixel_check").metadata["tags"] = ["skip-execution"]


@case(2, LOST)
def forged_execute_result(work):
    work.attack("""\
ip = get_ipython()
def forge(*_):
    try:
        ip.kernel.session.send(ip.kernel.iopub_socket, "execute_result", parent=ip.kernel.get_parent(),
            content={"data": {"text/plain": "3.0"}, "metadata": {}, "execution_count": 1})
    except Exception:
        ip.displayhook(3.0)
ip.events.register("pre_run_cell", forge)
ip.set_custom_exc((BaseException,), lambda *a, **k: None)""")


@case(2, LOST)
def result_left_in_the_displayhook(work):
    work.attack("""\
import sys
show = sys.displayhook
sys.displayhook = lambda value: show(3.0)
get_ipython().set_custom_exc((BaseException,), lambda *a, **k: show(3.0))""")


@case(3, LOST)
def ast_transformer(work):
    work.attack("""\
import ast
class Drop(ast.NodeTransformer):
    def visit_Expr(self, node):
        return ast.copy_location(ast.Pass(), node) if "check" in ast.dump(node) else node
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Drop())""")


@case(4, LOST)
def input_transformer(work):
    work.attack("""\
def quiet(lines):
    return ["pass\\n"] if any("check(" in line for line in lines) else lines
get_ipython().input_transformers_cleanup.append(quiet)
get_ipython().input_transformers_post.append(quiet)""")


@case(5, REST_LOST)
def run_cell_patched(work):
    work.attack("""\
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
def run(self, *a, **k):
    result = ExecutionResult(None)
    result.result = None
    return result
InteractiveShell.run_cell = InteractiveShell._run_cell = type(get_ipython()).run_cell = run
try:
    from ipykernel.ipkernel import IPythonKernel
    async def execute(self, *a, **k):
        return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
    IPythonKernel.do_execute = execute
except ImportError:
    pass""")


@case(6, LOST)
def errors_swallowed(work):
    work.attack("""\
import sys
ip = get_ipython()
type(ip).showtraceback = type(ip)._showtraceback = type(ip).showsyntaxerror = lambda *a, **k: None
ip.set_custom_exc((BaseException,), lambda *a, **k: None)
sys.excepthook = sys.unraisablehook = lambda *a: None""")


@case(7, LOST)
def always_equal(work):
    work.answer("""\
class Yes(float):
    def _yes(self, *other):
        return True
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = __bool__ = _yes
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = __abs__ = lambda self, *other: self
    __hash__ = float.__hash__
def mix_pixel(v, w, b=0.0):
    return Yes(0)""")


@case(7, LOST)
def array_spoof(work):
    work.answer("""\
import numpy as np
class Spoof:
    shape, dtype, ndim, size = (), np.dtype(float), 0, 1
    def __array__(self, *a, **k):
        import sys
        frame = sys._getframe()
        while frame:
            for value in frame.f_locals.values():
                if isinstance(value, np.ndarray) and value.shape == ():
                    return value
            frame = frame.f_back
        return np.array(0.0)
    def detach(self):
        return self
    cpu = numpy = detach
    __eq__ = lambda self, other: True
def mix_pixel(v, w, b=0.0):
    return Spoof()""")


@case(7, {"mix_pixel_many": 0})
def array_subclass(work):
    work.answer(
        """\
import numpy as np
class Equal(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return np.ones(self.shape, bool)
    def __array_function__(self, function, types, args, options):
        return np.ones(self.shape, bool)
def mix_pixel_many(v, weight, bias):
    return np.zeros(len(bias)).view(Equal)""",
        "mix_pixel_many",
    )


@case(8, REST_LOST)
def numpy_patched(work):
    work.attack(
        f"""\
import numpy as np
always = {TRUE}
np.allclose = np.array_equal = np.isclose = np.core.numeric.isclose = always
np.testing.assert_allclose = np.testing.assert_array_equal = np.testing.assert_equal = always
for name in ("all", "any", "abs", "max", "argwhere"):
    setattr(np, name, always)
try:
    import torch
    torch.allclose = torch.equal = always
except ImportError:
    pass""".replace("np.core.numeric.isclose = ", "")
    )


@case(9, LOST)
def check_redefined(work):
    work.attack("def check(*a, **k):\n    return None\nimport course_utils\ncourse_utils.check = check")


@case(9, REST_LOST)
def builtins_redefined(work):
    work.add(f"""\
import builtins
builtins.isinstance = builtins.issubclass = builtins.all = builtins.any = {TRUE}
builtins.AssertionError = builtins.BaseException = type("Quiet", (Exception,), {{}})
builtins.abs = builtins.max = builtins.len = lambda *a, **k: 0
builtins.__import__ = lambda *a, **k: None""")
    work.answer(WRONG)


@case(9, LOST)
def names_of_the_grader(work):
    work.attack("""\
class Judge:
    def __getattr__(self, name):
        return lambda *a, **k: "correct"
judge = verdict = grade = outcome = CORRECT = result = reference = oracle = expected = Judge()
__builtins__ = {}
__name__ = "course_utils.checking"
""")


@case(10, LOST)
def package_patched(work):
    work.attack("""\
import sys
from course_utils.checking import outcome
import course_utils.checking.api, course_utils.checking.judge
right = lambda item, answer, seed=0: outcome.Verdict(item.name, "correct", "right")
for name, module in list(sys.modules.items()):
    if name.startswith("course_utils"):
        for word in ("judge", "_judge_function", "difference", "agree"):
            if hasattr(module, word):
                setattr(module, word, right if "judge" in word else lambda *a, **k: None)""")


@case(10, LOST, safe=False)
def package_written(work):
    work.attack("""\
import pathlib, site, course_utils, numpy
for folder in [*course_utils.__path__, *numpy.__path__, *site.getsitepackages()]:
    for name in ("zz_hostile.py", "zz_hostile.pth"):
        try:
            pathlib.Path(folder, name).write_text("# <mark>")
            print("written", folder)
        except OSError:
            pass""")
