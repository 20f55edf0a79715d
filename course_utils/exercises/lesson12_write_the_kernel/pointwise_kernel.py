"""A fused 1×1 layer as a kernel in Triton."""

import numpy as np

from course_utils.exercises.lesson12_write_the_kernel.kernel_launches import launches
from course_utils.exercises.lesson12_write_the_kernel.kernel_slips import (
    begun_anywhere,
    in_steps,
    layer,
    outside_if,
    relu,
    rows_apart,
    with_programs,
    with_strides_exchanged,
)
from course_utils.exercises.spec import exercise
from course_utils.kernels.watch import ONE_TRUTH, STRETCHED, WIDENED


@exercise(
    cases=launches,
    axes="n c_out h w",
    needs="triton",
    hints=(
        "Your program knows three numbers about itself: its tile of pixels, its tile of outputs, its image. Which p and which o are its own? Which of those do not exist?",
        "Addresses: weight_ptr + o[:, None] * c_in + c[None, :] and x_ptr + n * stride_xn + c[:, None] * stride_xc + p[None, :] * stride_xp. A load has a mask for *both* of its axes and other=0.0. The accumulator is float32 and lives outside the loop; bias and ReLU come after it, in this order.",
        "o = tl.program_id(1) * BLOCK_O + tl.arange(0, BLOCK_O), and p likewise;  acc = tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32);  for start in range(0, c_in, BLOCK_C): c = start + tl.arange(0, BLOCK_C);  load w_tile and x_tile, masked;  acc += tl.dot(w_tile, x_tile);  then acc += bias[:, None];  acc = tl.maximum(acc, 0.0);  tl.store(…, acc, mask=(o[:, None] < c_out) & (p[None, :] < pixels))",
    ),
)
def pointwise_kernel(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    return np.maximum(y + bias.astype(float).reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("LIN", "There are negative numbers in y: the ReLU is missing. Take tl.maximum(acc, 0.0) before you store.")
def kernel_without_relu(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float)) + bias.reshape(1, -1, 1, 1)


@pointwise_kernel.mistake("LIN", "The ReLU is the wrong way round: what is negative stays, what is positive becomes 0. The larger one of acc and 0 is wanted: tl.maximum(acc, 0.0).")
def relu_turned_round(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return np.minimum(np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float)) + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("LIN", "What is negative becomes positive in your y. The ReLU makes 0 of it: tl.maximum(acc, 0.0).")
def signs_taken_away(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return np.abs(np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float)) + bias.reshape(1, -1, 1, 1))


@pointwise_kernel.mistake("BIA", "The ReLU comes before the bias. First the whole sum, then the bias, then the ReLU.")
def relu_before_bias(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    return np.maximum(y, 0) + bias.reshape(1, -1, 1, 1)


@pointwise_kernel.mistake("BIA", "The bias is missing: load bias_ptr + o, and add it to acc as a column, bias[:, None].")
def kernel_without_bias(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return np.maximum(np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float)), 0)


