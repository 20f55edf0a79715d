"""Pictures that a learner pasted into text: kept as what a notebook calls attachments, so that text stays text."""

import re

import nbformat

PICTURES = ("image/png", "image/jpeg")
PICTURES_MAX = 30_000_000  # characters of all pictures in a notebook
COUNT_MAX = 2_000  # pictures of a notebook; what is there beyond them stays text, and a long one
INLINE = re.compile(r"data:(image/[a-z.+-]+);base64,([A-Za-z0-9+/=]*)")


def unpacked(nb):
    """The notebook with pictures taken out of the text that holds them, and a note if there were too many.

    ![notes](data:image/png;base64,iVBO…)   becomes   ![notes](attachment:pasted-1)
    """
    cells, room, left_out, more = [], PICTURES_MAX, 0, COUNT_MAX
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            source, found = _apart(cell.source, more)
            more -= len(found)
            named = cell.get("attachments")
            found = (named if isinstance(named, dict) else {}) | found
            kept = {}
            for name, kinds in found.items():
                size = sum(map(len, map(str, kinds.values()))) if isinstance(kinds, dict) else 0
                kept |= {name: kinds} if size <= room else {}
                left_out += size > room
                room -= size if size <= room else 0
            cell = nbformat.from_dict({**cell, "source": source} | ({"attachments": kept} if found else {}))
        cells.append(cell)
    note = f"{left_out} pictures in the text were left out: a notebook has room for {PICTURES_MAX // 1_000_000} MB"
    return nbformat.from_dict({**nb, "cells": cells}), [note] if left_out else []


def attach(own, cell):
    """Give a cell of Markdown the pictures that a learner put into it."""
    named = cell.get("attachments")
    if own.cell_type == "markdown" and isinstance(named, dict):
        kept = {
            str(name): {kind: data for kind, data in kinds.items() if kind in PICTURES and isinstance(data, str)}
            for name, kinds in named.items()
            if isinstance(kinds, dict)
        }
        own.attachments = nbformat.from_dict({name: kinds for name, kinds in kept.items() if kinds})


def _apart(source, most):
    """Text with a name in place of each of so many pictures, and the pictures by these names."""
    found = {}
    if most <= 0:  # which `sub` would take for all
        return source, found

    def name_it(match):
        name = f"pasted-{len(found) + 1}"
        found[name] = {match[1]: match[2]}
        return f"attachment:{name}"

    return INLINE.sub(name_it, source, most), found
