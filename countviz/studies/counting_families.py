"""The families that the counting study measures: from the library, or trained for it."""

from collections.abc import Callable
from dataclasses import replace

from countviz.checkpoints import load_family
from countviz.families import Family
from countviz.studies.counting import FAMILIES, LAST


def load_families(seeds: int) -> dict[str, Family]:
    """Return the first seeds of the library's families, by cell.

    Raises
    ------
    ValueError
        If there are not so many, or if a family was not trained for 20 epochs.

    """
    return {cell: _take_seeds(load_family(name), seeds) for cell, name in FAMILIES.items()}


def _take_seeds(family: Family, seeds: int) -> Family:
    if len(family.seeds) < seeds or LAST not in family.epochs:
        raise ValueError(
            f"{family.name} has {len(family.seeds)} seeds up to epoch {max(family.epochs)}; the "
            f"study needs {seeds} up to epoch {LAST}: --train trains them"
        )
    return replace(
        family,
        seeds=family.seeds[:seeds],
        weights={name: array[:seeds] for name, array in family.weights.items()},
        history=tuple(row for row in family.history if row.seed in family.seeds[:seeds]),
    )


def train_families(
    seeds: int, report: Callable[[str], None] = lambda remark: None
) -> dict[str, Family]:
    """Train seeds 0, 1, ... of the families as the library's were, and return them by cell.

    `report` is called before each family. Nothing is saved.
    """
    from countviz.studies.library import TRAINED  # brings PyTorch, which measuring does not need
    from countviz.training import train

    families = {}
    for cell, name in FAMILIES.items():
        report(f"training {seeds} seeds of {name}")
        families[cell] = train(TRAINED[name][0], range(seeds), name)
    return families
