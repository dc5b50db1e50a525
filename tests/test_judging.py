"""Judging many models at once gives what a trace of each gives."""

import numpy as np
import pytest

from countviz.analysis import measure_nesting
from countviz.checkpoints import load_family
from countviz.datasets import encode_strings
from countviz.exact import exact_lstm, exact_relu
from countviz.judging import encode_nests, evaluate_strings, find_failures, nesting_horizons
from countviz.languages import find_language
from countviz.languages.dyck1 import flat, nested, zigzag
from countviz.models import Model, Spec, Stacks
from countviz.traces import trace
from countviz.vectors import flatten_parameters, split_parameters

DYCK1 = find_language("dyck1")
STRINGS = [nested(3), zigzag(40, 3), flat(200), nested(150), "((()())())", nested(25)]
ENCODED = encode_strings(DYCK1, STRINGS)


def members(name, count=5):
    family = load_family(name)
    seeds = family.seeds[:count]
    return family, seeds, family.vectors(seeds, [20] * len(seeds))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", ["lstm1-dyck1", "gru1-dyck1", "relu1-dyck1"])
def test_failures_are_those_of_a_trace(name, precision):
    family, seeds, vectors = members(name)
    found = find_failures(family.spec, vectors, ENCODED, precision)
    for m, seed in enumerate(seeds):
        for b, string in enumerate(STRINGS):
            done = trace(family.model(seed, 20), string, precision)
            first = done.first_failure
            assert found.position[m, b] == (len(string) if first is None else first)
            if first is None:
                assert found.continuation[m, b] == -1
            else:
                wrong = done.verdicts[first] != done.reading.targets[first]
                assert found.continuation[m, b] == wrong.argmax()


def test_right_strings_count_their_length_for_an_exact_counter():
    for counter in (exact_lstm(), exact_relu()):
        vector = flatten_parameters(counter.parameters, "float64")[np.newaxis]
        found = find_failures(counter.spec, vector, ENCODED, "float64")
        assert list(found.position[0]) == [len(string) for string in STRINGS]
        assert (found.continuation == -1).all()


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_neither_threads_nor_company_change_what_is_found(threads):
    family, _, vectors = members("lstm1-dyck1", 5)
    many = np.concatenate([vectors] * 14)  # 70 models: three groups of lanes
    together = find_failures(family.spec, many, ENCODED, threads=threads)
    alone = find_failures(family.spec, vectors[2:3], ENCODED, threads=1)
    assert (together.position[2::5] == alone.position).all()


def test_loss_and_verdicts_are_those_of_a_trace():
    family, seeds, vectors = members("gru1-dyck1", 3)
    loss, right = evaluate_strings(family.spec, vectors, ENCODED, "float64")
    for m, seed in enumerate(seeds):
        for b, string in enumerate(STRINGS):
            done = trace(family.model(seed, 20), string)
            error = ((done.whole.outputs - done.reading.targets) ** 2).mean()
            assert loss[m, b] == pytest.approx(error, rel=1e-9)
            assert right[m, b] == (done.first_failure is None)


@pytest.mark.parametrize("name", ["lstm1-dyck1", "gru1-dyck1", "relu1-dyck1"])
def test_nesting_horizons_are_those_of_the_models_alone(name):
    family, seeds, vectors = members(name)
    horizons = nesting_horizons(family.spec, vectors, tried=150, precision="float64")
    one_by_one = [measure_nesting(family.model(seed, 20), tried=150).depth for seed in seeds]
    assert list(horizons) == one_by_one


def test_an_exact_counter_nests_as_deep_as_is_tried():
    counter = exact_relu()
    vector = flatten_parameters(counter.parameters, "float32")[np.newaxis]
    assert list(nesting_horizons(counter.spec, vector, tried=77)) == [77]


def test_nests_are_encoded_as_they_are_read():
    depths = np.array([1, 4, 2])
    ours, read = encode_nests(depths), encode_strings(DYCK1, [nested(n) for n in depths])
    assert (ours.symbols == read.symbols).all()
    assert (ours.targets == read.targets).all()
    assert (ours.starts == read.starts).all()


def test_nesting_is_a_measure_of_dyck1():
    family = load_family("lstm4-anbncn")
    with pytest.raises(ValueError, match="anbncn"):
        nesting_horizons(family.spec, family.vectors([0], [50]))


def test_failures_of_stack_models_are_those_of_their_traces():
    spec = Spec(language="dyck1", cell="stack-rnn", units=2, memory=Stacks(stacks=2))
    size = sum(int(np.prod(shape)) for shape in spec.parameter_shapes().values())
    vectors = np.random.default_rng(0).normal(size=(3, size))
    strings = ["()", "(())()", "((()))"]
    found = find_failures(spec, vectors, encode_strings(DYCK1, strings), "float64")
    for m, vector in enumerate(vectors):
        parameters = split_parameters(vector, spec.parameter_shapes())
        model = Model(name="drawn", spec=spec, parameters=parameters)
        for b, string in enumerate(strings):
            first = trace(model, string).first_failure
            assert found.position[m, b] == (len(string) if first is None else first)
            assert (found.continuation[m, b] < 0) == (first is None)
