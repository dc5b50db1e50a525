"""Numbers in sentences."""

_SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(count: int) -> str:
    """Return a count in words up to ten, in digits beyond.

    >>> in_words(3), in_words(1200)
    ('three', '1,200')
    """
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"
