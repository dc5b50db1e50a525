"""Studies that are measured anew, and written with their targets beside them."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from countviz.cli import Answer, AsJson, app, show_examples, show_progress

STUDIES = ("counting", "memory")
OF_COUNTING = ("train",)
OF_MEMORY = ("task", "system", "strings", "epochs", "part", "families", "report")
PARTS = ("stacks", "counters")

Some = Annotated[list[str] | None, typer.Option(help="memory: these alone; may be repeated.")]
Strings = Annotated[
    int | None,
    typer.Option(min=10, max=100_000, help="memory: of an epoch.", show_default="10000"),
]
Epochs = Annotated[
    int | None, typer.Option(min=1, max=1000, help="memory: at most.", show_default="60")
]


@app.command(
    epilog=show_examples(
        "reproduce counting",
        "reproduce counting --seeds 10 --train --out my-results --json",
        "reproduce memory --task count-3 --system lstm --strings 2000 --out my-study",
        "reproduce memory --report",
    )
)
def reproduce(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="counting or memory.")],
    seeds: Annotated[
        int | None,
        typer.Option(min=1, max=1000, help="Of each family.", show_default="100; memory: 10"),
    ] = None,
    train: Annotated[
        bool, typer.Option("--train", help="counting: train now; else those of the library.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="By default results/ and the study.")
    ] = None,
    task: Some = None,
    system: Some = None,
    strings: Strings = None,
    epochs: Epochs = None,
    part: Annotated[
        str | None, typer.Option(help="memory: stacks or counters.", show_default="stacks")
    ] = None,
    families: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="memory: where the weights go.")
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="memory: train nothing, report what there is.")
    ] = False,
    as_json: AsJson = False,
) -> Answer:
    """Measure a study anew and write its tables, figures and report.

    counting: how far one-unit LSTMs, GRUs and ReLU networks count, and how they fail (El-Naggar,
    Madhyastha and Weyde, 2022).

    memory: whether networks with stacks generalise better if parts of them are frozen (Das and
    Mali, 2024). It takes hours, goes on where it was interrupted, and can be done in parts.
    """
    given = locals()
    if study not in STUDIES:
        raise ValueError(f"no study named {study[:80]!r}; there are: {', '.join(STUDIES)}")
    for name in OF_MEMORY if study == "counting" else OF_COUNTING:
        if given[name]:
            raise ValueError(f"the study of {study} has no --{name}")
    if study == "counting":
        return _reproduce_counting(seeds or 100, train, out, as_json)
    return _reproduce_memory(given, as_json)


def _reproduce_counting(seeds: int, train: bool, out: Path | None, as_json: bool) -> Answer:
    from countviz.studies.counting import FAMILIES, count_reports, measure_counting
    from countviz.studies.counting_families import load_families, train_families
    from countviz.studies.counting_report import describe_counting, tell_verdict, write_counting
    from countviz.studies.counting_summary import compare

    started, folder = time.perf_counter(), out or Path("results") / "counting"
    families = None if train else load_families(seeds)
    folder.mkdir(parents=True, exist_ok=True)  # refused before anything is trained or measured
    steps = count_reports(len(FAMILIES)) + (len(FAMILIES) if train else 0)
    with show_progress(steps) as advance:
        counting = measure_counting(families or train_families(seeds, advance), advance)
    files = [str(path) for path in write_counting(counting, folder)]
    seconds = time.perf_counter() - started
    document = {"folder": str(folder), "files": files, "seconds": round(seconds, 1)}
    text = f"{tell_verdict(compare(counting))}\nwrote {folder} in {seconds:.0f} s"
    return Answer(document | describe_counting(counting), text, as_json)


def _reproduce_memory(given: dict[str, Any], as_json: bool) -> Answer:
    """Train what has not run, unless only the report is asked for, and write the report."""
    from countviz.studies.memory_folder import CARD, open_study
    from countviz.studies.memory_report import describe_memory, tell_progress, write_memory

    part = given["part"] or PARTS[0]
    if part not in PARTS:
        raise ValueError(f"no part named {part[:80]!r}; there are: {', '.join(PARTS)}")
    started, folder = time.perf_counter(), given["out"] or Path("results") / "memory"
    if not given["report"]:
        {"stacks": _run_stacks, "counters": _run_counters}[part](given, folder)
    document, text, files = {"folder": str(folder)}, "", []
    if part == "stacks" or (folder / CARD).exists():
        study = open_study(folder)
        files = write_memory(study, folder)
        document |= describe_memory(study)
        text = f"{tell_progress(study)}\n"
    seconds = time.perf_counter() - started
    document |= {"files": [str(path) for path in files], "seconds": round(seconds, 1)}
    return Answer(document, f"{text}wrote {folder} in {seconds:.0f} s", as_json)


def _run_stacks(given: dict[str, Any], folder: Path) -> None:
    from countviz.checkpoints import FAMILIES
    from countviz.engine.groups import usable_threads
    from countviz.folders import data_folder
    from countviz.studies.memory_run import choose_protocol, choose_settings, run_study

    settings = choose_settings(given["task"] or (), given["system"] or ())
    wanted = {name: given[name] for name in ("seeds", "strings", "epochs")}
    protocol = choose_protocol(folder, **wanted)
    weights = given["families"] or data_folder() / FAMILIES
    with show_progress(len(settings)) as advance:

        def report(remark: str) -> None:
            advance(remark)
            if not sys.stderr.isatty():  # a night's work leaves a log
                typer.echo(remark, err=True)

        run_study(folder, protocol, settings, weights, threads=usable_threads(), report=report)


def _run_counters(given: dict[str, Any], folder: Path) -> None:
    from countviz.studies.memory_counters import COUNTERS, EPOCHS, run_counters

    seeds, epochs = given["seeds"] or 10, given["epochs"] or EPOCHS
    folder.mkdir(parents=True, exist_ok=True)
    with show_progress(len(COUNTERS) * (epochs + 1)) as advance:
        strings = given["strings"] or 10_000
        run_counters(folder, seeds=seeds, strings=strings, epochs=epochs, report=advance)
