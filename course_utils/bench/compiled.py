"""`course bench compile`: the kernels of `course bench gpu` compiled for GPUs that are not there, and what came out.

Triton brings NVIDIA's assembler and disassembler along. What they cannot say is how long a kernel takes.
"""

import functools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from course_utils.base import files, paths
from course_utils.base.errors import CourseError
from course_utils.kernels.plan import plan_for

ARCHITECTURES = {75: "Turing (T4)", 80: "Ampere (A100)", 90: "Hopper (H100, H200)"}
TYPES = {  # as the benchmark names them -> Triton's type, bytes, how products are rounded
    "fp32": ("fp32", 4, "ieee"),
    "tf32": ("fp32", 4, "tf32"),
    "fp16": ("fp16", 2, "ieee"),
    "bf16": ("bf16", 2, "ieee"),
}
BATCH = 256
TABLE = "docs/COMPILED.md"


class Kernel(NamedTuple):
    """One specialisation: what Triton compiles once and uses for every layer that is alike."""

    capability: int
    dtype: str
    last: bool  # channels last
    layer: tuple  # C_in, C_out, pixels a side


class Found(NamedTuple):
    """What is in the code: registers of a thread, bytes of stack and of shared memory, and its instructions."""

    registers: int
    stack: int
    shared: int
    matrix: dict  # matrix instructions -> how many
    loads: dict  # loads from memory -> how many
    stores: dict


def kernels(capability):
    """The specialisations that `course bench gpu` makes on an architecture."""
    from course_utils.bench.paths import LAYERS

    dtypes = ("fp32", "fp16") if capability < 80 else tuple(TYPES)
    return [Kernel(capability, dtype, last, layer) for dtype in dtypes for last in (False, True) for layer in LAYERS]


def one_of_each(capability):
    """Of those specialisations the first with each kernel and type: few, and each way that the code can go."""
    firsts = {}
    for kernel in kernels(capability):
        firsts.setdefault((kernel.dtype, bool(_plan(kernel).programs)), kernel)
    return list(firsts.values())


def compile_for(kernel):
    """Compile one as the launcher would, and read its code. Runs where Triton compiles: see `compiled`."""
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    from course_utils.kernels import tiles

    (c_in, c_out, side), (kind, itemsize, precision) = kernel.layer, TYPES[kernel.dtype]
    pixels, plan = _pixels(kernel), _plan(kernel)
    jit = tiles.compiled("0")["streamed" if plan.programs else "tiled"]
    constants = plan.constants(c_in, c_out, pixels, kernel.last) | {
        "FAR": False,
        "HAS_BIAS": True,
        "ACTIVATION": "relu",
        "PRECISION": precision,
        "WIDEN": itemsize == 2 and kernel.capability < 80,
        "STAGES": plan.stages,
    }
    numbers = {"c_in": c_in, "c_out": c_out, "pixels": pixels, "tiles": BATCH * side, "step": 100}
    types, fixed, known = {}, {}, {}
    for place, parameter in enumerate(jit.params):
        name = parameter.name
        if name in constants or numbers.get(name) == 1:
            types[name], fixed[(place,)] = "constexpr", constants.get(name, 1)
        else:
            types[name] = f"*{kind}" if name.endswith("_ptr") else "i32"
            if numbers.get(name, 16) % 16 == 0:
                known[(place,)] = [["tt.divisibility", 16]]
    options = {"num_warps": plan.warps, "num_stages": plan.stages}
    target = GPUTarget("cuda", kernel.capability, 32)
    made = triton.compile(ASTSource(jit, types, fixed, known), target=target, options=options)
    return read(made.asm["cubin"], made.metadata.shared)


def _pixels(kernel):
    """Pixels in a row: those of an image, or of the whole batch where channels are last."""
    return (BATCH if kernel.last else 1) * kernel.layer[2] ** 2


def _plan(kernel):
    c_in, c_out, _ = kernel.layer
    return plan_for(c_in, c_out, _pixels(kernel), TYPES[kernel.dtype][1], kernel.capability)


@functools.cache
def read(code, shared):
    """What NVIDIA's disassembler finds in compiled code. Most layers share theirs with others: it is read once."""
    import triton

    tools = Path(triton.__file__).parent / "backends" / "nvidia" / "bin"
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(code)
        file.flush()
        used = _said(tools / "cuobjdump", "-res-usage", file.name)
        text = _said(tools / "nvdisasm", "-c", file.name)
    registers, stack = (int(re.search(rf"{word}:(\d+)", used)[1]) for word in ("REG", "STACK"))
    counted = [dict(Counter(re.findall(pattern, text))) for pattern in PATTERNS]
    return Found(registers, stack, shared, *counted)


PATTERNS = r"\bH(?:G)?MMA\.[0-9x]+", r"\bLDG(?:STS)?\b[.A-Z0-9]*", r"\bSTG\b[.A-Z0-9]*"


