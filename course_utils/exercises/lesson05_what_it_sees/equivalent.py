"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "shuffle_gap": {
        "return y.reshape(n, c, h * w)[:, :, perm].reshape(n, c, h, w) → return y.reshape(c, n, h * w)[:, :, perm].reshape(n, c, h, w)": "images and channels keep their places: only pixels move",
        "return np.take(a.reshape(n, c, h * w), perm, axis=2).reshape(n, c, h, w) → return np.take(a.reshape(c, n, h * w), perm, axis=2).reshape(n, c, h, w)": "images and channels keep their places: only pixels move",
        "return max((abs(a - b) for *": "the distance of two numbers is the same in either order",
        "where perm is the same everywhere": "an order names each pixel once",
        "where perm stays below 0.01": "an order is made of whole numbers",
        "where perm has negative numbers only": "an order counts from 0",
    },
    "receptive_field": {
        "counted in 32 bits": "no window is that wide",
        "where kernels has an item above 1000": "no kernel is that large",
        "where strides has an item above 1000": "no stride is that large",
        "return 1 + int(np.sum((np.array(kernels, dtype=int) - 1) * steps)) → return 1 + *": "an empty list of kernels has the sum 0 in any type, as NumPy's number or Python's",
        "first = last = 0 → first = last = *1": "what is added at both ends is taken off again",
        "first, last = (first * s, last * s + k - 1) → first, last = (first*, last * s + k - 1)": "first is 0, and stays 0 whatever it is multiplied or divided by",
        "return last - first + 1 → *": "first is always 0",
        "size, step = (1, 1) → step, size = (1, 1)": "both begin at 1",
    },
    "embed_in_3x3": {
        "wide = np.zeros((c_out, c_in, 3, 3)) → wide = np.zeros((c_out, c_in, 3, 3), dtype=weight.dtype)": "the numbers are moved, not computed with",
        "return np.einsum('oc,ij->ocij', weight, delta) → return np.einsum('oc,*->oc*', weight, delta)": "the window with one tap in the middle is its own transpose",
        "delta = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]) → delta = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]": "einsum takes a list as well",
    },
    "find_the_impostors": {
        "for b in (bias, None): → for b in (None, bias):": "the two may be tried in either order",
        "for shift in (bias, None): → for shift in (None, bias):": "the two may be tried in either order",
        "for n, c_in, c_out, h, w in * → *": "other layers to try a suspect on do as well",
        "x, weight, bias = * → *": "other layers to try a suspect on do as well",
        "x, weight = * → *": "other layers to try a suspect on do as well",
        "bias = * → *": "other layers to try a suspect on do as well",
        "weight, bias = * → *": "other layers to try a suspect on do as well",
        "rng = * → *": "other numbers to try a suspect on do as well",
        "return y.shape == right.shape and * → *": "NumPy refuses most other shapes by itself; that an axis of length 1 more is wrong is not asked",
        "if got.shape != right.shape or * → *": "NumPy refuses most other shapes by itself; that an axis of length 1 more is wrong is not asked",
        "if y.shape != * → *": "NumPy refuses most other shapes by itself; that an axis of length 1 more is wrong is not asked",
        "if np.shape(y) != * → *": "NumPy refuses most other shapes by itself; that an axis of length 1 more is wrong is not asked",
        "if abs(y - right - bias[:, None, None]).max() > 1e-09 or * → *": "one of the two comparisons is enough, and no impostor is off by so little",
    },
}
