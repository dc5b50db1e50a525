"""Seeds as dots in a row: the best one ringed, their mean, and bounds beside them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from countviz.analysis.memory.freezing import Freezing, Panel, Row
from countviz.figures.theme import Figure, Theme, fade, symbol

PITCH = 26  # px of a row
_SPREAD = 0.56  # of a row's height, over which its seeds are spread
_NOTHING = "nothing"
Rows = Sequence[tuple[Row, float]]  # each with its middle


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a panel is: its axis, from where to where on the sheet, and which numbers it shows."""

    axis: str
    start: float
    stop: float
    low: float
    high: float
    log: bool

    def clip(self, values: Sequence[float]) -> np.ndarray:
        """Return values that the axis has room for."""
        return np.minimum(np.asarray(values, dtype=float), self.high)


def add_bounds(
    figure: Figure, theme: Theme, place: Place, panel: Panel, boxes: list[tuple[float, float]]
) -> None:
    """Draw the trivial predictor dashed and the best possible solid, system by system."""
    for value, name, dash in (
        (panel.trivial, "trivial", "4px,3px"),
        (panel.ceiling, "possible", "solid"),
    ):
        if value is None:
            continue
        y = [edge for low, high in boxes for edge in (low, high, math.nan)]  # system by system
        figure.add_scatter(
            x=[value] * len(y),
            y=y,
            name=name,
            mode="lines",
            line={
                "color": theme.ink if dash != "solid" else theme.second,
                "width": 1.5,
                "dash": dash,
            },
            hovertemplate=f"{name}: {panel.spell(value)}<extra></extra>",
            xaxis=place.axis,
        )


def add_seeds(figure: Figure, theme: Theme, place: Place, rows: Rows, number: int) -> None:
    """Draw the seeds of rows in a panel, the means behind them, and the best ones ringed.

    What looks alike is one series: a browser draws few large ones much sooner than many small ones.
    """
    known = [(row, y) for row, y in rows if row.values is not None]
    known = [(row, y) for row, y in known if not np.isnan(row.values[number]).all()]
    _add_means(figure, theme, place, known, number)
    for cell, hollow in dict.fromkeys((row.cell, _is_hollow(row)) for row, _ in known):
        own = [(row, y) for row, y in known if (row.cell, _is_hollow(row)) == (cell, hollow)]
        hue = theme.hue(cell)
        small = {
            "color": hue,
            "size": 6.5,
            "symbol": symbol(cell, hollow=hollow),
            "opacity": 0.75,
            "line": {"width": 1.5, "color": hue} if hollow else {"width": 0},
        }
        ringed = _mark_best(theme, cell, theme.background if hollow else hue)
        dots = [dot for row, y in own for dot in _list_dots(row, y, number)]
        for best, name, marker in ((False, "seed", small), (True, "best", ringed)):
            some = [dot for dot in dots if dot[-1] == best]
            figure.add_scatter(
                x=place.clip([x for x, _, _, _ in some]),
                y=[y for _, y, _, _ in some],
                customdata=[said for _, _, said, _ in some],
                name=name,
                mode="markers",
                marker=marker,
                hovertemplate="%{customdata}<extra></extra>",
                xaxis=place.axis,
            )


def _is_hollow(row: Row) -> bool:
    return row.frozen != _NOTHING


def _list_dots(row: Row, y: float, number: int) -> Iterator[tuple[float, float, str, bool]]:
    """Yield for every seed where it is, what it says, and whether it is the best, in the middle."""
    last = max(len(row.seeds) - 1, 1)
    for k, (seed, value) in enumerate(zip(row.seeds, row.values[number].tolist(), strict=True)):
        best = k == row.best
        height = y if best else y + PITCH * _SPREAD * (k / last - 0.5)
        said = f"{row.system}, {row.frozen} frozen, seed {seed}: {value:.4g}"
        yield value, height, said + (", the best by validation" if best else ""), best


def _add_means(figure: Figure, theme: Theme, place: Place, rows: Rows, number: int) -> None:
    """Draw the mean of every row as an upright line, unless a seed has overflowed."""
    means = [(row.mean_of(number), y) for row, y in rows]
    means = [(mean, y) for mean, y in means if math.isfinite(mean)]
    figure.add_scatter(
        x=place.clip([x for mean, _ in means for x in (mean, mean, math.nan)]),
        y=[up for _, y in means for up in (y - 0.42 * PITCH, y + 0.42 * PITCH, math.nan)],
        name="mean",
        mode="lines",
        line={"color": theme.ink, "width": 2.5},
        hoverinfo="skip",
        xaxis=place.axis,
    )


def _mark_best(theme: Theme, cell: str, color: str) -> dict[str, Any]:
    return {
        "color": color,
        "size": 11,
        "symbol": symbol(cell),
        "line": {"color": theme.ink, "width": 2},
    }


def mark_paper(theme: Theme) -> dict[str, Any]:
    """Return the mark of a number that is printed elsewhere."""
    return {
        "color": fade(theme.background, 0.7),
        "size": 9,
        "symbol": "triangle-down",
        "line": {"color": theme.second, "width": 1.5},
    }


def add_key(figure: Figure, theme: Theme, freezing: Freezing) -> None:
    """Add what says in the key which form means what; none of it is drawn."""
    cell = freezing.rows[-1].cell
    for drawn in figure.data:
        drawn["showlegend"] = False
    forms = {
        "a seed": {"marker": {"color": theme.second, "size": 7, "symbol": symbol(cell)}},
        "a part frozen": {
            "marker": {"color": theme.second, "size": 7, "symbol": symbol(cell, hollow=True)}
        },
        "best by validation": {"marker": _mark_best(theme, cell, theme.surface)},
        "mean": {
            "marker": {
                "color": theme.ink,
                "size": 13,
                "symbol": "line-ns-open",
                "line": {"width": 2.5},
            }
        },
    }
    if any(row.paper for row in freezing.rows):
        forms["the paper's best of ten"] = {"marker": mark_paper(theme)}
    if freezing.panels[0].trivial is not None:
        forms["trivial"] = {"line": {"color": theme.ink, "width": 1.5, "dash": "4px,3px"}}
        forms["possible"] = {"line": {"color": theme.second, "width": 1.5}}
    for name, form in forms.items():
        mode = "lines" if "line" in form else "markers"
        figure.add_scatter(x=[None], y=[None], name=name, mode=mode, **form)
