"""Learning rates by seed and by epoch, and when a seed has learned enough."""

import numpy as np
import pytest

from countviz.models import Training
from countviz.schedules import begin_schedule, go_on, has_schedule, has_stopped

RECIPE = Training(rates=(5e-4, 1e-2), decay_after=2, stop_after=3)


def follow(losses, recipe=RECIPE):
    """Return the schedules of one seed after epochs with these validation losses."""
    now = begin_schedule(recipe, [0], np.array([1.0]))
    steps = []
    for loss in losses:
        now = go_on(recipe, now, np.array([loss]))
        steps.append(now)
    return steps


def test_the_published_protocol_has_no_schedule():
    assert not has_schedule(Training())
    assert has_schedule(Training(stop_after=10))


def test_rates_depend_on_the_seed_alone_and_fill_their_bounds():
    seeds = range(2_000)
    rates = begin_schedule(RECIPE, seeds, np.ones(len(seeds))).rate
    assert rates[7] == begin_schedule(RECIPE, [7], np.ones(1)).rate[0]
    assert (rates >= 5e-4).all()
    assert (rates <= 1e-2).all()
    shares = np.histogram(np.log(rates), bins=4, range=np.log([5e-4, 1e-2]))[0] / len(seeds)
    np.testing.assert_allclose(shares, 0.25, atol=0.03)


def test_without_bounds_every_seed_has_the_same_rate():
    rates = begin_schedule(Training(learning_rate=0.2, stop_after=1), [1, 2], np.ones(2)).rate
    assert (rates == 0.2).all()


def test_a_rate_falls_whenever_enough_epochs_brought_nothing():
    steps = follow([0.9, 0.9, 0.95, 0.8, 0.8, 0.8])
    ratios = [step.rate[0] / steps[0].rate[0] for step in steps]
    np.testing.assert_allclose(ratios, [1, 1, 0.9, 0.9, 0.9, 0.81])


def test_a_seed_stops_after_enough_epochs_that_brought_nothing():
    stopped = [has_stopped(RECIPE, step)[0] for step in follow([0.9, 0.9, np.nan, 0.9])]
    assert stopped == [False, False, False, True]
    assert not has_stopped(Training(decay_after=1), follow([1.0] * 50)[-1])[0]


def test_rates_come_in_order():
    with pytest.raises(ValueError, match="the lower one comes first"):
        Training(rates=(0.1, 0.01))
