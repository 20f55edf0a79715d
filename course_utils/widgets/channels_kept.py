"""Channels kept: reduce the channels of a picture to m, rebuild them, and see what is lost with every m."""

from collections.abc import Mapping

import numpy as np
import traitlets

from course_utils import data
from course_utils.base.errors import CourseError
from course_utils.experiments import reduction
from course_utils.widgets.canvas import Canvas, img, row, script
from course_utils.widgets.codes import coded
from course_utils.widgets.values import Whole, between, finite, named, one_of

WAYS = ("best m mixes (PCA)", "m random mixes", "first m channels")
BITS = 8  # pixels are looked at; what is written out is computed from how the channels vary, which is exact
OPENS = "real scene"  # of the examples: something to recognise


def examples(seed: int = 0) -> dict[str, np.ndarray]:
    """Stacks of channels (C, H, W), from those that share nothing to those that are mixes of three.

    >>> {name: maps.shape for name, maps in examples().items()}     # doctest: +NORMALIZE_WHITESPACE
    {'noise': (8, 60, 90), 'correlated maps': (10, 60, 90),
     'exactly low rank': (10, 60, 90), 'real scene': (4, 100, 100)}
    """
    rng = np.random.default_rng(seed)
    photo = data.photo("coffee", longest=90).transpose(2, 0, 1) / 255
    return {
        "noise": rng.standard_normal((8, 60, 90)),
        "correlated maps": data.feature_maps(10, longest=90)[0],
        "exactly low rank": np.tensordot(rng.standard_normal((10, 3)), photo, axes=1),
        "real scene": data.scene().values[:, 1::3, 1::3],
    }


def channels_kept(given: Mapping[str, np.ndarray] | None = None, seed: int = 0) -> "ChannelsKept":
    """Keep m of the channels and rebuild them all by the best linear decoder; see the picture, the loss, the spectrum.

    >>> kept = channels_kept()
    >>> kept.data = "exactly low rank"
    >>> kept.kept = 3
    >>> round(kept.loss(), 6)
    0.0

    `given` maps a name to channels (C, H, W). `data`, `way` (one of `WAYS`), `kept` and `channel`, the channel on show,
    can be read and set. Channel means are removed first and put back at the end.
    """
    given = named("channels_kept: given", examples() if given is None else given, "channels (C, H, W)")
    stacks = {name: finite(f"channels_kept: {name}", maps) for name, maps in given.items()}
    rng = np.random.default_rng([between("channels_kept: seed", seed, 0, 2**32 - 1), 6])
    weights = []
    for name, maps in stacks.items():
        if maps.ndim != 3 or len(maps) < 2 or not maps.size:
            raise CourseError(f"channels_kept: {name} has shape {maps.shape}, expected (C, H, W) with C ≥ 2.")
        c = len(maps)
        weights += [reduction.principal(maps[None])[0], rng.standard_normal((c, c)), np.eye(c)]
    sent = [_sent(maps.reshape(len(maps), -1)) for maps in stacks.values()]
    made = ChannelsKept(
        names=list(stacks),
        sizes=[maps.shape for maps in stacks.values()],
        weights=b"".join(weight.astype("<f4").tobytes() for weight in weights),
        maps=b"".join(codes for codes, _ in sent),
        looks=[look for _, look in sent],
    )
    made.stacks = stacks
    made.data = OPENS if OPENS in stacks else next(iter(stacks))
    return made


def _parts(rows):
    """Channels (C, P) without their means as mix (C, R) @ basis (R, P); R is below C where some are mixes of others."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    rank = int(np.linalg.matrix_rank(centred))
    if rank == len(rows):
        return np.eye(rank), centred
    left, sizes, right = np.linalg.svd(centred, full_matrices=False)
    return left[:, :rank] * sizes[:rank], right[:rank]


def _sent(rows):
    """The pixels of channels (C, P) in few bytes; and how they vary together and are mixed, exactly."""
    mix, basis = _parts(rows)
    codes, scales = coded(basis, BITS)
    cov, middle = np.atleast_2d(np.cov(rows, bias=True)), rows.mean(axis=1)
    return codes, {"cov": cov.tolist(), "middle": middle.tolist(), "mix": mix.tolist(), "scales": scales}


class ChannelsKept(Canvas):
    """The widget that `channels_kept()` returns."""

    _esm = script("channels_kept.js")
    names = traitlets.List().tag(sync=True, fixed=True)
    sizes = traitlets.List().tag(sync=True, fixed=True)  # (C, H, W) of each stack
    stacks: dict[str, np.ndarray]
    maps = traitlets.Bytes().tag(sync=True, fixed=True)  # a byte a number, what `_sent` makes of each stack
    looks = traitlets.List().tag(sync=True, fixed=True)  # of each stack: cov, middle, mix, scales
    weights = traitlets.Bytes().tag(sync=True, fixed=True)  # float32, (C, C) a stack and way: row m is output m
    ways = traitlets.List(list(WAYS)).tag(sync=True, fixed=True)
    data = traitlets.Unicode().tag(sync=True)
    way = traitlets.Unicode(WAYS[0]).tag(sync=True)
    kept = Whole(1).tag(sync=True)
    channel = Whole(0).tag(sync=True)

    @traitlets.validate("data", "way")
    def _check_name(self, proposal):
        name, known = proposal["trait"].name, self.names if proposal["trait"].name == "data" else self.ways
        return one_of(f"channels_kept: {name}", proposal["value"], known)

    @traitlets.validate("kept", "channel")
    def _check_number(self, proposal):
        name, c = proposal["trait"].name, self._shape[0]
        low, high = (1, c) if name == "kept" else (0, c - 1)
        return between(f"channels_kept: {name}", proposal["value"], low, high)

    @traitlets.observe("data")
    def _stay_inside(self, _change):
        self.kept = min(self.kept, self._shape[0])
        self.channel = min(self.channel, self._shape[0] - 1)

    @property
    def _shape(self):
        return tuple(self.sizes[self.names.index(self.data)]) if self.data else (2, 1, 1)

    @property
    def x(self) -> np.ndarray:
        """The stack on show as one image, (1, C, H, W)."""
        return self.stacks[self.data][None].astype(float)

    @property
    def weight(self) -> np.ndarray:
        """The reduction on show, (kept, C)."""
        c, at = self._shape[0], self.names.index(self.data)
        before = sum(len(self.ways) * size[0] ** 2 for size in self.sizes[:at]) + self.ways.index(self.way) * c * c
        return np.frombuffer(self.weights, "<f4", c * c, 4 * before).reshape(c, c)[: self.kept].astype(float)

    def loss(self) -> float:
        """The share of the variance that is lost."""
        return reduction.share_lost(self.x, self.weight)

    def as_text(self) -> str:
        c = self._shape[0]
        return f"{self.data}: {self.kept} of {c} channels kept, {self.way}. {self.loss():.1%} of the variance is lost."

    def as_html(self) -> str:
        before, after = (x[0, self.channel] for x in (self.x, reduction.restored(self.x, self.weight)))
        low, high = before.min(), max(before.max(), before.min() + 1e-12)
        cells = []
        for picture, caption in ((before, f"channel {self.channel}"), (after, f"rebuilt from {self.kept}")):
            grey = (np.clip((picture - low) / (high - low), 0, 1) * 255).astype(np.uint8)
            cells.append((img(grey, f"Channel {self.channel} of the data {self.data}: {caption}", 260), caption))
        return f"<p>{self.as_text()}</p>" + row(*cells)
