"""Products of matrices of numbers: the same as numpy's, in lanes and alone, whatever the view."""

import numpy as np
import pytest

from countviz.arithmetic.instructions import kernel
from countviz.arithmetic.lanes import LANES, align, as_lanes
from countviz.engine.products import add_columns, add_product


@kernel
def add_in_lanes(target, left, right):
    add_product(as_lanes(target), as_lanes(left), as_lanes(right))


@kernel
def add_transposed(target, left, right):
    add_product(as_lanes(target), as_lanes(left).T, as_lanes(right)[:, 1:].T)


@kernel
def add_all_columns(sums, matrix):
    add_columns(as_lanes(sums), as_lanes(matrix))


def draw(*shape):
    return align(np.random.default_rng(sum(shape)).standard_normal((*shape, LANES)))


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 9, 3), (4, 2, 5), (6, 7, 2), (9, 3, 4)])
def test_a_product_is_added_to_what_is_there(shape):
    rows, columns, inner = shape
    target, left, right = draw(rows, columns), draw(rows, inner), draw(columns, inner)
    expected = target + np.einsum("pkl,qkl->pql", left, right)
    add_in_lanes(target, left, right)
    np.testing.assert_allclose(target, expected, rtol=1e-13, atol=1e-13)


def test_factors_may_be_views():
    target, left, right = draw(5, 3), draw(4, 5), draw(4, 4)
    expected = target + np.einsum("kpl,kql->pql", left, right[:, 1:])
    add_transposed(target, left, right)
    np.testing.assert_allclose(target, expected, rtol=1e-13, atol=1e-13)


def test_an_empty_product_adds_nothing():
    target = draw(2, 3)
    before = target.copy()
    add_in_lanes(target, draw(2, 0), draw(3, 0))
    assert (target == before).all()


def test_columns_are_summed_up():
    sums, matrix = draw(3), draw(7, 3)
    expected = sums + matrix.sum(axis=0)
    add_all_columns(sums, matrix)
    np.testing.assert_allclose(sums, expected, rtol=1e-13, atol=1e-13)
