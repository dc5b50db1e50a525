"""Which lengths the members of a language have, where they grow block by block."""


def repetitions(block: int, least: int, shortest: int, longest: int, more: int = 0) -> range:
    """Say how often, but at least `least` times, a block fits a string of the lengths wanted.

    Parameters
    ----------
    block
        How many symbols a repetition adds.
    least
        How often the block comes at least.
    shortest, longest
        Bounds of the string's length, both included.
    more
        How many symbols there are besides the blocks.

    Raises
    ------
    ValueError
        If no length of a member lies from `shortest` to `longest`.

    Examples
    --------
    >>> repetitions(3, least=1, shortest=2, longest=10)
    range(1, 4)
    """
    times = range(max(least, -((more - shortest) // block)), (longest - more) // block + 1)
    if not times:
        lengths = ", ".join(str(block * n + more) for n in range(least, least + 3))
        raise ValueError(
            f"lengths from {shortest} to {longest} came; members have {lengths}, … symbols"
        )
    return times
