"""A fused 1×1 convolution for PyTorch: products, bias and activation in one pass over memory."""

from __future__ import annotations  # the kernel's signature names `tl`, which only Triton has

import functools
import math

import torch

from course_utils.base.errors import CourseError
from course_utils.kernels import setting

tl = setting.STAND_IN  # inside the kernel it is triton.language: see setting.jit
ACTIVATIONS = (None, "relu", "relu6")
TYPES = (torch.float32, torch.float16, torch.bfloat16)


def fused_pointwise(x, weight, bias=None, activation="relu"):
    """What `relu(conv2d(x, weight, bias))` gives, for a 1×1 convolution: y is written once and never read again.

    >>> x, weight = torch.ones(1, 3, 2, 2), torch.tensor([[1.0, 2.0, 3.0], [-1.0, 0.0, 0.0]])
    >>> fused_pointwise(x, weight)[0, :, 0, 0]                   # doctest: +SKIP
    tensor([6., 0.])

    `x` is (N, C_in, H, W), channels first or `torch.channels_last` in memory, of any sizes; `weight` is (C_out, C_in)
    or a `Conv2d`'s (C_out, C_in, 1, 1). All share one type: float32, float16 or bfloat16; sums are float32. `y` has the
    type and the layout of `x`. `activation` is "relu", "relu6" or None. There is no way back for gradients.
    """
    kernel = _compiled()
    weight, bias = _checked(x, weight, bias, activation)
    (n, c_in, h, w), c_out = x.shape, len(weight)
    y = torch.empty((n, c_out, h, w), dtype=x.dtype, device=x.device, memory_format=_layout(x))
    if not y.numel():
        return y
    x = x.contiguous(memory_format=_layout(x))
    in_a_row = _layout(x) == torch.channels_last  # the pixels of all images, at equal distances
    images, pixels = (1, n * h * w) if in_a_row else (n, h * w)
    block_o, block_p, block_c, warps = blocks_for(c_in, c_out, pixels, x.element_size())
    grid = (images * -(-pixels // block_p) * -(-c_out // block_o),)
    kernel[grid](
        x, weight, weight if bias is None else bias, y, c_in, c_out, pixels, *_strides(x), *_strides(y),
        BLOCK_O=block_o, BLOCK_P=block_p, BLOCK_C=block_c, HAS_BIAS=bias is not None, ACTIVATION=activation or "",
        PRECISION="tf32" if torch.backends.cuda.matmul.allow_tf32 else "ieee",
        WIDEN=setting.is_interpreted() and x.dtype == torch.bfloat16, num_warps=warps,
    )  # fmt: skip
    return y


def blocks_for(c_in, c_out, pixels, itemsize):
    """Outputs, pixels and channels of a tile, and the warps that share it: a small table, by size.

    >>> blocks_for(64, 256, 56 * 56, itemsize=2)
    (128, 128, 64, 8)
    >>> blocks_for(3, 10, 49, itemsize=4)
    (16, 64, 16, 4)
    """
    block_o = _fitting(c_out, 128)
    block_p = _fitting(pixels, 128 if block_o > 32 else 256)
    block_c = _fitting(c_in, 64 if itemsize == 2 else 32)
    return block_o, block_p, block_c, 8 if block_p == 256 or block_o * block_p == 128 * 128 else 4


def _fitting(size, most):
    """The power of two that holds `size`, from 16, the least that a product of tiles takes, to `most`."""
    return min(most, max(16, 1 << math.ceil(math.log2(size))))


@functools.cache
def _compiled():
    return setting.jit(_kernel, "0" if torch.cuda.is_available() else "1")


def _kernel(
    x_ptr, weight_ptr, bias_ptr, y_ptr, c_in, c_out, pixels,
    stride_xn, stride_xc, stride_xp, stride_yn, stride_yo, stride_yp,
    BLOCK_O: tl.constexpr, BLOCK_P: tl.constexpr, BLOCK_C: tl.constexpr, HAS_BIAS: tl.constexpr,
    ACTIVATION: tl.constexpr, PRECISION: tl.constexpr, WIDEN: tl.constexpr,
):  # fmt: skip
    """One tile of y: BLOCK_O outputs at BLOCK_P pixels of one image."""
    tiles_o, tiles_p = tl.cdiv(c_out, BLOCK_O), tl.cdiv(pixels, BLOCK_P)
    tile = tl.program_id(0)  # outputs first: programs that run together read the same pixels
    n = (tile // tiles_o // tiles_p).to(tl.int64)  # tensors may have more than 2³¹ numbers
    o = tile % tiles_o * BLOCK_O + tl.arange(0, BLOCK_O)
    p = tile // tiles_o % tiles_p * BLOCK_P + tl.arange(0, BLOCK_P)
    is_output, is_pixel = (o < c_out)[:, None], (p < pixels)[None, :]
    far_p = p.to(tl.int64)
    acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32)
    for start in range(0, c_in, BLOCK_C):
        c = start + tl.arange(0, BLOCK_C)
        w_places = weight_ptr + o[:, None] * c_in + c[None, :]
        w_tile = tl.load(w_places, mask=is_output & (c < c_in)[None, :], other=0.0)
        x_places = x_ptr + n * stride_xn + c[:, None] * stride_xc + far_p[None, :] * stride_xp
        x_tile = tl.load(x_places, mask=is_pixel & (c < c_in)[:, None], other=0.0)
        if WIDEN:  # the interpreter cannot multiply bfloat16
            w_tile, x_tile = w_tile.to(tl.float32), x_tile.to(tl.float32)
        acc = tl.dot(w_tile, x_tile, acc, input_precision=PRECISION)
    if HAS_BIAS:
        acc += tl.load(bias_ptr + o, mask=o < c_out, other=0.0).to(tl.float32)[:, None]
    if ACTIVATION != "":
        acc = tl.maximum(acc, 0.0)
    if ACTIVATION == "relu6":
        acc = tl.minimum(acc, 6.0)
    y_places = y_ptr + n * stride_yn + o[:, None] * stride_yo + far_p[None, :] * stride_yp
    tl.store(y_places, acc.to(y_ptr.dtype.element_ty), mask=is_output & is_pixel)


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


def _strides(x):
    """How far it is from one image to the next, from one channel to the next, from one pixel to the next."""
    return x.stride(0), x.stride(1), x.stride(3)
