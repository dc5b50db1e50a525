"""What all tests share: models made by hand, the command line, and where the browser is."""

import json
import os
import shutil
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tests run side by side; PyTorch takes all at once

import numpy as np
import pytest
from hypothesis import settings

from countviz.__main__ import main
from countviz.analysis import Luck, measure_luck
from countviz.arithmetic.lanes import LANES, align
from countviz.corpora import make_batches, make_corpora
from countviz.engine.groups import from_lanes, to_lanes
from countviz.exact import exact_lstm
from countviz.families import Family
from countviz.history import Progress
from countviz.models import Model, Spec, Training
from countviz.trainers import find_trainer

E2E = Path(__file__).with_name("e2e")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# The first example may have to compile a kernel; and the same examples fail for everybody.
settings.register_profile("countviz", deadline=None, derandomize=True)
settings.load_profile("countviz")


def pytest_addoption(parser):
    parser.addoption(
        "--no-browser", action="store_true", help="leave out the tests that need a browser"
    )


def pytest_collection_modifyitems(config, items):
    """Leave out what needs a browser if that was asked for; without one, never do so silently."""
    in_browser = [item for item in items if item.path.is_relative_to(E2E)]
    if not in_browser:
        return
    if config.getoption("--no-browser"):
        config.hook.pytest_deselected(items=in_browser)
        items[:] = [item for item in items if item not in in_browser]
    elif find_browser() is None and not config.option.collectonly:
        raise pytest.UsageError(
            f"{len(in_browser)} tests need a browser, and none of {', '.join(BROWSERS)} is "
            "installed. Install Chromium (on Debian: apt-get install chromium), or leave these "
            "tests out with --no-browser."
        )


def find_browser():
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def browser_path():
    return find_browser()


@pytest.fixture(scope="session", autouse=True)
def the_shipped_library(tmp_path_factory):
    """Whoever runs the tests may have models of their own: they are not the ones meant here."""
    os.environ.pop("COUNTVIZ_CHECKPOINTS", None)
    os.environ["COUNTVIZ_DATA"] = str(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def make_unit():
    """Return what builds a one-unit Dyck-1 model by hand; parameters not given are zero."""

    def build(cell, *, inputs=None, recurrent=None, bias=None, slope=0.0, at=0.0, name="made"):
        spec = Spec(language="dyck1", cell=cell)
        parameters = {key: np.zeros(shape) for key, shape in spec.parameter_shapes().items()}
        given = {
            "rnn.weight_ih_l0": inputs,
            "rnn.weight_hh_l0": recurrent,
            "rnn.bias_ih_l0": bias,
            "readout.weight": [[0], [slope]],
            "readout.bias": [1, -at],
        }
        parameters |= {k: np.array(v, float) for k, v in given.items() if v is not None}
        return Model(name=name, spec=spec, parameters=parameters)

    return build


@pytest.fixture(scope="session")
def make_family():
    """Return what makes a trained family of one epoch from models, a seed each."""

    def build(models, accuracies, *, losses=None, name="lstm1-dyck1"):
        spec = models[0].spec.model_copy(update={"recipe": Training()})
        rows = zip(accuracies, losses or [1e-6] * len(models), strict=True)
        return Family(
            name=name,
            spec=spec,
            seeds=tuple(range(len(models))),
            epochs=(20,),
            weights={
                key: np.stack([model.parameters[key] for model in models])[:, np.newaxis]
                for key in spec.parameter_shapes()
            },
            history=tuple(
                Progress(
                    seed=seed,
                    epoch=20,
                    train_loss=loss,
                    validation_loss=loss,
                    validation_accuracy=accuracy,
                )
                for seed, (accuracy, loss) in enumerate(rows)
            ),
        )

    return build


@pytest.fixture(scope="session")
def luck(make_family, make_unit):
    """Two families: three LSTM counters that leak and a dead one, and two that never learned."""
    leaking = [exact_lstm(gate_bias=bias) for bias in (4, 6, 8)]
    dead = make_unit("lstm")
    one = make_family([*leaking, dead], [1, 1, 0.99, 0.98], losses=[1e-9, 1e-6, 1e-3, 0.03])
    two = make_family([dead, dead], [0.2, float("nan")], losses=[0.03, float("nan")], name="none")
    groups = tuple(measure_luck(family) for family in (one, two))
    families = {"lstm1-dyck1": one, "none": two}
    return Luck(labels=("LSTM-1", "none"), groups=groups), families


@pytest.fixture(scope="session")
def train_in_lanes():
    """Return what trains models side by side for an epoch, or on the strings of an order.

    It returns the parameters [S, P], both of Adam's moments, and the losses [S, B].
    """

    def train(spec, vectors, order=None, *, rates=None, learn=None):
        corpus, _ = make_corpora(spec)
        if order is None:
            order, cuts = make_batches(spec, 1, corpus.starts.size - 1)
        else:
            cuts = np.append(np.arange(0, order.size, spec.recipe.batch_size), order.size)
        (group,) = to_lanes(vectors)
        state = group, align(np.zeros_like(group)), align(np.zeros_like(group))
        losses = align(np.empty((order.size, LANES), group.dtype))
        rate = align(
            np.full((1, LANES), spec.recipe.learning_rate if rates is None else rates, group.dtype)
        )
        free = align(np.empty((0, LANES), group.dtype))
        (learn or find_trainer(spec, corpus))(state, free, rate, 0, order, cuts, losses)
        return [from_lanes([part], len(vectors)) for part in (*state, losses)]

    return train


@pytest.fixture
def ask(capsys):
    """Run a command that succeeds and return its standard output and standard error."""

    def run(*argv):
        assert main(argv) == 0
        return capsys.readouterr()

    return run


@pytest.fixture
def ask_json(ask):
    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    return lambda *argv: json.loads(ask(*argv, "--json").out, parse_constant=refuse)


@pytest.fixture
def refuse(capsys):
    """Run a command that fails and return the one line it answers with."""

    def run(*argv):
        assert main(argv) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("error: ")
        assert err.count("\n") == 1
        return err

    return run
