"""Watch: what does each model say, symbol by symbol?"""

import streamlit as st

from countviz.analysis import compare_models
from countviz.web import cache, choices, model_bar, player, show, string_bar
from countviz.web.looks import labels_of, noun_of
from countviz.web.player_rows import make_row, make_table, name_missing, name_reading

show.wait_until_warm()
bar, chips = st.container(key="bar"), st.container(horizontal=True, key="chips")

families, damaged = cache.library()
models, unknown = choices.models_of(families)
language, noun = models[0].language, noun_of(models[0].language)
show.notify([*choices.unknown_settings(), *unknown, *damaged])
with chips:
    precision, read_out = model_bar.choose(models, families)
with bar:
    string = string_bar.choose(language, models, precision)
if string is None:
    st.stop()

reading = cache.read(language.name, string, language)
watched = [cache.watch(model, string, precision, read_out) for model in models]
labels = labels_of(models)
rows = [
    make_row(model, label, one, precision, read_out)
    for model, label, one in zip(models, labels, watched, strict=True)
]
said = compare_models(labels, [one.failure for one in watched], noun)

show.notify(choices.unknown_position(len(string)))
st.header("What does each model say?", anchor=False)
with st.container(key="answer"):
    st.markdown(show.escape(said.sentence()))
rest = player.show_player(
    string=string,
    truth=reading.closings.sum(axis=1) if reading.balance is None else reading.balance,
    legal=reading.legal,
    rows=rows,
    noun=noun,
    reading=name_reading(language, read_out),
    missing=name_missing(read_out),
    position=choices.position_of(len(string)),
    speed=choices.speed_of(),
    key="player",
)
choices.set_position(rest.symbol, rest.speed)
with st.popover("Data", key="data", on_change="rerun") as data:
    if data.open:
        show.offer_table(make_table(string, reading, models, watched), "watch.csv")
