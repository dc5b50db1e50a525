"""What a language is here: a reader that takes one symbol at a time.

A language says how a symbol changes its state (`step`), where a string may end (`accepts`) and
what a state has open (`counts`). Membership, the symbols that may come next and the arrays
that networks are trained and judged on are all derived from these three, in this file.
"""

import unicodedata
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Generic, TypeVar, final

import numpy as np

State = TypeVar("State", bound=Hashable)
CONTINUATIONS, NEXT_SYMBOL = "continuations", "next-symbol"


class SymbolError(ValueError):
    """A string holds a symbol that its language does not have."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Reading:
    """What a language makes of one string; row t is the moment just after symbol t.

    All arrays are read-only. From row `legal` on, no member starts so: `counts`, `closings` and
    `targets` are undefined there (and stored as zeros).

    Attributes
    ----------
    counts : ndarray of int64, [T, K]
        The counters of the language.
    closings : ndarray of int64, [T, K]
        For each counter, how many closers in a row could come now.
    targets : ndarray of bool, [T, V]
        Which symbols may come now, in the order of the alphabet.
    legal : int
        How many leading symbols some member starts with; T when all of them.
    balance : ndarray of int64, [T], or None
        The signed count, which goes on after an illegal symbol; None where a language has none.
    member : bool
        Whether the whole string belongs to the language.
    """

    counts: np.ndarray
    closings: np.ndarray
    targets: np.ndarray
    legal: int
    balance: np.ndarray | None
    member: bool


class Language(ABC, Generic[State]):
    """A set of strings, given by a reader of them.

    A state holds whatever must be remembered of the symbols read so far, and is a value: `step`
    returns another one.

    Attributes
    ----------
    name : str
        How the language is called in code, files and addresses.
    title : str
        How it is called before people.
    alphabet : str
        Its symbols, in the order of the one-hot code; never white space.
    start : State
        The state before the first symbol.
    closers : tuple of str
        For each of the K counters, the symbol that counts it down.
    signs : tuple of int or None
        What each symbol adds to the balance, in languages that have one.
    scoring : str
        What its models are asked: `continuations`, which symbols may come next, or `next-symbol`,
        which one comes. A string is then drawn at random, and its end has a symbol too.
    end : str
        The symbol that ends every member and that no model reads; empty where there is none.
    """

    name: str
    title: str
    alphabet: str
    start: State
    closers: tuple[str, ...]
    signs: tuple[int, ...] | None = None
    scoring: str = CONTINUATIONS
    end: str = ""

    @abstractmethod
    def step(self, state: State, symbol: str) -> State | None:
        """Read one symbol of the alphabet; None means that no member starts so."""

    @abstractmethod
    def accepts(self, state: State) -> bool:
        """Say whether a member may end here."""

    @abstractmethod
    def counts(self, state: State) -> tuple[int, ...]:
        """Give the K counters, none of them negative."""

    def closings(self, state: State) -> tuple[int, ...]:
        """Say for each closer how many of it in a row could come now: its count, by default."""
        return self.counts(state)

    @abstractmethod
    def sample(self, rng: np.random.Generator, shortest: int, longest: int) -> str:
        """Draw one member of `shortest` to `longest` symbols; ValueError if there is none.

        The symbol that ends it does not count.
        """

    @final
    def continuations(self, state: State) -> tuple[bool, ...]:
        """Say for each symbol of the alphabet whether it may come next."""
        return tuple(self.step(state, symbol) is not None for symbol in self.alphabet)

    @final
    def path(self, string: str) -> list[State]:
        """List the states after each symbol, up to the first symbol that may not come."""
        path = []
        state = self.start
        for symbol in string:
            state = self.step(state, symbol)
            if state is None:
                break
            path.append(state)
        return path

    def walk(self, strings: Sequence[str]) -> tuple[list[State], np.ndarray]:
        """Read many strings, each from the start, and say in which state every symbol leaves it.

        A language whose states are numbers may overrule this, to read faster and no differently.

        Returns
        -------
        states : list
            States, each of them once; all that are met are among them.
        rows : ndarray of int64, [N]
            The place in `states` of the state after each symbol, the strings laid end to end.

        Raises
        ------
        ValueError
            If a string goes on where no member does, or holds a symbol that is not in the alphabet.
        """
        path = []
        for number, string in enumerate(strings, start=1):
            steps = self.path(string)
            if len(steps) < len(string):
                raise ValueError(
                    f"string {number} is not the beginning of any member of {self.name}: "
                    f"its symbol {len(steps) + 1} may not come there"
                )
            path += steps
        return intern(path)

    @final
    def __contains__(self, string: str) -> bool:
        """Say whether the string is a member; foreign symbols make it none."""
        return set(string) <= set(self.alphabet) and self._is_member(string, self.path(string))

    @final
    def encode(self, string: str) -> np.ndarray:
        """Turn a string into the places of its symbols in the alphabet.

        Returns
        -------
        ndarray of int64, [T]

        Raises
        ------
        SymbolError
            If a symbol is not in the alphabet; it names the first such symbol.
        """
        known = [ord(symbol) for symbol in self.alphabet]
        beyond = max(known) + 1  # stands for every code point above the alphabet
        table = np.full(beyond + 1, -1, dtype=np.int64)
        table[known] = np.arange(len(known))
        codes = np.frombuffer(string.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        indices = table[np.minimum(codes, beyond)]
        foreign = indices < 0
        if foreign.any():
            first = int(foreign.argmax())
            raise SymbolError(
                f"symbol {first + 1} is {describe(string[first])}, "
                f"which is not in the alphabet of {self.name}: {' '.join(self.alphabet)}"
            )
        return indices

    @final
    def read(self, string: str) -> Reading:
        """Read a whole string.

        Raises
        ------
        SymbolError
            If a symbol is not in the alphabet. A symbol that merely may not come at its place
            is no error: the reading says where the string stops being legal.
        """
        indices = self.encode(string)
        path = self.path(string)
        states, rows = intern(path)
        undefined = ((0, len(string) - len(path)), (0, 0))

        def along(table: np.ndarray) -> np.ndarray:
            return _frozen(np.pad(table[rows], undefined))

        return Reading(
            counts=along(self._tabulate(self.counts, states)),
            closings=along(self._tabulate(self.closings, states)),
            targets=along(self.targets(states)),
            legal=len(path),
            balance=_frozen(np.cumsum(np.array(self.signs)[indices])) if self.signs else None,
            member=self._is_member(string, path),
        )

    @final
    def targets(self, states: Iterable[State]) -> np.ndarray:
        """Tabulate the continuations of states, a row each.

        Returns
        -------
        ndarray of bool, [len(states), V]
        """
        allowed = (
            self.step(state, symbol) is not None for state in states for symbol in self.alphabet
        )
        return np.fromiter(allowed, np.bool_).reshape(-1, len(self.alphabet))

    def _tabulate(
        self, counters: Callable[[State], tuple[int, ...]], states: Sequence[State]
    ) -> np.ndarray:
        numbers = chain.from_iterable(map(counters, states))
        return np.fromiter(numbers, np.int64).reshape(len(states), len(self.closers))

    def _is_member(self, string: str, path: list[State]) -> bool:
        end = path[-1] if path else self.start
        return len(path) == len(string) and self.accepts(end)

    def __repr__(self) -> str:
        """Show the name and the alphabet."""
        return f"<{self.name} over {' '.join(self.alphabet)}>"


def intern(path: Iterable[State]) -> tuple[list[State], np.ndarray]:
    """Give each distinct state of a path a number, so that it is looked at only once.

    Returns
    -------
    states : list
        Every state once, in the order of its first appearance.
    rows : ndarray of int64, [T]
        The place in `states` of each state of the path.

    Examples
    --------
    >>> intern([1, 2, 1, 0])
    ([1, 2, 0], array([0, 1, 0, 2]))
    """
    places: defaultdict[State, int] = defaultdict(count().__next__)  # a new state: a new number
    rows = np.fromiter(map(places.__getitem__, path), np.int64)
    return list(places), rows


def describe(character: str) -> str:
    r"""Name a character safely: only printable ASCII is shown as itself.

    Examples
    --------
    >>> describe("a")
    "'a' (U+0061 LATIN SMALL LETTER A)"
    >>> describe("\u200b")
    'U+200B ZERO WIDTH SPACE'
    """
    name = f"U+{ord(character):04X} {unicodedata.name(character, '(no name)')}"
    return f"'{character}' ({name})" if character.isascii() and character.isprintable() else name


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
