"""The strings that a spec is trained on: as the loops read them, their order, their batches."""

from collections.abc import Sequence

import numpy as np

from countviz.datasets import encode_strings, make_splits_of
from countviz.engine.parameters import Corpus
from countviz.languages import NEXT_SYMBOL, Language, find_language
from countviz.specs import Spec


def make_corpora(spec: Spec) -> tuple[Corpus, Corpus]:
    """Return the training and the validation strings of a spec, as the kernels read them."""
    recipe, language = spec.recipe, find_language(spec.language)
    splits = make_splits_of(spec)

    def corpus(strings: Sequence[str]) -> Corpus:
        if language.scoring == NEXT_SYMBOL:
            return _spell(language, strings, recipe.precision)
        encoded = encode_strings(language, strings)
        return Corpus(encoded.symbols, encoded.starts, encoded.targets.astype(recipe.precision))

    return corpus(splits.train), corpus(splits.validation)


def make_order(data_seed: int, epoch: int, strings: int) -> np.ndarray:
    """Return the order [B] in which every seed sees the strings in an epoch, counted from 1."""
    return np.random.default_rng([data_seed, epoch]).permutation(strings)


def make_batches(spec: Spec, epoch: int, strings: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the order [B] of the strings in an epoch, and where its batches are cut.

    Batch n is order[cuts[n]:cuts[n + 1]]. Where the next symbol is scored, the strings were drawn
    in batches of one length, and these stay together.
    """
    recipe = spec.recipe
    cuts = np.array([*range(0, strings, recipe.batch_size), strings])
    if find_language(spec.language).scoring != NEXT_SYMBOL:
        return make_order(recipe.data_seed, epoch, strings), cuts
    batches = make_order(recipe.data_seed, epoch, cuts.size - 1)
    order = np.concatenate([np.arange(cuts[n], cuts[n + 1]) for n in batches])
    return order, np.cumsum([0, *np.diff(cuts)[batches]])


def _spell(language: Language, strings: Sequence[str], precision: str) -> Corpus:
    """Return strings whose own symbols are what is to be said; there are no other targets."""
    starts = np.cumsum([0, *map(len, strings)], dtype=np.int64)
    nothing = np.empty((0, len(language.alphabet)), precision)
    return Corpus(language.encode("".join(strings)), starts, nothing)
