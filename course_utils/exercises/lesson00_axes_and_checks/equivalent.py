"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "hwc_to_nchw": {
        "x = np.zeros((1, channels, h, w)) → x = np.zeros((1, channels, h, w), dtype=image.dtype)": "the numbers of the image are moved, not computed with",
        "x = np.zeros((1, channels, h, w)) → x = np.ones((1, channels, h, w))": "every number is written",
        "x[0, c, i, j] = image[i, j, c] → x[-1, c, i, j] = image[i, j, c]": "the batch has one image, which is the first and the last",
    },
    "pixel_vector": {
        "where ? is more than a million": "an array so long takes longer than a check may",
        "vector = np.empty(x.shape[1]) → vector = np.empty(x.shape[1], dtype=x.dtype)": "the numbers of x are moved, not computed with",
    },
}
