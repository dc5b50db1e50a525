"""The corridor in a unit's own measure: the band of values to finish from, and what it held."""

import numpy as np

from countviz.analysis.trajectory.trajectory import thin
from countviz.analysis.why.state_corridor import StateCorridor
from countviz.figures.corridor import UNSEEN
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure

POINTS = 1_600  # of a series
_HEIGHT, _STRIP, _GAP = 460, 0.27, 0.1  # px; shares of the panel below and of what parts the two
_MOST = 2.0  # widths of the band; what lies further off leaves the panel below
_LARGEST = 1e9  # what is beyond has overflowed


def plot_state_corridor(
    corridor: StateCorridor, theme: Theme = THEMES["light"], at: int | None = None
) -> Figure:
    """Draw the band of values from which the string can be finished, and the values there were."""
    figure = new_figure(
        theme,
        height=_HEIGHT,
        x_title=f"position in the string, in {corridor.noun}s",
        y_title=f"{corridor.meaning} {corridor.internal}",
        margin={"l": 60},
    )
    values = np.where(np.abs(corridor.values) < _LARGEST, corridor.values, np.nan)
    low, high = _span(corridor, values)
    ends = (np.clip(end, low, high) for end in (corridor.low, corridor.high))
    _add_band(figure, theme, *ends, "y")
    whole = np.where(np.isfinite(corridor.shares), 1.0, np.nan)
    _add_band(figure, theme, 0 * whole, whole, "y2")
    _add_way(figure, theme, corridor, values, "y")
    _add_way(figure, theme, corridor, corridor.shares, "y2")
    _mark(figure, theme, corridor, values)
    if at is not None:
        line = {"color": theme.second, "width": 1, "dash": "dot"}
        figure.add_shape(type="line", x0=at + 1, x1=at + 1, y0=0, y1=1, yref="paper", line=line)
    title = {"text": "place in the band, 0 to 1", "x": 0, "xref": "paper", "xanchor": "left"}
    figure.add_annotation(**title, y=1, yref="y2 domain", yanchor="bottom", yshift=4)
    figure.update_layout(
        xaxis={
            "range": [0.5, values.size + 0.5],
            "tickformat": ",d",
            "nticks": 8,
            "anchor": "y2",
        },
        yaxis={"range": [low, high], "nticks": 7, "domain": [_STRIP + _GAP, 1]},
        yaxis2={"domain": [0, _STRIP], "range": _span_shares(corridor.shares), "nticks": 5},
        hovermode="x",
    )
    return figure


def _span(corridor: StateCorridor, values: np.ndarray) -> tuple[float, float]:
    """Return what the axis spans: all that is finite, and a little more."""
    seen = np.concatenate([values, corridor.low, corridor.high])
    seen = seen[np.isfinite(seen)]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    room = 0.06 * (high - low) or 0.5
    return low - room, high + room


def _span_shares(shares: np.ndarray) -> list[float]:
    """Return what the lower panel spans: the band, and what lies not too far from it."""
    near = np.clip(shares[np.isfinite(shares)], -_MOST, 1 + _MOST)
    return [float(near.min(initial=0)) - 0.3, float(near.max(initial=1)) + 0.3]


def _add_band(figure: Figure, theme: Theme, low: np.ndarray, high: np.ndarray, axis: str) -> None:
    """Fill what lies between two lines; where one of them is missing there is nothing."""
    x, low = _thin(low)
    _, high = _thin(high)
    there = np.append(np.isfinite(low) & np.isfinite(high), False)
    edges = np.flatnonzero(np.diff(there.astype(int), prepend=0))
    outline: list[np.ndarray] = []
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        around = np.append(np.arange(begin, end), np.arange(end)[begin:][::-1])
        side = np.repeat([0, 1], end - begin)
        y = np.where(side == 0, low[around], high[around])
        outline.append(np.column_stack([x[around], y]))
        outline.append(np.full((1, 2), np.nan))
    if outline:
        points = np.concatenate(outline[:-1])
        figure.add_scatter(
            x=points[:, 0],
            y=points[:, 1],
            name="band",
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=fade(theme.ink, 0.15),
            hoverinfo="skip",
            yaxis=axis,
        )


def _add_way(
    figure: Figure, theme: Theme, corridor: StateCorridor, values: np.ndarray, axis: str
) -> None:
    """Draw what the internal was, or where in the band it was; points carry their positions."""
    x, y = _thin(values)
    what = corridor.internal if axis == "y" else "place"
    figure.add_scatter(
        x=x,
        y=y,
        customdata=[str(position - 1) for position in x.tolist()],
        name=what,
        mode="lines+markers",
        line={"color": theme.hue(corridor.model.spec.cell), "width": 2.5},
        **UNSEEN,
        hovertemplate=f"%{{x:,d}}: {what} %{{y:.6g}}<extra></extra>",
        yaxis=axis,
    )


def _mark(figure: Figure, theme: Theme, corridor: StateCorridor, values: np.ndarray) -> None:
    """Mark the point of no return and the first mistake in both panels."""
    edge = {"color": theme.background, "width": 2}
    thick = {"color": theme.ink, "width": 3}
    low, high = _span_shares(corridor.shares)
    marks = (
        (corridor.lost, "no return", {"symbol": "circle", "size": 12, "line": edge}),
        (corridor.first_failure, "first mistake", {"symbol": "x-thin", "size": 11, "line": thick}),
    )
    for position, name, form in marks:
        if position is None:
            continue
        share = float(np.clip(corridor.shares[position], low + 0.05, high - 0.05))
        for y, axis in ((values[position], "y"), (share, "y2")):
            figure.add_scatter(
                x=[position + 1],
                y=[y],
                name=name,
                mode="markers",
                marker=form | {"color": theme.ink},
                unselected={"marker": {"opacity": 1}},
                hoverinfo="skip",
                cliponaxis=False,
                yaxis=axis,
            )


def _thin(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return positions from 1 and values of at most 1,600 points, extremes kept."""
    width = 1 if values.size <= POINTS else 2 * -(-values.size // POINTS)
    positions, kept = thin(values, width)
    return positions + 1, kept
