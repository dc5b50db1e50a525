"""How far on the gates of a model are, and whether training saturates them."""

from __future__ import annotations

from typing import Annotated

import typer

from countviz.cli import Answer, AsJson, FileCell, FileLanguage, ModelName, app, find_model
from countviz.cli import show_examples as show
from countviz.commands.base import Out, Precision, String, answer, run
from countviz.commands.text import tabulate

Unit = Annotated[int | None, typer.Option("--unit", help="Whose gates are listed, counted from 0.")]
Seeds = Annotated[bool, typer.Option("--seeds", help="Of all seeds of the family, by epoch.")]


@app.command(
    epilog=show(
        "saturation lstm1-dyck1/1 '(()())' --precision float32",
        "saturation lstm5-dyck1 nested-60 --unit 2 --out strips.html",
        "saturation gru1-dyck1 zigzag-10x5 --seeds --json",
    )
)
def saturation(
    model: ModelName,
    string: String,
    cell: FileCell = None,
    language: FileLanguage = None,
    unit: Unit = None,
    seeds: Seeds = False,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Say how far on every gate is: linear, nearly on or off, or exactly so in the precision.

    With --seeds, say what training does to the gates: every seed reads the beginning of the string
    after every epoch. Strings may have up to 20,000 symbols.
    """
    from countviz.analysis import measure_saturation
    from countviz.figures import plot_saturation

    done = run(find_model(model, cell, language), string, precision)
    if seeds and unit is not None:
        raise ValueError(f"--unit {unit} came beside --seeds, which reads all units; one is right")
    if seeds:
        return _summarise_seeds(model, done.string, precision, out, as_json)
    report = measure_saturation(done, unit or 0)
    rows = report.bounds_in_words()
    table = tabulate([list(rows[0]), *(list(row.values()) for row in rows)]) if rows else ""
    text = "\n\n".join(filter(None, [report.sentence(), table]))
    return answer(report, text, as_json, out, plot_saturation)


def _summarise_seeds(model: str, string: str, precision: str, out: Out, as_json: bool) -> Answer:
    from countviz.analysis import measure_seed_saturation
    from countviz.checkpoints import load_family, split_address
    from countviz.figures import plot_seed_saturation

    if model.endswith(".safetensors"):
        raise ValueError(f"{model} is one model; --seeds needs a family, as in lstm1-dyck1")
    report = measure_seed_saturation(load_family(split_address(model)[0]), string, precision)
    if report is None:
        raise ValueError(f"{model} squashes nothing: there is no gate to be saturated")
    told = [report.sentence(gate) for gate in range(len(report.gates))]
    return answer(report, "\n".join(told), as_json, out, plot_seed_saturation)
