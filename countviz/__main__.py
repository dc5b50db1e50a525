"""``python -m countviz``: ask for something, and show what was found.

Results go to standard output, as text or as one JSON document, remarks to standard error. What
cannot be done is answered with one line there, and status 2.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countviz.cli import PROGRAM, Answer, ask

if TYPE_CHECKING:
    import numpy as np

    from countviz.checkpoints import Family
    from countviz.history import Progress
    from countviz.models import Model, Spec
    from countviz.traces import Trace, Window

STEPS, UNITS, SYMBOLS = 12, 4, 60  # how many of them are shown in a terminal


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 0, 2 for what cannot be done, 130 for Ctrl-C."""
    try:
        answer = ask(argv)
        if isinstance(answer, Answer):
            _show(answer)
            return 0
    except BrokenPipeError:  # nobody reads on; what is still buffered must not be tried again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError) as error:
        _remark(f"error: {_sentence(error)}")
        return 2
    if answer == 130:
        _remark("interrupted")
    return answer or 0


def _sentence(error: Exception) -> str:
    """Say what came, where, and what would be right."""
    if hasattr(error, "errors"):  # pydantic's
        first = error.errors()[0]
        ours = first.get("ctx", {}).get("error")
        field, allowed = "".join(map(str, first["loc"])), first["msg"].replace("Input", "it", 1)
        return str(ours) if ours else f"{field} is {first['input']!r}; {allowed}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}"
    return str(error)


def _remark(text: str) -> None:
    """Print one line to standard error, whatever characters the text holds."""
    line = " ".join(text.split())
    safe = (c if c.isprintable() else ascii(c)[1:-1] for c in line)
    print("".join(safe), file=sys.stderr, flush=True)


def _show(answer: Answer) -> None:
    show = {
        "models": _show_models,
        "trace": _show_trace,
        "export": _show_export,
        "train": _show_training,
        "library": _show_library,
        "warm": _show_seconds,
    }[answer.command]
    document, text = show(**answer.found)
    print(json.dumps(document, allow_nan=False) if answer.as_json else text, flush=True)


def _show_models(families: list[Family], problems: Sequence[str]) -> tuple[dict, str]:
    for problem in problems if families else [*problems, "there are no models to list"]:
        _remark(problem)
    listed = [describe_family(family) for family in families]
    rows = [["name", "language", "cell", "units", "seeds", "epochs", "lengths", "accuracy"]]
    for one in listed:
        lengths, percent = one["training_lengths"], f"{one['validation_accuracy']:.2%}"
        lengths = "{} to {}".format(*lengths) if lengths else one["recipe"]
        named = [one[key] for key in rows[0][:4]]
        rows.append([*named, len(one["seeds"]), one["epochs"][-1], lengths, percent])
    return {"models": listed, "problems": problems}, tabulate(rows)


def describe_family(family: Family) -> dict[str, Any]:
    """Return a family as JSON has it; its accuracy is that of its default member."""
    recipe, best = family.spec.recipe, family.best_seed()
    trained = recipe is not None and recipe.kind == "training"
    return {
        "name": family.name,
        "language": family.spec.language,
        "cell": family.spec.cell,
        "units": family.spec.units,
        "seeds": family.seeds,
        "epochs": family.epochs,
        "training_lengths": [recipe.shortest, recipe.longest] if trained else None,
        "validation_accuracy": family.validation_accuracy(best),
        "best_seed": best,
        "best_epoch": family.best_epoch(best),
        "recipe": "training" if trained else "hand-set",
    }


def _show_trace(done: Trace, view: Window, out: Path | None, remark: str) -> tuple[dict, str]:
    document = describe_trace(done, view)
    if out:
        text = to_csv(document) if out.suffix == ".csv" else json.dumps(document) + "\n"
        out.write_text(text, encoding="utf-8", newline="")
    if remark:
        _remark(remark)
    return document, f"wrote {out}" if out else tell_trace(done)


def describe_trace(done: Trace, view: Window) -> dict[str, Any]:
    """Return a trace as JSON has it; None is what is undefined for a string, or not finite."""
    reading, legal = done.reading, slice(view.start, min(view.stop, done.reading.legal))
    undefined = [None] * (view.stop - max(legal.start, legal.stop))
    counts = reading.counts[:, 0] if reading.counts.shape[1] == 1 else reading.counts
    return _strict(
        {
            "model": done.model.name,
            "weights_sha256": done.model.weights_sha256,
            "language": done.model.language.name,
            "string": done.string,
            "precision": done.precision,
            "counts": counts[legal].tolist() + undefined,
            "targets": reading.targets[legal].astype(int).tolist() + undefined,
            "outputs": view.outputs.tolist(),
            "verdicts": done.verdicts[view.start : view.stop].astype(int).tolist(),
            "first_failure": done.first_failure,
            "internals": {name: rows.tolist() for name, rows in view.internals.items()},
            "window": [view.start, view.stop],
        }
    )


