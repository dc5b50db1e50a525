"""Every seed of every system and way to freeze as a dot, between the trivial and the possible."""

import math

import numpy as np

from countviz.analysis.memory.freezing import NOT_RUN, Freezing, Panel, Row
from countviz.figures.dots import PITCH, Place, Rows, add_bounds, add_key, add_seeds, mark_paper
from countviz.figures.theme import (
    Figure,
    Theme,
    add_boxes,
    legend,
    log_ticks,
    mark_label,
    new_figure,
)

_APART = 12  # px between systems
_TOP, _BOTTOM, _LEFT, _RIGHT = 96, 46, 176, 62  # px around the panels
_GAP = 0.085  # between panels, as a share of their width together: the numbers stand there
_OVERFLOWED = 1e5  # a perplexity beyond is drawn there
_TOPMOST = {"x": 0, "xref": "container", "y": 1, "yref": "container", "yanchor": "top"}
_BRIEF = {"memory and controller": "both"}  # below rows that say of what


def plot_freezing(freezing: Freezing, theme: Theme) -> Figure:
    """Draw a row a system and way to freeze, and a panel a kind of strings."""
    rows, boxes = _stack(freezing)
    bottom = boxes[-1][0]
    figure = new_figure(
        theme,
        height=_TOP + _BOTTOM + round(-bottom),
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
    )
    figure.update_layout(
        showlegend=True,
        legend=legend(theme) | _TOPMOST,
        yaxis={"range": [bottom, 0], "showticklabels": False, "showgrid": False},
    )
    for number, panel in enumerate(freezing.panels):
        place = _find_place(freezing, number)
        _open_panel(figure, theme, place, panel)
        _fill_boxes(figure, theme, place, boxes, rows)
        add_bounds(figure, theme, place, panel, boxes)
        _add_rows(figure, theme, place, rows, number)
        _write_numbers(figure, theme, place, panel, rows, number)
        _say_unmeasured(figure, theme, place, [*freezing.systems.values()], boxes, number)
    _write_labels(figure, theme, rows)
    add_key(figure, theme, freezing)
    return figure


def _stack(freezing: Freezing) -> tuple[Rows, list[tuple[float, float]]]:
    """Return the rows with their middles, and from where to where each system reaches."""
    rows, boxes, y = [], [], 0.0
    for own in freezing.systems.values():
        top = y
        for row in own:
            rows.append((row, y - PITCH / 2))
            y -= PITCH
        boxes.append((y, top))
        y -= _APART
    return rows, boxes


def _find_place(freezing: Freezing, number: int) -> Place:
    panels = freezing.panels
    width = (1 - _GAP * (len(panels) - 1)) / len(panels)
    start = number * (width + _GAP)
    own = panels[number]
    alike = [n for n, panel in enumerate(panels) if panel.measure == own.measure]
    alike = alike if own.rising else [number]  # perplexities are too far apart for one axis
    low, high = _find_range(freezing, alike, log=not own.rising)
    return Place(
        axis="x" if number == 0 else f"x{number + 1}",
        start=start,
        stop=min(start + width, 1),
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
        top = min(max(float(values.max()), 1.1), _OVERFLOWED)
        return top**-0.04, top**1.04
    low, high = float(values.min()), float(values.max())
    room = 0.03 * max(high - low, 0.05)
    return (low - room if low > 0.05 * high else -0.03 * high), high + room


def _open_panel(figure: Figure, theme: Theme, place: Place, panel: Panel) -> None:
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


def _fill_boxes(
    figure: Figure, theme: Theme, place: Place, boxes: list[tuple[float, float]], rows: Rows
) -> None:
    """Fill the ground of every system, and hatch what has not run."""
    half, wide = PITCH / 2 - 1, (place.low, place.high)
    unknown = [(*wide, y - half, y + half) for row, y in rows if row.values is None]
    for some, hatched in (([(*wide, *box) for box in boxes], False), (unknown, True)):
        add_boxes(figure, theme, some, hatched=hatched, axes=(place.axis, "y"))


def _add_rows(figure: Figure, theme: Theme, place: Place, rows: Rows, number: int) -> None:
    add_seeds(figure, theme, place, rows, number)
    told = [(row, y) for row, y in rows if row.paper is not None]
    figure.add_scatter(
        x=place.clip([row.paper[number] for row, _ in told]),
        y=[y for _, y in told],
        customdata=[f"{row.paper[number]:g}" for row, _ in told],
        name="paper",
        mode="markers",
        marker=mark_paper(theme),
        hovertemplate="the paper: %{customdata}<extra></extra>",
        xaxis=place.axis,
    )


def _write_numbers(
    figure: Figure,
    theme: Theme,
    place: Place,
    panel: Panel,
    rows: Rows,
    number: int,
) -> None:
    """Write the best seed's number right of each row."""
    shared = {"xref": "paper", "x": place.stop, "xanchor": "left", "xshift": 6}
    plain = {"color": theme.second, "weight": 400}
    figure.add_annotation(
        text="best", name="head", y=1, yref="paper", yanchor="bottom", yshift=2, font=plain,
        **shared,
    )  # fmt: skip
    known = [row.values is not None for row, _ in rows]
    figure.add_scatter(
        x=[place.high] * len(rows),
        y=[y for _, y in rows],
        name="number",
        mode="text",
        text=[
            f"\u2002<b>{panel.spell(row.best_of(number))}</b>" if ran else f"\u2002{NOT_RUN}"
            for (row, _), ran in zip(rows, known, strict=True)
        ],
        textposition="middle right",
        textfont={"color": [theme.ink if ran else theme.second for ran in known], "size": 14},
        cliponaxis=False,
        hoverinfo="skip",
        xaxis=place.axis,
    )


def _say_unmeasured(
    figure: Figure,
    theme: Theme,
    place: Place,
    systems: list[list[Row]],
    boxes: list[tuple[float, float]],
    number: int,
) -> None:
    """Say of a system that has run but has no such number that it was not measured."""
    for rows, box in zip(systems, boxes, strict=True):
        known = [row.values[number] for row in rows if row.values is not None]
        if known and np.isnan(known).all():
            figure.add_annotation(
                text="not measured",
                name="unmeasured",
                x=(place.start + place.stop) / 2,
                xref="paper",
                xanchor="center",
                y=sum(box) / 2,
                font={"color": theme.second, "weight": 400},
            )


def _write_labels(figure: Figure, theme: Theme, rows: Rows) -> None:
    """Write the systems left of their rows, and between both what is frozen."""
    plain = {"color": theme.second, "weight": 400}
    shared = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -10}
    figure.add_annotation(
        text="frozen", name="head", y=1, yref="paper", yanchor="bottom", yshift=2, font=plain,
        **shared,
    )  # fmt: skip
    before = ""
    for row, y in rows:
        said = _BRIEF.get(row.frozen, row.frozen)
        figure.add_annotation(
            text=said, name="frozen", y=y, yanchor="middle", font={"weight": 400}, **shared
        )
        if row.system != before:
            figure.add_annotation(
                text=mark_label(theme, row.cell, row.system),
                name="system",
                x=0,
                xref="paper",
                xanchor="left",
                xshift=-_LEFT,
                y=y,
                yanchor="middle",
            )
        before = row.system
