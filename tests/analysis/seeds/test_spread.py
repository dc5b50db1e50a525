"""Bands over seeds and the sentences that go with them, on numbers made by hand."""

import numpy as np
import pytest

from countviz.analysis.seeds.failing import summarise_failing
from countviz.analysis.seeds.horizons import summarise_horizons
from countviz.analysis.seeds.learning import Learning
from countviz.analysis.seeds.lengths import summarise_lengths
from countviz.analysis.seeds.loss import summarise_loss
from countviz.analysis.seeds.spread import spread_over_seeds

NAN = np.nan


def make_learning(loss, horizon, depth=4, failing=None, accuracy=None):
    """Return what seeds [S] did at points [R], as far as the numbers are given."""
    loss, horizon = np.array(loss, float), np.array(horizon)
    seeds, points = loss.shape
    e1 = horizon + 1
    if failing is None:
        failing = np.stack([e1 + k for k in range(5)], axis=2)
    accuracy = np.ones((seeds, 2)) if accuracy is None else np.array(accuracy, float)
    return Learning(
        strings=np.arange(points) * 250,
        train_loss=loss,
        horizon=horizon,
        first_failing=np.array(failing),
        step_up=np.zeros(loss.shape),
        step_down=np.zeros(loss.shape),
        lengths=np.array([10, 20]),
        accuracy_by_length=accuracy,
        training_depth=depth,
    )


def test_the_bands_hold_all_80_percent_and_half_of_the_seeds():
    spread = spread_over_seeds(np.array([0]), np.arange(101.0)[:, np.newaxis], 10)
    assert spread.bands[:, 0].tolist() == [0, 10, 25, 50, 75, 90, 100]
    assert (spread.least[0], spread.median[0], spread.most[0]) == (0, 50, 100)


def test_a_seed_counts_until_it_has_no_value():
    values = np.array([[1.0, NAN, NAN], [3.0, 3.0, NAN]])
    spread = spread_over_seeds(np.arange(3), values, 10)
    assert spread.median[:2].tolist() == [2, 3]
    assert np.isnan(spread.bands[:, 2]).all()


def test_a_table_has_a_row_a_point():
    table = spread_over_seeds(np.array([0, 250]), np.array([[1.0, 2.0]]), 500).to_frame()
    assert table["strings read"].tolist() == [0, 250]
    assert table["median"].tolist() == [1, 2]


def test_the_losses_of_seeds_are_said_at_a_point():
    loss = summarise_loss(make_learning([[0.1, 2e-7], [0.3, 4e-3]], [[0, 0], [0, 0]]), 500)
    assert loss.ends(0) == (("worst 0.3", 0.3), ("median 0.2", pytest.approx(0.2)))
    assert "After 250 strings it is 2·10⁻³, and the worst seed's loss is 4·10⁻³." in loss.sentence()


@pytest.mark.parametrize(
    ("horizons", "said"),
    [
        ([[0, 5, 5], [0, 6, 6]], "for good after 250 strings"),
        ([[0, 5, 3, 5], [0, 6, 4, 6]], "for good after 750 strings"),
        ([[0, 1, 2], [0, 3, 4]], "Fewer than half"),
    ],
)
def test_it_is_said_when_half_of_the_seeds_overtook_what_they_were_shown(horizons, said):
    learning = make_learning(np.ones(np.shape(horizons)), horizons)
    report = summarise_horizons(learning, 1000)
    assert said in report.sentence()
    assert "4 brackets" in report.sentence()


def test_horizons_end_with_the_best_and_the_median():
    report = summarise_horizons(make_learning(np.ones((3, 1)), [[7], [9], [30]]), 1000)
    assert report.ends(0) == (("best 30", 30), ("median 9", 9))


def test_a_diverged_seed_has_no_horizon():
    report = summarise_horizons(make_learning([[NAN], [0.1]], [[100], [5]]), 1000)
    assert report.ends(0) == (("best 5", 5), ("median 5", 5))


def test_the_first_failing_nestings_are_medians():
    report = summarise_failing(make_learning(np.ones((3, 1)), [[7], [9], [30]]), 1000)
    assert report.medians[:, 0].tolist() == [10, 11, 12, 13, 14]
    assert report.ends(0) == (("e₁ to e₅: 10 to 14", 14),)
    assert "After 0 strings: 10, 11, 12, 13, 14." in report.sentence()


def test_where_half_of_the_seeds_never_fail_there_is_no_first_failing_nesting():
    failing = [[[0, 0, 0, 0, 0]], [[0, 0, 0, 0, 0]], [[3, 4, 5, 6, 7]]]
    learning = make_learning(np.ones((3, 1)), [[500], [500], [2]], failing=failing)
    report = summarise_failing(learning, 1000)
    assert np.isnan(report.medians).all()
    assert report.ends(0) == ()
    assert "beyond 500" in report.sentence()


@pytest.mark.parametrize(
    ("accuracy", "said"),
    [
        ([[1, 1]], "is right on all strings of up to 20 symbols; of the longest it gets 100%"),
        ([[1, 0.5]], "is right on all strings of up to 10 symbols; of the longest it gets 50%"),
        ([[0.5, 0.25]], "is wrong on some strings of up to 10 symbols"),
    ],
)
def test_it_is_said_up_to_which_length_the_median_seed_is_right(accuracy, said):
    report = summarise_lengths(make_learning([[1.0]], [[3]], accuracy=accuracy), 10)
    assert said in report.sentence()
