"""Training in batches, with stacks and without: the same as PyTorch, and frozen parts stay."""

import numpy as np
import pytest
import torch

from countviz.corpora import make_batches, make_corpora
from countviz.engine.kernels import find_variant, train_batches
from countviz.engine.train_stack import Rules
from countviz.judging import measure_corpus
from countviz.languages import find_language
from countviz.models import Spec, Training
from countviz.next_symbols import score_next_symbols, spell_strings
from countviz.packing import wire
from countviz.specs import Stacks
from countviz.torch_bridge import initial_parameters, reference_logits, reference_training
from countviz.vectors import flatten_parameters, split_parameters

SEEDS = range(3)
FORETOLD = {"language": "count-3", "shortest": 5, "longest": 15, "distinct": False}
BRACKETS = {"language": "dyck1", "longest": 26}
CASES = {
    "one string an update": (2, Stacks(stacks=2, width=2), BRACKETS),
    "batches of several lengths": (3, Stacks(width=2), BRACKETS | {"batch_size": 7}),
    "batches that do not fit side by side": (2, Stacks(), BRACKETS | {"batch_size": 25}),
    "no no-op, bounded depth, bottom": (
        2, Stacks(push="hidden", noop=False, depth=4, bottom=-1), BRACKETS | {"batch_size": 4},
    ),
    "one cell": (2, Stacks(stacks=2, width=2, depth=1), BRACKETS | {"batch_size": 4}),
    "added to the hidden state": (
        3, Stacks(stacks=2, width=2, reads="hidden"), BRACKETS | {"batch_size": 5},
    ),
    "next symbols": (3, Stacks(stacks=2, width=2), FORETOLD | {"batch_size": 6}),
    "next symbols, clipped": (
        2, Stacks(push="hidden", stacks=2), FORETOLD | {"batch_size": 6, "clip": 0.5},
    ),
    "other initial weights": (2, Stacks(), FORETOLD | {"initialisation": "xavier"}),
}  # fmt: skip


def make_spec(cell, units, memory, *, language, **recipe):
    strings = {"train_strings": 60, "validation_strings": 1, "precision": "float64"}
    recipe = Training(**strings | recipe)
    return Spec(language=language, cell=cell, units=units, memory=memory, recipe=recipe)


def initial_vectors(spec, seeds=SEEDS):
    precision = spec.recipe.precision
    return np.stack([flatten_parameters(initial_parameters(spec, s), precision) for s in seeds])


def train_with_torch(spec):
    corpus, _ = make_corpora(spec)
    order, cuts = make_batches(spec, 1, corpus.starts.size - 1)
    return reference_training(spec, SEEDS, corpus, order, cuts)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("cell", ["stack-rnn", "stack-lstm"])
def test_training_in_lanes_equals_torch(train_in_lanes, cell, case):
    units, memory, recipe = CASES[case]
    spec = make_spec(cell, units, memory, **recipe)
    ours, *_ = train_in_lanes(spec, initial_vectors(spec))
    assert abs(ours - train_with_torch(spec)).max() <= 1e-12


