"""How a bounded state comes to rest: by how much each bracket that is opened still moves it."""

import numpy as np

from countviz.analysis.seeds.capacity import Capacity
from countviz.analysis.trajectory.trajectory import thin
from countviz.figures.theme import THEMES, Figure, Theme, log_ticks, new_figure
from countviz.words import count_nouns

_POINTS = 1_000


def plot_capacity(capacity: Capacity, theme: Theme = THEMES["light"]) -> Figure:
    """Draw the moves on a log scale, and how many brackets are closed again rightly."""
    figure = new_figure(
        theme,
        height=300,
        x_title="brackets opened in a row",
        y_title="by how much the state still moves (log scale)",
        margin={"l": 52},
    )
    moves = np.where(capacity.moves > 0, capacity.moves, np.nan)
    known = moves[np.isfinite(moves)]
    low, high = (known.min() / 3, known.max() * 3) if known.size else (1e-3, 1.0)
    figure.update_layout(
        xaxis={"range": [0, moves.size + 1], "tickformat": ",d", "nticks": 6},
        yaxis={"type": "log", "range": np.log10([low, high]).tolist(), **log_ticks(low, high)},
    )
    positions, shown = thin(moves, 1 if moves.size <= _POINTS else 2 * -(-moves.size // _POINTS))
    cell = capacity.model.spec.cell
    figure.add_scatter(
        x=positions + 1,
        y=shown,
        name="moves",
        mode="lines+markers" if moves.size < 10 else "lines",
        line={"color": theme.hue(cell), "width": 2.5},
        hovertemplate="bracket %{x:,d}: %{y:.2g}<extra></extra>",
    )
    figure.add_vline(x=capacity.closed, line={"color": theme.ink, "width": 1.5, "dash": "4px,4px"})
    figure.add_annotation(
        text=f"closes up to {count_nouns(capacity.closed, 'bracket')} again",
        x=capacity.closed,
        xanchor="left",
        xshift=6,
        y=1,
        yref="paper",
        yanchor="top",
    )
    return figure
