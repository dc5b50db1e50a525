"""Small multiples of seeds: a panel a seed, all on the same two scales; failed ones are hatched."""

import numpy as np

from countviz.analysis.trajectory.seed_trajectories import SeedTrajectories
from countviz.analysis.trajectory.trajectory import noun_of
from countviz.cells import find_cell
from countviz.figures.theme import THEMES, Figure, Theme, add_boxes, fade, new_figure
from countviz.languages import find_language

_COLUMNS = 4
_PERIOD = 1.13  # from one panel to the next, in panels
_PANEL, _FOOT, _TOP, _BOTTOM = 120, 52, 28, 20  # px


def plot_seed_trajectories(seeds: SeedTrajectories, theme: Theme = THEMES["light"]) -> Figure:
    """Draw the counting internal of every seed along the same string."""
    rows = -(-seeds.seeds.size // _COLUMNS)
    height = rows * (_PANEL + _FOOT)
    noun = noun_of(find_language(seeds.language))
    figure = new_figure(
        theme,
        height=height + _TOP + _BOTTOM,
        x_title=f"position in the string, 1 to {seeds.length:,} {noun}s",
        y_title=_name(seeds),
        margin={"l": 48, "r": 2, "t": _TOP, "b": _BOTTOM},
    )
    figure.layout["annotations"][0]["yshift"] = 0
    span = _span(seeds)
    for row in range(rows):
        top = 1 - row * (_PANEL + _FOOT) / height
        members = np.arange(row * _COLUMNS, min((row + 1) * _COLUMNS, seeds.seeds.size))
        _add_row(figure, theme, seeds, members, row, (top - _PANEL / height, top), span)
    return figure


def _name(seeds: SeedTrajectories) -> str:
    internals = find_cell(seeds.cell).internals
    return next(f"{one.meaning} {one.name}" for one in internals if one.name == seeds.internal)


def _span(seeds: SeedTrajectories) -> tuple[float, float]:
    """Return what all panels span: the seeds that learned, if any did; others may run away."""
    values = seeds.values[seeds.learned] if seeds.learned.any() else seeds.values
    seen = values[np.isfinite(values)]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    room = 0.06 * (high - low) or 0.5
    return low - room, high + room


def _add_row(
    figure: Figure,
    theme: Theme,
    seeds: SeedTrajectories,
    members: np.ndarray,
    row: int,
    domain: tuple[float, float],
    span: tuple[float, float],
) -> None:
    """Draw a row of panels on axes of their own; panel follows panel along x."""
    number = str(row + 1) if row else ""
    axes, length = (f"x{number}", f"y{number}"), seeds.length
    starts = np.arange(members.size) * _PERIOD * length
    most = (_COLUMNS - 1) * _PERIOD * length + length
    figure.layout |= {
        f"xaxis{number}": {
            "anchor": axes[1],
            "range": [-0.01 * length, most],
            "tickvals": starts + length / 2,
            "ticktext": [_describe(seeds, member) for member in members],
        },
        f"yaxis{number}": {
            "anchor": axes[0],
            "domain": domain,
            "range": span,
            "nticks": 4,
            "showgrid": False,
        },
    }
    boxes = [(x, x + length, *span) for x in starts]
    learned = seeds.learned[members]
    for kind in (True, False):
        chosen = [box for box, one in zip(boxes, learned, strict=True) if one == kind]
        add_boxes(figure, theme, chosen, hatched=not kind, axes=axes)
    for unit in range(seeds.values.shape[2]):
        _add_curves(figure, theme, seeds, members, starts, unit, axes)
    _add_mistakes(figure, theme, seeds, members, starts, axes, span)


def _describe(seeds: SeedTrajectories, member: int) -> str:
    """Return what stands below a panel."""
    failure = seeds.first_failures[member]
    said = "all right" if failure < 0 else f"✕ at {failure + 1:,}"
    if seeds.diverged[member]:
        said = "diverged"
    elif not seeds.learned[member]:
        said = "failed"
    return f"seed {seeds.seeds[member]}<br>{said}"


def _add_curves(
    figure: Figure,
    theme: Theme,
    seeds: SeedTrajectories,
    members: np.ndarray,
    starts: np.ndarray,
    unit: int,
    axes: tuple[str, str],
) -> None:
    """Draw one unit of all the seeds of a row as one series, with gaps between the panels."""
    hue, alone = theme.hue(seeds.cell), seeds.values.shape[2] == 1
    gap = np.full((members.size, 1), np.nan)
    values = seeds.values[members, :, unit]
    figure.add_scatter(
        x=np.hstack([starts[:, None] + seeds.positions[members, :, unit] + 0.5, gap]).ravel(),
        y=np.hstack([values, gap]).ravel(),
        name=f"{seeds.internal} of unit {unit + 1}",
        mode="lines",
        line={"color": hue if alone else fade(hue, 0.75), "width": 2 if alone else 1.5},
        hovertemplate=f"{seeds.internal} %{{y:.4g}}<extra></extra>",
        xaxis=axes[0],
        yaxis=axes[1],
    )


def _add_mistakes(
    figure: Figure,
    theme: Theme,
    seeds: SeedTrajectories,
    members: np.ndarray,
    starts: np.ndarray,
    axes: tuple[str, str],
    span: tuple[float, float],
) -> None:
    """Mark on the floor of a panel where the seed first errs."""
    failures = seeds.first_failures[members]
    wrong = failures >= 0
    figure.add_scatter(
        x=starts[wrong] + failures[wrong] + 0.5,
        y=np.full(int(wrong.sum()), span[0]),
        name="first mistake",
        mode="markers",
        marker={"symbol": "x-thin", "size": 10, "line": {"width": 3, "color": theme.ink}},
        cliponaxis=False,
        hoverinfo="skip",
        xaxis=axes[0],
        yaxis=axes[1],
    )
