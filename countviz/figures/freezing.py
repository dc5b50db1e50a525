"""Every seed of every system and way to freeze as a dot, between the trivial and the possible."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from countviz.analysis.memory.freezing import NOT_RUN, Freezing, Panel, Row
from countviz.figures.theme import (
    Figure,
    Theme,
    add_boxes,
    fade,
    legend,
    log_ticks,
    mark_label,
    new_figure,
    symbol,
)

_PITCH, _APART = 26, 12  # px of a row, and between systems
_TOP, _BOTTOM, _LEFT, _RIGHT = 96, 46, 236, 62  # px around the panels
_GAP = 0.078  # between panels, as a share of their width together: the numbers stand there
_SPREAD = 0.62  # of a row's height, over which its seeds are spread
_OVERFLOWED = 1e5  # a perplexity beyond is drawn there
_NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a panel is: its axis, which of the paper's width it takes, and what it shows."""

    axis: str
    start: float
    stop: float
    low: float
    high: float
    log: bool

    def clip(self, values: np.ndarray) -> np.ndarray:
        """Return values that the axis has room for."""
        return np.minimum(np.asarray(values, dtype=float), self.high)


def plot_freezing(freezing: Freezing, theme: Theme) -> Figure:
    """Draw a row a system and way to freeze, and a panel a kind of strings."""
    rows, middles, boxes = _stack(freezing)
    bottom = boxes[-1][0]
    figure = new_figure(
        theme,
        height=_TOP + _BOTTOM + round(-bottom),
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
    )
    figure.update_layout(
        showlegend=True,
        legend=legend(theme) | {"x": 0, "y": 1, "yref": "container", "yanchor": "top"},
        yaxis={"range": [bottom, 0], "showticklabels": False, "showgrid": False},
    )
    places = [_place(freezing, place) for place in range(len(freezing.panels))]
    for number, (place, panel) in enumerate(zip(places, freezing.panels, strict=True)):
        _open_panel(figure, theme, place, panel)
        add_boxes(figure, theme, [(place.low, place.high, *box) for box in boxes], **_on(place))
        _hatch_unknown(figure, theme, place, zip(rows, middles, strict=True), number)
        _add_bounds(figure, theme, place, panel, boxes)
        _add_rows(figure, theme, place, [*zip(rows, middles, strict=True)], number)
        _write_numbers(figure, theme, place, panel, [*zip(rows, middles, strict=True)], number)
    _write_labels(figure, theme, freezing, middles)
    _add_key(figure, theme, freezing)
    return figure


def _stack(freezing: Freezing) -> tuple[list[Row], list[float], list[tuple[float, float]]]:
    """Return the rows, where their middles are, and from where to where each system reaches."""
    rows, middles, boxes, y = [], [], [], 0.0
    for own in freezing.systems.values():
        top = y
        for row in own:
            rows.append(row)
            middles.append(y - _PITCH / 2)
            y -= _PITCH
        boxes.append((y, top))
        y -= _APART
    return rows, middles, boxes


def _place(freezing: Freezing, number: int) -> _Place:
    panels = freezing.panels
    width = (1 - _GAP * (len(panels) - 1)) / len(panels)
    start = number * (width + _GAP)
    own = panels[number]
    alike = [n for n, panel in enumerate(panels) if panel.measure == own.measure]
    low, high = _find_range(freezing, alike, log=not own.rising)
    return _Place(
        axis="x" if number == 0 else f"x{number + 1}",
        start=start,
        stop=start + width,
        low=low,
        high=high,
        log=not own.rising,
    )


def _find_range(freezing: Freezing, alike: list[int], *, log: bool) -> tuple[float, float]:
    """Return what panels of one measure show, which is the same for all."""
    panels = freezing.panels
    known = [one for n in alike for one in (panels[n].trivial, panels[n].ceiling) if one]
    for row in freezing.rows:
        for n in alike:
            known += [] if row.values is None else row.values[n].tolist()
            known += [] if row.paper is None else [row.paper[n]]
    values = np.array([one for one in known if math.isfinite(one)] or [0.0, 1.0])
    if log:
        return 0.97, min(max(float(values.max()), 2.0), _OVERFLOWED) * 1.15
    low, high = float(values.min()), float(values.max())
    room = 0.03 * max(high - low, 0.05)
    return (low - room if low > 0.05 * high else -0.03 * high), high + room


