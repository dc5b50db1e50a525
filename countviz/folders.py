"""Where countviz keeps what it trained: the shipped library, and the data of whoever runs it.

A data folder holds ``families/``, what was trained on demand; ``jobs/``, the epochs of every
training; ``jobs.sqlite3``, the list of jobs; and ``quarantine/``, what was found damaged.
"""

import os
from pathlib import Path

import platformdirs

SHIPPED = Path(__file__).resolve().parents[1] / "checkpoints"
RESULTS = SHIPPED.with_name("results")


def library_folder() -> Path:
    """Return where the shipped families are, or ``COUNTVIZ_CHECKPOINTS`` in their place."""
    return Path(os.environ.get("COUNTVIZ_CHECKPOINTS", SHIPPED))


def results_folder() -> Path:
    """Return where the shipped studies are, or ``COUNTVIZ_RESULTS`` in their place."""
    return Path(os.environ.get("COUNTVIZ_RESULTS", RESULTS))


def data_folder() -> Path:
    """Return ``COUNTVIZ_DATA``, else the user's data folder; it need not exist yet."""
    return Path(os.environ.get("COUNTVIZ_DATA") or platformdirs.user_data_dir("countviz"))


def cache_folder() -> Path:
    """Return ``COUNTVIZ_CACHE``, else the user's cache folder: what it holds can be made again."""
    return Path(os.environ.get("COUNTVIZ_CACHE") or platformdirs.user_cache_dir("countviz"))
