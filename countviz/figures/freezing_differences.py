"""What freezing changes, a dot a system and task, the paper's own differences below as ticks."""

import numpy as np

from countviz.analysis.memory.freezing_differences import (
    BETTER,
    LEVEL,
    WORSE,
    Difference,
    FreezingDifferences,
)
from countviz.figures.theme import Figure, Theme, add_boxes, fade, legend, new_figure, symbol

_PITCH, _APART = 50, 12  # px of a row, and between ways to freeze
_TOP, _BOTTOM, _LEFT, _RIGHT = 70, 46, 236, 150  # px
_SIZE, _CLOSE = 8, 1.5  # px of a dot; points within which two dots would touch
_MOST_UP = 21  # px by which a dot is moved from the middle of its row, at most


def plot_freezing_differences(found: FreezingDifferences, theme: Theme) -> Figure:
    """Draw a row a way to freeze and length; right of the line is better."""
    keys = [(mode, place) for mode in found.modes for place in range(len(found.strings))]
    middles = [
        -(number + 0.5) * _PITCH - number // len(found.strings) * _APART
        for number in range(len(keys))
    ]
    bottom, span = middles[-1] - _PITCH / 2, _find_range(found)
    figure = new_figure(
        theme,
        height=round(_TOP + _BOTTOM - bottom),
        x_title="change of accuracy by freezing, in points",
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
    )
    figure.update_layout(
        showlegend=True,
        legend=legend(theme) | {"xref": "container", "y": 1, "yref": "container", "yanchor": "top"},
        xaxis={"range": list(span), "showgrid": True, "nticks": 9, "ticksuffix": ""},
        yaxis={"range": [bottom, 0], "showticklabels": False, "showgrid": False},
    )
    per = len(found.strings)
    groups = [
        (*span, middles[k + per - 1] - _PITCH / 2, middles[k] + _PITCH / 2)
        for k in range(0, len(keys), per)
    ]
    add_boxes(figure, theme, groups)
    unknown = [
        (*span, y - _PITCH / 2 + 1, y + _PITCH / 2 - 1)
        for (mode, place), y in zip(keys, middles, strict=True)
        if not found.pick(mode, place)
    ]
    add_boxes(figure, theme, unknown, hatched=True)
    figure.add_vline(x=0, line={"color": theme.ink, "width": 1.5})
    _write_sides(figure, theme)
    for (mode, place), y in zip(keys, middles, strict=True):
        own = found.pick(mode, place)
        _add_paper(figure, theme, found.paper.get((mode, place), ()), y)
        _add_dots(figure, theme, own, y)
        _write_row(figure, theme, found, (mode, place), own, y)
    _add_key(figure, theme)
    return figure


def _find_range(found: FreezingDifferences) -> tuple[float, float]:
    sides = [one.mean + side * 2 * one.error for one in found.ours for side in (-1, 0, 1)]
    points = [100 * max(-1.0, min(1.0, side)) for side in sides]
    points += [100 * one for some in found.paper.values() for one in some]
    low, high = min([*points, -5.0]), max([*points, 5.0])
    room = 0.04 * (high - low)
    return low - room, high + room


def _write_sides(figure: Figure, theme: Theme) -> None:
    for text, side, shift in (("worse frozen ←", "right", -6), ("→ better frozen", "left", 6)):
        figure.add_annotation(
            text=text, name="side", x=0, xanchor=side, xshift=shift, y=1, yref="paper",
            yanchor="bottom", yshift=2, font={"color": theme.second, "weight": 400},
        )  # fmt: skip


def _add_paper(figure: Figure, theme: Theme, paper: tuple[float, ...], y: float) -> None:
    figure.add_scatter(
        x=[100 * one for one in paper],
        y=[y - _PITCH / 2 + 8] * len(paper),
        name="paper",
        mode="markers",
        marker=_tick(theme),
        hovertemplate="the paper: %{x:+.0f} points<extra></extra>",
    )


def _tick(theme: Theme) -> dict:
    line = {"color": theme.second, "width": 1.5}
    return {"symbol": "line-ns-open", "size": 9, "color": theme.second, "line": line}


