"""What a gate did on a string, inside what it could do on any: a bar in a bar."""

import numpy as np

from countviz.analysis.saturation.saturation import Saturation
from countviz.analysis.saturation.saturation_zones import LINEAR, SQUASHING
from countviz.figures.theme import THEMES, Figure, Theme, add_boxes, fade, new_figure

_ROW, _TOP, _BOTTOM, _LEFT, _RIGHT = 26, 10, 92, 128, 12
_POSSIBLE, _SEEN = 0.17, 0.33  # half the thickness of a bar, in rows


def plot_saturation_bounds(saturation: Saturation, theme: Theme = THEMES["light"]) -> Figure:
    """Draw the limits of every gate at every symbol thin, what was seen of them thick."""
    places = [
        (k, saturation.model.language.alphabet.index(one), one)
        for k in range(len(saturation.gates))
        for one in saturation.symbols
    ]
    figure = new_figure(
        theme,
        height=_ROW * max(len(places), 1) + _TOP + _BOTTOM,
        x_title="pre-activation z",
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
    )
    numbers = {
        name: np.array([getattr(saturation, name)[k, v, saturation.unit] for k, v, _ in places])
        for name in ("bound_low", "bound_high", "lowest", "highest", "typical")
    }
    low, high = _find_range(numbers)
    rows = len(places)
    figure.update_layout(
        xaxis={"range": [low, high], "nticks": 8},
        yaxis={
            "range": [rows - 0.5, -0.5],
            "tickvals": list(range(rows)),
            "ticktext": [f"{saturation.meanings[k]} “{one}”" for k, _, one in places],
            "showgrid": False,
        },
    )
    _add_zone(figure, theme, saturation, rows)
    limits = [np.clip(numbers[name], low, high) for name in ("bound_low", "bound_high")]
    seen = [np.clip(numbers[name], low, high) for name in ("lowest", "highest")]
    hue = theme.hue(saturation.model.spec.cell)
    add_boxes(figure, theme, _bars(*limits, _POSSIBLE), color=fade(theme.second, 0.45))
    add_boxes(figure, theme, _bars(*seen, _SEEN, (high - low) / 300), color=hue)
    _add_middle(figure, theme, numbers, low, high)
    _add_edges(figure, theme, saturation, places)
    _add_forms(figure, theme, saturation, hue)
    return figure


def _find_range(numbers: dict[str, np.ndarray]) -> tuple[float, float]:
    """Return what the axis shows: all that was seen, and the limits where there are any."""
    every = np.concatenate([*numbers.values(), [-LINEAR, LINEAR]])
    every = every[np.isfinite(every) & (abs(every) < 1e9)]
    pad = 0.05 * (every.max() - every.min())
    return float(every.min() - pad), float(every.max() + pad)


def _bars(
    low: np.ndarray, high: np.ndarray, half: float, least: float = 0.0
) -> list[tuple[float, float, float, float]]:
    """Return the corners of a bar a row, none of them thinner than `least`."""
    return [
        (a - least, b + least, row - half, row + half)
        for row, (a, b) in enumerate(zip(low, high, strict=True))
        if np.isfinite(a + b)
    ]


def _add_zone(figure: Figure, theme: Theme, saturation: Saturation, rows: int) -> None:
    """Lay the zone below the bars in which a gate is linear, or a rectifier clips."""
    if saturation.squash[0] in SQUASHING:
        edges = -LINEAR, LINEAR
    elif saturation.squash[0] == "relu":
        edges = figure.layout["xaxis"]["range"][0], 0.0
    else:
        return
    add_boxes(figure, theme, [(*edges, -0.5, rows - 0.5)], color=tone(theme))


def _add_middle(
    figure: Figure, theme: Theme, numbers: dict[str, np.ndarray], low: float, high: float
) -> None:
    known = np.flatnonzero(np.isfinite(numbers["typical"]))
    figure.add_scatter(
        x=np.clip(numbers["typical"][known], low, high),
        y=known,
        customdata=np.stack([numbers[name][known] for name in
                             ("bound_low", "lowest", "highest", "bound_high")], axis=-1),
        name="median",
        mode="markers",
        marker={"color": theme.ink, "size": 8, "line": {"color": theme.background, "width": 1.5}},
        hovertemplate="median z %{x:.3g}; seen %{customdata[1]:.3g} to %{customdata[2]:.3g}, "
        "possible %{customdata[0]:.3g} to %{customdata[3]:.3g}<extra></extra>",
    )  # fmt: skip


def _add_edges(
    figure: Figure, theme: Theme, saturation: Saturation, places: list[tuple[int, int, str]]
) -> None:
    """Mark, row by row, from where on a gate is exactly on or off, where that is on the axis."""
    low, high = figure.layout["xaxis"]["range"]
    for row, (k, _, _) in enumerate(places):
        for edge in (-saturation.thresholds[k], saturation.thresholds[k]):
            if low < edge < high:
                figure.add_shape(
                    type="line", x0=edge, x1=edge, y0=row - 0.5, y1=row + 0.5,
                    line={"color": theme.ink, "width": 1.5}, layer="below",
                )  # fmt: skip


def _add_forms(figure: Figure, theme: Theme, saturation: Saturation, hue: str) -> None:
    """Say below what the bars and the marks mean."""
    for one in figure.data:
        one["showlegend"] = False
    markers = {
        "possible": {"symbol": "square", "color": fade(theme.second, 0.45)},
        "seen": {"symbol": "square", "color": hue},
        "median": {"symbol": "circle", "color": theme.ink, "size": 8},
    }
    if saturation.squash[0] in SQUASHING:
        markers["linear"] = {"symbol": "square", "color": tone(theme)}
        line = {"symbol": "line-ns", "line": {"color": theme.ink, "width": 1.5}}
        markers["exactly on or off"] = line
    elif saturation.squash[0] == "relu":
        markers["clipped at zero"] = {"symbol": "square", "color": tone(theme)}
    forms = {name: {"marker": {"size": 12} | marker} for name, marker in markers.items()}
    add_legend(figure, theme, forms)


def add_legend(figure: Figure, theme: Theme, forms: dict[str, dict[str, object]]) -> None:
    """Say at the lower edge of a figure what its forms mean: marks, unless they are lines."""
    for name, form in forms.items():
        look = {"mode": "markers", "hoverinfo": "skip", "showlegend": True}
        figure.add_scatter(x=[None], y=[None], name=name, **look | form)
    figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"color": theme.second},
        },
    )


def tone(theme: Theme) -> str:
    """Return the colour of the zone in which a gate is linear, or a rectifier clips."""
    return fade(theme.line, 0.75)
