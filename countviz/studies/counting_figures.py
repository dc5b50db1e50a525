"""The pictures of the counting study."""

from pathlib import Path

import numpy as np
import pandas as pd

from countviz.studies.counting import FAMILIES, SOUND, Counting
from countviz.studies.counting_targets import LABELS
from countviz.studies.drawing import Axis, Points, draw_points

_LENGTH = 2_000  # symbols of the long strings
_NUDGE = 0.3  # how far points of one column are spread, as a share of its width


def draw_counting(counting: Counting, folder: Path) -> tuple[str, ...]:
    """Draw the figures into a folder and return their names."""
    drawn = {
        "loss.svg": _draw_loss,
        "horizons.svg": _draw_horizons,
        "zigzag.svg": _draw_zigzag,
    }
    for name, draw in drawn.items():
        draw(counting, folder / name)
    return tuple(drawn)


def _draw_loss(counting: Counting, path: Path) -> None:
    rows = counting.checkpoints.query("validation_loss > 0")
    low, high = rows["validation_loss"].min() / 2, rows["validation_loss"].max() * 2
    groups = []
    for sound in (False, True):
        some = rows[(rows["validation_accuracy"] >= SOUND) == sound]
        groups += _by_cell(some, "validation_loss", "nested_fpf", hollow=not sound)
    draw_points(
        path,
        title="Does the validation loss foretell how far a counter gets?",
        sentence="A mark is a checkpoint; hollow: under 95 % of the validation strings right.",
        axes=(
            Axis(
                title="validation loss (mean squared error)", low=low / 2, high=high * 2, log=True
            ),
            Axis(title="mean first point of failure, nested", low=0, high=_LENGTH),
        ),
        groups=groups,
        lines=[(counting.constants["nested"], "a model that cannot count")],
    )


def _draw_horizons(counting: Counting, path: Path) -> None:
    columns = {cell: place for place, cell in enumerate(FAMILIES, start=1)}
    rows = counting.seeds.assign(
        depth=counting.seeds["nesting_horizon"].clip(lower=1),
        x=counting.seeds["cell"].map(columns)
        + _NUDGE * np.sin(counting.seeds["seed"].to_numpy() * 2.4),  # spreads neighbours
    )
    groups = [
        *_by_cell(rows[~rows["learned"]], "x", "depth", hollow=True),
        *_by_cell(rows[rows["learned"]], "x", "depth"),
    ]
    draw_points(
        path,
        title="Is it luck? How deep each seed counts",
        sentence="A mark is a seed at its best epoch; hollow: it did not learn. 0 is drawn as 1.",
        axes=(
            Axis(title="", low=0.5, high=3.5, ticks={n: LABELS[c] for c, n in columns.items()}),
            Axis(
                title="nesting horizon (brackets)",
                low=0.9,
                high=1.3 * rows["depth"].max(),
                log=True,
            ),
        ),
        groups=groups,
    )


def _draw_zigzag(counting: Counting, path: Path) -> None:
    learned = counting.seeds.loc[counting.seeds["learned"], ["cell", "seed"]]
    rows = counting.zigzags.merge(learned)
    rows = rows.groupby(["cell", "n"], as_index=False)["fpf_last"].median()
    draw_points(
        path,
        title="Where do they first go wrong on peaks n deep?",
        sentence="Medians over the seeds that learned, epoch 20; the string has 2,000 symbols.",
        axes=(
            Axis(title="n, the depth of a peak (brackets)", low=8, high=1250, log=True),
            Axis(title="first point of failure (symbols)", low=10, high=2500, log=True),
        ),
        groups=_by_cell(rows.assign(fpf_last=rows["fpf_last"].clip(lower=10)), "n", "fpf_last"),
        lines=[(_LENGTH, "right to the end")],
    )


def _by_cell(rows: pd.DataFrame, x: str, y: str, hollow: bool = False) -> list[Points]:
    return [
        Points(
            cell=cell,
            label=LABELS[cell],
            at=list(zip(some[x], some[y], strict=True)),
            hollow=hollow,
        )
        for cell, some in rows.groupby("cell", sort=False)
    ]
