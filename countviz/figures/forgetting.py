"""What is left of what was pushed first, while brackets are pushed and popped above it."""

from collections.abc import Sequence

import numpy as np

from countviz.analysis.memory.forgetting import Forgetting
from countviz.figures.theme import THEMES, Figure, Theme, legend, log_ticks, new_figure

_HEIGHT = 240
_POINTS = 300  # of a line; they lie evenly on the log axis
_DASHES = ("solid", "6px,4px")


def plot_forgetting(
    found: Sequence[tuple[str, Forgetting]], theme: Theme = THEMES["light"]
) -> Figure:
    """Draw a line a model, by its label; a ring is where half should be lost, a dot where it is."""
    most = max(one.tried for _, one in found)
    figure = new_figure(
        theme,
        height=_HEIGHT,
        x_title="symbols read above it (log scale)",
        y_title="how much of what was pushed first is read",
        margin={"l": 48, "r": 12, "t": 46, "b": 46},
    )
    figure.update_layout(
        showlegend=len(found) > 1,
        legend=legend(theme) | {"xanchor": "right", "x": 1},
        xaxis={"type": "log", "range": [np.log10(1.6), np.log10(most)], **log_ticks(2, most)},
        yaxis={"range": [-0.03, 1.06], "tickformat": ".0%", "tickvals": [0, 0.5, 1]},
    )
    for place, (label, one) in enumerate(found):
        _add_line(figure, theme, label, one, _DASHES[place % len(_DASHES)])
    return figure


def _add_line(figure: Figure, theme: Theme, label: str, one: Forgetting, dash: str) -> None:
    hue = theme.hue(one.model.spec.cell)
    at = np.unique(np.geomspace(1, one.kept.size, _POINTS).astype(int)) - 1
    figure.add_scatter(
        x=2 * (at + 1),
        y=one.kept[at],
        name=label,
        mode="lines",
        line={"color": hue, "width": 2.5, "dash": dash},
        hovertemplate=f"{label}: %{{y:.1%}} after %{{x:,}}<extra></extra>",
    )
    for x, name, symbol in (
        (one.foretold, "foretold", "circle-open"),
        (one.measured, "measured", "circle"),
    ):
        if x is not None and x <= one.tried:
            figure.add_scatter(
                x=[max(x, 2)],
                y=[0.5],
                name=name,
                mode="markers",
                marker={"color": hue, "size": 11, "symbol": symbol, "line": {"width": 2}},
                hovertemplate=f"{label}: half lost after %{{x:,.0f}}, {name}<extra></extra>",
                showlegend=False,
            )
