"""The steps of a counter, where they are known without measuring them."""

import numpy as np
import pytest

from countviz.analysis.seeds.steps import Steps, measure_steps
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages import CONTINUATIONS, languages_scored_by
from countviz.models import Spec


def vector_of(model):
    return np.concatenate([array.ravel() for array in model.parameters.values()])


@pytest.mark.parametrize(
    "model",
    [exact_lstm(), exact_relu(), exact_linear(), exact_lstm(step=0.25), exact_relu(step=3.0)],
)
def test_an_exact_counter_steps_by_one_whatever_its_scale(model):
    up, down = measure_steps(model.spec, vector_of(model)[np.newaxis], "float64")
    assert up == pytest.approx([1], abs=1e-9)
    assert down == pytest.approx([-1], abs=1e-9)


@pytest.mark.parametrize("cell", ["lstm", "gru", "relu", "tanh", "linear"])
def test_a_dead_model_takes_no_steps(cell):
    spec = Spec(language="dyck1", cell=cell, units=3)
    size = sum(int(np.prod(shape)) for shape in spec.parameter_shapes().values())
    up, down = measure_steps(spec, np.zeros((2, size)))
    assert up.tolist() == down.tolist() == [0, 0]


def test_a_model_that_knows_only_the_last_symbol_hardly_steps(make_unit):
    model = make_unit("linear", inputs=[[1, -1]])
    up, down = measure_steps(model.spec, vector_of(model)[np.newaxis])
    assert 0 <= up[0] < 0.1
    assert -0.1 < down[0] <= 0


def test_a_state_that_overflows_takes_no_steps(make_unit):
    model = make_unit("linear", inputs=[[1, -1]], recurrent=[[1e6]])
    up, down = measure_steps(model.spec, vector_of(model)[np.newaxis])
    assert (up[0], down[0]) == (0, 0)


def test_every_model_is_measured_as_if_it_were_alone():
    rng = np.random.default_rng(0)
    spec = Spec(language="dyck1", cell="gru", units=2)
    size = sum(int(np.prod(shape)) for shape in spec.parameter_shapes().values())
    vectors = rng.normal(size=(6, size))
    together = measure_steps(spec, vectors)
    alone = [measure_steps(spec, vector[np.newaxis]) for vector in vectors]
    assert np.allclose(together, np.concatenate(alone, axis=1), rtol=1e-9)


@pytest.mark.parametrize("language", languages_scored_by(CONTINUATIONS))
def test_every_language_has_steps(language):
    spec = Spec(language=language, cell="lstm", units=2)
    size = sum(int(np.prod(shape)) for shape in spec.parameter_shapes().values())
    up, down = measure_steps(spec, np.random.default_rng(0).normal(size=(4, size)))
    assert np.isfinite([up, down]).all()


def test_steps_say_how_many_seeds_step_by_one():
    nan = np.nan
    steps = Steps(
        at=np.array([0, 250]),
        planned=250,
        up=np.array([[0, 1.0], [0, 0.995], [0, 0.9], [0, nan]]),
        down=np.array([[0, -1.0], [0, -1.02], [0, -1.0], [0, nan]]),
    )
    assert steps.medians() == pytest.approx((0.995, -1.0))
    assert "After 250 strings 1 of 4 seeds step by one" in steps.sentence()
    assert "After 0 strings 0 of 4 seeds" in steps.sentence(0)
