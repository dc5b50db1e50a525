"""Which nestings fool the seeds first while they learn: the medians of e1 to e5."""

import numpy as np

from countviz.analysis.seeds.failing import Failing
from countviz.figures.spread import HEIGHT, add_future, new_timeline
from countviz.figures.theme import Figure, Theme, fade

_FADES = (1.0, 0.8, 0.62, 0.48, 0.36)  # of e1 to e5


def plot_failing(failing: Failing, theme: Theme, hue: str, kept: Failing | None = None) -> Figure:
    """Draw e1 to e5; of an earlier training, e1 dashed."""
    figure = new_timeline(
        theme, failing.at, failing.planned, height=HEIGHT, y_title="n of the first wrong (ⁿ )ⁿ"
    )
    drawn = [one.medians for one in (failing, kept) if one is not None]
    most = max(np.nanmax(medians, initial=10.0) for medians in drawn)
    figure.update_yaxes(range=(0.0, 1.12 * float(most)))
    if kept is not None:
        line = {"color": theme.second, "width": 2, "dash": "8px,3px"}
        figure.add_scatter(x=kept.at, y=kept.medians[0], mode="lines", line=line, hoverinfo="skip")
    for k, share in reversed(list(enumerate(_FADES))):
        figure.add_scatter(
            x=failing.at,
            y=failing.medians[k],
            name=f"e{k + 1}",
            mode="lines",
            line={"color": fade(hue, share), "width": 2.5 if k == 0 else 1.5},
            hovertemplate=f"e{k + 1} = %{{y}} after %{{x:,}} strings<extra></extra>",
        )
    add_future(figure, theme, failing.at, failing.planned, failing.ends(-1))
    return figure
