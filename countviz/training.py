"""Train the seeds of a family by the published protocol.

Every seed starts from PyTorch's initial weights and sees the same strings in the same order,
which is drawn anew for every epoch; the best epoch is the one with the lowest mean validation
loss (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429, who logged the last string's loss
instead).
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from countviz.checkpoints import Family
from countviz.datasets import encode_strings, make_splits
from countviz.engine.kernels import Variant, evaluate, find_variant, train_epoch
from countviz.engine.train import Corpus
from countviz.history import Progress
from countviz.languages import find_language
from countviz.models import Model, Spec
from countviz.torch_bridge import initial_parameters


def train(
    spec: Spec,
    seeds: Sequence[int],
    name: str,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Family:
    """Train a family and return it, with every epoch of every seed.

    Parameters
    ----------
    spec
        What to train; its recipe must be a ``Training``.
    seeds
        Of the initial weights; a seed that fails to learn is kept like any other.
    name
        The family's name.
    report
        Is called after every epoch, epoch 0 (the initial weights) included.

    """
    corpora = make_corpora(spec)
    runs = [_train_seed(spec, seed, *corpora, report) for seed in seeds]
    shapes = spec.parameter_shapes()
    vectors = np.stack([vectors for vectors, _ in runs])  # [S, E, P]
    return Family(
        name=name,
        spec=spec,
        seeds=tuple(seeds),
        epochs=tuple(range(spec.recipe.epochs + 1)),
        weights=split_parameters(vectors, shapes),
        history=tuple(row for _, rows in runs for row in rows),
    )


def make_corpora(spec: Spec) -> tuple[Corpus, Corpus]:
    """Return the training and the validation strings of a spec, as the kernels read them."""
    recipe, language = spec.recipe, find_language(spec.language)
    splits = make_splits(
        language,
        data_seed=recipe.data_seed,
        train=recipe.train_strings,
        validation=recipe.validation_strings,
        shortest=recipe.shortest,
        longest=recipe.longest,
        distinct=recipe.distinct,
    )

    def corpus(strings: Sequence[str]) -> Corpus:
        encoded = encode_strings(language, strings)
        return Corpus(encoded.symbols, encoded.starts, encoded.targets.astype(recipe.precision))

    return corpus(splits.train), corpus(splits.validation)


def make_order(data_seed: int, epoch: int, strings: int) -> np.ndarray:
    """Return the order [B] in which every seed sees the strings in an epoch, counted from 1."""
    return np.random.default_rng([data_seed, epoch]).permutation(strings)


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


def validate(model: Model, corpus: Corpus) -> tuple[float, float]:
    """Return the mean loss and the share of strings judged right, in the corpus's precision."""
    precision = corpus.targets.dtype.name
    vector = flatten_parameters(model.parameters, precision)
    return _validate(find_variant(model.spec.cell, precision), model.spec.units, vector, corpus)


def _validate(
    variant: Variant, units: int, vector: np.ndarray, corpus: Corpus
) -> tuple[float, float]:
    loss, right = evaluate(variant, units, vector, corpus)
    strings = corpus.starts.size - 1
    return loss / strings, right / strings


def _train_seed(
    spec: Spec,
    seed: int,
    corpus: Corpus,
    validation: Corpus,
    report: Callable[[Progress], None],
) -> tuple[np.ndarray, list[Progress]]:
    """Return the parameters after every epoch [E, P] and what was reported."""
    recipe, units = spec.recipe, spec.units
    variant = find_variant(spec.cell, recipe.precision)
    vector = flatten_parameters(initial_parameters(spec, seed), recipe.precision)
    mean, square = np.zeros_like(vector), np.zeros_like(vector)
    strings = corpus.starts.size - 1
    vectors, rows = [], []
    train_loss = evaluate(variant, units, vector, corpus)[0] / strings
    for epoch in range(recipe.epochs + 1):
        if epoch > 0:
            order = make_order(recipe.data_seed, epoch, strings)
            done = (epoch - 1) * strings
            rate = recipe.learning_rate
            total = train_epoch(variant, units, vector, mean, square, done, rate, corpus, order)
            train_loss = total / strings
        loss, accuracy = _validate(variant, units, vector, validation)
        vectors.append(vector.copy())
        rows.append(
            Progress(
                seed=seed,
                epoch=epoch,
                train_loss=train_loss,
                validation_loss=loss,
                validation_accuracy=accuracy,
            )
        )
        report(rows[-1])
    return np.stack(vectors), rows
