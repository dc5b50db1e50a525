"""One model on one string: what it says, and where it stops counting."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from countviz.cli import (
    Answer,
    AsJson,
    FileCell,
    FileLanguage,
    ModelName,
    app,
    find_model,
    show_examples,
)
from countviz.commands.text import strict, tabulate
from countviz.words import count_nouns

if TYPE_CHECKING:
    import numpy as np

    from countviz.traces import Trace, Window

STEPS, UNITS, SYMBOLS = 12, 4, 60  # how many of them are shown in a terminal


@app.command(
    epilog=show_examples(
        "trace exact-lstm '(())'",
        "trace lstm1-dyck1/3@20 '(()' --precision float16 --json",
        "trace my.safetensors '()()' --cell lstm --language dyck1 --out steps.csv",
        "trace gru1-dyck1 - --window 500000 --json < long.txt",
        "trace exact-stack-dyck2 '([])' --actions hard",
    )
)
def trace(
    model: ModelName,
    string: Annotated[str, typer.Argument(help="The symbols; - reads standard input.")],
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Annotated[str, typer.Option(help="Or float32, float16, bfloat16.")] = "float64",
    actions: Annotated[str, typer.Option(help="Of stacks: soft, or hard ones alone.")] = "soft",
    window: Annotated[int | None, typer.Option(metavar="START", help="First step given.")] = None,
    out: Annotated[Path | None, typer.Option(help="A .csv or .json file for the steps.")] = None,
    as_json: AsJson = False,
) -> Answer:
    """Run a model on a string and say where it stops counting.

    Without a seed or an epoch the best is taken. Of more than 20,000 steps, counted from 0, only
    2,048 are given: around the first failure, else the last.
    """
    from countviz.languages.text import COMMAND_LIMIT, check_length, read_text
    from countviz.traces import trace as run

    if out and out.suffix not in (".csv", ".json"):
        raise ValueError(f"{out} ends in neither .csv nor .json, the two kinds that are written")
    found = find_model(model, cell, language)
    if string == "-":  # of an endless input only so much is read that it is refused
        string = sys.stdin.read(2 * COMMAND_LIMIT).rstrip()
    check_length(string, COMMAND_LIMIT)
    text = read_text(string, found.language)
    if text.foreign_count:
        raise ValueError(text.sentence())
    done = run(found, text.string, precision, actions)
    view = done.window(*done.default_window()) if window is None else done.window(window)
    document = describe_trace(done, view)
    if out:
        written = to_csv(document) if out.suffix == ".csv" else json.dumps(document) + "\n"
        out.write_text(written, encoding="utf-8", newline="")
    remarks = [text.sentence()] if text.skipped else []
    return Answer(document, f"wrote {out}" if out else tell_trace(done), as_json, remarks)


def describe_trace(done: Trace, view: Window) -> dict[str, Any]:
    """Return a trace as JSON has it; None is what is undefined for a string, or not finite."""
    return strict(
        {
            "model": done.model.name,
            "weights_sha256": done.model.weights_sha256,
            "language": done.model.language.name,
            "string": done.string,
            "precision": done.precision,
            **_describe_truth(done, view),
            "first_failure": done.first_failure,
            "internals": {name: rows.tolist() for name, rows in view.internals.items()},
            "memory": {name: rows.tolist() for name, rows in view.memory.items()},
            "window": [view.start, view.stop],
        }
    )


def _describe_truth(done: Trace, view: Window) -> dict[str, Any]:
    """Return the read-out of a window, and beside it the truth or the best that can be foretold."""
    from countviz.analysis import foretell
    from countviz.languages import NEXT_SYMBOL

    reading, legal = done.reading, slice(view.start, min(view.stop, done.reading.legal))
    undefined = [None] * (view.stop - max(legal.start, legal.stop))
    counts = reading.counts[:, 0] if reading.counts.shape[1] == 1 else reading.counts
    counted = {"counts": counts[legal].tolist() + undefined}
    if done.model.language.scoring == NEXT_SYMBOL:
        found = foretell(done, view.start, view.stop)
        best, own = found.chances.tolist(), found.probabilities.tolist()
        return counted | {"chances": best, "probabilities": own}
    return counted | {
        "targets": reading.targets[legal].astype(int).tolist() + undefined,
        "outputs": view.outputs.tolist(),
        "verdicts": done.verdicts[view.start : view.stop].astype(int).tolist(),
    }


def to_csv(document: dict[str, Any]) -> str:
    """Return the steps of a described trace, one a row; what is undefined is empty."""
    from countviz.languages import find_language

    language = find_language(document["language"])
    start, stop = document["window"]
    columns = {"position": range(start, stop), "symbol": document["string"][start:stop]}

    names = {"targets": "target", "outputs": "output", "verdicts": "verdict"}
    names |= {"chances": "chance", "probabilities": "probability"}
    tables = {
        name: (document[key], language.alphabet) for key, name in names.items() if key in document
    }
    if len(language.closers) == 1:
        columns["count"] = document["counts"]
    elif language.closers:
        tables = {"count": (document["counts"], range(1, len(language.closers) + 1))} | tables
    for name, rows in document["internals"].items():
        tables[name] = rows, range(len(rows[0]) if rows else 0)
    for name, stacks in document["memory"].items():
        for k, rows in enumerate(zip(*stacks, strict=True)):
            tables[f"{name}_{k}"] = rows, range(len(rows[0]))
    for name, (rows, labels) in tables.items():
        for k, label in enumerate(labels):
            columns[f"{name}_{label}"] = [row and row[k] for row in rows]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([columns, *zip(*columns.values(), strict=True)])
    return file.getvalue()


def tell_trace(done: Trace) -> str:
    """Return a trace in words, and its steps around the first failure (else the last legal)."""
    spec, string, end = done.model.spec, done.string, SYMBOLS // 2 - 2
    shown = string if len(string) <= SYMBOLS else f"{string[:end]} .. {string[-end:]}"
    units, symbols = count_nouns(spec.units, "unit"), count_nouns(len(string), "symbol")
    lines = [
        f"model      {done.model.name} ({spec.cell}, {units}, {spec.language})",
        f"string     {shown} ({symbols})",
        f"precision  {done.precision}",
        f"verdict    {tell_verdict(done)}",
    ]
    centre = done.reading.legal if done.first_failure is None else done.first_failure
    start = max(0, min(centre - STEPS // 2, len(string) - STEPS))
    return "\n".join([*lines, "", _tabulate_steps(done, done.window(start, start + STEPS))])


def tell_verdict(done: Trace) -> str:
    """Say in one sentence whether a model counted, and if not, where and how it erred."""
    from countviz.analysis import foretell
    from countviz.languages import NEXT_SYMBOL

    if done.model.language.scoring == NEXT_SYMBOL:
        return foretell(done, 0, len(done.string)).sentence()
    reading, length, at = done.reading, len(done.string), done.first_failure
    if at is None:
        right = f"right for all {count_nouns(reading.legal, 'symbol')}"
        if reading.legal == length:
            return right
        symbol, place = done.string[reading.legal], f"symbol {reading.legal + 1:,} of {length:,}"
        return f"{right} before {place}: {symbol} may not come there"
    alphabet, verdicts = done.model.language.alphabet, done.verdicts[at]
    wrong = (verdicts != reading.targets[at]).nonzero()[0]
    says = (f"{alphabet[v]} may {'come' if verdicts[v] else 'not come'}" for v in wrong)
    counts = reading.counts[at].tolist()
    truth = f"{' and '.join(map(str, counts))} {'is' if counts == [1] else 'are'} open"
    place = f"symbol {at + 1:,} of {length:,} (position {at:,} counting from 0)"
    return f"first wrong at {place}: says {' and '.join(says)}, while {truth}"


def _tabulate_steps(done: Trace, view: Window) -> str:
    alphabet, reading, letter = done.model.language.alphabet, done.reading, done.model.cell.counter
    units = min(UNITS, done.model.spec.units)
    names = [f"{letter}_{unit}" for unit in range(units)]
    rows = [["symbol", "", "open", "may come", "it says", *names, ""]]

    def symbols(allowed: np.ndarray) -> str:
        return "".join(symbol for symbol, one in zip(alphabet, allowed, strict=True) if one)

    for t, values in enumerate(view.internals[letter][:, :units].tolist(), view.start):
        truth = ["", "not legal"]
        if t < reading.legal:
            truth = [" ".join(map(str, reading.counts[t])), symbols(reading.targets[t])]
        mark = "wrong" if done.mistakes[t] else ""
        numbers = [f"{value:.4g}" for value in values]
        rows.append([t + 1, done.string[t], *truth, symbols(done.verdicts[t]), *numbers, mark])
    return tabulate(rows)
