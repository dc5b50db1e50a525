"""What can be trained, and what is refused before anything is drawn."""

import pytest

from countviz.models import Spec, Training
from countviz.protocols import FORETELLING, PUBLISHED, protocol_of
from countviz.specs import Stacks
from countviz.trainers import check_room


def test_stacks_that_would_not_fit_are_refused_and_bounded_ones_are_not():
    recipe = Training(longest=1000)
    wide = Spec(
        language="dyck1", cell="stack-lstm", memory=Stacks(stacks=4, width=64), recipe=recipe
    )
    with pytest.raises(ValueError, match=r"4 stacks 64 wide .* 15\.\d GiB, and 1 are right"):
        check_room(wide)
    memory = Stacks(stacks=4, width=64, depth=20)
    check_room(wide.model_copy(update={"memory": memory}))


def test_what_is_usual_depends_on_what_is_asked_and_on_the_cell():
    assert protocol_of("dyck1", "lstm") == PUBLISHED == Training()
    assert protocol_of("dyck1", "gru") == Training(learning_rate=0.001)
    assert protocol_of("count-3", "gru") == FORETELLING


def test_new_fields_leave_the_identity_of_what_was_trained_before_alone():
    spec = Spec(language="dyck1", cell="lstm", recipe=Training())
    assert spec.identity == "e33c37827ca3"
    assert Spec(language="dyck1", cell="lstm", recipe=Training(clip=5)).identity != spec.identity


@pytest.mark.parametrize(
    ("cell", "freeze", "sentence"),
    [
        ("lstm", ("memory",), "memory was to be frozen, which lstm does not have"),
        ("lstm", ("controller", "read-out"), "all parts of lstm were to be frozen"),
        ("stack-rnn", ("heart",), "'heart' was to be frozen; what can be is controller"),
    ],
)
def test_freezing_what_is_not_there_or_everything_is_refused(cell, freeze, sentence):
    with pytest.raises(ValueError, match=sentence):
        Spec(language="dyck1", cell=cell, recipe=Training(freeze=freeze))
