"""What lies in another order in the images that an experiment hands to a layer, and what the layer made of it."""

import itertools

import numpy as np

from course_utils.exercises.lesson13_correct_the_article.worlds import runs


def order_between(one, other):
    """The shuffle by which the image of one call becomes that of another, or None: `other[pixel] = one[order[pixel]]`."""
    x, shuffled = (np.asarray(args[0], float) for args, _ in (one, other))
    if x.ndim != 4 or x.shape != shuffled.shape or x.size == 0:
        return None
    x, shuffled = (a.reshape(*a.shape[:2], -1) for a in (x, shuffled))
    order = np.empty(x.shape[2], int)
    order[np.argsort(shuffled[0, 0], kind="stable")] = np.argsort(x[0, 0], kind="stable")
    return order if np.array_equal(x[:, :, order], shuffled) else None


def moved(found, function, layer):
    """What lies in another order in the images of experiments: of few rows a draw may leave all as they are; then others tell."""
    more = (runs(function, np.random.default_rng(seed), layer) for seed in range(4))
    for some in itertools.chain([found], more):
        pairs = (pair for _, calls in some for pair in itertools.combinations(calls, 2))
        if kinds := {_moved(one[0][0], other[0][0]) for one, other in pairs} - {""}:
            return "pixels" if "pixels" in kinds else max(kinds)  # five rows may be mirrored by chance
    return "pixels"


def _moved(x, other):
    """What lies in another order in a second image: "pixels" where it is neither whole rows, columns nor channels."""
    x, other = np.asarray(x, float), np.asarray(other, float)
    if x.ndim != 4 or x.shape != other.shape or np.array_equal(x, other):
        return ""
    if any(np.array_equal(np.flip(x, axes), other) for axes in (2, 3, (2, 3))):
        return "a mirror image"
    for kind, axis, across in (("channels", 1, 1), ("whole rows", 2, 3), ("whole columns", 3, 2)):
        one, two = (sorted(np.moveaxis(a, axis, 0).reshape(a.shape[axis], -1).tolist()) for a in (x, other))
        if one == two and x.shape[across] > 1:
            return kind
    numbers = (np.sort(a, axis=None) for a in (x, other))
    return "numbers" if np.array_equal(*numbers) and not _is_of_pixels(x, other) else "pixels"


def _is_of_pixels(x, other):
    one, two = (sorted(np.moveaxis(a, 1, -1).reshape(-1, a.shape[1]).tolist()) for a in (x, other))
    return one == two


def gaps(calls):
    """The least and the most that the calls show as largest gap / largest output; None where no two are shuffles."""
    found = []
    for one, other in itertools.combinations(calls, 2):
        order, (y, z) = order_between(one, other), (np.asarray(result, float) for _, result in (one, other))
        if order is not None and y.shape == z.shape and y.ndim == 4:
            gap = np.abs(z.reshape(*z.shape[:2], -1) - y.reshape(*y.shape[:2], -1)[:, :, order]).max()
            found += [gap / np.abs(y).max(), gap / np.abs(z).max()]
    return (min(found), max(found)) if found else None
