"""Three bytes out of one float32 again."""

import numpy as np

from course_utils.exercises import inputs
from course_utils.exercises.lesson06b_when_is_nothing_lost.colours import colours, exact
from course_utils.exercises.spec import case, exercise


def packed_colours(rng):
    """Cases for `f(packed)`: the same pictures, packed."""
    for colour in colours(rng):
        packed = np.einsum("c,nchw->nhw", [1, 256, 65536], colour.args[0].astype(np.int64))[:, None].astype(np.float32)
        is_view = "view" in colour.label
        yield case(colour.label, *(inputs.strided(packed) if is_view else (packed,)), mixed="numpy" if is_view else "")


@exercise(
    cases=packed_colours,
    observe=exact,
    small=(
        "np.array([[[[1.]]]], dtype=np.float32)",
        "np.array([[[[256.]]]], dtype=np.float32)",
        "np.array([[[[66051.]]]], dtype=np.float32)",
        "np.array([[[[255.]]]], dtype=np.float32)",
        "np.array([[[[65535.]]]], dtype=np.float32)",
        "np.array([[[[1., 2.]]]], dtype=np.float32)",
        "np.array([[[[66051.]]], [[[1.]]]], dtype=np.float32)",
        "np.array([[[[197121., 66051.]]]], dtype=np.float32)",
    ),
    hints=(
        "How do you read off the ones of a number, then the tens? Here a digit goes up to 255.",
        "% 256 gives the lowest digit, // 256 drops it. Do it with whole numbers, and join the three along the channel axis.",
        "whole = packed.astype(np.int64);  red = whole % 256;  green = whole // 256 % 256;  blue = whole // 65536;  join along axis 1, as uint8",
    ),
)
def unpack_rgb(packed):
    whole = packed[:, 0].astype(np.int64)
    return np.stack([whole >> shift & 255 for shift in (0, 8, 16)], axis=1).astype(np.uint8)


