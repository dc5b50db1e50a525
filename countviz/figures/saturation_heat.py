"""Which gate gives way, and when: a row a gate along the string, below the true count."""

import numpy as np

from countviz.analysis.saturation.saturation_heat import SaturationHeat
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure
from countviz.words import power_of_ten

_TOP, _BOTTOM, _LEFT, _RIGHT = 8, 100, 116, 10
_COUNT, _GAP = 44, 8  # px of the strip with the true count, and below it
_MOST_LABELS = 24
_LEAST_NINES = 2.0  # that the colours reach to, at least
_WRITTEN_OUT = 7  # so many nines are written as per cent


def plot_saturation_heat(
    heat: SaturationHeat, theme: Theme = THEMES["light"], at: int | None = None
) -> Figure:
    """Draw how far on every row is at each symbol, and the cursor, a position from 0."""
    rows = len(heat.rows)
    body = rows * int(np.clip(420 / max(rows, 1), 9, 24))
    figure = new_figure(
        theme,
        height=_TOP + _COUNT + _GAP + body + _BOTTOM,
        x_title="position in the string, in symbols",
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
    )
    _lay_out(figure, heat, body)
    _add_count(figure, theme, heat)
    _add_map(figure, theme, heat)
    if at is not None:
        figure.add_vline(x=at + 1, line={"color": theme.ink, "width": 2})
    return figure


def _lay_out(figure: Figure, heat: SaturationHeat, body: int) -> None:
    """Place the rows, `body` pixels high, and the true count above them."""
    rows, whole = len(heat.rows), _COUNT + _GAP + body
    figure.update_layout(
        xaxis={
            "range": [0.5, max(len(heat.string), 1) + 0.5],
            "anchor": "y",
            "tickformat": ",d",
            "ticks": "",
        },
        yaxis={
            "domain": [0, body / whole],
            "range": [rows - 0.5, -0.5],
            "type": "category",
            "tickvals": heat.rows[:: -(-rows // _MOST_LABELS)],
            "ticks": "",
            "showgrid": False,
        },
        yaxis2={
            "domain": [1 - _COUNT / whole, 1],
            "anchor": "x",
            "tickvals": [0],
            "ticktext": ["true count"],
            "showgrid": False,
            "ticks": "",
            "rangemode": "tozero",
        },
    )


def _add_count(figure: Figure, theme: Theme, heat: SaturationHeat) -> None:
    ends = np.append(heat.starts, len(heat.string))
    figure.add_scatter(
        x=np.repeat(ends, 2)[1:-1] + 0.5,
        y=np.repeat(heat.counts, 2),
        name="true count",
        mode="lines",
        line={"color": theme.ink, "width": 2},
        fill="tozeroy",
        fillcolor=fade(theme.ink, 0.1),
        hoverinfo="skip",
        yaxis="y2",
    )


def _add_map(figure: Figure, theme: Theme, heat: SaturationHeat) -> None:
    clipped = heat.kind == "clipped"
    known = heat.values[np.isfinite(heat.values)]
    reach = np.clip(known.max(initial=0), _LEAST_NINES, heat.exact.max(initial=_LEAST_NINES))
    most = 1.0 if clipped else float(reach)
    number = "%{z:.0%} clipped" if clipped else "%{z:.2f} nines"
    figure.add_heatmap(
        x=heat.starts + (heat.every + 1) / 2,
        y=heat.rows,
        z=heat.values.astype(np.float32),
        zmin=0,
        zmax=most,
        colorscale="Cividis",
        reversescale=clipped,
        xgap=0,
        ygap=3 if len(heat.rows) <= 16 else 1,
        hovertemplate=f"symbol %{{x:.0f}}, %{{y}}: {number}<extra></extra>",
        colorbar=_style_key(theme, {0: "never", 1: "always"} if clipped else _tick_nines(most)),
    )
    figure.add_annotation(
        text="clipped at zero" if clipped else "how far on",
        **{"x": 0, "xref": "paper", "xanchor": "left", "xshift": 24 - _LEFT},
        **{"y": 0, "yref": "paper", "yanchor": "top", "yshift": -40},
    )


def _style_key(theme: Theme, ticks: dict[int, str]) -> dict[str, object]:
    """Return the key to the colours: a bar below the map, on the left."""
    return {
        "orientation": "h",
        "thickness": 10,
        "len": 300,
        "lenmode": "pixels",
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "xpad": 24,
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "outlinewidth": 0,
        "tickangle": 0,
        "tickfont": {"color": theme.second},
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
    }


def _tick_nines(most: float) -> dict[int, str]:
    """Return the ticks of the colours: some numbers of nines, and what they are called."""
    every = max(1, round(most / 3))
    return {nines: name_nines(nines) for nines in range(0, int(most) + 1, every)}


def name_nines(nines: int) -> str:
    """Return in words how far on a gate with so many nines is.

    >>> name_nines(0), name_nines(1), name_nines(4), name_nines(12)
    ('0', '90 %', '99.99 %', '1 \N{MINUS SIGN} 10⁻¹²')
    """
    if nines == 0:
        return "0"
    if nines > _WRITTEN_OUT:
        return f"1 \N{MINUS SIGN} {power_of_ten(-nines)}"
    return f"{'9' * min(nines, 2) if nines > 1 else '90'}{'.' * (nines > 2)}{'9' * (nines - 2)} %"