THREE_HUNDRED = {"train_strings": 300}  # of one string each
LONG = {
    "learned": (4, Stacks(width=3), BRACKETS | {"longest": 8, "distinct": False} | THREE_HUNDRED),
    "hidden, several, no no-op, next symbols, clipped, frozen": (
        3, Stacks(push="hidden", stacks=2, noop=False),
        FORETOLD | {"longest": 7, "clip": 0.5, "freeze": ("memory",)} | THREE_HUNDRED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LONG)
@pytest.mark.parametrize("cell", ["stack-rnn", "stack-lstm"])
def test_after_300_updates_every_seed_equals_torch(train_in_lanes, cell, case):
    units, memory, recipe = LONG[case]
    spec = make_spec(cell, units, memory, **recipe)
    ours, *_ = train_in_lanes(spec, initial_vectors(spec))
    assert abs(ours - train_with_torch(spec)).max() <= 1e-9


def test_a_cell_without_a_memory_learns_next_symbols_as_torch_does(train_in_lanes):
    spec = make_spec("lstm", 3, None, **FORETOLD, batch_size=5, clip=5.0)
    ours, *_ = train_in_lanes(spec, initial_vectors(spec))
    assert abs(ours - train_with_torch(spec)).max() <= 1e-12


def test_both_loops_train_a_cell_without_a_memory_alike(train_in_lanes):
    spec = make_spec("lstm", 3, None, **BRACKETS, batch_size=4)
    corpus, _ = make_corpora(spec)
    variant, rules = (
        find_variant("lstm", "float64", lanes=True),
        Rules(False, 0.0, True, True, True),
    )

    def learn(state, free, rate, done, order, cuts, losses):
        train_batches(
            variant, wire(spec), rules, state, free, rate, done, corpus, order, cuts, losses
        )

    vectors = initial_vectors(spec)
    published, batched = train_in_lanes(spec, vectors), train_in_lanes(spec, vectors, learn=learn)
    for one, other in zip(published, batched, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "freeze",
    [
        ("controller",), ("memory",), ("read-out",), ("controller", "memory"),
        ("controller", "read-out"), ("memory", "read-out"),
    ],
)  # fmt: skip
def test_frozen_parts_have_no_gradient_and_keep_every_byte(train_in_lanes, freeze):
    memory = Stacks(stacks=2, width=2, reads="hidden")
    spec = make_spec("stack-lstm", 3, memory, **FORETOLD, batch_size=6, freeze=freeze, clip=1.0)
    before = initial_vectors(spec)
    after, mean, square, _ = train_in_lanes(spec, before)
    shapes, frozen = spec.parameter_shapes(), spec.frozen_parameters()
    start, end, first, second = (split_parameters(v, shapes) for v in (before, after, mean, square))
    for name in shapes:
        if name in frozen:
            assert start[name].tobytes() == end[name].tobytes()
            assert not first[name].any()
            assert not second[name].any()
        else:
            assert first[name].any()
    assert abs(after - train_with_torch(spec)).max() <= 1e-12


def test_a_cell_without_a_memory_can_be_frozen_too(train_in_lanes):
    spec = make_spec("lstm", 3, None, **BRACKETS, freeze=("controller",))
    before = initial_vectors(spec)
    after, *_ = train_in_lanes(spec, before)
    start, end = (split_parameters(v, spec.parameter_shapes()) for v in (before, after))
    moved = {name for name in start if start[name].tobytes() != end[name].tobytes()}
    assert moved == {"readout.weight", "readout.bias"}


def test_a_seed_among_others_has_the_bits_of_a_seed_alone(train_in_lanes):
    memory = Stacks(stacks=2, width=2)
    spec = make_spec("stack-rnn", 3, memory, **FORETOLD, batch_size=6, precision="float32")
    vectors = initial_vectors(spec)
    together = train_in_lanes(spec, vectors)
    for k in range(len(vectors)):
        for ours, own in zip(together, train_in_lanes(spec, vectors[k : k + 1]), strict=True):
            assert (ours[k] == own[0]).all()


def test_next_symbols_are_judged_as_their_read_out_says():
    spec = make_spec("stack-lstm", 3, Stacks(stacks=2, width=2), **FORETOLD)
    language, strings = find_language("count-3"), ["abc$", "aabbcc$", "aaabbbccc$"]
    spelled, vectors = spell_strings(language, strings), initial_vectors(spec)
    corpus = make_corpora(spec)[0]._replace(symbols=spelled.symbols, starts=spelled.starts)
    losses, mistakes = measure_corpus(spec, vectors, corpus)
    named = split_parameters(torch.tensor(vectors).numpy(), spec.parameter_shapes())
    named = {name: torch.tensor(array) for name, array in named.items()}
    logits = [
        reference_logits(spec, named, language.encode(string[:-1])).numpy() for string in strings
    ]
    scores = score_next_symbols(np.concatenate(logits, axis=1), spelled)
    np.testing.assert_allclose(losses, scores.surprise, rtol=1e-12)
    assert (scores.lengths - mistakes == scores.right).all()
