"""Files that are there whole or not at all, whenever the power fails.

A file is written beside its place, flushed, renamed, and its folder flushed: the rename is the
moment from which it counts (Pillai et al., OSDI 2014, on what file systems do and do not promise).
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

DRAFT = ".tmp-"  # how the name of what is being written begins
ABANDONED = 3600  # seconds after which nobody is still writing a draft


def write_file(path: Path, data: bytes) -> None:
    """Write a file at once; on an error nothing of it remains."""
    handle, name = tempfile.mkstemp(prefix=DRAFT, dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _fill(file, data)
        draft.chmod(0o644)
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def write_folder(folder: Path, files: dict[str, bytes], *, replace: bool = False) -> None:
    """Write a folder of files at once; with `replace` it takes the place of one that is there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder.parent))
    draft.chmod(0o755)
    try:
        for name, data in files.items():
            with (draft / name).open("xb") as file:
                _fill(file, data)
        flush_folder(draft)
        if replace and folder.exists():
            old = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder.parent))
            folder.rename(old / folder.name)
            draft.rename(folder)
            shutil.rmtree(old)
        else:
            draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    flush_folder(folder.parent)


def _fill(file, data: bytes) -> None:  # noqa: ANN001
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """See to it that what was created or renamed in a folder is still there after a power cut."""
    if os.name == "posix":  # Windows has no handle on a folder that could be flushed
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def set_aside(path: Path, quarantine: Path, reason: str) -> Path:
    """Move a damaged file or folder to the quarantine, with a note why; nothing is deleted."""
    quarantine.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f"{time.strftime('%Y%m%d')}-", dir=quarantine))
    (place / "reason.txt").write_text(f"{path.parent.name}/{path.name}: {reason}\n", "utf-8")
    path.rename(place / path.name)
    flush_folder(place)
    return place / path.name


def remove_leftovers(folder: Path) -> int:
    """Remove drafts that nobody has touched for an hour, and return how many there were."""
    old = [
        draft
        for draft in folder.glob(f"**/{DRAFT}*")
        if time.time() - draft.lstat().st_mtime > ABANDONED
    ]
    for draft in old:
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)
    return len(old)
