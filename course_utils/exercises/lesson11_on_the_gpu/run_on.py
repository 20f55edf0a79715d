"""A network run on a device, its answer back as an array."""

import numpy as np

from course_utils.exercises.inputs import distinct_sizes, signed, varied
from course_utils.exercises.spec import case, exercise


def networks(rng):
    """Cases for `f(model, x, device)`, followed by whether the machine has CUDA."""
    from torch import nn

    a, b, c = distinct_sizes(rng, 3)
    mixer = nn.Sequential(nn.Conv2d(a, b, 1), nn.ReLU(), nn.Conv2d(b, c, 1))
    yield case("a GPU, and it is asked for", mixer, signed(rng, 2, a, 4, 5).astype(np.float32), "cuda", True)
    yield case("no GPU", mixer, signed(rng, 3, a, 2, 1).astype(np.float32), "cpu", False)
    yield case("a GPU, but the CPU is asked for", mixer, signed(rng, 1, a, 1, 3).astype(np.float32), "cpu", True)
    dense = nn.Sequential(nn.Linear(a, c))
    yield case("a dense layer on the GPU", dense, signed(rng, 4, a).astype(np.float32), "cuda", True)
    with_norm = nn.Sequential(nn.Conv2d(a, b, 1), nn.BatchNorm2d(b)).eval()
    yield case(
        "a batch norm, whose statistics are buffers",
        with_norm,
        signed(rng, 2, a, 3, 5).astype(np.float32),
        "cuda",
        True,
    )
    yield case("every size the same", mixer, signed(rng, a, a, a, a).astype(np.float32), "cuda", True)
    wide = nn.Sequential(nn.Conv2d(13, 12, 1), nn.ReLU())
    yield case("many of everything", wide, signed(rng, 70, 13, 17, 19).astype(np.float32), "cuda", True)
    yield case(
        "one channel", nn.Sequential(nn.Conv2d(1, b, 1)), signed(rng, 2, 1, 3, 4).astype(np.float32), "cuda", True
    )
    for one in varied(signed(rng, 2, a, 3, 4).astype(np.float32), but=("whole", "float32")):
        yield case(one.label, mixer, *one.args, "cuda", True, mixed=one.mixed)


def run_seen(function, model, x, device="cpu", cuda=False):
    """Where the model ran, and what came back."""
    from course_utils.device import pretend

    weights, inputs, kind, numbers, left = pretend.ran(function, model, x, device, cuda)
    seen = {"the model's weights are on": weights or "nothing, it never ran", "its input is on": inputs or "nothing"}
    seen["what comes back"] = kind
    seen["the model afterwards"] = left
    return seen | ({} if numbers is None else {"its dtype": str(numbers.dtype), "its numbers": numbers})


@exercise(
    cases=networks,
    observe=run_seen,
    axes="n c_out h w",
    hints=(
        "Three things have to be somewhere: the weights, the input, and the answer. Where is each of them when the call begins?",
        "model.to(device) moves the weights of a model, in place. A tensor is not moved: x.to(device) *returns* another one. "
        "NumPy reads only the CPU's memory, and only tensors that autograd does not watch.",
        "model.to(device);  x = torch.as_tensor(x).to(device);  with torch.no_grad(): y = model(x);  return y.cpu().numpy()",
    ),
)
def run_on(model, x, device):
    import torch

    with torch.inference_mode():
        # copied, for PyTorch takes no memory that runs backwards
        return model.to(device)(torch.tensor(x.copy(), device=device)).cpu().numpy()


@run_on.mistake(
    "DEV",
    "The input goes to the device, and the model stays where it was. PyTorch stops with “Expected all tensors to be on the same device”.",
)
def input_moved_only(model, x, device):
    import torch

    with torch.no_grad():
        return model(torch.as_tensor(x).to(device)).cpu().numpy()


