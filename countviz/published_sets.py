"""The sets of Dyck-1 strings that counters are trained and tested on, and files of a person's own.

The sets are those of El-Naggar et al. (2022, arXiv 2211.16429), drawn anew: the sizes, the lengths
and the way of building them are theirs, the strings are not. Three of them hold strings of 2,000
symbols, forty times as long as any in training:

- *concatenated*: every ordered pair of 23 strings of 1,000 symbols, one after the other;
- *nested*: for every ordered pair, the one put into the other at a random place, and the other
  into the one at the same place. As that is the same for a string and itself, 2 * 23² - 23 remain;
- *zigzag*: ((^n )^n)^k for ten n.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np

from countviz.datasets import Splits, make_long, make_splits
from countviz.languages import Language, find_language
from countviz.languages.dyck1 import long_grammar_member, zigzag
from countviz.languages.text import COMMAND_LIMIT, check_length

LANGUAGE = "dyck1"  # of all of them
BUILT_OF, BUILDING_BLOCK = 23, 1_000  # strings, and symbols of each
PEAKS = (1000, 500, 250, 200, 125, 100, 50, 25, 20, 10)
PLACE_STREAM, BLOCK_STREAM = 2, 3  # of the data seed; the splits use 0 and 1
LARGEST_FILE = 64 * 2**20  # bytes


class UnknownSet(ValueError):
    """A name that no set has; the sentence says which there are."""


class BadLine(ValueError):
    """A line of a file is no string of the language; the sentence says which, and why."""


def make_set(name: str, data_seed: int = 0) -> tuple[str, ...]:
    """Return the strings of a set, in their order.

    Parameters
    ----------
    name
        One of ``SETS``.
    data_seed
        0 or more; with 0 the sets that the shipped models were trained on.

    Raises
    ------
    UnknownSet
        If there is none of that name.

    Examples
    --------
    >>> {name: len(make_set(name)) for name in ("concatenated", "nested", "zigzag")}
    {'concatenated': 529, 'nested': 1035, 'zigzag': 10}

    """
    if name not in SETS:
        raise UnknownSet(f"no set named {name[:80]}; there are: {', '.join(SETS)}")
    return _draw(name, data_seed)


@lru_cache(maxsize=8)
def _draw(name: str, data_seed: int) -> tuple[str, ...]:
    return SETS[name](data_seed)


@lru_cache(maxsize=2)
def _draw_splits(data_seed: int) -> Splits:
    return make_splits(find_language(LANGUAGE), data_seed=data_seed)


def _draw_long(data_seed: int) -> tuple[str, ...]:
    return make_long(find_language(LANGUAGE), data_seed=data_seed)


def _draw_blocks(data_seed: int) -> list[str]:
    """Draw the distinct strings that the two large sets are built of."""
    rng = np.random.default_rng((data_seed, BLOCK_STREAM))
    blocks: dict[str, None] = {}  # a set that keeps its order
    while len(blocks) < BUILT_OF:
        blocks[long_grammar_member(rng, BUILDING_BLOCK)] = None
    return list(blocks)


def _concatenate(data_seed: int) -> tuple[str, ...]:
    return tuple(first + second for first, second in product(_draw_blocks(data_seed), repeat=2))


def _nest(data_seed: int) -> tuple[str, ...]:
    """Put every block into every other; a place that gives nothing new is drawn again.

    Brackets repeat themselves: what is put into ``()()`` in two places may come out the same.
    """
    rng = np.random.default_rng((data_seed, PLACE_STREAM))
    built: dict[str, None] = {}
    for first, second in product(_draw_blocks(data_seed), repeat=2):
        while True:
            place = int(rng.integers(BUILDING_BLOCK + 1))
            both = {_insert(first, second, place), _insert(second, first, place)}
            new = both - built.keys()
            if len(new) == (1 if first == second else 2):
                break
        built.update(dict.fromkeys(sorted(new)))
    return tuple(built)


def _insert(outer: str, inner: str, place: int) -> str:
    return outer[:place] + inner + outer[place:]


def _build_zigzags() -> tuple[str, ...]:
    return tuple(zigzag(n, BUILDING_BLOCK // n) for n in PEAKS)


SETS: dict[str, Callable[[int], tuple[str, ...]]] = {
    "train": lambda data_seed: _draw_splits(data_seed).train,
    "short": lambda data_seed: _draw_splits(data_seed).test,
    "validation": lambda data_seed: _draw_splits(data_seed).validation,
    "long": _draw_long,
    "nested": _nest,
    "concatenated": _concatenate,
    "zigzag": lambda data_seed: _build_zigzags(),  # nothing in it is drawn
}


def read_file(path: Path, language: Language) -> tuple[str, ...]:
    """Return the strings in a file, one a line; empty lines at its end do not count.

    Raises
    ------
    BadLine
        If a line is empty, too long, or not the beginning of a member.
    ValueError, OSError
        If the file is too large, is no text, holds no strings, or cannot be read.

    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise ValueError(f"{path} has {size:,} bytes; at most {LARGEST_FILE:,} are read")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is no text: byte {error.start + 1:,} is not UTF-8") from None
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if lines == [""]:
        raise ValueError(f"{path} holds no strings; one a line is right")
    for number, line in enumerate(lines, start=1):
        try:
            _check_line(line, language)
        except ValueError as error:
            raise BadLine(f"line {number:,} of {path}: {error}") from None
    return tuple(lines)


def _check_line(line: str, language: Language) -> None:
    if not line:
        raise ValueError("it is empty; one string a line is right")
    check_length(line, COMMAND_LIMIT)
    language.encode(line)
    try:
        language.walk([line])
    except ValueError:
        at = len(language.path(line))
        raise ValueError(
            f"symbol {at + 1:,} is {line[at]}, which may not come there in {language.name}"
        ) from None
