"""What is computed once for everybody about all seeds of families, and drawn once a theme.

The keys name the weights by their SHA-256, as in ``cache``. Where many ask for the same at once,
one computes and the others wait for it.
"""

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from countviz.analysis.seeds.endurance import Endurance, fail_constantly, measure_endurance
from countviz.analysis.seeds.luck import Luck, Seeds, measure_luck
from countviz.analysis.seeds.reach import Reach, measure_reach
from countviz.analysis.seeds.zigzag import Zigzag, measure_zigzags
from countviz.datasets import Encoded, encode_strings
from countviz.families import Family
from countviz.languages import find_language
from countviz.published_sets import BUILDING_BLOCK, LANGUAGE, PEAKS, make_set

if TYPE_CHECKING:
    import pandas as pd

Report = Luck | Reach | Endurance | Zigzag
_RUNNING = "Running every seed, once for everybody …"


@lru_cache(maxsize=256)
def weights_sha256(family: Family) -> str:
    """Return the SHA-256 of a family's weights."""
    digest = hashlib.sha256(family.name.encode())
    for name in sorted(family.weights):
        digest.update(np.ascontiguousarray(family.weights[name]).tobytes())
    return digest.hexdigest()


_BY_WEIGHTS = {Family: weights_sha256}
_BY_REPORT = dict.fromkeys((Luck, Reach, Endurance, Zigzag), id)


@st.cache_resource(max_entries=64, show_spinner=_RUNNING, hash_funcs=_BY_WEIGHTS)
def _measure_seeds(family: Family, epoch: int | None) -> Seeds:
    return measure_luck(family, epoch)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_WEIGHTS)
def luck(labels: tuple[str, ...], families: tuple[Family, ...], epoch: int | None) -> Luck:
    """Return what became of all seeds of some families, at an epoch or at each one's best."""
    groups = [_measure_seeds(family, epoch) for family in families]
    return Luck(labels=labels, groups=tuple(groups))


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs=_BY_WEIGHTS)
def reach(
    labels: tuple[str, ...],
    families: tuple[Family, ...],
    epoch: int | None,
    columns: tuple[int, ...],
) -> Reach:
    """Return how many brackets the seeds in some columns close again."""
    by_name = {family.name: family for family in families}
    return measure_reach(luck(labels, families, epoch), by_name, columns)


@st.cache_resource(max_entries=64, show_spinner=_RUNNING, hash_funcs=_BY_WEIGHTS)
def _measure_nested(family: Family, epoch: int | None) -> np.ndarray:
    return measure_endurance(family, _measure_seeds(family, epoch), _encoded("nested"))


@st.cache_resource(max_entries=4, show_spinner=_RUNNING)
def _encoded(name: str) -> Encoded:
    return encode_strings(find_language(LANGUAGE), make_set(name))


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_WEIGHTS)
def endurance(
    labels: tuple[str, ...], families: tuple[Family, ...], epoch: int | None
) -> Endurance:
    """Return how far the seeds are right on the published nested strings."""
    nested = _encoded("nested")
    return Endurance(
        luck=luck(labels, families, epoch),
        mean_fpf=tuple(_measure_nested(family, epoch) for family in families),
        constant=float(fail_constantly(nested).mean()),
        strings=nested.starts.size - 1,
        length=int(np.diff(nested.starts).max()),
    )


@st.cache_resource(max_entries=64, show_spinner=_RUNNING, hash_funcs=_BY_WEIGHTS)
def _measure_zigzags(family: Family, epoch: int | None) -> np.ndarray:
    return measure_zigzags(family, _measure_seeds(family, epoch), _encoded("zigzag"))


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_WEIGHTS)
def zigzag(
    labels: tuple[str, ...], families: tuple[Family, ...], epoch: int | None, n: int
) -> Zigzag:
    """Return where the seeds first err on the published zigzag string with peaks n deep."""
    return Zigzag(
        luck=luck(labels, families, epoch),
        n=n,
        k=BUILDING_BLOCK // n,
        position=tuple(_measure_zigzags(family, epoch)[:, PEAKS.index(n)] for family in families),
    )


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_REPORT)
def _tabulate(report: Report) -> tuple["pd.DataFrame", Report]:
    return report.to_frame(), report


def tabulate(report: Report) -> "pd.DataFrame":
    """Return the table of a report; it is shared, so nobody may change it."""
    return _tabulate(report)[0]
