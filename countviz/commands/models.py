"""What models there are: list them, write one to a file, make the shipped ones again."""

from __future__ import annotations

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
    show_progress,
)
from countviz.commands.text import describe_progress, suggest_trace, tabulate

if TYPE_CHECKING:
    from countviz.checkpoints import Family


@app.command(epilog=show_examples("models", "models --json"))
def models(as_json: AsJson = False) -> Answer:
    """List the models there are."""
    from countviz.checkpoints import load_library

    families, problems = load_library()
    remarks = problems if families else [*problems, "there are no models to list"]
    listed = [describe_family(family) for family in families.values()]
    rows = [["name", "language", "cell", "units", "seeds", "epochs", "lengths", "accuracy"]]
    for one in listed:
        lengths, percent = one["training_lengths"], f"{one['validation_accuracy']:.2%}"
        lengths = "{} to {}".format(*lengths) if lengths else one["recipe"]
        named = [one[key] for key in rows[0][:4]]
        rows.append([*named, len(one["seeds"]), one["epochs"][-1], lengths, percent])
    document = {"models": listed, "problems": problems}
    return Answer(document, tabulate(rows), as_json, remarks)


def describe_family(family: Family) -> dict[str, Any]:
    """Return a family as JSON has it; its accuracy is that of its default member."""
    recipe, best = family.spec.recipe, family.best_seed()
    trained = recipe is not None and recipe.kind == "training"
    return {
        "name": family.name,
        "language": family.spec.language,
        "cell": family.spec.cell,
        "units": family.spec.units,
        "memory": family.spec.memory and family.spec.memory.model_dump(),
        "seeds": family.seeds,
        "epochs": family.epochs,
        "training_lengths": [recipe.shortest, recipe.longest] if trained else None,
        "validation_accuracy": family.validation_accuracy(best),
        "best_seed": best,
        "best_epoch": family.best_epoch(best),
        "recipe": "training" if trained else "hand-set",
    }


@app.command(
    epilog=show_examples(
        "export lstm1-dyck1 -o best.safetensors",
        "export lstm1-dyck1/3@20 -o best.safetensors --force",
    )
)
def export(
    model: ModelName,
    out: Annotated[Path, typer.Option("--out", "-o", help="The .safetensors file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    cell: FileCell = None,
    language: FileLanguage = None,
    as_json: AsJson = False,
) -> Answer:
    """Write one model to a file as PyTorch names its weights."""
    from countviz.weight_files import export_file

    if out.suffix != ".safetensors":
        raise ValueError(f"{out} does not end in .safetensors, the one kind that is written")
    found = find_model(model, cell, language)
    if out.exists() and not force:
        raise FileExistsError(f"{out} exists already; --force replaces it")
    export_file(found, out)
    document = {"model": found.name, "weights_sha256": found.weights_sha256, "file": str(out)}
    kind = "--cell", found.spec.cell, "--language", found.spec.language
    look = suggest_trace(str(out), found.spec, *kind)
    return Answer(document, f"wrote {out}; look at it:\n{look}", as_json)


@app.command(epilog=show_examples("library", "library --root my-library --json"))
def library(
    root: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="By default where the shipped ones are.")
    ] = None,
    as_json: AsJson = False,
) -> Answer:
    """Make the shipped models again, in place of those there."""
    from countviz.folders import SHIPPED
    from countviz.studies.library import HAND_SET, TRAINED, make_library

    root = root or SHIPPED
    epochs = [len(seeds) * (spec.recipe.epochs + 1) for spec, seeds in TRAINED.values()]
    with show_progress(sum(epochs)) as advance:
        make_library(root, lambda name, one: advance(f"{name} {describe_progress(one)}"))
    families = [*HAND_SET, *TRAINED]
    document = {"root": str(root), "families": families}
    return Answer(document, f"wrote {', '.join(families)} to {root}", as_json)