def _on(place: _Place) -> dict[str, tuple[str, str]]:
    return {"axes": (place.axis, "y")}


def _open_panel(figure: Figure, theme: Theme, place: _Place, panel: Panel) -> None:
    """Set up a panel's axis, and write above it what it shows."""
    axis = {
        "domain": [place.start, place.stop],
        "range": [place.low, place.high],
        "anchor": "y",
        "showgrid": True,
        "nticks": 5,
    }
    if place.log:
        axis |= {"type": "log", "range": np.log10([place.low, place.high]).tolist()}
        axis |= log_ticks(max(place.low, 1.0), place.high, 4)
    figure.update_layout(**{place.axis.replace("x", "xaxis"): axis})
    shared = {"x": place.start, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper"}
    figure.add_annotation(text=panel.title, name="panel", yanchor="bottom", yshift=22, **shared)
    if panel.trivial is not None:
        between = f"trivial {panel.spell(panel.trivial)}, possible {panel.spell(panel.ceiling)}"
        plain = {"color": theme.second, "weight": 400}
        figure.add_annotation(
            text=between, name="bounds", yanchor="bottom", yshift=2, font=plain, **shared
        )
    figure.add_annotation(
        text=panel.measure + (" (log scale)" if place.log else ""),
        name="measure",
        x=place.stop,
        xref="paper",
        xanchor="right",
        y=0,
        yref="paper",
        yanchor="top",
        yshift=-22,
        font={"color": theme.second, "weight": 400},
    )


def _hatch_unknown(
    figure: Figure, theme: Theme, place: _Place, rows: Iterator[tuple[Row, float]], number: int
) -> None:
    half = _PITCH / 2 - 1
    unknown = [(place.low, place.high, y - half, y + half) for row, y in rows if row.values is None]
    add_boxes(figure, theme, unknown, hatched=True, **_on(place))


def _add_bounds(
    figure: Figure, theme: Theme, place: _Place, panel: Panel, boxes: list[tuple[float, float]]
) -> None:
    """Draw the trivial predictor dashed and the best possible solid, system by system."""
    for value, name, dash in (
        (panel.trivial, "trivial", "4px,3px"),
        (panel.ceiling, "possible", "solid"),
    ):
        if value is None:
            continue
        y = [edge for low, high in boxes for edge in (low, high, math.nan)]
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


def _add_rows(
    figure: Figure, theme: Theme, place: _Place, rows: list[tuple[Row, float]], number: int
) -> None:
    for row, y in rows:
        if row.values is not None and np.isfinite(row.values[number]).any() | place.log:
            _add_seeds(figure, theme, place, row, y, number)
    told = [(row, y) for row, y in rows if row.paper is not None]
    figure.add_scatter(
        x=place.clip(np.array([row.paper[number] for row, _ in told])),
        y=[y for _, y in told],
        customdata=[f"{row.paper[number]:g}" for row, _ in told],
        name="paper",
        mode="markers",
        marker=_paper(theme),
        hovertemplate="the paper: %{customdata}<extra></extra>",
        xaxis=place.axis,
    )


def _add_seeds(
    figure: Figure, theme: Theme, place: _Place, row: Row, y: float, number: int
) -> None:
    """Draw the seeds of a row, the mean behind them, and the best one ringed."""
    values, count = np.asarray(row.values[number]), len(row.seeds)
    heights = y + _PITCH * _SPREAD * (np.arange(count) / max(count - 1, 1) - 0.5)
    hollow, hue = row.frozen != _NOTHING, theme.hue(row.cell)
    mean = row.mean_of(number)
    if math.isfinite(mean):
        figure.add_scatter(
            x=place.clip([mean, mean]),
            y=[y - 0.42 * _PITCH, y + 0.42 * _PITCH],
            name="mean",
            mode="lines",
            line={"color": theme.ink, "width": 2.5},
            hoverinfo="skip",
            xaxis=place.axis,
        )
    said = [f"seed {seed}: {value:.4g}" for seed, value in zip(row.seeds, values, strict=True)]
    common = {"mode": "markers", "xaxis": place.axis}
    figure.add_scatter(
        x=place.clip(values),
        y=heights,
        customdata=said,
        name=f"{row.system}, {row.frozen} frozen",
        marker={
            "color": hue,
            "size": 6.5,
            "symbol": symbol(row.cell, hollow=hollow),
            "opacity": 0.75,
            "line": {"width": 1.5, "color": hue} if hollow else {"width": 0},
        },
        hovertemplate="%{customdata}<extra></extra>",
        **common,
    )
    figure.add_scatter(
        x=place.clip(values[[row.best]]),
        y=heights[[row.best]],
        customdata=[f"{said[row.best]}, the best by validation"],
        name="best",
        marker=_best(theme, row.cell, theme.background if hollow else hue),
        hovertemplate="%{customdata}<extra></extra>",
        **common,
    )


def _best(theme: Theme, cell: str, color: str) -> dict:
    return {
        "color": color,
        "size": 11,
        "symbol": symbol(cell),
        "line": {"color": theme.ink, "width": 2},
    }


def _paper(theme: Theme) -> dict:
    return {
        "color": fade(theme.background, 0.7),
        "size": 9,
        "symbol": "triangle-down",
        "line": {"color": theme.second, "width": 1.5},
    }


def _write_numbers(
    figure: Figure,
    theme: Theme,
    place: _Place,
    panel: Panel,
    rows: list[tuple[Row, float]],
    number: int,
) -> None:
    """Write the best seed's number right of each row."""
    shared = {"xref": "paper", "x": place.stop, "xanchor": "left", "xshift": 6}
    plain = {"color": theme.second, "weight": 400}
    figure.add_annotation(
        text="best", name="head", y=1, yref="paper", yanchor="bottom", yshift=2, font=plain,
        **shared,
    )  # fmt: skip
    for row, y in rows:
        ran = row.values is not None
        figure.add_annotation(
            text=panel.spell(row.best_of(number)) if ran else NOT_RUN,
            name="number",
            y=y,
            yanchor="middle",
            font={} if ran else plain,
            **shared,
        )


def _write_labels(figure: Figure, theme: Theme, freezing: Freezing, middles: list[float]) -> None:
    """Write the systems left of their rows, and between both what is frozen."""
    plain = {"color": theme.second, "weight": 400}
    shared = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -10}
    figure.add_annotation(
        text="what is frozen", name="head", y=1, yref="paper", yanchor="bottom", yshift=2,
        font=plain, **shared,
    )  # fmt: skip
    at = iter(middles)
    for system, rows in freezing.systems.items():
        for number, row in enumerate(rows):
            y = next(at)
            figure.add_annotation(
                text=row.frozen, name="frozen", y=y, yanchor="middle", font={"weight": 400},
                **shared,
            )  # fmt: skip
            if number == 0:
                figure.add_annotation(
                    text=mark_label(theme, row.cell, system),
                    name="system",
                    x=0,
                    xref="paper",
                    xanchor="left",
                    xshift=-_LEFT,
                    y=y,
                    yanchor="middle",
                )


def _add_key(figure: Figure, theme: Theme, freezing: Freezing) -> None:
    """Add what says in the key which form means what; none of it is drawn."""
    cell = freezing.rows[-1].cell
    for drawn in figure.data:
        drawn["showlegend"] = False
    forms = {
        "a seed": {"marker": {"color": theme.second, "size": 7, "symbol": symbol(cell)}},
        "a part frozen": {
            "marker": {"color": theme.second, "size": 7, "symbol": symbol(cell, hollow=True)}
        },
        "best by validation": {"marker": _best(theme, cell, theme.surface)},
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
        forms["the paper's best of ten"] = {"marker": _paper(theme)}
    if freezing.panels[0].trivial is not None:
        forms["trivial"] = {"line": {"color": theme.ink, "width": 1.5, "dash": "4px,3px"}}
        forms["possible"] = {"line": {"color": theme.second, "width": 1.5}}
    for name, form in forms.items():
        mode = "lines" if "line" in form else "markers"
        figure.add_scatter(x=[None], y=[None], name=name, mode=mode, **form)
