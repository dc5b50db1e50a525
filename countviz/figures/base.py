"""The marks of the kinds of cells: one shape and one hue each, the same on every page.

A counter set by hand has the hue of its cell, outlined and dashed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A shape by its name and as characters (filled, outlined), and a place among the hues."""

    shape: str
    filled: str
    outlined: str
    hue: int


MARKS = {
    "lstm": Mark(shape="square", filled="■", outlined="□", hue=0),
    "gru": Mark(shape="triangle", filled="▲", outlined="△", hue=1),
    "relu": Mark(shape="circle", filled="●", outlined="○", hue=2),
    "tanh": Mark(shape="pentagon", filled="⬟", outlined="⬠", hue=4),
    "linear": Mark(shape="triangle-down", filled="▼", outlined="▽", hue=5),
    "stack-rnn": Mark(shape="diamond", filled="◆", outlined="◇", hue=3),
    "stack-lstm": Mark(shape="tall-diamond", filled="◈", outlined="◊", hue=6),
    "ns-rnn": Mark(shape="cross", filled="✚", outlined="✙", hue=7),
    "strat-lstm": Mark(shape="star", filled="★", outlined="☆", hue=8),
}
HUES = {  # by ``Mark.hue``, on each background
    "light": (
        "#AA3377", "#117733", "#7A5CC0", "#B8860B", "#0072B2", "#8C510A", "#C2410C", "#007C86",
        "#5C6B7A",
    ),
    "dark": (
        "#DE6FAE", "#3FB56A", "#A48BEA", "#D8A62A", "#56B4E9", "#D8A070", "#F08A5D", "#2FC1C1",
        "#9FB3C6",
    ),
}  # fmt: skip
