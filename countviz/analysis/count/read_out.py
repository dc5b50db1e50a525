"""The read-out table: what each unit knows of the count, and what a symbol does to it.

A direction of the state is read as a count (see ``state_count``). Over the steps of the probe
strings this says how far one opening and one closing move it, how much of it every symbol keeps,
and how much room the verdict leaves: v' = λ v + α, fitted for openings and for closings. Where the
weights say λ and α outright, they are taken from there: a rectifier bends a fit where it clips.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.probe_steps import ProbeSteps, fit_step, take_steps
from countviz.analysis.count.state_count import StateCount, read_out_state
from countviz.models import HandSet, Model
from countviz.words import in_powers, join_words

if TYPE_CHECKING:
    import pandas as pd

_STILL = 1e-12  # a unit that moves by less, as a share of its size, does not move
_WILD = 1e3  # brackets a step, or parts leaking at one, that are no reading of a count
_NONE = 1e-9  # a share so small is no leak and no asymmetry, but rounding


@dataclass(frozen=True, kw_only=True)
class UnitReading:
    """One unit on its own: state = slope * count + offset, as nearly as a line can say it.

    Attributes
    ----------
    unit
        Which, from 0.
    slope, offset
        In the internal's own measure, for a bracket and at a count of zero; nan where the unit
        overflowed.
    r_squared
        Share of the unit's variance that the count explains; nan where it does not vary.
    dead
        The unit never moves on the probe strings.

    """

    unit: int
    slope: float
    offset: float
    r_squared: float
    dead: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class ReadOut:
    """How a count is read from a state, and what an opening and a closing do to it, in brackets.

    Attributes
    ----------
    internal
        The internal that is read.
    units
        What each unit says by itself.
    direction, offset
        [H] and a number: direction . state + offset is the count.
    r_squared
        Share of the true count's variance that the reading explains; None by construction.
    step_up, step_down
        Mean change of the read count on an opening and on a closing; exactly +1 and -1 in a
        counter that is exact.
    spread_up, spread_down
        Standard deviation of these changes.
    asymmetry
        (step_up + step_down) / ½ (abs(step_up) + abs(step_down)): drift of a matched pair.
    leak_up, leak_down, leak
        1 - λ, the share of the count that is lost at an opening, at a closing, and their mean;
        negative where the count expands.
    constant_up, constant_down
        α, what an opening and a closing add whatever the count is.
    from_weights
        λ and α are those of the weights, not a fit.
    threshold
        The read count from which the model says that something is open; nan if its verdict never
        changes on the probe strings.
    margin_closed, margin_open
        How far below the threshold the mean reading of a count of 0 lies, and that of 1 above it.

    """

    internal: str
    units: tuple[UnitReading, ...]
    direction: np.ndarray
    offset: float
    r_squared: float | None
    step_up: float
    step_down: float
    spread_up: float
    spread_down: float
    asymmetry: float
    leak_up: float
    leak_down: float
    leak: float
    constant_up: float
    constant_down: float
    from_weights: bool
    threshold: float
    margin_closed: float
    margin_open: float

    @property
    def dead(self) -> bool:
        """Whether no unit moves at all."""
        return all(one.dead for one in self.units)

    def sentence(self) -> str:
        """Say what a symbol does to the count, what leaks, and which units are dead."""
        dead = [f"{one.unit + 1}" for one in self.units if one.dead]
        if self.dead:
            who = "The unit is" if len(self.units) == 1 else f"All {len(self.units)} units are"
            return f"{who} dead: no symbol moves {self.internal}, and nothing is counted."
        rates = self.step_up, self.step_down, self.leak_up, self.leak_down
        if not np.isfinite(rates).all() or max(map(abs, rates)) > _WILD:
            return f"What a step does cannot be read off {self.internal}: it knows no bounds."
        moves = f"An opening moves the count by {self.step_up:+.3f}, a closing by "
        parts = [
            f"{moves}{self.step_down:+.3f}{_lopsided(self.asymmetry)}.",
            f"{self._leaks()}.",
            f"Read from {self.internal} {self._origin()}.",
        ]
        if dead:
            parts.append(f"Dead: unit{'s' * (len(dead) > 1)} {join_words(dead)}.")
        return " ".join(parts).replace("-", "\N{MINUS SIGN}")

    def _leaks(self) -> str:
        both = (self.leak_up, "at an opening"), (self.leak_down, "at a closing")
        if all(abs(leak) < _NONE for leak, _ in both):
            return "Nothing leaks"
        if self.leak_up == self.leak_down:
            return f"{_leaks(self.leak, 'at every symbol')}"
        return " and ".join(_leaks(leak, where) for leak, where in both)

    def _origin(self) -> str:
        if self.r_squared is None:
            return "by construction"
        poor = "" if self.r_squared >= 0.9 else ", a poor fit: read these numbers as a rough guide"
        return f"by a linear fit, R² {self.r_squared:.3f}{poor}"

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a unit."""
        import pandas as pd

        return pd.DataFrame([vars(one) for one in self.units]).assign(direction=self.direction)


