"""The shortest string that fools a model: known lengths, and models that are known to be exact."""

import numpy as np
import pytest
import torch

from countviz.analysis import find_horizon
from countviz.checkpoints import load, load_family
from countviz.exact import exact_lstm, exact_relu
from countviz.models import Model, Spec
from countviz.torch_bridge import reference_run
from countviz.traces import trace


def make_leaky(bias, slope, offset):
    """Return an LSTM whose three gates are held open by a bias, and whose candidate is tanh 15."""
    arrays = {
        "rnn.weight_ih_l0": [[0, 0], [0, 0], [15, -15], [0, 0]],
        "rnn.weight_hh_l0": [[0]] * 4,
        "rnn.bias_ih_l0": [bias, bias, 0, bias],
        "rnn.bias_hh_l0": [0] * 4,
        "readout.weight": [[0], [slope]],
        "readout.bias": [10, offset],
    }
    spec = Spec(language="dyck1", cell="lstm")
    parameters = {name: np.array(value, np.float64) for name, value in arrays.items()}
    return Model(name=f"bias {bias}", spec=spec, parameters=parameters)


@pytest.mark.parametrize(
    ("slope", "offset", "lengths"),
    [(1, -0.5, (11, 17, 27, 45, 73, 121, 199)), (20, -7, (13, 21, 33, 53, 87, 145, 237))],
)
def test_a_leaking_lstm_fails_first_at_the_known_length(slope, offset, lengths):
    for bias, length in zip(range(4, 11), lengths, strict=True):
        model = make_leaky(bias, slope, offset)
        found = find_horizon(model)
        assert (found.shortest_failing_length, found.settled) == (length, True)
        assert trace(model, found.failing_string).first_failure == length - 1


@pytest.mark.parametrize("model", [exact_lstm(), exact_relu()], ids=lambda model: model.name)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_no_string_fools_an_exact_counter(model, precision):
    found = find_horizon(model, precision)
    assert (found.failing_string, found.shortest_failing_length) == (None, None)
    assert found.certified_length == 2_000
    assert "none that fools it was found" in found.sentence()


@pytest.mark.parametrize("name", ["lstm1-dyck1/0", "gru1-dyck1/0", "relu5-dyck1", "relu1-dyck1/0"])
def test_the_string_that_fools_a_trained_model_does_so_at_its_end(name):
    model = load(name)
    found = find_horizon(model)
    assert trace(model, found.failing_string).first_failure == len(found.failing_string) - 1
    assert found.certified_length < found.shortest_failing_length
    assert len(found.to_frame()) == 1


def test_a_language_without_nests_has_no_nesting_horizon():
    found = find_horizon(load("lstm4-shuffle2"), prefixes=2_000)
    assert found.nesting_horizon is None
    assert "symbols" in found.sentence()


@pytest.mark.parametrize("name", ["lstm1-dyck1", "gru1-dyck1", "relu1-dyck1", "lstm2-dyck1"])
def test_pytorch_is_fooled_by_the_same_string_at_the_same_symbol(name):
    family = load_family(name)
    for seed in family.seeds[:8]:
        model = family.model(seed)
        wrong = find_horizon(model, prefixes=20_000).failing_string
        reading, (_, logits) = (
            model.language.read(wrong),
            reference_run(model, wrong, torch.float64),
        )
        differing = ((logits >= 0) != reading.targets).any(axis=1)
        assert np.flatnonzero(differing).tolist() == [len(wrong) - 1]
