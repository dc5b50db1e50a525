"""Strings of a free word and a sequel that the word determines, read to say what comes next.

Seven such languages, none of them context-free, are the tasks of DuSell and Chiang (2023, arXiv
2210.01343) and of Das and Mali (2024, arXiv 2410.03154). A string has a length that is uniform
over those that fit, its word is uniform over the words of its length, and after the sequel comes
an end symbol. A model says before each symbol, the first and the last included, which one comes.

Where the word ends cannot be known beforehand, and in some languages not even afterwards at once.
A state therefore holds every way to read what has come.
"""

from abc import abstractmethod
from functools import cached_property
from typing import NamedTuple, final

import numpy as np

from countviz.languages.base import NEXT_SYMBOL, Language
from countviz.languages.blocks import repetitions

END = "$"
LONGEST_WORD = 1_000  # symbols; a long string of one letter can be read in half as many ways


class Progress(NamedTuple):
    """What a string may be so far.

    Attributes
    ----------
    word : str or None
        The string, if it can be all word; None if it cannot.
    sequels : tuple of (str, int)
        For each beginning of the string that can be its word, the sequel and how much of it came.
    """

    word: str | None
    sequels: tuple[tuple[str, int], ...]


class Sequel(Language[Progress]):
    """A language whose members are a word over `letters`, what `sequel` makes of it, and an end.

    Attributes
    ----------
    letters : str
        What words are made of: one symbol or two.
    sections : int
        How many symbols each letter of the word leads to, itself included.
    marks : int
        How many symbols there are besides, the end not counted.
    """

    scoring = NEXT_SYMBOL
    end = END
    closers: tuple[str, ...] = ()
    letters: str = "01"
    sections: int
    marks: int = 0

    @abstractmethod
    def sequel(self, word: str) -> str:
        """Return what follows a word, up to the end symbol."""

    @final
    def complete(self, word: str) -> str:
        """Return the member with a word."""
        return word + self.sequel(word) + END

    @cached_property
    def start(self) -> Progress:
        """The state before the first symbol: the word may be empty."""
        return Progress("", ((self.sequel("") + END, 0),))

    @final
    def step(self, state: Progress, symbol: str) -> Progress | None:
        """Go on with the word while it can be one, and with each sequel that goes on so.

        Raises
        ------
        ValueError
            If the word is longer than 1,000 symbols.
        """
        going = tuple((due, at + 1) for due, at in state.sequels if due[at : at + 1] == symbol)
        if state.word is None or symbol not in self.letters:
            return Progress(None, going) if going else None
        if len(state.word) > LONGEST_WORD:  # one more is looked at, to say that it may come
            raise ValueError(f"words of {self.name} are read up to {LONGEST_WORD:,} symbols")
        word = state.word + symbol
        return Progress(word, (*going, (self.sequel(word) + END, 0)))

    @final
    def accepts(self, state: Progress) -> bool:
        """Accept when a sequel has come to its end."""
        return any(at == len(due) for due, at in state.sequels)

    def counts(self, state: Progress) -> tuple[int, ...]:
        """Give nothing: what is to be remembered here is a word, not a count."""
        return ()

    @final
    def word_lengths(self, shortest: int, longest: int) -> range:
        """Return how long the words are in members of a length; ValueError if there is none."""
        return repetitions(self.sections, 0, shortest, longest, self.marks)

    @final
    def word_of(self, member: str) -> str:
        """Return the word that a member begins with."""
        return member[: (len(member) - len(END) - self.marks) // self.sections]

    @final
    def sample(self, rng: np.random.Generator, shortest: int, longest: int) -> str:
        """Draw a length, each that fits with the same probability, and then a word."""
        lengths = self.word_lengths(shortest, longest)
        return self.complete(self.draw_word(rng, lengths[rng.integers(len(lengths))]))

    @final
    def draw_word(self, rng: np.random.Generator, length: int) -> str:
        """Draw a word, each of its length with the same probability."""
        letters = rng.integers(len(self.letters), size=length)
        return "".join(self.letters[letter] for letter in letters)
