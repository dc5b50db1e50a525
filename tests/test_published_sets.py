"""The published sets, drawn anew, and files of a person's own."""

from itertools import product

import numpy as np
import pytest

from countviz.languages import LANGUAGES
from countviz.languages.dyck1 import zigzag
from countviz.published_sets import PEAKS, SETS, BadLine, UnknownSet, make_set, read_file

DYCK1 = LANGUAGES["dyck1"]


@pytest.fixture(scope="module")
def blocks():
    """Return the 23 strings that the large sets are built of, in their order."""
    return list(dict.fromkeys(string[:1_000] for string in make_set("concatenated")))


@pytest.mark.parametrize(
    ("name", "strings", "shortest", "longest"),
    [
        ("train", 10_000, 2, 50),
        ("short", 5_000, 2, 50),
        ("validation", 5_000, 2, 50),
        ("long", 5_000, 52, 100),
        ("nested", 1_035, 2_000, 2_000),
        ("concatenated", 529, 2_000, 2_000),
        ("zigzag", 10, 2_000, 2_000),
    ],
)
def test_a_set_holds_distinct_members_of_the_published_number_and_lengths(
    name, strings, shortest, longest
):
    found = make_set(name)
    assert len(found) == len(set(found)) == strings
    assert all(shortest <= len(string) <= longest for string in found)
    counts = DYCK1.walk(found)[1]
    assert (counts[np.cumsum([len(string) for string in found]) - 1] == 0).all()


def test_the_concatenated_set_holds_all_ordered_pairs(blocks):
    assert len(blocks) == 23
    assert list(make_set("concatenated")) == [a + b for a, b in product(blocks, repeat=2)]


def test_a_nested_string_is_one_block_inside_another(blocks):
    pairs = {frozenset((a, b)) for a, b in product(blocks, repeat=2)}
    for string in make_set("nested"):
        inside = next(
            (block, string[:place] + string[place + 1_000 :])
            for block in blocks
            for place in [string.find(block)]
            if place >= 0 and string[:place] + string[place + 1_000 :] in blocks
        )
        pairs.discard(frozenset(inside))
    assert not pairs  # every pair occurs


def test_nested_strings_are_about_as_deep_as_the_published_ones():
    depths = DYCK1.walk(make_set("nested"))[1].reshape(1_035, 2_000).max(axis=1)
    assert 60 <= depths.mean() <= 100  # 81.7 in the published set
    assert 25 <= depths.min() < depths.max() <= 220  # 39 and 155


def test_the_zigzags_are_the_published_ones():
    assert make_set("zigzag") == tuple(zigzag(n, 1_000 // n) for n in PEAKS)


def test_the_data_seed_decides_the_strings_and_the_sets_are_made_once():
    assert make_set("nested", 1) != make_set("nested")
    assert make_set("nested") is make_set("nested", 0)
    assert make_set("zigzag", 1) == make_set("zigzag")


def test_an_unknown_set_is_answered_with_those_there_are():
    with pytest.raises(UnknownSet, match=f"no set named deep; there are: {', '.join(SETS)}"):
        make_set("deep")


def test_a_file_holds_a_string_a_line_however_its_lines_end(tmp_path):
    path = tmp_path / "strings.txt"
    for text in (b"()\n(())", b"()\n(())\n", b"()\r\n(())\r\n\r\n", b"\xef\xbb\xbf()\n(())\n"):
        path.write_bytes(text)
        assert read_file(path, DYCK1) == ("()", "(())")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "holds no strings; one a line is right"),
        (b"\n\n", "holds no strings"),
        (b"()\n\n()", r"line 2 of .*: it is empty"),
        (b"()\n(x", r"line 2 of .*: symbol 2 is 'x' \(U\+0078"),
        (b"()\n( )", r"line 2 of .*: symbol 2 is ' ' \(U\+0020"),
        (b"())", r"line 1 of .*: symbol 3 is \), which may not come there in dyck1"),
        (b"()\n\xff", "is no text: byte 4 is not UTF-8"),
        (b"(" * 1_000_001, r"line 1 of .*: 1,000,001 symbols came"),
    ],
)
def test_a_bad_file_is_answered_with_its_line_and_what_would_be_right(tmp_path, text, sentence):
    path = tmp_path / "strings.txt"
    path.write_bytes(text)
    with pytest.raises(ValueError, match=sentence) as caught:
        read_file(path, DYCK1)
    assert isinstance(caught.value, BadLine) == (
        "line" in sentence and "one a line" not in sentence
    )


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "strings.txt"
    with path.open("wb") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(ValueError, match="has 68,157,440 bytes; at most 67,108,864 are read"):
        read_file(path, DYCK1)
