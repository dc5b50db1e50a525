"""A stack as columns of cells below the true count; what is done to it and what is said, beneath.

Fuller cells hold more. The outline is where the stack should end. Push rises from below and pop
hangs from above, so one band tells both.
"""

import numpy as np

from countviz.analysis.memory.stack_picture import StackPicture
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure

_COUNT, _LETTERS, _CELL, _MOST, _BAND, _SAYS = 58, 26, 18, 300, 48, 22  # px of the rows
_GAP = 12  # px between them
_TOP, _BOTTOM = 24, 46
_SPELT = 80  # up to so many columns are lettered and parted
_NOUN = {"dyck1": "brackets"}


def plot_stack_picture(
    picture: StackPicture, theme: Theme = THEMES["light"], at: int | None = None
) -> Figure:
    """Draw a stack over time.

    Parameters
    ----------
    picture, theme
        What is drawn, in which colours.
    at
        The position of the cursor, from 0.

    """
    cells = picture.filled.shape[1]
    heights = (_COUNT, min(_MOST, _CELL * cells), _BAND, _SAYS)
    inner = sum(heights) + _LETTERS + 2 * _GAP
    noun = _NOUN.get(picture.model.spec.language, "symbols")
    figure = new_figure(
        theme,
        height=inner + _TOP + _BOTTOM,
        x_title=f"position in the string, in {noun}",
        y_title="how many are open, and how high the stack is",
        margin={"l": 48, "r": 8, "t": _TOP, "b": _BOTTOM},
    )
    tops = np.cumsum([0, heights[0] + _LETTERS, heights[1] + _GAP, heights[2] + _GAP])
    domains = [
        [max(1 - (top + height) / inner, 0), 1 - top / inner]
        for top, height in zip(tops, heights, strict=True)
    ]
    _set_axes(figure, picture, domains)
    hue = theme.hue(picture.model.spec.cell)
    _add_counts(figure, theme, picture, hue)
    _add_letters(figure, theme, picture)
    _add_cells(figure, theme, picture, hue)
    _add_band(figure, theme, picture, hue)
    _add_verdicts(figure, theme, picture, hue)
    _add_cursor(figure, theme, picture, at)
    return figure


def _set_axes(figure: Figure, picture: StackPicture, domains: list[list[float]]) -> None:
    highest = max(1.0, float(np.nanmax([picture.heights, picture.counts])))
    cells = picture.filled.shape[1]
    plain = {"anchor": "x", "showgrid": False, "ticks": ""}
    figure.update_layout(
        xaxis={
            "anchor": "y4",
            "range": [picture.start + 0.4, picture.stop + 0.6],
            "tickformat": ",d",
            "nticks": 8,
            "ticks": "",
        },
        yaxis=plain | {"domain": domains[0], "range": [0, 1.06 * highest], "nticks": 3},
        yaxis2=plain
        | {
            "domain": domains[1],
            "range": [cells - 0.5, -0.5],
            "tickvals": [0, cells - 1],
            "ticktext": ["top", f"{cells:,}"],
        },
        yaxis3=plain
        | {"domain": domains[2], "range": [0, 1], "tickvals": [0.1, 0.9]}
        | {"ticktext": ["push", "pop"]},
        yaxis4=plain
        | {"domain": domains[3], "range": [-1, 1], "tickvals": [0], "ticktext": ["says"]},
    )


def _add_counts(figure: Figure, theme: Theme, picture: StackPicture, hue: str) -> None:
    """Draw how many are open as a landscape, and how high the stack is as a line."""
    x = np.arange(picture.start, picture.stop) + 1
    figure.add_scatter(
        x=x,
        y=picture.counts,
        name="true count",
        mode="lines",
        line={"color": theme.ink, "width": 1.5, "shape": "hvh"},
        fill="tozeroy",
        fillcolor=fade(theme.ink, 0.09),
        hovertemplate="%{x:,d}: %{y:,d} open<extra></extra>",
    )
    figure.add_scatter(
        x=x,
        y=picture.heights,
        name="height",
        mode="lines",
        line={"color": hue, "width": 2.5},
        hovertemplate="%{x:,d}: %{y:.2f} high<extra></extra>",
    )


