"""The first point of failure: where a model first says something that is not so."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from countviz.languages import Language, require_continuations
from countviz.traces import Trace
from countviz.words import in_words

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["early-zero", "stuck-open"]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What a model got wrong on a string, and where first.

    Attributes
    ----------
    length
        How many symbols the string has.
    symbols
        How many of them were judged: the string's legal prefix.
    wrong
        After how many of them a verdict was wrong.
    position
        The first of them, from 0; None if there is none.
    says
        What the model says there, in words.
    truth
        What is so, in words.
    kind
        What kind of mistake it is: ``early-zero`` where a closer may come and the model says that
        it may not, ``stuck-open`` the other way round; None without a mistake, or where the first
        symbol that is judged wrongly is no closer.

    """

    length: int
    symbols: int
    wrong: int
    position: int | None
    says: str = ""
    truth: str = ""
    kind: Kind | None = None

    def sentence(self) -> str:
        """Say how far the model was right; positions count from 1."""
        if self.symbols == 0:
            return "nothing to judge"
        judged = f"{self.symbols:,}" + (" judged" if self.symbols < self.length else "")
        if self.position is None:
            return f"right for all {judged}"
        return f"right for {self.symbols - self.wrong:,} of {judged}"

    def to_frame(self) -> "pd.DataFrame":
        """Return one row."""
        import pandas as pd  # takes longer to load than the page

        return pd.DataFrame([vars(self)])


def find_failure(trace: Trace) -> Failure:
    """Return where a model first failed on a string, and on how many symbols it was wrong."""
    require_continuations(trace.model.spec.language, "a first failure")
    position = trace.first_failure
    found = {
        "length": len(trace.string),
        "symbols": trace.reading.legal,
        "wrong": int(trace.mistakes.sum()),
    }
    if position is None:
        return Failure(position=None, **found)
    language = trace.model.language
    differing = trace.verdicts[position] != trace.reading.targets[position]
    continuation = int(differing.argmax())
    symbol = language.alphabet[continuation]
    expected = bool(trace.reading.targets[position, continuation])
    total = int(trace.reading.closings[position].sum())
    says, truth = _words(language, symbol, expected, total)
    kind = ("stuck-open", "early-zero")[expected] if symbol in language.closers else None
    return Failure(position=position, says=says, truth=truth, kind=kind, **found)


def _words(language: Language, symbol: str, expected: bool, total: int) -> tuple[str, str]:
    """Return what a wrong verdict on a symbol says, and what is so."""
    if len(language.closers) == 1 and symbol in language.closers and language.signs:
        if expected:
            return "closed", f"{in_words(total)} {'is' if total == 1 else 'are'} still open"
        return "open", "all are closed"
    may = ("may", "may not")
    return f"{symbol} {may[expected]} come next", f"it {may[not expected]}"
