"""A figure as the dictionaries that Plotly draws.

Plotly's own figures check every word when it is said, which takes 20 to 60 ms a figure: more than
thirty people at one server can wait for. This one collects the words as they come, and Plotly
checks them once, wherever somebody asks for a figure of Plotly's.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.basedatatypes import BaseFigure

_LARGEST = np.iinfo(np.int32).max  # Plotly's arrays hold no larger whole numbers


class Figure:
    """Series and layout, in Plotly's words; nested words are nested dictionaries.

    Attributes
    ----------
    data
        The series, one dictionary each; those drawn first lie below.
    layout
        Everything else.

    """

    def __init__(self, layout: dict[str, Any]) -> None:
        self.data: list[dict[str, Any]] = []
        self.layout = {"annotations": [], "shapes": [], "xaxis": {}, "yaxis": {}} | layout

    def add_scatter(self, **series: object) -> None:
        """Add points or lines."""
        self._add("scatter", series)

    def add_scatter3d(self, **series: object) -> None:
        """Add points in space."""
        self._add("scatter3d", series)

    def add_bar(self, **series: object) -> None:
        """Add bars."""
        self._add("bar", series)

    def add_heatmap(self, **series: object) -> None:
        """Add a picture of coloured cells."""
        self._add("heatmap", series)

    def add_annotation(self, **words: object) -> None:
        """Write something."""
        self.layout["annotations"].append(words)

    def add_shape(self, **words: object) -> None:
        """Draw a line or a box that belongs to no series."""
        self.layout["shapes"].append(words)

    def add_vline(self, x: float, **words: object) -> None:
        """Draw a line from the bottom to the top of the plot."""
        self.add_shape(type="line", x0=x, x1=x, y0=0, y1=1, yref="y domain", **words)

    def add_hline(self, y: float, **words: object) -> None:
        """Draw a line from one side of the plot to the other."""
        self.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=y, y1=y, **words)

    def update_layout(self, **words: object) -> None:
        """Say more of the layout; what was said of the same word before is replaced."""
        _merge(self.layout, words)

    def update_xaxes(self, **words: object) -> None:
        """Say more of every x axis."""
        self._update_axes("xaxis", words)

    def update_yaxes(self, **words: object) -> None:
        """Say more of every y axis."""
        self._update_axes("yaxis", words)

    def to_dict(self) -> dict[str, Any]:
        """Return what Plotly draws, with its numbers as they travel: bytes in base 64."""
        return {"data": _pack(self.data), "layout": _pack(self.layout)}

    def to_plotly(self) -> go.Figure:
        """Return a figure of Plotly's.

        Raises
        ------
        ValueError
            If Plotly does not know a word.
        """
        return go.Figure(data=self.data, layout=self.layout)

    def unchecked(self) -> BaseFigure:
        """Return what passes for a figure of Plotly's where only its dictionaries are asked for."""
        return _Unchecked(self)

    def _add(self, kind: str, series: dict[str, Any]) -> None:
        self.data.append({"type": kind} | series)

    def _update_axes(self, kind: str, words: Mapping[str, object]) -> None:
        for name in [name for name in self.layout if name.startswith(kind)]:
            _merge(self.layout[name], words)


class _Unchecked(BaseFigure):
    def __init__(self, figure: Figure) -> None:  # nothing of Plotly's is set up: it is not used
        self._figure = figure

    def to_dict(self) -> dict[str, Any]:
        return self._figure.to_dict()


def _merge(into: dict[str, Any], words: Mapping[str, object]) -> None:
    for name, word in words.items():
        if isinstance(word, Mapping):
            into[name] = dict(into.get(name) or {})
            _merge(into[name], word)
        else:
            into[name] = word


def _pack(value: object) -> object:
    """Return a value without what is None, and with its arrays packed."""
    if isinstance(value, Mapping):
        return {name: _pack(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_pack(one) for one in value]
    return _pack_array(value) if isinstance(value, np.ndarray) else value


def _pack_array(array: np.ndarray) -> object:
    """Return an array as Plotly reads it: the bytes of its numbers, or a list of all else."""
    if array.dtype.kind in "iu" and abs(array).max(initial=0) <= _LARGEST:
        array = array.astype("<i4")
    elif array.dtype.kind == "f":
        array = array.astype("<f4" if array.itemsize == 4 else "<f8")
    else:
        return array.tolist()
    packed = {"dtype": array.dtype.str[1:], "bdata": b64encode(array.tobytes()).decode("ascii")}
    return packed | ({"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {})
