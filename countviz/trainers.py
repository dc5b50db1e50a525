"""Which loop trains a spec: that of the published protocol, or the one that can do the rest."""

from collections.abc import Callable

import numpy as np

from countviz.arithmetic.lanes import LANES
from countviz.engine.kernels import find_variant, train_batches, train_epoch
from countviz.engine.parameters import Corpus
from countviz.engine.stack import SPARE
from countviz.engine.train_stack import Rules
from countviz.languages import NEXT_SYMBOL, find_language
from countviz.memories import Automaton, Stacks
from countviz.packing import wire
from countviz.specs import Spec

LARGEST = 2**30  # bytes that the stacks of one string may take, over all its steps and 32 seeds


def find_trainer(
    spec: Spec, corpus: Corpus, *, epoch: int | None = None, some_held: bool = False
) -> Callable:
    """Return ``learn(state, free, rate, done, order, cuts, losses)``: 32 seeds in lanes.

    state is the parameters and Adam's two moments, [P, 32] each, changed in place; rate is [1, 32].
    Where free [P, 32] is below 0 a seed's parameter stays as it is; an empty one, [0, 32], says
    that all are free. One update is made a batch, of the strings order[cuts[n]:cuts[n + 1]];
    `done` counts earlier ones. losses [B, 32] receives the loss of every string, in that order and
    before its update.

    Parameters
    ----------
    spec, corpus
        What is trained, on what.
    epoch
        Which, from 1: a recipe may leave all parts free at first. By default a late one.
    some_held
        Whether `free` will not be empty.

    """
    recipe, cell = spec.recipe, spec.cell
    variant = find_variant(cell, recipe.precision, lanes=True)
    next_symbol = find_language(spec.language).scoring == NEXT_SYMBOL
    if spec.memory is None and not (next_symbol or recipe.freeze or recipe.clip or some_held):

        def learn_as_published(state, free, rate, done, order, cuts, losses) -> None:  # noqa: ANN001
            batch = recipe.batch_size
            train_epoch(variant, spec.units, state, rate, done, corpus, order, batch, losses)

        return learn_as_published

    wiring = wire(spec)
    frozen = recipe.freeze if epoch is None or epoch > recipe.freeze_after else ()
    trained = (part not in frozen for part in ("controller", "memory", "read-out"))
    rules = Rules(next_symbol, recipe.clip or 0.0, *trained)

    def learn(state, free, rate, done, order, cuts, losses) -> None:  # noqa: ANN001
        train_batches(variant, wiring, rules, state, free, rate, done, corpus, order, cuts, losses)

    return learn


def check_room(spec: Spec) -> None:
    """Refuse stacks that would not fit into memory: training keeps them as they were at each step.

    Raises
    ------
    ValueError
        If they are too large.
    """
    memory, recipe = spec.memory, spec.recipe
    if isinstance(memory, Automaton):
        _check_runs(spec, memory)
    if not isinstance(memory, Stacks):
        return
    heights = np.minimum(np.arange(recipe.longest + 1), memory.depth or np.inf) + SPARE
    size = heights.sum() * memory.layer * LANES * np.dtype(recipe.precision).itemsize
    if size > LARGEST:
        raise ValueError(
            f"{memory.stacks} stacks {memory.width} wide came for strings of up to "
            f"{recipe.longest} symbols; training keeps them as they were at each step, for {LANES} "
            f"seeds {size / 2**30:,.1f} GiB, and {LARGEST / 2**30:,.0f} are right: make them "
            "narrower, bound their depth, or train on shorter strings"
        )


def _check_runs(spec: Spec, memory: Automaton) -> None:
    """Refuse an automaton one step of which would not fit into memory, for a batch of strings."""
    recipe, ways = spec.recipe, memory.states * memory.layer**2
    numbers = recipe.longest**2 * ways * recipe.batch_size
    size = numbers * np.dtype(recipe.precision).itemsize
    if size > LARGEST:
        raise ValueError(
            f"{memory.states} states and {memory.symbols} symbols came for strings of up to "
            f"{recipe.longest} symbols, {recipe.batch_size} at a time; a step of training takes "
            f"{size / 2**30:,.1f} GiB, and {LARGEST / 2**30:,.0f} are right: take fewer of them, "
            "smaller batches or shorter strings"
        )
