"""What the commands share: the program they belong to, their common options, and their answer.

The commands themselves stand in ``countviz.commands``, each beside what it shows. A command
returns an ``Answer`` and prints nothing but progress; ``__main__`` prints. It imports what it
needs when it runs, so that ``--help`` comes at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    from countviz.models import Model

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
    """What a command found, for programs and for people."""

    document: dict[str, Any]  # what --json prints
    text: str  # what is printed without it
    as_json: bool
    remarks: Sequence[str] = ()  # lines for standard error


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


def show_examples(*lines: str) -> str:
    """Return what stands below a command's help: lines that can be typed."""
    return "\b\nExamples:\n" + "\n".join(f"  {PROGRAM} {line}" for line in lines)


def find_model(name: str, cell: str | None, language: str | None) -> Model:
    """Return the model that a person named: one of the library, or one in a file of its own."""
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


@contextmanager
def show_progress(steps: int) -> Iterator[Callable[[str], None]]:
    """Show a bar if somebody is watching; yields what moves it on by a step, with a remark."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress

    columns = BarColumn(20), "{task.completed:.0f} of {task.total:.0f} {task.description}"
    console, unwatched = Console(stderr=True), not sys.stderr.isatty()
    with Progress(*columns, console=console, transient=True, disable=unwatched) as bar:
        task = bar.add_task("starting", total=steps)
        yield lambda remark: bar.update(task, advance=1, description=remark)
