"""Run the memory study, or the part of it that has not run, a family after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from countviz.checkpoints import save_family
from countviz.studies.memory import BOTH, Protocol, Setting, make_settings
from countviz.studies.memory_folder import CARD, open_study, write_outcome
from countviz.studies.memory_scores import measure_outcome
from countviz.studies.memory_training import keep_best, train_settings


def choose_settings(tasks: Collection[str], systems: Collection[str]) -> tuple[Setting, ...]:
    """Return the families of some tasks and systems, in order; of all if none are named.

    Raises
    ------
    ValueError
        If there is no such task or system.
    """
    known = tuple(make_settings())
    for kind, names in (("task", tasks), ("system", systems)):
        there = dict.fromkeys(getattr(one, kind) for one in known)
        foreign = [name for name in names if name not in there]
        if foreign:
            raise ValueError(f"no {kind} named {foreign[0][:80]!r}; there are: {', '.join(there)}")
    return tuple(
        one
        for one in known
        if (not tasks or one.task in tasks) and (not systems or one.system in systems)
    )


def choose_protocol(folder: Path, **wanted: int | None) -> Protocol:
    """Return the protocol of the study in a folder, or a new one, with the numbers asked for.

    What is None is left as it is there, or to its default; a new study of fewer strings than the
    paper's chooses the best epoch by a quarter as many strings as it trains on, 1,000 at most.
    """
    asked = {name: number for name, number in wanted.items() if number is not None}
    if (folder / CARD).exists():
        return replace(open_study(folder).protocol, **asked)
    if "strings" in asked:
        asked["validation"] = min(Protocol.validation, max(10, asked["strings"] // 4))
    return Protocol(**asked)


def run_study(
    folder: Path,
    protocol: Protocol,
    settings: Iterable[Setting],
    families: Path,
    *,
    threads: int,
    report: Callable[[str], None] = lambda remark: None,
) -> None:
    """Train and score what has not run yet, and write each family as soon as it is done.

    Parameters
    ----------
    folder
        Of the study, which is begun or taken up again.
    protocol, settings
        By what and what to train.
    families
        The folder to which the start and the best epochs of every seed are saved.
    threads
        How many groups are trained at a time.
    report
        Is called with a remark on every family when it is done.

    """
    done = open_study(folder, protocol).outcomes
    left = [one for one in settings if one not in done]
    groups = [list(group) for _, group in groupby(left, key=_train_with)]

    def work(group: list[Setting]) -> None:
        began = time.thread_time()
        found = train_settings(group, protocol)
        seconds = (time.thread_time() - began) / len(group)
        for setting, (family, rate) in found.items():
            outcome = measure_outcome(setting, family, rate, protocol, seconds)
            save_family(keep_best(family), families, replace=True)
            write_outcome(folder, outcome)
            report(
                f"{setting.name} done in {seconds:.0f} s: best of {protocol.seeds} "
                f"{' / '.join(f'{row[outcome.best]:.3f}' for row in outcome.accuracy)}"
            )

    with ThreadPoolExecutor(threads) as pool:
        for finished in [pool.submit(work, group) for group in groups]:
            finished.result()


def _train_with(setting: Setting) -> tuple[str, str, bool]:
    """Return what families that are trained side by side have in common."""
    return setting.task, setting.system, setting.mode == BOTH
