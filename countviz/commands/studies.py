"""Studies that are measured anew, and written with their targets beside them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from countviz.cli import Answer, AsJson, app, show_examples, show_progress

STUDIES = ("counting",)


@app.command(
    epilog=show_examples(
        "reproduce counting",
        "reproduce counting --seeds 10 --train --out my-results --json",
    )
)
def reproduce(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="counting.")],
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Of each architecture.")] = 100,
    train: Annotated[
        bool, typer.Option("--train", help="Train them now; else those of the library.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="By default results/ and the study.")
    ] = None,
    as_json: AsJson = False,
) -> Answer:
    """Measure a study anew and write its tables, figures and report.

    counting: how far one-unit LSTMs, GRUs and ReLU networks count, and how they fail (El-Naggar,
    Madhyastha and Weyde, 2022).
    """
    from countviz.studies.counting import FAMILIES, count_reports, measure_counting
    from countviz.studies.counting_families import load_families, train_families
    from countviz.studies.counting_report import describe_counting, tell_verdict, write_counting
    from countviz.studies.counting_summary import compare

    if study not in STUDIES:
        raise ValueError(f"no study named {study[:80]!r}; there are: {', '.join(STUDIES)}")
    started, folder = time.perf_counter(), out or Path("results") / study
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
