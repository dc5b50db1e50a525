"""What Why shows, against PyTorch and against judging many strings at once.

A hundred pairs of a shipped model and a string, drawn at random: every first mistake is the one
that ``find_failures`` finds and that PyTorch makes with the same weights, and every point of no
return is where PyTorch, too, stops being able to close what is open.
"""

from collections import defaultdict

import numpy as np
import pytest
import torch

from countviz.analysis import find_failure, find_no_return
from countviz.checkpoints import load_library
from countviz.datasets import encode_strings
from countviz.judging import find_failures
from countviz.languages.dyck1 import nested, uniform_member, zigzag
from countviz.torch_bridge import reference_run
from countviz.traces import trace
from countviz.weight_files import export_file, load_file

PAIRS = 100


def draw_string(rng, language):
    if language.name != "dyck1":
        return language.sample(rng, 10, 60)
    kind = rng.integers(4)
    if kind == 0:
        return nested(int(rng.integers(20, 100)))
    if kind == 1:
        return zigzag(int(rng.integers(2, 12)), int(rng.integers(2, 6)))
    climb = int(rng.integers(0, 60))
    return "(" * climb + uniform_member(rng, 2 * int(rng.integers(5, 40))) + ")" * climb


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Return models, read back from what was exported of them, and a string for each."""
    rng, file = np.random.default_rng(11), tmp_path_factory.mktemp("exported") / "one.safetensors"
    families = [
        one
        for one in load_library()[0].values()
        if one.spec.cell != "linear" and one.spec.memory is None
    ]
    drawn = []
    for k in range(PAIRS):
        family = families[k % len(families)]
        seed, epoch = (int(rng.choice(some)) for some in (family.seeds, family.epochs))
        model = family.model(seed, epoch)
        export_file(model, file)
        read = load_file(file, cell=family.spec.cell, language=family.spec.language)
        assert read.weights_sha256 == model.weights_sha256
        drawn.append((model, draw_string(rng, model.language)))
    return drawn


def verdicts_by_torch(model, string):
    return reference_run(model, string, torch.float64)[1] >= 0


def closes_by_torch(model, prefix):
    """Let PyTorch read a prefix and just the closers that may come; say if it is right on them."""
    language = model.language
    for counter, closer in enumerate(language.closers):
        still = int(language.read(prefix).closings[-1, counter])
        said = verdicts_by_torch(model, prefix + closer * still)[len(prefix) - 1 :]
        if said[:, language.alphabet.index(closer)].tolist() != [True] * still + [False]:
            return False
    return True


def test_every_first_mistake_is_the_one_that_pytorch_makes(pairs):
    wrong = 0
    for model, string in pairs:
        targets = model.language.read(string).targets
        differs = (verdicts_by_torch(model, string) != targets).any(axis=1)
        found = find_failure(trace(model, string))
        assert found.position == (int(differs.argmax()) if differs.any() else None), model.name
        wrong += found.position is not None
    assert 20 < wrong < 90


def test_every_first_mistake_is_the_one_that_is_found_for_many_models_at_once(pairs):
    by_family = defaultdict(list)
    for model, string in pairs:
        by_family[model.spec.identity].append((model, string))
    for group in by_family.values():
        encoded = encode_strings(group[0][0].language, [string for _, string in group])
        vectors = [
            np.concatenate([array.ravel() for array in model.parameters.values()])
            for model, _ in group
        ]
        failures = find_failures(group[0][0].spec, np.stack(vectors), encoded, "float64")
        for k, (model, string) in enumerate(group):
            at = None if failures.continuation[k, k] < 0 else int(failures.position[k, k])
            assert find_no_return(trace(model, string)).first_failure == at


def test_every_point_of_no_return_is_where_pytorch_can_no_longer_close(pairs):
    rng, lost_ones = np.random.default_rng(0), 0
    for model, string in pairs:
        lost = find_no_return(trace(model, string))
        end = len(string) if lost.position is None else lost.position
        before = {end - 1, *rng.integers(0, max(end, 1), 3).tolist()} if end else set()
        assert all(closes_by_torch(model, string[: at + 1]) for at in before), model.name
        if lost.position is not None and lost.closes != lost.true_count:
            assert not closes_by_torch(model, string[: lost.position + 1]), model.name
            lost_ones += 1
    assert lost_ones > 20
