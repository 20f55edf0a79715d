"""What a stranger sees first: what the course is, where it comes from, its picture; and an index to search in."""

import html
import io
import json
import re

import numpy as np

from course_utils import convs, data
from course_utils.base import paths

REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
SIZE = (1200, 630)  # of a picture in a link's preview
FRAMES = 16
WEIGHT = np.random.default_rng(2).normal(size=(4, 10)).round(1) / 2


def rented(urls, lesson):
    """Where a lesson runs on somebody's computer, by name, if one of the addresses is a repository on GitHub.

    >>> rented({"Repository": "https://github.com/ada/course"}, "10_pytorch")["Binder"]
    'https://mybinder.org/v2/gh/ada/course/HEAD?labpath=notebooks/10_pytorch/10_pytorch.ipynb'
    >>> rented({"Documentation": "https://ada.example/course"}, "10_pytorch")
    {}
    """
    found = next(filter(None, map(REPOSITORY.fullmatch, urls.values())), None)
    if found is None:
        return {}
    notebook = f"notebooks/{lesson}/{lesson}.ipynb"
    return {
        "repository": f"https://github.com/{found[1]}",
        "Binder": f"https://mybinder.org/v2/gh/{found[1]}/HEAD?labpath={notebook}",
        "Colab": f"https://colab.research.google.com/github/{found[1]}/blob/main/{notebook}",
    }


def picture():
    """The bytes of a PNG: ten maps of a photo, and the four that a 1×1 convolution makes of them."""
    made = io.BytesIO()
    _drawn(1.0).quantize(128).save(made, "PNG", optimize=True)
    return made.getvalue()


def film():
    """The bytes of a GIF: the four output maps fill, row after row."""
    frames = [_drawn(k / (FRAMES - 1)).resize((600, 315)).quantize(32) for k in range(FRAMES)]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=[120] * (FRAMES - 1) + [2000], loop=0)
    return made.getvalue()


def _drawn(share):
    """The picture with this share of the output's rows filled."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    maps = data.feature_maps()
    outputs = convs.pointwise(maps, WEIGHT)[0]
    outputs[:, round(share * outputs.shape[1]) :] = np.nan
    fig = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    fig.text(0.04, 0.86, "3×3 is a lie", fontsize=44, fontweight="bold")
    fig.text(0.04, 0.77, "1×1 convolutions, by hand: ten maps in, four out", fontsize=23)
    for c, one in enumerate(maps[0]):
        _map(fig, one, 0.04 + 0.185 * (c % 5), 0.49 - 0.175 * (c // 5), 0.17, 0.16)
    for o, one in enumerate(outputs):
        _map(fig, one, 0.04 + 0.232 * o, 0.05, 0.216, 0.22)
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def _map(fig, numbers, left, bottom, width, height):
    axes = fig.add_axes((left, bottom, width, height))
    axes.imshow(numbers, cmap="RdBu", vmin=-3, vmax=3, aspect="auto")
    axes.set_xticks([])
    axes.set_yticks([])


def sections(pages):
    """Every section of the lessons as a script that search on the front page loads: `[address, heading, text]` each."""
    found = [section for page in pages for section in _sections(page)]
    return f"window.SECTIONS = {json.dumps(found, ensure_ascii=False)};\n"


def _sections(page):
    parts = re.split(r'<h[123] id="([^"]+)">(.*?)</h[123]>', page.body, flags=re.DOTALL)
    for name, heading, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        yield [f"{page.lesson}/index.html#{name}", f"{paths.number(page.lesson)} · {_plain(heading)}", _plain(text)]


def _plain(markup):
    """Text without tags, formulas' sources and pictures; what is coloured inside a line stays one piece.

    >>> _plain('<p>No <code><span class="n">np</span><span class="o">.</span>sum</code></p><p>here</p>')
    'No np.sum here'
    """
    markup = re.sub(r"</?(a|b|code|em|span|strong)\b[^>]*>", "", markup)
    text = re.sub(r"<annotation.*?</annotation>|<(script|style).*?</\1>|<[^>]+>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())
