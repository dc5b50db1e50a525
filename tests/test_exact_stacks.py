"""Stacks set by hand: they never miscount, however deep the brackets nest."""

import numpy as np
import pytest

from countviz.analysis import measure_closings, measure_nesting
from countviz.exact_stacks import exact_stack_dyck1, exact_stack_dyck2
from countviz.prefixes import try_prefixes
from countviz.runs import follow
from countviz.traces import trace

DEEP = 50_000


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(
    ("stack", "string"),
    [
        (exact_stack_dyck1(), "(" * DEEP + ")" * DEEP),
        (exact_stack_dyck2(), "([" * (DEEP // 2) + "])" * (DEEP // 2)),
    ],
)
def test_a_hundred_thousand_symbols_are_judged_right(stack, string, precision):
    done = trace(stack, string, precision)
    assert done.first_failure is None
    assert len(string) == 100_000
    (deepest,) = done.stack(DEEP - 1, DEEP)
    assert deepest.any(axis=1).all()


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("stack", [exact_stack_dyck1(), exact_stack_dyck2()])
def test_every_short_string_is_judged_right(stack, precision):
    assert try_prefixes(stack, precision, prefixes=20_000).wrong is None
    rng = np.random.default_rng(0)
    for _ in range(20):
        assert trace(stack, stack.language.sample(rng, 50, 200), precision).first_failure is None


def test_the_stack_is_as_deep_as_brackets_are_open():
    string = "(()(()))()(("
    stack = exact_stack_dyck1()
    done = trace(stack, string)
    counts = done.reading.counts[:, 0]
    assert ((done.stacks(0, len(string), 4)[:, 0, :, 0] > 0).sum(axis=1) == counts).all()
    assert (measure_closings(done).counts[:, 0] == counts).all()
    assert measure_nesting(stack, tried=50).depth == 50


def test_the_strongest_action_alone_changes_nothing_where_all_are_certain():
    stack, string = exact_stack_dyck2(), "([()][])"
    soft, hard = trace(stack, string), trace(stack, string, actions="hard")
    assert (soft.whole.logits == hard.whole.logits).all()
    symbols = stack.language.encode(string)
    assert follow(stack, "float64", symbols).end.stacks.shape == (1, 0, 4)
