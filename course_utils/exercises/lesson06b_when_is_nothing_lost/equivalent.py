"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "channel_rank": {
        "pixels = np.array([x[n, :, i, j] for *]) → pixels = [x[n, :, i, j] for *]": "an array taken from a list makes an array of it",
        "pixels = pixels - pixels[0] → pixels = pixels - pixels[*1]": "any pixel may be the one that the others are compared with; no case has one pixel alone",
        "counted in 32 bits": "no layer has so many channels",
        "pixels = np.array([x[n, :, i, j] for * → pixels = np.array([x[n* :, i*, j*] for *": "going backwards from 0 meets every pixel once",
        "return int((strengths > tol * strengths*).sum()) → return (strengths > tol * strengths*).sum()": "an answer of NumPy's type is as good",
        "columns = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1) → columns = np.moveaxis(x, 0, 1).reshape(x.shape[1], -1)": "with two axes in front it is the same exchange",
        "where tol is *": "a tolerance is a share: above 0, and far below 1",
    },
    "pack_rgb": {
        "return *rgb.astype(np.*)* → return *rgb*": "NumPy widens the bytes by itself where it multiplies them with wider numbers; 255 fits",
        "red, green, blue = (rgb[:, [c]].astype(np.uint32) for c in range(3)) → red, green, blue = (rgb[:, [c]].astype(np.uint32) for c in range(0, min(3, 8)))": "3 is below 8",
        "where rgb has * along axis 1": "a colour has three numbers",
        "where rgb stays below 0.01": "colours are whole numbers",
        "where rgb has negative numbers only": "bytes go from 0 to 255",
        "where rgb goes beyond 1000": "bytes go from 0 to 255",
    },
    "unpack_rgb": {
        "rest, red = np.divmod(packed.astype(np.uint32), 256) → rest, red = np.divmod(packed, 256)": "the numbers are whole in floats too",
        "blue = np.floor(packed / 65536) → blue = np.floor(packed // 65536)": "it is rounded down once or twice",
        "green = np.floor(* → green = np.floor(*": "what is too much for a byte falls away when it is cut to one",
        "red = packed - 65536 * blue - 256 * green → red = *": "what is too much for a byte falls away when it is cut to one",
        "return np.concatenate([whole % 256, whole // 256 % 256, whole // 65536], axis=1).astype(np.uint8) → *": "what is too much for a byte, and what is no whole number, falls away when it is cut to one",
        "return np.stack([whole >> shift & 255 for * → return np.stack([whole >> shift for *": "what is too much for a byte falls away when it is cut to one",
        "whole = packed.astype(np.int64) → whole = packed": "the numbers are whole in floats too",
        "whole = packed[:, 0].astype(np.int64) → whole = packed[:, -1].astype(np.int64)": "there is one channel, which is the first and the last",
        "where packed has * along axis 1": "packed pictures have one channel",
        "where packed is of whole numbers": "packed pictures are floats",
        "where packed stays below 0.01": "packed pictures are whole numbers",
        "where packed has negative numbers only": "packed pictures go from 0 upwards",
    },
}
