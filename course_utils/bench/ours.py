"""What a trace says about the course's own kernel: beside PyTorch's ways, the memory's copy, and cuBLAS."""

RESNET = ((64, 256, 56), (256, 64, 56), (128, 512, 28), (512, 128, 28))  # its layers that the memory limits
UNFUSED, CUBLAS = ("Conv2d", "Linear", "matmul"), ("Linear", "matmul")
WANTED = {"layers": 3, "copy": 0.85, "cuBLAS": 0.8}  # what the kernel is written for


def summary(trace):
    """Lines on our kernel, for each type of 16 bits and the largest batch; none where it was not measured.

    A ratio is seconds of the others over ours: above 1 ours is faster. Bias and ReLU are in all of them.
    """
    lines = []
    for dtype in ("fp16", "bf16"):
        timed = [one for one in trace["records"] if "seconds" in one and one["dtype"] == dtype]
        largest = max((one["n"] for one in timed if one["path"] == "Triton"), default=None)
        if largest is not None:
            records = [one for one in timed if one["n"] == largest]
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
    those = [one for one in records if tuple(one["layer"]) == layer and one["path"] in paths]
    return min(those, key=seconds, default=None)


def seconds(one):
    return one["seconds"]["median"]


def _way(one):
    return f"{one['path']} ({one['layout']}) {1e3 * seconds(one):.3g} ms"


def _name(layer):
    c_in, c_out, side = layer
    return f"{c_in} → {c_out}, {side}×{side}"
