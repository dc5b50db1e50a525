"""The loops: what runs a cell over a string, looks for the end of its count, and trains it."""

import countviz.arithmetic  # noqa: F401  tells numba where to keep kernels
