"""How far a model can be trusted on any string, and the shortest one that fools it."""

from __future__ import annotations

from countviz.cli import Answer, AsJson, FileCell, FileLanguage, ModelName, app, find_model
from countviz.cli import show_examples as show
from countviz.commands.base import OutTable, Precision, answer


@app.command(epilog=show("horizon gru1-dyck1/0", "horizon exact-relu --precision float16 --json"))
def horizon(
    model: ModelName,
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Precision = "float64",
    out: OutTable = None,
    as_json: AsJson = False,
) -> Answer:
    """Find up to which length every string is judged right, and a shortest one that is not."""
    from countviz.analysis import find_horizon
    from countviz.analysis.failure.nesting import DEEPEST_TRIED

    found = find_horizon(find_model(model, cell, language), precision)
    lines = [found.sentence(), f"rests on   {found.engine}, in {found.precision}"]
    if found.failing_string is not None:
        lines.append(f"fooled by  {found.failing_string}")
    if found.nesting_horizon is not None:
        least = "at least " * (found.nesting_horizon == DEEPEST_TRIED)
        lines.append(f"nests      {least}{found.nesting_horizon:,} deep")
    return answer(found, "\n".join(lines), as_json, out)
