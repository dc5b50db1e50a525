"""Before and after: both sides are those of the measures themselves."""

import numpy as np
import pytest

from countviz.analysis import change_weights, measure_closings, measure_effect, measure_nesting
from countviz.checkpoints import load
from countviz.exact import exact_relu
from countviz.languages.dyck1 import nested
from countviz.published_sets import make_set
from countviz.traces import trace


def test_a_unit_changed_by_a_known_amount_fails_where_it_must():
    """With U = 1 + e it first fails at a depth of about √(1 / 2e), which is 7.07 here."""
    exact, gains = exact_relu(), change_weights(exact_relu(), {"hh": 1.01})
    found = measure_effect(exact, gains, nested(30))
    assert found.changed
    assert found.before.first_failure is None
    assert found.after.first_failure == trace(gains, nested(30)).first_failure
    assert found.after.horizon.depth == measure_nesting(gains).depth == 6
    assert found.before.horizon.depth == found.before.horizon.tried
    assert found.before.ability.mean_fpf == 2_000
    np.testing.assert_array_equal(found.true_counts, found.before.counts)
    after = measure_closings(trace(gains, nested(30))).total
    np.testing.assert_array_equal(found.after.counts, after)
    assert found.sentence().startswith("First mistake at bracket 60; before, no mistake")


def test_the_mean_failure_on_zigzags_is_that_of_the_strings():
    model = load("relu1-dyck1/1")
    found = measure_effect(model, model, "()")
    failures = [trace(model, string).first_failure for string in make_set("zigzag")]
    assert found.after.ability.mean_fpf == np.mean([2_000 if at is None else at for at in failures])
    assert found.constant == pytest.approx(455, abs=1)
    assert not found.changed
    assert found.sentence().startswith("No weight is changed")


def test_another_language_has_no_nests_but_counts():
    model = load("lstm4-anbncn")
    found = measure_effect(model, model, "aabbcc")
    assert found.after.horizon is None
    assert found.after.ability is None
    assert found.sentence()
    assert found.to_frame()["symbol"].tolist() == list("aabbcc")
