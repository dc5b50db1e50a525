"""The two searches for a wrong prefix, held against trying them one by one."""

from itertools import product

import numpy as np
import pytest

from countviz.cells import CELLS
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages import CONTINUATIONS, languages_scored_by
from countviz.models import Model, Spec
from countviz.prefixes import follow_extremes, try_prefixes
from countviz.traces import trace


def draw_model(cell, units=1, language="dyck1", seed=0):
    spec = Spec(language=language, cell=cell, units=units)
    rng = np.random.default_rng(seed)
    arrays = {name: 2 * rng.normal(size=shape) for name, shape in spec.parameter_shapes().items()}
    arrays["readout.bias"] = np.abs(arrays["readout.bias"]) + 1
    return Model(name="drawn", spec=spec, parameters=arrays)


def shortest_wrong(model, longest):
    """Return the length of the shortest prefix judged wrongly, found by running every string."""
    for length in range(1, longest + 1):
        for symbols in product(model.language.alphabet, repeat=length):
            failure = trace(model, "".join(symbols)).first_failure
            if failure is not None:
                return failure + 1
    return None


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("units", [1, 2])
def test_the_search_finds_the_length_that_running_every_string_finds(cell, units):
    for seed in range(4):
        model = draw_model(cell, units, seed=seed)
        found = try_prefixes(model, "float64", 200)
        assert (found.wrong and len(found.wrong)) == shortest_wrong(model, 9)


@pytest.mark.parametrize("language", languages_scored_by(CONTINUATIONS))
def test_what_is_found_is_really_wrong_at_its_last_symbol_and_right_before(language):
    model = draw_model("lstm", 3, language, seed=3)
    found = try_prefixes(model, "float64", 2_000)
    assert found.wrong
    assert trace(model, found.wrong).first_failure == len(found.wrong) - 1 == found.right_to


def test_all_prefixes_of_22_brackets_are_tried_within_the_budget():
    assert try_prefixes(exact_lstm(), "float64", 1_500_000).right_to == 22


def test_an_exact_counter_is_right_along_its_extremes():
    for model in (exact_lstm(), exact_relu(), exact_linear()):
        found = follow_extremes(model, "float64", 300)
        assert (found.right_to, found.wrong) == (300, None)


def test_the_extremes_of_a_step_that_keeps_order_are_those_of_all_prefixes():
    for seed in range(30):
        model = draw_model("relu", seed=seed)
        if model.parameters["rnn.weight_hh_l0"] >= 0:
            tried = try_prefixes(model, "float64", 3_000)
            assert follow_extremes(model, "float64", 10).right_to == min(tried.right_to, 10)


def test_a_state_that_overflows_is_judged_like_any_other():
    weights = dict(draw_model("linear").parameters)
    weights["rnn.weight_hh_l0"] = np.array([[1e200]])
    model = Model(name="wild", spec=Spec(language="dyck1", cell="linear"), parameters=weights)
    found = follow_extremes(model, "float64", 20)
    assert trace(model, found.wrong).first_failure == len(found.wrong) - 1
