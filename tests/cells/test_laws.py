"""Laws that every registered cell obeys, at every precision."""

import numpy as np
import pytest
import torch

from countviz.arithmetic.precision import PRECISIONS
from countviz.cells import CELLS, UnknownCell, find_cell
from countviz.corpora import make_corpora
from countviz.judging import measure_corpus
from countviz.languages import LANGUAGES
from countviz.memories import Automaton, Stacks, Strata
from countviz.models import Model, Spec, Training
from countviz.torch_bridge import initial_parameters, reference_run
from countviz.traces import trace
from countviz.vectors import flatten_parameters, split_parameters

PLAIN = [name for name, cell in CELLS.items() if not cell.memory]
WITH_REFERENCE = [name for name in PLAIN if name != "linear"]
DYCK1 = LANGUAGES["dyck1"]
SYMBOLS = 120
STACKS = Stacks(stacks=2, push="hidden", bottom=-1, depth=7), {"K": 2, "A": 3, "W": 3}
DRAWN = {  # a memory of every cell that has one, and how long its axes are
    "stack-rnn": STACKS,
    "stack-lstm": STACKS,
    "strat-lstm": (Strata(width=3), {"K": 1, "A": 2, "W": 3}),
    "ns-rnn": (Automaton(states=2, symbols=3), {"K": 1, "A": 3, "X": 3, "QX": 6, "Z": 84}),
}


def fresh_model(cell, units, seed=0):
    spec = Spec(language="dyck1", cell=cell, units=units)
    return Model(name="fresh", spec=spec, parameters=initial_parameters(spec, seed))


def random_string(symbols=200, seed=0):
    return "".join(np.random.default_rng(seed).choice(list("()"), symbols))


TRACED = [  # cells with a memory take long to compile: their narrow formats are tested elsewhere
    (name, precision)
    for name, cell in CELLS.items()
    for precision in PRECISIONS
    if not cell.memory or precision == "float64"
]


@pytest.mark.parametrize("units", [1, 3, 10])
@pytest.mark.parametrize("cell", WITH_REFERENCE)
@pytest.mark.parametrize(
    ("precision", "dtype", "tolerance"),
    [("float64", torch.float64, 1e-12), ("float32", torch.float32, 2e-6)],
)
def test_a_trace_equals_torch(cell, units, precision, dtype, tolerance):
    model, string = fresh_model(cell, units), random_string()
    hidden, logits = reference_run(model, string, dtype)
    whole = trace(model, string, precision).whole
    for ours, theirs in ((whole.internals["h"], hidden), (whole.logits, logits)):
        assert (abs(ours - theirs) / np.maximum(1, abs(theirs))).max() <= tolerance


@pytest.mark.parametrize("units", [1, 3, 10])
@pytest.mark.parametrize("cell", WITH_REFERENCE)
@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
def test_a_16_bit_trace_equals_the_cell_of_torch_bit_by_bit(cell, units, precision):
    model, string = fresh_model(cell, units), random_string()
    dtype = getattr(torch, precision)
    kinds = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}
    plain = torch.nn.RNNCell
    reference = kinds[cell](2, units) if cell in kinds else plain(2, units, nonlinearity=cell)
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    own = {name: torch.tensor(np.array(model.parameters[f"rnn.{name}_l0"])) for name in names}
    reference.load_state_dict(own)
    reference.to(dtype)
    one_hot = torch.eye(2, dtype=dtype)[torch.tensor(DYCK1.encode(string))]
    state = torch.zeros(1, units, dtype=dtype)
    state = (state, state) if cell == "lstm" else state
    internals = trace(model, string, precision).whole.internals
    with torch.no_grad():
        for t in range(len(string)):
            state = reference(one_hot[t : t + 1], state)
            hidden = state[0] if cell == "lstm" else state
            assert (hidden[0].float().numpy() == internals["h"][t]).all(), t
            if cell == "lstm":
                assert (state[1][0].float().numpy() == internals["c"][t]).all(), t


@pytest.mark.parametrize(
    ("cell", "units", "updates"),
    [("lstm", 1, 1000), ("gru", 1, 1000), ("tanh", 1, 1000), ("relu", 1, 100), ("lstm", 3, 200)],
)
def test_training_equals_torch_update_by_update(train_in_lanes, cell, units, updates):
    recipe = Training(precision="float64", train_strings=updates, validation_strings=1)
    spec = Spec(language="dyck1", cell=cell, units=units, recipe=recipe)
    corpus, _ = make_corpora(spec)
    parameters = initial_parameters(spec, seed=0)
    order = np.random.default_rng(0).permutation(updates)
    (vector,), *_ = train_in_lanes(spec, flatten_parameters(parameters, "float64")[None], order)
    ours = split_parameters(vector, spec.parameter_shapes())
    theirs = train_with_torch(cell, units, parameters, corpus, order)
    for name, array in ours.items():
        assert abs(array - theirs[name]).max() <= 1e-10, name


