"""How all seeds of a family learn: what each can do at every recorded point of an epoch.

The worker measures this once an epoch, next to the training, so that pages only draw it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from countviz.analysis.failure.nesting import DEEPEST_TRIED
from countviz.analysis.seeds.spread import spread_over_seeds
from countviz.analysis.seeds.steps import Steps, measure_steps
from countviz.analysis.seeds.training_depth import find_training_depth
from countviz.datasets import Encoded, encode_strings
from countviz.epochs import Epoch
from countviz.judging import encode_nests, find_failures
from countviz.languages import Language, find_language
from countviz.models import Spec
from countviz.words import in_powers, signed

FIRST_FAILING = 5  # how many failing nestings are kept: e1 ... e5
_BINS = 10  # of the lengths on which the accuracy is measured
_STRINGS = 20  # a bin
_LONGEST = 100  # what the languages' samplers draw quickly
_POINTS_AXIS = {"strings": 0, "train_loss": 1, "horizon": 1, "first_failing": 1} | {
    "step_up": 1,
    "step_down": 1,
}  # of the arrays that hold something for every point


@dataclass(frozen=True, eq=False, kw_only=True)
class Learning:
    """What S seeds can do at R recorded points.

    Attributes
    ----------
    strings
        [R] int64: how many strings every seed had read, counted over all epochs.
    train_loss
        [S, R] float64: mean loss over the strings read since the point before; nan: diverged.
    horizon
        [S, R] int64: the nesting horizon, up to the deepest nesting tried; -1 for languages
        other than Dyck-1, which have none.
    first_failing
        [S, R, 5] int64: the first five n whose (^n )^n is judged wrong (e1 ... e5 of Suzgun et
        al. 2019); 0 where none was found.
    step_up, step_down
        [S, R] float64: mean change of the decoded count on an opening and on a closing symbol;
        see ``steps``.
    lengths
        [L] int64: the accuracy at lengths[k] is over 20 strings of the language that are longer
        than lengths[k - 1] and at most lengths[k] symbols long.
    accuracy_by_length
        [S, L] float64: the share of those strings judged right at the last point.
    training_depth
        The largest count in all strings read so far; 0 before the first.

    """

    strings: np.ndarray
    train_loss: np.ndarray
    horizon: np.ndarray
    first_failing: np.ndarray
    step_up: np.ndarray
    step_down: np.ndarray
    lengths: np.ndarray
    accuracy_by_length: np.ndarray
    training_depth: int

    @property
    def alive(self) -> np.ndarray:
        """[S, R] bool: the seed has not diverged."""
        return np.isfinite(self.train_loss)

    def deeper(self, point: int = -1) -> int:
        """Return how many seeds nest deeper at a point than any string that was read."""
        return int((self.alive & (self.horizon > self.training_depth))[:, point].sum())

    def steps(self, planned: int) -> Steps:
        """Return the steps of every seed until it diverges, of so many strings planned."""
        up, down = (np.where(self.alive, v, np.nan) for v in (self.step_up, self.step_down))
        symbols = ("(", ")") if self.nests else ()
        return Steps(at=self.strings, planned=planned, up=up, down=down, symbols=symbols)

    @property
    def nests(self) -> bool:
        """The language is Dyck-1, so that there is a nesting horizon."""
        return bool((self.horizon >= 0).any())

    def sentence(self, point: int = -1) -> str:
        """Say how far the seeds have come at a point."""
        up, down = self.steps(0).medians(point)
        seeds, count = f"of {len(self.horizon):,} seeds", self.strings[point]
        when = f"At string {count:,}" if count else "Before the first string"
        step = f"The median step is {signed(up)} up, {signed(down)} down."
        if not self.nests:
            loss = spread_over_seeds(self.strings, self.train_loss, 0).median[point]
            return f"{when}, the median loss {seeds} is {in_powers(loss)}. {step}"
        deeper = f"{self.deeper(point):,} {seeds} count deeper than anything they were trained on"
        return f"{when}, {deeper}. {step}"

    def thin(self, most: int) -> "Learning":
        """Return the same at no more than about so many points; the first epoch stays whole."""
        points = self.strings.size
        if points <= most:
            return self
        begin = most // 3
        rest = np.linspace(begin, points - 1, most - begin).round().astype(int)
        kept = np.unique([*range(begin), *rest])
        fewer = {
            name: np.take(getattr(self, name), kept, axis=axis)
            for name, axis in _POINTS_AXIS.items()
        }
        return replace(self, **fewer)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return everything as finite floats by name; a loss that is nan becomes -1."""
        arrays = {name: np.atleast_1d(value).astype(float) for name, value in vars(self).items()}
        return arrays | {"train_loss": np.where(np.isnan(self.train_loss), -1, self.train_loss)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Learning":
        """Return what ``to_arrays`` made arrays of; other names are passed over."""
        held = {field.name: arrays[field.name] for field in fields(cls)}
        whole = ("strings", "horizon", "first_failing", "lengths")
        held |= {name: held[name].astype(np.int64) for name in whole}
        held["train_loss"] = np.where(held["train_loss"] < 0, np.nan, held["train_loss"])
        return cls(**held | {"training_depth": int(held["training_depth"][0])})


def measure_learning(spec: Spec, epoch: Epoch) -> Learning:
    """Measure what all seeds can do at every recorded point of an epoch.

    Parameters
    ----------
    spec
        What is being trained; its recipe is a ``Training``.
    epoch
        What the epoch left behind.

    """
    seeds, points = epoch.train_loss.shape
    vectors = epoch.weights.reshape(seeds * points, -1)
    failing = find_first_failing(spec, vectors).reshape(seeds, points, FIRST_FAILING)
    if spec.language == "dyck1":
        horizon = np.where(failing[..., 0] > 0, failing[..., 0] - 1, DEEPEST_TRIED)
    else:
        horizon = np.full((seeds, points), -1)
    up, down = measure_steps(spec, vectors)
    lengths, accuracy = _measure_lengths(spec, epoch.weights[:, -1])
    return Learning(
        strings=epoch.strings,
        train_loss=epoch.train_loss,
        horizon=horizon,
        first_failing=failing,
        step_up=up.reshape(seeds, points),
        step_down=down.reshape(seeds, points),
        lengths=lengths,
        accuracy_by_length=accuracy,
        training_depth=find_training_depth(spec) if epoch.strings[-1] else 0,
    )


def join_learnings(parts: Sequence[Learning]) -> Learning:
    """Return consecutive parts of one training as one; what holds at the end is the last's."""
    along = {
        name: np.concatenate([getattr(part, name) for part in parts], axis=axis)
        for name, axis in _POINTS_AXIS.items()
    }
    return replace(parts[-1], **along)


def find_first_failing(spec: Spec, vectors: np.ndarray, tried: int = DEEPEST_TRIED) -> np.ndarray:
    """Find the first five n whose (^n )^n a Dyck-1 model judges wrong.

    Parameters
    ----------
    spec
        What the models are.
    vectors
        [M, P] their flat parameters.
    tried
        The deepest nesting that is tried.

    Returns
    -------
    ndarray of int64, [M, 5]
        Rising; 0 where no further one was found, and throughout for other languages.

    """
    found = np.zeros((len(vectors), FIRST_FAILING), np.int64)
    if spec.language != "dyck1":
        return found
    active, first = np.arange(len(vectors)), 1
    while first <= tried and active.size:
        depths = np.arange(first, min(2 * first + 7, tried) + 1)  # blocks of growing size
        failures = find_failures(spec, vectors[active], encode_nests(depths), _precision(spec))
        wrong = failures.continuation >= 0
        for model, row in zip(active, wrong, strict=True):
            kept = int(np.count_nonzero(found[model]))
            more = depths[row][: FIRST_FAILING - kept]
            found[model, kept : kept + more.size] = more
        active, first = active[found[active, -1] == 0], int(depths[-1]) + 1
    return found


def _precision(spec: Spec) -> str:
    return spec.recipe.precision if spec.recipe is not None else "float64"


def _measure_lengths(spec: Spec, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lengths [L] and the share of the strings judged right [S, L] at each."""
    language = find_language(spec.language)
    lengths, strings, bins = _draw_by_length(language, spec.recipe.longest)
    right = find_failures(spec, vectors, strings, _precision(spec)).continuation < 0
    return lengths, np.stack([right[:, bins == k].mean(axis=1) for k in range(lengths.size)], 1)


@lru_cache(maxsize=16)
def _draw_by_length(language: Language, longest: int) -> tuple[np.ndarray, Encoded, np.ndarray]:
    """Return lengths up to twice those of training, strings, and in which bin each of them is.

    A bin that no member of the language falls into is left out. The seed is fixed.
    """
    ends = np.unique(np.linspace(0, min(max(2 * longest, 20), _LONGEST), _BINS + 1).round())
    rng, lengths, strings = np.random.default_rng(0), [], []
    for low, high in zip(ends[:-1].astype(int), ends[1:].astype(int), strict=True):
        try:
            drawn = [language.sample(rng, max(low + 1, 2), int(high)) for _ in range(_STRINGS)]
        except ValueError:
            continue  # no member is that long
        strings += drawn
        lengths.append(high)
    bins = np.repeat(np.arange(len(lengths)), _STRINGS)
    return np.array(lengths), encode_strings(language, strings), bins
