"""Strings of Dyck-1 by family and length, as numbers: long ones are never built as text.

A *nested* string is one peak, a *flat* one has as many peaks as it can, a *zigzag* has peaks of one
depth, and *random* ones are drawn uniformly from all members of the length.
"""

from collections.abc import Iterator

import numpy as np

from countviz.languages.dyck1 import uniform_member
from countviz.languages.text import COMMAND_LIMIT
from countviz.models import Model

STRING_FAMILIES = ("nested", "zigzag", "flat", "random")
MOST_STRINGS = 10_000


def check_lengths(lengths: tuple[int, ...]) -> np.ndarray:
    """Return lengths as [L] int64, if members of Dyck-1 have them and they are not too long."""
    for length in lengths:
        if length < 2 or length % 2 or length > COMMAND_LIMIT:
            raise ValueError(
                f"a length of {length:,} came; members have 2, 4, 6, … symbols, and up to "
                f"{COMMAND_LIMIT:,} are read"
            )
    if not lengths:
        raise ValueError("no length came; at least one is needed")
    return np.array(lengths, np.int64)


def check_family(model: Model, family: str, peak: int, strings: int) -> None:
    """Refuse what no strings can be made of; the sentence says what would be right."""
    if model.language.name != "dyck1":
        raise ValueError(
            f"{model.name} reads {model.language.name}; strings by family and length are of dyck1"
        )
    if family not in STRING_FAMILIES:
        raise ValueError(
            f"no family of strings named {family!r}; there are: {', '.join(STRING_FAMILIES)}"
        )
    if peak < 1:
        raise ValueError(f"a peak of {peak} came; 1 or more is right")
    if not 1 <= strings <= MOST_STRINGS:
        raise ValueError(f"{strings:,} strings came; 1 to {MOST_STRINGS:,} are right")


def make_symbols(
    family: str, length: int, peak: int = 10, strings: int = 1, seed: int = 0
) -> Iterator[np.ndarray]:
    """Yield the strings of a family as places in the alphabet, [T] int64 each.

    Parameters
    ----------
    family
        One of ``STRING_FAMILIES``; of all but *random* there is one string a length.
    length
        Total symbols; even.
    peak
        Of a zigzag, in brackets; what is left of the length at its end is a lower peak.
    strings, seed
        How many random ones, and what they are drawn with, together with the length.

    Examples
    --------
    >>> next(make_symbols("zigzag", 10, peak=2)).tolist()
    [0, 0, 1, 1, 0, 0, 1, 1, 0, 1]

    """
    if family == "random":
        rng = np.random.default_rng((seed, length))
        for _ in range(strings):
            member = np.frombuffer(uniform_member(rng, length).encode("ascii"), np.uint8)
            yield (member - ord("(")).astype(np.int64)
        return
    peak = {"nested": length // 2, "flat": 1}.get(family, peak)
    whole, rest = divmod(length, 2 * peak)
    yield np.concatenate([np.tile(np.repeat([0, 1], peak), whole), np.repeat([0, 1], rest // 2)])
