"""The round trip: what one opening and its closing leave behind, at every count.

An exact counter comes back to where it was. Any other is displaced a little, and what was off
before is multiplied: by less than 1 where the state repairs or forgets, by more where it does not
matter which. Where the multiplier is below 1 and the displacement is not nothing, repeating ()()
leads every count to the same state, and the count is erased. The multiplier is the eigenvalue of
largest modulus of the derivative of the two steps, of all numbers of the state, by central
differences.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.state_count import read_out_state
from countviz.analysis.count.stepper import Stepper, find_opener, make_stepper
from countviz.analysis.why.no_return import find_no_return
from countviz.languages import Language
from countviz.models import Model
from countviz.runs import Moment
from countviz.traces import trace
from countviz.words import count_nouns

if TYPE_CHECKING:
    import pandas as pd

DEEPEST = 30
TRIPS = 200  # made in a row at every count
_NUDGE = 2.0**-20  # of a state's size, for differences in float64
_STILL = 1e-9  # of the largest reading; an opening that moves it by less does not move it
_SAME = 1e-6  # a multiplier this near 1 is 1


class NoRoundTrip(ValueError):
    """What was opened and closed cannot be opened again, or leaves more behind than a state."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RoundTrip:
    """What one opening and its closing do to the state, from each of D counts.

    Attributes
    ----------
    model, precision
        Whose state; the multipliers are those of float64 whatever the precision.
    opener, closer
        The two symbols of a trip.
    counts
        [D]: 0, 1, 2, ...; reached by so many openings in a row.
    displacements
        [D]: by how much one trip moves the count that the state reads as, in brackets of that
        count: the way that one more opening would move it.
    multipliers
        [D]: by how much a trip multiplies a small difference between two states; NaN where the
        state overflows.
    trips
        [D]: how many trips in a row the count survives, by the closes-left count; 200 are made.

    """

    model: Model
    precision: str
    opener: str
    closer: str
    counts: np.ndarray
    displacements: np.ndarray
    multipliers: np.ndarray
    trips: np.ndarray

    @property
    def survived(self) -> np.ndarray:
        """[D] bool: no number of trips that was tried loses the count."""
        return self.trips == TRIPS

    def sentence(self) -> str:
        """Say what a trip does at zero, at one, and further up."""
        pair = f"{self.opener}{self.closer}"
        if not np.isfinite(self.multipliers).any():
            return f"The state overflows: {pair} leads nowhere."
        if np.nanmax(np.abs(self.multipliers[1:] - 1)) < _SAME and self._moves() < _SAME:
            return f"From any count from 1 to {self.counts[-1]} {pair} leads back to where it was."
        first = f"{self._say_kept(0, f'At 0 a trip {pair}')}; {self._say_kept(1, 'at 1 it')}."
        return f"{first} {self._say_above()} {self._say_trips()}"

    def _say_above(self) -> str:
        """Say what a trip does from 2 on."""
        above = self.multipliers[2:][np.isfinite(self.multipliers[2:])]
        if not above.size:
            return "Above, the state overflows."
        least, most = f"{above.min():.3g}", f"{above.max():.3g}"
        size = least if least == most else f"{least} to {most}"
        said = f"Above, an error is multiplied by {size}"
        if self._moves() > self.counts[-1]:  # further than any count here: no line reads this one
            return f"{said}; by how much the count is moved cannot be read off the state."
        return f"{said} and the count moved by up to {self._moves():.2g} of a bracket."

    def _moves(self) -> float:
        return float(np.nanmax(np.abs(self.displacements[1:]), initial=0.0))

    def _say_kept(self, count: int, start: str) -> str:
        kept = float(self.multipliers[count])
        if np.isnan(kept):
            return f"{start} overflows"
        if abs(kept) < _SAME:
            return f"{start} repairs any small error"
        if abs(kept - 1) < _SAME:
            return f"{start} keeps an error as it is"
        return f"{start} multiplies a small error by {kept:.3g}"

    def _say_trips(self) -> str:
        """Say which count is lost first, and after how many trips."""
        lost = np.flatnonzero(~self.survived)
        if not lost.size:
            return f"{TRIPS} trips in a row lose no count up to {self.counts[-1]}."
        first = int(lost[np.argmin(self.trips[lost])])
        if not self.trips[first]:
            return f"A count of {self.counts[first]} does not survive a single trip."
        many = count_nouns(int(self.trips[first]), "trip")
        return f"The first count to be lost is {self.counts[first]}, after {many} in a row."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a count."""
        import pandas as pd

        return pd.DataFrame(
            {
                "count": self.counts,
                "displacement": self.displacements,
                "multiplier": self.multipliers,
                "trips": self.trips,
            }
        )


def round_trip(model: Model, precision: str = "float64", deepest: int = DEEPEST) -> RoundTrip:
    """Measure what one opening and its closing do from every count up to `deepest`.

    Raises
    ------
    NoRoundTrip
        If the language has no such trip, or the model a memory beside its state.

    """
    pair = find_pair(model.language)
    if model.spec.memory is not None:
        raise NoRoundTrip(
            f"{model.name} has a memory: what a round trip leaves behind lies in its stacks too, "
            "and a count that is read off the units alone says nothing about them"
        )
    stepper = make_stepper(model, precision)
    fine = make_stepper(model, "float64")
    rows = _climb(stepper, pair[0], deepest + 1)
    after = np.stack([stepper.feed(Moment(row), pair).end.row for row in rows[:-1]])
    read, landed = np.split(_read(stepper, np.concatenate([rows, after])), [len(rows)])
    with np.errstate(all="ignore"):  # a state that overflowed
        steps = np.diff(read)
        steps[~(np.abs(steps) > _STILL * np.nanmax(np.abs(read), initial=0.0))] = np.nan
        moves = (landed - read[:-1]) / steps
    climbed = _climb(fine, pair[0], deepest)
    symbols = "".join(model.language.alphabet[v] for v in pair)
    return RoundTrip(
        model=model,
        precision=precision,
        opener=symbols[0],
        closer=symbols[1],
        counts=np.arange(deepest + 1),
        displacements=np.where(np.isfinite(moves), moves, np.nan),
        multipliers=np.array([_multiply(fine, row, pair) for row in climbed]),
        trips=np.array([_count_trips(model, precision, symbols, d) for d in range(deepest + 1)]),
    )


def find_pair(language: Language) -> tuple[int, int]:
    """Return an opener and its closer, by their places in the alphabet, that may be repeated.

    >>> from countviz.languages import find_language
    >>> find_pair(find_language("dyck1"))
    (0, 1)
    """
    for counter, closer in enumerate(language.closers):
        opener = find_opener(language, counter)
        if opener is None:
            continue
        string = language.alphabet[opener] * 2 + (closer + language.alphabet[opener]) * 2
        if len(language.path(string)) == len(string):
            return opener, language.alphabet.index(closer)
    raise NoRoundTrip(
        f"in {language.name} nothing can be opened again once something was closed: there are no "
        "round trips"
    )


def _read(stepper: Stepper, rows: np.ndarray) -> np.ndarray:
    """Return the count that each of some rows [D, N H] reads as."""
    model, units = stepper.model, stepper.model.spec.units
    place = model.cell.names.index(model.cell.counter) * units
    direction = read_out_state(model, stepper.precision).direction
    with np.errstate(all="ignore"):
        return rows[:, place : place + units].astype(np.float64) @ direction


def _climb(stepper: Stepper, opener: int, times: int) -> np.ndarray:
    """Return the rows [times + 1, N H] after 0, 1, 2, ... openings."""
    return stepper.feed(stepper.start, [opener] * times).rows


def _multiply(stepper: Stepper, row: np.ndarray, pair: tuple[int, int]) -> float:
    """Return the largest modulus of an eigenvalue of a round trip's derivative at a state."""
    places = np.arange(row.size)[stepper.state]
    if not np.isfinite(row).all():
        return float("nan")
    columns = []
    for at in places:
        nudge = _NUDGE * max(1.0, abs(row[at]))
        ends = []
        for sign in (1, -1):
            moved = row.copy()
            moved[at] += sign * nudge
            ends.append(stepper.feed(Moment(moved), pair).end.row[stepper.state])
        with np.errstate(all="ignore"):
            columns.append((ends[0] - ends[1]) / (2 * nudge))
    jacobian = np.column_stack(columns)
    if not np.isfinite(jacobian).all():
        return float("nan")
    return float(np.abs(np.linalg.eigvals(jacobian)).max())


def _count_trips(model: Model, precision: str, pair: str, count: int) -> int:
    """Return after how many round trips from a count it is lost; at most 200 are made."""
    done = trace(model, pair[0] * count + pair * TRIPS, precision)
    lost = find_no_return(done).position
    return TRIPS if lost is None else max(0, lost - count) // 2
