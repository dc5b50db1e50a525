"""Strings that were drawn before, kept on disk: drawing thousands takes seconds, reading them none.

A file is named by everything that its strings follow from, the sources included, and begins with
the SHA-256 of the rest. One that is damaged or missing is drawn anew, and where nothing can be
written, nothing is kept.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from countviz.durable import write_file
from countviz.folders import cache_folder

_PACKAGE = Path(__file__).resolve().parent


def recall(what: str, draw: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """Return strings that were kept under a description, or draw and keep them."""
    name = hashlib.sha256(f"{_sources()} {what}".encode()).hexdigest()[:16]
    file = cache_folder() / f"strings-{name}.txt"
    kept = _read(file)
    if kept is not None:
        return kept
    strings = draw()
    body = "\n".join(strings)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_file(file, f"{_digest(body)}\n{body}".encode())
    except OSError:
        pass  # a read-only machine draws them every time
    return strings


def _read(file: Path) -> tuple[str, ...] | None:
    try:
        digest, _, body = file.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return tuple(body.split("\n")) if digest == _digest(body) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _sources() -> str:
    """Return a digest of the sources that strings follow from."""
    files = [*sorted((_PACKAGE / "languages").glob("*.py")), _PACKAGE / "datasets.py"]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
