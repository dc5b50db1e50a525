"""Train a family of models, and compile beforehand what that and tracing need."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countviz.cli import Answer, AsJson, app, show_examples, show_progress
from countviz.commands.text import describe_progress, strict, suggest_trace

if TYPE_CHECKING:
    from countviz.history import Progress
    from countviz.models import Spec


MOST_SEEDS, LARGEST_SEED = 1_000, 10**8


@app.command(
    epilog=show_examples(
        "train --out checkpoints/my-lstm --seeds 0-99",
        "train --out checkpoints/my-gru --cell gru --units 2 --language shuffle2 --epochs 5",
    )
)
def train(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="New, named like the family.")],
    cell: Annotated[str, typer.Option(help="lstm, gru, relu, tanh or linear.")] = "lstm",
    units: Annotated[int, typer.Option(help="1 to 64.")] = 1,
    language: Annotated[str, typer.Option(help="As in dyck1, shuffle2.")] = "dyck1",
    seeds: Annotated[str, typer.Option(help="As in 7, 0-99 or 0-9,20.")] = "0",
    epochs: Annotated[int, typer.Option(help="1 to 1000.")] = 20,
    batch_size: Annotated[int, typer.Option(help="Strings an update, 1 to 512.")] = 1,
    learning_rate: Annotated[
        float | None,
        typer.Option(help="Up to 1.", show_default="0.001 for gru, 0.01 for others"),
    ] = None,
    precision: Annotated[str, typer.Option(help="float32 or float64.")] = "float32",
    repeat: Annotated[bool, typer.Option(help="Strings may repeat: needed for anbn.")] = False,
    as_json: AsJson = False,
) -> Answer:
    """Train a family of models by the published protocol."""
    from countviz.models import Spec, Training

    rate = {"gru": 0.001}.get(cell, 0.01) if learning_rate is None else learning_rate
    recipe = Training(
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=rate,
        precision=precision,
        distinct=not repeat,
    )
    spec = Spec(language=language, cell=cell, units=units, recipe=recipe)
    wanted = read_seeds(seeds)
    _check_folder(out)
    best = _train_family(spec, wanted, out)
    return _show_family(spec, out, best, as_json)


def read_seeds(text: str) -> tuple[int, ...]:
    """Return the seeds that a text such as ``0-9,20`` names, each once and in order."""
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\d{1,9})(-(\d{1,9}))?", part.strip())
        first, last = (int(match[1]), int(match[3] or match[1])) if match else (1, 0)
        if not first <= last <= LARGEST_SEED:
            raise ValueError(
                f"seeds are given as in 7, 0-99 or 0-9,20, up to {LARGEST_SEED:,}; {part!r} came"
            )
        if last - first >= MOST_SEEDS or len(found) > MOST_SEEDS:
            raise ValueError(f"{text!r} names more than {MOST_SEEDS:,} seeds")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def _check_folder(folder: Path) -> None:
    """Refuse before training what could not be saved after it."""
    from countviz.checkpoints import check_name

    check_name(folder.name)
    if folder.exists():
        raise FileExistsError(f"{folder} exists already; nothing was trained")
    folder.parent.mkdir(parents=True, exist_ok=True)


def _train_family(spec: Spec, seeds: Sequence[int], folder: Path) -> list[Progress]:
    """Train and save a family; return what was reported of each seed's best epoch."""
    from countviz import training
    from countviz.checkpoints import save_family

    reports = {}
    with show_progress((spec.recipe.epochs + 1) * len(seeds)) as advance:

        def report(progress: Progress) -> None:
            reports[progress.seed, progress.epoch] = progress
            advance(describe_progress(progress))

        family = training.train(spec, seeds, folder.name, report)
    save_family(family, folder.parent)
    return [reports[seed, family.best_epoch(seed)] for seed in family.seeds]


def _show_family(spec: Spec, folder: Path, best: list[Progress], as_json: bool) -> Answer:
    from countviz.checkpoints import library_folder

    measured = "validation_loss", "validation_accuracy"
    seeds = [
        {"seed": one.seed, "best_epoch": one.epoch} | {key: getattr(one, key) for key in measured}
        for one in best
    ]
    lines = [
        f"seed {one.seed}: best epoch {one.epoch}, validation loss {one.validation_loss:.3g}, "
        f"accuracy {one.validation_accuracy:.2%}"
        for one in best
    ]
    name, where = folder.name, str(folder)
    document = {"family": name, "folder": where, "seeds": seeds, "identity": spec.identity}
    look = suggest_trace(name, spec)
    if folder.parent.resolve() != library_folder().resolve():
        look = f"COUNTVIZ_CHECKPOINTS={shlex.quote(str(folder.parent))} {look}"
    text = "\n".join([*lines, f"wrote {where}; look at it:", look])
    return Answer(strict(document), text, as_json)


@app.command(epilog=show_examples("warm", "warm --all"))
def warm(
    everything: Annotated[bool, typer.Option("--all", help="Also training in float64.")] = False,
    as_json: AsJson = False,
) -> Answer:
    """Compile now what tracing needs, for every cell and precision, and training in float32."""
    from countviz.arithmetic.precision import PRECISIONS
    from countviz.cells import CELLS
    from countviz.warming import warm_all

    started = time.perf_counter()
    trained = ("float32", "float64") if everything else ("float32",)
    work = [(cell, one, one in trained) for cell, one in product(CELLS, PRECISIONS)]
    with show_progress(len(work)) as advance:
        for cell, precision, _ in warm_all(work):
            advance(f"{cell} in {precision}")
    seconds = time.perf_counter() - started
    return Answer({"seconds": round(seconds, 1)}, f"ready after {seconds:.1f} s", as_json)
