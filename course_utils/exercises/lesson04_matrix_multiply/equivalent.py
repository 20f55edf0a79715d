"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "pixels_as_columns": {"n, c, h, w = x.shape → n, c, w, h = x.shape": "a product of sizes is the same in any order"},
    "columns_as_pixels": {
        "x = np.zeros((n, len(cols), h, w)) → x = np.ones((n, len(cols), h, w))": "every number is written",
        "x = np.zeros((n, len(cols), h, w)) → x = np.zeros((n, len(cols), h, w), dtype=cols.dtype)": "the numbers are moved, not computed with",
    },
    "conv1x1_matmul": {
        "if h * w < len(weight): → *": "both branches are right; the question only decides which is faster"
    },
    "conv1x1_einsum": {
        "return np.einsum('bkij,mk->bmij', x, weight, optimize=True) + * → return np.einsum('bkij,mk->bmij', x, weight*) + *": "the order of the sums is NumPy's affair",
        "bias = np.zeros(len(weight)) if bias is None else bias → bias = np.zeros(len(weight), dtype=x.dtype) if bias is None else bias": "a zero is a zero in whole numbers too",
    },
    "stain_to_channels": {
        "return np.maximum(amounts, 0) → return np.maximum(0, amounts)": "the larger of two is the same in either order",
        "density = np.log10(np.clip(rgb, 1e-06, 1)).reshape(-1, 3) / -6 → density = np.log10(np.clip(*)).reshape(-1, 3) / -6": "between 1e-6 and 1 either number may be the one that is clipped, and no colour is above 1",
        "density = np.log(np.maximum(rgb, 1e-06)) / np.log(1e-06) → density = np.log(np.maximum(1e-06, rgb)) / np.log(1e-06)": "the larger of two is the same in either order",
        "amounts = conv1x1_nhwc(density[None], hed_from_rgb.T)[0] → amounts = conv1x1_nhwc(density[None], hed_from_rgb.T)[-1]": "the batch has one image, which is the first and the last",
        "return np.where(amounts > 0, amounts, 0).reshape(rgb.shape) → return np.where(amounts >= 0, amounts, 0).reshape(rgb.shape)": "a zero stays a zero",
        "density = np.log(np.where(rgb < 1e-06, 1e-06, rgb)) / np.log(1e-06) → density = np.log(np.where(rgb <= 1e-06, 1e-06, rgb)) / np.log(1e-06)": "1e-6 becomes 1e-6",
        "where rgb has * along axis 2": "a colour has three numbers",
        "where rgb has negative numbers only": "colours go from 0 to 1",
        "where rgb goes beyond *": "colours go from 0 to 1",
        "where rgb is of whole numbers": "colours from 0 to 1 are fractions",
    },
}
