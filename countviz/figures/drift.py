"""Drift by length: how far off, how often right and of which kind the mistakes, and where first.

In all three, the exact counter is dashed, a model that never moves and always answers "open" is
dotted, and the lengths that training showed stand on a shaded ground.
"""

import numpy as np

from countviz.analysis.drift.drift import HALF, Drift, in_brackets
from countviz.analysis.drift.drift_seeds import DriftSeeds
from countviz.analysis.seeds.spread import LEVELS, Spread
from countviz.figures.spread import add_band
from countviz.figures.theme import (
    THEMES,
    Figure,
    Theme,
    add_boxes,
    fade,
    hatch,
    legend,
    log_ticks,
    new_figure,
)
from countviz.words import power_of_ten

HEIGHT = 300
FADES = (0.14, 0.22, 0.34)  # of the bands of all, 80 % and half of the seeds
SYMBOLS = ("circle", "triangle-down", "triangle-up", "diamond-open")  # by first_mistakes.KINDS
_LEAST = 0.01  # brackets; what is nearer to 0 stands on the axis
_MARGIN = {"l": 66, "r": 16, "t": 28, "b": 48}


def plot_drift(
    drift: Drift, theme: Theme = THEMES["light"], seeds: DriftSeeds | None = None
) -> Figure:
    """Draw the largest absolute drift against the length, both on log scales.

    Whiskers span all strings of a length; `seeds`, drawn as a band, all seeds that learned.
    """
    figure = _new_figure(drift, theme, "largest error of the count, in brackets (log scale)")
    at = np.sort(drift.lengths)
    top = max(np.nanmax(np.append(drift.max_abs_drift, 1)), drift.constant_drift.max()) * 1.6
    powers = range(-2, int(np.log10(top)) + 1)
    powers = powers if len(powers) < 8 else powers[::2]
    ticks = [10.0**power for power in powers]
    words = ["0.01 or less", *(_tick(power) for power in powers[1:])]
    low = np.log10(_LEAST) - 0.12
    figure.update_yaxes(type="log", range=[low, np.log10(top)], tickvals=ticks, ticktext=words)
    figure.update_layout(margin_l=92)
    _shade_training(figure, theme, drift, (10**low, top))
    if seeds is not None and seeds.seeds.size > 1:
        add_seeds(figure, theme, drift.model.spec.cell, seeds.largest, _LEAST)
    halfway, moves = drift.lengths.size // 2, drift.constant_drift
    add_reference(figure, theme, "never moves", drift.lengths, moves, exact=False, place=halfway)
    add_reference(figure, theme, "exact counter", at, np.full(at.size, _LEAST), exact=True)
    figure.add_hline(y=HALF, line={"color": theme.second, "width": 1})
    _label(figure, theme, at[-1], HALF, "half a bracket", below=False)
    _add_whiskers(figure, theme, drift)
    _add_line(figure, theme, drift, drift.max_abs_drift, _LEAST, "off by up to %{customdata}")
    return figure


