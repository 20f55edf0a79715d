"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "macs": {
        "where k is more than 100": "no kernel is that large",
        "return cost.Layer(c_in, c_out, k, h_out, w_out, groups).macs → return cost.Layer(*).macs": "sizes are multiplied in any order",
        "return groups * (c_in // groups) * (c_out // groups) * * → return groups * (c_in */ groups) * (c_out */ groups) * *": "groups divide the channels without rest",
        "return int(np.prod([c_out, c_in // groups, k, k])) * int(np.prod([h_out, w_out])) → return *": "sizes are multiplied in any order, groups divide without rest, and NumPy's number is as good",
        "per_output = k * k * c_in // groups → per_output = k * k * c_in / groups": "groups divide the channels without rest",
        "total += k * (c_in // groups) → total += k * (c_in / groups)": "groups divide the channels without rest",
    },
    "bottleneck_macs": {
        "where k is more than 100": "no kernel is that large",
        "return cost.count([cost.Layer(*), cost.Layer(*)]).macs → return cost.count([cost.Layer(*), cost.Layer(*)]).macs": "sizes are multiplied, and layers added, in any order",
        "return macs(c_in, c_mid, 1, h, w) + macs(c_mid, c_out, k, h, w) → return macs(*, 1, *) + macs(*, k, *)": "sizes are multiplied in any order",
        "layers = [(c_in, c_mid, 1), (c_mid, c_out, k)] → layers = *": "sizes are multiplied, and layers added, in any order",
        "return sum((a * b * size * size * h * w for a, b, size in layers)) → return sum((a * b * size * size * h * w for b, a, size in layers))": "sizes are multiplied in any order",
    },
    "break_even": {
        "where k is more than 100": "no kernel is that large",
        "for _ in range(80): → *": "after some fifty halvings nothing changes",
        "return low → return high": "after eighty halvings both ends are the same",
        "if c_in * middle + k * k * middle * c_out < k * k * c_in * c_out: → if c_in * middle + k * k * middle * c_out <= k * k * c_in * c_out:": "the middle may be either end when it is met exactly",
        "per_channel = * → per_channel = c_in + k * k * c_out": "twice a number less that number is the number",
        "return np.float64(direct) / per_channel → return *direct*/ per_channel": "whole numbers are divided in any type, to the digits that are compared",
    },
    "depthwise": {
        "*np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2))) → *np.pad(*)": "zeros beyond what a window reaches are never read",
        "p = np.zeros((n, c, h + k - 1, w + k - 1)) → p = np.zeros((n, c, h + k*, w + k*))": "zeros beyond what a window reaches are never read",
        "p = np.zeros((n, c, h + k - 1, w + k - 1)) → p = np.zeros((n, c, h + k - 1, w + k - 1), dtype=x.dtype)": "the numbers of x are moved, not computed with",
        "*kernels.shape[1]* → *kernels.shape[2]*": "kernels are square",
        "y[:, :, row, column] = *.sum(axis=(2, 3)) → *.sum(axis=(3, 2))": "axes are summed in any order",
        "y += kernels[:, i, j, np.newaxis, np.newaxis] * * → y += kernels[:, i, np.newaxis, j, np.newaxis] * *": "one number for each channel has the same shape either way",
    },
    "separable": {
        "*np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2))) → *np.pad(*)": "zeros beyond what a window reaches are never read",
        "*kernels.shape[1]* → *kernels.shape[2]*": "kernels are square",
        "y = np.zeros((n, len(bias), h, w)) → y = np.ones((n, len(bias), h, w))": "every number is written",
    },
    "pointwise_share": {
        "cost_here = * → cost_here = *": "sizes are multiplied in any order, and what all layers have in common drops out of a share",
        "return weights(layer) * layer['h'] * layer['w'] → return -(*)": "what all layers have in common, a sign say, drops out of a share",
        "return layer['c_out'] * layer['c_in'] // * → return *": "what all layers have in common drops out of a share, and groups divide without rest",
        "weights = c_in * c_out * k * k / groups → weights = c_in * c_out * k * k // groups": "groups divide the channels without rest",
        "*c_in, c_out, k, h, w, groups* → *": "sizes are multiplied in any order, whole or not",
        "names = ('c_in', 'c_out', 'k', 'h', 'w', 'groups') → names = (*)": "sizes are multiplied in any order",
        "some, total = (np.zeros(2), np.zeros(2)) → total, some = (np.zeros(2), np.zeros(2))": "both begin at 0",
        "sizes = (layer['c_in'], layer['c_out'], layer['k']) → sizes = (layer['c_out'], layer['c_in'], layer['k'])": "sizes are multiplied in any order",
        "is_conv = * → is_conv = [*": "a list of truths is as good",
    },
}
