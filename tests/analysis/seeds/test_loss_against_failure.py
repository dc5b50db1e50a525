"""The regression of failures on losses: known lines, and tables of Student's distribution."""

import math

import numpy as np
import pytest

from countviz.analysis.seeds.loss_against_failure import correlation_chance, fit_failure, rank


def test_points_on_a_line_have_its_slope_and_no_doubt():
    loss = np.exp([-1.0, -2, -4, -8])
    fit = fit_failure(loss, 7 - 3 * np.log(loss))
    assert (fit.slope, fit.intercept) == pytest.approx((3, 7))
    assert (fit.r_squared, fit.spearman) == pytest.approx((1, 1))
    assert fit.p < 1e-6
    assert "4 checkpoints the loss explains 100%" in fit.sentence()


def test_the_fit_is_that_of_polyfit():
    rng = np.random.default_rng(0)
    loss, fpf = rng.lognormal(-9, 2, 50), rng.normal(600, 80, 50)
    fit = fit_failure(loss, fpf)
    assert (fit.slope, fit.intercept) == pytest.approx(np.polyfit(-np.log(loss), fpf, 1))


@pytest.mark.parametrize(
    ("n", "critical", "chance"),  # tables of the correlation's critical values
    [(10, 0.6319, 0.05), (10, 0.7646, 0.01), (102, 0.1946, 0.05), (5, 0.8783, 0.05)],
)
def test_the_chance_of_a_correlation_is_that_of_the_tables(n, critical, chance):
    assert correlation_chance(critical, n) == pytest.approx(chance, rel=2e-3)
    assert correlation_chance(-critical, n) == correlation_chance(critical, n)


def test_ranks_are_shared_by_equals():
    assert rank(np.array([5, 1, 5, 7])).tolist() == [2.5, 1, 2.5, 4]


def test_spearman_sees_order_alone():
    loss = np.exp(-np.array([1.0, 2, 3, 4, 50]))
    assert fit_failure(loss, np.array([1, 2, 3, 4, 4.1])).spearman == pytest.approx(1)


def test_checkpoints_without_a_loss_are_left_out():
    loss = np.array([math.nan, 0, 0.1, 0.01, 0.001])
    assert fit_failure(loss, np.array([9, 9, 1, 2, 3.0])).checkpoints == 3


@pytest.mark.parametrize("loss", [[0.1, 0.2], [0.1, 0.1, 0.1], []])
def test_too_few_points_have_no_line(loss):
    fit = fit_failure(np.array(loss), np.arange(float(len(loss))))
    assert math.isnan(fit.r_squared)
    assert "too few, or too alike" in fit.sentence()
