"""The record that everything else reads: what one model did on one string at one precision."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import get_args

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.engine.kernels import find_variant
from countviz.languages import Language, Reading
from countviz.languages.text import COMMAND_LIMIT, TooLong, check_length
from countviz.memories import Automaton, Stacks
from countviz.models import Model
from countviz.packing import Actions
from countviz.runs import Moment, Run, begin, follow, go_on
from countviz.verdicts import find_mistakes, give_verdicts
from countviz.windows import Window, make_window, read_only

WHOLE = 20_000  # up to this many symbols every step is kept
SPACING = 1_024  # beyond, the state is kept after every so many symbols
WINDOW = 2_048  # and this many steps are recomputed at a time
MOST_WORK = 2 * 10**10  # numbers in stacks that are moved for one trace
SHORT = 2_048  # the truth about strings up to here is kept for longer


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
        [T, V] bool: the model says that the symbol may come next (its logit is >= 0); or, where its
        language asks which one comes, that this one does (it is the likeliest).
    first_failure
        The first position, from 0, at which a verdict differs from the truth; None if there is
        none. An illegal symbol ends what is judged.
    checkpoints
        [C, N H]: the state before symbol 0, SPACING, 2 SPACING, ...
    stack_checkpoints
        The stacks there, each [K, D, width]; empty for a cell without a memory.
    actions
        ``soft`` as they are, or ``hard``: the strongest alone.

    """

    model: Model
    string: str
    precision: str
    reading: Reading
    verdicts: np.ndarray
    first_failure: int | None
    checkpoints: np.ndarray
    stack_checkpoints: tuple[np.ndarray, ...] = ()
    actions: Actions = "soft"

    @property
    def mistakes(self) -> np.ndarray:
        """[T] bool: some verdict differs from the truth; never so after an illegal symbol."""
        return find_mistakes(self.model.language, self.verdicts, self.reading)

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
        done, skip = self._run_again(start, stop)
        return make_window(self.model, self.precision, start, [done], skip)

    def stacks(self, start: int, stop: int, cells: int) -> np.ndarray:
        """Return the first cells [W, K, cells, width] of the stacks after the steps of a window.

        They are run anew from the checkpoint before; an empty cell is what it reads as.
        """
        if self.model.spec.memory is None:
            raise ValueError(f"{self.model.name} has no stacks to look into")
        length = len(self.string)
        if not 0 <= start < stop <= length:
            raise ValueError(f"steps {start} to {stop} came, of {length}; the first is number 0")
        done, skip = self._run_again(start, stop, visible=cells)
        return read_only(done.visible[skip + 1 :])

    def stack(self, position: int, cells: int) -> np.ndarray:
        """Return the first cells [K, cells, width] of the stacks after one symbol, from 0."""
        return self.stacks(position, position + 1, cells)[0]

    def moment(self, position: int) -> Moment:
        """Return where the run stood before a symbol, to be taken up again from there."""
        if self.model.spec.memory is None and len(self.string) <= WHOLE:
            return Moment(self.whole.rows[position])
        origin = position // SPACING * SPACING
        return self._run_again(origin, position)[0].end

    def moments(self, positions: Iterable[int]) -> Iterator[Moment]:
        """Yield where the run stood before each of some symbols, which come in their order."""
        variant = find_variant(self.model.spec.cell, self.precision)
        packed = self.model.pack(self.precision, self.actions)
        at, moment = -SPACING, None
        for position in positions:
            if moment is None or self.model.spec.memory is None or position - at >= SPACING:
                moment = self.moment(position)
            else:
                between = self.model.language.encode(self.string[at:position])
                moment = go_on(variant, packed, between, moment).end
            at = position
            yield moment

    def _run_again(self, start: int, stop: int, visible: int = 0) -> tuple[Run, int]:
        """Run from the checkpoint before a window to its end; say how many steps lie before it."""
        origin = start // SPACING
        stacks = self.stack_checkpoints[origin] if self.stack_checkpoints else None
        return follow(
            self.model,
            self.precision,
            self.model.language.encode(self.string[origin * SPACING : stop]),
            Moment(self.checkpoints[origin], stacks),
            actions=self.actions,
            visible=visible,
        ), start - origin * SPACING

    def default_window(self) -> tuple[int, int]:
        """Return where to look in a long trace: around the first failure, else at the end."""
        length = len(self.string)
        if length <= WHOLE:
            return 0, length
        middle = length if self.first_failure is None else self.first_failure + WINDOW // 2
        stop = min(max(middle, WINDOW), length)
        return stop - WINDOW, stop


