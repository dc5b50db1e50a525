"""Matches laid side by side where they begin: a row a match, its symbols tinted by the count."""

import numpy as np

from countviz.analysis.trajectory.match import Matches
from countviz.analysis.trajectory.runs import LEAD
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure

_ROW, _TOP, _BOTTOM = 24, 28, 48  # px


def plot_match(matches: Matches, theme: Theme = THEMES["light"]) -> Figure:
    """Draw the likest matches as rows of symbols; an outline is where the units are on."""
    rows, columns = matches.shown.shape
    figure = new_figure(
        theme,
        height=_ROW * max(rows, 2) + _TOP + _BOTTOM,
        x_title="symbols from where the match begins",
        y_title="the likest first: string, and where in it",
        margin={"l": 116, "r": 2, "t": _TOP, "b": _BOTTOM},
    )
    labels = [
        f"{'this' if where < 0 else f'no. {where + 1:,}'} at {start + 1:,}"
        for where, start in zip(matches.where[:rows], matches.starts[:rows], strict=True)
    ]
    figure.update_layout(
        xaxis={"range": [-LEAD - 0.5, columns - LEAD - 0.5], "nticks": 8, "ticks": ""},
        yaxis={
            "range": [max(rows, 2) - 0.5, -0.5],
            "tickvals": np.arange(rows),
            "ticktext": labels,
            "showgrid": False,
            "ticks": "",
            "ticksuffix": "  ",
        },
    )
    if rows:
        _add_symbols(figure, theme, matches)
        _outline(figure, theme, matches)
    return figure


def _add_symbols(figure: Figure, theme: Theme, matches: Matches) -> None:
    hue = theme.hue(matches.model.spec.cell)
    figure.add_heatmap(
        z=matches.shown_counts,
        x0=-LEAD,
        dx=1,
        y0=0,
        dy=1,
        zmin=0,
        text=matches.shown,
        texttemplate="%{text}",
        textfont={"color": theme.ink, "size": 14, "family": "monospace"},
        colorscale=[[0, fade(hue, 0.04)], [1, fade(hue, 0.55)]],
        showscale=False,
        name="symbols",
        hovertemplate="%{text}: count %{z}<extra></extra>",
        hoverongaps=False,
    )


def _outline(figure: Figure, theme: Theme, matches: Matches) -> None:
    """Outline in every row the symbols on which all the units are on; open beyond the table."""
    rows, columns = matches.shown.shape
    last = columns - LEAD - 0.5
    stops = np.minimum(matches.stops[:rows] - matches.starts[:rows] - 0.5, last + 1)
    x = [[-0.5, stop, stop, -0.5, -0.5, np.nan] for stop in stops]
    y = [[at - 0.42, at - 0.42, at + 0.42, at + 0.42, at - 0.42, np.nan] for at in range(rows)]
    figure.add_scatter(
        x=np.ravel(x),
        y=np.ravel(y),
        name="matches",
        mode="lines",
        line={"color": theme.ink, "width": 1.5},
        hoverinfo="skip",
    )
