"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "grad_bias": {
        "return dy.sum(axis=(0, 2, 3)) → return dy.sum(axis=(*))": "axes are summed in any order",
        "return np.einsum('nohw->o', dy) → return np.einsum('nowh->o', dy)": "axes are summed in any order",
        "gradient = np.zeros(dy.shape[1]) → gradient = np.zeros(dy.shape[1], dtype=dy.dtype)": "sums of whole numbers are whole",
    },
    "grad_weight": {
        "gradient = np.zeros((dy.shape[1], x.shape[1])) → gradient = np.ones((dy.shape[1], x.shape[1]))": "every number is written"
    },
    "sgd_step": {
        "return (weight - *bias - lr * np.einsum('nohw->o', slope), * → *bias - lr * np.einsum('nowh->o', slope), *": "axes are summed in any order",
        "n, c, h, w = x.shape → n, c, w, h = x.shape": "only c is used",
        "*loss.item()) → *loss)": "a tensor of one number is as good",
        "where lr is negative": "a learning rate is not negative",
    },
    "distinct_rows": {
        "counted in 32 bits": "no array has so many rows",
        "where steps is more than a million": "so many steps take longer than a check may",
        "return int(np.linalg.matrix_rank(weight, rtol=1e-06)) → return np.linalg.matrix_rank(weight, rtol=1e-06)": "an answer of NumPy's type is as good",
        "return int((sizes > 1e-06 * sizes.max()).sum()) → return (sizes > 1e-06 * sizes.max()).sum()": "an answer of NumPy's type is as good",
        "return sum((bool(s > 1e-12 * squares.max()) for s in squares)) → return sum((s > 1e-12 * squares.max() for s in squares))": "an answer of NumPy's type is as good",
        "where * is of float32": "the lesson trains in float64; in float32 rounding is above the tolerance",
    },
}
