"""The two kernels behind `fused_pointwise`: one tile a program, or weights that stay while pixels stream past them.

Sizes are all that they are told: where numbers lie follows from them. `LAST` is the place of the channels in memory,
`FAR` says that places need 64 bits. `ALIGN_…` divides a size, which Triton cannot know of a number such as 196.
"""

from __future__ import annotations  # the kernels' signatures name `tl`, which only Triton has

from typing import Any

from course_utils.kernels import setting

tl = setting.STAND_IN  # inside a kernel it is triton.language: see setting.jit
finished = None  # inside a kernel it is `_finished`, compiled


def tiled(
    x_ptr, weight_ptr, bias_ptr, y_ptr, c_in, c_out, pixels,
    BLOCK_O: tl.constexpr, BLOCK_P: tl.constexpr, BLOCK_C: tl.constexpr, LAST: tl.constexpr, FAR: tl.constexpr,
    ALIGN_C: tl.constexpr, ALIGN_O: tl.constexpr, ALIGN_P: tl.constexpr, HAS_BIAS: tl.constexpr,
    ACTIVATION: tl.constexpr, PRECISION: tl.constexpr, WIDEN: tl.constexpr,
):  # fmt: skip
    """One tile of y: BLOCK_O outputs at BLOCK_P pixels of one image."""
    c_in, c_out, pixels = c_in // ALIGN_C * ALIGN_C, c_out // ALIGN_O * ALIGN_O, pixels // ALIGN_P * ALIGN_P
    tiles_o, tiles_p = tl.cdiv(c_out, BLOCK_O), tl.cdiv(pixels, BLOCK_P)
    tile = tl.program_id(0)  # outputs first: programs that run together read the same pixels
    n = (tile // tiles_o // tiles_p).to(tl.int64)  # tensors may have more than 2³¹ numbers
    o = tile % tiles_o * BLOCK_O + tl.arange(0, BLOCK_O)
    p = tile // tiles_o % tiles_p * BLOCK_P + tl.arange(0, BLOCK_P)
    is_output, is_pixel = o < c_out, p < pixels
    if FAR:
        o, p = o.to(tl.int64), p.to(tl.int64)
    acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32)
    for start in range(0, c_in, BLOCK_C):
        c = start + tl.arange(0, BLOCK_C)
        is_channel = c < c_in
        w_places = weight_ptr + o[:, None] * c_in + c[None, :]
        w_tile = tl.load(w_places, mask=is_output[:, None] & is_channel[None, :], other=0.0)
        if FAR:
            c = c.to(tl.int64)
        x_places = c[:, None] + p[None, :] * c_in if LAST else c[:, None] * pixels + p[None, :]
        x_mask = is_channel[:, None] & is_pixel[None, :]
        x_tile = tl.load(x_ptr + n * c_in * pixels + x_places, mask=x_mask, other=0.0)
        if WIDEN:  # the interpreter cannot multiply bfloat16, and Turing has no tensor cores in Triton
            w_tile, x_tile = w_tile.to(tl.float32), x_tile.to(tl.float32)
        acc = tl.dot(w_tile, x_tile, acc, input_precision=PRECISION)
    if HAS_BIAS:
        acc += tl.load(bias_ptr + o, mask=is_output, other=0.0).to(tl.float32)[:, None]
    y_places = o[:, None] + p[None, :] * c_out if LAST else o[:, None] * pixels + p[None, :]
    y = finished(acc, ACTIVATION).to(y_ptr.dtype.element_ty)
    tl.store(y_ptr + n * c_out * pixels + y_places, y, mask=is_output[:, None] & is_pixel[None, :])


def streamed(
    x_ptr, weight_ptr, bias_ptr, y_ptr, c_in, c_out, pixels, tiles, step,
    BLOCK_O: tl.constexpr, BLOCK_P: tl.constexpr, BLOCK_C: tl.constexpr, LAST: tl.constexpr, FAR: tl.constexpr,
    ALIGN_C: tl.constexpr, ALIGN_O: tl.constexpr, ALIGN_P: tl.constexpr, HAS_BIAS: tl.constexpr,
    ACTIVATION: tl.constexpr, PRECISION: tl.constexpr, WIDEN: tl.constexpr, STAGES: tl.constexpr,
):  # fmt: skip
    """BLOCK_O outputs at every `step`-th of `tiles` tiles of pixels; BLOCK_C holds all channels: weights load once."""
    c_in, c_out, pixels = c_in // ALIGN_C * ALIGN_C, c_out // ALIGN_O * ALIGN_O, pixels // ALIGN_P * ALIGN_P
    tiles_o, tiles_p = tl.cdiv(c_out, BLOCK_O), tl.cdiv(pixels, BLOCK_P)
    me = tl.program_id(0)
    o, c = me % tiles_o * BLOCK_O + tl.arange(0, BLOCK_O), tl.arange(0, BLOCK_C)
    is_output, is_channel = o < c_out, c < c_in
    w_places = weight_ptr + o[:, None] * c_in + c[None, :]
    w_tile = tl.load(w_places, mask=is_output[:, None] & is_channel[None, :], other=0.0)
    if WIDEN:
        w_tile = w_tile.to(tl.float32)
    if HAS_BIAS:
        bias = tl.load(bias_ptr + o, mask=is_output, other=0.0).to(tl.float32)[:, None]
    if FAR:
        o, c = o.to(tl.int64), c.to(tl.int64)
    for tile in tl.range(me // tiles_o, tiles, step, num_stages=STAGES):
        n = (tile // tiles_p).to(tl.int64)
        p = tile % tiles_p * BLOCK_P + tl.arange(0, BLOCK_P)
        is_pixel = p < pixels
        if FAR:
            p = p.to(tl.int64)
        x_places = c[:, None] + p[None, :] * c_in if LAST else c[:, None] * pixels + p[None, :]
        x_mask = is_channel[:, None] & is_pixel[None, :]
        x_tile = tl.load(x_ptr + n * c_in * pixels + x_places, mask=x_mask, other=0.0)
        if WIDEN:
            x_tile = x_tile.to(tl.float32)
        acc = tl.dot(w_tile, x_tile, input_precision=PRECISION)
        if HAS_BIAS:
            acc += bias
        y_places = o[:, None] + p[None, :] * c_out if LAST else o[:, None] * pixels + p[None, :]
        y = finished(acc, ACTIVATION).to(y_ptr.dtype.element_ty)
        tl.store(y_ptr + n * c_out * pixels + y_places, y, mask=is_output[:, None] & is_pixel[None, :])


def _finished(acc, ACTIVATION: tl.constexpr):
    """The sums after the activation."""
    if ACTIVATION != "":
        acc = tl.maximum(acc, 0.0)
    if ACTIVATION == "relu6":
        acc = tl.minimum(acc, 6.0)
    return acc


def compiled(interpret: str) -> dict[str, Any]:
    """Both kernels under Triton, by name."""
    inner = {"finished": setting.jit(_finished, interpret)}
    return {kernel.__name__: setting.jit(kernel, interpret, **inner) for kernel in (tiled, streamed)}
