"""Train a family of models, and compile beforehand what that and tracing need."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from countviz.cli import Answer, AsJson, app, show_examples, show_progress
from countviz.commands.text import describe_progress, strict, suggest_trace

if TYPE_CHECKING:
    from countviz.history import Progress
    from countviz.models import Spec


MOST_SEEDS, LARGEST_SEED = 1_000, 10**8


def _option(kind: type, text: str, **more: str) -> type:
    """Return the type of an option that is left to the protocol unless it is given."""
    return Annotated[kind | None, typer.Option(help=text, **more)]


Epochs = _option(int, "1 to 1000.", show_default="20, or 60 for next symbols")
BatchSize = _option(int, "Strings an update, 1 to 512.", show_default="1, or 10")
Rate = _option(float, "Up to 1.", show_default="0.001 for gru, 0.01 for others")
Strings = _option(int, "How many to train on.", show_default="10000")
Shortest = _option(int, "Symbols of a string, at least.", show_default="2, or 40")
Longest = _option(int, "And at most.", show_default="50, or 80")
Clip = _option(float, "The most a gradient's norm may be.", show_default="none, or 5")
Start = _option(str, "A model to start from, as in lstm1-dyck1/3@20.", show_default="drawn")
Freeze = Annotated[str, typer.Option(help="Of controller,memory,read-out, with commas.")]
NumberOf = _option(int, "Stacks, 1 to 10.", show_default="1")
Width = _option(int, "Numbers in a cell of a stack, 1 to 64.", show_default="1")
Push = _option(str, "What is pushed: learned or hidden.", show_default="learned")
NoOp = _option(bool, "Whether a stack may be left alone.", show_default="noop")
Depth = _option(int, "Cells of a stack.", show_default="as long as the string")
States = _option(int, "Of an automaton, 1 to 4.", show_default="2")
Symbols = _option(int, "Of its stack, 1 to 8.", show_default="2")
Reads = _option(str, "What the top is added to: input or hidden.", show_default="input")


@app.command(
    epilog=show_examples(
        "train --out checkpoints/my-lstm --seeds 0-99",
        "train --out checkpoints/my-gru --cell gru --units 2 --language shuffle2 --epochs 5",
        "train --out checkpoints/my-stack --cell stack-lstm --freeze memory --stacks 2 --no-noop",
    )
)
def train(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="New, named like the family.")],
    cell: Annotated[
        str,
        typer.Option(
            help="lstm, gru, relu, tanh, linear, stack-rnn, stack-lstm, ns-rnn or strat-lstm."
        ),
    ] = "lstm",
    units: Annotated[int, typer.Option(help="1 to 64.")] = 1,
    language: Annotated[str, typer.Option(help="As in dyck1, shuffle2.")] = "dyck1",
    seeds: Annotated[str, typer.Option(help="As in 7, 0-99 or 0-9,20.")] = "0",
    epochs: Epochs = None,
    batch_size: BatchSize = None,
    learning_rate: Rate = None,
    precision: Annotated[str, typer.Option(help="float32 or float64.")] = "float32",
    repeat: Annotated[bool, typer.Option(help="Strings may repeat: needed for anbn.")] = False,
    train_strings: Strings = None,
    shortest: Shortest = None,
    longest: Longest = None,
    clip: Clip = None,
    freeze: Freeze = "",
    freeze_after: Annotated[int, typer.Option(help="Epochs in which all parts learn.")] = 0,
    start: Start = None,
    stacks: NumberOf = None,
    width: Width = None,
    push: Push = None,
    noop: NoOp = None,
    depth: Depth = None,
    reads: Reads = None,
    states: States = None,
    symbols: Symbols = None,
    as_json: AsJson = False,
) -> Answer:
    """Train a family of models by the protocol that is usual for the language."""
    given = locals()
    wanted = read_seeds(seeds)
    spec = _make_spec(given)
    _check_folder(out)
    best = _train_family(spec, wanted, out)
    return _show_family(spec, out, best, as_json)


OF_THE_RECIPE = ("epochs", "batch_size", "learning_rate", "train_strings", "clip")
OF_THE_RECIPE += ("precision", "shortest", "longest", "freeze_after", "start")
OF_THE_MEMORY = ("stacks", "width", "push", "noop", "depth", "reads", "states", "symbols")


def _make_spec(given: Mapping[str, Any]) -> Spec:
    """Return the spec that options, by their names, ask for; None stands for what is usual."""
    from countviz.models import Spec
    from countviz.protocols import protocol_of

    def chosen(names: Sequence[str]) -> dict[str, Any]:
        return {name: given[name] for name in names if given[name] is not None}

    recipe = protocol_of(given["language"], given["cell"]).model_dump() | chosen(OF_THE_RECIPE)
    recipe["freeze"] = tuple(part.strip() for part in given["freeze"].split(",") if part.strip())
    if given["learning_rate"] is not None:
        recipe["rates"] = None
    if given["repeat"]:
        recipe["distinct"] = False
    return Spec(
        **{name: given[name] for name in ("language", "cell", "units")},
        recipe=recipe,
        memory=chosen(OF_THE_MEMORY) or None,
    )


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
    everything: Annotated[
        bool, typer.Option("--all", help="Every precision of every cell, and training in float64.")
    ] = False,
    as_json: AsJson = False,
) -> Answer:
    """Compile now what tracing needs, for every cell, and training in float32.

    Cells with a memory take longer: of them only what pages and training usually ask for.
    """
    from countviz.warming import list_work, warm_all

    started = time.perf_counter()
    work = list_work(everything=everything)
    with show_progress(len(work)) as advance:
        for cell, precision, _ in warm_all(work):
            advance(f"{cell} in {precision}")
    seconds = time.perf_counter() - started
    return Answer({"seconds": round(seconds, 1)}, f"ready after {seconds:.1f} s", as_json)
