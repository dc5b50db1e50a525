"""The protocols that networks are trained by, as recipes."""

from countviz.languages import NEXT_SYMBOL, find_language
from countviz.specs import Training

PUBLISHED = Training()  # El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429

# DuSell, Chiang 2023, arXiv 2210.01343, who go on to 200 epochs. The best of their ten restarts is
# reported; a seed here is one restart.
FORETELLING = Training(
    epochs=60,
    batch_size=10,
    train_strings=10_000,
    validation_strings=1_000,
    shortest=40,
    longest=80,
    distinct=False,
    clip=5.0,
    rates=(5e-4, 1e-2),
    decay_after=5,
    stop_after=10,
    initialisation="xavier",
)


def protocol_of(language: str, cell: str) -> Training:
    """Return the recipe that is usual for a language: by what is asked after its symbols.

    The published learning rate of a GRU is a tenth of that of the others.
    """
    if find_language(language).scoring == NEXT_SYMBOL:
        return FORETELLING
    return PUBLISHED.model_copy(update={"learning_rate": 0.001}) if cell == "gru" else PUBLISHED
