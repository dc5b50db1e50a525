"""Runs of symbols on which some switches are all on: found, ranked, and laid side by side.

A switch is a unit with a sign: of H units the first H switches are on where the value reaches the
threshold, the other H where its negative does.
"""

import numpy as np

from countviz.analysis.trajectory.corpus import Corpus
from countviz.traces import WHOLE, Trace

ROWS = 16  # of the aligned table
LEAD = 4  # symbols shown before and after a run
_SHARES = (0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 1)
_SHORT = 500  # symbols of a stretch that is suggested
_WIDEST = 24  # symbols of a run that are shown
_RANGES = np.fmin.reduceat, np.fmax.reduceat


def both_signs(values: np.ndarray) -> np.ndarray:
    """Return the values [N, 2 H] of the switches of units [N, H]."""
    return np.concatenate([values, -values], axis=1)


def suggest_stretch(trace: Trace, start: int, stop: int) -> tuple[int, int]:
    """Return a run of symbols about the deepest of some: those deeper than their neighbours.

    It is as deep as half of the deepest, or as much more as it takes to be short.
    """
    counts = trace.reading.closings[start:stop].sum(axis=1)
    peak = int(counts.argmax())
    for share in _SHARES:
        shallow = np.flatnonzero(counts < share * counts[peak])
        before, after = shallow[shallow < peak], shallow[shallow > peak]
        first = int(before[-1]) + 1 if before.size else 0
        last = int(after[0]) if after.size else len(counts)
        if last - first <= _SHORT:
            break
    return start + first, start + min(last, first + WHOLE)


def search_runs(
    corpus: Corpus,
    internal: str,
    threshold: float,
    switches: np.ndarray,
    stretch: tuple[int, int, np.ndarray],
) -> dict[str, np.ndarray]:
    """Return the runs of a corpus on which all the switches are on, in the order they come."""
    on = both_signs(corpus.states[internal]) >= threshold
    together = on[:, switches].all(axis=1) if switches.size else np.zeros(len(on), bool)
    edge = np.zeros(len(on) + 1, bool)
    edge[corpus.edges] = True
    neighbours = np.concatenate([[False], together, [False]])
    first = np.flatnonzero(together & (edge[:-1] | ~neighbours[:-2]))
    stop = np.flatnonzero(together & (edge[1:] | ~neighbours[2:])) + 1
    counted = np.concatenate([np.zeros((1, on.shape[1]), np.int64), on.cumsum(axis=0)])
    throughout = (counted[stop] - counted[first]) == (stop - first)[:, None]
    where = np.searchsorted(corpus.edges, first, side="right") - 1
    borders = np.stack([first, stop], axis=1).ravel()  # every other piece between them is a match
    counts = np.append(corpus.counts, np.nan)
    pieces = [f(counts, borders)[::2] if first.size else first for f in _RANGES]
    return {
        "where": where,
        "starts": first - corpus.edges[where],
        "stops": stop - corpus.edges[where],
        "differ": (throughout != stretch[2]).sum(axis=1),
        "first": corpus.counts[first],
        "least": pieces[0].astype(float),
        "most": pieces[1].astype(float),
    }


def rank_runs(
    searches: list[dict[str, np.ndarray]], stretch: tuple[int, int, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the matches of this string and of the corpus: the stretch itself, then the likest."""
    start, stop, _ = stretch
    searches[0]["where"] = searches[0]["where"] - 1
    found = {name: np.concatenate([one[name] for one in searches]) for name in searches[0]}
    itself = (found["where"] < 0) & (found["starts"] < stop) & (start < found["stops"])
    unlike = abs(found["stops"] - found["starts"] - (stop - start))
    order = np.lexsort([found["starts"], found["where"], unlike, found["differ"], ~itself])
    return {name: column[order] for name, column in found.items()}


def align_runs(
    searched: list[Corpus], found: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return symbols and counts around the first matches, in columns from where each begins."""
    lengths = (found["stops"] - found["starts"])[:ROWS]
    columns = np.arange(-LEAD, min(lengths.max(initial=0), _WIDEST) + LEAD)
    symbols = np.full((lengths.size, columns.size), "", "<U1")
    counts = np.full(symbols.shape, np.nan)
    for row in range(lengths.size):
        where = int(found["where"][row])
        corpus, place = (searched[0], 0) if where < 0 else (searched[1], where)
        string, at = corpus.strings[place], columns + found["starts"][row]
        inside = (at >= 0) & (at < len(string))
        symbols[row, inside] = list(np.array(list(string))[at[inside]])
        counts[row, inside] = corpus.counts[corpus.edges[place] + at[inside]]
    return symbols, counts
