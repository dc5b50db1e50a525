"""The cobweb: a curve a symbol over the diagonal, fixed points, and the staircase of a stretch."""

import numpy as np

from countviz.analysis.trajectory.cobweb import Cobweb, Step
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_HEIGHT = 420
_SEEN = 300  # steps seen, drawn as dots, of a symbol


def plot_cobweb(cobweb: Cobweb, theme: Theme = THEMES["light"]) -> Figure:
    """Draw what every symbol turns a state number into."""
    units = cobweb.model.spec.units
    name = cobweb.internal + (f" of unit {cobweb.unit + 1}" if units > 1 else "")
    figure = new_figure(
        theme,
        height=_HEIGHT,
        x_title=f"{name} before the symbol",
        y_title=f"{name} after it",
        margin={"l": 56, "r": 24, "b": 94},
    )
    low, high = cobweb.grid[0], cobweb.grid[-1]
    room = 0.02 * (high - low)
    span = [low - room, high + room]
    figure.update_layout(
        xaxis={"range": span, "nticks": 6, "showgrid": True}, yaxis={"range": span, "nticks": 6}
    )
    figure.add_scatter(
        x=[low, high],
        y=[low, high],
        name="diagonal",
        mode="lines",
        line={"color": theme.truth, "width": 1.5},
        hoverinfo="skip",
    )
    _add_path(figure, theme, cobweb)
    for place, step in enumerate(cobweb.steps):
        _add_step(figure, theme, cobweb, step, _DASHES[place % len(_DASHES)])
    _add_fixed_points(figure, theme, cobweb)
    _explain(figure, theme, cobweb)
    return figure


def _add_path(figure: Figure, theme: Theme, cobweb: Cobweb) -> None:
    """Draw the staircase: up or down to the next value, then across to the diagonal."""
    corners = np.repeat(cobweb.path, 2)
    figure.add_scatter(
        x=corners[:-1],
        y=corners[1:],
        name="staircase",
        mode="lines",
        line={"color": fade(theme.ink, 0.45), "width": 1},
        hoverinfo="skip",
    )


def _add_step(figure: Figure, theme: Theme, cobweb: Cobweb, step: Step, dash: str) -> None:
    hue = theme.hue(cobweb.model.spec.cell)
    every = max(1, step.seen_before.size // _SEEN)
    figure.add_scatter(
        x=step.seen_before[::every],
        y=step.seen_after[::every],
        name=f"seen at {step.symbol}",
        mode="markers",
        marker={"color": fade(hue, 0.4), "size": 6},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=cobweb.grid,
        y=step.after,
        name=f"at {step.symbol}",
        mode="lines",
        line={"color": hue, "width": 2.5, "dash": dash},
        hovertemplate=f"{step.symbol} turns %{{x:.4g}} into %{{y:.4g}}<extra></extra>",
    )
    _add_name(figure, theme, cobweb, step)


def _add_name(figure: Figure, theme: Theme, cobweb: Cobweb, step: Step) -> None:
    """Write a symbol at its curve, on the side away from the diagonal."""
    low, high = cobweb.grid[0], cobweb.grid[-1]
    inside = np.flatnonzero((step.after >= low) & (step.after <= high))
    if not inside.size:
        return
    at = inside[int(0.8 * (inside.size - 1))]
    above = step.after[at] > cobweb.grid[at]
    figure.add_scatter(
        x=[cobweb.grid[at]],
        y=[step.after[at]],
        name=f"name of {step.symbol}",
        mode="text",
        text=[f"<b>{step.symbol}</b>"],
        textposition="top left" if above else "bottom right",
        textfont={"color": theme.ink, "size": 18, "family": "monospace"},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _add_fixed_points(figure: Figure, theme: Theme, cobweb: Cobweb) -> None:
    """Mark what a symbol leaves as it is: filled where it attracts."""
    for stable in (True, False):
        points = [
            (step.symbol, point)
            for step in cobweb.steps
            for point in step.fixed_points
            if point.stable == stable
        ]
        at = [point.value for _, point in points]
        figure.add_scatter(
            x=at,
            y=at,
            customdata=[[symbol, point.multiplier] for symbol, point in points],
            name="stable" if stable else "unstable",
            mode="markers",
            marker={
                "size": 12,
                "color": theme.ink if stable else theme.background,
                "line": {"color": theme.background if stable else theme.ink, "width": 2},
            },
            hovertemplate=(
                "%{customdata[0]} leaves %{x:.4g} as it is; of an error about it "
                "%{customdata[1]:.3g} is left<extra></extra>"
            ),
        )


def _explain(figure: Figure, theme: Theme, cobweb: Cobweb) -> None:
    marks = [
        text
        for stable, text in ((True, "● attracts"), (False, "○ repels"))
        if any(point.stable == stable for step in cobweb.steps for point in step.fixed_points)
    ]
    figure.add_annotation(
        text="   ".join(["grey: no change", *marks]) + "<br>thin: the stretch, step by step",
        x=0,
        xref="paper",
        xanchor="left",
        y=0,
        yref="paper",
        yanchor="top",
        align="left",
        yshift=-48,
        font={"color": theme.second, "weight": 400},
    )
