"""Scatter plots as SVG files that need no program to look at, in a light and a dark room.

The results of a study are files beside its tables; they show without a browser's help what the
pages draw with Plotly.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from countviz.figures.base import MARKS
from countviz.figures.theme import THEMES, log_ticks

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 84, 58  # margins
_SHAPES = {  # around the origin, 4 px in radius
    "square": '<rect x="-3.5" y="-3.5" width="7" height="7"/>',
    "triangle": '<path d="M0-4.6 4.2 3.4H-4.2z"/>',
    "circle": '<circle r="3.8"/>',
    "diamond": '<path d="M0-5 4.2 0 0 5-4.2 0z"/>',
    "tall-diamond": '<path d="M0-5.5 3 0 0 5.5-3 0z"/>',
}


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What an axis shows, from where to where, and whether by its logarithm."""

    title: str
    low: float
    high: float
    log: bool = False
    ticks: Mapping[float, str] | None = None  # by default round numbers

    def place(self, value: float) -> float:
        """Return where a value lies, from 0 to 1."""
        low, high = (math.log(end) if self.log else end for end in (self.low, self.high))
        return ((math.log(value) if self.log else value) - low) / (high - low)

    def labels(self) -> Mapping[float, str]:
        """Return the labels of the ticks by their values."""
        if self.ticks is not None:
            return self.ticks
        if self.log:
            ticks = log_ticks(self.low, self.high)
            return dict(zip(ticks["tickvals"], ticks["ticktext"], strict=True))
        step = 10 ** math.floor(math.log10((self.high - self.low) / 2))
        step *= next(k for k in (1, 2, 5, 10) if (self.high - self.low) / (step * k) <= 6)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return {step * k: f"{step * k:,g}" for k in range(first, last + 1)}


@dataclass(frozen=True, kw_only=True)
class Points:
    """Points of one kind of cell; hollow ones are seeds that did not learn."""

    cell: str
    label: str
    at: Sequence[tuple[float, float]]
    hollow: bool = False


def draw_points(
    path: Path,
    *,
    title: str,
    sentence: str,
    axes: tuple[Axis, Axis],
    groups: Sequence[Points],
    lines: Sequence[tuple[float, str]] = (),
) -> None:
    """Write a scatter plot.

    Parameters
    ----------
    path
        The SVG file.
    title, sentence
        The question, and how to read the answer; both are part of the picture and of its
        description for those who do not see it.
    axes
        Across and up.
    groups
        The points; a group's label stands once in the legend.
    lines
        Heights, and what a dashed line there means; it is written above the uppermost one.

    """
    parts = [_style(), _words(title, sentence, groups), *_grid(axes)]
    for height, meaning in lines:
        y = HEIGHT - BOTTOM - axes[1].place(height) * (HEIGHT - TOP - BOTTOM)
        parts.append(f'<path class="line" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        y += -6 if height == max(lines)[0] else 16  # so that no two labels meet
        parts.append(f'<text class="ink" x="{LEFT + 6}" y="{y:.1f}">{escape(meaning)}</text>')
    parts.extend(_marks(axes, groups))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="system-ui, sans-serif" font-size="14">'
        f"<title>{escape(title)}</title><desc>{escape(sentence)}</desc>"
    )
    path.write_text("\n".join([head, *parts, "</svg>\n"]), encoding="utf-8")


def _style() -> str:
    """Return the colours of both themes; the reader's browser chooses."""

    def colours(name: str) -> str:
        theme = THEMES[name]
        cells = "".join(
            f".{cell}{{fill:{theme.hue(cell)};stroke:{theme.hue(cell)}}}" for cell in MARKS
        )
        return (
            f".back{{fill:{theme.background}}}.ink{{fill:{theme.ink}}}"
            f".second{{fill:{theme.second}}}.grid{{stroke:{theme.grid}}}"
            f".line{{stroke:{theme.ink}}}{cells}"
        )

    return (
        f"<style>.line{{stroke-dasharray:6 4;fill:none}}{colours('light')}"
        ".hollow{fill:none}.mark{fill-opacity:.6;stroke-opacity:.9}"
        f"@media(prefers-color-scheme:dark){{{colours('dark')}.hollow{{fill:none}}}}</style>"
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>'
    )


def _words(title: str, sentence: str, groups: Sequence[Points]) -> str:
    legend, x = [], LEFT
    for group in {one.label: one for one in groups}.values():
        legend += _mark(group, x + 5, TOP - 17), _text(group.label, x + 16, TOP - 12, "ink")
        x += 34 + 8 * len(group.label)
    heading = f'<g font-size="17" font-weight="600">{_text(title, 14, 24, "ink")}</g>'
    return "".join([heading, _text(sentence, 14, 45), *legend])


def _grid(axes: tuple[Axis, Axis]) -> Iterable[str]:
    across, up = axes
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for value, label in up.labels().items():
        y = bottom - up.place(value) * (bottom - TOP)
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>'
        yield _text(label, LEFT - 8, y + 5, anchor="end")
    for value, label in across.labels().items():
        x = LEFT + across.place(value) * (right - LEFT)
        yield _text(label, x, bottom + 20, anchor="middle")
    yield _text(across.title, right, bottom + 44, anchor="end")
    turned = f'<g transform="translate(18 {(bottom + TOP) / 2:.0f})rotate(-90)">'
    yield f"{turned}{_text(up.title, 0, 0, anchor='middle')}</g>"


def _text(words: str, x: float, y: float, kind: str = "second", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(words)}</text>'


def _marks(axes: tuple[Axis, Axis], groups: Sequence[Points]) -> Iterable[str]:
    across, up = axes
    for group in groups:
        for x, y in group.at:
            yield _mark(
                group,
                LEFT + across.place(x) * (WIDTH - LEFT - RIGHT),
                HEIGHT - BOTTOM - up.place(y) * (HEIGHT - TOP - BOTTOM),
            )


def _mark(group: Points, x: float, y: float) -> str:
    kind = f"mark {group.cell}{' hollow' if group.hollow else ''}"
    shape = _SHAPES[MARKS[group.cell].shape]
    return f'<g class="{kind}" transform="translate({x:.1f} {y:.1f})">{shape}</g>'
