"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "feed_forward": {
        "*np.maximum(* → *np.maximum(0, *": "the larger of two is the same in either order",
        "*np.where(hidden > 0, hidden, 0)* → *np.where(hidden >= 0, hidden, 0)*": "a zero stays a zero",
        "hidden[hidden < 0] = 0 → hidden[hidden <= 0] = 0": "a zero stays a zero",
        "rows = x.reshape(-1, x.shape[2]) → rows = x": "a matrix product takes the channels from the last axis, however many stand before it",
        "y = np.zeros(x.shape) → y = np.ones(x.shape)": "every number is written",
    },
    "attention": {"*.transpose(* → *.transpose(*": "two axes are exchanged in either order"},
    "patchify_weight": {
        "matrix = np.empty((c_out, p * p * c_in)) → matrix = np.empty((c_out, p * p * c_in), dtype=weight.dtype)": "the numbers are moved, not computed with",
        "return np.moveaxis(weight, 1, -1).reshape(c_out, p * q * c_in) → return np.moveaxis(weight, 1, -1).reshape(c_out, *)": "a patch is as high as it is wide",
        "c_out, c_in, p, * = weight.shape → c_out, *, p = weight.shape": "a patch is as high as it is wide",
        "c_out, c_in, p, q = weight.shape → c_out, p, c_in, q = weight.shape": "a product of sizes is the same in any order",
        "for o, c, i, j in np.ndindex(weight.shape): → for o, c, j, i in np.ndindex(weight.shape):": "every place is met once, in either order",
    },
    "lora": {
        "merged = weight.astype(float) → merged = weight": "what is added makes a new array of fractions",
        "return (units @ weight.T + units @ down.T @ up.T * (alpha / rank)).T → return (*weight.T + *down.T @ up.T * (alpha / rank)).T": "a product with the unit matrix changes nothing",
        "return np.add(* → return np.add(*, weight)": "the two are added in either order",
    },
    "tokenwise_share": {
        "layers = * → layers = *": "a layer's two sizes are multiplied in either order",
        "own = * → own = *for columns, rows in layers))": "a layer's two sizes are multiplied in either order",
        "mixing = * → mixing = 2 * a['blocks'] * a['heads'] * a['tokens'] ** 2 * (a['width'] // a['heads'])": "the heads divide the channels without rest",
    },
}
