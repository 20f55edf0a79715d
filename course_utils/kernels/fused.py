"""A fused 1×1 convolution for PyTorch: products, bias and activation in one pass over memory."""

import functools

import torch

from course_utils.base.errors import CourseError
from course_utils.kernels import setting, tiles
from course_utils.kernels.plan import plan_for

ACTIVATIONS = (None, "relu", "relu6")
TYPES = (torch.float32, torch.float16, torch.bfloat16)


def fused_pointwise(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None, activation: str | None = "relu"
) -> torch.Tensor:
    """What `relu(conv2d(x, weight, bias))` gives, for a 1×1 convolution: y is written once and never read again.

    >>> x, weight = torch.ones(1, 3, 2, 2), torch.tensor([[1.0, 2.0, 3.0], [-1.0, 0.0, 0.0]])
    >>> fused_pointwise(x, weight)[0, :, 0, 0]                   # doctest: +SKIP
    tensor([6., 0.])

    `x` is (N, C_in, H, W), channels first or `torch.channels_last` in memory, of any sizes; `weight` is (C_out, C_in)
    or a `Conv2d`'s (C_out, C_in, 1, 1). All share one type: float32, float16 or bfloat16; sums are float32. `y` has the
    type and the layout of `x`. `activation` is "relu", "relu6" or None. There is no way back for gradients.
    """
    kernels = _compiled()
    weight, bias = _checked(x, weight, bias, activation)
    (n, c_in, h, w), c_out = x.shape, len(weight)
    y = torch.empty((n, c_out, h, w), dtype=x.dtype, device=x.device, memory_format=_layout(x))
    if not y.numel():
        return y
    x = x.contiguous(memory_format=_layout(x))
    last = _layout(x) == torch.channels_last  # the pixels of all images, at equal distances
    images, pixels = (1, n * h * w) if last else (n, h * w)
    plan = plan_for(c_in, c_out, pixels, x.element_size(), _capability(x.device))
    constants = plan.constants(c_in, c_out, pixels, last) | {
        "FAR": max(x.numel(), y.numel()) >= 2**31,
        "HAS_BIAS": bias is not None,
        "ACTIVATION": activation or "",
        "PRECISION": _precision(x.dtype),
        "WIDEN": _widens(x),
    }
    arrays = x, weight, weight if bias is None else bias, y
    tiles_o, tiles = -(-c_out // plan.block_o), images * -(-pixels // plan.block_p)
    options = constants | {"num_warps": plan.warps, "num_stages": plan.stages}
    if plan.programs:
        step = min(tiles, max(1, plan.programs * _multiprocessors(x.device) // tiles_o))
        kernels["streamed"][(step * tiles_o,)](*arrays, c_in, c_out, pixels, tiles, step, STAGES=plan.stages, **options)
    else:
        kernels["tiled"][(tiles * tiles_o,)](*arrays, c_in, c_out, pixels, **options)
    return y


def _precision(dtype):
    """How products of float32 may be rounded, by whichever of PyTorch's switches was set."""
    matmul = torch.backends.cuda.matmul
    if dtype != torch.float32:
        return "ieee"
    newer = getattr(matmul, "fp32_precision", None)  # PyTorch 2.9; the older switch cannot be read once this one is set
    return "tf32" if (matmul.allow_tf32 if newer is None else newer == "tf32") else "ieee"


def _widens(x):
    """Whether tiles become float32 before they are multiplied."""
    if setting.is_interpreted():
        return x.dtype == torch.bfloat16
    return x.element_size() == 2 and _capability(x.device) < 80


@functools.cache
def _capability(device):
    """The architecture of a GPU, 90 for 9.0; in the interpreter, which runs every plan alike, one that has them all."""
    return 90 if device.type != "cuda" else int("{}{}".format(*torch.cuda.get_device_capability(device)))


@functools.cache
def _multiprocessors(device):
    return 2 if device.type != "cuda" else torch.cuda.get_device_properties(device).multi_processor_count


@functools.cache
def _compiled():
    return tiles.compiled("0" if torch.cuda.is_available() else "1")


def _checked(x, weight, bias, activation):
    """Weight as (C_out, C_in) and bias, both fit for the kernel; what does not fit is said in a sentence."""
    tensors = {"x": x, "weight": weight} | ({} if bias is None else {"bias": bias})
    for name, one in tensors.items():
        if not isinstance(one, torch.Tensor):
            raise CourseError(f"fused_pointwise: {name} is {type(one).__name__}, expected a torch tensor.")
        if (one.dtype, one.device) != (x.dtype, x.device) or one.dtype not in TYPES:
            raise CourseError(
                f"fused_pointwise: {name} is {one.dtype} on {one.device}, x is {x.dtype} on {x.device}; expected one "
                "device and one type: float32, float16 or bfloat16."
            )
        if one.requires_grad and torch.is_grad_enabled():
            raise CourseError(f"fused_pointwise: {name} wants gradients, which it cannot give; use torch.no_grad().")
    flat = weight[..., 0, 0] if weight.ndim == 4 and weight.shape[2:] == (1, 1) else weight
    fits = x.ndim == 4 and flat.ndim == 2 and flat.shape[1] == x.shape[1] and flat.numel()
    if not fits or bias is not None and bias.shape != flat.shape[:1]:
        shapes = ", ".join(f"{name} {tuple(one.shape)}" for name, one in tensors.items())
        wanted = "x (N, C_in, H, W), weight (C_out, C_in) and bias (C_out,)"
        raise CourseError(f"fused_pointwise: {shapes}; expected {wanted}.")
    if activation not in ACTIVATIONS:
        raise CourseError(f"fused_pointwise: activation is {activation!r}, expected 'relu', 'relu6' or None.")
    if (x.device.type == "cuda") == setting.is_interpreted():
        cure = "Start Python with TRITON_INTERPRET=0" if setting.is_interpreted() else "Move the tensors to the GPU"
        how = "interprets" if setting.is_interpreted() else "compiles"
        raise CourseError(f"fused_pointwise: x is on {x.device}, but Triton {how} kernels in this process. {cure}.")
    return flat.contiguous(), bias if bias is None else bias.contiguous()


def _layout(x):
    """Channels last where `x` lies so, and channels first in memory for everything else."""
    last = x.is_contiguous(memory_format=torch.channels_last) and not x.is_contiguous()
    return torch.channels_last if last else torch.contiguous_format
