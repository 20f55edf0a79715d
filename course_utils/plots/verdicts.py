"""Figures of experiments that decide: their numbers in several worlds and a claim's range; a contest's scores."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from course_utils.base.errors import CourseError
from course_utils.plots.figure import FIRST, SECOND, figure


def worlds(numbers: dict[str, Sequence[float]], low: float, high: float, title: str) -> Figure:
    """The numbers of repeated runs as dots, a line for each world; shaded is the range that agrees with the claim.

    >>> fig = worlds({"real": [0.2, 0.3], "impostor": [1.0, 1.0]}, low=0.99, high=1.01, title="share of maps")

    `numbers` maps the name of a world to one number a run.
    """
    if not numbers or not all(len(values) for values in numbers.values()):
        raise CourseError("worlds: there is a world without numbers; give each at least one run.")
    reach = [value for values in numbers.values() for value in values]
    least, most = min(*reach, 0), max(*reach, low if np.isfinite(low) else 0)
    margin = 0.04 * (most - least) or 0.5
    fig = figure(8, 0.9 + 0.65 * len(numbers))
    axes = fig.subplots()
    axes.axvspan(max(low, least - margin), min(high, most + margin) + margin / 8, color=SECOND, alpha=0.25, linewidth=0)
    for y, values in enumerate(reversed(numbers.values())):
        spread = np.linspace(-0.3, 0.3, len(values)) if len(values) > 1 else np.zeros(1)
        axes.plot(values, y + spread, "o", color=FIRST, alpha=0.6, markersize=5, markeredgewidth=0)
    axes.set_yticks(range(len(numbers)), list(numbers)[::-1])
    axes.set_ylim(-0.5, len(numbers) - 0.5)
    axes.set_xlim(least - margin, most + margin)
    axes.set_xlabel(f"{title} (shaded: what the claim says)")
    axes.spines[["top", "right"]].set_visible(False)
    return fig


def contest(scores: Mapping, budgets: Sequence) -> Figure:
    """Hidden accuracies at several budgets: a dot for each seed, a bar for their mean; every run is shown.

    >>> fig = contest({"3×3 only": [[0.93, 0.94]], "with 1×1": [[0.95, 0.96]]}, budgets=[15_000])

    `scores` maps the name of a network to one list of accuracies a budget.
    """
    fig = figure(7, 3)
    axes = fig.subplots()
    for side, ((name, lists), colour, marker) in enumerate(zip(scores.items(), (FIRST, SECOND), "os", strict=True)):
        for k, values in enumerate(lists):
            x = k + 0.3 * side - 0.15
            spread = np.linspace(-0.06, 0.06, len(values))
            axes.plot(x + spread, values, marker, color=colour, label=name if k == 0 else None)
            axes.plot([x - 0.1, x + 0.1], [np.mean(values)] * 2, color=colour, linewidth=2)
            axes.text(x, max(values) + 0.003, f"{np.mean(values):.3f}", ha="center", va="bottom", fontsize=9)
    axes.set_xticks(range(len(budgets)), [f"{budget:,} MACs" for budget in budgets])
    axes.set_xlim(-0.5, len(budgets) - 0.5)
    axes.margins(y=0.15)
    axes.set_ylabel("accuracy, hidden digits")
    axes.legend(frameon=False, loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
    return fig
