"""Sets of strings: what is in them, and how far models are right on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from countviz.cli import (
    Answer,
    AsJson,
    FileCell,
    FileLanguage,
    app,
    find_model,
    show_examples,
    show_progress,
)
from countviz.commands.text import tabulate

if TYPE_CHECKING:
    import numpy as np

    from countviz.analysis.seeds.dataset_card import DatasetCard
    from countviz.analysis.seeds.evaluation import Evaluation
    from countviz.languages import Language
    from countviz.models import Model

BAR = 40  # characters of the longest bar of a histogram
BINS = 12  # its rows, at most


@app.command(
    epilog=show_examples(
        "datasets",
        "datasets nested --out nested.txt",
        "datasets my-strings.txt --language shuffle2 --json",
    )
)
def datasets(
    name: Annotated[
        str | None, typer.Argument(metavar="SET", help="One of the list, or a file of strings.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of a file's strings.")] = "dyck1",
    out: Annotated[Path | None, typer.Option(help="A file for the strings, one a line.")] = None,
    as_json: AsJson = False,
) -> Answer:
    """Describe the sets of strings that there are, or one of them."""
    from countviz.analysis.seeds.dataset_card import describe_set
    from countviz.languages import find_language
    from countviz.published_sets import SETS

    if name is None and out:
        raise ValueError(f"--out needs one set to write; there are: {', '.join(SETS)}")
    reader, cards = find_language(language), []
    for one in [name] if name else SETS:
        strings = _find_strings(one, reader)
        cards.append(describe_set(one, strings, reader))
    if out:
        out.write_text("".join(f"{string}\n" for string in strings), "utf-8", newline="")
    document = {"datasets": [describe_card(card) for card in cards]}
    text = _draw_card(cards[0]) if name else _tabulate_cards(cards)
    return Answer(document, f"{text}\nwrote {out}" if out else text, as_json)


def _find_strings(name: str, language: Language) -> tuple[str, ...]:
    """Return a published set or the strings of a file."""
    from countviz.published_sets import LANGUAGE, SETS, UnknownSet, make_set, read_file

    if name in SETS:
        if language.name != LANGUAGE:
            raise ValueError(f"{name} holds strings of {LANGUAGE}, not of {language.name}")
        return make_set(name)
    if not Path(name).is_file():
        raise UnknownSet(f"{name[:80]} is neither a file nor a set; there are: {', '.join(SETS)}")
    return read_file(Path(name), language)


def describe_card(card: DatasetCard) -> dict[str, Any]:
    """Return a card as JSON has it; a histogram lists the values that occur and their strings."""
    named = {"lengths": card.length_histogram(), "depths": card.depth_histogram()}
    return {
        "name": card.name,
        "language": card.language,
        "strings": card.lengths.size,
        "distinct": card.distinct,
        "symbols": card.symbols,
        "deepest": int(card.depths.max()),
    } | {
        of: {"values": values.tolist(), "strings": counts.tolist()}
        for of, (values, counts) in named.items()
    }


def _tabulate_cards(cards: list[DatasetCard]) -> str:
    rows: list[list[object]] = [["name", "strings", "lengths", "mean", "deepest", "mean"]]
    for card in cards:
        least, most = card.lengths.min(), card.lengths.max()
        span = f"{least}" if least == most else f"{least} to {most}"
        means = f"{card.lengths.mean():.1f}", f"{card.depths.mean():.1f}"
        deepest = int(card.depths.max())
        rows.append([card.name, card.lengths.size, span, means[0], deepest, means[1]])
    return tabulate(rows)


def _draw_card(card: DatasetCard) -> str:
    """Return a card's sentence and its two histograms, as bars of characters."""
    named = {"length": card.lengths, "depth": card.depths}
    drawn = [f"{of}\n{_draw_histogram(values)}" for of, values in named.items()]
    return "\n\n".join([f"{card.name}: {card.sentence()}", *drawn])


def _draw_histogram(values: np.ndarray) -> str:
    import numpy as np

    least, most = int(values.min()), int(values.max())
    width = -(-(most + 1 - least) // BINS)
    counts = np.bincount((values - least) // width)
    rows: list[list[object]] = []
    for row, count in enumerate(counts.tolist()):
        first, last = least + row * width, min(least + (row + 1) * width - 1, most)
        label = f"{first:,}" if first == last else f"{first:,} to {last:,}"
        rows.append([label, "#" * round(BAR * count / counts.max()), count])
    return tabulate(rows)


@app.command(
    epilog=show_examples(
        "evaluate lstm1-dyck1 gru1-dyck1 relu1-dyck1 --set nested",
        "evaluate lstm1-dyck1/3@20 --set my-strings.txt --json",
        "evaluate my.safetensors --cell lstm --language dyck1 --set zigzag",
    )
)
def evaluate(
    models: Annotated[
        list[str],
        typer.Argument(metavar="MODEL...", help="family[/seed[@epoch]], or .safetensors files."),
    ],
    name: Annotated[
        str,
        typer.Option("--set", help="One that `datasets` lists, or a file with one string a line."),
    ],
    cell: FileCell = None,
    language: FileLanguage = None,
    precision: Annotated[str, typer.Option(help="float32 or float64.")] = "float32",
    as_json: AsJson = False,
) -> Answer:
    """Say how far models are right on a set of strings.

    The first point of failure (FPF) is the first wrong step, counted from 0; a string that is right
    throughout counts its length. Always letting every symbol come is not counting, but has one too.
    """
    from countviz.analysis.seeds.evaluation import evaluate_model
    from countviz.datasets import encode_strings

    if precision not in ("float32", "float64"):
        raise ValueError(f"models are evaluated in float32 or float64, not in {precision!r}")
    found = _find_models(models, cell, language)
    readers = {model.language.name: model.language for model in found}
    sets = {key: encode_strings(one, _find_strings(name, one)) for key, one in readers.items()}
    evaluations = []
    with show_progress(len(found)) as advance:
        for model in found:
            advance(model.name)
            evaluations.append(evaluate_model(model, sets[model.language.name], precision))
    document = {"models": [describe_evaluation(one) for one in evaluations]}
    return Answer(document, "\n".join(one.sentence() for one in evaluations), as_json)


def _find_models(names: list[str], cell: str | None, language: str | None) -> list[Model]:
    """Return the models named; what describes a file describes every file among them."""
    files = any(name.endswith(".safetensors") for name in names)
    described = {
        name: (cell, language) if name.endswith(".safetensors") or not files else (None, None)
        for name in names
    }
    return [find_model(name, *described[name]) for name in names]


def describe_evaluation(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as JSON has it."""
    return {
        "model": evaluation.model,
        "strings": evaluation.fpf.size,
        "string_accuracy": evaluation.string_accuracy,
        "mean_fpf": evaluation.mean_fpf,
        "fpf": evaluation.fpf.tolist(),
        "constant_predictor_fpf": evaluation.constant_mean_fpf,
    }
