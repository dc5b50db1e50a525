"""What the figures of a training share: the axis of strings read, bands over seeds, the future.

The axis reaches as far as the training is planned; what has not happened yet is hatched. Long
trainings get a logarithmic axis, because nearly everything happens in the first epoch.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from countviz.analysis.seeds.spread import LEVELS, Spread
from countviz.figures.theme import Figure, Theme, add_boxes, fade, log_ticks, new_figure

HEIGHT = 220  # px of a figure
LEFT, RIGHT, TOP, BOTTOM = 48, 28, 26, 44  # px around the plot
SPACE = 21  # px from one line of text to the next
END = "end"  # the name of the annotations that say how a line ends
_LOG_FROM = 250.0  # planned strings for each string read at the first point
_FADES = (0.14, 0.22, 0.34)  # of the bands of all, 80 % and half of the seeds
_ROOM = 0.7  # of the axis; a line that ends beyond is labelled on its left


def plot_spread(
    spread: Spread,
    theme: Theme,
    hue: str,
    *,
    height: int,
    y_title: str,
    y_range: tuple[float, float],
    log: bool = False,
    kept: Spread | None = None,
) -> Figure:
    """Draw bands and median of a quantity along the strings read.

    Parameters
    ----------
    spread
        The quantity.
    theme, hue
        The colours, and that of the cell.
    height
        In pixels.
    y_title, y_range, log
        The quantity's axis; where `log`, the range holds powers of ten.
    kept
        The same of an earlier training, drawn as outline behind.

    """
    figure = new_timeline(theme, spread.at, spread.planned, height=height, y_title=y_title)
    figure.update_yaxes(range=y_range, type="log" if log else "linear")
    if log:
        figure.update_yaxes(**log_ticks(*(10.0**power for power in y_range), most=5))
    if kept is not None:
        add_outline(figure, theme, kept)
    half = len(LEVELS) // 2
    for k, share in enumerate(_FADES):
        add_band(figure, spread.at, spread.bands[k], spread.bands[-1 - k], fade(hue, share))
    line = {"color": hue, "width": 2.5}
    figure.add_scatter(
        x=spread.at,
        y=spread.bands[half],
        name="median",
        mode="lines",
        line=line,
        hovertemplate="median %{y:.3g} after %{x:,} strings<extra></extra>",
    )
    return figure


def plot_nothing(theme: Theme, planned: int, y_title: str, height: int = HEIGHT) -> Figure:
    """Draw what is still to come: nothing is known yet."""
    figure = new_timeline(theme, np.zeros(1), planned, height=height, y_title=y_title)
    figure.update_yaxes(range=(0, 1), showticklabels=False, showgrid=False)
    add_boxes(figure, theme, [(0, planned, 0, 1)], hatched=True)
    return figure


def new_timeline(
    theme: Theme, at: np.ndarray, planned: int, *, height: int, y_title: str
) -> Figure:
    """Return an empty figure whose x axis is the strings read, as far as is planned."""
    figure = new_figure(
        theme,
        height=height,
        x_title="strings read by each seed",
        y_title=y_title,
        margin={"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
    )
    first = int(at[at > 0].min(initial=planned))
    if planned > _LOG_FROM * first:
        ticks = [10**power for power in range(2, 8) if first <= 10**power <= planned]
        span = [np.log10(first), np.log10(planned)]
        words = [f"{tick:,}" for tick in ticks]
        figure.update_xaxes(type="log", range=span, tickvals=ticks, ticktext=words)
    else:
        figure.update_xaxes(
            range=[0, max(planned, 1)], tickvals=round_ticks(planned), tickformat=",d"
        )
    return figure


def round_ticks(most: int, intervals: int = 5) -> list[int]:
    """Return round numbers from 0 on, in up to so many equal intervals.

    >>> round_ticks(30_000)
    [0, 10000, 20000, 30000]
    """
    power = 10 ** int(np.log10(max(most / intervals, 1)))
    step = next(digit * power for digit in (1, 2, 5, 10) if digit * power * intervals >= most)
    return list(range(0, most + 1, step))


def add_band(figure: Figure, at: np.ndarray, low: np.ndarray, high: np.ndarray, color: str) -> None:
    """Fill between two lines, where both are known."""
    known = np.isfinite(low) & np.isfinite(high)
    figure.add_scatter(
        x=np.concatenate([at[known], at[known][::-1]]),
        y=np.concatenate([low[known], high[known][::-1]]),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=color,
        hoverinfo="skip",
    )


def add_outline(figure: Figure, theme: Theme, kept: Spread) -> None:
    """Draw the median of an earlier training dashed, and the limits of half of its seeds."""
    half = len(LEVELS) // 2
    for band, width, dash in ((half - 1, 1, "dot"), (half + 1, 1, "dot"), (half, 2, "8px,3px")):
        figure.add_scatter(
            x=kept.at,
            y=kept.bands[band],
            name="kept",
            mode="lines",
            line={"color": theme.second, "width": width, "dash": dash},
            hoverinfo="skip",
        )


def add_rule(figure: Figure, theme: Theme, y: float, text: str, *, below: bool = True) -> None:
    """Draw a dashed line across the figure, and say at its right end what it is."""
    figure.add_hline(
        y=y, line={"color": theme.second, "width": 1.5, "dash": "4px,4px"}, name="rule"
    )
    figure.add_annotation(
        text=text,
        name="rule",
        x=1,
        xref="paper",
        xanchor="right",
        xshift=-4,
        y=y,
        yanchor="top" if below else "bottom",
        font={"weight": 400},
    )


def add_future(
    figure: Figure,
    theme: Theme,
    at: np.ndarray,
    planned: int,
    ends: Sequence[tuple[str, float]],
    *,
    falling: bool = False,
) -> None:
    """Hatch what lies beyond the last point, and write there how the lines end.

    Where there is no room on the right, the words stand left of the end: above the line, or below
    it where the lines are `falling`; the figure's ``meta`` says which, for whoever moves them.
    """
    figure.layout["meta"] = {"falling": falling}
    low, high = figure.layout["yaxis"]["range"]
    log = figure.layout["yaxis"].get("type") == "log"
    if at[-1] < planned:
        bottom, top = (10.0**low, 10.0**high) if log else (low, high)
        start = max(at[-1], 10 ** figure.layout["xaxis"]["range"][0]) if _is_log(figure) else at[-1]
        add_boxes(figure, theme, [(start, planned, bottom, top)], hatched=True)
        figure.add_vline(x=start, line={"color": theme.ink, "width": 2})
    x = place(figure.layout["xaxis"], at[-1])
    beside = x < _ROOM
    lowest = len(ends) - 1
    for k, y in enumerate(spread_labels(figure, ends)):
        aside = -12 if falling and k == lowest else 12
        figure.add_annotation(
            text=ends[k][0],
            name=END,
            x=x,
            xref="paper",
            xanchor="left" if beside else "right",
            xshift=8 if beside else -6,
            y=y,
            yref="paper",
            yanchor="middle",
            yshift=0 if beside else aside,
        )


def place(axis: Mapping[str, object], value: float) -> float:
    """Return where on an axis a value lies, from 0 to 1."""
    low, high = axis["range"]
    value = np.log10(max(value, 1e-300)) if axis.get("type") == "log" else value
    return float(np.clip((value - low) / (high - low), 0, 1))


def spread_labels(figure: Figure, ends: Sequence[tuple[str, float]]) -> list[float]:
    """Return where on the y axis (0 to 1) texts stand that shall not cover each other.

    The texts come from the top down; the lowest stands where it belongs and pushes the others up.
    """
    step = SPACE / (figure.layout["height"] - TOP - BOTTOM)
    places: list[float] = []
    for _, value in reversed(ends):
        y = place(figure.layout["yaxis"], value) if np.isfinite(value) else 0.5
        places.append(max(y, step / 2, places[-1] + step if places else 0))
    excess = max(places[-1] + step / 2 - 1, 0) if places else 0
    return [y - excess for y in reversed(places)]


def _is_log(figure: Figure) -> bool:
    return figure.layout["xaxis"].get("type") == "log"
