"""What a model counts after its state was changed, beside what it counted before."""

import numpy as np

from countviz.analysis.weights.intervention import Intervention
from countviz.figures.effect import draw_counts, mark_mistake
from countviz.figures.theme import THEMES, Figure, Theme


def plot_intervention(intervention: Intervention, theme: Theme = THEMES["light"]) -> Figure:
    """Draw the true count as a mountain, the original count dashed, the patched one from there."""
    hue = theme.hue(intervention.original.model.spec.cell)
    step, after = intervention.step, intervention.patched_counts.copy()
    after[:step] = np.nan
    figure = draw_counts(
        theme,
        intervention.true_counts,
        {"original": intervention.original_counts},
        {"patched": after},
        hue,
    )
    figure.add_vline(x=step + 1, line={"color": theme.ink, "width": 1.5})
    high = intervention.true_counts[step] > 0.5 * intervention.true_counts.max()
    late = step > 0.6 * after.size
    figure.add_annotation(
        text="changed here",
        x=step + 1,
        xanchor="right" if late else "left",
        xshift=-6 if late else 6,
        y=0 if high else 1,
        yref="paper",
        yanchor="bottom" if high else "top",
    )
    if intervention.first_difference is not None:
        at = intervention.first_difference
        mark_mistake(figure, theme, at, intervention.patched_counts, "verdict differs")
    return figure
