"""The player: a string, its true count, and what each model reads, on one time axis.

The server sends everything once; playing, scrubbing and stepping happen in the browser
(``player/*.js``), so thirty people can watch at sixty frames a second without asking the
server for anything. Only when the cursor comes to rest is its position sent back.
"""

import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

_FOLDER = Path(__file__).with_name("player")
_SERIES = ("counts", "verdicts", "mistakes")  # the fields of a row that hold one value a symbol


def _read(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


_mount = st.components.v2.component(
    "countviz_player",
    html=_read("player.html"),
    css=_read("player.css"),
    js=_read("record.js", "paint.js", "player.js"),  # one module: later parts use earlier ones
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Row:
    """What one model did on the string, ready to be drawn."""

    label: str  # "LSTM-1"
    note: str  # "seed 3 · epoch 20"
    mark: str  # the shape before the label, by its name in ``figures.base``
    color: int  # index into the theme's categorical colours
    hollow: bool  # hand-set weights: outlined mark, dashed line
    counts: np.ndarray  # [T] decoded count after each symbol; NaN: it never closes
    verdicts: np.ndarray  # [T] 1: the model says something is still open, 0: closed
    mistakes: np.ndarray  # [T] 1 where the verdict is wrong
    title: str  # the card's first line
    detail: str  # the card's second line
    remark: str  # a few words at the first mistake, or ""


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where the player was left.

    ``symbol`` counts from 0; -1 means that nobody has moved the cursor on this string.
    ``speed`` is in symbols a second.
    """

    symbol: int
    speed: float


def show_player(
    *,
    string: str,
    truth: np.ndarray,
    legal: int,
    rows: Sequence[Row],
    noun: str,
    reading: str,
    missing: str,
    position: int,
    speed: float,
    key: str,
) -> Position:
    """Show the rows under the truth, with one cursor through all of them.

    Parameters
    ----------
    string : str
        At least one symbol; T is its length.
    truth : array [T]
        The true count after each symbol; the signed balance once the prefix is illegal.
    legal : int
        How many leading symbols are inside the language; the rest is hatched and not judged.
    rows : sequence of Row
        One to four models.
    noun : str
        What a symbol is called, such as "bracket".
    reading : str
        Words for the key: what the line of a model shows.
    missing : str
        What a model does where it has no count, such as "never closes".
    position : int
        Where the cursor starts, from 0; -1 lets the player choose the first mistake, or else
        the last symbol. A later change of this argument moves the cursor.
    speed : float
        Symbols a second: 2, 8, 30 or 120.
    key : str
        The component's identity across reruns.

    Returns
    -------
    Position
        Where the cursor last came to rest on this string, and the speed; the arguments until
        someone touches the player.

    Raises
    ------
    ValueError
        If the string is empty or a series has not one value a symbol.
    """
    _check_lengths(len(string), truth, rows)
    name = hashlib.blake2s(string.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    header = {
        "string": string,
        "name": name,
        "legal": int(legal),
        "noun": noun,
        "unit": f"{noun}s open",
        "reading": reading,
        "missing": missing,
        "position": int(position),
        "speed": float(speed),
        "rows": [_describe(row) for row in rows],
    }
    state = _mount(
        data=_pack(header, truth, rows),
        key=key,
        on_position_change=lambda: None,
        on_speed_change=lambda: None,
    )
    rest = state.position or {"string": name, "symbol": position}
    # A rest on another string says nothing about this one.
    symbol = rest["symbol"] if rest["string"] == name else position
    return Position(symbol=int(symbol), speed=float(state.speed or speed))


def _check_lengths(length: int, truth: np.ndarray, rows: Sequence[Row]) -> None:
    if length == 0:
        raise ValueError("the string is empty; the player needs at least one symbol")
    series = [("the true count", truth)]
    for row in rows:
        series += [(f"the {name} of {row.label}", getattr(row, name)) for name in _SERIES]
    for name, values in series:
        if values.shape != (length,):
            raise ValueError(f"{name} has shape {values.shape}; the string has {length} symbols")


def _describe(row: Row) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name not in _SERIES}


def _pack(header: dict[str, object], truth: np.ndarray, rows: Sequence[Row]) -> bytes:
    """Put header and series into one block: five bytes a symbol and model.

    Length of the header, header as JSON, then little-endian float32 [1 + rows, T] (truth first)
    and uint8 [rows, T] with verdict in bit 0 and mistake in bit 1.
    """
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)  # a Float32Array must start at a multiple of four
    counts = [np.asarray(values, dtype="<f4") for values in (truth, *(row.counts for row in rows))]
    flags = [(row.verdicts != 0) + 2 * (row.mistakes != 0).astype("u1") for row in rows]
    series = b"".join(values.tobytes() for values in (*counts, *flags))
    return struct.pack("<I", len(text)) + text + series
