"""The left and right saturation of gates, a panel a gate (Karpathy et al. 2015, 1506.02078)."""

import numpy as np

from countviz.analysis.saturation.saturation_ends import SaturationEnds
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure, symbol

_TOP, _BOTTOM, _BETWEEN = 70, 46, 0.05
_HEIGHT = 320


def plot_saturation_ends(ends: SaturationEnds, theme: Theme = THEMES["light"]) -> Figure:
    """Draw every unit by how often its gate is nearly on and nearly off; the model's own above."""
    figure = new_figure(
        theme,
        height=_HEIGHT,
        x_title="share of the symbols at which it is nearly on, above 0.9",
        y_title="share at which it is nearly off, below 0.1",
        margin={"l": 44, "r": 12, "t": _TOP, "b": _BOTTOM},
    )
    width = (1 - _BETWEEN * (len(ends.gates) - 1)) / len(ends.gates)
    for k in range(len(ends.gates)):
        number = str(k + 1) if k else ""
        left = k * (width + _BETWEEN)
        shown = {"range": [-0.06, 1.06], "tickvals": [0, 1], "ticktext": ["0", "100 %"]}
        figure.layout |= {
            f"xaxis{number}": shown | {"anchor": f"y{number}", "domain": [left, left + width]},
            f"yaxis{number}": shown | {"anchor": f"x{number}", "showticklabels": k == 0},
        }
        figure.add_annotation(
            text=f"{ends.meanings[k]} {ends.gates[k]}".replace(" ", "<br>", 1),
            align="left",
            x=left,
            xref="paper",
            xanchor="left",
            y=1,
            yref="paper",
            yanchor="bottom",
        )
        _add_panel(figure, theme, ends, k, (f"x{number}", f"y{number}"))
    return figure


def _add_panel(
    figure: Figure, theme: Theme, ends: SaturationEnds, gate: int, axes: tuple[str, str]
) -> None:
    """Draw the diagonal of gates that are always on or off, the other seeds, and the model."""
    figure.add_shape(
        type="line", x0=0, x1=1, y0=1, y1=0, xref=axes[0], yref=axes[1],
        line={"color": theme.truth, "width": 1.5}, layer="below",
    )  # fmt: skip
    hue = theme.hue(ends.cell)
    groups = (
        ("did not learn", ~ends.learned, {"symbol": symbol(ends.cell, hollow=True)}),
        ("other seeds", ends.learned, {"symbol": symbol(ends.cell), "opacity": 0.35}),
    )
    for name, member, marker in groups:
        _add_marks(figure, axes, name, (ends.others_right[member, gate],
                   ends.others_left[member, gate]), {"color": hue, "size": 7} | marker)  # fmt: skip
    own = np.arange(ends.left.shape[1]) == ends.unit
    for name, member, color in (
        ("other units", ~own, fade(theme.ink, 0.55)),
        ("this unit", own, theme.ink),
    ):
        marker = {"color": color, "size": 11, "line": {"color": theme.background, "width": 2}}
        places = ends.right[gate, member], ends.left[gate, member]
        _add_marks(figure, axes, name, places, marker | {"symbol": symbol(ends.cell)})


def _add_marks(
    figure: Figure,
    axes: tuple[str, str],
    name: str,
    places: tuple[np.ndarray, np.ndarray],
    marker: dict[str, object],
) -> None:
    figure.add_scatter(
        x=places[0],
        y=places[1],
        name=name,
        mode="markers",
        marker=marker,
        cliponaxis=False,
        hovertemplate=f"{name}: on %{{x:.1%}}, off %{{y:.1%}}<extra></extra>",
        xaxis=axes[0],
        yaxis=axes[1],
    )
