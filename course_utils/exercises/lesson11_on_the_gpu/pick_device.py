"""The device to run on, from what is asked for and what is there."""

from course_utils.exercises.spec import case, exercise


def machines(rng):
    """Cases for `f(prefer)`, followed by whether the machine has CUDA and MPS; the order of most is drawn."""
    yield case("a machine without a GPU", "auto", False, False)
    rest = [
        case("a machine with an NVIDIA GPU", "auto", True, False),
        case("a Mac with its own GPU", "auto", False, True),
        case("CUDA and MPS both there", "auto", True, True),
        case("called without an argument, on a machine with an NVIDIA GPU", None, True, False),
        case("called without an argument, on a Mac", None, False, True),
        case("the CPU is asked for, and there is a GPU", "cpu", True, False),
        case("the CPU is asked for, on a Mac", "cpu", False, True),
        case("CUDA is asked for, and there", "cuda", True, False),
        case("MPS is asked for, and there", "mps", False, True),
        case("CUDA is asked for, and there is none", "cuda", False, False),
        case("CUDA is asked for, on a Mac", "cuda", False, True),
        case("MPS is asked for, and there is none", "mps", False, False),
        case("MPS is asked for, on a machine with an NVIDIA GPU", "mps", True, False),
    ]
    for i in rng.permutation(len(rest)):
        yield rest[i]


def device_picked(function, prefer=None, cuda=False, mps=False):
    """What is picked on a machine with or without CUDA and MPS."""
    from course_utils.device import pretend

    kind, device = pretend.picked(function, prefer, cuda, mps)
    return {"what it returns": f"a {kind}", "the device": device}


@exercise(
    cases=machines,
    observe=device_picked,
    hints=(
        "PyTorch can tell which devices are there. What does your function do with a device that is asked for and is not?",
        "torch.cuda.is_available() and torch.backends.mps.is_available() answer; the CPU is always there. With 'auto' the "
        "first of cuda, mps, cpu that is there wins; a name wins if it is there, and else the CPU does.",
        "there = {'cuda': …is_available(), 'mps': …is_available(), 'cpu': True};  if prefer == 'auto': first name that is "
        "there;  else: prefer if there[prefer], or 'cpu';  return torch.device(name)",
    ),
)
def pick_device(prefer="auto"):
    import torch

    there = [torch.cuda.is_available(), torch.backends.mps.is_available(), True]
    names = [name for name, is_there in zip(("cuda", "mps", "cpu"), there, strict=True) if is_there]
    return torch.device(names[0] if prefer == "auto" else prefer if prefer in names else "cpu")


@pick_device.mistake(
    "DEV",
    "You return cuda whether or not it is there. On most laptops the next line would stop: ask torch.cuda.is_available() first.",
)
def cuda_always(prefer="auto"):
    import torch

    return torch.device("cuda")


@pick_device.mistake(
    "DEV", "You return the CPU on every machine. A GPU that is there should be used, unless somebody asks for the CPU."
)
def cpu_always(prefer="auto"):
    import torch

    return torch.device("cpu")


@pick_device.mistake(
    "DEV",
    "A Mac's own GPU is left idle: PyTorch calls it 'mps', and torch.backends.mps.is_available() knows whether it is there.",
)
def only_cuda_counts(prefer="auto"):
    import torch

    found = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(found if prefer in ("auto", found) else "cpu")


@pick_device.mistake(
    "ARG", "`prefer` makes no difference: who asks for the CPU has to get the CPU, also where there is a GPU."
)
def wish_ignored(prefer="auto"):
    import torch

    return torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")


@pick_device.mistake(
    "DEV", "Who asks for the CPU gets a GPU, where there is one. Asked for by name, the CPU is always there: return it."
)
def cpu_not_granted(prefer="auto"):
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    wanted = [prefer] if prefer in there else list(there)
    return torch.device(next((name for name in wanted if there[name]), "cpu"))


