"""Numbers and lists in sentences."""

import math
from collections.abc import Sequence

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(count: int) -> str:
    """Return a count in words up to ten, in digits beyond.

    >>> in_words(3), in_words(1200)
    ('three', '1,200')
    """
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def in_powers(value: float) -> str:
    """Return a number with one digit before its power of ten; small powers are written out.

    >>> in_powers(2.4e-7), in_powers(0.024)
    ('2·10⁻⁷', '0.024')
    """
    if not math.isfinite(value) or value == 0 or 0.01 <= abs(value) < 1000:
        return f"{value:.2g}"
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit}·{power_of_ten(int(exponent))}"


def power_of_ten(exponent: int) -> str:
    """Return a power of ten as people write it.

    >>> power_of_ten(-12)
    '10⁻¹²'
    """
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def signed(value: float) -> str:
    """Return a number with its sign, to three decimals.

    >>> signed(0.9951), signed(-1)
    ('+0.995', '\N{MINUS SIGN}1.000')
    """
    return f"{value:+.3f}".replace("-", "\N{MINUS SIGN}")


def join_words(words: Sequence[str], last: str = "and") -> str:
    """Return a list as people read it out.

    >>> join_words(["a"]), join_words(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def count_nouns(count: int, noun: str) -> str:
    """Return a number and what it counts.

    >>> count_nouns(1, "unit"), count_nouns(1200, "symbol")
    ('1 unit', '1,200 symbols')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
