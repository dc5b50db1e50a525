"""The round trip at every count: what it does to an error, and by how much it moves the count."""

import numpy as np

from countviz.analysis.why.round_trip import RoundTrip
from countviz.figures.theme import THEMES, Figure, Theme, new_figure, symbol
from countviz.models import HandSet

_HEIGHT = 380  # px
_PANEL = 0.42  # of the height


def plot_round_trip(trip: RoundTrip, theme: Theme = THEMES["light"]) -> Figure:
    """Draw the multiplier of a small error above, and the displacement below, by count."""
    figure = new_figure(
        theme,
        height=_HEIGHT,
        x_title="true count before the trip",
        y_title="a small error is multiplied by",
        margin={"l": 56},
    )
    _add_panel(figure, theme, trip, "multiplier", trip.multipliers, "y", 1.0)
    _add_panel(figure, theme, trip, "displacement", trip.displacements, "y2", 0.0)
    title = {"text": "the count is moved by, in brackets", "x": 0, "xref": "paper"}
    place = {"xanchor": "left", "y": 1, "yref": "y2 domain", "yanchor": "bottom", "yshift": 4}
    figure.add_annotation(**title, **place)
    figure.update_layout(
        xaxis={"range": [-0.5, trip.counts[-1] + 0.5], "anchor": "y2"},
        yaxis={"domain": [1 - _PANEL, 1], "range": _span(trip.multipliers, 1.0), "nticks": 5},
        yaxis2={"domain": [0, _PANEL], "range": _span(trip.displacements, 0.0), "nticks": 5},
    )
    return figure


def _add_panel(
    figure: Figure,
    theme: Theme,
    trip: RoundTrip,
    name: str,
    values: np.ndarray,
    axis: str,
    level: float,
) -> None:
    """Draw a value a count, and a dotted line where an exact counter has all of them."""
    cell, hand_set = trip.model.spec.cell, isinstance(trip.model.spec.recipe, HandSet)
    hue = theme.hue(cell)
    figure.add_scatter(
        x=trip.counts,
        y=values,
        name=name,
        mode="lines+markers",
        marker={"symbol": symbol(cell, hollow=hand_set), "size": 8, "color": hue},
        line={"color": hue, "width": 1.5, "dash": "dash" if hand_set else "solid"},
        hovertemplate="count %{x}: %{y:.4g}<extra></extra>",
        yaxis=axis,
    )
    ends = {"x0": -0.5, "x1": trip.counts[-1] + 0.5, "y0": level, "y1": level}
    exact = {"color": theme.truth, "width": 1.5, "dash": "dot"}
    figure.add_shape(type="line", **ends, yref=axis, line=exact)


def _span(values: np.ndarray, level: float) -> list[float]:
    """Return what a panel spans: its values and that of an exact counter, at most 5."""
    seen = np.append(np.clip(values[np.isfinite(values)], -5, 5), level)
    low, high = float(seen.min()), float(seen.max())
    room = max(0.12 * (high - low), 0.01)
    return [low - room, high + room]
