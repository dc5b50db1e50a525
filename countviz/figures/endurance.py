"""How far into long strings each seed is right, against its validation loss."""

import numpy as np

from countviz.analysis.seeds.endurance import Endurance
from countviz.analysis.seeds.luck import Seeds
from countviz.figures.theme import Figure, Theme, log_ticks, mark_label, new_figure, symbol

_LABEL = 150  # symbols that a label roughly takes


def plot_endurance(endurance: Endurance, theme: Theme) -> Figure:
    """Draw a mark a seed; those that did not learn are outlined, a model that cannot count a line.

    Every mark carries its model's address.
    """
    groups = endurance.luck.groups
    losses = np.concatenate([group.loss for group in groups])
    losses = losses[np.isfinite(losses) & (losses > 0)]
    low, high = (losses.min() / 4, losses.max() * 4) if losses.size else (1e-12, 1)
    figure = new_figure(
        theme,
        height=266,
        x_title="validation loss (mean squared error, log scale)",
        y_title="mean first point of failure, in brackets",
        margin={"l": 44, "r": 8, "t": 30, "b": 44},
    )
    figure.update_layout(
        dragmode="pan",  # of fixed axes: a click chooses, and a finger scrolls the page
        newselection={"line": {"color": theme.ink, "width": 1, "dash": "dot"}},
        xaxis={"type": "log", "range": [np.log10(low), np.log10(high)], **log_ticks(low, high)},
        yaxis={"range": [0, 1.1 * endurance.length], "nticks": 5, "tickformat": ",d"},
    )
    _add_constant(figure, theme, endurance)
    for (label, group), fpf in zip(endurance.luck, endurance.mean_fpf, strict=True):
        for member, hollow in ((~group.learned, True), (group.learned, False)):
            figure.add_scatter(
                x=np.maximum(group.loss, low)[member],
                y=fpf[member],
                customdata=np.array(group.addresses)[member].tolist(),
                name=label,
                mode="markers",
                marker={
                    "color": theme.hue(group.cell),
                    "size": 8,
                    "symbol": symbol(group.cell, hollow=hollow),
                    "opacity": 0.75,
                },
                hovertemplate="%{customdata}: %{y:,.0f}<extra></extra>",
            )
        alone = sum(other.cell == group.cell for other in groups) == 1  # else marks are alike
        if alone and group.learned.any():
            _add_label(figure, theme, label, group, fpf, endurance.constant)
    return figure


def _add_constant(figure: Figure, theme: Theme, endurance: Endurance) -> None:
    figure.add_hline(endurance.constant, line={"color": theme.ink, "width": 2, "dash": "dash"})
    figure.add_annotation(
        text=f"always answering “open”: {endurance.constant:,.0f}",
        x=0.42,
        xref="paper",
        y=endurance.constant,
        yanchor="bottom" if endurance.constant < 0.85 * endurance.length else "top",
    )


def _add_label(
    figure: Figure, theme: Theme, label: str, group: Seeds, fpf: np.ndarray, constant: float
) -> None:
    """Write a family's name over its seeds that learned, or below them if a line is in the way."""
    low, high = fpf[group.learned].min(), fpf[group.learned].max()
    below = abs(high + _LABEL - constant) < _LABEL
    figure.add_scatter(
        x=[np.median(group.loss[group.learned])],
        y=[low if below else high],
        mode="text",
        text=[mark_label(theme, group.cell, label)],
        textposition="bottom center" if below else "top center",
        cliponaxis=False,
        hoverinfo="skip",
    )
