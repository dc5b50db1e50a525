"""Endurance: a dead model does what the constant predictor does, an exact one never fails."""

import re

import numpy as np
import pytest

from countviz.analysis import Luck, measure_endurance, measure_luck
from countviz.analysis.seeds.endurance import Endurance, fail_constantly
from countviz.datasets import encode_strings
from countviz.exact import exact_lstm
from countviz.languages import LANGUAGES
from countviz.traces import trace

STRINGS = ("(())()", "()(())", "((()))", "(()(()", "(" * 40 + ")" * 40)
ENCODED = encode_strings(LANGUAGES["dyck1"], STRINGS)


@pytest.fixture
def endurance(luck):
    measured, families = luck
    fpf = [measure_endurance(families[g.family], g, ENCODED) for g in measured.groups]
    constant = float(fail_constantly(ENCODED).mean())
    return Endurance(luck=measured, mean_fpf=tuple(fpf), constant=constant, strings=5, length=80)


def test_a_constant_model_first_fails_where_everything_is_closed():
    assert fail_constantly(ENCODED).tolist() == [3, 1, 5, 6, 79]


def test_a_dead_model_fails_where_the_constant_one_does(endurance):
    assert endurance.mean_fpf[1].tolist() == [endurance.constant] * 2
    assert endurance.mean_fpf[0][3] == endurance.constant


def test_an_exact_counter_is_right_for_the_length_of_every_string(make_family):
    family = make_family([exact_lstm()], [1])
    right = measure_endurance(family, measure_luck(family), ENCODED)
    assert right.tolist() == [np.mean([len(string) for string in STRINGS])]


def test_a_leaking_counter_fails_where_its_traces_do(luck, endurance):
    _, families = luck
    for seed, mean in enumerate(endurance.mean_fpf[0][:3]):
        model = families["lstm1-dyck1"].model(seed)
        failures = [trace(model, string, "float32").first_failure for string in STRINGS]
        expected = [len(s) if f is None else f for s, f in zip(STRINGS, failures, strict=True)]
        assert mean == np.mean(expected)


def test_the_sentence_counts_who_beats_the_constant_model(endurance):
    learned = endurance.luck.groups[0].learned
    better = int((endurance.mean_fpf[0][learned] > endurance.constant).sum())
    said = endurance.sentence()
    assert f"{better} of 3 LSTM-1 beat" in said
    assert "none" not in said.split("beat")[0]  # no seed of that family learned
    assert said.endswith("1 diverged and has no loss.")
    assert re.findall(r"\d+", said) == [str(better), "3", "1", "5", "80", "1"]


def test_where_nobody_learned_nobody_beats_it(luck, endurance):
    nobody = Luck(labels=("none",), groups=luck[0].groups[1:])
    alone = Endurance(
        luck=nobody, mean_fpf=endurance.mean_fpf[1:], constant=1.0, strings=5, length=80
    )
    assert alone.sentence().startswith("No seed that learned beats a model")


def test_the_table_has_the_mean_of_every_seed(endurance):
    means = endurance.to_frame()["mean first point of failure"]
    assert means.tolist() == [*endurance.mean_fpf[0], *endurance.mean_fpf[1]]
