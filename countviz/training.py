"""Train the seeds of a family, thirty-two at a time, by the published protocol.

Every seed starts from PyTorch's initial weights and sees the same strings in the same order,
which is drawn anew for every epoch; the best epoch is the one with the lowest mean validation
loss (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429, who logged the last string's loss
instead). A seed gets the same bits alone and among others.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.lanes import align
from countviz.checkpoints import Family
from countviz.corpora import make_batches, make_corpora
from countviz.engine.groups import from_lanes, to_lanes, work_through
from countviz.engine.parameters import Corpus
from countviz.epochs import Epoch
from countviz.history import Progress
from countviz.judging import measure_corpus
from countviz.languages import NEXT_SYMBOL, find_language
from countviz.models import Model, Spec
from countviz.schedules import Schedule, begin_schedule, go_on, has_schedule, has_stopped
from countviz.specs import Part
from countviz.starts import find_free, forget_frozen, start_vectors
from countviz.torch_cells import find_autograd_trainer
from countviz.trainers import check_room, find_trainer
from countviz.vectors import flatten_parameters, split_parameters

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
    spec: Spec,
    seeds: Sequence[int],
    *,
    after: Epoch | None = None,
    threads: int | None = None,
    freeze: Sequence[tuple[Part, ...]] | None = None,
) -> Iterator[Epoch]:
    """Train and yield epoch after epoch, from the initial weights or from an epoch on.

    Going on after an epoch gives the same bits as never having stopped. The last epoch is the
    recipe's, or the one after which no seed learns any more.

    Parameters
    ----------
    spec, seeds
        What to train.
    after
        The epoch to go on from.
    threads
        How many groups of 32 seeds are trained at a time; by default one a processor.
    freeze
        For every seed the parts that stay as they are besides those of the recipe: ways to freeze
        that are to be compared are trained side by side, and get the bits that each gets alone.

    Raises
    ------
    ValueError
        If the recipe's strings would need stacks that are too large.
    """
    check_room(spec)
    corpus, validation = make_corpora(spec)
    free = find_free(spec, seeds, freeze)
    epoch = after
    if epoch is None:
        epoch = _start(spec, seeds, corpus, validation, threads)
        yield epoch
    while epoch.epoch < spec.recipe.epochs and not _resting(spec, epoch).all():
        epoch = _train_one(spec, epoch, free, corpus, validation, threads)
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


def validate(model: Model, corpus: Corpus) -> tuple[float, float]:
    """Return the mean loss and the share of strings judged right, in the corpus's precision."""
    vector = flatten_parameters(model.parameters, corpus.targets.dtype.name)
    (loss,), (accuracy,) = _measure(model.spec, vector[np.newaxis], corpus, None)
    return float(loss), float(accuracy)


def _start(
    spec: Spec, seeds: Sequence[int], corpus: Corpus, validation: Corpus, threads: int | None
) -> Epoch:
    """Return epoch 0: the weights that training starts from, and how they do."""
    vectors = start_vectors(spec, seeds)
    loss, accuracy = _measure(spec, vectors, validation, threads)
    scheduled = has_schedule(spec.recipe)
    schedule = begin_schedule(spec.recipe, seeds, loss)._asdict() if scheduled else {}
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
        **schedule,
    )


def _schedule_of(epoch: Epoch) -> Schedule | None:
    return None if epoch.rate is None else Schedule(epoch.rate, epoch.best, epoch.waited)


def _resting(spec: Spec, epoch: Epoch) -> np.ndarray:
    """Return which seeds [S] learn no more: never, by the published protocol."""
    schedule = _schedule_of(epoch)
    if schedule is None:
        return np.zeros(len(epoch.diverged), bool)
    return has_stopped(spec.recipe, schedule)


