"""The record that everything else reads: what one model did on one string at one precision."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.engine.kernels import find_variant, record
from countviz.languages import Language, Reading
from countviz.languages.text import COMMAND_LIMIT, check_length
from countviz.models import Model

WHOLE = 20_000  # up to this many symbols every step is kept
SPACING = 1_024  # beyond, the state is kept after every so many symbols
WINDOW = 2_048  # and this many steps are recomputed at a time
SHORT = 2_048  # the truth about strings up to here is kept for longer


@dataclass(frozen=True, eq=False, kw_only=True)
class Window:
    """The steps start, start + 1, ..., stop - 1 of a trace; arrays are read-only, time first.

    Attributes
    ----------
    start, stop
        Positions in the string, counted from 0.
    rows
        [W + 1, N H]: the state before the window, then every internal after each symbol.
    internals
        By name, each [W, H].
    logits, outputs
        [W, V]: the read-out before and after its sigmoid.

    """

    start: int
    stop: int
    rows: np.ndarray
    internals: Mapping[str, np.ndarray]
    logits: np.ndarray
    outputs: np.ndarray


@dataclass(frozen=True, eq=False, kw_only=True)
class Trace:
    """Everything one model did on one string; row t is what holds just after symbol t.

    Attributes
    ----------
    model, string, precision
        What was run, on what, in which number format.
    reading
        The truth about the string.
    verdicts
        [T, V] bool: the model says that the symbol may come next (its logit is >= 0).
    first_failure
        The first position, from 0, at which a verdict differs from the truth; None if there is
        none. An illegal symbol ends what is judged.
    checkpoints
        [C, N H]: the state before symbol 0, SPACING, 2 SPACING, ...

    """

    model: Model
    string: str
    precision: str
    reading: Reading
    verdicts: np.ndarray
    first_failure: int | None
    checkpoints: np.ndarray

    @property
    def mistakes(self) -> np.ndarray:
        """[T] bool: some verdict differs from the truth; never so after an illegal symbol."""
        wrong = (self.verdicts != self.reading.targets).any(axis=1)
        wrong[self.reading.legal :] = False
        return wrong

    @cached_property
    def whole(self) -> Window:
        """All steps at once; only a string of up to 20,000 symbols has them."""
        if len(self.string) > WHOLE:
            raise ValueError(
                f"this trace has {len(self.string):,} symbols; up to {WHOLE:,} are kept whole: "
                "ask for a window"
            )
        return self.window(0, len(self.string))

    def window(self, start: int, stop: int | None = None) -> Window:
        """Return the steps from `start` (0 ... T) up to `stop`, by default 2,048 of them."""
        length = len(self.string)
        if not 0 <= start <= length:
            raise ValueError(f"a window starts at 0 ... {length}, not at {start}")
        stop = min(start + WINDOW if stop is None else stop, length)
        origin = start // SPACING
        symbols = self.model.language.encode(self.string[origin * SPACING : stop])
        rows, logits = run(self.model, self.precision, symbols, self.checkpoints[origin])
        skip = start - origin * SPACING
        return _make_window(self.model, self.precision, start, stop, rows[skip:], logits[skip:])

    def default_window(self) -> tuple[int, int]:
        """Return where to look in a long trace: around the first failure, else at the end."""
        length = len(self.string)
        if length <= WHOLE:
            return 0, length
        middle = length if self.first_failure is None else self.first_failure + WINDOW // 2
        stop = min(max(middle, WINDOW), length)
        return stop - WINDOW, stop


def trace(model: Model, string: str, precision: str = "float64") -> Trace:
    """Run a model over a string and return what it did.

    Parameters
    ----------
    model
        The model, as ``countviz.load`` returns it.
    string
        Up to 1,000,000 symbols of the model's language.
    precision
        ``float64``, ``float32``, ``float16`` or ``bfloat16``.

    Raises
    ------
    SymbolError, TooLong, UnknownPrecision
        All are ``ValueError``; their sentences say what came and what would be right.

    """
    find_precision(precision)
    check_length(string, COMMAND_LIMIT)
    symbols = model.language.encode(string)
    reading = _read(model.language, string)
    if len(string) <= WHOLE:
        rows, logits = run(model, precision, symbols)
        verdicts, checkpoints = logits >= 0, rows[::SPACING]
        whole = _make_window(model, precision, 0, len(string), rows, logits)
    else:
        verdicts, checkpoints = _run_in_chunks(model, precision, symbols)
        whole = None
    result = Trace(
        model=model,
        string=string,
        precision=precision,
        reading=reading,
        verdicts=_read_only(verdicts),
        first_failure=_first_failure(verdicts, reading),
        checkpoints=_read_only(checkpoints),
    )
    if whole is not None:
        result.__dict__["whole"] = whole  # what the cached property would compute again
    return result


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def _read(language: Language, string: str) -> Reading:
    """Return the truth about a string; several models are usually run on the same one."""
    return (_read_short if len(string) <= SHORT else _read_long)(language, string)


_read_short = lru_cache(maxsize=512)(Language.read)
_read_long = lru_cache(maxsize=4)(Language.read)


def run(
    model: Model, precision: str, symbols: np.ndarray, state: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Run a model over encoded symbols [T], from a state or from the beginning.

    Returns the rows [T + 1, N H], the first of which is the state, and the logits [T, V].
    """
    packed = model.pack(precision)
    rows = np.empty(
        (symbols.size + 1, len(model.cell.internals) * model.spec.units), packed.bias.dtype
    )
    rows[0] = 0 if state is None else state
    logits = np.empty((symbols.size, packed.readout_bias.size), packed.bias.dtype)
    record(find_variant(model.spec.cell, precision), packed, symbols, rows, logits)
    return rows, logits


def _run_in_chunks(
    model: Model, precision: str, symbols: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the verdicts of a long run and its state every SPACING symbols."""
    verdicts = np.empty((symbols.size, len(model.language.alphabet)), bool)
    checkpoints = []
    for start in range(0, symbols.size, SPACING):
        chunk = symbols[start : start + SPACING]
        rows, logits = run(model, precision, chunk, checkpoints[-1] if checkpoints else None)
        if not checkpoints:
            checkpoints.append(rows[0])
        verdicts[start : start + SPACING] = logits >= 0
        checkpoints.append(rows[-1])
    return verdicts, np.stack(checkpoints)


def _make_window(
    model: Model, precision: str, start: int, stop: int, rows: np.ndarray, logits: np.ndarray
) -> Window:
    _read_only(rows)
    by_internal = rows[1:].reshape(stop - start, len(model.cell.internals), model.spec.units)
    with np.errstate(over="ignore"):
        outputs = find_precision(precision).round(1 / (1 + np.exp(-logits)))
    return Window(
        start=start,
        stop=stop,
        rows=rows,
        internals={name: by_internal[:, k] for k, name in enumerate(model.cell.names)},
        logits=_read_only(logits),
        outputs=_read_only(outputs),
    )


def _first_failure(verdicts: np.ndarray, reading: Reading) -> int | None:
    judged = slice(0, reading.legal)
    wrong = (verdicts[judged] != reading.targets[judged]).any(axis=1)
    return int(wrong.argmax()) if wrong.any() else None
