"""The corridor: the truth as a mountain with its band, the model's way through it, and the error.

The lower panel enlarges what a high mountain hides. ● is where it can no longer finish correctly,
✕ the first mistake that shows; both stand in both panels.
"""

import numpy as np

from countviz.analysis.trajectory.trajectory import thin
from countviz.analysis.why.corridor import HALF, Corridor
from countviz.figures.theme import THEMES, Figure, Theme, add_boxes, fade, new_figure
from countviz.models import HandSet
from countviz.words import count_nouns

POINTS = 1_600  # of a series
_HEIGHT, _STRIP = 460, 0.27  # px; the share of the panel below
_GAP = 0.1
_MOST_ERROR = 3.0  # brackets; more leaves the panel below
_FREE = {"no return": 0.3, "first mistake": 0.6}  # of the width; beyond, a label stands to the left
_STAYS = {"marker": {"opacity": 1}}  # whatever is chosen
_NEVER = {"marker": {"opacity": 0}}
UNSEEN = {"marker": {"size": 10, "opacity": 0}, "selected": _NEVER, "unselected": _NEVER}
_MARK = {"size": 12, "symbol": "circle"}
_CROSS = {"size": 11, "symbol": "x-thin"}


def plot_corridor(
    corridor: Corridor, theme: Theme = THEMES["light"], at: int | None = None
) -> Figure:
    """Draw a counter's way through its corridor, and below it how far it is off.

    A point carries its position, from 0, so that it can be chosen; `at` is marked by a line.
    """
    noun, length = corridor.noun, len(corridor.string)
    figure = new_figure(
        theme,
        height=_HEIGHT,
        x_title=f"position in the string, in {noun}s",
        y_title=f"{noun}s the model can still close",
    )
    finite = np.concatenate([corridor.truth, corridor.values])
    top = 1.1 * max(3.0, float(np.nanmax(finite, initial=0.0)))
    low, high = _span(corridor.errors)
    _add_band(figure, theme, corridor)
    if corridor.lost is not None:
        for values, axis in ((corridor.predicted, "y"), (_predicted_errors(corridor), "y2")):
            _add_line(figure, corridor, values, axis, theme.second, "foretold")
    _add_way(figure, theme, corridor, top)
    _hatch(figure, theme, corridor, (-0.06 * top, top), (low, high))
    _mark(figure, theme, corridor, (low, high))
    if at is not None:
        line = {"color": theme.second, "width": 1, "dash": "dot"}
        figure.add_shape(type="line", x0=at + 1, x1=at + 1, y0=0, y1=1, yref="paper", line=line)
    below = {"text": f"error, in {noun}s", "x": 0, "xref": "paper", "xanchor": "left"}
    figure.add_annotation(**below, y=1, yref="y2 domain", yanchor="bottom", yshift=4)
    figure.update_layout(
        xaxis={"range": [0.5, length + 0.5], "anchor": "y2", "tickformat": ",d", "nticks": 8},
        yaxis={"domain": [_STRIP + _GAP, 1], "range": [-0.06 * top, top], "nticks": 6},
        yaxis2={"domain": [0, _STRIP], "range": [low, high], "nticks": 6, "anchor": "x"},
        hovermode="x",
    )
    return figure


def _span(errors: np.ndarray) -> tuple[float, float]:
    """Return what the lower panel spans: the errors, as far as they are near the corridor."""
    near = np.clip(errors[np.isfinite(errors)], -_MOST_ERROR, _MOST_ERROR)
    return min(-1.0, float(near.min(initial=0)) - 0.4), max(1.0, float(near.max(initial=0)) + 0.4)


def _predicted_errors(corridor: Corridor) -> np.ndarray:
    return corridor.predicted - corridor.truth


