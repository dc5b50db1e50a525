"""What the fields of a training mean, and what is said about those that are wrong."""

import pytest

from countviz.cells import CELLS
from countviz.languages import CONTINUATIONS, NEXT_SYMBOL, languages_scored_by
from countviz.web.training_form import FIRST, PRESETS, fields_of, make_order, read_range


def test_the_first_fields_are_a_hundred_seeds_of_the_published_protocol():
    order, problems = make_order(FIRST)
    assert problems == ()
    assert order.seeds == tuple(range(100))
    recipe = order.spec.recipe
    assert (recipe.learning_rate, recipe.shortest, recipe.longest) == (0.01, 2, 50)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_an_order_and_comes_back_as_its_fields(preset):
    values = FIRST | PRESETS[preset]
    order, problems = make_order(values)
    assert problems == ()
    assert fields_of(order) == values


@pytest.mark.parametrize("language", languages_scored_by(CONTINUATIONS))
@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_and_language_can_be_ordered(language, cell):
    order, problems = make_order(FIRST | {"language": language, "cell": cell})
    assert problems == ()
    assert (order.spec.language, order.spec.cell) == (language, cell)


@pytest.mark.parametrize("language", languages_scored_by(NEXT_SYMBOL))
def test_languages_of_next_symbols_are_refused_in_a_sentence(language):
    order, problems = make_order(FIRST | {"language": language})
    assert order is None
    assert len(problems) == 1
    assert f"models of {language} say which one comes" in problems[0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"units": 99}, ["units is 99"]),
        ({"rate": float("nan")}, ["learning rate is nan"]),
        ({"rate": -1.0, "epochs": 0, "batch": 0}, ["learning rate", "epochs", "batch size"]),
        ({"epochs": None}, ["epochs is None"]),
        ({"data": -1}, ["data seed is -1"]),
        ({"seeds": "all"}, ["seeds are 'all'"]),
        ({"seeds": "0 to 128"}, ["seeds are 0 to 128, 129 of them; 1 to 128 are right"]),
        ({"seeds": "9 to 3"}, ["seeds are 9 to 3"]),
        ({"lengths": "long"}, ["lengths are 'long'"]),
        ({"lengths": "50 to 2"}, ["shortest is 50"]),
        ({"lengths": "2 to 999", "seeds": "x"}, ["seeds are 'x'", "longest is 999"]),
    ],
)
def test_every_wrong_field_gets_its_sentence_and_nothing_is_ordered(wrong, said):
    order, problems = make_order(FIRST | wrong)
    assert order is None
    assert len(problems) == len(said)
    for beginning in said:
        assert any(problem.startswith(beginning) for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0 to 99", (0, 99)),
        (" 2-50 ", (2, 50)),
        ("2 \N{EN DASH} 50", (2, 50)),
        ("7", (7, 7)),
        ("", None),
        ("-3", None),
        ("1 to", None),
        ("9" * 30, None),
    ],
)
def test_a_range_is_two_numbers_or_one(text, numbers):
    assert read_range(text) == numbers
