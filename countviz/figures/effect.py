"""What a model counts before and after its weights were changed, over what is so."""

import numpy as np

from countviz.analysis.trajectory.trajectory import thin
from countviz.analysis.weights.effect import Effect
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure

_HEIGHT, _POINTS = 240, 1_000
_ROOM = 1.3  # of the axis, above the largest true count
DASH = "6px,3px"


def plot_effect(effect: Effect, theme: Theme = THEMES["light"]) -> Figure:
    """Draw the true count as a mountain, the count before dashed, and the count now."""
    model = effect.before.model
    figure = draw_counts(
        theme,
        effect.true_counts,
        {"before": effect.before.counts} if effect.changed else {},
        {"now": effect.after.counts},
        theme.hue(model.spec.cell),
    )
    failure = effect.after.first_failure
    if failure is not None:
        mark_mistake(figure, theme, failure, effect.after.counts, "first mistake")
    return figure


def draw_counts(
    theme: Theme,
    truth: np.ndarray,
    dashed: dict[str, np.ndarray],
    solid: dict[str, np.ndarray],
    hue: str,
) -> Figure:
    """Return a figure of counts [T] by position, each under its name."""
    figure = new_figure(
        theme,
        height=_HEIGHT,
        x_title="position in the string",
        y_title="brackets it can still close",
        margin={"l": 44},
    )
    top = _find_top(truth, [*dashed.values(), *solid.values()])
    figure.update_layout(
        xaxis={"range": [0.5, truth.size + 0.5], "tickformat": ",d", "nticks": 8},
        yaxis={"range": [-0.06 * top, top], "nticks": 5, "tickformat": ",d"},
    )
    add_line(figure, truth, "truth", {"color": theme.truth, "width": 1.5}, fade(theme.ink, 0.09))
    for name, counts in dashed.items():
        add_line(figure, counts, name, {"color": theme.second, "width": 2, "dash": DASH})
    for name, counts in solid.items():
        add_line(figure, counts, name, {"color": hue, "width": 2.5})
    return figure


def _find_top(truth: np.ndarray, counts: list[np.ndarray]) -> float:
    """Return up to where counts are drawn: what is so, and up to twice as much of what is said."""
    most = max(float(truth.max(initial=0)), 2.0)
    said = max((float(np.nanmax(one, initial=0)) for one in counts), default=0.0)
    return max(_ROOM * most, min(1.1 * said, 2 * most)) + 1


def add_line(
    figure: Figure, values: np.ndarray, name: str, line: dict[str, object], fill: str | None = None
) -> None:
    """Draw a count over the positions from 1; of long strings the extremes of every stretch."""
    width = 1 if values.size <= _POINTS else 2 * -(-values.size // _POINTS)
    positions, shown = thin(values, width) if values.size else (np.zeros(0), values)
    figure.add_scatter(
        x=positions + 1,
        y=shown,
        name=name,
        mode="lines" if values.size > 1 else "markers",
        line=line,
        marker={"color": line["color"], "size": 9},
        fill="tozeroy" if fill else None,
        fillcolor=fill,
        hovertemplate=f"{name}, %{{x:,d}}: %{{y:,.0f}}<extra></extra>",
    )


def mark_mistake(
    figure: Figure, theme: Theme, position: int, counts: np.ndarray, words: str
) -> None:
    """Mark a position, from 0, with a cross, and say beside it what it is."""
    high = figure.layout["yaxis"]["range"][1]
    y = float(np.clip(counts[position], 0, 0.94 * high)) if np.isfinite(counts[position]) else high
    cross = {"symbol": "x-thin", "size": 11, "line": {"width": 3, "color": theme.ink}}
    figure.add_scatter(
        x=[position + 1],
        y=[y],
        name=words,
        mode="markers",
        marker=cross,
        cliponaxis=False,
        hoverinfo="skip",
    )
    figure.add_annotation(
        text=f"{words} at {position + 1:,}",
        x=position + 1,
        y=y,
        xanchor="right" if position > 0.6 * counts.size else "left",
        showarrow=True,
        arrowhead=0,
        arrowwidth=1,
        arrowcolor=theme.second,
        ax=0,
        ay=-64 if y < 0.5 * high else 48,
        standoff=8,
        bgcolor=fade(theme.background, 0.7),
    )
