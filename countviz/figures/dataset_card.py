"""Two histograms of a set of strings: how long they are, and how deep."""

from countviz.analysis.seeds.dataset_card import DatasetCard
from countviz.figures.theme import Figure, Theme, new_figure

_HEIGHT, _GAP = 240, 0.12  # px; the share of the width between the two


def plot_dataset_card(card: DatasetCard, theme: Theme) -> Figure:
    """Draw how many strings have each length, and beside it how many reach each depth."""
    figure = new_figure(theme, height=_HEIGHT, y_title="strings")
    half = (1 - _GAP) / 2
    figure.update_layout(
        bargap=0.05,
        xaxis={"domain": [0, half], "rangemode": "tozero"},
        xaxis2={"domain": [half + _GAP, 1], "anchor": "y2", "rangemode": "tozero"},
        yaxis={"tickformat": ","},
        yaxis2={"anchor": "x2", "tickformat": ","},
    )
    for axis, right, unit, (values, counts) in (
        ("", half, "symbols", card.length_histogram()),
        ("2", 1, "most open at a time", card.depth_histogram()),
    ):
        figure.add_bar(
            x=values,
            y=counts,
            name=unit,
            marker={"color": theme.second, "line": {"width": 0}},
            hovertemplate=f"%{{y:,}} strings: %{{x:,}} {unit}<extra></extra>",
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
        )
        figure.add_annotation(
            text=unit,
            x=right,
            xref="paper",
            xanchor="right",
            y=0,
            yref="paper",
            yanchor="top",
            yshift=-24,
            font={"color": theme.second, "weight": 400},
        )
    return figure
