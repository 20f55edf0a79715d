"""Numbers in few bytes for the browser: a notebook that is saved holds them, and so does every file handed in."""

import numpy as np


def coded(rows: np.ndarray, bits: int) -> tuple[bytes, list[list[float]]]:
    """Rows (R, …) as whole numbers of 8 or 16 bits, and for each row what 0 stands for and what 1 adds.

    >>> codes, scales = coded(np.array([[0.0, 0.5, 1.0], [-2.0, 3.0, 8.0]]), bits=8)
    >>> list(codes[:3]), scales[1]
    ([0, 128, 255], [-2.0, 0.0392156862745098])

    No number moves by more than half a step, 1/510 of what its row spans with 8 bits, 1/131070 with 16.
    """
    rows = np.asarray(rows, float)
    flat = rows.reshape(len(rows), -1)
    low, most = flat.min(axis=1, keepdims=True), 2**bits - 1
    step = (flat.max(axis=1, keepdims=True) - low) / most
    codes = np.round((flat - low) / np.where(step > 0, step, 1))
    return codes.astype(f"<u{bits // 8}").tobytes(), np.hstack([low, step]).tolist()


def decoded(codes: bytes, scales: list[list[float]], bits: int) -> np.ndarray:
    """What the browser makes of them again, (R, numbers of a row).

    >>> decoded(*coded(np.array([[1.0, 2.0, 4.0]]), bits=16), bits=16).round(3)
    array([[1., 2., 4.]])
    """
    low, step = np.array(scales).T[:, :, None]
    return low + step * np.frombuffer(codes, f"<u{bits // 8}").reshape(len(scales), -1)
