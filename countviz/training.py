"""Train the seeds of a family, thirty-two at a time, by the published protocol.

Every seed starts from PyTorch's initial weights and sees the same strings in the same order,
which is drawn anew for every epoch; the best epoch is the one with the lowest mean validation
loss (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429, who logged the last string's loss
instead). A seed gets the same bits alone and among others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from countviz.arithmetic.lanes import align
from countviz.checkpoints import Family
from countviz.datasets import encode_strings, make_splits_of
from countviz.engine.groups import from_lanes, to_lanes, work_through
from countviz.engine.kernels import find_variant, train_epoch
from countviz.engine.parameters import Corpus
from countviz.epochs import Epoch
from countviz.history import Progress
from countviz.judging import evaluate_corpus
from countviz.languages import find_language
from countviz.models import Model, Spec
from countviz.torch_bridge import initial_parameters

FIRST_SPACING, SPACING = 250, 2_500  # strings between two recorded points: epoch 1, and later


def train(
    spec: Spec,
    seeds: Sequence[int],
    name: str,
    report: Callable[[Progress], None] = lambda progress: None,
    threads: int | None = None,
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
        Is called for every seed after every epoch, epoch 0 (the initial weights) included.
    threads
        How many groups of 32 seeds are trained at a time; by default one a processor.

    """
    epochs = []
    for epoch in train_epochs(spec, seeds, threads=threads):
        epochs.append(epoch)
        for row in _progress_of(epoch, seeds):
            report(row)
    return make_family(name, spec, seeds, epochs)


def train_epochs(
    spec: Spec, seeds: Sequence[int], *, after: Epoch | None = None, threads: int | None = None
) -> Iterator[Epoch]:
    """Train and yield epoch after epoch, from the initial weights or from an epoch on.

    Going on after an epoch gives the same bits as never having stopped.
    """
    corpus, validation = make_corpora(spec)
    epoch = after
    if epoch is None:
        epoch = _start(spec, seeds, corpus, validation, threads)
        yield epoch
    while epoch.epoch < spec.recipe.epochs:
        epoch = _train_one(spec, epoch, corpus, validation, threads)
        yield epoch


def make_family(name: str, spec: Spec, seeds: Sequence[int], epochs: Sequence[Epoch]) -> Family:
    """Return the family that some epochs have led to; epochs are kept as they ended."""
    vectors = np.stack([epoch.weights[:, -1] for epoch in epochs], axis=1)  # [S, E, P]
    rows = [_progress_of(epoch, seeds) for epoch in epochs]
    return Family(
        name=name,
        spec=spec,
        seeds=tuple(seeds),
        epochs=tuple(epoch.epoch for epoch in epochs),
        weights=split_parameters(vectors, spec.parameter_shapes()),
        history=tuple(row for by_seed in zip(*rows, strict=True) for row in by_seed),
    )


def make_corpora(spec: Spec) -> tuple[Corpus, Corpus]:
    """Return the training and the validation strings of a spec, as the kernels read them."""
    recipe, language = spec.recipe, find_language(spec.language)
    splits = make_splits_of(spec)

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
    vector = flatten_parameters(model.parameters, corpus.targets.dtype.name)
    (loss,), (accuracy,) = _measure(model.spec, vector[np.newaxis], corpus, None)
    return float(loss), float(accuracy)


def _start(
    spec: Spec, seeds: Sequence[int], corpus: Corpus, validation: Corpus, threads: int | None
) -> Epoch:
    """Return epoch 0: PyTorch's initial weights, and how they do."""
    precision, scale = spec.recipe.precision, spec.recipe.initial_scale
    initial = [flatten_parameters(initial_parameters(spec, s), precision) * scale for s in seeds]
    vectors = np.stack(initial).astype(precision)
    loss, accuracy = _measure(spec, vectors, validation, threads)
    return Epoch(
        epoch=0,
        strings=np.zeros(1, np.int64),
        weights=vectors[:, np.newaxis],
        train_loss=_measure(spec, vectors, corpus, threads)[0][:, np.newaxis],
        validation_loss=loss,
        validation_accuracy=accuracy,
        mean=np.zeros_like(vectors),
        square=np.zeros_like(vectors),
        diverged=np.full(len(seeds), -1),
    )