def _strict(value: Any) -> Any:  # noqa: ANN401
    """Return a value with None for the numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: _strict(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_strict(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_csv(document: dict[str, Any]) -> str:
    """Return the steps of a described trace, one a row; what is undefined is empty."""
    from countviz.languages import find_language

    language = find_language(document["language"])
    start, stop = document["window"]
    columns = {"position": range(start, stop), "symbol": document["string"][start:stop]}

    tables = {
        name: (document[f"{name}s"], language.alphabet) for name in ("target", "output", "verdict")
    }
    if len(language.closers) == 1:
        columns["count"] = document["counts"]
    else:
        tables = {"count": (document["counts"], range(1, len(language.closers) + 1))} | tables
    for name, rows in document["internals"].items():
        tables[name] = rows, range(len(rows[0]) if rows else 0)
    for name, (rows, labels) in tables.items():
        for k, label in enumerate(labels):
            columns[f"{name}_{label}"] = [row and row[k] for row in rows]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([columns, *zip(*columns.values(), strict=True)])
    return file.getvalue()


def tell_trace(done: Trace) -> str:
    """Return a trace in words, and its steps around the first failure (else the last legal)."""
    spec, string, end = done.model.spec, done.string, SYMBOLS // 2 - 2
    shown = string if len(string) <= SYMBOLS else f"{string[:end]} .. {string[-end:]}"
    units, symbols = _number(spec.units, "unit"), _number(len(string), "symbol")
    lines = [
        f"model      {done.model.name} ({spec.cell}, {units}, {spec.language})",
        f"string     {shown} ({symbols})",
        f"precision  {done.precision}",
        f"verdict    {tell_verdict(done)}",
    ]
    centre = done.reading.legal if done.first_failure is None else done.first_failure
    start = max(0, min(centre - STEPS // 2, len(string) - STEPS))
    return "\n".join([*lines, "", _tabulate_steps(done, done.window(start, start + STEPS))])


def tell_verdict(done: Trace) -> str:
    """Say in one sentence whether a model counted, and if not, where and how it erred."""
    reading, length, at = done.reading, len(done.string), done.first_failure
    if at is None:
        right = f"right for all {_number(reading.legal, 'symbol')}"
        if reading.legal == length:
            return right
        symbol, place = done.string[reading.legal], f"symbol {reading.legal + 1:,} of {length:,}"
        return f"{right} before {place}: {symbol} may not come there"
    alphabet, verdicts = done.model.language.alphabet, done.verdicts[at]
    wrong = (verdicts != reading.targets[at]).nonzero()[0]
    says = (f"{alphabet[v]} may {'come' if verdicts[v] else 'not come'}" for v in wrong)
    counts = reading.counts[at].tolist()
    truth = f"{' and '.join(map(str, counts))} {'is' if counts == [1] else 'are'} open"
    place = f"symbol {at + 1:,} of {length:,} (position {at:,} counting from 0)"
    return f"first wrong at {place}: says {' and '.join(says)}, while {truth}"


def _tabulate_steps(done: Trace, view: Window) -> str:
    alphabet, reading, letter = done.model.language.alphabet, done.reading, done.model.cell.counter
    units = min(UNITS, done.model.spec.units)
    names = [f"{letter}_{unit}" for unit in range(units)]
    rows = [["symbol", "", "open", "may come", "it says", *names, ""]]

    def symbols(allowed: np.ndarray) -> str:
        return "".join(symbol for symbol, one in zip(alphabet, allowed, strict=True) if one)

    for t, values in enumerate(view.internals[letter][:, :units].tolist(), view.start):
        truth = ["", "not legal"]
        if t < reading.legal:
            truth = [" ".join(map(str, reading.counts[t])), symbols(reading.targets[t])]
        mark = "wrong" if done.mistakes[t] else ""
        numbers = [f"{value:.4g}" for value in values]
        rows.append([t + 1, done.string[t], *truth, symbols(done.verdicts[t]), *numbers, mark])
    return tabulate(rows)


def tabulate(rows: Sequence[Sequence[object]]) -> str:
    """Align columns under a heading, text to the left and whole numbers to the right."""
    columns = []
    for column in zip(*rows, strict=True):
        width = max(len(str(cell)) for cell in column)
        side = ">" if isinstance(column[-1], int) else "<"
        columns.append([f"{cell!s:{side}{width}}" for cell in column])
    return "\n".join("  ".join(row).rstrip() for row in zip(*columns, strict=True))


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _show_export(model: Model, out: Path) -> tuple[dict, str]:
    document = {"model": model.name, "weights_sha256": model.weights_sha256, "file": str(out)}
    kind = "--cell", model.spec.cell, "--language", model.spec.language
    return document, f"wrote {out}; look at it:\n{_suggest(str(out), model.spec, *kind)}"


def _show_training(spec: Spec, folder: Path, best: list[Progress]) -> tuple[dict, str]:
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
    look = _suggest(name, spec)
    if folder.parent.resolve() != library_folder().resolve():
        look = f"COUNTVIZ_CHECKPOINTS={shlex.quote(str(folder.parent))} {look}"
    return _strict(document), "\n".join([*lines, f"wrote {where}; look at it:", look])


def _suggest(model: str, spec: Spec, *options: str) -> str:
    """Return a command that traces a model on a short member of its language."""
    import numpy as np

    from countviz.languages import find_language

    member = find_language(spec.language).sample(np.random.default_rng(0), 4, 12)
    return f"{PROGRAM} trace {shlex.join([model, member, *options])}"


def _show_library(root: Path, families: list[str]) -> tuple[dict, str]:
    return {"root": str(root), "families": families}, f"wrote {', '.join(families)} to {root}"


def _show_seconds(seconds: float) -> tuple[dict, str]:
    return {"seconds": round(seconds, 1)}, f"ready after {seconds:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
