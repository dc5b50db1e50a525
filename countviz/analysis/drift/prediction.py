"""How deep a model should count, foretold from what one step does, beside how deep it does.

Three foretellings, each of the first D at which (^D )^D is judged wrong. The *rule of thumb*: after
m openings and m closings the count is off by δ m - ε m², with δ the asymmetry and ε the leak of a
step; it fails at half a bracket, so that of one alone a string of √(2/ε) or of 1/δ symbols fails.
The *steps*: v' = λ v + α with the constants of the read-out table, up to its threshold. The *closed
form*, for one ReLU or linear unit h' = U h + a | b, from its weights: after D openings and k
closings h = U^k a (U^D - 1)/(U - 1) + b (U^k - 1)/(U - 1). For U = 1 that is D a + k b, and the
conditions a = -b, U = 1 for exact counting are those of El-Naggar, Madhyastha, Weyde (2023, arXiv
2304.03639).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.affine_count import AffineCount, find_first_failure
from countviz.analysis.count.first_mistakes import KINDS
from countviz.analysis.count.read_out import ReadOut, in_percent, read_out, step_weights
from countviz.analysis.failure.nesting import DEEPEST_TRIED, NestingHorizon, measure_nesting
from countviz.arithmetic.precision import find_precision
from countviz.models import Model

if TYPE_CHECKING:
    import pandas as pd

DEEPEST_FORETOLD = 500_000  # nests: strings of up to 1,000,000 symbols
MOST_RUN = 1_000  # nests that are run, if more are foretold than usually tried
_NONE = 1e-9  # a leak or an asymmetry so small is rounding
BADGES = ("proved", "estimated")


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """How deep a model of Dyck-1 should nest, and how deep it does.

    Attributes
    ----------
    precision
        The number format in which it was run.
    leak, asymmetry
        ε, the share of the count that a symbol loses, and δ, what an opening and its closing leave
        behind, in brackets; the smaller they are, the deeper it counts.
    r_squared
        How well the count can be read; None by construction.
    rule_leak, rule_asymmetry
        The length at which a nest fails by the rule of thumb, by the leak alone and by the
        asymmetry alone; infinite without any.
    rule_depth
        The first failing D by both together; None if they never fail, or up to 500,000.
    steps_depth
        The first failing D by the constants of a step; None as above, or where none can be read.
    closed_form_depth
        The first failing D by the weights; None as above, or if there is no closed form.
    has_closed_form
        Whether the weights say it: one ReLU or linear unit that counts upwards.
    can_foretell
        Whether anything can be: not of a unit that is dead, or whose verdict never changes.
    foretold_depth
        The best of the three: the closed form if there is one, else the steps.
    foretold_kind
        How it is foretold to fail: a word of ``first_mistakes.KINDS``.
    measured_horizon, tried
        The largest N with every (^n )^n, n <= N, judged right, and the deepest nesting tried.
    badge
        "proved" if rounding cannot change what the closed form says, else "estimated".

    """

    precision: str
    leak: float
    asymmetry: float
    r_squared: float | None
    rule_leak: float
    rule_asymmetry: float
    rule_depth: int | None
    steps_depth: int | None
    closed_form_depth: int | None
    has_closed_form: bool
    can_foretell: bool
    foretold_depth: int | None
    foretold_kind: str
    measured_horizon: int
    tried: int
    badge: str

    @property
    def measured_depth(self) -> int | None:
        """The first D that was found to fail; None up to the deepest tried."""
        return self.measured_horizon + 1 if self.measured_horizon < self.tried else None

    def sentence(self) -> str:
        """Say what leaks, what that foretells, and what is so."""
        nests = NestingHorizon(depth=self.measured_horizon, tried=self.tried).sentence()
        verb = "is " if self.measured_horizon == 0 else ""
        return f"{self._cause()} {self._foretold()} In fact it {verb}{nests}."

    def _cause(self) -> str:
        parts = []
        if abs(self.leak) >= _NONE:
            does = "loses" if self.leak > 0 else "gains"
            parts.append(f"{does} {in_percent(self.leak)} of the count at every symbol")
        if abs(self.asymmetry) >= _NONE:
            does = "adds" if self.asymmetry > 0 else "drops"
            parts.append(f"{does} {in_percent(self.asymmetry)} of a bracket with every pair")
        if not self.can_foretell:
            return "Nothing that a step does to its count can be read."
        if not parts:
            return "A step neither leaks nor is lopsided."
        poor = ""
        if self.r_squared is not None and self.r_squared < 0.9:
            poor = f", as far as a line can read it: R² {self.r_squared:.2f}"
        return f"On average it {' and '.join(parts)}{poor}."

    def _foretold(self) -> str:
        if not self.can_foretell:
            return "Nothing can be foretold."
        whence = "Its weights" if self.has_closed_form else "Its steps"
        rule = "the rule of thumb says"
        said = "never" if self.rule_depth is None else f"{self.rule_depth:,}"
        if self.foretold_depth is None:
            return f"{whence} foretell no failure up to {DEEPEST_FORETOLD:,} deep; {rule} {said}."
        how = f"{self.foretold_depth:,} deep ({self.foretold_kind})"
        return f"{whence} foretell that it first fails {how}; {rule} {said}."

    def to_frame(self) -> "pd.DataFrame":
        """Return one row."""
        import pandas as pd  # takes longer to load than the page

        return pd.DataFrame([vars(self)])


def predict_horizon(model: Model, precision: str = "float64") -> Prediction:
    """Foretell from the steps and the weights of a Dyck-1 model how deep it counts, and look.

    Raises
    ------
    ValueError
        If the model reads another language, which has no nests.

    """
    if model.language.name != "dyck1":
        raise ValueError(
            f"{model.name} reads {model.language.name}; a nesting horizon is foretold of dyck1"
        )
    table = read_out(model, precision)
    leak, asymmetry = table.leak, table.constant_up + table.constant_down
    form = _closed_form(model, precision)
    steps = find_first_failure(_from_table(table), DEEPEST_FORETOLD)
    foretold = find_first_failure(form, DEEPEST_FORETOLD) if form else steps
    deepest = foretold.depth if foretold and foretold.depth else DEEPEST_FORETOLD
    tried = DEEPEST_TRIED if deepest < DEEPEST_TRIED else MOST_RUN
    nesting = measure_nesting(model, precision, tried)
    return Prediction(
        precision=precision,
        leak=leak,
        asymmetry=asymmetry,
        r_squared=table.r_squared,
        rule_leak=float(np.sqrt(2 / abs(leak))) if abs(leak) >= _NONE else float("inf"),
        rule_asymmetry=1 / abs(asymmetry) if abs(asymmetry) >= _NONE else float("inf"),
        rule_depth=_apply_rule(leak, asymmetry),
        steps_depth=steps.depth if steps else None,
        closed_form_depth=foretold.depth if form and foretold else None,
        has_closed_form=form is not None,
        can_foretell=foretold is not None,
        foretold_depth=foretold.depth if foretold else None,
        foretold_kind=KINDS[foretold.kind] if foretold else KINDS[0],
        measured_horizon=nesting.depth,
        tried=nesting.tried,
        badge=BADGES[0] if form and foretold and foretold.is_clear(precision) else BADGES[1],
    )


def _apply_rule(leak: float, asymmetry: float) -> int | None:
    """Return the smallest m with |δ m - ε m²| >= ½."""
    leak = leak if abs(leak) >= _NONE else 0.0
    asymmetry = asymmetry if abs(asymmetry) >= _NONE else 0.0
    if not np.isfinite([leak, asymmetry]).all():
        return None
    roots = [np.roots([-leak, asymmetry, -limit]) for limit in (0.5, -0.5)]
    reached = [
        float(root.real) for root in np.concatenate(roots) if root.imag == 0 and root.real > 0
    ]
    first = int(np.ceil(min(reached))) if reached else DEEPEST_FORETOLD + 1
    return first if first <= DEEPEST_FORETOLD else None


def _from_table(table: ReadOut) -> AffineCount:
    """Return what the read-out table says of a step, in brackets."""
    return AffineCount(
        start=table.offset if table.r_squared is not None else 0.0,
        keep_up=1 - table.leak_up,
        add_up=table.constant_up,
        keep_down=1 - table.leak_down,
        add_down=table.constant_down,
        threshold=table.threshold,
        clipped=False,
    )


def _closed_form(model: Model, precision: str) -> AffineCount | None:
    """Return h' = U h + a | b of one unit that counts upwards, in a precision; None if it is none.

    A ReLU clips at 0; as long as a > 0 > b and U > 0 that happens only on the way down.
    """
    if model.spec.units != 1 or model.cell.squash not in (("relu",), ("identity",)):
        return None
    keep, (up, down) = step_weights(model)
    slope, bias = model.parameters["readout.weight"][1, 0], model.parameters["readout.bias"][1]
    to = find_precision(precision).round
    keep, up, down, slope, bias = (float(to(x)) for x in (keep, up, down, slope, bias))
    if not (up > 0 > down and keep > 0 and slope > 0):
        return None
    opening = model.parameters["readout.weight"][0, 0], model.parameters["readout.bias"][0]
    if opening[0] < 0 or opening[1] < 0:  # then "(" may be said not to come
        return None
    return AffineCount(
        start=0.0,
        keep_up=keep,
        add_up=up,
        keep_down=keep,
        add_down=down,
        threshold=-bias / slope,
        clipped=model.cell.squash == ("relu",),
    )
