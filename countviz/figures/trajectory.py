"""Trajectories: the true count above, and below it a panel for every internal of a cell.

Up to eight units are lines, the chosen one in colour; more are rows of a heat map, dark where low.
"""

import numpy as np

from countviz.analysis.trajectory.trajectory import LARGEST, Trajectory, noun_of
from countviz.cells.base import Internal
from countviz.figures.theme import THEMES, Figure, Theme, add_boxes, fade, new_figure

MOST_LINES = 8  # units drawn as lines
_COUNT, _GATE, _STATE = 92, 62, 104  # px of a panel
_GAP, _TOP, _BOTTOM = 30, 28, 48
_ROW = 5  # px of a heat map's row
_DASHES = ("solid", "dot", "dash", "dashdot")


def plot_trajectory(
    trajectory: Trajectory,
    theme: Theme = THEMES["light"],
    unit: int | None = None,
    at: int | None = None,
    stretch: tuple[int, int] | None = None,
) -> Figure:
    """Draw every internal over a stretch of a string.

    Parameters
    ----------
    trajectory, theme
        What is drawn, in which colours.
    unit
        The one in colour, from 0; by default the busiest.
    at, stretch
        A position and a stretch to be marked, from 0.

    """
    cell, noun = trajectory.model.cell, noun_of(trajectory.model.language)
    unit = trajectory.busiest if unit is None else unit
    heights = [_COUNT, *(_height(trajectory, one) for one in cell.internals)]
    inner = sum(heights) + _GAP * (len(heights) - 1)
    figure = new_figure(
        theme,
        height=inner + _TOP + _BOTTOM,
        x_title=f"position in the string, in {noun}s",
        margin={"t": _TOP, "b": _BOTTOM, "l": 48, "r": 8},
    )
    axes = [_add_counts(figure, theme, trajectory, noun)]
    for row, internal in enumerate(cell.internals, start=1):
        axes.append(_add_internal(figure, theme, trajectory, row, unit, internal))
    tops = inner - np.cumsum([0, *heights[:-1]]) - _GAP * np.arange(len(heights))
    for axis, top, height in zip(axes, tops, heights, strict=True):
        axis |= {"domain": [(top - height) / inner, top / inner], "anchor": "x"}
    span = [trajectory.start + 0.5, trajectory.stop + 0.5]
    below = {"range": span, "tickformat": ",d", "ticks": "", "anchor": f"y{len(axes)}"}
    named = {_name("yaxis", row): axis for row, axis in enumerate(axes)}
    figure.update_layout(**named, xaxis=below, selectdirection="h")
    _mark(figure, theme, at, stretch)
    return figure


def _name(axis: str, row: int) -> str:
    """Return what Plotly calls the axis of a row of panels."""
    return f"{axis}{row + 1}" if row else axis


def _height(trajectory: Trajectory, internal: Internal) -> int:
    units = trajectory.model.spec.units
    if units > MOST_LINES:
        return max(_GATE, _ROW * units)
    return _STATE if internal.name in trajectory.model.cell.state else _GATE


def _label(figure: Figure, theme: Theme, row: int, text: str, note: str = "") -> None:
    """Write above a panel what it shows."""
    figure.add_annotation(
        text=f"{text}  <span style='color:{theme.second};font-weight:400'>{note}</span>",
        x=0,
        xref="paper",
        xanchor="left",
        y=1,
        yref=f"{_name('y', row)} domain",
        yanchor="bottom",
    )


def _add_counts(
    figure: Figure, theme: Theme, trajectory: Trajectory, noun: str
) -> dict[str, object]:
    """Draw what is so: counts, illegal tail, first mistake. Return the panel's axis."""
    counts, closers = trajectory.counts, trajectory.model.language.closers
    most = max(1.0, float(np.nanmax(counts, initial=0)))
    _hatch_illegal(figure, theme, trajectory, 0, 0, 1.14 * most)
    for column, closer in enumerate(closers):
        figure.add_scatter(
            x=(trajectory.count_positions[:, column] + 1).astype(np.int32),
            y=counts[:, column].astype(np.float32),
            name=f"count of {closer}",
            mode="lines",
            line={"color": theme.ink, "width": 2, "dash": _DASHES[column % 4], "shape": "linear"},
            fill="tozeroy" if column == 0 else None,
            fillcolor=fade(theme.ink, 0.09),
            hovertemplate=f"{noun} %{{x:,d}}: count %{{y}}<extra></extra>",
        )
    kinds = zip(closers, ("line", "dots", "dashes", "dashes and dots"), strict=False)
    note = ", ".join(f"{closer} {kind}" for closer, kind in kinds) if len(closers) > 1 else ""
    _label(figure, theme, 0, f"true count, in {noun}s", note)
    failure = trajectory.first_failure
    if failure is not None and trajectory.start <= failure < trajectory.stop:
        figure.add_scatter(
            x=[failure + 1],
            y=[trajectory.failure_count],
            name="first mistake",
            mode="markers",
            marker={
                "symbol": "x-thin",
                "size": 11,
                "line": {"width": 3, "color": theme.ink},
            },
            hovertemplate="first mistake at %{x:,d}<extra></extra>",
            cliponaxis=False,
        )
    return {"range": [0, 1.14 * most], "nticks": 4}


