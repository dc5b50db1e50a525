"""Families of trained models on disk: list, load, verify, save.

A folder is a family, all seeds and kept epochs of one ``Spec``: ``spec.json`` says what it is and
holds the SHA-256 of the other two files, ``weights.safetensors`` the parameters under PyTorch's
names with leading axes seed and epoch, ``history.csv`` how training went. A family appears whole
or not at all, because its folder is written elsewhere and renamed.

Families stand in two places: the shipped library, and below it what was trained on demand. Where
both have a name, the shipped family is meant.
"""

import hashlib
import re
from dataclasses import replace as replaced
from os import scandir
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from countviz.durable import set_aside, write_folder
from countviz.families import Family, UnknownModel, split_address
from countviz.folders import data_folder, library_folder
from countviz.history import read_history, write_history
from countviz.models import Model, Spec
from countviz.weight_files import BadFile, read_arrays, write_arrays

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_WEIGHTS, _HISTORY, _SPEC = "weights.safetensors", "history.csv", "spec.json"
FAMILIES, QUARANTINE = "families", "quarantine"  # in the data folder
_LARGEST = 256 * 2**20  # bytes of a weights file


class _Card(BaseModel):
    """What ``spec.json`` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: int = 1
    identity: str
    spec: Spec
    seeds: tuple[int, ...]
    epochs: tuple[int, ...]
    sha256: dict[str, str]


def check_name(name: str) -> None:
    """Refuse a name that no family may have."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a family: a-z, 0-9 and - are right")


def family_roots() -> tuple[Path, Path]:
    """Return the two places that hold families: what was trained on demand, and the library."""
    return data_folder() / FAMILIES, library_folder()


def family_folders(root: Path | None = None) -> dict[str, Path]:
    """Return the folders that claim to be families, by name; by default those of both places."""
    roots = family_roots() if root is None else (root,)
    named = [
        entry
        for place in roots
        if place.is_dir()
        for entry in scandir(place)
        if _NAME.fullmatch(entry.name) and Path(entry.path, _SPEC).exists()
    ]
    return {entry.name: Path(entry.path) for entry in sorted(named, key=lambda one: one.name)}


def list_names(root: Path | None = None) -> tuple[str, ...]:
    """Return the names of the folders that claim to be families."""
    return tuple(family_folders(root))


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
        The folder of families; by default the library and what was trained on demand.

    Raises
    ------
    UnknownModel, BadFile
        Both are ``ValueError``; they say what there is, or which file is damaged and how.

    """
    name, seed, epoch = split_address(address)
    return load_family(name, root).model(seed, epoch)


def load_family(name: str, root: Path | None = None) -> Family:
    """Return a family, verified: its files are those that were written, and fit its spec."""
    folders = family_folders(root)
    if name not in folders:
        names = ", ".join(folders) or "none"
        raise UnknownModel(f"no checkpoint named {name[:80]}; there are: {names}")
    root = folders[name].parent
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
    write_folder(target, files, replace=replace)
    return target


def save_as(name: str, new_name: str, root: Path) -> Path:
    """Save a family once more in a folder of families, under a name that no family has yet.

    Raises
    ------
    ValueError
        If the name is taken, or is none that a family may have.

    """
    check_name(new_name)
    if new_name in list_names():
        raise ValueError(f"there is a family named {new_name} already; another name is right")
    return save_family(replaced(load_family(name), name=new_name), root)


def quarantine_family(name: str, root: Path, reason: str) -> None:
    """Take a damaged family out of those of a data folder; it is set aside, not deleted."""
    set_aside(root / FAMILIES / name, root / QUARANTINE, reason)