def plot_drift_outcomes(
    drift: Drift, theme: Theme = THEMES["light"], seeds: DriftSeeds | None = None
) -> Figure:
    """Draw how many strings of each length are right, and how the others go wrong."""
    figure = new_figure(
        theme,
        height=HEIGHT,
        x_title="length of the string, in brackets",
        y_title="strings, by what the model says of them",
        margin=_MARGIN,
    )
    words = [_short(length) for length in np.sort(drift.lengths)]
    figure.update_xaxes(type="category", tickvals=words[:: 1 + len(words) // 12])
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%", tickvals=[0, 0.5, 1])
    figure.update_layout(barmode="stack", bargap=0.2, showlegend=True, margin_t=60)
    figure.update_layout(legend=legend(theme))
    _add_bars(figure, theme, drift, words)
    for y, dash in ((1, "8px,4px"), (0, "2px,3px")):  # exact, and always "open"
        figure.add_hline(y=y, line={"color": theme.ink, "width": 1.5, "dash": dash})
    if seeds is not None and seeds.seeds.size > 1:
        figure.add_scatter(
            x=[_short(length) for length in seeds.lengths],
            y=seeds.accuracy.median,
            name="right, median seed",
            mode="markers",
            marker={"symbol": "line-ew", "size": 18, "line": {"color": theme.ink, "width": 2.5}},
            cliponaxis=False,
            hovertemplate="median seed: %{y:.0%} right at %{x}<extra></extra>",
        )
    return figure


def _add_bars(figure: Figure, theme: Theme, drift: Drift, words: list[str]) -> None:
    """Stack what is right, in the hue, and the kinds of mistakes, each with a hatching."""
    hue, order = theme.hue(drift.model.spec.cell), np.argsort(drift.lengths)
    for name, share, shape in (
        ("right", drift.accuracy, ""),
        ("early zero", drift.early_zero, "/"),
        ("stuck open", drift.stuck_open, "x"),
        ("other", drift.other, "."),
    ):
        if not share.any():
            continue
        figure.add_bar(
            x=words,
            y=share[order],
            name=name,
            marker={
                "color": theme.surface if shape else hue,
                "line": {"color": hue, "width": 1},
                "pattern": hatch(theme, hue) | {"shape": shape} if shape else None,
            },
            hovertemplate=f"%{{y:.0%}} {name} at %{{x}}<extra></extra>",
        )


def plot_drift_failures(
    drift: Drift, theme: Theme = THEMES["light"], seeds: DriftSeeds | None = None
) -> Figure:
    """Draw the mean first point of failure against the length, as a share of it."""
    figure = _new_figure(drift, theme, "share of the string that is right before the first mistake")
    figure.update_yaxes(range=[-0.03, 1.12], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    _shade_training(figure, theme, drift, (-0.03, 1.12))
    if seeds is not None and seeds.seeds.size > 1:
        add_seeds(figure, theme, drift.model.spec.cell, seeds.right_share, 0.0)
    always = drift.constant_share
    add_reference(
        figure, theme, "always “open”", drift.lengths, always, exact=False, place=1, above=False
    )
    ones = np.ones(drift.lengths.size)
    add_reference(figure, theme, "exact counter", drift.lengths, ones, exact=True)
    _add_line(figure, theme, drift, drift.right_share, 0.0, "%{y:.1%} right")
    return figure


def add_seeds(
    figure: Figure, theme: Theme, cell: str, spread: Spread, least: float, add: float = 0
) -> None:
    """Draw the bands of all, 80 % and half of the seeds; values below `least` stand there."""
    hue, bands = theme.hue(cell), np.maximum(spread.bands + add, least)
    for k, share in enumerate(FADES):
        add_band(figure, spread.at, bands[k], bands[-1 - k], fade(hue, share))
    figure.add_scatter(
        x=spread.at,
        y=bands[len(LEVELS) // 2],
        name="median seed",
        mode="lines",
        line={"color": hue, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )


def add_reference(
    figure: Figure,
    theme: Theme,
    text: str,
    x: np.ndarray,
    y: np.ndarray,
    *,
    exact: bool,
    place: int = -1,
    above: bool = True,
) -> None:
    """Draw what an exact counter (dashed) or a constant model (dotted) would do, and say so.

    The words stand at the point of that place: before it, or after one of the first points.
    """
    order = np.argsort(x)
    figure.add_scatter(
        x=x[order],
        y=y[order],
        name=text,
        mode="lines",
        line={
            "color": theme.ink,
            "width": 2 if exact else 1.5,
            "dash": "8px,4px" if exact else "2px,3px",
        },
        cliponaxis=False,
        hovertemplate=f"{text}: %{{y:,.4g}}<extra></extra>",
    )
    place = min(place, order.size - 1)
    at, after = order[place], 0 <= place < order.size // 3
    _label(figure, theme, x[at], y[at], text, below=not above, after=after)


def _new_figure(drift: Drift, theme: Theme, y_title: str) -> Figure:
    figure = new_figure(
        theme,
        height=HEIGHT,
        x_title="length of the string, in brackets (log scale)",
        y_title=y_title,
        margin=_MARGIN,
    )
    low, high = float(drift.lengths.min()) / 1.25, float(drift.lengths.max()) * 1.25
    span = [np.log10(low), np.log10(high)]
    figure.update_xaxes(type="log", range=span, **log_ticks(low, high, most=7))
    return figure


def _shade_training(figure: Figure, theme: Theme, drift: Drift, span: tuple[float, float]) -> None:
    """Shade the lengths that training showed, and say so."""
    low, high = (10.0**power for power in figure.layout["xaxis"]["range"])
    if drift.trained_to is None or drift.trained_to < low:
        return
    box = (low, min(drift.trained_to, high), *span)
    add_boxes(figure, theme, [box], color=fade(theme.ink, 0.07))
    _label(figure, theme, box[1], span[1], f"trained to {drift.trained_to}", below=True)


def _label(
    figure: Figure,
    theme: Theme,
    x: float,
    y: float,
    text: str,
    *,
    below: bool,
    after: bool = False,
) -> None:
    """Write beside a point: before or after, above or below it."""
    log = figure.layout["yaxis"].get("type") == "log"
    figure.add_annotation(
        text=text,
        name="label",
        x=np.log10(x),
        xanchor="left" if after else "right",
        xshift=4 if after else -4,
        y=np.log10(max(y, 1e-9)) if log else y,
        yanchor="top" if below else "bottom",
        font={"weight": 400, "color": theme.second},
    )


def _add_whiskers(figure: Figure, theme: Theme, drift: Drift) -> None:
    """Draw a line a length from the least to the most drifting string, thick for half of them."""
    if drift.strings == 1:
        return
    bands = np.maximum(drift.largest.bands, _LEAST)
    half = len(LEVELS) // 2
    for name, low, high, width in (("all strings", 0, -1, 1.5), ("half", half - 1, half + 1, 6)):
        gap = np.full(drift.lengths.size, np.nan)
        figure.add_scatter(
            x=np.repeat(drift.lengths, 3),
            y=np.column_stack([bands[low], bands[high], gap]).ravel(),
            name=name,
            mode="lines",
            line={"color": fade(theme.hue(drift.model.spec.cell), 0.7), "width": width},
            hoverinfo="skip",
        )


def _add_line(
    figure: Figure, theme: Theme, drift: Drift, values: np.ndarray, least: float, words: str
) -> None:
    """Draw the model's own line; its marks say of which kind most first mistakes are."""
    order = np.argsort(drift.lengths)
    kinds = np.stack([drift.accuracy, drift.early_zero, drift.stuck_open, drift.other])
    hue = theme.hue(drift.model.spec.cell)
    figure.add_scatter(
        x=drift.lengths[order],
        y=np.maximum(values, least)[order],
        customdata=[in_brackets(one) for one in values[order]],
        name="model",
        mode="lines+markers",
        line={"color": hue, "width": 2.5},
        marker={
            "symbol": [SYMBOLS[kind] for kind in kinds.argmax(axis=0)[order]],
            "size": 9,
            "color": hue,
            "line": {"color": theme.background, "width": 1},
        },
        cliponaxis=False,
        hovertemplate=f"%{{x:,}} brackets: {words}<extra></extra>",
    )


def _tick(power: int) -> str:
    return f"{10.0**power:,g}" if power < 6 else power_of_ten(power)


def _short(length: int) -> str:
    """Return a length as it fits under a bar.

    >>> _short(20_000), _short(1_000_000), _short(50)
    ('20k', '1M', '50')
    """
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if length >= size:
            return f"{length / size:g}{letter}"
    return str(length)