def _hatch_illegal(
    figure: Figure, theme: Theme, trajectory: Trajectory, row: int, low: float, high: float
) -> None:
    first = max(trajectory.legal, trajectory.start)
    if first < trajectory.stop:
        tail = (first + 0.5, trajectory.stop + 0.5, low, high)
        add_boxes(figure, theme, [tail], hatched=True, axes=("x", _name("y", row)))


def _add_internal(
    figure: Figure, theme: Theme, trajectory: Trajectory, row: int, unit: int, internal: Internal
) -> dict[str, object]:
    """Draw an internal of all units in the panel of a row. Return the panel's axis."""
    values, units = trajectory.values[:, row - 1], trajectory.model.spec.units
    values = np.where(np.abs(values) < LARGEST, values, np.nan)
    low, high = _range(values, internal)
    title = f"{internal.meaning} {internal.name}"
    if units > MOST_LINES:
        _add_rows(figure, trajectory, row, values, (low, high))
        note = f"dark {low:.4g}, bright {high:.4g}".replace("-", "\N{MINUS SIGN}")
        _label(figure, theme, row, title, note)
        return {"range": [units + 0.5, 0.5], "tickvals": [1, units], "showgrid": False, "ticks": ""}
    room = 0.08 * (high - low)
    _hatch_illegal(figure, theme, trajectory, row, low - room, high + room)
    _add_lines(figure, theme, trajectory, row, values, unit)
    _label(
        figure, theme, row, title, f"unit {unit + 1} in colour" if units > 1 and row == 1 else ""
    )
    bounded = np.isfinite(internal.bounds).all()
    ticks = {"tickvals": sorted({low, 0.0, high})} if bounded else {"nticks": 5}
    return {"range": [low - room, high + room], **ticks}


def _range(values: np.ndarray, internal: Internal) -> tuple[float, float]:
    """Return what a panel spans: the internal's bounds, or what was seen if it has none."""
    if np.isfinite(internal.bounds).all():
        return internal.bounds
    seen = values[np.isfinite(values)]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _add_lines(
    figure: Figure, theme: Theme, trajectory: Trajectory, row: int, values: np.ndarray, unit: int
) -> None:
    """Draw the chosen unit in the cell's hue over the others, which are pale."""
    positions = (trajectory.positions[:, row - 1] + 1).astype(np.int32)
    hue, name = theme.hue(trajectory.model.spec.cell), trajectory.model.cell.names[row - 1]
    units = values.shape[1]
    for one in (*(other for other in range(units) if other != unit), unit):
        whose = f"{name} of unit {one + 1}" if units > 1 else name
        chosen = {"color": hue, "width": 2.5}
        figure.add_scatter(
            x=positions[:, one],
            y=values[:, one].astype(np.float32),
            name=whose,
            mode="lines",
            line=chosen if one == unit else {"color": fade(hue, 0.35), "width": 1.5},
            hovertemplate=f"{whose} at %{{x:,d}}: %{{y:.6g}}<extra></extra>",
            yaxis=_name("y", row),
        )


def _add_rows(
    figure: Figure,
    trajectory: Trajectory,
    row: int,
    values: np.ndarray,
    ends: tuple[float, float],
) -> None:
    """Draw a row a unit; of a thinned stretch a column is half a bucket."""
    step = (trajectory.stop - trajectory.start) / len(values)
    figure.add_heatmap(
        z=values.T.astype(np.float32),
        x0=trajectory.start + (1 + step) / 2,
        dx=step,
        y0=1,
        dy=1,
        zmin=ends[0],
        zmax=ends[1],
        colorscale="Cividis",
        showscale=False,
        name=trajectory.model.cell.names[row - 1],
        hovertemplate="unit %{y}, %{x:,.0f}: %{z:.4g}<extra></extra>",
        yaxis=_name("y", row),
    )


def _mark(figure: Figure, theme: Theme, at: int | None, stretch: tuple[int, int] | None) -> None:
    """Mark a stretch by a band and a position by a line, through all panels."""
    through = {"y0": 0, "y1": 1, "yref": "paper"}
    if stretch is not None:
        ends = {"x0": stretch[0] + 0.5, "x1": stretch[1] + 0.5}
        color = fade(theme.ink, 0.08)
        figure.add_shape(
            type="rect", **ends, **through, fillcolor=color, line={"width": 0}, layer="below"
        )
    if at is not None:
        line = {"color": theme.second, "width": 1, "dash": "dot"}
        figure.add_shape(type="line", x0=at + 1, x1=at + 1, **through, line=line)
