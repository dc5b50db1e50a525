"""Where a model first errs on zigzags of one length, against the height of their peaks."""

import numpy as np

from countviz.analysis.count.first_mistakes import KINDS
from countviz.analysis.drift.failure_by_depth import FailureByDepth
from countviz.figures.drift import HEIGHT, SYMBOLS, add_reference, add_seeds
from countviz.figures.theme import THEMES, Figure, Theme, log_ticks, new_figure


def plot_failure_by_depth(report: FailureByDepth, theme: Theme = THEMES["light"]) -> Figure:
    """Draw the first mistake of a model, of the seeds of its family, and of a constant one."""
    figure = new_figure(
        theme,
        height=HEIGHT,
        x_title="height of the peaks, in brackets (log scale)",
        y_title=f"bracket of the first mistake, of {report.length:,}",
        margin={"l": 56, "r": 16, "t": 28, "b": 48},
    )
    low, high = report.depths[0] / 1.2, report.depths[-1] * 1.2
    ticks = log_ticks(low, high, most=7)
    figure.update_xaxes(type="log", range=[np.log10(low), np.log10(high)], **ticks)
    figure.update_yaxes(range=[0, 1.1 * report.length], nticks=5, tickformat=",d")
    if report.seeds is not None:
        add_seeds(figure, theme, report.model.spec.cell, report.seeds, 0.0, add=1)
    ends = np.full(report.depths.size, report.length)
    depths, always = report.depths, report.constant + 1
    add_reference(figure, theme, "exact counter: none", depths, ends, exact=True)
    add_reference(figure, theme, "always “open”", depths, always, exact=False, place=1)
    hue = theme.hue(report.model.spec.cell)
    figure.add_scatter(
        x=report.depths,
        y=np.minimum(report.position + 1, report.length),
        customdata=[KINDS[kind] for kind in report.kind],
        name="model",
        mode="lines+markers",
        line={"color": hue, "width": 2.5},
        marker={
            "symbol": [SYMBOLS[kind] for kind in report.kind],
            "size": 9,
            "color": hue,
            "line": {"color": theme.background, "width": 1},
        },
        cliponaxis=False,
        hovertemplate="peaks of %{x}: %{customdata}, at %{y:,}<extra></extra>",
    )
    return figure
