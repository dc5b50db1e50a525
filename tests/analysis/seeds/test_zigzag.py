"""First mistakes on a zigzag: against the string itself and against traces."""

import numpy as np
import pytest

from countviz.analysis import Zigzag, measure_zigzags
from countviz.datasets import encode_strings
from countviz.languages import LANGUAGES
from countviz.languages.dyck1 import zigzag
from countviz.traces import trace

STRING = zigzag(50, 3)


@pytest.fixture
def mistakes(luck):
    measured, families = luck
    encoded = encode_strings(LANGUAGES["dyck1"], [STRING])
    position = [measure_zigzags(families[g.family], g, encoded)[:, 0] for g in measured.groups]
    return Zigzag(luck=measured, n=50, k=3, position=tuple(position))


def test_the_count_is_that_of_the_string(mistakes):
    assert mistakes.length == len(STRING)
    assert mistakes.counts.tolist() == LANGUAGES["dyck1"].read(STRING).counts[:, 0].tolist()


def test_every_seed_first_errs_where_its_trace_does(luck, mistakes):
    for seed, position in enumerate(mistakes.position[0]):
        failure = trace(luck[1]["lstm1-dyck1"].model(seed), STRING, "float32").first_failure
        assert position == (len(STRING) if failure is None else failure)


def test_a_dead_model_errs_where_everything_is_closed_first(mistakes):
    assert mistakes.position[1].tolist() == [99, 99]


def test_the_bins_hold_every_seed_once(mistakes):
    for group, (learned, failed) in zip(mistakes.luck.groups, mistakes.bins(), strict=True):
        assert (learned.sum(), failed.sum()) == (group.learned.sum(), (~group.learned).sum())
    assert mistakes.bins()[1][1].tolist().index(2) == 9  # positions 90 to 99, from 0


def test_a_seed_without_a_mistake_stands_in_the_last_bin(luck):
    right = Zigzag(luck=luck[0], n=50, k=3, position=(np.full(4, len(STRING)), np.array([0, 299])))
    learned, failed = right.bins()[0]
    assert (learned[-1], failed[-1]) == (3, 1)
    assert right.bins()[1][1][-1] == 0
    assert "LSTM-1 never. 3 make no mistake." in right.sentence()


def test_the_sentence_says_where_the_median_seed_errs(mistakes):
    median = np.median(mistakes.position[0][:3])
    where = "never" if median == len(STRING) else f"at {median + 1:.0f}"
    assert mistakes.sentence().startswith(
        f"The median seed that learned first errs: LSTM-1 {where}"
    )
