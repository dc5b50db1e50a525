"""The models that countviz ships, and how they are made again."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from countviz.checkpoints import Family, save_family
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.history import Progress
from countviz.models import Model, Spec, Training
from countviz.training import make_corpora, train, validate

TEN_SEEDS, FEW_SEEDS = tuple(range(10)), (0, 1, 2)

TRAINED: dict[str, tuple[Spec, tuple[int, ...]]] = {
    "lstm1-dyck1": (Spec(language="dyck1", cell="lstm", recipe=Training()), TEN_SEEDS),
    "gru1-dyck1": (
        Spec(language="dyck1", cell="gru", recipe=Training(learning_rate=0.001)),
        TEN_SEEDS,
    ),
    "relu1-dyck1": (Spec(language="dyck1", cell="relu", recipe=Training()), TEN_SEEDS),
    "lstm4-shuffle2": (
        Spec(language="shuffle2", cell="lstm", units=4, recipe=Training()),
        FEW_SEEDS,
    ),
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
        FEW_SEEDS,
    ),
}
HAND_SET: dict[str, Callable[[], Model]] = {
    "exact-lstm": exact_lstm,
    "exact-lstm-20": lambda: exact_lstm(20.0, name="exact-lstm-20"),
    "exact-relu": exact_relu,
    "exact-linear": exact_linear,
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
    published = Spec(language="dyck1", cell=counter.spec.cell, recipe=Training(precision="float64"))
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
