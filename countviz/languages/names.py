"""Long strings of Dyck-1 by name: what builds them, how long they are, and from which seed.

Nobody pastes a million brackets. ``nested-1000`` has 1,000 symbols, ``flat-1000`` as many,
``random-1000-7`` is drawn uniformly with seed 7, and ``zigzag-10x50`` has 50 peaks 10 deep.
"""

import re
from functools import lru_cache

import numpy as np

from countviz.languages.dyck1 import flat, nested, uniform_member, zigzag

EXAMPLES = ("nested-1000", "flat-1000", "random-1000-7", "zigzag-10x50")
_NAME = re.compile(r"(nested|flat|random|zigzag)-(\d{1,7})(?:(x|-)(\d{1,7}))?", re.ASCII)
_FAMILY = re.compile(r"\s*(nested|flat|random|zigzag)\b")


class BadName(ValueError):
    """A name that begins like that of a string and does not go on so."""


def is_name(text: str) -> bool:
    """Say whether a text is meant as the name of a string, well formed or not.

    >>> is_name("nested-1000"), is_name("(()")
    (True, False)
    """
    return _FAMILY.match(text[:80]) is not None


def measure_length(text: str) -> int:
    """Return how many symbols the string of a name has, without building it.

    >>> measure_length("zigzag-10x50")
    1000
    """
    family, first, second = _parse(text)
    return 2 * first * second if family == "zigzag" else first


@lru_cache(maxsize=8)
def make_string(text: str) -> str:
    """Build the string of a name.

    >>> make_string("nested-6"), make_string("zigzag-2x2")
    ('((()))', '(())(())')

    Raises
    ------
    BadName
        If the text is no such name, or members have no such length.

    """
    family, first, second = _parse(text)
    if family == "zigzag":
        return zigzag(first, second)
    if family == "random":
        return uniform_member(np.random.default_rng(second), first)
    return {"nested": nested, "flat": flat}[family](first // 2)


def _parse(text: str) -> tuple[str, int, int]:
    """Return a name's family, its length or depth, and its number of peaks or seed."""
    match = _NAME.fullmatch(text.strip())
    family, first, join, second = match.groups() if match else ("", "0", None, None)
    fits = {"zigzag": join == "x", "random": join in (None, "-")}.get(family, join is None)
    if match is None or not fits:
        raise BadName(f"no string is named {text[:40]!r}; names are like {', '.join(EXAMPLES)}")
    length = int(first)
    if family != "zigzag" and length % 2:
        raise BadName(f"{text.strip()} would have {length:,} symbols; members have 0, 2, 4, …")
    return family, length, int(second or 0)
