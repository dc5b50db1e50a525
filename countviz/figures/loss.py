"""How wrong all seeds are while they learn: bands over seeds on a logarithmic axis."""

import numpy as np

from countviz.analysis.seeds.loss import Loss
from countviz.figures.spread import HEIGHT, add_future, plot_spread
from countviz.figures.theme import Figure, Theme


def plot_loss(loss: Loss, theme: Theme, hue: str, kept: Loss | None = None) -> Figure:
    """Draw the training loss; `kept` is an earlier training's, drawn as outline."""
    spread = loss.spread
    drawn = [one.spread.bands for one in (loss, kept) if one is not None]
    values = np.concatenate([bands[np.isfinite(bands) & (bands > 0)] for bands in drawn])
    low, high = (values.min(), values.max()) if values.size else (0.1, 1.0)
    figure = plot_spread(
        spread,
        theme,
        hue,
        height=HEIGHT,
        y_title="training loss, mean squared error",
        y_range=(float(np.log10(low / 8)), float(np.log10(high * 1.6))),
        log=True,
        kept=kept and kept.spread,
    )
    add_future(figure, theme, spread.at, spread.planned, loss.ends(-1), falling=True)
    return figure
