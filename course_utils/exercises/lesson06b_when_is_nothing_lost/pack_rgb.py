"""Three bytes in one float32, none lost."""

import numpy as np

from course_utils.exercises.lesson06b_when_is_nothing_lost.colours import colours, exact
from course_utils.exercises.spec import exercise


@exercise(
    cases=colours,
    observe=exact,
    small=(
        "np.array([[[[1]], [[0]], [[0]]]], dtype=np.uint8)",
        "np.array([[[[0]], [[1]], [[0]]]], dtype=np.uint8)",
        "np.array([[[[1]], [[2]], [[3]]]], dtype=np.uint8)",
        "np.array([[[[255]], [[255]], [[255]]]], dtype=np.uint8)",
        "np.array([[[[1, 2]], [[0, 1]], [[0, 3]]]], dtype=np.uint8)",
        "np.array([[[[1]], [[2]], [[3]]], [[[3]], [[2]], [[1]]]], dtype=np.uint8)",
        "np.array([[[[1, 0, 2]], [[0, 1, 0]], [[0, 0, 1]]]], dtype=np.uint8)",
        "np.array([[[[0]], [[0]], [[200]]]], dtype=np.uint8)",
        "np.array([[[[3]], [[100]], [[77]]]], dtype=np.uint8)",
    ),
    hints=(
        "Think of a number written with three digits, each from 0 to 255. What is each digit worth?",
        "Red counts 1, green 256, blue 65,536: a 1×1 layer from 3 channels to 1. In which number type does the sum fit?",
        "wide = rgb.astype(np.float32);  packed = wide[:, 0] + 256 * wide[:, 1] + 65536 * wide[:, 2];  put the channel axis back: (N, 1, H, W)",
    ),
)
def pack_rgb(rgb):
    return np.einsum("c,nchw->nhw", [1, 256, 65536], rgb.astype(np.int64))[:, None].astype(np.float32)


@pack_rgb.mistake("AVG", "You average. Many colours share an average, so none of them can come back.")
def averaged(rgb):
    return rgb.mean(axis=1, keepdims=True).astype(np.float32)


@pack_rgb.mistake(
    "PRC",
    "Your sum is made in uint8, which holds nothing above 255: the rest runs over and is gone. Convert before you multiply.",
)
def overflow(rgb):
    packed = rgb[:, 0] + rgb[:, 1] * np.uint8(0) + rgb[:, 2] * np.uint8(0)  # 256 and 65,536 are 0 in eight bits
    return packed[:, None].astype(np.float32)


@pack_rgb.mistake(
    "PRC",
    "Your sum is made in 16 bits, which hold nothing above 65,535: blue is gone. Convert to a wider type before you multiply.",
)
def overflow_in_16_bits(rgb):
    wide = rgb.astype(np.uint16)
    return (wide[:, :1] + wide[:, 1:2] * np.uint16(256)).astype(np.float32)


@pack_rgb.mistake("PRC", "float16 holds 11 significant bits, and numbers up to 65,504. Three bytes need 24 bits.")
def half_precision(rgb):
    wide = rgb.astype(np.float32)
    return (wide[:, :1] + 256 * wide[:, 1:2] + 65536 * wide[:, 2:]).astype(np.float16).astype(np.float32)