def _thin(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return positions from 1 and values of at most 1,600 points, extremes kept."""
    width = 1 if values.size <= POINTS else 2 * -(-values.size // POINTS)
    positions, kept = thin(values, width)
    return positions + 1, kept


def _add_band(figure: Figure, theme: Theme, corridor: Corridor) -> None:
    """Fill truth ± ½ in both panels, and draw the truth as a dotted line."""
    x, truth = _thin(corridor.truth[: corridor.legal])
    if not x.size:
        return
    fill = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    color = fade(theme.ink, 0.15)
    for level, axis in ((truth, "y"), (np.zeros_like(truth), "y2")):
        figure.add_scatter(x=x, y=level - HALF, name="low", yaxis=axis, **fill)
        figure.add_scatter(
            x=x, y=level + HALF, name="high", yaxis=axis, fill="tonexty", fillcolor=color, **fill
        )
    figure.add_scatter(
        x=x,
        y=truth,
        name="truth",
        mode="lines",
        line={"color": theme.truth, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",  # it could not be chosen
    )


def _add_line(
    figure: Figure, corridor: Corridor, values: np.ndarray, axis: str, color: str, name: str
) -> None:
    """Draw a dashed line, if there is anything to draw."""
    if np.isfinite(values).any():
        x, y = _thin(values[: corridor.legal])
        line = {"color": color, "width": 1.5, "dash": "dash"}
        figure.add_scatter(
            x=x, y=y, name=name, mode="lines", line=line, hoverinfo="skip", yaxis=axis
        )


def _add_way(figure: Figure, theme: Theme, corridor: Corridor, top: float) -> None:
    """Draw what the model closes and how far that is off; where it never stops, along the top."""
    hue = theme.hue(corridor.model.spec.cell)
    hand_set = isinstance(corridor.model.spec.recipe, HandSet)
    panels = (
        (corridor.values, "y", "closes %{y:,.1f}, truth %{text}"),
        (corridor.errors, "y2", "error %{y:+.2f}"),
    )
    for values, axis, said in panels:
        x, y = _thin(values)
        truth = corridor.truth[x - 1]
        figure.add_scatter(
            x=x,
            y=y,
            customdata=[str(position - 1) for position in x.tolist()],
            name="closes" if axis == "y" else "error",
            mode="lines+markers",
            line={"color": hue, "width": 2.5, "dash": "dash" if hand_set else "solid"},
            **UNSEEN,
            text=["none" if np.isnan(count) else f"{count:,.0f}" for count in truth],
            hovertemplate=f"%{{x:,d}}: {said}<extra></extra>",
            yaxis=axis,
        )
    never = np.where(np.isnan(corridor.values), 0.97 * top, np.nan)
    never[corridor.legal :] = np.nan
    if np.isfinite(never).any():
        x, y = _thin(never)
        figure.add_scatter(
            x=x,
            y=y,
            customdata=[str(position - 1) for position in x.tolist()],
            name="never stops",
            mode="lines+markers",
            line={"color": hue, "width": 2.5, "dash": "dot"},
            **UNSEEN,
            hovertemplate="%{x:,d}: never stops closing<extra></extra>",
        )


def _hatch(
    figure: Figure,
    theme: Theme,
    corridor: Corridor,
    above: tuple[float, float],
    below: tuple[float, float],
) -> None:
    """Hatch the illegal tail."""
    length = len(corridor.string)
    if corridor.legal < length:
        tail = (corridor.legal + 0.5, length + 0.5)
        add_boxes(figure, theme, [(*tail, *above)], hatched=True)
        add_boxes(figure, theme, [(*tail, *below)], hatched=True, axes=("x", "y2"))


def _mark(figure: Figure, theme: Theme, corridor: Corridor, span: tuple[float, float]) -> None:
    """Mark the point of no return and the first mistake in both panels, and name them above."""
    noun, lost, failed = corridor.noun, corridor.lost, corridor.first_failure
    if lost is not None:
        _add_mark(figure, theme, corridor, lost, _MARK, span, "no return")
        note = "closing all fails"
        title, free = f"● no return at {lost + 1:,}", _FREE["no return"]
        _label(figure, theme, corridor, lost, title, note, free)
    if failed is not None:
        _add_mark(figure, theme, corridor, failed, _CROSS, span, "first mistake")
        later = None if lost is None or failed == lost else failed - lost
        note = f"{count_nouns(later, noun)} later" if later else ""
        title, free = f"✕ first mistake at {failed + 1:,}", _FREE["first mistake"]
        _label(figure, theme, corridor, failed, title, note, free)


def _add_mark(
    figure: Figure,
    theme: Theme,
    corridor: Corridor,
    position: int,
    form: dict[str, object],
    span: tuple[float, float],
    name: str,
) -> None:
    """Put a mark on the way; in the panel below at its edge, if the way has left that."""
    value, error = corridor.values[position], corridor.errors[position]
    value = corridor.truth[position] if np.isnan(value) else value
    error = span[1] if np.isnan(error) else error
    edge = {"color": theme.background, "width": 2}
    thick = {"color": theme.ink, "width": 3} if form is _CROSS else edge
    marker = form | {"color": theme.ink, "line": thick}
    for y, axis in ((value, "y"), (float(np.clip(error, span[0] + 0.1, span[1] - 0.1)), "y2")):
        figure.add_scatter(
            x=[position + 1],
            y=[y],
            name=name,
            mode="markers",
            marker=marker,
            unselected=_STAYS,
            hoverinfo="skip",
            cliponaxis=False,
            yaxis=axis,
        )


def _label(
    figure: Figure,
    theme: Theme,
    corridor: Corridor,
    position: int,
    title: str,
    note: str,
    free: float,
) -> None:
    """Name a mark: to its upper left, or to its right where there is no room on the left."""
    left, late = position > free * len(corridor.string), position == corridor.first_failure
    value, other = corridor.values[position], corridor.first_failure
    close = (
        position == corridor.lost
        and other is not None
        and other - position < 0.4 * len(corridor.string)
    )
    small = f"<br><span style='color:{theme.second};font-weight:400'>{note}</span>" if note else ""
    figure.add_annotation(
        x=position + 1,
        y=corridor.truth[position] if np.isnan(value) else value,
        text=title + small,
        showarrow=True,
        arrowhead=0,
        arrowwidth=1,
        arrowcolor=theme.second,
        standoff=8,
        ax=-(80 if late else 26) if left else 30,
        ay=-80 if close and not left else -34,
        xanchor="right" if left else "left",
        align="right" if left else "left",
        bgcolor=fade(theme.background, 0.75),
    )
