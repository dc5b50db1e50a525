"""Judge many models of one spec at once: how wrong, how often right, where first wrong.

Models come as flat parameters [M, P] in PyTorch's order, as ``Family.vectors`` gives them. They run
thirty-two at a time in the lanes of vectors, and every verdict is the one that a trace of the same
precision shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from countviz.arithmetic.lanes import align
from countviz.arithmetic.precision import find_precision
from countviz.datasets import Encoded
from countviz.engine.failure import RIGHT
from countviz.engine.groups import from_lanes, to_lanes, usable_threads, work_through
from countviz.engine.kernels import evaluate, evaluate_batches, find_variant
from countviz.engine.kernels import find_failures as find_failures_kernel
from countviz.engine.parameters import Corpus
from countviz.languages import NEXT_SYMBOL, find_language, require_continuations
from countviz.memories import Automaton
from countviz.models import Model, Spec, make_models
from countviz.packing import wire
from countviz.runs import follow

IN_LANES = ("float64", "float32")  # the number formats that vectors have
SHALLOW = 60  # the deepest nest that an automaton is given
NESTS_AT_A_TIME = 32  # how many depths are tried before it is looked who is still right


@dataclass(frozen=True, eq=False, kw_only=True)
class Failures:
    """Where M models first fail on B strings.

    Attributes
    ----------
    position
        [M, B] the first step, from 0, with a wrong verdict; the string's length where all is right.
    continuation
        [M, B] the place in the alphabet of the continuation that was judged wrong there, the first
        of several; -1 where all is right.

    """

    position: np.ndarray
    continuation: np.ndarray


def find_failures(
    spec: Spec,
    vectors: np.ndarray,
    strings: Encoded,
    precision: str = "float32",
    threads: int | None = None,
) -> Failures:
    """Find the first point of failure of every model on every string, of up to 1,000,000 symbols.

    That is the first step at which some continuation is judged wrong, counted from 0; a string
    without a mistake counts its length (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429).
    """
    require_continuations(spec.language, "a first failure")
    if precision not in IN_LANES:
        formats = " and ".join(IN_LANES)
        raise ValueError(f"{precision} came; many models are judged at once in {formats}")
    if spec.memory is not None:
        return _find_failures_one_by_one(spec, vectors, strings, precision, threads)
    variant = find_variant(spec.cell, precision, lanes=True)
    threads = usable_threads() if threads is None else threads
    groups = to_lanes(vectors.astype(find_precision(precision).storage))
    stretches = list(_cut(strings, 1 if len(groups) >= threads else threads))

    def work(group: np.ndarray, part: Corpus) -> np.ndarray:
        failures = align(np.empty((part.starts.size - 1, group.shape[-1]), group.dtype))
        find_failures_kernel(variant, spec.units, group, part, failures)
        return failures

    tasks = [(group, part) for group in groups for part in stretches]
    found = work_through(work, tasks, threads)
    by_group = [
        np.concatenate(found[first : first + len(stretches)])
        for first in range(0, len(found), len(stretches))
    ]
    place = from_lanes(by_group, len(vectors))
    symbols, right = strings.targets.shape[1], place == RIGHT
    position, continuation = np.divmod(np.where(right, 0, place).astype(np.int64), symbols)
    return Failures(
        position=np.where(right, np.diff(strings.starts), position),
        continuation=np.where(right, -1, continuation),
    )


def _find_failures_one_by_one(
    spec: Spec, vectors: np.ndarray, strings: Encoded, precision: str, threads: int | None
) -> Failures:
    """Find failures of stack models, each string of each model for itself."""

    def work(model: Model) -> tuple[list[int], list[int]]:
        found = []
        for begin, end in pairwise(strings.starts):
            verdicts = follow(model, precision, strings.symbols[begin:end]).logits >= 0
            wrong = verdicts != strings.targets[begin:end]
            at = int(wrong.any(axis=1).argmax())
            right = not wrong.any()
            found.append((end - begin, -1) if right else (at, int(wrong[at].argmax())))
        return tuple(zip(*found, strict=True))

    found = work_through(work, zip(make_models(spec, vectors)), threads)
    position, continuation = np.array(found, np.int64).reshape(len(vectors), 2, -1).swapaxes(0, 1)
    return Failures(position=position, continuation=continuation)


def evaluate_strings(
    spec: Spec,
    vectors: np.ndarray,
    strings: Encoded,
    precision: str = "float32",
    threads: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return every string's mean squared error [M, B], and whether all its verdicts are right."""
    require_continuations(spec.language, "an evaluation")
    storage = find_precision(precision).storage
    corpus = Corpus(strings.symbols, strings.starts, strings.targets.astype(storage))
    return evaluate_corpus(spec, vectors, corpus, threads)


