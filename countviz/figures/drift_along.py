"""Drift along one string: the decoded count over the true one, and below it the error, enlarged."""

import numpy as np

from countviz.analysis.drift.drift import HALF, in_brackets
from countviz.analysis.drift.drift_along import DriftAlong
from countviz.analysis.trajectory.trajectory import noun_of
from countviz.figures.theme import THEMES, Figure, Theme, add_boxes, fade, legend, new_figure

_TOP, _GAP, _STRIP = 170, 56, 130  # px: the counts, what is written above the strip, the error
_MARGIN = {"l": 56, "r": 12, "t": 34, "b": 48}


def plot_drift_along(
    along: DriftAlong, theme: Theme = THEMES["light"], at: int | None = None
) -> Figure:
    """Draw both counts, and their difference within a band of half a bracket to either side.

    Parameters
    ----------
    along, theme
        What is drawn, in which colours.
    at
        The cursor, a position from 0.

    """
    noun = noun_of(along.model.language)
    height = _TOP + _GAP + _STRIP
    figure = new_figure(
        theme,
        height=height + _MARGIN["t"] + _MARGIN["b"],
        x_title=f"position in the string, in {noun}s",
        y_title=f"count, in {noun}s",
        margin=_MARGIN,
    )
    split = _STRIP / height
    figure.update_layout(
        xaxis={"range": [0.5, along.length + 0.5], "anchor": "y2", "tickformat": ",d"},
        yaxis={"domain": [(_STRIP + _GAP) / height, 1], "anchor": "x"},
        yaxis2={"domain": [0, split], "anchor": "x", "nticks": 5},
    )
    figure.add_annotation(
        text=f"error of the count, in {noun}s; grey: less than half a {noun}",
        x=0,
        xref="paper",
        xanchor="left",
        xshift=-_MARGIN["l"],
        y=split,
        yref="paper",
        yanchor="bottom",
        yshift=6,
    )
    figure.update_layout(showlegend=True, legend=legend(theme) | {"x": 1, "xanchor": "right"})
    _add_counts(figure, theme, along)
    _add_error(figure, theme, along)
    _add_marks(figure, theme, along)
    if at is not None:
        line = {"color": theme.second, "width": 1, "dash": "dot"}
        figure.add_shape(type="line", x0=at + 1, x1=at + 1, y0=0, y1=1, yref="paper", line=line)
    return figure


def _add_counts(figure: Figure, theme: Theme, along: DriftAlong) -> None:
    """Draw the true count, which is an exact counter's, the model's, and one that never moves."""
    ends = np.array([0, max(along.legal - 1, 0)])
    lines = (
        ("exact counter", along.count_positions, along.counts, theme.ink, 1.5, "6px,3px"),
        ("this model", along.decoded_positions, along.decoded, _hue(theme, along), 2.5, None),
        ("never moves", ends, np.zeros(2), theme.ink, 1.5, "dot"),
    )
    for name, x, y, color, width, dash in lines:
        figure.add_scatter(
            x=x + 1,
            y=y,
            name=name,
            mode="lines+markers" if along.legal == 1 else "lines",
            line={"color": color, "width": width, "dash": dash},
            fill="tozeroy" if name == "exact counter" else None,
            fillcolor=fade(theme.ink, 0.09),
            showlegend=True,
            hovertemplate=f"%{{x:,d}}: {name} %{{y:.4g}}<extra></extra>",
        )
    known = np.concatenate([along.counts, along.decoded[np.isfinite(along.decoded)], [0, 1]])
    most, least = _limit(along, known.max()), -_limit(along, -known.min())
    room = 0.06 * (most - least)
    figure.update_layout(yaxis={"range": [least - room, most + room], "nticks": 5})


def _limit(along: DriftAlong, value: float) -> float:
    """Return how far an axis goes: an overflowing count must not flatten the true one."""
    return float(min(value, 2 * max(along.counts.max(initial=0), 1)))


def _add_error(figure: Figure, theme: Theme, along: DriftAlong) -> None:
    """Draw the drift over the band within which the true count is still the nearest."""
    finite = along.drift[np.isfinite(along.drift)]
    low = -_limit(along, -min(finite.min(initial=0), -1))
    high = _limit(along, max(finite.max(initial=0), 1))
    room = 0.08 * (high - low)
    figure.update_layout(yaxis2={"range": [low - room, high + room]})
    band = (0.5, along.length + 0.5, -HALF, HALF)
    add_boxes(figure, theme, [band], color=fade(theme.ink, 0.12), axes=("x", "y2"))
    figure.data[-1]["showlegend"] = False
    ends = np.array([0, max(along.legal - 1, 0)])
    lines = (
        ("exact counter", ends, np.zeros(2), theme.ink, 1.5, "6px,3px"),
        ("error", along.positions, along.drift, _hue(theme, along), 2.5, None),
    )
    for name, x, y, color, width, dash in lines:
        figure.add_scatter(
            x=x + 1,
            y=y,
            name=name,
            mode="lines+markers" if along.legal == 1 else "lines",
            line={"color": color, "width": width, "dash": dash},
            hovertemplate=f"%{{x:,d}}: {name} %{{y:.4g}}<extra></extra>",
            showlegend=False,
            yaxis="y2",
        )


def _add_marks(figure: Figure, theme: Theme, along: DriftAlong) -> None:
    """Mark the first wrong verdict in both panels, the furthest drift, and what is illegal."""
    if along.legal < along.length:
        for axis, span in (
            ("y", figure.layout["yaxis"]["range"]),
            ("y2", figure.layout["yaxis2"]["range"]),
        ):
            tail = (along.legal + 0.5, along.length + 0.5, *span)
            add_boxes(figure, theme, [tail], hatched=True, axes=("x", axis))
            figure.data[-1]["showlegend"] = False
    cross = {"symbol": "x-thin", "size": 11, "line": {"width": 3, "color": theme.ink}}
    if along.first_failure is not None:
        for axis, y in (("y", along.failure_count), ("y2", 0)):
            figure.add_scatter(
                x=[along.first_failure + 1],
                y=[y],
                name="first mistake",
                mode="markers",
                marker=cross,
                hovertemplate="first mistake at %{x:,d}<extra></extra>",
                cliponaxis=False,
                showlegend=False,
                yaxis=axis,
            )
    if along.largest and abs(along.largest) >= HALF:
        figure.add_annotation(
            text=in_brackets(along.largest),
            x=float(np.clip(along.largest_at + 1, 0.03 * along.length, 0.97 * along.length)),
            yshift=10 if along.largest < 0 else -10,
            y=float(np.clip(along.largest, *figure.layout["yaxis2"]["range"])),
            yref="y2",
            yanchor="bottom" if along.largest < 0 else "top",
            font={"color": _hue(theme, along)},
        )


def _hue(theme: Theme, along: DriftAlong) -> str:
    return theme.hue(along.model.spec.cell)
