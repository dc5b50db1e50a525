"""What is said about gates: how far on they are, and what that costs a counter."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from countviz.analysis.saturation.saturation_zones import (
    SQUASHING,
    ZONES,
    find_lack,
    say_gate,
    say_share,
)
from countviz.models import Model
from countviz.words import in_words, join_words

_KEEPING = {"forget gate": "leaks", "update gate": "is written over"}
_EXACT = ZONES.index("exactly on or off")


class Measured(Protocol):
    """What there is to tell: the fields of a ``Saturation``, which says what each of them is."""

    model: Model
    string: str
    precision: str
    symbols: tuple[str, ...]
    gates: tuple[str, ...]
    meanings: tuple[str, ...]
    squash: tuple[str, ...]
    thresholds: tuple[float, ...]
    unit: int
    counts: np.ndarray
    pre_activations: np.ndarray
    shares: np.ndarray
    typical: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    bound_low: np.ndarray
    bound_high: np.ndarray
    clipped: np.ndarray
    dead: tuple[int, ...]
    overflow: int | None


def tell_gates(saturation: Measured) -> str:
    """Say how far on the gates of one unit are, and what that costs."""
    if not saturation.string:
        return "The string is empty: no gate had anything to answer."
    told = [_tell_exact(saturation), _tell_keeping(saturation), _tell_clipped(saturation)]
    if "identity" in saturation.squash:
        told.append("Nothing squashes the state of this cell: it has no gate to be on or off.")
    if saturation.overflow is not None:
        told.append(f"Its numbers overflow at symbol {saturation.overflow + 1:,}.")
    return " ".join(filter(None, told))


def tell_step(saturation: Measured, position: int) -> str:
    """Say how far on each gate of one unit is at a position, from 0."""
    z = saturation.pre_activations[position].tolist()
    of = zip(saturation.meanings, z, saturation.squash, saturation.thresholds, strict=True)
    gates = ", ".join(f"{meaning} {say_gate(*rest)}" for meaning, *rest in of)
    count = saturation.counts[position]
    at = f", at count {count:,.0f}" if np.isfinite(count) else ""
    return f"Symbol {position + 1:,}, “{saturation.string[position]}”{at}: {gates}."


def tell_zones(saturation: Measured) -> str:
    """Say how often each gate of the unit is in which zone."""
    if not saturation.string:
        return "The string is empty."
    zones = [_name_zones(saturation, gate) for gate in range(len(saturation.gates))]
    if len(zones) > 1 and len(set(zones)) == 1:
        return f"All of its gates are {zones[0]}."
    told = "; ".join(
        f"the {of} is {one}" for of, one in zip(saturation.meanings, zones, strict=True)
    )
    return f"{told[0].upper()}{told[1:]}."


def find_keeping(meanings: Sequence[str]) -> int | None:
    """Return the place of the gate that the state is multiplied by, if there is one."""
    return next((k for k, one in enumerate(meanings) if one in _KEEPING), None)


def tell_bounds(saturation: Measured) -> str:
    """Say between which limits each gate of the unit stays on any string."""
    unit, told, free = saturation.unit, [], []
    for k, meaning in enumerate(saturation.meanings):
        low, high = saturation.bound_low[k, :, unit].min(), saturation.bound_high[k, :, unit].max()
        if np.isinf(high) and low <= 0:
            free.append(f"the {meaning}")
        else:
            told.append(f"{meaning} {_say_range(saturation, k, low, high)}")
    proved = [f"Proved for every string: {join_words(told)}."] if told else []
    return " ".join(proved + ([f"Nothing bounds {join_words(free)}."] if free else []))


def list_bounds(saturation: Measured) -> list[dict[str, str]]:
    """List in words what each gate of the unit did at each symbol, and what it could do."""
    rows, unit = [], saturation.unit
    for k, meaning in enumerate(saturation.meanings):
        for symbol, v in zip(saturation.symbols, _places_read(saturation), strict=True):
            typical, low, high, least, most = (
                float(array[k, v, unit])
                for array in (
                    saturation.typical,
                    saturation.lowest,
                    saturation.highest,
                    saturation.bound_low,
                    saturation.bound_high,
                )
            )
            rows.append(
                {
                    "gate": meaning,
                    "symbol": symbol,
                    "typical": _say_limit(saturation, k, typical),
                    "seen": _say_range(saturation, k, low, high),
                    "possible": _say_range(saturation, k, least, most),
                }
            )
    return rows


def _say_range(saturation: Measured, gate: int, low: float, high: float) -> str:
    if np.isinf(high):
        clipped = saturation.squash[gate] == "relu"
        if low > 0:
            return f"at least {_say_limit(saturation, gate, low)}"
        return "anything" + ", or clipped at zero" * clipped
    ends = [_say_limit(saturation, gate, z) for z in (low, high)]
    return " to ".join(dict.fromkeys(ends))


def _say_limit(saturation: Measured, gate: int, z: float) -> str:
    if np.isnan(z):
        return "no number"
    if np.isinf(z):
        return "no limit"
    return say_gate(z, saturation.squash[gate], saturation.thresholds[gate])


def _tell_exact(saturation: Measured) -> str:
    """Say which gates are exactly on or off, at every reading, at some or at none."""
    gates = [k for k, squash in enumerate(saturation.squash) if squash in SQUASHING]
    if not gates:
        return ""
    read = _places_read(saturation)
    exact = saturation.shares[gates][:, read, saturation.unit, _EXACT]  # [gates, symbols]
    unit, where = _name_unit(saturation), f"in {saturation.precision}"
    if len(gates) == 1:
        words = _name_zones(saturation, gates[0])
        return f"The {saturation.meanings[gates[0]]}{unit} is {words}."
    if (exact == 1).all():
        return f"Every gate{unit} is exactly on or off {where}, at every symbol."
    if (exact == 0).all():
        return f"No gate{unit} is exactly on or off {where}."
    always, never = (exact == 1).all(axis=1), (exact == 0).all(axis=1)
    groups = {"at every symbol": always, "at some": ~always & ~never, "never": never}
    said = [
        f"{words}: {join_words([saturation.gates[gates[k]] for k in np.flatnonzero(members)])}"
        for words, members in groups.items()
        if members.any()
    ]
    return f"Gates{unit} exactly on or off {where}, {'; '.join(said)}."


def _tell_keeping(saturation: Measured) -> str:
    """Say how much of the state the gate keeps that multiplies it, and how much that costs."""
    gate = find_keeping(saturation.meanings)
    if gate is None:
        return ""
    meaning, threshold = saturation.meanings[gate], saturation.thresholds[gate]
    symbols, read = saturation.symbols, _places_read(saturation)
    if (saturation.lowest[gate, read, saturation.unit] >= threshold).all():
        return f"The {meaning} keeps everything."
    z = saturation.typical[gate, read, saturation.unit]
    known = np.flatnonzero(np.isfinite(z))
    if not known.size:
        return ""
    kept = {symbols[k]: _say_kept(z[k], threshold) for k in known}
    worst = known[z[known].argmin()]
    alike = len(kept) > 1 and len(set(kept.values())) == 1
    where = [f"{words} at “{symbol}”" for symbol, words in kept.items()]
    told = f"The {meaning} typically keeps " + (
        f"{kept[symbols[worst]]} at every symbol" if alike else join_words(where)
    )
    if z[worst] >= threshold:
        return told + "."
    what = "count" if saturation.model.spec.units == 1 else "state"
    each = "each time" if alike else f"with every “{symbols[worst]}”"
    lost = say_share(find_lack(z[worst], "sigmoid"))
    return f"{told}: {lost} of the {what} {_KEEPING[meaning]} {each}."


def _say_kept(z: float, threshold: float) -> str:
    return "everything" if z >= threshold else say_gate(z, "sigmoid", threshold)


def _tell_clipped(saturation: Measured) -> str:
    """Say how often a rectifier clips the unit at zero, and which units it has killed."""
    if "relu" not in saturation.squash:
        return ""
    steps, units = len(saturation.string), saturation.model.spec.units
    times = round(saturation.clipped[saturation.unit] * steps)
    unit = "The unit" if units == 1 else f"Unit {saturation.unit + 1}"
    often = f"at {times:,} of {steps:,} symbols" if times else "at no symbol"
    told = f"{unit} is clipped at zero {often}" + (
        f" ({say_share(times / steps)})." if 0 < times < steps else "."
    )
    if not saturation.dead:
        return told
    if units == 1:
        return f"{told} It is dead{_beyond_rescue(saturation)}."
    names = join_words([str(unit + 1) for unit in saturation.dead])
    one = len(saturation.dead) == 1
    return (
        f"{told} Of {in_words(units)} units {in_words(len(saturation.dead))} "
        f"{'is' if one else 'are'} dead{_beyond_rescue(saturation)}: unit{'s' * (not one)} {names}."
    )


def _beyond_rescue(saturation: Measured) -> str:
    """Say whether another string could wake the dead units."""
    never = (saturation.bound_high[:, :, list(saturation.dead)] <= 0).all()
    return ", and no string can wake it" if never else " on this string"


def _name_zones(saturation: Measured, gate: int) -> str:
    """Return how often a gate is in each zone, over all symbols."""
    counts = [saturation.string.count(symbol) for symbol in saturation.symbols]
    shares = saturation.shares[gate, _places_read(saturation), saturation.unit]  # [V, Z]
    overall = np.average(shares, axis=0, weights=counts)
    named = [
        f"{zone} at {f'{say_share(share)} of the symbols' if share < 1 else 'every symbol'}"
        for zone, share in zip(ZONES, overall, strict=True)
        if share > 0
    ]
    return join_words(named) if named else "not a number at any symbol"


def _places_read(saturation: Measured) -> list[int]:
    return [saturation.model.language.alphabet.index(symbol) for symbol in saturation.symbols]


def _name_unit(saturation: Measured) -> str:
    units = saturation.model.spec.units
    return "" if units == 1 else f" of unit {saturation.unit + 1}"