def read_out(model: Model, precision: str = "float64") -> ReadOut:
    """Return how a count is read from a model's state, and how its steps go wrong."""
    reading = read_out_state(model, precision)
    steps = take_steps(model, precision, reading)
    up, down = (fit_step(steps, sign) for sign in (1, -1))
    keeps = _read_weights(model, reading)
    (keep_up, add_up), (keep_down, add_down) = keeps or (up[2:], down[2:])
    units = _read_units(steps.states, steps.after)
    dead = all(one.dead for one in units)
    at = float("nan") if dead else _find_threshold(model, reading, steps)
    size = (abs(up[0]) + abs(down[0])) / 2
    return ReadOut(
        internal=reading.internal,
        units=units,
        direction=reading.direction,
        offset=reading.offset,
        r_squared=reading.r_squared,
        step_up=up[0],
        step_down=down[0],
        spread_up=up[1],
        spread_down=down[1],
        asymmetry=(up[0] + down[0]) / size if size else 0.0,
        leak_up=1 - keep_up,
        leak_down=1 - keep_down,
        leak=1 - (keep_up + keep_down) / 2,
        constant_up=add_up,
        constant_down=add_down,
        from_weights=keeps is not None,
        threshold=at,
        margin_closed=at - _mean(steps.values[steps.after == 0]),
        margin_open=_mean(steps.values[steps.after == 1]) - at,
    )


def _read_weights(
    model: Model, reading: StateCount
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return λ and α of an opening and of a closing, in brackets, where the weights say them.

    That is so for one unit without a squashing bend: h' = U h + a, read as v = s h + w.
    """
    unbounded = model.cell.squash in (("relu",), ("identity",))
    slope = float(reading.direction[0])
    if model.spec.units != 1 or not unbounded or model.language.signs != (1, -1) or not slope:
        return None
    keep, steps = step_weights(model)
    shift = reading.offset * (1 - keep)
    up, down = (slope * step + shift for step in steps)
    return (keep, up), (keep, down)


def step_weights(model: Model) -> tuple[float, tuple[float, ...]]:
    """Return U and what every symbol adds, a of h' = U h + a, of one unit with one gate."""
    weights = model.parameters
    bias = float(weights["rnn.bias_ih_l0"][0]) + float(weights["rnn.bias_hh_l0"][0])
    keep = float(weights["rnn.weight_hh_l0"][0, 0])
    return keep, tuple(float(w) + bias for w in weights["rnn.weight_ih_l0"][0])


def _find_threshold(model: Model, reading: StateCount, steps: ProbeSteps) -> float:
    """Return the read count at which the verdict changes.

    A counter set by hand declares it. One unit whose hidden state is read has it in its read-out;
    otherwise it lies half-way between the highest reading that is called closed and the lowest
    that is called open.
    """
    if isinstance(model.spec.recipe, HandSet):
        return model.spec.recipe.threshold
    closers = [model.language.alphabet.index(symbol) for symbol in model.language.closers]
    if model.spec.units == 1 and reading.internal == model.cell.state[-1] and len(closers) == 1:
        slope = float(model.parameters["readout.weight"][closers[0], 0])
        bias = float(model.parameters["readout.bias"][closers[0]])
        if slope:
            return float(reading.direction[0]) * (-bias / slope) + reading.offset
    finite = np.isfinite(steps.values)
    closed, opened = (steps.values[finite & (steps.says_open == says)] for says in (False, True))
    if not (closed.size and opened.size):
        return float("nan")
    return float(closed.max() + opened.min()) / 2


def _read_units(states: np.ndarray, counts: np.ndarray) -> tuple[UnitReading, ...]:
    return tuple(_read_unit(unit, column, counts) for unit, column in enumerate(states.T))


def _read_unit(unit: int, values: np.ndarray, counts: np.ndarray) -> UnitReading:
    """Fit one unit's state to the true count."""
    nan = float("nan")
    if not np.isfinite(values).all():
        return UnitReading(unit=unit, slope=nan, offset=nan, r_squared=nan, dead=False)
    size = abs(values).max()
    if np.ptp(values) <= _STILL * size:
        first = float(values[0])
        return UnitReading(unit=unit, slope=0.0, offset=first, r_squared=nan, dead=True)
    scaled, around = values / size, counts - counts.mean()
    slope = float(around @ (scaled - scaled.mean()) / (around @ around))
    rest = scaled - scaled.mean() - slope * around
    return UnitReading(
        unit=unit,
        slope=slope * size,
        offset=float(scaled.mean() - slope * counts.mean()) * size,
        r_squared=float(np.clip(1 - rest.var() / scaled.var(), 0, 1)),
        dead=False,
    )


def _mean(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return float(values.mean()) if values.size else float("nan")


def _lopsided(asymmetry: float) -> str:
    if abs(asymmetry) < _NONE:
        return ": equal and opposite"
    return f": {in_percent(asymmetry)} lopsided"


def _leaks(leak: float, where: str) -> str:
    if abs(leak) < _NONE:
        return f"0 % leaks {where}"
    return f"{in_percent(leak)} {'leaks' if leak > 0 else 'is gained'} {where}"


def in_percent(share: float) -> str:
    """Return the size of a share in per cent, to two digits.

    >>> in_percent(-0.0312), in_percent(1.25)
    ('3.1 %', '125 %')
    """
    size = 100 * abs(share)
    return f"{size:,.0f} %" if size >= 100 else f"{in_powers(size)} %"