def _train_one(
    spec: Spec, before: Epoch, corpus: Corpus, validation: Corpus, threads: int | None
) -> Epoch:
    """Train the epoch after another one."""
    recipe, number, models = spec.recipe, before.epoch + 1, len(before.diverged)
    strings = corpus.starts.size - 1
    points = _points(FIRST_SPACING if number == 1 else SPACING, recipe.batch_size, strings)
    order = make_order(recipe.data_seed, number, strings)

    def work(*group: np.ndarray) -> tuple[np.ndarray, ...]:
        return _train_group(spec, number, group, corpus, order, points)

    state = before.weights[:, -1], before.mean, before.square, before.diverged
    groups = work_through(work, zip(*map(to_lanes, state), strict=True), threads)
    vectors, mean, square, diverged, weights, losses = (
        from_lanes(parts, models) for parts in zip(*groups, strict=True)
    )
    loss, accuracy = _measure(spec, vectors, validation, threads)
    lost = diverged >= 0
    return Epoch(
        epoch=number,
        strings=(number - 1) * strings + np.array(points[1:]),
        weights=weights,
        train_loss=losses,
        validation_loss=np.where(lost, np.nan, loss),
        validation_accuracy=np.where(lost, 0, accuracy),
        mean=mean,
        square=square,
        diverged=diverged,
    )


def _points(spacing: int, batch: int, strings: int) -> list[int]:
    """Return after how many strings to record, 0 first; between two points are whole batches."""
    return [*range(0, strings, -(-spacing // batch) * batch), strings]


def _train_group(
    spec: Spec,
    number: int,
    group: tuple[np.ndarray, ...],
    corpus: Corpus,
    order: np.ndarray,
    points: Sequence[int],
) -> tuple[np.ndarray, ...]:
    """Train 32 seeds for an epoch; a seed that overflows goes back to where it was last recorded.

    Returns its state [..., 32], with the weights [R, P, 32] and the losses [R, 32] at the points.
    """
    recipe, (*state, diverged) = spec.recipe, group
    variant = find_variant(spec.cell, recipe.precision, lanes=True)
    rate = align(np.full((1, diverged.size), recipe.learning_rate, recipe.precision))
    updates = -(-order.size // recipe.batch_size) * (number - 1)
    weights, losses = [], []
    for first, last in pairwise(points):
        safe = [part.copy() for part in state]
        loss = align(np.empty((last - first, diverged.size), recipe.precision))
        done, batch = updates + first // recipe.batch_size, recipe.batch_size
        part = order[first:last]
        train_epoch(variant, spec.units, tuple(state), rate, done, corpus, part, batch, loss)
        sound = np.logical_and.reduce([np.isfinite(part).all(axis=0) for part in state])
        diverged = np.where(~sound & (diverged < 0), number, diverged)
        for now, then in zip(state, safe, strict=True):
            np.copyto(now, then, where=diverged >= 0)
        weights.append(state[0].copy())
        mean_loss = loss.mean(axis=0, dtype=np.float64)
        losses.append(np.where(diverged >= 0, np.nan, mean_loss))
    return *state, diverged, np.stack(weights), np.stack(losses)


def _measure(
    spec: Spec, vectors: np.ndarray, corpus: Corpus, threads: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean loss [S] and the share of strings judged right [S]."""
    losses, right = evaluate_corpus(spec, vectors, corpus, threads)
    return losses.mean(axis=1, dtype=np.float64), right.mean(axis=1)


def _progress_of(epoch: Epoch, seeds: Sequence[int]) -> list[Progress]:
    """Return an epoch's rows of the history, one a seed."""
    columns = epoch.mean_train_loss(), epoch.validation_loss, epoch.validation_accuracy
    return [
        Progress(
            seed=seed,
            epoch=epoch.epoch,
            train_loss=train_loss,
            validation_loss=loss,
            validation_accuracy=accuracy,
        )
        for seed, train_loss, loss, accuracy in zip(
            seeds, *map(np.ndarray.tolist, columns), strict=True
        )
    ]
