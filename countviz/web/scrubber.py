"""The scrubber: one cursor through all figures of a training, to replay it at one's own pace.

The figures hold the whole recording; the browser covers what lies beyond the cursor
(``scrubber/scrubber.js``), so a class can replay without asking the server for anything. Only where
the cursor comes to rest is sent back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from countviz.figures.spread import END, place, spread_labels
from countviz.figures.theme import Figure, Theme

_FOLDER = Path(__file__).with_name("scrubber")

_mount = st.components.v2.component(
    "countviz_scrubber",
    html=(_FOLDER / "scrubber.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "scrubber.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "scrubber.js").read_text(encoding="utf-8"),
)

Ends = Callable[[int], Sequence[tuple[str, float]]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Scrubbed:
    """A figure on the page along which the cursor moves.

    ``key`` is that of its element; ``ends`` returns what is written where its lines end at a point,
    and at which value.
    """

    key: str
    figure: Figure
    ends: Ends


def describe_panes(figures: Sequence[Scrubbed], strings: np.ndarray) -> dict[str, object]:
    """Return what the browser has to know of some figures to cover them, as JSON would have it."""
    axis = figures[0].figure.layout["xaxis"]
    return {
        "places": [place(axis, count) for count in strings],
        "figures": [_describe(one, strings.size) for one in figures],
    }


def _describe(one: Scrubbed, points: int) -> dict[str, object]:
    layout = one.figure.layout
    notes = layout["annotations"]
    ends = [one.ends(point) for point in range(points)]
    heights = [spread_labels(one.figure, at_point) for at_point in ends]
    most = max(map(len, ends))
    return {
        "key": one.key,
        "height": layout["height"],
        "falling": bool(layout.get("meta", {}).get("falling")),
        "margin": {side: layout["margin"][side] for side in "lrtb"},
        "hidden": [k for k, note in enumerate(notes) if note.get("name") == END],
        "labels": [
            {
                "text": [at_point[k][0] if k < len(at_point) else "" for at_point in ends],
                "y": [y[k] if k < len(y) else 0 for y in heights],
            }
            for k in range(most)
        ],
        "rules": [
            {
                "y": place(layout["yaxis"], note["y"]),
                "text": note["text"],
                "below": note["yanchor"] == "top",
            }
            for note in notes
            if note.get("name") == "rule"
        ],
    }


def show_scrubber(
    *,
    name: str,
    strings: np.ndarray,
    told: Sequence[tuple[str, str, str]],
    panes: dict[str, object],
    at: int,
    theme: Theme,
    key: str,
) -> int:
    """Show the scrubber and return at how many strings it came to rest; -1: at the newest point.

    Parameters
    ----------
    name
        Of what is replayed; under another name it starts anew.
    strings
        [R] the recorded points.
    told
        [R] what is written beside the knob, in three pieces, the middle one bold.
    panes
        What ``describe_panes`` returned.
    at
        Where the cursor starts; a later change moves it.
    theme
        The colours of the panes.
    key
        The component's identity across reruns.

    """
    colors = {name: getattr(theme, name) for name in ("surface", "hatch", "ink", "second")}
    state = _mount(
        data={
            "name": name,
            "strings": strings.tolist(),
            "told": [list(pieces) for pieces in told],
            "at": at,
            "colors": colors,
            **panes,
        },
        key=key,
        on_strings_change=lambda: None,
    )
    return at if state.strings is None else int(state.strings)
