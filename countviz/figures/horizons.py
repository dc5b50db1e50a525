"""How deep all seeds count while they learn, against the deepest that training shows."""

import numpy as np

from countviz.analysis.seeds.horizons import Horizons
from countviz.figures.spread import HEIGHT, add_future, add_rule, plot_spread
from countviz.figures.theme import Figure, Theme


def plot_horizons(
    horizons: Horizons, theme: Theme, hue: str, kept: Horizons | None = None
) -> Figure:
    """Draw the nesting horizons; `kept` is an earlier training's, drawn as outline."""
    spread, depth = horizons.spread, horizons.training_depth
    drawn = [one.spread.bands for one in (horizons, kept) if one is not None]
    most = max(np.nanmax(bands, initial=1.25 * depth) for bands in drawn)
    figure = plot_spread(
        spread,
        theme,
        hue,
        height=HEIGHT,
        y_title="nesting horizon, in brackets",
        y_range=(0.0, 1.08 * max(float(most), 10.0)),
        kept=kept and kept.spread,
    )
    if depth:
        below = not spread.median[-1] < depth
        add_rule(figure, theme, depth, f"trained to {depth}", below=below)
    add_future(figure, theme, spread.at, spread.planned, horizons.ends(-1))
    return figure
