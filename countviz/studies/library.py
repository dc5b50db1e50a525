"""The models that countviz ships, and how they are made again."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from countviz.checkpoints import Family, save_family
from countviz.corpora import make_corpora
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.exact_stacks import exact_stack_dyck1, exact_stack_dyck2
from countviz.history import Progress
from countviz.models import Model, Spec, Stacks, Training
from countviz.training import train, validate

MANY, SOME, FEW = range(100), range(20), range(3)  # seeds
STACKS = {  # whose memory learns, or stays as it began
    "stack-rnn4-dyck1": Spec(language="dyck1", cell="stack-rnn", units=4, memory=Stacks()),
    "stack-rnn8-dyck2": Spec(language="dyck2", cell="stack-rnn", units=8, memory=Stacks(width=2)),
}
RATES = {"gru": 0.001}  # the published learning rates; 0.01 for all others


def published(cell: str, units: int) -> Spec:
    """Return a spec of the published protocol."""
    recipe = Training(learning_rate=RATES.get(cell, 0.01))
    return Spec(language="dyck1", cell=cell, units=units, recipe=recipe)


TRAINED: dict[str, tuple[Spec, range]] = {
    **{f"{cell}1-dyck1": (published(cell, 1), MANY) for cell in ("lstm", "gru", "relu")},
    **{
        f"{cell}{units}-dyck1": (published(cell, units), SOME)
        for cell, sizes in (("lstm", (2, 3, 5)), ("gru", (2, 5)), ("relu", (2, 5)), ("tanh", (1,)))
        for units in sizes
    },
    "lstm4-shuffle2": (Spec(language="shuffle2", cell="lstm", units=4, recipe=Training()), FEW),
    "lstm4-anbncn": (  # one member a length: strings repeat, and there are few
        Spec(
            language="anbncn",
            cell="lstm",
            units=4,
            recipe=Training(
                epochs=50,
                train_strings=1_000,
                validation_strings=100,
                shortest=3,
                longest=150,
                distinct=False,
            ),
        ),
        FEW,
    ),
    **{
        name + ending: (spec.model_copy(update={"recipe": Training(freeze=freeze)}), SOME)
        for name, spec in STACKS.items()
        for ending, freeze in (("", ()), ("-frozen-memory", ("memory",)))
    },
}
HAND_SET: dict[str, Callable[[], Model]] = {
    "exact-lstm": exact_lstm,
    "exact-lstm-20": lambda: exact_lstm(20.0, name="exact-lstm-20"),
    "exact-relu": exact_relu,
    "exact-linear": exact_linear,
    "exact-stack-dyck1": exact_stack_dyck1,
    "exact-stack-dyck2": exact_stack_dyck2,
}


def make_library(root: Path, report: Callable[[str, Progress], None]) -> None:
    """Train and write every family; each takes the place of the one of its name, whole.

    `report` is called with the family's name after every epoch.
    """
    for name, counter in HAND_SET.items():
        save_family(_family_of_one(name, counter()), root, replace=True)
    for name, (spec, seeds) in TRAINED.items():
        family = train(spec, seeds, name, lambda progress, name=name: report(name, progress))
        save_family(family, root, replace=True)


def _family_of_one(name: str, counter: Model) -> Family:
    """Return a hand-set counter as a family, judged on the published validation strings."""
    published = counter.spec.model_copy(update={"recipe": Training(precision="float64")})
    loss, accuracy = validate(counter, make_corpora(published)[1])
    return Family(
        name=name,
        spec=counter.spec,
        seeds=(0,),
        epochs=(0,),
        weights={key: array[np.newaxis, np.newaxis] for key, array in counter.parameters.items()},
        history=(
            Progress(
                seed=0,
                epoch=0,
                train_loss=loss,
                validation_loss=loss,
                validation_accuracy=accuracy,
            ),
        ),
    )
