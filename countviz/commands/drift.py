"""How far a model's count drifts, what one step does to it, and how deep that lets it count."""

from __future__ import annotations

from typing import Annotated

import typer

from countviz.cli import Answer, AsJson, FileCell, FileLanguage, ModelName, app, find_model
from countviz.cli import show_examples as show
from countviz.commands.base import Out, OutTable, Precision, String, answer, run
from countviz.commands.text import tabulate

Reading = Annotated[str, typer.Option("--reading", help="state, or closes-left.")]


@app.command(
    epilog=show(
        "drift lstm1-dyck1/1 --family nested --lengths 10,100,1000",
        "drift gru1-dyck1 --family zigzag --peak 20 --lengths 1000,1000000 --json",
        "drift relu1-dyck1 --family random --strings 50 --seed 3 --out drift.html",
    )
)
def drift(
    model: ModelName,
    cell: FileCell = None,
    language: FileLanguage = None,
    family: Annotated[str, typer.Option(help="nested, zigzag, flat or random.")] = "nested",
    lengths: Annotated[str, typer.Option(help="Total symbols, with commas.")] = "10,100,1000",
    peak: Annotated[int, typer.Option(help="Of a zigzag, in brackets.")] = 10,
    strings: Annotated[int, typer.Option(help="Random ones a length.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Of the random ones.")] = 0,
    reading: Reading = "state",
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Say how far the count is off on longer and longer strings: decoded - true, in brackets."""
    from countviz.analysis import measure_drift
    from countviz.figures import plot_drift

    found = find_model(model, cell, language)
    report = measure_drift(
        found, family, _read_lengths(lengths), precision, peak, strings, seed, reading
    )
    parts = report.sentence(), report.outcome_sentence(), report.failure_sentence()
    columns = (report.lengths, report.mean_drift, report.max_abs_drift, report.accuracy)
    rows = [["length", "mean drift", "largest", "right", "first mistake"]]
    for length, mean, largest, right, fpf in zip(*columns, report.mean_fpf, strict=True):
        first = "none" if right == 1 else f"{fpf + 1:,.0f}"
        rows.append([f"{length:,}", f"{mean:.4g}", f"{largest:.4g}", f"{right:.0%}", first])
    text = "\n".join([*parts, "", tabulate(rows)])
    return answer(report, text, as_json, out, plot_drift, retention=report.retention)


@app.command(
    epilog=show("drift-along lstm1-dyck1/1 zigzag-10x50", "drift-along gru1-dyck1 '(()())' --json")
)
def drift_along(
    model: ModelName,
    string: String,
    cell: FileCell = None,
    language: FileLanguage = None,
    reading: Reading = "state",
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Say how far the count is off after every symbol of a string."""
    from countviz.analysis import measure_drift_along
    from countviz.figures import plot_drift_along

    report = measure_drift_along(run(find_model(model, cell, language), string, precision), reading)
    return answer(report, report.sentence(), as_json, out, plot_drift_along)


@app.command(epilog=show("failure-by-depth gru1-dyck1/0", "failure-by-depth exact-relu --json"))
def failure_by_depth(
    model: ModelName,
    cell: FileCell = None,
    language: FileLanguage = None,
    length: Annotated[int, typer.Option(help="Of every string, in symbols.")] = 2_000,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Find the first mistake on zigzags of one length with lower and higher peaks."""
    from countviz.analysis import measure_failure_by_depth
    from countviz.figures import plot_failure_by_depth

    report = measure_failure_by_depth(find_model(model, cell, language), precision, length)
    return answer(report, report.sentence(), as_json, out, plot_failure_by_depth)


@app.command(epilog=show("read-out lstm1-dyck1/1", "read-out relu1-dyck1 --json"))
def read_out(
    model: ModelName,
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Precision = "float64",
    out: OutTable = None,
    as_json: AsJson = False,
) -> Answer:
    """Say how a count is read from the state, and what an opening and a closing do to it."""
    from countviz.analysis import read_out as read

    report = read(find_model(model, cell, language), precision)
    rows = [["unit", "slope", "offset", "R²", ""]]
    for one in report.units:
        numbers = [f"{value:.4g}" for value in (one.slope, one.offset, one.r_squared)]
        rows.append([one.unit, *numbers, "dead" if one.dead else ""])
    return answer(report, f"{report.sentence()}\n\n{tabulate(rows)}", as_json, out)


@app.command(epilog=show("predict relu1-dyck1/1", "predict lstm1-dyck1/1 --json"))
def predict(
    model: ModelName,
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Foretell from a step, or from the weights, how deep a model counts, and say how deep it does.

    A depth is the first D at which D openings and D closings are judged wrong.
    """
    from countviz.analysis import predict_horizon
    from countviz.figures import plot_prediction

    report = predict_horizon(find_model(model, cell, language), precision)
    text = f"{report.sentence()}\nforetold   {report.badge}\nmeasured   checked"
    return answer(report, text, as_json, out, plot_prediction)


def _read_lengths(text: str) -> list[int]:
    """Return the whole numbers of a list with commas."""
    parts = text.replace("_", "").split(",")
    if not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        raise ValueError(f"--lengths {text[:80]} came; whole numbers as in 10,100,1000 are right")
    return [int(part) for part in parts]
