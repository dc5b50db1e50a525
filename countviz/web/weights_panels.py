"""What the page of weights shows beside its sliders, one figure after the other."""

from dataclasses import replace

import streamlit as st

from countviz.analysis import check_exactness, compare_indicators, find_bracket, intervene
from countviz.analysis.weights.effect import (
    Effect,
    Side,
    compare_sides,
    measure_ability,
    measure_side,
)
from countviz.analysis.weights.exactness import Exactness
from countviz.analysis.weights.intervention import Intervention
from countviz.families import Family
from countviz.figures import plot_effect, plot_exactness, plot_indicators, plot_intervention
from countviz.models import Model, Training
from countviz.traces import Trace
from countviz.web import background, cache
from countviz.web.charts import current_theme, show_figure
from countviz.web.choices import position_of, unknown_values
from countviz.web.inside import Inside, choose_at
from countviz.web.seed_reports import weights_sha256
from countviz.web.show import escape, notify

INDICATED = ("lstm", "relu", "linear")  # cells of which weights are known that count exactly
_MOST_DELTA, _STEP = 5.0, 0.25  # brackets
_DELTAS = [
    f"{_STEP * k:g}" for k in range(-round(_MOST_DELTA / _STEP), round(_MOST_DELTA / _STEP) + 1)
]


def show_checklist(page: Inside, changed: Model, now: Exactness) -> None:
    """Show how far each condition is from exact, now and before the weights were changed."""
    if not now.nearest and now.capacity is None:
        return
    before = None
    if changed is not page.model:
        before = cache.measure(check_exactness, page.model, page.precision)
    figure = plot_exactness.draw(now, current_theme(), before)
    title = "How far is each condition from exact?"
    if not now.nearest:
        title = "How soon does its state come to rest?"
    elif page.model.spec.units > 1:
        title = f"How far is unit {now.nearest[0].unit + 1} from exact?"
    command = page.command("exactness", reads=False)
    show_figure(figure, title, now.list_missing(), "exactness", table=now.to_frame, command=command)


def measure_change(page: Inside, changed: Model) -> Effect:
    """Return what the change does on the string that is shown."""
    before = after = cache.measure(_measure_side, page.model, page.string, page.precision)
    if changed is not page.model:
        after = cache.measure(_measure_side, changed, page.string, page.precision)
    return compare_sides(before, after, page.string)


def _measure_side(model: Model, string: str, precision: str) -> Side:
    """Measure what a model does on a string, and only once what it can do on any."""
    ability = cache.measure(measure_ability, model, precision)
    return measure_side(cache.trace(model, string, precision), ability)


def show_effect(page: Inside, effect: Effect) -> None:
    """Show what is counted on the string, before and now."""
    title = "What does it count now?" if effect.changed else "What does it count?"
    show_figure(
        plot_effect.draw(effect, current_theme()),
        title,
        effect.sentence(),
        "effect",
        table=effect.to_frame,
    )


def show_intervention(page: Inside, changed: Model) -> None:
    """Show what a slip of the state does to every later verdict."""
    if position_of(len(page.string)) < 0:  # where it counts most, a slip has far to go
        counts = cache.trace(changed, page.string, page.precision).reading.closings.sum(axis=1)
        page = replace(page, at=int(counts.argmax()))
    figure = st.container()
    with st.container(key="slip"):
        choose_at(page)
        unit, delta = _choose_slip(page)
    report = cache.measure_trace(_slip, changed, page.string, page.precision, page.at, delta, unit)
    slip = "--at", page.at, "--delta", f"{report.delta:g}", "--unit", unit
    command = page.command("intervene", *slip)
    with figure:
        show_figure(
            plot_intervention.draw(report, current_theme()),
            f"What if the count slips after {page.noun} {page.at + 1:,}?",
            report.sentence(),
            "intervention",
            table=report.to_frame,
            command=command if changed is page.model else "",
        )


def unknown_slip(page: Inside) -> tuple[str, ...]:
    """Return a sentence for each value of a slip in the URL that its widget cannot take."""
    problems = list(unknown_values({"unit": _units(page)})) if len(_units(page)) > 1 else []
    delta = st.query_params.get("delta")
    if delta is not None and delta not in _DELTAS:
        problems.append(
            f"no delta {delta[:80]!r}; from -{_MOST_DELTA:g} to {_MOST_DELTA:g} brackets, in steps "
            f"of {_STEP:g}, there is one"
        )
    return tuple(problems)


def _choose_slip(page: Inside) -> tuple[int, float]:
    """Show of which unit and by how many brackets the state slips; return both."""
    unit = "1"
    with st.container(horizontal=True, key="slip-how"):
        if len(_units(page)) > 1:
            unit = st.selectbox("Unit", _units(page), key="unit", bind="query-params", width=96)
        delta = st.select_slider(
            f"by how many {page.noun}s",
            _DELTAS,
            value="1",
            key="delta",
            bind="query-params",
        )
    return int(unit) - 1, float(delta)


def _units(page: Inside) -> list[str]:
    return [str(unit + 1) for unit in range(page.model.spec.units)]


def _slip(trace: Trace, at: int, brackets: float, unit: int) -> Intervention:
    """Move the counting internal of a unit by so many brackets, as many as it moves for one."""
    return intervene(trace, at, brackets * find_bracket(trace, unit), unit)


def show_indicators(page: Inside) -> None:
    """Show whether weights that are nearer to exact ones count further, over the family's seeds."""
    title, family = "Do weights that are nearer count further?", page.family
    reason = _say_why_not(page.model, family)
    if family is None or reason:
        st.subheader(title, anchor=False)
        st.caption(escape(reason))
        return
    report = background.compute(
        f"indicators {weights_sha256(family)}",
        lambda: compare_indicators(family),
        f"Reading 1,035 strings with the seeds of {family.name}",
    )
    if report is None:
        return
    notify(unknown_values({"indicator": report.names}))
    place = st.container()
    chosen = st.selectbox(
        "What is compared",
        report.names,
        index=report.best,
        key="indicator",
        bind="query-params",
    )
    indicator = report.names.index(chosen)
    figure = cache.draw(plot_indicators, report, current_theme(), indicator)
    said = report.sentence(indicator)
    with place:
        show_figure(figure, title, said, "indicators", table=report.to_frame)


def _say_why_not(model: Model, family: Family | None) -> str:
    """Return why there is no regression for a family; nothing where there is."""
    if model.language.name != "dyck1":
        return (
            f"The indicators are those of bracket counters; this one reads {model.language.title}."
        )
    if family is None or not isinstance(family.spec.recipe, Training):
        return "One set of weights, set by hand: there are no seeds to compare."
    if family.spec.units > 1:
        return f"{family.name} has {family.spec.units} units; indicators are known for one alone."
    if family.spec.cell not in INDICATED:
        title = model.cell.title
        return f"No weights of a {title} are known that count exactly: nothing to be near to."
    return ""
