"""Stack models in files of their own: what the shapes of their weights tell, and what not."""

import numpy as np
import pytest

from countviz.models import BadWeights, Model, Spec, Stacks
from countviz.traces import trace
from countviz.weight_files import BadFile, export_file, find_memory, load_file, write_arrays

KINDS = {
    "one stack": Stacks(),
    "vectors": Stacks(stacks=3, width=3),
    "hidden": Stacks(push="hidden"),
    "two that push h": Stacks(stacks=2, push="hidden", noop=False),
    "three that push h": Stacks(stacks=3, push="hidden", noop=False, reads="hidden"),
    "added to h": Stacks(stacks=2, width=3, noop=False, reads="hidden"),
}


def make_model(memory):
    spec = Spec(language="dyck1", cell="stack-lstm", units=4, memory=memory)
    rng = np.random.default_rng(0)
    shapes = spec.parameter_shapes()
    return Model(
        name="drawn", spec=spec, parameters={n: rng.normal(size=s) for n, s in shapes.items()}
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_stacks_are_read_off_the_shapes(kind, tmp_path):
    model, path = make_model(KINDS[kind]), tmp_path / "one.safetensors"
    export_file(model, path)
    again = load_file(path, cell="stack-lstm", language="dyck1")
    assert again.spec == model.spec
    assert again.weights_sha256 == model.weights_sha256
    assert (trace(again, "(()").whole.logits == trace(model, "(()").whole.logits).all()


def test_of_two_ways_to_read_the_shapes_the_one_with_fewer_stacks_is_taken(tmp_path):
    path = tmp_path / "one.safetensors"
    export_file(make_model(Stacks(stacks=3, width=2, noop=False)), path)
    found = load_file(path, cell="stack-lstm", language="dyck1").spec.memory
    assert (found.stacks, found.width, found.noop) == (2, 3, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"stack.action.bias": np.zeros(7)}, "decides on 7 actions and reads 1 numbers"),
        ({"stack.action.bias": np.zeros(0)}, "decides on 0 actions"),
        ({"stack.action.weight": None}, "lacks stack.action.weight"),
        ({"stack.action.bias": None}, "lacks what a stack model needs: stack.action.bias"),
        ({"stack.push.bias": np.zeros(2)}, r"stack.push.bias .* shape \(2,\); \(1,\) is right"),
        ({"rnn.weight_ih_l0": np.zeros((16, 2))}, "reads 0 numbers"),
        ({"rnn.weight_ih_l0": np.zeros(3)}, "lacks what a stack model needs"),
        ({"stack.read.weight": np.zeros((4, 1))}, "rnn.weight_ih_l0"),
    ],
)
def test_shapes_that_fit_no_stacks_are_refused(change, sentence, tmp_path):
    arrays = dict(make_model(Stacks()).parameters) | change
    path = tmp_path / "bad.safetensors"
    path.write_bytes(write_arrays({k: v for k, v in arrays.items() if v is not None}))
    with pytest.raises((BadFile, BadWeights), match=sentence):
        load_file(path, cell="stack-lstm", language="dyck1")


@pytest.mark.parametrize(
    ("cell", "memory"),
    [
        ("strat-lstm", {"width": 3}),
        ("ns-rnn", {"states": 1, "symbols": 3}),
        ("ns-rnn", {"states": 3, "symbols": 2}),
    ],
)
def test_what_a_memory_is_like_is_read_off_its_weights(cell, memory, tmp_path):
    spec = Spec(language="count-3", cell=cell, units=2, memory=memory)
    weights = {name: np.zeros(shape) for name, shape in spec.parameter_shapes().items()}
    export_file(Model(name=cell, spec=spec, parameters=weights), tmp_path / "w.safetensors")
    found = load_file(tmp_path / "w.safetensors", cell=cell, language="count-3")
    assert found.spec == spec
    with pytest.raises(BadFile, match=f"fits the weights of the {cell}"):
        find_memory({}, cell, 2, "w")
