"""Widgets on a page without a kernel: each model's module, style and state, as data for host.js."""

import base64
import gzip
import json

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def models(nb):
    """The widgets of a notebook that draw themselves in the browser: model id -> name, `esm`, `css`, `state`.

    >>> models({"metadata": {}})
    {}
    """
    saved = nb["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    return {name: _model(model) for name, model in saved.items() if "_esm" in model["state"]}


def _model(model):
    state = {name: value for name, value in model["state"].items() if not name.startswith("_") and name != "layout"}
    for buffer in model.get("buffers", []):
        raw = base64.b64decode(buffer["data"])
        (name,) = buffer["path"]  # bytes are traits of their own in this course, never inside another
        state[name] = {"gzip": base64.b64encode(gzip.compress(raw, mtime=0)).decode("ascii")}
    name = model["state"].get("_anywidget_id", "").split(".")[-2:-1]  # course_utils.widgets.scan.Scan
    code = {"esm": model["state"]["_esm"], "css": model["state"].get("_css", "")}
    return {"name": "".join(name), **code, "state": state}


def packed(models):
    """JSON for a `<script>` element; a module that several models share is there once.

    >>> packed({"a": {"esm": "export …", "css": "", "state": {"n": 1}}})
    '{"modules": ["export …"], "models": {"a": {"module": 0, "state": {"n": 1}}}}'
    """
    modules = list(dict.fromkeys(model["esm"] for model in models.values()))
    data = {name: {"module": modules.index(model["esm"]), "state": model["state"]} for name, model in models.items()}
    return json.dumps({"modules": modules, "models": data}, ensure_ascii=False).replace("</", "<\\/")
