"""What the page of saturation shows: a panel a question, every choice in the URL."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from countviz.analysis import (
    Saturation,
    SeedSaturation,
    gather_ends,
    map_saturation,
    measure_saturation,
    measure_seed_saturation,
)
from countviz.analysis.saturation.saturation_words import find_keeping
from countviz.analysis.saturation.saturation_zones import SQUASHING
from countviz.figures import (
    plot_saturation,
    plot_saturation_bounds,
    plot_saturation_ends,
    plot_saturation_heat,
    plot_seed_saturation,
)
from countviz.web import background, cache, choices
from countviz.web.charts import current_theme, show_figure
from countviz.web.inside import Inside, choose_at
from countviz.web.looks import is_hand_set
from countviz.web.seed_reports import weights_sha256
from countviz.web.show import escape
from countviz.words import count_nouns

_gather = lru_cache(maxsize=64)(gather_ends)  # one report, so that it is drawn once
_FEW = 8  # units that stand side by side
SHORT = 2_000  # symbols that are measured at once


def _units(page: Inside) -> list[str]:
    return [str(unit + 1) for unit in range(page.model.spec.units)]


def _gates(page: Inside) -> list[str]:
    return list(page.model.cell.gates)


def unknown_values(page: Inside) -> tuple[str, ...]:
    """Return a sentence for each value in the URL that this page's switches cannot take."""
    allowed = {"unit": _units(page), "gate": _gates(page)}
    return choices.unknown_values({key: have for key, have in allowed.items() if len(have) > 1})


def choose_unit(page: Inside) -> int:
    """Show which of several units is looked at, and return it, from 0."""
    units = _units(page)
    return int(_choose("unit", "Unit", dict(zip(units, units, strict=True)), units[0])) - 1


def choose_gate(page: Inside) -> int:
    """Show which gate is followed through training and over units; return its place."""
    gates = _gates(page)
    meanings = {one.name: one.meaning for one in page.model.cell.internals}
    first = gates[find_keeping([meanings[gate] for gate in gates]) or 0]
    return gates.index(_choose("gate", "Gate", {g: f"{meanings[g]} {g}" for g in gates}, first))


def _choose(name: str, label: str, options: Mapping[str, str], first: str) -> str:
    """Show a choice that the URL keeps under a name, and return it; options are said in words."""
    if len(options) == 1:
        return first
    asked, key = st.query_params.get(name), f"{name}-of-{','.join(options)}"
    st.session_state[key] = asked if asked in options else first

    def change() -> None:
        st.query_params[name] = st.session_state[key]

    shown = {"options": list(options), "key": key, "on_change": change}
    if len(options) <= _FEW:
        return st.segmented_control(label, format_func=options.get, required=True, **shown)
    return st.selectbox(label, format_func=options.get, width=120, **shown)


def measure(page: Inside, unit: int) -> Saturation | None:
    """Return the report of the page; None as long as it is being measured."""
    about = page.model, page.string, page.precision
    if page.model.spec.units <= _FEW and len(page.string) <= SHORT:
        return cache.measure_trace(measure_saturation, *about, unit)
    done = cache.trace(*about)
    return background.compute(
        f"saturation {_identify(page)} {unit}",
        lambda: measure_saturation(done, unit),
        f"Measuring the gates at {count_nouns(len(page.string), 'symbol')}",
    )


def measure_seeds(page: Inside) -> SeedSaturation | None:
    """Return what all seeds of the family do; None if there are none, or not yet.

    They read one string, whatever stands in the bar, so that they are run once for everybody.
    """
    family = page.family
    if family is None or is_hand_set(page.model):
        return None
    models = len(family.seeds) * len(family.epochs)
    string = choices.first_string(page.language)
    return background.compute(
        f"seed saturation {family.name} {weights_sha256(family)} {page.precision}",
        lambda: measure_seed_saturation(family, string, page.precision),
        f"Reading a string with {models:,} models: all seeds after every epoch",
    )


def show_strips(page: Inside, saturation: Saturation) -> None:
    """Show where every gate works, symbol by symbol."""
    show_figure(
        cache.draw(plot_saturation, saturation, current_theme()),
        "Where does each gate work?",
        saturation.sentence_of_zones(),
        "strips",
        table=saturation.to_frame,
        command=page.command("saturation", "--unit", saturation.unit, "--out", "saturation.html"),
    )


def show_heat(page: Inside, saturation: Saturation) -> None:
    """Show how far on the gates are along the string, and at the cursor in words."""
    report = cache.measure_trace(
        map_saturation, page.model, page.string, page.precision, saturation.unit
    )
    if report is None:
        return
    show_figure(
        cache.draw(plot_saturation_heat, report, current_theme(), page.at),
        "Which gate gives way, and when?" if report.kind == "nines" else "When is it clipped?",
        report.sentence(),
        "heat",
        table=report.to_frame,
    )
    choose_at(page)
    with st.container(key="cursor-said"):
        st.markdown(escape(saturation.sentence_at(page.at)))


def show_bounds(page: Inside, saturation: Saturation) -> None:
    """Show what the gates did inside what they could do on any string."""
    left, right = st.columns(2, gap="large", vertical_alignment="center")
    with left:
        show_figure(
            cache.draw(plot_saturation_bounds, saturation, current_theme()),
            "What could it do on any string?",
            saturation.sentence_of_bounds(),
            "bounds",
            table=saturation.to_frame,
            command=page.command("saturation", "--unit", saturation.unit, "--json"),
        )
    right.dataframe(saturation.bounds_in_words(), hide_index=True, key="bounds-table")


def show_ends(page: Inside, saturation: Saturation, seeds: SeedSaturation | None) -> None:
    """Show how often each gate is nearly off and nearly on, among those of the other seeds."""
    if not set(saturation.squash) & set(SQUASHING):
        return
    ends = _gather(saturation, seeds)
    show_figure(
        cache.draw(plot_saturation_ends, ends, current_theme()),
        "How often is it nearly on, or nearly off?",
        ends.sentence() + _say_theirs(seeds),
        "ends",
        table=ends.to_frame,
    )


def show_seeds(page: Inside, seeds: SeedSaturation | None, gate: int) -> None:
    """Show what training does to a gate, over all seeds."""
    if seeds is None:
        return
    clipped = seeds.squash[gate] == "relu"
    show_figure(
        cache.draw(plot_seed_saturation, seeds, current_theme(), gate, page.model.seed),
        "Does training kill the units?" if clipped else "Does training saturate the gates?",
        seeds.sentence(gate) + _say_theirs(seeds),
        "seeds",
        table=seeds.to_frame,
    )


def _say_theirs(seeds: SeedSaturation | None) -> str:
    """Say what the seeds have read; nothing where there are none."""
    return "" if seeds is None else f" All seeds read the same {len(seeds.string)} symbols."


def show_units(page: Inside, gate: int) -> None:
    """Show one gate of every unit along the string; a rectifier's units are mapped already."""
    cell = page.model.cell
    if page.model.spec.units == 1 or cell.squash[gate] not in SQUASHING:
        return
    letter = cell.gates[gate]
    report = cache.measure_trace(map_saturation, page.model, page.string, page.precision, 0, letter)
    show_figure(
        cache.draw(plot_saturation_heat, report, current_theme(), page.at),
        "Which unit gives way?",
        report.sentence(),
        "units",
        table=report.to_frame,
    )


def _identify(page: Inside) -> str:
    text = f"{page.model.weights_sha256} {page.precision} {page.string}"
    return f"{page.model.name} {hashlib.sha256(text.encode()).hexdigest()}"
