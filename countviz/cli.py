"""What can be asked for on the command line; ``__main__`` asks, and shows what was found.

A command returns an ``Answer`` and prints nothing but progress. It imports what it needs when it
runs, so that ``--help`` comes at once.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    from countviz.history import Progress
    from countviz.models import Model, Spec

PROGRAM = "python -m countviz"

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="See how small recurrent networks count, and where they stop counting.",
)

ModelName = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="family[/seed[@epoch]], or a .safetensors file."),
]
FileCell = Annotated[str | None, typer.Option("--cell", help="Of a .safetensors file.")]
FileLanguage = Annotated[str | None, typer.Option("--language", help="Of a .safetensors file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


class Answer(NamedTuple):
    """What a command found: by the command's name, as it is shown."""

    command: str
    as_json: bool
    found: dict[str, Any]


def ask(argv: Sequence[str] | None = None) -> Answer | int:
    """Run a command; an exit status comes back where typer has already answered.

    Raises
    ------
    ValueError, OSError
        If it cannot be done.

    """
    try:
        command = typer.main.get_command(app)
        return command.main(args=argv, prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        hint = f"; see {context.command_path} --help" if context else ""
        raise ValueError(error.format_message().rstrip(".") + hint) from None


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {PROGRAM} {line}" for line in lines)


@app.command(epilog=_examples("models", "models --json"))
def models(as_json: AsJson = False) -> Answer:
    """List the models there are."""
    from countviz.checkpoints import load_library

    families, problems = load_library()
    return Answer("models", as_json, {"families": [*families.values()], "problems": problems})


@app.command(
    epilog=_examples(
        "trace exact-lstm '(())'",
        "trace lstm1-dyck1/3@20 '(()' --precision float16 --json",
        "trace my.safetensors '()()' --cell lstm --language dyck1 --out steps.csv",
        "trace gru1-dyck1 - --window 500000 --json < long.txt",
    )
)
def trace(
    model: ModelName,
    string: Annotated[str, typer.Argument(help="The symbols; - reads standard input.")],
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Annotated[str, typer.Option(help="Or float32, float16, bfloat16.")] = "float64",
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
    found = _find_model(model, cell, language)
    if string == "-":  # of an endless input only so much is read that it is refused
        string = sys.stdin.read(2 * COMMAND_LIMIT).rstrip()
    check_length(string, COMMAND_LIMIT)
    text = read_text(string, found.language)
    if text.foreign_count:
        raise ValueError(text.sentence())
    done = run(found, text.string, precision)
    view = done.window(*done.default_window()) if window is None else done.window(window)
    remark = text.sentence()
    return Answer("trace", as_json, {"done": done, "view": view, "out": out, "remark": remark})


def _find_model(name: str, cell: str | None, language: str | None) -> Model:
    from countviz.cells import CELLS
    from countviz.checkpoints import load
    from countviz.languages import LANGUAGES
    from countviz.weight_files import load_file

    if name.endswith(".safetensors"):
        if cell and language:
            return load_file(Path(name), cell=cell, language=language)
        raise ValueError(
            f"{name} does not say what it holds: give --cell ({', '.join(CELLS)}) "
            f"and --language ({', '.join(LANGUAGES)})"
        )
    if cell or language:
        raise ValueError(
            f"--cell and --language describe a .safetensors file; {name} says itself what it is"
        )
    return load(name)


@app.command(
    epilog=_examples(
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
    found = _find_model(model, cell, language)
    if out.exists() and not force:
        raise FileExistsError(f"{out} exists already; --force replaces it")
    export_file(found, out)
    return Answer("export", as_json, {"model": found, "out": out})


@app.command(
    epilog=_examples(
        "train --out checkpoints/my-lstm --seeds 5",
        "train --out checkpoints/my-gru --cell gru --units 2 --language shuffle2 --epochs 5",
    )
)
def train(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="New, named like the family.")],
    cell: Annotated[str, typer.Option(help="lstm, gru, relu, tanh or linear.")] = "lstm",
    units: Annotated[int, typer.Option(help="1 to 64.")] = 1,
    language: Annotated[str, typer.Option(help="As in dyck1, shuffle2.")] = "dyck1",
    seed: Annotated[int, typer.Option(min=0, max=10**8, help="The first seed.")] = 0,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="How many seeds.")] = 1,
    epochs: Annotated[int, typer.Option(help="1 to 1000.")] = 20,
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
    recipe = Training(epochs=epochs, learning_rate=rate, precision=precision, distinct=not repeat)
    spec = Spec(language=language, cell=cell, units=units, recipe=recipe)
    _check_folder(out)
    best = _train_family(spec, range(seed, seed + seeds), out)
    return Answer("train", as_json, {"spec": spec, "folder": out, "best": best})


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
    with _show_progress((spec.recipe.epochs + 1) * len(seeds)) as advance:

        def report(progress: Progress) -> None:
            reports[progress.seed, progress.epoch] = progress
            advance(_describe_progress(progress))

        family = training.train(spec, seeds, folder.name, report)
    save_family(family, folder.parent)
    return [reports[seed, family.best_epoch(seed)] for seed in family.seeds]


def _describe_progress(progress: Progress) -> str:
    return (
        f"seed {progress.seed} epoch {progress.epoch}: loss {progress.train_loss:.1e}, "
        f"on validation strings {progress.validation_loss:.1e}"
    )


@contextmanager
def _show_progress(steps: int) -> Iterator[Callable[[str], None]]:
    """Show a bar if somebody is watching; yields what moves it on by a step, with a remark."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress

    columns = BarColumn(20), "{task.completed:.0f} of {task.total:.0f} {task.description}"
    console, unwatched = Console(stderr=True), not sys.stderr.isatty()
    with Progress(*columns, console=console, transient=True, disable=unwatched) as bar:
        task = bar.add_task("starting", total=steps)
        yield lambda remark: bar.update(task, advance=1, description=remark)


@app.command(epilog=_examples("library", "library --root my-library --json"))
def library(
    root: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="By default where the shipped ones are.")
    ] = None,
    as_json: AsJson = False,
) -> Answer:
    """Make the shipped models again, in place of those there."""
    from countviz.checkpoints import SHIPPED
    from countviz.studies.library import HAND_SET, TRAINED, make_library

    root = root or SHIPPED
    epochs = [len(seeds) * (spec.recipe.epochs + 1) for spec, seeds in TRAINED.values()]
    with _show_progress(sum(epochs)) as advance:
        make_library(root, lambda name, one: advance(f"{name} {_describe_progress(one)}"))
    return Answer("library", as_json, {"root": root, "families": [*HAND_SET, *TRAINED]})


@app.command(epilog=_examples("warm", "warm --all"))
def warm(
    everything: Annotated[bool, typer.Option("--all", help="Also what training needs.")] = False,
    as_json: AsJson = False,
) -> Answer:
    """Compile now what tracing needs, for every cell and precision."""
    from countviz.arithmetic.precision import PRECISIONS
    from countviz.cells import CELLS
    from countviz.warming import warm_kernels, warm_training

    started = time.perf_counter()
    work = [*product(CELLS, PRECISIONS)]
    with _show_progress(len(work)) as advance:
        for cell, precision in work:
            advance(f"{cell} in {precision}")
            warm_kernels([cell], [precision])
            if everything and precision in ("float32", "float64"):
                warm_training(cell, precision)
    return Answer("warm", as_json, {"seconds": time.perf_counter() - started})
