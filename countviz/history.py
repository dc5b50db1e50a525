"""How training went: one row a seed and epoch, in a CSV file that a person can read."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from countviz.weight_files import BadFile


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One finished epoch of one seed; losses are means over strings, accuracy is a share."""

    seed: int
    epoch: int
    train_loss: float
    validation_loss: float
    validation_accuracy: float


_COLUMNS = {field.name: field.type for field in fields(Progress)}


def write_history(rows: Iterable[Progress]) -> bytes:
    """Return the rows as a CSV file."""
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(map(asdict, rows))
    return text.getvalue().encode()


def read_history(data: bytes, where: str) -> tuple[Progress, ...]:
    """Return the rows of a CSV file; `where` names it if it has to be refused."""
    try:
        table = csv.DictReader(io.StringIO(data.decode()), strict=True)
        return tuple(
            Progress(**{name: kind(row[name]) for name, kind in _COLUMNS.items()}) for row in table
        )
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise BadFile(f"{where} does not hold {', '.join(_COLUMNS)}: {error}") from None