def _said(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def compiled(wanted, triton=None):
    """What is in the code of each of some kernels, compiled in a process where Triton compiles.

    `triton`: the folder of another Triton than the one that is installed.
    """
    text = json.dumps([tuple(kernel) for kernel in wanted])
    done = _python(triton, "-m", "course_utils.bench.compiled", text=text)
    if done.returncode:
        raise CourseError(f"Triton cannot compile the kernels: {done.stderr.strip().splitlines()[-1]}")
    return [Found(*fields) for fields in json.loads(done.stdout)]


def version_in(triton):
    """The version of the Triton in a folder, made by `pip install --no-deps --target FOLDER triton==3.6.0`.

    >>> version_in("no/such/folder")
    Traceback (most recent call last):
    course_utils.base.errors.CourseError: there is no Triton in no/such/folder: \
`pip install --no-deps --target no/such/folder triton==VERSION` puts one there.
    """
    if not Path(triton, "triton", "__init__.py").is_file():
        how = f"`pip install --no-deps --target {triton} triton==VERSION` puts one there."
        raise CourseError(f"there is no Triton in {triton}: {how}")
    done = _python(triton, "-c", "import triton; print(triton.__version__)")
    if done.returncode:
        raise CourseError(f"the Triton in {triton} does not start: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout.strip()


def _python(triton, *arguments, text=""):
    """A Python in which Triton compiles: the one in the folder `triton`, or the one that is installed."""
    environment = os.environ | {"TRITON_INTERPRET": "0", "TRITON_F32_DEFAULT": "ieee"}
    if triton:  # before what is installed
        before = os.environ.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([os.path.abspath(triton), *([before] if before else [])])
    command = [sys.executable, *arguments]
    return subprocess.run(command, input=text, env=environment, capture_output=True, text=True, check=False)


def width(instructions):
    """Bytes that the widest of some loads or stores moves for each thread."""
    return max((_bytes(name) for name in instructions), default=0)


def _bytes(name):
    sizes = {"128": 16, "64": 8, "U16": 2}
    return next((size for word, size in sizes.items() if word in name.split(".")), 4)


def table(capability, wanted, found):
    """The rows of one architecture, as Markdown."""
    names = "type", "channels", "layer", "registers", "stack", "shared", "matrix instructions", "load", "store"
    rows = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for kernel, one in zip(wanted, found, strict=True):
        c_in, c_out, side = kernel.layer
        matrix = ", ".join(f"{name} ×{count}" for name, count in one.matrix.items()) or "none"
        layer = f"{c_in} → {c_out}, {side}×{side}"
        cells = (kernel.dtype, "last" if kernel.last else "first", layer, one.registers, one.stack, one.shared, matrix,
                 f"{width(one.loads)} B", f"{width(one.stores)} B")  # fmt: skip
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return f"## {ARCHITECTURES[capability]}\n\n" + "\n".join(rows)


def beside(version, rows):
    """What another Triton makes of the same kernels, as Markdown; `rows`: (kernel, found here, found there)."""
    apart = [(kernel, here, there) for kernel, here, there in rows if _counted(here) != _counted(there)]
    alike = f"The numbers in the tables above are the same for {len(rows) - len(apart)} of the {len(rows)} kernels"
    said = f"## With Triton {version}\n\n{alike}"
    if not apart:
        return said + "."
    lines = ["| type | channels | layer | GPU | what | above | here |", "|---" * 7 + "|"]
    for kernel, here, there in apart:
        c_in, c_out, side = kernel.layer
        where = "last" if kernel.last else "first", f"{c_in} → {c_out}, {side}×{side}", f"sm_{kernel.capability}"
        pairs = zip(COUNTED, _counted(here), _counted(there), strict=True)
        lines += [f"| {' | '.join([kernel.dtype, *where, what, str(a), str(b)])} |" for what, a, b in pairs if a != b]
    return said + "; for the others this is different:\n\n" + "\n".join(lines)


COUNTED = "registers", "stack", "shared", "matrix instructions", "load", "store"


def _counted(found):
    """What the tables say of a kernel."""
    return *found[:3], found.matrix, width(found.loads), width(found.stores)


def main(folder=None):
    """Compile every kernel, write the table, return an exit status; `folder` has another Triton to compare with."""
    version = folder and version_in(folder)
    import triton

    parts = [
        f"# The kernels, compiled\n\nMade by `course bench compile` with Triton {triton.__version__}, without a GPU: "
        "what came out for each kernel that `course bench gpu` runs. Registers are those of a thread, stack and shared "
        "memory are bytes, load and store the widest that one thread does at once. No time was measured."
    ]
    rows = []
    for capability in ARCHITECTURES:
        wanted = kernels(capability)
        print(f"Compiling {len(wanted)} kernels for {ARCHITECTURES[capability]} …", flush=True)
        found = compiled(wanted)
        parts.append(table(capability, wanted, found))
        if version:
            print(f"… and with Triton {version}", flush=True)
            rows += zip(wanted, found, compiled(wanted, folder), strict=True)
    parts += [beside(version, rows)] if version else []
    place = paths.ROOT / TABLE
    files.write(place, "\n\n".join(parts) + "\n")
    print(f"Written: {place.relative_to(paths.ROOT)}")
    return 0


if __name__ == "__main__":
    asked = [Kernel(fields[0], fields[1], fields[2], tuple(fields[3])) for fields in json.load(sys.stdin)]
    print(json.dumps([compile_for(one) for one in asked]))