def trace(
    model: Model, string: str, precision: str = "float64", actions: Actions = "soft"
) -> Trace:
    """Run a model over a string and return what it did.

    Parameters
    ----------
    model
        The model, as ``countviz.load`` returns it.
    string
        Up to 1,000,000 symbols of the model's language.
    precision
        ``float64``, ``float32``, ``float16`` or ``bfloat16``.
    actions
        With ``hard`` a stack model does the strongest action alone, as Joulin and Mikolov (2015,
        arXiv 1503.01007) read theirs; ``soft`` leaves all as they are.

    Raises
    ------
    SymbolError, TooLong, UnknownPrecision
        All are ``ValueError``; their sentences say what came and what would be right.
    ValueError
        For actions that the model does not have, and for stacks that grow too large.

    """
    find_precision(precision)
    _check_actions(model, actions)
    check_length(string, COMMAND_LIMIT)
    _check_patience(model, string)
    symbols = model.language.encode(string)
    reading = _read(model.language, string)
    verdicts = np.empty((symbols.size, len(model.language.alphabet)), bool)
    moments, runs = [begin(model, precision)], []
    for first in range(0, max(symbols.size, 1), SPACING):
        chunk = symbols[first : first + SPACING]
        done = follow(model, precision, chunk, moments[-1], actions=actions)
        verdicts[first : first + SPACING] = give_verdicts(model.language, done.logits)
        if symbols.size <= WHOLE:
            runs.append(done)
        if chunk.size == SPACING:
            moments.append(done.end)
            _check_work(model, moments)
    wrong = find_mistakes(model.language, verdicts, reading).nonzero()[0]
    result = Trace(
        model=model,
        string=string,
        precision=precision,
        reading=reading,
        verdicts=read_only(verdicts),
        first_failure=int(wrong[0]) if wrong.size else None,
        checkpoints=read_only(np.stack([moment.row for moment in moments])),
        stack_checkpoints=tuple(one.stacks for one in moments if one.stacks is not None),
        actions=actions,
    )
    if runs:  # what the cached property would compute again
        result.__dict__["whole"] = make_window(model, precision, 0, runs)
    return result


def _check_actions(model: Model, actions: Actions) -> None:
    if actions not in get_args(Actions):
        raise ValueError(f"{actions!r} actions came; {' or '.join(get_args(Actions))} are right")
    if actions == "hard" and not isinstance(model.spec.memory, Stacks):
        raise ValueError(
            f"{model.name} has no superposition stacks, and so no actions, soft or hard"
        )


def _check_patience(model: Model, string: str) -> None:
    """Refuse a string on which the runs of an automaton would take minutes to be summed up."""
    memory = model.spec.memory
    if isinstance(memory, Automaton) and len(string) > memory.longest:
        raise TooLong(
            f"the string has {len(string):,} symbols; the runs of an automaton of {memory.states} "
            f"states and {memory.symbols} symbols are summed up over at most {memory.longest:,}"
        )


def _check_work(model: Model, moments: Sequence[Moment]) -> None:
    """Refuse a string in the middle of which the stacks have become too deep to go on."""
    if model.spec.memory is None:
        return
    work = SPACING * sum(moment.stacks.size for moment in moments)
    if work > MOST_WORK:
        raise ValueError(
            f"the stacks of {model.name} are {moments[-1].stacks.shape[1]:,} cells deep after "
            f"{SPACING * (len(moments) - 1):,} symbols, too many to go on; a shorter string, or a "
            "limit to their depth, is right"
        )


def run(
    model: Model, precision: str, symbols: np.ndarray, state: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Run a model over encoded symbols [T], from the row [N H] of a state or from the beginning.

    Returns the rows [T + 1, N H], the first of which is the state, and the logits [T, V]. A stack
    model has more to go on from than a row: what it did is to be taken up by ``runs.follow``.
    """
    if state is not None and model.spec.memory is not None:
        raise ValueError(f"{model.name} cannot go on from its units alone: it has stacks")
    done = follow(model, precision, symbols, None if state is None else Moment(state))
    return done.rows, done.logits


def _read(language: Language, string: str) -> Reading:
    """Return the truth about a string; several models are usually run on the same one."""
    return (_read_short if len(string) <= SHORT else _read_long)(language, string)


_read_short = lru_cache(maxsize=512)(Language.read)
_read_long = lru_cache(maxsize=4)(Language.read)
