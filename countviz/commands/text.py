"""How a command's findings become text: tables, JSON without its missing numbers."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from countviz.cli import PROGRAM

if TYPE_CHECKING:
    from countviz.history import Progress
    from countviz.models import Spec


def tabulate(rows: Sequence[Sequence[object]]) -> str:
    """Align columns under a heading, text to the left and whole numbers to the right."""
    columns = []
    for column in zip(*rows, strict=True):
        width = max(len(str(cell)) for cell in column)
        side = ">" if isinstance(column[-1], int) else "<"
        columns.append([f"{cell!s:{side}{width}}" for cell in column])
    return "\n".join("  ".join(row).rstrip() for row in zip(*columns, strict=True))


def strict(value: Any) -> Any:  # noqa: ANN401
    """Return a value with None for the numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: strict(one) for key, one in value.items()}
    if isinstance(value, list):
        return [strict(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def suggest_trace(model: str, spec: Spec, *options: str) -> str:
    """Return a command that traces a model on a short member of its language, or lists it."""
    import numpy as np

    from countviz.languages import CONTINUATIONS, find_language

    language = find_language(spec.language)
    if language.scoring != CONTINUATIONS:
        return f"{PROGRAM} models"
    member = language.sample(np.random.default_rng(0), 4, 12)
    return f"{PROGRAM} trace {shlex.join([model, member, *options])}"


def describe_progress(progress: Progress) -> str:
    """Say in a few words how an epoch of a seed went."""
    return (
        f"seed {progress.seed} epoch {progress.epoch}: loss {progress.train_loss:.1e}, "
        f"on validation strings {progress.validation_loss:.1e}"
    )
