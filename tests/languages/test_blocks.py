"""Which lengths members have."""

from itertools import product

import pytest

from countviz.languages.blocks import repetitions


@pytest.mark.parametrize("block", [1, 2, 3])
def test_repetitions_are_all_the_multiples_in_a_window(block):
    for shortest in range(-2, 8):
        for longest in range(shortest, 12):
            for least, more in product((0, 1), (0, 1, 4)):
                expected = [n for n in range(least, 13) if shortest <= n * block + more <= longest]
                if expected:
                    assert list(repetitions(block, least, shortest, longest, more)) == expected


def test_lengths_that_no_block_fits_are_answered_with_those_that_do():
    with pytest.raises(ValueError, match="lengths from -4 to 1 came; members have 2, 4, 6, … symb"):
        repetitions(2, least=1, shortest=-4, longest=1)


def test_symbols_besides_the_blocks_are_part_of_the_lengths_that_are_named():
    with pytest.raises(ValueError, match="lengths from 3 to 3 came; members have 2, 5, 8, … symb"):
        repetitions(3, least=0, shortest=3, longest=3, more=2)
