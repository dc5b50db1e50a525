"""First mistakes by depth: against traces, and against a model that always answers "open"."""

import pytest

from countviz.analysis import measure_failure_by_depth
from countviz.analysis.count.first_mistakes import EARLY_ZERO, STUCK_OPEN
from countviz.checkpoints import load
from countviz.exact import exact_lstm
from countviz.languages.dyck1 import zigzag
from countviz.traces import trace


def test_an_exact_counter_never_errs():
    found = measure_failure_by_depth(exact_lstm())
    assert found.right.all()
    assert found.sentence() == "No mistake on zigzags of 2,000 brackets, however deep."


def test_positions_are_those_of_the_traces():
    model = load("gru1-dyck1/0")
    found = measure_failure_by_depth(model, length=200)
    for depth, position in zip(found.depths, found.position, strict=True):
        if 200 % (2 * depth) == 0:
            failure = trace(model, zigzag(int(depth), 100 // int(depth))).first_failure
            assert position == (200 if failure is None else failure)


def test_a_dead_unit_errs_where_the_constant_model_does():
    found = measure_failure_by_depth(load("relu1-dyck1/0"), length=100)
    assert found.position.tolist() == found.constant.tolist()
    assert set(found.kind) == {STUCK_OPEN}
    assert found.constant[0] == 1
    assert "never lasts longer" in found.sentence()


def test_the_seeds_that_learned_are_run_as_well(luck):
    family = luck[1]["lstm1-dyck1"]
    found = measure_failure_by_depth(family.model(0), "float32", length=100, family=family)
    assert (found.learned, found.seeds.at.tolist()) == (3, found.depths.tolist())
    assert (found.seeds.least <= found.position).all()
    assert set(found.kind[~found.right]) == {EARLY_ZERO}
    assert found.sentence().endswith("Band: the 3 seeds that learned.")
    assert found.to_frame()["kind"].tolist()[-1] == "early zero"


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="reads anbncn"):
        measure_failure_by_depth(load("lstm4-anbncn"))
