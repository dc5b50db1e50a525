"""How far each condition for exact counting is from being met: a row a condition, a log scale.

To the right lies less and less that is missing, and beyond the last digit of the number format
there is a zone in which nothing is.
"""

import math

import numpy as np

from countviz.analysis.weights.condition import Condition
from countviz.analysis.weights.exactness import Exactness
from countviz.arithmetic.precision import find_precision
from countviz.figures.capacity import plot_capacity
from countviz.figures.theme import THEMES, Figure, Theme, add_boxes, new_figure, symbol
from countviz.words import power_of_ten

_ROW, _TOP, _BOTTOM = 30, 28, 48  # px
_LEFT, _RIGHT = 178, 8
_NEAR, _ROOM = 3.5, 1.6  # powers of ten that a number takes, and that there are on its left
_PAD = 3 * "\N{NO-BREAK SPACE}"
_START, _ZONE = -0.9, 0.22  # in powers of ten; the zone's share of the axis


def plot_exactness(
    exactness: Exactness, theme: Theme = THEMES["light"], before: Exactness | None = None
) -> Figure:
    """Draw what is missing of each condition; what was missing before is outlined.

    Of several units the one is drawn that comes nearest, of a cell without an exact setting how
    its state comes to rest.
    """
    rows = exactness.nearest
    if not rows:
        return plot_capacity(exactness.capacity, theme)
    digits = find_precision(exactness.precision).digits * math.log10(2)
    end = digits + _ZONE * (digits - _START)
    figure = _new_table(exactness, theme, digits, end)
    cell = exactness.model.spec.cell
    now = np.array([_place(one, digits, end) for one in rows])
    crowded = np.zeros(now.size, bool)
    if before is not None:
        was = np.array([_place(one, digits, end) for one in before.nearest])
        crowded = (was > now) & (was - now < _NEAR) & (now > _ROOM)
        _add_marks(figure, theme, cell, "before", was, rows)
    _add_marks(figure, theme, cell, "now", now, rows)
    left = crowded | (now > 0.7 * end)
    figure.add_scatter(
        x=now,
        y=np.arange(len(rows)),
        name="missing",
        mode="text",
        text=["" if one.met else _PAD + one.say_residual() + _PAD for one in rows],
        textposition=["middle left" if one else "middle right" for one in left],
        textfont={"color": theme.ink},
        cliponaxis=False,
        hoverinfo="skip",
    )
    return figure


def _new_table(exactness: Exactness, theme: Theme, digits: float, end: float) -> Figure:
    """Return the figure without its marks: a row a condition, and the zone of what is exact."""
    rows = exactness.nearest
    figure = new_figure(
        theme,
        height=_ROW * len(rows) + _TOP + _BOTTOM,
        x_title=f"share of a gate or step that is missing in {exactness.precision}",
        y_title="what has to hold",
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
    )
    every = 1 if digits < 5 else 2 if digits < 9 else 4
    ticks = np.arange(0, digits, every)
    figure.update_layout(
        xaxis={
            "range": [_START, end],
            "tickvals": [*ticks, (digits + end) / 2],
            "ticktext": ["1", *(power_of_ten(-int(tick)) for tick in ticks[1:]), "exact"],
            "showgrid": True,
        },
        yaxis={
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": [one.name for one in rows],
            "tickfont": {"color": theme.ink},
            "showgrid": False,
        },
    )
    add_boxes(figure, theme, [(digits, end, -0.5, len(rows) - 0.5)])
    return figure


def _add_marks(
    figure: Figure, theme: Theme, cell: str, name: str, x: np.ndarray, rows: tuple[Condition, ...]
) -> None:
    figure.add_scatter(
        x=x,
        y=np.arange(len(rows)),
        name=name,
        mode="markers",
        marker={
            "symbol": symbol(cell, hollow=name == "before"),
            "color": theme.hue(cell),
            "size": 11,
        },
        customdata=[one.sentence() for one in rows] if name == "now" else None,
        hovertemplate="%{customdata}<extra></extra>" if name == "now" else None,
        hoverinfo="skip" if name == "before" else None,
        cliponaxis=False,
    )


def _place(condition: Condition, digits: float, end: float) -> float:
    if condition.met:
        return (digits + end) / 2
    missing = min(max(condition.residual, 10 ** -(digits - 0.3)), 1.0)
    return -math.log10(missing)
