"""Families on disk: whole or not at all, verified, and never silently wrong."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countviz.checkpoints import (
    UnknownModel,
    load,
    load_family,
    load_library,
    save_family,
    split_address,
)
from countviz.exact import exact_lstm, exact_relu
from countviz.models import Spec, Training
from countviz.training import train
from countviz.weight_files import BadFile, export_file, load_file, read_arrays, write_arrays

SPEC = Spec(
    language="dyck1",
    cell="relu",
    recipe=Training(epochs=2, train_strings=100, validation_strings=20),
)
FILES = ("spec.json", "weights.safetensors", "history.csv")


@pytest.fixture(scope="module")
def family():
    return train(SPEC, (0, 1, 5), "small")


@pytest.fixture
def library(family, tmp_path):
    save_family(family, tmp_path)
    return tmp_path


def test_a_family_comes_back_as_it_went(family, library):
    again = load_family("small", library)
    assert (again.spec, again.seeds, again.epochs) == (family.spec, family.seeds, family.epochs)
    for name, array in family.weights.items():
        assert again.weights[name].dtype == array.dtype
        assert (again.weights[name] == array).all()
    assert again.history == family.history


def test_addresses_name_family_seed_and_epoch(family, library):
    assert load("small/5@1", library).name == "small/5@1"
    assert load("small/5", library).epoch == family.best_epoch(5)
    best = load("small", library)
    assert (best.seed, best.epoch) == (family.best_seed(), family.best_epoch(family.best_seed()))
    at = family.seeds.index(5), 1
    weight = load("small/5@1", library).parameters["rnn.weight_ih_l0"]
    assert (weight == family.weights["rnn.weight_ih_l0"][at]).all()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("lstm9", "no checkpoint named lstm9; there are: small"),
        ("small/2", "small has no seed 2; there are: 0-1, 5"),
        ("small/0@7", "small has no epoch 7; there are: 0-2"),
        ("../small", "is not an address"),
        ("small/x", "is not an address"),
        ("", "is not an address"),
    ],
)
def test_an_unknown_address_is_answered_with_what_there_is(library, address, sentence):
    with pytest.raises(UnknownModel, match=sentence):
        load(address, library)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(text):
    try:
        name, _, _ = split_address(text)
    except UnknownModel:
        return
    assert name


def test_an_existing_family_is_only_replaced_on_demand(family, library):
    with pytest.raises(FileExistsError):
        save_family(family, library)
    save_family(family, library, replace=True)
    assert load_family("small", library).seeds == family.seeds
    assert [path.name for path in library.iterdir()] == ["small"]


def test_a_writer_that_fails_leaves_nothing_behind(family, tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError(5, "no disk")))
    with pytest.raises(OSError, match="no disk"):
        save_family(family, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("file", FILES)
def test_every_flipped_bit_is_noticed_and_the_file_named(library, file):
    path = library / "small" / file
    original = path.read_bytes()
    rng = np.random.default_rng(0)
    for at in rng.choice(len(original), 60, replace=False):
        damaged = bytearray(original)
        damaged[at] ^= 1 << rng.integers(8)
        path.write_bytes(damaged)
        if file == "spec.json" and _means_the_same(damaged, original):
            continue
        with pytest.raises(BadFile, match=rf"{file}|{FILES[0]}"):
            load_family("small", library)


def _means_the_same(text, original):
    """Say whether the damage hit white space that JSON ignores."""
    try:
        return json.loads(text) == json.loads(original)
    except ValueError:
        return False


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_every_truncation_is_noticed(library, file, share):
    path = library / "small" / file
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(BadFile, match=file):
        load_family("small", library)


def test_a_damaged_family_does_not_take_the_others_along(family, library):
    save_family(dataclasses.replace(family, name="other"), library)
    (library / "small" / "weights.safetensors").unlink()
    families, problems = load_library(library)
    assert list(families) == ["other"]
    assert len(problems) == 1
    assert "weights.safetensors" in problems[0]


def test_a_single_model_travels_through_a_file(tmp_path):
    model = exact_lstm()
    export_file(model, tmp_path / "one.safetensors")
    again = load_file(tmp_path / "one.safetensors", cell="lstm", language="dyck1")
    assert again.weights_sha256 == model.weights_sha256
    assert again.spec.units == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04junk", "ZIP archive"),
        (b"", "not a sound safetensors file"),
        (b"\xff" * 100, "not a sound safetensors file"),
        (b"\0" * (2**20 + 1), "1,048,577 bytes; at most 1,048,576"),
        (write_arrays({"x": np.zeros(3, np.float32)}), "needs rnn.weight_hh_l0.*holds: x"),
        (write_arrays({"x": np.zeros(3, np.int64)}), "int64"),
        (write_arrays({"x": np.array([np.inf])}), "not a finite number"),
    ],
)
def test_a_foreign_file_is_refused_by_name(tmp_path, data, sentence):
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(data)
    with pytest.raises(BadFile, match=f"foreign.safetensors.*{sentence}"):
        load_file(path, cell="lstm", language="dyck1")


def test_a_name_that_appears_twice_is_refused():
    entry = b'"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
    header = b"{" + entry + b"," + entry + b"}"
    data = len(header).to_bytes(8, "little") + header + b"\0" * 4
    with pytest.raises(BadFile, match="twice"):
        read_arrays(data, "file", 1_000)


def test_weights_of_another_cell_are_refused_by_shape(tmp_path):
    export_file(exact_relu(), tmp_path / "relu.safetensors")
    with pytest.raises(ValueError, match=r"weight_ih_l0 .*\(1, 2\); \(4, 2\) is right"):
        load_file(tmp_path / "relu.safetensors", cell="lstm", language="dyck1")


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_noise_is_never_taken_for_weights(data):
    try:
        arrays = read_arrays(data, "noise", 1_000)
    except BadFile:
        return
    assert all(np.isfinite(array).all() for array in arrays.values())
