"""Denormals are flushed where they are asked to be, and nowhere else."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from countviz.arithmetic import denormals
from countviz.arithmetic.denormals import flush_denormals, restore_denormals
from countviz.arithmetic.instructions import kernel

TINY = np.array([1e-40], np.float32)  # a denormal
known = pytest.mark.skipif(
    denormals._MACHINE not in denormals._REGISTERS, reason="a processor without a known register"
)


@kernel
def halve_flushed(values):
    before = flush_denormals()
    values[0] = values[0] * np.float32(0.5)
    restore_denormals(before)


@known
def test_within_a_kernel_denormals_are_flushed():
    values = TINY.copy()
    halve_flushed(values)
    assert values[0] == 0


@known
def test_afterwards_the_thread_is_as_it_was():
    def use_a_thread():
        halve_flushed(TINY.copy())
        return TINY[0] * np.float32(0.5)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(use_a_thread).result() > 0
    assert use_a_thread() > 0
