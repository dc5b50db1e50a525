"""The state plane: a mark a state, bright where the count is high, shaped by the last symbol."""

import numpy as np

from countviz.analysis.trajectory.state_plane import StatePlane
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure

_SHAPES = ("triangle-up", "triangle-down", "square", "diamond", "circle", "pentagon")
_SOLIDS = ("circle", "diamond", "square", "cross", "circle-open", "diamond-open")  # in space
_CHARACTERS, _IN_SPACE = "▲▼■◆●⬟", "●◆■✚○◇"
_HEIGHT = 420
_JOINED = 400  # up to so many states are joined by a line
_PALETTE = "Viridis"


def plot_state_plane(
    plane: StatePlane, theme: Theme = THEMES["light"], at: int | None = None
) -> Figure:
    """Draw the states of a stretch on two axes, or three.

    Parameters
    ----------
    plane, theme
        What is drawn, in which colours.
    at
        A position to be marked, from 0.

    """
    if len(plane.axes) == 3:
        return _plot_space(plane, theme)
    figure = new_figure(
        theme,
        height=_HEIGHT,
        x_title=plane.titles[0],
        y_title=plane.titles[1],
        margin={"l": 56, "r": 8, "b": 94},
    )
    figure.update_layout(xaxis={"nticks": 6, "showgrid": True}, yaxis={"nticks": 6})
    joined = len(plane.points) <= _JOINED
    if joined:
        figure.add_scatter(
            x=plane.points[:, 0],
            y=plane.points[:, 1],
            name="way",
            mode="lines",
            line={"color": fade(theme.second, 0.35), "width": 1},
            hoverinfo="skip",
        )
    for place in np.unique(plane.symbols):
        figure.add_scatter(**_make_marks(plane, theme, int(place)))
    _add_lines(figure, theme, plane)
    _add_cursor(figure, theme, plane, at)
    _explain(figure, theme, plane)
    return figure


def _make_marks(plane: StatePlane, theme: Theme, place: int) -> dict[str, object]:
    """Return the states after one symbol."""
    symbol, chosen = plane.model.language.alphabet[place], plane.symbols == place
    points, axes = plane.points[chosen], plane.axes
    return {
        "x": points[:, 0],
        "y": points[:, 1],
        "customdata": np.column_stack([plane.positions[chosen] + 1, plane.counts[chosen]]),
        "name": f"after {symbol}",
        "mode": "markers",
        "marker": _marker(plane, theme, chosen, _SHAPES[place % len(_SHAPES)]),
        "hovertemplate": (
            f"after {symbol} at %{{customdata[0]:,d}}: count %{{customdata[1]}}"
            f"<br>{axes[0]} %{{x:.4g}}, {axes[1]} %{{y:.4g}}<extra></extra>"
        ),
    }


def _marker(plane: StatePlane, theme: Theme, chosen: np.ndarray, shape: str) -> dict[str, object]:
    legal = np.where(np.isnan(plane.counts[chosen]), 0, plane.counts[chosen])
    return {
        "symbol": shape,
        "size": 9,
        "color": legal,
        "colorscale": _PALETTE,
        "cmin": 0,
        "cmax": max(1.0, float(np.nanmax(plane.counts, initial=0))),
        "line": {"width": 1, "color": theme.second},
    }


def _add_lines(figure: Figure, theme: Theme, plane: StatePlane) -> None:
    """Draw where the model changes its mind, and name the closer if there are several."""
    for line in plane.lines:
        figure.add_scatter(
            x=line.x,
            y=line.y,
            name=f"decision on {line.symbol}",
            mode="lines+text" if len(plane.lines) > 1 else "lines",
            text=[f"<b>{line.symbol}</b>", ""],
            textposition="top center",
            textfont={"color": theme.ink},
            line={"color": theme.ink, "width": 2, "dash": "dash"},
            hoverinfo="skip",
        )


def _add_cursor(figure: Figure, theme: Theme, plane: StatePlane, at: int | None) -> None:
    """Ring the state at a position, if it is among those shown."""
    there = np.flatnonzero(plane.positions == at) if at is not None else []
    if len(there):
        figure.add_scatter(
            x=plane.points[there, 0],
            y=plane.points[there, 1],
            name="cursor",
            mode="markers",
            marker={
                "symbol": "circle-open",
                "size": 19,
                "color": theme.ink,
                "line": {"width": 2.5, "color": theme.ink},
            },
            hoverinfo="skip",
        )


def _explain(figure: Figure, theme: Theme, plane: StatePlane) -> None:
    """Say below the plane which shape follows which symbol, and what the colours span."""
    alphabet = plane.model.language.alphabet
    characters = _IN_SPACE if len(plane.axes) == 3 else _CHARACTERS
    shapes = "   ".join(
        f"{characters[place % len(characters)]} after {alphabet[place]}"
        for place in np.unique(plane.symbols)
    )
    most = np.nanmax(plane.counts, initial=0)
    figure.add_annotation(
        text=f"{shapes}<br>dark: count 0, bright: count {most:,.0f}",
        x=0,
        xref="paper",
        xanchor="left",
        y=0,
        yref="paper",
        yanchor="top",
        align="left",
        yshift=-48,
        font={"color": theme.second, "weight": 400},
    )


def _plot_space(plane: StatePlane, theme: Theme) -> Figure:
    """Draw the states on three axes, which can be turned."""
    figure = new_figure(theme, height=_HEIGHT + 60, margin={"l": 8, "r": 8, "t": 8, "b": 94})
    for place in np.unique(plane.symbols):
        chosen = plane.symbols == place
        x, y, z = plane.points[chosen].T
        symbol = plane.model.language.alphabet[place]
        marker = _marker(plane, theme, chosen, _SOLIDS[place % len(_SOLIDS)]) | {"size": 4}
        figure.add_scatter3d(
            x=x,
            y=y,
            z=z,
            customdata=plane.counts[chosen],
            name=f"after {symbol}",
            mode="markers",
            marker=marker,
            hovertemplate=f"after {symbol}: count %{{customdata}}<extra></extra>",
        )
    axes = {
        f"{letter}axis": {
            "title": {"text": title.partition(",")[0]},
            "color": theme.second,
            "gridcolor": theme.line,
            "backgroundcolor": theme.surface,
        }
        for letter, title in zip("xyz", plane.titles, strict=True)
    }
    figure.update_layout(scene=axes, dragmode="orbit")
    _explain(figure, theme, plane)
    return figure
