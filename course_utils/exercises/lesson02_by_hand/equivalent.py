"""Changes of right answers that are right as well, and why: `course mutate` makes them, and finds that they pass."""

EQUIVALENT = {
    "conv1x1_one": {"y = np.zeros((*)) → y = np.ones((*))": "every number is written"},
    "conv1x1_loops": {
        "y = np.zeros((n_images, *)) → y = np.ones((n_images, *))": "every number is written",
        "y[image, o, i, j] += bias[o] → y[image - 1, o, i, j] += bias[o]": "going backwards from 0 meets every image once",
        "y[image, o, i, j] += bias[o] → y[image, o, i - 1, j] += bias[o]": "going backwards from 0 meets every row once",
        "y[image, o, i, j] += bias[o] → y[image, o, i, j - 1] += bias[o]": "going backwards from 0 meets every column once",
    },
    "check_shapes": {
        "raise ValueError('; '.join(problems)) → raise ValueError(problems)": "a list of sentences names the argument as well",
        "*np.shape(bias)[0] != * → *np.shape(bias)[-1] != *": "a bias has one axis, which is the first and the last",
    },
}
