"""Is every step one bracket: the step up and the step down of every seed while they learn."""

import numpy as np

from countviz.analysis.seeds.steps import Steps
from countviz.figures.spread import HEIGHT, add_future, add_rule, new_timeline
from countviz.figures.theme import Figure, Theme, fade

_POINTS = 2_000  # in one series; the browser draws few long lines faster than many short ones
_MINUS = "\N{MINUS SIGN}"
_MOST = 1.55  # what the axis shows, in brackets


def plot_steps(steps: Steps, theme: Theme, hue: str, kept: Steps | None = None) -> Figure:
    """Draw one thin line a seed, up and down, and the medians thick; of `kept` the medians."""
    figure = new_timeline(
        theme,
        steps.at,
        steps.planned,
        height=HEIGHT,
        y_title="mean change of the decoded count, in brackets",
    )
    figure.update_yaxes(
        range=(-_MOST, _MOST), tickvals=[-1, 0, 1], ticktext=[f"{_MINUS}1", "0", "+1"]
    )
    seeds = len(steps.up)
    color = fade(hue, float(np.clip(12 / seeds, 0.22, 0.8)))
    for values in (steps.up, steps.down):
        _add_lines(figure, steps.at, values, color)
        _add_median(figure, steps.at, values, {"color": hue, "width": 2.5})
    for values in (kept.up, kept.down) if kept else ():
        _add_median(figure, kept.at, values, {"color": theme.second, "width": 2, "dash": "8px,3px"})
    opens, closes = (f", on “{symbol}”" if symbol else "" for symbol in steps.symbols or ("", ""))
    add_rule(figure, theme, 1, f"step up{opens}")
    add_rule(figure, theme, -1, f"step down{closes}", below=False)
    add_future(figure, theme, steps.at, steps.planned, ())
    return figure


def _add_lines(figure: Figure, at: np.ndarray, values: np.ndarray, color: str) -> None:
    """Draw many lines [S, R] as few series, whose lines are parted by a gap."""
    group = max(1, _POINTS // (at.size + 1))
    for first in range(0, len(values), group):
        lines = np.pad(values[first : first + group], ((0, 0), (0, 1)), constant_values=np.nan)
        figure.add_scatter(
            x=np.tile(np.append(at, np.nan).astype(np.float32), len(lines)),
            y=np.clip(lines, -_MOST, _MOST).ravel().astype(np.float32),
            mode="lines",
            line={"color": color, "width": 1},
            hoverinfo="skip",
        )


def _add_median(figure: Figure, at: np.ndarray, values: np.ndarray, line: dict) -> None:
    known = np.isfinite(values).any(axis=0)
    figure.add_scatter(
        x=at[known],
        y=np.nanmedian(values[:, known], axis=0),
        mode="lines",
        line=line,
        hovertemplate="median %{y:+.3f} after %{x:,} strings<extra></extra>",
    )
