"""JSON from strangers: what it holds is counted before anything is built of it.

An empty list costs two characters of JSON and fifty times that in memory; a thousand brackets cost a stack.
"""

import json
from itertools import accumulate

BRACKETS = b"[]{}"
OTHERS = bytes(set(range(256)) - set(BRACKETS))


class TooMuch(ValueError):
    """JSON that holds more values, or holds them more deeply, than it may."""


def loads(content, most, deepest):
    """The value in JSON (text, or bytes in UTF-8) of at most so many values, one inside another so many deep.

    >>> loads('{"a": [1, 2]}', most=10, deepest=2)
    {'a': [1, 2]}
    >>> loads("[" * 50 + "]" * 50, most=1000, deepest=20)
    Traceback (most recent call last):
        ...
    course_utils.base.bounded.TooMuch: values nested 50 deep, at most 20 are allowed

    Raises `TooMuch`, or another `ValueError` where it is no JSON.
    """
    raw = content.encode(errors="surrogatepass") if isinstance(content, str) else bytes(content)
    text = content if isinstance(content, str) else raw.decode()
    held, deep = measure(raw, most)
    if held > most:
        raise TooMuch(f"over {most:,} values")
    if deep > deepest:
        raise TooMuch(f"values nested {deep} deep, at most {deepest} are allowed")
    return json.loads(text)


def measure(raw, most):
    """How many values JSON holds, and how deep; of JSON with a mistake in it, at least what comes before the mistake.

    Counting ends where it is clear that there are more than `most`.
    """
    bare = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    if bare.count(b'"') > 4 * most:  # two a string, and there are at most as many keys as values
        return most + 1, 0
    outside = b"".join(bare.split(b'"')[::2])
    held = 1 + sum(map(outside.count, (b",", b"[", b"{")))
    if held > most:
        return held, 0
    levels = accumulate(1 if byte in b"[{" else -1 for byte in outside.translate(None, OTHERS))
    return held, max(levels, default=0)
