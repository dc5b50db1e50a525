"""Products of matrices whose entries are numbers or lanes: what a wide model's time goes into.

A small block of the result is kept in registers while the two factors stream past, which asks the
memory for a third of what a product entry by entry does. Every entry is summed in the same order
whatever the blocks, so that they change no bit.
"""

from countviz.arithmetic.instructions import borrowing, fma, inlined, write_apart


@write_apart
def add_product(target, left, right):
    """Add left [P, K] times the transpose of right [Q, K] to target [P, Q].

    Views will do for all three: ``a.T`` for a factor that is stored the other way round.
    """
    rows, columns = target.shape
    whole = rows - rows % 4
    for p in range(0, whole, 4):
        _add_four_rows(target, left, right, p)
    for p in range(whole, rows):
        paired = columns - columns % 4
        for q in range(0, paired, 4):
            _add_row_of_four(target, left, right, p, q)
        for q in range(paired, columns):
            total = target[p, q]
            for k in range(left.shape[1]):
                total = fma(left[p, k], right[q, k], total)
            target[p, q] = total


@inlined
def _add_four_rows(target, left, right, p):
    """Add four rows of a product, two columns at a time."""
    columns, inner = target.shape[1], left.shape[1]
    for q in range(0, columns - 1, 2):
        a0, b0 = target[p, q], target[p, q + 1]
        a1, b1 = target[p + 1, q], target[p + 1, q + 1]
        a2, b2 = target[p + 2, q], target[p + 2, q + 1]
        a3, b3 = target[p + 3, q], target[p + 3, q + 1]
        for k in range(inner):
            x, y = right[q, k], right[q + 1, k]
            a0, b0 = fma(left[p, k], x, a0), fma(left[p, k], y, b0)
            a1, b1 = fma(left[p + 1, k], x, a1), fma(left[p + 1, k], y, b1)
            a2, b2 = fma(left[p + 2, k], x, a2), fma(left[p + 2, k], y, b2)
            a3, b3 = fma(left[p + 3, k], x, a3), fma(left[p + 3, k], y, b3)
        target[p, q], target[p, q + 1] = a0, b0
        target[p + 1, q], target[p + 1, q + 1] = a1, b1
        target[p + 2, q], target[p + 2, q + 1] = a2, b2
        target[p + 3, q], target[p + 3, q + 1] = a3, b3
    if columns % 2:
        q = columns - 1
        a0, a1, a2, a3 = target[p, q], target[p + 1, q], target[p + 2, q], target[p + 3, q]
        for k in range(inner):
            x = right[q, k]
            a0, a1 = fma(left[p, k], x, a0), fma(left[p + 1, k], x, a1)
            a2, a3 = fma(left[p + 2, k], x, a2), fma(left[p + 3, k], x, a3)
        target[p, q], target[p + 1, q], target[p + 2, q], target[p + 3, q] = a0, a1, a2, a3


@inlined
def _add_row_of_four(target, left, right, p, q):
    """Add four neighbours of one row of a product."""
    a, b, c, d = target[p, q], target[p, q + 1], target[p, q + 2], target[p, q + 3]
    for k in range(left.shape[1]):
        x = left[p, k]
        a, b = fma(x, right[q, k], a), fma(x, right[q + 1, k], b)
        c, d = fma(x, right[q + 2, k], c), fma(x, right[q + 3, k], d)
    target[p, q], target[p, q + 1], target[p, q + 2], target[p, q + 3] = a, b, c, d


@borrowing
def add_columns(sums, matrix):
    """Add the columns of a matrix [R, C] to their sums [C]."""
    rows, columns = matrix.shape
    for row in range(rows):
        for column in range(columns):
            sums[column] += matrix[row, column]