def _add_dots(figure: Figure, theme: Theme, own: list[Difference], y: float) -> None:
    """Draw the differences of a row with two standard errors either way, none on another."""
    points = np.array([100 * one.mean for one in own])
    heights = y + 4 + _spread(points)
    kinds = dict.fromkeys((one.cell, one.verdict) for one in own)
    for cell, verdict in kinds:
        some = [k for k, one in enumerate(own) if (one.cell, one.verdict) == (cell, verdict)]
        hue = theme.hue(cell)
        figure.add_scatter(
            x=points[some],
            y=heights[some],
            customdata=[_describe(own[k]) for k in some],
            name=verdict,
            mode="markers",
            marker={
                "color": hue,
                "size": _SIZE,
                "symbol": symbol(cell, hollow=verdict == LEVEL),
                "line": {"color": hue, "width": 1.5},
            },
            error_x={
                "type": "data",
                "array": [200 * own[k].error for k in some],
                "color": fade(hue, 0.4),
                "thickness": 1,
                "width": 0,
            },
            hovertemplate="%{customdata}<extra></extra>",
        )


def _spread(points: np.ndarray) -> np.ndarray:
    """Return by how many px each dot is moved up or down so that close ones stay apart."""
    where = np.round(points / _CLOSE).astype(int)
    offsets = np.zeros(points.size)
    for place in np.unique(where):
        members = np.flatnonzero(where == place)
        offsets[members] = (np.arange(members.size) - (members.size - 1) / 2) * (_SIZE - 1)
    most = abs(offsets).max(initial=0)
    return offsets * min(1, (_MOST_UP - 8) / most) if most else offsets


def _describe(one: Difference) -> str:
    return (
        f"{one.task}, {one.system}, {one.frozen} frozen: {100 * one.mean:+.1f} ± "
        f"{200 * one.error:.1f} points, {one.verdict}"
    )


def _write_row(
    figure: Figure,
    theme: Theme,
    found: FreezingDifferences,
    key: tuple[str, int],
    own: list[Difference],
    y: float,
) -> None:
    mode, place = key
    plain = {"color": theme.second, "weight": 400}
    if place == 0:
        figure.add_annotation(
            text=f"{mode} frozen".replace(" and ", " and<br>"), name="mode", x=0, xref="paper",
            xanchor="left", xshift=-_LEFT, align="left", y=y + 10, yanchor="top",
        )  # fmt: skip
    figure.add_annotation(
        text=found.strings[place], name="strings", x=0, xref="paper", xanchor="right", xshift=-10,
        y=y, yanchor="middle", font=plain,
    )  # fmt: skip
    counts = [sum(one.verdict == verdict for one in own) for verdict in (BETTER, WORSE, LEVEL)]
    figure.add_annotation(
        text="<b>{}</b> · <b>{}</b> · <b>{}</b>".format(*counts) if own else "not run",
        name="counts", x=1, xref="paper", xanchor="left", xshift=8, y=y, yanchor="middle",
        font={"weight": 400} if own else plain,
    )  # fmt: skip
    if (mode, place) == (found.modes[0], 0):
        figure.add_annotation(
            text="better · worse · level", name="head", x=1, xref="paper", xanchor="right",
            xshift=_RIGHT, y=1, yref="paper", yanchor="bottom", yshift=2, font=plain,
        )  # fmt: skip


def _add_key(figure: Figure, theme: Theme) -> None:
    """Add what says in the key which form means what; none of it is drawn."""
    for drawn in figure.data:
        drawn["showlegend"] = False
    color = theme.second
    forms = {
        "better or worse": {"color": color, "size": _SIZE, "symbol": "diamond"},
        "level": {"color": color, "size": _SIZE, "symbol": "diamond-open", "line": {"width": 1.5}},
        "the paper's own": _tick(theme),
    }
    for name, marker in forms.items():
        figure.add_scatter(x=[None], y=[None], name=name, mode="markers", marker=marker)
