"""Small multiples of reach: a row a family, a panel a seed, all on the same two scales."""

import numpy as np

from countviz.analysis.seeds.luck import Seeds
from countviz.analysis.seeds.reach import DEEPEST_OPENED, Reach
from countviz.figures.theme import Figure, Theme, add_boxes, mark_label, new_figure

_PERIOD = 1.13 * DEEPEST_OPENED  # from one panel to the next, in brackets
_HEAD, _PANEL, _FOOT = 28, 112, 28  # px of a row: its label, its panels, their labels
_ROW = _HEAD + _PANEL + _FOOT
_TOP, _BOTTOM = 20, 20
_ROOM = 52  # up to this depth a label stands below the curve, beyond it above


def plot_reach(reach: Reach, theme: Theme) -> Figure:
    """Draw how many brackets each seed closes again, against how many it opened in a row."""
    height = _ROW * len(reach.shown)
    figure = new_figure(
        theme,
        height=height + _TOP + _BOTTOM,
        x_title=f"brackets opened in a row, 0 to {DEEPEST_OPENED}",
        y_title="brackets it can close again",
        margin={"l": 30, "r": 2, "t": _TOP, "b": _BOTTOM},
    )
    figure.layout["annotations"][0]["yshift"] = 0
    for row, (label, group) in enumerate(reach.luck):
        top = 1 - (_ROW * row + _HEAD) / height
        note = f"{group.learned.sum():,} of {group.seeds.size:,} learned"
        figure.add_annotation(
            text=mark_label(theme, group.cell, label, note),
            font={"size": 15},
            x=0,
            xref="paper",
            xanchor="left",
            y=top,
            yref="paper",
            yanchor="bottom",
        )
        _add_row(figure, theme, reach, row, (top - _PANEL / height, top))
    return figure


def _add_row(
    figure: Figure, theme: Theme, reach: Reach, row: int, domain: tuple[float, float]
) -> None:
    """Draw the seeds of one family on axes of their own; panel follows panel along x."""
    seeds, closes, number = reach.shown[row], reach.closes[row], str(row + 1) if row else ""
    axes = f"x{number}", f"y{number}"
    starts = np.array([reach.columns.index(seed) for seed in seeds.seeds]) * _PERIOD
    end = (len(reach.columns) - 1) * _PERIOD + DEEPEST_OPENED
    figure.layout |= {
        f"xaxis{number}": {
            "anchor": axes[1],
            "range": [-1, end + 1],
            "tickvals": starts + DEEPEST_OPENED / 2,
            "ticktext": [f"seed {seed}" for seed in seeds.seeds],
        },
        f"yaxis{number}": {
            "anchor": axes[0],
            "domain": domain,
            "range": [0, DEEPEST_OPENED],
            "tickvals": [0, DEEPEST_OPENED],
            "showgrid": False,
        },
    }
    learned = seeds.learned
    _add_failed(figure, theme, starts[~learned], axes)
    panels = [(x, x + DEEPEST_OPENED, 0, DEEPEST_OPENED) for x in starts[learned]]
    add_boxes(figure, theme, panels, axes=axes)
    if learned.any():
        members = seeds.pick(learned)
        _add_curves(figure, theme, members, reach.opened, closes[learned], starts[learned], axes)
        _add_horizons(figure, theme, members, closes[learned], starts[learned], axes)


def _add_failed(figure: Figure, theme: Theme, starts: np.ndarray, axes: tuple[str, str]) -> None:
    """Hatch the panels of the seeds that did not learn, and say so in them."""
    top, middle = DEEPEST_OPENED, DEEPEST_OPENED / 2
    panels = [(x, x + top, 0, top) for x in starts]
    plates = [(x + 0.1 * top, x + 0.9 * top, middle - 26, middle + 26) for x in starts]
    add_boxes(figure, theme, panels, hatched=True, axes=axes)
    add_boxes(figure, theme, plates, color=theme.background, axes=axes)
    figure.add_scatter(
        x=starts + middle,
        y=np.full(starts.size, middle),
        name="did not learn",
        mode="text",
        text=["did not<br>learn"] * starts.size,
        textfont={"color": theme.ink},
        hoverinfo="skip",
        xaxis=axes[0],
        yaxis=axes[1],
    )


def _add_curves(
    figure: Figure,
    theme: Theme,
    seeds: Seeds,
    opened: np.ndarray,
    closes: np.ndarray,
    starts: np.ndarray,
    axes: tuple[str, str],
) -> None:
    """Draw all diagonals as one series and all curves as another, with gaps between panels."""
    gap = np.full((starts.size, 1), np.nan)
    figure.add_scatter(
        x=np.column_stack([starts, starts + DEEPEST_OPENED, gap]).ravel(),
        y=np.tile([0, DEEPEST_OPENED, np.nan], starts.size),
        name="right",
        mode="lines",
        line={"color": theme.truth, "width": 1.5},
        hoverinfo="skip",
        xaxis=axes[0],
        yaxis=axes[1],
    )
    names = np.repeat(seeds.seeds, opened.size + 1)
    figure.add_scatter(
        x=np.hstack([starts[:, None] + opened, gap]).ravel(),
        y=np.hstack([closes, gap]).ravel(),
        customdata=np.column_stack([names, np.tile([*opened, 0], starts.size)]),
        name="closes",
        mode="lines",
        line={"color": theme.hue(seeds.cell), "width": 2.5},
        hovertemplate="seed %{customdata[0]}: opens %{customdata[1]}, closes %{y}<extra></extra>",
        xaxis=axes[0],
        yaxis=axes[1],
    )


def _add_horizons(
    figure: Figure,
    theme: Theme,
    seeds: Seeds,
    closes: np.ndarray,
    starts: np.ndarray,
    axes: tuple[str, str],
) -> None:
    """Mark the last depth that is right, at the edge of the panel if it lies beyond."""
    at = np.clip(seeds.horizon, 1, DEEPEST_OPENED)
    figure.add_scatter(
        x=starts + at,
        y=np.minimum(closes[np.arange(at.size), at - 1], DEEPEST_OPENED),
        name="horizon",
        mode="markers+text",
        marker={"color": theme.ink, "size": 9, "line": {"color": theme.background, "width": 2}},
        text=[f"<b>{words}</b>" for words in seeds.horizons_in_words()],
        textposition=["bottom right" if depth <= _ROOM else "top left" for depth in at],
        textfont={"color": theme.ink},
        cliponaxis=False,
        hoverinfo="skip",
        xaxis=axes[0],
        yaxis=axes[1],
    )
