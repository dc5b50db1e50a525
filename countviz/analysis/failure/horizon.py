"""How far a model can be trusted on any string at all, and the shortest string that fools it.

Random strings flatter a counter: they return to zero often, and zero repairs small errors. The
horizon is about every prefix of a length. Up to some twenty symbols all are tried. Beyond, the
extreme states of every count are followed; where a step never reverses the order of two states
these decide about all prefixes, elsewhere they are a search.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.state_count import read_out_state
from countviz.analysis.failure.nesting import measure_nesting
from countviz.arithmetic.precision import find_precision
from countviz.models import Model
from countviz.prefixes import Extremes, follow_extremes, try_prefixes
from countviz.traces import trace
from countviz.words import count_nouns

if TYPE_CHECKING:
    import pandas as pd

PREFIXES = 1_500_000  # tried one by one: of Dyck-1, all of up to 22 brackets
LIGHT = 8  # units; with more, fewer prefixes are tried in the same time
LONGEST, SEARCHED = 2_000, 400  # how far extremes are followed: as a proof, as a search
TRIED, FOLLOWED = "every prefix tried", "extreme states followed"


@dataclass(frozen=True, kw_only=True)
class Horizon:
    """Between which two lengths the first mistake on any string lies.

    Attributes
    ----------
    nesting_horizon
        The largest N with every (^n )^n, n <= N, judged right; None for languages without nests.
    shortest_failing_length
        How long the shortest prefix is that was found to be judged wrongly; None if none was.
    failing_string
        That prefix.
    certified_length
        Every prefix of up to so many symbols is judged right.
    engine
        What the certified length rests on.
    precision
        The number format it holds in.
    noun
        What a symbol is called.

    """

    nesting_horizon: int | None
    shortest_failing_length: int | None
    failing_string: str | None
    certified_length: int
    engine: str
    precision: str
    noun: str = "symbol"

    @property
    def settled(self) -> bool:
        """Whether no shorter prefix can be judged wrongly than the one that was found."""
        return self.shortest_failing_length == self.certified_length + 1

    def sentence(self) -> str:
        """Say the pair: right up to where, and wrong on what."""
        right = f"Right on every string of up to {count_nouns(self.certified_length, self.noun)}"
        if self.certified_length == 0:
            right = f"Wrong on a string of a single {self.noun}"
        if self.shortest_failing_length is None:
            return f"{right}; none that fools it was found."
        if self.settled and self.certified_length:
            return f"{right}, wrong on one of {self.shortest_failing_length:,}."
        if self.settled:
            return f"{right}."
        between = "no shorter one was found, but not all were tried"
        return f"{right}, wrong on one of {self.shortest_failing_length:,}; {between}."

    def to_frame(self) -> "pd.DataFrame":
        """Return one row: the pair, the string, and what it rests on."""
        import pandas as pd

        return pd.DataFrame([vars(self)])


def find_horizon(model: Model, precision: str = "float64", prefixes: int = PREFIXES) -> Horizon:
    """Find the shortest prefix that a model judges wrongly, as far as it can be found at once.

    Parameters
    ----------
    model, precision
        What is judged, in which number format.
    prefixes
        About how many prefixes may be tried one by one.

    """
    find_precision(precision)
    units, nests = model.spec.units, model.spec.language == "dyck1"
    prefixes = prefixes if units <= LIGHT else prefixes * LIGHT**2 // units**2
    tried = try_prefixes(model, precision, max(prefixes, 1))
    nesting = measure_nesting(model, precision).depth if nests else None
    right_to, wrong, engine = tried.right_to, tried.wrong, TRIED
    if wrong is None and nests and model.spec.memory is None:
        monotone = keeps_order(model)
        found = list(_follow(model, precision, LONGEST if monotone else SEARCHED))
        wrong = min((one.wrong for one in found if one.wrong), key=len, default=None)
        if monotone and _is_clear(found[0], precision) and found[0].right_to > right_to:
            right_to, wrong, engine = found[0].right_to, found[0].wrong, FOLLOWED
        wrong = wrong or _fail_by_nesting(model, precision, nesting)
    return Horizon(
        nesting_horizon=nesting,
        shortest_failing_length=wrong and len(wrong),
        failing_string=wrong,
        certified_length=right_to,
        engine=engine,
        precision=precision,
        noun="bracket" if nests else "symbol",
    )


def keeps_order(model: Model) -> bool:
    """Say whether no symbol reverses the order of two states of a model, as its weights show.

    So it is for one unit of a cell that squashes U h + a and nothing else, if U >= 0; and for one
    of any cell whose gates do not see the hidden state at all.
    """
    recurrent = model.parameters["rnn.weight_hh_l0"]
    if model.spec.units != 1:
        return False
    alone = len(model.cell.gates) == 1 and model.cell.state == (model.cell.counter,)
    return bool((recurrent == 0).all() or (alone and (recurrent >= 0).all()))


def _is_clear(found: Extremes, precision: str) -> bool:
    """Say whether no verdict hangs on the last digits, of which sigmoid and tanh are not sure."""
    return found.margin > 2.0 ** (-find_precision(precision).digits // 2)


def _follow(model: Model, precision: str, longest: int) -> Iterator[Extremes]:
    """Follow the extremes along the counting internal, and along other directions of many units."""
    yield follow_extremes(model, precision, longest)
    units = model.spec.units
    if units > 1:
        directions = [read_out_state(model, precision).direction]
        directions += list(model.parameters["readout.weight"][1:].astype(np.float64))
        directions += list(np.eye(units)) if units <= LIGHT else []
        for direction in directions:
            yield follow_extremes(model, precision, longest, direction)


def _fail_by_nesting(model: Model, precision: str, nesting: int | None) -> str | None:
    """Return the beginning of a nest that fools the model, up to the first mistake; or None."""
    if not nesting:
        return None
    failing = measure_nesting(model, precision).fooled_by
    if failing is None:
        return None
    at = trace(model, failing, precision).first_failure
    return None if at is None else failing[: at + 1]
