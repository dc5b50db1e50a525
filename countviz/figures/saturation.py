"""Strips of pre-activations over the zones of a gate: a column a gate, a row a symbol.

A dot is one reading of the symbol, at the true count before it. Dots below the line of exactness
are why a counter drifts. Where they lie far below it, the axis leaves out what lies between.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from countviz.analysis.saturation.saturation import Saturation
from countviz.analysis.saturation.saturation_zones import LINEAR, SQUASHING, say_gate
from countviz.figures.saturation_bounds import add_legend, tone
from countviz.figures.theme import THEMES, Figure, Theme, fade, new_figure

_PANEL, _GAP, _TOP, _BOTTOM = 118, 16, 56, 68  # px of a row, between rows, above, below
_BETWEEN = 0.045  # of the width, between columns: the labels of an axis
_HEAD = 1.22  # of the axis, for the words above what it must show
_ROOM = 1.25  # of the largest size seen
_BROKEN_FROM = 1.6  # an axis is broken where exactness lies so much further out than its room
_BREAK = 1.3  # of the room: where exactness is drawn on a broken axis
_DASHED = {"width": 1.5, "dash": "4px,4px"}


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """A y axis: what it shows, where the edge of exactness is drawn, and where it is broken."""

    low: float
    high: float
    edge: float | None = None  # at its own value, unless the axis is broken below
    knee: float | None = None

    def ticks(self, threshold: float) -> dict[str, object]:
        """Return the ends of the zones, and a round number where the axis is broken."""
        if self.edge is None:
            return {"nticks": 4}
        values, words = [LINEAR, self.edge], ["2", f"{threshold:.3g}"]
        if self.knee is not None:
            power = 10.0 ** np.floor(np.log10(self.knee))
            between = max(d * power for d in (1, 2, 4, 5, 8) if d * power <= self.knee)
            if between > 1.6 * LINEAR:
                values.append(between)
                words.append(f"{between:g}")
        return {"tickvals": values, "ticktext": words}


class _Panel(NamedTuple):
    """One gate at one symbol, and where it is drawn."""

    theme: Theme
    saturation: Saturation
    gate: int
    symbol: str
    scale: _Scale
    number: str  # of its axes

    @property
    def squash(self) -> str:
        return self.saturation.squash[self.gate]

    @property
    def across(self) -> dict[str, object]:
        """What places a shape across the panel, at heights of its y axis."""
        axes = {"xref": f"x{self.number} domain", "yref": f"y{self.number}"}
        return axes | {"x0": 0, "x1": 1, "layer": "below"}

    @property
    def corner(self) -> dict[str, object]:
        """What places words at shares of the panel."""
        return {"xref": f"x{self.number} domain", "yref": f"y{self.number} domain"}


def plot_saturation(saturation: Saturation, theme: Theme = THEMES["light"]) -> Figure:
    """Draw where every gate of the unit works, for every symbol that the string has."""
    rows, columns = len(saturation.symbols), len(saturation.gates)
    height = rows * _PANEL + max(rows - 1, 0) * _GAP
    squashed = saturation.squash[0] in SQUASHING
    figure = new_figure(
        theme,
        height=height + _TOP + _BOTTOM,
        x_title="true count before the symbol",
        y_title=f"{'size of the ' * squashed}pre-activation; a dot is one reading",
        margin={"l": 34, "r": 8, "t": _TOP, "b": _BOTTOM},
    )
    scales = _find_scales(saturation)
    width = (1 - (columns - 1) * _BETWEEN) / columns
    layout = figure.layout
    for gate in range(columns):
        left = gate * (width + _BETWEEN)
        layout["annotations"].append(_name_gate(saturation, gate) | {"x": left})
        for row, symbol in enumerate(saturation.symbols):
            number = str(row * columns + gate + 1) if row + gate else ""
            panel = _Panel(theme, saturation, gate, symbol, scales[gate], number)
            top = 1 - row * (_PANEL + _GAP) / height
            domains = (left, left + width), (max(top - _PANEL / height, 0), top)
            layout |= _style_axes(panel, domains, last=row == rows - 1)
            layout["shapes"] += _lay_zones(panel)
            layout["annotations"] += _write(panel)
            figure.data += _draw_dots(panel)
    _add_forms(figure, theme, saturation)
    return figure


def _name_gate(saturation: Saturation, gate: int) -> dict[str, object]:
    """Return the heading of a column."""
    return {
        "text": f"{saturation.meanings[gate]} {saturation.gates[gate]}",
        "xref": "paper",
        "xanchor": "left",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 4,
        "font": {"size": 16},
    }


def _find_scales(saturation: Saturation) -> list[_Scale]:
    """Return the y axis of each gate: the same for all that are squashed alike."""
    scales = {}
    for squash in set(saturation.squash):
        alike = [k for k, one in enumerate(saturation.squash) if one == squash]
        seen = [saturation.visits(k, symbol)[1] for k in alike for symbol in saturation.symbols]
        z, exact = np.concatenate(seen or [np.zeros(0)]), saturation.thresholds[alike[0]]
        if squash in SQUASHING:
            scales[squash] = _scale_size(float(abs(z).max(initial=LINEAR)), exact)
        else:
            low, high = min(z.min(initial=0), 0), max(z.max(initial=1), 1)
            pad = (_HEAD - 1) * (high - low)
            scales[squash] = _Scale(low=low - 0.6 * pad, high=high + pad)
    return [scales[squash] for squash in saturation.squash]


def _scale_size(largest: float, exact: float) -> _Scale:
    """Return the axis of a size; what lies between all that was seen and exactness is left out."""
    knee = _ROOM * largest
    if exact < _BROKEN_FROM * knee:
        return _Scale(low=0, high=_HEAD * max(exact, largest), edge=exact)
    edge = _BREAK * knee
    return _Scale(low=0, high=_HEAD * edge, edge=edge, knee=knee)


def _style_axes(
    panel: _Panel, domains: tuple[tuple[float, float], tuple[float, float]], *, last: bool
) -> dict[str, object]:
    """Return a panel's axes; ticks are the zones' ends, the training depth, the largest count."""
    saturation, number = panel.saturation, panel.number
    most, trained = saturation.largest_count, saturation.training_depth
    ticks = [0, most]
    if 0 < trained < most:
        ticks = [tick for tick in ticks if abs(tick - trained) > 0.15 * most] + [trained]
    return {
        f"xaxis{number}": {
            "anchor": f"y{number}",
            "domain": domains[0],
            "range": [-0.04 * most - 0.4, 1.04 * most + 0.4],
            "tickvals": ticks,
            "ticktext": [f"{tick:,}" for tick in ticks],
            "showticklabels": last,
        },
        f"yaxis{number}": {
            "anchor": f"x{number}",
            "domain": domains[1],
            "range": [panel.scale.low, panel.scale.high],
            "showgrid": False,
        }
        | panel.scale.ticks(saturation.thresholds[panel.gate]),
    }


def _lay_zones(panel: _Panel) -> list[dict[str, object]]:
    """Return the zones below the dots, three flat tones, and a line where training ended."""
    theme, scale, depth = panel.theme, panel.scale, panel.saturation.training_depth
    zones = [(scale.low, scale.high, theme.surface)]
    if panel.squash == "relu":
        zones = [(scale.low, 0, tone(theme)), (0, scale.high, theme.surface)]
    elif scale.edge is not None:
        below = scale.edge if scale.knee is None else scale.knee
        zones = [(0, LINEAR, tone(theme)), (LINEAR, below, theme.surface)]
    shapes = [
        {"type": "rect", "y0": low, "y1": high, "fillcolor": color, "line": {"width": 0}}
        | panel.across
        for low, high, color in zones
    ]
    edge = 0.0 if panel.squash == "relu" else scale.edge
    if edge is not None:
        line = {"color": theme.truth, "width": 2}
        shapes.append({"type": "line", "y0": edge, "y1": edge, "line": line} | panel.across)
    if 0 < depth < panel.saturation.largest_count:
        axes = {"xref": f"x{panel.number}", "yref": f"y{panel.number} domain"}
        line = {"type": "line", "line": _DASHED | {"color": theme.second}}
        shapes.append(line | axes | {"x0": depth, "x1": depth, "y0": 0, "y1": 1})
    return shapes


def _draw_dots(panel: _Panel) -> list[dict[str, object]]:
    """Return a dot a reading: filled where the gate is on, hollow where it is off."""
    counts, z = panel.saturation.visits(panel.gate, panel.symbol)
    squashed, hue = panel.squash in SQUASHING, panel.theme.hue(panel.saturation.model.spec.cell)
    series = []
    for off in (True, False) if squashed else (False,):
        member = (z < 0) == off if squashed else np.ones(z.size, bool)
        shape, sign = ("circle-open", "\N{MINUS SIGN}") if off else ("circle", "")
        one = {
            "type": "scatter",
            "x": counts[member].astype(np.float32),
            "y": (abs(z[member]) if squashed else z[member]).astype(np.float32),
            "name": f"{panel.saturation.gates[panel.gate]} {panel.symbol}{' off' * off}",
            "mode": "markers",
            "marker": {"color": hue, "size": 5, "symbol": shape, "opacity": 0.8},
            "hovertemplate": f"count %{{x:,}}: z = {sign}%{{y:.4g}}<extra></extra>",
            "showlegend": False,
            "xaxis": f"x{panel.number}",
            "yaxis": f"y{panel.number}",
        }
        series.append(one)
    return series


def _write(panel: _Panel) -> list[dict[str, object]]:
    """Say which symbol is read, and, beside the dots on the right, how far on it typically is."""
    saturation, squash = panel.saturation, panel.squash
    thin = {"color": panel.theme.second, "weight": 400}
    read = {"text": f"at “{panel.symbol}”", "x": 0.02, "xanchor": "left", "y": 1, "yanchor": "top"}
    plate = panel.theme.background if panel.scale.edge else panel.theme.surface
    words = [panel.corner | read | {"font": thin, "bgcolor": plate, "borderpad": 0}]
    if panel.scale.knee is not None:
        middle = (panel.scale.knee + panel.scale.edge) / 2 / panel.scale.high
        words.append(panel.corner | {"text": "≈", "x": 0, "y": middle, "font": thin})
    v = saturation.model.language.alphabet.index(panel.symbol)
    typical = float(saturation.typical[panel.gate, v, saturation.unit])
    if not np.isfinite(typical) or squash not in SQUASHING:
        return words
    counts, z = saturation.visits(panel.gate, panel.symbol)
    size = abs(z[counts >= 0.5 * saturation.largest_count]) / panel.scale.high
    size = np.append(size, min(abs(typical) / panel.scale.high, 1))
    above = size.max() < 0.62 or size.min() < 0.3
    place = {
        "x": 0.98,
        "xanchor": "right",
        "y": min(size.max(), 0.8) if above else size.min(),
        "yanchor": "bottom" if above else "top",
        "yshift": 4 if above else -4,
    }
    text = say_gate(typical, squash, saturation.thresholds[panel.gate])
    plate = {"text": text, "bgcolor": fade(panel.theme.surface, 0.8), "borderpad": 0}
    return [*words, panel.corner | place | plate]


def _add_forms(figure: Figure, theme: Theme, saturation: Saturation) -> None:
    """Say below what the tones and the dots mean."""
    boxes = {"linear": theme.surface}
    if saturation.squash[0] == "relu":
        boxes = {"clipped at zero": tone(theme), **boxes}
    elif saturation.squash[0] in SQUASHING:
        boxes = {
            f"exactly on or off in {saturation.precision}": theme.background,
            "nearly on or off": theme.surface,
            "linear": tone(theme),
        }
    outline = {"symbol": "square", "size": 14, "line": {"color": theme.truth, "width": 1}}
    forms = {name: {"marker": outline | {"color": color}} for name, color in boxes.items()}
    if saturation.squash[0] in SQUASHING:
        hue = theme.hue(saturation.model.spec.cell)
        forms["hollow: z below zero"] = {
            "marker": {"symbol": "circle-open", "size": 7, "color": hue}
        }
    if 0 < saturation.training_depth < saturation.largest_count:
        name = f"largest count in training, {saturation.training_depth:,}"
        forms[name] = {"mode": "lines", "line": _DASHED | {"color": theme.second}}
    add_legend(figure, theme, forms)