def _train_one(
    spec: Spec,
    before: Epoch,
    free: np.ndarray,
    corpus: Corpus,
    validation: Corpus,
    threads: int | None,
) -> Epoch:
    """Train the epoch after another one; free [S, P] is below 0 where nothing is learned."""
    recipe, number, models = spec.recipe, before.epoch + 1, len(before.diverged)
    strings, schedule = corpus.starts.size - 1, _schedule_of(before)
    order, cuts = make_batches(spec, number, strings)
    spacing = -(-(FIRST_SPACING if number == 1 else SPACING) // recipe.batch_size)
    plan = Plan(number, order, cuts, (*range(0, cuts.size - 1, spacing), cuts.size - 1))
    rate = np.full(models, recipe.learning_rate) if schedule is None else schedule.rate

    def work(*group: np.ndarray) -> tuple[np.ndarray, ...]:
        return _train_group(spec, group, corpus, plan)

    moments = forget_frozen(spec, number, before.mean, before.square)
    state = before.weights[:, -1], *moments
    state += before.diverged, free, rate.astype(recipe.precision), _resting(spec, before)
    groups = work_through(work, zip(*map(to_lanes, state), strict=True), threads)
    vectors, mean, square, diverged, weights, losses = (
        from_lanes(parts, models) for parts in zip(*groups, strict=True)
    )
    loss, accuracy = _measure(spec, vectors, validation, threads)
    loss = np.where(diverged >= 0, np.nan, loss)
    after = {} if schedule is None else go_on(recipe, schedule, loss)._asdict()
    return Epoch(
        epoch=number,
        strings=(number - 1) * strings + cuts[list(plan.points[1:])],
        weights=weights,
        train_loss=losses,
        validation_loss=loss,
        validation_accuracy=np.where(diverged >= 0, 0, accuracy),
        mean=mean,
        square=square,
        diverged=diverged,
        **after,
    )


class Plan(NamedTuple):
    """What an epoch consists of."""

    number: int
    order: np.ndarray  # [B] of the strings
    cuts: np.ndarray  # where its batches begin, and where the last one ends
    points: tuple[int, ...]  # after how many batches to record, 0 first


def _train_group(
    spec: Spec, group: tuple[np.ndarray, ...], corpus: Corpus, plan: Plan
) -> tuple[np.ndarray, ...]:
    """Train 32 seeds for an epoch; a seed that overflows goes back to where it was last recorded.

    Returns its state [..., 32], with the weights [R, P, 32] and the losses [R, 32] at the points.
    """
    *state, diverged, free, rate, resting = group
    learn = _find_learner(spec, corpus, plan.number, some_held=free.size > 0)
    updates = (plan.cuts.size - 1) * (plan.number - 1)
    weights, losses = [], []
    for first, last in pairwise(plan.points):
        safe = [part.copy() for part in state]
        cuts = plan.cuts[first : last + 1]
        part = plan.order[cuts[0] : cuts[-1]]
        loss = align(np.empty((part.size, diverged.size), spec.recipe.precision))
        learn(tuple(state), free, rate[np.newaxis], updates + first, part, cuts - cuts[0], loss)
        sound = np.logical_and.reduce([np.isfinite(part).all(axis=0) for part in state])
        diverged = np.where(~sound & (diverged < 0) & ~resting, plan.number, diverged)
        still = (diverged >= 0) | resting
        for now, then in zip(state, safe, strict=True):
            np.copyto(now, then, where=still)
        weights.append(state[0].copy())
        losses.append(np.where(still, np.nan, _mean_loss(spec, loss, corpus, part)))
    return *state, diverged, np.stack(weights), np.stack(losses)


def _find_learner(spec: Spec, corpus: Corpus, epoch: int, *, some_held: bool) -> Callable:
    """Return what trains 32 seeds: in lanes, or by autograd where a memory has no adjoint."""
    if spec.memory is None or spec.memory.in_lanes:
        return find_trainer(spec, corpus, epoch=epoch, some_held=some_held)
    return find_autograd_trainer(spec, corpus, epoch=epoch)


def _mean_loss(spec: Spec, losses: np.ndarray, corpus: Corpus, strings: np.ndarray) -> np.ndarray:
    """Return the mean over the first axis of losses [B, M]: of a string, or of a symbol in nats."""
    if find_language(spec.language).scoring != NEXT_SYMBOL:
        return losses.mean(axis=0, dtype=np.float64)
    symbols = (corpus.starts[strings + 1] - corpus.starts[strings]).sum()
    return losses.sum(axis=0, dtype=np.float64) / symbols


def _measure(
    spec: Spec, vectors: np.ndarray, corpus: Corpus, threads: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean loss [S], and the share [S] of strings judged right, or of symbols."""
    losses, mistakes = measure_corpus(spec, vectors, corpus, threads)
    if find_language(spec.language).scoring != NEXT_SYMBOL:
        return losses.mean(axis=1, dtype=np.float64), (mistakes == 0).mean(axis=1)
    mean = _mean_loss(spec, losses.T, corpus, np.arange(corpus.starts.size - 1))
    return mean, 1 - mistakes.sum(axis=1, dtype=np.float64) / corpus.starts[-1]


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
