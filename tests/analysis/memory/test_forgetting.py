"""Forgetting: never where actions are certain, else after 0.77 over the doubt."""

from dataclasses import replace

import numpy as np
import pytest

from countviz.analysis import measure_forgetting
from countviz.checkpoints import load
from countviz.exact_stacks import exact_stack_dyck1, exact_stack_dyck2


def doubting(share):
    """Return an exact stack that does nothing, instead of what it should, with that share."""
    model = exact_stack_dyck1()
    parameters = {name: array.copy() for name, array in model.parameters.items()}
    parameters["stack.action.bias"][2] = 1_000 + np.log(share / (1 - share))
    return replace(model, parameters=parameters)


def test_certain_actions_never_forget():
    found = measure_forgetting(exact_stack_dyck1())
    assert (found.doubt, found.measured) == (0, None)
    assert (found.kept == 1).all()
    assert found.sentence() == "Its actions are certain: it never forgets."


@pytest.mark.parametrize(("share", "symbols"), [(0.1, 8), (0.01, 78), (0.003, 256), (0.001, 766)])
def test_a_doubting_stack_forgets_when_the_law_says(share, symbols):
    found = measure_forgetting(doubting(share))
    assert found.doubt == pytest.approx(share, rel=1e-6)
    assert found.measured == pytest.approx(symbols, abs=2)
    assert found.foretold == pytest.approx(found.measured, rel=0.1)
    assert f"after {found.measured:,}" in found.sentence()


def test_actions_done_hard_are_certain():
    assert measure_forgetting(doubting(0.1), actions="hard").measured is None


def test_brackets_of_two_kinds_are_read_in_pairs_of_one():
    found = measure_forgetting(exact_stack_dyck2())
    assert (found.opener, found.closer) == ("(", ")")
    assert found.measured is None


def test_without_a_stack_there_is_nothing_to_forget():
    assert measure_forgetting(load("exact-lstm")) is None


def test_a_stack_that_is_used_in_another_way_is_said_to_be():
    model = exact_stack_dyck1()
    parameters = {name: array.copy() for name, array in model.parameters.items()}
    parameters["stack.action.weight"] *= -1
    found = measure_forgetting(replace(model, parameters=parameters))
    assert found.doubt > 0.5
    assert found.sentence().startswith("It does not push at “(” and pop at “)”")
