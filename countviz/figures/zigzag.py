"""Histograms of the first mistake on one zigzag string, over the string's own count."""

import numpy as np

from countviz.analysis.seeds.zigzag import BIN, Zigzag
from countviz.figures.theme import Figure, Theme, fade, hatch, mark_label, new_figure

_ROW, _GAP, _COUNT = 58, 28, 64  # px: a histogram, what is written above it, the count
_TOP, _BOTTOM = 2, 44
_NEVER = 1.03  # where those stand that make no mistake, in lengths of the string


def plot_zigzag(zigzag: Zigzag, theme: Theme) -> Figure:
    """Draw how many seeds first err in each bin, a row a family; below them the string's count."""
    rows = len(zigzag.luck.groups)
    height = rows * (_GAP + _ROW) + _GAP + _COUNT
    figure = new_figure(
        theme,
        height=height + _TOP + _BOTTOM,
        x_title="bracket of the first mistake",
        margin={"l": 44, "r": 8, "t": _TOP, "b": _BOTTOM},
    )
    ticks = np.linspace(0, zigzag.length, 5)
    figure.update_layout(
        barmode="stack",
        bargap=0,
        xaxis={
            "anchor": f"y{rows + 1}" if rows else "y",
            "range": [0, 1.05 * zigzag.length],
            "tickvals": [*ticks[:-1], _NEVER * zigzag.length],
            "ticktext": [*(f"{at:,.0f}" for at in ticks[:-1]), "never"],
        },
    )
    for row in range(rows):
        top = 1 - (row * (_GAP + _ROW) + _GAP) / height
        _add_histogram(figure, theme, zigzag, row, (top - _ROW / height, top))
    _add_count(figure, theme, zigzag, f"y{rows + 1}", (0, _COUNT / height))
    return figure


def _add_histogram(
    figure: Figure, theme: Theme, zigzag: Zigzag, row: int, domain: tuple[float, float]
) -> None:
    """Draw one family: the seeds that learned in its colour, the others hatched on top."""
    group, name = zigzag.luck.groups[row], f"y{row + 1}" if row else "y"
    learned, failed = zigzag.bins()[row]
    where = (zigzag.edges[:-1] + zigzag.edges[1:]) / 2
    where[-1] = _NEVER * zigzag.length
    tallest = int((learned + failed).max())
    figure.layout |= {
        name.replace("y", "yaxis"): {
            "anchor": "x",
            "domain": domain,
            "range": [0, 1.05 * tallest],
            "tickvals": [0, tallest],
            "zeroline": True,
            "zerolinecolor": theme.line,
        }
    }
    _write_above(figure, domain[1], mark_label(theme, group.cell, zigzag.luck.labels[row]))
    hue = theme.hue(group.cell)
    for counts, what, pattern in (
        (learned, "learned", None),
        (failed, "did not learn", hatch(theme, hue)),
    ):
        some = np.flatnonzero(counts)
        figure.add_bar(
            x=where[some],
            y=counts[some],
            width=np.where(some == counts.size - 1, 2 * BIN, BIN)[: some.size],
            customdata=zigzag.edges[some] + 1,
            name=what,
            marker={"color": hue, "line": {"width": 0}, "pattern": pattern},
            hovertemplate=f"%{{y}} {what}, from bracket %{{customdata:,}} on<extra></extra>",
            yaxis=name,
        )


def _add_count(
    figure: Figure, theme: Theme, zigzag: Zigzag, name: str, domain: tuple[float, float]
) -> None:
    """Draw the string's count as a landscape."""
    corners = np.arange(0, zigzag.length + 1, zigzag.n)
    figure.layout |= {
        name.replace("y", "yaxis"): {
            "anchor": "x",
            "domain": domain,
            "range": [0, 1.05 * zigzag.n],
            "tickvals": [0, zigzag.n],
        }
    }
    text = f"<span style='color:{theme.ink}'>how many are open</span>"
    _write_above(figure, domain[1], text)
    figure.add_scatter(
        x=corners,
        y=np.append(0, zigzag.counts)[corners],
        name="count",
        mode="lines",
        line={"color": theme.second, "width": 1.5},
        fill="tozeroy",
        fillcolor=fade(theme.ink, 0.09),
        hoverinfo="skip",
        yaxis=name,
    )


def _write_above(figure: Figure, top: float, text: str) -> None:
    figure.add_annotation(
        text=text, x=0, xref="paper", xanchor="left", y=top, yref="paper", yanchor="bottom"
    )