def _add_letters(figure: Figure, theme: Theme, picture: StackPicture) -> None:
    """Write the symbols between the count and the cells, where there is room for them."""
    if picture.stop - picture.start > _SPELT:
        return
    figure.add_scatter(
        x=np.arange(picture.start, picture.stop) + 1,
        y=np.full(picture.stop - picture.start, -0.5),
        name="symbols",
        mode="text",
        text=list(picture.string[picture.start : picture.stop]),
        textposition="top center",
        textfont={"color": theme.second, "family": "monospace"},
        cliponaxis=False,
        hoverinfo="skip",
        yaxis="y2",
    )


def _add_cells(figure: Figure, theme: Theme, picture: StackPicture, hue: str) -> None:
    """Draw the cells, the fuller the stronger, and the outline that they should fill."""
    gap = 1 if picture.stop - picture.start <= _SPELT else 0
    figure.add_heatmap(
        x=np.arange(picture.start, picture.stop) + 1,
        z=picture.filled.T.astype(np.float32),
        zmin=0,
        zmax=1,
        colorscale=[[0, theme.surface], [1, hue]],
        showscale=False,
        xgap=gap,
        ygap=gap,
        hovertemplate="%{x:,d}, cell %{y}: %{z:.0%} full<extra></extra>",
        yaxis="y2",
    )
    known = np.flatnonzero(np.isfinite(picture.counts))
    if not known.size:
        return
    at, counts = known + picture.start + 1, picture.counts[known]
    figure.add_scatter(
        x=np.stack([at - 0.5, at + 0.5], axis=1).ravel(),
        y=np.repeat(np.minimum(counts, picture.filled.shape[1]) - 0.5, 2),
        name="should end",
        mode="lines",
        line={"color": theme.ink, "width": 1.5},
        hoverinfo="skip",
        yaxis="y2",
    )


def _add_band(figure: Figure, theme: Theme, picture: StackPicture, hue: str) -> None:
    """Draw push from below and pop from above; what is left between them is nothing done."""
    names = picture.actions
    shades = {"push": hue, "pop": fade(theme.second, 0.45)}
    order = ["push", *(name for name in names if name not in shades), "pop"]
    for name in order:
        figure.add_bar(
            x=np.arange(picture.start, picture.stop) + 1,
            y=picture.shares[:, names.index(name)],
            name=name,
            width=1.0,
            marker={"color": shades.get(name, theme.surface), "line": {"width": 0}},
            hovertemplate=f"%{{x:,d}}: {name} %{{y:.1%}}<extra></extra>",
            yaxis="y3",
        )
    figure.update_layout(barmode="stack", bargap=0)


def _add_verdicts(figure: Figure, theme: Theme, picture: StackPicture, hue: str) -> None:
    """Draw what is said after each symbol: filled is open, hollow closed, and a cross is wrong."""
    x = np.arange(picture.start, picture.stop) + 1
    size = 7 if x.size <= _SPELT else 3
    for name, chosen, symbol in (
        ("says open", picture.says_open & ~picture.mistakes, "circle"),
        ("says closed", ~picture.says_open & ~picture.mistakes, "circle-open"),
    ):
        figure.add_scatter(
            x=x[chosen],
            y=np.zeros(int(chosen.sum())),
            name=name,
            mode="markers",
            marker={"color": hue, "size": size, "symbol": symbol, "line": {"color": hue}},
            hovertemplate=f"%{{x:,d}}: {name}<extra></extra>",
            yaxis="y4",
        )
    wrong = x[picture.mistakes]
    figure.add_scatter(
        x=wrong,
        y=np.zeros(wrong.size),
        name="mistake",
        mode="markers",
        marker={"symbol": "x-thin", "size": 9, "line": {"width": 2.5, "color": theme.ink}},
        hovertemplate="%{x:,d}: wrong<extra></extra>",
        yaxis="y4",
    )


def _add_cursor(figure: Figure, theme: Theme, picture: StackPicture, at: int | None) -> None:
    """Draw the cursor through all rows."""
    if at is not None and picture.start <= at < picture.stop:
        line = {"color": theme.second, "width": 1.5}
        figure.add_shape(type="line", x0=at + 1, x1=at + 1, y0=0, y1=1, yref="paper", line=line)
