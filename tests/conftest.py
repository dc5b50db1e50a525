"""What all tests share: models made by hand, and where the browser is."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from countviz.models import Model, Spec

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
def the_shipped_library():
    """Whoever runs the tests may have a library of their own: it is not the one meant here."""
    os.environ.pop("COUNTVIZ_CHECKPOINTS", None)


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
