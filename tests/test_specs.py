"""Specs: what was trained before keeps its identity, and what makes no sense is refused."""

import pytest

from countviz.cells import find_cell
from countviz.checkpoints import list_names, load_family
from countviz.specs import HandSet, Spec, Stacks, Training


def test_fields_that_came_later_are_written_only_where_they_say_something():
    plain = Spec(language="dyck1", cell="lstm", recipe=Training())
    assert set(plain.model_dump()) == {"language", "cell", "units", "recipe"}
    assert "freeze" not in plain.model_dump_json()
    assert plain.identity == "e33c37827ca3"
    frozen = Spec(language="dyck1", cell="lstm", recipe=Training(freeze=("read-out",)))
    assert '"freeze":["read-out"]' in frozen.model_dump_json()
    assert frozen.identity != plain.identity


@pytest.mark.parametrize("name", list_names())
def test_every_shipped_family_has_the_identity_it_was_saved_with(name):
    load_family(name)  # which compares them


@pytest.mark.parametrize("cell", ["stack-rnn", "stack-lstm"])
@pytest.mark.parametrize("memory", [None, Stacks(depth=4), Stacks(push="hidden", reads="hidden")])
def test_a_spec_with_stacks_comes_back_as_it_went(cell, memory):
    spec = Spec(language="dyck1", cell=cell, units=5, memory=memory)
    again = Spec.model_validate_json(spec.model_dump_json())
    assert again == spec
    assert again.identity == spec.identity
    assert spec.memory.width == (5 if memory and memory.push == "hidden" else 1)


def test_the_order_in_which_parts_are_frozen_makes_no_difference():
    one, other = (
        Training(freeze=("memory", "controller")),
        Training(freeze=("controller", "memory")),
    )
    assert one == other


@pytest.mark.parametrize(
    ("freeze", "left"),
    [
        (("memory",), "rnn. stack.read. readout."),
        (("controller", "memory"), "readout."),
        (("controller", "read-out"), "stack.action. stack.push."),
        ((), "rnn. stack. readout."),
    ],
)
def test_frozen_parameters_are_those_of_the_frozen_parts(freeze, left):
    memory = Stacks(reads="hidden")
    spec = Spec(language="dyck1", cell="stack-lstm", memory=memory, recipe=Training(freeze=freeze))
    trained = {name for name in spec.parameter_shapes() if name.startswith(tuple(left.split()))}
    assert spec.frozen_parameters() == set(spec.parameter_shapes()) - trained
    assert all(find_cell("stack-lstm").part_of(name) in freeze for name in spec.frozen_parameters())


def test_what_was_set_by_hand_freezes_nothing():
    assert Spec(language="dyck1", cell="relu", recipe=HandSet()).frozen_parameters() == frozenset()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"cell": "gru", "memory": {}}, "gru has no memory; cells that have one are stack-rnn"),
        (
            {"cell": "gru", "recipe": {"kind": "training", "freeze": ["memory"]}},
            "memory was to be frozen, which gru does not have; its parts are controller, read-out",
        ),
        (
            {"cell": "gru", "recipe": {"kind": "training", "freeze": ["read-out", "controller"]}},
            "all parts of gru were to be frozen",
        ),
        (
            {"cell": "gru", "recipe": {"kind": "training", "freeze": ["gates"]}},
            "what can be is controller",
        ),
        (
            {"cell": "stack-rnn", "units": 3, "memory": {"push": "hidden", "width": 2}},
            "the hidden state of 3 units; a width of 3 is right",
        ),
        (
            {"cell": "stack-rnn", "memory": {"stacks": 10, "width": 30}},
            "10 stacks 30 wide came; stacks times width may be at most 256",
        ),
        (
            {"cell": "ns-rnn", "memory": {"stacks": 2}},
            "'stacks' came .* ns-rnn; .* states, symbols",
        ),
        ({"cell": "ns-rnn", "memory": {"states": 4, "symbols": 8}}, "4 states and 8 symbols came"),
        ({"cell": "ns-rnn", "memory": {"states": 9}}, "less than or equal to 4"),
        ({"cell": "strat-lstm", "memory": Stacks()}, "a superposition stack .* of stratification"),
        ({"cell": "stack-rnn", "memory": {"stacks": 11}}, "less than or equal to 10"),
        ({"cell": "stack-rnn", "memory": {"depth": 0}}, "greater than or equal to 1"),
        ({"cell": "stack-rnn", "memory": {"bottom": 1}}, "0 or -1"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(fields, sentence):
    with pytest.raises(ValueError, match=sentence):
        Spec(language="dyck1", **fields)
