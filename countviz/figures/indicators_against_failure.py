"""How far each checkpoint is right, against how far its weights are from exact ones."""

import numpy as np

from countviz.analysis.weights.indicators_against_failure import IndicatorsAgainstFailure
from countviz.figures.theme import THEMES, Figure, Theme, fade, log_ticks, new_figure, symbol

_CLOSEST = 1e-17  # what is nearer is drawn there


def plot_indicators(
    report: IndicatorsAgainstFailure, theme: Theme = THEMES["light"], indicator: int = 0
) -> Figure:
    """Draw a mark a checkpoint, outlined if it did not learn, and the line through the others."""
    distance = np.maximum(report.distance[:, indicator], _CLOSEST)
    shown = distance[np.isfinite(distance)]
    low, high = (shown.min() / 2, shown.max() * 2) if shown.size else (1e-3, 1.0)
    figure = new_figure(
        theme,
        height=320,
        x_title=f"{report.names[indicator]}: distance from exact (log scale)",
        y_title="mean first point of failure, in brackets",
        margin={"l": 48},
    )
    top = 1.1 * report.length
    figure.update_layout(
        xaxis={"type": "log", "range": np.log10([high, low]).tolist(), **log_ticks(low, high)},
        yaxis={"range": [0, top], "nticks": 5, "tickformat": ",d"},
    )
    figure.add_hline(report.constant, line={"color": theme.ink, "width": 2, "dash": "dash"})
    figure.add_annotation(
        text=f"always answering “open”: {report.constant:,.0f}",
        x=1,
        xref="paper",
        xanchor="right",
        y=report.constant,
        yanchor="bottom" if report.constant < 0.85 * report.length else "top",
        bgcolor=fade(theme.background, 0.8),
    )
    for members, hollow in ((~report.learned, True), (report.learned, False)):
        _add_marks(figure, theme, report, distance, members, hollow=hollow)
    _add_fit(figure, theme, report, indicator, (low, high))
    return figure


def _add_marks(
    figure: Figure,
    theme: Theme,
    report: IndicatorsAgainstFailure,
    distance: np.ndarray,
    members: np.ndarray,
    *,
    hollow: bool,
) -> None:
    pairs = zip(report.seeds[members], report.epochs[members], strict=True)
    figure.add_scatter(
        x=distance[members],
        y=report.mean_fpf[members],
        name="did not learn" if hollow else "learned",
        customdata=[f"{report.family}/{seed}@{epoch}" for seed, epoch in pairs],
        mode="markers",
        marker={
            "color": theme.hue(report.cell),
            "size": 7,
            "symbol": symbol(report.cell, hollow=hollow),
            "opacity": 0.6,
        },
        hovertemplate="%{customdata}: %{y:,.0f}<extra></extra>",
    )


def _add_fit(
    figure: Figure,
    theme: Theme,
    report: IndicatorsAgainstFailure,
    indicator: int,
    ends: tuple[float, float],
) -> None:
    """Draw the line; where it tells next to nothing it is thin and says so."""
    fit, tells = report.fits[indicator], report.tells(indicator)
    if np.isnan(fit.r_squared):
        return
    x = np.geomspace(*ends, 50)
    figure.add_scatter(
        x=x,
        y=fit.intercept - fit.slope * np.log(x),
        name="fit",
        mode="lines",
        line={
            "color": theme.ink,
            "width": 2.5 if tells else 1,
            "dash": "solid" if tells else "dot",
        },
        hoverinfo="skip",
    )
    said = f"r² {fit.r_squared:.2f}" + ("" if tells else ": says next to nothing")
    figure.add_annotation(
        text=said,
        x=0.01,
        xref="paper",
        xanchor="left",
        y=0.02,
        yref="paper",
        bgcolor=fade(theme.background, 0.8),
    )
