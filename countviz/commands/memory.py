"""What a memory holds on a string, and how soon it forgets."""

from __future__ import annotations

from typing import Annotated

import typer

from countviz.cli import Answer, AsJson, FileCell, FileLanguage, ModelName, app, find_model
from countviz.cli import show_examples as show
from countviz.commands.base import Out, Precision, String, answer, run

Which = Annotated[int, typer.Option("--stack", help="Which of its stacks, counted from 0.")]
Actions = Annotated[str, typer.Option("--actions", help="soft, or hard: the strongest alone.")]


@app.command(
    epilog=show(
        "stack exact-stack-dyck1 '(()(()))'",
        "stack stack-rnn4-dyck1 nested-40 --actions hard --out stack.html",
    )
)
def stack(
    model: ModelName,
    string: String,
    cell: FileCell = None,
    language: FileLanguage = None,
    which: Which = 0,
    at: Annotated[int | None, typer.Option(help="Around which symbol, from 0.")] = None,
    actions: Actions = "soft",
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Say what is done to a stack, and how full its cells are; of a long string, 400 symbols."""
    from countviz.analysis import measure_stack
    from countviz.figures import plot_stack_picture

    done = run(find_model(model, cell, language), string, precision, actions)
    report = measure_stack(done, which, at)
    return answer(report, report.sentence(), as_json, out, plot_stack_picture)


@app.command(epilog=show("forgetting exact-stack-dyck1", "forgetting stack-rnn4-dyck1/3 --json"))
def forgetting(
    model: ModelName,
    cell: FileCell = None,
    language: FileLanguage = None,
    which: Which = 0,
    actions: Actions = "soft",
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Say how sure a stack's actions are, and how soon it forgets half of what it holds."""
    from countviz.analysis import measure_forgetting
    from countviz.figures import plot_forgetting

    found = find_model(model, cell, language)
    report = measure_forgetting(found, precision, actions, which)
    if report is None:
        raise ValueError(
            f"{found.name} has no superposition stack, or its language nothing that opens and "
            "closes; exact-stack-dyck1 has both"
        )
    return answer(
        report,
        report.sentence(),
        as_json,
        out,
        lambda one, theme: plot_forgetting([(one.model.name, one)], theme),
    )
