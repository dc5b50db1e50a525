"""The largest count in the strings that a family was trained on."""

from functools import lru_cache

from countviz.datasets import make_splits_of
from countviz.languages import find_language
from countviz.models import Spec, Training


@lru_cache(maxsize=32)
def find_training_depth(spec: Spec) -> int:
    """Return the largest count that training showed; 0 for a counter that was set by hand.

    The strings are drawn again, from the recipe's own data seed.
    """
    if not isinstance(spec.recipe, Training):
        return 0
    language = find_language(spec.language)
    states, _ = language.walk(make_splits_of(spec).train)
    return max(sum(language.counts(state)) for state in states)
