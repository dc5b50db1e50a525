"""The nesting horizons of all seeds, a dot each; those that did not learn are counted beside."""

import numpy as np

from countviz.analysis.seeds.luck import Luck, Seeds
from countviz.figures.theme import (
    Figure,
    Theme,
    add_boxes,
    log_ticks,
    mark_label,
    new_figure,
    symbol,
)

_WIDTH = 300  # px that the log axis roughly has; dots closer than one diameter are stacked
_DOT, _TALLEST, _LEAST = 5.5, 64, 50  # px: a dot, the tallest stack, the lowest row
_HEAD = 18  # px above the rows


def plot_luck(luck: Luck, theme: Theme) -> Figure:
    """Draw a dot a seed on a log axis, a row a family."""
    groups = luck.groups
    depths = np.concatenate([np.maximum(g.horizon[g.learned], 1) for g in groups])
    low = min([*depths, *luck.trained_to]) * 0.85
    high = max([*depths, *luck.trained_to]) * 1.12
    stacks = [_stack(group, np.log(high / low) * _DOT / _WIDTH) for group in groups]
    tallest = [_DOT * (2 * abs(offsets).max(initial=0) + 1) for offsets in stacks]
    pitch = [max(_LEAST, min(_TALLEST, stack) + 12) for stack in tallest]
    bottoms = -np.cumsum(pitch)
    figure = new_figure(
        theme,
        height=round(sum(pitch)) + _HEAD + 46,
        x_title="nesting horizon, in brackets (log scale)",
        margin={"l": _room_for_labels(luck), "r": 10, "t": 0, "b": 46},
    )
    figure.layout["annotations"][0]["yshift"] = -22
    _set_axes(figure, low, high, bottoms[-1])
    _write_labels(figure, theme, luck, bottoms + np.array(pitch) / 2)
    _add_training(figure, theme, luck, low, bottoms[-1])
    for k, (group, offsets) in enumerate(zip(groups, stacks, strict=True)):
        apart = _DOT * min(1, _TALLEST / tallest[k])
        _add_row(figure, theme, group, offsets * apart, bottoms[k] + pitch[k] / 2, pitch[k])
    return figure


def _room_for_labels(luck: Luck) -> int:
    """Return how many px the longest label takes, its mark included."""
    return max(84, 8 * max(map(len, luck.labels)) + 20)


def _stack(group: Seeds, width: float) -> np.ndarray:
    """Return by how many dots each dot is moved up or down, so that none lies on another.

    Dots whose logarithms differ by less than `width` are stacked around the middle of the row.
    """
    where = np.round(np.log(np.maximum(group.horizon[group.learned], 1)) / width).astype(int)
    offsets = np.zeros(where.size)
    for place in np.unique(where):
        members = np.flatnonzero(where == place)
        order = members[np.argsort(group.horizon[group.learned][members], kind="stable")]
        offsets[order] = np.arange(members.size) - (members.size - 1) / 2
    return offsets


def _set_axes(figure: Figure, low: float, high: float, bottom: float) -> None:
    figure.update_layout(
        xaxis={
            "type": "log",
            "domain": [0.2, 1],
            "range": [np.log10(low), np.log10(high)],
            "showgrid": True,
            **log_ticks(low, high),
        },
        xaxis2={
            "anchor": "y",
            "domain": [0, 0.15],
            "range": [0, 1],
            "showticklabels": False,
        },
        yaxis={
            "anchor": "x2",
            "range": [bottom, _HEAD],
            "showticklabels": False,
            "showgrid": False,
        },
    )


def _write_labels(figure: Figure, theme: Theme, luck: Luck, middles: np.ndarray) -> None:
    """Write the families beside their rows, and what the hatched boxes count above these."""
    figure.add_annotation(
        text="did not learn",
        font={"color": theme.second, "weight": 400},
        x=0.17,
        xref="paper",
        xanchor="right",
        y=_HEAD,
        yanchor="top",
        yshift=5,
    )
    for (label, group), middle in zip(luck, middles, strict=True):
        figure.add_annotation(
            text=mark_label(theme, group.cell, label),
            x=0,
            xref="paper",
            xanchor="left",
            xshift=-_room_for_labels(luck),
            y=middle,
        )


def _add_training(figure: Figure, theme: Theme, luck: Luck, low: float, bottom: float) -> None:
    """Shade what training showed, and write how deep that was."""
    least, most = luck.trained_to
    add_boxes(figure, theme, [(low, most, bottom, _HEAD)])
    figure.add_scatter(
        x=[most, most],
        y=[bottom, _HEAD],
        name="trained to",
        mode="lines+text",
        line={"color": theme.second, "width": 1, "dash": "dot"},
        text=[
            "",
            f" trained to {most:,}" if least == most else f" trained to {least:,} or {most:,}",
        ],
        textposition="bottom right",
        textfont={"color": theme.second},
        hoverinfo="skip",
    )


def _add_row(
    figure: Figure, theme: Theme, group: Seeds, offsets: np.ndarray, middle: float, pitch: float
) -> None:
    """Draw one family: its dots, their median, and how many seeds did not learn."""
    learned = group.learned
    figure.add_scatter(
        x=np.maximum(group.horizon[learned], 1),
        y=middle + offsets,
        customdata=group.seeds[learned],
        name=group.family,
        mode="markers",
        marker={"color": theme.hue(group.cell), "size": _DOT, "symbol": symbol(group.cell)},
        hovertemplate="seed %{customdata}: %{x} deep<extra></extra>",
    )
    failed = int((~learned).sum())
    box = (0.04, 0.96, middle - 16, middle + 16)
    add_boxes(figure, theme, [box] if failed else [], hatched=True, axes=("x2", "y"))
    plate = (0.25, 0.75, middle - 11, middle + 11)
    add_boxes(figure, theme, [plate] if failed else [], color=theme.background, axes=("x2", "y"))
    figure.add_scatter(
        x=[0.5],
        y=[middle],
        name="failed",
        mode="text",
        text=[f"<b>{failed:,}</b>"],
        textfont={"color": theme.ink},
        hoverinfo="skip",
        xaxis="x2",
    )
    if learned.any():
        figure.add_scatter(
            x=[group.median, group.median],
            y=[middle - pitch / 2 + 4, middle + pitch / 2 - 4],
            name="median",
            mode="lines+text",
            line={"color": theme.ink, "width": 2.5},
            text=["", f"<b>\u2002{group.median:,g}</b>"],
            textposition="bottom right",
            textfont={"color": theme.ink},
            hoverinfo="skip",
        )
