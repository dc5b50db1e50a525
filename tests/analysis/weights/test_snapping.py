"""Snapping: one condition after the other is made exact, until all are."""

import pytest

from countviz.analysis import check_exactness, list_weights, measure_nesting, snap_to_exact
from countviz.analysis.weights.unit_weights import BadChange
from countviz.checkpoints import load
from countviz.exact import exact_lstm, exact_relu
from countviz.languages.dyck1 import nested
from countviz.traces import trace


def snap_all(model, precision="float64"):
    for condition in check_exactness(model, precision).conditions:
        model = snap_to_exact(model, condition, precision)
        assert condition.key not in {one.key for one in check_exactness(model, precision).unmet}
    return model


@pytest.mark.parametrize("address", ["relu1-dyck1/1", "relu1-dyck1/0", "lstm1-dyck1/1"])
def test_snapping_all_conditions_of_a_trained_unit_makes_an_exact_counter(address):
    """The second is a unit that never learned; the order is that of the list."""
    model = load(address)
    assert measure_nesting(model).depth < 500
    snapped = snap_all(model)
    assert check_exactness(snapped).exact
    assert trace(snapped, nested(1_000)).first_failure is None
    assert measure_nesting(snapped, tried=100).depth == 100


@pytest.mark.parametrize("precision", ["float32", "float16", "bfloat16"])
def test_an_untrained_unit_is_snapped_to_what_the_format_can_hold(precision):
    snapped = load("relu1-dyck1/3@0")
    for condition in check_exactness(snapped, precision).conditions:
        snapped = snap_to_exact(snapped, condition, precision)
    left = {one.key for one in check_exactness(snapped, precision).unmet}
    assert left == (set() if precision == "float32" else {"round"})
    assert trace(snapped, nested(100), precision).first_failure is None


@pytest.mark.parametrize(
    ("address", "key", "touched"),
    [
        ("relu1-dyck1/1", "kept", {"hh"}),
        ("relu1-dyck1/1", "opposite", {"h0", "h1", "hb"}),
        ("lstm1-dyck1/1", "forget", {"f0", "f1", "fh", "fb"}),
        ("lstm1-dyck1/1", "steady", {"gh"}),
        ("lstm1-dyck1/1", "threshold", {"y1b"}),
    ],
)
def test_only_the_weights_of_the_condition_change(address, key, touched):
    before = load(address)
    after = snap_to_exact(before, key)
    pairs = zip(list_weights(before), list_weights(after), strict=True)
    assert {old.code for old, new in pairs if old.value != new.value} <= touched


def test_the_step_keeps_its_size_where_the_two_are_made_equal():
    after = {
        one.code: one.value
        for one in list_weights(snap_to_exact(load("relu1-dyck1/1"), "opposite"))
    }
    before = {one.code: one.value for one in list_weights(load("relu1-dyck1/1"))}
    assert after["h0"] == -after["h1"]
    assert after["h0"] == pytest.approx((before["h0"] - before["h1"]) / 2)


def test_an_exact_counter_stays_exact():
    for counter in (exact_lstm(), exact_relu()):
        assert check_exactness(snap_all(counter)).exact


@pytest.mark.parametrize(
    ("address", "key", "words"),
    [
        ("relu1-dyck1/1", "forget", "has no condition 'forget'; there are: kept, opposite, signs"),
        ("gru1-dyck1/0", "kept", "has no condition 'kept'; there are: none"),
        ("lstm5-dyck1", "forget", "has 5 units"),
    ],
)
def test_what_cannot_be_snapped_is_said(address, key, words):
    with pytest.raises(BadChange, match=words):
        snap_to_exact(load(address), key)
