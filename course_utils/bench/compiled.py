"""`course bench compile`: the kernels of `course bench gpu` compiled for GPUs that are not there, and what came out.

Triton brings NVIDIA's assembler and disassembler along. What they cannot say is how long a kernel takes.
"""

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


def compile_for(kernel):
    """Compile one as the launcher would, and read its code. Runs where Triton compiles: see `compiled`."""
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    from course_utils.kernels import tiles

    (c_in, c_out, side), (kind, itemsize, precision) = kernel.layer, TYPES[kernel.dtype]
    pixels = (BATCH if kernel.last else 1) * side * side
    plan = plan_for(c_in, c_out, pixels, itemsize, kernel.capability)
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
    return read(triton.compile(ASTSource(jit, types, fixed, known), target=target, options=options))


def read(made):
    """What NVIDIA's disassembler finds in compiled code."""
    import triton

    tools = Path(triton.__file__).parent / "backends" / "nvidia" / "bin"
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(made.asm["cubin"])
        file.flush()
        used = _said(tools / "cuobjdump", "-res-usage", file.name)
        code = _said(tools / "nvdisasm", "-c", file.name)
    registers, stack = (int(re.search(rf"{word}:(\d+)", used)[1]) for word in ("REG", "STACK"))
    counted = [dict(Counter(re.findall(pattern, code))) for pattern in PATTERNS]
    return Found(registers, stack, made.metadata.shared, *counted)


PATTERNS = r"\bH(?:G)?MMA\.[0-9x]+", r"\bLDG(?:STS)?\b[.A-Z0-9]*", r"\bSTG\b[.A-Z0-9]*"


def _said(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def compiled(wanted):
    """What is in the code of each of some kernels, compiled in a process where Triton compiles."""
    environment = os.environ | {"TRITON_INTERPRET": "0", "TRITON_F32_DEFAULT": "ieee"}
    command = [sys.executable, "-m", "course_utils.bench.compiled"]
    text = json.dumps([tuple(kernel) for kernel in wanted])
    done = subprocess.run(command, input=text, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"Triton cannot compile the kernels: {done.stderr.strip().splitlines()[-1]}")
    return [Found(*fields) for fields in json.loads(done.stdout)]


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


def main():
    """Compile every kernel, write the table, return an exit status."""
    import triton

    parts = [
        f"# The kernels, compiled\n\nMade by `course bench compile` with Triton {triton.__version__}, without a GPU: "
        "what came out for each kernel that `course bench gpu` runs. Registers are those of a thread, stack and shared "
        "memory are bytes, load and store the widest that one thread does at once. No time was measured."
    ]
    for capability in ARCHITECTURES:
        wanted = kernels(capability)
        print(f"Compiling {len(wanted)} kernels for {ARCHITECTURES[capability]} …", flush=True)
        parts.append(table(capability, wanted, compiled(wanted)))
    place = paths.ROOT / TABLE
    files.write(place, "\n\n".join(parts) + "\n")
    print(f"Written: {place.relative_to(paths.ROOT)}")
    return 0


if __name__ == "__main__":
    asked = [Kernel(fields[0], fields[1], fields[2], tuple(fields[3])) for fields in json.load(sys.stdin)]
    print(json.dumps([compile_for(one) for one in asked]))
