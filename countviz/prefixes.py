"""Look for the shortest prefix that a model judges wrongly: by trying all, or along the extremes.

The number of prefixes grows like 2^n, so all of them are tried up to some twenty symbols. The
extreme states of every count are some n^2 / 2, and lead to hundreds.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.engine import kernels
from countviz.engine.advance import Packed
from countviz.engine.prefixes import NOWHERE
from countviz.languages import find_language, require_continuations
from countviz.memories import Automaton
from countviz.models import Model
from countviz.runs import begin, lay_out

FEW = 20_000  # prefixes for an automaton, each of whose steps looks back at all before
LONGEST = 200  # symbols of the prefixes that are tried one by one, however few there are


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of trying all prefixes of a language, from the shortest on.

    Attributes
    ----------
    right_to
        Every prefix of up to so many symbols is judged right.
    wrong
        A shortest prefix that is judged wrongly; None if there is none of up to `right_to`.

    """

    right_to: int
    wrong: str | None


@dataclass(frozen=True, kw_only=True)
class Extremes:
    """What came of following the extreme states of every count.

    Attributes
    ----------
    right_to
        Up to this length, every extreme state is judged right.
    wrong
        The prefix that leads to the first that is not; None if there is none.
    margin
        The least distance of a logit from zero, over all the verdicts on extreme states.

    """

    right_to: int
    wrong: str | None
    margin: float


def try_prefixes(model: Model, precision: str, prefixes: int) -> Tried:
    """Judge every prefix of the model's language, up to the length up to which there are so many.

    The search is exact for any cell, with any number of units, in the precision asked for.
    """
    require_continuations(model.spec.language, "a horizon")
    if isinstance(model.spec.memory, Automaton):
        prefixes = min(prefixes, FEW)
    moves, targets, longest = _tabulate(model.spec.language, prefixes)
    packed = model.pack(precision)
    places = longest + 1
    room = lay_out(packed, begin(model, precision), places, steps=longest, kept=places)
    states, symbols, shortest = np.zeros((3, longest), np.int64)
    length = kernels.try_prefixes(
        kernels.find_variant(model.spec.cell, precision),
        packed, moves, targets, room, states, symbols, shortest,
    )  # fmt: skip
    if length > longest:
        return Tried(right_to=longest, wrong=None)
    wrong = "".join(model.language.alphabet[v] for v in shortest[:length])
    return Tried(right_to=length - 1, wrong=wrong)


@lru_cache(maxsize=16)
def _tabulate(language_name: str, prefixes: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Return a language's moves and targets [S, V], as far as that many prefixes reach, and L."""
    language = find_language(language_name)
    places = {language.start: 0}
    layer, moves, tried, length = {language.start: 1}, [], 0, 0
    while layer and length <= LONGEST and (not tried or tried + sum(layer.values()) <= prefixes):
        tried += sum(layer.values())
        after: dict = {}
        for state, ways in layer.items():
            for v, symbol in enumerate(language.alphabet):
                reached = language.step(state, symbol)
                if reached is not None:
                    after[reached] = after.get(reached, 0) + ways
                    moves.append((places[state], v, places.setdefault(reached, len(places))))
        layer, length = after, length + 1
    table = np.full((len(places), len(language.alphabet)), NOWHERE)
    for state, v, reached in moves:
        table[state, v] = reached
    return table, language.targets(list(places)), max(length - 1, 1)


def follow_extremes(
    model: Model, precision: str, longest: int, direction: np.ndarray | None = None
) -> Extremes:
    """Follow, for every count of a Dyck-1 prefix, the two states that lie furthest along [H].

    The direction is one in the counting internal of the cell, by default all units alike. No state
    that is not met by a real prefix is ever looked at, so what is found is really wrong.
    """
    if model.spec.language != "dyck1":
        raise ValueError(f"{model.name} reads {model.spec.language}; extremes are those of dyck1")
    if model.spec.memory is not None:
        raise ValueError(f"{model.name} has stacks, whose states lie along no line")
    internals, units = model.cell.names, model.spec.units
    along = np.zeros((len(internals), units))
    along[internals.index(model.cell.counter)] = 1 if direction is None else direction
    packed: Packed = model.pack(precision)
    rows = np.zeros((4 * (longest + 2) + 1, along.size), packed.bias.dtype)
    origins = np.empty((longest + 1, longest + 2, 2), np.int8)
    margins = np.full(2, np.inf, find_precision(precision).storage)
    variant = kernels.find_variant(model.spec.cell, precision)
    length, count, end = kernels.bound_prefixes(
        variant, packed, along.ravel(), rows, origins, margins
    )
    wrong = None if length > longest else _retrace(origins, length, count, end)
    return Extremes(right_to=length - 1, wrong=wrong, margin=float(margins.min()))


def _retrace(origins: np.ndarray, length: int, count: int, end: int) -> str:
    """Return the prefix that leads to an extreme state."""
    symbols = []
    for t in range(length, 0, -1):
        symbol, end = divmod(int(origins[t, count, end]), 2)
        symbols.append("()"[symbol])
        count += 1 if symbol else -1
    return "".join(reversed(symbols))
