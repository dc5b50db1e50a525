"""When and why a model lost the count on a string."""

from __future__ import annotations

from typing import Annotated

import typer

from countviz.cli import Answer, AsJson, FileCell, FileLanguage, ModelName, app, find_model
from countviz.cli import show_examples as show
from countviz.commands.base import Out, OutTable, Precision, String, answer, run
from countviz.commands.text import tabulate

AXES = ("closes-left", "state")
Axis = Annotated[str, typer.Option("--axis", help="closes-left, or the state of a single unit.")]
Counter = Annotated[int | None, typer.Option("--counter", help="Of the language's, from 0.")]
Deepest = Annotated[int, typer.Option("--deepest", min=2, max=500, help="The largest count.")]


@app.command(
    epilog=show(
        "failure gru1-dyck1/0 nested-100",
        "failure lstm1-dyck1/1 '(()(())' --precision float16 --json",
    )
)
def failure(
    model: ModelName,
    string: String,
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Precision = "float64",
    out: OutTable = None,
    as_json: AsJson = False,
) -> Answer:
    """Find the first mistake on a string, its kind, and when the string was already lost.

    Positions count from 0 in the document and from 1 in the text. A kind is early-zero, stuck-open,
    or none.
    """
    from countviz.analysis import find_failure, find_no_return

    done = run(find_model(model, cell, language), string, precision)
    found, lost = find_failure(done), find_no_return(done)
    lines = [f"{found.sentence()}{f' ({found.kind})' if found.kind else ''}", lost.sentence()]
    if found.position is not None:
        at = f"at {lost.noun} {found.position + 1:,}"
        lines.insert(1, f"{at} it says: {found.says}; in fact {found.truth}")
    places = {"first_failure": found.position, "point_of_no_return": lost.position}
    return answer(found, "\n".join(lines), as_json, out, **places)


@app.command(epilog=show("no-return gru1-dyck1/0 nested-100", "no-return lstm5-dyck1 - --json < s"))
def no_return(
    model: ModelName,
    string: String,
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Precision = "float64",
    out: OutTable = None,
    as_json: AsJson = False,
) -> Answer:
    """Find the first step after which just closing everything open already goes wrong."""
    from countviz.analysis import find_no_return

    lost = find_no_return(run(find_model(model, cell, language), string, precision))
    text = " ".join(filter(None, [lost.sentence(), lost.reason()]))
    return answer(lost, text, as_json, out, point_of_no_return=lost.position)


@app.command(
    epilog=show(
        "corridor gru1-dyck1/0 nested-100 --out corridor.html",
        "corridor lstm1-dyck1/0 nested-300 --axis state --json",
    )
)
def corridor(
    model: ModelName,
    string: String,
    cell: FileCell = None,
    language: FileLanguage = None,
    axis: Axis = AXES[0],
    counter: Counter = None,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Follow a model through the values from which it could still finish a string correctly.

    Strings may have up to 20,000 symbols.
    """
    from countviz.analysis import measure_corridor, measure_state_corridor
    from countviz.figures import plot_corridor, plot_state_corridor

    if axis not in AXES:
        raise ValueError(f"no axis named {axis!r}; there are: {', '.join(AXES)}")
    if axis == AXES[1] and counter is not None:
        raise ValueError(f"--counter {counter} came beside --axis {axis}, which has no counters")
    done = run(find_model(model, cell, language), string, precision)
    if axis == AXES[1]:
        report = measure_state_corridor(done)
        return answer(report, report.sentence(), as_json, out, plot_state_corridor)
    report = measure_corridor(done, counter)
    return answer(report, report.sentence(), as_json, out, plot_corridor)


@app.command(epilog=show("round-trip lstm1-dyck1/0", "round-trip gru2-dyck1 --json"))
def round_trip(
    model: ModelName,
    cell: FileCell = None,
    language: FileLanguage = None,
    deepest: Deepest = 30,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Say what one opening and its closing leave behind, at every count."""
    from countviz.analysis import round_trip as measure
    from countviz.figures import plot_round_trip

    trip = measure(find_model(model, cell, language), precision, deepest)
    rows = zip(trip.counts, trip.multipliers, trip.displacements, trip.trips, strict=True)
    table = [["count", "multiplier", "moved by", "trips"]]
    table += [[str(n), f"{m:.4g}", f"{d:+.2g}", str(k)] for n, m, d, k in rows]
    return answer(trip, f"{trip.sentence()}\n\n{tabulate(table)}", as_json, out, plot_round_trip)


@app.command(epilog=show("diagnosis gru1-dyck1/0 nested-100", "diagnosis relu1-dyck1/0 '()()'"))
def diagnosis(
    model: ModelName,
    string: String,
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Precision = "float64",
    out: OutTable = None,
    as_json: AsJson = False,
) -> Answer:
    """Say in three lines why a model lost the count on a string of up to 20,000 symbols."""
    from countviz.analysis import diagnose

    found = diagnose(run(find_model(model, cell, language), string, precision))
    lines = [f"{number}. {line.title}. {line.text}" for number, line in enumerate(found.lines, 1)]
    return answer(found, "\n".join(lines), as_json, out)
