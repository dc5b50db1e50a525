"""Does training saturate the gates: how far on one is after each epoch, over all seeds."""

import numpy as np

from countviz.analysis.saturation.saturation_seeds import SeedSaturation
from countviz.analysis.seeds.spread import LEVELS
from countviz.figures.saturation_heat import name_nines
from countviz.figures.spread import add_band
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure

_TOP, _BOTTOM, _HEIGHT, _BETWEEN = 52, 46, 300, 0.03
_FADES = (0.14, 0.22, 0.34)  # of the bands of all, 80 % and half of the seeds
_LABEL = 92  # px, the widest label of the axis


def plot_seed_saturation(
    seeds: SeedSaturation, theme: Theme = THEMES["light"], gate: int = 0, seed: int | None = None
) -> Figure:
    """Draw bands and median over the seeds of one gate, a panel a symbol; and one seed alone."""
    clipped, hue = seeds.squash[gate] == "relu", theme.hue(seeds.cell)
    what = "share clipped at zero" if clipped else f"how far on the {seeds.meanings[gate]} is"
    figure = new_figure(
        theme,
        height=_HEIGHT,
        x_title="epochs of training",
        y_title=what if seed is None else f"{what} (dashed: seed {seed})",
        margin={"l": 48 if clipped else _LABEL, "r": 12, "t": _TOP, "b": _BOTTOM},
    )
    scale = _choose_scale(seeds, gate, clipped)
    width = (1 - _BETWEEN * (len(seeds.symbols) - 1)) / len(seeds.symbols)
    first, last = seeds.epochs[0], max(seeds.epochs[-1], seeds.epochs[0] + 1)
    for column, symbol in enumerate(seeds.symbols):
        number, left = str(column + 1) if column else "", column * (width + _BETWEEN)
        x = {"domain": [left, left + width], "range": [first - 0.2, last + 0.2], "nticks": 5}
        y = {"anchor": f"x{number}", "showticklabels": not column} | scale
        figure.layout |= {f"xaxis{number}": x | {"anchor": f"y{number}"}, f"yaxis{number}": y}
        figure.add_annotation(
            text=f"at “{symbol}”",
            **{"x": left, "xref": "paper", "xanchor": "left"},
            **{"y": 1, "yref": "paper", "yanchor": "bottom"},
        )
        before = len(figure.data)
        _add_spread(figure, hue, seeds, gate, column)
        if seed is not None and seed in seeds.seeds:
            _add_seed(figure, theme, seeds, (gate, column), seed)
        for one in figure.data[before:]:
            one.update(xaxis=f"x{number}", yaxis=f"y{number}")
    return figure


def _choose_scale(seeds: SeedSaturation, gate: int, clipped: bool) -> dict[str, object]:
    """Return the y axis that all panels share."""
    if clipped:
        return {"range": [-0.03, 1.03], "tickformat": ".0%", "nticks": 5}
    known = seeds.values[:, :, gate]
    most = max(2.0, float(known[np.isfinite(known)].max(initial=0)))
    every = max(1, round(most / 5))
    ticks = list(range(0, int(most) + 1, every))
    return {
        "range": [-0.03 * most, 1.06 * most],
        "tickvals": ticks,
        "ticktext": [name_nines(tick) for tick in ticks],
    }


def _add_spread(figure: Figure, hue: str, seeds: SeedSaturation, gate: int, column: int) -> None:
    spread = seeds.spread(gate, column)
    for k, share in enumerate(_FADES[: len(LEVELS) // 2]):
        add_band(figure, spread.at, spread.bands[k], spread.bands[-1 - k], fade(hue, share))
    figure.add_scatter(
        x=spread.at,
        y=spread.median,
        name="median",
        mode="lines",
        line={"color": hue, "width": 2.5},
        hovertemplate="median %{y:.2f} after epoch %{x}<extra></extra>",
    )


def _add_seed(
    figure: Figure, theme: Theme, seeds: SeedSaturation, place: tuple[int, int], seed: int
) -> None:
    """Draw one seed as a line in ink."""
    gate, column = place
    figure.add_scatter(
        x=seeds.epochs,
        y=seeds.values[seeds.seeds.index(seed), :, gate, column],
        name=f"seed {seed}",
        mode="lines",
        line={"color": theme.ink, "width": 2, "dash": "4px,3px"},
        hovertemplate=f"seed {seed}: %{{y:.2f}} after epoch %{{x}}<extra></extra>",
    )
