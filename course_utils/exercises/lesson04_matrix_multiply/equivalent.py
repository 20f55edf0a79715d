"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "pixels_as_columns": {"n, c, h, w = x.shape → n, c, w, h = x.shape": "a product of sizes is the same in any order"},
    "columns_as_pixels": {
        "where ? is more than a million": "an array so long takes longer than a check may",
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
}
