"""From what models did on a string to the rows that the player draws."""

from collections.abc import Sequence

import numpy as np

from countviz.languages import Language, Reading
from countviz.models import Model
from countviz.web.cache import Watched, nesting, state_count
from countviz.web.looks import is_hand_set, mark_of, note_of
from countviz.web.player import Row


def name_reading(language: Language, read_out: str) -> str:
    """Return what the line of a row shows, in words."""
    if read_out == "state":
        return "count read from the state"
    return f"closes left: how many {' or '.join(language.closers)} until it says closed"


def name_missing(read_out: str) -> str:
    """Return what a model does where it has no count, in words."""
    return "overflows" if read_out == "state" else "never closes"


def make_row(model: Model, label: str, watched: Watched, precision: str, read_out: str) -> Row:
    """Return the player's row of one model, under a label."""
    mark, failure = mark_of(model), watched.failure
    horizon = nesting(model, precision)
    if read_out == "state":
        detail = state_count(model, precision).sentence()
    elif horizon is not None:
        detail = f"{horizon.sentence()} · checked"
    else:
        detail = ""
    first = "" if failure.position is None else f"first mistake at {failure.position + 1:,}"
    return Row(
        label=label,
        note=note_of(model),
        mark=mark.shape,
        color=mark.hue,
        hollow=is_hand_set(model),
        counts=watched.counts,
        verdicts=watched.says_open,
        mistakes=watched.mistakes,
        title=failure.sentence(),
        detail=detail,
        remark=first,
    )


def make_table(
    string: str, reading: Reading, models: Sequence[Model], watched: Sequence[Watched]
) -> dict[str, Sequence]:
    """Return what the player draws as columns: a row a symbol, positions from 1."""
    columns = {
        "position": np.arange(1, len(string) + 1),
        "symbol": list(string),
        "true count": np.where(
            np.arange(len(string)) < reading.legal, reading.closings.sum(axis=1), np.nan
        ),
    }
    for model, one in zip(models, watched, strict=True):
        columns[f"{model.name}: count"] = one.counts
        columns[f"{model.name}: says open"] = one.says_open
        columns[f"{model.name}: wrong"] = one.mistakes
    return columns
