"""Seeds side by side: failed and diverged ones keep their place."""

from dataclasses import replace

import numpy as np
import pytest

from countviz.analysis import measure_seed_trajectories
from countviz.checkpoints import load_family
from countviz.languages.dyck1 import nested
from countviz.traces import trace


def test_each_seed_is_run_at_its_best_epoch():
    family = load_family("lstm1-dyck1")
    shown = measure_seed_trajectories(family, nested(30), seeds=(0, 1, 2))
    assert shown.seeds.tolist() == [0, 1, 2]
    for row, seed in enumerate(shown.seeds):
        done = trace(family.model(int(seed)), nested(30))
        assert shown.values[row].tolist() == done.whole.internals["c"].tolist()
        failure = -1 if done.first_failure is None else done.first_failure
        assert shown.first_failures[row] == failure
        assert shown.epochs[row] == family.best_epoch(int(seed))
        assert shown.slopes[row] == np.sign(done.whole.internals["c"][29, 0])


def test_twelve_seeds_are_shown_and_failed_ones_counted(luck):
    shown = measure_seed_trajectories(load_family("gru1-dyck1"), "(())")
    assert shown.seeds.size == 12
    mixed = measure_seed_trajectories(luck[1]["lstm1-dyck1"], nested(3))
    assert mixed.learned.tolist() == [True, True, True, False]
    assert mixed.sentence().startswith("Of 4 seeds three learned, three of them right on 6 bracket")
    assert "Hatched" in mixed.sentence()
    none = measure_seed_trajectories(luck[1]["none"], nested(3))
    assert none.sentence().startswith("Of 2 seeds none learned. Hatched")


def test_a_seed_whose_weights_are_no_numbers_keeps_its_place(luck):
    family = luck[1]["lstm1-dyck1"]
    weights = {name: array.copy() for name, array in family.weights.items()}
    weights["rnn.weight_hh_l0"][1] = np.nan
    broken = replace(family, weights=weights)
    shown = measure_seed_trajectories(broken, nested(3))
    assert shown.diverged.tolist() == [False, True, False, False]
    assert np.isnan(shown.values[1]).all()
    assert not shown.learned[1]


def test_a_long_string_is_cut_and_thinned():
    shown = measure_seed_trajectories(load_family("relu1-dyck1"), "()" * 15_000, seeds=(1,))
    assert shown.length == 20_000
    assert shown.values.shape[1] <= 300
    assert "1 of 67 steps shown, extremes kept" in shown.sentence()


def test_a_family_of_another_language_and_several_units_is_shown():
    shown = measure_seed_trajectories(load_family("lstm4-shuffle2"), "([)]")
    assert shown.values.shape[1:] == (4, 4)
    assert "the busiest unit's c" in shown.sentence()
    assert "4 symbols" in shown.sentence()


def test_an_empty_string_is_refused():
    with pytest.raises(ValueError, match="at least one of each"):
        measure_seed_trajectories(load_family("lstm1-dyck1"), "")


def test_a_table_has_a_row_a_seed_unit_and_point():
    frame = measure_seed_trajectories(load_family("gru2-dyck1"), "(())", seeds=(0, 1)).to_frame()
    assert len(frame) == 2 * 2 * 4
    assert frame.model.nunique() == 2
