"""A model's weights and its state: how far they are from exact, and what a slip of one does."""

from __future__ import annotations

from typing import Annotated

import typer

from countviz.cli import Answer, AsJson, FileCell, FileLanguage, ModelName, app, find_model
from countviz.cli import show_examples as show
from countviz.commands.base import Out, Precision, String, answer, run
from countviz.commands.text import tabulate


@app.command(epilog=show("exactness relu1-dyck1/1", "exactness exact-lstm --precision float16"))
def exactness(
    model: ModelName,
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Check every condition under which a model's units count exactly."""
    from countviz.analysis import check_exactness
    from countviz.figures import plot_exactness

    found = check_exactness(find_model(model, cell, language), precision)
    lines = [found.sentence()]
    if found.conditions:
        rows = [["unit", "condition", "holds", "ideal", "value", "missing", "badge"]]
        for one in found.conditions:
            numbers = f"{one.ideal:.6g}", f"{one.value:.6g}", one.say_residual()
            holds = "yes" if one.met else "no"
            rows.append([one.unit + 1, one.name, holds, *numbers, one.badge])
        lines += ["", tabulate(rows)]
    drawn = plot_exactness if found.nearest or found.capacity else None
    return answer(found, "\n".join(lines), as_json, out, drawn)


@app.command(
    epilog=show(
        "intervene exact-lstm '(((())))' --at 3 --delta 1",
        "intervene lstm1-dyck1/1 nested-100 --at 50 --delta -0.5 --json",
    )
)
def intervene(
    model: ModelName,
    string: String,
    at: Annotated[int, typer.Option(help="After which symbol, counted from 0.")],
    delta: Annotated[float, typer.Option(help="What is added, in the internal's own unit.")],
    unit: Annotated[int, typer.Option(help="To which unit, counted from 0.")] = 0,
    internal: Annotated[str | None, typer.Option(help="To what of its state, as c or h.")] = None,
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Change a model's state after one symbol of a string, and see every later verdict."""
    from countviz.analysis import intervene as patch
    from countviz.figures import plot_intervention

    done = run(find_model(model, cell, language), string, precision)
    found = patch(done, at, delta, unit, internal)
    lines = [found.sentence()]
    for name, failure in (
        ("before", found.original_failure),
        ("after", found.patched_failure),
    ):
        said = "none" if failure is None else f"symbol {failure + 1:,}"
        lines.append(f"first mistake {name:6}  {said}")
    return answer(found, "\n".join(lines), as_json, out, plot_intervention)
