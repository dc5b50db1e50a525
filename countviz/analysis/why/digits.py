"""Numbers to as many digits as a person needs to see what matters in them."""

import math


def in_digits(value: float) -> str:
    """Return a number to four digits, but never rounded to 1 where it is not.

    >>> in_digits(0.97263), in_digits(-0.9999941), in_digits(1.0), in_digits(123456.7)
    ('0.9726', '\N{MINUS SIGN}0.99999', '1', '123457')
    """
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "\N{MINUS SIGN}∞"[value > 0 :]
    size, decimals = abs(value), 4
    while size != 1 and decimals < 17 and f"{size:.{decimals}f}" == f"{1:.{decimals}f}":
        decimals += 1
    if value == round(value) and size < 1e9:
        text = f"{value:.0f}"
    elif 1e-3 <= size < 1e9:
        text = f"{value:.{decimals if size < 10 else 2 if size < 1_000 else 0}f}"
    else:
        text = f"{value:.3g}"
    return text.replace("-", "\N{MINUS SIGN}")


def tell_apart(one: float, other: float) -> tuple[str, str]:
    """Return two numbers with as many decimals as show in which they differ, and one more.

    >>> tell_apart(-0.840949, -0.840801)
    ('\N{MINUS SIGN}0.84095', '\N{MINUS SIGN}0.84080')
    """
    gap = abs(one - other)
    if gap == 0 or not math.isfinite(gap):
        return in_digits(one), in_digits(other)
    decimals = min(max(math.ceil(-math.log10(gap)) + 1, 0), 17)
    return tuple(f"{x:.{decimals}f}".replace("-", "\N{MINUS SIGN}") for x in (one, other))
