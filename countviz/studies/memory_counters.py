"""Counters with a stack, frozen and free: what is frozen of a network that has to close brackets.

The languages ask which symbols may come next, so all numbers are shares of whole strings. Training
is the published one of the other study: one string an update, a fixed learning rate.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from countviz.datasets import encode_strings, make_long
from countviz.durable import write_file
from countviz.epochs import Epoch
from countviz.judging import evaluate_strings, nesting_horizons
from countviz.languages import find_language
from countviz.protocols import PUBLISHED
from countviz.specs import KERNEL_VERSION, Spec, Stacks
from countviz.studies.memory import MODES, NOTHING
from countviz.studies.memory_folder import BadStudy

FILE, FORMAT = "counters.json", 1
COUNTERS = {
    "dyck1": Spec(language="dyck1", cell="stack-rnn", units=4, memory=Stacks()),
    "dyck2": Spec(language="dyck2", cell="stack-rnn", units=8, memory=Stacks(width=2)),
}
LONG, TRIED = 1_000, 200  # longer strings, and how deep nests are tried
EPOCHS = PUBLISHED.epochs


@dataclass(frozen=True, kw_only=True)
class Counter:
    """How a seed counts at its best epoch, by validation loss.

    Attributes
    ----------
    language, frozen, seed
        Which seed it is, and what of it is frozen.
    best_epoch
        Of all, 0 among them.
    validation, long
        Which share of the validation strings, and of strings of 52 to 100 symbols, is right.
    horizon
        The nesting horizon in dyck1, up to 200; None in other languages.

    """

    language: str
    frozen: str
    seed: int
    best_epoch: int
    validation: float
    long: float
    horizon: int | None


def run_counters(
    folder: Path,
    *,
    seeds: int,
    strings: int,
    epochs: int,
    report: Callable[[str], None] = lambda remark: None,
) -> tuple[Counter, ...]:
    """Train and measure the counters that a folder has not, and write it after every language.

    Raises
    ------
    BadStudy
        If the folder's file is damaged, or of another protocol.

    """
    protocol = {"seeds": seeds, "strings": strings, "epochs": epochs}
    rows = list(read_counters(folder, protocol))
    for language, spec in COUNTERS.items():
        if any(row.language == language for row in rows):
            continue
        recipe = PUBLISHED.model_copy(
            update={"train_strings": strings, "validation_strings": LONG, "epochs": epochs}
        )
        rows += _measure(spec.model_copy(update={"recipe": recipe}), seeds, report)
        document = {"format": FORMAT, "kernel_version": KERNEL_VERSION, "protocol": protocol}
        document["counters"] = [asdict(row) for row in rows]
        write_file(folder / FILE, (json.dumps(document, indent=1) + "\n").encode())
    return tuple(rows)


def read_counters(folder: Path, protocol: dict[str, int] | None = None) -> tuple[Counter, ...]:
    """Return the counters of a folder, none if it has none; see ``run_counters``."""
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = document["format"], document["kernel_version"]
        names = {one.name for one in fields(Counter)}
        rows = tuple(Counter(**{name: row[name] for name in names}) for row in document["counters"])
        own = document["protocol"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadStudy(
            f"{path} is damaged ({error!r}); with the file moved away the counters run again"
        ) from None
    if version != (FORMAT, KERNEL_VERSION):
        raise BadStudy(
            f"{path} is of another version; nothing was changed, another folder is right"
        )
    if protocol is not None and own != protocol:
        raise BadStudy(
            f"{path} holds counters of {own}; {protocol} came. Nothing was changed; the same "
            "numbers or another folder are right"
        )
    return rows


def _measure(spec: Spec, seeds: int, report: Callable[[str], None]) -> Iterator[Counter]:
    from countviz.training import train_epochs  # brings PyTorch, which reading does not need

    freeze = [parts for parts in MODES.values() for _ in range(seeds)]
    epochs = []
    for epoch in train_epochs(spec, [*range(seeds)] * len(MODES), freeze=freeze):
        epochs.append(epoch)
        report(f"{spec.language}: epoch {epoch.epoch} of {spec.recipe.epochs}")
    best, vectors = _find_best(epochs)
    language = find_language(spec.language)
    longer = encode_strings(language, make_long(language, data_seed=0, strings=LONG))
    right = evaluate_strings(spec, vectors, longer)[1].mean(axis=1)
    horizons: Sequence[int | None] = [None] * len(vectors)
    if spec.language == "dyck1":
        horizons = nesting_horizons(spec, vectors, tried=TRIED).tolist()
    for place, (frozen, seed) in enumerate((mode, s) for mode in MODES for s in range(seeds)):
        yield Counter(
            language=spec.language,
            frozen=frozen,
            seed=seed,
            best_epoch=int(best[place]),
            validation=float(epochs[best[place]].validation_accuracy[place]),
            long=float(right[place]),
            horizon=horizons[place],
        )


def _find_best(epochs: Sequence[Epoch]) -> tuple[np.ndarray, np.ndarray]:
    """Return each seed's best epoch [S], and its parameters then [S, P]."""
    losses = np.array([epoch.validation_loss for epoch in epochs])  # [E, S]
    best = np.where(np.isnan(losses), np.inf, losses).argmin(axis=0)
    return best, np.stack([epochs[e].weights[s, -1] for s, e in enumerate(best)])


def tell_counters(counters: Sequence[Counter]) -> Iterator[str]:
    """Yield what the report says of them, in Markdown."""
    if not counters:
        yield "Not run."
        return
    rows = [
        "| language | frozen | validation strings right: mean ± deviation, best | "
        f"of 52 to 100 symbols | nesting horizon, up to {TRIED}: median, best |",
        "|" + "---|" * 5,
    ]
    for language in COUNTERS:
        for mode in MODES:
            own = [one for one in counters if (one.language, one.frozen) == (language, mode)]
            if own:
                rows.append(f"| {language} | {mode} | {_tell_row(own)} |")
    yield "\n".join(rows)
    for language in COUNTERS:
        found = [_compare(counters, language, mode) for mode in MODES if mode != NOTHING]
        if said := "; ".join(filter(None, found)):
            yield f"{language}, 52 to 100 symbols, beside the same seeds with all free: {said}."


def _compare(counters: Sequence[Counter], language: str, mode: str) -> str:
    """Say how much freezing changes, seed by seed; nothing where nothing has run."""
    free, frozen = (
        {one.seed: one.long for one in counters if (one.language, one.frozen) == (language, what)}
        for what in (NOTHING, mode)
    )
    apart = 100 * np.array([frozen[seed] - free[seed] for seed in free if seed in frozen])
    if not apart.size:
        return ""
    return f"{mode} frozen {apart.mean():+.0f} points, worse in {(apart < 0).sum()} of {apart.size}"


def _tell_row(own: Sequence[Counter]) -> str:
    best = max(own, key=lambda one: one.validation)
    cells = []
    for name in ("validation", "long"):
        values = np.array([getattr(one, name) for one in own])
        apart = values.std(ddof=1) if values.size > 1 else np.nan
        cells.append(f"{values.mean():.1%} ± {apart:.1%}, {getattr(best, name):.1%}")
    depths = [one.horizon for one in own if one.horizon is not None]
    cells.append(f"{np.median(depths):.0f}, {max(depths)}" if depths else "")
    return " | ".join(cells)
