"""Families of trained models on disk: list, load, verify, save.

A folder is a family, all seeds and kept epochs of one ``Spec``: ``spec.json`` says what it is and
holds the SHA-256 of the other two files, ``weights.safetensors`` the parameters under PyTorch's
names with leading axes seed and epoch, ``history.csv`` how training went. A family appears whole
or not at all, because its folder is written elsewhere and renamed.
"""

import hashlib
import math
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from countviz.history import Progress, read_history, write_history
from countviz.models import Model, Spec
from countviz.weight_files import BadFile, read_arrays, write_arrays

SHIPPED = Path(__file__).resolve().parents[1] / "checkpoints"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_ADDRESS = re.compile(r"(?P<family>[^/@]+)(/(?P<seed>\d{1,9}))?(@(?P<epoch>\d{1,6}))?")
_WEIGHTS, _HISTORY, _SPEC = "weights.safetensors", "history.csv", "spec.json"
_LARGEST = 256 * 2**20  # bytes of a weights file


class UnknownModel(ValueError):
    """An address that names no model; the sentence says what there is."""


class _Card(BaseModel):
    """What ``spec.json`` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: int = 1
    identity: str
    spec: Spec
    seeds: tuple[int, ...]
    epochs: tuple[int, ...]
    sha256: dict[str, str]


@dataclass(frozen=True, eq=False, kw_only=True)
class Family:
    """All seeds and kept epochs of one spec: S seeds, E epochs.

    Attributes
    ----------
    name
        The folder's name: lower-case letters, digits and hyphens.
    spec
        What every member is.
    seeds, epochs
        Which there are; epoch 0 holds the initial weights.
    weights
        By PyTorch's names, [S, E, ...].
    history
        How training went, a row a seed and epoch.

    """

    name: str
    spec: Spec
    seeds: tuple[int, ...]
    epochs: tuple[int, ...]
    weights: Mapping[str, np.ndarray]
    history: tuple[Progress, ...]

    def best_epoch(self, seed: int) -> int:
        """Return the kept epoch with the lowest mean validation loss, the earliest of equals."""
        return self._epochs_by_loss[seed][0][1]

    def best_seed(self) -> int:
        """Return the seed with the lowest validation loss at its best epoch."""
        return min(self.seeds, key=lambda seed: self._epochs_by_loss[seed][0])

    def validation_accuracy(self, seed: int, epoch: int | None = None) -> float:
        """Return the share of validation strings judged right, at an epoch (default: the best)."""
        at = self.best_epoch(seed) if epoch is None else epoch
        return next(accuracy for _, one, accuracy in self._epochs_by_loss[seed] if one == at)

    @cached_property
    def _epochs_by_loss(self) -> dict[int, list[tuple[float, int, float]]]:
        """Validation loss, epoch and accuracy of every seed's epochs, the best first."""
        epochs = {seed: [] for seed in self.seeds}
        for row in self.history:
            loss = math.inf if math.isnan(row.validation_loss) else row.validation_loss
            epochs[row.seed].append((loss, row.epoch, row.validation_accuracy))
        return {seed: sorted(rows) for seed, rows in epochs.items()}

    def model(self, seed: int | None = None, epoch: int | None = None) -> Model:
        """Return one member; by default the best epoch of the best seed."""
        seed = self.best_seed() if seed is None else seed
        if seed not in self.seeds:
            raise UnknownModel(f"{self.name} has no seed {seed}; there are: {_ranges(self.seeds)}")
        epoch = self.best_epoch(seed) if epoch is None else epoch
        if epoch not in self.epochs:
            raise UnknownModel(
                f"{self.name} has no epoch {epoch}; there are: {_ranges(self.epochs)}"
            )
        at = self.seeds.index(seed), self.epochs.index(epoch)
        return Model(
            name=f"{self.name}/{seed}@{epoch}",
            spec=self.spec,
            parameters={name: array[at] for name, array in self.weights.items()},
            seed=seed,
            epoch=epoch,
        )


def _ranges(numbers: tuple[int, ...]) -> str:
    """Return numbers in words, runs of neighbours shortened: ``0-9, 12``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def split_address(address: str) -> tuple[str, int | None, int | None]:
    """Return family, seed and epoch of an address such as ``lstm1-dyck1/3@20``."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise UnknownModel(
            f"{address[:80]!r} is not an address; family, family/seed or family/seed@epoch is"
        )
    seed, epoch = match["seed"], match["epoch"]
    return match["family"], seed and int(seed), epoch and int(epoch)


