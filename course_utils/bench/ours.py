"""What a trace says about the course's own kernel: beside PyTorch's ways, the memory's copy, and cuBLAS."""

from typing import NamedTuple

from course_utils.bench.paths import WAYS

RESNET = ((64, 256, 56), (256, 64, 56), (128, 512, 28), (512, 128, 28))  # its layers that the memory limits
WIDE = (1024, 1024, 7)  # MobileNetV1's last, which computing limits
TYPES = ("fp16", "bf16")
UNFUSED, CUBLAS = ("Conv2d", "Linear", "matmul"), ("Linear", "matmul")
WANTED = {"layers": 3, "copy": 0.85, "cuBLAS": 0.8}  # what the kernel is written for


class Bar(NamedTuple):
    """Something the kernel is written for: what was measured (None: not yet), what is wanted, and how to say either."""

    name: str
    got: float | None
    wanted: float
    form: str

    @property
    def outcome(self):
        """ "met", "missed" or "not measured"."""
        return "not measured" if self.got is None else "met" if self.got >= self.wanted else "missed"

    def __str__(self):
        got = "" if self.got is None else f"{self.got:{self.form}}, "
        return f"{self.outcome:12} {self.name}: {got}wanted {self.wanted:{self.form}}"


def bars(trace, dtype):
    """The three bars for a type of number, each `Bar` from the records of the largest batch.

    >>> [bar.outcome for bar in bars({"records": [], "ceilings": {"copy": 1e12}}, "bf16")]
    ['not measured', 'not measured', 'not measured']

    One is measured when our kernel and all that it is compared with were.
    """
    those = [record for record in trace["records"] if record["dtype"] == dtype]
    largest = max((record["n"] for record in those), default=None)
    records = [record for record in those if record["n"] == largest]
    ratios = [_ratio(records, layer, UNFUSED) for layer in RESNET]
    won = None if None in ratios else sum(ratio >= 1 for ratio in ratios)
    narrow = _settled(records, RESNET[0], ("Triton",))
    share = narrow and narrow["byte/s"] / trace["ceilings"]["copy"]
    wide = _ratio(records, WIDE, CUBLAS)
    return [
        Bar(f"{dtype}, layers of {len(RESNET)} that PyTorch does not do faster", won, WANTED["layers"], "d"),
        Bar(f"{dtype}, share of the copy's byte/s for {_name(RESNET[0])}", share, WANTED["copy"], ".0%"),
        Bar(f"{dtype}, speed beside cuBLAS for {_name(WIDE)}", wide, WANTED["cuBLAS"], ".2f"),
    ]


def _ratio(records, layer, others):
    """Seconds of the fastest of the others over ours; None before all of them were tried."""
    ours, other = (_settled(records, layer, those) for those in (("Triton",), others))
    return seconds(other) / seconds(ours) if ours and other else None


def _settled(records, layer, paths):
    """The fastest record of some paths with a layer; None before each was tried in each of its layouts."""
    tried = {(record["path"], record["layout"]) for record in records if tuple(record["layer"]) == layer}
    return fastest(records, layer, paths) if {way for way in WAYS if way.path in paths} <= tried else None


def summary(trace):
    """Lines on our kernel, for each type of 16 bits and the largest batch; none where it was not measured.

    A ratio is seconds of the others over ours: above 1 ours is faster. Bias and ReLU are in all of them.
    """
    lines = []
    for dtype in TYPES:
        timed = [record for record in trace["records"] if "seconds" in record and record["dtype"] == dtype]
        largest = max((record["n"] for record in timed if record["path"] == "Triton"), default=None)
        if largest is not None:
            records = [record for record in timed if record["n"] == largest]
            lines += [f"Our kernel, {dtype}, n = {largest}; each way in its faster layout."]
            lines += [*_lines(trace, records), ""]
    return lines


def _lines(trace, records):
    copy = trace["ceilings"]["copy"]
    ridge = trace["ceilings"]["peaks"][records[0]["dtype"]] / trace["ceilings"]["bandwidth"]
    ratios = {}
    for layer in RESNET:
        ours, other = fastest(records, layer, ("Triton",)), fastest(records, layer, UNFUSED)
        if ours and other:
            ratios[layer] = ratio = seconds(other) / seconds(ours)
            beside = f"{_way(ours)}; {_way(other)}: ratio {ratio:.2f}"
            yield f"  {_name(layer):19} {beside}, {ours['byte/s'] / copy:.0%} of the copy's byte/s"
    won = sum(ratio >= 1 for ratio in ratios.values())
    yield f"  As fast as the fastest of PyTorch's, or faster: {won} of {len(RESNET)} layers; wanted {WANTED['layers']}."
    if RESNET[0] in ratios:
        share = fastest(records, RESNET[0], ("Triton",))["byte/s"] / copy
        yield f"  Share of the copy's byte/s for {_name(RESNET[0])}: {share:.0%}; wanted {WANTED['copy']:.0%}."
    wide = max(records, key=lambda one: one["intensity"])
    ours, cublas = (fastest(records, tuple(wide["layer"]), paths) for paths in (("Triton",), CUBLAS))
    if wide["intensity"] > ridge and ours and cublas:
        yield (
            f"  Beside cuBLAS for {_name(wide['layer'])}, limited by computing: {seconds(cublas) / seconds(ours):.2f} "
            f"times as fast; wanted {WANTED['cuBLAS']}. {_way(ours)}; {_way(cublas)}."
        )


def fastest(records, layer, paths):
    """The record of the fastest of these paths with a layer, in any layout; None where there is none."""
    those = [
        record
        for record in records
        if tuple(record["layer"]) == layer and record["path"] in paths and "seconds" in record
    ]
    return min(those, key=seconds, default=None)


def seconds(one):
    return one["seconds"]["median"]


def _way(one):
    return f"{one['path']} ({one['layout']}) {1e3 * seconds(one):.3g} ms"


def _name(layer):
    c_in, c_out, side = layer
    return f"{c_in} → {c_out}, {side}×{side}"