def evaluate_corpus(
    spec: Spec, vectors: np.ndarray, corpus: Corpus, threads: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Do what ``evaluate_strings`` does, in the precision of the corpus's targets."""
    losses, mistakes = measure_corpus(spec, vectors, corpus, threads)
    return losses, mistakes == 0


def measure_corpus(
    spec: Spec, vectors: np.ndarray, corpus: Corpus, threads: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return every string's loss and its mistakes, both [M, B].

    They are the mean squared error and the wrong verdicts; or, where the next symbol is scored,
    the sum of the cross-entropies in nats, and the symbols that were not expected most.
    """
    if spec.memory is not None and not spec.memory.in_lanes:
        return _measure_one_by_one(spec, vectors, corpus, threads)
    variant = find_variant(spec.cell, corpus.targets.dtype.name, lanes=True)
    next_symbol = find_language(spec.language).scoring == NEXT_SYMBOL
    wiring = wire(spec)

    def work(group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        shape = corpus.starts.size - 1, group.shape[-1]
        losses, mistakes = (align(np.empty(shape, group.dtype)) for _ in range(2))
        if wiring.stacks or next_symbol:
            evaluate_batches(variant, wiring, next_symbol, group, corpus, losses, mistakes)
        else:
            evaluate(variant, spec.units, group, corpus, losses, mistakes)
        return losses, mistakes

    groups = to_lanes(vectors.astype(corpus.targets.dtype))
    parts = work_through(work, [(group,) for group in groups], threads)
    losses, mistakes = (from_lanes(part, len(vectors)) for part in zip(*parts, strict=True))
    return losses, mistakes


def _measure_one_by_one(
    spec: Spec, vectors: np.ndarray, corpus: Corpus, threads: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Measure models that no vector holds, each string of each model for itself."""
    precision, language = corpus.targets.dtype.name, find_language(spec.language)

    def work(model: Model) -> list[tuple[float, int]]:
        start, found = model.parameters["readout.bias"].astype(precision), []
        for begin, end in pairwise(corpus.starts):
            symbols = corpus.symbols[begin:end]
            if language.scoring == NEXT_SYMBOL:
                logits = np.vstack([start, follow(model, precision, symbols[:-1]).logits])
                found.append(_miss_symbols(logits.astype(np.float64), symbols))
            else:
                logits = follow(model, precision, symbols).logits.astype(np.float64)
                outputs, targets = 1 / (1 + np.exp(-logits)), corpus.targets[begin:end]
                wrong = ((logits >= 0) != (targets > 0)).sum()
                found.append((((outputs - targets) ** 2).mean(), int(wrong)))
        return found

    found = np.array(work_through(work, zip(make_models(spec, vectors)), threads))
    losses, mistakes = np.moveaxis(found.reshape(len(vectors), -1, 2), 2, 0).astype(precision)
    return losses, mistakes


def _miss_symbols(logits: np.ndarray, symbols: np.ndarray) -> tuple[float, int]:
    """Return the cross-entropies' sum, and how many symbols were not expected most."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    own = np.take_along_axis(shifted, symbols[:, np.newaxis], axis=1)[:, 0]
    surprise = np.log(np.exp(shifted).sum(axis=1)) - own
    return surprise.sum(), int((logits.argmax(axis=1) != symbols).sum())


def nesting_horizons(
    spec: Spec, vectors: np.ndarray, tried: int = 500, precision: str = "float32"
) -> np.ndarray:
    """Return how deep [M] each model nests: the largest N with every (^n )^n, n <= N, right.

    Depths up to `tried` are run, or up to what ``deepest_nest`` allows, and a model no further
    than to its first failure.
    """
    if spec.language != "dyck1":
        raise ValueError(f"nesting is a measure of dyck1; these models read {spec.language}")
    tried = deepest_nest(spec, tried)
    horizons = np.full(len(vectors), tried)
    left = np.arange(len(vectors))
    for first in range(1, tried + 1, NESTS_AT_A_TIME):
        if not left.size:
            break
        depths = np.arange(first, min(first + NESTS_AT_A_TIME, tried + 1))
        failed = find_failures(spec, vectors[left], encode_nests(depths), precision)
        wrong = failed.continuation >= 0
        fails = wrong.any(axis=1)
        horizons[left[fails]] = depths[wrong[fails].argmax(axis=1)] - 1
        left = left[~fails]
    return horizons


def deepest_nest(spec: Spec, tried: int) -> int:
    """Return how deep nests are tried: not as deep with an automaton, whose steps grow longer."""
    return min(tried, SHALLOW) if isinstance(spec.memory, Automaton) else tried


def encode_nests(depths: np.ndarray) -> Encoded:
    """Return (^n )^n for every depth n; the truth about such strings needs no reading."""
    closes = [np.repeat([True, False], [2 * n - 1, 1]) for n in depths]
    closes = np.concatenate(closes) if closes else np.zeros(0, bool)
    return Encoded(
        symbols=np.concatenate([np.repeat([0, 1], n) for n in depths]),
        targets=np.stack([np.ones_like(closes), closes], axis=1),
        starts=np.cumsum([0, *(2 * depths)]),
    )


def _cut(strings: Encoded, parts: int) -> Iterator[Corpus]:
    """Cut strings into stretches of about equal numbers."""
    count = strings.starts.size - 1
    edges = np.linspace(0, count, min(parts, max(count, 1)) + 1).astype(int)
    for first, last in pairwise(edges):
        begin, end = strings.starts[first], strings.starts[last]
        yield Corpus(
            strings.symbols[begin:end],
            strings.starts[first : last + 1] - begin,
            strings.targets[begin:end],
        )
