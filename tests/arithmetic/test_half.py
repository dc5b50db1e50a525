"""16-bit rounding, held against numpy's float16 and PyTorch's bfloat16."""

import numpy as np
import pytest
import torch

from countviz.arithmetic.half import round_to_bfloat16, round_to_float16
from countviz.arithmetic.instructions import kernel
from countviz.arithmetic.precision import PRECISIONS, UnknownPrecision, find_precision


@kernel
def apply_float16(values, out):
    for k in range(values.size):
        out[k] = round_to_float16(values[k])


@kernel
def apply_bfloat16(values, out):
    for k in range(values.size):
        out[k] = round_to_bfloat16(values[k])


def every_kind_of_float32():
    """Random bit patterns, so that all exponents occur, and the values on which rounding turns."""
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**32, 200_000, dtype=np.uint32).view(np.float32)
    halves = np.arange(0, 2**16, dtype=np.uint16).view(np.float16).astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        between = (halves[:-1] + halves[1:]) / 2
    edges = np.float32([0, 65504, 65519.996, 65520, 65536, 2**-14, 2**-24, 2**-25, 3e38, np.inf])
    values = np.concatenate([bits, halves, between, edges, -edges])
    return values[~np.isnan(values)]


def test_float16_rounding_is_that_of_numpy():
    x = every_kind_of_float32()
    out = np.empty_like(x)
    apply_float16(x, out)
    with np.errstate(over="ignore"):
        assert (out == x.astype(np.float16).astype(np.float32)).all()


def test_bfloat16_rounding_is_that_of_torch():
    x = every_kind_of_float32()
    out = np.empty_like(x)
    apply_bfloat16(x, out)
    assert (out == torch.tensor(x).to(torch.bfloat16).float().numpy()).all()


@pytest.mark.parametrize(
    ("name", "kernel"), [("float16", apply_float16), ("bfloat16", apply_bfloat16)]
)
def test_arrays_round_like_numbers(name, kernel):
    x = every_kind_of_float32()
    out = np.empty_like(x)
    kernel(x, out)
    assert (PRECISIONS[name].round(x) == out).all()


def test_a_number_that_is_none_stays_so():
    x, out = np.float32([np.nan]), np.zeros(1, np.float32)
    for function in (apply_float16, apply_bfloat16):
        function(x, out)
        assert np.isnan(out[0])


def test_an_unknown_precision_is_refused_with_the_names_there_are():
    with pytest.raises(UnknownPrecision, match=r"'float8'.*float64, float32, float16, bfloat16"):
        find_precision("float8")
