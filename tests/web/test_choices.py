"""Which models an address means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countviz.checkpoints import load_library
from countviz.web.choices import MOST_MODELS, find_models

FAMILIES, _ = load_library()
DYCK1 = [name for name, family in FAMILIES.items() if family.spec.language == "dyck1"]


def names_of(models):
    return [model.name for model in models]


def test_models_come_in_the_order_of_their_addresses():
    models, problems = find_models(["exact-relu", "gru1-dyck1/4@2", "lstm1-dyck1/1"], FAMILIES)
    best = FAMILIES["lstm1-dyck1"].best_epoch(1)
    assert names_of(models) == ["exact-relu/0@0", "gru1-dyck1/4@2", f"lstm1-dyck1/1@{best}"]
    assert not problems


def test_a_model_may_be_shown_twice():
    models, problems = find_models(["gru1-dyck1/0@1", "gru1-dyck1/0@2"], FAMILIES)
    assert names_of(models) == ["gru1-dyck1/0@1", "gru1-dyck1/0@2"]
    assert not problems


def test_no_address_is_no_problem():
    assert find_models([], FAMILIES) == ((), ())


def test_an_unknown_family_is_answered_with_all_there_are():
    models, (problem,) = find_models(["nobody", "exact-lstm"], FAMILIES)
    assert names_of(models) == ["exact-lstm/0@0"]
    assert "nobody" in problem
    assert all(name in problem for name in FAMILIES)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("gru1-dyck1/100", "no seed 100; there are: 0-99"),
        ("gru1-dyck1/3@77", "no epoch 77; there are: 0-20"),
        ("gru1-dyck1/-1", "family/seed@epoch"),
        ("gru1-dyck1/3@", "family/seed@epoch"),
        ("../gru1-dyck1", "family/seed@epoch"),
        ("gru1-dyck1/1/2", "family/seed@epoch"),
        ("gru1-dyck1/9999999999", "family/seed@epoch"),
    ],
)
def test_a_bad_address_is_answered_with_a_right_one(address, words):
    models, (problem,) = find_models([address], FAMILIES)
    assert not models
    assert words in problem


def test_the_first_model_decides_the_language():
    models, (problem,) = find_models(["lstm4-anbncn", "gru1-dyck1", "lstm4-anbncn/1"], FAMILIES)
    assert [model.spec.language for model in models] == ["anbncn", "anbncn"]
    assert "gru1-dyck1 reads dyck1" in problem
    assert "anbncn" in problem


def test_models_beyond_the_fourth_are_turned_away_one_by_one():
    models, problems = find_models(["exact-lstm"] * MOST_MODELS + DYCK1[:2], FAMILIES)
    assert len(models) == MOST_MODELS
    assert [problem.split()[0] for problem in problems] == DYCK1[:2]


@given(st.lists(st.one_of(st.sampled_from([*FAMILIES]), st.text(max_size=100)), max_size=8))
def test_every_address_gives_a_model_or_one_short_sentence(addresses):
    models, problems = find_models(addresses, FAMILIES)
    assert len(models) + len(problems) == len(addresses)
    assert len(models) <= MOST_MODELS
    assert len({model.spec.language for model in models}) <= 1
    assert all(len(problem) < 500 for problem in problems)
