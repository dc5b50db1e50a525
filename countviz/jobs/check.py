"""Check everything that was trained, file by file, and mend the list of jobs.

Damaged files of the data folder go to its quarantine, each with the reason; nothing is deleted. The
list of jobs can always be made anew: an unfinished job's folder says what was ordered, a family
what it is.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from countviz.checkpoints import (
    FAMILIES,
    QUARANTINE,
    family_folders,
    load_family,
    quarantine_family,
)
from countviz.durable import set_aside
from countviz.folders import library_folder
from countviz.jobs.epoch_files import JOBS, ORDER, sound_epochs
from countviz.jobs.orders import Order
from countviz.jobs.problems import JobProblem
from countviz.jobs.store import JobStore
from countviz.weight_files import BadFile


@dataclass(frozen=True, kw_only=True)
class StorageCheck:
    """What a check found.

    Attributes
    ----------
    families, epochs
        How many are sound.
    problems
        A sentence for everything that is not.
    restored
        The jobs that the list had lost.
    quarantined
        What lies in the quarantine, from now or from earlier, with the reason.

    """

    families: int
    epochs: int
    problems: tuple[str, ...]
    restored: tuple[str, ...]
    quarantined: tuple[str, ...]


def check_storage(root: Path) -> StorageCheck:
    """Check the shipped library and a data folder, set aside what is damaged, mend the list."""
    shipped, problems = _check_families(library_folder())
    trained, damaged = _check_families(root / FAMILIES)
    for name, problem in damaged.items():
        quarantine_family(name, root, problem)
    before = _quarantined(root)
    epochs = {folder: sound_epochs(folder, root / QUARANTINE) for folder in _job_folders(root)}
    epoch_problems = [reason for reason in _quarantined(root) if reason not in before]
    list_problems = _set_damaged_list_aside(root)
    return StorageCheck(
        families=len(shipped) + len(trained),
        epochs=sum(map(len, epochs.values())),
        problems=(*problems.values(), *damaged.values(), *epoch_problems, *list_problems),
        restored=_restore_jobs(root, epochs, trained),
        quarantined=_quarantined(root),
    )


def _check_families(folder: Path) -> tuple[dict[str, Order | None], dict[str, str]]:
    """Return the sound families, with the order that each may have come from, and the others."""
    sound, damaged = {}, {}
    for name in family_folders(folder):
        try:
            family = load_family(name, folder)
            sound[name] = Order(spec=family.spec, seeds=family.seeds)
        except ValidationError:
            sound[name] = None  # nothing that is trained on demand
        except BadFile as problem:
            damaged[name] = str(problem)
    return sound, damaged


def _job_folders(root: Path) -> list[Path]:
    return sorted(file.parent for file in (root / JOBS).glob(f"*/{ORDER}"))


def _set_damaged_list_aside(root: Path) -> tuple[str, ...]:
    store = JobStore(root)
    try:
        store.rows()
    except JobProblem as problem:
        if not str(problem).startswith("CV-311"):
            raise
        set_aside(store.file, root / QUARANTINE, str(problem))
        return (str(problem),)
    return ()


def _restore_jobs(
    root: Path, epochs: dict[Path, tuple[int, ...]], families: dict[str, Order | None]
) -> tuple[str, ...]:
    """Enter the jobs that only files tell of, and return their identities."""
    orders = {order.identity: order for name, order in families.items() if _made(order, name)}
    last = {}
    for folder, done in epochs.items():
        try:
            order = Order.model_validate_json((folder / ORDER).read_bytes())
        except ValidationError:
            continue  # ordered from another countviz: its files stay where they are
        if order.identity == folder.name:
            orders[folder.name], last[folder.name] = order, len(done) - 1
    store = JobStore(root)
    lost = tuple(id for id in sorted(orders) if store.find(id) is None)
    for id in lost:
        order, total = orders[id], orders[id].spec.recipe.epochs
        family = order.family if _made(families.get(order.family), order.family) else None
        store.restore(
            id, order.model_dump_json(), total, total if family else last.get(id, -1), family
        )
    return lost


def _made(order: Order | None, name: str) -> bool:
    """Whether a family of that name is what came of the order."""
    return order is not None and order.family == name


def _quarantined(root: Path) -> tuple[str, ...]:
    notes = sorted((root / QUARANTINE).glob("*/reason.txt"))
    return tuple(note.read_text("utf-8").strip() for note in notes)
