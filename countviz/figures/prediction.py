"""How deep a model should count by each foretelling, beside how deep it does."""

import numpy as np

from countviz.analysis.drift.prediction import DEEPEST_FORETOLD, Prediction
from countviz.figures.theme import THEMES, Figure, Theme, log_ticks, new_figure

_LOW = 0.8  # the axis begins there
_ROW, _TOP, _BOTTOM = 32, 28, 48  # px


def plot_prediction(prediction: Prediction, theme: Theme = THEMES["light"]) -> Figure:
    """Draw the first failing depths as dots on one log scale; what is foretold is outlined."""
    rows = _list_rows(prediction)
    known = [depth for _, depth, _ in rows if depth and np.isfinite(depth)]
    most = min(2 * max([*known, prediction.tried, 10]), 2.0 * DEEPEST_FORETOLD)
    figure = new_figure(
        theme,
        height=_ROW * len(rows) + _TOP + _BOTTOM,
        x_title="first depth that is judged wrong (log scale)",
        margin={"l": 180, "r": 70, "t": 8, "b": _BOTTOM},
    )
    span = [np.log10(_LOW), np.log10(most)]
    figure.update_xaxes(type="log", range=span, **log_ticks(_LOW, most, most=6))
    places = np.arange(len(rows))[::-1]
    figure.update_yaxes(
        range=[-0.6, len(rows) - 0.4],
        tickvals=places,
        ticktext=[name for name, _, _ in rows],
        tickfont={"color": theme.ink},
    )
    for y, (name, depth, filled) in zip(places, rows, strict=True):
        known = depth is not None and depth <= most
        figure.add_scatter(
            x=[max(depth, 1) if known else most / 1.15],
            y=[y],
            name=name,
            mode="markers+text",
            marker={
                "symbol": _shape(known, filled),
                "size": 12,
                "color": theme.ink,
                "line": {"color": theme.ink, "width": 2},
            },
            text=[_in_words(depth) if known else "  none"],
            textposition="middle right",
            textfont={"color": theme.ink},
            cliponaxis=False,
            hovertemplate=f"{name}: %{{text}}<extra></extra>",
        )
    return figure


def _in_words(depth: float) -> str:
    return f"  {depth:,.0f}" if depth >= 1 else "  under 1"


def _shape(known: bool, filled: bool) -> str:
    shape = "circle" if known else "triangle-right"
    return shape if filled else f"{shape}-open"


def _list_rows(prediction: Prediction) -> list[tuple[str, float | None, bool]]:
    """Return what is drawn from the top down: its name, its depth, and whether it is measured."""
    rows: list[tuple[str, float | None, bool]] = []
    if prediction.can_foretell:
        rows += [
            ("rule: leak alone", prediction.rule_leak / 2, False),
            ("rule: asymmetry alone", prediction.rule_asymmetry / 2, False),
            ("rule: both", prediction.rule_depth, False),
            ("its steps, fitted", prediction.steps_depth, False),
        ]
    if prediction.has_closed_form:
        rows.append(("its weights", prediction.closed_form_depth, False))
    rows.append(("<b>measured</b>", prediction.measured_depth, True))
    return [*rows, ("exact counter", None, False), ("always “open”", 1, False)]