@pack_rgb.mistake("PRC", "bfloat16 holds 8 significant bits: enough for one byte, not for three. float32 holds 24.")
def bfloat16_precision(rgb):
    wide = rgb.astype(np.float32)
    packed = wide[:, :1] + 256 * wide[:, 1:2] + 65536 * wide[:, 2:]
    return (np.ascontiguousarray(packed).view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


@pack_rgb.mistake("DIG", "Your digits are in the other order. Red counts 1, green 256, blue 65,536.")
def other_order(rgb):
    wide = rgb.astype(np.float32)
    return 65536 * wide[:, :1] + 256 * wide[:, 1:2] + wide[:, 2:]


@pack_rgb.mistake(
    "DIG", "A digit has 256 values, 0 included. With 255 as the base, red 255 and green 1 give the same number."
)
def base_255(rgb):
    wide = rgb.astype(np.float32)
    return wide[:, :1] + 255 * wide[:, 1:2] + 255**2 * wide[:, 2:]


@pack_rgb.mistake("SCL", "You bring the colours to 0…1 first. Pack the whole numbers 0 to 255: they are exact.")
def fractions(rgb):
    wide = (rgb / 255).astype(np.float32)
    return wide[:, :1] + 256 * wide[:, 1:2] + 65536 * wide[:, 2:]


@pack_rgb.mistake(
    "TYP", "Your numbers are right, in float64: twice the memory that one channel of a network has. Return float32."
)
def double_precision(rgb):
    return rgb[:, :1] + 256.0 * rgb[:, 1:2] + 65536.0 * rgb[:, 2:]


@pack_rgb.mistake("TYP", "Your numbers are right, but they are whole-number types. A channel of a network is float32.")
def as_integers(rgb):
    wide = rgb.astype(np.int64)
    return wide[:, :1] + 256 * wide[:, 1:2] + 65536 * wide[:, 2:]


@pack_rgb.mistake("AXS", "The channel axis is gone. One channel is still a channel: (N, 1, H, W).")
def no_channel_axis(rgb):
    wide = rgb.astype(np.float32)
    return wide[:, 0] + 256 * wide[:, 1] + 65536 * wide[:, 2]


@pack_rgb.mistake(
    "PRC",
    "256 does not fit into the eight bits of uint8. Convert to a wider type before you multiply: rgb.astype(np.float32).",
)
def multiplied_in_eight_bits(rgb):
    return (rgb[:, :1] + rgb[:, 1:2] * 256 + rgb[:, 2:] * 65536).astype(np.float32)


@pack_rgb.mistake(
    "AVG", "You average, and in float64 besides. Many colours share an average, so none of them can come back."
)
def averaged_in_float64(rgb):
    return rgb.mean(axis=1, keepdims=True)


@pack_rgb.mistake(
    "DIG", "The base is 1000: the numbers are larger than 24 bits hold. 256 is enough, as a digit has 256 values."
)
def base_1000(rgb):
    wide = rgb.astype(np.float32)
    return wide[:, :1] + 1000 * wide[:, 1:2] + 1_000_000 * wide[:, 2:]


@pack_rgb.mistake(
    "PRC", "Your sum is made in float16, whose numbers end at 65,504: 65,536 is infinite there. Convert to float32."
)
def computed_in_half_precision(rgb):
    x = rgb.astype(np.float16)
    return (x[:, :1] + 256 * x[:, 1:2] + 65536 * x[:, 2:]).astype(np.float32)


@pack_rgb.mistake("LAY", "You take the last axis, the width, for the channels. They are axis 1: (N, 3, H, W).")
def last_axis_as_channels(rgb):
    x = rgb.astype(np.float32)
    return (x[..., 0] + 256 * x[..., 1] + 65536 * x[..., 2])[..., None]


@pack_rgb.mistake("LAY", "You take the last axis, the width, for the channels. They are axis 1: (N, 3, H, W).")
def last_axis_as_channels_new_axis_second(rgb):
    x = rgb.astype(np.float32)
    return (x[..., 0] + 256 * x[..., 1] + 65536 * x[..., 2])[:, None]


@pack_rgb.mistake("BAT", "rgb[0] is the first *image*. The channels are axis 1 of rgb.")
def images_as_channels(rgb):
    x = rgb.astype(np.float32)
    return x[0] + 256 * x[1] + 65536 * x[2]


@pack_rgb.mistake("DIG", "The third digit counts 256 · 256 = 65,536, one more than the largest number of 16 bits.")
def one_less_for_blue(rgb):
    x = rgb.astype(np.float32)
    return x[:, :1] + 256 * x[:, 1:2] + 65535 * x[:, 2:]


@pack_rgb.mistake("SUM", "You weigh the three colours and do not add them up. One channel is to be left: their sum.")
def not_added_up(rgb):
    return rgb.astype(np.float32) * np.array([1, 256, 65536], np.float32)[:, None, None]


@pack_rgb.alternative
def by_matmul(rgb):
    weight = np.array([[1, 256, 65536]], np.float32)
    return np.einsum("oc,nchw->nohw", weight, rgb.astype(np.float32))


@pack_rgb.alternative
def by_shifting_bits(rgb):
    red, green, blue = (rgb[:, [c]].astype(np.uint32) for c in range(3))
    return (red | green << 8 | blue << 16).astype(np.float32)


@pack_rgb.alternative
def by_bytes(rgb):
    n, _, h, w = rgb.shape
    padded = np.concatenate([rgb.transpose(0, 2, 3, 1), np.zeros((n, h, w, 1), np.uint8)], axis=3)
    return np.ascontiguousarray(padded).view("<u4").reshape(n, 1, h, w).astype("float32")
