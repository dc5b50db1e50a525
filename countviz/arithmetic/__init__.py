"""Numbers: the few functions that the cells' equations are written in, for every precision.

An equation is written once over abstract numbers. What ``sigmoid``, ``tanh``, ``+`` or ``*`` mean
is decided by the type of its operands when numba compiles it: float64 and float32 are the
machine's own, float16 and bfloat16 are emulated in float32 with a rounding after every operation.
"""

from countviz.arithmetic.cache import use_kernel_folder

use_kernel_folder()  # before the first kernel is made