@pick_device.mistake(
    "DEV", "A device that is asked for by name is returned although it is not there. Fall back on the CPU."
)
def wish_trusted(prefer="auto"):
    import torch

    if prefer != "auto":
        return torch.device(prefer)
    return torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")


@pick_device.mistake(
    "TYP",
    "You return a text. `torch.device(…)` makes a device of it, with a `.type` that the next functions can ask for.",
)
def name_only(prefer="auto"):
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return next(name for name in there if there[name]) if prefer == "auto" else prefer if there[prefer] else "cpu"


@pick_device.mistake("ORD", "Where there are both, cuda goes before mps.")
def mps_first(prefer="auto"):
    import torch

    there = {"mps": torch.backends.mps.is_available(), "cuda": torch.cuda.is_available(), "cpu": True}
    name = next(name for name in there if there[name]) if prefer == "auto" else prefer if there[prefer] else "cpu"
    return torch.device(name)


@pick_device.mistake(
    "DEV",
    "Asked for a device that is not there you take another GPU. The text wants the CPU then: nobody asked for that GPU.",
)
def another_gpu_instead(prefer="auto"):
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    best = next(name for name in there if there[name])
    return torch.device(prefer if there.get(prefer) else best)


@pick_device.mistake(
    "DEV",
    "torch.cuda.is_available without brackets is a function, and a function counts as true. Call it: is_available().",
)
def brackets_forgotten(prefer="auto"):
    import torch

    if prefer == "auto":
        return torch.device("cuda" if torch.cuda.is_available else "cpu")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return torch.device(prefer if there[prefer] else "cpu")


@pick_device.mistake(
    "DEV", "is_built() says what this PyTorch could use, not what this machine has: ask is_available()."
)
def asks_what_is_built(prefer="auto"):
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_built(), "cpu": True}
    wanted = list(there) if prefer == "auto" else [prefer, "cpu"]
    return torch.device(next(name for name in wanted if there[name]))


@pick_device.mistake(
    "DEV",
    "CUDA is asked for by name, is not there, and you take MPS. The text wants the CPU then: nobody asked for MPS.",
)
def mps_in_place_of_cuda(prefer="auto"):
    import torch

    if prefer in ("auto", "cuda") and torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if prefer != "cpu" and torch.backends.mps.is_available() else "cpu")


@pick_device.mistake(
    "DEV",
    "MPS is asked for by name, is not there, and you take CUDA. The text wants the CPU then: nobody asked for CUDA.",
)
def cuda_in_place_of_mps(prefer="auto"):
    import torch

    if prefer == "mps" and torch.backends.mps.is_available():
        return torch.device("mps")
    if prefer != "cpu" and torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if prefer == "auto" and torch.backends.mps.is_available() else "cpu")


@pick_device.mistake(
    "DEV",
    "A Mac's own GPU is left idle: PyTorch calls it 'mps', and torch.backends.mps.is_available() knows whether it is there.",
)
def only_cuda_is_asked(prefer="auto"):
    import torch

    return torch.device("cuda" if prefer != "cpu" and torch.cuda.is_available() else "cpu")


@pick_device.mistake(
    "DEV", 'With "auto" you take the CPU on every machine. It stands for the best device that is there.'
)
def auto_is_the_cpu(prefer="auto"):
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return torch.device(prefer if there.get(prefer) else "cpu")


@pick_device.alternative
def with_ifs(prefer="auto"):
    import torch

    if prefer in ("auto", "cuda") and torch.cuda.is_available():
        return torch.device("cuda", 0)
    if prefer in ("auto", "mps") and torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


@pick_device.alternative
def with_a_table(prefer="auto"):
    import torch

    there = {"cuda": torch.cuda.device_count() > 0, "mps": torch.backends.mps.is_available(), "cpu": True}
    wanted = list(there) if prefer == "auto" else [prefer, "cpu"]
    return torch.device(next(name for name in wanted if there[name]))
