"""The folder of compiled kernels."""

import os
import subprocess
import sys
from pathlib import Path

from countviz.arithmetic.cache import kernel_folder, kernel_version


def test_the_folder_is_the_one_that_was_asked_for_and_named_by_the_sources(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_CACHE", str(tmp_path))
    assert kernel_folder() == tmp_path / f"kernels-{kernel_version()}"
    assert kernel_folder().is_dir()


def test_without_a_writable_place_a_private_one_is_made(tmp_path, monkeypatch):
    not_a_folder = tmp_path / "file"
    not_a_folder.write_text("")
    monkeypatch.setenv("COUNTVIZ_CACHE", str(not_a_folder))
    folder = kernel_folder()
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0
    folder.rmdir()


def test_importing_countviz_loads_neither_numba_nor_torch():
    code = (
        "import sys, countviz; print([m for m in ('numba', 'torch', 'plotly') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=dict(os.environ), capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_kernels_go_to_the_folder_even_if_numba_was_imported_first(tmp_path):
    code = (
        "import numba, countviz.engine.kernels as kernels;"
        "print(kernels.record._cache.cache_path, numba.config.CACHE_DIR)"
    )
    environment = dict(os.environ) | {"COUNTVIZ_CACHE": str(tmp_path)}
    environment.pop("NUMBA_CACHE_DIR", None)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True
    )
    path, folder = done.stdout.split()
    assert path.startswith(str(tmp_path)), done.stderr
    assert folder.startswith(str(tmp_path))
