"""Drift by length: none of exact counters, a known one of leaking ones, and the first mistakes."""

import numpy as np
import pytest

from countviz.analysis import STRING_FAMILIES, make_symbols, measure_drift
from countviz.analysis.drift.drift import in_brackets
from countviz.checkpoints import load
from countviz.datasets import encode_strings
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.judging import find_failures

FAR = (1_000, 1_000_000)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("make", [exact_lstm, exact_relu, exact_linear])
@pytest.mark.parametrize("family", STRING_FAMILIES)
def test_exact_counters_never_drift_on_a_million_symbols(make, precision, family):
    drift = measure_drift(make(), family, FAR, precision, strings=1)
    assert drift.max_abs_drift.tolist() == drift.mean_drift.tolist() == [0, 0]
    assert drift.accuracy.tolist() == [1, 1]
    assert drift.mean_fpf.tolist() == list(FAR)
    assert drift.retention == 1
    assert "never drifts: it is exact" in drift.sentence()


def test_a_leaking_counter_drifts_as_its_gates_say():
    model = exact_lstm(gate_bias=6)
    drift = measure_drift(model, "nested", (2, 20, 200))
    keep = 1 / (1 + np.exp(-6.0))
    counts = [0.0]
    for sign in [1] * 100 + [-1] * 100:
        counts.append(keep * (counts[-1] + sign))
    truth = np.minimum(np.arange(201), 200 - np.arange(201))
    error = np.array(counts)[1:] - truth[1:]
    assert drift.max_abs_drift[2] == pytest.approx(abs(error).max(), rel=1e-9)
    assert drift.mean_drift[2] == pytest.approx(error.mean(), rel=1e-9)
    assert drift.half_at == 200
    assert (drift.early_zero + drift.accuracy).tolist() == [1, 1, 1]


@pytest.mark.parametrize("name", ["gru1-dyck1/0", "relu1-dyck1/5", "relu1-dyck1/0"])
def test_first_mistakes_are_those_that_judging_finds(name):
    model, lengths = load(name), (20, 200)
    drift = measure_drift(model, "random", lengths, "float32", strings=8, seed=2)
    vector = np.concatenate([array.ravel() for array in model.parameters.values()])[None]
    for k, length in enumerate(lengths):
        drawn = make_symbols("random", length, strings=8, seed=2)
        strings = ["".join("()"[one] for one in symbols) for symbols in drawn]
        found = find_failures(model.spec, vector, encode_strings(model.language, strings))
        assert drift.mean_fpf[k] == found.position.mean()
        assert drift.accuracy[k] == (found.continuation < 0).mean()
        constant = [encode_strings(model.language, [s]).targets[:, 1].argmin() for s in strings]
        assert drift.constant_fpf[k] == np.mean(constant)


def test_a_model_that_never_moves_has_the_drift_of_the_constant_one():
    drift = measure_drift(load("relu1-dyck1/0"), "zigzag", (100, 1000), peak=10)
    assert drift.stuck_open.tolist() == [1, 1]
    assert drift.mean_fpf.tolist() == drift.constant_fpf.tolist() == [19, 19]
    assert drift.constant_drift.tolist() == [10, 10]
    assert np.isnan(drift.retention)


def test_an_overflowing_state_is_left_out_and_said(make_unit):
    wild = make_unit("relu", inputs=[[1, -1]], recurrent=[[2]], slope=1, at=0.5)
    drift = measure_drift(wild, "nested", (10, 10_000))
    assert drift.overflowed.tolist() == [0, 1]
    assert np.isfinite(drift.max_abs_drift).all()
    assert "The state overflows from 10,000 on." in drift.sentence()


def test_closes_left_needs_no_fit_and_is_taken_of_short_strings_only():
    drift = measure_drift(exact_lstm(), "random", (10, 100), strings=3, reading="closes-left")
    assert drift.max_abs_drift.tolist() == [0, 0]
    dead = measure_drift(load("relu1-dyck1/0"), "nested", (10,), reading="closes-left")
    assert np.isnan(dead.mean_drift[0])
    assert "cannot be read" in dead.sentence()
    with pytest.raises(ValueError, match="up to 20,000"):
        measure_drift(exact_lstm(), lengths=(30_000,), reading="closes-left")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"reading": "soul"}, "there are: state, closes-left"),
        ({"family": "deep"}, "no family of strings named 'deep'"),
        ({"lengths": (3,)}, "members have 2, 4, 6"),
        ({"peak": 0, "family": "zigzag"}, "1 or more is right"),
        ({"strings": 0, "family": "random"}, "1 to 10,000 are right"),
        ({"precision": "float8"}, "no precision named 'float8'"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_what_can(options, words):
    with pytest.raises(ValueError, match=words):
        measure_drift(exact_relu(), **options)


def test_another_language_is_refused_by_its_name():
    with pytest.raises(ValueError, match="reads anbncn"):
        measure_drift(load("lstm4-anbncn"))


def test_the_frame_has_a_row_a_length_and_the_sentences_its_numbers():
    drift = measure_drift(load("lstm1-dyck1/0"), "nested", (50, 1000))
    assert drift.to_frame()["lengths"].tolist() == [50, 1000]
    assert in_brackets(drift.max_abs_drift[1]) in drift.sentence()
    assert f"Retention: {drift.retention:.2f}." in drift.outcome_sentence()
    assert f"at bracket {drift.mean_fpf[1] + 1:,.0f}" in drift.failure_sentence()
