"""What is left on longer strings: a panel a way to freeze, a line a system."""

import math

import numpy as np

from countviz.analysis.memory.freezing import NOT_RUN, Row
from countviz.analysis.memory.freezing_curves import FreezingCurves
from countviz.figures.theme import Figure, Theme, add_boxes, log_ticks, new_figure, symbol

_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 320, 74, 46, 44, 76  # px
_GAP = 0.09  # between panels, as a share of their width together: names stand there
_STEP = 18  # px between two names
_MOST = 1e5  # a perplexity beyond is drawn there
_DASHES = ("solid", "6px,3px", "2px,2px", "8px,3px,2px,3px")  # by system


def plot_freezing_curves(curves: FreezingCurves, theme: Theme) -> Figure:
    """Draw the mean over the seeds along the lengths, and the bounds beside it."""
    first = curves.freezing.panels[0]
    figure = new_figure(
        theme,
        height=_HEIGHT,
        y_title=f"{first.measure}, mean over the seeds" + ("" if first.rising else " (log scale)"),
        x_title="symbols in a string",
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
    )
    low, high = _find_range(curves)
    axis = {"range": [low, high], "nticks": 5}
    if not first.rising:
        axis = {"type": "log", "range": np.log10([low, high]).tolist()}
        axis |= log_ticks(max(low, 1.0), high, 4)
    figure.update_layout(yaxis=axis)
    width = (1 - _GAP * (len(curves.modes) - 1)) / len(curves.modes)
    for number, (mode, rows) in enumerate(curves.modes.items()):
        start = number * (width + _GAP)
        name = "x" if number == 0 else f"x{number + 1}"
        _open_panel(figure, curves, name, (start, min(start + width, 1)), mode)
        _add_mode(figure, theme, curves, rows, (name, start, start + width), (low, high))
    return figure


def _find_range(curves: FreezingCurves) -> tuple[float, float]:
    panels = curves.freezing.panels
    known = [one for panel in panels for one in (panel.trivial, panel.ceiling) if one is not None]
    known += [value for row in curves.freezing.rows for value in curves.follow(row)]
    values = np.array([one for one in known if math.isfinite(one)] or [0.0, 1.0])
    if not panels[0].rising:
        return 0.97, min(max(float(values.max()), 2.0), _MOST) * 1.15
    room = 0.04 * max(float(np.ptp(values)), 0.1)
    return float(values.min()) - room, float(values.max()) + room


def _open_panel(
    figure: Figure, curves: FreezingCurves, name: str, domain: tuple[float, float], mode: str
) -> None:
    titles = [panel.title.removesuffix(" symbols") for panel in curves.freezing.panels]
    axis = {
        "domain": list(domain),
        "range": [-0.08, len(titles) - 0.92],
        "tickvals": [*range(len(titles))],
        "ticktext": [title.replace(" to ", "\N{EN DASH}") for title in titles],
        "anchor": "y",
    }
    figure.update_layout(**{name.replace("x", "xaxis"): axis})
    figure.add_annotation(
        text=f"{mode} frozen",
        name="mode",
        x=domain[0],
        xref="paper",
        xanchor="left",
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=22,
    )


def _add_mode(
    figure: Figure,
    theme: Theme,
    curves: FreezingCurves,
    rows: list[Row],
    where: tuple[str, float, float],
    span: tuple[float, float],
) -> None:
    name, _, stop = where
    panels = curves.freezing.panels
    ran = [row for row in rows if row.values is not None]
    box = (-0.08, len(panels) - 0.92, *span)
    add_boxes(figure, theme, [box], hatched=not ran, axes=(name, "y"))
    ends = _add_bounds(figure, theme, curves, name)
    systems = [*curves.freezing.systems]
    for row in ran:
        means = curves.follow(row)
        figure.add_scatter(
            x=[*range(len(panels))],
            y=np.minimum(means, span[1]),
            name=row.system,
            mode="lines+markers",
            line={
                "color": theme.hue(row.cell),
                "width": 2.5,
                "dash": _DASHES[systems.index(row.system) % len(_DASHES)],
            },
            marker={"size": 8, "symbol": symbol(row.cell, hollow=row.frozen != "nothing")},
            hovertemplate=f"{row.system}: %{{y:.3g}}<extra></extra>",
            xaxis=name,
        )
        ends.append((row.system, min(means[-1], span[1]), theme.hue(row.cell)))
    _write_ends(figure, theme, [end for end in ends if math.isfinite(end[1])], stop, span)
    _say_missing(figure, theme, [row.system for row in rows if row not in ran], where)


def _add_bounds(
    figure: Figure, theme: Theme, curves: FreezingCurves, name: str
) -> list[tuple[str, float, str]]:
    panels, ends = curves.freezing.panels, []
    for label, values, dash, color in (
        ("trivial", [panel.trivial for panel in panels], "4px,3px", theme.ink),
        ("possible", [panel.ceiling for panel in panels], "solid", theme.second),
    ):
        figure.add_scatter(
            x=[*range(len(panels))],
            y=values,
            name=label,
            mode="lines",
            line={"color": color, "width": 1.5, "dash": dash},
            hovertemplate=f"{label}: %{{y:.3f}}<extra></extra>",
            xaxis=name,
        )
        ends.append((label, float(values[-1]), theme.second))
    return ends


def _write_ends(
    figure: Figure,
    theme: Theme,
    ends: list[tuple[str, float, str]],
    stop: float,
    span: tuple[float, float],
) -> None:
    """Write at the right end of every line what it is, one name above the other."""
    log = figure.layout["yaxis"].get("type") == "log"
    low, high = np.log10(span) if log else span
    step, y = _STEP / (_HEIGHT - _TOP - _BOTTOM), -math.inf
    places = []
    for _, value, _ in sorted(ends, key=lambda end: end[1]):
        at = ((math.log10(value) if log else value) - low) / (high - low)
        y = max(at, y + step)
        places.append(y)
    over = max(places[-1] - 1, 0) if places else 0
    for place in reversed(range(len(places))):
        limit = 1 if place == len(places) - 1 else places[place + 1] - step
        places[place] = min(places[place], limit) if over else places[place]
    for (text, _, color), at in zip(sorted(ends, key=lambda end: end[1]), places, strict=True):
        figure.add_annotation(
            text=text,
            name="end",
            x=stop,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=at,
            yref="paper",
            yanchor="middle",
            font={"color": color, "weight": 400 if color == theme.second else 600},
        )


def _say_missing(
    figure: Figure, theme: Theme, missing: list[str], where: tuple[str, float, float]
) -> None:
    """Say below a panel's title which systems have not run."""
    if missing:
        figure.add_annotation(
            text=f"{NOT_RUN}: {', '.join(missing)}",
            name="missing",
            x=where[1],
            xref="paper",
            xanchor="left",
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=2,
            font={"color": theme.second, "weight": 400},
        )
