"""Where compiled kernels are kept between processes.

Numba notices a changed kernel, but not a change in what the kernel calls. The folder is therefore
named by a hash of every source file that can end up inside a kernel: new sources, new folder.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from numba import config

from countviz.folders import cache_folder

_PACKAGE = Path(__file__).resolve().parents[1]
_COMPILED = ("arithmetic", "cells", "engine")


def kernel_version() -> str:
    """Return 12 hexadecimal digits that change whenever a compiled source changes."""
    digest = hashlib.sha256()
    for folder in _COMPILED:
        for source in sorted((_PACKAGE / folder).glob("*.py")):
            digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:12]


def kernel_folder() -> Path:
    """Return a writable folder for compiled kernels.

    It lies in the cache folder, or else is a private temporary one (a read-only checkout without
    a home folder still runs, it only compiles anew).
    """
    folder = cache_folder() / f"kernels-{kernel_version()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="countviz-kernels-"))


def use_kernel_folder() -> None:
    """Tell numba where to cache, whether it has been imported before or not."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(kernel_folder()))
    config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]
