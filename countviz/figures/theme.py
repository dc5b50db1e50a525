"""How every figure looks: the colours of both themes, the type, the axes, the hatch.

The hues stand in the order of the marks; each keeps a contrast of 3 : 1 with its background, and
any two of the first four stay apart for every kind of colour vision. Whatever is unknown, or did
not learn, is hatched. A figure has no title of its own: the page writes it above.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from countviz.figures.base import HUES, MARKS
from countviz.figures.figure import Figure
from countviz.words import power_of_ten

if TYPE_CHECKING:
    import plotly.graph_objects as go

_FONT = '"Source Sans", "Source Sans 3", system-ui, -apple-system, "Segoe UI", sans-serif'
_SIZE = 14  # px, the smallest type in a figure
_TOP_LEFT = {"x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "yref": "container"}
_SYMBOLS = {
    "triangle": "triangle-up",
    "tall-diamond": "diamond-tall",
}  # what Plotly calls otherwise


@dataclass(frozen=True, kw_only=True)
class Theme:
    """The colours of a theme.

    Attributes
    ----------
    background, surface
        Of the page, and of plots and cards on it.
    ink, second
        Of marks and of what is so; of axes and captions.
    line, grid
        Of borders; of grid lines.
    truth
        Of a thin line that shows what would be right.
    hatch
        Of hatching.
    hues
        Of the kinds of cells, by ``Mark.hue``.

    """

    background: str
    surface: str
    ink: str
    second: str
    line: str
    grid: str
    truth: str
    hatch: str
    hues: tuple[str, ...]

    def hue(self, cell: str) -> str:
        """Return the colour of a kind of cell."""
        return self.hues[MARKS[cell].hue]


THEMES = {
    "light": Theme(
        background="#FFFFFF",
        surface="#F6F7F9",
        ink="#1B1F24",
        second="#545D68",
        line="#D5DAE1",
        grid="#E9ECF0",
        truth="#9AA3AE",
        hatch="#C3CAD3",
        hues=HUES["light"],
    ),
    "dark": Theme(
        background="#0E1117",
        surface="#171C24",
        ink="#F0F3F6",
        second="#A3ADB9",
        line="#333B45",
        grid="#222932",
        truth="#7D8794",
        hatch="#3A434E",
        hues=HUES["dark"],
    ),
}


@cache
def template(theme: Theme) -> dict[str, Any]:
    """Return what all figures of a theme have in common."""
    ink, second = ({"size": _SIZE, "color": color} for color in (theme.ink, theme.second))
    axis = {
        "automargin": False,
        "fixedrange": True,
        "gridcolor": theme.grid,
        "linecolor": theme.line,
        "tickangle": 0,
        "tickfont": second,
        "zeroline": False,
    }
    nothing = "rgba(0,0,0,0)"
    return {
        "layout": {
            "font": second | {"family": _FONT},
            "title": _TOP_LEFT | {"font": ink | {"weight": 600}},
            "margin": {"l": 48, "r": 8, "t": 28, "b": 48},
            "paper_bgcolor": nothing,
            "plot_bgcolor": nothing,
            "showlegend": False,
            "dragmode": False,
            "modebar": {"bgcolor": nothing, "color": theme.second, "activecolor": theme.ink},
            "hoverlabel": {
                "bgcolor": theme.ink,
                "bordercolor": theme.ink,
                "font": {"color": theme.background, "size": _SIZE, "family": _FONT},
            },
            "annotationdefaults": {"font": ink | {"weight": 600}, "showarrow": False},
            "xaxis": axis | {"showgrid": False, "ticklabelstandoff": 3},
            "yaxis": axis,
        }
    }


def new_figure(
    theme: Theme,
    *,
    height: int,
    x_title: str = "",
    y_title: str = "",
    margin: dict[str, int] | None = None,
) -> Figure:
    """Return an empty figure of a theme.

    Parameters
    ----------
    theme
        Its colours.
    height
        In pixels; the width is the page's.
    x_title, y_title
        What the axes show, with the unit in words: below at the right, above at the left.
    margin
        Where it differs from 48 px left (l) and below (b), 28 above (t) and 8 right (r).

    """
    figure = Figure({"template": template(theme), "height": height})
    figure.update_layout(title={"text": y_title}, margin=margin or {})
    if x_title:
        figure.add_annotation(
            text=x_title,
            name="x title",
            x=1,
            xref="paper",
            xanchor="right",
            y=0,
            yref="paper",
            yanchor="top",
            yshift=-24,
            font={"color": theme.second, "weight": 400},
        )
    return figure


def symbol(cell: str, *, hollow: bool = False) -> str:
    """Return what Plotly calls the shape of a kind of cell."""
    shape = MARKS[cell].shape
    return _SYMBOLS.get(shape, shape) + ("-open" if hollow else "")


def fade(color: str, share: float) -> str:
    """Return a colour with that share of its opacity.

    >>> fade("#AA3377", 0.25)
    'rgba(170,51,119,0.25)'
    """
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def hatch(theme: Theme, color: str | None = None) -> dict[str, Any]:
    """Return the hatching of an area or a bar, on the plot's surface."""
    return {
        "shape": "/",
        "size": 7,
        "solidity": 0.28,
        "fgcolor": color or theme.hatch,
        "bgcolor": theme.surface,
        "fillmode": "replace",
    }


