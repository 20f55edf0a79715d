"""Messages over a socket, to a stranger and back: in time, and no longer than it may be."""

import socket
import time

PART = 1 << 20  # bytes that are read at a time: room is taken for what has come, not for what is promised


class Frames:
    """One end of a socket. A message is its length in four bytes, then its bytes, as `multiprocessing` sends it.

    `deadline` is a moment of `time.monotonic()`; reading and writing, a whole message or half of one, end there with
    `TimeoutError`. The other side's end raises `EOFError` or another `OSError`.
    """

    def __init__(self, descriptor):
        self.socket, self.deadline = socket.socket(fileno=descriptor), None

    def send_bytes(self, *contents):
        """Send messages in one go: whoever waits for them is woken once."""
        self._in_time()
        self.socket.sendall(b"".join(part for one in contents for part in (len(one).to_bytes(4, "big"), one)))

    def recv_bytes(self, most):
        """The next message; one that says it is longer than `most` raises `ValueError`."""
        length = int.from_bytes(self._read(4), "big")
        if length > most:
            raise ValueError(f"a message of {length:,} bytes")
        return self._read(length)

    def close(self):
        self.socket.close()

    def _read(self, length):
        content = bytearray()
        while len(content) < length:
            self._in_time()
            part = self.socket.recv(min(length - len(content), PART))
            if not part:
                raise EOFError
            content += part
        return content

    def _in_time(self):
        left = None if self.deadline is None else self.deadline - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError
        self.socket.settimeout(left)
