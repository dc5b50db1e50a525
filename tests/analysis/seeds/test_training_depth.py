"""The largest count in training: against reading every string."""

from countviz.analysis import find_training_depth
from countviz.exact import exact_relu
from countviz.languages import LANGUAGES
from countviz.models import Spec, Training
from countviz.published_sets import make_set


def test_it_is_the_deepest_of_the_published_training_strings():
    counts = [LANGUAGES["dyck1"].read(string).counts.max() for string in make_set("train")]
    assert find_training_depth(Spec(language="dyck1", cell="lstm", recipe=Training())) == max(
        counts
    )


def test_it_follows_the_recipe():
    shallow = Training(longest=4, train_strings=50, distinct=False)
    assert find_training_depth(Spec(language="dyck1", cell="relu", recipe=shallow)) == 2


def test_a_counter_set_by_hand_was_trained_to_nothing():
    assert find_training_depth(exact_relu().spec) == 0
