"""The epochs of a training on disk: one file each, never changed, named by what it holds.

A name such as ``0003-<SHA-256>.safetensors`` says which epoch it is and what its bytes must be, so
a damaged file is never taken for a sound one, and writing an epoch twice changes nothing.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from countviz.durable import set_aside, write_file
from countviz.weight_files import BadFile, read_own_arrays, write_arrays

JOBS = "jobs"  # in the data folder, a folder a job
LEARNING = "learning."  # how the names of what was measured begin, among an epoch's arrays
ORDER = "order.json"  # beside the epochs: what they are epochs of
_NAME = re.compile(r"(?P<epoch>\d{4})-(?P<sha256>[0-9a-f]{64})\.safetensors")


def job_folder(root: Path, id: str) -> Path:
    """Return where the epochs of a job are, in a data folder."""
    return root / JOBS / id


def list_epochs(folder: Path) -> dict[int, Path]:
    """Return the files of a job's epochs, in order; they are not opened."""
    files = sorted(folder.iterdir()) if folder.is_dir() else ()
    return {int(match["epoch"]): file for file in files if (match := _NAME.fullmatch(file.name))}


def write_epoch(folder: Path, epoch: int, arrays: Mapping[str, np.ndarray]) -> None:
    """Put an epoch on disk, whole and flushed."""
    data = write_arrays(arrays)
    name = f"{epoch:04d}-{hashlib.sha256(data).hexdigest()}.safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / name, data)


def read_epoch(folder: Path, epoch: int) -> dict[str, np.ndarray]:
    """Return the arrays of an epoch, verified and read-only.

    Raises
    ------
    BadFile
        If it is not there, or is not what was written.

    """
    where = f"epoch {epoch} of the job {folder.name}"
    file = list_epochs(folder).get(epoch)
    if file is None:
        raise BadFile(f"{where} is not on disk")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadFile(f"{where} cannot be read: {error.strerror}") from None
    if hashlib.sha256(data).hexdigest() != _NAME.fullmatch(file.name)["sha256"]:
        raise BadFile(f"{where} is damaged: its SHA-256 is not the one in its name")
    return read_own_arrays(data)


def sound_epochs(folder: Path, quarantine: Path) -> tuple[int, ...]:
    """Return the epochs without a gap from the first on; damaged ones are set aside."""
    for epoch, file in list_epochs(folder).items():
        try:
            read_epoch(folder, epoch)
        except BadFile as problem:
            set_aside(file, quarantine, str(problem))
    found = list_epochs(folder)
    return tuple(epoch for place, epoch in enumerate(found) if epoch == place)
