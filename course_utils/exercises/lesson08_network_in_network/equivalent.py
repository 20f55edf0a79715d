"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "fuse": {
        "bias = layers(np.zeros(w1.shape[1])) → bias = layers(np.zeros(w1.shape[1], dtype=w1.dtype))": "a zero is a zero in whole numbers too"
    },
    "mlpconv": {
        "*np.maximum(* → *np.maximum(0, *)": "the larger of two is the same in either order",
        "x = x * (x > 0) → x = x * (x >= 0)": "a zero stays a zero",
        "out = np.zeros((n, len(layers[-1][1]), h, w)) → out = np.zeros((n, len(layers[-1][0]), h, w))": "a weight has as many rows as the bias has numbers",
        "out = np.zeros((n, len(layers[-1][1]), h, w)) → out = np.ones((n, len(layers[-1][1]), h, w))": "every number is written",
        "pixels = x.transpose(0, 2, 3, 1).reshape(n * h * w, -1) → pixels = x.transpose(0, 2, 3, 1)": "a matrix product takes the channels from the last axis, however many stand before it",
    },
    "gap": {
        "return x.mean(axis=*) → return x.mean(axis=*)": "axes are summed in any order",
        "return x.mean(axis=3).mean(axis=2) → return x.mean(axis=2).mean(axis=2)": "axes are summed in any order",
        "return np.einsum('nchw->nc', x) / * → return np.einsum('ncwh->nc', x) / *": "axes are summed in any order",
    },
    "gap_then_linear": {
        "return *.mean(axis=(2, 3))* → return *.mean(axis=(3, 2))*": "axes are summed in any order",
        "return np.einsum('oc,nchw->no', weight, x) / * → return np.einsum('oc,ncwh->no', weight, x) / *": "axes are summed in any order",
        "maps = np.einsum('oc,nchw->nohw', weight, x) + * → maps = np.einsum('oc,n*', weight, x) + *": "rows and columns are both averaged",
    },
    "fold_batchnorm": {
        "weight, *given, gamma, beta = (*torch.tensor(a * 1.0)* → weight, *given, gamma, beta = (*torch.tensor(a / 1.0)*": "whole numbers become floats by a product with 1 as by a division",
        "return (np.einsum('op,pc->oc', scale, weight), np.einsum('op,p->o', scale, shifted) + beta) → return *": "a diagonal matrix is its own transpose",
        "first = np.zeros(len(weight)) if bias is None else bias → first = np.zeros(len(weight), dtype=weight.dtype) if bias is None else bias": "a zero is a zero in whole numbers too",
        "return (made[0].detach().numpy()[:, :, 0, 0], made[1].detach().numpy()) → return (made[0]*": "torch made no gradients here, and a 1×1 kernel has one place, which is the first and the last",
        "rows, biases = ([], []) → biases, rows = ([], [])": "both are empty lists",
        "where eps is negative": "eps is there to keep the divisor from being zero",
        "where var has negative numbers only": "a variance is not negative",
    },
}
