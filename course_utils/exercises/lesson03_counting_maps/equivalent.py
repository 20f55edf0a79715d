"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "count_maps": {
        "x, found = (np.ones((1, channels[0], 1, 1)), []) → *": "the first layer runs on anything: only the channels that it makes are counted",
        "x = np.einsum('oc,nchw->nohw', np.ones((c_out, x.shape[1])) / x.shape[1], x) → *": "what the layers compute is not looked at: only the channels that they make are counted",
    },
    "kernel_slices": {
        "counted in 32 bits": "an answer may make the kernels to count them, and 2³¹ of them fit into few computers",
        "return int(np.prod(np.empty((c_out, c_in, 3, 3)).shape[:2])) → *": "the two sizes are multiplied in either order, as NumPy's whole number or Python's, and those of the kernel are cut off",
    },
    "count_weights": {
        "where k is more than a million": "no kernel is that large",
        "counted in 32 bits": "an answer may make the weights to count them, and 2³¹ of them fit into few computers",
        "where k is more than 1000": "no kernel is that large",
        "return np.empty((c_out, c_in, k, k)).size + * → return np.empty((*)).size + *": "sizes are multiplied in any order",
        "where k is more than 100": "no kernel is that large",
    },
    "unsummed_maps": {
        "maps = np.zeros((c_in * c_out, h, w)) → maps = np.ones((c_in * c_out, h, w))": "every number is written",
        "return *groups=c_in)[0].numpy() → return *groups=c_in)[-1].numpy()": "the batch has one image, which is the first and the last",
    },
    "activation_bytes": {
        "return cost.activation_bytes(n, channels, h, w, itemsize, keep_all) → return cost.activation_bytes(n, channels, *, keep_all)": "h, w and itemsize are multiplied in any order",
        "held = max((c_in + c_out for c_in, c_out in pairwise(channels))) → held = max((c_in + c_out for c_out, c_in in pairwise(channels)))": "the two are added in either order",
        "maps = 0 → maps = *1": "the largest of sums of two is never below 2",
        "maps = max(maps, channels[i] + channels[i + 1]) → maps = max(channels[i] + channels[i + 1], maps)": "the larger of two is the same in either order",
        "held = [np.empty((n, c, h, w), size).nbytes for c in channels] → held = [np.empty((*), size).nbytes for c in channels]": "sizes are multiplied in any order",
        "where channels has one item": "a stack has a layer",
        "where itemsize is more than *": "no number in use here takes more than 8 bytes",
    },
}
