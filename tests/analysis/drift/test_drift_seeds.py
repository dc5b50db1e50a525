"""Drift over seeds: each seed's own numbers, and only the seeds that learned."""

import numpy as np
import pytest

from countviz.analysis import measure_drift, measure_drift_seeds
from countviz.exact import exact_lstm

LENGTHS = (10, 100)


@pytest.fixture(scope="module")
def family(luck):
    return luck[1]["lstm1-dyck1"]  # three that leak and learned, and a dead one


@pytest.mark.parametrize("strings", ["nested", "random"])
def test_the_bands_span_what_each_seed_does(family, strings):
    seeds = measure_drift_seeds(family, strings, LENGTHS, "float32", strings=4)
    alone = [
        measure_drift(family.model(s), strings, LENGTHS, "float32", strings=4) for s in range(3)
    ]
    for name, report in (
        ("largest", "max_abs_drift"),
        ("accuracy", "accuracy"),
        ("mean_fpf", "mean_fpf"),
    ):
        values = np.array([getattr(one, report) for one in alone])
        spread = getattr(seeds, name)
        assert spread.least == pytest.approx(values.min(axis=0))
        assert spread.median == pytest.approx(np.median(values, axis=0))
        assert spread.most == pytest.approx(values.max(axis=0))
    assert (seeds.seeds.tolist(), seeds.learned, seeds.tried) == ([0, 1, 2], 3, 4)
    assert "the 3 of 4 seeds that learned" in seeds.sentence()
    assert len(seeds.to_frame()) == 3 * len(LENGTHS)


def test_of_many_seeds_some_can_be_taken(family):
    seeds = measure_drift_seeds(family, "nested", LENGTHS, "float32", most=2)
    assert seeds.seeds.tolist() == [0, 2]
    assert "2 of the 3 seeds that learned" in seeds.sentence()


def test_a_family_of_which_nobody_learned_has_no_band(luck):
    seeds = measure_drift_seeds(luck[1]["none"], "nested", LENGTHS, "float32")
    assert seeds.sentence() == "None of the 2 seeds learned to count: there is no band."
    assert np.isnan(seeds.largest.median).all()


def test_one_exact_seed_is_never_off(make_family):
    seeds = measure_drift_seeds(make_family([exact_lstm()], [1]), "zigzag", LENGTHS, "float32")
    assert seeds.largest.most.max() < 1e-3
    assert "never off by half a bracket" in seeds.sentence()
