"""Names of one to several words are found longest first, and never on words already taken."""

from __future__ import annotations

from baserate.terms.words import WordIndex, words_of


def an_index(*names: str) -> WordIndex[str]:
    index: WordIndex[str] = WordIndex()
    for name in names:
        index.add(name, name)
    return index


def found(index: WordIndex[str], text: str, taken: tuple[int, ...] = ()) -> list[str]:
    return [f.meanings[0] for f in index.find(words_of(text), taken)]


def test_the_longest_name_at_a_place_wins() -> None:
    index = an_index("theft", "motor vehicle theft", "motor vehicle theft rate")
    assert found(index, "Motor vehicle theft fell, theft rose") == ["motor vehicle theft", "theft"]


def test_a_shorter_name_is_found_where_the_longer_one_breaks_off() -> None:
    index = an_index("crime", "crime of violence")
    assert found(index, "Crime of") == ["crime"]


def test_names_do_not_overlap() -> None:
    index = an_index("gun violence", "violence unit")
    assert found(index, "the gun violence unit") == ["gun violence"]


def test_words_that_are_taken_belong_to_no_other_name() -> None:
    index = an_index("auto theft", "auto", "theft")
    assert found(index, "auto theft", taken=(1,)) == ["auto"]


def test_a_name_keeps_each_of_its_meanings_once_in_the_order_given() -> None:
    index: WordIndex[str] = WordIndex()
    for meaning in ("KS", "MO", "KS"):
        index.add("Kansas City", meaning)
    assert index["kansas  CITY"] == ("KS", "MO")
