"""Families: their members as flat parameters."""

import numpy as np

from countviz.checkpoints import load_family


def test_flat_parameters_are_those_of_the_models_in_pytorchs_order():
    family = load_family("lstm1-dyck1")
    seeds, epochs = [3, 0, 3], [20, 5, 0]
    for vector, seed, epoch in zip(family.vectors(seeds, epochs), seeds, epochs, strict=True):
        arrays = family.model(seed, epoch).parameters.values()
        assert np.array_equal(vector, np.concatenate([array.ravel() for array in arrays]))
