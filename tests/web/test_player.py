"""What is sent to the player, byte by byte, and what is refused before it is sent."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countviz.web.player import Row, _pack, show_player

floats = st.floats(width=32, allow_nan=True)


def make_row(counts, verdicts=None, mistakes=None, label="LSTM-1"):
    length = len(counts)
    return Row(
        label=label,
        note="seed 3",
        mark="square",
        color=0,
        hollow=False,
        counts=np.array(counts, float),
        verdicts=np.array([1] * length if verdicts is None else verdicts),
        mistakes=np.array([0] * length if mistakes is None else mistakes),
        title="right for all",
        detail="",
        remark="",
    )


def unpack(block):
    """Read a block as the browser does: header, [1 + rows, T] floats, [rows, T] flags."""
    (size,) = struct.unpack_from("<I", block)
    header = json.loads(block[4 : 4 + size].decode())
    length, rows = len(header["string"]), len(header["rows"])
    start = 4 + size
    assert start % 4 == 0  # a Float32Array starts at a multiple of four
    stop = start + 4 * (1 + rows) * length
    series = np.frombuffer(block[start:stop], "<f4").reshape(1 + rows, length)
    flags = np.frombuffer(block[stop:], "u1").reshape(rows, length)
    return header, series, flags


def header_of(string, rows):
    return {"string": string, "rows": [{"label": row.label} for row in rows]}


@given(st.data())
def test_what_is_packed_can_be_read_back(data):
    length = data.draw(st.integers(1, 30))
    of_length = {"min_size": length, "max_size": length}
    text = data.draw(st.text("()[]abc", **of_length))
    truth = np.array(data.draw(st.lists(st.integers(-99, 20_000), **of_length)))
    rows = [
        make_row(
            data.draw(st.lists(floats, **of_length)),
            data.draw(st.lists(st.booleans(), **of_length)),
            data.draw(st.lists(st.booleans(), **of_length)),
            data.draw(st.text(max_size=12)),
        )
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    header, series, flags = unpack(_pack(header_of(text, rows), truth, rows))
    assert header == header_of(text, rows)
    assert (series[0] == truth).all()
    for row, sent, flag in zip(rows, series[1:], flags, strict=True):
        assert np.array_equal(sent, row.counts.astype("f4"), equal_nan=True)
        assert ((flag & 1) == row.verdicts).all()
        assert ((flag >> 1) == row.mistakes).all()


@pytest.mark.parametrize("models", [1, 4])
def test_five_bytes_are_sent_for_a_symbol_and_a_model(models):
    rows = [make_row(np.zeros(20_000))] * models
    header = header_of("(" * 20_000, rows)
    block = _pack(header, np.zeros(20_000), rows)
    (size,) = struct.unpack_from("<I", block)
    assert len(block) - 4 - size == 20_000 * (4 + 5 * models)


def show(string="(()", truth=(1, 2, 1), rows=()):
    rows = rows or [make_row([1, 2, 1])]
    return show_player(
        string=string,
        truth=np.array(truth),
        legal=len(string),
        rows=rows,
        noun="bracket",
        reading="",
        missing="",
        position=-1,
        speed=8,
        key="player",
    )


def test_an_empty_string_is_refused():
    with pytest.raises(ValueError, match="the string is empty"):
        show("", (), [make_row([])])


def test_a_truth_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"the true count has shape \(2,\); .* 3 symbols"):
        show(truth=(1, 2))


@pytest.mark.parametrize("series", ["counts", "verdicts", "mistakes"])
def test_a_series_of_another_length_is_refused_by_name(series):
    values = {"counts": [1, 2, 1], "verdicts": [1, 1, 1], "mistakes": [0, 0, 0]}
    wrong = make_row(**{**values, "counts": [1, 2, 1], series: [1, 1]}, label="GRU-1")
    with pytest.raises(ValueError, match=rf"the {series} of GRU-1 has shape \(2,\)"):
        show(rows=[make_row([1, 2, 1]), wrong])


def test_a_series_of_two_axes_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3, 1\)"):
        show(rows=[make_row([[1], [2], [1]])])