def add_boxes(
    figure: Figure,
    theme: Theme,
    boxes: Sequence[tuple[float, float, float, float]],
    *,
    hatched: bool = False,
    color: str | None = None,
    axes: tuple[str, str] = ("x", "y"),
) -> None:
    """Fill the boxes (x0, x1, y0, y1) of a figure, by default with the colour of surfaces."""
    if not boxes:
        return
    x = np.concatenate([[x0, x1, x1, x0, x0, np.nan] for x0, x1, _, _ in boxes])
    y = np.concatenate([[y0, y0, y1, y1, y0, np.nan] for _, _, y0, y1 in boxes])
    figure.add_scatter(
        x=x[:-1],
        y=y[:-1],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=color or theme.surface,
        fillpattern=hatch(theme) if hatched else None,
        hoverinfo="skip",
        xaxis=axes[0],
        yaxis=axes[1],
    )


def legend(theme: Theme) -> dict[str, Any]:
    """Return the place and the look of a key to forms, above the plot."""
    return {
        "orientation": "h",
        "x": 0,
        "y": 1.02,
        "yanchor": "bottom",
        "traceorder": "normal",
        "font": {"color": theme.ink, "size": 14},
        "itemclick": False,
        "itemdoubleclick": False,
    }


def mark_label(theme: Theme, cell: str, label: str, note: str = "") -> str:
    """Return a label with its mark before it, for an annotation or a tick."""
    mark = _span(MARKS[cell].filled, theme.hue(cell))
    return f"{mark} {_span(f'<b>{label}</b>', theme.ink)}" + (
        f"   {_span(note, theme.second)}" if note else ""
    )


def _span(text: str, color: str) -> str:
    return f'<span style="color:{color}">{text}</span>'


def log_ticks(low: float, high: float, most: int = 6) -> dict[str, Any]:
    """Return the ticks of a log axis: powers of ten, or round numbers where those are too few.

    Parameters
    ----------
    low, high
        What the axis shows, both above 0.
    most
        How many ticks there may be.

    """
    first, last = int(np.ceil(np.log10(low) - 1e-9)), int(np.floor(np.log10(high) + 1e-9))
    if last - first >= 3:
        every = -(-(last - first + 1) // most)
        exponents = [e for e in range(first, last + 1) if e % every == 0]
        return {
            "tickvals": [10.0**exponent for exponent in exponents],
            "ticktext": [power_of_ten(exponent) for exponent in exponents],
        }
    for digits in ((1, 1.5, 2, 3, 5, 7), (1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
        values = [d * 10.0**e for e in range(first - 1, last + 1) for d in digits]
        values = [value for value in values if low <= value <= high]
        if len(values) <= most:
            break
    values = values if len(values) > 1 else [low, high]
    return {"tickvals": values, "ticktext": [f"{value:,.4g}" for value in values]}


def to_page(figure: "go.Figure", sentence: str, theme: Theme) -> str:
    """Return a figure as an HTML page of its own that needs nothing else, not even a network."""
    drawn = figure.to_html(full_html=False, include_plotlyjs=True, config={"displaylogo": False})
    style = f"margin:2rem;background:{theme.background};color:{theme.ink};font-family:{_FONT}"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>countviz</title>'
        f"<body style='{style}'><p>{html.escape(sentence)}</p>{drawn}</body></html>\n"
    )
