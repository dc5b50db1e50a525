"""Epochs on disk: whole, verified, and never written over."""

import subprocess
import sys

import numpy as np
import pytest

from countviz.durable import DRAFT, remove_leftovers, write_file
from countviz.jobs.epoch_files import list_epochs, read_epoch, sound_epochs, write_epoch
from countviz.weight_files import BadFile

ARRAYS = {"epoch": np.array([3.0]), "loss": np.array([[1.0, np.nan]]), "horizon": np.array([7, -1])}


def test_an_epoch_comes_back_as_it_went_and_read_only(tmp_path):
    write_epoch(tmp_path / "job", 3, ARRAYS)
    again = read_epoch(tmp_path / "job", 3)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(again[name], array)
        assert again[name].dtype == array.dtype
        assert not again[name].flags.writeable


def test_flipped_bits_and_every_cut_are_noticed(tmp_path):
    write_epoch(tmp_path, 3, ARRAYS)
    (file,) = list_epochs(tmp_path).values()
    sound = file.read_bytes()
    damaged = [sound[:length] for length in range(len(sound))]
    for bit in range(0, 8 * len(sound), 5):
        flipped = bytearray(sound)
        flipped[bit // 8] ^= 1 << bit % 8
        damaged.append(flipped)
    for data in damaged:
        file.write_bytes(data)
        with pytest.raises(BadFile, match=r"epoch 3 of the job .* is damaged"):
            read_epoch(tmp_path, 3)


def test_an_epoch_that_is_not_there_is_said_not_to_be(tmp_path):
    with pytest.raises(BadFile, match="epoch 0 of the job nothing is not on disk"):
        read_epoch(tmp_path / "nothing", 0)


def test_training_goes_on_before_a_damaged_epoch_which_is_set_aside(tmp_path):
    folder = tmp_path / "job"
    for epoch in range(4):
        write_epoch(folder, epoch, {"epoch": np.array([epoch])})
    file = list_epochs(folder)[2]
    file.write_bytes(b"damaged")
    assert sound_epochs(folder, tmp_path / "quarantine") == (0, 1)
    assert sorted(list_epochs(folder)) == [0, 1, 3]
    (kept,) = (tmp_path / "quarantine").glob(f"*/{file.name}")
    assert kept.read_bytes() == b"damaged"
    assert "SHA-256" in kept.with_name("reason.txt").read_text()


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    write_epoch(tmp_path, 0, ARRAYS)
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError(5, "no disk")))
    with pytest.raises(OSError, match="no disk"):
        write_epoch(tmp_path, 1, ARRAYS)
    assert list(list_epochs(tmp_path)) == [0]
    assert len(list(tmp_path.iterdir())) == 1


LIMITED = """
import resource, signal, sys
from pathlib import Path
from countviz.durable import write_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_file(Path(sys.argv[1]), bytes(2000))
except OSError as error:
    sys.exit(error.errno)
"""


def test_a_file_that_grows_too_large_leaves_the_earlier_one_intact(tmp_path):
    write_file(tmp_path / "file", b"earlier")
    done = subprocess.run([sys.executable, "-c", LIMITED, tmp_path / "file"], check=False)
    assert done.returncode == 27  # EFBIG
    assert (tmp_path / "file").read_bytes() == b"earlier"
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_only_abandoned_drafts_are_removed(tmp_path, monkeypatch):
    for name in (f"{DRAFT}file", "file"):
        write_file(tmp_path / name, b"")
    (tmp_path / f"{DRAFT}folder" / "inside").mkdir(parents=True)
    assert remove_leftovers(tmp_path) == 0
    monkeypatch.setattr("countviz.durable.ABANDONED", -1)
    assert remove_leftovers(tmp_path) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
