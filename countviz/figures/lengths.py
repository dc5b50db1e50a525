"""How often all seeds are right, by the length of the string."""

from countviz.analysis.seeds.lengths import Lengths
from countviz.analysis.seeds.spread import LEVELS
from countviz.figures.spread import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, add_band, add_outline
from countviz.figures.theme import Figure, Theme, fade, new_figure

_FADES = (0.14, 0.22, 0.34)


def plot_lengths(lengths: Lengths, theme: Theme, hue: str, kept: Lengths | None = None) -> Figure:
    """Draw the share of right strings; `kept` is an earlier training's, drawn as outline."""
    spread = lengths.spread
    figure = new_figure(
        theme,
        height=HEIGHT,
        x_title="length of the string, in symbols",
        y_title="strings right at every symbol",
        margin={"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
    )
    figure.update_xaxes(range=[0, spread.planned], nticks=6)
    figure.update_yaxes(range=[0, 1.03], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    if lengths.trained_to < spread.planned:
        figure.add_vline(
            x=lengths.trained_to, line={"color": theme.second, "width": 1.5, "dash": "4px,4px"}
        )
        figure.add_annotation(
            text=f"trained to {lengths.trained_to}",
            x=lengths.trained_to,
            xanchor="right",
            xshift=-6,
            y=0.02,
            yanchor="bottom",
            font={"weight": 400},
        )
    if kept is not None:
        add_outline(figure, theme, kept.spread)
    for k, share in enumerate(_FADES):
        add_band(figure, spread.at, spread.bands[k], spread.bands[-1 - k], fade(hue, share))
    figure.add_scatter(
        x=spread.at,
        y=spread.bands[len(LEVELS) // 2],
        name="median",
        mode="lines+markers",
        line={"color": hue, "width": 2.5},
        marker={"size": 6},
        cliponaxis=False,
        hovertemplate="median %{y:.0%} at up to %{x} symbols<extra></extra>",
    )
    return figure
