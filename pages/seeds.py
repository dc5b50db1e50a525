"""Seeds: is it luck how deep a network learns to count?"""

import streamlit as st

from countviz.figures import plot_endurance, plot_luck, plot_reach, plot_zigzag
from countviz.web import cache, family_bar, seed_reports, show
from countviz.web.charts import current_theme, show_figure
from countviz.web.looks import label_of_family
from countviz.web.seed_table import show_table
from countviz.web.watch_link import offer_watch
from countviz.words import in_words

show.wait_until_warm()
notices = st.container()
head = st.container(horizontal=True, vertical_alignment="center", key="head")
said = head.container(key="answer", width="stretch")
said.header("Is it luck?", anchor=False)
left, right = st.columns([13, 10], gap="large")
panels, bars = left.container(), st.container()

library, damaged = cache.library()
families, unknown = family_bar.families_of(library)
with notices:
    show.notify([*family_bar.unknown_values(families), *unknown, *damaged])
if not families:
    st.stop()
with head:
    epoch = family_bar.choose(families, library)
with left:
    columns = family_bar.choose_columns(families)
n = family_bar.choose_peak()

labels, theme = tuple(map(label_of_family, families)), current_theme()
luck = seed_reports.luck(labels, families, epoch)
said.markdown(show.escape(luck.sentence()))

with panels:
    reach = seed_reports.reach(labels, families, epoch, columns)
    figure = cache.draw(plot_reach, reach, theme)
    each = f"{in_words(len(columns)).capitalize()} seed{'s' if len(columns) > 1 else ''} each"
    title = f"{each}: how many can it close again?"
    show_figure(figure, title, reach.sentence(), "reach", table=reach.to_frame)
with right:
    figure = cache.draw(plot_luck, luck, theme)
    title = f"All {luck.seeds:,} seeds: how deep can it count?"
    show_figure(figure, title, luck.horizon_sentence(), "luck", table=luck.to_frame)

    far = seed_reports.endurance(labels, families, epoch)
    figure, title = cache.draw(plot_endurance, far, theme), "Does a low loss mean a long count?"
    said = far.sentence()
    marked = show_figure(figure, title, said, "endurance", table=far.to_frame, selects="boxes")
    offer_watch(marked, luck, "Click a mark, or take some with the box or the lasso.", "marked")
with bars:
    zigzag = seed_reports.zigzag(labels, families, epoch, n)
    figure, title = cache.draw(plot_zigzag, zigzag, theme), "Where does a zigzag fool them?"
    show_figure(figure, title, zigzag.sentence(), "zigzag", table=zigzag.to_frame)
offer_watch(show_table(far), luck, "Choose rows.", "ticked")
