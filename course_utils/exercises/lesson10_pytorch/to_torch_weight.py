"""A NumPy matrix as the weight of nn.Conv2d."""

import numpy as np

from course_utils.exercises.inputs import distinct_sizes, signed, varied
from course_utils.exercises.spec import case, exercise, once


def matrices(rng):
    c_in, c_out = distinct_sizes(rng, 2)
    yield case("a matrix", signed(rng, c_out, c_in))
    yield case("more rows than columns", signed(rng, 6, 2))
    yield case("a square matrix", signed(rng, 3, 3))
    yield case("one row", signed(rng, 1, 4))
    yield case("one column", signed(rng, 4, 1))
    yield case("float32 already", signed(rng, 3, 5).astype(np.float32))
    yield case("a transposed view", signed(rng, 5, 3).T)
    yield case("many channels", signed(rng, 130, 140))
    yield from varied(signed(rng, 3, 4))


@once
def as_tensor(function, weight):
    """What a weight became: type and dtype, shape and numbers."""
    import torch

    answer = function(weight)
    kind = "a torch tensor" if isinstance(answer, torch.Tensor) else type(answer).__name__
    if kind == "a torch tensor" and answer.layout != torch.strided:
        kind = "a torch tensor that holds only what is not 0 (sparse)"
    seen = {"what it returns": kind}
    if kind == "a torch tensor":
        seen["its shape"] = str(tuple(answer.shape))
        seen["its dtype"] = str(answer.dtype).removeprefix("torch.")
        seen["its numpy()"] = "refused: it asks for gradients" if answer.requires_grad else "an array"
        seen["its numbers"] = answer.detach()
    return seen


@exercise(
    cases=matrices,
    observe=as_tensor,
    hints=(
        "A torch weight is (C_out, C_in, kernel height, kernel width). How many numbers must be added to the matrix?",
        "None: two axes of length 1, at the end. C_out stays first. And torch layers hold float32.",
        "torch.tensor(weight, dtype=torch.float32) and then [:, :, None, None]",
    ),
)
def to_torch_weight(weight):
    import torch

    return torch.from_numpy(np.array(weight, dtype=np.float32)[:, :, np.newaxis, np.newaxis])


@to_torch_weight.mistake("TRN", "C_out stays first in torch too: (C_out, C_in, 1, 1). Do not transpose.")
def transposed_for_torch(weight):
    import torch

    return torch.tensor(weight.T.copy(), dtype=torch.float32)[:, :, None, None]


@to_torch_weight.mistake("AXS", "A convolution's weight has four axes. Add the 1 × 1 of the kernel at the end.")
def without_kernel_axes(weight):
    import torch

    return torch.tensor(weight.copy(), dtype=torch.float32)


@to_torch_weight.mistake(
    "RSH", "reshape to (C_in, C_out, 1, 1) deals the numbers out in a wrong order. Add two axes; do not swap any."
)
def reshaped_for_torch(weight):
    import torch

    return torch.tensor(weight.copy(), dtype=torch.float32).reshape(weight.shape[1], weight.shape[0], 1, 1)


@to_torch_weight.mistake("AXS", "The kernel's two axes of length 1 come last, behind C_in.")
def kernel_axes_first(weight):
    import torch

    return torch.tensor(weight.copy(), dtype=torch.float32)[None, None]


@to_torch_weight.mistake(
    "TYP", "This is float64, NumPy's default. A torch layer holds float32 and refuses to mix the two."
)
def in_double_precision(weight):
    import torch

    return torch.tensor(weight.copy(), dtype=torch.float64)[:, :, None, None]


@to_torch_weight.mistake("TYP", "This is still a NumPy array. A torch layer takes a torch tensor.")
def still_numpy(weight):
    return weight.astype(np.float32)[:, :, None, None]


@to_torch_weight.mistake(
    "TYP", "You keep NumPy's type, which is float64 unless somebody chose another. A torch layer holds float32: say so."
)
def in_the_type_it_had(weight):
    import torch

    return torch.tensor(weight.copy())[:, :, None, None]


@to_torch_weight.alternative
def by_as_tensor(weight):
    import torch

    return torch.as_tensor(weight.copy()).float().unsqueeze(-1).unsqueeze(-1)


@to_torch_weight.alternative
def by_view(weight):
    import torch

    c_out, c_in = weight.shape
    return torch.FloatTensor(weight.tolist()).view(c_out, c_in, 1, 1)
