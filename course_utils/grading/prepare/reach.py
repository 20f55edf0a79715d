"""What in a student's code could change what their own process says of itself: for a person to look at.

Numbers are compared elsewhere. Of a few exercises the process itself is asked: on which device something ran, in which
mode, whether gradients come and arrays are new. Code that reaches for the course's own or for the insides of Python
can make up what is said; a right answer to such an exercise then waits for a person. Who hides it well is not found.
"""

import ast
import re

from nbgrader.utils import is_locked

from course_utils.authoring.cells import grade_id
from course_utils.grading.prepare import lost

BELIEVED = frozenset(
    "fold_batchnorm sgd_step lora Pointwise Bottleneck attention run_on pick_device train".split()
)  # exercises of which the process is asked
MODULES = re.compile(
    r"(gc|ctypes|inspect|builtins|importlib|unittest|mock|types|dis|marshal|pickle|bdb|runpy|torch\.overrides)(\.|$)|"
    r"course_utils\.(grading|base|checking|exercises|device\.pretend)(\.|$)"
)
NAMES = frozenset("exec eval compile __import__ __builtins__ setattr delattr globals vars pretend".split())
ATTRIBUTES = frozenset(
    """__globals__ __code__ __closure__ __subclasses__ __torch_function__ __builtins__ _getframe f_back f_locals
    f_globals __setattr__ __dict__ __mro__ settrace setprofile addaudithook meta_path
    TorchFunctionMode TorchDispatchMode ask_there""".split()
)
HARMLESS = ("matplotlib", "pip", "conda", "config", "autoreload", "load_ext")  # commands of IPython
AROUND = ("time", "timeit", "capture", "prun")  # commands that run the text behind them
FOUND_MAX, WORD_MAX = 5, 60  # of what is named, and of its characters
CHAIN_MAX = 6  # attributes of attributes that are looked at


def reaches(nb, released, files):
    """What a student's cells, and modules beside the notebook, reach for, in words as they stand there.

    Nothing where no exercise of the lesson asks the process.
    """
    if not BELIEVED & {(grade_id(cell) or "").removesuffix("_check") for cell in released.cells}:
        return []
    given = {cell.source for cell in released.cells}
    code = [cell for cell in nb.cells if cell.cell_type == "code" and not is_locked(cell)]
    own = [cell.source for cell in code if cell.source not in given]
    own += [content.decode(errors="replace") for name, content in files.items() if name.endswith(".py")]
    read = list(lost.readable(own))
    found = dict.fromkeys(word[:WORD_MAX] for source in read for word in words(source))
    return [*list(found)[:FOUND_MAX], *(["more code than is read"] if len(read) < len(own) else [])]


def words(source):
    """The words in code that reach too far; none in code that does not run.

    >>> words("import torch\\ntorch.Tensor.detach = print"), words("conv.weight = None; model.eval()")
    (['torch.Tensor.detach ='], [])
    """
    try:
        tree = ast.parse(lost.python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError, RuntimeError):
        return []
    nodes = list(ast.walk(tree))
    imported = _imported(nodes)
    return [word for node in nodes for word in _of(node, imported)]


def _imported(nodes):
    """Names of modules and of what comes from them, under whatever name they were given."""
    statements = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    found = {alias.asname or alias.name.partition(".")[0] for one in statements for alias in one.names}
    for node in nodes:  # in the order of the text, or nearly so
        if isinstance(node, ast.Assign) and _chain(node.value)[0] in found:
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _chain(node):
    """The names of which `one.two.three` is made; "" for what is no name or too far."""
    names = []
    while isinstance(node, ast.Attribute) and len(names) < CHAIN_MAX:
        names.append(node.attr)
        node = node.value
    return [node.id if isinstance(node, ast.Name) else "", *reversed(names)]


def _of(node, imported):
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if MODULES.match(alias.name))
    elif isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if MODULES.match(name) or name.rpartition(".")[2] in ATTRIBUTES)
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield node.id
    elif isinstance(node, ast.Attribute):
        root, *names = _chain(node)
        text = ".".join([root, *names] if root else names[-1:])
        if node.attr in ATTRIBUTES or text == "sys.modules" or MODULES.match(text):
            yield text
        elif isinstance(node.ctx, ast.Store) and root in imported and not text.startswith("torch.backends."):
            yield f"{text} ="
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.startswith("run_"):
        yield from _command(node.args)


def _command(arguments):
    """Of a command of IPython's, as a call: what its text reaches for, or the command where it may do anything."""
    texts = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if texts and texts[0] in AROUND:
        yield from (word for text in texts[1:] for word in words(text))
    elif texts and texts[0] not in HARMLESS:
        yield f"%{texts[0]}"[:40]