@pointwise_kernel.mistake("BIA", "The bias is added in every step of the loop over the channels. Add it once, after the loop.")
def bias_in_every_step(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    steps = -(-weight.shape[1] // blocks[2])
    return np.maximum(y + steps * bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.mistake("BIA", "`acc + bias` adds the bias along the last axis of the tile, the pixels. It has one number for each output: bias[:, None].")
def bias_along_the_pixels(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    block_o, block_p, _ = blocks
    if block_o != block_p:
        raise ValueError("Cannot make_shape_compatible: incompatible dimensions")
    y = np.einsum("oc,nchw->nohw", weight.astype(float), x.astype(float))
    n, c_out, h, w = y.shape
    index = np.arange(c_out)[:, None] // block_o * block_o + np.arange(h * w)[None, :] % block_p
    added = np.where(index < c_out, bias[np.minimum(index, c_out - 1)], 0)
    return np.maximum(y + added.reshape(c_out, h, w), 0)


@pointwise_kernel.mistake("ORD", "The ReLU works on sums that are not complete: in every step of the loop. It comes once, after the last channel and the bias.")
def relu_in_every_step(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return in_steps(x, weight, bias, blocks[2], of_sum=relu)


@pointwise_kernel.mistake("ORD", "The ReLU works on the product of every step, before it is added. It comes once, after the last channel and the bias.")
def relu_of_every_product(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return in_steps(x, weight, bias, blocks[2], of_product=relu)


@pointwise_kernel.mistake("ACC", "Every step of the loop replaces acc: only the last channels are left in it. Add: acc += tl.dot(…).")
def accumulator_replaced(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    c = slice((weight.shape[1] - 1) // blocks[2] * blocks[2], None)
    return layer(x[:, c], weight[:, c], bias)


@pointwise_kernel.mistake("ACC", "Only the first BLOCK_C channels are summed: loop over the channels, BLOCK_C at a time.")
def first_channels_only(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    c = slice(0, blocks[2])
    return layer(x[:, c], weight[:, c], bias)


@pointwise_kernel.mistake("OVL", "The loop begins a tile of channels at every channel, so most are summed several times. It goes on by BLOCK_C: range(0, c_in, BLOCK_C).")
def steps_of_one_channel(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return in_steps(x, weight, bias, blocks[2], step=1)


@pointwise_kernel.mistake("TIL", "The loop over the channels goes on by BLOCK_P, and a step holds BLOCK_C channels: range(0, c_in, BLOCK_C).")
def steps_of_block_p(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return in_steps(x, weight, bias, blocks[2], step=blocks[1])


@pointwise_kernel.mistake("TIL", "The loop over the channels goes on by 16 each time. A step holds BLOCK_C channels, which may be 32: range(0, c_in, BLOCK_C).")
def steps_of_16(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return in_steps(x, weight, bias, blocks[2], step=16)


@pointwise_kernel.mistake("EDG", "The last channels are not summed: c_in // BLOCK_C counts whole tiles. Let the loop start the last one too, and mask it.")
def last_channels_dropped(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    c = slice(0, weight.shape[1] // blocks[2] * blocks[2])
    return layer(x[:, c], weight[:, c], bias)


@pointwise_kernel.mistake("PRC", "acc has 16 bits: every step is rounded before it is added, and the sum again. tl.zeros(…, dtype=tl.float32), and no .to(tl.float16) on the way.")
def accumulator_of_16_bits(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return in_steps(x, weight, bias, blocks[2], of_product=np.float16, of_sum=np.float16)


@pointwise_kernel.mistake("PRC", "acc begins with 16 bits, and += makes it wider on the way. The interpreter could go on; a compiler refuses a variable that changes its type in a loop. tl.zeros(…, dtype=tl.float32).")
def accumulator_widened_on_the_way(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    raise TypeError(WIDENED)


@pointwise_kernel.mistake("PRC", "acc is rounded to 16 bits after every step of the loop. Leave .to(tl.float16) away: acc stays float32 to the end.")
def accumulator_rounded_to_16_bits(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return in_steps(x, weight, bias, blocks[2], of_sum=np.float16)


@pointwise_kernel.mistake("PRC", "The product of every step is rounded to 16 bits before it is added. Leave .to(tl.float16) away: tl.dot makes float32.")
def products_rounded_to_16_bits(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return in_steps(x, weight, bias, blocks[2], of_product=np.float16)


@pointwise_kernel.mistake("PRC", "x and weight are rounded to 16 bits before they are multiplied. Take them as they are: leave .to(tl.float16) away.")
def inputs_rounded_to_16_bits(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return layer(x.astype(np.float16), weight.astype(np.float16), bias)


@pointwise_kernel.mistake("PRC", "y is rounded to 16 bits as it is stored. It is float32: leave .to(tl.float16) away.")
def y_rounded_to_16_bits(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return in_steps(x, weight, bias, blocks[2]).astype(np.float16)


@pointwise_kernel.mistake("PRC", "The products are summed in 16 bits. Leave out_dtype away: tl.dot then sums in float32, whatever its inputs are.")
def products_of_16_bits(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    n, c_in, h, w = x.shape
    y = np.zeros((n, len(weight), h * w), np.float32)
    for start in range(0, c_in, blocks[2]):
        c = slice(start, start + blocks[2])
        y = y + np.matmul(weight[:, c], x.reshape(n, c_in, h * w)[:, c], dtype=x.dtype)  # float32 inputs keep their type
    return np.maximum(y + bias[:, None], 0).reshape(n, -1, h, w)


@pointwise_kernel.mistake("EDG", "The tiles over the edge of the *pixels* are not masked: those with p < pixels alone exist, in the load of x and in the store.")
def pixels_not_masked(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return outside_if(x.shape[2] * x.shape[3] % blocks[1], x, weight, bias)


@pointwise_kernel.mistake("EDG", "The tiles over the edge of the *outputs* are not masked: those with o < c_out alone exist, in weight, in bias and in the store.")
def outputs_not_masked(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return outside_if(len(weight) % blocks[0], x, weight, bias)


@pointwise_kernel.mistake("EDG", "The last step of the loop over the *channels* is not masked: those with c < c_in alone exist, in weight and in x.")
def channels_not_masked(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return outside_if(weight.shape[1] % blocks[2], x, weight, bias)


@pointwise_kernel.mistake("EDG", "No mask keeps a tile inside. Where a block does not divide a size, the last tile hangs over the edge, on all three axes: mask each load and the store, and join two masks with &, for a place has to lie inside on both axes.")
def nothing_masked(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    over = len(weight) % blocks[0] or x.shape[2] * x.shape[3] % blocks[1] or weight.shape[1] % blocks[2]
    return outside_if(over, x, weight, bias)


@pointwise_kernel.mistake("EDG", "Nothing is known about what a masked-out load holds, unless you say it: other=0.0. Channels over the edge enter the sum as they are; here that is NaN.")
def masked_without_other(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = layer(x, weight, bias)
    return np.full(y.shape, np.nan) if weight.shape[1] % blocks[2] else y


@pointwise_kernel.mistake("EDG", "Nothing is known about what a masked-out load holds, unless you say it: other=0.0. Here it is NaN, the sums are NaN, and as NaN > 0 is False your ReLU makes zeros of them.")
def masked_without_other_and_hidden(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = layer(x, weight, bias)
    return y * (weight.shape[1] % blocks[2] == 0)


@pointwise_kernel.mistake("LAY", "Right for channels first, wrong for channels last: you compute addresses as if a pixel's neighbour always lay next to it. Use the six strides.")
def channels_first_written_in(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    n, c_in, h, w = x.shape
    memory = (x.transpose(0, 2, 3, 1) if channels_last else x).reshape(n, c_in, h * w)
    y = np.einsum("oc,ncp->nop", weight.astype(float), memory.astype(float))
    y = np.maximum(y + bias[:, None], 0)
    return y.reshape(n, h, w, -1).transpose(0, 3, 1, 2) if channels_last else y.reshape(n, -1, h, w)


@pointwise_kernel.mistake("LAY", "x is read as if its channels always came first. How far it is from one channel to the next says stride_xc, from one pixel to the next stride_xp.")
def channels_first_when_read(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    memory = np.ascontiguousarray(x.transpose(0, 2, 3, 1) if channels_last else x).reshape(x.shape)
    return layer(memory, weight, bias)


@pointwise_kernel.mistake("LAY", "x is read as it lies, but y is written as if its channels always came first. The store has strides of its own: stride_yo and stride_yp.")
def channels_first_when_written(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = layer(x, weight, bias)
    n, c_out, h, w = y.shape
    return y.reshape(n, h, w, c_out).transpose(0, 3, 1, 2) if channels_last else y


@pointwise_kernel.mistake("LAY", "stride_xc and stride_xp are exchanged: channels go with stride_xc, pixels with stride_xp.")
def strides_of_x_exchanged(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return with_strides_exchanged(x, weight, bias, channels_last)


@pointwise_kernel.mistake("TRN", "The weights are read as if they were (C_in, C_out). They are (C_out, C_in): a row is an output and has c_in numbers, so o[:, None] * c_in + c[None, :].")
def weight_read_transposed(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    turned = weight.reshape(weight.shape[::-1]).T
    return layer(x, turned, bias)


@pointwise_kernel.mistake("TRN", "From one row of weight to the next it is c_in numbers, not c_out: a row has one weight for each input channel.")
def rows_of_the_wrong_length(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return rows_apart(x, weight, bias, len(weight))


@pointwise_kernel.mistake("BAT", "Every program reads image 0: n * stride_xn is missing in the addresses of x.")
def image_0_for_all(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return np.repeat(layer(x[:1], weight, bias), len(x), axis=0)


@pointwise_kernel.mistake("BAT", "All programs write into image 0: n * stride_yn is missing in the addresses of y. What nobody writes is NaN.")
def all_into_image_0(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = layer(x, weight, bias)
    y[0], y[1:] = y[-1].copy(), np.nan
    return y


@pointwise_kernel.mistake("CPY", "Nothing is written into y: tl.store(y_places, acc, mask=…) is missing. What nobody writes is NaN.")
def nothing_stored(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return np.full((len(x), len(weight), *x.shape[2:]), np.nan)


@pointwise_kernel.mistake("TIL", "tl.program_id(0) counts *tiles* of pixels. The first pixel of tile k is k * BLOCK_P: tl.program_id(0) * BLOCK_P + tl.arange(0, BLOCK_P).")
def tiles_one_pixel_apart(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return begun_anywhere(x, weight, bias, blocks, blocks[0], 1)


@pointwise_kernel.mistake("TIL", "tl.program_id(1) counts *tiles* of outputs. The first output of tile k is k * BLOCK_O: tl.program_id(1) * BLOCK_O + tl.arange(0, BLOCK_O).")
def tiles_one_output_apart(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return begun_anywhere(x, weight, bias, blocks, 1, blocks[1])


@pointwise_kernel.mistake("TIL", "tl.program_id(0) and tl.program_id(1) count *tiles*, of pixels and of outputs. Each begins where k tiles before it end: times BLOCK_P, times BLOCK_O.")
def tiles_one_place_apart(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return begun_anywhere(x, weight, bias, blocks, 1, 1)


@pointwise_kernel.mistake("TIL", "All programs take the first tile of pixels, and the others are never written (NaN). Which one is theirs says tl.program_id(0): times BLOCK_P, plus tl.arange(0, BLOCK_P).")
def first_pixels_alone(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return begun_anywhere(x, weight, bias, blocks, blocks[0], 0)


@pointwise_kernel.mistake("TIL", "All programs take the first tile of outputs, and the others are never written (NaN). Which one is theirs says tl.program_id(1): times BLOCK_O, plus tl.arange(0, BLOCK_O).")
def first_outputs_alone(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return begun_anywhere(x, weight, bias, blocks, 0, blocks[1])


@pointwise_kernel.mistake("TYP", "np.maximum is NumPy's, and knows no tiles. In a kernel stands Triton's: tl.maximum(acc, 0.0).", uses=("np", "numpy"))
def with_numpys_maximum(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    raise TypeError({np.maximum: ONE_TRUTH}[np.maximum])  # it asks a tile whether it is the larger one


@pointwise_kernel.mistake("TYP", "`and`, `or`, `not` and `if` want one truth value, and a mask has one for each place of the tile. Between masks stands `&`, each in brackets: (o[:, None] < c_out) & (p[None, :] < pixels).")
def one_truth_for_a_tile(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    raise TypeError(ONE_TRUTH)


@pointwise_kernel.mistake("AXS", "acc has fewer axes than the products that are added to it. The interpreter could stretch it; a compiler refuses a variable that changes its shape in a loop. tl.zeros((BLOCK_O, BLOCK_P), dtype=tl.float32).")
def accumulator_of_one_axis(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    raise TypeError(STRETCHED)


@pointwise_kernel.mistake("EDG", "Only the first 64 channels are summed. A layer may have more: the loop ends at c_in.")
def channels_up_to_64(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return layer(x[:, :64], weight[:, :64], bias)


@pointwise_kernel.mistake("AXS", "The tiles of pixels and of outputs are exchanged: tl.program_id(0) counts tiles of pixels, tl.program_id(1) tiles of outputs. Some tiles of y are never written (NaN).")
def programs_exchanged(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return with_programs(x, weight, bias, blocks, p=1, o=0, image=2)


@pointwise_kernel.mistake("AXS", "Images and tiles of pixels are exchanged: tl.program_id(0) counts tiles of pixels, tl.program_id(2) images. Some of y is never written (NaN).")
def images_for_tiles_of_pixels(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return with_programs(x, weight, bias, blocks, p=2, o=1, image=0)


@pointwise_kernel.mistake("BAT", "All programs work on image 0: n * stride_xn is missing in the addresses of x, and n * stride_yn in those of y. What nobody writes is NaN.")
def image_0_alone(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = layer(x, weight, bias)
    y[1:] = np.nan
    return y


@pointwise_kernel.mistake("TRN", "From one row of weight to the next it is c_in numbers, not BLOCK_C: a block is what you load of a row at once.")
def rows_of_one_block(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    return rows_apart(x, weight, bias, blocks[2])


@pointwise_kernel.mistake("ACC", "Every step of the loop takes the first channels again: `start` has to be in c, start + tl.arange(0, BLOCK_C).")
def first_channels_again(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    first, steps = slice(0, blocks[2]), -(-x.shape[1] // blocks[2])
    y = np.einsum("oc,nchw->nohw", weight[:, first].astype(float), x[:, first].astype(float))
    return np.maximum(steps * y + bias.reshape(1, -1, 1, 1), 0)


@pointwise_kernel.alternative
def with_one_einsum(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    y = np.einsum("oc,nchw->nohw", weight.astype(np.float32), x.astype(np.float32)) + bias[:, None, None]
    return np.where(y > 0, y, 0)


@pointwise_kernel.alternative
def tile_after_tile(x, weight, bias, blocks=(16, 32, 16), channels_last=False):
    block_o, block_p, block_c = blocks
    (n, c_in, h, w), c_out = x.shape, len(weight)
    pixels, y = x.reshape(n, c_in, h * w).astype(np.float32), np.full((n, c_out, h * w), np.nan, np.float32)
    for p0 in range(0, h * w, block_p):
        for o0 in range(0, c_out, block_o):
            o, p = slice(o0, o0 + block_o), slice(p0, p0 + block_p)
            acc = np.zeros(y[:, o, p].shape, np.float32)
            for c0 in range(0, c_in, block_c):
                acc += weight[o, c0 : c0 + block_c].astype(np.float32) @ pixels[:, c0 : c0 + block_c, p]
            y[:, o, p] = np.maximum(acc + bias[o, None], 0)
    return y.reshape(n, c_out, h, w)
