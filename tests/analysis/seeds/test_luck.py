"""The luck of seeds: against each model on its own, and in words for none, one and many."""

import re
from dataclasses import replace

import numpy as np
import pytest

from countviz.analysis import Luck, measure_luck, measure_nesting
from countviz.exact import exact_lstm
from countviz.languages.dyck1 import nested
from countviz.traces import trace


def numbers_in(sentence):
    return [int(n) for n in re.findall(r"(?<![\w-])\d+(?!\w)", sentence)]


def test_every_seed_nests_as_deep_as_it_does_alone(luck):
    measured, families = luck
    for group in measured.groups:
        models = [families[group.family].model(seed) for seed in group.seeds]
        alone = [measure_nesting(model, "float32").depth for model in models]
        assert group.horizon.tolist() == alone


def test_a_seed_has_learned_from_99_percent_of_the_validation_strings_on(luck):
    assert [group.learned.tolist() for group in luck[0].groups] == [
        [True, True, True, False],
        [False, False],
    ]


def test_the_median_is_that_of_the_seeds_that_learned(luck):
    one, two = luck[0].groups
    assert one.median == sorted(one.horizon[:3])[1]
    assert np.isnan(two.median)


def test_an_exact_counter_nests_deeper_than_was_tried(make_family):
    group = measure_luck(make_family([exact_lstm()], [1]))
    assert group.horizon.tolist() == [group.tried]
    assert group.span() == "≥ 500"


def test_the_sentence_names_the_least_and_the_most_and_who_never_learned(luck):
    measured, _ = luck
    depths = measured.groups[0].horizon[:3]
    assert numbers_in(measured.sentence()) == [min(depths), max(depths)]
    assert measured.sentence() == (
        f"Same recipe, different dice: LSTM-1 counts {min(depths)} to {max(depths)} deep, "
        "where they learned at all; no none did."
    )


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([0, 1, 2], "LSTM-1 counts {} to {} deep."),
        ([1], "LSTM-1 counts {} deep."),
        ([3], "no LSTM-1 learned to count."),
    ],
)
def test_the_sentence_is_right_for_many_for_one_and_for_none(luck, members, words):
    group = luck[0].groups[0].pick(np.array(members))
    depths = sorted(group.horizon)
    said = Luck(labels=("LSTM-1",), groups=(group,)).sentence()
    assert said.endswith(words.format(depths[0], depths[-1]))


def test_several_families_share_the_verb(luck):
    group = luck[0].groups[0].pick(np.array([0, 1]))
    low, high = sorted(group.horizon)
    said = Luck(labels=("A", "B"), groups=(group, group)).sentence()
    assert said.endswith(f": A counts {low} to {high} deep, B {low} to {high}.")


def test_the_training_depth_is_in_the_sentence_and_counts_who_passed_it(luck):
    group = luck[0].groups[0]
    deeper = int((group.horizon[:3] > group.trained_to).sum())
    said = Luck(labels=("LSTM-1",), groups=(group,)).horizon_sentence()
    assert numbers_in(said) == [group.trained_to, deeper, 3]
    shallow = replace(group, trained_to=7)
    both = Luck(labels=("A", "B"), groups=(group, shallow))
    assert both.trained_to == (7, group.trained_to)
    assert f"7 to {group.trained_to}" in both.horizon_sentence()


def test_the_string_offered_is_the_shortest_that_fools_one_of_the_chosen(luck):
    measured, families = luck
    group = measured.groups[0]
    string = measured.find_fooling(group.addresses[1:])
    assert string == nested(int(group.horizon[1]) + 1)
    fooled = [trace(families["lstm1-dyck1"].model(seed), string).first_failure for seed in (1, 2)]
    assert fooled[0] is not None
    assert fooled[1] is None
    assert measured.find_fooling([]) is None
    assert measured.find_fooling(group.addresses[3:]) is None  # a dead model fails on ( ) already


def test_the_table_has_a_row_a_seed(luck):
    measured, _ = luck
    table = measured.to_frame()
    assert len(table) == measured.seeds == 6
    assert table["nesting horizon"].tolist() == [n for g in measured.groups for n in g.horizon]
    assert table["model"][0] == "lstm1-dyck1/0@20"
