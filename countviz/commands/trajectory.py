"""What the state of a model does along a string: over time, on a plane, as a map, and elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from countviz.cli import Answer, AsJson, FileCell, FileLanguage, ModelName, app, find_model
from countviz.cli import show_examples as show
from countviz.commands.base import Out, Precision, String, answer, run

Start = Annotated[int, typer.Option("--start", help="First symbol of the stretch, from 0.")]
Stop = Annotated[int | None, typer.Option("--stop", help="The symbol after its last.")]
StateInternal = Annotated[
    str | None, typer.Option("--internal", help="A state number, as in c; else the counting one.")
]


@app.command(
    epilog=show(
        "trajectory lstm1-dyck1/1 '(()())'",
        "trajectory gru1-dyck1 random-1000000-7 --out overview.html",
    )
)
def trajectory(
    model: ModelName,
    string: String,
    cell: FileCell = None,
    language: FileLanguage = None,
    start: Start = 0,
    stop: Stop = None,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Follow every internal of every unit along a string of up to 1,000,000 symbols.

    Beyond some hundred steps a series keeps the smallest and the largest value of every bucket.
    """
    from countviz.analysis import measure_trajectory
    from countviz.figures import plot_trajectory

    done = run(find_model(model, cell, language), string, precision)
    report = measure_trajectory(done, start, stop)
    names = list(done.model.cell.names)
    text = f"{report.answer()}\n{report.sentence()}"
    return answer(report, text, as_json, out, plot_trajectory, internals=names)


@app.command(
    epilog=show(
        "state-plane lstm1-dyck1/1 nested-60",
        "state-plane relu2-dyck1 '(())' --axes h_0,h_1 --json",
    )
)
def state_plane(
    model: ModelName,
    string: String,
    cell: FileCell = None,
    language: FileLanguage = None,
    axes: Annotated[
        str | None, typer.Option(help="Two or three, as in c_0,h_0 or PC1,PC2.")
    ] = None,
    start: Start = 0,
    stop: Stop = None,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Show where the state is after every symbol, on two or three axes."""
    from countviz.analysis import measure_state_plane
    from countviz.figures import plot_state_plane

    done = run(find_model(model, cell, language), string, precision)
    report = measure_state_plane(done, start, stop, axes and tuple(axes.split(",")))
    return answer(report, report.sentence(), as_json, out, plot_state_plane)


@app.command(epilog=show("cobweb lstm1-dyck1/1", "cobweb gru1-dyck1 nested-60 --out cobweb.html"))
def cobweb(
    model: ModelName,
    string: Annotated[
        str | None, typer.Argument(metavar="[STRING]", help="What the state is taken from.")
    ] = None,
    cell: FileCell = None,
    language: FileLanguage = None,
    unit: Annotated[int, typer.Option(help="The unit, from 0.")] = 0,
    internal: StateInternal = None,
    start: Annotated[int, typer.Option(min=0, help="Where the staircase begins, from 0.")] = 0,
    stop: Annotated[int | None, typer.Option(help="The symbol after its last.")] = None,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Show what every symbol turns a state number into: slope, offset and fixed points.

    Without a string the longest of those is taken on which read-outs are fitted. The staircase
    follows the string for up to 60 symbols.
    """
    from countviz.analysis import measure_cobweb
    from countviz.analysis.count.state_count import probe_strings
    from countviz.figures import plot_cobweb

    found = find_model(model, cell, language)
    string = max(probe_strings(found.language), key=len) if string is None else string
    done = run(found, string, precision)
    report = measure_cobweb(done, unit, internal, start, stop)
    return answer(report, report.sentence(), as_json, out, plot_cobweb)


@app.command(
    epilog=show(
        "match lstm1-dyck1/1 '(()(()))()' --start 2 --stop 7",
        "match gru1-dyck1 nested-60 --start 20 --stop 40 --threshold 0.5 --json",
    )
)
def match(
    model: ModelName,
    string: String,
    start: Annotated[int, typer.Option("--start", help="First symbol of the stretch, from 0.")],
    stop: Annotated[int, typer.Option("--stop", help="The symbol after its last.")],
    cell: FileCell = None,
    language: FileLanguage = None,
    threshold: Annotated[float | None, typer.Option(help="From which a unit is on.")] = None,
    internal: StateInternal = None,
    strings: Annotated[int, typer.Option(min=0, max=10_000, help="Generated ones.")] = 1_000,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Find where else the state is as it is on a stretch of a string.

    It is looked for on the string itself and on generated ones, always the same.
    """
    from countviz.analysis import draw_strings, match_state, record_corpus
    from countviz.figures import plot_match

    done = run(find_model(model, cell, language), string, precision)
    drawn = draw_strings(done.model.language, strings)
    corpus = record_corpus(done.model, precision, drawn) if drawn else None
    report = match_state(done, start, stop, threshold, internal=internal, corpus=corpus)
    return answer(report, report.sentence(), as_json, out, plot_match)


@app.command(
    epilog=show(
        "seed-trajectories lstm1-dyck1 nested-60",
        "seed-trajectories gru1-dyck1 zigzag-10x10 --out seeds.html",
    )
)
def seed_trajectories(
    family: Annotated[str, typer.Argument(metavar="FAMILY", help="A family of the library.")],
    string: String,
    seeds: Annotated[str | None, typer.Option(help="As in 12-23; by default the first 12.")] = None,
    precision: Precision = "float64",
    out: Out = None,
    as_json: AsJson = False,
) -> Answer:
    """Follow the counting internal of some of a family's seeds along a string."""
    from countviz.analysis import measure_seed_trajectories
    from countviz.checkpoints import load_family
    from countviz.commands.training import read_seeds
    from countviz.figures import plot_seed_trajectories

    found = load_family(family)
    done = run(found.model(), string, precision)
    chosen = None if seeds is None else read_seeds(seeds)
    report = measure_seed_trajectories(found, done.string, precision, chosen)
    return answer(report, report.sentence(), as_json, out, plot_seed_trajectories)