def train_with_torch(cell, units, parameters, corpus, order):
    kinds = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    rnn = kinds[cell](2, units) if cell in kinds else torch.nn.RNN(2, units, nonlinearity=cell)
    net = torch.nn.ModuleDict({"rnn": rnn, "readout": torch.nn.Linear(units, 2)}).double()
    net.load_state_dict({name: torch.tensor(array) for name, array in parameters.items()})
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    for b in order:
        where = slice(corpus.starts[b], corpus.starts[b + 1])
        one_hot = torch.eye(2, dtype=torch.float64)[torch.tensor(corpus.symbols[where])]
        outputs = torch.sigmoid(net["readout"](net["rnn"](one_hot[:, None])[0][:, 0]))
        loss = ((outputs - torch.tensor(corpus.targets[where])) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return {name: array.detach().numpy() for name, array in net.state_dict().items()}


@pytest.mark.parametrize("cell", PLAIN)
def test_the_gradient_is_the_slope_of_the_loss(train_in_lanes, cell):
    """One update of Adam moves every parameter against its slope; finite differences agree."""
    recipe = Training(precision="float64", train_strings=1, validation_strings=1, shortest=12)
    spec = Spec(language="dyck1", cell=cell, units=3, recipe=recipe)
    corpus, _ = make_corpora(spec)
    start = flatten_parameters(initial_parameters(spec, seed=1), "float64")
    _, (mean,), *_ = train_in_lanes(spec, start[None], np.array([0]))
    gradient = mean / 0.1  # Adam's first moment after one update, less its decay
    steps = 1e-6 * np.eye(start.size)
    (above, _), (below, _) = (measure_corpus(spec, start + k * steps, corpus) for k in (1, -1))
    np.testing.assert_allclose(gradient, (above - below)[:, 0] / 2e-6, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("cell", "precision"), TRACED)
@pytest.mark.parametrize("units", [1, 64])
def test_internals_stay_within_their_declared_bounds(cell, precision, units):
    internals = trace(fresh_model(cell, units), random_string(50), precision).whole.internals
    assert tuple(internals) == find_cell(cell).names
    for internal in find_cell(cell).internals:
        low, high = internal.bounds
        values = internals[internal.name]
        assert values.shape == (50, units)
        assert (low <= values).all()
        assert (values <= high).all()


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_declarations_are_consistent(cell):
    assert cell.names[-1] == "h"
    assert cell.names[len(cell.names) - len(cell.state) :] == cell.state
    assert cell.counter in cell.state


@pytest.mark.parametrize("cell", CELLS)
def test_every_parameter_belongs_to_one_part_and_every_part_has_some(cell):
    parts, shapes = find_cell(cell).parts, Spec(language="dyck1", cell=cell).parameter_shapes()
    for name in shapes:
        assert sum(name.startswith(names) for names in parts.values()) == 1
    assert {find_cell(cell).part_of(name) for name in shapes} == set(parts)
    assert ("memory" in parts) == bool(find_cell(cell).memory)


@pytest.mark.parametrize("cell", DRAWN)
def test_what_a_memory_does_stays_within_its_declared_bounds(cell):
    memory, sizes = DRAWN[cell]
    spec = Spec(language="dyck1", cell=cell, units=3, memory=memory)
    rng = np.random.default_rng(0)
    arrays = {name: rng.normal(size=shape) for name, shape in spec.parameter_shapes().items()}
    string = random_string(SYMBOLS)
    window = trace(Model(name="drawn", spec=spec, parameters=arrays), string)
    declared = {one.name for one in find_cell(cell).memory}
    assert declared <= set(window.whole.memory)
    for one in find_cell(cell).memory:
        values = window.whole.memory[one.name]
        assert values.shape == (SYMBOLS, *(sizes[axis] for axis in one.dims[1:]))
        assert (one.bounds[0] <= values).all()
        assert (values <= one.bounds[1]).all()


def test_the_memory_of_every_cell_is_drawn():
    assert DRAWN.keys() == CELLS.keys() - set(PLAIN)


def test_an_unknown_cell_is_refused_with_the_names_there_are():
    with pytest.raises(UnknownCell, match=r"'qrnn'.*lstm, gru, relu, tanh, linear"):
        find_cell("qrnn")
