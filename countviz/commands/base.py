"""What the commands that look inside a model share: their options, and how they give a report.

A report's fields are the keys of the JSON document, the columns of its frame those of the CSV
file, and its figure is the page that is written.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from countviz.cli import Answer
from countviz.commands.text import strict

if TYPE_CHECKING:
    from countviz.figures.theme import Figure, Theme
    from countviz.models import Model
    from countviz.traces import Trace

Precision = Annotated[str, typer.Option("--precision", help="Or float32, float16, bfloat16.")]
Out = Annotated[Path | None, typer.Option("--out", help="A .json, .csv or .html file to write.")]
OutTable = Annotated[Path | None, typer.Option("--out", help="A .json or .csv file to write.")]
String = Annotated[
    str, typer.Argument(metavar="STRING", help="The symbols, or a name as in nested-1000; - reads.")
]
KINDS = (".json", ".csv", ".html")


def run(model: Model, string: str, precision: str, actions: str = "soft") -> Trace:
    """Run a model on a string that a person gave: symbols, the name of some, or - for a pipe."""
    from countviz.languages.names import is_name, make_string
    from countviz.languages.text import COMMAND_LIMIT, check_length, read_text
    from countviz.traces import trace

    if string == "-":  # of an endless input only so much is read that it is refused
        string = sys.stdin.read(2 * COMMAND_LIMIT).rstrip()
    if model.language.name == "dyck1" and is_name(string):
        string = make_string(string)
    check_length(string, COMMAND_LIMIT)
    text = read_text(string, model.language)
    if text.foreign_count:
        raise ValueError(text.sentence())
    return trace(model, text.string, precision, actions)


def answer(
    report: Any,  # noqa: ANN401
    text: str,
    as_json: bool,
    out: Path | None = None,
    plot: Callable[[Any, Theme], Figure] | None = None,
    **extra: object,
) -> Answer:
    """Give a report as the answer of a command, and write it into a file if one is named.

    Parameters
    ----------
    report
        A frozen dataclass; its fields are the document's keys.
    text
        What is printed without --json.
    as_json, out
        As the options say.
    plot
        What draws the report; without it no .html file can be written.
    extra
        Further keys of the document.

    """
    document = strict({**describe(report), **{k: describe(v) for k, v in extra.items()}})
    if out is not None:
        _write(out, report, document, plot)
        text = f"{text}\nwrote {out}"
    return Answer(document, text, as_json)


def describe(value: Any) -> Any:  # noqa: ANN401
    """Return what JSON has for a value: fields and arrays taken apart, a model by its name."""
    import numpy as np

    from countviz.models import Model
    from countviz.traces import Trace

    if isinstance(value, Model):
        return value.name
    if isinstance(value, Trace):
        return {"model": value.model.name, "string": value.string, "precision": value.precision}
    if dataclasses.is_dataclass(value):
        return {one.name: describe(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): describe(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [describe(one) for one in value]
    return value


def _write(out: Path, report: Any, document: dict, plot: Callable | None) -> None:  # noqa: ANN401
    kinds = KINDS if plot else KINDS[:2]
    if out.suffix not in kinds:
        raise ValueError(f"{out} ends in none of {', '.join(kinds)}, the kinds that are written")
    if out.suffix == ".json":
        written = json.dumps(document) + "\n"
    elif out.suffix == ".csv":
        written = report.to_frame().to_csv(index=False, lineterminator="\n")
    else:
        from countviz.figures.theme import THEMES, to_page

        written = to_page(plot(report, THEMES["light"]), report.sentence(), THEMES["light"])
    out.write_text(written, encoding="utf-8", newline="")
