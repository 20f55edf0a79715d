"""Send the referee whatever can be sent, for as long as you like: `.venv/bin/python tests/fuzz_wire.py --minutes 10`.

Messages are made by hypothesis from the wire's own vocabulary, then broken byte by byte. Each must end as a value or as
a refusal, in time and without growth, and so must all that the referee does with a value: it looks for changes, makes an
error of it, and compares it with what is expected. What reached a line of the wire that nothing had reached before is
kept and bred from. Ends with 1, and prints the message, where one does not.
"""

import argparse
import contextlib
import copy
import io
import json
import random
import resource
import socket
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from hypothesis import HealthCheck, Phase, given, seed, settings

from course_utils.base import bounded
from course_utils.base.values import kind_of
from course_utils.checking.compare import difference
from course_utils.grading.run import changes, draws, frames, link, networks, raised, wire

SECONDS_MAX, GROWTH_MAX = 5.0, 100 << 20  # for one message of processor time; bytes
BROKEN = 40  # for one that is whole
VALUES = [None, True, -1, 0, 2, 1e308, float("nan"), 2**70, "", "tuple", "f8", "<f8", "<U1", "Conv2d", "\ud800", [], [2, 3], [1, 0], {},
          {"is": "array", "type": "<f8", "shape": [2, 3], "order": [0, 1]}, {"is": "dict", "items": []}, {"is": "kept", "back": 0},
          {"is": "scalar", "type": "<f8", "shape": [], "order": []}, {"is": "dict", "items": [["error", ["KeyError"]]]},
          {"is": "tensor", "torch": "float32", "type": "<f4", "shape": [2, 3], "order": [1, 0]}]  # fmt: skip
EXPECTED = (1.5, 3, True, "b", None, (2, 3), [1.0, 2.0], np.ones((2, 3)), np.arange(3), {"a": 1}, torch.ones(2, 3))
WATCHED = {module.__file__ for module in (bounded, changes, draws, frames, link, networks, raised, wire)}
PIECES = [b'"is"', b'"array"', b'"kept"', b'"network"', b"[", b"]", b"{", b"}", b",", b"-1", b"1e999", b"NaN", b'"\\ud800"', b"\xff",
          b"\x00\x00\x00\x01", b"18446744073709551616", b'"__class__"', b'"<f8"', b'"shape"', b'"items"']  # fmt: skip


class Lines:
    """Which lines of the wire are reached."""

    def __init__(self):
        self.known, self.new = set(), False

    def __call__(self, frame, event, _):
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            place = frame.f_code.co_filename, frame.f_lineno
            self.new = self.new or place not in self.known
            self.known.add(place)
        return self


def one(raw, arrays, lines, kinds):
    """Send one message and look at what becomes of it; say whether it reached a new line."""
    a, b = socket.socketpair()
    ours, theirs = frames.Frames(a.detach()), frames.Frames(b.detach())
    theirs.deadline = time.monotonic() + 5
    began, lines.new = time.process_time(), False
    try:
        for part in (raw, *arrays):
            theirs.send_bytes(part)
        theirs.close()
        ours.deadline = time.monotonic() + 5
        known = link.Link(ours)._known
        sys.settrace(lines)
        try:
            found = wire.receive(ours, known)
            used(found, kinds)
            kinds[f"a {type(found).__name__}"] += 1
        except (wire.Unfit, EOFError) as error:
            kinds[str(error) or "cut off"] += 1
    finally:
        sys.settrace(None)
        ours.close()
        theirs.close()
    taken = time.process_time() - began
    if taken > SECONDS_MAX:
        raise AssertionError(f"{taken:.1f} s for one message")
    return lines.new


def used(found, kinds):
    """Do with a value what the referee does; an error of Python's fails a check, and nothing else."""
    changes.frozen(found)
    reply = found if isinstance(found, dict) else {"value": found, "args": [[found]] * 5, "error": found}
    given = [np.ones((2, 3)), [1], {"a": 1}, torch.ones(2, 3), torch.nn.Linear(2, 3)]
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            link.Link(None).taken(reply, given)
        except (Exception, SystemExit) as error:  # made of what came; it has a text of its own
            str(error)
    for one in EXPECTED:
        try:
            difference(one, reply.get("value"), "n c")
        except Exception as error:
            kinds[f"a check that fails with {type(error).__name__}"] += 1
    kind_of(reply.get("value"))


def memory():
    """Bytes that this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def broken(raw, rng):
    """A message with some of its bytes changed, left out, doubled, or replaced by words of the wire."""
    found = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        i, j = sorted(rng.randrange(len(found) + 1) for _ in range(2))
        j = min(j, i + 40)
        what = rng.randrange(4)
        if what == 0 and found:
            found[min(i, len(found) - 1)] = rng.randrange(256)
        elif what == 1:
            del found[i:j]
        elif what == 2:
            found[i:i] = found[i:j]
        else:
            found[i:j] = rng.choice(PIECES)
    return bytes(found)


def bent(message, rng):
    """A message, still JSON, in which some of the values are others, or stand in other places."""
    for _ in range(rng.randint(1, 4)):
        places, left = [], [message]
        for one in left:
            inside = list(one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ())
            places += [(one, name) for name, _ in inside]
            left += [value for _, value in inside]
        if not places:
            return copy.deepcopy(rng.choice(VALUES))
        one, name = rng.choice(places)
        one[name] = copy.deepcopy(rng.choice(left if len(left) < 50 and rng.random() < 0.3 else VALUES))
    return message


def fuzz(minutes, start):
    from test_wire import MESSAGES

    rng, lines, kinds = random.Random(start), Lines(), Counter()
    bred, sent, sizes, end = [], 0, [], float("inf")

    def tried(raw, arrays):
        nonlocal sent
        sent += 1
        try:
            if one(raw, arrays, lines, kinds):
                bred.append((raw, arrays))
        except BaseException:
            print(f"after {sent:,} messages, this one: {raw!r} {arrays!r}", file=sys.stderr)
            raise

    while time.monotonic() < end:

        @seed(start + sent)
        @settings(
            deadline=None,
            max_examples=10,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(MESSAGES)
        def some(message):
            raw = bytes([rng.randrange(3), 0, 0, 0]) + json.dumps(message).encode()
            arrays = [rng.randbytes(rng.choice([0, 8, 16, 24, 48])) for _ in range(rng.randrange(3))]
            tried(raw, arrays)
            for _ in range(BROKEN):
                count = rng.randrange(3)
                text = json.dumps(bent(copy.deepcopy(message), rng)).encode()
                tried(bytes([count, 0, 0, 0]) + text, [rng.randbytes(rng.choice([8, 24, 48])) for _ in range(count)])
            for _ in range(BROKEN):
                source, beside = rng.choice([(raw, arrays), *bred[-200:]])
                tried(broken(source, rng), beside)

        some()
        sizes.append(memory())
        end = min(end, time.monotonic() + 60 * minutes)  # what comes before the first messages is not sent time
    growth = sizes[-1] - sizes[min(20, len(sizes) - 1)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"{sent:,} messages, {len(lines.known)} lines of the wire reached, {len(bred)} kept to breed from; peak {peak} MB, "
        f"growth {growth / 1e6:.1f} MB"
    )
    print("\n".join(f"{count:>9,}  {kind}" for kind, count in kinds.most_common(12)))
    return 0 if growth < GROWTH_MAX else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    given_arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    sys.exit(fuzz(given_arguments.minutes, given_arguments.seed))