@unpack_rgb.mistake("DIG", "Red and blue are swapped: the lowest digit is red.")
def blue_first(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole // 65536, whole // 256 % 256, whole % 256], axis=1).astype(np.uint8)


@unpack_rgb.mistake(
    "DIG", "You round the quotients. Drop the rest instead (//): the lower digits must not leak into the higher ones."
)
def rounded(packed):
    whole = packed.astype(np.float64)
    return np.concatenate([whole % 256, np.round(whole / 256) % 256, np.round(whole / 65536) % 256], axis=1).astype(
        np.uint8
    )


@unpack_rgb.mistake("DIG", "A digit has 256 values, 0 included: the base is 256, not 255.")
def digits_in_base_255(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 255, whole // 255 % 255, whole // 255**2 % 256], axis=1).astype(np.uint8)


@unpack_rgb.mistake(
    "DIG", "You hand the one channel out three times. The three colours are the three digits of its number."
)
def three_copies(packed):
    return np.repeat(packed.astype(np.int64) % 256, 3, axis=1).astype(np.uint8)


@unpack_rgb.mistake(
    "TYP",
    "Your numbers are right, but not in uint8. A picture with colours from 0 to 255 is uint8, as the one that was packed.",
)
def not_uint8(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 256, whole // 256 % 256, whole // 65536], axis=1)


@unpack_rgb.mistake(
    "SCL", "Your colours run from 0 to 1. Return what was packed: whole numbers from 0 to 255, as uint8."
)
def as_fractions(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 256, whole // 256 % 256, whole // 65536], axis=1) / 255


@unpack_rgb.mistake("AXS", "Your colours are the last axis. Channels are axis 1: (N, 3, H, W).")
def channels_last(packed):
    whole = packed[:, 0].astype(np.int64)
    return np.stack([whole % 256, whole // 256 % 256, whole // 65536], axis=-1).astype(np.uint8)


@unpack_rgb.mistake(
    "RSH",
    "np.concatenate along axis 0 and a reshape mix images and colours. Join along axis 1.",
    uses=("concatenate", "reshape", "stack", "vstack"),
)
def joined_along_images(packed):
    whole = packed.astype(np.int64)
    digits = [whole % 256, whole // 256 % 256, whole // 65536]
    return np.concatenate(digits, axis=0).reshape(len(packed), 3, *packed.shape[2:]).astype(np.uint8)


@unpack_rgb.mistake(
    "DIG", "Green still holds blue's digits, and you cut it off at 255. Take what is left of it by 256: % 256."
)
def green_cut_off(packed):
    whole = packed.astype(np.int64)
    digits = [whole % 256, np.minimum(whole // 256, 255), whole // 65536]
    return np.concatenate(digits, axis=1).astype(np.uint8)


@unpack_rgb.mistake(
    "TYP",
    "Your numbers are right, and still float32 as the packed ones. Colours from 0 to 255 are uint8: astype(np.uint8).",
)
def still_float32(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 256, whole // 256 % 256, whole // 65536], axis=1).astype(np.float32)


@unpack_rgb.mistake(
    "DIG",
    "Green is rounded to the nearest: 255 makes one green too many. What does not fill 256 is red's: divide with `//`.",
)
def green_rounded(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 256, np.round(packed / 256) % 256, whole // 65536], axis=1).astype(np.uint8)


@unpack_rgb.mistake(
    "PRC", "Blue is lost: your type holds 16 bits, numbers up to 65,535. Three bytes need 24: astype(np.int64)."
)
def sixteen_bits(packed):
    whole = packed.astype(np.int64) % 65536
    return np.concatenate([whole % 256, whole // 256, 0 * whole], axis=1).astype(np.uint8)


@unpack_rgb.mistake(
    "DIG",
    "You divide by 1, 256 and 65,536 and cut off at 255. A digit is what is *left* of the quotient by 256: % 256.",
)
def quotients_cut_off(packed):
    return np.clip(packed / np.array([1, 256, 65536]).reshape(1, 3, 1, 1), 0, 255).astype(np.uint8)


@unpack_rgb.mistake("AXS", "Your three colours are joined along axis 0, the images. The channels are axis 1.")
def colours_as_images(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 256, whole // 256 % 256, whole // 65536], axis=0).astype(np.uint8)


@unpack_rgb.mistake("DIG", "Blue is the same as green. Its digit counts 65,536.")
def blue_as_green(packed):
    whole = packed.astype(np.int64)
    return np.concatenate([whole % 256, whole // 256 % 256, whole // 256 % 256], axis=1).astype(np.uint8)


@unpack_rgb.mistake(
    "ORD", "np.divmod returns the quotient first, then what is left. What is left is the digit.", uses=("divmod",)
)
def quotient_for_digit(packed):
    red, rest = np.divmod(packed.astype(np.int64), 256)
    return np.concatenate([red, *np.divmod(rest, 256)], axis=1).astype(np.uint8)


@unpack_rgb.mistake("DIG", "Your blue is what is left of 65,536. It is how many of them there are: the quotient, //.")
def blue_left_over(packed):
    p = packed.astype(np.int64)
    return np.concatenate([p % 256, p // 256 % 256, p % 65536], axis=1).astype(np.uint8)


@unpack_rgb.alternative
def with_divmod(packed):
    rest, red = np.divmod(packed.astype(np.uint32), 256)
    blue, green = np.divmod(rest, 256)
    return np.concatenate([red, green, blue], axis=1).astype(np.uint8)


@unpack_rgb.alternative
def in_floats(packed):
    blue = np.floor(packed / 65536)
    green = np.floor((packed - 65536 * blue) / 256)
    red = packed - 65536 * blue - 256 * green
    return np.concatenate([red, green, blue], axis=1).astype("uint8")


@unpack_rgb.alternative
def by_bytes_of_a_whole_number(packed):
    whole = np.ascontiguousarray(packed.transpose(0, 2, 3, 1)).astype("<u4")
    return whole.view(np.uint8)[..., :3].transpose(0, 3, 1, 2)
