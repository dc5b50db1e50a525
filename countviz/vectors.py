"""Parameters as one vector, in PyTorch's order: as many models are trained and judged."""

from collections.abc import Mapping

import numpy as np


def flatten_parameters(parameters: Mapping[str, np.ndarray], dtype: str) -> np.ndarray:
    """Return the parameters as one vector [P], in their order."""
    return np.concatenate([array.ravel() for array in parameters.values()]).astype(dtype)


def split_parameters(
    vectors: np.ndarray, shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, np.ndarray]:
    """Return vectors [..., P] as arrays [..., *shape] by name: the inverse of flattening."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
    pieces = np.split(vectors, ends[:-1], axis=-1)
    return {
        name: piece.reshape(*vectors.shape[:-1], *shape)
        for (name, shape), piece in zip(shapes.items(), pieces, strict=True)
    }
