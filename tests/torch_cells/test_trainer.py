"""Training by autograd: the cell that is trained is the cell that is traced, and parts stay."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from countviz.corpora import make_batches, make_corpora
from countviz.judging import measure_corpus
from countviz.models import Model, Spec, Training
from countviz.starts import start_vectors
from countviz.torch_cells.controlled import run_controlled
from countviz.torch_cells.trainer import find_losses
from countviz.traces import trace
from countviz.training import train, train_epochs
from countviz.vectors import split_parameters

CELLS = {"ns-rnn": {"states": 2, "symbols": 2}, "strat-lstm": {"width": 2}}
FORETOLD = {"shortest": 6, "longest": 12, "distinct": False, "batch_size": 4, "clip": 0.5}
BRACKETS = {"shortest": 2, "longest": 10, "distinct": False, "batch_size": 5}


def make_spec(cell, language="dyck1", units=3, **recipe):
    usual = FORETOLD if language == "count-3" else BRACKETS
    few = {"train_strings": 12, "validation_strings": 6, "epochs": 2, "precision": "float64"}
    recipe = Training(**usual | few | recipe)
    return Spec(language=language, cell=cell, units=units, memory=CELLS[cell], recipe=recipe)


def draw(spec, seed=0):
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=shape) for name, shape in spec.parameter_shapes().items()}


def tensors(parameters):
    return {name: torch.tensor(np.array(array)) for name, array in parameters.items()}


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_trained_is_what_is_traced(cell):
    spec = make_spec(cell)
    strings = ["(()())()" * 3, "((((()))" * 3, "()()(())" * 3]
    for seed in range(2):
        model = Model(name=cell, spec=spec, parameters=draw(spec, seed))
        symbols = np.stack([model.language.encode(string) for string in strings])
        with torch.no_grad():
            logits = run_controlled(spec, tensors(model.parameters), torch.tensor(symbols))
        for string, theirs in zip(strings, logits.numpy(), strict=True):
            ours = trace(model, string).whole.logits
            np.testing.assert_allclose(ours, theirs[1:], rtol=0, atol=1e-10)


@pytest.mark.parametrize("language", ["dyck1", "count-3"])
@pytest.mark.parametrize("cell", CELLS)
def test_what_is_validated_is_the_loss_that_is_trained(cell, language):
    spec = make_spec(cell, language)
    corpus, _ = make_corpora(spec)
    vectors = start_vectors(spec, (0, 1))
    losses, mistakes = measure_corpus(spec, vectors, corpus)
    assert mistakes.shape == losses.shape
    for vector, ours in zip(vectors, losses, strict=True):
        named = tensors(split_parameters(vector, spec.parameter_shapes()))
        theirs = [float(find_losses(spec, named, corpus, np.array([b]))) for b in range(len(ours))]
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


@pytest.mark.parametrize("cell", CELLS)
def test_the_gradient_is_the_slope_of_the_loss(cell):
    spec = make_spec(cell, "count-3")
    corpus, _ = make_corpora(spec)
    named = tensors(draw(spec))
    for one in named.values():
        one.requires_grad_()
    find_losses(spec, named, corpus, np.array([0])).sum().backward()
    slope = named["rnn.weight_ih_l0"].grad
    direction = torch.randn(slope.shape, generator=torch.Generator().manual_seed(0)).double()
    sides = []
    for sign in (1, -1):
        moved = {name: one.detach().clone() for name, one in named.items()}
        moved["rnn.weight_ih_l0"] += sign * 1e-6 * direction
        sides.append(float(find_losses(spec, moved, corpus, np.array([0]))))
    assert float((slope * direction).sum()) == pytest.approx((sides[0] - sides[1]) / 2e-6, rel=1e-5)


def train_plainly(spec, vector):
    """Return the parameters after the recipe's epochs, by PyTorch's own optimiser and clipping."""
    corpus, _ = make_corpora(spec)
    named = tensors(split_parameters(vector, spec.parameter_shapes()))
    learned = [
        one.requires_grad_() for n, one in named.items() if n not in spec.frozen_parameters()
    ]
    optimiser = torch.optim.Adam(learned, lr=spec.recipe.learning_rate)
    for epoch in range(1, spec.recipe.epochs + 1):
        order, cuts = make_batches(spec, epoch, corpus.starts.size - 1)
        for first, last in pairwise(cuts):
            optimiser.zero_grad()
            each = [find_losses(spec, named, corpus, np.array([b])) for b in order[first:last]]
            torch.cat(each).mean().backward()
            if spec.recipe.clip:
                torch.nn.utils.clip_grad_norm_(learned, spec.recipe.clip)
            optimiser.step()
    return torch.cat([one.detach().ravel() for one in named.values()]).numpy()


@pytest.mark.parametrize("freeze", [(), ("controller",), ("memory",), ("read-out",)])
@pytest.mark.parametrize("language", ["dyck1", "count-3"])
@pytest.mark.parametrize("cell", CELLS)
def test_training_equals_pytorch_and_what_is_frozen_keeps_every_byte(cell, language, freeze):
    spec = make_spec(cell, language, freeze=freeze)
    (vector,) = start_vectors(spec, (3,))
    *_, last = train_epochs(spec, (3,))
    assert abs(last.weights[0, -1] - train_plainly(spec, vector)).max() <= 1e-12
    shapes = spec.parameter_shapes()
    before, after, mean = (
        split_parameters(one, shapes) for one in (vector, last.weights[0, -1], last.mean[0])
    )
    for name in shapes:
        same = before[name].tobytes() == after[name].tobytes()
        assert same == (name in spec.frozen_parameters())
        assert same != mean[name].any()


def test_a_seed_is_the_same_alone_and_among_others():
    spec = make_spec("strat-lstm", "count-3", rates=(1e-3, 1e-2), precision="float32")
    among, alone = train(spec, (0, 1, 2), "among"), train(spec, (1,), "alone")
    for name, array in alone.weights.items():
        assert array[0].tobytes() == among.weights[name][1].tobytes()


def test_an_automaton_that_would_not_fit_is_refused():
    spec = make_spec("ns-rnn", longest=1000, batch_size=100)
    with pytest.raises(ValueError, match=r"2 states and 2 symbols .* 1000 symbols, 100 at a time"):
        next(train_epochs(spec, (0,)))
