"""Reach: exact counters close what they opened, and others what one trace says."""

import numpy as np

from countviz.analysis import Luck, measure_closings, measure_luck, measure_reach
from countviz.exact import exact_lstm
from countviz.traces import trace


def test_an_exact_counter_closes_every_bracket_it_opened(make_family):
    family = make_family([exact_lstm()], [1])
    luck = Luck(labels=("exact",), groups=(measure_luck(family),))
    reach = measure_reach(luck, {family.name: family}, [0])
    assert np.array_equal(reach.closes[0][0], reach.opened)
    assert reach.opened.tolist() == list(range(1, 121))
    assert reach.sentence().endswith("1 of these 1 learned.")


def test_a_leaking_counter_closes_what_its_trace_says(luck):
    measured, families = luck
    reach = measure_reach(measured, families, [0, 1])
    for seed, closes in zip((0, 1), reach.closes[0], strict=True):
        done = trace(families["lstm1-dyck1"].model(seed), "(" * 120, "float32")
        assert np.array_equal(closes, measure_closings(done).total, equal_nan=True)


def test_a_leaking_counter_closes_all_up_to_its_horizon(luck):
    measured, families = luck
    reach = measure_reach(measured, families, [0, 1])
    for depth, closes in zip(reach.shown[0].horizon, reach.closes[0], strict=True):
        assert np.array_equal(closes[:depth], reach.opened[:depth])


def test_seeds_that_failed_or_are_missing_have_no_curve(luck):
    measured, families = luck
    reach = measure_reach(measured, families, [2, 3, 4])
    assert reach.shown[0].seeds.tolist() == [2, 3]
    assert np.isnan(reach.closes[0][1]).all()
    assert reach.closes[1].shape == (0, 120)
    assert reach.sentence().endswith("1 of these 2 learned.")


def test_the_table_has_a_row_a_seed_and_number_of_brackets(luck):
    measured, families = luck
    table = measure_reach(measured, families, [0, 3]).to_frame()
    assert len(table) == 3 * 120  # both of the first family, the one of the second
    assert table["opened"][:120].tolist() == list(range(1, 121))
