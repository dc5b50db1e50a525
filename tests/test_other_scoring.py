"""What asks which symbols may come next is refused to models that say which one comes."""

import numpy as np
import pytest

from countviz.analysis.count.closing import measure_closings
from countviz.analysis.count.state_count import read_out_state
from countviz.analysis.failure.failure import find_failure
from countviz.analysis.failure.horizon import find_horizon
from countviz.analysis.seeds.steps import measure_steps
from countviz.datasets import encode_strings
from countviz.families import Family
from countviz.judging import evaluate_strings, find_failures
from countviz.languages import (
    CONTINUATIONS,
    LANGUAGES,
    NEXT_SYMBOL,
    OtherScoring,
    languages_scored_by,
    require_continuations,
)
from countviz.models import Model, Spec
from countviz.traces import trace
from countviz.web.choices import find_models

SPEC = Spec(language="count-3", cell="lstm")
PARAMETERS = {name: np.zeros(shape) for name, shape in SPEC.parameter_shapes().items()}
MODEL = Model(name="still", spec=SPEC, parameters=PARAMETERS)
VECTORS = np.zeros((1, sum(array.size for array in PARAMETERS.values())))
STRINGS = encode_strings(LANGUAGES["count-3"], ["abc$"])
ASKED = {
    "a count of closers": lambda: measure_closings(trace(MODEL, "abc$")),
    "a mistake": lambda: find_failure(trace(MODEL, "abc$")),
    "a state's count": lambda: read_out_state(MODEL),
    "a horizon": lambda: find_horizon(MODEL),
    "a first failure": lambda: find_failures(SPEC, VECTORS, STRINGS),
    "an evaluation": lambda: evaluate_strings(SPEC, VECTORS, STRINGS),
    "a step": lambda: measure_steps(SPEC, VECTORS),
}


@pytest.mark.parametrize("what", ASKED)
def test_it_is_refused_in_a_sentence_that_names_the_right_languages(what):
    with pytest.raises(OtherScoring) as error:
        ASKED[what]()
    assert "asks which symbols may come next, but models of count-3 say which one" in str(
        error.value
    )
    assert str(error.value).endswith(", ".join(languages_scored_by(CONTINUATIONS)))


def test_pages_say_so_and_show_the_others():
    still = Family(
        name="still",
        spec=SPEC,
        seeds=(0,),
        epochs=(0,),
        weights={name: array[np.newaxis, np.newaxis] for name, array in PARAMETERS.items()},
        history=(),
    )
    models, problems = find_models(["still/0@0", "exact-lstm"], {"still": still})
    assert [model.name for model in models] == ["exact-lstm"]
    assert len(problems) == 1
    assert problems[0].startswith("what is shown here of still/0@0 asks which symbols may come")


def test_every_language_is_of_one_scoring():
    assert {**languages_scored_by(CONTINUATIONS), **languages_scored_by(NEXT_SYMBOL)} == LANGUAGES
    for name in languages_scored_by(CONTINUATIONS):
        require_continuations(name, "nothing")
