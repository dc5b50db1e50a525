"""What all sessions share."""

import pytest

from countviz.checkpoints import load
from countviz.web import cache


@pytest.mark.parametrize("read_out", ["closes left", "state"])
def test_what_is_shared_is_computed_once_and_nobody_can_change_it(read_out):
    model = load("gru1-dyck1")
    shared = cache.watch(model, "(())", "float64", read_out)
    assert cache.watch(load("gru1-dyck1"), "(())", "float64", read_out) is shared
    for array in (shared.counts, shared.says_open, shared.mistakes):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_another_string_precision_or_reading_is_another_result():
    model = load("gru1-dyck1")
    asked = [
        (model, "(())", "float64", "closes left"),
        (model, "(()", "float64", "closes left"),
        (model, "(())", "float32", "closes left"),
        (model, "(())", "float64", "state"),
        (load("gru1-dyck1/1@0"), "(())", "float64", "closes left"),
    ]
    assert len({id(cache.watch(*one)) for one in asked}) == len(asked)


def test_only_a_model_of_brackets_has_a_nesting_horizon():
    assert cache.nesting(load("lstm4-anbncn"), "float64") is None
    assert cache.nesting(load("gru1-dyck1"), "float64").depth > 0