@run_on.mistake(
    "DEV",
    "The model goes to the device, and its input stays on the CPU. Mind that x.to(device) moves nothing: it returns another tensor, so keep what it returns.",
)
def model_moved_only(model, x, device):
    import torch

    with torch.no_grad():
        return model.to(device)(torch.as_tensor(x)).cpu().numpy()


@run_on.mistake("DEV", "Nothing is moved: everything runs on the CPU, whatever `device` says.")
def nothing_moved(model, x, device):
    import torch

    with torch.no_grad():
        return model(torch.as_tensor(x)).numpy()


@run_on.mistake(
    "DEV",
    "“cuda” is written into your function. It has to run on `device`, which is the CPU on a machine without a GPU.",
)
def written_in_cuda(model, x, device):
    import torch

    with torch.no_grad():
        return model.to("cuda")(torch.as_tensor(x).to("cuda")).cpu().numpy()


@run_on.mistake(
    "DEV", "The answer is still on the GPU, and NumPy reads only the CPU's memory: bring it back with .cpu() first."
)
def answer_left_on_the_gpu(model, x, device):
    import torch

    with torch.no_grad():
        return model.to(device)(torch.as_tensor(x).to(device)).numpy()


@run_on.mistake("TYP", "A torch module takes tensors, and x is a NumPy array: torch.as_tensor(x) makes one of it.")
def array_handed_in(model, x, device):
    return model.to(device)(x).cpu().numpy()


@run_on.mistake(
    "GRD",
    "Autograd still watches the answer, and NumPy cannot take such a tensor. Nothing is trained here: run the model in `with torch.no_grad():`, or detach the answer.",
)
def still_watched(model, x, device):
    import torch

    return model.to(device)(torch.as_tensor(x).to(device)).cpu().numpy()


@run_on.mistake(
    "DEV", "You return a tensor on the device. Who calls this function wants a NumPy array, wherever it was computed."
)
def tensor_on_the_device(model, x, device):
    import torch

    with torch.no_grad():
        return model.to(device)(torch.as_tensor(x).to(device))


@run_on.mistake(
    "DEV", "You return a tensor on the CPU. It is one step from the NumPy array that is asked for: .numpy()."
)
def tensor_on_the_cpu(model, x, device):
    import torch

    with torch.no_grad():
        return model.to(device)(torch.as_tensor(x).to(device)).cpu()


@run_on.mistake(
    "DEV",
    "The parameters go to the device, and the buffers stay behind: a batch norm has statistics that are no parameters. model.to(device) moves both.",
)
def buffers_left_behind(model, x, device):
    import torch

    for one in model.parameters():
        one.data = one.data.to(device)
    with torch.no_grad():
        return model(torch.as_tensor(x).to(device)).cpu().numpy()


@run_on.mistake(
    "GRD",
    "You turn off `requires_grad` of the model's parameters, for ever: it cannot be trained any more. `with torch.no_grad():` asks nothing of the model.",
)
def parameters_fixed(model, x, device):
    import torch

    return model.to(device).requires_grad_(False)(torch.as_tensor(x).to(device)).cpu().numpy()


@run_on.mistake(
    "TYP",
    "double() makes float64 of the model itself, for good: whoever calls it next with float32 is stopped. Leave its type.",
)
def model_made_double(model, x, device):
    import torch

    with torch.no_grad():
        return model.to(device).double()(torch.tensor(x.copy()).double().to(device)).cpu().numpy()


@run_on.alternative
def in_small_steps(model, x, device):
    import torch

    model = model.to(device)
    given = torch.from_numpy(x).to(device)
    answer = model(given)
    return answer.detach().to("cpu").numpy()


@run_on.alternative
def on_a_copy(model, x, device):
    import copy

    import torch

    own = copy.deepcopy(model).to(device=device)
    with torch.no_grad():
        return np.array(own(torch.as_tensor(x, device=next(own.parameters()).device)).tolist(), dtype=np.float32)
