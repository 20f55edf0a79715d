"""CUDA graphs: calls that are captured once and replayed together, so that Python's time to ask for them is not timed.

A launch costs some 20 µs of Python, and small layers take less on a large GPU.
"""

from collections.abc import Callable

from course_utils.base.errors import CourseError


class NotCaptured(CourseError):
    """What a function does on the GPU does not go into a graph."""


def captured(function: Callable, *args: object) -> Callable[[], None]:
    """A function that replays, on the current CUDA device, all that `function(*args)` does there.

    >>> replay = captured(torch.relu, x)                         # doctest: +SKIP
    >>> replay()                                                 # doctest: +SKIP

    `function` is called twice: once for whatever libraries and compilers make at the first call, once to capture. What
    it computes lies at the same places after each replay, so it has to be kept for as long. Raises `NotCaptured` with
    the reason where a call does what a graph cannot hold, such as waiting for the device.
    """
    import torch

    graph, stream = torch.cuda.CUDAGraph(), torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        function(*args)
    torch.cuda.current_stream().wait_stream(stream)
    torch.cuda.synchronize()
    try:
        with torch.cuda.graph(graph, stream=stream):
            function(*args)
    except Exception as error:  # noqa: BLE001 - of PyTorch, of Triton, of a library: any of them may refuse
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise NotCaptured(f"cannot be captured in a CUDA graph: {reason}") from error
    return graph.replay