def check_name(name: str) -> None:
    """Refuse a name that no family may have."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a family: a-z, 0-9 and - are right")


def library_folder() -> Path:
    """Return where families are looked for: ``COUNTVIZ_CHECKPOINTS``, else the shipped ones."""
    return Path(os.environ.get("COUNTVIZ_CHECKPOINTS", SHIPPED))


def list_names(root: Path | None = None) -> tuple[str, ...]:
    """Return the names of the folders that claim to be families."""
    root = library_folder() if root is None else root
    found = root.glob(f"*/{_SPEC}") if root.is_dir() else ()
    return tuple(sorted(p.parent.name for p in found if _NAME.fullmatch(p.parent.name)))


def load_library(root: Path | None = None) -> tuple[dict[str, Family], tuple[str, ...]]:
    """Return every family that can be read, by name, and a sentence for each that cannot."""
    families, problems = {}, []
    for name in list_names(root):
        try:
            families[name] = load_family(name, root)
        except BadFile as problem:
            problems.append(str(problem))
    return families, tuple(problems)


def load(address: str, root: Path | None = None) -> Model:
    """Return the model at an address.

    Parameters
    ----------
    address
        ``family`` (its best seed), ``family/seed`` (its best epoch) or ``family/seed@epoch``.
    root
        The folder of families; by default the library.

    Raises
    ------
    UnknownModel, BadFile
        Both are ``ValueError``; they say what there is, or which file is damaged and how.

    """
    name, seed, epoch = split_address(address)
    return load_family(name, root).model(seed, epoch)


def load_family(name: str, root: Path | None = None) -> Family:
    """Return a family, verified: its files are those that were written, and fit its spec."""
    root = library_folder() if root is None else root
    if name not in list_names(root):
        names = ", ".join(list_names(root)) or "none"
        raise UnknownModel(f"no checkpoint named {name[:80]}; there are: {names}")
    try:
        card = _Card.model_validate_json(_read(root, f"{name}/{_SPEC}"))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the text"
        raise BadFile(f"{name}/{_SPEC} is damaged: {where}: {first['msg']}") from None
    if card.identity != card.spec.identity:
        raise BadFile(f"{name}/{_SPEC} is damaged: its spec is not the one that was trained")
    files = {file: _read(root, f"{name}/{file}") for file in (_WEIGHTS, _HISTORY)}
    for file, data in files.items():
        if hashlib.sha256(data).hexdigest() != card.sha256.get(file):
            raise BadFile(f"{name}/{file} is damaged: its SHA-256 is not the one in {_SPEC}")
    weights = read_arrays(files[_WEIGHTS], f"{name}/{_WEIGHTS}", largest=_LARGEST)
    for key, shape in card.spec.parameter_shapes().items():
        expected = (len(card.seeds), len(card.epochs), *shape)
        if key not in weights or weights[key].shape != expected:
            raise BadFile(f"{name}/{_WEIGHTS} does not fit its spec: {key} should be {expected}")
    history = read_history(files[_HISTORY], f"{name}/{_HISTORY}")
    if {row.seed for row in history} != set(card.seeds):
        raise BadFile(f"{name}/{_HISTORY} does not fit its spec: its seeds are others")
    return Family(
        name=name,
        spec=card.spec,
        seeds=card.seeds,
        epochs=card.epochs,
        weights=weights,
        history=history,
    )


def _read(root: Path, file: str) -> bytes:
    try:
        return (root / file).read_bytes()
    except OSError as error:
        raise BadFile(f"{file} cannot be read: {error.strerror}") from None


def save_family(family: Family, root: Path, *, replace: bool = False) -> Path:
    """Write a family and return its folder.

    The folder is written under another name, flushed to disk and renamed. An existing family is
    never touched, unless `replace` is given: then the new one takes its place whole.

    Raises
    ------
    FileExistsError
        If there is one of that name and `replace` is not given.

    """
    check_name(family.name)
    target = root / family.name
    if target.exists() and not replace:
        raise FileExistsError(f"{target} exists already; nothing was written")
    root.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=root))
    draft.chmod(0o755)
    files = {
        _WEIGHTS: write_arrays(family.weights),
        _HISTORY: write_history(family.history),
    }
    card = _Card(
        identity=family.spec.identity,
        spec=family.spec,
        seeds=family.seeds,
        epochs=family.epochs,
        sha256={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    )
    files[_SPEC] = card.model_dump_json(indent=1).encode() + b"\n"
    try:
        for name, data in files.items():
            _write_through(draft / name, data)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=".old-", dir=root))
            target.rename(old / family.name)
            draft.rename(target)
            shutil.rmtree(old)
        else:
            draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _flush_folder(root)
    return target


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":  # Windows has no handle on a folder that could be flushed
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
