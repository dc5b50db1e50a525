"""First points of failure, and the sentences about them."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countviz.analysis import classify_mistakes, find_failure
from countviz.analysis.count.first_mistakes import KINDS
from countviz.checkpoints import load
from countviz.datasets import encode_strings
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.judging import find_failures
from countviz.languages.dyck1 import nested, uniform_member
from countviz.traces import trace

LEAKY = exact_lstm(gate_bias=6)
WORDS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def numbers_in(text):
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


@pytest.mark.parametrize("model", [exact_lstm(), exact_relu(), exact_linear()], ids=str)
def test_an_exact_counter_is_right_for_all(model):
    failure = find_failure(trace(model, uniform_member(np.random.default_rng(0), 2_000)))
    assert failure.position is None
    assert failure.wrong == 0
    assert failure.sentence() == "right for all 2,000"


def test_a_leaking_counter_fails_first_where_its_verdicts_first_differ_from_the_count():
    first = next(n for n in range(1, 40) if find_failure(trace(LEAKY, nested(n))).wrong)
    assert 12 < first < 18
    done = trace(LEAKY, nested(first))
    still_open = np.cumsum([1 if symbol == "(" else -1 for symbol in nested(first)]) > 0
    differing = np.flatnonzero(done.verdicts[:, 1] != still_open)
    failure = find_failure(done)
    assert (failure.position, failure.wrong) == (differing[0], differing.size)
    assert failure.sentence() == f"right for {2 * first - differing.size} of {2 * first}"


def test_a_dead_unit_is_told_that_all_are_closed(make_unit):
    failure = find_failure(trace(make_unit("relu"), "()()"))
    assert (failure.position, failure.wrong) == (1, 2)
    assert (failure.says, failure.truth) == ("open", "all are closed")


def test_one_bracket_is_open_and_two_are(make_unit):
    never_open = make_unit("relu", at=1)
    failure = find_failure(trace(never_open, "("))
    assert (failure.says, failure.truth) == ("closed", "one is still open")
    forgets = make_unit("relu", inputs=[[1, 0]], slope=1, at=0.5)  # closed after every )
    failure = find_failure(trace(forgets, "((()"))
    assert (failure.position, failure.truth) == (3, "two are still open")
    failure = find_failure(trace(forgets, "(" * 12 + ")"))
    assert failure.truth == "11 are still open"
    failure = find_failure(trace(forgets, "(" * 1_201 + ")"))
    assert failure.truth == "1,200 are still open"


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("family", ["lstm4-anbncn", "lstm4-shuffle2"])
def test_in_a_language_of_two_kinds_a_failure_names_the_symbol(family, seed):
    untrained = load(f"{family}/{seed}@0")
    language = untrained.language
    done = trace(untrained, language.sample(np.random.default_rng(0), 20, 40))
    failure = find_failure(done)
    symbol, says = re.fullmatch(r"(.) (may|may not) come next", failure.says).groups()
    assert failure.truth == {"may": "it may not", "may not": "it may"}[says]
    column = language.alphabet.index(symbol)
    assert done.verdicts[failure.position, column] == (says == "may")
    prefix = done.string[: failure.position + 1]
    assert (len(language.path(prefix + symbol)) > len(prefix)) == (says == "may not")


def test_what_comes_after_an_illegal_symbol_is_not_judged(make_unit):
    failure = find_failure(trace(make_unit("relu"), "())()"))
    assert (failure.length, failure.symbols, failure.wrong) == (5, 2, 1)
    assert failure.sentence() == "right for 1 of 2 judged"
    assert find_failure(trace(exact_relu(), "())()")).sentence() == "right for all 2 judged"


@pytest.mark.parametrize("string", ["", ")", ")(())"])
def test_where_nothing_is_legal_there_is_nothing_to_judge(string):
    assert find_failure(trace(exact_relu(), string)).sentence() == "nothing to judge"


@given(
    string=st.text("()", max_size=40),
    weights=st.tuples(*[st.floats(-2, 2, allow_subnormal=False)] * 5),
    cell=st.sampled_from(["relu", "linear", "tanh"]),
)
def test_every_number_of_a_failure_follows_from_the_verdicts(make_unit, string, weights, cell):
    opening, closing, recurrent, slope, at = weights
    unit = make_unit(cell, inputs=[[opening, closing]], recurrent=[[recurrent]], slope=slope, at=at)
    done = trace(unit, string)
    balance = np.cumsum([1 if symbol == "(" else -1 for symbol in string], dtype=int)
    legal = int((balance < 0).argmax()) if (balance < 0).any() else len(string)
    wrong = np.flatnonzero(done.verdicts[:legal, 1] != (balance[:legal] > 0))
    failure = find_failure(done)
    assert (failure.length, failure.symbols, failure.wrong) == (len(string), legal, wrong.size)
    assert failure.position == (wrong[0] if wrong.size else None)
    if wrong.size:
        assert numbers_in(failure.sentence()) == [legal - wrong.size, legal]
        left = balance[wrong[0]]
        count = WORDS[left] if left <= 10 else str(left)
        assert (failure.says, failure.truth) == (
            ("closed", f"{count} {'is' if left == 1 else 'are'} still open")
            if left
            else ("open", "all are closed")
        )
    else:
        assert numbers_in(failure.sentence()) == ([legal] if legal else [])


@given(
    strings=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=4),
    weights=st.tuples(*[st.floats(-2, 2, allow_subnormal=False)] * 6),
)
def test_a_mistake_is_of_the_kind_that_first_mistakes_are_counted_by(make_unit, strings, weights):
    opening, closing, recurrent, slope, at, shy = weights
    unit = make_unit("relu", inputs=[[opening, closing]], recurrent=[[recurrent]])
    arrays = {**unit.parameters, "readout.weight": np.array([[shy], [slope]])}
    arrays["readout.bias"] = np.array([1, -at])
    unit = type(unit)(name="made", spec=unit.spec, parameters=arrays)
    drawn = [uniform_member(np.random.default_rng(seed), 20) for seed in strings]
    encoded = encode_strings(unit.language, drawn)
    vector = np.concatenate([array.ravel() for array in arrays.values()])[np.newaxis]
    kinds = classify_mistakes(find_failures(unit.spec, vector, encoded, "float64"), encoded).kinds
    for string, kind in zip(drawn, kinds[0], strict=True):
        named = KINDS[kind].replace(" ", "-")
        found = find_failure(trace(unit, string))
        assert found.kind == (named if named in ("early-zero", "stuck-open") else None)


def test_a_failure_has_a_table_of_one_row():
    frame = find_failure(trace(LEAKY, nested(30))).to_frame()
    assert frame["kind"].tolist() == ["early-zero"]
