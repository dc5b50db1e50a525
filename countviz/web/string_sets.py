"""A card for every set of strings that a training reads or is tested on."""

import streamlit as st

from countviz.analysis.seeds.dataset_card import DatasetCard, describe_set
from countviz.datasets import make_splits_of
from countviz.figures import plot_dataset_card
from countviz.languages import find_language
from countviz.models import Spec
from countviz.published_sets import LANGUAGE, SETS, make_set
from countviz.web.charts import current_theme, show_figure

_OWN = "this training"


def offer_strings(spec: Spec) -> None:
    """Offer to look at the strings of a training, and for Dyck-1 at the published sets."""
    popover = st.popover("The strings", key="strings-popover", type="tertiary", on_change="rerun")
    if not popover.open:
        return
    with popover:
        names = [_OWN, *SETS] if spec.language == LANGUAGE else [_OWN]
        name = st.pills("Set", names, default=_OWN, required=True, key="strings-set")
        try:
            card = _describe(name, spec)
        except ValueError as problem:  # a language may not have so many strings
            st.text(str(problem))
            return
        show_figure(
            plot_dataset_card.draw(card, current_theme()),
            "How long, and how deep?",
            card.sentence(),
            "strings",
            table=card.to_frame,
        )


@st.cache_resource(max_entries=32, show_spinner="Drawing the strings …")
def _describe(name: str, spec: Spec) -> DatasetCard:
    strings = make_splits_of(spec).train if name == _OWN else make_set(name)
    return describe_set(name, strings, find_language(spec.language))
