"""Traces: what `course bench cpu|gpu` measured, as JSON, as a table and as a picture under the measured roof."""

import json
import re
import statistics
from pathlib import Path

from course_utils.base import paths
from course_utils.base.errors import CourseError
from course_utils.device.specs import ITEMSIZES, SPECS
from course_utils.plots import roofline as figures

RECORDED = Path(__file__).parents[1] / "data" / "traces"  # made on real devices, and part of the course
ABOVE = 1.05  # shares of the roof above this cannot be: the ceiling was measured wrongly
KEYS = ("device", "date", "ceilings", "records")


def own():
    """The folder of the traces made on this computer."""
    return paths.private() / "traces"


def read(folder):
    """The traces in a folder, by the name of the device; an empty dictionary where there are none.

    >>> read(RECORDED / "nowhere")
    {}
    """
    found = {}
    for file in sorted(Path(folder).glob("*.json")):
        try:
            trace = json.loads(file.read_text(encoding="utf-8"))
            found[trace["device"]["name"]] = {key: trace[key] for key in KEYS}
        except (ValueError, KeyError, TypeError):
            raise CourseError(f"{file} is not a trace. Delete it; `course bench cpu` makes a new one.") from None
    return found


def write(trace):
    """Write a trace and its picture, named after the device; return both paths."""
    name = re.sub(r"[^a-z0-9]+", "-", trace["device"]["name"].lower()).strip("-")
    file = own() / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    head = json.dumps({name: value for name, value in trace.items() if name != "records"}, indent=1).removesuffix("\n}")
    rows = ",\n  ".join(map(json.dumps, trace["records"]))  # a line each
    file.write_text(f'{head},\n "records": [\n  {rows}\n ]\n}}\n', encoding="utf-8")
    picture(trace).savefig(file.with_suffix(".png"), dpi=150, facecolor="white")
    return file, file.with_suffix(".png")


def table(trace):
    """One line for each layer, batch and type: milliseconds of each way, and its share of the measured roof."""
    ways = list(dict.fromkeys(_way(record) for record in trace["records"]))
    roofs = trace["ceilings"]
    peaks = ", ".join(f"{dtype} {peak / 1e9:,.0f} GFLOP/s" for dtype, peak in roofs["peaks"].items())
    lines = [
        f"Ceilings: memory {roofs['bandwidth'] / 1e9:,.1f} GB/s, copy {roofs['copy'] / 1e9:,.1f}; product {peaks}.",
        "Milliseconds (median; ± half of the middle half) and share of the roof; bias and ReLU included.\n",
        f"{'layer':19} {'n':>3} {'type':4} " + "".join(f"{way:>22}" for way in ways),
    ]
    rows = {}
    for record in trace["records"]:
        rows.setdefault((*record["layer"], record["n"], record["dtype"]), {})[_way(record)] = _cell(record)
    for (c_in, c_out, side, n, dtype), cells in rows.items():
        name = f"{c_in} → {c_out}, {side}×{side}"
        lines.append(f"{name:19} {n:3} {dtype:4} " + "".join(f"{cells.get(way, '–'):>22}" for way in ways))
    return "\n".join(lines + _how_timed(trace["records"]))


def _how_timed(records):
    """Lines on CUDA graphs, where there are any."""
    both = [record for record in records if "seconds launched" in record]
    loose = [one for one in both if "not captured" in one]
    lines = [""] * bool(both)
    if len(both) > len(loose):
        ratios = [one["seconds launched"]["median"] / one["seconds"]["median"] for one in both if one not in loose]
        lines.append(
            "Replayed from CUDA graphs, without Python's launches. With them the calls take "
            f"{statistics.median(ratios):.2f} times as long in the median, {max(ratios):.2f} times at most."
        )
    for way in dict.fromkeys(map(_way, loose)):
        those = [one for one in loose if _way(one) == way]
        lines.append(f"* {way}: {len(those)} timed as Python launches them; the first {those[0]['not captured']}.")
    return lines


def doubts(trace):
    """What is wrong with the measurements, in sentences."""
    wrong = [record for record in trace["records"] if "error" in record]
    above = [record for record in trace["records"] if record.get("share of the roof", 0) > ABOVE]
    said = [
        f"{_name(record)}: off by {record['error']:.1e} of the RMS against float64, so not timed." for record in wrong
    ]
    stopped = [record for record in trace["records"] if "stopped" in record]
    for reason in dict.fromkeys(record["stopped"] for record in stopped):
        those = [record for record in stopped if record["stopped"] == reason]
        said.append(f"{_name(those[0])}{f', and {len(those) - 1} more' * (len(those) > 1)}: stopped with {reason}")
    if above:
        worst = max(above, key=lambda one: one["share of the roof"])
        said.append(
            f"{len(above)} of {len(trace['records'])} points lie above the measured roof, {_name(worst)} at "
            f"{worst['share of the roof']:.0%}. No layer can do that: the ceiling was measured wrongly, most often "
            "because something else ran at that moment. Measure again on a quiet machine."
        )
    if trace.get("left out for time"):
        said.append(f"{trace['left out for time']} measurements were left out, for time.")
    return said


def picture(trace):
    """The measured roofs and the best way of each layer, by type of number."""
    roofs = {dtype: (peak, trace["ceilings"]["bandwidth"]) for dtype, peak in trace["ceilings"]["peaks"].items()}
    best = {}
    for record in trace["records"]:
        key = record["dtype"], tuple(record["layer"]), record["n"]
        if record.get("FLOP/s", 0) > best.get(key, {"FLOP/s": 0})["FLOP/s"]:
            best[key] = record
    points = {}
    for (dtype, _, n), one in best.items():
        many = points.setdefault(f"{dtype}, n = {n}", ([], []))
        many[0].append(one["intensity"])
        many[1].append(one["FLOP/s"])
    title = f"{trace['device']['name']}, {trace['date'][:10]}: each layer by its fastest way"
    return figures.roofline(roofs, points, title)


def forecast(name, dtype="bf16", n=256):
    """The benchmark's layers under the roof that a data sheet promises: computed, not measured, on nobody's device.

    >>> fig = forecast("H200 SXM")

    `name` is one of `device.SPECS`, `n` the number of images. No layer can be faster than the points say.
    """
    from course_utils.bench.paths import LAYERS

    spec = SPECS[name]
    roof = spec.peaks[dtype], spec.bandwidth
    points = {f"{dtype}, n = {n}, at best": figures.pointwise_points(roof, LAYERS, n, ITEMSIZES[dtype])}
    return figures.roofline(
        {"data sheet": roof}, points, f"FORECAST for {name}: computed from its data sheet, not measured"
    )


def _way(one):
    return f"{one['path']}, {one['layout']}"


def _name(one):
    c_in, c_out, side = one["layer"]
    return f"{c_in} → {c_out} at {side}×{side}, n = {one['n']}, {one['dtype']}, {_way(one)}"


def _cell(one):
    if "seconds" not in one:
        return "wrong" if "error" in one else "stopped"
    low, high = one["seconds"]["low"], one["seconds"]["high"]
    spread = f"{1e3 * one['seconds']['median']:.3g} ±{500 * (high - low):.1g}"
    return f"{spread} {one['share of the roof']:5.0%}{'*' * ('not captured' in one)}"
